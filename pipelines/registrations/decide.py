"""Recording what the partner manager says of a claim in ``state.registration_decisions``.

Belongs here: refusing an answer that would have no effect, or another than the person expects. Does not: what an answer
leads to; the next run decides that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import duckdb

from pipelines.registrations.claims import Claim
from pipelines.registrations.refused import Refused
from pipelines.warehouse import transaction

_NEWEST = """
SELECT decision, until, reason, decided_by, decided_at FROM state.registration_decisions WHERE claim_id = ?
ORDER BY decided_at DESC LIMIT 1
"""
_BY_RULE = {
    "registration.registered_by_other": "held",
    "registration.duplicate": "duplicate",
    "registration.existing_customer": "barred",
    "registration.no_approach": "barred",
    "registration.partner_not_active": "not_active",
}


@dataclass(frozen=True)
class Decision:
    """One answer to one claim."""

    decision: str
    until: date | None
    reason: str | None
    decided_by: str
    decided_at: datetime


def newest(con: duckdb.DuckDBPyConnection, claim_id: str) -> Decision | None:
    """What was last said of that claim."""
    row = con.execute(_NEWEST, [claim_id]).fetchone()
    return Decision(*row) if row else None


def approve(con: duckdb.DuckDBPyConnection, claim: Claim, claims: Sequence[Claim], today: date, said: Decision) -> None:
    """Approve. Raises ``Refused`` where a rule, an earlier claim or the calendar stands against it."""
    status = _status(claim, newest(con, claim.claim_id))
    if status in ("approved", "extended"):
        raise Refused("approved_already", until=claim.approved_until)
    if claim.status == "won":
        raise Refused("won")
    if claim.reason_key in _BY_RULE:
        raise Refused(_BY_RULE[claim.reason_key], holder=_told(claims, claim.held_by_claim_id))
    if claim.approved_until < today:
        raise Refused("over", until=claim.approved_until)
    ahead = [other for other in claims if other.holds and other.overlaps(claim) and other.partner != claim.partner]
    if ahead and not claim.holds:
        raise Refused("held", holder=_told(claims, ahead[0].claim_id))
    _record(con, claim, said)


def reject(con: duckdb.DuckDBPyConnection, claim: Claim, said: Decision) -> None:
    """Refuse. Raises ``Refused`` where the claim is over."""
    if claim.status == "won":
        raise Refused("won")
    if claim.status == "expired":
        raise Refused("over", until=claim.protected_until)
    _record(con, claim, said)


def extend(con: duckdb.DuckDBPyConnection, claim: Claim, today: date, until: date | None, said: Decision) -> date:
    """Prolong the protection to a day, or by the days of the partner's terms; gives that day. Raises ``Refused``."""
    last = newest(con, claim.claim_id)
    if _status(claim, last) not in ("approved", "extended") or claim.approved_until < today:
        raise Refused("nothing_to_extend")
    ends = last.until if last and last.decision == "extended" and last.until else claim.protection_until
    wanted = until or max(ends, today) + timedelta(days=claim.extension_days)
    if wanted <= ends or wanted < today:
        raise Refused("extension_too_short", until=ends)
    _record(con, claim, replace(said, until=wanted))
    return wanted


def withdraw(con: duckdb.DuckDBPyConnection, claim: Claim, said: Decision) -> None:
    """Take back what was said: the claim stands as it would have without. Raises ``Refused`` where nothing was."""
    last = newest(con, claim.claim_id)
    if last is None or last.decision == "withdrawn":
        raise Refused("nothing_said")
    _record(con, claim, said)


def _status(claim: Claim, last: Decision | None) -> str:
    """As the last run left it, or as an answer since then will make it."""
    if last is None or (last.decision, last.decided_at) == (claim.said, claim.said_at):
        return claim.status
    return "pending" if last.decision == "withdrawn" else last.decision


def _told(claims: Sequence[Claim], claim_id: str | None) -> str:
    """A claim in an answer: whose, and its id."""
    return next((f"{claim.partner_name} ({claim.claim_id})" for claim in claims if claim.claim_id == claim_id), "")


def _record(con: duckdb.DuckDBPyConnection, claim: Claim, said: Decision) -> None:
    """One answer per claim and moment: what is said again at the same one is a correction."""
    with transaction(con):
        con.execute(
            "DELETE FROM state.registration_decisions WHERE claim_id = ? AND decided_at = ?", [claim.claim_id, said.decided_at]
        )
        con.execute(
            "INSERT INTO state.registration_decisions BY NAME SELECT ? AS claim_id, ? AS decision, ?::DATE AS until, "
            "?::VARCHAR AS reason, ? AS decided_by, ?::TIMESTAMPTZ AS decided_at",
            [claim.claim_id, said.decision, said.until, said.reason, said.decided_by, said.decided_at],
        )
