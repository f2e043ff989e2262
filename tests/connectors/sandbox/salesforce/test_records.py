"""Single records: what is checked, what is filled in, what is kept up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from simple_salesforce import Salesforce
from simple_salesforce.exceptions import SalesforceMalformedRequest, SalesforceResourceNotFound

from connectors.sandbox.server import Org, SandboxServer
from tests.connectors.sandbox.salesforce.conftest import ADMIN, Raw


def _account(sf: Salesforce, **more: object) -> str:
    return sf.Account.create({"Name": "株式会社アオゾラ", **more})["id"]


def _code(caught: pytest.ExceptionInfo[SalesforceMalformedRequest]) -> tuple[str, list[str]]:
    error = caught.value.content[0]
    return error["errorCode"], error.get("fields", [])


def test_a_created_record_has_system_fields_filled_in(sf: Salesforce, org: Org) -> None:
    found = sf.Account.get(_account(sf))
    user = org.store.get_meta("clients")[ADMIN]["user_id"]
    assert found["Name"] == "株式会社アオゾラ"
    assert {found[name] for name in ("OwnerId", "CreatedById", "LastModifiedById")} == {user}
    assert found["SystemModstamp"] == found["CreatedDate"] == found["LastModifiedDate"]
    assert found["SystemModstamp"].endswith(".000+0000")
    assert found["IsDeleted"] is False
    assert len(found["Id"]) == 18


def test_an_update_moves_the_stamp_and_touches_nothing_else(sf: Salesforce, sandbox: SandboxServer) -> None:
    id = _account(sf, Phone="03-1234-5678")
    sandbox.clock.set(datetime.now(UTC) + timedelta(days=1))
    before = sf.Account.get(id)
    assert sf.Account.update(id, {"Name": "アオゾラ㈱"}) == 204
    after = sf.Account.get(id)
    assert after["SystemModstamp"] > before["SystemModstamp"]
    assert (after["Name"], after["Phone"], after["CreatedDate"]) == ("アオゾラ㈱", "03-1234-5678", before["CreatedDate"])


@pytest.mark.parametrize(
    ("values", "code", "fields"),
    [
        ({}, "REQUIRED_FIELD_MISSING", ["Name"]),
        ({"Name": ""}, "REQUIRED_FIELD_MISSING", ["Name"]),
        ({"Name": "あ" * 256}, "STRING_TOO_LONG", ["Name"]),
        ({"Name": "x", "Nonsense": 1}, "INVALID_FIELD", []),
        ({"Name": "x", "CreatedDate": "2026-01-01T00:00:00Z"}, "INVALID_FIELD_FOR_INSERT_UPDATE", ["CreatedDate"]),
        ({"Name": "x", "ParentId": "nonsense"}, "MALFORMED_ID", ["ParentId"]),
        ({"Name": "x", "ParentId": "001000000000000AAA"}, "INVALID_CROSS_REFERENCE_KEY", ["ParentId"]),
        ({"Name": "x", "ParentId": "003000000000000AAA"}, "FIELD_INTEGRITY_EXCEPTION", ["ParentId"]),
        ({"Name": "x", "OwnerId": None}, None, []),
    ],
)
def test_a_value_that_does_not_fit_is_refused(
    sf: Salesforce, values: dict[str, object], code: str | None, fields: list[str]
) -> None:
    if code is None:
        assert sf.Account.create(values)["success"]
        return
    with pytest.raises(SalesforceMalformedRequest) as caught:
        sf.Account.create(values)
    assert _code(caught) == (code, fields)


def test_ids_of_fifteen_characters_are_understood(sf: Salesforce) -> None:
    id = _account(sf)
    assert sf.Account.get(id[:15])["Id"] == id
    assert sf.query(f"SELECT Id FROM Account WHERE Id = '{id[:15]}'")["totalSize"] == 1


def test_a_deleted_record_is_gone_but_not_forgotten(sf: Salesforce) -> None:
    id = _account(sf)
    contact = sf.Contact.create({"LastName": "山田", "FirstName": "太郎", "AccountId": id})["id"]
    assert sf.Account.delete(id) == 204
    with pytest.raises(SalesforceResourceNotFound):
        sf.Account.get(id)
    with pytest.raises(SalesforceResourceNotFound, match="ENTITY_IS_DELETED"):
        sf.Account.update(id, {"Name": "x"})
    assert sf.query("SELECT Id FROM Account")["totalSize"] == 0
    assert sf.query("SELECT Id FROM Contact")["totalSize"] == 0, "contacts go with their account"
    found = sf.query_all("SELECT Id, IsDeleted FROM Contact WHERE IsDeleted = true", include_deleted=True)["records"]
    assert [(each["Id"], each["IsDeleted"]) for each in found] == [(contact, True)]


def test_a_stage_decides_whether_an_opportunity_is_closed_and_won(sf: Salesforce) -> None:
    values = {"Name": "更新", "StageName": "Prospecting", "CloseDate": "2026-12-31", "AccountId": _account(sf)}
    id = sf.Opportunity.create(values)["id"]
    assert sf.Opportunity.get(id)["LastStageChangeDate"] is None
    sf.Opportunity.update(id, {"StageName": "Closed Won"})
    found = sf.Opportunity.get(id)
    assert (found["IsClosed"], found["IsWon"], found["Probability"]) == (True, True, 100)
    assert found["LastStageChangeDate"] == found["SystemModstamp"]


def test_people_are_named_family_name_first_and_activities_find_their_account(sf: Salesforce) -> None:
    account = _account(sf)
    person = sf.Contact.create({"LastName": "山田", "FirstName": "太郎", "AccountId": account})["id"]
    task = sf.Task.create({"Subject": "電話", "Status": "Completed", "WhoId": person})["id"]
    found = sf.query("SELECT Account.Name, Who.Name, IsClosed FROM Task")["records"][0]
    assert (found["Who"]["Name"], found["Account"]["Name"], found["IsClosed"]) == ("山田 太郎", "株式会社アオゾラ", True)
    assert sf.Task.get(task)["AccountId"] == account


def test_broken_json_is_named(raw: Raw) -> None:
    answer = raw("POST", "sobjects/Account", data="{")
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "JSON_PARSER_ERROR")


def test_a_locked_row_is_refused_once(sf: Salesforce, raw: Raw) -> None:
    id = _account(sf)
    raw.fault(kind="row_lock", count=1, match="Account/")
    with pytest.raises(SalesforceMalformedRequest, match="UNABLE_TO_LOCK_ROW"):
        sf.Account.update(id, {"Name": "x"})
    assert sf.Account.update(id, {"Name": "x"}) == 204


def test_white_space_is_trimmed_and_nothing_left_is_null(sf: Salesforce) -> None:
    found = sf.Account.get(_account(sf, Name="  株式会社　青空\t", Phone="   ", Site="　"))
    assert (found["Name"], found["Phone"], found["Site"]) == ("株式会社　青空", None, "　")
    assert sf.query("SELECT COUNT() FROM Account WHERE Phone = ''")["totalSize"] == 1
