"""Writing to Salesforce: update, upsert, delete, by the sObject collections, 200 rows a call, or many rows by one Bulk job.

Belongs here: batches, the choice of API, results in the order given, locked rows. Does not: jobs (``bulk``), what to write.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any, TypeVar

from connectors.batches import chunks, plain, send_in_halves
from connectors.crm import Row, WriteResult
from connectors.salesforce import bulk
from connectors.salesforce.bulk_rows import can_carry
from connectors.salesforce.session import SalesforceSession

_ROWS = 200
_LOCKED = "UNABLE_TO_LOCK_ROW"
_LOCKED_ROWS = (50, 10, 1)
"""Locked rows are sent again in batches of these sizes; what is locked after the last is reported as it is."""
_GONE = {"ENTITY_IS_DELETED", "NOT_FOUND", "INVALID_CROSS_REFERENCE_KEY"}

T = TypeVar("T")
Send = Callable[[Sequence[T]], list[WriteResult]]


def write(session: SalesforceSession, object: str, rows: Iterable[Row], external_id: str | None) -> Iterator[WriteResult]:
    """Update by ``Id``, or upsert by the external id field. Each call and job has its rows sorted by key, to keep locks apart."""
    key_field = external_id or "Id"

    def key(row: Row) -> str:
        return str(row.get(key_field) or "")

    def send(batch: Sequence[Row]) -> list[WriteResult]:
        path = f"composite/sobjects/{object}/{external_id}" if external_id else "composite/sobjects"
        records = [_record(object, row, external_id) for row in batch]
        answer = session.call("PATCH", path, body={"allOrNone": False, "records": records})
        return [_result(key(row), said) for row, said in zip(batch, answer, strict=True)]

    def send_job(batch: Sequence[Row]) -> list[WriteResult]:
        named = [{name: value for name, value in row.items() if name == key_field or name != "Id"} for row in batch]
        return bulk.send(session, object, "upsert" if external_id else "update", named, key_field)

    for batch in _cut(rows, key):
        results: dict[int, WriteResult] = {
            i: WriteResult("", False, code="REQUIRED_FIELD_MISSING", message=f"The row has no {key_field}.")
            for i, row in enumerate(batch)
            if not key(row)
        }
        order = sorted((i for i in range(len(batch)) if i not in results), key=lambda i: key(batch[i]))
        by_job = [i for i in order if can_carry(batch[i])] if len(batch) >= bulk.BREAK_EVEN else []
        sent = dict(zip(by_job, send_job([batch[i] for i in by_job]), strict=True)) if by_job else {}
        by_call = [i for i in order if i not in sent]
        sent.update(zip(by_call, _by_calls([batch[i] for i in by_call], send, key), strict=True))
        results.update(zip(order, _locked_again([batch[i] for i in order], [sent[i] for i in order], send, key), strict=True))
        yield from (results[i] for i in range(len(batch)))


def delete(session: SalesforceSession, object: str, ids: Sequence[str]) -> Iterator[WriteResult]:
    """Delete by id; a record that is gone already, even from the recycle bin, counts as ok."""

    def send(batch: Sequence[str]) -> list[WriteResult]:
        answer = session.call("DELETE", "composite/sobjects", {"ids": ",".join(batch), "allOrNone": "false"})
        return [_result(id, said) for id, said in zip(batch, answer, strict=True)]

    def send_job(batch: Sequence[str]) -> list[WriteResult]:
        return bulk.send(session, object, "delete", [{"Id": id} for id in batch], "Id")

    for batch in _cut(ids, str):
        results = send_job(batch) if len(batch) >= bulk.BREAK_EVEN else send_in_halves(batch, send, str)
        for result in _locked_again(batch, results, send, str):
            yield WriteResult(result.key, True, id=result.key) if result.code in _GONE else result


def _cut(rows: Iterable[T], key: Callable[[T], str]) -> Iterator[list[T]]:
    """Lists that one job is to write, where at least ``BREAK_EVEN`` rows with different keys follow; else that one call is to."""
    rest = iter(rows)
    while first := list(islice(rest, bulk.BREAK_EVEN)):
        more = islice(rest, bulk.JOB_ROWS - bulk.BREAK_EVEN) if len(first) == bulk.BREAK_EVEN else ()
        for batch in chunks(chain(first, more), bulk.JOB_ROWS, key):
            yield from [batch] if len(batch) >= bulk.BREAK_EVEN else chunks(batch, _ROWS, key)


def _by_calls(batch: Sequence[T], send: Send[T], key: Callable[[T], str]) -> list[WriteResult]:
    parts = (batch[at : at + _ROWS] for at in range(0, len(batch), _ROWS))
    return [result for part in parts for result in send_in_halves(part, send, key)]


def _locked_again(batch: Sequence[T], results: list[WriteResult], send: Send[T], key: Callable[[T], str]) -> list[WriteResult]:
    """The results, after what was locked was sent again in ever smaller parts."""
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
