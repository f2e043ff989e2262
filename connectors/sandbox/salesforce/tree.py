"""Records with their children in one call: ``composite/tree/{T}``.

Belongs here: walking the tree; all of it is made or none. Does not: what a record must say (``records.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from starlette.responses import JSONResponse, Response

from connectors.sandbox.salesforce import errors
from connectors.sandbox.salesforce.children import children_of
from connectors.sandbox.salesforce.errors import SalesforceError
from connectors.sandbox.salesforce.org import Call
from connectors.sandbox.salesforce.schema import ObjectType

_MOST_RECORDS, _MOST_LEVELS = 200, 5

Row = dict[str, Any]


class _Refused(Exception):
    """A record that is not made, and so none is."""

    def __init__(self, name: str, wrong: SalesforceError) -> None:
        super().__init__(name)
        self.result = {"referenceId": name, "errors": wrong.as_rows()}


async def tree(call: Call) -> Response:
    """Makes up to 200 records, parents first, each with a ``referenceId`` of its own."""
    type = call.view.type(call.path["type"])
    if type is None or type.tooling:
        raise errors.not_found()
    records = _records(await call.json())
    names = [_name(row) for row in _flat(records)]
    if len(names) > _MOST_RECORDS:
        raise SalesforceError("LIMIT_EXCEEDED", f"The limit of {_MOST_RECORDS} records in a tree is exceeded")
    if len(set(names)) < len(names) or "" in names:
        raise SalesforceError("INVALID_INPUT", "Each record needs a referenceId of its own")
    made: list[Row] = []
    try:
        with call.org.store.transaction():
            _make(call, type, records, {}, 1, made)
    except _Refused as refused:
        return JSONResponse({"hasErrors": True, "results": [refused.result]}, 400)
    return JSONResponse({"hasErrors": False, "results": made}, 201)


def _make(call: Call, type: ObjectType, records: list[Row], link: Row, level: int, made: list[Row]) -> None:
    """Raises ``_Refused``."""
    if level > _MOST_LEVELS:
        raise SalesforceError("INVALID_INPUT", f"A tree has at most {_MOST_LEVELS} levels")
    known = children_of(type, call.view)
    for row in records:
        below = {key: value for key, value in row.items() if key.lower() in known}
        own = {key: value for key, value in row.items() if key not in below and key != "attributes"}
        try:
            id = call.org.records.create(call.session, type, {**own, **link})
        except SalesforceError as wrong:
            raise _Refused(_name(row), wrong) from None
        made.append({"referenceId": _name(row), "id": id})
        for key, value in below.items():
            child = known[key.lower()]
            _make(call, child.type, _records(value), {child.link.name: id}, level + 1, made)


def _flat(records: list[Row]) -> Iterator[Row]:
    for row in records:
        yield row
        for value in row.values():
            if isinstance(value, dict) and "records" in value:
                yield from _flat(_records(value))


def _records(given: Any) -> list[Row]:
    found = given.get("records") if isinstance(given, dict) else None
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise SalesforceError("JSON_PARSER_ERROR", "records must be a list of objects")
    return found


def _name(row: Row) -> str:
    told = row.get("attributes")
    return str(told.get("referenceId") or "") if isinstance(told, dict) else ""


ROUTES = (("/services/data/v{version}/composite/tree/{type}", tree, ("POST",)),)
