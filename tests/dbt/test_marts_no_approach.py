"""No-approach: each rule, whom it spares, when it ends, and what an override does to it."""

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
    world.partner("musashi")
    world.partner("setouchi", prefectures=("岡山県", "広島県"))
    world.partner("lenient", rules={"our_customer": (False, None), "our_open_opportunity": (True, 10),
                                    "customer_of_other_partner": (True, None)})  # fmt: skip
    customers(world)
    deals(world)
    contracts_and_restrictions(world)
    overrides(world)
    yield world.build()
    warehouse.close()


def case(world: World, company: str, status: str = "target", partners: tuple[str, ...] = ("musashi",), **columns: Any) -> str:
    """A company of ours with that status, which the partners named as their target. Returns our record."""
    world.company(company, **columns)
    ours = world.record("us", company, status)
    for partner in partners:
        world.record(partner, company, "target")
    return ours


def customers(world: World) -> None:
    case(world, "our customer", "customer", ("musashi", "lenient"))
    served = case(world, "served by musashi", "customer", ("musashi", "lenient"))
    world.insert("intermediate.partners_of_record", record_id=served, partner="musashi", reason="account")
    world.deal(case(world, "left lately", "known"), state="won", close=date(2023, 10, 1))
    world.deal(case(world, "left long ago", "known"), state="won", close=date(2020, 10, 1))


def deals(world: World) -> None:
    case(world, "no dated deal", "open_opportunity")
    world.deal(case(world, "live deal", "open_opportunity", ("musashi", "lenient")), active=date(2026, 11, 5))
    world.deal(case(world, "deal last day", "open_opportunity"), active=date(2026, 8, 22))
    world.deal(case(world, "sleeping deal", "open_opportunity"), active=date(2026, 8, 21))
    woken = case(world, "woken deal", "open_opportunity")
    world.deal(woken, active=date(2026, 3, 1))
    world.activity(woken, "us", date(2026, 11, 1))
    world.deal(
        case(world, "deal through musashi", "open_opportunity", ("musashi", "lenient")),
        active=date(2026, 11, 19),
        partner="musashi",
    )


def contracts_and_restrictions(world: World) -> None:
    case(world, "in Okayama", partners=("setouchi",), prefecture="岡山県")
    case(world, "in Tokyo", partners=("setouchi",))
    case(world, "place unknown", partners=("setouchi",), prefecture=None)
    world.insert("config.restricted", partner=None, corporate_number="7000012050002", name=None, reason="legal")
    world.insert("config.restricted", partner=None, corporate_number=None, name="株式会社クモソラ経費", reason="competitor")
    world.insert("config.restricted", partner="musashi", corporate_number="1180301018771", name="株式会社名指し", reason="legal")
    case(world, "restricted by number", corporate_number="7000012050002")
    world.company("restricted by name")
    world.record("us", "restricted by name", name_key="クモソラ経費")
    world.record("musashi", "restricted by name")
    world.insert(
        "intermediate.register_entries", corporate_number="9000012060002", name="株式会社クモソラ経費", name_key="クモソラ経費"
    )
    case(world, "restricted in the register", corporate_number="9000012060002")
    case(world, "restricted for musashi", corporate_number="1180301018771", partners=("musashi", "lenient"))
    world.company("namesake of the restricted", corporate_number="2000012010019")
    world.record("us", "namesake of the restricted", name_key="名指し")
    world.record("musashi", "namesake of the restricted", name_key="名指し")


def overrides(world: World) -> None:
    world.override(case(world, "blocked", partners=("musashi", "lenient")), "block", "musashi")
    world.override(case(world, "blocked for all", partners=()), "block")
    world.override(case(world, "allowed", "customer"), "allow", "musashi")
    world.override(case(world, "allowed to another", "customer"), "allow", "lenient")
    world.override(case(world, "allowed to all", "customer"), "allow")
    world.override(case(world, "allow run out", "customer"), "allow", until=date(2026, 11, 19))
    world.override(case(world, "allow without reason", "customer"), "allow", is_valid=False)
    world.override(case(world, "allowed but restricted", corporate_number="7000012050002"), "allow")
    account = case(world, "duplicates disagree", "customer")
    world.override(account, "allow")
    world.override(world.record("us", "duplicates disagree", "target", crm="hubspot"), "block", "musashi")
    world.override(case(world, "allowed against a claim", partners=("musashi", "lenient")), "allow", "musashi")
    world.claim("lenient", "allowed against a claim")


def rules(world: World, company: str, partner: str = "musashi") -> list[str]:
    return [rule for (rule,) in world.rows("no_approach", "rule", f"company_id = '{company}' AND partner = '{partner}'")]


@pytest.mark.parametrize(
    ("company", "partner", "expected"),
    [
        ("our customer", "musashi", ["our_customer"]),
        ("our customer", "lenient", []),  # switched off for this partner
        ("served by musashi", "musashi", []),  # the partner of record is spared
        ("served by musashi", "lenient", ["customer_of_other_partner"]),
        ("left lately", "musashi", ["our_customer"]),
        ("left long ago", "musashi", []),
        ("live deal", "musashi", ["our_open_opportunity"]),
        ("live deal", "lenient", []),  # ten days without activity suffice for it
        ("no dated deal", "musashi", ["our_open_opportunity"]),
        ("deal last day", "musashi", ["our_open_opportunity"]),  # "until" includes the day
        ("sleeping deal", "musashi", []),
        ("woken deal", "musashi", ["our_open_opportunity"]),
        ("deal through musashi", "musashi", []),
        ("deal through musashi", "lenient", ["our_open_opportunity"]),
        ("in Okayama", "setouchi", []),
        ("in Tokyo", "setouchi", ["out_of_contract"]),
        ("place unknown", "setouchi", []),
        ("restricted by number", "musashi", ["restricted"]),
        ("restricted by name", "musashi", ["restricted"]),
        ("restricted in the register", "musashi", ["restricted"]),
        ("restricted for musashi", "musashi", ["restricted"]),
        ("restricted for musashi", "lenient", []),
        ("namesake of the restricted", "musashi", []),
        ("blocked", "musashi", ["blocked"]),
        ("blocked", "lenient", []),
        ("blocked for all", "musashi", ["blocked"]),
        ("allowed", "musashi", []),
        ("allowed to another", "musashi", ["our_customer"]),
        ("allowed to all", "musashi", []),
        ("allow run out", "musashi", ["our_customer"]),
        ("allow without reason", "musashi", ["our_customer"]),
        ("allowed but restricted", "musashi", ["restricted"]),
        ("duplicates disagree", "musashi", ["blocked"]),  # block beats allow across duplicates and CRMs
        ("allowed against a claim", "musashi", ["registered_by_other"]),
    ],
)
def test_rules_that_bar_a_partner(world: World, company: str, partner: str, expected: list[str]) -> None:
    assert rules(world, company, partner) == expected


def test_an_end_is_told_where_it_is_known(world: World) -> None:
    ends = dict(world.rows("no_approach", "company_id, valid_until", "partner = 'musashi' AND rule LIKE 'our%'"))
    assert ends["our customer"] is None
    assert ends["live deal"] == date(2027, 2, 3)
    assert ends["left lately"] == date(2027, 3, 30)


def test_an_allow_against_a_live_registration_waits_for_the_partner_manager_and_says_so(world: World) -> None:
    assert world.rows("no_approach", "company_id, partner", "allow_unconfirmed") == [("allowed against a claim", "musashi")]


def test_a_partner_is_told_coarse_reasons_and_only_of_what_it_named(world: World) -> None:
    reasons = set(world.rows("no_approach", "rule, partner_reason_key"))
    direct = {("our_customer", "direct"), ("our_open_opportunity", "direct")}
    neutral = {(rule, "not_available") for rule in ("restricted", "blocked", "out_of_contract")}
    assert reasons >= direct | neutral | {("registered_by_other", "assigned")}
    assert world.rows("no_approach", "DISTINCT named_by_partner", "company_id = 'blocked for all'") == [(False,)]
    assert world.rows("no_approach", "named_by_partner", "company_id = 'live deal'") == [(True,)]


def test_bars_are_not_multiplied_by_the_partners_they_hold_for(world: World) -> None:
    assert (
        len(world.rows("company_bars", where="company_id = 'our customer'")) == 2
    )  # one for all but one, one for the contract's place
