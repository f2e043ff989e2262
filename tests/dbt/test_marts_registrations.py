"""Deal registrations: who was first, what was decided, what holds, what lapses."""

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
    "barred",
    "monday",
    "friday",
    "saturday",
    "sunday",
    "night",
    "in grace",
    "last day of grace",
    "grace is over",
    "extended",
    "extended and idle",
    "approved late",
    "refused",
    "taken back",
    "decided tomorrow",
    "approved in our crm",
    "waits in our crm",
    "refused in our crm",
    "refused in our crm, approved by a person",
    "by lines",
    "whole company first",
    "same line twice",
    "barred first",
    "promised",
    "worked",
    "worked by us",
    "in review",
    "in review, on a list",
    "prospective",
    "ended",
    "our own deal",
    "our own deal and another",
    "our deal lost",
    "our deal won",
    "won in another line",
    "deal in one line",
    "every line barred",
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
    world.partner("patient", terms={"protection_days": 30, "grace_days": 10, "activity_days": 60})
    world.partner("by_line", by_product_line=True)
    world.partner("to_come", stage="prospective")
    world.partner("gone", stage="ended")
    for position, line in enumerate(("hr", "finance")):
        world.insert("config.product_lines", product_line=line, name=line, position=position)
    for company in COMPANIES:
        world.company(company)
    between_partners(world)
    over_time(world)
    against_us(world)
    decided(world)
    by_product_line(world)
    unplaced(world)
    on_deals_of_ours(world)
    yield world.build("registrations", "no_approach")
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
    world.override(world.record("us", "barred", "target"), "block", "musashi")
    world.claim("musashi", "barred", received=day(11, 2))
    world.record("setouchi", "barred", "customer")


def decided(world: World) -> None:
    for company, received in (("in grace", 20), ("last day of grace", 11), ("grace is over", 10)):
        world.claim("patient", company, received=day(10, received))
    world.decided(world.claim("manual", "extended", received=day(11, 2)), "extended", at=day(11, 19), until=date(2026, 12, 15))
    idle = world.claim("manual", "extended and idle", received=day(9, 1))
    world.decided(idle, "extended", at=day(10, 10), until=date(2026, 12, 31))
    world.decided(world.claim("manual", "approved late", received=day(11, 2)), "approved", at=day(11, 19))
    world.decided(world.claim("musashi", "refused", received=day(11, 2)), "rejected", at=day(11, 3))
    world.claim("setouchi", "refused", received=day(11, 4))
    taken_back = world.claim("musashi", "taken back", received=day(11, 2))
    world.decided(taken_back, "rejected", at=day(11, 3))
    world.decided(taken_back, "withdrawn", at=day(11, 4))
    world.decided(world.claim("manual", "decided tomorrow", received=day(11, 16)), "approved", at=day(11, 21))
    world.claim("manual", "approved in our crm", received=day(11, 2), crm_status="approved")
    world.claim("musashi", "waits in our crm", received=day(11, 16), crm_status="pending")
    world.claim("musashi", "refused in our crm", received=day(11, 2), crm_status="rejected")
    both = world.claim("musashi", "refused in our crm, approved by a person", received=day(11, 2), crm_status="rejected")
    world.decided(both, "approved", at=day(11, 3))


def by_product_line(world: World) -> None:
    world.claim("musashi", "by lines", received=day(11, 2), scope="hr")
    world.claim("tasogare", "by lines", received=day(11, 3))
    world.claim("setouchi", "by lines", received=day(11, 4), scope="finance")
    world.claim("manual", "by lines", received=day(11, 16), scope="finance")
    world.claim("musashi", "whole company first", received=day(11, 2))
    world.claim("setouchi", "whole company first", received=day(11, 3), scope="hr")
    world.claim("musashi", "same line twice", received=day(11, 2), scope="hr")
    world.claim("musashi", "same line twice", received=day(11, 3), scope="finance")
    world.claim("musashi", "same line twice", received=day(11, 4), scope="finance")
    world.override(world.record("us", "barred first", "target"), "block", "musashi")
    world.claim("musashi", "barred first", received=day(11, 2))
    world.claim("setouchi", "barred first", received=day(11, 3))
    account = world.record("us", "deal in one line", "open_opportunity")
    world.deal(account, active=date(2026, 11, 1), scope="hr")
    world.claim("by_line", "deal in one line", received=day(11, 2), scope="hr")
    world.claim("by_line", "deal in one line", received=day(11, 3))
    account = world.record("us", "every line barred", "open_opportunity")
    for line in ("hr", "finance"):
        world.deal(account, active=date(2026, 11, 1), scope=line)
    world.claim("by_line", "every line barred", received=day(11, 2))


def unplaced(world: World) -> None:
    world.claim("musashi", "promised", received=day(10, 1), active=date(2026, 12, 25))
    world.claim("musashi", "worked", received=day(10, 1))
    world.activity(world.record("musashi", "worked", "target"), "musashi", date(2026, 11, 15), "partner_report")
    world.claim("musashi", "worked by us", received=day(10, 1))
    world.activity(world.record("us", "worked by us", "target"), "us", date(2026, 11, 15))
    for company in ("in review", "in review, on a list"):
        world.link(world.claim("manual", company, received=day(11, 2)), "our customer", verdict="review")
    world.record("setouchi", "in review, on a list", "target")
    world.claim("to_come", "prospective", received=day(11, 2))
    world.claim("gone", "ended", received=day(11, 2))


def on_deals_of_ours(world: World) -> None:
    for company, states in {
        "our own deal": ("open",),
        "our own deal and another": ("open", "open"),
        "our deal lost": ("lost",),
        "our deal won": ("won",),
    }.items():
        account = world.record("us", company, "open_opportunity" if states[0] == "open" else "target")
        deals = [world.deal(account, state=state, active=date(2026, 11, 2)) for state in states]
        world.claim("musashi", company, received=day(11, 2), deal=deals[0])
    account = world.record("us", "won in another line", "target")
    world.deal(account, state="won", close=date(2026, 11, 10), partner="musashi", scope="hr")
    world.claim("musashi", "won in another line", received=day(11, 2), scope="finance")
    world.claim("musashi", "won in another line", received=day(11, 3), scope="hr")


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
        ("grace is over", [("patient", "expired", "protection_over")]),
        ("extended", [("manual", "extended", "extended_by_manager")]),
        ("extended and idle", [("manual", "expired", "no_activity")]),
        ("approved late", [("manual", "approved", "approved_by_manager")]),
        ("refused", [("musashi", "rejected", "rejected_by_manager"), ("setouchi", "approved", "automatic")]),
        ("taken back", [("musashi", "approved", "automatic")]),
        ("decided tomorrow", [("manual", "pending", "pending")]),
        ("approved in our crm", [("manual", "approved", "approved_in_crm")]),
        ("waits in our crm", [("musashi", "pending", "pending")]),
        ("refused in our crm", [("musashi", "rejected", "rejected_in_crm")]),
        ("refused in our crm, approved by a person", [("musashi", "approved", "approved_by_manager")]),
        ("barred first", [("musashi", "rejected", "no_approach"), ("setouchi", "approved", "automatic")]),
        ("promised", [("musashi", "expired", "no_activity")]),
        ("worked", [("musashi", "approved", "automatic")]),
        ("worked by us", [("musashi", "expired", "no_activity")]),
        ("in review", [("manual", "submitted", "submitted")]),
        ("in review, on a list", [("manual", "expired", "not_decided")]),
        ("prospective", [("to_come", "rejected", "partner_not_active")]),
        ("ended", [("gone", "rejected", "partner_not_active")]),
        ("our own deal", [("musashi", "approved", "automatic")]),
        ("our own deal and another", [("musashi", "rejected", "no_approach")]),
        ("our deal lost", [("musashi", "expired", "deal_lost")]),
        ("our deal won", [("musashi", "won", "won")]),
        ("every line barred", [("by_line", "rejected", "no_approach")]),
    ],
)
def test_what_becomes_of_a_claim(world: World, company: str, expected: list[tuple[str, str, str]]) -> None:
    assert states(world, company) == [(partner, status, f"registration.{reason}") for partner, status, reason in expected]


@pytest.mark.parametrize(
    ("company", "expected"),
    [
        (
            "by lines",
            [
                ("manual", "finance", "registered_by_other", "setouchi"),
                ("musashi", "hr", "automatic", None),
                ("setouchi", "finance", "automatic", None),
                ("tasogare", "*", "registered_by_other", "musashi"),
            ],
        ),
        (
            "whole company first",
            [("musashi", "*", "automatic", None), ("setouchi", "hr", "registered_by_other", "musashi")],
        ),
        (
            "same line twice",
            [
                ("musashi", "finance", "automatic", None),
                ("musashi", "finance", "duplicate", "musashi"),
                ("musashi", "hr", "automatic", None),
            ],
        ),
        ("deal in one line", [("by_line", "*", "automatic", None), ("by_line", "hr", "no_approach", None)]),
        ("won in another line", [("musashi", "finance", "automatic", None), ("musashi", "hr", "won", None)]),
    ],
)
def test_a_claim_holds_its_product_line_alone(
    world: World, company: str, expected: list[tuple[str, str, str, str | None]]
) -> None:
    found = world.warehouse.con.execute(
        """SELECT r.partner, r.scope, replace(r.reason_key, 'registration.', ''), holders.partner
           FROM marts.registrations AS r LEFT JOIN marts.registrations AS holders ON holders.claim_id = r.held_by_claim_id
           WHERE r.company_id = ? ORDER BY 1, 2, 3""",
        [company],
    ).fetchall()
    assert found == expected


@pytest.mark.parametrize(
    ("company", "expected"),
    [
        ("in grace", (date(2026, 11, 29), True)),
        ("last day of grace", (date(2026, 11, 20), True)),
        ("grace is over", (date(2026, 11, 19), False)),
        ("extended", (date(2026, 12, 15), False)),
        ("approved late", (date(2026, 12, 2), False)),
        ("worked", (date(2026, 12, 15), False)),
    ],
)
def test_protection_grace_extension_and_activity_say_until_when_it_holds(
    world: World, company: str, expected: tuple[date, bool]
) -> None:
    assert world.rows("registrations", "protected_until, in_grace", f"company_id = '{company}'") == [expected]


@pytest.mark.parametrize(
    ("company", "expected"),
    [
        ("extended", "sato"),
        ("refused in our crm", "crm"),
        ("contested", "yaml"),
        ("backed", "partner_of_record"),
        ("pending", None),
        ("our customer", None),
        ("in review", None),
    ],
)
def test_who_decided(world: World, company: str, expected: str | None) -> None:
    assert world.rows("registrations", "decided_by", f"company_id = '{company}'")[0] == (expected,)


def test_the_contracts_of_the_models_hold(world: World) -> None:
    world.warehouse.close()
    world.warehouse.project.dbt("test", "path:models/marts/registrations")


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
