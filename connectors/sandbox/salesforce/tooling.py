"""Tooling API: custom fields one by one.

Belongs here: ``tooling/sobjects/CustomField``. Does not: ``tooling/query`` (``rest.py``), what a definition must say
(``definitions.py``). Custom objects come by the Metadata API alone, as in Salesforce.
"""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from connectors.sandbox.salesforce import errors
from connectors.sandbox.salesforce.errors import SalesforceError
from connectors.sandbox.salesforce.org import Call
from connectors.sandbox.salesforce.queries import attributes


async def create_field(call: Call) -> Response:
    _require_admin(call)
    body = await call.json()
    metadata = body.get("Metadata")
    if not body.get("FullName") or not isinstance(metadata, dict):
        missing = "FullName" if not body.get("FullName") else "Metadata"
        raise SalesforceError("REQUIRED_FIELD_MISSING", f"Required fields are missing: [{missing}]", fields=(missing,))
    id = call.org.definitions.add_field(body["FullName"], metadata)
    return JSONResponse({"id": id, "success": True, "errors": [], "warnings": [], "infos": []}, 201)


async def one_field(call: Call) -> Response:
    """GET, PATCH, DELETE of a definition."""
    _require_admin(call)
    doc = call.org.store.get("CustomField", call.path["id"])
    if doc is None:
        raise errors.not_found()
    if call.request.method == "DELETE":
        call.org.definitions.remove("CustomField", doc["FullName"])
        return Response(status_code=204)
    if call.request.method == "PATCH":
        call.org.definitions.replace_field(doc["FullName"], (await call.json()).get("Metadata") or {})
        return Response(status_code=204)
    shown = {name: doc.get(name) for name in ("Id", "DeveloperName", "TableEnumOrId", "FullName", "Metadata")}
    return JSONResponse({**attributes(f"{call.base}/tooling", "CustomField", doc["Id"]), **shown})


def _require_admin(call: Call) -> None:
    if not call.session.admin:
        raise SalesforceError("INSUFFICIENT_ACCESS", "insufficient access rights on entity: CustomField", 403)


_BASE = "/services/data/v{version}/tooling/sobjects/CustomField"
ROUTES = ((_BASE, create_field, ("POST",)), (f"{_BASE}/{{id}}", one_field, ("GET", "PATCH", "DELETE")))
