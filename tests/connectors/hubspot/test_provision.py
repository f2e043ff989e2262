"""Provisioning a portal: everything once, nothing altered, and what will not do is named."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.crm import FieldSpec, ObjectSpec
from tests.connectors.hubspot.conftest import Portal

SPECS = (
    ObjectSpec(
        "companies",
        "会社",
        (
            FieldSpec("totsugo_no_approach", "checkbox", "アプローチNG", "全パートナー対象", "Totsugoが更新"),
            FieldSpec("totsugo_partner_approach", "picklist", "可否", values=(("open", "可"), ("no_approach", "不可"))),
            FieldSpec("totsugo_no_approach_until", "date", "期限"),
            FieldSpec("totsugo_no_approach_detail", "long_text", "理由"),
        ),
    ),
    ObjectSpec("tasks", "", (FieldSpec("totsugo_key", "text", "鍵", external_id=True),)),
)
LISTS = ("Totsugo 武蔵システムズ ホワイトスペース", "Totsugo 武蔵システムズ アプローチNG")


def _property(portal: Portal, name: str, object: str = "companies") -> dict[str, Any]:
    found: dict[str, Any] = portal.call("GET", f"/crm/v3/properties/{object}/{name}")
    return found


def _make(portal: Portal, **given: Any) -> None:
    portal.call("POST", "/crm/v3/properties/companies", {"label": "人のもの", "groupName": "companyinformation", **given})


def test_everything_is_created_once(portal: Portal) -> None:
    preview = portal.crm.provision(SPECS, LISTS, dry_run=True)
    assert "totsugo_no_approach" not in (portal.crm.existing_fields("companies") or ())
    first = portal.crm.provision(SPECS, LISTS)
    assert first == preview
    assert {"property group companies.totsugo", "property group tasks.totsugo", "tasks.totsugo_key"} <= set(first.created)
    assert "totsugo_no_approach" in (portal.crm.existing_fields("companies") or ())
    for again in (portal.crm.provision(SPECS, LISTS, dry_run=True), portal.crm.provision(SPECS, LISTS)):
        assert (again.created, again.present) == ((), first.created)


def test_properties_say_what_they_are(portal: Portal) -> None:
    portal.crm.provision(SPECS)
    flag, approach = _property(portal, "totsugo_no_approach"), _property(portal, "totsugo_partner_approach")
    assert (flag["label"], flag["description"]) == ("アプローチNG", "全パートナー対象\nTotsugoが更新")
    assert (flag["type"], [option["value"] for option in flag["options"]]) == ("bool", ["true", "false"])
    assert [(option["value"], option["label"]) for option in approach["options"]] == [("open", "可"), ("no_approach", "不可")]
    assert _property(portal, "totsugo_key", "tasks")["hasUniqueValue"] is True


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (
            {"name": "totsugo_no_approach", "type": "string", "fieldType": "text"},
            "property companies.totsugo_no_approach exists as string; Totsugo needs bool: rename or remove it",
        ),
        (
            {
                "name": "totsugo_partner_approach",
                "type": "enumeration",
                "fieldType": "select",
                "options": [{"label": "可", "value": "open"}],
            },
            "property companies.totsugo_partner_approach exists without the options no_approach: add them as internal names",
        ),
    ],
)
def test_a_property_that_will_not_do_is_named_and_left(portal: Portal, given: dict[str, Any], told: str) -> None:
    _make(portal, **given)
    before = _property(portal, given["name"])
    preview, real = portal.crm.provision(SPECS, dry_run=True), portal.crm.provision(SPECS)
    assert preview == real
    assert told in real.by_hand
    assert f"companies.{given['name']}" not in (*real.created, *real.present)
    assert _property(portal, given["name"]) == before


def test_a_key_without_unique_values_is_named(portal: Portal) -> None:
    given = {"name": "totsugo_key", "label": "x", "type": "string", "fieldType": "text", "groupName": "task"}
    portal.call("POST", "/crm/v3/properties/tasks", given)
    report = portal.crm.provision(SPECS)
    assert [line for line in report.by_hand if "tasks.totsugo_key exists without unique values" in line]


def test_a_list_of_another_kind_is_named_and_one_on_another_object_is_none_of_ours(portal: Portal) -> None:
    dynamic = {"processingType": "DYNAMIC", "filterBranch": {"filterBranchType": "OR"}}
    portal.call("POST", "/crm/v3/lists/", {"name": LISTS[0], "objectTypeId": "0-2", **dynamic})
    portal.call("POST", "/crm/v3/lists/", {"name": LISTS[1], "objectTypeId": "0-1", "processingType": "MANUAL"})
    report = portal.crm.provision((), LISTS)
    assert report.by_hand == (f"list {LISTS[0]} exists as a dynamic list; Totsugo needs a manual one: rename or remove it",)
    assert report.created == (f"list {LISTS[1]}",)


def test_an_answer_that_was_lost_does_not_make_it_fail(portal: Portal) -> None:
    portal.fault("drop_connection", count=1, match="/crm/v3/properties/companies", when="after")
    portal.crm.provision(SPECS, LISTS)
    assert portal.crm.provision(SPECS, LISTS).created == ()
