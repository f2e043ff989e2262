"""What people said about pairs of records, in ``state.decisions``: reading what is in force, adding to it.

Belongs here: the table. Does not: where an answer comes from, or what it leads to. The newest word on a pair counts, in
whichever order its records stand; ``withdrawn`` opens the pair again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb

from pipelines.warehouse import incoming

Pair = tuple[str, str]
ANSWERS = ("same", "different", "unsure")
WITHDRAWN = "withdrawn"

_IN_FORCE = """
WITH newest AS (
    SELECT * FROM state.decisions
    QUALIFY row_number() OVER (
        PARTITION BY least(record_id, other_record_id), greatest(record_id, other_record_id)
        ORDER BY decided_at DESC, decision DESC
    ) = 1
)
SELECT record_id, other_record_id, decision, decided_by, decided_at, reason FROM newest
WHERE decision <> 'withdrawn' ORDER BY decided_at, record_id, other_record_id
"""
# One word on a pair at one moment: what is said again at the same one is a correction.
_CLEAR = """
DELETE FROM state.decisions AS d USING incoming AS n
WHERE least(d.record_id, d.other_record_id) = least(n.c0, n.c1)
    AND greatest(d.record_id, d.other_record_id) = greatest(n.c0, n.c1)
    AND d.decided_at = n.c4::TIMESTAMPTZ
"""
_ADD = """
INSERT INTO state.decisions BY NAME
SELECT c0 AS record_id, c1 AS other_record_id, c2 AS decision, c3 AS decided_by, c4::TIMESTAMPTZ AS decided_at, c5 AS reason
FROM incoming
"""


@dataclass(frozen=True)
class Decision:
    """What one person said about two records."""

    record_id: str
    other_record_id: str
    decision: str
    """same, different, unsure or withdrawn."""
    decided_by: str
    decided_at: datetime
    reason: str | None = None

    @property
    def pair(self) -> Pair:
        return pair_of(self.record_id, self.other_record_id)


def pair_of(record_id: str, other_record_id: str) -> Pair:
    """Both ids, in the order of the alphabet."""
    return min(record_id, other_record_id), max(record_id, other_record_id)


def in_force(con: duckdb.DuckDBPyConnection) -> list[Decision]:
    """The newest word on each pair that has one, oldest first; pairs whose word was taken back are left out."""
    return [Decision(*row) for row in con.execute(_IN_FORCE).fetchall()]


def pairs(decisions: Iterable[Decision]) -> set[Pair]:
    """The pairs that need not be asked."""
    return {decision.pair for decision in decisions}


def add(con: duckdb.DuckDBPyConnection, decisions: Sequence[Decision]) -> None:
    """Add them, at most one of a pair. Needs a transaction around it."""
    rows = [(d.record_id, d.other_record_id, d.decision, d.decided_by, d.decided_at.isoformat(), d.reason) for d in decisions]
    if rows:
        with incoming(con, rows):
            con.execute(_CLEAR)
            con.execute(_ADD)
