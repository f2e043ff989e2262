"""Collisions: who meets whom on a company, who goes first and why, and what is no collision."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.dbt.harness import AS_OF, DbtProject, TestWarehouse
from tests.dbt.marts_world import World

COMPANIES = [
    "contested",
    "tied",
    "tied strangers",
    "lapsed",
    "our deal",
    "deal came later",
    "let in by our rep",
    "in a deal by its stage",
    "through setouchi",
    "through musashi",
    "our customer",
    "restricted",
    "blocked for both",
    "held by setouchi",
    "backed",
    "joint play",
    "other lines",
    "lines and whole",
    "deal in another line",
    "offered",
    "refused",
    "in review",
    "shared by agreement",
]


def day(month: int, number: int) -> datetime:
    return datetime(2026, month, number, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def world(dbt_project: DbtProject) -> Iterator[World]:
    warehouse = TestWarehouse(dbt_project)
    world = World(warehouse)
    for partner in ("musashi", "setouchi", "tasogare"):
        world.partner(partner)
    world.partner("hoshizora", exclusive=False)
    for position, line in enumerate(("hr", "finance")):
        world.insert("config.product_lines", product_line=line, name=line, position=position)
    for company in COMPANIES:
        world.company(company)
    between_claims(world)
    against_us(world)
    against_holders(world)
    no_collision(world)
    seen_before(world)
    yield world.build("collision_log")
    warehouse.close()


def between_claims(world: World) -> None:
    world.claim("setouchi", "contested", received=day(11, 10))
    world.claim("musashi", "contested", received=day(11, 9))
    world.claim("musashi", "tied")
    world.claim("setouchi", "tied")
    world.record("setouchi", "tied", "customer")
    world.claim("musashi", "tied strangers")
    world.claim("setouchi", "tied strangers")
    world.claim("musashi", "lines and whole", received=day(11, 2), scope="hr")
    world.claim("setouchi", "lines and whole", received=day(11, 3))
    world.claim("tasogare", "lines and whole", received=day(11, 4), scope="finance")


def against_us(world: World) -> None:
    world.deal(world.record("us", "our deal", "open_opportunity"), active=date(2026, 11, 1))
    world.claim("musashi", "our deal", received=day(11, 2))
    world.deal(world.record("us", "deal came later", "open_opportunity"), created=date(2026, 11, 10), active=date(2026, 11, 10))
    world.claim("musashi", "deal came later", received=day(11, 2))
    world.record("us", "in a deal by its stage", "open_opportunity", since=date(2026, 10, 1))
    world.claim("musashi", "in a deal by its stage", received=day(11, 2))
    world.record("us", "our customer", "customer")
    for partner in ("musashi", "setouchi"):
        world.claim(partner, "our customer", received=day(11, 2))
    world.insert("config.restricted", name="株式会社restricted", reach="company", reason="antisocial")
    world.claim("musashi", "restricted", received=day(11, 2))
    world.record("us", "restricted", "target", name_key="restricted")
    world.override(world.record("us", "blocked for both", "target"), "block")
    world.claim("musashi", "blocked for both", received=day(11, 2), scope="hr")


def against_holders(world: World) -> None:
    world.deal(world.record("us", "through setouchi", "open_opportunity"), active=date(2026, 11, 1), partner="setouchi")
    world.claim("musashi", "through setouchi", received=day(11, 2))
    world.override(world.record("us", "held by setouchi", "target"), "block", "musashi")
    world.claim("musashi", "held by setouchi", received=day(11, 2))
    world.record("setouchi", "held by setouchi", "customer")
    world.record("setouchi", "offered", "customer")
    world.record("hoshizora", "offered", "target")


def no_collision(world: World) -> None:
    world.claim("musashi", "lapsed", received=day(6, 1))
    world.claim("setouchi", "lapsed", received=day(11, 2))
    account = world.record("us", "let in by our rep", "open_opportunity")
    world.deal(account, active=date(2026, 11, 1))
    world.override(account, "allow", "musashi")
    world.claim("musashi", "let in by our rep", received=day(11, 2))
    world.deal(world.record("us", "through musashi", "open_opportunity"), active=date(2026, 11, 1), partner="musashi")
    world.claim("musashi", "through musashi", received=day(11, 2))
    deal = world.deal(world.record("us", "backed", "open_opportunity"), active=date(2026, 11, 1))
    world.claim("musashi", "backed", received=day(11, 2), deal=deal)
    world.deal(world.record("us", "joint play", "open_opportunity"), active=date(2026, 11, 1))
    world.activity(world.record("musashi", "joint play", "open_opportunity"), "musashi", date(2026, 11, 19), "partner_report")
    world.claim("musashi", "other lines", received=day(11, 2), scope="hr")
    world.claim("setouchi", "other lines", received=day(11, 3), scope="finance")
    account = world.record("us", "deal in another line", "target")
    world.deal(account, created=date(2026, 11, 10), active=date(2026, 11, 10), scope="hr")
    world.claim("musashi", "deal in another line", received=day(11, 2), scope="finance")
    world.claim("musashi", "refused", received=day(11, 2))
    world.decided(world.claim("setouchi", "refused", received=day(11, 3)), "rejected", at=day(11, 4))
    world.link(world.claim("musashi", "in review", received=day(11, 2)), "our customer", verdict="review")
    world.claim("musashi", "shared by agreement", received=day(11, 2))
    world.claim("setouchi", "shared by agreement", received=day(11, 3))
    account = world.record("us", "shared by agreement", "target")
    world.override(account, "allow", "setouchi", until=date(2026, 12, 31))
    world.insert(
        "state.override_confirmations",
        record_id=account,
        partner="setouchi",
        until=date(2026, 12, 31),
        reason="両社で合意",
        decided_by="sato",
        decided_at=day(11, 5),
    )


def seen_before(world: World) -> None:
    for id, last_seen, resolved in (
        ("gone", day(11, 19), None),
        ("over", day(11, 10), day(11, 11)),
        ("seen after this moment", day(12, 1), None),
    ):
        world.insert(
            "state.collisions",
            collision_id=id,
            kind="two_partners",
            company_id="backed",
            company_name="backed",
            scope="*",
            parties="musashi,setouchi",
            severity="high",
            who_must_act="partner_manager",
            rule="partner_of_record",
            first_seen_at=day(11, 1),
            last_seen_at=last_seen,
            resolved_at=resolved,
        )


@pytest.mark.parametrize(
    ("company", "expected"),
    [
        ("contested", [("registered_twice", "musashi,setouchi", "musashi", "first_received", "medium")]),
        ("tied", [("registered_twice", "musashi,setouchi", "setouchi", "existing_relationship", "medium")]),
        ("our deal", [("partner_and_own_sales", "musashi,us", "us", "our_open_opportunity", "high")]),
        ("deal came later", [("partner_and_own_sales", "musashi,us", "musashi", "first_received", "high")]),
        ("in a deal by its stage", [("partner_and_own_sales", "musashi,us", "us", "our_open_opportunity", "high")]),
        ("through setouchi", [("two_partners", "musashi,setouchi", "setouchi", "partner_of_record", "high")]),
        ("our customer", [("working_no_approach", "musashi,setouchi", "us", "no_approach", "medium")]),
        ("restricted", [("working_no_approach", "musashi", "us", "no_approach", "high")]),
        (
            "held by setouchi",
            [
                ("two_partners", "musashi,setouchi", "setouchi", "standing_assignment", "high"),
                ("working_no_approach", "musashi", "us", "no_approach", "medium"),
            ],
        ),
        ("offered", [("offered_twice", "hoshizora,setouchi", "setouchi", "standing_assignment", "low")]),
        ("lapsed", []),
        ("let in by our rep", []),
        ("through musashi", []),  # the partner of record does not collide
        ("backed", []),  # our deal is the partner's own registration
        ("joint play", []),  # a partner's own work is no approach
        ("other lines", []),
        ("deal in another line", []),
        ("refused", []),  # a person has decided
        ("in review", []),
        ("shared by agreement", []),
    ],
)
def test_collisions(world: World, company: str, expected: list[tuple[str, ...]]) -> None:
    columns = "kind, parties, suggested_winner, rule, severity"
    assert world.rows("collisions", columns, f"company_id = '{company}'") == expected


def test_a_tie_between_strangers_is_broken_the_same_way_each_time(world: World) -> None:
    (rule, winner), *_ = world.rows("collisions", "rule, suggested_winner", "company_id = 'tied strangers'")
    held = world.rows("registrations", "partner", "company_id = 'tied strangers' AND status = 'approved'")
    assert (rule, [(winner,)]) == ("stable_hash", held)


def test_a_claim_on_the_whole_company_meets_each_line(world: World) -> None:
    found = world.rows("collisions", "scope, parties, suggested_winner", "company_id = 'lines and whole'")
    assert found == [("finance", "setouchi,tasogare", "tasogare"), ("hr", "musashi,setouchi", "musashi")]


def test_a_run_resolves_what_it_no_longer_finds_and_a_replay_ends_nothing_later(world: World) -> None:
    logged = dict(world.rows("collision_log", "collision_id, resolved_at", "company_id = 'backed'"))
    assert logged == {"gone": AS_OF, "over": day(11, 11), "seen after this moment": None}
    assert len(world.rows("collision_log")) == len(world.rows("collisions")) + len(logged)


def test_who_must_act(world: World) -> None:
    acting = dict(world.rows("collisions", "DISTINCT kind, who_must_act"))
    assert acting == dict.fromkeys(acting, "partner_manager") | {"partner_and_own_sales": "our_owner"}


def test_the_contracts_of_the_models_hold(world: World) -> None:
    world.warehouse.close()
    world.warehouse.project.dbt("test", "path:models/marts/collisions")


def run(world: World) -> list[tuple[Any, ...]]:
    """Claims and collisions anew, remembered as the line does it after each run; gives the log."""
    world.build("collision_log")
    world.warehouse.con.execute("INSERT OR REPLACE INTO state.collisions BY NAME FROM marts.collision_log")
    return world.rows("collision_log", "collision_id, parties, first_seen_at, last_seen_at, resolved_at")


def test_a_collision_is_one_row_until_it_ends_and_a_new_one_when_it_comes_back(warehouse: TestWarehouse) -> None:
    world = World(warehouse)
    for partner in ("musashi", "setouchi", "tasogare"):
        world.partner(partner)
    world.company("contested")
    for partner in ("musashi", "setouchi"):
        world.claim(partner, "contested", received=day(11, 2))
    world.build("collision_log")
    ((id, _, first_seen, _, _),) = first = run(world)
    assert run(world) == first

    days = [AS_OF + timedelta(days=n) for n in range(1, 4)]
    warehouse.set_run(days[0])
    third = world.claim("tasogare", "contested", received=day(11, 3))
    assert run(world) == [(id, "musashi,setouchi,tasogare", first_seen, days[0], None)]

    warehouse.set_run(days[1])
    refused = [row[0] for row in world.rows("registrations", "claim_id", "status = 'rejected'")]
    for claim in refused:
        world.decided(claim, "rejected", at=AS_OF)
    ended = run(world)
    assert ended == [(id, "musashi,setouchi,tasogare", first_seen, days[0], days[1])]
    assert world.rows("collisions") == []

    warehouse.set_run(days[2])
    world.decided(next(claim for claim in (third, *refused) if claim in refused), "withdrawn", at=days[2])
    (back,) = [row for row in run(world) if row[0] != id]
    assert back[2:] == (days[2], days[2], None)
