"""Manual lists: found in one call, their ids kept, found anew where a person deleted one; an id that is refused fails alone."""

from __future__ import annotations

import pytest
import requests

from connectors.crm import CrmError, SchemaMissing
from tests.connectors.hubspot.conftest import Portal

NAMES = tuple(f"Totsugo パートナー{n:03d}" for n in range(120))


def _searches(portal: Portal) -> int:
    log = requests.get(f"{portal.org.url}/__sandbox__/requests", params={"match": "/lists/search"}, timeout=10).json()
    return len(log["requests"])


def _changes(portal: Portal) -> int:
    """Calls so far that change a list."""
    log = requests.get(f"{portal.org.url}/__sandbox__/requests", params={"match": "add-and-remove"}, timeout=10).json()
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


def test_an_id_that_is_refused_fails_alone(portal: Portal) -> None:
    _make(portal, NAMES[0])
    ids = portal.create("companies", *({"name": f"会社{number}"} for number in range(3)))
    list(portal.crm.set_members(NAMES[0], "companies", ids[2:], []))
    portal.fault("validation_error", count=1, match="add-and-remove")  # all four
    portal.fault("validation_error", count=2, match="add-and-remove", skip=1)  # the latter two, and of them the first
    results = list(portal.crm.set_members(NAMES[0], "companies", [*ids[:2], "12x"], ids[2:]))
    assert [(result.key, result.ok, result.code) for result in results] == [
        (ids[0], True, None),
        (ids[1], True, None),
        ("12x", False, "VALIDATION_ERROR"),
        (ids[2], True, None),
    ]
    assert "There was a problem with the request." in str(results[2].message)
    assert portal.crm.members(NAMES[0]) == set(ids[:2])


def test_a_few_ids_may_all_be_refused(portal: Portal) -> None:
    _make(portal, NAMES[0])
    portal.fault("validation_error", match="add-and-remove")
    results = list(portal.crm.set_members(NAMES[0], "companies", ["12x"], ["13x", "14x"]))
    assert [(result.key, result.code) for result in results] == [(id, "VALIDATION_ERROR") for id in ("12x", "13x", "14x")]


def test_a_list_that_takes_no_change_is_not_asked_for_each_id(portal: Portal) -> None:
    _make(portal, NAMES[0])
    portal.fault("validation_error", match="add-and-remove")
    with pytest.raises(CrmError, match=rf"There was a problem with the request.*{NAMES[0]}.*however small"):
        list(portal.crm.set_members(NAMES[0], "companies", [str(number) for number in range(10_000)], []))
    assert _changes(portal) == 50


def test_a_list_that_is_gone_is_missing_and_not_refused_id_by_id(portal: Portal) -> None:
    (list_id,) = _make(portal, NAMES[0])
    ids = portal.create("companies", *({"name": f"会社{number}"} for number in range(3)))
    list(portal.crm.set_members(NAMES[0], "companies", ids, []))
    portal.call("DELETE", f"/crm/v3/lists/{list_id}")
    begun = _changes(portal)
    with pytest.raises(SchemaMissing, match="run the provisioning"):
        list(portal.crm.set_members(NAMES[0], "companies", [], ids))
    assert _changes(portal) == begun + 1
