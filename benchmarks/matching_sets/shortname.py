"""Listed companies under the short names of market news, against their full names in the master.

``python -m benchmarks.matching_sets.shortname OUT --register FILE --edinet FILE [--partners 2000] [--masters 100000] [--seed 1]``

No list of the real short names is at hand: they are made by the rules that those follow. No legal form, words shortened (電気 to
電, ホールディングス to HD), the place or 日本 in front dropped, a well known group in its usual letters, few characters in all.
"""

from __future__ import annotations

import re
import unicodedata
from random import Random

from benchmarks.matching_sets.address_noise import Address
from benchmarks.matching_sets.made_up import split_form
from benchmarks.matching_sets.sources import Company, known_companies
from benchmarks.matching_sets.words import pairs
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

_GROUPS = pairs("group_words")
_TRADES = pairs("trade_words")
_PLACES = re.compile("^(日本|大日本|東京|大阪|関西|東洋|新日本)(?=..)")


def short_name(rng: Random, name: str) -> tuple[str, list[str]]:
    """A short name of three to six characters by the rules above, and the tags of those that were used."""
    stem, tags = re.sub(r"[\s　]", "", split_form(name)[1]), ["no_form"]
    for long, short in _GROUPS:
        if long in stem and (len(stem) > 6 or rng.random() < 0.7):
            stem, tags = stem.replace(long, short), [*tags, "group"]
    places = [(long, short) for long, short in _TRADES if stem.endswith(long) and len(stem) > len(long) + 1]
    if places and (len(stem) > 5 or rng.random() < 0.4):
        stem, tags = stem.removesuffix(places[0][0]) + places[0][1], [*tags, "trade"]
    if len(stem) > 3 and _PLACES.match(stem) and rng.random() < (0.5 if len(stem) > 5 else 0.15):
        stem, tags = _PLACES.sub("", stem), [*tags, "place"]
    if len(stem) > 6 and "・" in stem:
        stem, tags = stem.replace("・", ""), [*tags, "dots"]
    if len(stem) > 7 and rng.random() < 0.8:
        stem, tags = _cut(stem), [*tags, "cut"]
    if rng.random() < 0.4 and (narrow := unicodedata.normalize("NFKC", stem)) != stem:
        stem, tags = narrow, [*tags, "narrow"]
    return stem, tags


def _cut(stem: str) -> str:
    """The first four characters, and what marks a group at the end."""
    mark = re.search("(ＨＤ|ＦＧ|Ｇ|リート)$", stem)
    return stem[:4] + (mark[0] if mark else "")


def partner_row(rng: Random, company: Company, mid: str | None) -> PartnerRow:
    """The company under its short name; half of the lists tell the city."""
    name, tags = short_name(rng, company.name)
    if rng.random() < 0.5:
        return PartnerRow(name, Address("", "", "", ""), [*tags, "without_address"], mid)
    address, address_tags = disturbed_address(rng, company, {"city_only": 0.6, "hyphens": 0.5, "post_absent": 0.5}, None)
    return PartnerRow(name, address, [*tags, "with_address", *address_tags], mid)


def main() -> None:
    """Writes the set named on the command line."""
    options = arguments(__doc__.splitlines()[0], 2_000, 100_000).parse_args()
    rng, columns_rng = generators(options.seed)
    known = known_companies(options.register, options.edinet)
    rng.shuffle(known)
    subjects = [company for company in known if company.listed][: options.partners]
    absent = {company.id for company in subjects[: round(len(subjects) * options.absent)]}
    held = [company for company in known if company.id not in absent]
    held = sorted(held, key=lambda company: not company.listed)[: options.masters]
    master = shuffled(columns_rng, as_table(held), made_up(columns_rng, known, options.masters - len(held)))
    rows = [partner_row(rng, company, None if company.id in absent else company.id) for company in subjects]
    write(options.out, rng, master, rows)


if __name__ == "__main__":
    main()
