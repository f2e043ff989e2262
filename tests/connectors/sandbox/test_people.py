"""Who acts in a sandbox org, and what its audit trail tells of it: each kind of login, each way to change a value."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from connectors import open_crm
from connectors.crm import Crm
from connectors.sandbox.server import Org, SandboxServer

ORGS = {"sales": "salesforce", "marketing": "hubspot"}
KINDS = ("credentials", "admin", "person")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxServer]:
    with SandboxServer(tmp_path_factory.mktemp("people"), orgs=ORGS) as server:
        yield server


@pytest.fixture
def sales(running: SandboxServer) -> Org:
    return _anew(running.orgs["sales"])


@pytest.fixture
def marketing(running: SandboxServer) -> Org:
    return _anew(running.orgs["marketing"])


def _anew(org: Org) -> Org:
    requests.post(f"{org.url}/__sandbox__/reset", timeout=10).raise_for_status()
    return org


def _as(org: Org, kind: str) -> Crm:
    return open_crm(org.crm, org.url, getattr(org, kind))


def _call(crm: Crm, method: str, path: str, body: Any = None) -> Any:
    return crm._session.call(method, path, None, body)  # type: ignore[attr-defined]


def _told(org: Org, **wanted: Any) -> list[tuple[Any, ...]]:
    """(action, object, field, before, after) of each change."""
    told = [c for c in org.changes() if all(c[name] == value for name, value in wanted.items())]
    return [(c["action"], c["object"], c["field"], c["before"], c["after"]) for c in told]


@pytest.mark.parametrize("name", ORGS)
def test_each_login_is_another_user(running: SandboxServer, name: str) -> None:
    org = running.orgs[name]
    assert len({_as(org, kind).identity().user_id for kind in KINDS}) == 3


def test_users_of_all_logins_are_records(sales: Org) -> None:
    ids = {_as(sales, kind).identity().user_id for kind in KINDS}
    assert set(_as(sales, "credentials").read("User", sorted(ids), ["Username"])) == ids


def test_a_person_may_not_customise_but_an_administrator_may(sales: Org) -> None:
    field = {"FullName": "Account.X__c", "Metadata": {"label": "X", "type": "Checkbox", "defaultValue": "false"}}
    grants = {"Name": "Mine", "Label": "Mine"}
    person, admin = _as(sales, "person"), _as(sales, "admin")
    for path, body in (("tooling/sobjects/CustomField", field), ("sobjects/PermissionSet", grants)):
        with pytest.raises(Exception, match="INSUFFICIENT_ACCESS"):
            _call(person, "POST", path, body)
        made = _call(admin, "POST", path, body)["id"]
    for method, more in (("PATCH", {"Label": "Ours"}), ("DELETE", None)):
        with pytest.raises(Exception, match="INSUFFICIENT_ACCESS"):
            _call(person, method, f"sobjects/PermissionSet/{made}", more)
    assert _call(person, "POST", "sobjects/Account", {"Name": "青空"})["success"]


def test_a_world_s_own_clients_come_first_and_the_missing_ones_are_made_up(tmp_path: Path) -> None:
    org = tmp_path / "world" / "orgs" / "ours"
    org.mkdir(parents=True)
    (tmp_path / "world" / "world.json").write_text('{"orgs": [{"name": "ours", "crm": "salesforce"}]}')
    client = '{"client_id": "a", "client_secret": "b", "user_id": "005000000000001AAA"}'
    (org / "schema.json").write_text(f'{{"clients": [{client}], "custom_objects": [{{"name": "Deal__c"}}]}}')
    with SandboxServer(tmp_path / "home", tmp_path / "world") as server:
        ours = server.orgs["ours"]
        assert _as(ours, "credentials").identity().user_id == "005000000000001AAA"
        assert _as(ours, "person").existing_fields("Deal__c"), "what the world brings is open to people"


def test_a_salesforce_record_s_life_is_told(sales: Org) -> None:
    person = _as(sales, "person")
    id = _call(person, "POST", "sobjects/Account", {"Name": "青空"})["id"]
    _call(person, "PATCH", f"sobjects/Account/{id}", {"Name": "青空商事", "Phone": None})
    _call(person, "PATCH", f"sobjects/Account/{id}", {"Name": "青空商事"})
    contact = _call(person, "POST", "sobjects/Contact", {"LastName": "田中", "AccountId": id})["id"]
    _call(person, "DELETE", f"sobjects/Account/{id}")
    assert _told(sales, id=id) == [
        ("create", "Account", "Name", None, "青空"),
        ("update", "Account", "Name", "青空", "青空商事"),
        ("update", "Account", "Phone", None, None),
        ("update", "Account", "Name", "青空商事", "青空商事"),
        ("delete", "Account", None, None, None),
    ]
    assert _told(sales, id=contact)[-1] == ("delete", "Contact", None, None, None), "it went with its account"
    assert {c["user_id"] for c in sales.changes()} == {person.identity().user_id}


def test_derived_values_are_told_with_what_was_sent(sales: Org) -> None:
    person = _as(sales, "person")
    deal = {"Name": "案件", "StageName": "Prospecting", "CloseDate": "2026-12-01"}
    id = _call(person, "POST", "sobjects/Opportunity", deal)["id"]
    _call(person, "PATCH", f"sobjects/Opportunity/{id}", {"StageName": "Closed Won"})
    won = {change[2]: change[3:] for change in _told(sales, id=id, action="update")}
    assert won["IsWon"] == (False, True)
    assert won["StageName"] == ("Prospecting", "Closed Won")
    assert not {"SystemModstamp", "LastModifiedDate", "LastModifiedById"} & set(won)


def test_what_is_rolled_back_was_never_changed(sales: Org) -> None:
    person = _as(sales, "person")
    rows = [{"attributes": {"type": "Account"}, "Name": "一"}, {"attributes": {"type": "Account"}}]
    _call(person, "POST", "composite/sobjects", {"allOrNone": True, "records": rows})
    assert sales.changes() == []
    _call(person, "POST", "composite/sobjects", {"allOrNone": False, "records": rows})
    assert _told(sales) == [("create", "Account", "Name", None, "一")]


def test_each_change_names_its_request(sales: Org) -> None:
    person = _as(sales, "person")
    ids = [_call(person, "POST", "sobjects/Account", {"Name": name})["id"] for name in "一二"]
    _call(person, "PATCH", f"sobjects/Account/{ids[0]}", {"Phone": "03"})
    log = requests.get(f"{sales.url}/__sandbox__/requests", timeout=10).json()["requests"]
    calls = {entry["number"]: (entry["method"], entry["path"].rsplit("/", 1)[-1]) for entry in log}
    assert [calls[change["request"]] for change in sales.changes()] == [
        ("POST", "Account"), ("POST", "Account"), ("PATCH", ids[0]),
    ]  # fmt: skip


def test_the_trail_is_served_matched_and_cleared(sales: Org) -> None:
    person = _as(sales, "person")
    address = f"{sales.url}/__sandbox__/changes"
    for name in "一二三":
        _call(person, "POST", "sobjects/Account", {"Name": name, "Phone": "03"})
    told = requests.get(address, params={"match": "/Name"}, timeout=10).json()["changes"]
    assert [change["after"] for change in told] == ["一", "二", "三"]
    later = requests.get(address, params={"match": "/Name", "after": told[0]["seq"]}, timeout=10).json()["changes"]
    assert [change["after"] for change in later] == ["二", "三"]
    assert requests.get(address, params={"after": "x"}, timeout=10).status_code == 400
    requests.delete(address, timeout=10).raise_for_status()
    assert sales.changes() == []
    _call(person, "POST", "sobjects/Account", {"Name": "四"})
    assert sales.changes()[0]["seq"] > told[-1]["seq"], "no number is given twice"


def test_hubspot_records_are_told_on_every_path(marketing: Org) -> None:
    crm = _as(marketing, "person")
    base = "/crm/v3/objects/companies"
    one = _call(crm, "POST", base, {"properties": {"name": "一"}})["id"]
    made = _call(crm, "POST", f"{base}/batch/create", {"inputs": [{"properties": {"name": "二", "phone": ""}}]})
    two = made["results"][0]["id"]
    _call(crm, "PATCH", f"{base}/{one}", {"properties": {"name": "壱"}})
    _call(crm, "POST", f"{base}/batch/update", {"inputs": [{"id": two, "properties": {"name": "二", "phone": "03"}}]})
    merged = _call(crm, "POST", f"{base}/merge", {"primaryObjectId": one, "objectIdToMerge": two})["id"]
    _call(crm, "POST", f"{base}/batch/archive", {"inputs": [{"id": merged}]})
    assert _told(marketing) == [
        ("create", "companies", "name", None, "一"),
        ("create", "companies", "name", None, "二"),
        ("update", "companies", "name", "一", "壱"),
        ("update", "companies", "name", "二", "二"),
        ("update", "companies", "phone", None, "03"),
        ("merge", "companies", "hs_merged_object_ids", None, merged),
        ("merge", "companies", "hs_merged_object_ids", None, merged),
        ("delete", "companies", None, None, None),
    ]
    assert {c["user_id"] for c in marketing.changes()} == {crm.identity().user_id}


def test_memberships_are_told_with_those_that_were_so_already(marketing: Org) -> None:
    crm = _as(marketing, "person")
    made = _call(crm, "POST", "/crm/v3/lists/", {"name": "余白", "objectTypeId": "0-2", "processingType": "MANUAL"})
    ids = [_call(crm, "POST", "/crm/v3/objects/companies", {"properties": {"name": name}})["id"] for name in "一二"]
    path = f"/crm/v3/lists/{made['list']['listId']}/memberships"
    _call(crm, "PUT", f"{path}/add", [ids[0]])
    _call(crm, "PUT", f"{path}/add-and-remove", {"recordIdsToAdd": ids, "recordIdsToRemove": []})
    _call(crm, "DELETE", f"/crm/v3/objects/companies/{ids[0]}")
    _call(crm, "DELETE", path)
    told = [(c["action"], c["id"], c["before"], c["after"]) for c in marketing.changes() if c["field"] == "余白"]
    assert told == [
        ("member_add", ids[0], False, True),
        ("member_add", ids[0], True, True),
        ("member_add", ids[1], False, True),
        ("member_remove", ids[0], True, False),
        ("member_remove", ids[1], True, False),
    ]


def test_loading_and_reset_tell_nothing(marketing: Org) -> None:
    _call(_as(marketing, "person"), "POST", "/crm/v3/objects/companies", {"properties": {"name": "一"}})
    assert marketing.changes()
    assert _anew(marketing).changes() == []
