"""Search: every operator, its limits, and the walk past 10,000 results."""

from __future__ import annotations

from typing import Any

import pytest

from tests.connectors.sandbox.hubspot.conftest import COMPANIES, PortalUnderTest

SEARCH = "/crm/v3/objects/companies/search"


def _filter(name: str, operator: str, value: Any = None, **more: Any) -> dict[str, Any]:
    return {"propertyName": name, "operator": operator, **({} if value is None else {"value": value}), **more}


def _total(portal: PortalUnderTest, *groups: list[dict[str, Any]]) -> int:
    return int(portal.json("POST", SEARCH, {"filterGroups": [{"filters": group} for group in groups], "limit": 1})["total"])


@pytest.mark.parametrize(
    ("given", "total"),
    [
        (_filter("state", "EQ", "大阪府"), 125),
        (_filter("state", "NEQ", "大阪府"), 125),
        (_filter("phone", "NEQ", "03"), COMPANIES),
        (_filter("numberofemployees", "LT", "100"), 9),
        (_filter("numberofemployees", "LTE", "100"), 10),
        (_filter("hs_object_id", "GT", "99"), 151),
        (_filter("hs_object_id", "GTE", 100), 151),
        (_filter("numberofemployees", "BETWEEN", "20", highValue="100"), 9),
        (_filter("domain", "IN", values=["aozora1.co.jp", "AOZORA2.co.jp"]), 2),
        (_filter("domain", "NOT_IN", values=["aozora1.co.jp"]), COMPANIES - 1),
        (_filter("phone", "HAS_PROPERTY"), 0),
        (_filter("phone", "NOT_HAS_PROPERTY"), COMPANIES),
        (_filter("name", "CONTAINS_TOKEN", "*あおぞら9*"), 11),
        (_filter("name", "NOT_CONTAINS_TOKEN", "*あおぞら9*"), COMPANIES - 11),
        (_filter("hs_lastmodifieddate", "GTE", "2026-10-11T00:00:00Z"), 1),
        (_filter("hs_lastmodifieddate", "LT", "1790899200000"), 24),
        (_filter("createdate", "GT", "2026-10-01"), 0),
    ],
)
def test_an_operator_finds_what_it_should(portal: PortalUnderTest, given: dict[str, Any], total: int) -> None:
    assert _total(portal, [given]) == total


def test_filters_without_a_group_are_one(portal: PortalUnderTest) -> None:
    filters = [_filter("state", "EQ", "大阪府"), _filter("numberofemployees", "LTE", "40")]
    alone = portal.json("POST", SEARCH, {"filters": filters, "limit": 1})["total"]
    assert alone == _total(portal, filters) < COMPANIES


def test_groups_are_alternatives_of_conditions_that_all_hold(portal: PortalUnderTest) -> None:
    small_in_osaka = [_filter("state", "EQ", "大阪府"), _filter("numberofemployees", "LTE", "40")]
    assert _total(portal, small_in_osaka, [_filter("domain", "EQ", "aozora99.co.jp")]) == 3
    assert _total(portal) == COMPANIES


def test_a_walk_by_id_sees_every_company_once(portal: PortalUnderTest) -> None:
    seen: list[str] = []
    while True:
        filters = [
            _filter("hs_lastmodifieddate", "GTE", "2026-10-03T00:00:00.000Z"),
            _filter("hs_object_id", "GT", seen[-1] if seen else "0"),
        ]
        sorts = [{"propertyName": "hs_object_id", "direction": "ASCENDING"}]
        results = portal.client.crm.companies.search_api.do_search(
            {"filterGroups": [{"filters": filters}], "sorts": sorts, "limit": 60, "properties": ["name"]}
        ).results
        if not results:
            break
        seen += [record.id for record in results]
    assert seen == [str(n) for n in range(50, COMPANIES + 1)]


def test_pages_of_a_sorted_search(portal: PortalUnderTest) -> None:
    body = {"sorts": [{"propertyName": "numberofemployees", "direction": "DESCENDING"}], "limit": 200}
    first = portal.json("POST", SEARCH, body)
    assert first["results"][0]["id"] == "250"
    last = portal.json("POST", SEARCH, {**body, "after": first["paging"]["next"]["after"]})
    assert len(last["results"]) == 50
    assert "paging" not in last
    assert last["results"][-1]["id"] == "1"


def test_free_text(portal: PortalUnderTest) -> None:
    assert portal.json("POST", SEARCH, {"query": "aozora12"})["total"] == 11


@pytest.mark.parametrize(
    "body",
    [
        {"limit": 201},
        {"limit": 200, "after": "9801"},
        {"filterGroups": [{"filters": [_filter("nosuch", "EQ", "x")]}]},
        {"filterGroups": [{"filters": [_filter("name", "RESEMBLES", "x")]}]},
        {"filterGroups": [{"filters": [_filter("numberofemployees", "GT", "many")]}]},
        {"filterGroups": [{"filters": [_filter("name", "EQ", "x")] * 7}]},
        {"filterGroups": [{"filters": [_filter("name", "EQ", "x")]}] * 6},
        {"filterGroups": [{"filters": [_filter("name", "IN", "x")]}]},
    ],
)
def test_what_search_does_not_take(portal: PortalUnderTest, body: dict[str, Any]) -> None:
    assert portal.json("POST", SEARCH, body, status=400)["status"] == "error"


def test_the_archived_are_never_found(portal: PortalUnderTest) -> None:
    portal.json("DELETE", "/crm/v3/objects/companies/7", status=204)
    assert _total(portal) == COMPANIES - 1


def test_fresh_changes_are_not_found_while_the_index_lags(portal: PortalUnderTest) -> None:
    portal.json("PATCH", "/crm/v3/objects/companies/7", {"properties": {"state": "京都府"}})
    changed = [_filter("hs_updated_by_user_id", "EQ", "77")]
    portal.arm("search_lag", seconds=600, count=1)
    assert _total(portal, changed) == 0
    assert _total(portal, changed) == 1
