"""Bulk API 2.0, the ingest side: ``jobs/ingest``.

Belongs here: one function an address, from request to answer. Does not: what a job does (``ingest_jobs.py``).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

from starlette.responses import JSONResponse, Response

from connectors.sandbox.salesforce import errors
from connectors.sandbox.salesforce.errors import SalesforceError
from connectors.sandbox.salesforce.ingest_jobs import DELIMITERS, ENDS, OPERATIONS, UNFINISHED, IngestJob
from connectors.sandbox.salesforce.org import Call

_PAGE = 1000
_MAX_BYTES = 150_000_000


async def jobs(call: Call) -> Response:
    """POST opens a job, GET lists all of the org, 1,000 a page."""
    if call.request.method == "POST":
        job = call.org.ingest.open(call.session, _described(call, await call.json()))
        return JSONResponse({**job.described, "contentUrl": f"{call.base.lstrip('/')}/jobs/ingest/{job.id}/batches"})
    start = call.request.query_params.get("queryLocator", "0")
    if not start.isdigit():
        raise SalesforceError("INVALID_QUERY_LOCATOR", "invalid query locator")
    kind = call.request.query_params.get("jobType", "V2Ingest")
    listed = [job.described for job in call.org.ingest.all.values() if job.described["jobType"] == kind]
    stop = int(start) + _PAGE
    following = f"{call.base}/jobs/ingest?queryLocator={stop}" if stop < len(listed) else None
    return JSONResponse({"done": following is None, "records": listed[int(start) : stop], "nextRecordsUrl": following})


def _described(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Raises INVALIDJOB, INVALIDENTITY, FEATURENOTENABLED."""
    operation, ending, delimiter = body.get("operation"), body.get("lineEnding", "LF"), body.get("columnDelimiter", "COMMA")
    if (
        operation not in OPERATIONS
        or ending not in ENDS
        or delimiter not in DELIMITERS
        or body.get("contentType", "CSV") != "CSV"
    ):
        raise SalesforceError("INVALIDJOB", "operation, contentType, lineEnding or columnDelimiter is none that is known")
    if operation == "hardDelete" and not call.session.admin:
        raise SalesforceError(
            "FEATURENOTENABLED", "FeatureNotEnabled : hardDelete operation requires special user profile permission"
        )
    type = call.view.type(str(body.get("object") or ""))
    if type is None or type.tooling:
        raise SalesforceError("INVALIDENTITY", f"InvalidEntity : Unable to find object: {body.get('object')}")
    key = str(body.get("externalIdFieldName") or "")
    if operation == "upsert":
        each = type.field(key)
        if each is None or not (each.external_id or each.name == "Id"):
            raise SalesforceError("INVALIDJOB", f"InvalidJob : Field name provided, {key} is not an External ID or indexed field")
    return {
        "operation": operation, "object": type.name, "createdById": call.session.user_id, "concurrencyMode": "Parallel",
        "contentType": "CSV", "apiVersion": float(call.version), "jobType": "V2Ingest", "lineEnding": ending,
        "columnDelimiter": delimiter, **({"externalIdFieldName": key} if operation == "upsert" else {}),
    }  # fmt: skip


async def one_job(call: Call) -> Response:
    """GET tells its state, PATCH closes or aborts it, DELETE forgets it."""
    job = _job(call)
    if call.request.method == "DELETE":
        if job.state in ("Open", "InProgress"):
            raise _wrong_state(f"Deleting a job in state {job.state} is not allowed")
        call.org.ingest.forget(job)
        return Response(status_code=204)
    if call.request.method == "PATCH":
        wanted = str((await call.json()).get("state"))
        if (job.state, wanted) != ("Open", "UploadComplete") and (wanted != "Aborted" or job.state not in ("Open", *UNFINISHED)):
            raise _wrong_state(f"Invalid job state change from {job.state} to {wanted}")
        call.org.ingest.change(job, wanted)
        return JSONResponse(job.described)
    counts = {"numberRecordsProcessed": len(job.results), "numberRecordsFailed": job.failures}
    times = {"retries": 0, "totalProcessingTime": 1, "apiActiveProcessingTime": 1, "apexProcessingTime": 0}
    return JSONResponse({**job.described, **counts, **times})


async def batches(call: Call) -> Response:
    """The whole of the data in one PUT; there is no second one."""
    job = _job(call)
    if job.state != "Open":
        raise _wrong_state(f"Data cannot be added to a job in state {job.state}")
    if job.has_data:
        message = (
            f"Found multiple contents for job: <{job.id}>, please 'Close' / 'Abort' / 'Delete' the current Job "
            "then create a new Job and make sure you only do 'PUT' once on a given Job."
        )
        raise SalesforceError("INVALIDJOB", message)
    body = await call.request.body()
    if not call.request.headers.get("content-type", "").startswith("text/csv"):
        raise SalesforceError("INVALIDCONTENTTYPE", "The data of a job must be text/csv", 415)
    if len(body) > _MAX_BYTES:
        raise SalesforceError("CLIENTINPUTERROR", "The data of a job is 150 MB at most", 413)
    call.org.ingest.give(job, body)
    return Response(status_code=201)


async def successful(call: Call) -> Response:
    job = _ended(call)
    return _csv(job, ["sf__Id", "sf__Created", *job.columns], job.successful())


async def failed(call: Call) -> Response:
    job = _ended(call)
    return _csv(job, ["sf__Id", "sf__Error", *job.columns], job.failed())


async def unprocessed(call: Call) -> Response:
    job = _ended(call)
    return _csv(job, job.columns, job.unprocessed())


def _csv(job: IngestJob, columns: list[str], rows: Iterable[list[str]]) -> Response:
    """The job's own delimiter and line ending; plain ``text/csv``, so that a client has to know that it is UTF-8."""
    text = io.StringIO()
    delimiter = DELIMITERS[job.described["columnDelimiter"]]
    writer = csv.writer(text, delimiter=delimiter, lineterminator=ENDS[job.described["lineEnding"]], quoting=csv.QUOTE_ALL)
    writer.writerows([columns, *rows])
    # Named as a header, for to a media type the library would add the charset
    return Response(text.getvalue().encode(), headers={"Content-Type": "text/csv"})


def _job(call: Call) -> IngestJob:
    job = call.org.ingest.all.get(call.path["id"])
    if job is None:
        raise errors.not_found()
    return job


def _ended(call: Call) -> IngestJob:
    job = _job(call)
    if job.state in ("Open", *UNFINISHED):
        raise _wrong_state(f"Results are not available for a job in state {job.state}")
    return call.org.ingest.with_rows(job)


def _wrong_state(message: str) -> SalesforceError:
    return SalesforceError("INVALIDJOBSTATE", message)


_BASE = "/services/data/v{version}/jobs/ingest"
ROUTES = (
    (_BASE, jobs, ("GET", "POST")),
    (f"{_BASE}/{{id}}", one_job, ("GET", "PATCH", "DELETE")),
    (f"{_BASE}/{{id}}/batches", batches, ("PUT",)),
    (f"{_BASE}/{{id}}/successfulResults", successful, ("GET",)),
    (f"{_BASE}/{{id}}/failedResults", failed, ("GET",)),
    (f"{_BASE}/{{id}}/unprocessedrecords", unprocessed, ("GET",)),
    (f"{_BASE}/{{id}}/unprocessedRecords", unprocessed, ("GET",)),
)
