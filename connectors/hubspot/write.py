"""Writing to HubSpot in batches of 100: update, upsert, archive.

Belongs here: batches, results in the order given. Does not: deciding what to write, lists (``lists``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from connectors.batches import chunks, send_in_halves
from connectors.crm import Row, WriteResult
from connectors.hubspot.properties import text_of
from connectors.hubspot.session import HubspotSession

_ROWS = 100


def write(session: HubspotSession, object: str, rows: Iterable[Row], external_id: str | None) -> Iterator[WriteResult]:
    """Update by ``id``, or upsert by a property with unique values. A refused batch is halved until the bad row stands alone."""
    key_field = external_id or "id"

    def key(row: Row) -> str:
        return str(row.get(key_field) or "")

    def send(batch: Sequence[Row]) -> list[WriteResult]:
        inputs = [_input(row, key(row), external_id) for row in batch]
        verb = "upsert" if external_id else "update"
        answer = session.call("POST", f"/crm/v3/objects/{object}/batch/{verb}", body={"inputs": inputs})
        return _results([key(row) for row in batch], answer, external_id)

    for batch in chunks(rows, _ROWS, key):
        keyed = [row for row in batch if key(row)]
        results = iter(send_in_halves(keyed, send, key) if keyed else [])
        for row in batch:
            if key(row):
                yield next(results)
            else:
                yield WriteResult("", False, code="MISSING_ID", message=f"The row has no {key_field}.")


def archive(session: HubspotSession, object: str, ids: Sequence[str]) -> Iterator[WriteResult]:
    """Archive by id; HubSpot itself takes a record that is gone already for done."""

    def send(batch: Sequence[str]) -> list[WriteResult]:
        answer = session.call("POST", f"/crm/v3/objects/{object}/batch/archive", body={"inputs": [{"id": id} for id in batch]})
        failed = {key: (code, message) for key, code, message in _errors(answer or {}) if "NOT_FOUND" not in code}
        return [WriteResult(i, False, code=failed[i][0], message=failed[i][1]) if i in failed else _done(i) for i in batch]

    for batch in chunks(ids, _ROWS, str):
        yield from send_in_halves(batch, send, str)


def _done(id: str) -> WriteResult:
    return WriteResult(id, True, id=id)


def _input(row: Row, key: str, external_id: str | None) -> dict[str, Any]:
    properties = {name: text_of(value) for name, value in row.items() if name not in ("id", external_id)}
    if external_id:
        return {"id": key, "idProperty": external_id, "properties": {external_id: key, **properties}}
    return {"id": key, "properties": properties}  # an idProperty here would make HubSpot look for a property, not the id


def _results(keys: Sequence[str], answer: Mapping[str, Any], external_id: str | None) -> list[WriteResult]:
    """HubSpot answers in no promised order, so rows are found by key; what is in neither list failed with the first error."""
    done: dict[str, WriteResult] = {}
    for result in answer.get("results") or ():
        key = str((result.get("properties") or {}).get(external_id) if external_id else result["id"])
        done[key] = WriteResult(key, True, id=str(result["id"]), created=bool(result.get("new")))
    errors = list(_errors(answer))
    failed = {key: WriteResult(key, False, code=code, message=message) for key, code, message in errors if key}
    all_went = not errors and len(answer.get("results") or ()) == len(keys)

    def otherwise(key: str) -> WriteResult:
        if all_went:  # the record was merged into another, under whose id the answer stands
            return WriteResult(key, True)
        code, message = errors[0][1:] if errors else ("NO_ANSWER", "HubSpot's answer does not mention this record.")
        return WriteResult(key, False, code=code, message=message)

    return [done.get(key) or failed.get(key) or otherwise(key) for key in keys]


def _errors(answer: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """(key or "", code, message) of each row that a 207 names."""
    for error in answer.get("errors") or ():
        context = error.get("context") or {}
        code = str(error.get("category") or error.get("code") or "ERROR")
        message = " ".join(str(error.get("message") or "").split())
        keys = [str(k) for name in ("ids", "id") for k in _as_list(context.get(name))]
        for key in keys or [""]:
            yield key, code, message


def _as_list(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


