"""Pairs of names that matchers get wrong. The table is for partner managers to extend: same = joined without a person,
different = not."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.pipelines.matching.world import World

_ROWS = list(csv.DictReader(Path(__file__).with_name("hard_pairs.csv").open(encoding="utf-8", newline="")))


def _record(row: dict[str, str], number: int, side: str) -> dict[str, str | None]:
    fields = {field: row[f"{field}_{side}"] or None for field in ("name", "address", "phone", "web", "number")}
    return {"record_id": f"{number:03d}{side}", "party": "us" if side == "a" else "partner"} | fields


@pytest.fixture(scope="module")
def joined() -> set[int]:
    """Numbers of the rows whose two records became one company, each row matched beside all others where their numbers allow."""
    numbered = {number for number, row in enumerate(_ROWS) if row["number_a"] or row["number_b"]}
    together = [number for number in range(len(_ROWS)) if number not in numbered]
    result: set[int] = set()
    for rows in [together, *([number] for number in sorted(numbered))]:
        world = World()
        world.put_records([_record(_ROWS[number], number, side) for number in rows for side in "ab"])
        world.match()
        companies = world.companies()
        result |= {number for number in rows if companies[f"{number:03d}a"] == companies[f"{number:03d}b"]}
    return result


@pytest.mark.parametrize("number", range(len(_ROWS)), ids=lambda number: _ROWS[number]["reason"])
def test_hard_pair(number: int, joined: set[int]) -> None:
    assert (number in joined) == (_ROWS[number]["expected"] == "same"), _ROWS[number]
