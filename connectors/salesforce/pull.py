"""Pulling an object from Salesforce: all of it, or what changed, deletions and merges included.

Belongs here: SOQL, the choice between pages of a query and a Bulk job. Does not: cursors and the order of rows (``place``), jobs
(``bulk_query``), records by id (``reading``), transport and faults (``session``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from connectors.batches import LOOKBACK, NEVER, CallRefused, iso, now, parse_time, to_table
from connectors.crm import Batch, Cursor
from connectors.salesforce import bulk_query
from connectors.salesforce.bulk_query import JobEnded
from connectors.salesforce.describe import Described
from connectors.salesforce.place import Place
from connectors.salesforce.reading import quoted
from connectors.salesforce.session import SalesforceSession

BREAK_EVEN = 6_000
"""Rows after the first page from which on a job is the better way: its 3 calls instead of 3 pages and more."""
_SYSTEM = ("IsDeleted", "MasterRecordId")


def pull(session: SalesforceSession, described: Described, fields: Sequence[str], cursor: Cursor | None) -> Iterator[Batch]:
    """Batches in order of (stamp, id); always at least one, if only to carry cursor (see ``Place``) and notes."""
    return _Pull(session, described, fields, cursor).batches()


def changed_since(session: SalesforceSession, object: str, cursor: Cursor, not_by: str | None) -> int:
    """Rows with a stamp later than the cursor's, deleted ones included. One call."""
    conditions = [f"SystemModstamp > {cursor['stamp']}"] if cursor else []
    if not_by:
        conditions.append(f"LastModifiedById != '{quoted(not_by)}'")
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return int(_query_all(session, f"SELECT COUNT() FROM {object}{where}")["totalSize"])


class _Pull:
    def __init__(self, session: SalesforceSession, described: Described, fields: Sequence[str], cursor: Cursor | None) -> None:
        self.session, self.described = session, described
        self.columns, self.stamp = described.columns(fields), described.stamp
        self.notes = [
            f"{described.name}.{name} does not exist in Salesforce, or this login cannot see it; it was left out."
            for name in described.missing(fields)
        ]
        self.select = list(dict.fromkeys(["Id", self.stamp, *(f for f in _SYSTEM if f in described.types), *self.columns]))
        self.place = Place(cursor)
        self.by_job = True
        """Whether a job may be tried."""

    def batches(self) -> Iterator[Batch]:
        for table, last in self._tables():
            if last:
                yield self._batch(table, self.place.finished())
            elif table.num_rows:
                yield self._batch(table, self.place.midway())

    def _tables(self) -> Iterator[tuple[pa.Table, bool]]:
        """(rows, whether they are the last), ``self.place`` being moved along.

        The first page tells how many rows there are. A locator that expired, and a job that ended badly, are replaced by a fresh
        query from the last row on. So is one that an earlier pull began, for what has changed since, and one that was made before
        the newest stamp was known: a row that changed in between stands in its old place with a stamp that seems to be of old.
        """
        if self.place.job:
            with suppress(JobEnded):
                for table in self._begun_job():
                    yield table, False
            self.place.job = {}
        answer, fresh = self._first_page(), True
        while True:
            table, left = self._of_rest(answer["records"], fresh), answer["totalSize"] - len(answer["records"])
            if answer["done"]:
                yield table, True
                return
            anew = self.place.newest is None
            by_job = self.by_job and left > BREAK_EVEN and self._start_job()
            if self.place.newest is None:
                self.place.newest = self._newest()
            yield table, False
            if by_job:
                try:
                    for rows, page in bulk_query.tables(self.session, self.place.job["job"], self._types()):
                        self.place.job["page"] = page
                        yield self._of_job(rows), False
                    yield table.slice(0, 0), True
                    return
                except JobEnded as ended:
                    self._go_without_job(ended)
            answer, fresh = (self._first_page(), True) if by_job or anew else self._following(answer)

    def _start_job(self) -> bool:
        """A job for what comes after the last row; false where Salesforce takes none."""
        try:
            job = bulk_query.start(self.session, self._soql())
        except JobEnded as refused:
            self._go_without_job(refused)
            return False
        if self.place.newest is None:  # Salesforce's own clock; what changes from now on has a later stamp
            self.place.newest = parse_time(job["createdDate"])
        self.place.job = {"job": job["id"]}
        return True

    def _go_without_job(self, why: JobEnded) -> None:
        self.notes.append(f"{self.described.name}: {why}; the rest was read page by page.")
        self.place.job, self.by_job = {}, False

    def _begun_job(self) -> Iterator[pa.Table]:
        """What the job of an earlier pull has after the last row; nothing where that row is not found on its page."""
        found = "page" not in self.place.job  # nothing of it was read
        for table, page in bulk_query.tables(self.session, self.place.job["job"], self._types(), self.place.job.get("page", "")):
            self.place.job["page"] = page
            at = -1 if found or not self.place.last else pc.index(table["Id"], self.place.last.id).as_py()
            found = found or at >= 0
            if found:
                yield self._of_job(table.slice(at + 1))

    def _types(self) -> dict[str, str]:
        return {name: self.described.types[name] for name in self.select}

    def _first_page(self) -> Any:
        self.place.begin_query()
        return _query_all(self.session, self._soql())

    def _following(self, answer: Mapping[str, Any]) -> tuple[Any, bool]:
        """(the next page, whether it is the first of a fresh query)."""
        locator = answer["nextRecordsUrl"].rsplit("/", 1)[-1]
        try:
            return self.session.call("GET", f"query/{locator}"), False
        except CallRefused as refused:
            if refused.code != "INVALID_QUERY_LOCATOR":
                raise
            return self._first_page(), True

    def _soql(self) -> str:
        """What comes after the last row read; before any was, what changed since the look-back."""
        where = ""
        if self.place.last:
            at = iso(self.place.last.stamp)
            where = f" WHERE {self.stamp} > {at} OR ({self.stamp} = {at} AND Id > '{self.place.last.id}')"
        elif self.place.before > NEVER:
            where = f" WHERE {self.stamp} >= {iso(self.place.before - LOOKBACK)}"
        return f"SELECT {', '.join(self.select)} FROM {self.described.name}{where} ORDER BY {self.stamp}, Id"

    def _newest(self) -> datetime:
        """The newest stamp there is, asked of the data, not of a clock: ours and Salesforce's may differ. Asked after the first
        page, and so only where there are more; what changes between the two comes with the query that follows."""
        soql = f"SELECT {self.stamp} FROM {self.described.name} ORDER BY {self.stamp} DESC LIMIT 1"
        records = _query_all(self.session, soql)["records"]
        return parse_time(records[0][self.stamp]) if records else NEVER

    def _of_rest(self, records: Sequence[Mapping[str, Any]], fresh: bool) -> pa.Table:
        rows = [
            {
                **record,
                **{name: _of_parent(record, name) for name in self.columns if "." in name},
                "_id": record["Id"],
                "_modified_at": parse_time(record[self.stamp]),
                "_deleted": record.get("IsDeleted", False),
                "_merged_into": record.get("MasterRecordId"),
            }
            for record in records
        ]
        return self.place.new_of(to_table(self.columns, rows), fresh)

    def _of_job(self, table: pa.Table) -> pa.Table:
        """The table of a job with the columns of ``to_table``."""
        rows, stamp = table.num_rows, pa.timestamp("us", tz="UTC")
        arrays = {name: table[name] for name in self.columns}
        arrays["_id"] = table["Id"]
        arrays["_modified_at"] = table[self.stamp].cast(stamp)
        arrays["_deleted"] = table["IsDeleted"] if "IsDeleted" in self.select else pa.array([False] * rows)
        arrays["_merged_into"] = table["MasterRecordId"] if "MasterRecordId" in self.select else pa.nulls(rows, pa.string())
        arrays["_synced_at"] = pa.array([now()] * rows, stamp)
        return self.place.new_of(pa.table(arrays), False)

    def _batch(self, table: pa.Table, cursor: Cursor) -> Batch:
        notes, self.notes = tuple(self.notes), []
        return Batch(self.described.name, table, cursor, notes)


def _of_parent(record: Mapping[str, Any], path: str) -> Any:
    """Salesforce nests the fields of a parent; without a parent there is nothing."""
    found: Any = record
    for step in path.split("."):
        found = found.get(step) if found is not None else None
    return found


def _query_all(session: SalesforceSession, soql: str) -> Any:
    """The first page, deleted rows included."""
    return session.call("GET", "queryAll", {"q": soql})
