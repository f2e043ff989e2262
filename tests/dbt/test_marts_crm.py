"""What the CRMs should say: the account's fields, the child rows, the lists."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from tests.dbt.harness import DbtProject, TestWarehouse
from tests.dbt.marts_world import World


@pytest.fixture(scope="module")
def world(dbt_project: DbtProject) -> Iterator[World]:
    warehouse = TestWarehouse(dbt_project)
    world = World(warehouse)
    world.partner("musashi", name="武蔵システムズ株式会社", exclusive=False, by_product_line=True)
    world.partner(
        "setouchi",
        name="瀬戸内ソリューション株式会社",
        prefectures=("岡山県",),
        rules={"out_of_contract": (False, None)},
        by_product_line=True,
    )
    world.partner("prospect", name="見込株式会社", stage="prospective")
    accounts(world)
    yield world.build()
    warehouse.close()


def accounts(world: World) -> None:
    world.insert("config.product_lines", product_line="kintai", name="勤怠クラウド", position=1)
    world.company("deal of one line")
    world.deal(
        world.record("us", "deal of one line", "open_opportunity", native_id="line"), scope="kintai", active=date(2026, 11, 10)
    )
    world.record("musashi", "deal of one line", "target")
    for company in ("nobody's", "customer", "served", "limited", "assigned", "claimed", "duplicated", "blocked one by one"):
        world.company(company)
    world.record("us", "nobody's", "known", native_id="nobody")
    world.record("us", "customer", "customer", native_id="customer")
    world.record("musashi", "customer", "customer")
    world.record("setouchi", "customer", "target")
    world.record("prospect", "customer", "customer")
    served = world.record("us", "served", "customer", native_id="served")
    world.insert("intermediate.partners_of_record", record_id=served, partner="musashi", reason="account")
    world.override(world.record("us", "limited", "target", native_id="limited"), "block", "musashi", until=date(2027, 3, 31))
    world.record("us", "assigned", "target", native_id="assigned")
    world.record("setouchi", "assigned", "customer")
    world.record("us", "claimed", "target", native_id="claimed", crm="hubspot")
    world.claim("musashi", "claimed", active=date(2026, 11, 19))
    world.deal(world.record("us", "duplicated", "open_opportunity", native_id="deal"), active=date(2026, 11, 10))
    world.record("us", "duplicated", "known", native_id="copy", crm="hubspot")
    world.record("musashi", "duplicated", "open_opportunity")
    account = world.record("us", "blocked one by one", "target", native_id="one by one")
    world.override(account, "block", "musashi", until=date(2026, 12, 10))
    world.override(account, "block", "setouchi", until=date(2026, 12, 20))


def account(world: World, native_id: str) -> dict[str, Any]:
    (row,) = world.warehouse.rows(f"SELECT * FROM marts.crm_account_state WHERE native_id = '{native_id}'")
    return row


@pytest.mark.parametrize(
    ("native_id", "approach", "rule", "until"),
    [
        ("nobody", "open", "none", None),
        ("customer", "no_approach", "our_customer", None),
        ("served", "limited", "our_customer", None),
        ("limited", "limited", "blocked", None),
        ("assigned", "assigned", "none", None),
        ("claimed", "assigned", "registered_by_other", None),
        ("deal", "no_approach", "our_open_opportunity", date(2027, 2, 8)),
        ("copy", "no_approach", "our_open_opportunity", date(2027, 2, 8)),
        ("one by one", "no_approach", "blocked", date(2026, 12, 10)),
        ("line", "limited", "our_open_opportunity", None),  # all are barred, but for one product line only
    ],
)
def test_what_an_account_says(world: World, native_id: str, approach: str, rule: str, until: date | None) -> None:
    row = account(world, native_id)
    assert (row["partner_approach"], row["rule"], row["no_approach_until"]) == (approach, rule, until)
    assert row["no_approach"] == (approach == "no_approach")


def test_an_account_about_which_there_is_nothing_to_say_has_its_fields_cleared(world: World) -> None:
    row = account(world, "nobody")
    empty = ("no_approach_detail", "no_approach_until", "assigned_partner", "cells", "next_play")
    assert [row[name] for name in empty] == [None] * 5


def test_every_account_of_ours_has_one_row_and_nobody_elses_has(world: World) -> None:
    ours = world.warehouse.rows("SELECT native_id FROM intermediate.records WHERE party = 'us'")
    assert len(world.rows("crm_account_state")) == len(ours)


def test_the_detail_names_partner_reason_and_end(world: World) -> None:
    assert account(world, "customer")["no_approach_detail"] == "全パートナー: 既存のお客様（当社直販）のためアプローチ不可"
    assert (
        account(world, "served")["no_approach_detail"]
        == "瀬戸内ソリューション株式会社: 既存のお客様（当社直販）のためアプローチ不可"
    )
    expected = "武蔵システムズ株式会社: 担当営業の判断によりアプローチ不可（2027-03-31まで）"
    assert account(world, "limited")["no_approach_detail"] == expected


def test_cells_and_next_play_are_those_of_active_partners_the_best_first(world: World) -> None:
    row = account(world, "customer")
    assert row["cells"] == "武蔵システムズ:1, 瀬戸内ソリューション:6"
    assert row["next_play"] == "武蔵システムズ: 両社の既存顧客へ共同で追加提案する"


def test_the_holder_is_named(world: World) -> None:
    assert account(world, "assigned")["assigned_partner"] == "瀬戸内ソリューション株式会社"
    assert account(world, "claimed")["assigned_partner"] == "武蔵システムズ株式会社"


def test_child_rows_are_of_partners_that_named_the_company_or_hold_it(world: World) -> None:
    columns = "external_id, cell, may_approach, reason, assigned"
    assert world.rows("crm_account_map", columns, "account_native_id = 'assigned'") == [
        ("assigned:setouchi", 3, True, "アプローチ可", True)
    ]
    assert world.rows("crm_account_map", "external_id, may_approach", "account_native_id = 'customer'") == [
        ("customer:musashi", False), ("customer:setouchi", False)
    ]  # fmt: skip


def test_a_bar_of_one_product_line_is_told_with_its_name_and_leaves_the_rest_open(world: World) -> None:
    reason = "当社が商談中のためアプローチ不可（勤怠クラウドのみ）"
    assert account(world, "line")["no_approach_detail"] == f"全パートナー: {reason}（2027-02-08まで）"
    assert world.rows("crm_account_map", "external_id, may_approach, reason, valid_until", "account_native_id = 'line'") == [
        ("line:musashi", True, f"一部製品のみ不可: {reason}", None)
    ]


def test_hubspot_lists_hold_hubspot_companies_of_ours(world: World) -> None:
    assert world.rows("crm_lists") == [("our_hubspot", "musashi:no_approach", "copy")]
