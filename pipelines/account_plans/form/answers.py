"""What partners answered, in ``state.partner_answers``: reading what waits and what counts, and people's verdicts.

Belongs here: the table. Does not: where an answer comes from (``intake.py``).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import duckdb

from pipelines.warehouse import transaction

WAITING, ACCEPTED, REJECTED, SUPERSEDED = "waiting", "accepted", "rejected", "superseded"
_NEWEST_ACCEPTED = """
SELECT * FROM state.partner_answers WHERE partner = ? AND verdict = 'accepted'
QUALIFY row_number() OVER (PARTITION BY field ORDER BY filled_in_on DESC, received_at DESC, answer_id) = 1
ORDER BY field
"""
_ALL = """
SELECT * FROM state.partner_answers WHERE partner = coalesce(?, partner) AND verdict = coalesce(?, verdict)
ORDER BY partner, received_at, filled_in_on, field, answer_id
"""
_DECIDE = """
UPDATE state.partner_answers SET verdict = ?, decided_by = ?, decided_at = ?, reason = ?
WHERE verdict = 'waiting' AND list_contains(?, answer_id)
"""


@dataclass(frozen=True)
class Answer:
    """One field of one form that came back. ``value`` and ``before`` as JSON has them."""

    answer_id: str
    partner: str
    field: str
    value: Any
    before: Any
    form_id: str
    file: str
    filled_in_by: str | None
    filled_in_on: date
    received_at: datetime
    verdict: str = WAITING
    decided_by: str | None = None
    decided_at: datetime | None = None
    reason: str | None = None


def accepted(con: duckdb.DuckDBPyConnection, partner: str) -> dict[str, Answer]:
    """The newest accepted answer of each field."""
    return {answer.field: answer for answer in _answers(con, _NEWEST_ACCEPTED, [partner])}


def answers_of(con: duckdb.DuckDBPyConnection, partner: str | None = None, verdict: str | None = None) -> list[Answer]:
    """All of them, or one partner's, or those of one verdict, oldest first."""
    return _answers(con, _ALL, [partner, verdict])


def decide(
    con: duckdb.DuckDBPyConnection, answers: Sequence[Answer], verdict: str, by: str, at: datetime, reason: str | None
) -> None:
    """Accept or reject answers that wait; the others stay as they are."""
    with transaction(con):
        con.execute(_DECIDE, [verdict, by, at, reason, [answer.answer_id for answer in answers]])


def _answers(con: duckdb.DuckDBPyConnection, query: str, values: Sequence[object]) -> list[Answer]:
    rows = con.execute(query, values)
    names = [name for name, *_ in rows.description]
    return [_answer(dict(zip(names, row, strict=True))) for row in rows.fetchall()]


def _answer(row: dict[str, Any]) -> Answer:
    value, before = (None if row[name] is None else json.loads(row[name]) for name in ("value", "before"))
    return Answer(**{**row, "value": value, "before": before})
