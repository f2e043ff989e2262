"""Up to 200 rows a call: partial success, all or none, upsert by external id."""

from __future__ import annotations

from typing import Any

import pytest
from simple_salesforce import Salesforce

from connectors.sandbox.server import Org
from tests.connectors.sandbox.salesforce.conftest import Raw


@pytest.fixture
def key(org: Org, sf: Salesforce) -> str:
    """An external id on Account that everybody who is asked here sees."""
    metadata = {"label": "Key", "type": "Text", "length": 40, "externalId": True, "unique": True, "required": True}
    sf.restful("tooling/sobjects/CustomField", method="POST", json={"FullName": "Account.Key__c", "Metadata": metadata})
    return "Key__c"


def _rows(*names: str | None, **more: Any) -> dict[str, Any]:
    return {"records": [{"attributes": {"type": "Account"}, "Name": name, **more} for name in names]}


def test_a_faulty_row_does_not_harm_the_others(raw: Raw, sf: Salesforce) -> None:
    answer = raw("POST", "composite/sobjects", json=_rows("甲", None, "乙"))
    assert answer.status_code == 200
    results = answer.json()
    assert [row["success"] for row in results] == [True, False, True]
    assert results[1]["errors"] == [
        {"statusCode": "REQUIRED_FIELD_MISSING", "message": "Required fields are missing: [Name]", "fields": ["Name"]}
    ]
    assert sf.query("SELECT COUNT() FROM Account")["totalSize"] == 2


def test_all_or_none_rolls_back(raw: Raw, sf: Salesforce) -> None:
    results = raw("POST", "composite/sobjects", json={"allOrNone": True, **_rows("甲", None)}).json()
    assert results[0]["errors"][0]["statusCode"] == "ALL_OR_NONE_OPERATION_ROLLED_BACK"
    assert results[1]["errors"][0]["statusCode"] == "REQUIRED_FIELD_MISSING"
    assert sf.query("SELECT COUNT() FROM Account")["totalSize"] == 0


def test_more_than_200_rows_are_refused(raw: Raw) -> None:
    answer = raw("POST", "composite/sobjects", json=_rows(*["x"] * 201))
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "EXCEEDED_ID_LIMIT")


def test_update_and_delete_by_id(raw: Raw, sf: Salesforce) -> None:
    ids = [row["id"] for row in raw("POST", "composite/sobjects", json=_rows("甲", "乙", "丙")).json()]
    body = {"records": [{"attributes": {"type": "Account"}, "id": id, "Phone": "03-0000-0000"} for id in ids]}
    assert all(row["success"] for row in raw("PATCH", "composite/sobjects", json=body).json())
    assert sf.query("SELECT COUNT() FROM Account WHERE Phone = '03-0000-0000'")["totalSize"] == 3
    deleted = raw("DELETE", f"composite/sobjects?ids={ids[0]},{ids[0]}&allOrNone=false").json()
    assert [row["success"] for row in deleted] == [True, False]
    assert deleted[1]["errors"][0]["statusCode"] == "ENTITY_IS_DELETED"


def test_a_locked_row_fails_alone(raw: Raw) -> None:
    ids = [row["id"] for row in raw("POST", "composite/sobjects", json=_rows("甲", "乙")).json()]
    raw.fault(kind="row_lock", count=1, match=ids[1])
    body = {"records": [{"attributes": {"type": "Account"}, "Id": id, "Phone": "1"} for id in ids]}
    results = raw("PATCH", "composite/sobjects", json=body).json()
    assert [row["success"] for row in results] == [True, False]
    assert results[1]["errors"][0]["statusCode"] == "UNABLE_TO_LOCK_ROW"


def test_upsert_creates_then_updates(raw: Raw, sf: Salesforce, key: str) -> None:
    body = {"records": [{"attributes": {"type": "Account"}, key: "a-1", "Name": "甲"}]}
    first, second = (raw("PATCH", f"composite/sobjects/Account/{key}", json=body).json()[0] for _ in range(2))
    assert (first["created"], second["created"], first["id"] == second["id"]) == (True, False, True)
    twice = {"records": body["records"] * 2}
    results = raw("PATCH", f"composite/sobjects/Account/{key}", json=twice).json()
    assert {row["errors"][0]["statusCode"] for row in results} == {"DUPLICATE_VALUE"}
    assert raw("PATCH", "composite/sobjects/Account/Name", json=body).status_code == 404


def test_upsert_of_one_record_by_external_id(org: Org, raw: Raw, key: str) -> None:
    address = f"sobjects/Account/{key}/株式会社/甲"  # an external id may hold a slash
    created = raw("PATCH", address, json={"Name": "甲"})
    assert (created.status_code, created.json()["created"]) == (201, True)
    assert raw("PATCH", address, json={"Name": "甲乙"}).json()["created"] is False
    assert raw("GET", address).json()["Name"] == "甲乙"
    assert raw("GET", f"sobjects/Account/{key}/nobody").status_code == 404
    duplicate = raw("POST", "sobjects/Account", json={"Name": "丙", key: "株式会社/甲"})
    assert duplicate.json()[0]["errorCode"] == "DUPLICATE_VALUE"


def test_an_external_id_on_two_records_is_a_300(org: Org, raw: Raw, key: str) -> None:
    for number in (1, 2):
        id = f"00100000000000{number}AAA"
        stamp = "2026-01-01T00:00:00.000+0000"
        org.store.put("Account", id, {"Id": id, "Name": "双子", key: "twin", "SystemModstamp": stamp}, stamp)
    answer = raw("PATCH", f"sobjects/Account/{key}/twin", json={"Name": "x"})
    assert (answer.status_code, len(answer.json())) == (300, 2)


def test_records_are_read_by_id_in_the_order_asked(raw: Raw) -> None:
    ids = [row["id"] for row in raw("POST", "composite/sobjects", json=_rows("甲", "乙")).json()]
    asked = [ids[1], "001000000000999AAA", ids[0][:15]]
    rows = raw("POST", "composite/sobjects/Account", json={"ids": asked, "fields": ["Name"]}).json()
    assert [row and row["Name"] for row in rows] == ["乙", None, "甲"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("composite/sobjects", {"records": [{"attributes": "x"}]}),
        ("composite/sobjects", {"records": [{"attributes": {"type": 5}}]}),
        ("composite/sobjects/Account", {"ids": [5], "fields": ["Id"]}),
        ("composite/sobjects/Account", {"ids": "x", "fields": 5}),
    ],
)
def test_a_body_in_a_shape_that_nobody_foresaw_is_answered_as_any_error(raw: Raw, path: str, body: Any) -> None:
    answer = raw("POST", path, json=body)
    assert answer.status_code in (200, 400, 404, 500)
    assert answer.headers["Content-Type"].startswith("application/json")
    assert "Sforce-Limit-Info" in answer.headers
