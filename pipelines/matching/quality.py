"""How well a matching went, for each party and for all: what it placed, how many of its links are likely wrong, what it leaves
to people; and how that has moved since the last run.

Belongs here: the figures, keeping them in ``state.match_quality``, drift. Does not: what people's answers measure
(``pipelines.review.precision``, ``recall``), words and pictures (``pipelines.report``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime

import duckdb

ALL = "*"
"""Party of the figures of all."""
FALLEN = 0.10
"""A match rate that falls by more than this share of the records has drifted ..."""
GROWN = 2.0
"""... and so has a review load a record that grows by this factor or more, ..."""
FEW = 20
"""... where there are so many records, or questions, for it to be no accident."""

_MEASURE = f"""
WITH placed AS (
    SELECT l.*, r.party FROM match.links AS l JOIN intermediate.records AS r USING (record_id)
    WHERE l.verdict IN ('auto', 'confirmed')
),
companies AS (
    SELECT p.company_id, count(DISTINCT p.party) > 1 OR bool_or(e.corporate_number IS NOT NULL) AS known
    FROM placed AS p JOIN match.companies AS c USING (company_id)
    LEFT JOIN intermediate.register_entries AS e ON e.corporate_number = c.corporate_number
    GROUP BY ALL
),
links AS (
    SELECT p.party, c.known, p.verdict, p.probability, p.rule = 'alone' AS alone,
        p.verdict = 'auto' AND p.rule <> 'alone' AS linked
    FROM placed AS p JOIN companies AS c USING (company_id)
),
figures AS (
    SELECT coalesce(party, '{ALL}') AS party, count(*) AS records, count(*) FILTER (known) AS matched,
        count(*) FILTER (linked) AS auto, count(*) FILTER (verdict = 'confirmed') AS confirmed, count(*) FILTER (alone) AS alone,
        coalesce(sum(1 - probability) FILTER (linked), 0) AS expected_false, avg(probability) FILTER (linked) AS mean_probability
    FROM links GROUP BY GROUPING SETS ((party), ())
),
sides AS (
    SELECT DISTINCT q.position, r.party FROM match.review_queue AS q
    JOIN intermediate.records AS r ON r.record_id IN (q.record_id, q.other_record_id)
),
asked AS (
    SELECT coalesce(party, '{ALL}') AS party, count(DISTINCT position) AS review FROM sides GROUP BY GROUPING SETS ((party), ())
)
SELECT f.party, f.records, f.matched, f.auto, f.confirmed, f.alone, coalesce(a.review, 0), f.expected_false, f.mean_probability
FROM figures AS f LEFT JOIN asked AS a USING (party) LEFT JOIN config.parties AS p USING (party)
WHERE f.records > 0 ORDER BY f.party <> '{ALL}', p.position, f.party
"""
_COLUMNS = "party, records, matched, auto, confirmed, alone, review, expected_false, mean_probability"
_LAST = f"""
SELECT {_COLUMNS} FROM state.match_quality
WHERE run_id = (
    SELECT run_id FROM state.match_quality WHERE run_id <> $run_id AND as_of <= $as_of ORDER BY as_of DESC, rowid DESC LIMIT 1
)
"""


@dataclass(frozen=True)
class Quality:
    """One party's figures, in records unless said otherwise."""

    party: str
    records: int
    matched: int
    """Whose company the register or another party knows."""
    auto: int
    """Placed by evidence."""
    confirmed: int
    """Placed by people."""
    alone: int
    """Placed by nothing."""
    review: int
    """Questions that wait for a person."""
    expected_false: float
    """How many of the automatic links are likely wrong."""
    mean_probability: float | None
    """Of the automatic links."""

    @property
    def match_rate(self) -> float:
        return self.matched / self.records if self.records else 0.0

    @property
    def alone_share(self) -> float:
        return self.alone / self.records if self.records else 0.0

    @property
    def review_load(self) -> float:
        """Questions a record."""
        return self.review / self.records if self.records else 0.0

    @property
    def expected_precision(self) -> float | None:
        """Share of the automatic links that are right, if their probabilities are true; None where there are none."""
        return 1.0 - self.expected_false / self.auto if self.auto else None


@dataclass(frozen=True)
class Drift:
    """What moved: ``match_rate`` or ``review_load``, as it was and as it is."""

    party: str
    kind: str
    before: float
    now: float


def measure(con: duckdb.DuckDBPyConnection) -> list[Quality]:
    """The figures of the links as they stand: all parties together first, then each. Nothing where there are no records."""
    return [Quality(*row) for row in con.execute(_MEASURE).fetchall()]


def note(con: duckdb.DuckDBPyConnection, found: Sequence[Quality], as_of: datetime, run_id: str, model_version: str) -> None:
    """Keeps the figures of a run; the same run again replaces its own."""
    query = (
        f"INSERT OR REPLACE INTO state.match_quality ({_COLUMNS}, run_id, as_of, model_version) VALUES ({', '.join('?' * 12)})"
    )
    for quality in found:
        con.execute(query, [*astuple(quality), run_id, as_of, model_version])


def last(con: duckdb.DuckDBPyConnection, as_of: datetime, run_id: str) -> dict[str, Quality]:
    """Party -> figures of the run before this one; of a moment in the past, the one before that."""
    return {row[0]: Quality(*row) for row in con.execute(_LAST, {"run_id": run_id, "as_of": as_of}).fetchall()}


def drift(now: Sequence[Quality], before: Mapping[str, Quality]) -> list[Drift]:
    """Each partner's, and ours, whose match rate fell or whose questions grew; a party that is new has not drifted."""
    found = []
    for quality in now:
        was = before.get(quality.party)
        if quality.party == ALL or was is None or min(was.records, quality.records) < FEW:
            continue
        if was.match_rate - quality.match_rate > FALLEN:
            found.append(Drift(quality.party, "match_rate", was.match_rate, quality.match_rate))
        if quality.review >= FEW and quality.review_load >= GROWN * was.review_load:
            found.append(Drift(quality.party, "review_load", was.review_load, quality.review_load))
    return found


def below(found: Sequence[Quality], stated: float) -> list[Quality]:
    """All, and each party with links enough to tell, whose expected precision is less than the stated one."""
    told = [q for q in found if q.party == ALL or q.auto >= FEW]
    return [q for q in told if q.expected_precision is not None and q.expected_precision < stated]


def matched_any(con: duckdb.DuckDBPyConnection, found: Sequence[Quality]) -> bool:
    """Whether any record was matched; true also where there is nothing to match with, neither a register nor a second party."""
    others = con.execute("SELECT count(*) FROM intermediate.register_entries").fetchall()[0][0] or len(found) > 2
    return not (found and others) or found[0].matched > 0
