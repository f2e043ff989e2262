"""How many calls clean reads and writes take, by the sandbox's own log, beside the fewest that the CRMs' limits allow.

What each number is made of stands beside it. Salesforce gives 2,000 rows a page and takes 200 rows a call; a job is made, looked
at, and gives 50,000 rows a page, or is filled and closed with as many rows as there are. HubSpot lists 100 records a page, finds
200, reads and writes 100, and tells the associations of 1,000.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from connectors import open_crm
from connectors.crm import Crm, Cursor
from connectors.sandbox.hubspot.portal import store_key
from connectors.sandbox.server import Org, SandboxServer

STAMP = "2026-11-20T00:00:00.000"
_BASE = re.compile(r"/services/data/v[\d.]+/|/crm/v\d/")
_ID = re.compile(r"/(\w{15,18}|01g\w+-\d+|\d+)(?=/|$)")


@pytest.fixture
def sales(tmp_path: Path) -> Iterator[tuple[Org, Crm]]:
    yield from _org(tmp_path, "salesforce")


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[tuple[Org, Crm]]:
    yield from _org(tmp_path, "hubspot")


def _org(home: Path, kind: str) -> Iterator[tuple[Org, Crm]]:
    with SandboxServer(home, orgs={"org": kind}) as server:
        org = server.orgs["org"]
        crm = open_crm(kind, org.url, org.credentials)
        crm.identity()
        yield org, crm


def _calls(org: Org, act: Callable[[], Any]) -> Counter[str]:
    log = f"{org.url}/__sandbox__/requests"
    requests.delete(log, timeout=10).raise_for_status()
    act()
    made = requests.get(log, timeout=10).json()["requests"]
    return Counter(f"{call['method']} {_ID.sub('', _BASE.sub('', call['path']))}" for call in made)


def _pull(crm: Crm, object: str, fields: list[str], cursor: Cursor | None = None) -> tuple[int, Cursor]:
    """As landing does: which fields there are, then the rows. How many there were, and the last cursor."""
    crm.existing_fields(object, fields)
    batches = list(crm.pull(object, fields, cursor))
    return sum(batch.table.num_rows for batch in batches), batches[-1].cursor


def _accounts(org: Org, count: int) -> list[str]:
    """Straight into the store."""
    ids = [f"0015g0000{number:06d}AAA" for number in range(count)]
    stamp = f"{STAMP}+0000"
    common = {"SystemModstamp": stamp, "LastModifiedDate": stamp, "CreatedDate": stamp}
    org.store.put_many("Account", [(id, {"Id": id, "Name": f"会社{id}", **common}, stamp, False) for id in ids])
    return ids


def _records(org: Org, kind: str, count: int) -> list[str]:
    at, ids = f"{STAMP}Z", [str(1000 + number) for number in range(count)]
    common = {"createdAt": at, "updatedAt": at, "archived": False}
    stamps = {"hs_lastmodifieddate": at, "lastmodifieddate": at}
    rows = [(store_key(id), {"id": id, "properties": {"hs_object_id": id, **stamps}, **common}, at, False) for id in ids]
    org.store.put_many(kind, rows)
    return ids


DESCRIBE, PAGE, MORE = "GET sobjects/Account/describe", "GET queryAll", "GET query"
JOB, LOOK, RESULTS = "POST jobs/query", "GET jobs/query", "GET jobs/query/results"


@pytest.mark.parametrize(
    ("rows", "made"),
    [
        (2_000, {DESCRIBE: 1, PAGE: 1}),
        # a page each 2,000 rows; how far the cursor may go is asked where there is more than one, and the query then made anew
        (4_001, {DESCRIBE: 1, PAGE: 1 + 1 + 1, MORE: 1}),
        (8_000, {DESCRIBE: 1, PAGE: 1 + 1 + 1, MORE: 2}),
        # the first page, which tells how many rows there are; a job is made, looked at, and gives the other 6,001 in one page
        (8_001, {DESCRIBE: 1, PAGE: 1, JOB: 1, LOOK: 1, RESULTS: 1}),
        # the same: the other 98,000 rows are two pages
        pytest.param(100_000, {DESCRIBE: 1, PAGE: 1, JOB: 1, LOOK: 1, RESULTS: 2}, marks=pytest.mark.full),
    ],
)
def test_salesforce_is_read_by_pages_and_much_of_it_by_a_job(sales: tuple[Org, Crm], rows: int, made: dict[str, int]) -> None:
    org, crm = sales
    _accounts(org, rows)
    seen: list[int] = []
    assert _calls(org, lambda: seen.append(_pull(crm, "Account", ["Name"])[0])) == made
    assert seen == [rows]


def test_salesforce_without_anything_new_costs_a_description_and_a_query(sales: tuple[Org, Crm]) -> None:
    org, crm = sales
    _accounts(org, 300)
    for object in ("Account", "Contact", "User"):
        _, cursor = _pull(crm, object, ["Name"])
        made = _calls(org, lambda object=object, cursor=cursor: _pull(crm, object, ["Name"], cursor))  # type: ignore[misc]
        assert made == {f"GET sobjects/{object}/describe": 1, PAGE: 1}


def test_salesforce_is_written_two_hundred_rows_a_call_and_much_by_a_job(sales: tuple[Org, Crm]) -> None:
    org, crm = sales
    ids = _accounts(org, 1_201)

    def written(count: int, name: str) -> Counter[str]:
        return _calls(
            org, lambda: [result.ok for result in crm.write("Account", [{"Id": id, "Name": name} for id in ids[:count]])]
        )

    assert written(1, "一") == {"PATCH composite/sobjects": 1}
    assert written(201, "二") == {"PATCH composite/sobjects": 2}
    assert written(1_200, "三") == {"PATCH composite/sobjects": 6}
    job = written(1_201, "四")  # made, filled, closed, looked at; that no row failed is said there
    assert job == {"POST jobs/ingest": 1, "PUT jobs/ingest/batches": 1, "PATCH jobs/ingest": 1, "GET jobs/ingest": 1}
    assert {doc["Name"] for _, doc, _, _ in org.store.select("Account")} == {"四"}


def test_salesforce_reads_again_two_thousand_ids_a_call(sales: tuple[Org, Crm]) -> None:
    org, crm = sales
    ids = _accounts(org, 2_001)
    assert _calls(org, lambda: crm.read("Account", ids[:2_000], ["Name"])) == {"POST composite/sobjects/Account": 1}
    assert _calls(org, lambda: crm.read("Account", ids, ["Name"])) == {"POST composite/sobjects/Account": 2}


def test_hubspot_is_listed_a_hundred_records_a_call(portal: tuple[Org, Crm]) -> None:
    org, crm = portal
    _records(org, "companies", 350)
    made = _calls(org, lambda: _pull(crm, "companies", ["name"]))
    # how far the cursor may go is one search; archived records are a list of their own, empty here
    assert made == {"GET properties/companies": 1, "POST objects/companies/search": 1, "GET objects/companies": 4 + 1}


def test_hubspot_tells_what_changed_two_hundred_records_a_call(portal: tuple[Org, Crm]) -> None:
    org, crm = portal
    ids = _records(org, "companies", 700)
    _, cursor = _pull(crm, "companies", ["name"])

    def changed(count: int) -> Counter[str]:
        nonlocal cursor
        list(crm.write("companies", [{"id": id, "name": f"改名{count}"} for id in ids[:count]]))
        seen: list[tuple[int, Cursor]] = []
        made = _calls(org, lambda: seen.append(_pull(crm, "companies", ["name"], cursor)))
        ((rows, cursor),) = seen
        assert rows == count
        return made

    changed(1)  # until now all had one stamp, and were looked back at together
    # the newest 200 are looked at; that is all there is to it
    assert changed(100) == {"GET properties/companies": 1, "POST objects/companies/search": 1, "GET objects/companies": 1}
    # there are more of them: all 700, in order of id, 200 a call
    assert changed(700) == {"GET properties/companies": 1, "POST objects/companies/search": 1 + 4, "GET objects/companies": 1}


def test_hubspot_without_anything_new_costs_properties_a_search_and_the_archived(portal: tuple[Org, Crm]) -> None:
    org, crm = portal
    for object in ("companies", "deals", "contacts"):
        _records(org, object, 250)
        _, cursor = _pull(crm, object, ["name"])
        made = _calls(org, lambda object=object, cursor=cursor: _pull(crm, object, ["name"], cursor))  # type: ignore[misc]
        assert made == {f"GET properties/{object}": 1, f"POST objects/{object}/search": 1, f"GET objects/{object}": 1}


def test_hubspot_is_written_and_read_again_a_hundred_records_a_call(portal: tuple[Org, Crm]) -> None:
    org, crm = portal
    ids = _records(org, "companies", 301)
    rows = [{"id": id, "name": "改名"} for id in ids]
    assert _calls(org, lambda: list(crm.write("companies", rows))) == {"POST objects/companies/batch/update": 4}
    crm.read("companies", ids[:1], ["name"])
    assert _calls(org, lambda: crm.read("companies", ids, ["name"])) == {"POST objects/companies/batch/read": 4}
    assert _calls(org, lambda: list(crm.delete("companies", ids))) == {"POST objects/companies/batch/archive": 4}


def test_hubspot_tells_the_companies_of_a_thousand_records_a_call(portal: tuple[Org, Crm]) -> None:
    org, crm = portal
    _records(org, "deals", 1_500)
    made = _calls(org, lambda: _pull(crm, "deals", ["dealname"]))
    assert made["POST associations/deals/companies/batch/read"] == 2
    assert made.total() == 1 + 1 + 15 + 1 + 2
