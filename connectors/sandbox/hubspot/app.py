"""The ASGI app of a portal: who may call, which faults strike, which handler answers.

Belongs here: what every call passes through. Does not: any endpoint's own work (``*_routes.py``, ``search.py``).

Faults of its own, besides those of ``connectors/sandbox/admin.py``:

* ``rate_limit_secondly``, ``rate_limit_ten_secondly``, ``rate_limit_daily``: ``seconds`` is the Retry-After, 0 leaves it out
* ``invalid_authentication``, ``missing_scopes``, ``conflict``, ``validation_error``, ``gateway`` (502), ``gateway_timeout``
  (504): the whole call fails so
* ``token_expired`` (401): the access token of an OAuth app is over from this call on
* ``uri_too_long``: strikes URLs above 2,000 characters (those above 16,000 always fail)
* ``partial_207``: drawn for each row of a batch write; ``match`` may name ``<path>/<id>``
* ``partial_207_read``: the same for the rows of a batch that is read
* ``search_lag``: changes of the last ``seconds`` are not found yet
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from connectors.sandbox.clock import Clock
from connectors.sandbox.faults import Faults
from connectors.sandbox.hubspot import (
    account_routes,
    association_routes,
    association_v3_routes,
    batch_routes,
    list_routes,
    oauth_routes,
    property_routes,
    record_routes,
    schema_routes,
    search,
)
from connectors.sandbox.hubspot.errors import (
    RATE_LIMIT_KINDS,
    HubSpotError,
    RowFault,
    invalid_authentication,
    missing_scopes,
    rate_limited,
    validation_error,
)
from connectors.sandbox.hubspot.portal import Answer, Call, Handler, Portal, Token
from connectors.sandbox.store import Store

_URL_LIMIT = 16_000
_URL_LIMIT_OF_FAULT = 2_000
_PACKED_FROM = 2_000
"""Bytes of an answer from which it is sent gzipped, where the client takes that."""
_NOBODY = Token("", 0, ())
_GATEWAYS = {"gateway": (502, "BAD_GATEWAY", "Bad Gateway"), "gateway_timeout": (504, "GATEWAY_TIMEOUT", "Gateway Timeout")}


def create_app(store: Store, org_name: str, faults: Faults, clock: Clock) -> ASGIApp:
    """The portal that ``store`` holds; keeps nothing that must survive outside of it."""
    portal = Portal(store, org_name, faults, clock)
    search.install(store)
    objects = (search, batch_routes, record_routes, association_routes, association_v3_routes)
    parts = (*objects, schema_routes, property_routes, list_routes, account_routes)
    routes = [_route(portal, route, open=False) for part in parts for route in part.ROUTES]
    routes += [_route(portal, route, open=True) for route in oauth_routes.ROUTES]
    app = Starlette(routes=routes, exception_handlers={404: _no_route, 405: _no_method})
    app.router.redirect_slashes = False
    packed = GZipMiddleware(app, minimum_size=_PACKED_FROM, compresslevel=1)

    async def without_trailing_slash(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and len(scope["path"]) > 1 and scope["path"].endswith("/"):
            scope = {**scope, "path": scope["path"].rstrip("/")}
        await packed(scope, receive, send)

    return without_trailing_slash


def _route(portal: Portal, route: tuple[str, str, Handler], open: bool) -> Route:
    method, path, handler = route
    return Route(path, _endpoint(portal, handler, open), methods=[method])


def _endpoint(portal: Portal, handler: Handler, open: bool) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        raw = await request.body()
        now = portal.clock.now()
        portal.usage.add(now)
        # HubSpot leaves the limits out of search answers
        searching = handler is search.search
        try:
            status, body = _answer(portal, handler, request, raw, open)
            return _response(status, body, {} if searching else portal.usage.headers(now, reached=False))
        except HubSpotError as wrong:
            limits = {} if searching else portal.usage.headers(now, reached=wrong.status == 429)
            return _response(wrong.status, wrong.body(), {**limits, **wrong.headers})

    return endpoint


def _answer(portal: Portal, handler: Handler, request: Request, raw: bytes, open: bool) -> Answer:
    path, method, query = request.url.path, request.method, request.url.query
    token = _NOBODY if open else _authenticated(portal, request.headers.get("authorization", ""))
    _strike(portal.faults, path, method, len(path) + len(query))
    call = Call(portal, token, method, path, request.path_params, query, raw)
    try:
        if method == "GET":
            return handler(call)
        with portal.store.transaction():
            return handler(call)
    except RowFault as fault:
        raise fault.error() from None


def _authenticated(portal: Portal, header: str) -> Token:
    scheme, _, given = header.partition(" ")
    oauth_routes.strike(portal, given.strip())
    token = portal.token(given.strip()) if scheme.lower() == "bearer" else None
    if token is None or portal.faults.take("invalid_authentication"):
        raise invalid_authentication()
    return token


def _strike(faults: Faults, path: str, method: str, url_length: int) -> None:
    """Raise what an armed fault, or a URL that is too long, makes of this call."""
    for kind in RATE_LIMIT_KINDS:
        fault = faults.draw(kind, path, method)
        if fault is not None:
            raise rate_limited(kind, fault.seconds)
    if faults.take("missing_scopes", path, method):
        parts = path.split("/")
        thing = parts[4] if len(parts) > 4 else "objects"
        raise missing_scopes([f"crm.objects.{thing}.{'read' if method == 'GET' or path.endswith('/read') else 'write'}"])
    if faults.take("conflict", path, method):
        raise HubSpotError(409, "CONFLICT", "The record was changed by another request at the same time")
    if faults.take("validation_error", path, method):
        raise validation_error("There was a problem with the request.")
    for kind, error in _GATEWAYS.items():
        if faults.take(kind, path, method):
            raise HubSpotError(*error)
    if url_length > _URL_LIMIT or (url_length > _URL_LIMIT_OF_FAULT and faults.take("uri_too_long", path, method)):
        raise HubSpotError(414, "URI_TOO_LONG", "URI Too Long")


def _response(status: int, body: object, headers: dict[str, str]) -> Response:
    if body is None:
        return Response(status_code=status, headers=headers)
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(text, status, headers, media_type="application/json;charset=utf-8")


async def _no_route(request: Request, wrong: Exception) -> Response:
    return _response(404, HubSpotError(404, "OBJECT_NOT_FOUND", "resource not found").body(), {})


async def _no_method(request: Request, wrong: Exception) -> Response:
    return _response(405, HubSpotError(405, "METHOD_NOT_ALLOWED", "Method Not Allowed").body(), {})
