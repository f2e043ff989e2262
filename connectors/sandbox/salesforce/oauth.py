"""The OAuth endpoints: tokens, revoking them, and who a token stands for.

Belongs here: their addresses, forms and answers. Does not: whether a login is good (``auth.py``).
"""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from connectors.sandbox.salesforce.auth import LoginRefused, org_id
from connectors.sandbox.salesforce.org import Call, Org

UNTRUSTED_NETWORK = "untrusted_network"
"""The fault under which a password alone is not enough: the security token must follow it."""
IDENTITY = "/id/{org}/{user}"
_PLACES = ("/services/oauth2/", "/id/")


async def token(org: Org, request: Request) -> Response:
    """``/services/oauth2/token``; what belongs into the form may also stand in the address."""
    path = request.url.path
    try:
        if org.faults.take("login_refused", path):
            raise LoginRefused("invalid_grant", "authentication failure")
        trusted = not org.faults.take(UNTRUSTED_NETWORK, path)
        form = {**request.query_params, **await _form(request)}
        access_token, session = org.sessions.grant(form, request.headers.get("authorization", ""), trusted)
    except LoginRefused as refused:
        return _refused(refused.error, refused.description)
    url = str(request.base_url).rstrip("/")
    issued = str(int(org.clock.now().timestamp() * 1000))
    who = {"id": f"{url}/id/{org_id(org.store)}/{session.user_id}", "token_type": "Bearer", "issued_at": issued}
    return JSONResponse({"access_token": access_token, "instance_url": url, **who, "signature": "c2FuZGJveA==", "scope": "api"})


async def revoke(org: Org, request: Request) -> Response:
    """``/services/oauth2/revoke``: by POST in the form, by GET in the address."""
    given = (await _form(request)).get("token") or request.query_params.get("token", "")
    if not given or not org.sessions.end(given):
        return _refused("invalid_token", f"invalid token: {given}")
    return Response(status_code=200)


async def identity(call: Call) -> Response:
    """The identity URL that a token answer names: the user and the org behind it."""
    user = call.org.store.get("User", call.path["user"])
    if call.path["org"][:15] != org_id(call.org.store)[:15]:
        return PlainTextResponse("Wrong_Org", 404)
    if user is None:
        return PlainTextResponse("Bad_Id", 404)
    url = str(call.request.base_url).rstrip("/")
    data = f"{url}/services/data/v{{version}}"
    return JSONResponse(
        {
            "id": f"{url}{call.request.url.path}",
            "asserted_user": user["Id"] == call.session.user_id,
            "user_id": user["Id"],
            "organization_id": org_id(call.org.store),
            "username": user.get("Username"),
            "display_name": user.get("Name"),
            "email": user.get("Email"),
            "active": bool(user.get("IsActive", True)),
            "user_type": "STANDARD",
            "urls": {
                "partner": f"{url}/services/Soap/u/{{version}}/{org_id(call.org.store)[:15]}",
                "metadata": f"{url}/services/Soap/m/{{version}}/{org_id(call.org.store)[:15]}",
                "rest": f"{data}/",
                "sobjects": f"{data}/sobjects/",
                "query": f"{data}/query/",
                "recent": f"{data}/recent/",
                "custom_domain": url,
            },
        }
    )


def without_session(path: str) -> Response | None:
    """What these addresses answer to a token that is over, where REST says 401: 403, in plain text."""
    return PlainTextResponse("Bad_OAuth_Token", 403) if path.startswith(_PLACES) else None


def _refused(error: str, description: str) -> Response:
    return JSONResponse({"error": error, "error_description": description}, 400)


async def _form(request: Request) -> dict[str, str]:
    return dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
