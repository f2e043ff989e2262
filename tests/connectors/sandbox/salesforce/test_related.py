"""Trees, batches and relationships, and what an org tells of itself."""

from __future__ import annotations

from typing import Any

from tests.connectors.sandbox.salesforce.conftest import Raw


def _row(name: str, type: str, **values: Any) -> dict[str, Any]:
    return {"attributes": {"type": type, "referenceId": name}, **values}


def _tree(raw: Raw, *people: dict[str, Any]) -> Any:
    records = [_row("firm", "Account", Name="青空商事", Contacts={"records": list(people)})]
    return raw("POST", "composite/tree/Account", json={"records": records})


def test_a_tree_makes_parents_and_children(raw: Raw, sf: Any) -> None:
    answer = _tree(raw, _row("a", "Contact", LastName="山田"), _row("b", "Contact", LastName="佐藤"))
    assert (answer.status_code, answer.json()["hasErrors"]) == (201, False)
    made = {each["referenceId"]: each["id"] for each in answer.json()["results"]}
    assert sf.Contact.get(made["b"])["AccountId"] == made["firm"]


def test_a_tree_with_a_fault_makes_nothing(raw: Raw, sf: Any) -> None:
    answer = _tree(raw, _row("a", "Contact", LastName="山田"), _row("b", "Contact", FirstName="太郎"))
    assert (answer.status_code, answer.json()["hasErrors"]) == (400, True)
    (wrong,) = answer.json()["results"]
    assert (wrong["referenceId"], wrong["errors"][0]["statusCode"]) == ("b", "REQUIRED_FIELD_MISSING")
    assert sf.query("SELECT COUNT() FROM Account WHERE Name = '青空商事'")["totalSize"] == 0


def test_a_record_is_followed_up_and_down(raw: Raw) -> None:
    made = {each["referenceId"]: each["id"] for each in _tree(raw, _row("a", "Contact", LastName="山田")).json()["results"]}
    below = raw("GET", f"sobjects/Account/{made['firm']}/Contacts?fields=Id,LastName").json()
    assert (below["totalSize"], below["records"][0]["LastName"]) == (1, "山田")
    assert raw("GET", f"sobjects/Contact/{made['a']}/Account").json()["Name"] == "青空商事"
    assert raw("GET", f"sobjects/Contact/{made['a']}/ReportsTo").status_code == 404
    assert raw("GET", f"sobjects/Account/{made['firm']}/Nothing").json()[0]["errorCode"] == "NOT_FOUND"


def test_calls_of_a_batch_stand_alone(raw: Raw) -> None:
    calls = [
        {"method": "POST", "url": "v59.0/sobjects/Account", "richInput": {"Name": "青空商事"}},
        {"method": "GET", "url": "v59.0/sobjects/Nope/describe"},
        {"method": "GET", "url": "v59.0/query?q=SELECT COUNT() FROM Account WHERE Name = '青空商事'"},
    ]
    answer = raw("POST", "composite/batch", json={"batchRequests": calls}).json()
    assert answer["hasErrors"]
    assert [each["statusCode"] for each in answer["results"]] == [201, 404, 200]
    assert answer["results"][2]["result"]["totalSize"] == 1
    halted = raw("POST", "composite/batch", json={"batchRequests": calls[1:], "haltOnError": True}).json()
    assert [each["statusCode"] for each in halted["results"]] == [404, 412]


def test_what_an_org_tells_of_itself(raw: Raw, sf: Any) -> None:
    sf.Account.create({"Name": "青空商事"})
    counts = raw("GET", "limits/recordCount?sObjects=Account,Contact").json()["sObjects"]
    assert {each["name"]: each["count"] for each in counts}["Account"] == sf.query("SELECT COUNT() FROM Account")["totalSize"]
    told = sf.limits()
    assert told["DailyApiRequests"]["Remaining"] < told["DailyApiRequests"]["Max"]
    assert told["DailyBulkV2QueryJobs"]["Max"] == 10_000
    links = {each["relationshipName"]: each for each in sf.Account.describe()["childRelationships"]}
    assert (links["Contacts"]["childSObject"], links["Contacts"]["field"]) == ("Contact", "AccountId")
    assert raw("HEAD", "sobjects/Account/describe").status_code == 200
    assert raw("GET", "recent").json() == []


def test_a_body_that_is_no_json_is_refused_by_its_type(raw: Raw) -> None:
    answer = raw("POST", "sobjects/Account", data=b"Name=x", headers={"Content-Type": "text/plain"})
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (415, "UNSUPPORTED_MEDIA_TYPE")
