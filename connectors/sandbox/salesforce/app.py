"""A Salesforce org as an ASGI app: sessions, API limit, errors and the table of addresses.

Belongs here: what goes round every call. Does not: what a call does (``rest.py``, ``tooling.py``, ``metadata_soap.py``).
Faults asked here: ``session_expired`` (401, and the session is over), ``request_limit`` (403); by logins ``login_refused``,
``untrusted_network`` (a password needs the security token); deeper down ``query_timeout``,
``late_visible``, ``row_lock``, ``validation_rule``, ``job_slow``, ``job_failed``, ``job_aborted``.
"""

from __future__ import annotations

import contextlib
import gzip
import logging
import zlib
from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connectors.sandbox.clock import Clock
from connectors.sandbox.faults import Faults
from connectors.sandbox.salesforce import (
    about,
    bulk_ingest,
    bulk_query,
    composite,
    errors,
    metadata_soap,
    oauth,
    partner_soap,
    replication,
    rest,
    tooling,
    tree,
)
from connectors.sandbox.salesforce.errors import SalesforceError
from connectors.sandbox.salesforce.org import VERSIONS, Call, Org
from connectors.sandbox.store import Store

_LOG = logging.getLogger("uvicorn.error")
_MAX_URI = 16_384
_ROUTES = (
    *tooling.ROUTES,
    *bulk_query.ROUTES,
    *bulk_ingest.ROUTES,
    *replication.ROUTES,
    *composite.ROUTES,
    *tree.ROUTES,
    *about.ROUTES,
    *rest.ROUTES,
)

Handler = Callable[[Call], Awaitable[Response]]


def guarded(org: Org, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """Round every REST call: who calls, how many calls are left, errors in shape."""

    async def answer(request: Request) -> Response:
        org.usage.count()
        org.ingest.go_on()
        try:
            response = await handler(_admitted(org, request))
        except SalesforceError as wrong:
            ended = oauth.without_session(request.url.path) if wrong.status == 401 else None
            response = ended or JSONResponse(wrong.as_json(), wrong.status)
        except (TypeError, AttributeError, KeyError, ValueError):  # a body in a shape that nobody foresaw
            _LOG.exception("%s %s", request.method, request.url.path)
            response = JSONResponse(errors.unknown_exception().as_json(), 500)
        response.headers["Sforce-Limit-Info"] = f"api-usage={org.used}/{org.limit}"
        return response

    return answer


def _admitted(org: Org, request: Request) -> Call:
    """Raises INVALID_SESSION_ID, REQUEST_LIMIT_EXCEEDED, NOT_FOUND."""
    path = request.url.path
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if org.faults.take("session_expired", path, request.method):
        org.sessions.end(token)
    session = org.sessions.find(token)
    if session is None or scheme.lower() not in ("bearer", "oauth"):
        raise errors.session_expired()
    if org.used > org.limit or org.faults.take("request_limit", path, request.method):
        raise errors.request_limit()
    version = request.path_params.get("version", VERSIONS[-1])
    if version not in VERSIONS:
        raise errors.not_found()
    return Call(org, session, request, version)


class Tidied:
    """Trailing slashes do not count, an address has its limit, and a body may come zipped."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > _MAX_URI:
                await Response("<h1>Bad Message 414</h1><pre>reason: URI Too Long</pre>", 414, media_type="text/html")(
                    scope, receive, send
                )
                return
            scope = {**scope, "path": scope["path"].rstrip("/") or "/"}
            if dict(scope["headers"]).get(b"content-encoding") == b"gzip":
                receive = await _unzipped(receive)
        await self._app(scope, receive, send)


async def _unzipped(receive: Receive) -> Receive:
    """The whole body, unzipped; as it is where that cannot be done, for the handler to refuse."""
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    with contextlib.suppress(OSError, EOFError, zlib.error):
        body = gzip.decompress(body)

    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def given() -> Message:
        return messages.pop() if messages else await receive()

    return given


async def _no_such_address(request: Request, wrong: Exception) -> Response:
    return JSONResponse(errors.not_found().as_json(), 404)


async def _wrong_method(request: Request, wrong: Exception) -> Response:
    message = f"HTTP Method '{request.method}' not allowed. Allowed are {getattr(wrong, 'headers', {}).get('Allow', '')}"
    return JSONResponse(SalesforceError("METHOD_NOT_ALLOWED", message, 405).as_json(), 405)


def create_app(store: Store, org_name: str, faults: Faults, clock: Clock) -> ASGIApp:
    """The app of one org over its loaded store."""
    org = Org(org_name, store, faults, clock)

    async def log_in(request: Request) -> Response:
        return await oauth.token(org, request)

    async def revoke(request: Request) -> Response:
        return await oauth.revoke(org, request)

    async def soap(request: Request) -> Response:
        return await metadata_soap.answer(org, request)

    async def partner(request: Request) -> Response:
        return await partner_soap.answer(org, request)

    routes = [
        Route("/services/oauth2/token", log_in, methods=["POST"]),
        Route("/services/oauth2/revoke", revoke, methods=["GET", "POST"]),
        Route(oauth.IDENTITY, guarded(org, oauth.identity), methods=["GET", "POST"]),
        Route("/services/data", about.versions, methods=["GET"]),
        Route("/services/Soap/m/{version}", soap, methods=["POST"]),
        Route("/services/Soap/m/{version}/{org}", soap, methods=["POST"]),
        Route("/services/Soap/u/{version}", partner, methods=["POST"]),
        Route("/services/Soap/u/{version}/{org}", partner, methods=["POST"]),
        *(Route(path, guarded(org, handler), methods=list(methods)) for path, handler, methods in _ROUTES),
    ]
    return Tidied(Starlette(routes=routes, exception_handlers={404: _no_such_address, 405: _wrong_method}))
