"""The history of a property: newest first, with where each value came from."""

from __future__ import annotations

from typing import Any

from tests.connectors.sandbox.hubspot.conftest import OLD, PortalUnderTest

COMPANIES = "/crm/v3/objects/companies"


def _past(portal: PortalUnderTest, id: str, *names: str) -> dict[str, list[dict[str, Any]]]:
    return portal.json("GET", f"{COMPANIES}/{id}?propertiesWithHistory={','.join(names)}")["propertiesWithHistory"]  # type: ignore[no-any-return]


def _person(portal: PortalUnderTest) -> str:
    return portal.server.orgs["our_hubspot"].person["token"]


def test_values_of_an_app_a_person_and_the_world(portal: PortalUnderTest) -> None:
    portal.json("PATCH", f"{COMPANIES}/5", {"properties": {"name": "甲", "totsugo_until": "2026-12-31"}})
    patch = portal.call("PATCH", f"{COMPANIES}/5", _person(portal), json={"properties": {"name": "乙", "totsugo_until": ""}})
    assert patch.ok
    past = _past(portal, "5", "name", "totsugo_until", "phone", "no_such_property")
    assert set(past) == {"name", "totsugo_until"}
    assert [(e["value"], e["sourceType"], e.get("sourceId"), e.get("updatedByUserId")) for e in past["name"]] == [
        ("乙", "CRM_UI", "userId:2", 2),
        ("甲", "INTEGRATION", "1", None),
        ("株式会社あおぞら5号", "IMPORT", None, None),
    ]
    assert past["name"][-1]["timestamp"] == OLD
    assert [e["value"] for e in past["totsugo_until"]] == ["", "2026-12-31"]
    assert sorted((e["timestamp"] for e in past["name"]), reverse=True) == [e["timestamp"] for e in past["name"]]


def test_the_same_value_again_adds_nothing_and_the_oldest_are_forgotten(portal: PortalUnderTest) -> None:
    for number in [*range(25), 24]:
        portal.json("PATCH", f"{COMPANIES}/5", {"properties": {"phone": str(number)}})
    assert [e["value"] for e in _past(portal, "5", "phone")["phone"]] == [str(n) for n in range(24, 4, -1)]


def test_batches_show_it_for_fifty_records_at_most(portal: PortalUnderTest) -> None:
    portal.json("POST", f"{COMPANIES}/batch/update", {"inputs": [{"id": "1", "properties": {"name": "甲"}}]})
    body = {"inputs": [{"id": str(n)} for n in range(1, 51)], "properties": ["phone"], "propertiesWithHistory": ["name"]}
    results = portal.json("POST", f"{COMPANIES}/batch/read", body)["results"]
    lengths = {record["id"]: len(record["propertiesWithHistory"]["name"]) for record in results}
    assert lengths == {str(n): 1 + (n == 1) for n in range(1, 51)}
    body["inputs"] = [{"id": str(n)} for n in range(1, 52)]
    assert "maximum batch size is 50" in portal.json("POST", f"{COMPANIES}/batch/read", body, 400)["message"]
    assert "propertiesWithHistory" not in portal.json("POST", f"{COMPANIES}/batch/read", {**body, "propertiesWithHistory": []})


def test_a_merged_record_has_the_history_of_the_value_that_won(portal: PortalUnderTest) -> None:
    portal.json("PATCH", f"{COMPANIES}/8", {"properties": {"name": "甲"}})
    portal.json("PATCH", f"{COMPANIES}/9", {"properties": {"name": "乙", "phone": "03"}})
    made = portal.json("POST", f"{COMPANIES}/merge", {"primaryObjectId": "8", "objectIdToMerge": "9"})["id"]
    past = _past(portal, made, "name", "phone")
    assert [e["value"] for e in past["name"]] == ["甲", "株式会社あおぞら8号"]
    assert [e["value"] for e in past["phone"]] == ["03"]
