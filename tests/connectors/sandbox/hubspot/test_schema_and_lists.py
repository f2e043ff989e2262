"""What an administrator sets up: properties, groups, lists; and what belongs to the portal: owners, pipelines, tokens."""

from __future__ import annotations

import pytest
from hubspot.crm.properties import ApiException, PropertyCreate, PropertyGroupCreate

from tests.connectors.sandbox.hubspot.conftest import TOKEN, PortalUnderTest

YES_NO = [{"label": "はい", "value": "true"}, {"label": "いいえ", "value": "false"}]


def _flag(**changes: object) -> dict[str, object]:
    made = {
        "name": "totsugo_flag",
        "label": "旗",
        "type": "enumeration",
        "field_type": "booleancheckbox",
        "group_name": "totsugo",
    }
    return {**made, "options": [{**option, "hidden": False, "displayOrder": 0} for option in YES_NO], **changes}


def test_a_group_and_a_property_in_it(portal: PortalUnderTest) -> None:
    api = portal.client.crm.properties
    api.groups_api.create("companies", PropertyGroupCreate(name="totsugo", label="Totsugo（突合）", display_order=-1))
    made = api.core_api.create("company", PropertyCreate(**_flag()))
    assert (made.name, made.group_name) == ("totsugo_flag", "totsugo")
    assert "totsugo" in {group.name for group in api.groups_api.get_all("companies").results}
    portal.json("PATCH", "/crm/v3/objects/companies/1", {"properties": {"totsugo_flag": "true"}})
    assert portal.json("GET", "/crm/v3/objects/companies/1?properties=totsugo_flag")["properties"]["totsugo_flag"] == "true"


def test_a_property_needs_its_group_and_a_fresh_name(portal: PortalUnderTest) -> None:
    api = portal.client.crm.properties.core_api
    with pytest.raises(ApiException) as no_group:
        api.create("companies", PropertyCreate(**_flag()))
    assert no_group.value.status == 400
    with pytest.raises(ApiException) as taken:
        api.create("companies", PropertyCreate(**_flag(name="domain", group_name="japan")))
    assert taken.value.status == 409
    with pytest.raises(ApiException) as one_option:
        api.create("companies", PropertyCreate(**_flag(group_name="japan", options=YES_NO[:1])))
    assert one_option.value.status == 400


def test_standard_and_own_properties_are_listed_and_only_own_ones_archived(portal: PortalUnderTest) -> None:
    names = {each["name"] for each in portal.json("GET", "/crm/v3/properties/companies")["results"]}
    assert {"name", "domain", "hs_lastmodifieddate", "corporate_number"} <= names
    assert portal.json("GET", "/crm/v3/properties/companies/corporate_number")["label"] == "法人番号"
    portal.json("DELETE", "/crm/v3/properties/companies/name", status=400)
    portal.json("DELETE", "/crm/v3/properties/companies/corporate_number", status=204)
    portal.json("GET", "/crm/v3/properties/companies/corporate_number", status=404)
    archived = portal.json("GET", "/crm/v3/properties/companies?archived=true")["results"]
    assert [each["name"] for each in archived] == ["corporate_number"]


def test_a_property_can_be_relabelled(portal: PortalUnderTest) -> None:
    changed = portal.json("PATCH", "/crm/v3/properties/companies/corporate_number", {"label": "法人番号（13桁）"})
    assert changed["label"] == "法人番号（13桁）"
    assert portal.json("GET", "/crm/v3/properties/companies/corporate_number") == changed


def test_properties_in_batches(portal: PortalUnderTest) -> None:
    one = {"label": "突合", "type": "string", "fieldType": "text", "groupName": "japan"}
    rows = {"inputs": [{**one, "name": "totsugo_a"}, {**one, "name": "domain"}]}
    made = portal.json("POST", "/crm/v3/properties/companies/batch/create", rows, status=207)
    assert [each["name"] for each in made["results"]] == ["totsugo_a"]
    read = {"archived": False, "inputs": [{"name": "totsugo_a"}, {"name": "nosuch"}]}
    found = portal.json("POST", "/crm/v3/properties/companies/batch/read", read, status=207)
    assert found["errors"][0]["context"] == {"name": ["nosuch"]}
    portal.json("POST", "/crm/v3/properties/companies/batch/archive", {"inputs": [{"name": "totsugo_a"}]}, status=204)
    portal.json("GET", "/crm/v3/properties/companies/totsugo_a", status=404)


def _manual_list(portal: PortalUnderTest, name: str = "Totsugo ホワイトスペース／武蔵") -> str:
    made = portal.client.crm.lists.lists_api.create({"name": name, "objectTypeId": "0-2", "processingType": "MANUAL"})
    return str(made.list.list_id)


def test_members_of_a_manual_list(portal: PortalUnderTest) -> None:
    api, id = portal.client.crm.lists.memberships_api, _manual_list(portal)
    added = api.add(id, ["3", "20", "999"])
    assert sorted(added.records_ids_added) == ["20", "3"]
    assert added.record_ids_missing == ["999"]
    moved = api.add_and_remove(id, {"recordIdsToAdd": ["3", "4"], "recordIdsToRemove": ["20", "21"]})
    assert (moved.records_ids_added, moved.record_ids_removed) == (["4"], ["20"])
    assert [member.record_id for member in api.get_page(id).results] == ["3", "4"]
    api.remove(id, ["3"])
    assert portal.json("GET", f"/crm/v3/lists/{id}")["list"]["size"] == 1
    api.remove_all(id)
    assert api.get_page(id).results == []


def test_members_come_in_pages_and_leave_with_their_record(portal: PortalUnderTest) -> None:
    id = _manual_list(portal)
    portal.json("PUT", f"/crm/v3/lists/{id}/memberships/add", [str(n) for n in range(1, 251)])
    first = portal.json("GET", f"/crm/v3/lists/{id}/memberships?limit=200")
    last = portal.json("GET", f"/crm/v3/lists/{id}/memberships?limit=200&after={first['paging']['next']['after']}")
    assert (len(first["results"]), len(last["results"]), last["total"]) == (200, 50, 250)
    assert "paging" not in last
    portal.json("DELETE", "/crm/v3/objects/companies/7", status=204)
    assert portal.json("GET", f"/crm/v3/lists/{id}/memberships")["total"] == 249


def test_lists_are_found_by_name_and_by_search_and_can_be_deleted(portal: PortalUnderTest) -> None:
    id = _manual_list(portal)
    named = portal.client.crm.lists.lists_api.get_by_name("Totsugo ホワイトスペース／武蔵", "0-2")
    assert named.list.list_id == id
    found = portal.json("POST", "/crm/v3/lists/search", {"query": "totsugo", "processingTypes": ["MANUAL"]})
    assert [each["listId"] for each in found["lists"]] == [id]
    again = {"name": "totsugo ホワイトスペース／武蔵", "objectTypeId": "0-2", "processingType": "MANUAL"}
    portal.json("POST", "/crm/v3/lists/", again, status=400)
    portal.json("DELETE", f"/crm/v3/lists/{id}", status=204)
    portal.json("GET", f"/crm/v3/lists/{id}", status=404)


def test_a_dynamic_list_takes_no_members_by_hand(portal: PortalUnderTest) -> None:
    branch = {"filterBranchType": "OR", "filterBranches": [], "filters": []}
    body = {"name": "動的", "objectTypeId": "0-2", "processingType": "DYNAMIC", "filterBranch": branch}
    id = portal.json("POST", "/crm/v3/lists/", body)["list"]["listId"]
    portal.json("PUT", f"/crm/v3/lists/{id}/memberships/add", ["3"], status=400)


def test_owners_in_pages(portal: PortalUnderTest) -> None:
    api = portal.client.crm.owners.owners_api
    first = api.get_page(limit=2)
    last = api.get_page(limit=2, after=first.paging.next.after)
    assert [owner.id for owner in (*first.results, *last.results)] == ["9", "10", "11"]
    assert last.paging is None
    assert api.get_by_id(10).email == "sato10@example.jp"
    assert api.get_by_id(10, id_property="userId").email == "sato10@example.jp"
    assert portal.call("GET", "/crm/v3/owners/10?idProperty=email").status_code == 400


def test_pipelines(portal: PortalUnderTest) -> None:
    (pipeline,) = portal.client.crm.pipelines.pipelines_api.get_all("deals").results
    assert [stage.label for stage in pipeline.stages] == ["提案", "受注", "失注"]
    assert pipeline.stages[1].metadata == {"probability": "1.0", "isClosed": "true"}


def test_who_a_token_is(portal: PortalUnderTest) -> None:
    told = portal.json("GET", f"/oauth/v1/access-tokens/{TOKEN}")
    assert told["user_id"] == 77
    assert told["hub_id"] == portal.json("GET", "/account-info/v3/details")["portalId"]
    app = portal.json("POST", "/oauth/v2/private-apps/get/access-token-info", {"tokenKey": TOKEN})
    assert (app["userId"], app["hubId"]) == (77, told["hub_id"])


def test_a_refresh_token_buys_an_access_token_that_works(portal: PortalUnderTest) -> None:
    api = portal.client.oauth.tokens_api
    given = {"grant_type": "refresh_token", "client_id": "app", "client_secret": "hidden", "refresh_token": "refresh"}
    token = api.create(**given).access_token
    assert portal.call("GET", "/crm/v3/owners/", token=token).status_code == 200
    wrong = portal.call("POST", "/oauth/v1/token", token="", data={**given, "client_secret": "guessed"})
    assert wrong.status_code == 400


def test_an_access_token_expires(portal: PortalUnderTest) -> None:
    given = {"grant_type": "refresh_token", "client_id": "app", "client_secret": "hidden", "refresh_token": "refresh"}
    token = portal.client.oauth.tokens_api.create(**given).access_token
    clock = portal.server.clock
    clock.set(clock.now().replace(year=clock.now().year + 1))
    assert portal.call("GET", "/crm/v3/owners/", token=token).json()["category"] == "EXPIRED_AUTHENTICATION"
