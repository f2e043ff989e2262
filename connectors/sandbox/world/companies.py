"""The demo world's companies: who exists, whatever anybody's list says of them.

Belongs here: composing companies from ``words`` and ``places``, their groups, closures,
mergers and old names. Does not: how a source writes them down (``writing``) or who does
business with whom (``market``).
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from random import Random

from connectors.sandbox.world import places, words
from connectors.sandbox.world.clock import TODAY
from connectors.sandbox.world.naming import Name, compose_civic_name, compose_name

FORMS = {  # form: (kind in the register, where the form stands, English, reading)
    "株式会社": ("301", "either", "Co., Ltd.", "カブシキガイシャ"),
    "有限会社": ("302", "either", "Ltd.", "ユウゲンガイシャ"),
    "合同会社": ("305", "either", "LLC", "ゴウドウガイシャ"),
    "医療法人": ("399", "front", "Medical Corporation", "イリョウホウジン"),
    "社会福祉法人": ("399", "front", "Social Welfare Corporation", "シャカイフクシホウジン"),
    "学校法人": ("399", "front", "Educational Corporation", "ガッコウホウジン"),
    "一般社団法人": ("399", "front", "Association", "イッパンシャダンホウジン"),
    "協同組合": ("399", "back", "Cooperative", "キョウドウクミアイ"),
}
_FORM_NAMES = list(FORMS)
_FORM_WEIGHTS = list(accumulate([62, 18, 10, 3, 2, 1, 3, 1]))


@dataclass(slots=True)
class Company:
    """One legal entity. ``id`` is the truth's entity_id; texts are half width, as one would type them today."""

    id: int
    form: str
    form_in_front: bool
    core: str
    """The name without its legal form."""
    kana: str
    english: str
    """English name without the legal form."""
    industry: str
    city: places.City
    town: str
    town_kana: str
    block: tuple[int, int, int]
    """(丁目, 番, 号); 丁目 0 where the town has none, 号 0 where the number ends at 番地."""
    postal: str
    phone: tuple[str, str, str]
    employees: int
    number: str | None = None
    """法人番号; ``None`` for sole proprietors and companies abroad, which the register does not know."""
    domain: str | None = None
    building: str | None = None
    former_core: str | None = None
    group: int | None = None
    parent: Company | None = None
    closed_on: date | None = None
    successor: Company | None = None

    @property
    def name(self) -> str:
        return self.core if not self.form else self.form + self.core if self.form_in_front else self.core + self.form

    @property
    def legal(self) -> Company:
        """The company that its rights passed to when it was merged; itself otherwise."""
        return self.successor or self


_KIND_DIGITS = {"301": "01", "302": "02", "305": "03", "399": "05"}


def corporate_number(prefecture_code: str, kind: str, serial: int) -> str:
    """A 法人番号 with its check digit. Serials are from 700000, higher than any registry office has reached."""
    body = f"{prefecture_code}00{_KIND_DIGITS[kind]}{700000 + serial:06d}"
    weighed = sum(map(int, body[1::2])) + 2 * sum(map(int, body[::2]))  # as stdnum.jp.cn does, several times faster
    return f"{9 - weighed % 9}{body}"


def _form(rng: Random) -> tuple[str, bool]:
    form = _FORM_NAMES[bisect_left(_FORM_WEIGHTS, rng.random() * _FORM_WEIGHTS[-1])]
    side = FORMS[form][1]
    return form, side == "front" or (side == "either" and rng.random() < 0.72)


def _name_for(rng: Random, form: str) -> Name:
    return compose_name(rng) if FORMS[form][1] == "either" else compose_civic_name(rng)


class Founder:
    """Makes companies one after another; names may recur in other cities, never twice in one."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.companies: list[Company] = []
        self._taken: set[tuple[str, str]] = set()
        self._domains: set[str] = set()
        self._serials: dict[tuple[str, str], int] = {}
        self._city_weights = list(accumulate(places.CITY_WEIGHTS))

    def city(self) -> places.City:
        at = bisect_left(self._city_weights, self.rng.random() * self._city_weights[-1])
        return places.CITIES[min(at, len(places.CITIES) - 1)]

    def found(
        self,
        name: Name | None = None,
        form: str | None = None,
        city: places.City | None = None,
        registered: bool = True,
    ) -> Company:
        """A new company; whatever is not given is drawn."""
        rng = self.rng
        drawn, in_front = _form(rng)
        core, kana, english, industry = name or self._namesake() or _name_for(rng, drawn)
        where = city or self.city()
        while name is None and (core, where.name) in self._taken:
            core, kana, english, industry = _name_for(rng, drawn)
        self._taken.add((core, where.name))
        town, town_kana, _ = rng.choice(words.TOWNS)
        company = Company(
            id=len(self.companies),
            form=drawn if form is None else form,
            form_in_front=in_front if form is None else True,
            core=core,
            kana=kana,
            english=english,
            industry=industry,
            city=where,
            town=town,
            town_kana=town_kana,
            block=_block(rng),
            postal=f"{where.postal}{sum(map(ord, town)) % 90 + 1:02d}{_up_to(rng, 60):02d}",
            phone=_phone(rng, where.area_code),
            employees=max(2, int(rng.paretovariate(1.05) * 6)),
        )
        company.employees = min(company.employees, 20000)
        if rng.random() < 0.3:
            company.building = f"{rng.choice(words.BUILDINGS)}{1 + _up_to(rng, 11)}階"
        if registered:
            kind = FORMS[company.form][0]
            serial = self._serials[where.prefecture_code, kind] = self._serials.get((where.prefecture_code, kind), -1) + 1
            company.number = corporate_number(where.prefecture_code, kind, 7 * serial % 300_000)
        self._give_domain(company)
        self.companies.append(company)
        return company

    def _namesake(self) -> Name | None:
        """Now and then the name of a company that exists already: they are common, mostly in another prefecture."""
        if self.rng.random() > 0.04 or len(self.companies) < 50:
            return None
        other = self.companies[40 + int(self.rng.random() * (len(self.companies) - 40))]
        return None if other.group is not None else (other.core, other.kana, other.english, other.industry)

    def _give_domain(self, company: Company) -> None:
        rng = self.rng
        if rng.random() > (0.62 if company.employees < 30 else 0.9):
            return
        label = company.english.lower().replace(" ", "")[:22]
        for _ in range(4):
            domain = label + rng.choice((".co.jp", ".co.jp", ".co.jp", ".jp", ".com"))
            if domain not in self._domains:
                break
            label = f"{label}-{company.city.prefecture_english.lower()}" if "-" not in label else f"{label}{rng.randint(2, 99)}"
        else:
            domain = f"{label}{company.id}.jp"
        self._domains.add(domain)
        company.domain = domain


def _up_to(rng: Random, most: int) -> int:
    """1 to ``most``; ``randint`` is too slow for what is drawn for every company."""
    return 1 + int(rng.random() * most)


def _block(rng: Random) -> tuple[int, int, int]:
    if rng.random() < 0.65:
        return _up_to(rng, 6), _up_to(rng, 28), _up_to(rng, 30)
    return 0, _up_to(rng, 2900), _up_to(rng, 12) if rng.random() < 0.5 else 0


def _phone(rng: Random, area: str) -> tuple[str, str, str]:
    """Ten digits as (area, exchange, number)."""
    exchange = f"{int(rng.random() * 100_000):05d}"[-(5 - len(area)) :] if len(area) < 5 else ""
    first = rng.choice("356") if area == "03" else rng.choice("46") if area == "06" else str(1 + _up_to(rng, 5))
    return area, first + exchange, f"{int(rng.random() * 10_000):04d}"


def _found_groups(founder: Founder, count: int) -> None:
    """Families of companies with one stem: 〇〇ホールディングス, 〇〇テクノ ...; some share a domain, none a phone."""
    rng = founder.rng
    for number in range(count):
        stem = rng.choice(rng.choice((words.AUSPICIOUS, words.SURNAMES, words.COINED)))
        if rng.random() < 0.5:
            region = rng.choice(words.REGIONS)
            stem = words.Word(region.text + stem.text, region.kana + stem.kana, f"{region.english} {stem.english}")
        city, parent = founder.city(), None
        for arm in [words.GROUP_ARMS[0], *rng.sample(words.GROUP_ARMS[1:], rng.randint(2, 4))]:
            name = (stem.text + arm.text, stem.kana + arm.kana, f"{stem.english} {arm.english}", arm.industry)
            company = founder.found(name, "株式会社", city if rng.random() < 0.6 else None)
            company.group, company.parent = number, parent
            company.employees = max(company.employees, rng.randint(40, 900))
            if parent is not None and parent.domain and rng.random() < 0.35:
                company.domain = parent.domain
            parent = parent or company


def _close_and_rename(companies: list[Company], rng: Random) -> None:
    """Some companies close, a part of them by merger; some live on under a new name."""
    for company in companies:
        chance = rng.random()
        if company.number is None or company.group is not None:
            continue
        if chance < 0.06:
            company.closed_on = TODAY - timedelta(days=rng.randint(60, 2500))
            if chance < 0.012:
                heir = rng.choice(companies)
                if heir.number and heir is not company and heir.closed_on is None and heir.successor is None:
                    company.successor = heir
        elif chance < 0.085:
            company.former_core = compose_name(rng)[0]
    for company in companies:  # an heir that closed later has no rights to pass on here
        if company.successor is not None and company.successor.closed_on is not None:
            company.successor = None


def found_all(seed: int, scale: float, named: dict[str, str]) -> tuple[list[Company], dict[str, Company]]:
    """All companies of the world, and those that ``named`` asks for (key -> ``core|kana|English|industry|city``) by key.

    About 50,000 of them are in the register at scale 1.0, one in eighty is not.
    """
    rng = Random(f"{seed}:companies")
    founder = Founder(rng)
    total = round(50_000 * scale)
    special = {
        key: founder.found((core, kana, english, industry), "株式会社", next(c for c in places.CITIES if c.name == city))
        for key, (core, kana, english, industry, city) in ((k, v.split("|")) for k, v in named.items())
    }
    for company in special.values():
        company.domain = company.domain or f"{company.english.lower().replace(' ', '')}.co.jp"
    _found_groups(founder, max(3, round(260 * scale)))
    while len(founder.companies) < total:
        founder.found()
    _close_and_rename(founder.companies[len(special) :], rng)
    for _ in range(max(5, round(600 * scale))):
        outsider = founder.found(form="", registered=False)
        outsider.employees = min(outsider.employees, 30)
    return founder.companies, special
