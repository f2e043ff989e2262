"""What every maker of a set shares: its arguments, its random numbers, and the three files.

Belongs here: filling a master up with made-up companies, and the layout of ``master.parquet``,
``partner.parquet`` and ``truth.parquet``. Does not: who is in a set and what is done to names.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.matching_sets import address_noise
from benchmarks.matching_sets.address_noise import Address
from benchmarks.matching_sets.made_up import COLUMNS, Places, made_up_companies
from benchmarks.matching_sets.sources import Company


@dataclass(frozen=True, slots=True)
class PartnerRow:
    """One record of the partner's list; ``mid`` is its company in the master, None where the master does not hold it."""

    name: str
    address: Address
    noise: list[str]
    mid: str | None


def arguments(description: str, partners: int, masters: int) -> argparse.ArgumentParser:
    """The arguments that the Japanese sets share; ``partners`` and ``masters`` are the default sizes."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("out", type=Path, help="folder for the three files")
    parser.add_argument("--register", type=Path, nargs="*", default=[], help="files of the national register (CSV or ZIP)")
    parser.add_argument("--edinet", type=Path, required=True, help="the newest EDINET code list")
    parser.add_argument("--partners", type=int, default=partners, help=f"rows of the partner ({partners:,})")
    parser.add_argument("--masters", type=int, default=masters, help=f"rows of the master ({masters:,})")
    parser.add_argument(
        "--absent", type=float, default=0.15, help="share of the partner's companies that are not in the master (0.15)"
    )
    parser.add_argument("--seed", type=int, default=1)
    return parser


def generators(seed: int) -> tuple[Random, np.random.Generator]:
    """The two sources of randomness of a set: for rows, and for columns."""
    return Random(seed), np.random.default_rng(seed)


def made_up(rng: np.random.Generator, known: Sequence[Company], rows: int) -> pa.Table:
    """As many made-up companies, from the names and places of all known ones."""
    return made_up_companies(rng, [company.name for company in known if company.city], Places(known), max(0, rows))


def shuffled(rng: np.random.Generator, *tables: pa.Table) -> pa.Table:
    """A master of all the rows, in random order."""
    table = pa.concat_tables(tables)
    return table.take(rng.permutation(len(table)))


def as_table(companies: Sequence[Company]) -> pa.Table:
    """Companies in the columns of a master."""
    rows = [asdict(company) for company in companies]
    return pa.table({name: pa.array([row[name] for row in rows], pa.string()) for name in COLUMNS})


def as_companies(table: pa.Table) -> list[Company]:
    """Rows of a master as companies."""
    return [Company(**row) for row in table.to_pylist()]


def disturbed_address(
    rng: Random, company: Company, rates: dict[str, float], elsewhere: Address | None
) -> tuple[Address, list[str]]:
    """The company's address, or the one where it has moved, as a partner has it, and the tags of what was done."""
    address = elsewhere or Address(company.pref, company.city, company.street, company.post)
    address, tags = address_noise.disturb(rng, address, rates)
    return address, ["moved", *tags] if elsewhere else tags


def other_addresses(rng: np.random.Generator, known: Sequence[Company], rows: int) -> list[Address]:
    """Addresses to move to."""
    columns = Places(known).addresses(rng, rows)
    return [Address(*row) for row in zip(*(columns[name].to_pylist() for name in Address._fields), strict=True)]


def write(out: Path, rng: Random, master: pa.Table, rows: Iterable[PartnerRow]) -> None:
    """The three files; partner rows are shuffled and numbered."""
    out.mkdir(parents=True, exist_ok=True)
    rows = list(rows)
    rng.shuffle(rows)
    ids = [f"P{number:07}" for number in range(len(rows))]
    partner = {"id": ids, "name": [row.name for row in rows]}
    partner |= {field: [getattr(row.address, field) for row in rows] for field in Address._fields}
    partner["noise"] = ["|".join(row.noise) for row in rows]
    pq.write_table(pa.table(partner), out / "partner.parquet")
    pq.write_table(pa.table({"pid": ids, "mid": pa.array([row.mid for row in rows], pa.string())}), out / "truth.parquet")
    pq.write_table(master, out / "master.parquet")
    held = (
        pc.sum(pc.is_in(pa.array([row.mid for row in rows], pa.string()), value_set=master["id"].combine_chunks())).as_py() or 0
    )
    print(f"{out}: {len(rows):,} partner records, {held:,} of them in the master of {len(master):,}")
