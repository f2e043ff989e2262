"""Several calls in one, as a client sends them."""

from __future__ import annotations

from typing import Any

from simple_salesforce import Salesforce

from tests.connectors.sandbox.salesforce.conftest import Raw

_V = "/services/data/v59.0"


def _call(name: str, method: str, path: str, body: Any = None) -> dict[str, Any]:
    return {"method": method, "url": f"{_V}/{path}", "referenceId": name, **({} if body is None else {"body": body})}


def _send(raw: Raw, *calls: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    answer = raw("POST", "composite", json={"compositeRequest": list(calls), **more})
    return list(answer.json()["compositeResponse"])


def test_calls_build_on_the_answers_before_them(raw: Raw, sf: Salesforce) -> None:
    answers = _send(
        raw,
        _call("firm", "POST", "sobjects/Account", {"Name": "親会社"}),
        _call("person", "POST", "sobjects/Contact", {"LastName": "山田", "AccountId": "@{firm.id}"}),
        _call("asked", "GET", "query?q=SELECT Id, Account.Name FROM Contact WHERE Id = '@{person.id}'"),
        _call("changed", "PATCH", "sobjects/Account/@{firm.id}", {"Site": "本社"}),
    )
    assert [each["httpStatusCode"] for each in answers] == [201, 201, 200, 204]
    assert answers[2]["body"]["records"][0]["Account"]["Name"] == "親会社"
    assert sf.Account.get(answers[0]["body"]["id"])["Site"] == "本社"


def test_one_failure_takes_back_all_where_all_or_none_is_asked(raw: Raw, sf: Salesforce) -> None:
    calls = (
        _call("a", "POST", "sobjects/Account", {"Name": "会社"}),
        _call("b", "POST", "sobjects/Account", {"Nope": 1}),
        _call("c", "GET", "sobjects/Account/@{b.id}"),
    )
    codes = [each["body"][0]["errorCode"] for each in _send(raw, *calls, allOrNone=True)]
    assert codes == ["PROCESSING_HALTED", "INVALID_FIELD", "PROCESSING_HALTED"]
    assert sf.query("SELECT COUNT() FROM Account")["totalSize"] == 0
    assert [each["httpStatusCode"] for each in _send(raw, *calls)] == [201, 400, 400]
    assert sf.query("SELECT COUNT() FROM Account")["totalSize"] == 1


def test_there_are_25_calls_at_most_each_with_a_name_and_an_address(raw: Raw) -> None:
    many = [_call(f"n{at}", "GET", "limits") for at in range(26)]
    assert raw("POST", "composite", json={"compositeRequest": many}).status_code == 400
    assert raw("POST", "composite", json={"compositeRequest": [many[0], many[0]]}).status_code == 400
    assert _send(raw, _call("x", "GET", "nowhere"))[0]["httpStatusCode"] == 404
