"""Aggregates, child subqueries and FIELDS(), as any client may ask for them."""

from __future__ import annotations

from typing import Any

import pytest
from simple_salesforce.exceptions import SalesforceMalformedRequest

from tests.connectors.sandbox.salesforce.conftest import Raw

_RESULT = {"attributes": {"type": "AggregateResult"}}


@pytest.fixture
def firms(sf: Any) -> dict[str, str]:
    """Three accounts with their contacts: name -> id."""
    made = {}
    for name, industry, revenue, people in (
        ("青空商事", "Retail", 100, ["山田", "佐藤", "鈴木"]),
        ("赤羽電機", "Retail", 300, ["高橋"]),
        ("白川", None, None, []),
    ):
        made[name] = sf.Account.create({"Name": name, "Industry": industry, "AnnualRevenue": revenue})["id"]
        for person in people:
            sf.Contact.create({"LastName": person, "AccountId": made[name]})
    return made


def _asked(sf: Any, text: str) -> list[dict[str, Any]]:
    return [dict(each) for each in sf.query(text)["records"]]


def test_functions_over_all_rows_come_as_one_result(sf: Any, firms: dict[str, str]) -> None:
    answer = sf.query(
        "SELECT COUNT(Id), COUNT(Industry) known, COUNT_DISTINCT(Industry), MIN(AnnualRevenue), MAX(Name), "
        "SUM(AnnualRevenue) total, AVG(AnnualRevenue) FROM Account"
    )
    assert (answer["totalSize"], answer["done"]) == (1, True)
    values = {"expr0": 3, "known": 2, "expr1": 1, "expr2": 100, "expr3": "青空商事", "total": 400, "expr4": 200.0}
    assert dict(answer["records"][0]) == {**_RESULT, **values}


def test_groups_with_having_and_order(sf: Any, firms: dict[str, str]) -> None:
    rows = _asked(sf, "SELECT Industry, COUNT(Id) n FROM Account GROUP BY Industry ORDER BY COUNT(Id) DESC, Industry")
    assert rows == [_RESULT | {"Industry": "Retail", "n": 2}, _RESULT | {"Industry": None, "n": 1}]
    rows = _asked(sf, "SELECT Account.Name firm, COUNT(Id) FROM Contact GROUP BY Account.Name HAVING COUNT(Id) > 1 LIMIT 5")
    assert rows == [_RESULT | {"firm": "青空商事", "expr0": 3}]
    assert _asked(sf, "SELECT Industry FROM Account WHERE Name = 'nobody' GROUP BY Industry") == []
    twice = "SELECT Name, COUNT(Id) n FROM Account GROUP BY Name HAVING COUNT(Id) > 1 AND Name LIKE '青%'"
    assert _asked(sf, twice) == []


def test_functions_of_dates(sf: Any, firms: dict[str, str]) -> None:
    created: str = sf.Account.get(firms["白川"])["CreatedDate"]
    year, month = int(created[:4]), int(created[5:7])
    rows = _asked(
        sf,
        f"SELECT CALENDAR_YEAR(CreatedDate), CALENDAR_MONTH(CreatedDate) m, COUNT(Id) FROM Account "
        f"WHERE CALENDAR_YEAR(CreatedDate) = {year} GROUP BY CALENDAR_YEAR(CreatedDate), CALENDAR_MONTH(CreatedDate)",
    )
    assert rows == [_RESULT | {"expr0": year, "m": month, "expr1": 3}]
    assert sf.query(f"SELECT COUNT() FROM Account WHERE DAY_ONLY(CreatedDate) = {created[:10]}")["totalSize"] == 3


def test_children_come_inside_their_parent(sf: Any, firms: dict[str, str]) -> None:
    rows = sf.query(
        "SELECT Name, (SELECT LastName, Account.Name FROM Contacts WHERE LastName != '鈴木' ORDER BY LastName LIMIT 5), "
        "(SELECT Id FROM Opportunities) FROM Account ORDER BY Name"
    )["records"]
    found = {each["Name"]: each["Contacts"] for each in rows}
    assert found["白川"] is None
    assert (found["青空商事"]["totalSize"], found["青空商事"]["done"]) == (2, True)
    assert [each["LastName"] for each in found["青空商事"]["records"]] == ["佐藤", "山田"]
    assert found["赤羽電機"]["records"][0]["attributes"]["type"] == "Contact"
    assert found["赤羽電機"]["records"][0]["Account"]["Name"] == "赤羽電機"
    assert {each["Opportunities"] for each in rows} == {None}
    alone = sf.query("SELECT (SELECT Id FROM Contacts LIMIT 1) FROM Account WHERE Name = '青空商事'")["records"]
    assert [len(each["Contacts"]["records"]) for each in alone] == [1]


def test_fields_by_kind(sf: Any, firms: dict[str, str]) -> None:
    described = {each["name"] for each in sf.Account.describe()["fields"]}
    (row,) = sf.query("SELECT FIELDS(ALL) FROM Account WHERE Name = '白川' LIMIT 200")["records"]
    assert set(row) - {"attributes"} == described
    (row,) = sf.query("SELECT FIELDS(STANDARD), Owner.Name FROM Account WHERE Name = '白川'")["records"]
    assert "Owner" in row


@pytest.mark.parametrize(
    "clause", ["FOR VIEW", "FOR REFERENCE", "FOR VIEW FOR REFERENCE", "WITH SECURITY_ENFORCED", "WITH USER_MODE ORDER BY Name"]
)
def test_clauses_that_change_nothing_here(sf: Any, firms: dict[str, str], clause: str) -> None:
    assert sf.query(f"SELECT Id FROM Account USING SCOPE everything WHERE Name = '白川' {clause}")["totalSize"] == 1


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("SELECT Name, COUNT(Id) FROM Account", "MALFORMED_QUERY", "Field must be grouped or aggregated: Name"),
        ("SELECT Id FROM Account GROUP BY Name", "MALFORMED_QUERY", "Field must be grouped or aggregated: Id"),
        ("SELECT Name FROM Account GROUP BY Name ORDER BY Site", "MALFORMED_QUERY", "grouped or aggregated: Site"),
        ("SELECT COUNT() FROM Account GROUP BY Name", "MALFORMED_QUERY", "Grouped query cannot use COUNT()"),
        ("SELECT SUM(Name) FROM Account", "MALFORMED_QUERY", "field Name does not support aggregate operator SUM"),
        ("SELECT COUNT(Nope) FROM Account", "INVALID_FIELD", "No such column 'Nope'"),
        ("SELECT Name FROM Account WHERE COUNT(Id) > 1", "MALFORMED_QUERY", "unexpected token: 'COUNT'"),
        ("SELECT COUNT(Id) n, MAX(Name) n FROM Account", "MALFORMED_QUERY", "duplicate alias: n"),
        ("SELECT COUNT(Id) FROM Account LIMIT 1", "MALFORMED_QUERY", "cannot also use LIMIT"),
        ("SELECT Description FROM Account GROUP BY Description", "MALFORMED_QUERY", "can not be grouped in a query call"),
        ("SELECT Name n FROM Account", "MALFORMED_QUERY", "only aggregate expressions use field aliasing"),
        ("SELECT FIELDS(ALL) FROM Account", "MALFORMED_QUERY", "must have a LIMIT of at most 200"),
        ("SELECT FIELDS(CUSTOM) FROM Account LIMIT 201", "MALFORMED_QUERY", "must have a LIMIT of at most 200"),
        ("SELECT FIELDS(STANDARD), Name FROM Account", "MALFORMED_QUERY", "duplicate field selected: Name"),
        ("SELECT Id, (SELECT Id FROM Contact) FROM Account", "INVALID_TYPE", "Didn't understand relationship 'Contact'"),
        ("SELECT (SELECT COUNT(Id) FROM Contacts) FROM Account", "MALFORMED_QUERY", "Only root queries support aggregate"),
    ],
)
def test_a_wrong_aggregate_is_refused_in_salesforces_words(sf: Any, text: str, code: str, words: str) -> None:
    with pytest.raises(SalesforceMalformedRequest) as caught:
        sf.query(text)
    assert caught.value.content[0]["errorCode"] == code
    assert words in caught.value.content[0]["message"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("SELECT COUNT() FROM Account", "Aggregate functions"),
        ("SELECT COUNT(Id) FROM Account", "Aggregate functions"),
        ("SELECT Name FROM Account GROUP BY Name", "GROUP BY"),
        ("SELECT Id FROM Account OFFSET 5", "OFFSET"),
        ("SELECT Id, (SELECT Id FROM Contacts) FROM Account", "Aggregate Relationships not supported in Bulk V2 Query"),
    ],
)
def test_bulk_refuses_what_it_cannot_write_as_csv(raw: Raw, text: str, words: str) -> None:
    answer = raw("POST", "jobs/query", json={"operation": "query", "query": text})
    assert answer.status_code == 400
    assert words in answer.json()[0]["message"]
