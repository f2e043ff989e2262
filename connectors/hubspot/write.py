"""Writing to HubSpot in batches of 100: update, upsert, archive.

Belongs here: batches, results in the order given. Does not: deciding what to write, lists (``lists``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from connectors.batches import chunks, send_in_halves
from connectors.crm import Row, WriteResult
from connectors.hubspot.properties import COMPANY, text_of
from connectors.hubspot.session import HubspotSession
from connectors.unfit import key_of, unfit

_ROWS = 100


def write(session: HubspotSession, object: str, rows: Iterable[Row], external_id: str | None) -> Iterator[WriteResult]:
    """Update by ``id``, or upsert by a property with unique values. A batch that is refused all the same is sent in halves.

    HubSpot's upsert takes no associations: rows with ``_associate_company`` cost one further call a batch.
    """
    key_field = external_id or "id"

    def key(row: Row) -> str:
        return key_of(row, key_field)

    def send(batch: Sequence[Row]) -> list[WriteResult]:
        inputs = [_input(row, key(row), external_id, f"row-{number}") for number, row in enumerate(batch)]
        verb = "upsert" if external_id else "update"
        answer = session.call("POST", f"/crm/v3/objects/{object}/batch/{verb}", body={"inputs": inputs})
        results = _results([key(row) for row in batch], answer)
        return _associated(session, object, batch, results)

    for batch in chunks(rows, _ROWS, key):
        results = unfit(batch, key_field)
        fit = [at for at in range(len(batch)) if at not in results]
        if fit:
            results.update(zip(fit, send_in_halves([batch[at] for at in fit], send, key), strict=True))
        yield from (results[at] for at in range(len(batch)))


def archive(session: HubspotSession, object: str, ids: Sequence[str]) -> Iterator[WriteResult]:
    """Archive by id; HubSpot itself takes a record that is gone already for done."""

    def send(batch: Sequence[str]) -> list[WriteResult]:
        answer = session.call("POST", f"/crm/v3/objects/{object}/batch/archive", body={"inputs": [{"id": id} for id in batch]})
        errors = [error for error in _errors(answer or {}) if "NOT_FOUND" not in error[1]]
        failed = {mark: (code, message) for marks, code, message in errors for mark in marks}
        return [WriteResult(i, False, None, False, *failed[i]) if i in failed else WriteResult(i, True, id=i) for i in batch]

    for batch in chunks(ids, _ROWS, str):
        yield from send_in_halves(batch, send, str)


def _input(row: Row, key: str, external_id: str | None, trace: str) -> dict[str, Any]:
    """One row. With a trace id on every row HubSpot names the rows that are at fault, instead of refusing the batch."""
    properties = {name: text_of(value) for name, value in row.items() if name not in ("id", external_id, COMPANY)}
    if external_id:
        properties = {external_id: key, **properties}
        return {"id": key, "idProperty": external_id, "objectWriteTraceId": trace, "properties": properties}
    # An idProperty here would make HubSpot look for a property, not for the record's id.
    return {"id": key, "objectWriteTraceId": trace, "properties": properties}


def _results(keys: Sequence[str], answer: Mapping[str, Any]) -> list[WriteResult]:
    """HubSpot answers in no promised order: rows are found by trace id, else by key. A row that nothing mentions has failed."""
    done = {str(r.get("objectWriteTraceId") or r["id"]): r for r in answer.get("results") or ()}
    errors = list(_errors(answer))
    failed = {mark: (code, message) for marks, code, message in errors for mark in marks}
    otherwise = errors[0][1:] if errors else ("NO_ANSWER", "HubSpot's answer does not mention this record.")
    results = []
    for number, key in enumerate(keys):
        found = done.get(f"row-{number}") or done.get(key)
        if found:
            results.append(WriteResult(key, True, id=str(found["id"]), created=bool(found.get("new"))))
        else:
            code, message = failed.get(f"row-{number}") or failed.get(key) or otherwise
            results.append(WriteResult(key, False, code=code, message=message))
    return results


def _associated(session: HubspotSession, object: str, rows: Sequence[Row], results: Sequence[WriteResult]) -> list[WriteResult]:
    """Join the records written to their companies; one that cannot be joined has failed, and is joined when it is sent again."""
    both = list(zip(results, (str(row.get(COMPANY) or "") for row in rows), strict=True))
    wanted = {(str(result.id), company) for result, company in both if result.ok and company}
    if not wanted:
        return list(results)
    inputs = [{"from": {"id": id}, "to": {"id": company}} for id, company in sorted(wanted)]
    answer = session.call("POST", f"/crm/v4/associations/{object}/companies/batch/associate/default", body={"inputs": inputs})
    if not answer.get("errors"):
        return list(results)
    lost = wanted - {(str(made["from"]["id"]), str(made["to"]["id"])) for made in answer.get("results") or ()}
    message = "The record was written, but HubSpot did not associate it with its company."
    return [
        replace(result, ok=False, code="NOT_ASSOCIATED", message=message) if (str(result.id), company) in lost else result
        for result, company in both
    ]


def _errors(answer: Mapping[str, Any]) -> Iterator[tuple[list[str], str, str]]:
    """(trace ids and keys it is about, code, message) of each error that a 207 lists."""
    for error in answer.get("errors") or ():
        context = error.get("context") or {}
        code = str(error.get("category") or error.get("code") or "ERROR")
        message = " ".join(str(error.get("message") or "").split())
        inner = [str(e.get("message") or "") for e in error.get("errors") or () if isinstance(e, dict)]
        marks = [str(mark) for name in ("objectWriteTraceId", "ids", "id") for mark in _as_list(context.get(name))]
        yield marks, code, "; ".join(dict.fromkeys([message, *inner]))


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
