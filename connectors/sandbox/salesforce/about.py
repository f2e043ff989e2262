"""What an org tells of itself: versions, resources, limits, counts, identity.

Belongs here: one function an address. Does not: records and types (``rest.py``), logins (``oauth.py``).
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from connectors.sandbox.salesforce.auth import org_id
from connectors.sandbox.salesforce.org import VERSIONS, Call

_LIMITS = {
    "DailyBulkV2QueryJobs": 10_000, "DailyBulkApiBatches": 15_000, "DailyBulkV2QueryFileStorageMB": 976_562,
    "DailyAsyncApexExecutions": 250_000, "DataStorageMB": 10_240, "FileStorageMB": 10_240, "SingleEmail": 5_000,
    "HourlyAsyncReportRuns": 1_200, "HourlySyncReportRuns": 500,
}  # fmt: skip
"""Limits that nothing in the sandbox uses up."""


async def versions(request: Request) -> Response:
    """Open to everybody, as in Salesforce."""
    return JSONResponse([{"label": f"v{each}", "url": f"/services/data/v{each}", "version": each} for each in VERSIONS])


async def resources(call: Call) -> Response:
    names = ("sobjects", "query", "queryAll", "composite", "limits", "recent", "tooling")
    return JSONResponse({name: f"{call.base}/{name}" for name in names})


async def limits(call: Call) -> Response:
    left = max(0, call.org.limit - call.org.used)
    told = {name: {"Max": most, "Remaining": most} for name, most in _LIMITS.items()}
    return JSONResponse({"DailyApiRequests": {"Max": call.org.limit, "Remaining": left}, **told})


async def record_count(call: Call) -> Response:
    """How many records of the types in ``sObjects`` there are, or of all."""
    given = call.request.query_params.get("sObjects")
    types = [each for each in call.view.types.values() if not each.tooling]
    wanted = None if given is None else {name.strip().lower() for name in given.split(",")}
    counted = [each.name for each in types if wanted is None or each.name.lower() in wanted]
    rows = [{"count": call.org.store.count(name, "deleted = 0"), "name": name} for name in counted]
    return JSONResponse({"sObjects": rows})


async def recent(call: Call) -> Response:
    """Empty: nobody views a record by the API, but with FOR VIEW, which the sandbox does not note."""
    return JSONResponse([])


async def userinfo(call: Call) -> Response:
    user = call.org.store.get("User", call.session.user_id) or {}
    organisation = call.org.store.get("Organization", org_id(call.org.store)) or {}
    return JSONResponse(
        {
            "sub": f"{str(call.request.base_url).rstrip('/')}/id/{organisation['Id']}/{call.session.user_id}",
            "user_id": call.session.user_id,
            "organization_id": organisation["Id"],
            "preferred_username": user.get("Username"),
            "name": user.get("Name"),
            "email": user.get("Email"),
            "user_type": "STANDARD",
            "language": organisation.get("LanguageLocaleKey"),
            "zoneinfo": organisation.get("TimeZoneSidKey"),
        }
    )


_BASE = "/services/data/v{version}"
ROUTES = (
    ("/services/oauth2/userinfo", userinfo, ("GET", "POST")),
    (_BASE, resources, ("GET",)),
    (f"{_BASE}/limits", limits, ("GET",)),
    (f"{_BASE}/limits/recordCount", record_count, ("GET",)),
    (f"{_BASE}/recent", recent, ("GET",)),
)
