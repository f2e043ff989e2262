"""The figures that a partner manager asks for first, read from the marts.

Belongs here: queries and the value types they fill. Does not: how they look (``heatmap.py``, ``words.py``).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import duckdb

STATUSES = ("customer", "open_opportunity", "target")
CELLS = {(ours, theirs): number for (ours, theirs), number in zip(
    [(ours, theirs) for ours in STATUSES for theirs in STATUSES], (1, 4, 6, 2, 5, 7, 3, 8, 9), strict=True)}  # fmt: skip
"""(our status, the partner's) -> the cell's number."""
OUTSIDE = "outside"
"""A side that is ``known`` only, or absent."""


@dataclass
class Cell:
    """What one field of a map holds: companies, the records that either side keeps of them, and our money in it."""

    companies: int = 0
    our_records: int = 0
    partner_records: int = 0
    open_amount: float = 0.0
    expected_value: float = 0.0

    def add(self, *numbers: float) -> None:
        """Add a row of the summary, in the order of the fields."""
        for name, number in zip(self.__dataclass_fields__, numbers, strict=True):
            setattr(self, name, getattr(self, name) + number)


@dataclass
class PartnerMap:
    """One partner's map: ``cells[(ours, theirs)]``; both sides one of the statuses or ``outside``."""

    partner: str
    name: str
    type: str
    stage: str
    currency: str
    cells: dict[tuple[str, str], Cell] = field(default_factory=dict)
    whitespace: int = 0
    greenfield: int = 0
    no_approach: int = 0
    collisions: int = 0
    records: int = 0

    @property
    def overlap(self) -> int:
        """Companies in the nine cells."""
        return sum(cell.companies for sides, cell in self.cells.items() if OUTSIDE not in sides)

    def at(self, sides: tuple[str, str]) -> Cell:
        """That field, empty where nothing lies in it."""
        return self.cells.get(sides, Cell())


def partner_maps(con: duckdb.DuckDBPyConnection) -> list[PartnerMap]:
    """Every partner of the yaml, in its order."""
    rows = con.execute(
        "SELECT party, name, party_type, stage, currency FROM config.parties, config.run WHERE party <> 'us' ORDER BY position"
    ).fetchall()
    maps = {row[0]: PartnerMap(*row) for row in rows}
    columns = ", ".join(Cell.__dataclass_fields__)
    for partner, ours, theirs, *numbers in con.execute(
        f"SELECT partner, our_status, partner_status, {columns} FROM marts.account_map_summary"
    ).fetchall():
        if partner in maps:
            sides = (ours if ours in STATUSES else OUTSIDE, theirs if theirs in STATUSES else OUTSIDE)
            maps[partner].cells.setdefault(sides, Cell()).add(*numbers)
    for mart in ("whitespace", "greenfield", "no_approach"):
        for partner, count in con.execute(
            f"SELECT partner, count(DISTINCT company_id) FROM marts.{mart} GROUP BY ALL"
        ).fetchall():
            if partner in maps:
                setattr(maps[partner], mart, count)
    for partner, count in con.execute("SELECT party, count(*) FROM intermediate.records GROUP BY ALL").fetchall():
        if partner in maps:
            maps[partner].records = count
    for parties, count in con.execute("SELECT parties, count(*) FROM marts.collisions GROUP BY ALL").fetchall():
        for partner in str(parties).split(","):
            if partner in maps:
                maps[partner].collisions += count
    return list(maps.values())


def collision_counts(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str, int]]:
    """(kind, severity, count), the gravest first."""
    order = "CASE any_value(severity) WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END"
    return con.execute(f"SELECT kind, severity, count(*) FROM marts.collisions GROUP BY ALL ORDER BY {order}, kind").fetchall()


def rejected_counts(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str, int]]:
    """(source, file, count) of rows and cells that were set aside."""
    return con.execute("SELECT source, file, count(*) FROM raw.rejected_rows GROUP BY ALL ORDER BY ALL").fetchall()


def match_counts(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Links by verdict, and the number of companies."""
    counts = dict(con.execute("SELECT verdict, count(*) FROM match.links GROUP BY ALL").fetchall())
    row = con.execute("SELECT count(*) FROM match.companies").fetchone()
    return {**counts, "companies": int(row[0]) if row else 0}
