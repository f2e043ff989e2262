"""The three-way compare: what we last sent, what the CRM holds now, what we want.

Belongs here: the decision for one field and for one record, pure. Does not: reading, journaling, or sending.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Verdict = Literal["same", "write", "adopt", "conflict"]
NEVER_SENT = object()
QUIET_FIELDS = ("as_of",)
"""Columns that move only when something else on the row does."""


@dataclass(frozen=True)
class FieldChange:
    """One field to be written; values in canonical form."""

    column: str
    before: str | None
    after: str | None


@dataclass
class RecordChange:
    """What to do with one record: fields to write, to take over as sent, and people's edits to leave."""

    record_id: str
    writes: list[FieldChange] = field(default_factory=list)
    adopted: list[FieldChange] = field(default_factory=list)
    conflicts: list[FieldChange] = field(default_factory=list)
    """``before`` is what the person set, ``after`` what we would have written."""
    rule: str | None = None
    remove: bool = False
    """The whole record is to go: a child row that has ended, a membership that no longer holds."""


def compare_field(sent: object, now: str | None, desired: str | None, empty: str | None = None) -> Verdict:
    """``sent`` is ``NEVER_SENT`` or the canonical value last sent; ``empty`` is what an untouched field holds.

    same: nothing to do. write: send it. adopt: the CRM holds it already, remember it as sent.
    conflict: a person set another value; it stays.
    """
    if now == desired:
        return "same" if sent == desired or (sent is NEVER_SENT and desired == empty) else "adopt"
    if sent is NEVER_SENT:
        return "write" if now == empty else "conflict"
    return "write" if now == sent else "conflict"


def compare_record(
    record_id: str,
    sent: Mapping[str, str | None],
    now: Mapping[str, str | None],
    desired: Mapping[str, str | None],
    empty: Mapping[str, str | None],
    rule: str | None = None,
) -> RecordChange:
    """Compare the columns of ``desired``, all in canonical form; ``sent`` lacks what was never sent."""
    change = RecordChange(record_id, rule=rule)
    bins = {"write": change.writes, "adopt": change.adopted, "conflict": change.conflicts}
    for column, wanted in desired.items():
        verdict = compare_field(sent.get(column, NEVER_SENT), now.get(column), wanted, empty.get(column))
        if verdict in bins:
            bins[verdict].append(FieldChange(column, now.get(column), wanted))
    if not any(w.column not in QUIET_FIELDS for w in change.writes):
        change.writes = []
        change.conflicts = [c for c in change.conflicts if c.column not in QUIET_FIELDS or _edited(c, sent)]
    return change


def _edited(change: FieldChange, sent: Mapping[str, str | None]) -> bool:
    """A quiet field counts as edited only where it differs from what we sent ourselves."""
    return change.column in sent and change.before != sent[change.column]
