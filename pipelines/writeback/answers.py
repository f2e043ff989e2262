"""People's values in fields of ours: reading the open conflicts, and recording what the partner manager says of them.

Belongs here: the two ways out (give the field back to us, make it a dated override) and taking the second back. Does not:
what an answer leads to (the next compare, the marts), printing (the command line).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import duckdb

from pipelines.registrations.refused import Refused, refusal
from pipelines.warehouse import transaction
from pipelines.writeback.catalogue import ACCOUNT_OBJECT, DEAL_OBJECT

YEARS_AHEAD = 2
_STEERS = {
    ("partner_approach", "open"): "allow",
    ("partner_approach", "no_approach"): "block",
    ("no_approach", "true"): "block",
    ("no_approach", "false"): "allow",
}
"""(field, the person's value) -> the override that it amounts to."""
ACCOUNT_OF_ROW = """
    LEFT JOIN intermediate.records AS records
        ON records.connection = kept.connection AND records.native_id = split_part(kept.record_id, ':', 1)
        AND list_contains($accounts, records.object) AND NOT list_contains($deals, kept.object)
"""
"""The account that a row of ``kept`` is on: ids of child rows and tasks begin with that of their account."""
_CONFLICTS = f"""
SELECT kept.connection, kept.object, kept.record_id, kept.field, records.name, kept.ours, kept.theirs,
    kept.first_seen_at, kept.last_seen_at, kept.answer, kept.answered_by, kept.answered_at
FROM state.conflicts AS kept {ACCOUNT_OF_ROW}
WHERE kept.resolved_at IS NULL
ORDER BY records.name NULLS LAST, kept.connection, split_part(kept.record_id, ':', 1), kept.object, kept.record_id, kept.field
"""
_OVERRIDES = """
SELECT kept.record_id, kept.override, kept.partner, parties.name, records.name, kept.until, kept.reason, kept.decided_by
FROM (
    FROM state.overrides QUALIFY row_number() OVER (PARTITION BY record_id, partner ORDER BY decided_at DESC) = 1
) AS kept
LEFT JOIN intermediate.records AS records USING (record_id)
LEFT JOIN config.parties AS parties ON parties.party = kept.partner
WHERE kept.until >= $today
ORDER BY records.name NULLS LAST, kept.record_id, kept.partner
"""
"""Of several of one record and partner the newest counts, as it does for the marts."""
_ANSWER = """
UPDATE state.conflicts AS kept SET answer = $answer, answered_by = $by, answered_at = $at, reason = $reason
FROM (
    SELECT unnest($connections::VARCHAR[]) AS connection, unnest($objects::VARCHAR[]) AS object,
        unnest($records::VARCHAR[]) AS record_id, unnest($fields::VARCHAR[]) AS field, unnest($theirs::VARCHAR[]) AS theirs
) AS seen
WHERE kept.connection = seen.connection AND kept.object = seen.object AND kept.record_id = seen.record_id
    AND kept.field = seen.field AND kept.theirs IS NOT DISTINCT FROM seen.theirs AND kept.resolved_at IS NULL
"""


@dataclass(frozen=True)
class Conflict:
    """One field of ours that a person changed; ``ours`` and ``theirs`` in canonical form. ``name``: its account's, if known."""

    connection: str
    object: str
    record_id: str
    field: str
    name: str | None
    ours: str | None
    theirs: str | None
    first_seen_at: datetime
    last_seen_at: datetime
    answer: str | None
    answered_by: str | None
    answered_at: datetime | None

    @property
    def id(self) -> str:
        return f"{self.connection}:{self.object}:{self.record_id}"

    @property
    def account_id(self) -> str:
        """The CRM's id of the account, or of the deal, that it is on."""
        return self.record_id.split(":")[0]

    @property
    def waits(self) -> bool:
        return self.answer is None


@dataclass(frozen=True)
class SteeredAccount:
    """One override that was made of a conflict and holds. ``partner`` is empty where it is for every partner."""

    record_id: str
    override: str
    partner: str | None
    partner_name: str | None
    name: str | None
    until: date
    reason: str
    decided_by: str


@dataclass(frozen=True)
class Said:
    """Who answers, when and why."""

    by: str
    at: datetime
    reason: str | None = None


def conflicts_of(con: duckdb.DuckDBPyConnection) -> list[Conflict]:
    """Every open conflict, by account."""
    return [Conflict(*row) for row in con.execute(_CONFLICTS, account_objects()).fetchall()]


def steered_accounts(con: duckdb.DuckDBPyConnection, today: date) -> list[SteeredAccount]:
    """Every override made of a conflict that holds on that day, by account."""
    return [SteeredAccount(*row) for row in con.execute(_OVERRIDES, {"today": today}).fetchall()]


def account_objects() -> dict[str, list[str]]:
    return {"accounts": list(ACCOUNT_OBJECT.values()), "deals": list(DEAL_OBJECT.values())}


def find_conflicts(conflicts: Sequence[Conflict], asked: str, field: str | None = None) -> list[Conflict]:
    """The conflicts of that record, by its id or by the CRM's own where one record alone has it. Raises ``Refused``."""
    found = [conflict for conflict in conflicts if asked in (conflict.id, conflict.record_id)]
    ids = sorted({conflict.id for conflict in found})
    if len(ids) != 1:
        known = {conflict.id: conflict.record_id for conflict in conflicts}
        raise refusal("unknown_conflict", asked, known, ids)
    if field and field not in {conflict.field for conflict in found}:
        raise Refused("other_field", asked=field, fields=", ".join(conflict.field for conflict in found))
    return [conflict for conflict in found if field in (None, conflict.field)]


def restore(con: duckdb.DuckDBPyConnection, conflicts: Sequence[Conflict], said: Said) -> None:
    """Let ours be written over exactly the values that these conflicts show. All or none; raises ``Refused``."""
    with transaction(con):
        _answer(con, conflicts, "restore", said)


def override(
    con: duckdb.DuckDBPyConnection,
    conflicts: Sequence[Conflict],
    ours: Collection[str],
    partner: str | None,
    until: date,
    today: date,
    said: Said,
) -> str:
    """Make what a person set on one account an override, for one partner or all; gives ``allow`` or ``block``.

    ``ours`` are our own connections. It takes the place of an earlier one of the same account and partner. Raises ``Refused``.
    """
    steering = [c for c in conflicts if c.object in ACCOUNT_OBJECT.values() and c.connection in ours and _word(c)]
    words = sorted({_word(conflict) for conflict in steering})
    if not steering:
        raise Refused("steers_nothing", fields=", ".join(conflict.field for conflict in conflicts))
    if len(words) > 1:
        raise Refused("steers_both", fields=", ".join(conflict.field for conflict in steering))
    last = _years_later(today)
    if not today <= until <= last:
        raise Refused("override_end", today=today, last=last)
    with transaction(con):
        _answer(con, steering, "override", said)
        _record(con, steering[0].id, words[0], partner, until, said)
    return words[0]


def withdraw(con: duckdb.DuckDBPyConnection, steered: Sequence[SteeredAccount], today: date, said: Said) -> None:
    """Take these overrides back: they ended yesterday."""
    with transaction(con):
        for one in steered:
            _record(con, one.record_id, one.override, one.partner, today - timedelta(days=1), said)


def find_steered(steered: Sequence[SteeredAccount], asked: str) -> list[SteeredAccount]:
    """The overrides of that account. Raises ``Refused``, with near ids."""
    known = {one.record_id: one.record_id.split(":", 2)[2] for one in steered}
    ids = [id for id, native in known.items() if asked in (id, native)]
    if len(ids) != 1:
        raise refusal("unknown_steered", asked, known, ids)
    return [one for one in steered if one.record_id == ids[0]]


def _word(conflict: Conflict) -> str:
    return _STEERS.get((conflict.field, conflict.theirs or ""), "")


def _answer(con: duckdb.DuckDBPyConnection, conflicts: Sequence[Conflict], answer: str, said: Said) -> None:
    """Raises ``Refused`` where one of them is no longer as it was read."""
    keys = [(c.connection, c.object, c.record_id, c.field, c.theirs) for c in conflicts]
    lists = dict(zip(("connections", "objects", "records", "fields", "theirs"), map(list, zip(*keys, strict=True)), strict=True))
    row = con.execute(_ANSWER, {"answer": answer, "by": said.by, "at": said.at, "reason": said.reason, **lists}).fetchone()
    if row is None or row[0] != len(conflicts):
        raise Refused("conflict_moved")


def _record(con: duckdb.DuckDBPyConnection, record_id: str, override: str, partner: str | None, until: date, said: Said) -> None:
    """One per account, partner and moment: what is said again at the same one is a correction."""
    con.execute(
        "DELETE FROM state.overrides WHERE record_id = ? AND partner IS NOT DISTINCT FROM ? AND decided_at = ?",
        [record_id, partner, said.at],
    )
    con.execute(
        "INSERT INTO state.overrides BY NAME SELECT ? AS record_id, ? AS override, ?::VARCHAR AS partner, ? AS reason, "
        "?::DATE AS until, ? AS decided_by, ?::TIMESTAMPTZ AS decided_at",
        [record_id, override, partner, said.reason, until, said.by, said.at],
    )


def _years_later(day: date) -> date:
    """The same day, or where that year has none the 28th of February."""
    try:
        return day.replace(year=day.year + YEARS_AHEAD)
    except ValueError:
        return day.replace(year=day.year + YEARS_AHEAD, day=28)
