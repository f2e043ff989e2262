"""``/crm/v3/objects/{type}/search``: filters compiled to SQL over the store.

Belongs here: HubSpot's filter language and its limits. Does not: how records are shown (``records.py``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from connectors.sandbox.hubspot import records
from connectors.sandbox.hubspot.errors import validation_error
from connectors.sandbox.hubspot.object_types import ObjectType
from connectors.sandbox.hubspot.portal import Answer, Call, Handler, Json, Portal, checked_limit, checked_offset, objects, page
from connectors.sandbox.hubspot.properties import comparable, definitions
from connectors.sandbox.store import Store

PAGE_LIMIT = 200
RESULT_LIMIT = 10_000
_GROUPS, _FILTERS, _FILTERS_IN_ALL = 5, 6, 18
_COMPARISONS = {"EQ": "=", "NEQ": "<>", "LT": "<", "LTE": "<=", "GT": ">", "GTE": ">="}
_TOKENS = re.compile(r"[^\W_]+", re.UNICODE)

Sql = tuple[str, list[Any]]


def has_token(text: str | None, pattern: str | None) -> bool:
    """Whether one of the words of ``text`` fits ``pattern``, in which ``*`` stands for any run of characters."""
    if not text or not pattern:
        return False
    if "*" not in pattern:
        words = [word.lower() for word in _TOKENS.findall(text)]
        wanted = [word.lower() for word in _TOKENS.findall(pattern)]
        return bool(wanted) and all(word in words for word in wanted)
    fits = re.compile(".*".join(map(re.escape, pattern.lower().split("*"))), re.DOTALL)
    return any(fits.fullmatch(word) for word in (text.lower(), *text.lower().split()))


class FilterCompiler:
    """Turns filters over one object type into SQL conditions over ``id, doc, modified_at``."""

    def __init__(self, kind: ObjectType, known: dict[str, Json]) -> None:
        self._kind, self._known = kind, known

    def column(self, name: str) -> Sql:
        """The SQL expression that a property's value is compared by. Raises ``HubSpotError`` (400) where there is none."""
        definition = self._known.get(name)
        if definition is None:
            raise validation_error(f"There was a problem with the request. Property {name} does not exist")
        if name == "hs_object_id":
            return "id", []
        if name == self._kind.modified:
            return "modified_at", []
        value = "json_extract(doc, ?)"
        if definition["type"] == "number":
            value = f"CAST({value} AS REAL)"
        elif definition["type"] in ("string", "enumeration"):
            value = f"lower({value})"
        return value, [f'$.properties."{name}"']

    def groups(self, given: Any) -> Sql:
        """OR of groups, each an AND of its filters; no group fits all. Raises ``HubSpotError`` (400)."""
        groups = [objects(group.get("filters") or [], "filters") for group in objects(given, "filterGroups")]
        sizes = [len(group) for group in groups]
        if len(sizes) > _GROUPS or max(sizes, default=0) > _FILTERS or sum(sizes) > _FILTERS_IN_ALL:
            raise validation_error(f"At most {_GROUPS} filterGroups of {_FILTERS} filters, {_FILTERS_IN_ALL} in all, are allowed")
        return _joined(" OR ", [_joined(" AND ", [self._filter(each) for each in group]) for group in groups if group])

    def _filter(self, given: Json) -> Sql:
        name, operator = str(given.get("propertyName", "")), str(given.get("operator", ""))
        sql, path = self.column(name)
        if operator in ("HAS_PROPERTY", "NOT_HAS_PROPERTY"):
            return f"{sql} IS {'NOT ' if operator == 'HAS_PROPERTY' else ''}NULL", path
        if operator in ("IN", "NOT_IN"):
            values = [self._value(name, value) for value in self._required(given, "values")]
            listed = f"{sql} IN ({','.join('?' * len(values))})"
            return (
                (listed, [*path, *values]) if operator == "IN" else (f"({sql} IS NULL OR NOT {listed})", [*path, *path, *values])
            )
        value = self._required(given, "value")
        if operator in ("CONTAINS_TOKEN", "NOT_CONTAINS_TOKEN"):
            return f"{'NOT ' if operator.startswith('NOT') else ''}hubspot_has_token({sql}, ?)", [*path, str(value)]
        if operator == "BETWEEN":
            return f"{sql} BETWEEN ? AND ?", [
                *path,
                self._value(name, value),
                self._value(name, self._required(given, "highValue")),
            ]
        if operator not in _COMPARISONS:
            raise validation_error(f"Invalid input JSON: operator {operator} does not exist")
        compared = f"{sql} {_COMPARISONS[operator]} ?"
        if operator == "NEQ":
            return f"({sql} IS NULL OR {compared})", [*path, *path, self._value(name, value)]
        return compared, [*path, self._value(name, value)]

    def _required(self, given: Json, key: str) -> Any:
        value = given.get(key)
        if value is None or (key == "values" and not isinstance(value, list)):
            raise validation_error(f"Invalid input JSON: operator {given['operator']} needs {key}")
        return value

    def _value(self, name: str, value: Any) -> str | float:
        definition = self._known[name]
        try:
            text = comparable(definition["type"], name, value)
        except ValueError as wrong:
            raise validation_error(f"There was a problem with the request. {wrong}") from None
        if name == "hs_object_id":
            return text
        if definition["type"] == "number":
            return float(text or 0)
        return text.lower() if definition["type"] in ("string", "enumeration") else text

    def order(self, sorts: Any) -> Sql:
        """At most one sort; HubSpot's default is the order of creation. Raises ``HubSpotError`` (400)."""
        if not sorts:
            return "id", []
        if not isinstance(sorts, list) or len(sorts) > 1:
            raise validation_error("There was a problem with the request. At most one sort is allowed")
        (sort,) = sorts
        if isinstance(sort, str):
            sort = {"propertyName": sort.lstrip("-"), "direction": "DESCENDING" if sort.startswith("-") else "ASCENDING"}
        (sort,) = objects([sort], "sorts")
        sql, path = self.column(str(sort.get("propertyName", "")))
        downwards = sort.get("direction", "ASCENDING") == "DESCENDING"
        return f"{sql} {'DESC' if downwards else 'ASC'}, id", path


def _joined(word: str, parts: Sequence[Sql]) -> Sql:
    if not parts:
        return "1", []
    return "(" + word.join(sql for sql, _ in parts) + ")", [value for _, values in parts for value in values]


def install(store: Store) -> None:
    """Make the functions that compiled filters call known to the store."""
    store.db.create_function("hubspot_has_token", 2, has_token, deterministic=True)


def _condition(call: Call, body: Json, compiler: FilterCompiler) -> Sql:
    alone = [{"filters": body["filters"]}] if body.get("filters") else []  # one group may stand for itself
    parts = [compiler.groups(body.get("filterGroups") or alone)]
    if body.get("query"):
        words = [
            (f"hubspot_has_token({sql}, ?)", [*path, f"*{body['query']}*"])
            for sql, path in map(compiler.column, call.type.searched)
        ]
        parts.append(_joined(" OR ", words))
    lag = call.portal.faults.draw("search_lag", call.path, call.method)
    if lag is not None:
        parts.append(("modified_at <= ?", [call.portal.past(lag.seconds)]))
    return _joined(" AND ", parts)


def _keys(portal: Portal, kind: ObjectType, where: Sql, order: Sql, limit: int, offset: int) -> tuple[int, list[str]]:
    """How many records fit, and the store keys of one page of them."""
    sql, params = where
    # Only ids first: they come from an index, whereas the documents in between would all have to be opened
    rows = portal.store.db.execute(
        f"SELECT id FROM documents WHERE object = ? AND deleted = 0 AND {sql} ORDER BY {order[0]} LIMIT ? OFFSET ?",
        (kind.name, *params, *order[1], limit, offset),
    )
    keys = [key for (key,) in rows]
    if offset == 0 and len(keys) < limit:
        return len(keys), keys
    return portal.store.count(kind.name, f"deleted = 0 AND {sql}", params), keys


def search(call: Call) -> Answer:
    body, kind, portal = call.body, call.type, call.portal
    limit, offset = checked_limit(body.get("limit"), 10, PAGE_LIMIT), checked_offset(body.get("after"))
    if offset + limit > RESULT_LIMIT:
        raise validation_error(f"There was a problem with the request. Paging past {RESULT_LIMIT} results is not supported")
    known = definitions(portal, kind.name)
    compiler = FilterCompiler(kind, known)
    total, keys = _keys(portal, kind, _condition(call, body, compiler), compiler.order(body.get("sorts")), limit, offset)
    docs = records.by_key(portal, kind, keys)
    results = [records.shown(docs[key], kind, body.get("properties") or [], known) for key in keys]
    more = offset + limit < total
    return 200, {"total": total, **page(results, offset + limit if more else None)}


ROUTES: tuple[tuple[str, str, Handler], ...] = (("POST", "/crm/v3/objects/{type}/search", search),)
