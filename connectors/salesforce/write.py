"""Writing to Salesforce: update, upsert, delete, by the sObject collections, 200 rows a call, or many rows by one Bulk job.

Belongs here: batches, the choice of API, results in the order given. Does not: jobs (``bulk``), locked rows (``locks``), what to
write.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any

from connectors.batches import chunks, plain, send_in_halves
from connectors.crm import Row, WriteResult
from connectors.salesforce import bulk
from connectors.salesforce.bulk_rows import can_carry
from connectors.salesforce.locks import parent_named, send_again
from connectors.salesforce.session import SalesforceSession
from connectors.unfit import key_of, unfit

_ROWS = 200
_GONE = {"ENTITY_IS_DELETED", "NOT_FOUND", "INVALID_CROSS_REFERENCE_KEY"}


def write(session: SalesforceSession, object: str, rows: Iterable[Row], external_id: str | None) -> Iterator[WriteResult]:
    """Update by ``Id``, or upsert by the external id field."""
    operation: bulk.Operation = "upsert" if external_id else "update"
    return _Writer(session, object, operation, external_id or "Id").written(rows)


def delete(session: SalesforceSession, object: str, ids: Sequence[str]) -> Iterator[WriteResult]:
    """Delete by id; a record that is gone already, even from the recycle bin, counts as ok."""
    for result in _Writer(session, object, "delete", "Id").written({"Id": id} for id in ids):
        yield WriteResult(result.key, True, id=result.key) if result.code in _GONE else result


class _Writer:
    """One operation on one object, by either API."""

    def __init__(self, session: SalesforceSession, object: str, operation: bulk.Operation, key_field: str) -> None:
        self._session, self._object, self._operation, self._key_field = session, object, operation, key_field

    def written(self, rows: Iterable[Row]) -> Iterator[WriteResult]:
        """One result per row, in order. Each call and job has its rows sorted by the account that they name, then by key: locks
        are taken on the account, and the parts of a job that Salesforce works through at once then share none."""
        for batch in self._cut(rows):
            results = unfit(batch, self._key_field)
            order = sorted(set(range(len(batch))) - set(results), key=lambda at: (parent_named(batch[at]), self._key(batch[at])))
            sent = self._sent([batch[at] for at in order])
            results.update(zip(order, sent, strict=True))
            yield from (results[at] for at in range(len(batch)))

    def _key(self, row: Row) -> str:
        return key_of(row, self._key_field)

    def _cut(self, rows: Iterable[Row]) -> Iterator[list[Row]]:
        """Lists that one job is to write, where at least ``BREAK_EVEN`` rows with different keys follow; else one call."""
        rest = iter(rows)
        while first := list(islice(rest, bulk.BREAK_EVEN)):
            more = islice(rest, bulk.JOB_ROWS - bulk.BREAK_EVEN) if len(first) == bulk.BREAK_EVEN else ()
            for batch in chunks(chain(first, more), bulk.JOB_ROWS, self._key):
                yield from [batch] if len(batch) >= bulk.BREAK_EVEN else chunks(batch, _ROWS, self._key)

    def _sent(self, rows: Sequence[Row]) -> list[WriteResult]:
        """By a job what pays off and CSV can carry, by calls the rest."""
        by_job = [at for at, row in enumerate(rows) if can_carry(row)] if len(rows) >= bulk.BREAK_EVEN else []
        if len(by_job) < bulk.BREAK_EVEN:
            by_job = []
        results = dict(zip(by_job, self._job([rows[at] for at in by_job]), strict=True)) if by_job else {}
        by_call = [at for at in range(len(rows)) if at not in results]
        for start in range(0, len(by_call), _ROWS):
            part = by_call[start : start + _ROWS]
            results.update(zip(part, send_in_halves([rows[at] for at in part], self._call, self._key), strict=True))
        known = [results[at] for at in range(len(rows))]
        return send_again(self._session, self._object, self._key_field, rows, known, self._call)

    def _job(self, rows: Sequence[Row]) -> list[WriteResult]:
        named = [{name: row[name] for name in (self._key_field, *self._fields(row))} for row in rows]
        return bulk.send(self._session, self._object, self._operation, named, self._key_field)

    def _call(self, rows: Sequence[Row]) -> list[WriteResult]:
        if self._operation == "delete":
            ids = ",".join(self._key(row) for row in rows)
            answer = self._session.call("DELETE", "composite/sobjects", {"ids": ids, "allOrNone": "false"})
        else:
            below = f"/{self._object}/{self._key_field}" if self._operation == "upsert" else ""
            body = {"allOrNone": False, "records": [self._record(row) for row in rows]}
            answer = self._session.call("PATCH", f"composite/sobjects{below}", body=body)
        return [_result(self._key(row), said) for row, said in zip(rows, answer, strict=True)]

    def _record(self, row: Row) -> dict[str, Any]:
        name = "id" if self._operation == "update" else self._key_field
        fields = {field: plain(row[field]) for field in self._fields(row)}
        return {"attributes": {"type": self._object}, name: plain(row[self._key_field]), **fields}

    def _fields(self, row: Row) -> list[str]:
        """An upsert names its record by the external id alone."""
        return [name for name in row if name not in ("Id", self._key_field)]


def _result(key: str, said: dict[str, Any]) -> WriteResult:
    if said.get("success"):
        return WriteResult(key, True, id=said.get("id"), created=bool(said.get("created")))
    errors = said.get("errors") or [{}]
    code = str(errors[0].get("statusCode") or "UNKNOWN")
    message = "; ".join(" ".join(str(error.get("message") or "").split()) for error in errors)
    return WriteResult(key, False, id=said.get("id"), code=code, message=message)
