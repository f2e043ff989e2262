"""Queries over a socket: pages, locators, relationships, errors."""

from __future__ import annotations

import time

import pytest
from simple_salesforce import Salesforce
from simple_salesforce.exceptions import SalesforceMalformedRequest

from connectors.sandbox.server import Org
from tests.connectors.sandbox.salesforce.conftest import Raw


def _fill(org: Org, count: int, per_stamp: int = 7) -> list[tuple[str, str]]:
    """Accounts in groups that share a stamp; (stamp, id) in order."""
    rows = []
    for number in range(count):
        id, minute = f"001{number * 7919 % count:012d}AAA", number // per_stamp
        stamp = (
            f"2026-{minute // 40_000 + 1:02d}-{minute // 1440 % 28 + 1:02d}T{minute // 60 % 24:02d}:{minute % 60:02d}:00.000+0000"
        )
        doc = {"Id": id, "Name": f"会社 {number}", "Type": "Prospect" if number % 2 else None, "SystemModstamp": stamp}
        rows.append((id, doc, stamp, False))
    org.store.put_many("Account", rows)
    return sorted((stamp, id) for id, _, stamp, _ in rows)


def test_a_long_answer_comes_in_pages_of_2000(org: Org, sf: Salesforce) -> None:
    _fill(org, 4500)
    first = sf.query("SELECT Id FROM Account")
    assert (first["totalSize"], first["done"], len(first["records"])) == (4500, False, 2000)
    everything = sf.query_all("SELECT Id FROM Account ORDER BY SystemModstamp, Id")["records"]
    assert len({each["Id"] for each in everything}) == 4500


def test_the_client_may_ask_for_smaller_pages(org: Org, raw: Raw) -> None:
    _fill(org, 501)
    sizes, address = [], "query?q=SELECT+Id+FROM+Account"
    while address:
        page = raw("GET", address, headers={"Sforce-Query-Options": "batchSize=250"}).json()
        sizes.append(len(page["records"]))
        address = page.get("nextRecordsUrl", "").removeprefix("/services/data/v59.0/")
    assert sizes == [250, 250, 1]


def test_a_locator_that_nobody_gave_out_is_refused(raw: Raw) -> None:
    answer = raw("GET", "query/01g000000000001AAA-2000")
    assert answer.json() == [{"message": "invalid query locator", "errorCode": "INVALID_QUERY_LOCATOR"}]


def test_keyset_paging_over_equal_stamps_sees_every_row_once_and_quickly(org: Org, sf: Salesforce) -> None:
    wanted = _fill(org, 20_000)
    seen: list[tuple[str, str]] = []
    where, began = "", time.process_time()
    while True:
        text = f"SELECT Id, SystemModstamp FROM Account {where} ORDER BY SystemModstamp, Id LIMIT 2000"
        rows = sf.query(text)["records"]
        if not rows:
            break
        seen += [(row["SystemModstamp"], row["Id"]) for row in rows]
        stamp, id = seen[-1]
        stamp = stamp.replace("+0000", "Z")
        where = f"WHERE SystemModstamp > {stamp} OR (SystemModstamp = {stamp} AND Id > '{id}')"
    assert seen == wanted
    assert time.process_time() - began < 10


def test_relationship_fields_come_nested(sf: Salesforce) -> None:
    parent = sf.Account.create({"Name": "親会社"})["id"]
    child = sf.Account.create({"Name": "子会社", "ParentId": parent})["id"]
    sf.Opportunity.create({"Name": "案件", "StageName": "Prospecting", "CloseDate": "2026-12-01", "AccountId": child})
    text = "SELECT Name, Account.Name, Account.Parent.Name, Account.Owner.Name, Account.Parent.Parent.Name FROM Opportunity"
    row = sf.query(f"{text} WHERE Account.Parent.Name = '親会社'")["records"][0]
    assert row["attributes"]["type"] == "Opportunity"
    assert row["Account"]["Name"] == "子会社"
    assert row["Account"]["Parent"]["Name"] == "親会社"
    assert row["Account"]["Parent"]["Parent"] is None
    assert row["Account"]["Owner"]["attributes"]["type"] == "User"


def test_semi_joins_and_counts(sf: Salesforce) -> None:
    busy = sf.Account.create({"Name": "商談あり"})["id"]
    sf.Account.create({"Name": "商談なし"})
    sf.Opportunity.create({"Name": "案件", "StageName": "Prospecting", "CloseDate": "2026-12-01", "AccountId": busy})
    inner = "(SELECT AccountId FROM Opportunity WHERE IsClosed = false)"
    assert [row["Id"] for row in sf.query(f"SELECT Id FROM Account WHERE Id IN {inner}")["records"]] == [busy]
    answer = sf.query(f"SELECT COUNT() FROM Account WHERE Id NOT IN {inner}")
    assert (answer["totalSize"], answer["records"]) == (1, [])


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("SELECT Id FRM Account", "MALFORMED_QUERY", "ERROR at Row:1:Column:15\nunexpected token: 'Account'"),
        ("SELECT Id FROM", "MALFORMED_QUERY", "unexpected token: '<EOF>'"),
        ("SELECT Id FROM Account WHERE Name = 'a' AND Site = 'b' OR Fax = 'c'", "MALFORMED_QUERY", "unexpected token: 'OR'"),
        ("SELECT Id, Id FROM Account", "MALFORMED_QUERY", "duplicate field selected: Id"),
        (
            "SELECT Id, Nope__c FROM Account",
            "INVALID_FIELD",
            "ERROR at Row:1:Column:12\nNo such column 'Nope__c' on entity 'Account'",
        ),
        ("SELECT Id FROM Account WHERE Boss.Name = 'x'", "INVALID_FIELD", "Didn't understand relationship 'Boss'"),
        ("SELECT Id FROM Account WHERE Name = 5", "INVALID_FIELD", "'Name' must be of type string and should be enclosed"),
        ("SELECT Id FROM Account WHERE AnnualRevenue = '5'", "INVALID_FIELD", "should not be enclosed in quotes"),
        ("SELECT Id FROM Account WHERE CreatedDate > 2026-01-01", "INVALID_FIELD", "must be of type datetime"),
        ("SELECT Id FROM Account WHERE Description = 'x'", "INVALID_FIELD", "can not be filtered in a query call"),
        ("SELECT Id FROM Accounts", "INVALID_TYPE", "sObject type 'Accounts' is not supported"),
        ("SELECT Id FROM CustomField", "INVALID_TYPE", "sObject type 'CustomField' is not supported"),
        ("SELECT Id FROM Account OFFSET 2001", "NUMBER_OUTSIDE_VALID_RANGE", "Maximum SOQL offset"),
    ],
)
def test_a_wrong_query_is_refused_in_salesforces_words(sf: Salesforce, text: str, code: str, words: str) -> None:
    with pytest.raises(SalesforceMalformedRequest) as caught:
        sf.query(text)
    assert caught.value.content[0]["errorCode"] == code
    assert words in caught.value.content[0]["message"]


def test_describe_tells_types_and_picklists(sf: Salesforce) -> None:
    fields = {each["name"]: each for each in sf.Opportunity.describe()["fields"]}
    assert fields["AccountId"]["referenceTo"] == ["Account"]
    assert fields["AccountId"]["relationshipName"] == "Account"
    assert fields["CloseDate"]["type"] == "date"
    assert {"value": "Closed Won"}.items() <= next(
        v for v in fields["StageName"]["picklistValues"] if v["value"] == "Closed Won"
    ).items()
    assert {"Account", "Lead", "User"} <= {each["name"] for each in sf.describe()["sobjects"]}
    assert "CustomField" not in {each["name"] for each in sf.describe()["sobjects"]}


def test_rows_that_become_visible_late_are_seen_by_no_query_until_then(org: Org, sf: Salesforce, raw: Raw) -> None:
    _fill(org, 3)
    fresh = sf.Account.create({"Name": "まだ見えない"})["id"]
    raw.fault(kind="late_visible", seconds=60, match="/Account")
    for found in (sf.query("SELECT Id FROM Account"), sf.query("SELECT Id FROM Account", include_deleted=True)):
        assert (found["totalSize"], fresh in str(found)) == (3, False)
    assert sf.query("SELECT COUNT() FROM Account")["totalSize"] == 3
    assert fresh not in "".join(sf.bulk2.Account.query("SELECT Id FROM Account", wait=0))
    assert sf.Account.get(fresh)["Name"] == "まだ見えない"
    org.faults.clear("late_visible")
    assert fresh in str(sf.query("SELECT Id FROM Account"))
