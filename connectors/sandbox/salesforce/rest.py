"""REST: records, collections, queries, describe.

Belongs here: one function an address, from request to answer. Does not: rules (``records.py``), sessions (``app.py``), what is
told of the org itself (``about.py``).
"""

from __future__ import annotations

import re
from typing import Any

from starlette.responses import JSONResponse, Response

from connectors.sandbox.salesforce import describe, errors
from connectors.sandbox.salesforce.errors import SalesforceError
from connectors.sandbox.salesforce.ids import is_id
from connectors.sandbox.salesforce.org import Call
from connectors.sandbox.salesforce.queries import PAGE
from connectors.sandbox.salesforce.record_checks import check_types
from connectors.sandbox.salesforce.records import MultipleMatches
from connectors.sandbox.salesforce.related import related
from connectors.sandbox.salesforce.rows import attributes
from connectors.sandbox.salesforce.schema import ObjectType

_SMALLEST_PAGE = 200


async def sobjects(call: Call) -> Response:
    listed = [describe.brief(each, call.view, call.base) for each in call.view.types.values() if not each.tooling]
    return JSONResponse({"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": listed})


async def one_type(call: Call) -> Response:
    """GET tells of the type, POST makes a record."""
    type = _type(call)
    if call.request.method == "GET":
        return JSONResponse({"objectDescribe": describe.brief(type, call.view, call.base), "recentItems": []})
    id = call.org.records.create(call.session, type, await call.json())
    return JSONResponse({"id": id, "success": True, "errors": []}, 201)


async def describe_type(call: Call) -> Response:
    return JSONResponse(describe.full(_type(call), call.view, call.base))


async def record(call: Call) -> Response:
    """GET, PATCH, DELETE by id."""
    type, records = _type(call), call.org.records
    id = call.path["id"]
    match call.request.method:
        case "GET" | "HEAD":
            return JSONResponse(_shown(call, type, records.get(type, id)))
        case "PATCH":
            records.update(call.session, type, id, await call.json())
        case "DELETE":
            records.delete(call.session, type, id)
    return Response(status_code=204)


async def record_by_key(call: Call) -> Response:
    """GET, PATCH (upsert), DELETE by an external id; where an id stands, the record is followed along a relationship."""
    type, records, name, value = _type(call), call.org.records, call.path["field"], call.path["value"]
    if call.request.method in ("GET", "HEAD") and is_id(name) and type.field(name) is None:
        return JSONResponse(related(call, type, name, value))
    if call.request.method == "PATCH":
        try:
            id, created = records.upsert(call.session, type, name, value, await call.json())
        except MultipleMatches as many:
            return _choices(call, many)
        body = {"id": id, "success": True, "errors": [], "created": created}
        if not created and float(call.version) < 46:
            return Response(status_code=204)
        return JSONResponse(body, 201 if created else 200)
    found = records.find(type, name, value)
    if not found:
        raise errors.not_found()
    if len(found) > 1:
        return _choices(call, MultipleMatches(type.name, found))
    if call.request.method == "DELETE":
        records.delete(call.session, type, found[0])
        return Response(status_code=204)
    return JSONResponse(_shown(call, type, records.get(type, found[0])))


async def query(call: Call) -> Response:
    """``query``, ``queryAll`` and ``tooling/query``; the first page."""
    address = call.request.url.path.rstrip("/")
    text = call.request.query_params.get("q")
    if not text:
        raise SalesforceError("MALFORMED_QUERY", "A query string has to be specified")
    if call.org.faults.take("query_timeout", address):
        raise SalesforceError("QUERY_TIMEOUT", "Your query request was running for too long.")
    kind = address.rsplit("/", 1)[1]
    tooling = "/tooling/" in address
    base = call.base + ("/tooling/query" if tooling else "/query")
    size = _page_size(call) or PAGE
    answer = call.org.queries.run(text, call.view, call.session.user_id, base, size, kind == "queryAll", tooling)
    return JSONResponse(answer)


async def query_more(call: Call) -> Response:
    """The following pages, fewer or more rows each if the header says so."""
    base = call.request.url.path.rsplit("/", 1)[0]
    return JSONResponse(call.org.queries.more(call.path["locator"], call.session.user_id, base, _page_size(call)))


async def collections(call: Call) -> Response:
    """POST creates, PATCH updates, DELETE deletes up to 200 rows."""
    many, session = call.org.collections, call.session
    if call.request.method == "DELETE":
        given = call.request.query_params
        ids = [id for id in given.get("ids", "").split(",") if id]
        return JSONResponse(many.delete(session, ids, given.get("allOrNone", "false").lower() == "true"))
    rows, all_or_none = await _rows(call)
    act = many.create if call.request.method == "POST" else many.update
    return JSONResponse(act(session, rows, all_or_none))


async def collection_of_type(call: Call) -> Response:
    """GET and POST read up to 2,000 records of one type by id."""
    if call.request.method == "GET":
        given = call.request.query_params
        ids, fields = given.get("ids", "").split(","), given.get("fields", "").split(",")
    else:
        body = await call.json()
        ids, fields = body.get("ids", []), body.get("fields", [])
    if len(ids) > PAGE:
        raise SalesforceError("EXCEEDED_ID_LIMIT", f"record limit reached. cannot submit more than {PAGE} records into this call")
    return JSONResponse(call.org.collections.retrieve(call.session, call.path["type"], ids, fields))


async def collection_upsert(call: Call) -> Response:
    rows, all_or_none = await _rows(call)
    answer = call.org.collections.upsert(call.session, call.path["type"], call.path["field"], rows, all_or_none)
    return JSONResponse(answer)


def _type(call: Call) -> ObjectType:
    found = call.org.records.type(call.session, call.path["type"])
    if found.tooling:
        raise errors.not_found()
    return found


def _shown(call: Call, type: ObjectType, doc: dict[str, Any]) -> dict[str, Any]:
    wanted = [name for name in call.request.query_params.get("fields", "").split(",") if name]
    names = []
    for name in wanted or [each.name for each in type.fields.values()]:
        each = type.field(name.strip())
        if each is None:
            raise errors.unknown_column(name, type.name)
        names.append(each.name)
    return {**attributes(call.base, type.name, doc["Id"]), **{name: doc.get(name) for name in names}, "Id": doc["Id"]}


def _choices(call: Call, many: MultipleMatches) -> Response:
    return JSONResponse([f"{call.base}/sobjects/{many.type_name}/{id}" for id in many.ids], 300)


def _page_size(call: Call) -> int | None:
    """``Sforce-Query-Options: batchSize=500``, from 200 to 2,000."""
    found = re.search(r"batchSize=(\d+)", call.request.headers.get("sforce-query-options", ""))
    return None if found is None else min(max(int(found[1]), _SMALLEST_PAGE), PAGE)


async def _rows(call: Call) -> tuple[list[dict[str, Any]], bool]:
    body = await call.json()
    rows = body.get("records")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise SalesforceError("JSON_PARSER_ERROR", "records must be a list of objects")
    check_types(call.view, rows)
    return rows, bool(body.get("allOrNone", False))


_BASE = "/services/data/v{version}"
_ALL = ("GET", "PATCH", "DELETE")
ROUTES = (
    (f"{_BASE}/query", query, ("GET",)),
    (f"{_BASE}/queryAll", query, ("GET",)),
    (f"{_BASE}/tooling/query", query, ("GET",)),
    (f"{_BASE}/query/{{locator}}", query_more, ("GET",)),
    (f"{_BASE}/queryAll/{{locator}}", query_more, ("GET",)),
    (f"{_BASE}/tooling/query/{{locator}}", query_more, ("GET",)),
    (f"{_BASE}/sobjects", sobjects, ("GET",)),
    (f"{_BASE}/sobjects/{{type}}", one_type, ("GET", "POST")),
    (f"{_BASE}/sobjects/{{type}}/describe", describe_type, ("GET",)),
    (f"{_BASE}/sobjects/{{type}}/{{id}}", record, _ALL),
    (f"{_BASE}/sobjects/{{type}}/{{field}}/{{value:path}}", record_by_key, _ALL),
    (f"{_BASE}/composite/sobjects", collections, ("POST", "PATCH", "DELETE")),
    (f"{_BASE}/composite/sobjects/{{type}}", collection_of_type, ("GET", "POST")),
    (f"{_BASE}/composite/sobjects/{{type}}/{{field}}", collection_upsert, ("PATCH",)),
)
