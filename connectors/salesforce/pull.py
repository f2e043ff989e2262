"""Pulling an object from Salesforce: all of it, or what changed, deletions and merges included.

Belongs here: SOQL, cursors, the choice between pages of a query and a Bulk job. Does not: jobs (``bulk_query``), records by id
(``reading``), transport and faults (``session``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from connectors.batches import LOOKBACK, NEVER, CallRefused, Seen, iso, now, parse_time, plain, to_table
from connectors.crm import Batch, Cursor
from connectors.salesforce import bulk_query
from connectors.salesforce.bulk_query import JobEnded
from connectors.salesforce.describe import Described
from connectors.salesforce.reading import quoted
from connectors.salesforce.session import SalesforceSession

BREAK_EVEN = 6_000
"""Rows after the first page from which on a job is the better way: its 3 calls instead of 3 pages and more."""
_SYSTEM = ("IsDeleted", "MasterRecordId")


def pull(session: SalesforceSession, described: Described, fields: Sequence[str], cursor: Cursor | None) -> Iterator[Batch]:
    """Batches in order of (stamp, id); always at least one, if only to carry cursor and notes.

    Cursor when all is read: ``stamp`` of the last row, ``seen`` = marks of the versions delivered within the look-back before it.
    The stamp never passes the newest one at the start of the pull: a row that changes while we read may be delivered with a stamp
    past changes that we have not seen. Cursor in the midst: ``stamp`` and ``id`` of the last row, from right after which the next
    pull goes on, and ``newest`` = that newest stamp of the start; while a job is read, ``job`` = its id and ``page`` = the page
    of its results that we stand on, so that what Salesforce has already gathered is fetched and not asked for anew.
    """
    return _Pull(session, described, fields, cursor).batches()


def changed_since(session: SalesforceSession, object: str, cursor: Cursor, not_by: str | None) -> int:
    """Rows with a stamp later than the cursor's, deleted ones included. One call."""
    conditions = [f"SystemModstamp > {cursor['stamp']}"] if cursor else []
    if not_by:
        conditions.append(f"LastModifiedById != '{quoted(not_by)}'")
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return int(_query_all(session, f"SELECT COUNT() FROM {object}{where}")["totalSize"])


@dataclass(frozen=True)
class _Last:
    """The last row of what was read: its stamp and id."""

    stamp: datetime
    id: str


class _Pull:
    def __init__(self, session: SalesforceSession, described: Described, fields: Sequence[str], cursor: Cursor | None) -> None:
        self.session, self.described = session, described
        self.columns, self.stamp = described.columns(fields), described.stamp
        self.notes = [
            f"{described.name}.{name} does not exist in Salesforce, or this login cannot see it; it was left out."
            for name in described.missing(fields)
        ]
        self.select = list(dict.fromkeys(["Id", self.stamp, *(f for f in _SYSTEM if f in described.types), *self.columns]))
        place = cursor or {"stamp": iso(NEVER)}
        self.before = parse_time(place["stamp"])
        self.newest = parse_time(place["newest"]) if "newest" in place else None
        self.last = _Last(self.before, place["id"]) if self.newest else None
        """The last row up to which everything was read."""
        self.job = {name: place[name] for name in ("job", "page") if name in place}
        self.by_job = True
        """Whether a job may be tried."""
        self.greatest = self.before - LOOKBACK
        self.in_order = True
        """Whether what the last query brought came in order, so that its last row tells what was read."""
        self.seen = Seen(cursor)

    def batches(self) -> Iterator[Batch]:
        for table, last in self._tables():
            if last:
                yield self._batch(table, self._finished())
            elif table.num_rows:
                yield self._batch(table, self._midway())

    def _tables(self) -> Iterator[tuple[pa.Table, bool]]:
        """(rows, whether they are the last), ``self.last`` being moved along.

        The first page tells how many rows there are. A locator that expired, and a job that ended badly, are replaced by a fresh
        query from the last row on. So is one that an earlier pull began, for what has changed since, and one that was made before
        the newest stamp was known: a row that changed in between stands in its old place with a stamp that seems to be of old.
        """
        if self.job:
            with suppress(JobEnded):
                for table in self._begun_job():
                    yield table, False
            self.job = {}
        answer, fresh = self._first_page(), True
        while True:
            table, left = self._of_rest(answer["records"], fresh), answer["totalSize"] - len(answer["records"])
            if answer["done"]:
                yield table, True
                return
            anew = self.newest is None
            by_job = self.by_job and left > BREAK_EVEN and self._start_job()
            if self.newest is None:
                self.newest = self._newest()
            yield table, False
            if by_job:
                try:
                    for rows, page in bulk_query.tables(self.session, self.job["job"], self._types()):
                        self.job["page"] = page
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
        if self.newest is None:  # Salesforce's own clock; what changes from now on has a later stamp
            self.newest = parse_time(job["createdDate"])
        self.job = {"job": job["id"]}
        return True

    def _go_without_job(self, why: JobEnded) -> None:
        self.notes.append(f"{self.described.name}: {why}; the rest was read page by page.")
        self.job, self.by_job = {}, False

    def _begun_job(self) -> Iterator[pa.Table]:
        """What the job of an earlier pull has after the last row; nothing where that row is not found on its page."""
        found = "page" not in self.job  # nothing of it was read
        for table, page in bulk_query.tables(self.session, self.job["job"], self._types(), self.job.get("page", "")):
            self.job["page"] = page
            place = -1 if found or not self.last else pc.index(table["Id"], self.last.id).as_py()
            found = found or place >= 0
            if found:
                yield self._of_job(table.slice(place + 1))

    def _types(self) -> dict[str, str]:
        return {name: self.described.types[name] for name in self.select}

    def _first_page(self) -> Any:
        self.in_order = True
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
        if self.last:
            at = iso(self.last.stamp)
            where = f" WHERE {self.stamp} > {at} OR ({self.stamp} = {at} AND Id > '{self.last.id}')"
        elif self.before > NEVER:
            where = f" WHERE {self.stamp} >= {iso(self.before - LOOKBACK)}"
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
        return self._new(to_table(self.columns, rows), fresh)

    def _of_job(self, table: pa.Table) -> pa.Table:
        """The table of a job with the columns of ``to_table``."""
        rows, stamp = table.num_rows, pa.timestamp("us", tz="UTC")
        arrays = {name: table[name] for name in self.columns}
        arrays["_id"] = table["Id"]
        arrays["_modified_at"] = table[self.stamp].cast(stamp)
        arrays["_deleted"] = table["IsDeleted"] if "IsDeleted" in self.select else pa.array([False] * rows)
        arrays["_merged_into"] = table["MasterRecordId"] if "MasterRecordId" in self.select else pa.nulls(rows, pa.string())
        arrays["_synced_at"] = pa.array([now()] * rows, stamp)
        return self._new(pa.table(arrays), False)

    def _new(self, table: pa.Table, fresh: bool) -> pa.Table:
        """The rows, noting the last one, without versions that an earlier pull delivered.

        Only those can be such, and only those will be met again, that lie in the look-back of the earlier pull or of the next.
        """
        if not table.num_rows:
            return table
        self._move_on(table, fresh)
        stamps = table["_modified_at"]
        edge = min(self.greatest, self.newest or self.greatest) - LOOKBACK
        near = pc.or_(
            pc.less_equal(stamps, pa.scalar(self.before, stamps.type)), pc.greater_equal(stamps, pa.scalar(edge, stamps.type))
        )
        keep = [True] * table.num_rows
        places = [place for place, is_near in enumerate(near.to_pylist()) if is_near]
        for place, row in zip(
            places, table.take(pa.array(places, pa.int64())).drop_columns(["_synced_at"]).to_pylist(), strict=True
        ):
            content = {name: plain(value) for name, value in row.items()}
            keep[place] = self.seen.is_new(row["_id"], row["_modified_at"], content)
        return table.filter(pa.array(keep))

    def _move_on(self, table: pa.Table, fresh: bool) -> None:
        """Past these rows. Unless they are ``fresh``, read and put in order at once, one with a stamp after the start has changed
        since it was put in its place, and says nothing of where that was. Should a job not keep the order that it was asked for,
        be it among rows of one stamp, nothing but its end says that all was read."""
        stamps = table["_modified_at"]
        self.greatest = max(self.greatest, pc.max(stamps).as_py())
        if not fresh:
            table = table.filter(pc.less_equal(stamps, pa.scalar(self.newest, stamps.type)))
        if not table.num_rows:
            return
        placed, ids = table["_modified_at"].combine_chunks(), table["_id"].combine_chunks()
        if not fresh:
            first = (placed[0].as_py(), ids[0].as_py())
            places = pc.binary_join_element_wise(placed.cast(pa.string()), ids, " ")
            self.in_order = self.in_order and (self.last is None or first > (self.last.stamp, self.last.id))
            self.in_order = self.in_order and pc.all(pc.less(places[:-1], places[1:])).as_py() is not False
        if self.in_order:
            self.last = _Last(placed[-1].as_py(), ids[-1].as_py())

    def _midway(self) -> Cursor:
        assert self.last is not None
        assert self.newest is not None
        return {
            "stamp": iso(self.last.stamp),
            "id": self.last.id,
            "newest": iso(self.newest),
            **(self.job if self.in_order else {}),
        }

    def _finished(self) -> Cursor:
        at = max(self.greatest, self.before)
        stamp = min(at, self.newest or at)
        return {"stamp": iso(stamp), "seen": self.seen.since(stamp)}

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
