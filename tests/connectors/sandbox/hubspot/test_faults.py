"""Refusals and faults, in HubSpot's own shapes."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.sandbox.server import SandboxServer
from tests.connectors.sandbox.hubspot.conftest import PortalUnderTest, make_world

ONE = "/crm/v3/objects/companies/1"
UPDATE = "/crm/v3/objects/companies/batch/update"


@pytest.mark.parametrize("token", ["", "pat-na1-wrong"])
def test_without_a_known_token_nothing_is_answered(portal: PortalUnderTest, token: str) -> None:
    refused = portal.call("GET", ONE, token=token)
    assert refused.status_code == 401
    assert refused.json()["category"] == "INVALID_AUTHENTICATION"
    assert refused.json()["correlationId"]
    assert "pat-na1" not in refused.text


@pytest.mark.parametrize(
    ("kind", "policy"),
    [("rate_limit_secondly", "SECONDLY"), ("rate_limit_ten_secondly", "TEN_SECONDLY_ROLLING"), ("rate_limit_daily", "DAILY")],
)
def test_rate_limits(portal: PortalUnderTest, kind: str, policy: str) -> None:
    portal.arm(kind, seconds=0, count=1)
    bare = portal.call("GET", ONE)
    assert (bare.status_code, bare.json()["policyName"], bare.json()["errorType"]) == (429, policy, "RATE_LIMIT")
    assert "Retry-After" not in bare.headers
    assert bare.headers["X-HubSpot-RateLimit-Remaining"] == "0"
    portal.arm(kind, seconds=7, count=1)
    assert portal.call("GET", ONE).headers["Retry-After"] == "7"
    assert portal.call("GET", ONE).status_code == 200


def test_answers_tell_how_much_is_left_of_the_day(portal: PortalUnderTest) -> None:
    left = [int(portal.call("GET", ONE).headers["X-HubSpot-RateLimit-Daily-Remaining"]) for _ in range(2)]
    assert left[1] == left[0] - 1
    usage = portal.json("GET", "/account-info/v3/api-usage/daily/private-apps")["results"][0]
    assert usage["currentUsage"] == usage["usageLimit"] - left[1] + 1
    searched = portal.call("POST", "/crm/v3/objects/companies/search", json={})
    assert not [name for name in searched.headers if name.lower().startswith("x-hubspot-ratelimit")]


@pytest.mark.parametrize(
    ("kind", "status", "category"),
    [
        ("invalid_authentication", 401, "INVALID_AUTHENTICATION"),
        ("missing_scopes", 403, "MISSING_SCOPES"),
        ("conflict", 409, "CONFLICT"),
        ("validation_error", 400, "VALIDATION_ERROR"),
    ],
)
def test_whole_calls_that_fail(portal: PortalUnderTest, kind: str, status: int, category: str) -> None:
    portal.arm(kind, count=1)
    refused = portal.json("PATCH", ONE, {"properties": {"state": "京都府"}}, status=status)
    assert refused["category"] == category
    assert portal.json("GET", ONE + "?properties=state")["properties"]["state"] == "東京都"


def test_missing_scopes_name_the_scope(portal: PortalUnderTest) -> None:
    portal.arm("missing_scopes", count=1)
    refused = portal.json("PATCH", ONE, {"properties": {}}, status=403)
    assert refused["errors"][0]["context"]["requiredGranularScopes"] == ["crm.objects.companies.write"]


def test_rows_of_a_batch_that_fail(portal: PortalUnderTest) -> None:
    portal.arm("partial_207", match="batch/update/2")
    body = {"inputs": [{"id": id, "properties": {"state": "京都府"}} for id in ("1", "2", "3")]}
    answer = portal.json("POST", UPDATE, body, status=207)
    assert [record["id"] for record in answer["results"]] == ["1", "3"]
    assert answer["errors"][0]["context"]["ids"] == ["2"]
    assert portal.json("GET", "/crm/v3/objects/companies/2?properties=state")["properties"]["state"] == "大阪府"


def test_long_urls(portal: PortalUnderTest) -> None:
    def asked(count: int) -> int:
        return portal.call("GET", ONE + "?properties=" + ",".join(f"property_{n:04d}_long" for n in range(count))).status_code

    assert [asked(300), asked(900)] == [200, 414]
    portal.arm("uri_too_long")
    assert [asked(50), asked(300)] == [200, 414]


def test_bad_gateway_bad_json_and_unknown_places(portal: PortalUnderTest) -> None:
    portal.arm("gateway", count=1)
    assert portal.call("GET", ONE).status_code == 502
    assert portal.call("PATCH", ONE, data=b"{").status_code == 400
    assert portal.json("GET", "/crm/v3/objects/spaceships", status=400)["category"] == "VALIDATION_ERROR"
    assert portal.json("GET", "/crm/v9/anything", status=404)["status"] == "error"


def test_changes_outlive_the_server_and_time_never_runs_backwards(tmp_path: Path) -> None:
    world, home = make_world(tmp_path / "world"), tmp_path / "home"
    stamps = []
    for state in ("京都府", "奈良県"):
        with SandboxServer(home, world) as server:
            portal = PortalUnderTest(server.orgs["our_hubspot"].url, server)
            server.clock.set(server.clock.now().replace(year=2030 - len(stamps)))
            stamps.append(portal.json("PATCH", ONE, {"properties": {"state": state}})["updatedAt"])
    assert stamps == sorted(stamps)
    with SandboxServer(home, world) as server:
        portal = PortalUnderTest(server.orgs["our_hubspot"].url, server)
        assert portal.json("GET", ONE + "?properties=state")["properties"]["state"] == "奈良県"


def test_a_portal_without_a_world_is_empty_but_usable(tmp_path: Path) -> None:
    with SandboxServer(tmp_path / "home", orgs={"acme": "hubspot"}) as server:
        org = server.orgs["acme"]
        portal = PortalUnderTest(org.url, server)
        made = portal.call(
            "POST", "/crm/v3/objects/deals", org.credentials["token"], json={"properties": {"dealstage": "closedwon"}}
        )
        assert made.json()["properties"]["hs_is_closed_won"] == "true"
        assert portal.call("GET", "/crm/v3/objects/companies", org.credentials["token"]).json() == {"results": []}


def test_everything_outlives_the_server(tmp_path: Path) -> None:
    """Records, associations, lists and who is on them, own properties, and how many calls the day has seen."""
    world, home = make_world(tmp_path / "world"), tmp_path / "home"
    usage = "/account-info/v3/api-usage/daily/private-apps"
    asked = (
        "/crm/v3/objects/companies/1?propertiesWithHistory=state", "/crm/v4/objects/deals/3/associations/companies",
        "/crm/v3/lists/1", "/crm/v3/lists/1/memberships", "/crm/v3/properties/companies/own", "/crm/v3/objects/companies/9",
        "/crm/v3/objects/companies?archived=true",
    )  # fmt: skip
    with SandboxServer(home, world) as server:
        portal = PortalUnderTest(server.orgs["our_hubspot"].url, server)
        portal.json("PATCH", ONE, {"properties": {"state": "京都府"}})
        portal.json("PUT", "/crm/v4/objects/deals/3/associations/default/companies/7")
        portal.json("POST", "/crm/v3/lists", {"name": "甲", "objectTypeId": "0-2", "processingType": "MANUAL"})
        portal.json("PUT", "/crm/v3/lists/1/memberships/add", ["1", "2"])
        definition = {"name": "own", "label": "自社", "type": "string", "fieldType": "text", "groupName": "companyinformation"}
        portal.json("POST", "/crm/v3/properties/companies", definition, 201)
        portal.json("POST", "/crm/v3/objects/companies/merge", {"primaryObjectId": "8", "objectIdToMerge": "9"})
        portal.json("DELETE", "/crm/v3/objects/companies/10", status=204)
        before = [portal.json("GET", path) for path in asked]
        used = portal.json("GET", usage)["results"][0]["currentUsage"]
    with SandboxServer(home, world) as server:
        portal = PortalUnderTest(server.orgs["our_hubspot"].url, server)
        assert portal.json("GET", usage)["results"][0]["currentUsage"] == used + 1 > 10
        assert [portal.json("GET", path) for path in asked] == before
