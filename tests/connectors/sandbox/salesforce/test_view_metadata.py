"""List views, tabs and fields of activities, as the Metadata API takes and refuses them."""

from __future__ import annotations

from typing import Any

import pytest
from simple_salesforce import Salesforce

_VIEW: dict[str, Any] = {
    "fullName": "Account.Ours",
    "label": "当社の取引先",
    "filterScope": "Everything",
    "columns": ["Name", "Type"],
    "filters": [{"field": "Type", "operation": "equals", "value": "Customer"}],
}


def _create(sf: Salesforce, **changed: Any) -> None:
    api, given = sf.mdapi, {**_VIEW, **changed}
    filters = [api.ListViewFilter(**each) for each in given.pop("filters")]
    api.ListView.create([api.ListView(filters=filters, **given)])


def test_a_view_is_kept_as_it_came(sf: Salesforce) -> None:
    _create(sf)
    back = sf.mdapi.ListView.read("Account.Ours")
    assert (back.label, back.columns, back.filters[0].value) == ("当社の取引先", ["Name", "Type"], "Customer")
    with pytest.raises(Exception, match="DUPLICATE_DEVELOPER_NAME"):
        _create(sf)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"fullName": "Nothing__c.Ours"}, "INVALID_CROSS_REFERENCE_KEY"),
        ({"fullName": "Account.two__underscores"}, "INVALID_FULL_NAME"),
        ({"fullName": f"Account.{'x' * 41}"}, "INVALID_FULL_NAME"),
        ({"label": "長" * 41}, "STRING_TOO_LONG"),
        ({"columns": ["Nope__c"]}, "INVALID_FIELD"),
        ({"filters": [{"field": "Nope__c", "operation": "equals", "value": "x"}]}, "INVALID_FIELD"),
        ({"filters": [{"field": "IsDeleted", "operation": "equals", "value": "true"}]}, "INVALID_FILTER_VALUE"),
    ],
)
def test_a_faulty_view_is_refused(sf: Salesforce, changed: dict[str, Any], code: str) -> None:
    with pytest.raises(Exception, match=code):
        _create(sf, **changed)


def test_fields_of_tasks_and_events_are_those_of_activity(sf: Salesforce) -> None:
    def field(name: str) -> dict[str, Any]:
        return {"FullName": name, "Metadata": {"label": "鍵", "type": "Text", "length": 80}}

    sf.restful("tooling/sobjects/CustomField", method="POST", json=field("Activity.Key__c"))
    with pytest.raises(Exception, match="DUPLICATE_DEVELOPER_NAME"):
        sf.restful("tooling/sobjects/CustomField", method="POST", json=field("Activity.Key__c"))
    with pytest.raises(Exception, match="bad value for restricted picklist: Task"):
        sf.restful("tooling/sobjects/CustomField", method="POST", json=field("Task.Other__c"))
    set_id = sf.PermissionSet.create({"Name": "Ours", "Label": "x"})["id"]
    grant = {"ParentId": set_id, "SobjectType": "Task", "Field": "Task.Key__c", "PermissionsRead": True}
    assert sf.FieldPermissions.create(grant)["success"]
