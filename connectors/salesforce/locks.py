"""Locks: which account stands above a row, and sending again, in ever smaller calls, the rows that Salesforce could not lock.

Belongs here: the parent of a row, the order by it, waiting and sending again. Does not: the first sending (``write``).

To write an opportunity, a contact, a task or a row of a child object Salesforce locks the account above it too, so that whoever
writes children of one account at the same time stands in the other's way. Rows of one parent therefore go in one call.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from connectors.batches import CallRefused, send_in_halves
from connectors.crm import QuotaExhausted, Row, WriteResult
from connectors.salesforce.reading import read
from connectors.salesforce.session import SalesforceSession
from connectors.unfit import key_of

LOCKED = "UNABLE_TO_LOCK_ROW"
_ROWS = (50, 10, 1)
"""Locked rows are sent again in calls of these sizes; what is locked after the last is reported as it is."""
_WAIT = 0.1
"""Seconds before the first of these, three times as long before each further one."""
_ACCOUNT = re.compile(r"(001[0-9A-Za-z]{12})(?:[0-9A-Za-z]{3})?(?![0-9A-Za-z])")
"""An account's id, of 15 characters or 18; a key of ours begins with one."""
_NO_PARENTS = {"User", "Group", "RecordType"}

Send = Callable[[Sequence[Row]], list[WriteResult]]


def parent_named(row: Row) -> str:
    """The account that the row names in a field or at the beginning of its key, or is itself; empty where it names none."""
    found = (_ACCOUNT.match(value) for value in row.values() if isinstance(value, str))
    return next((match[1] for match in found if match), "")


def send_again(
    session: SalesforceSession, object: str, key_field: str, rows: Sequence[Row], results: Sequence[WriteResult], send: Send
) -> list[WriteResult]:
    """The results, after what was locked was sent again; parents that rows do not name are read, once.

    Where the budget of calls ends the rest stays as it was, locked.
    """
    known = list(results)
    parents: dict[str, str] | None = None
    try:
        for turn, size in enumerate(_ROWS):
            locked = [place for place, result in enumerate(known) if result.code == LOCKED]
            if not locked:
                break
            if parents is None:
                parents = _parents(session, object, key_field, [rows[place] for place in locked])
            time.sleep(_WAIT * 3**turn * random.uniform(0.5, 1))  # whoever holds the lock needs a moment to be done
            for part in _calls([(parents.get(key_of(rows[place], key_field), ""), place) for place in locked], size):
                again = send_in_halves([rows[place] for place in part], send, lambda row: key_of(row, key_field))
                known = _replaced(known, part, again)
    except QuotaExhausted:
        pass
    return known


def _replaced(results: Sequence[WriteResult], places: Sequence[int], newer: Sequence[WriteResult]) -> list[WriteResult]:
    changed = dict(zip(places, newer, strict=True))
    return [changed.get(place, result) for place, result in enumerate(results)]


def _calls(locked: Sequence[tuple[str, int]], size: int) -> Iterator[list[int]]:
    """Places by parent, ``size`` at most in one; rows of one parent are in one as far as they fit."""
    call: list[int] = []
    by_parent: dict[str, list[int]] = {}
    for parent, place in sorted(locked):
        by_parent.setdefault(parent, []).append(place)
    for places in by_parent.values():
        if call and len(call) + len(places) > size:
            yield call
            call = []
        call += places
        while len(call) > size:
            yield call[:size]
            call = call[size:]
    if call:
        yield call


def _parents(session: SalesforceSession, object: str, key_field: str, rows: Sequence[Row]) -> dict[str, str]:
    """Key -> parent. Rows of which Salesforce does not say one stand by their keys alone."""
    parents = {key_of(row, key_field): parent_named(row) for row in rows}
    unnamed = [key for key, parent in parents.items() if not parent]
    field = _parent_field(session, object) if unnamed else None
    if field:
        try:
            there = read(session, object, unnamed, [field], None if key_field == "Id" else key_field)
        except CallRefused:
            there = {}
        parents |= {key: str(record[field] or "")[:15] for key, record in there.items()}
    return parents


def _parent_field(session: SalesforceSession, object: str) -> str | None:
    """The reference to an account alone; else to one among others; else to what the record is deleted with; else the first."""
    try:
        fields = session.call("GET", f"sobjects/{object}/describe")["fields"]
    except CallRefused:
        return None
    references = [each for each in fields if each.get("referenceTo") and not _NO_PARENTS & set(each["referenceTo"])]

    def rank(each: dict[str, Any]) -> tuple[bool, bool, bool]:
        return each["referenceTo"] != ["Account"], "Account" not in each["referenceTo"], not each.get("cascadeDelete")

    return str(min(references, key=rank)["name"]) if references else None
