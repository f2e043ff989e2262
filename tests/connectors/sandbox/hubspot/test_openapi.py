"""Whatever a portal can be asked is described by HubSpot, and is answered as described.

Every test of these folders holds every answer against the description (``hubspot_witness``); here is asked what no other asks.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.connectors.hubspot_documents import faults_of
from tests.connectors.sandbox.hubspot.conftest import PortalUnderTest

COMPANIES, PROPERTIES = "/crm/v3/objects/companies", "/crm/v3/properties/companies"
RECORD = {
    "id": "1",
    "properties": {"name": "甲"},
    "createdAt": "2026-11-20T00:00:00.000Z",
    "updatedAt": "2026-11-20T00:00:00.000Z",
}
ERROR = {"category": "VALIDATION_ERROR", "correlationId": "0f5f1f5e-3ad0-4e2b-8f37-6f3c9d1f9e7a", "message": "wrong"}


def _faults(path: str, status: int, answer: Any, method: str = "GET") -> list[str]:
    return faults_of(method, path, status, json.dumps(answer).encode())


@pytest.mark.parametrize("object", ["companies", "company", "0-2", "contacts", "0-3", "deal", "0-27", "meetings", "2-7654321"])
def test_a_record_is_described_under_every_name_of_its_object(object: str) -> None:
    path = f"/crm/v3/objects/{object}/1"
    assert _faults(path, 200, {**RECORD, "archived": False}) == []
    assert _faults(path, 200, {"properties": {}, "archived": False})
    assert _faults(path, 200, {**RECORD, "archived": False, "surprise": 1})
    assert _faults(path, 200, {**RECORD, "archived": False, "createdAt": "yesterday"})
    assert _faults(path, 200, {**RECORD, "archived": False, "properties": {"name": None}}) == []
    assert _faults(path, 200, {**RECORD, "archived": False, "properties": {"name": 1}})


def test_errors_and_unknown_answers_are_told_apart() -> None:
    assert _faults(f"{COMPANIES}/1", 404, ERROR) == []
    assert _faults(f"{COMPANIES}/1", 404, {"message": "gone"})
    assert faults_of("GET", f"{COMPANIES}/1", 502, b"<html>Bad Gateway</html>")
    assert _faults(f"{COMPANIES}/1", 201, RECORD)
    assert _faults("/crm/v3/something/new", 200, {})
    assert _faults("/crm/v3/something/new", 404, ERROR) == []
    assert faults_of("DELETE", f"{COMPANIES}/1", 204, b"") == []
    assert faults_of("DELETE", f"{COMPANIES}/1", 204, b"{}")


def test_records_of_every_object(portal: PortalUnderTest) -> None:
    for object in ("companies", "contacts", "deals", "tasks", "meetings"):
        path = f"/crm/v3/objects/{object}"
        first = portal.json("POST", path, {"properties": {}}, 201)["id"]
        second = portal.json("POST", f"{path}/batch/create", {"inputs": [{"properties": {}}]}, 201)["results"][0]["id"]
        portal.json("GET", f"{path}/{first}?associations=companies&propertiesWithHistory=hs_object_id")
        portal.json("PATCH", f"{path}/{first}", {"properties": {}})
        portal.json("GET", f"{path}?limit=1")
        portal.json("POST", f"{path}/search", {"limit": 1})
        portal.json("POST", f"{path}/batch/read", {"inputs": [{"id": first}, {"id": "999"}], "properties": []}, 207)
        portal.json("POST", f"{path}/batch/update", {"inputs": [{"id": first, "properties": {}}]})
        if object in ("companies", "contacts", "deals"):
            merged = portal.json("POST", f"{path}/merge", {"primaryObjectId": first, "objectIdToMerge": second})
            portal.json("DELETE", f"{path}/{merged['id']}", status=204)
        portal.json("POST", f"{path}/batch/archive", {"inputs": [{"id": second}]}, 204)
        portal.json("GET", f"{path}?archived=true")


def test_the_rest_of_what_can_be_asked(portal: PortalUnderTest) -> None:
    portal.json("GET", f"{PROPERTIES}/industry")
    portal.json("GET", f"{PROPERTIES}?archived=true")
    portal.json("GET", f"{PROPERTIES}/groups/companyinformation")
    portal.json("GET", "/crm/v3/owners/9")
    portal.json("GET", "/crm/v3/pipelines/deals/sales")
    portal.json("GET", "/account-info/v3/details")
    portal.json("GET", "/account-info/v3/api-usage/daily/private-apps")
    row = {"id": "K", "idProperty": "external_key", "properties": {}}
    portal.json("POST", f"{COMPANIES}/batch/upsert", {"inputs": [row]})
    portal.json("PUT", "/crm/v4/objects/deals/3/associations/companies/9", [{"associationTypeId": 341}], 201)
    portal.json("POST", "/crm/v4/associations/deals/companies/batch/read", {"inputs": [{"id": "3"}, {"id": "4"}]}, 207)


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("rate_limit_secondly", 429), ("rate_limit_ten_secondly", 429), ("rate_limit_daily", 429), ("missing_scopes", 403),
        ("conflict", 409), ("validation_error", 400), ("gateway", 502), ("gateway_timeout", 504), ("invalid_authentication", 401),
    ],
)  # fmt: skip
def test_faults_are_answered_as_errors_are_described(portal: PortalUnderTest, kind: str, status: int) -> None:
    portal.arm(kind, count=1)
    portal.json("GET", f"{COMPANIES}/1", status=status)


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/crm/v3/objects/nothings", None, 400),
        ("GET", "/crm/v1/nothing", None, 404),
        ("DELETE", COMPANIES, None, 405),
        ("GET", f"{COMPANIES}?limit=0", None, 400),
        ("GET", f"{COMPANIES}?after=x", None, 400),
        ("GET", f"{COMPANIES}?properties={'x' * 16_000}", None, 414),
        ("POST", f"{COMPANIES}/search", {"after": "9999", "limit": 200}, 400),
        ("POST", COMPANIES, {"properties": {"nothing": "x"}}, 400),
        ("POST", f"{COMPANIES}/batch/update", {"inputs": [{"id": "1"}, {"id": "1"}]}, 400),
        ("GET", f"{PROPERTIES}/nothing", None, 404),
        ("GET", "/crm/v3/lists/999", None, 404),
        ("GET", "/crm/v4/objects/tasks/1/associations/meetings", None, 400),
    ],
)
def test_refusals_are_answered_as_errors_are_described(
    portal: PortalUnderTest, method: str, path: str, body: Any, status: int
) -> None:
    portal.json(method, path, body, status)


def test_associations_in_their_older_form(portal: PortalUnderTest) -> None:
    deal = "/crm/v3/objects/deals/3/associations/companies"
    assert portal.json("GET", deal)["results"] == []
    made = portal.json("PUT", f"{deal}/9/deal_to_company")
    assert {each["type"] for each in made["associations"]["companies"]["results"]} == {
        "deal_to_company",
        "deal_to_company_unlabeled",
    }
    assert {each["id"] for each in portal.json("GET", deal)["results"]} == {"9"}
    portal.json("PUT", f"{deal}/9/deal_to_nothing", status=400)
    portal.json("DELETE", f"{deal}/9/5", status=204)
    assert portal.json("GET", deal)["results"] == []
    pair = "/crm/v3/associations/deals/companies"
    assert {"id": "5", "name": "deal_to_company"} in portal.json("GET", f"{pair}/types")["results"]
    row = {"from": {"id": "3"}, "to": {"id": "9"}, "type": "deal_to_company"}
    portal.json("POST", f"{pair}/batch/create", {"inputs": [row]}, 201)
    portal.json("POST", f"{pair}/batch/create", {"inputs": [{**row, "to": {"id": "999"}}]}, 207)
    (found,) = portal.json("POST", f"{pair}/batch/read", {"inputs": [{"id": "3"}, {"id": "99"}]}, 207)["results"]
    assert {each["id"] for each in found["to"]} == {"9"}
    portal.json("POST", f"{pair}/batch/archive", {"inputs": [row]}, 204)
    assert portal.json("GET", deal)["results"] == []


def test_groups_and_lists_are_changed_and_go_and_come_back(portal: PortalUnderTest) -> None:
    groups = f"{PROPERTIES}/groups"
    portal.json("POST", groups, {"name": "own", "label": "自社"}, 201)
    assert portal.json("PATCH", f"{groups}/own", {"label": "突合"})["label"] == "突合"
    portal.json("DELETE", f"{groups}/own", status=204)
    portal.json("GET", f"{groups}/own", status=404)
    portal.json("DELETE", f"{groups}/companyinformation", status=400)
    portal.json("DELETE", f"{groups}/nothing", status=404)
    for name in ("甲", "乙"):
        portal.json("POST", "/crm/v3/lists", {"name": name, "objectTypeId": "0-2", "processingType": "MANUAL"})
    portal.json("PUT", "/crm/v3/lists/1/memberships/add", ["5"])
    (on,) = portal.json("GET", "/crm/v3/lists/records/0-2/5/memberships")["results"]
    assert on["listId"] == "1"
    portal.json("PUT", "/crm/v3/lists/1/update-list-name?listName=乙", status=400)
    assert portal.json("PUT", "/crm/v3/lists/1/update-list-name?listName=丙")["updatedList"]["name"] == "丙"
    portal.json("DELETE", "/crm/v3/lists/1", status=204)
    portal.json("PUT", "/crm/v3/lists/1/restore", status=204)
    assert portal.json("GET", "/crm/v3/lists/1")["list"]["size"] == 1
    portal.json("PUT", "/crm/v3/lists/99/restore", status=404)


def test_the_stages_of_a_pipeline(portal: PortalUnderTest) -> None:
    assert [stage["id"] for stage in portal.json("GET", "/crm/v3/pipelines/deals/sales/stages")["results"]] == [
        "proposal",
        "won",
        "lost",
    ]
