"""What belongs to the portal as a whole: owners, pipelines, account information.

Belongs here: the endpoints of those. Does not: records; tokens (``oauth_routes.py``).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from connectors.sandbox.hubspot.errors import no_such_resource, validation_error
from connectors.sandbox.hubspot.portal import Answer, Call, Handler, page, stamp_text, store_key
from connectors.sandbox.hubspot.usage import DAILY_LIMIT


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
    by = {"id": "$.id", "userId": "$.userId"}.get(call.text("idProperty") or "id")
    if by is None:
        raise validation_error(f"Unable to parse value for query parameter: idProperty ({call.text('idProperty')})")
    where, params = "deleted = ? AND CAST(json_extract(doc, ?) AS TEXT) = ?", (call.flag("archived"), by, call.params["id"])
    found = next((doc for _, doc, _, _ in call.portal.store.select("owners", where, params)), None)
    if found is None:
        raise no_such_resource(f"Owner {call.params['id']} does not exist")
    return 200, found


def list_pipelines(call: Call) -> Answer:
    return 200, {"results": call.portal.pipelines(call.type.name)}


def get_pipeline(call: Call) -> Answer:
    for pipeline in call.portal.pipelines(call.type.name):
        if pipeline["id"] == call.params["id"]:
            return 200, pipeline
    raise no_such_resource(f"Pipeline {call.params['id']} does not exist")


def list_stages(call: Call) -> Answer:
    _, pipeline = get_pipeline(call)
    return 200, {"results": (pipeline or {})["stages"]}


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


ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/crm/v3/owners", list_owners),
    ("GET", "/crm/v3/owners/{id}", get_owner),
    ("GET", "/crm/v3/pipelines/{type}", list_pipelines),
    ("GET", "/crm/v3/pipelines/{type}/{id}", get_pipeline),
    ("GET", "/crm/v3/pipelines/{type}/{id}/stages", list_stages),
    ("GET", "/account-info/v3/details", account_details),
    ("GET", "/account-info/v3/api-usage/daily/private-apps", daily_usage),
)
