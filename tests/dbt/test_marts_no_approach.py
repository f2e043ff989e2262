"""No-approach: each rule, whom it spares, when it ends, and what an override does to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from tests.dbt.harness import AS_OF, DbtProject, TestWarehouse
from tests.dbt.marts_world import TODAY, World

LAST_DAY = TODAY - timedelta(days=180)


@pytest.fixture(scope="module")
def world(dbt_project: DbtProject) -> Iterator[World]:
    warehouse = TestWarehouse(dbt_project)
    world = World(warehouse)
    world.partner("musashi")
    world.partner("setouchi", prefectures=("岡山県", "広島県"))
    world.partner("lenient", rules={"our_customer": (False, None), "our_open_opportunity": (True, 10),
                                    "customer_of_other_partner": (True, None)})  # fmt: skip
    world.partner("newcomer", stage="prospective")
    world.partner("gone", stage="ended")
    customers(world)
    deals(world)
    contracts(world)
    restrictions(world)
    yield world.build("no_approach", "out_of_contract_lines")
    warehouse.close()


def left(world: World, record_id: str, until: date | None) -> None:
    """That record was our customer, until that day."""
    world.insert("intermediate.former_customers", record_id=record_id, party="us", until=until, evidence="Type=解約")


def seen_as_customer(world: World, company: str, until: date | None) -> None:
    """The map of earlier runs had it as our customer; the run of that day no longer did."""
    since = AS_OF - timedelta(days=900)
    end = AS_OF - timedelta(days=(TODAY - until).days) if until else None
    world.insert("state.map_history", party="us", company_id=company, our_status="customer", partner_status="absent",
                 is_whitespace=False, valid_from=since, valid_until=end)  # fmt: skip


def customers(world: World) -> None:
    world.named("our customer", "customer", ("musashi", "lenient", "newcomer", "gone"))
    world.named("customer in a deal", ("customer", "open_opportunity"))
    served = world.named("served by musashi", "customer", ("musashi", "lenient"))
    world.insert("intermediate.partners_of_record", record_id=served, partner="musashi", reason="account")
    once = world.named("served by one that ended", "customer", ("musashi", "lenient"))
    world.insert("intermediate.partners_of_record", record_id=once, partner="gone", reason="account")
    left(world, world.named("left, last day", "known"), LAST_DAY)
    left(world, world.named("left, a day longer ago", "known"), LAST_DAY - timedelta(days=1))
    world.named("left and came back", "customer")
    left(world, world.record("us", "left and came back", "known", crm="hubspot"), date(2020, 1, 1))
    left(world, world.named("left, no date, never seen", "known"), None)
    left(world, world.named("left, no date, seen until lately", "known"), None)
    seen_as_customer(world, "left, no date, seen until lately", TODAY - timedelta(days=10))
    left(world, world.named("left, no date, seen long ago", "known"), None)
    seen_as_customer(world, "left, no date, seen long ago", LAST_DAY - timedelta(days=1))
    left(world, world.named("left since the last run", "known"), None)
    seen_as_customer(world, "left since the last run", None)


def deals(world: World) -> None:
    world.named("no dated deal", "open_opportunity")
    world.deal(world.named("live deal", "open_opportunity", ("musashi", "lenient")), active=date(2026, 11, 5))
    world.deal(world.named("deal last day", "open_opportunity"), active=date(2026, 8, 22))
    world.deal(world.named("sleeping deal", "open_opportunity"), active=date(2026, 8, 21))
    woken = world.named("woken deal", "open_opportunity")
    world.deal(woken, active=date(2026, 3, 1))
    world.activity(woken, "us", date(2026, 11, 1))
    idle = world.named("deal on which only the partner works", "open_opportunity", partners=())
    world.deal(idle, active=date(2026, 3, 1))
    theirs = world.record("musashi", "deal on which only the partner works")
    world.activity(theirs, "musashi", date(2026, 11, 1), kind="partner_report")
    world.deal(world.named("closed deal", "known"), state="lost", active=TODAY)
    world.deal(world.named("meeting next week", "open_opportunity"), active=date(2026, 11, 27), created=date(2026, 3, 1))
    via = world.named("deal through musashi", "open_opportunity", ("musashi", "lenient"))
    world.deal(via, active=date(2026, 11, 19), partner="musashi")


def contracts(world: World) -> None:
    world.named("in Okayama", partners=("setouchi",), prefecture="岡山県")
    world.named("in Tokyo", partners=("setouchi",))
    world.named("place unknown", partners=("setouchi",), prefecture=None)
    world.partner("midsize", rules={"our_customer": (True, 180)})
    for kind, value in (("employees_at_least", "50"), ("employees_at_most", "300"), ("product_line", "crm")):
        world.insert("config.territories", partner="midsize", kind=kind, value=value)
    world.partner("unbound", rules={"out_of_contract": (False, None)}, prefectures=("岡山県",))
    world.insert("config.territories", partner="unbound", kind="product_line", value="crm")
    for line in ("crm", "erp", "payroll"):
        world.insert("config.product_lines", product_line=line, name=line, position=1)
    for employees in (49, 50, 300, 301, None):
        world.named(f"{employees} people", partners=("midsize", "unbound", "musashi"), employees=employees)


def restrictions(world: World) -> None:
    def restricted(**entry: Any) -> None:
        world.insert("config.restricted", **{"reach": "company", "reason": "legal"} | entry)

    restricted(corporate_number="7000012050002")
    restricted(name="株式会社クモソラ経費", reason="competitor")
    restricted(partner="musashi", corporate_number="1180301018771", name="株式会社名指し")
    restricted(corporate_number="5180301018776", product_line="erp")
    world.named("restricted by number", corporate_number="7000012050002")
    world.company("restricted by name")
    world.record("us", "restricted by name", name_key="クモソラ経費")
    world.record("musashi", "restricted by name")
    world.insert(
        "intermediate.register_entries", corporate_number="9000012060002", name="株式会社クモソラ経費", name_key="クモソラ経費"
    )
    world.named("restricted in the register", corporate_number="9000012060002")
    world.named("restricted for musashi", corporate_number="1180301018771", partners=("musashi", "lenient"))
    world.named("restricted in one line", corporate_number="5180301018776")
    world.company("namesake of the restricted", corporate_number="2000012010019")
    world.record("us", "namesake of the restricted", name_key="名指し")
    world.record("musashi", "namesake of the restricted", name_key="名指し")


def rules(world: World, company: str, partner: str = "musashi") -> list[str]:
    return [rule for (rule,) in world.rows("no_approach", "rule", f"company_id = '{company}' AND partner = '{partner}'")]


@pytest.mark.parametrize(
    ("company", "partner", "expected"),
    [
        ("our customer", "musashi", ["our_customer"]),
        ("our customer", "lenient", []),  # switched off for this partner
        ("our customer", "newcomer", []),  # a prospective partner neither holds nor receives
        ("our customer", "gone", []),
        ("customer in a deal", "musashi", ["our_customer", "our_open_opportunity"]),
        ("served by musashi", "musashi", []),  # the partner of record is spared
        ("served by musashi", "lenient", ["customer_of_other_partner"]),
        ("served by one that ended", "musashi", ["our_customer"]),
        ("served by one that ended", "lenient", []),  # what an ended partner sold is nobody's any more
        ("left, last day", "musashi", ["our_customer"]),  # "until" includes the day
        ("left, a day longer ago", "musashi", []),
        ("left and came back", "musashi", ["our_customer"]),
        ("left, no date, never seen", "musashi", []),  # days that nobody can count bar nobody
        ("left, no date, seen until lately", "musashi", ["our_customer"]),
        ("left, no date, seen long ago", "musashi", []),
        ("left since the last run", "musashi", ["our_customer"]),
        ("live deal", "musashi", ["our_open_opportunity"]),
        ("live deal", "lenient", []),  # ten days without activity suffice for it
        ("no dated deal", "musashi", ["our_open_opportunity"]),
        ("deal last day", "musashi", ["our_open_opportunity"]),
        ("sleeping deal", "musashi", []),
        ("woken deal", "musashi", ["our_open_opportunity"]),
        ("deal on which only the partner works", "musashi", []),
        ("closed deal", "musashi", []),
        ("meeting next week", "musashi", []),  # what is planned is no activity
        ("deal through musashi", "musashi", []),
        ("deal through musashi", "lenient", ["our_open_opportunity"]),
        ("in Okayama", "setouchi", []),
        ("in Tokyo", "setouchi", ["out_of_contract"]),
        ("place unknown", "setouchi", []),
        ("49 people", "midsize", ["out_of_contract"]),
        ("50 people", "midsize", []),  # both ends are inside
        ("300 people", "midsize", []),
        ("301 people", "midsize", ["out_of_contract"]),
        ("None people", "midsize", []),
        ("49 people", "unbound", []),  # in Tokyo, but the rule is off
        ("49 people", "musashi", []),
        ("restricted by number", "musashi", ["restricted"]),
        ("restricted by name", "musashi", ["restricted"]),
        ("restricted in the register", "musashi", ["restricted"]),
        ("restricted for musashi", "musashi", ["restricted"]),
        ("restricted for musashi", "lenient", []),
        ("namesake of the restricted", "musashi", []),
    ],
)
def test_rules_that_bar_a_partner(world: World, company: str, partner: str, expected: list[str]) -> None:
    assert rules(world, company, partner) == expected


def test_an_end_is_told_where_it_is_known(world: World) -> None:
    ends = dict(world.rows("no_approach", "company_id, valid_until", "partner = 'musashi' AND rule LIKE 'our%'"))
    assert ends["our customer"] is None
    assert ends["live deal"] == date(2027, 2, 3)
    assert ends["left, last day"] == TODAY
    assert ends["left since the last run"] == TODAY + timedelta(days=180)


def test_the_activity_that_keeps_a_bar_alive_is_told(world: World) -> None:
    proofs = dict(world.rows("no_approach", "company_id, active_on", "partner = 'musashi' AND rule LIKE '%opportunity'"))
    assert proofs["live deal"] == date(2026, 11, 5)
    assert proofs["woken deal"] == date(2026, 11, 1)
    assert proofs["no dated deal"] is None


def test_a_restriction_of_one_product_line_leaves_the_rest_of_the_company(world: World) -> None:
    assert world.rows("no_approach", "rule, scope", "company_id = 'restricted in one line' AND partner = 'musashi'") == [
        ("restricted", "erp")
    ]


def test_a_contract_for_some_product_lines_bars_the_others_once_per_partner(world: World) -> None:
    assert world.rows("out_of_contract_lines", "partner, scope") == [("midsize", "erp"), ("midsize", "payroll")]


def test_a_partner_is_told_coarse_reasons_and_of_what_it_named(world: World) -> None:
    reasons = set(world.rows("no_approach", "rule, partner_reason_key"))
    direct = {("our_customer", "direct"), ("our_open_opportunity", "direct")}
    neutral = {(rule, "not_available") for rule in ("restricted", "out_of_contract")}
    assert reasons == direct | neutral | {("customer_of_other_partner", "assigned")}
    assert world.rows("no_approach", "named_by_partner", "company_id = 'live deal' AND partner = 'musashi'") == [(True,)]


def test_bars_are_not_multiplied_by_the_partners_they_hold_for(world: World) -> None:
    assert (
        len(world.rows("company_bars", where="company_id = 'our customer'")) == 2
    )  # one for all but one, one for the contract's place
