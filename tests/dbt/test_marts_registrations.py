"""Deal registrations and collisions: who was first, what holds, what lapses, who collides."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from tests.dbt.harness import DbtProject, TestWarehouse
from tests.dbt.marts_world import World

COMPANIES = [
    "contested",
    "tied",
    "lapsed first",
    "idle",
    "kept alive",
    "our customer",
    "our deal",
    "deal came later",
    "twice",
    "pending",
    "undecided",
    "backed",
    "sold",
    "through setouchi",
    "barred",
    "given",
    "monday",
    "friday",
    "saturday",
    "sunday",
    "night",
]


def day(month: int, number: int) -> datetime:
    return datetime(2026, month, number, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def world(dbt_project: DbtProject) -> Iterator[World]:
    warehouse = TestWarehouse(dbt_project)
    world = World(warehouse)
    for partner in ("musashi", "setouchi", "tasogare"):
        world.partner(partner)
    world.partner("manual", approval="manual")
    for company in COMPANIES:
        world.company(company)
    between_partners(world)
    over_time(world)
    against_us(world)
    yield world.build("collision_log", "no_approach")
    warehouse.close()


def between_partners(world: World) -> None:
    world.claim("setouchi", "contested", received=day(11, 10))
    world.claim("musashi", "contested", received=day(11, 9))
    world.record("tasogare", "contested", "target")
    world.claim("musashi", "tied")
    world.claim("setouchi", "tied")
    world.record("setouchi", "tied", "customer")
    world.claim("musashi", "lapsed first", received=day(5, 1))
    world.claim("setouchi", "lapsed first", received=day(6, 1), active=date(2026, 6, 2))
    world.claim("tasogare", "lapsed first", received=day(11, 2))
    world.claim("musashi", "twice", received=day(11, 2))
    world.claim("musashi", "twice", received=day(11, 3))


def over_time(world: World) -> None:
    world.claim("musashi", "idle", received=day(10, 1))
    world.claim("musashi", "kept alive", received=day(10, 1), active=date(2026, 11, 1))
    world.claim("manual", "pending", received=day(11, 13))  # a Friday: five business days end next Friday
    world.claim("manual", "undecided", received=day(11, 12))
    for company, number in (("monday", 9), ("friday", 13), ("saturday", 14), ("sunday", 15)):
        world.claim("manual", company, received=day(11, number))
    world.claim("manual", "night", received=datetime(2026, 11, 9, 16, tzinfo=UTC))
    account = world.record("us", "backed", "open_opportunity")
    world.deal(account, active=date(2026, 11, 19), partner="manual")
    world.claim("manual", "backed", received=day(11, 2))
    world.deal(world.record("us", "sold", "customer"), state="won", close=date(2026, 11, 10), partner="musashi")
    world.claim("musashi", "sold", received=day(10, 20))


def against_us(world: World) -> None:
    world.record("us", "our customer", "customer")
    world.claim("musashi", "our customer", received=day(11, 2))
    world.deal(world.record("us", "our deal", "open_opportunity"), active=date(2026, 11, 1))
    world.claim("musashi", "our deal", received=day(11, 2))
    world.deal(world.record("us", "deal came later", "open_opportunity"), created=date(2026, 11, 10), active=date(2026, 11, 10))
    world.claim("musashi", "deal came later", received=day(11, 2))
    world.deal(world.record("us", "through setouchi", "open_opportunity"), active=date(2026, 11, 1), partner="setouchi")
    world.claim("musashi", "through setouchi", received=day(11, 2))
    world.override(world.record("us", "barred", "target"), "block", "musashi")
    world.claim("musashi", "barred", received=day(11, 2))
    world.record("setouchi", "barred", "customer")
    # cell 5 and a partner's own work are no approaches
    world.deal(world.record("us", "given", "open_opportunity"), active=date(2026, 11, 1))
    world.activity(world.record("musashi", "given", "open_opportunity"), "musashi", date(2026, 11, 19), "partner_report")


def states(world: World, company: str) -> list[tuple[str, str, str]]:
    return [tuple(row) for row in world.rows("registrations", "partner, status, reason_key", f"company_id = '{company}'")]


@pytest.mark.parametrize(
    ("company", "expected"),
    [
        ("contested", [("musashi", "approved", "automatic"), ("setouchi", "rejected", "registered_by_other")]),
        ("tied", [("musashi", "rejected", "registered_by_other"), ("setouchi", "approved", "automatic")]),
        ("twice", [("musashi", "approved", "automatic"), ("musashi", "rejected", "duplicate")]),
        (
            "lapsed first",
            [
                ("musashi", "expired", "no_activity"),
                ("setouchi", "expired", "no_activity"),
                ("tasogare", "approved", "automatic"),
            ],
        ),
        ("idle", [("musashi", "expired", "no_activity")]),
        ("kept alive", [("musashi", "approved", "automatic")]),
        ("pending", [("manual", "pending", "pending")]),
        ("undecided", [("manual", "expired", "not_decided")]),
        ("backed", [("manual", "approved", "partner_of_record")]),
        ("sold", [("musashi", "won", "won")]),
        ("our customer", [("musashi", "rejected", "existing_customer")]),
        ("our deal", [("musashi", "rejected", "no_approach")]),
        ("deal came later", [("musashi", "approved", "automatic")]),
        ("barred", [("musashi", "rejected", "no_approach")]),
    ],
)
def test_what_becomes_of_a_claim(world: World, company: str, expected: list[tuple[str, str, str]]) -> None:
    assert states(world, company) == [(partner, status, f"registration.{reason}") for partner, status, reason in expected]


def test_the_first_claim_bars_every_other_partner_until_it_ends(world: World) -> None:
    barred = world.rows("no_approach", "partner, valid_until, partner_reason_key", "company_id = 'contested'")
    assert barred == [("setouchi", date(2026, 12, 9), "assigned"), ("tasogare", date(2026, 12, 9), "assigned")]


def test_a_claim_that_has_lapsed_blocks_no_one(world: World) -> None:
    assert world.rows("no_approach", where="company_id = 'idle'") == []


def test_activity_prolongs_a_claim_up_to_the_protection_period(world: World) -> None:
    assert world.rows("registrations", "protected_until", "company_id = 'kept alive'") == [(date(2026, 12, 1),)]


def test_a_pending_claim_holds_for_business_days(world: World) -> None:
    assert world.rows("registrations", "protected_until", "company_id = 'pending'") == [(date(2026, 11, 20),)]
    assert world.rows("registrations", "protected_until", "company_id = 'undecided'") == [(date(2026, 11, 19),)]


@pytest.mark.parametrize(
    ("company", "expected"),
    [
        ("contested", [("registered_twice", "musashi,setouchi", "musashi")]),
        ("tied", [("registered_twice", "musashi,setouchi", "setouchi")]),
        ("lapsed first", []),
        ("our deal", [("partner_and_own_sales", "musashi,us", "us")]),
        ("deal came later", [("partner_and_own_sales", "musashi,us", "musashi")]),
        ("through setouchi", [("two_partners", "musashi,setouchi", "setouchi")]),
        ("our customer", [("working_no_approach", "musashi", "us")]),
        ("barred", [("two_partners", "musashi,setouchi", "setouchi"), ("working_no_approach", "musashi", "us")]),
        ("backed", []),  # the partner of record does not collide
        ("given", []),  # a joint play does not collide
    ],
)
def test_collisions(world: World, company: str, expected: list[tuple[str, str, str]]) -> None:
    assert world.rows("collisions", "kind, parties, suggested_winner", f"company_id = '{company}'") == expected


@pytest.mark.parametrize(
    ("received", "until"),
    [
        ("monday", date(2026, 11, 16)),
        ("friday", date(2026, 11, 20)),
        ("saturday", date(2026, 11, 20)),  # counts as its Friday
        ("sunday", date(2026, 11, 20)),
        ("night", date(2026, 11, 17)),  # Tuesday in Tokyo, still Monday in UTC
    ],
)
def test_business_days_leave_out_weekends(world: World, received: str, until: date) -> None:
    assert world.rows("claim_terms", "protected_until", f"company_id = '{received}'") == [(until,)]
