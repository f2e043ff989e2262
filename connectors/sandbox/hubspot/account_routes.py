"""What belongs to the portal as a whole: owners, pipelines, account information, tokens.

Belongs here: the endpoints of those. Does not: records.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from urllib.parse import parse_qs

from connectors.sandbox.hubspot.errors import HubSpotError, invalid_authentication, no_such_resource, validation_error
from connectors.sandbox.hubspot.object_types import object_type
from connectors.sandbox.hubspot.portal import Answer, Call, Handler, Json, page, stamp_text, store_key
from connectors.sandbox.hubspot.usage import DAILY_LIMIT

_ACCESS_SECONDS = 1800


def list_owners(call: Call) -> Answer:
    limit, after, email = call.limit(100, 500), call.text("after"), call.text("email")
    where = "deleted = ?"
    params: list[int | str] = [int(call.flag("archived"))]
    if after:
        where, params = f"{where} AND id > ?", [*params, store_key(after)]
    if email:
        where, params = f"{where} AND json_extract(doc, '$.email') = ?", [*params, email]
    docs = [doc for _, doc, _, _ in call.portal.store.select("owners", where, params, limit=limit + 1)]
    return 200, page(docs[:limit], docs[limit - 1]["id"] if len(docs) > limit else None)


def get_owner(call: Call) -> Answer:
    found = call.portal.store.get("owners", store_key(call.params["id"]), deleted=call.flag("archived"))
    if found is None:
        raise no_such_resource(f"Owner {call.params['id']} does not exist")
    return 200, found


def list_pipelines(call: Call) -> Answer:
    return 200, {"results": call.portal.pipelines(call.type.name)}


def get_pipeline(call: Call) -> Answer:
    for pipeline in call.portal.pipelines(object_type(call.params["type"]).name):
        if pipeline["id"] == call.params["id"]:
            return 200, pipeline
    raise no_such_resource(f"Pipeline {call.params['id']} does not exist")


def account_details(call: Call) -> Answer:
    return 200, {
        "portalId": call.portal.portal_id,
        "accountType": "STANDARD",
        "timeZone": "Asia/Tokyo",
        "companyCurrency": "JPY",
        "additionalCurrencies": [],
        "utcOffset": "+09:00",
        "utcOffsetMilliseconds": 32_400_000,
        "uiDomain": "app.hubspot.com",
        "dataHostingLocation": "na1",
    }


def daily_usage(call: Call) -> Answer:
    now = call.portal.clock.now()
    tomorrow = datetime(now.year, now.month, now.day, tzinfo=now.tzinfo) + timedelta(days=1)
    return 200, {
        "results": [
            {
                "name": "private-apps-api-calls-daily",
                "usageLimit": DAILY_LIMIT,
                "currentUsage": call.portal.usage.today(now),
                "collectedAt": stamp_text(now),
                "fetchStatus": "SUCCESS",
                "resetsAt": stamp_text(tomorrow),
            }
        ]
    }


def describe_token(call: Call) -> Answer:
    """Who a token stands for; open to anyone who holds the token."""
    return 200, _described(call, call.params["token"])


def _described(call: Call, given: str) -> Json:
    token = call.portal.token(given)
    if token is None:
        raise HubSpotError(404, "NOT_FOUND", "This access token doesn't exist, or belongs to another portal")
    return {
        "token": given,
        "token_type": "access",
        "user": f"user{token.user_id}@example.jp",
        "user_id": token.user_id,
        "hub_id": call.portal.portal_id,
        "hub_domain": f"{call.portal.name.replace('_', '-')}.example.jp",
        "app_id": token.app_id or 0,
        "scopes": list(token.scopes),
        "expires_in": _ACCESS_SECONDS,
    }


def describe_private_app(call: Call) -> Answer:
    given = str(call.body.get("tokenKey", ""))
    if call.portal.token(given) is None:
        raise invalid_authentication()
    known = _described(call, given)
    return 200, {"userId": known["user_id"], "hubId": known["hub_id"], "appId": known["app_id"], "scopes": known["scopes"]}


def issue_token(call: Call) -> Answer:
    """A short-lived token for a refresh token that the world gave to an app."""
    form = {key: values[0] for key, values in parse_qs(call.raw_body.decode()).items()}
    if form.get("grant_type") != "refresh_token":
        raise validation_error(f"Unsupported grant_type: {form.get('grant_type')}")
    apps = [doc for _, doc, _, _ in call.portal.store.select("tokens") if doc.get("refresh_token")]
    app = next((doc for doc in apps if doc["refresh_token"] == form.get("refresh_token")), None)
    if app is None or any(app.get(key) != form.get(key) for key in ("client_id", "client_secret")):
        raise HubSpotError(400, "", "missing or invalid refresh token", status_code="BAD_REFRESH_TOKEN")
    at, expires = call.portal.stamp(), call.portal.clock.now() + timedelta(seconds=_ACCESS_SECONDS)
    made = {
        "token": secrets.token_urlsafe(32),
        "user_id": app["user_id"],
        "scopes": app["scopes"],
        "app_id": app.get("app_id"),
        "expires_at": stamp_text(expires),
    }
    call.portal.store.put("tokens", made["token"], made, at)
    answer = {"access_token": made["token"], "refresh_token": app["refresh_token"], "token_type": "bearer"}
    return 200, {**answer, "expires_in": _ACCESS_SECONDS}


ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/crm/v3/owners", list_owners),
    ("GET", "/crm/v3/owners/{id}", get_owner),
    ("GET", "/crm/v3/pipelines/{type}", list_pipelines),
    ("GET", "/crm/v3/pipelines/{type}/{id}", get_pipeline),
    ("GET", "/account-info/v3/details", account_details),
    ("GET", "/account-info/v3/api-usage/daily/private-apps", daily_usage),
)
OPEN_ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("POST", "/oauth/v1/token", issue_token),
    ("GET", "/oauth/v1/access-tokens/{token}", describe_token),
    ("POST", "/oauth/v2/private-apps/get/access-token-info", describe_private_app),
)
"""Answered without a bearer token."""
