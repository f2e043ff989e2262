"""Reading a HubSpot object: all of it, or what changed; archived and merged records as deletions.

Belongs here: phases of a pull, paging, cursors. Does not: owners (``owners``), conversion (``properties``).

A pull has two phases. ``list`` (everything, no cursor yet) or ``search`` (what changed since the cursor) comes
first, both in order of id; then ``archived``, which search never shows. Order of id, not of time, is why the
cursor moves only when all is done: a cursor in between says where to resume.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa

from connectors.batches import LOOKBACK, NEVER, Seen, iso, parse_time, to_table
from connectors.crm import Batch, Cursor
from connectors.hubspot.associations import company_ids
from connectors.hubspot.properties import ASSOCIATED, COMPANY, columns_of, properties_of, value_of
from connectors.hubspot.session import HubspotSession

_MERGED = "hs_merged_object_ids"
_BATCH_ROWS = 1_000
_URL_LENGTH = 4_000
"""Characters of property names in one address; beyond, HubSpot may answer 414, so the names go in a body instead."""

Page = tuple[list[dict[str, Any]], str | None]


def stamp_property(object: str) -> str:
    return "lastmodifieddate" if object == "contacts" else "hs_lastmodifieddate"


def pull(session: HubspotSession, object: str, fields: Sequence[str], cursor: Cursor | None) -> Iterator[Batch]:
    """Batches of about 1,000 rows; always at least one. The last one's cursor is ``{"stamp", "seen"}``.

    ``stamp`` = the greatest modification time seen, but not past the newest one at the start of the pull: what
    changes while we page is fetched next time.
    """
    return _Pull(session, object, fields, cursor).batches()


class _Pull:
    def __init__(self, session: HubspotSession, object: str, fields: Sequence[str], cursor: Cursor | None) -> None:
        self.session, self.object = session, object
        known = properties_of(session, object)
        self.columns = columns_of(object, known, fields)
        self.stamp = stamp_property(object)
        extra = [name for name in (self.stamp, _MERGED) if name in known]
        self.names = list(dict.fromkeys([*(name for name in self.columns if name in known), *extra]))
        self.notes = tuple(
            f"{object}.{name} does not exist in HubSpot, or this token cannot see it; it was left out."
            for name in dict.fromkeys(fields)
            if name not in self.columns
        )
        place = cursor or {}
        self.since = parse_time(place["stamp"]) if place.get("stamp") else None
        self.phase = place.get("phase") or ("search" if self.since else "list")
        self.newest = parse_time(place["newest"]) if place.get("newest") else None
        if self.phase == "list" and self.newest is None:
            self.newest = self._newest()
        self.greatest = parse_time(place["greatest"]) if place.get("greatest") else self.since
        self.after = place.get("after")
        self.kept = list(place.get("seen", ()))
        self.seen = Seen(cursor)

    def batches(self) -> Iterator[Batch]:
        rows: list[dict[str, Any]] = []
        while True:
            results, self.after = self._page()
            for result in results:
                rows += self._rows(result)
            first_phase_done = self.after is None and self.phase != "archived"
            done = self.after is None and self.phase == "archived"
            if first_phase_done:
                self.phase = "archived"
            if done or len(rows) >= _BATCH_ROWS:
                yield self._batch(rows, done)
                rows = []
            if done:
                return

    def _page(self) -> Page:
        if self.phase == "search":
            return self._search()
        results, after = self._list(archived=self.phase == "archived")
        if self.phase == "archived" and self.since:
            edge = self.since - LOOKBACK
            results = [r for r in results if parse_time(r.get("archivedAt") or r["updatedAt"]) >= edge]
        return results, after

    def _list(self, archived: bool) -> Page:
        path, flag = f"/crm/v3/objects/{self.object}", "true" if archived else "false"
        params = {"limit": 100, "after": self.after, "archived": flag}
        names = ",".join(self.names)
        if len(names) <= _URL_LENGTH:
            answer = self.session.call("GET", path, {**params, "properties": names})
            return answer["results"], _next(answer)
        answer = self.session.call("GET", path, params)
        ids = [result["id"] for result in answer["results"]]
        full = read_batch(self.session, self.object, ids, self.names, archived=archived)
        return [{**r, "properties": full.get(r["id"], r)["properties"]} for r in answer["results"]], _next(answer)

    def _search(self) -> Page:
        """The next 200 by id. Each page is a query of its own: past 10,000 results HubSpot pages no further."""
        assert self.since is not None
        filters = [{"propertyName": self.stamp, "operator": "GTE", "value": millis(self.since - LOOKBACK)}]
        if self.after:
            filters.append({"propertyName": "hs_object_id", "operator": "GT", "value": self.after})
        body = {
            "filterGroups": [{"filters": filters}],
            "sorts": [{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
            "properties": self.names,
            "limit": 200,
        }
        answer = self.session.call("POST", f"/crm/v3/objects/{self.object}/search", body=body)
        results = answer["results"]
        more = _next(answer) is not None
        if more and self.newest is None:
            self.newest = self._newest()
        return results, results[-1]["id"] if more else None

    def _newest(self) -> datetime:
        """The newest stamp there is, asked of the data, not of a clock: ours and HubSpot's may differ."""
        sorts = [{"propertyName": self.stamp, "direction": "DESCENDING"}]
        body = {"filterGroups": [], "sorts": sorts, "properties": [self.stamp], "limit": 1}
        results = self.session.call("POST", f"/crm/v3/objects/{self.object}/search", body=body)["results"]
        return parse_time(results[0]["properties"][self.stamp]) if results else NEVER

    def _rows(self, result: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The record, if this version is new to us, and one tombstone for each record that was merged into it."""
        id, properties = str(result["id"]), result.get("properties") or {}
        deleted = bool(result.get("archived"))
        at = parse_time((result.get("archivedAt") if deleted else properties.get(self.stamp)) or result["updatedAt"])
        if not deleted:
            self.greatest = max(at, self.greatest or at)
        rows = []
        if self.seen.is_new(id, at, properties):
            row = {name: value_of(properties.get(name), type_) for name, type_ in self.columns.items() if name != ASSOCIATED}
            rows.append({**row, "id": id, "_id": id, "_modified_at": at, "_deleted": deleted})
        losers = [] if deleted else (properties.get(_MERGED) or "").split(";")
        for loser in filter(None, losers):
            if loser != id and self.seen.is_new(loser, at, "merged"):
                rows.append({"_id": loser, "_modified_at": at, "_deleted": True, "_merged_into": id})
        return rows

    def _batch(self, rows: list[dict[str, Any]], done: bool) -> Batch:
        if ASSOCIATED in self.columns:
            living = [row["_id"] for row in rows if not row["_deleted"]]
            linked = company_ids(self.session, self.object, living)
            rows = [{**row, ASSOCIATED: linked.get(row["_id"], [])} if not row["_deleted"] else row for row in rows]
        if done:
            stamp = min(self.greatest or NEVER, self.newest or self.greatest or NEVER)
            cursor: Cursor = {"stamp": iso(stamp), "seen": self.seen.since(stamp)}
        else:
            cursor = {"stamp": self.since and iso(self.since), "newest": self.newest and iso(self.newest), "phase": self.phase}
            cursor |= {"after": self.after, "greatest": self.greatest and iso(self.greatest), "seen": self.kept}
        notes, self.notes = self.notes, ()
        return Batch(self.object, to_table(self.columns, rows), cursor, notes)


def changed_since(session: HubspotSession, object: str, cursor: Cursor, not_by: str | None) -> int:
    """Records modified after the cursor, by the search index, which lags by seconds. Archived ones are not counted.

    ``not_by`` is matched against ``hs_updated_by_user_id``, where the object has it; where it has not, our own
    writes count too. A change without a user (an import, a workflow) counts.
    """
    filters = [{"propertyName": stamp_property(object), "operator": "GT", "value": millis(_after(cursor))}]
    groups = [{"filters": filters}]
    if not_by and "hs_updated_by_user_id" in properties_of(session, object):
        by = {"propertyName": "hs_updated_by_user_id"}
        groups = [
            {"filters": [*filters, {**by, "operator": "NEQ", "value": not_by}]},
            {"filters": [*filters, {**by, "operator": "NOT_HAS_PROPERTY"}]},
        ]
    body = {"filterGroups": groups, "limit": 1, "properties": ["hs_object_id"]}
    return int(session.call("POST", f"/crm/v3/objects/{object}/search", body=body)["total"])


def read(
    session: HubspotSession, object: str, ids: Sequence[str], fields: Sequence[str], external_id: str | None = None
) -> dict[str, dict[str, Any]]:
    """Records by id, 100 a call, values typed as in a pull; fields that do not exist are null, as HubSpot has it."""
    known = properties_of(session, object)
    wanted = list(dict.fromkeys(ids))
    names = [name for name in fields if name != COMPANY]
    native: dict[str, str] = {}
    found: dict[str, dict[str, Any]] = {}
    for at in range(0, len(wanted), 100):
        batch = wanted[at : at + 100]
        for id, record in read_batch(session, object, batch, names, id_property=external_id).items():
            properties = record["properties"]
            native[id] = str(record["id"])
            found[id] = {name: value_of(properties.get(name), known.get(name, pa.string())) for name in names}
    if COMPANY in fields:
        linked = company_ids(session, object, list(native.values()))
        for id, record in found.items():
            record[COMPANY] = next(iter(linked.get(native[id], ())), None)
    return found


def read_batch(
    session: HubspotSession,
    object: str,
    ids: Sequence[str],
    names: Sequence[str],
    archived: bool = False,
    id_property: str | None = None,
    history: Sequence[str] = (),
) -> dict[str, dict[str, Any]]:
    """At most 100 records as HubSpot gives them, 50 where the ``history`` of properties is asked for.

    An id that was merged away is absent, not its winner.
    """
    if not ids:
        return {}
    body: dict[str, Any] = {"inputs": [{"id": id} for id in ids], "propertiesWithHistory": list(history)}
    body["properties"] = list(dict.fromkeys([*names, *([id_property] if id_property else [])]))
    if id_property:
        body["idProperty"] = id_property
    params = {"archived": "true"} if archived else None
    answer = session.call("POST", f"/crm/v3/objects/{object}/batch/read", params, body)
    asked = set(ids)
    keyed = {str(r["properties"].get(id_property) if id_property else r["id"]): r for r in answer["results"]}
    return {key: record for key, record in keyed.items() if key in asked}


def millis(at: datetime) -> str:
    """Search compares times as milliseconds since 1970."""
    return str(int(at.timestamp() * 1000))


def _after(cursor: Cursor) -> datetime:
    return parse_time(cursor.get("stamp") or "1970-01-01T00:00:00Z")


def _next(answer: Mapping[str, Any]) -> str | None:
    return ((answer.get("paging") or {}).get("next") or {}).get("after")
