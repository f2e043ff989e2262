"""Rows that partners sent back, in ``state.share_returns``: reading and adding them, and people's verdicts.

Belongs here: the table. Does not: where a row comes from (``intake.py``), or what a verdict leads to (``decide.py``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb

from pipelines.sharing.returns.said import ABOUT
from pipelines.warehouse import incoming

WAITING, ACCEPTED, REJECTED, SUPERSEDED = "waiting", "accepted", "rejected", "superseded"
_ALL = """
SELECT * FROM state.share_returns WHERE partner = coalesce(?, partner) AND verdict = coalesce(?, verdict)
ORDER BY partner, received_at, file, sheet, row_number, kind, return_id
"""
_ADD = """
INSERT INTO state.share_returns BY NAME
SELECT c0 AS return_id, c1 AS partner, c2 AS file, c3 AS sheet, c4::INTEGER AS row_number, c5 AS kind, c6 AS row_key,
    c7 AS company_id, c8 AS record_id, c9 AS company_name, c10 AS content, c11::TIMESTAMPTZ AS received_at, 'waiting' AS verdict
FROM incoming
"""
_SUPERSEDE = """
UPDATE state.share_returns SET verdict = 'superseded', decided_at = ? WHERE verdict = 'waiting' AND list_contains(?, return_id)
"""
_DECIDE = """
UPDATE state.share_returns SET verdict = $verdict, decided_by = $by, decided_at = $at, reason = $reason, content = $content
WHERE return_id = $id
"""


@dataclass(frozen=True)
class Return:
    """One thing that a partner says of one row. ``content``: what it says, with the row's ``key``."""

    return_id: str
    partner: str
    file: str
    sheet: str
    row_number: int
    kind: str
    row_key: str | None
    company_id: str | None
    record_id: str | None
    company_name: str
    content: Mapping[str, Any]
    received_at: datetime
    verdict: str = WAITING
    decided_by: str | None = None
    decided_at: datetime | None = None
    reason: str | None = None

    @property
    def about(self) -> tuple[str, str]:
        """What it answers: of two answers to the same the newer one counts."""
        return ABOUT.get(self.kind, self.kind), str(self.content["key"])


def returns_of(con: duckdb.DuckDBPyConnection, partner: str | None = None, verdict: str | None = None) -> list[Return]:
    """All of them, or one partner's, or those of one verdict, in the order in which they came."""
    rows = con.execute(_ALL, [partner, verdict])
    names = [name for name, *_ in rows.description]
    found = [dict(zip(names, row, strict=True)) for row in rows.fetchall()]
    return [Return(**{**row, "content": json.loads(row["content"])}) for row in found]


def add(con: duckdb.DuckDBPyConnection, returns: Sequence[Return]) -> None:
    """Add rows that wait. Needs a transaction around it."""
    rows = [
        (
            *(one.return_id, one.partner, one.file, one.sheet, str(one.row_number), one.kind, one.row_key, one.company_id),
            *(one.record_id, one.company_name, as_json(one.content), one.received_at.isoformat()),
        )
        for one in returns
    ]
    if rows:
        with incoming(con, rows):
            con.execute(_ADD)


def supersede(con: duckdb.DuckDBPyConnection, returns: Sequence[Return], at: datetime) -> None:
    """A newer answer came before anybody decided. Needs a transaction around it."""
    if returns:
        con.execute(_SUPERSEDE, [at, [one.return_id for one in returns]])


def decide(con: duckdb.DuckDBPyConnection, one: Return) -> None:
    """Keep its verdict, by whom, when and why. Needs a transaction around it."""
    values = {"id": one.return_id, "verdict": one.verdict, "by": one.decided_by, "at": one.decided_at, "reason": one.reason}
    con.execute(_DECIDE, values | {"content": as_json(one.content)})


def as_json(content: Mapping[str, Any]) -> str:
    """The same text for the same content."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True)
