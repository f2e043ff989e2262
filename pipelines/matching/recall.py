"""How many of the pairs that people called the same matching finds by itself.

Belongs here: that share and how sure it is. Does not: precision (``pipelines.review.precision``). People are asked about what is
doubtful, so over all pairs the share is higher than here.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import pyarrow as pa

from pipelines.review.decisions import in_force
from pipelines.review.precision import wilson

# Sure pairs as matching alone weighs them: an entry of the register competes with the record's other entries.
_FOUND = """
WITH odds AS (
    SELECT record_id, other_record_id, pow(2.0, score) AS odds,
        sum(CASE WHEN starts_with(other_record_id, 'register:') THEN pow(2.0, score) END) OVER (PARTITION BY record_id) AS rivals
    FROM match.compared
),
sure AS (
    SELECT record_id AS a, other_record_id AS b FROM odds
    WHERE odds / (1 + CASE WHEN starts_with(other_record_id, 'register:') THEN rivals ELSE odds END) >= $auto
),
ways AS (FROM sure UNION SELECT b, a FROM sure),
live AS (
    SELECT a, b FROM said_same
    WHERE a IN (SELECT record_id FROM intermediate.records) OR b IN (SELECT record_id FROM intermediate.records)
),
found AS (
    SELECT live.* FROM live SEMI JOIN ways USING (a, b)
    UNION
    SELECT live.* FROM live JOIN ways AS first ON first.a = live.a
    JOIN ways AS second ON second.a = first.b AND second.b = live.b
)
SELECT (SELECT count(*) FROM live), (SELECT count(*) FROM found)
"""


@dataclass(frozen=True)
class Recall:
    """Share of the pairs called the same that matching alone would join, directly or through one other, with the bounds of 95%
    certainty; ``said`` of them there are."""

    estimate: float
    low: float
    high: float
    said: int
    missed: int


def recall(con: duckdb.DuckDBPyConnection, auto: float) -> Recall | None:
    """By the decisions in force on records that exist; None where nobody called anything the same. ``auto``: the probability from
    which on links are automatic."""
    pairs = [decision.pair for decision in in_force(con) if decision.decision == "same"]
    if not pairs:
        return None
    con.register("said_same", pa.table({side: pa.array([pair[at] for pair in pairs]) for at, side in enumerate("ab")}))
    try:
        said, found = con.execute(_FOUND, {"auto": auto}).fetchall()[0]
    finally:
        con.unregister("said_same")
    if not said:
        return None
    share = found / said
    return Recall(share, *wilson(share, said), said, said - found)
