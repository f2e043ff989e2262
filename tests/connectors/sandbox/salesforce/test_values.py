"""What values a field takes, and who may see or write it, on every way in and out."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from simple_salesforce import Salesforce
from simple_salesforce.exceptions import SalesforceMalformedRequest

from connectors.sandbox.server import Org
from tests.connectors.sandbox.salesforce.conftest import REP, Raw, connect
from tests.connectors.sandbox.salesforce.test_bulk_ingest import CSV, results, run
from tests.connectors.sandbox.salesforce.test_schema import _grant

_CHOICES = {
    "restricted": True,
    "valueSetDefinition": {"sorted": False, "value": [{"valueName": name, "label": name} for name in ("a", "b")]},
}
_FIELDS: dict[str, dict[str, Any]] = {
    "Key__c": {"type": "Text", "length": 5, "externalId": True, "unique": True},
    "Flag__c": {"type": "Checkbox", "defaultValue": "true"},
    "Day__c": {"type": "Date"},
    "Moment__c": {"type": "DateTime"},
    "Amount__c": {"type": "Number", "precision": 5, "scale": 2},
    "Choice__c": {"type": "Picklist", "valueSet": _CHOICES},
    "Choices__c": {"type": "MultiselectPicklist", "visibleLines": 3, "valueSet": _CHOICES},
    "Other__c": {"type": "Lookup", "referenceTo": "Account", "relationshipName": "Others"},
}


def define(sf: Salesforce, *names: str) -> None:
    for name in names:
        body = {"FullName": f"Account.{name}", "Metadata": {"label": name, **_FIELDS[name]}}
        sf.restful("tooling/sobjects/CustomField", method="POST", json=body)


@pytest.fixture
def fields(sf: Salesforce, org: Org) -> None:
    define(sf, *_FIELDS)
    _grant(sf, org, *(f"Account.{name}" for name in _FIELDS))


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("Key__c", "123456", "STRING_TOO_LONG"),
        ("Key__c", "taken", "DUPLICATE_VALUE"),
        ("Key__c", "TAKEN", "DUPLICATE_VALUE"),
        ("Choice__c", "c", "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"),
        ("Choices__c", "a;c", "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"),
        ("Amount__c", "1000", "NUMBER_OUTSIDE_VALID_RANGE"),
        ("NumberOfEmployees", "100000000", "NUMBER_OUTSIDE_VALID_RANGE"),
        ("Other__c", "001", "MALFORMED_ID"),
        ("Other__c", "0015g0000000zzzAAA", "INVALID_CROSS_REFERENCE_KEY"),
    ],
)
@pytest.mark.usefixtures("fields")
def test_a_value_that_does_not_fit_fails_its_row(sf: Salesforce, raw: Raw, name: str, value: str, code: str) -> None:
    sf.Account.create({"Name": "y", "Key__c": "taken"})
    with pytest.raises(SalesforceMalformedRequest) as caught:
        sf.Account.create({"Name": "x", name: value})
    assert caught.value.content[0]["errorCode"] == code
    rows = [{"attributes": {"type": "Account"}, "Name": "x", **more} for more in ({name: value}, {})]
    told = raw("POST", "composite/sobjects", json={"records": rows}).json()
    assert [each["success"] for each in told] == [False, True]
    assert told[0]["errors"][0]["statusCode"] == code
    job = run(raw, f"Name,{name}\nx,{value}\ny,\n")
    assert job["numberRecordsFailed"] == 1
    assert results(raw, job, "failedResults")[0]["sf__Error"].startswith(f"{code}:")


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("Flag__c", "maybe", "boolean"),
        ("Day__c", "2026/01/31", "date"),
        ("Moment__c", "2026-01-31 00:00:00", "datetime"),
        ("Amount__c", "1,5", "double"),
        ("NumberOfEmployees", "many", "int"),
    ],
)
@pytest.mark.usefixtures("fields")
def test_a_value_of_another_type_fails_its_row_in_csv_and_the_call_in_json(
    sf: Salesforce, raw: Raw, name: str, value: str, kind: str
) -> None:
    told = f"Cannot deserialize instance of {kind} from VALUE_STRING value {value} or request may be missing a required field"
    parser = [{"message": told, "errorCode": "JSON_PARSER_ERROR"}]
    one = raw("POST", "sobjects/Account", json={"Name": "x", name: value})
    assert (one.status_code, one.json()) == (400, parser)
    rows = [{"attributes": {"type": "Account"}, "Name": "x", **more} for more in ({}, {name: value})]
    many = raw("POST", "composite/sobjects", json={"records": rows})
    assert (many.status_code, many.json()) == (400, parser)
    assert sf.query("SELECT COUNT() FROM Account")["totalSize"] == 0
    job = run(raw, f'Name,{name}\nx,"{value}"\ny,\n')
    (failed,) = results(raw, job, "failedResults")
    label = "Number Of Employees" if kind == "int" else name
    assert failed["sf__Error"] == f"INVALID_TYPE_ON_FIELD_IN_RECORD:{label}: value not of required type: {value}:{name} --"


def test_an_object_is_no_text(raw: Raw) -> None:
    answer = raw("POST", "sobjects/Account", json={"Name": {"ja": "x"}}).json()[0]
    assert answer["errorCode"] == "JSON_PARSER_ERROR"
    assert "instance of string from START_OBJECT" in answer["message"]


def test_a_standard_picklist_that_is_restricted_takes_only_its_values(sf: Salesforce) -> None:
    set_id = sf.PermissionSet.create({"Name": "Tabs", "Label": "Tabs"})["id"]
    with pytest.raises(SalesforceMalformedRequest, match="INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"):
        sf.PermissionSetTabSetting.create({"ParentId": set_id, "Name": "standard-Account", "Visibility": "Hidden"})
    assert sf.PermissionSetTabSetting.create({"ParentId": set_id, "Name": "standard-Account", "Visibility": "DefaultOn"})[
        "success"
    ]


def test_a_required_custom_field_is_open_to_all_and_cannot_be_left_out_or_cleared(sf: Salesforce, raw: Raw) -> None:
    body = {"FullName": "Account.Must__c", "Metadata": {"label": "必須", "type": "Text", "length": 9, "required": True}}
    old = sf.Account.create({"Name": "古い"})["id"]
    sf.restful("tooling/sobjects/CustomField", method="POST", json=body)
    with pytest.raises(SalesforceMalformedRequest, match=r"Required fields are missing: \[Must__c\]"):
        sf.Account.create({"Name": "x"})
    id = sf.Account.create({"Name": "x", "Must__c": "1"})["id"]
    with pytest.raises(SalesforceMalformedRequest, match="REQUIRED_FIELD_MISSING"):
        sf.Account.update(id, {"Must__c": None})
    job = run(raw, f"Id,Must__c\n{id},#N/A\n", operation="update")
    assert results(raw, job, "failedResults")[0]["sf__Error"].startswith("REQUIRED_FIELD_MISSING:")
    assert sf.Account.get(old)["Must__c"] is None


def test_a_new_checkbox_has_its_default_in_records_old_and_new_whoever_makes_them(sf: Salesforce, org: Org) -> None:
    old = sf.Account.create({"Name": "古い"})["id"]
    stamp = sf.Account.get(old)["SystemModstamp"]
    define(sf, "Flag__c")
    new = connect(org, REP).Account.create({"Name": "新しい"})["id"]
    _grant(sf, org, "Account.Flag__c")
    assert [sf.Account.get(id)["Flag__c"] for id in (old, new)] == [True, True]
    assert sf.query("SELECT COUNT() FROM Account WHERE Flag__c = true")["totalSize"] == 2
    assert sf.Account.get(old)["SystemModstamp"] == stamp


@pytest.mark.usefixtures("fields")
def test_a_field_without_permission_is_not_there_on_any_way(sf: Salesforce, org: Org) -> None:
    id = sf.Account.create({"Name": "x", "Key__c": "k", "Day__c": "2026-01-31"})["id"]
    rep = connect(org, REP)
    raw = Raw(org, rep.session_id)
    assert not {each["name"] for each in rep.Account.describe()["fields"]} & _FIELDS.keys()
    assert not rep.Account.get(id).keys() & _FIELDS.keys()
    fails = [
        raw("GET", "query", params={"q": "SELECT Day__c FROM Account"}),
        raw("GET", "query", params={"q": "SELECT Id FROM Account WHERE Day__c != NULL"}),
        raw("GET", "query", params={"q": "SELECT Id FROM Account ORDER BY Day__c"}),
        raw("POST", "jobs/query", json={"operation": "query", "query": "SELECT Day__c FROM Account"}),
        raw("GET", f"sobjects/Account/{id}", params={"fields": "Day__c"}),
        raw("GET", f"composite/sobjects/Account?ids={id}&fields=Day__c"),
        raw("POST", "sobjects/Account", json={"Name": "x", "Day__c": None}),
        raw("PATCH", f"sobjects/Account/{id}", json={"Day__c": None}),
    ]
    assert [each.status_code for each in fails] == [400] * len(fails)
    assert {each.json()[0]["errorCode"] for each in fails} == {"INVALID_FIELD"}
    assert raw("PATCH", "sobjects/Account/Key__c/k", json={"Name": "y"}).status_code == 404
    assert (
        raw("POST", "jobs/ingest", json={"object": "Account", "operation": "upsert", "externalIdFieldName": "Key__c"}).json()[0][
            "errorCode"
        ]
        == "INVALIDJOB"
    )
    (told,) = raw(
        "PATCH", "composite/sobjects", json={"records": [{"attributes": {"type": "Account"}, "Id": id, "Day__c": None}]}
    ).json()
    assert told["errors"][0]["statusCode"] == "INVALID_FIELD"
    job = run(raw, f"Id,Day__c\n{id},#N/A\n", operation="update")
    assert (job["state"], "Day__c" in job["errorMessage"]) == ("Failed", True)
    assert sf.Account.get(id)["Day__c"] == "2026-01-31"


def test_who_may_only_read_a_field_writes_it_on_no_way(sf: Salesforce, org: Org) -> None:
    define(sf, "Day__c")
    _grant(sf, org, "Account.Day__c")
    _grant(sf, org, "Account.Day__c", edit=False, client=REP)
    id = sf.Account.create({"Name": "x", "Day__c": "2026-01-31"})["id"]
    raw = Raw(org, connect(org, REP).session_id)
    assert raw("GET", f"sobjects/Account/{id}").json()["Day__c"] == "2026-01-31"
    query = raw("POST", "jobs/query", json={"operation": "query", "query": "SELECT Day__c FROM Account"}).json()["id"]
    raw("GET", f"jobs/query/{query}")
    pages = raw("GET", f"jobs/query/{query}/results").content.decode()
    assert [row["Day__c"] for row in csv.DictReader(io.StringIO(pages))] == ["2026-01-31"]
    assert (
        raw("PATCH", f"sobjects/Account/{id}", json={"Day__c": None}).json()[0]["errorCode"] == "INVALID_FIELD_FOR_INSERT_UPDATE"
    )
    row = {"attributes": {"type": "Account"}, "Id": id, "Day__c": None}
    assert raw("PATCH", "composite/sobjects", json={"records": [row]}).json()[0]["errors"][0]["fields"] == ["Day__c"]
    job = raw("POST", "jobs/ingest", json={"object": "Account", "operation": "update"}).json()["id"]
    raw("PUT", f"jobs/ingest/{job}/batches", data=f"Id,Day__c\n{id},#N/A\n", headers=CSV)
    raw("PATCH", f"jobs/ingest/{job}", json={"state": "UploadComplete"})
    (failed,) = results(raw, raw("GET", f"jobs/ingest/{job}").json(), "failedResults")
    assert failed["sf__Error"].startswith("INVALID_FIELD_FOR_INSERT_UPDATE:")
    assert sf.Account.get(id)["Day__c"] == "2026-01-31"
