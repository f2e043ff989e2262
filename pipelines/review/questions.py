"""The pairs that a person is asked about, with both sides as the last run knew them.

Belongs here: reading the queue and the records from the published copy. Does not: which pairs are worth asking, or in which
order (``pipelines.matching``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

import duckdb
import pyarrow as pa

from pipelines.review.decisions import Pair, pair_of

REGISTER = "register"
"""Party of an entry of the company register, and what its id begins with."""

_QUEUE = "SELECT record_id, other_record_id, probability, evidence FROM match.review_queue ORDER BY position"
_SIDES = """
WITH statuses AS (
    SELECT record_id, list(status ORDER BY list_position(['customer', 'open_opportunity', 'target', 'known'], status)) AS statuses
    FROM intermediate.record_statuses SEMI JOIN asked USING (record_id) GROUP BY record_id
)
SELECT r.record_id, r.party, parties.name AS party_name, r.connection AS source, r.object, r.name, r.name_kana, r.name_en,
    r.corporate_number, r.postal_code, r.address, r.phone, coalesce(r.domain, r.email_domain) AS web, statuses.statuses
FROM intermediate.records AS r SEMI JOIN asked USING (record_id)
LEFT JOIN config.parties AS parties USING (party) LEFT JOIN statuses USING (record_id)
UNION ALL
SELECT 'register:' || e.corporate_number, 'register', NULL, NULL, NULL, e.name, e.name_kana, e.name_en,
    e.corporate_number, e.postal_code, concat(e.prefecture, e.city, e.town, e.block), NULL, NULL, NULL
FROM intermediate.register_entries AS e SEMI JOIN asked ON asked.record_id = 'register:' || e.corporate_number
"""
_KNOWN = """
SELECT record_id FROM asked SEMI JOIN intermediate.records USING (record_id)
UNION ALL
SELECT record_id FROM asked SEMI JOIN intermediate.register_entries AS e ON asked.record_id = 'register:' || e.corporate_number
"""


@dataclass(frozen=True)
class Side:
    """One of the two records; what its source does not tell is empty."""

    record_id: str
    party: str = ""
    """``us``, a partner's id, or ``register``; empty for a record that is gone."""
    party_name: str | None = None
    source: str | None = None
    object: str | None = None
    name: str | None = None
    name_kana: str | None = None
    name_en: str | None = None
    corporate_number: str | None = None
    postal_code: str | None = None
    address: str | None = None
    phone: str | None = None
    web: str | None = None
    statuses: Sequence[str] | None = None
    """What takes precedence first."""


@dataclass(frozen=True)
class Question:
    """Are these two one company?"""

    left: Side
    right: Side
    probability: float | None = None
    evidence: Sequence[dict[str, Any]] = field(default_factory=tuple)

    @property
    def pair(self) -> Pair:
        return pair_of(self.left.record_id, self.right.record_id)

    @property
    def parties(self) -> set[str]:
        """Whose records they are; the register is nobody's."""
        return {self.left.party, self.right.party} - {REGISTER, ""}


def waiting(con: duckdb.DuckDBPyConnection, decided: Set[Pair]) -> list[Question]:
    """The questions of the last run that nobody has answered since, most valuable first."""
    rows = [row for row in con.execute(_QUEUE).fetchall() if pair_of(row[0], row[1]) not in decided]
    sides = sides_of(con, (id for row in rows for id in row[:2]))
    return [Question(sides[a], sides[b], probability, evidence) for a, b, probability, evidence in rows]


def sides_of(con: duckdb.DuckDBPyConnection, ids: Iterable[str]) -> dict[str, Side]:
    """The records and register entries of those ids; one that is gone has nothing but its id."""
    asked = sorted(set(ids))
    con.register("asked", pa.table({"record_id": pa.array(asked, pa.string())}))
    try:
        found = con.execute(_SIDES).fetchall()
    finally:
        con.unregister("asked")
    return {id: Side(id) for id in asked} | {row[0]: Side(*row) for row in found}


def known_ids(con: duckdb.DuckDBPyConnection, ids: Iterable[str]) -> set[str]:
    """Those that are records or register entries of the last run."""
    con.register("asked", pa.table({"record_id": pa.array(sorted(set(ids)), pa.string())}))
    try:
        return {row[0] for row in con.execute(_KNOWN).fetchall()}
    finally:
        con.unregister("asked")
