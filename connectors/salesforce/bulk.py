"""Writing many rows by one ingest job of Bulk API 2.0, and ending what a killed process left under way.

Belongs here: a job from its making to its results. Does not: the choice between jobs and collections (``write``), waiting
(``jobs``), CSV (``bulk_rows``).

A job is made, filled, closed, looked at and asked for its results: some 6 calls however many rows it has. Until it is closed it
does nothing; once it is closed it takes effect without us, which is why ``finish_begun`` comes before anything is read again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal

from connectors.batches import CallRefused
from connectors.crm import Row, WriteResult
from connectors.salesforce.bulk_rows import failed, succeeded, to_csv
from connectors.salesforce.jobs import COMPLETE, ENDED, ended
from connectors.salesforce.session import SalesforceSession
from connectors.unfit import key_of

BREAK_EVEN = 1_201
"""Rows from which on a job takes fewer calls: 6, looks at its state and its results included, where collections take 7. In
seconds the two meet at some 1,600 rows (``benchmarks/write.py --break-even``); Salesforce's queue can add to a job's."""
JOB_ROWS = 25_000
"""Rows of one job at most. More would save few calls (6 of some 18, 12 of which read the rows again) and lengthen the time
between reading a row again and writing it, in which a person's edit goes unseen."""
_JOB_CALLS = 6
_LOOKS = 10
"""Calls to look after a job that takes its minute or two."""
READ_ROWS = 2_000
"""Rows of one call that reads by id."""
_KEYED_ROWS = 200
"""Rows of one call that reads by external id: as many as an address holds of keys as long as ours."""
_MOST_BYTES = 100_000_000
"""Of one file; Salesforce's 150 MB are counted after a coding that makes a file half as big again."""

Operation = Literal["update", "upsert", "delete"]


def batch_size(rows: int) -> int:
    """Of so many rows these many are best read again and written together: one call's reading where collections will write
    them, a job where there are enough for one."""
    return JOB_ROWS if rows >= BREAK_EVEN else READ_ROWS


def calls(rows: int, keyed: bool = False) -> int:
    """Calls to read so many rows again, ``keyed`` by an external id, and to write them, where nothing goes wrong."""
    reading = -(-rows // (_KEYED_ROWS if keyed else READ_ROWS))
    return reading + (_JOB_CALLS + _LOOKS if rows >= BREAK_EVEN else -(-rows // 200))


def send(session: SalesforceSession, object: str, operation: Operation, rows: Sequence[Row], key_field: str) -> list[WriteResult]:
    """Write the rows, each with a key of its own, and wait; results in the order of the rows.

    A row that a job which failed or was aborted did not come to has the job's state as its code. Raises ``CrmUnavailable`` where
    the job takes too long; it then goes on by itself.
    """
    data = to_csv(rows)
    if len(data) > _MOST_BYTES and len(rows) > 1:
        half = len(rows) // 2
        return [result for part in (rows[:half], rows[half:]) for result in send(session, object, operation, part, key_field)]
    asked = {"object": object, "operation": operation, "contentType": "CSV", "lineEnding": "LF", "columnDelimiter": "COMMA"}
    if operation == "upsert":
        asked["externalIdFieldName"] = key_field
    job = _ended(session, _closed_job(session, asked, data))
    keys = [key_of(row, key_field) for row in rows]
    told = {result.key: result for result in _results(session, job, keys, key_field)}
    reason = f" ({job['errorMessage']})" if job.get("errorMessage") else ""
    message = f"Salesforce's job {job['id']} ended as {job['state']}{reason} without a result for this row."
    return [told.get(key) or WriteResult(key, False, code=job["state"], message=message) for key in keys]


def _closed_job(session: SalesforceSession, asked: dict[str, str], data: bytes) -> str:
    """Id of a new job with the data in it, closed. A job takes data once: where the answer to a call was lost and the call
    made twice, Salesforce refuses it, and a job that is not closed by then is given up for a fresh one."""
    for last in (False, True):
        id = str(session.call("POST", "jobs/ingest", body=asked)["id"])
        try:
            session.call("PUT", f"jobs/ingest/{id}/batches", body=data)
            session.call("PATCH", f"jobs/ingest/{id}", body={"state": "UploadComplete"})
            return id
        except CallRefused:
            if session.call("GET", f"jobs/ingest/{id}")["state"] != "Open":
                return id
            session.call("PATCH", f"jobs/ingest/{id}", body={"state": "Aborted"})
            if last:
                raise
    raise AssertionError("unreachable")


def _ended(session: SalesforceSession, id: str) -> dict[str, Any]:
    """The closed job once it has ended. Raises ``CrmUnavailable``."""
    goes_on = "; it is still under way, and the next run waits for it before it writes anything"
    return ended(session, f"jobs/ingest/{id}", goes_on)


def _results(session: SalesforceSession, job: dict[str, Any], keys: Sequence[str], key_field: str) -> Iterator[WriteResult]:
    """What the job says of its rows, in as few calls as tell it: the count alone where all went well and no id is new to us.

    Rows that it did not come to are listed nowhere here; they are those that are left over.
    """
    counts = (job.get("numberRecordsProcessed"), job.get("numberRecordsFailed"))
    all_well = job["state"] == COMPLETE and counts == (len(keys), 0)
    if all_well and job["operation"] != "upsert":
        yield from (WriteResult(key, True, id=key) for key in keys)
        return
    yield from succeeded(session.call("GET", f"jobs/ingest/{job['id']}/successfulResults"), key_field)
    if not all_well:
        yield from failed(session.call("GET", f"jobs/ingest/{job['id']}/failedResults"), key_field)


def finish_begun(session: SalesforceSession, object: str, user_id: Callable[[], str]) -> int:
    """See ``connectors.crm.Crm``: a job of ours that was never closed is aborted, one that was is waited for."""
    begun = [job for job in _jobs(session) if job["state"] not in ENDED and job["object"] == object]
    ours = user_id() if begun else ""
    mine = [job for job in begun if job["createdById"] == ours]
    for job in mine:
        if job["state"] == "Open":
            try:
                session.call("PATCH", f"jobs/ingest/{job['id']}", body={"state": "Aborted"})
                continue
            except CallRefused:  # it is open no longer
                pass
        _ended(session, job["id"])
    return len(mine)


def _jobs(session: SalesforceSession) -> Iterator[dict[str, Any]]:
    """Every ingest job that Salesforce remembers, of all users; 1,000 a call."""
    page = session.call("GET", "jobs/ingest", {"jobType": "V2Ingest"})
    yield from page["records"]
    while not page.get("done", True):
        page = session.call("GET", page["nextRecordsUrl"], root="")
        yield from page["records"]
