"""Answering queries: pages and locators.

Belongs here: running a compiled query, page by page. Does not: parsing and compiling (``soql.py``, ``soql_sql.py``), rows
(``rows.py``).
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from connectors.sandbox.clock import Clock
from connectors.sandbox.faults import Faults
from connectors.sandbox.salesforce import soql
from connectors.sandbox.salesforce.errors import SalesforceError
from connectors.sandbox.salesforce.rows import Row, read, shape_of, totals
from connectors.sandbox.salesforce.schema import View
from connectors.sandbox.salesforce.soql_sql import Children, Plan, compile_query
from connectors.sandbox.salesforce.values import wire_datetime
from connectors.sandbox.store import Store

PAGE = 2000
ID_LENGTH = 18
_KEPT_CURSORS = 50


@dataclass(frozen=True)
class Cursor:
    """An open query: ids are fixed when it runs, documents are read page by page."""

    plan: Plan
    ids: str
    """One after the other."""
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
        if plan.totals is not None:
            return totals(self._store, plan)
        ids = self.ids(plan)
        count = len(ids) // ID_LENGTH
        if plan.selected is None:
            return {"totalSize": count, "done": True, "records": []}
        if tooling and count > 1 and {each.field.name for each in plan.selected} & {"FullName", "Metadata"}:
            message = (
                "When retrieving results with Metadata or FullName fields, the query qualifications "
                "must specify no more than one row for retrieval."
            )
            raise SalesforceError("MALFORMED_QUERY", message)
        cursor = Cursor(plan, ids, size, user_id)
        locator = ""
        if count > size:
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

    def ids(self, plan: Plan) -> str:
        """The ids of an answer, one after the other."""
        return self._store.packed_ids(plan.type.name, plan.where, plan.params, plan.order, plan.limit, plan.offset)

    def more(self, locator: str, user_id: str, base: str, size: int | None) -> dict[str, Any]:
        """The page at ``<locator>-<offset>``. Raises INVALID_QUERY_LOCATOR."""
        key, _, start = locator.rpartition("-")
        if self._faults.take("locator_lost", f"{base}/{locator}"):
            self._cursors.pop(key, None)
        cursor = self._cursors.get(key)
        if cursor is None or cursor.user_id != user_id or not start.isdigit():
            raise SalesforceError("INVALID_QUERY_LOCATOR", "invalid query locator")
        self._cursors.move_to_end(key)
        if size is not None and size != cursor.size:
            cursor = self._cursors[key] = Cursor(cursor.plan, cursor.ids, size, user_id)
        return self._page(cursor, key, int(start), base)

    def _page(self, cursor: Cursor, key: str, start: int, base: str) -> dict[str, Any]:
        stop, count = start + cursor.size, len(cursor.ids) // ID_LENGTH
        done = stop >= count
        rows = self.rows(cursor.plan, unpacked(cursor.ids, start, stop), base.rsplit("/", 1)[0])
        following = {} if done else {"nextRecordsUrl": f"{base}/{key}-{stop}"}
        return {"totalSize": count, "done": done, **following, "records": rows}

    def rows(self, plan: Plan, ids: list[str], base: str) -> list[Row]:
        """Rows in the order of ``ids``; those that are gone for good are left out."""
        found = read(self._store, base, plan.type.name, ids, shape_of(plan.selected or ()))
        for each in plan.children:
            for id, below in self._below(each, list(found), base).items():
                found[id][each.key] = below
        return [found[id] for id in ids if id in found]

    def _below(self, each: Children, ids: list[str], base: str) -> dict[str, Row | None]:
        """id -> the answer of a child subquery, ``None`` where it finds nothing."""
        plan, kept = each.plan, dict[str, list[str]]()
        for parent, id in self._store.below(plan.type.name, each.link, ids, plan.where, plan.params, plan.order):
            some = kept.setdefault(parent, [])
            if plan.limit < 0 or len(some) < plan.limit:
                some.append(id)
        rows: dict[str, Row | None] = dict.fromkeys(ids)
        for parent, some in kept.items():
            if some:
                rows[parent] = {"totalSize": len(some), "done": True, "records": self.rows(plan, some, base)}
        return rows

    def _zone(self) -> ZoneInfo:
        found = next(self._store.select("Organization"), None)
        return ZoneInfo("Asia/Tokyo" if found is None else found[1].get("TimeZoneSidKey") or "Asia/Tokyo")


def unpacked(ids: str, start: int, stop: int) -> list[str]:
    """The ids from ``start`` to before ``stop``."""
    return [ids[at : at + ID_LENGTH] for at in range(start * ID_LENGTH, min(stop * ID_LENGTH, len(ids)), ID_LENGTH)]
