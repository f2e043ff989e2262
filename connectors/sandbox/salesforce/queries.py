"""Answering queries: pages, locators, nested relationship fields.

Belongs here: running a compiled query and shaping its rows. Does not: parsing and compiling (``soql.py``, ``soql_sql.py``).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from connectors.sandbox.clock import Clock
from connectors.sandbox.faults import Faults
from connectors.sandbox.salesforce import soql
from connectors.sandbox.salesforce.errors import SalesforceError
from connectors.sandbox.salesforce.schema import Field, View
from connectors.sandbox.salesforce.soql_sql import Plan, Selected, compile_query
from connectors.sandbox.salesforce.values import wire_datetime
from connectors.sandbox.store import Store

PAGE = 2000
_KEPT_CURSORS = 50


@dataclass(frozen=True)
class Cursor:
    """An open query: ids are fixed when it runs, documents are read page by page."""

    plan: Plan
    ids: list[str]
    size: int
    user_id: str


class Queries:
    """The open queries of one org."""

    def __init__(self, store: Store, clock: Clock, faults: Faults) -> None:
        self._store, self._clock, self._faults = store, clock, faults
        self._cursors: OrderedDict[str, Cursor] = OrderedDict()
        self._opened = 0

    def run(self, text: str, view: View, user_id: str, base: str, size: int, deleted_too: bool, tooling: bool) -> dict[str, Any]:
        """The first page. ``base`` is the address under which locators are served. Raises ``SalesforceError``."""
        plan = self.plan(text, view, deleted_too, "queryAll" if deleted_too else "query", tooling)
        ids = self._ids(plan)
        if plan.selected is None:
            return {"totalSize": len(ids), "done": True, "records": []}
        if tooling and len(ids) > 1 and {each.field.name for each in plan.selected} & {"FullName", "Metadata"}:
            message = (
                "When retrieving results with Metadata or FullName fields, the query qualifications "
                "must specify no more than one row for retrieval."
            )
            raise SalesforceError("MALFORMED_QUERY", message)
        cursor = Cursor(plan, ids, size, user_id)
        locator = ""
        if len(ids) > size:
            self._opened += 1
            locator = f"01g5g{self._opened:010d}AAA"
            self._cursors[locator] = cursor
            while len(self._cursors) > _KEPT_CURSORS:
                self._cursors.popitem(last=False)
        return self._page(cursor, locator, 0, base)

    def plan(self, text: str, view: View, deleted_too: bool, address: str, tooling: bool = False) -> Plan:
        """A query as this user may ask it, not yet run. Raises ``SalesforceError``.

        Where the fault ``late_visible`` strikes ``address/Type``, rows changed in its last ``seconds`` are not there yet.
        """
        plan = compile_query(soql.parse(text), view, self._clock.now(), self._zone(), deleted_too, tooling)
        until = self.visible_until(f"{address}/{plan.type.name}")
        if until is None:
            return plan
        return replace(plan, where=f"({plan.where}) AND documents.modified_at <= ?", params=(*plan.params, until))

    def visible_until(self, address: str) -> str | None:
        """The last stamp that the fault ``late_visible`` lets be seen, ``None`` without it."""
        late = self._faults.draw("late_visible", address)
        return None if late is None else wire_datetime(self._clock.now() - timedelta(seconds=late.seconds))

    def all_rows(self, plan: Plan) -> Iterator[dict[str, Any]]:
        """Every row of a plan at once, shaped as pages have them."""
        ids = self._ids(plan)
        for start in range(0, len(ids), PAGE):
            yield from self._rows(plan, ids[start : start + PAGE], "")

    def _ids(self, plan: Plan) -> list[str]:
        return self._store.ids(plan.type.name, plan.where, plan.params, plan.order, plan.limit, plan.offset)

    def more(self, locator: str, user_id: str, base: str, size: int | None) -> dict[str, Any]:
        """The page at ``<locator>-<offset>``. Raises INVALID_QUERY_LOCATOR."""
        key, _, start = locator.rpartition("-")
        cursor = self._cursors.get(key)
        if cursor is None or cursor.user_id != user_id or not start.isdigit():
            raise SalesforceError("INVALID_QUERY_LOCATOR", "invalid query locator")
        self._cursors.move_to_end(key)
        if size is not None and size != cursor.size:
            cursor = self._cursors[key] = Cursor(cursor.plan, cursor.ids, size, user_id)
        return self._page(cursor, key, int(start), base)

    def _page(self, cursor: Cursor, key: str, start: int, base: str) -> dict[str, Any]:
        stop = start + cursor.size
        done = stop >= len(cursor.ids)
        rows = self._rows(cursor.plan, cursor.ids[start:stop], base.rsplit("/", 1)[0])
        following = {} if done else {"nextRecordsUrl": f"{base}/{key}-{stop}"}
        return {"totalSize": len(cursor.ids), "done": done, **following, "records": rows}

    def _rows(self, plan: Plan, ids: list[str], base: str) -> list[dict[str, Any]]:
        documents = self._store.get_many(plan.type.name, ids)
        parents: dict[str, tuple[str, dict[str, Any]] | None] = {}
        rows = []
        for id in ids:
            if id in documents:
                doc, gone = documents[id]
                shown = _Row(self._store, base, parents)
                rows.append(shown.of(plan.type.name, {**doc, "IsDeleted": gone}, plan.selected or ()))
        return rows

    def _zone(self) -> ZoneInfo:
        found = next(self._store.select("Organization"), None)
        return ZoneInfo("Asia/Tokyo" if found is None else found[1].get("TimeZoneSidKey") or "Asia/Tokyo")


class _Row:
    """Shapes one row, nested along its relationships; parents are looked up once a page."""

    def __init__(self, store: Store, base: str, parents: dict[str, tuple[str, dict[str, Any]] | None]) -> None:
        self._store, self._base, self._parents = store, base, parents

    def of(self, type_name: str, doc: dict[str, Any], selected: tuple[Selected, ...]) -> dict[str, Any]:
        row = attributes(self._base, type_name, doc["Id"])
        for each in selected:
            self._set(row, doc, each.relations, each.field)
        return row

    def _set(self, row: dict[str, Any], doc: dict[str, Any], relations: tuple[Field, ...], field: Field) -> None:
        if not relations:
            row[field.name] = doc.get(field.name)
            return
        link, name = relations[0], relations[0].relationship or ""
        parent = self._parent(link, doc.get(link.name))
        if parent is None:
            row[name] = None
            return
        nested = row.setdefault(name, attributes(self._base, parent[0], parent[1]["Id"]))
        self._set(nested, parent[1], relations[1:], field)

    def _parent(self, link: Field, id: str | None) -> tuple[str, dict[str, Any]] | None:
        if id is None:
            return None
        if id not in self._parents:
            found = ((name, self._store.get(name, id)) for name in link.reference_to)
            self._parents[id] = next(((name, {**doc, "IsDeleted": False}) for name, doc in found if doc is not None), None)
        return self._parents[id]


def attributes(base: str, type_name: str, id: str) -> dict[str, Any]:
    """How every record of an answer begins."""
    return {"attributes": {"type": type_name, "url": f"{base}/sobjects/{type_name}/{id}"}}
