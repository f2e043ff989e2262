"""Bulk API 2.0, the query side: jobs whose answers are CSV.

Belongs here: ``jobs/query``. Does not: ingest jobs (``bulk_ingest.py``). A job's rows are fixed when it is made; it is complete
when it is first looked at, unless the faults ``job_slow`` (in progress for one more look), ``job_failed`` or ``job_aborted``
strike. It outlives a restart. Faults of its results: ``results_cut``, ``locator_lost``.
"""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from connectors.sandbox.salesforce import errors
from connectors.sandbox.salesforce.errors import SalesforceError
from connectors.sandbox.salesforce.ingest_jobs import DELIMITERS, ENDS, UNFINISHED
from connectors.sandbox.salesforce.kept_jobs import KeptJobs
from connectors.sandbox.salesforce.org import Call
from connectors.sandbox.salesforce.queries import ID_LENGTH, unpacked
from connectors.sandbox.salesforce.soql_names import Selected
from connectors.sandbox.salesforce.soql_sql import Plan
from connectors.sandbox.salesforce.values import wire_datetime

_PAGE = 50_000
_BLOCK = 2_000
"""Rows that are read at once; other calls are answered in between."""
_LISTED = 1_000


@dataclass
class Job:
    """One query job; ``text`` is its query, ``described`` what its GET tells."""

    described: dict[str, Any]
    text: str

    @property
    def id(self) -> str:
        return str(self.described["id"])


async def jobs(call: Call) -> Response:
    """POST opens a job, GET lists those of the org, 1,000 a page."""
    if call.request.method == "GET":
        return _listed(call)
    body = await call.json()
    operation, ending, delimiter = body.get("operation"), body.get("lineEnding", "LF"), body.get("columnDelimiter", "COMMA")
    if operation not in ("query", "queryAll") or ending not in ENDS or delimiter not in DELIMITERS:
        raise SalesforceError("INVALIDJOB", "operation, lineEnding or columnDelimiter is none that is known")
    text = str(body.get("query") or "")
    plan = _plan(call, operation, text)
    kept, now = _kept(call), wire_datetime(call.org.clock.now().replace(microsecond=0))
    described = {
        "id": f"7505g{kept.next_number():010d}AAA", "operation": operation, "object": plan.type.name,
        "createdById": call.session.user_id, "createdDate": now, "systemModstamp": now, "state": "UploadComplete",
        "concurrencyMode": "Parallel", "contentType": "CSV", "apiVersion": float(call.version), "jobType": "V2Query",
        "lineEnding": ending, "columnDelimiter": delimiter,
    }  # fmt: skip
    with call.org.store.transaction():
        kept.keep_data(described["id"], call.org.queries.ids(plan).encode())
        kept.keep(described["id"], {"described": described, "text": text})
    return JSONResponse({name: value for name, value in described.items() if name != "jobType"})


def _listed(call: Call) -> Response:
    start = call.request.query_params.get("queryLocator", "0")
    if not start.isdigit():
        raise SalesforceError("INVALID_QUERY_LOCATOR", "invalid query locator")
    listed = [doc["described"] for doc in _kept(call).all()]
    stop = int(start) + _LISTED
    following = f"{call.base}/jobs/query?queryLocator={stop}" if stop < len(listed) else None
    return JSONResponse({"done": following is None, "records": listed[int(start) : stop], "nextRecordsUrl": following})


def _plan(call: Call, operation: str, text: str) -> Plan:
    """Raises ``SalesforceError``, among them for what Bulk does not take."""
    plan = call.org.queries.plan(text, call.view, operation == "queryAll", "jobs/query")
    refused = {
        "Aggregate Relationships not supported in Bulk V2 Query with CSV content type": bool(plan.children),
        "Aggregate functions and GROUP BY are not supported in Bulk V2 Query": plan.selected is None or plan.totals is not None,
        "OFFSET is not supported in Bulk V2 Query": plan.offset > 0,
    }
    for message, met in refused.items():
        if met:
            raise SalesforceError("FEATURENOTENABLED", f"FeatureNotEnabled : {message}")
    return plan


async def one_job(call: Call) -> Response:
    """GET tells its state, PATCH aborts, DELETE forgets."""
    job = _job(call)
    if call.request.method == "DELETE":
        if job.described["state"] == "InProgress":
            raise _wrong_state(f"Deleting a job in state {job.described['state']} is not allowed")
        _kept(call).forget(job.id)
        return Response(status_code=204)
    if call.request.method == "PATCH":
        if (await call.json()).get("state") != "Aborted":
            raise _wrong_state("The only state a query job can be given is Aborted")
        if job.described["state"] not in UNFINISHED:
            raise _wrong_state(f"Invalid job state change from {job.described['state']} to Aborted")
        _change(call, job, {"state": "Aborted"})
    elif job.described["state"] in UNFINISHED:
        _change(call, job, _next_state(call))
    processed = len(_kept(call).data(job.id)) // ID_LENGTH if job.described["state"] == "JobComplete" else 0
    counts = {"numberRecordsProcessed": processed, "retries": 0, "totalProcessingTime": 1}
    return JSONResponse({**job.described, **counts, "isPkChunkingSupported": True})


def _next_state(call: Call) -> dict[str, Any]:
    if call.org.faults.take("job_slow", call.request.url.path):
        return {"state": "InProgress"}
    if call.org.faults.take("job_failed", call.request.url.path):
        return {"state": "Failed", "errorMessage": "InternalServerError : the sandbox was told to fail this job"}
    if call.org.faults.take("job_aborted", call.request.url.path):
        return {"state": "Aborted"}
    return {"state": "JobComplete"}


def _change(call: Call, job: Job, values: dict[str, Any]) -> None:
    job.described |= {**values, "systemModstamp": wire_datetime(call.org.clock.now().replace(microsecond=0))}
    _kept(call).keep(job.id, {"described": job.described, "text": job.text})


async def results(call: Call) -> Response:
    """One page of CSV; the header line comes with each."""
    job, given, faults = _job(call), call.request.query_params, call.org.faults
    if job.described["state"] != "JobComplete":
        raise _wrong_state(f"Results are not available for a job in state {job.described['state']}")
    ids = _kept(call).data(job.id).decode()
    start, size, total = given.get("locator", "0"), given.get("maxRecords", str(_PAGE)), len(ids) // ID_LENGTH
    lost = "locator" in given and faults.take("locator_lost", call.request.url.path)
    if lost or not start.isdigit() or not size.isdigit() or (int(start) >= total and "locator" in given):
        raise SalesforceError("INVALID_QUERY_LOCATOR", "invalid query locator")
    stop = min(int(start) + max(1, int(size)), total)
    body, count = await _csv(call, job, unpacked(ids, int(start), stop))
    headers = {"Sforce-Locator": str(stop) if stop < total else "null", "Sforce-NumberOfRecords": str(count)}
    kind = _CutOff if faults.take("results_cut", call.request.url.path) else Response
    return kind(body, media_type="text/csv;charset=UTF-8", headers=headers)


class _CutOff(Response):
    """An answer that breaks off in the middle: the server closes the connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": self.body[: len(self.body) // 2], "more_body": True})


async def _csv(call: Call, job: Job, ids: list[str]) -> tuple[bytes, int]:
    """(CSV with its header, rows in it)."""
    plan = _plan(call, job.described["operation"], job.text)
    selected, count, text = plan.selected or (), 0, io.StringIO()
    ending, delimiter = ENDS[job.described["lineEnding"]], DELIMITERS[job.described["columnDelimiter"]]
    writer = csv.writer(text, delimiter=delimiter, lineterminator=ending, quoting=csv.QUOTE_ALL)
    writer.writerow([".".join(each.names) for each in selected])
    columns = [_column(each) for each in selected]
    for start in range(0, len(ids), _BLOCK):
        rows = call.org.queries.rows(plan, ids[start : start + _BLOCK], "")
        writer.writerows(zip(*(column(rows) for column in columns), strict=True))
        count += len(rows)
        await asyncio.sleep(0)
    return text.getvalue().encode(), count


def _column(each: Selected) -> Callable[[Sequence[dict[str, Any]]], list[Any]]:
    """Values as Bulk writes them: nothing for null, ``Z`` at the end of datetimes."""
    *above, last = each.names

    def values(rows: Sequence[dict[str, Any]]) -> list[Any]:
        found: list[Any] = list(rows)
        for name in above:
            found = [None if row is None else row[name] for row in found]
        found = [None if row is None else row[last] for row in found]
        if each.field.type == "datetime":
            return [None if value is None else f"{value.removesuffix('+0000')}Z" for value in found]
        if each.field.type == "boolean":
            return [None if value is None else str(value).lower() for value in found]
        return found

    return values


def _kept(call: Call) -> KeptJobs:
    return KeptJobs(call.org.store, "query")


def _job(call: Call) -> Job:
    doc = _kept(call).one(call.path["id"])
    if doc is None:
        raise errors.not_found()
    return Job(doc["described"], doc["text"])


def _wrong_state(message: str) -> SalesforceError:
    return SalesforceError("INVALIDJOBSTATE", message)


_BASE = "/services/data/v{version}/jobs/query"
ROUTES = (
    (_BASE, jobs, ("GET", "POST")),
    (f"{_BASE}/{{id}}", one_job, ("GET", "PATCH", "DELETE")),
    (f"{_BASE}/{{id}}/results", results, ("GET",)),
)
