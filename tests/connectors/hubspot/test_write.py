"""Writing to HubSpot: rows fail alone, lists."""

from __future__ import annotations

import pytest

from connectors.crm import FieldSpec, ObjectSpec, SchemaMissing
from tests.connectors.hubspot.conftest import Portal

SPECS = (
    ObjectSpec(
        "companies",
        "会社",
        (
            FieldSpec("totsugo_no_approach", "checkbox", "アプローチNG", "全パートナー対象"),
            FieldSpec("totsugo_partner_approach", "picklist", "可否", values=(("open", "可"), ("no_approach", "不可"))),
            FieldSpec("totsugo_no_approach_until", "date", "期限"),
            FieldSpec("totsugo_cells", "text", "マス"),
            FieldSpec("totsugo_no_approach_detail", "long_text", "理由"),
            FieldSpec("totsugo_key", "text", "鍵", external_id=True),
        ),
    ),
)
LISTS = ("Totsugo: 武蔵システムズ ホワイトスペース",)


def test_values_are_written_read_back_and_cleared(portal: Portal) -> None:
    portal.crm.provision(SPECS)
    (id,) = portal.create("companies", {"name": "甲"})
    wanted = {"totsugo_no_approach": True, "totsugo_partner_approach": "no_approach", "totsugo_no_approach_until": "2026-12-31"}
    (result,) = portal.crm.write("companies", [{"id": id, **wanted}])
    assert (result.ok, result.key, result.id, result.created) == (True, id, id, False)
    assert portal.crm.read("companies", [id, "999999999"], list(wanted)) == {id: wanted}
    list(portal.crm.write("companies", [{"id": id, "totsugo_no_approach_until": None, "totsugo_no_approach": False}]))
    after = portal.crm.read("companies", [id], list(wanted))[id]
    assert after == {**wanted, "totsugo_no_approach": False, "totsugo_no_approach_until": None}


@pytest.mark.parametrize("whole_batch_refused", [False, True])
def test_bad_rows_fail_alone_and_results_keep_the_order(portal: Portal, whole_batch_refused: bool) -> None:
    portal.crm.provision(SPECS)
    ids = portal.create("companies", *({"name": f"会社{i}"} for i in range(130)))
    rows = [{"id": id, "totsugo_partner_approach": "open"} for id in reversed(ids)]
    rows[17]["totsugo_partner_approach"] = "無い値"
    rows[40]["id"] = "987654321"
    rows.append({"id": ids[0], "totsugo_partner_approach": "no_approach"})  # the same record twice in one write
    if whole_batch_refused:
        portal.fault("validation_error", count=1, match="batch/update")
    results = list(portal.crm.write("companies", rows))
    assert [result.key for result in results] == [row["id"] for row in rows]
    assert [number for number, result in enumerate(results) if not result.ok] == [17, 40]
    assert results[17].code
    assert results[17].message
    assert (
        portal.crm.read("companies", [ids[0]], ["totsugo_partner_approach"])[ids[0]]["totsugo_partner_approach"] == "no_approach"
    )


def test_row_without_an_id_fails_alone(portal: Portal) -> None:
    (id,) = portal.create("companies", {"name": "甲"})
    results = list(portal.crm.write("companies", [{"name": "乙"}, {"id": id, "name": "丙"}]))
    assert [result.ok for result in results] == [False, True]


def test_passing_fault_of_a_row_is_reported_for_that_row(portal: Portal) -> None:
    ids = portal.create("companies", {"name": "甲"}, {"name": "乙"})
    portal.fault("partial_207", match=ids[1], count=1)
    results = list(portal.crm.write("companies", [{"id": id, "name": "新"} for id in ids]))
    assert [(result.ok, result.code) for result in results] == [(True, None), (False, "INTERNAL_ERROR")]


def test_upsert_by_a_unique_property(portal: Portal) -> None:
    portal.crm.provision(SPECS)
    rows = [{"totsugo_key": "鍵1", "name": "甲"}, {"totsugo_key": "鍵2", "name": "乙"}]
    first = list(portal.crm.write("companies", rows, external_id="totsugo_key"))
    again = list(portal.crm.write("companies", rows, external_id="totsugo_key"))
    assert [(r.key, r.ok, r.created) for r in first] == [("鍵1", True, True), ("鍵2", True, True)]
    assert [(r.key, r.ok, r.created, r.id) for r in again] == [(r.key, True, False, r.id) for r in first]
    read = portal.crm.read("companies", ["鍵2", "鍵3"], ["name"], external_id="totsugo_key")
    assert read == {"鍵2": {"name": "乙"}}


def test_property_that_does_not_exist_is_said_at_once(portal: Portal) -> None:
    ids = portal.create("companies", *({"name": f"会社{i}"} for i in range(10)))
    results = list(portal.crm.write("companies", [{"id": id, "no_such_property": "x"} for id in ids]))
    assert not any(result.ok for result in results)
    assert all("no_such_property" in (result.message or "") for result in results)


def test_manual_list_takes_and_drops_members(portal: Portal) -> None:
    portal.crm.provision((), LISTS)
    one, two = portal.create("companies", {"name": "一"}, {"name": "二"})
    results = list(portal.crm.set_members(LISTS[0], "companies", [one, two, "987654321"], []))
    assert [result.ok for result in results] == [True, True, False]
    assert portal.crm.members(LISTS[0]) == {one, two}
    assert all(result.ok for result in portal.crm.set_members(LISTS[0], "companies", [], [two, "987654321"]))
    assert portal.crm.members(LISTS[0]) == {one}
    assert portal.crm.members("無いリスト") == set()
    with pytest.raises(SchemaMissing, match="無いリスト"):
        list(portal.crm.set_members("無いリスト", "companies", [one], []))


def test_half_a_character_fails_its_row_alone(portal: Portal) -> None:
    (id,) = portal.create("companies", {"name": "甲"})
    results = list(
        portal.crm.write("companies", [{"id": "\udc00", "name": "乙"}, {"id": id, "name": "丙"}, {"id": id, "name": "\ud83d"}])
    )
    assert [(result.ok, result.code) for result in results] == [(False, "INVALID_TEXT"), (True, None), (False, "INVALID_TEXT")]
    assert portal.crm.read("companies", [id], ["name"]) == {id: {"name": "丙"}}


@pytest.mark.parametrize("external_id", [None, "totsugo_key"], ids=["update", "upsert"])
def test_what_is_to_be_cleared_is_cleared_on_every_path(portal: Portal, external_id: str | None) -> None:
    number = ObjectSpec("companies", "会社", (FieldSpec("totsugo_number", "number", "数"),))
    portal.crm.provision((*SPECS, number))
    full = {
        "totsugo_no_approach": True,
        "totsugo_partner_approach": "open",
        "totsugo_no_approach_until": "2026-12-31",
        "totsugo_cells": "1;2",
        "totsugo_no_approach_detail": "二行\nある",
        "totsugo_number": 12.5,
    }
    made = list(portal.crm.write("companies", [{"totsugo_key": f"鍵{at}", **full} for at in range(2)], "totsugo_key"))
    named = [{"totsugo_key": row.key} if external_id else {"id": row.id} for row in made]
    cleared = dict.fromkeys(full)
    results = list(portal.crm.write("companies", [{**named[0], **cleared}, {**named[1], "totsugo_cells": ""}], external_id))
    assert all(result.ok for result in results)
    after = portal.crm.read("companies", [str(row.id) for row in made], list(full))
    assert list(after.values()) == [cleared, {**full, "totsugo_cells": None}]
