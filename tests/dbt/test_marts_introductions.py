"""Introductions that were asked for, and those that the map proposes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from tests.dbt.harness import DbtProject, TestWarehouse
from tests.dbt.marts_world import World

RESTRICTED = "5180301018776"
CUSTOMERS = {"asked": "requested", "won before": "won", "free": None, "barred": None, "restricted": None}


@pytest.fixture(scope="module")
def world(dbt_project: DbtProject) -> Iterator[World]:
    warehouse = TestWarehouse(dbt_project)
    world = World(warehouse)
    world.partner("musashi")
    world.partner("mirai", party_type="investor")
    world.partner("newcomer", stage="prospective")
    world.partner("former", stage="ended")
    for company, status in CUSTOMERS.items():
        world.company(company, corporate_number=RESTRICTED if company == "restricted" else None)
        account = world.record("us", company, "target", owner_name="佐藤")
        world.record("musashi", company, "customer")
        if status:
            world.introduction("musashi", company, status, requested_on=date(2026, 11, 1))
        if company == "barred":
            world.override(account, "block", "musashi")
    world.insert("config.restricted", corporate_number=RESTRICTED, reach="company", reason="antisocial")
    world.company("our customer")
    world.record("us", "our customer", "customer", owner_name="鈴木")
    for partner in ("musashi", "mirai", "newcomer"):
        world.record(partner, "our customer", "target")
    world.company("portfolio")
    world.record("us", "portfolio", "target", owner_name="佐藤")
    world.record("mirai", "portfolio", "customer")
    world.introduction("mirai", None, "accepted", requested_on=date(2026, 11, 10), accepted_on=date(2026, 11, 12))
    world.introduction("former", "free", "requested")
    yield world.build("introductions", "introduction_proposals")
    warehouse.close()


def test_an_introduction_stands_in_its_cell_with_its_age_and_our_owner(world: World) -> None:
    columns = "partner, direction, status, cell, age_days, is_open, owner_name"
    assert world.rows("introductions", columns, "company_id = 'asked'") == [
        ("musashi", "to_us", "requested", 3, 19, True, "佐藤")
    ]


def test_an_introduction_whose_company_is_in_review_is_kept_without_one(world: World) -> None:
    columns = "company_id, company_name, cell, is_open"
    assert world.rows("introductions", columns, "partner = 'mirai'") == [(None, "株式会社不明", None, True)]


def test_an_introduction_alone_puts_no_company_on_the_map_and_an_ended_partner_has_none(world: World) -> None:
    assert world.rows("introductions", where="partner = 'former'") == []
    assert world.rows("party_companies", where="party = 'former'") == []


def test_an_introduction_is_proposed_by_the_play_of_the_cell(world: World) -> None:
    columns = "company_id, direction, cell, reason_key, owner_name"
    assert world.rows("introduction_proposals", columns, "partner = 'mirai'") == [
        ("our customer", "to_partner", 6, "play.investor_introduced", "鈴木"),
        ("portfolio", "to_us", 3, "play.portfolio_introduction", "佐藤"),
    ]


def test_nothing_under_way_and_nothing_restricted_is_proposed_but_a_barred_company_is(world: World) -> None:
    companies = world.rows("introduction_proposals", "company_id", "partner = 'musashi' AND cell = 3")
    assert companies == [("barred",), ("free",), ("won before",)]


def test_only_active_partners_have_proposals(world: World) -> None:
    assert world.rows("introduction_proposals", "DISTINCT partner") == [("mirai",), ("musashi",)]


def test_a_partner_whose_introductions_were_won_stands_before_one_of_which_nothing_is_known(world: World) -> None:
    chances = dict(world.rows("introduction_chances", "partner, round(chance, 3)", "direction = 'to_us'"))
    assert chances == {"musashi": 0.444, "mirai": 0.222}
    (best,) = world.rows("introduction_proposals", "partner", "owner_name = '佐藤' AND owner_rank = 1")
    assert best == ("musashi",)


def test_ranks_count_from_one_without_a_gap(world: World) -> None:
    for rank, group in (("rank", "partner"), ("owner_rank", "owner_name")):
        found = world.rows("introduction_proposals", f"list({rank} ORDER BY {rank})", f"true GROUP BY {group}")
        assert all(ranks == list(range(1, len(ranks) + 1)) for (ranks,) in found)
