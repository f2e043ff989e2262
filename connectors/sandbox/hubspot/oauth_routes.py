"""Tokens: what an OAuth app gets for its refresh token, and whom a token stands for.

Belongs here: the token endpoints, the apps' secrets, tokens that end. Does not: who may call what (``app.py``).

A portal has one app for each login of its world. What the world does not say of one is made up from its private-app token.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from urllib.parse import parse_qsl

from connectors.sandbox.hubspot.errors import HubSpotError, no_such_resource
from connectors.sandbox.hubspot.portal import Answer, Call, Handler, Json, Portal, stamp_text
from connectors.sandbox.store import Store

_ACCESS_SECONDS = 1800
_MADE_UP = ("client_id", "client_secret", "refresh_token")


def login_methods(store: Store) -> dict[str, dict[str, str]]:
    """Method -> what ``connectors.open_crm`` needs for it, under the integration's user."""
    app = next(doc for doc in _apps(store) if doc.get("kind") == "integration")
    return {"token": {"token": app["token"]}, "oauth": {name: app[name] for name in _MADE_UP}}


def strike(portal: Portal, given: str) -> None:
    """End an OAuth access token where the fault ``token_expired`` says so; private apps' tokens have no end."""
    known = portal.store.get("tokens", given)
    if known is not None and "expires_at" in known and portal.faults.take("token_expired"):
        portal.store.put("tokens", given, {**known, "expires_at": portal.past(1)}, portal.stamp())


def describe_token(call: Call) -> Answer:
    """Whom an access token stands for; v1 takes it in the address."""
    given = call.params["token"]
    if call.portal.token(given) is None:
        raise HubSpotError(404, "NOT_FOUND", "This access token doesn't exist, or belongs to another portal")
    return 200, {"token": given, "token_type": "access", **_described(call, given)}


def introspect(call: Call) -> Answer:
    """The same in v3, for the app whose token it is; nothing is said of a token that is none."""
    form = _form(call)
    app = _authenticated(call, form)
    given = form.get("token", "")
    known = call.portal.store.get("tokens", given)
    issued = known is not None and "expires_at" in known and known["client_id"] == app["client_id"]
    if known is None or not issued or _seconds_left(call, known) <= 0:
        return 200, {"active": False}
    about = {"client_id": app["client_id"], "token_use": "access_token", "token_type": "bearer"}
    return 200, {"active": True, **about, **_described(call, given)}


def describe_private_app(call: Call) -> Answer:
    given = str(call.body.get("tokenKey", ""))
    known = call.portal.store.get("tokens", given)
    if known is None or "expires_at" in known:
        raise no_such_resource()
    return 200, {
        "userId": known["user_id"],
        "hubId": call.portal.portal_id,
        "appId": known.get("app_id") or 0,
        "scopes": known["scopes"],
    }


def _token_endpoint(version: int) -> Callable[[Call], Answer]:
    def issue_token(call: Call) -> Answer:
        """A short-lived access token for the refresh token that an app was given when it was installed."""
        form = _form(call)
        if form.get("grant_type") != "refresh_token":
            raise _refused("BAD_GRANT_TYPE", "missing or unknown grant type")
        app = _authenticated(call, form)
        if form.get("refresh_token") != app["refresh_token"]:
            raise _refused("BAD_REFRESH_TOKEN", "missing or invalid refresh token")
        known = {name: app.get(name) for name in ("user_id", "scopes", "app_id", "client_id")}
        expires = call.portal.clock.now() + timedelta(seconds=_ACCESS_SECONDS)
        token = secrets.token_urlsafe(48)
        call.portal.store.put("tokens", token, {"token": token, **known, "expires_at": stamp_text(expires)}, call.portal.stamp())
        answer = {"access_token": token, "refresh_token": app["refresh_token"], "token_type": "bearer"}
        about = {"token_use": "access_token", "hub_id": call.portal.portal_id, "user_id": app["user_id"], "scopes": app["scopes"]}
        return 200, {**answer, "expires_in": _ACCESS_SECONDS, **(about if version > 1 else {})}

    return issue_token


def _described(call: Call, given: str) -> Json:
    known = call.portal.store.get("tokens", given) or {}
    return {
        "user": f"user{known['user_id']}@example.jp",
        "user_id": known["user_id"],
        "hub_id": call.portal.portal_id,
        "hub_domain": f"{call.portal.name.replace('_', '-')}.example.jp",
        "app_id": known.get("app_id") or 0,
        "scopes": known["scopes"],
        "expires_in": _seconds_left(call, known),
    }


def _seconds_left(call: Call, known: Json) -> int:
    if "expires_at" not in known:
        return _ACCESS_SECONDS
    return max(0, round((datetime.fromisoformat(known["expires_at"]) - call.portal.clock.now()).total_seconds()))


def _authenticated(call: Call, form: dict[str, str]) -> Json:
    app = next((each for each in _apps(call.portal.store) if each["client_id"] == form.get("client_id")), None)
    if app is None:
        raise _refused("BAD_CLIENT_ID", "missing or unknown client id")
    if app["client_secret"] != form.get("client_secret"):
        raise _refused("BAD_CLIENT_SECRET", "missing or invalid client secret")
    return app


def _apps(store: Store) -> Iterator[Json]:
    for _, doc, _, _ in store.select("tokens", "json_extract(doc, '$.expires_at') IS NULL"):
        yield {**{name: f"{doc['token']}-{name.replace('_', '-')}" for name in _MADE_UP}, **doc}


def _refused(code: str, message: str) -> HubSpotError:
    wrong = HubSpotError(400, "", message)
    wrong.extra["status"] = code  # where other errors say "error"
    return wrong


def _form(call: Call) -> dict[str, str]:
    return dict(parse_qsl(call.raw_body.decode("utf-8", "replace")))


ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("POST", "/oauth/v1/token", _token_endpoint(1)),
    ("POST", "/oauth/v3/token", _token_endpoint(3)),
    ("POST", "/oauth/v3/token/introspect", introspect),
    ("GET", "/oauth/v1/access-tokens/{token}", describe_token),
    ("POST", "/oauth/v2/private-apps/get/access-token-info", describe_private_app),
)
"""Answered without a bearer token."""
