"""Reading a HubSpot object: all of it, or what changed; archived and merged records as deletions.

Belongs here: phases of a pull, and what a record becomes. Does not: single calls (``pages``), cursors (``place``), owners
(``owners``), values (``properties``), records by id (``reading``).

A first pull lists everything (``list``). A later one looks at the newest of what changed since its cursor, which is most often
all of it (``look``); where it is not, it walks through it in order of id (``search``). Then come the ``archived`` records, which
search never shows. Order of id, not of time, is why the cursor moves only when all is done: one in between says where to go on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from connectors.batches import Seen, now, parse_time, to_table
from connectors.crm import Batch, CrmError, Cursor
from connectors.hubspot.associations import company_ids
from connectors.hubspot.pages import LIST_ROWS, SEARCH_ROWS, Pages, Record, millis, stamp_property
from connectors.hubspot.place import Phase, Place
from connectors.hubspot.properties import ASSOCIATED, Properties, columns_of, value_of
from connectors.hubspot.session import HubspotSession
from connectors.hubspot.window import LOOKBACK, edge

_MERGED = "hs_merged_object_ids"
_BATCH_ROWS = 1_000
_SMALL_BIN = 2
"""So many pages of archived records are read each time; in a bigger bin it is asked first whether anything is new."""


def pull(
    session: HubspotSession, properties: Properties, object: str, fields: Sequence[str], cursor: Cursor | None
) -> Iterator[Batch]:
    """Batches of at most 1,000 records; always at least one. The last one's cursor has ``stamp``, ``seen``, and ``quiet`` where
    nothing changed meanwhile.

    ``stamp`` = the greatest modification time seen, but not past the newest one at the start of the pull: what
    changes while we page is fetched next time. A pull that goes on from the midst of a broken one ends that, and then fetches
    what changed since it began.
    """
    if cursor and "phase" in cursor:
        for batch in _Pull(session, properties, object, fields, cursor).batches():
            yield batch
            cursor = batch.cursor
    yield from _Pull(session, properties, object, fields, cursor).batches()


class _Pull:
    def __init__(
        self, session: HubspotSession, properties: Properties, object: str, fields: Sequence[str], cursor: Cursor | None
    ) -> None:
        self.session, self.object = session, object
        known = properties.just_asked(object)
        self.columns = columns_of(object, known, fields)
        extra = [name for name in (stamp_property(object), _MERGED) if name in known]
        names = list(dict.fromkeys([*(name for name in self.columns if name in known), *extra]))
        self.pages = Pages(session, object, names)
        self.notes = tuple(
            f"{object}.{name} does not exist in HubSpot, or this token cannot see it; it was left out."
            for name in dict.fromkeys(fields)
            if name not in self.columns
        )
        self.at = Place.of(cursor, now())
        self.kept = list((cursor or {}).get("seen", ()))
        self.seen = Seen(cursor, LOOKBACK)
        self.whole = False
        """Whether the look showed everything."""
        self.shrunk = False
        """Whether it showed fewer than there were."""

    def batches(self) -> Iterator[Batch]:
        at, rows = self.at, list[dict[str, Any]]()
        if at.phase == "list" and at.newest is None:
            at.newest, _ = self.pages.newest()
        while True:
            mark = at.midway(self.kept)
            try:
                fresh = [row for result in self._page() for row in self._rows(result)]
            except CrmError:  # what came before stays, so that a run whose calls are few gets on
                if rows:
                    yield self._batch(rows, mark)
                raise
            rows += fresh
            at.new = at.new or bool(fresh)
            if at.phase == "look" and at.since:
                self.kept = self.seen.since(at.since)  # the walk in order of id meets these again, also if it is broken off
            if at.after is None:
                at.phase = self._next_phase()
            if at.phase == "done":
                yield self._batch(rows, at.finished(self.seen.since(at.stamp)))
                return
            if len(rows) > _BATCH_ROWS - (SEARCH_ROWS if at.phase == "search" else LIST_ROWS):
                yield self._batch(rows, at.midway(self.kept))
                rows = []

    def _page(self) -> list[Record]:
        at = self.at
        if at.phase == "look":
            return self._look()
        if at.phase == "search":
            assert at.since is not None
            results, at.after = self.pages.changed(edge(at.since), at.after)
            return self._counted(results)
        results, at.after = self.pages.listed(at.after, archived=at.phase == "archived")
        if at.phase == "list":
            return self._counted(results)
        at.bin += 1
        return [r for r in results if at.since is None or _archived_at(r) >= edge(at.since)]

    def _look(self) -> list[Record]:
        """The newest of what lies in the look-back and after. Their number tells whether the rest must be read, too."""
        at = self.at
        assert at.since is not None
        results, total = self.pages.newest_since(edge(at.since))
        at.newest = self.pages.stamp_of(results[0]) if results else at.since
        self.whole = total <= len(results)
        self.shrunk = at.quiet is not None and total < at.quiet.rows
        if self.whole:
            return self._counted(results[::-1])
        if at.may_be_unread(at.newest, total):
            at.unread = total
            if len(self.kept) < total:  # more than a cursor remembers one by one: their number must do
                return []
        return results[::-1]

    def _counted(self, results: list[Record]) -> list[Record]:
        for result in results:
            self.at.window.saw(self.pages.stamp_of(result))
        return results

    def _next_phase(self) -> Phase:
        at = self.at
        if at.phase == "search" and at.swept:
            return "done"
        if at.phase in ("look", "archived"):
            at.swept = at.phase == "archived"
            if at.unread is not None and at.new:  # what is new may hide in an unchanged number
                at.unread = None
                return "search"
            if at.phase == "archived":
                return "done"
            if not self.whole and at.unread is None:
                return "search"
        return "done" if self._bin_is_as_it_was() else "archived"

    def _bin_is_as_it_was(self) -> bool:
        """Whether nothing was archived since a pull that read a big bin to the end. One call; none where the bin is small."""
        at = self.at
        if at.quiet is None or at.quiet.bin <= _SMALL_BIN:
            return False
        _, total = self.pages.newest()
        if self.shrunk or total < (at.quiet.total or 0):  # some left, or the index hides some: no number to go by
            return False
        at.total = total
        if at.new or total != at.quiet.total:
            return False
        at.bin = at.quiet.bin
        return True

    def _rows(self, result: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The record, if this version is new to us, and one tombstone for each record that was merged into it."""
        id, properties = str(result["id"]), result.get("properties") or {}
        deleted = bool(result.get("archived"))
        at = _archived_at(result) if deleted else self.pages.stamp_of(result)
        if not deleted:
            self.at.passed(at)
        rows = []
        if self.seen.is_new(id, at, properties):
            row = {name: value_of(properties.get(name), type_) for name, type_ in self.columns.items() if name != ASSOCIATED}
            rows.append({**row, "id": id, "_id": id, "_modified_at": at, "_deleted": deleted})
        for loser in filter(None, (properties.get(_MERGED) or "").split(";")):
            if loser != id and self.seen.is_new(loser, at, "merged"):
                rows.append({"_id": loser, "_modified_at": at, "_deleted": True, "_merged_into": id})
        return rows

    def _batch(self, rows: list[dict[str, Any]], cursor: Cursor) -> Batch:
        if ASSOCIATED in self.columns:
            living = [row["_id"] for row in rows if not row["_deleted"]]
            linked = company_ids(self.session, self.object, living)
            rows = [{**row, ASSOCIATED: linked.get(row["_id"], [])} if not row["_deleted"] else row for row in rows]
        notes, self.notes = self.notes, ()
        return Batch(self.object, to_table(self.columns, rows), cursor, notes)


def _archived_at(result: Mapping[str, Any]) -> datetime:
    return parse_time(result.get("archivedAt") or result["updatedAt"])


def changed_since(session: HubspotSession, properties: Properties, object: str, cursor: Cursor, not_by: str | None) -> int:
    """Records modified after the cursor, by the search index, which lags by seconds. Archived ones are not counted.

    ``not_by`` is matched against ``hs_updated_by_user_id``, where the object has it; where it has not, our own
    writes count too. A change without a user (an import, a workflow) counts.
    """
    after = parse_time(cursor.get("stamp") or "1970-01-01T00:00:00Z")
    filters = [{"propertyName": stamp_property(object), "operator": "GT", "value": millis(after)}]
    groups = [{"filters": filters}]
    by = "hs_updated_by_user_id"
    if not_by and by in properties.known(object, [by]):
        groups = [
            {"filters": [*filters, {"propertyName": by, "operator": "NEQ", "value": not_by}]},
            {"filters": [*filters, {"propertyName": by, "operator": "NOT_HAS_PROPERTY"}]},
        ]
    body = {"filterGroups": groups, "limit": 1, "properties": ["hs_object_id"]}
    return int(session.call("POST", f"/crm/v3/objects/{object}/search", body=body)["total"])
