"""How people write a company down: the noise that matching has to see through.

Belongs here: variants of names, addresses, phones and web addresses, and which of them a
source fills in. Does not: which companies a source lists (``market``) or in what format.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from connectors.sandbox.world import places, words
from connectors.sandbox.world.companies import FORMS, Company
from connectors.sandbox.world.script import half_kana, kanji_number, wide

_SHORT_FORMS = {
    "株式会社": ("(株)", "㈱", "（株）"),
    "有限会社": ("(有)", "㈲", "（有）"),
    "合同会社": ("(同)", "（同）", "(合)"),
}
FREE_MAIL = ("gmail.com", "yahoo.co.jp", "outlook.jp", "icloud.com")
_SIMILAR = {
    "シ": "ツ",
    "ツ": "シ",
    "ソ": "ン",
    "ン": "ソ",
    "ー": "一",
    "工": "エ",
    "ロ": "口",
    "ニ": "二",
    "石": "右",
    "大": "太",
    "社": "杜",
}


@dataclass(frozen=True)
class Habits:
    """How careful a source is; each number is the share of its rows."""

    identified: float = 1.0
    """Rows that may hold 法人番号, web address or phone, or the true address; the others hold little beyond the name."""
    number: float = 0.3
    website: float = 0.55
    phone: float = 0.6
    address: float = 0.8
    kana: float = 0.3
    english: float = 0.1
    branch: float = 0.05
    sloppy: float = 1.0
    """Factor on typos, wrong sides of 株式会社, English names in place of Japanese ones."""


OURS = Habits(number=0.32, kana=0.35, english=0.12, branch=0.04, sloppy=0.6)
OUR_MARKETING = Habits(
    identified=0.85, number=0.12, website=0.75, phone=0.4, address=0.5, kana=0.15, english=0.08, branch=0.02, sloppy=0.9
)
PARTNER = Habits(identified=0.56, number=0.22, website=0.45, phone=0.55, address=0.6, kana=0.5, branch=0.07)


@dataclass
class Listing:
    """One company as one row of one source holds it; empty texts where nothing is filled in."""

    company: Company
    name: str
    kana: str = ""
    english: str = ""
    number: str = ""
    postal: str = ""
    prefecture: str = ""
    city: str = ""
    street: str = ""
    phone: str = ""
    website: str = ""
    mail_domain: str = ""

    @property
    def address(self) -> str:
        return self.prefecture + self.city + self.street


class Clerk:
    """Writes companies down in one source's habits."""

    def __init__(self, rng: Random, habits: Habits) -> None:
        self.rng = rng
        self.habits = habits

    def write(self, company: Company) -> Listing:
        """A row for the company; asked twice, it writes two different rows."""
        rng, habits = self.rng, self.habits
        listing = Listing(company, "")
        branch = rng.choice(words.BRANCHES) if company.employees > 15 and rng.random() < habits.branch else ""
        listing.name = self.name(company, branch)
        if rng.random() < habits.kana:
            listing.kana = self._kana(company)
        if rng.random() < habits.english:
            listing.english = self._english(company)
        if rng.random() < habits.identified:
            self._identify(listing, company, branch)
        else:
            self._hint(listing, company)
        if company.domain is None and rng.random() < 0.3:
            listing.mail_domain = rng.choice(FREE_MAIL)
        return listing

    def _identify(self, listing: Listing, company: Company, branch: str) -> None:
        rng, habits = self.rng, self.habits
        has_number, has_site = rng.random() < habits.number, rng.random() < habits.website
        has_phone, has_address = rng.random() < habits.phone, rng.random() < habits.address
        if has_number and company.number:
            listing.number = company.number
        if has_site and company.domain:
            listing.website, listing.mail_domain = self._website(company.domain), company.domain
        if has_phone and not branch:
            listing.phone = self._phone(company.phone)
        if branch:
            self.elsewhere(listing, branch)
        elif has_address or not (listing.number or listing.website or listing.phone):
            self._address(listing, company)

    def _hint(self, listing: Listing, company: Company) -> None:
        """Little to go by: nothing, the prefecture, the city, or where another office of theirs is."""
        chance = self.rng.random()
        if chance > 0.95:
            self.elsewhere(listing, "")
        elif chance > 0.12:
            listing.prefecture = company.city.prefecture
            if chance > 0.45:
                listing.city = company.city.name

    def name(self, company: Company, branch: str = "") -> str:
        """The company's name as somebody typed it."""
        rng, sloppy = self.rng, self.habits.sloppy
        core, form, in_front = company.core, company.form, company.form_in_front
        if rng.random() < 0.03 * sloppy and company.domain:
            return self._english(company)
        if company.former_core and rng.random() < 0.35:
            core = company.former_core
        core = self._characters(core)
        if in_front is not None and FORMS.get(form, ("", ""))[1] == "either" and rng.random() < 0.04 * sloppy:
            in_front = not in_front
        if rng.random() < 0.025 * sloppy:
            core = self._typo(core)
        if branch and rng.random() < 0.5:
            branch = rng.choice((" ", "　")) + branch
        elif not branch and rng.random() < 0.02:
            branch = " " + rng.choice(words.DEPARTMENTS)
        return self._with_form(core, form, in_front) + branch

    def _with_form(self, core: str, form: str, in_front: bool) -> str:
        rng = self.rng
        chance = rng.random()
        if chance < 0.13 or not form:
            return core
        if chance < 0.37 and form in _SHORT_FORMS:
            form = rng.choice(_SHORT_FORMS[form])
        gap = "" if chance < 0.88 else rng.choice((" ", "　"))
        return form + gap + core if in_front else core + gap + form

    def _characters(self, core: str) -> str:
        rng = self.rng
        chance = rng.random()
        if chance < 0.05:
            return half_kana(core)
        if chance < 0.14:
            return wide(core)
        if any(c in words.NEW_FORMS for c in core):
            return "".join(words.NEW_FORMS.get(c, c) for c in core) if rng.random() < 0.45 else core
        if chance > 0.97:
            return "".join(words.OLD_FORMS.get(c, c) for c in core)
        return core

    def _typo(self, text: str) -> str:
        rng = self.rng
        at = rng.randrange(len(text))
        kind = rng.random()
        if kind < 0.4 and any(c in _SIMILAR for c in text):
            return "".join(_SIMILAR.get(c, c) for c in text)
        if kind < 0.7 and len(text) > 3:
            return text[:at] + text[at + 1 :]
        return (
            text[:at] + text[at] + text[at:]
            if kind < 0.85 or at == 0
            else text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :]
        )

    def _kana(self, company: Company) -> str:
        chance = self.rng.random()
        if chance < 0.25:
            return half_kana(company.kana)
        form = FORMS[company.form][3] if company.form and chance > 0.85 else ""
        return form + company.kana if company.form_in_front else company.kana + form

    def _english(self, company: Company) -> str:
        form = FORMS[company.form][2] if company.form else ""
        if form == "Co., Ltd.":
            form = self.rng.choice(("Co., Ltd.", "Co.,Ltd.", "Inc.", "K.K.", "CO., LTD.", "Corporation"))
        name = f"{company.english} {form}".strip()
        return name.upper() if self.rng.random() < 0.1 else name

    def _website(self, domain: str) -> str:
        return self.rng.choice(
            ("https://www.{}/", "https://{}", "http://www.{}/", "www.{}", "https://www.{}/company/", "{}")
        ).format(domain)

    def _phone(self, parts: tuple[str, str, str]) -> str:
        area, exchange, last = parts
        style = self.rng.choices(range(7), weights=(60, 10, 9, 8, 5, 4, 4))[0]
        if style == 1:
            return area + exchange + last
        if style == 4:
            return f"+81-{area[1:]}-{exchange}-{last}"
        plain = f"{area}-{exchange}-{last}"
        return (
            plain,
            "",
            f"({area}){exchange}-{last}",
            wide(plain),
            "",
            f"{plain}(代表)",
            f"{plain} 内線{self.rng.randint(10, 99)}",
        )[style]

    def _address(self, listing: Listing, company: Company) -> None:
        rng = self.rng
        if rng.random() < 0.03:  # moved since
            self.elsewhere(listing, "")
            return
        listing.prefecture = "" if rng.random() < 0.2 else company.city.prefecture
        listing.city = company.city.name
        listing.street = self.street(company)
        if rng.random() < 0.75:
            listing.postal = rng.choice(("{}-{}", "{}-{}", "{}{}", "〒{}-{}")).format(company.postal[:3], company.postal[3:])

    def street(self, company: Company) -> str:
        """Town, block and sometimes the building, in one of the many ways they are written."""
        rng = self.rng
        chome, ban, go = company.block
        building = ""
        if company.building and rng.random() < 0.7:
            building = rng.choice((" ", "　", "")) + rng.choice(
                (company.building, company.building.replace("階", "F"), wide(company.building))
            )
        style = rng.random()
        if style < 0.5:
            block = "-".join(str(n) for n in (chome, ban, go) if n)
        elif chome:
            number = kanji_number(chome) if style < 0.7 else str(chome)
            block = f"{number}丁目{ban}番{go}号" if style < 0.85 else f"{number}丁目{ban}-{go}"
        else:
            block = f"{ban}番地" + (f"{rng.choice(('の', ''))}{go}" if go else "")
        if rng.random() < 0.22:
            block = wide(block).replace("－", rng.choice(("－", "ー", "‐")) if rng.random() < 0.4 else "－")
        return company.town + block + building

    def elsewhere(self, listing: Listing, branch: str) -> None:
        """Another office's address and phone."""
        rng = self.rng
        city = rng.choice([c for c in places.CITIES if branch and c.prefecture[:2] == branch[:2]] or places.CITIES)
        listing.prefecture, listing.city = city.prefecture, city.name
        other = replace(
            listing.company,
            town=rng.choice(words.TOWNS).text,
            block=(rng.randint(1, 5), rng.randint(1, 20), rng.randint(1, 25)),
            building=None,
        )
        listing.street = self.street(other)
        if rng.random() < 0.5:
            exchange = f"{rng.randint(2, 6)}{rng.randint(0, 99999):05d}"[: 6 - len(city.area_code)]
            listing.phone = self._phone((city.area_code, exchange, f"{rng.randint(0, 9999):04d}"))
