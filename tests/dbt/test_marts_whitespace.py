"""Whitespace, its arbitration, holds and cap; and what a run does not depend on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from tests.dbt.harness import DbtProject, TestWarehouse
from tests.dbt.marts_world import World


def offer(world: World, company: str, ours: str | None, **partners: str) -> None:
    """A company of ours with that status (None: not ours), and the partners' statuses of it."""
    world.company(company)
    if ours:
        world.record("us", company, ours)
    for partner, status in partners.items():
        world.record(partner, company, status)


def statuses(world: World) -> None:
    offer(world, "our target", "target", musashi="customer")
    offer(world, "known to us", "known", musashi="target")
    offer(world, "not ours", None, musashi="known")
    offer(world, "our customer", "customer", musashi="customer")
    offer(world, "shared and exclusive", "target", musashi="target", open_partner="target", other_open="target")


def contested(world: World) -> None:
    offer(world, "both", "target", musashi="target", setouchi="customer")
    offer(world, "claimed", "target", musashi="target", setouchi="customer")
    world.claim("musashi", "claimed")
    offer(world, "held", "target", musashi="target", setouchi="customer")
    world.assigned("held", "musashi", on=date(2026, 9, 1), until=date(2026, 11, 30))
    offer(world, "hold ran out", "target", musashi="target", setouchi="customer")
    world.assigned("hold ran out", "musashi", on=date(2026, 7, 1), until=date(2026, 9, 29))
    offer(world, "hold released", "target", setouchi="target")
    world.override(world.record("us", "hold released", "target"), "block", "musashi")
    world.record("musashi", "hold released", "customer")
    world.assigned("hold released", "musashi", on=date(2026, 9, 1), until=date(2026, 11, 30))
    offer(world, "hold renewed", "target", setouchi="customer")
    worked = world.record("musashi", "hold renewed", "target")
    world.activity(worked, "musashi", date(2026, 11, 10), "partner_report")
    world.assigned("hold renewed", "musashi", on=date(2026, 8, 20), until=date(2026, 11, 18))


def places(world: World) -> None:
    world.company("territory target", prefecture="香川県")
    world.record("us", "territory target", "target")
    world.company("territory known", prefecture="香川県")
    world.record("us", "territory known", "known")
    world.company("elsewhere", prefecture="北海道")
    world.record("us", "elsewhere", "target")


def doubtful(world: World) -> None:
    offer(world, "barred twin", "customer")
    world.company("maybe barred")
    record = world.record("musashi", "maybe barred", "target")
    world.link(record, "barred twin", verdict="review")


def capped(world: World) -> None:
    for number in range(4):
        offer(world, f"many {number}", "target", capped="customer" if number == 3 else "target", late="target")


FACTS: list[Callable[[World], None]] = [statuses, contested, places, doubtful, capped]


def tell(warehouse: TestWarehouse, facts: list[Callable[[World], None]]) -> World:
    world = World(warehouse)
    world.partner("musashi")
    world.partner("setouchi")
    world.partner("shikoku", prefectures=("香川県", "徳島県"))
    world.partner("open_partner", exclusive=False)
    world.partner("other_open", exclusive=False)
    world.partner("capped", cap=2)
    world.partner("late")
    for fact in facts:
        fact(world)
    return world.build()


@pytest.fixture(scope="module")
def world(dbt_project: DbtProject) -> Iterator[World]:
    warehouse = TestWarehouse(dbt_project)
    yield tell(warehouse, FACTS)
    warehouse.close()


def holders(world: World, company: str) -> list[Any]:
    return [partner for (partner,) in world.rows("whitespace", "partner", f"company_id = '{company}'")]


@pytest.mark.parametrize(
    ("company", "expected"),
    [
        ("our target", ["musashi"]),
        ("known to us", ["musashi"]),
        ("not ours", ["musashi"]),
        ("our customer", []),
        ("shared and exclusive", ["musashi", "open_partner", "other_open"]),
        ("both", ["setouchi"]),  # its customer
        ("claimed", ["musashi"]),
        ("held", ["musashi"]),  # a standing assignment stays
        ("hold ran out", ["setouchi"]),
        ("hold released", ["setouchi"]),  # by a no-approach row
        ("hold renewed", ["musashi"]),  # by activity
        ("territory target", ["shikoku"]),
        ("territory known", []),
        ("elsewhere", []),
        ("barred twin", []),
        ("maybe barred", []),  # a review link to a barred company withholds it
    ],
)
def test_who_is_offered_a_company(world: World, company: str, expected: list[str]) -> None:
    assert holders(world, company) == expected


def test_reasons_and_rules_are_told(world: World) -> None:
    found = {
        row[0]: row[1:]
        for row in world.rows("whitespace", "company_id, reason_key, arbitration_rule", "partner <> 'open_partner'")
    }
    assert found["both"] == ("whitespace.their_customer", "existing_customer")
    assert found["claimed"] == ("whitespace.their_target", "only_candidate")
    assert found["territory target"] == ("whitespace.in_territory", "only_candidate")


def test_a_renewed_hold_runs_from_the_last_activity(world: World) -> None:
    assert world.rows("assignments", "partner, assigned_on, held_until", "company_id = 'hold renewed'") == [
        ("musashi", date(2026, 8, 20), date(2027, 2, 8))
    ]


def test_a_withheld_company_is_named_for_our_own_people(world: World) -> None:
    assert world.rows("whitespace_withheld", "partner, company_id, barred_company_id, rule") == [
        ("musashi", "maybe barred", "barred twin", "our_customer")
    ]


def test_a_cap_trims_after_assignment_and_the_rest_is_not_offered_to_another(world: World) -> None:
    assigned = world.rows("assignments", "company_id", "partner = 'capped'")
    offered = world.rows("whitespace", "rank, company_id", "partner = 'capped'")
    assert len(offered) == min(2, len(assigned))
    assert offered[0] == (1, "many 3")  # its customer goes first
    others = {company for (company,) in world.rows("whitespace", "company_id", "partner = 'late'")}
    assert others.isdisjoint({company for (company,) in assigned})


def test_exclusive_whitespace_goes_to_one_partner_and_nothing_barred_is_offered(world: World) -> None:
    assert world.rows("whitespace", "company_id", "exclusive GROUP BY company_id HAVING count(*) > 1") == []
    assert world.warehouse.rows("SELECT 1 FROM marts.whitespace JOIN marts.no_approach USING (partner, company_id)") == []
