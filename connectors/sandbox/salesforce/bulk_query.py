"""Bulk API 2.0, the query side: jobs whose answers are CSV.

Belongs here: ``jobs/query``. Does not: ingest jobs (``bulk_ingest.py``). A job is complete when it
is first looked at, unless the faults ``job_slow`` (in progress for one more look), ``job_failed`` or ``job_aborted`` strike.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Any

from starlette.responses import JSONResponse, Response

from connectors.sandbox.salesforce import errors
from connectors.sandbox.salesforce.errors import SalesforceError
from connectors.sandbox.salesforce.ingest_jobs import DELIMITERS, ENDS
from connectors.sandbox.salesforce.org import Call
from connectors.sandbox.salesforce.values import wire_datetime

_PAGE = 50_000


@dataclass
class Job:
    """One query job; ``rows`` are flat, in the order of ``columns``."""

    described: dict[str, Any]
    columns: list[str]
    rows: list[list[str]]


async def jobs(call: Call) -> Response:
    """POST opens a job, GET lists them."""
    if call.request.method == "GET":
        listed = [job.described for job in call.org.jobs.values()]
        return JSONResponse({"done": True, "records": listed, "nextRecordsUrl": None})
    body = await call.json()
    operation, ending, delimiter = body.get("operation"), body.get("lineEnding", "LF"), body.get("columnDelimiter", "COMMA")
    if operation not in ("query", "queryAll") or ending not in ENDS or delimiter not in DELIMITERS:
        raise SalesforceError("INVALIDJOB", "operation, lineEnding or columnDelimiter is none that is known")
    plan = call.org.queries.plan(str(body.get("query") or ""), call.view, operation == "queryAll", "jobs/query")
    if plan.selected is None or plan.offset:
        raise SalesforceError("FEATURENOTENABLED", "Aggregates and OFFSET are not supported by bulk queries")
    number = len(call.org.jobs) + 1
    now = wire_datetime(call.org.clock.now().replace(microsecond=0))
    described = {
        "id": f"7505g{number:010d}AAA", "operation": operation, "object": plan.type.name, "createdById": call.session.user_id,
        "createdDate": now, "systemModstamp": now, "state": "UploadComplete", "concurrencyMode": "Parallel", "contentType": "CSV",
        "apiVersion": float(call.version), "lineEnding": ending, "columnDelimiter": delimiter,
    }  # fmt: skip
    rows = [[_cell(row, each.names) for each in plan.selected] for row in call.org.queries.all_rows(plan)]
    columns = [".".join(each.names) for each in plan.selected]
    call.org.jobs[described["id"]] = Job(described, columns, rows)
    return JSONResponse(described)


async def one_job(call: Call) -> Response:
    """GET tells its state, PATCH aborts, DELETE forgets."""
    job = _job(call)
    if call.request.method == "DELETE":
        del call.org.jobs[job.described["id"]]
        return Response(status_code=204)
    if call.request.method == "PATCH":
        if (await call.json()).get("state") != "Aborted":
            raise SalesforceError("INVALIDJOBSTATE", "The only state a query job can be given is Aborted")
        job.described["state"] = "Aborted"
    elif job.described["state"] in ("UploadComplete", "InProgress"):
        job.described |= _next_state(call)
    return JSONResponse({**job.described, "numberRecordsProcessed": len(job.rows), "retries": 0, "totalProcessingTime": 1})


def _next_state(call: Call) -> dict[str, Any]:
    if call.org.faults.take("job_slow", call.request.url.path):
        return {"state": "InProgress"}
    if call.org.faults.take("job_failed", call.request.url.path):
        return {"state": "Failed", "errorMessage": "InternalServerError : the sandbox was told to fail this job"}
    if call.org.faults.take("job_aborted", call.request.url.path):
        return {"state": "Aborted"}
    return {"state": "JobComplete"}


async def results(call: Call) -> Response:
    """One page of CSV; the header line comes with each."""
    job = _job(call)
    if job.described["state"] != "JobComplete":
        raise SalesforceError("INVALIDJOBSTATE", f"Results are not available for a job in state {job.described['state']}")
    given = call.request.query_params
    start, size = given.get("locator", "0"), given.get("maxRecords", str(_PAGE))
    if not start.isdigit() or not size.isdigit():
        raise SalesforceError("INVALID_QUERY_LOCATOR", "invalid query locator")
    stop = int(start) + max(1, int(size))
    page = job.rows[int(start) : stop]
    text = io.StringIO()
    ending, delimiter = ENDS[job.described["lineEnding"]], DELIMITERS[job.described["columnDelimiter"]]
    writer = csv.writer(text, delimiter=delimiter, lineterminator=ending, quoting=csv.QUOTE_ALL)
    writer.writerows([job.columns, *page])
    locator = str(stop) if stop < len(job.rows) else "null"
    headers = {"Sforce-Locator": locator, "Sforce-NumberOfRecords": str(len(page))}
    return Response(text.getvalue(), media_type="text/csv;charset=UTF-8", headers=headers)


def _job(call: Call) -> Job:
    job = call.org.jobs.get(call.path["id"])
    if job is None:
        raise errors.not_found()
    return job


def _cell(row: dict[str, Any], names: tuple[str, ...]) -> str:
    """A value as Bulk writes it: nothing for null, ``Z`` at the end of datetimes."""
    value: Any = row
    for name in names:
        value = None if value is None else value.get(name)
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    return f"{text[:-5]}Z" if len(text) == 28 and text.endswith("+0000") and text[10] == "T" else text


_BASE = "/services/data/v{version}/jobs/query"
ROUTES = (
    (_BASE, jobs, ("GET", "POST")),
    (f"{_BASE}/{{id}}", one_job, ("GET", "PATCH", "DELETE")),
    (f"{_BASE}/{{id}}/results", results, ("GET",)),
)
