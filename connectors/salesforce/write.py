"""Writing to Salesforce through the sObject collections: update, upsert, delete, 200 rows a call.

Belongs here: batches, results in the order given, locked rows. Does not: deciding what to write.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from connectors.batches import chunks, plain, send_in_halves
from connectors.crm import Row, WriteResult
from connectors.salesforce.session import SalesforceSession

_ROWS = 200
_LOCKED = "UNABLE_TO_LOCK_ROW"
_LOCKED_ROWS = (50, 10, 1)
"""Locked rows are sent again in batches of these sizes; what is locked after the last is reported as it is."""
_GONE = {"ENTITY_IS_DELETED", "NOT_FOUND", "INVALID_CROSS_REFERENCE_KEY"}

Send = Callable[[Sequence[Row]], list[WriteResult]]


def write(session: SalesforceSession, object: str, rows: Iterable[Row], external_id: str | None) -> Iterator[WriteResult]:
    """Update by ``Id``, or upsert by the external id field. Within a call rows go sorted by key, which keeps locks apart."""
    key_field = external_id or "Id"

    def key(row: Row) -> str:
        return str(row.get(key_field) or "")

    def send(batch: Sequence[Row]) -> list[WriteResult]:
        path = f"composite/sobjects/{object}/{external_id}" if external_id else "composite/sobjects"
        records = [_record(object, row, external_id) for row in batch]
        answer = session.call("PATCH", path, body={"allOrNone": False, "records": records})
        return [_result(key(row), said) for row, said in zip(batch, answer, strict=True)]

    for batch in chunks(rows, _ROWS, key):
        results: dict[int, WriteResult] = {
            i: WriteResult("", False, code="REQUIRED_FIELD_MISSING", message=f"The row has no {key_field}.")
            for i, row in enumerate(batch)
            if not key(row)
        }
        order = sorted((i for i in range(len(batch)) if i not in results), key=lambda i: key(batch[i]))
        sent = _send_patiently([batch[i] for i in order], send, key) if order else []
        results.update(zip(order, sent, strict=True))
        yield from (results[i] for i in range(len(batch)))


def delete(session: SalesforceSession, object: str, ids: Sequence[str]) -> Iterator[WriteResult]:
    """Delete by id; a record that is gone already, even from the recycle bin, counts as ok."""

    def send(batch: Sequence[str]) -> list[WriteResult]:
        answer = session.call("DELETE", "composite/sobjects", {"ids": ",".join(batch), "allOrNone": "false"})
        results = [_result(id, said) for id, said in zip(batch, answer, strict=True)]
        return [WriteResult(r.key, True, id=r.key) if r.code in _GONE else r for r in results]

    for batch in chunks(ids, _ROWS, str):
        yield from send_in_halves(batch, send, str)


def _send_patiently(batch: Sequence[Row], send: Send, key: Callable[[Row], str]) -> list[WriteResult]:
    results = send_in_halves(batch, send, key)
    for again, size in enumerate(_LOCKED_ROWS):
        locked = [i for i, result in enumerate(results) if result.code == _LOCKED]
        if not locked:
            break
        time.sleep(0.1 * 3**again * random.uniform(0.5, 1))  # whoever holds the lock needs a moment to be done
        for at in range(0, len(locked), size):
            part = locked[at : at + size]
            for i, result in zip(part, send_in_halves([batch[i] for i in part], send, key), strict=True):
                results[i] = result
    return results


def _record(object: str, row: Row, external_id: str | None) -> dict[str, Any]:
    record: dict[str, Any] = {"attributes": {"type": object}}
    for name, value in row.items():
        if name == "Id":
            if not external_id:  # an upsert names its record by the external id alone
                record["id"] = value
        else:
            record[name] = plain(value)
    return record


def _result(key: str, said: dict[str, Any]) -> WriteResult:
    if said.get("success"):
        return WriteResult(key, True, id=said.get("id"), created=bool(said.get("created")))
    errors = said.get("errors") or [{}]
    code = str(errors[0].get("statusCode") or "UNKNOWN")
    message = "; ".join(" ".join(str(error.get("message") or "").split()) for error in errors)
    return WriteResult(key, False, id=said.get("id"), code=code, message=message)
