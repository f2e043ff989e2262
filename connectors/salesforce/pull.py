"""Reading from Salesforce: all of an object, what changed, records by id, and how many changed.

Belongs here: SOQL, paging, cursors. Does not: transport and faults (``session``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from connectors.batches import LOOKBACK, NEVER, CallRefused, Seen, chunks, iso, parse_time, to_table
from connectors.crm import Batch, Cursor
from connectors.salesforce.describe import Described, describe
from connectors.salesforce.session import SalesforceSession

_SYSTEM = ("IsDeleted", "MasterRecordId")
_IDS = 2_000
"""Rows of one answer at most."""
_QUERY_LENGTH = 8_000
"""Characters of SOQL in one address; Salesforce refuses addresses past 16,384 bytes, and quotes grow threefold in them."""


def pull(session: SalesforceSession, object: str, fields: Sequence[str], cursor: Cursor | None) -> Iterator[Batch]:
    """Pages of up to 2,000 rows in order of (stamp, id); always at least one batch, if only to carry cursor and notes.

    Cursor: ``stamp`` and ``id`` of the last row in that order, ``seen`` = marks of the versions delivered within
    the look-back window before it. The stamp never passes the newest one at the start of the pull: a row that changes
    while we page may be delivered with a stamp past changes that we have not seen.
    """
    described = describe(session, object, fields)
    columns, stamp = described.columns(fields), described.stamp
    notes = tuple(
        f"{object}.{name} does not exist in Salesforce, or this login cannot see it; it was left out."
        for name in described.missing(fields)
    )
    select = list(dict.fromkeys(["Id", stamp, *(f for f in _SYSTEM if f in described.types), *columns]))
    since = parse_time(cursor["stamp"]) - LOOKBACK if cursor else None
    seen, newest = Seen(cursor), None
    place = dict(cursor) if cursor else {"stamp": iso(NEVER), "id": ""}
    for records, last in _pages(session, described, select, since):
        rows = [_row(r, stamp, columns) for r in records if seen.is_new(r["Id"], parse_time(r[stamp]), r)]
        if not last and newest is None:
            newest = _newest(session, described)
        if records:
            at = parse_time(records[-1][stamp])
            place = {"stamp": iso(min(at, newest or at)), "id": records[-1]["Id"]}
        if last:
            place["seen"] = seen.since(parse_time(place["stamp"]))
        if rows or last:
            yield Batch(object, to_table(columns, rows), dict(place), notes)
            notes = ()


def _row(record: Mapping[str, Any], stamp: str, columns: Iterable[str]) -> dict[str, Any]:
    return {
        **record,
        **{name: _of_parent(record, name) for name in columns if "." in name},
        "_id": record["Id"],
        "_modified_at": parse_time(record[stamp]),
        "_deleted": record.get("IsDeleted", False),
        "_merged_into": record.get("MasterRecordId"),
    }


def _of_parent(record: Mapping[str, Any], path: str) -> Any:
    """Salesforce nests the fields of a parent; without a parent there is nothing."""
    found: Any = record
    for step in path.split("."):
        found = found.get(step) if found is not None else None
    return found


def _pages(
    session: SalesforceSession, described: Described, select: Sequence[str], since: datetime | None
) -> Iterator[tuple[list[dict[str, Any]], bool]]:
    """(records, is the last page). A locator that expired is replaced by a fresh query from the last row on."""
    stamp = described.stamp
    where = f" WHERE {stamp} >= {iso(since)}" if since else ""
    answer = _query_all(session, _soql(described, select, where))
    while True:
        records = answer["records"]
        done = answer["done"]
        yield records, done
        if done:
            return
        locator = answer["nextRecordsUrl"].rsplit("/", 1)[-1]
        try:
            answer = session.call("GET", f"query/{locator}")
        except CallRefused as refused:
            if refused.code != "INVALID_QUERY_LOCATOR" or not records:
                raise
            at, id = iso(parse_time(records[-1][stamp])), records[-1]["Id"]
            where = f" WHERE {stamp} > {at} OR ({stamp} = {at} AND Id > '{id}')"
            answer = _query_all(session, _soql(described, select, where))


def _soql(described: Described, select: Sequence[str], where: str) -> str:
    return f"SELECT {', '.join(select)} FROM {described.name}{where} ORDER BY {described.stamp}, Id"


def _newest(session: SalesforceSession, described: Described) -> datetime:
    """The newest stamp there is, asked of the data, not of a clock: ours and Salesforce's may differ. Asked after the first page,
    and so only where there are more; what changes between the two lies within the look-back."""
    soql = f"SELECT {described.stamp} FROM {described.name} ORDER BY {described.stamp} DESC LIMIT 1"
    records = _query_all(session, soql)["records"]
    return parse_time(records[0][described.stamp]) if records else NEVER


def _query_all(session: SalesforceSession, soql: str) -> Any:
    """The first page, deleted rows included."""
    return session.call("GET", "queryAll", {"q": soql})


def changed_since(session: SalesforceSession, object: str, cursor: Cursor, not_by: str | None) -> int:
    """Rows with a stamp later than the cursor's, deleted ones included. One call."""
    conditions = [f"SystemModstamp > {cursor['stamp']}"] if cursor else []
    if not_by:
        conditions.append(f"LastModifiedById != '{_quoted(not_by)}'")
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return int(session.call("GET", "queryAll", {"q": f"SELECT COUNT() FROM {object}{where}"})["totalSize"])


def read(
    session: SalesforceSession, object: str, ids: Sequence[str], fields: Sequence[str], external_id: str | None = None
) -> dict[str, dict[str, Any]]:
    """Records by id, 2,000 a call, or by an external id, as many as the length of an address lets be.

    Raises ``SchemaRefused`` for an unknown field.
    """
    names = list(dict.fromkeys([external_id or "Id", *fields]))
    records = _by_key(session, object, ids, names) if external_id else _by_id(session, object, ids, names)
    return {record[names[0]]: {name: record.get(name) for name in fields} for record in records}


def _by_id(session: SalesforceSession, object: str, ids: Sequence[str], names: list[str]) -> Iterator[dict[str, Any]]:
    """In place of a record that does not exist, or no more, there is a null."""
    for batch in chunks(dict.fromkeys(ids), _IDS, str):
        yield from filter(None, session.call("POST", f"composite/sobjects/{object}", body={"ids": batch, "fields": names}))


def _by_key(session: SalesforceSession, object: str, keys: Sequence[str], names: list[str]) -> Iterator[dict[str, Any]]:
    head = f"SELECT {', '.join(names)} FROM {object} WHERE {names[0]} IN ("
    for listed in _joined([f"'{_quoted(key)}'" for key in dict.fromkeys(keys)], _QUERY_LENGTH - len(head)):
        yield from session.call("GET", "query", {"q": f"{head}{listed})"})["records"]


def _joined(parts: Sequence[str], length: int) -> Iterator[str]:
    """The parts joined by commas into texts of at most ``length`` characters, as UTF-8 in an address counts them."""
    texts: list[str] = []
    total = 0
    for part in parts:
        size = len(part.encode()) + 1
        if texts and (total + size > length or len(texts) == _IDS):
            yield ",".join(texts)
            texts, total = [], 0
        texts.append(part)
        total += size
    if texts:
        yield ",".join(texts)


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")
