"""Validation rules: defined by Tooling, the Metadata API or a world, asked on every way to save a record."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from simple_salesforce import Salesforce
from simple_salesforce.exceptions import SalesforceMalformedRequest

from connectors.sandbox.server import SandboxError, SandboxServer
from tests.connectors.sandbox.salesforce.conftest import REP, Raw, connect
from tests.connectors.sandbox.salesforce.test_bulk_ingest import results, run

_MESSAGE = "Web取引先には電話番号が必要です。"


def rule(sf: Salesforce, name: str, formula: str, message: str = _MESSAGE, field: str = "", active: bool = True) -> str:
    """Define ``Account.<name>``; its id."""
    metadata = {"active": active, "errorConditionFormula": formula, "errorMessage": message}
    metadata |= {"errorDisplayField": field} if field else {}
    body = {"FullName": f"Account.{name}", "Metadata": metadata}
    return str(sf.restful("tooling/sobjects/ValidationRule", method="POST", json=body)["id"])


def refused(sf: Salesforce, **values: Any) -> list[dict[str, Any]]:
    """The errors with which an account of these values is refused."""
    with pytest.raises(SalesforceMalformedRequest) as caught:
        sf.Account.create({"Name": "x", **values})
    return list(caught.value.content)


def test_a_rule_refuses_on_every_way_to_save(sf: Salesforce, raw: Raw) -> None:
    rule(sf, "Web_Needs_Phone", 'AND(ISPICKVAL(AccountSource, "Web"), ISBLANK(Phone))', field="Phone")
    error = {"message": _MESSAGE, "errorCode": "FIELD_CUSTOM_VALIDATION_EXCEPTION", "fields": ["Phone"]}
    assert refused(sf, AccountSource="Web") == [error]
    id = sf.Account.create({"Name": "x", "AccountSource": "Web", "Phone": "03"})["id"]
    with pytest.raises(SalesforceMalformedRequest, match="FIELD_CUSTOM_VALIDATION_EXCEPTION"):
        sf.Account.update(id, {"Phone": None})
    row = {"attributes": {"type": "Account"}, "Id": id, "Phone": None}
    (told,) = raw("PATCH", "composite/sobjects", json={"records": [row]}).json()
    assert told["errors"] == [
        {"statusCode": "FIELD_CUSTOM_VALIDATION_EXCEPTION", "message": _MESSAGE, "fields": ["Phone"]},
    ]
    job = run(raw, f"Id,Phone,Fax\n{id},#N/A,1\n", operation="update")
    (line,) = results(raw, job, "failedResults")
    assert line["sf__Error"] == f"FIELD_CUSTOM_VALIDATION_EXCEPTION:{_MESSAGE}:Phone --"
    assert sf.Account.get(id)["Fax"] is None


def test_all_rules_that_strike_are_told_and_rules_can_rest(sf: Salesforce) -> None:
    rule(sf, "First", "ISNEW()", "一")
    rule(sf, "Second", "LEN(Name) < 3", "二", field="Name")
    resting = rule(sf, "Third", "TRUE", "三", active=False)
    assert [error["message"] for error in refused(sf)] == ["一", "二"]
    sf.restful(
        f"tooling/sobjects/ValidationRule/{resting}",
        method="PATCH",
        json={"Metadata": {"active": True, "errorConditionFormula": "TRUE", "errorMessage": "四"}},
    )
    assert [error["message"] for error in refused(sf)] == ["一", "二", "四"]
    sf.restful(f"tooling/sobjects/ValidationRule/{resting}", method="DELETE")
    assert [error["message"] for error in refused(sf)] == ["一", "二"]


def test_a_rule_knows_what_was_there_before_and_who_asks(sf: Salesforce, raw: Raw) -> None:
    me = sf.restful("query", params={"q": "SELECT Id FROM User WHERE LastName = 'sandbox-admin'"})["records"][0]["Id"]
    rule(sf, "Only_Admin_Renames", f'NOT(ISNEW()) && ISCHANGED(Name) && $User.Id <> "{me[:15]}"')
    rule(sf, "Never_Shrinks", "NumberOfEmployees < PRIORVALUE(NumberOfEmployees)", "減りました")
    id = sf.Account.create({"Name": "甲", "NumberOfEmployees": 10})["id"]
    sf.Account.update(id, {"Name": "乙"})
    rep = connect(raw.org, client=REP)
    rep.Account.update(id, {"Name": "乙", "Phone": "03"})
    with pytest.raises(SalesforceMalformedRequest, match="Web取引先"):
        rep.Account.update(id, {"Name": "丙"})
    with pytest.raises(SalesforceMalformedRequest, match="減りました"):
        sf.Account.update(id, {"NumberOfEmployees": 9})
    sf.Account.update(id, {"NumberOfEmployees": None})


@pytest.mark.parametrize(
    ("formula", "values", "strikes"),
    [
        ('NOT(REGEX(AccountNumber, "\\\\d{13}"))', {"AccountNumber": "1234567890123"}, False),
        ('NOT(REGEX(AccountNumber, "\\\\d{13}"))', {"AccountNumber": "12345"}, True),
        ("AnnualRevenue / 1000 + 2 * 3 > 6.5", {"AnnualRevenue": 501}, True),
        ("AnnualRevenue > 0", {}, False),
        ("AnnualRevenue - 1 < 0 || ISBLANK(AnnualRevenue)", {}, True),
        ('Phone & "-" & Fax = "1-2"', {"Phone": "1", "Fax": "2"}, True),
        ('CONTAINS(Name, "株式") /* 会社 */ && BEGINS(Website, "http:")', {"Name": "株式会社", "Website": "http://a"}, True),
        ('CASE(Rating, "Hot", 1, "Warm", 2, 0) = 2', {"Rating": "Warm"}, True),
        ('TEXT(Rating) = "Cold"', {"Rating": "Hot"}, False),
        ("IF(ISBLANK(Site), 1 / 0 > 0, FALSE)", {"Site": "x"}, False),
        ('$User.Alias = "" && DATEVALUE(CreatedDate) >= TODAY() - 1', {}, True),
        ("YEAR(DATE(2026, 2, 1) - 32) = 2025", {}, True),
        ('Owner.LastName = "sandbox-admin"', {}, True),
        ('Parent.Name = ""', {}, True),
    ],
)
def test_formulas(sf: Salesforce, formula: str, values: dict[str, Any], strikes: bool) -> None:
    rule(sf, "Rule", formula)
    if strikes:
        assert refused(sf, **values)[0]["errorCode"] == "FIELD_CUSTOM_VALIDATION_EXCEPTION"
    else:
        assert sf.Account.create({"Name": "x", **values})["success"]


@pytest.mark.parametrize(
    ("formula", "told"),
    [
        ("AND(ISBLANK(Phone)", "Missing ')'"),
        ("Phone = = 1", "Syntax error. Found '='"),
        ("Phone # 1", "Syntax error. Found '#'"),
        ("Nope__c = 1", "Field Nope__c does not exist. Check spelling."),
        ("Parent.Nope = 1", "Field Parent.Nope does not exist. Check spelling."),
        ("NOPE(Phone)", "Unknown function NOPE. Check spelling."),
        ('Rating = "Hot"', "Field Rating is a picklist field"),
        ("LEN(NumberOfEmployees) > 1", "Incorrect parameter type for function 'LEN()'. Expected Text, received Number"),
        ("Phone > 1", "Incorrect parameter type for operator '>'. Expected Text, received Number"),
        ("LEN(Phone, Phone) > 1", "Incorrect number of parameters for function 'LEN()'. Expected 1, received 2"),
        ("Phone", "Formula result is data type (Text), incompatible with expected data type (true or false)."),
        ("ISCHANGED(Parent.Name)", "Expected a field of the record"),
    ],
)
def test_a_formula_that_cannot_be_is_refused_when_it_is_saved(sf: Salesforce, formula: str, told: str) -> None:
    with pytest.raises(SalesforceMalformedRequest) as caught:
        rule(sf, "Rule", formula)
    (error,) = caught.value.content
    assert error["errorCode"] == "FIELD_INTEGRITY_EXCEPTION"
    assert told in error["message"]


def test_a_formula_that_breaks_on_a_record_refuses_the_record(sf: Salesforce) -> None:
    rule(sf, "Divides", "1 / NumberOfEmployees > 1")
    assert sf.Account.create({"Name": "x"})["success"]
    assert refused(sf, NumberOfEmployees=0)[0]["message"].startswith('Validation formula "Divides" Invalid (')


def test_tooling_tells_of_rules(sf: Salesforce, raw: Raw) -> None:
    id = rule(sf, "Rule", "ISBLANK(Phone)", field="Phone")
    text = "SELECT Id, ValidationName, Active, ErrorDisplayField FROM ValidationRule WHERE EntityDefinitionId = 'Account'"
    (row,) = sf.toolingexecute(f"query?q={text.replace(' ', '+')}")["records"]
    assert (row["Id"], row["ValidationName"], row["Active"], row["ErrorDisplayField"]) == (id, "Rule", True, "Phone")
    one = sf.restful(f"tooling/sobjects/ValidationRule/{id}")
    assert (one["FullName"], one["Metadata"]["errorConditionFormula"]) == ("Account.Rule", "ISBLANK(Phone)")
    with pytest.raises(SalesforceMalformedRequest, match="DUPLICATE_DEVELOPER_NAME"):
        rule(sf, "Rule", "TRUE")
    rep = connect(raw.org, client=REP)
    with pytest.raises(Exception, match="INSUFFICIENT_ACCESS"):
        rule(rep, "Other", "TRUE")


def test_rules_come_by_the_metadata_api_with_their_object_or_alone(sf: Salesforce) -> None:
    api = sf.mdapi
    needed = {"active": True, "errorConditionFormula": "ISBLANK(Memo__c)", "errorMessage": "メモがありません"}
    api.CustomObject.create(
        api.CustomObject(
            fullName="Visit__c",
            label="訪問",
            pluralLabel="訪問",
            nameField=api.CustomField(label="名前", type="Text"),
            deploymentStatus="Deployed",
            sharingModel="ReadWrite",
            fields=[api.CustomField(fullName="Memo__c", label="メモ", type="Text", length=20, required=True)],
            validationRules=[
                api.ValidationRule(fullName="Memo_Needed", **needed | {"errorConditionFormula": "LEN(Memo__c) < 2"})
            ],
        )
    )
    with pytest.raises(SalesforceMalformedRequest, match="メモがありません"):
        sf.Visit__c.create({"Memo__c": "短"})
    assert api.CustomObject.read("Visit__c").validationRules[0].fullName == "Memo_Needed"
    api.ValidationRule.update(
        api.ValidationRule(fullName="Visit__c.Memo_Needed", **needed | {"errorConditionFormula": "FALSE"}),
    )
    assert sf.Visit__c.create({"Memo__c": "短"})["success"]
    api.ValidationRule.create(api.ValidationRule(fullName="Account.No_Fax", **needed | {"errorConditionFormula": "Fax <> NULL"}))
    assert refused(sf, Fax="1")[0]["message"] == "メモがありません"
    assert api.ValidationRule.read("Account.No_Fax").errorMessage == "メモがありません"
    api.ValidationRule.delete("Account.No_Fax")
    assert sf.Account.create({"Name": "x", "Fax": "1"})["success"]


def _world(home: Path, formula: str) -> Path:
    org = home / "world" / "orgs" / "acme"
    org.mkdir(parents=True)
    (home / "world" / "world.json").write_text(json.dumps({"orgs": [{"name": "acme", "crm": "salesforce"}]}))
    rules = {"Account": [{"name": "Phone_Needed", "formula": formula, "message": "電話番号は必須です", "field": "Phone"}]}
    (org / "schema.json").write_text(json.dumps({"validation_rules": rules}))
    return home / "world"


def test_a_world_brings_rules_along(tmp_path: Path) -> None:
    with SandboxServer(tmp_path / "home", _world(tmp_path, "ISBLANK(Phone)")) as running:
        assert refused(connect(running.orgs["acme"]))[0]["fields"] == ["Phone"]


def test_a_world_with_a_faulty_rule_is_told_of_it(tmp_path: Path) -> None:
    with pytest.raises(SandboxError, match=r"schema.json: validation rule Account.Phone_Needed: Field Nope does not exist"):
        SandboxServer(tmp_path / "home", _world(tmp_path, "ISBLANK(Nope)"))
