"""Tooling API: custom fields and validation rules one by one.

Belongs here: ``tooling/sobjects/CustomField`` and ``/ValidationRule``. Does not: ``tooling/query`` (``rest.py``), what a
definition must say (``definitions.py``, ``validation.py``). Custom objects come by the Metadata API alone, as in Salesforce.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.responses import JSONResponse, Response

from connectors.sandbox.salesforce import errors
from connectors.sandbox.salesforce.errors import SalesforceError
from connectors.sandbox.salesforce.org import Call, Org
from connectors.sandbox.salesforce.rows import attributes

Metadata = dict[str, Any]


@dataclass(frozen=True)
class _Kind:
    """One type of definition: what is shown of it, and what makes, changes and removes it by its full name."""

    shown: tuple[str, ...]
    add: Callable[[Org, str, Metadata], str]
    replace: Callable[[Org, str, Metadata], str]
    remove: Callable[[Org, str], None]


_KINDS = {
    "CustomField": _Kind(
        ("DeveloperName", "TableEnumOrId"),
        lambda org, name, metadata: org.definitions.add_field(name, metadata),
        lambda org, name, metadata: org.definitions.replace_field(name, metadata),
        lambda org, name: org.definitions.remove("CustomField", name),
    ),
    "ValidationRule": _Kind(
        ("ValidationName", "EntityDefinitionId", "Active", "Description", "ErrorDisplayField", "ErrorMessage"),
        lambda org, name, metadata: org.rules.add(name, metadata),
        lambda org, name, metadata: org.rules.replace(name, metadata),
        lambda org, name: org.rules.remove(name),
    ),
}


async def create(call: Call) -> Response:
    _, kind = _kind(call)
    body = await call.json()
    id = kind.add(call.org, str(_given(body, "FullName")), _metadata(body))
    return JSONResponse({"id": id, "success": True, "errors": [], "warnings": [], "infos": []}, 201)


async def one(call: Call) -> Response:
    """GET, PATCH, DELETE of a definition."""
    name, kind = _kind(call)
    doc = call.org.store.get(name, call.path["id"])
    if doc is None:
        raise errors.not_found()
    if call.request.method == "DELETE":
        kind.remove(call.org, doc["FullName"])
        return Response(status_code=204)
    if call.request.method == "PATCH":
        kind.replace(call.org, doc["FullName"], _metadata(await call.json()))
        return Response(status_code=204)
    shown = {field: doc.get(field) for field in ("Id", *kind.shown, "FullName", "Metadata")}
    return JSONResponse({**attributes(f"{call.base}/tooling", name, doc["Id"]), **shown})


def _given(body: Metadata, name: str) -> Any:
    """Raises REQUIRED_FIELD_MISSING."""
    if not body.get(name):
        raise SalesforceError("REQUIRED_FIELD_MISSING", f"Required fields are missing: [{name}]", fields=(name,))
    return body[name]


def _metadata(body: Metadata) -> Metadata:
    """Raises REQUIRED_FIELD_MISSING, JSON_PARSER_ERROR."""
    found = _given(body, "Metadata")
    if not isinstance(found, dict):
        raise SalesforceError("JSON_PARSER_ERROR", "Metadata must be an object")
    return found


def _kind(call: Call) -> tuple[str, _Kind]:
    """The type of definition that the address names. Raises INSUFFICIENT_ACCESS."""
    name = next(each for each in _KINDS if f"/tooling/sobjects/{each}" in call.request.url.path)
    if not call.session.admin:
        raise SalesforceError("INSUFFICIENT_ACCESS", f"insufficient access rights on entity: {name}", 403)
    return name, _KINDS[name]


_BASE = "/services/data/v{version}/tooling/sobjects"
ROUTES = (
    *((f"{_BASE}/{name}", create, ("POST",)) for name in _KINDS),
    *((f"{_BASE}/{name}/{{id}}", one, ("GET", "PATCH", "DELETE")) for name in _KINDS),
)
