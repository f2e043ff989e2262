"""Companies that were renamed between two EDINET lists: the partner knows the old name, the master the new one.

``python -m benchmarks.matching_sets.renamed OUT --register FILE --edinet NEW --edinet-before OLD [--masters 100000] [--seed 1]``

Every renamed company stands in the partner's list twice, with its old address and with none. ``aliases.parquet`` (id, name, kind,
valid_from, valid_until) tells the former names of the companies in the master; whoever matches may use it or not. There are as
many partner records as renames, whatever ``--partners`` says.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.matching_sets import address_noise, name_noise
from benchmarks.matching_sets.address_noise import Address
from benchmarks.matching_sets.sources import Company, known_companies, list_date, read_edinet
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

_ADDRESS = {tag: rate for tag, rate in address_noise.USUAL.items() if tag not in ("absent", "city_only")}


def renamed_companies(before: Path, now: Path) -> list[tuple[Company, Company]]:
    """(as it was, as it is) of each company whose name changed by more than spaces and width, by EDINET code or 法人番号."""
    old, new = read_edinet(before), read_edinet(now)
    by_number = {company.id: company for company in new.values()}
    pairs = [(company, new.get(code) or by_number.get(company.id)) for code, company in old.items()]
    return [(was, is_) for was, is_ in pairs if is_ and _bare(was.name) != _bare(is_.name)]


def _bare(name: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", name)).casefold()


def _rows(rng: Random, was: Company, mid: str | None) -> list[PartnerRow]:
    name, tags = name_noise.disturb(rng, was, name_noise.LIGHT)
    address, address_tags = disturbed_address(rng, was, _ADDRESS, None)
    bare, bare_tags = name_noise.disturb(rng, was, name_noise.LIGHT)
    return [
        PartnerRow(name, address, ["with_address", *tags, *address_tags], mid),
        PartnerRow(bare, Address("", "", "", ""), ["without_address", *bare_tags], mid),
    ]


def main() -> None:
    """Writes the set named on the command line."""
    parser = arguments(__doc__.splitlines()[0], 0, 100_000)
    parser.add_argument("--edinet-before", type=Path, required=True, help="an older EDINET code list")
    options = parser.parse_args()
    rng, columns_rng = generators(options.seed)
    pairs = renamed_companies(options.edinet_before, options.edinet)
    rng.shuffle(pairs)
    gone = {is_.id for _, is_ in pairs[: round(len(pairs) * options.absent)]}
    known = known_companies(options.register, options.edinet)
    renamed = {is_.id for _, is_ in pairs} - gone
    held = sorted((c for c in known if c.id not in gone), key=lambda company: company.id not in renamed)[: options.masters]
    master = shuffled(columns_rng, as_table(held), made_up(columns_rng, known, options.masters - len(held)))
    rows = [row for was, is_ in pairs for row in _rows(rng, was, None if is_.id in gone else is_.id)]
    write(options.out, rng, master, rows)
    seen, until = list_date(options.edinet_before), list_date(options.edinet)
    former = [
        {"id": is_.id, "name": was.name, "kind": "former", "valid_from": None, "valid_until": until}
        for was, is_ in pairs
        if is_.id not in gone
    ]
    schema = pa.schema(
        {"id": pa.string(), "name": pa.string(), "kind": pa.string(), "valid_from": pa.date32(), "valid_until": pa.date32()}
    )
    pq.write_table(pa.Table.from_pylist(former, schema), options.out / "aliases.parquet")
    print(f"{len(former):,} former names, seen on {seen}")


if __name__ == "__main__":
    main()
