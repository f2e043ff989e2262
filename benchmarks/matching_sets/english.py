"""The English names of Japanese companies in the partner's list, against Japanese names and kana in the master.

``python -m benchmarks.matching_sets.english OUT --register FILE --edinet FILE [--partners 2000] [--masters 100000] [--seed 1]``

``name_en`` is empty in the master for the companies that the partner has, and filled for the others that have one.
"""

from __future__ import annotations

import re
from dataclasses import replace
from random import Random

from benchmarks.matching_sets import address_noise
from benchmarks.matching_sets.address_noise import Address
from benchmarks.matching_sets.sources import Company, known_companies
from benchmarks.matching_sets.words import pairs, words
from benchmarks.matching_sets.writing import (
    PartnerRow,
    arguments,
    as_table,
    disturbed_address,
    generators,
    made_up,
    shuffled,
    write,
)

_FORM = re.compile(
    r"[\s,.]*(\bco(mpany)?\b[.,\s]*\b(ltd|limited|inc|incorporated)\b\.?|\bcorp(oration)?\b\.?|\binc(orporated)?\b\.?|\bltd\b\.?|\blimited\b|\bk\.?\s?k\.?)$",
    re.I,
)
_FORMS = words("english_forms")
_WHERE = (("absent", 0.6), ("city_only", 0.25), ("full", 0.15))
_FULL = {"hyphens": 0.6, "narrow": 1.0, "no_prefix": 0.3, "post_absent": 0.4, "post_hyphen": 0.4, "building": 0.2}
_WORDS = pairs("english_words")


def english_name(rng: Random, name: str) -> tuple[str, list[str]]:
    """The name as people write it: another legal form or case, words shortened, hyphens and long vowels at will; and the tags."""
    tags: list[str] = []
    if rng.random() < 0.5 and (bare := _FORM.sub("", name)) and bare != name:
        name, tags = bare + rng.choice(_FORMS), [*tags, "form"]
    if rng.random() < 0.35:
        name, tags = rng.choice((str.upper, str.title, str.lower))(name), [*tags, "case"]
    found = [pair for pair in _WORDS if re.search(rf"\b{re.escape(pair[0])}", name, re.I)]
    if found and rng.random() < 0.2:
        word, other = rng.choice(found)
        name, tags = re.sub(rf"\b{re.escape(word)}", other, name, count=1, flags=re.I), [*tags, "word"]
    if rng.random() < 0.08 and (joined := re.sub(r"(?<=[A-Za-z])[- ](?=[A-Za-z])", "", name, count=1)) != name:
        name, tags = joined, [*tags, "joined"]
    if rng.random() < 0.06 and (short := re.sub("(?i)ou|oh(?![aeiouy])|uu", lambda found: found[0][0], name)) != name:
        name, tags = short, [*tags, "vowel"]
    if rng.random() < 0.04:
        at = rng.randrange(max(1, len(name) - 1))
        name, tags = name[:at] + name[at + 1 :], [*tags, "typo"]
    return name, tags


def partner_row(rng: Random, company: Company, mid: str | None) -> PartnerRow:
    """The company under its English name, with no address, its city or all of it."""
    name, tags = english_name(rng, company.name_en)
    where = rng.choices([tag for tag, _ in _WHERE], [rate for _, rate in _WHERE])[0]
    full = Address(company.pref, company.city, company.street, company.post)
    if where == "full":
        address, _ = disturbed_address(rng, company, _FULL, None)
    else:
        address = getattr(address_noise, where)(rng, full)
    return PartnerRow(name, address, [*tags, f"address_{where}"], mid)


def main() -> None:
    """Writes the set named on the command line."""
    options = arguments(__doc__.splitlines()[0], 2_000, 100_000).parse_args()
    rng, columns_rng = generators(options.seed)
    known = known_companies(options.register, options.edinet)
    rng.shuffle(known)
    subjects = [company for company in known if company.name_en][: options.partners]
    absent = {company.id for company in subjects[: round(len(subjects) * options.absent)]}
    present = {company.id for company in subjects} - absent
    held = [replace(c, name_en="") if c.id in present else c for c in known if c.id not in absent]
    held = sorted(held, key=lambda company: company.id not in present)[: options.masters]
    master = shuffled(columns_rng, as_table(held), made_up(columns_rng, known, options.masters - len(held)))
    rows = [partner_row(rng, company, None if company.id in absent else company.id) for company in subjects]
    write(options.out, rng, master, rows)


if __name__ == "__main__":
    main()
