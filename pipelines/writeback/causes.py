"""What may stand behind a tripped brake: what this run rests on, beside what the last run that wrote rested on.

Belongs here: comparing ``marts.run_measures`` with ``state.run_measures``, and keeping the latter. Does not: the brakes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import duckdb

from pipelines.warehouse import transaction

NOTABLE = 0.2
"""A measure that moved by less than this share of itself explains nothing."""
MOST = 6


@dataclass(frozen=True)
class Moved:
    """A measure that moved; ``name`` as in ``marts.run_measures``: ``register_entries``, ``records:<party>``."""

    name: str
    before: float
    now: float


def moved(con: duckdb.DuckDBPyConnection) -> list[Moved]:
    """Measures that differ notably from those of the last run that wrote, those that moved most first."""
    rows = con.execute(
        """
        SELECT name, before, now FROM (
            SELECT name, coalesce(kept.value, 0) AS before, coalesce(measured.value, 0) AS now
            FROM marts.run_measures AS measured FULL JOIN state.run_measures AS kept USING (name)
            WHERE EXISTS (FROM state.run_measures) AND NOT starts_with(name, 'no_approach')  -- the effect, not a cause
        )
        WHERE abs(now - before) > ? * greatest(before, now) AND (abs(now - before) >= 5 OR greatest(before, now) <= 1)
        ORDER BY abs(now - before) / greatest(before, now) DESC, name LIMIT ?
        """,
        [NOTABLE, MOST],
    ).fetchall()
    return [Moved(*row) for row in rows]


def lost(con: duckdb.DuckDBPyConnection, share: float, at_least: int) -> list[Moved]:
    """Sources of which more than ``share`` is gone since the last run that wrote, where there were ``at_least`` rows of them."""
    rows = con.execute(
        """
        SELECT name, kept.value AS before, coalesce(measured.value, 0) AS now
        FROM state.run_measures AS kept LEFT JOIN marts.run_measures AS measured USING (name)
        WHERE regexp_matches(name, ?) AND kept.value >= ? AND kept.value - now > ? * kept.value ORDER BY ALL
        """,
        [_SOURCES, at_least, share],
    ).fetchall()
    return [Moved(*row) for row in rows]


_SOURCES = "^(register_entries|our_accounts|our_customers|records:.*|customers:.*)$"


def last_written(con: duckdb.DuckDBPyConnection) -> datetime | None:
    """The moment of the last run that was let write."""
    row = con.execute("SELECT max(as_of) FROM state.run_measures").fetchone()
    return row[0] if row else None


def keep(con: duckdb.DuckDBPyConnection) -> None:
    """What this run rests on becomes what the next is measured against."""
    with transaction(con):
        con.execute("DELETE FROM state.run_measures")
        con.execute(
            "INSERT INTO state.run_measures SELECT name, value, run_id, as_of FROM marts.run_measures CROSS JOIN config.run"
        )
