"""No-approach by people and by claims: reps' overrides, other partners' registrations, and what the one does to the other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.dbt.harness import AS_OF, DbtProject, TestWarehouse
from tests.dbt.marts_world import TODAY, World


@pytest.fixture(scope="module")
def world(dbt_project: DbtProject) -> Iterator[World]:
    warehouse = TestWarehouse(dbt_project)
    world = World(warehouse)
    world.partner("musashi")
    world.partner("lenient", rules={"our_customer": (False, None)})
    world.partner("setouchi", prefectures=("岡山県", "広島県"))
    world.partner("gone", stage="ended")
    world.insert("config.restricted", corporate_number="7000012050002", reach="company", reason="legal")
    overrides(world)
    claims(world)
    yield world.build("no_approach")
    warehouse.close()


def overrides(world: World) -> None:
    world.override(world.named("blocked", partners=("musashi", "lenient")), "block", "musashi")
    world.override(world.named("blocked for all", partners=()), "block")
    world.override(world.named("blocked, last day"), "block", until=TODAY)
    world.override(world.named("block run out"), "block", until=TODAY - timedelta(days=1))
    world.override(world.named("allowed", "customer"), "allow", "musashi")
    world.override(world.named("allowed, last day", "customer"), "allow", until=TODAY)
    world.override(world.named("allowed to another", "customer"), "allow", "lenient")
    world.override(world.named("allowed to all", "customer"), "allow")
    world.override(world.named("allow run out", "customer"), "allow", until=TODAY - timedelta(days=1))
    world.override(world.named("allow without reason", "customer"), "allow", is_valid=False)
    world.override(world.named("allowed but restricted", corporate_number="7000012050002"), "allow")
    world.override(world.named("allowed out of contract", partners=("setouchi",)), "allow", "setouchi")
    account = world.named("duplicates disagree", "customer")
    world.override(account, "allow")
    world.override(world.record("us", "duplicates disagree", "target", crm="hubspot"), "block", "musashi")


def claims(world: World) -> None:
    world.named("claimed", partners=("musashi", "lenient"))
    world.claim("lenient", "claimed", active=TODAY - timedelta(days=3))
    world.named("claim of one that ended")
    world.claim("gone", "claim of one that ended", active=TODAY)
    registered = world.named("deal that musashi registered", "open_opportunity", partners=("lenient",))
    world.claim("musashi", "", deal=world.deal(registered, active=TODAY), active=TODAY)
    refused = world.named("deal whose registration we refused", "open_opportunity", partners=())
    world.claim("musashi", "", deal=world.deal(refused, active=TODAY), active=TODAY, crm_status="rejected")
    beside = world.named("deal of ours beside a registered one", "open_opportunity", partners=())
    world.claim("musashi", "", deal=world.deal(beside, active=TODAY), active=TODAY)
    world.deal(beside, active=TODAY)
    ours = world.named("allowed against a claim", partners=("musashi", "lenient"))
    world.override(ours, "allow", "musashi")
    world.claim("lenient", "allowed against a claim", active=TODAY)
    for company, partner, until, confirmed in (
        ("confirmed", "musashi", TODAY + timedelta(days=30), ("musashi", TODAY + timedelta(days=30))),
        ("confirmed, last day", "musashi", TODAY + timedelta(days=30), ("musashi", TODAY)),
        ("confirmation run out", "musashi", TODAY + timedelta(days=30), ("musashi", TODAY - timedelta(days=1))),
        ("confirmed for another", "musashi", TODAY + timedelta(days=30), ("setouchi", TODAY + timedelta(days=30))),
        ("confirmed for all", None, TODAY + timedelta(days=30), (None, TODAY + timedelta(days=30))),
        ("widened after", None, TODAY + timedelta(days=30), ("musashi", TODAY + timedelta(days=30))),
    ):
        ours = world.named(company, partners=("musashi", "lenient"))
        world.override(ours, "allow", partner, until=until)
        world.claim("lenient", company, active=TODAY)
        world.insert("state.override_confirmations", record_id=ours, partner=confirmed[0], until=confirmed[1],
                     decided_by="課長", decided_at=AS_OF)  # fmt: skip


@pytest.mark.parametrize(
    ("company", "partner", "expected"),
    [
        ("blocked", "musashi", ["blocked"]),
        ("blocked", "lenient", []),
        ("blocked for all", "musashi", ["blocked"]),
        ("blocked, last day", "musashi", ["blocked"]),
        ("block run out", "musashi", []),
        ("allowed", "musashi", []),
        ("allowed, last day", "musashi", []),
        ("allowed to another", "musashi", ["our_customer"]),
        ("allowed to all", "musashi", []),
        ("allow run out", "musashi", ["our_customer"]),
        ("allow without reason", "musashi", ["our_customer"]),
        ("allowed but restricted", "musashi", ["restricted"]),
        ("allowed out of contract", "setouchi", []),
        ("duplicates disagree", "musashi", ["blocked"]),  # block beats allow across duplicates and CRMs
        ("claimed", "musashi", ["registered_by_other"]),
        ("claimed", "lenient", []),
        ("claim of one that ended", "musashi", []),
        ("deal that musashi registered", "musashi", []),  # the deal is its own
        ("deal that musashi registered", "lenient", ["our_open_opportunity", "registered_by_other"]),
        ("deal whose registration we refused", "musashi", ["our_open_opportunity"]),
        ("deal of ours beside a registered one", "musashi", ["our_open_opportunity"]),
        ("allowed against a claim", "musashi", ["registered_by_other"]),
        ("confirmed", "musashi", []),
        ("confirmed, last day", "musashi", []),
        ("confirmation run out", "musashi", ["registered_by_other"]),
        ("confirmed for another", "musashi", ["registered_by_other"]),
        ("confirmed for all", "musashi", []),
        ("widened after", "musashi", ["registered_by_other"]),  # confirmed for one, then written for all
    ],
)
def test_who_is_barred(world: World, company: str, partner: str, expected: list[str]) -> None:
    found = world.rows("no_approach", "rule", f"company_id = '{company}' AND partner = '{partner}'")
    assert [rule for (rule,) in found] == expected


def test_an_allow_against_a_live_registration_waits_for_the_partner_manager_and_says_so(world: World) -> None:
    waiting = {"allowed against a claim", "confirmation run out", "confirmed for another", "widened after"}
    assert {company for company, partner in world.rows("no_approach", "company_id, partner", "allow_unconfirmed")
            if partner == "musashi"} == waiting  # fmt: skip


def test_a_partner_named_what_it_registered_in_our_crm(world: World) -> None:
    assert world.rows("approach_pairs", "named_by_partner", "company_id LIKE 'deal that%' AND partner = 'musashi'") == [(True,)]


def test_a_claim_bars_by_its_activity_and_a_block_tells_no_reason(world: World) -> None:
    claimed = world.rows("no_approach", "active_on, partner_reason_key", "company_id = 'claimed' AND partner = 'musashi'")
    assert claimed == [(TODAY - timedelta(days=3), "assigned")]
    blocked = world.rows(
        "no_approach", "partner_reason_key, named_by_partner", "company_id = 'blocked for all' AND rule = 'blocked'"
    )
    assert set(blocked) == {("not_available", False)}
