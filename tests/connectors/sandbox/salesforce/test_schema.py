"""Custom fields and objects: made by Tooling or Metadata, unseen until a permission set grants them."""

from __future__ import annotations

from typing import Any

import pytest
from simple_salesforce import Salesforce
from simple_salesforce.exceptions import SalesforceMalformedRequest, SalesforceResourceNotFound

from connectors.sandbox.server import Org
from tests.connectors.sandbox.salesforce.conftest import ADMIN, REP, connect

_FLAG = {"label": "アプローチNG", "type": "Checkbox", "defaultValue": "false", "inlineHelpText": "NGの説明"}
_REASON = {
    "label": "理由",
    "type": "Picklist",
    "valueSet": {
        "restricted": True,
        "valueSetDefinition": {"sorted": False, "value": [{"valueName": "direct", "label": "直販", "default": False}]},
    },
}


def _add(sf: Salesforce, name: str, metadata: Any) -> Any:
    return sf.restful("tooling/sobjects/CustomField", method="POST", json={"FullName": f"Account.{name}", "Metadata": metadata})


def _grant(sf: Salesforce, org: Org, *fields: str, edit: bool = True, client: int = ADMIN, objects: tuple[str, ...] = ()) -> None:
    number = sf.query("SELECT COUNT() FROM PermissionSet")["totalSize"]
    set_id = sf.PermissionSet.create({"Name": f"Set_{number}", "Label": "突合"})["id"]
    for name in objects:
        rights = {"PermissionsRead": True, "PermissionsEdit": edit, "PermissionsCreate": edit}
        sf.ObjectPermissions.create({"ParentId": set_id, "SobjectType": name, **rights})
    for name in fields:
        rights = {"PermissionsRead": True, "PermissionsEdit": edit}
        sf.FieldPermissions.create({"ParentId": set_id, "SobjectType": name.split(".")[0], "Field": name, **rights})
    user = org.store.get_meta("clients")[client]["user_id"]
    sf.PermissionSetAssignment.create({"PermissionSetId": set_id, "AssigneeId": user})


def _names(sf: Salesforce, type_name: str = "Account") -> set[str]:
    return {each["name"] for each in getattr(sf, type_name).describe()["fields"]}


def test_a_new_field_is_invisible_until_granted(sf: Salesforce, org: Org) -> None:
    assert _add(sf, "NG__c", _FLAG)["success"]
    assert "NG__c" not in _names(sf)
    with pytest.raises(SalesforceMalformedRequest, match="No such column 'NG__c' on entity 'Account'"):
        sf.query("SELECT NG__c FROM Account")
    with pytest.raises(SalesforceMalformedRequest, match="No such column 'NG__c' on sobject of type Account"):
        sf.Account.create({"Name": "x", "NG__c": True})
    _grant(sf, org, "Account.NG__c")
    assert "NG__c" in _names(sf)
    id = sf.Account.create({"Name": "x"})["id"]
    assert sf.Account.get(id)["NG__c"] is False
    sf.Account.update(id, {"NG__c": True})
    assert sf.query("SELECT COUNT() FROM Account WHERE NG__c = true")["totalSize"] == 1


def test_read_access_does_not_let_one_write(sf: Salesforce, org: Org) -> None:
    _add(sf, "NG__c", _FLAG)
    _grant(sf, org, "Account.NG__c", edit=False, client=REP)
    rep = connect(org, client=REP)
    field = next(each for each in rep.Account.describe()["fields"] if each["name"] == "NG__c")
    assert (field["updateable"], field["inlineHelpText"]) == (False, "NGの説明")
    assert "NG__c" not in _names(sf), "the administrator was granted nothing"
    id = rep.Account.create({"Name": "x"})["id"]
    with pytest.raises(SalesforceMalformedRequest, match="INVALID_FIELD_FOR_INSERT_UPDATE"):
        rep.Account.update(id, {"NG__c": True})


def test_a_restricted_picklist_takes_only_its_values(sf: Salesforce, org: Org) -> None:
    _add(sf, "Reason__c", _REASON)
    _grant(sf, org, "Account.Reason__c")
    assert sf.Account.create({"Name": "x", "Reason__c": "direct"})["success"]
    with pytest.raises(SalesforceMalformedRequest) as caught:
        sf.Account.create({"Name": "x", "Reason__c": "直販"})
    error = caught.value.content[0]
    assert error["errorCode"] == "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"
    assert error["message"] == "理由: bad value for restricted picklist field: 直販"


@pytest.mark.parametrize(
    ("name", "metadata", "code"),
    [
        ("Twice__c", {"label": "x", "type": "Date"}, "DUPLICATE_DEVELOPER_NAME"),
        ("NoSuffix", {"label": "x", "type": "Date"}, "FIELD_INTEGRITY_EXCEPTION"),
        ("A__c", {"label": "x", "type": "Text"}, "FIELD_INTEGRITY_EXCEPTION"),
        ("A__c", {"label": "x", "type": "Text", "length": 300}, "FIELD_INTEGRITY_EXCEPTION"),
        ("A__c", {"label": "x", "type": "Checkbox"}, "FIELD_INTEGRITY_EXCEPTION"),
        ("A__c", {"label": "x", "type": "LongTextArea", "length": 255, "visibleLines": 3}, "FIELD_INTEGRITY_EXCEPTION"),
        (
            "A__c",
            {"label": "x", "type": "Lookup", "referenceTo": "Nope__c", "relationshipName": "R"},
            "FIELD_INTEGRITY_EXCEPTION",
        ),
        ("A__c", {"label": "長" * 41, "type": "Date"}, "STRING_TOO_LONG"),
        ("A__c", {"label": "x", "type": "Date", "externalId": True}, "FIELD_INTEGRITY_EXCEPTION"),
        ("A__c", "x", "JSON_PARSER_ERROR"),
    ],
)
def test_a_faulty_definition_is_refused(sf: Salesforce, name: str, metadata: Any, code: str) -> None:
    _add(sf, "Twice__c", {"label": "x", "type": "Date"})
    with pytest.raises(SalesforceMalformedRequest) as caught:
        _add(sf, name, metadata)
    assert caught.value.content[0]["errorCode"] == code


def test_a_grant_needs_a_field_that_can_be_granted_and_is_given_once(sf: Salesforce, org: Org) -> None:
    with pytest.raises(SalesforceMalformedRequest, match=r"Field Name: bad value for restricted picklist field: Account\.Name"):
        _grant(sf, org, "Account.Name")
    _add(sf, "NG__c", _FLAG)
    _grant(sf, org, "Account.NG__c")
    set_id = sf.query("SELECT ParentId FROM FieldPermissions")["records"][0]["ParentId"]
    values = {"ParentId": set_id, "SobjectType": "Account", "Field": "Account.NG__c", "PermissionsRead": True}
    with pytest.raises(SalesforceMalformedRequest, match="DUPLICATE_VALUE"):
        sf.FieldPermissions.create(values)


def test_a_deleted_permission_set_takes_its_grants_along(sf: Salesforce, org: Org) -> None:
    _add(sf, "NG__c", _FLAG)
    _grant(sf, org, "Account.NG__c")
    sf.PermissionSet.delete(sf.query("SELECT Id FROM PermissionSet")["records"][0]["Id"])
    assert "NG__c" not in _names(sf)
    assert sf.query("SELECT COUNT() FROM FieldPermissions")["totalSize"] == 0


def test_tooling_queries_find_definitions(sf: Salesforce) -> None:
    _add(sf, "NG__c", _FLAG)
    _add(sf, "Reason__c", _REASON)
    text = "SELECT Id, DeveloperName FROM CustomField WHERE TableEnumOrId = 'Account' ORDER BY DeveloperName"
    rows = sf.toolingexecute(f"query?q={text.replace(' ', '+')}")["records"]
    assert [row["DeveloperName"] for row in rows] == ["NG", "Reason"]
    one = sf.restful(f"tooling/sobjects/CustomField/{rows[1]['Id']}")
    assert one["FullName"] == "Account.Reason__c"
    assert one["Metadata"] == _REASON
    with pytest.raises(SalesforceMalformedRequest, match="no more than one row"):
        sf.toolingexecute("query?q=SELECT+FullName+FROM+CustomField")


def _map_object(api: Any) -> Any:
    field = api.CustomField
    return api.CustomObject(
        fullName="Map__c",
        label="突合マップ",
        pluralLabel="突合マップ",
        nameField=field(label="No.", type="AutoNumber", displayFormat="M-{0000}"),
        deploymentStatus="Deployed",
        sharingModel="ReadWrite",
        fields=[
            field(fullName="Key__c", label="キー", type="Text", length=80, externalId=True, unique=True),
            field(fullName="Account__c", label="取引先", type="Lookup", referenceTo="Account", relationshipName="Maps"),
        ],
    )


def test_a_custom_object_comes_by_the_metadata_api(sf: Salesforce, org: Org) -> None:
    sf.mdapi.CustomObject.create(_map_object(sf.mdapi))
    _grant(sf, org, "Map__c.Key__c", "Map__c.Account__c")
    account = sf.Account.create({"Name": "甲"})["id"]
    assert sf.Map__c.upsert("Key__c/甲:musashi", {"Account__c": account}) == 201
    assert sf.Map__c.upsert("Key__c/甲:musashi", {"Account__c": account}) == 200
    row = sf.query("SELECT Name, Key__c, Account__r.Name FROM Map__c")["records"][0]
    assert (row["Name"], row["Key__c"], row["Account__r"]["Name"]) == ("M-0001", "甲:musashi", "甲")
    back = sf.mdapi.CustomObject.read("Map__c")
    assert (back.label, [each.fullName for each in back.fields]) == ("突合マップ", ["Key__c", "Account__c"])


def test_a_field_that_came_by_soap_is_told_in_json_with_numbers_and_flags(sf: Salesforce, org: Org) -> None:
    sf.mdapi.CustomObject.create(_map_object(sf.mdapi))
    query = "query/?q=SELECT+Metadata+FROM+CustomField+WHERE+DeveloperName='Key'"
    (field,) = sf.toolingexecute(query)["records"]
    assert (field["Metadata"]["length"], field["Metadata"]["externalId"]) == (80, True)


def test_a_rep_needs_a_right_to_the_object(sf: Salesforce, org: Org) -> None:
    sf.mdapi.CustomObject.create(_map_object(sf.mdapi))
    rep = connect(org, client=REP)
    with pytest.raises(SalesforceMalformedRequest, match="sObject type 'Map__c' is not supported"):
        rep.query("SELECT Id FROM Map__c")
    with pytest.raises(SalesforceResourceNotFound):
        rep.Map__c.describe()
    _grant(sf, org, "Map__c.Key__c", edit=False, client=REP, objects=("Map__c",))
    assert "Key__c" in _names(rep, "Map__c")
    assert rep.Map__c.describe()["createable"] is False
    with pytest.raises(SalesforceMalformedRequest, match="CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"):
        rep.Map__c.create({})


def test_metadata_errors_come_back_per_component(sf: Salesforce) -> None:
    api = sf.mdapi
    api.CustomObject.create(_map_object(api))
    with pytest.raises(Exception, match=r"Map__c: \(DUPLICATE_DEVELOPER_NAME"):
        api.CustomObject.create(_map_object(api))
    api.CustomObject.upsert(_map_object(api))
    with pytest.raises(Exception, match="Nope__c"):
        api.CustomObject.delete("Nope__c")
    api.CustomObject.delete("Map__c")
    assert "Map__c" not in {each["name"] for each in sf.describe()["sobjects"]}


def test_permission_sets_and_list_views_by_metadata(sf: Salesforce, org: Org) -> None:
    api = sf.mdapi
    api.CustomObject.create(_map_object(api))
    granted = api.PermissionSetFieldPermissions(editable=False, field="Map__c.Key__c", readable=True)
    api.PermissionSet.create(api.PermissionSet(fullName="Reader", label="閲覧", fieldPermissions=[granted]))
    assert api.PermissionSet.read("Reader").fieldPermissions[0].field == "Map__c.Key__c"
    assert sf.query("SELECT Field FROM FieldPermissions WHERE Parent.Name = 'Reader'")["totalSize"] == 1
    view = api.ListView(fullName="Map__c.NG", label="アプローチNG", columns=["NAME"], filterScope="Everything")
    api.ListView.upsert(view)
    assert api.ListView.read("Map__c.NG").label == "アプローチNG"
