"""Automatic links drawn by lot, so that their precision can be measured and not only hoped for.

Belongs here: drawing them. Does not: what the answers say of all (``precision.py``). A day draws the same links however often
it is asked; from each range of probability the same number is drawn, because the doubtful ones are few.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import date

import duckdb
import pyarrow as pa

from pipelines.review.decisions import Pair
from pipelines.review.questions import Question, sides_of

# The other side is what a person knows best: the register's entry, else a record of ours, else any.
_DRAW = """
WITH placed AS (SELECT * FROM match.links WHERE verdict IN ('auto', 'confirmed')),
members AS (
    SELECT p.company_id, arg_min(p.record_id, (r.party <> 'us', p.record_id), 2) AS best
    FROM placed AS p JOIN intermediate.records AS r USING (record_id) GROUP BY p.company_id
),
entries AS (
    SELECT c.company_id, 'register:' || c.corporate_number AS entry
    FROM match.companies AS c SEMI JOIN intermediate.register_entries AS e USING (corporate_number)
),
links AS (
    SELECT p.record_id, r.party, p.probability,
        coalesce(entries.entry, list_filter(members.best, lambda other: other <> p.record_id)[1]) AS other_record_id,
        CASE
            WHEN p.probability < 0.95 THEN '-95' WHEN p.probability < 0.99 THEN '95-99'
            WHEN p.probability < 0.999 THEN '99-99.9' ELSE '99.9-'
        END AS stratum
    FROM placed AS p JOIN intermediate.records AS r USING (record_id)
    LEFT JOIN members USING (company_id) LEFT JOIN entries USING (company_id)
    WHERE p.verdict = 'auto' AND p.rule <> 'alone'
),
undecided AS (
    SELECT links.*, count(*) OVER (PARTITION BY stratum) AS stratum_size FROM links ANTI JOIN decided
        ON decided.a = least(record_id, other_record_id) AND decided.b = greatest(record_id, other_record_id)
    WHERE other_record_id IS NOT NULL
),
lots AS (
    SELECT *, row_number() OVER (PARTITION BY stratum ORDER BY md5($day || record_id), record_id) AS lot FROM undecided
    WHERE $partner IS NULL OR party = $partner
),
drawn AS (SELECT * FROM lots ORDER BY lot, probability, record_id LIMIT $count)
SELECT drawn.record_id, drawn.other_record_id, drawn.probability, placed.evidence, drawn.stratum, drawn.stratum_size
FROM drawn JOIN placed USING (record_id) ORDER BY drawn.lot, drawn.probability, drawn.record_id
"""


@dataclass(frozen=True)
class SpotCheck:
    """A link to look at, the range of probability it was drawn from, and how many links of all parties that range holds."""

    question: Question
    stratum: str
    stratum_size: int


def draw(
    con: duckdb.DuckDBPyConnection, decided: Set[Pair], day: date, count: int, partner: str | None = None
) -> list[SpotCheck]:
    """That many automatic links that nobody has decided, of that partner's records or of all, from each range in turn."""
    columns = zip(*sorted(decided), strict=True) if decided else ((), ())
    con.register("decided", pa.table({n: pa.array(ids, pa.string()) for n, ids in zip("ab", columns, strict=True)}))
    try:
        rows = con.execute(_DRAW, {"day": day.isoformat(), "count": count, "partner": partner}).fetchall()
    finally:
        con.unregister("decided")
    sides = sides_of(con, (id for row in rows for id in row[:2]))
    return [SpotCheck(Question(sides[a], sides[b], p, evidence), stratum, size) for a, b, p, evidence, stratum, size in rows]
