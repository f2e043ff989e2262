"""What an ingest job of Bulk API 2.0 does with its CSV: reading it, working through it, the results of its rows.

Belongs here: a job's states and rows. Does not: addresses (``bulk_ingest.py``), a row's rules (``collections.py``), keeping jobs
(``kept_jobs.py``). What a step did and that it was done are kept in one transaction: a job goes on after the server was killed.

A job goes on whenever anybody calls the org, also when the client that made it is dead. Unless a fault strikes it is complete by
then. ``job_slow`` keeps it waiting for one more call each time: in progress, with half of its rows done. ``job_failed`` and
``job_aborted`` end it with half of its rows done; the others stay unprocessed, and nothing is taken back.
"""

from __future__ import annotations

import contextlib
import csv
import io
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from connectors.sandbox.clock import Clock
from connectors.sandbox.faults import Faults
from connectors.sandbox.salesforce.collections import MAX_ROWS, Collections
from connectors.sandbox.salesforce.errors import SalesforceError
from connectors.sandbox.salesforce.kept_jobs import KeptJobs
from connectors.sandbox.salesforce.records import Records, Session
from connectors.sandbox.salesforce.schema import ObjectType
from connectors.sandbox.salesforce.values import wire_datetime

OPERATIONS = ("insert", "update", "upsert", "delete", "hardDelete")
ENDS = {"LF": "\n", "CRLF": "\r\n"}
DELIMITERS = {"COMMA": ",", "TAB": "\t", "SEMICOLON": ";", "PIPE": "|", "CARET": "^", "BACKQUOTE": "`"}
UNFINISHED = ("UploadComplete", "InProgress")
_NULL = "#N/A"
_DELETES = ("delete", "hardDelete")

Result = dict[str, Any]


class InvalidBatch(Exception):
    """The data as a whole cannot be read; the job fails with this text."""


@dataclass
class IngestJob:
    """One job; ``results`` are those of the first rows, as ``composite/sobjects`` would tell them. ``columns`` and ``rows`` are
    there while it is worked through, and in what ``IngestJobs.with_rows`` gives."""

    described: dict[str, Any]
    session: Session
    has_data: bool = False
    columns: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)

    @property
    def id(self) -> str:
        return str(self.described["id"])

    @property
    def state(self) -> str:
        return str(self.described["state"])

    @property
    def failures(self) -> int:
        return sum(not result["success"] for result in self.results)

    def successful(self) -> Iterator[list[str]]:
        for row, result in self._done():
            if result["success"]:
                yield [result["id"], str(self.created(result)).lower(), *row]

    def failed(self) -> Iterator[list[str]]:
        place = next((at for at, name in enumerate(self.columns) if name.lower() == "id"), None)
        for row, result in self._done():
            if not result["success"]:
                yield ["" if place is None else row[place], ";".join(map(_told, result["errors"])), *row]

    def unprocessed(self) -> list[list[str]]:
        return self.rows[len(self.results) :]

    def created(self, result: Result) -> bool:
        return self.described["operation"] == "insert" or bool(result.get("created"))

    def _done(self) -> list[tuple[list[str], Result]]:
        """Shuffled: Salesforce promises no order of results."""
        done = list(zip(self.rows, self.results, strict=False))
        random.Random(self.id).shuffle(done)
        return done


class IngestJobs:
    """The ingest jobs of one org."""

    def __init__(self, records: Records, collections: Collections, faults: Faults, clock: Clock) -> None:
        self._records, self._collections, self._faults, self._clock = records, collections, faults, clock
        self._kept = KeptJobs(records.store, "ingest")
        self.all: dict[str, IngestJob] = {}
        for doc in self._kept.all():
            job = IngestJob(doc["described"], Session(*doc["session"]), doc["has_data"], results=doc["results"])
            self.all[job.id] = job

    def open(self, session: Session, described: dict[str, Any]) -> IngestJob:
        now = wire_datetime(self._clock.now().replace(microsecond=0))
        id = f"7505h{self._kept.next_number():010d}AAA"
        job = IngestJob({"id": id, "state": "Open", "createdDate": now, "systemModstamp": now, **described}, session)
        self.all[id] = job
        self._keep(job)
        return job

    def change(self, job: IngestJob, state: str) -> None:
        """Close or abort it."""
        job.described["state"] = state
        self._keep(job)

    def give(self, job: IngestJob, data: bytes) -> None:
        """The job's data, as they came."""
        job.has_data = True
        with self._records.store.transaction():
            self._kept.keep_data(job.id, data)
            self._keep(job)

    def forget(self, job: IngestJob) -> None:
        del self.all[job.id]
        self._kept.forget(job.id)

    def with_rows(self, job: IngestJob) -> IngestJob:
        """An ended job and its rows, read again from its data for whoever asks for results."""
        read = replace(job)
        if job.has_data:
            with contextlib.suppress(InvalidBatch):
                self._read(read)
        return read

    def _keep(self, job: IngestJob) -> None:
        """What is to outlive the server; an ended job's rows then stand in its data alone, not in memory too."""
        if job.state not in ("Open", *UNFINISHED):
            job.columns, job.rows = [], []
        who = [job.session.user_id, job.session.admin]
        self._kept.keep(job.id, {"described": job.described, "session": who, "has_data": job.has_data, "results": job.results})

    def go_on(self) -> None:
        """Let every job that waits or is in progress take its next step."""
        for job in [job for job in self.all.values() if job.state in UNFINISHED]:
            with self._records.store.transaction():
                self._step(job)
                job.described["systemModstamp"] = wire_datetime(self._clock.now().replace(microsecond=0))
                self._keep(job)

    def _step(self, job: IngestJob) -> None:
        try:
            if not job.columns:
                self._read(job)
            job.described |= self._stepped(job, f"jobs/ingest/{job.id}")
        except (InvalidBatch, SalesforceError) as wrong:
            job.described |= {"state": "Failed", "errorMessage": str(wrong)}

    def _stepped(self, job: IngestJob, address: str) -> dict[str, Any]:
        """What the step makes of the job. Raises ``InvalidBatch``, ``SalesforceError``."""
        ends = {"job_slow": "InProgress", "job_failed": "Failed", "job_aborted": "Aborted"}
        fault = next((kind for kind in ends if self._faults.take(kind, address)), None)
        self._work(job, len(job.rows) if fault is None else (len(job.rows) + 1) // 2)
        if fault == "job_failed":
            return {"state": "Failed", "errorMessage": "InternalServerError : the sandbox was told to fail this job"}
        return {"state": "JobComplete" if fault is None else ends[fault]}

    def _read(self, job: IngestJob) -> None:
        """Raises ``InvalidBatch``."""
        ending = job.described["lineEnding"]
        try:
            text = self._kept.data(job.id).decode("utf-8")
        except UnicodeDecodeError:
            raise InvalidBatch("InvalidBatch : Invalid UTF-8 encoding") from None
        if ("\r\n" in text) != (ending == "CRLF") and "\n" in text:
            raise InvalidBatch(f"ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is {ending}")
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=DELIMITERS[job.described["columnDelimiter"]])
        job.columns, job.rows = next(lines, []), [line for line in lines if line]
        self._check_columns(job, self._type(job))
        if any(len(row) != len(job.columns) for row in job.rows):
            raise InvalidBatch("InvalidBatch : The number of columns in a row is not that of the header")

    def _check_columns(self, job: IngestJob, type: ObjectType) -> None:
        key = self._key(job)
        given = [name.lower() for name in job.columns]
        unknown = [name for name in job.columns if type.field(name) is None]
        missing = [key] if key and key.lower() not in given else []
        if unknown or missing:
            raise InvalidBatch(f"InvalidBatch : Field name not found : {(unknown or missing)[0]}")
        if len(set(given)) < len(given):
            raise InvalidBatch("InvalidBatch : Duplicate field name in the header")
        if job.described["operation"] in _DELETES and len(given) > 1:
            raise InvalidBatch("InvalidBatch : delete batch must contain only ids")

    def _key(self, job: IngestJob) -> str:
        """The column that names the records; none for an insert."""
        if job.described["operation"] == "upsert":
            return str(job.described["externalIdFieldName"])
        return "" if job.described["operation"] == "insert" else "Id"

    def _work(self, job: IngestJob, until: int) -> None:
        """Go through the rows up to that number, 200 at a time as Salesforce does, in one transaction of the store."""
        done: list[Result] = []
        with self._records.store.transaction():
            for start in range(len(job.results), until, MAX_ROWS):
                done += self._write(job, job.rows[start : min(start + MAX_ROWS, until)])
        job.results += done

    def _write(self, job: IngestJob, rows: list[list[str]]) -> list[Result]:
        session, operation = job.session, job.described["operation"]
        if operation in _DELETES:
            return self._delete(job, [row[0] for row in rows])
        name = self._type(job).name
        values = [{"attributes": {"type": name}, **_values(job.columns, row)} for row in rows]
        if operation == "insert":
            return self._collections.create(session, values, False)
        if operation == "update":
            return self._collections.update(session, values, False)
        return self._collections.upsert(session, name, self._key(job), values, False)

    def _delete(self, job: IngestJob, ids: list[str]) -> list[Result]:
        results = self._collections.delete(job.session, ids, False)
        if job.described["operation"] == "hardDelete":
            gone = [(self._type(job).name, result["id"]) for result in results if result["success"]]
            self._records.store.db.executemany("DELETE FROM documents WHERE object = ? AND id = ?", gone)
        return results

    def _type(self, job: IngestJob) -> ObjectType:
        try:
            return self._records.type(job.session, job.described["object"])
        except SalesforceError:
            raise InvalidBatch(f"InvalidEntity : Unable to find object: {job.described['object']}") from None


def _values(columns: list[str], row: list[str]) -> Result:
    """An empty cell is left alone, ``#N/A`` clears."""
    return {name: None if cell == _NULL else cell for name, cell in zip(columns, row, strict=True) if cell != ""}


def _told(error: dict[str, Any]) -> str:
    return f"{error['statusCode']}:{error['message']}:{' '.join([*error['fields'], ''])}--"
