"""People's verdicts on what a partner sent back, and what takes effect at once because of them.

Belongs here: accepting and rejecting, and the decisions on matches that a "not the same company" leads to. Does not: what an
accepted row changes on the map: the next run decides that (``stg_share_returns``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import duckdb

from pipelines.matching.decisions import REGISTER
from pipelines.registrations import Refused
from pipelines.review.decisions import Decision, add, pair_of
from pipelines.sharing.returns.returned import ACCEPTED, REJECTED, WAITING, Return, decide
from pipelines.sharing.returns.said import ALREADY_SERVED, NOT_SAME, STATUS
from pipelines.texts import text
from pipelines.warehouse import transaction

# every record that the row stood for: the partner's of that company, ours of it, and the register's entry where we have none
_SIDES = """
WITH
    company AS (SELECT company_id FROM marts.map_records WHERE record_id = $record),
    placed AS (SELECT record_id, party FROM marts.map_records SEMI JOIN company USING (company_id)
        WHERE object NOT IN ('registration', 'introduction') OR record_id = $record)
SELECT record_id, party FROM placed WHERE party IN ('us', $partner)
UNION ALL
SELECT $register || corporate_number, 'register' FROM match.companies SEMI JOIN company USING (company_id)
WHERE corporate_number IS NOT NULL
ORDER BY ALL
"""
WAITS = (WAITING,)
MAY_BE_REJECTED = (WAITING, ACCEPTED)
_STATED = "SELECT list(status ORDER BY status) FROM intermediate.stated_statuses WHERE record_id = ? HAVING count(*) > 0"


@dataclass(frozen=True)
class Verdict:
    """What a person said, of any number of rows."""

    by: str
    at: datetime
    reason: str | None


@dataclass
class Outcome:
    """What became of them. ``left``: row and the key of the text that says why it still waits."""

    decided: list[Return] = field(default_factory=list)
    left: list[tuple[Return, str]] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)


@dataclass(frozen=True)
class _Effect:
    """What accepting a row needs: what is added to its content, and which matches are none."""

    content: dict[str, Any] = field(default_factory=dict)
    decisions: list[Decision] = field(default_factory=list)


class _NoEffect(Exception):
    """Accepting it would change nothing."""


def accept(
    con: duckdb.DuckDBPyConnection,
    published: duckdb.DuckDBPyConnection,
    returns: Sequence[Return],
    verdict: Verdict,
    language: str,
) -> Outcome:
    """Accept those that wait; one that would change nothing is left. ``con``: with state; ``published``: the last run."""
    outcome = Outcome()
    with transaction(con):
        for one in returns:
            try:
                effect = _effect(published, one, verdict, language)
            except _NoEffect as why:
                outcome.left.append((one, str(why)))
                continue
            decided = _decided(one, ACCEPTED, verdict)
            decide(con, replace(decided, content={**one.content, **effect.content}))
            outcome.decided.append(decided)
            outcome.decisions += effect.decisions
        outcome.decisions = list({decision.pair: decision for decision in outcome.decisions}.values())
        add(con, outcome.decisions)
    return outcome


def reject(con: duckdb.DuckDBPyConnection, returns: Sequence[Return], verdict: Verdict) -> Outcome:
    """Reject those that wait, or take back what was accepted. Raises ``Refused`` for an answer about matches: that is taken back
    where such answers are kept."""
    if accepted := [one for one in returns if one.verdict == ACCEPTED and one.kind == NOT_SAME]:
        raise Refused("return_not_same_stands", id=accepted[0].return_id, company=accepted[0].company_name)
    outcome = Outcome([_decided(one, REJECTED, verdict) for one in returns])
    with transaction(con):
        for one in outcome.decided:
            decide(con, one)
    return outcome


def chosen(returns: Sequence[Return], asked: Sequence[str], verdicts: Sequence[str]) -> list[Return]:
    """Those with these ids, or beginnings of ids. Raises ``Refused`` for one that is none, is several, or has another verdict."""
    found: dict[str, Return] = {}
    for id in asked:
        of = [one for one in returns if one.return_id.startswith(id.lower())] if id else []
        if len(of) != 1:
            near = ", ".join(one.return_id for one in of[:3])
            raise Refused("unknown_return_near" if near else "unknown_return", asked=id, near=near)
        if of[0].verdict not in verdicts:
            raise Refused(f"return_is_{of[0].verdict}", id=of[0].return_id, by=of[0].decided_by or "")
        found[of[0].return_id] = of[0]
    return list(found.values())


def _decided(one: Return, word: str, verdict: Verdict) -> Return:
    return replace(one, verdict=word, decided_by=verdict.by, decided_at=verdict.at, reason=verdict.reason)


def _effect(published: duckdb.DuckDBPyConnection, one: Return, verdict: Verdict, language: str) -> _Effect:
    """Raises ``_NoEffect``."""
    if one.kind in (STATUS, ALREADY_SERVED) and one.record_id:
        stated = published.execute(_STATED, [one.record_id]).fetchone()
        if stated is None:
            raise _NoEffect("return.left.record_gone")
        return _Effect({"stated": stated[0]})
    if one.kind == NOT_SAME:
        decisions = _different(published, one, verdict, language)
        if not decisions:
            raise _NoEffect("return.left.nothing_to_part")
        return _Effect(decisions=decisions)
    return _Effect()


def _different(published: duckdb.DuckDBPyConnection, one: Return, verdict: Verdict, language: str) -> list[Decision]:
    """The partner's records of the company against ours, or where we have none against the register's entry."""
    values = {"record": one.record_id, "partner": one.partner, "register": REGISTER}
    sides: dict[str, list[str]] = {}
    for record_id, party in published.execute(_SIDES, values).fetchall():
        sides.setdefault(party, []).append(record_id)
    comment = one.content.get("comment")
    place = {"partner": one.partner, "file": one.file, "sheet": one.sheet, "row": one.row_number}
    reason = text("return.not_same_because", language, **place) + (f" {comment}" if comment else "")
    return [
        Decision(*pair_of(theirs, other), "different", verdict.by, verdict.at, reason)
        for theirs in sides.get(one.partner, ())
        for other in sides.get("us") or sides.get("register") or ()
    ]
