"""Manual lists: found in one call, their ids kept, found anew where a person deleted one."""

from __future__ import annotations

import pytest
import requests

from connectors.crm import SchemaMissing
from tests.connectors.hubspot.conftest import Portal

NAMES = tuple(f"Totsugo パートナー{n:03d}" for n in range(120))


def _searches(portal: Portal) -> int:
    log = requests.get(f"{portal.org.url}/__sandbox__/requests", params={"match": "/lists/search"}, timeout=10).json()
    return len(log["requests"])


def _make(portal: Portal, *names: str) -> list[str]:
    body = {"objectTypeId": "0-2", "processingType": "MANUAL"}
    return [portal.call("POST", "/crm/v3/lists/", {**body, "name": name})["list"]["listId"] for name in names]


def test_all_lists_of_a_prefix_come_by_one_call_and_are_then_known(portal: Portal) -> None:
    _make(portal, *NAMES, "別の Totsugo のリスト", "手作業")
    assert portal.crm.existing_lists("Totsugo ").keys() == set(NAMES)
    (one,) = portal.create("companies", {"name": "一"})
    assert all(result.ok for result in portal.crm.set_members(NAMES[7], "companies", [one], []))
    assert portal.crm.members(NAMES[7]) == {one}
    assert portal.crm.members(NAMES[8]) == set()
    assert _searches(portal) == 1


def test_there_may_be_none(portal: Portal) -> None:
    assert portal.crm.existing_lists("Totsugo ") == {}


def test_a_list_made_again_under_its_name_is_found(portal: Portal) -> None:
    (first,) = _make(portal, NAMES[0])
    (one,) = portal.create("companies", {"name": "一"})
    list(portal.crm.set_members(NAMES[0], "companies", [one], []))
    portal.call("DELETE", f"/crm/v3/lists/{first}")
    assert portal.crm.members(NAMES[0]) == set()
    with pytest.raises(SchemaMissing, match=NAMES[0]):
        list(portal.crm.set_members(NAMES[0], "companies", [one], []))
    _make(portal, NAMES[0])
    list(portal.crm.set_members(NAMES[0], "companies", [one], []))
    assert portal.crm.members(NAMES[0]) == {one}


def test_a_merged_company_is_on_the_list_under_its_new_id(portal: Portal) -> None:
    _make(portal, NAMES[0])
    one, two = portal.create("companies", {"name": "一"}, {"name": "二"})
    list(portal.crm.set_members(NAMES[0], "companies", [one], []))
    merged = portal.call("POST", "/crm/v3/objects/companies/merge", {"primaryObjectId": two, "objectIdToMerge": one})["id"]
    assert portal.crm.members(NAMES[0]) == {merged}
