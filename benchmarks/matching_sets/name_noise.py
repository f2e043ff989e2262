"""What happens to a company's name on its way into a partner's list: one function for each kind of damage, and how often.

Belongs here: names. Addresses are next door. Every function takes and gives a name; where it finds nothing to do it gives the
name back, and the tag is not set. The tables are written for these sets: they are not those of the normalizer.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Callable, Sequence
from random import Random

from benchmarks.matching_sets.made_up import split_form
from benchmarks.matching_sets.romaji import romaji
from benchmarks.matching_sets.sources import Company
from benchmarks.matching_sets.words import choices, pairs, words

_SHORT_FORMS = choices("short_forms")
_VARIANTS = words("variants")
_LOOKALIKES = words("lookalikes")
_LOANS = pairs("loans")
_LATIN_WORDS = pairs("latin_words")
_LETTERS = dict(zip(string.ascii_uppercase, words("letters"), strict=True))
_SITES = words("sites")
_DEPARTMENTS = words("departments")
_NOTES = words("notes")
_SMALL = str.maketrans("ァィゥェォッャュョヮぁぃぅぇぉっゃゅょ", "アイウエオツヤユヨワあいうえおつやゆよ")
_HALF = {pair[0]: pair[1:] for pair in words("half_width")}
_READ_FORM = re.compile("(カブシキ|ユウゲン|ゴウドウ)[ガカ]イ[シ][ャヤ]")

NameNoise = Callable[[Random, str, Company], str]


def narrow(rng: Random, name: str, company: Company) -> str:
    """Letters, digits and spaces as NFKC has them; the rest stays."""
    return "".join(unicodedata.normalize("NFKC", c) if "！" <= c <= "～" or c == "　" else c for c in name)


def half_width(rng: Random, name: str, company: Company) -> str:
    """Katakana in half width, as bank files have it."""
    return "".join(_HALF.get(c, c) for c in narrow(rng, name, company))


def short_form(rng: Random, name: str, company: Company) -> str:
    """(株) for 株式会社, and so on."""
    front, stem, back = split_form(name)
    choices = _SHORT_FORMS.get(front or back)
    if not choices:
        return name
    short = rng.choice(choices)
    if back:
        return stem + rng.choice(("", "", " ")) + (f"({short}" if short.endswith(")") and short[0] not in "(（" else short)
    return short + rng.choice(("", "", "", " ", "　")) + stem


def no_form(rng: Random, name: str, company: Company) -> str:
    """The legal form is not written."""
    return split_form(name)[1]


def other_side(rng: Random, name: str, company: Company) -> str:
    """前株 as 後株, and the other way."""
    front, stem, back = split_form(name)
    return back + stem + front if front or back else name


def other_form(rng: Random, name: str, company: Company) -> str:
    """A wrong legal form, as people guess it."""
    front, stem, back = split_form(name)
    if not (front or back):
        return f"株式会社{stem}"
    guess = "有限会社" if (front or back) == "株式会社" else "株式会社"
    return (guess if front else "") + stem + (guess if back else "")


def variant(rng: Random, name: str, company: Company) -> str:
    """旧字体 for 新字体 or the other way, for one or all of the characters that have one."""
    places = [(i, row) for i, c in enumerate(name) for row in _VARIANTS if c in row and len(row) > 1]
    for i, row in places if len(places) < 2 or rng.random() < 0.3 else [rng.choice(places)]:
        name = name[:i] + rng.choice([c for c in row if c != name[i]] or [name[i]]) + name[i + 1 :]
    return name


def lookalike(rng: Random, name: str, company: Company) -> str:
    """One character read as another that looks like it."""
    places = [(i, pair) for i, c in enumerate(name) for pair in _LOOKALIKES if c in pair]
    if not places:
        return name
    i, pair = rng.choice(places)
    return name[:i] + pair.replace(name[i], "", 1)[:1] + name[i + 1 :]


def large_kana(rng: Random, name: str, company: Company) -> str:
    """キヤノン for キャノン: small kana are large."""
    return name.translate(_SMALL)


def long_mark(rng: Random, name: str, company: Company) -> str:
    """The mark of a long vowel is lost, or is another dash."""
    marks = [found.start() for found in re.finditer("ー", name)]
    if not marks:
        return name
    at = rng.choice(marks)
    return name[:at] + rng.choice(("", "", "-", "－", "―", "‐", "−")) + name[at + 1 :]


def loan_word(rng: Random, name: str, company: Company) -> str:
    """Another spelling of a loan word."""
    found = [(a, b) for pair in _LOANS for a, b in (pair, pair[::-1]) if a.strip() and a in name]
    return name.replace(*rng.choice(found), 1) if found else name


def latin_word(rng: Random, name: str, company: Company) -> str:
    """A loan word in Latin letters, or letters in kana (ＡＢＣ as エービーシー)."""
    found = [(a, b) for a, b in _LATIN_WORDS if a in name]
    if found:
        return name.replace(*rng.choice(found), 1)
    letters = re.search(r"(?<![Ａ-Ｚａ-ｚA-Za-z])[Ａ-ＺA-Z]{2,4}(?![Ａ-Ｚａ-ｚA-Za-z])", name)
    if not letters:
        return name
    dot = rng.choice(("・", ""))
    return name.replace(letters[0], dot.join(_LETTERS[c] for c in unicodedata.normalize("NFKC", letters[0])), 1)


def typo(rng: Random, name: str, company: Company) -> str:
    """A character lost, doubled, swapped with its neighbour or replaced by one of the same script."""
    if len(name) < 3:
        return name
    at, kind = rng.randrange(len(name) - 1), rng.random()
    if kind < 0.35:
        return name[:at] + name[at + 1 :]
    if kind < 0.5:
        return name[: at + 1] + name[at:]
    if kind < 0.75:
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    return name[:at] + chr(ord(name[at]) + rng.choice((-2, -1, 1, 2))) + name[at + 1 :]


def spaced(rng: Random, name: str, company: Company) -> str:
    """A space inside: before the stem, or anywhere."""
    front, stem, _ = split_form(name)
    at = name.index(stem) if front and rng.random() < 0.5 else rng.randrange(1, max(2, len(name)))
    return name[:at] + rng.choice(" 　") + name[at:]


def site(rng: Random, name: str, company: Company) -> str:
    """A branch or plant behind the name."""
    return name + rng.choice(("", " ", "　", " ")) + rng.choice(_SITES)


def department(rng: Random, name: str, company: Company) -> str:
    """A department behind the name."""
    return name + rng.choice((" ", "　", "", "/")) + rng.choice(_DEPARTMENTS)


def note(rng: Random, name: str, company: Company) -> str:
    """御中 and what people write into name fields."""
    text = rng.choice(_NOTES)
    return f"{text}{name}" if text[0] in "★【" else f"{name}{rng.choice(('', ' '))}{text}"


def truncated(rng: Random, name: str, company: Company) -> str:
    """Cut at what an old system holds: 20 or 40 bytes of a double-byte code."""
    limit = 20 if rng.random() < 0.7 else 40
    return name.encode("cp932", "ignore")[:limit].decode("cp932", "ignore")


def kana(rng: Random, name: str, company: Company) -> str:
    """The reading instead of the name, as registers give it; sometimes with the bank's カ)."""
    if not company.kana:
        return name
    reading = company.kana.replace("　", rng.choice(("", " ", "")))
    if rng.random() < 0.35:
        reading = half_width(rng, reading.translate(_SMALL), company)
    if split_form(name)[0] == "株式会社" and "カブシキ" not in reading and "ｶﾌﾞｼｷ" not in reading and rng.random() < 0.4:
        return rng.choice(("カ)", "ｶ)", "カ）")) + reading
    return reading


def in_romaji(rng: Random, name: str, company: Company) -> str:
    """The reading in Latin letters, long vowels in one of the usual spellings, with an English legal form."""
    reading = _READ_FORM.sub("", company.kana.replace("　", " ")).strip()
    text = romaji(reading, *rng.choice((("ou", "uu"), ("o", "u"), ("oh", "u"))))
    if not text or not text.isascii():
        return name
    text = rng.choice((str.upper, str.title, str.title))(text)
    return text + rng.choice((" Co., Ltd.", " Co.,Ltd.", " CO., LTD.", " Inc.", " K.K.", " Corporation", ""))


def english(rng: Random, name: str, company: Company) -> str:
    """The English name of the files."""
    return company.name_en or name


TABLE: dict[str, NameNoise] = {
    "variant": variant, "lookalike": lookalike, "large_kana": large_kana, "long_mark": long_mark, "loan_word": loan_word,
    "latin_word": latin_word, "other_form": other_form, "other_side": other_side, "no_form": no_form, "short_form": short_form,
    "spaced": spaced, "half_width": half_width, "narrow": narrow, "typo": typo, "site": site, "department": department,
    "note": note, "truncated": truncated,
}  # fmt: skip
"""In the order in which they are done to a name."""

USUAL = {
    "variant": 0.04, "lookalike": 0.03, "large_kana": 0.03, "long_mark": 0.03, "loan_word": 0.05, "latin_word": 0.03,
    "other_form": 0.015, "other_side": 0.04, "no_form": 0.14, "short_form": 0.42, "spaced": 0.06, "half_width": 0.08,
    "narrow": 0.45, "typo": 0.06, "site": 0.06, "department": 0.03, "note": 0.05, "truncated": 0.06,
}  # fmt: skip
"""How often each is done in a partner's list."""

LIGHT = {
    "no_form": 0.15,
    "short_form": 0.4,
    "spaced": 0.04,
    "narrow": 0.5,
    "half_width": 0.04,
    "other_side": 0.02,
    "site": 0.03,
    "note": 0.03,
}
"""For sets that are hard for another reason."""


def disturb(
    rng: Random, company: Company, rates: dict[str, float], instead: Sequence[tuple[str, NameNoise, float]] = ()
) -> tuple[str, list[str]]:
    """The company's name as a partner has it, and the tags of what was done. One of ``instead`` takes its place altogether."""
    for tag, noise, rate in instead:
        if rng.random() < rate and (other := noise(rng, company.name, company)) != company.name:
            return other, [tag]
    name, tags = company.name, []
    for tag, noise in TABLE.items():
        if rng.random() < rates.get(tag, 0):
            changed = noise(rng, name, company).strip()
            if changed and changed != name:
                name, tags = changed, [*tags, tag]
    return name, tags
