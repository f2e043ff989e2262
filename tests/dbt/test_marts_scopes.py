"""No-approach by product line: a bar that rests on a deal bars that deal's line, where the partner's entry says so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from tests.dbt.harness import DbtProject, TestWarehouse
from tests.dbt.marts_world import TODAY, World

Rows = list[tuple[str, date | None]]


@pytest.fixture(scope="module")
def world(dbt_project: DbtProject) -> Iterator[World]:
    warehouse = TestWarehouse(dbt_project)
    world = World(warehouse)
    world.partner("by line", by_product_line=True, rules={"customer_of_other_partner": (True, None)})
    world.partner("whole")
    customers(world)
    deals(world)
    yield world.build("no_approach")
    warehouse.close()


def case(world: World, company: str, status: str) -> str:
    """A company of ours with that status, which both partners named. Returns our record."""
    world.company(company)
    for partner in ("by line", "whole"):
        world.record(partner, company)
    return world.record("us", company, status)


def sold(world: World, record_id: str, scope: str, until: date | None = None, partner: str | None = None) -> None:
    """A won deal that makes the company a customer until that day."""
    deal = world.deal(record_id, state="won", scope=scope, close=TODAY, partner=partner)
    world.insert("intermediate.segment_matches", record_id=record_id, party="us", status="customer", reason="segment",
                 until=until, evidence=f"IsWon=true ({deal})")  # fmt: skip


def customers(world: World) -> None:
    case(world, "customer by its type", "customer")
    two = case(world, "customer in two lines", "customer")
    sold(world, two, "crm")
    sold(world, two, "erp", until=TODAY + timedelta(days=30))
    sold(world, case(world, "customer in an unknown line", "customer"), "*")
    ages = case(world, "customer in a line of old", "customer")
    sold(world, ages, "crm")
    sold(world, ages, "erp", until=TODAY - timedelta(days=180))
    sold(world, ages, "payroll", until=TODAY - timedelta(days=181))
    typed = case(world, "type outlives the deal", "customer")
    sold(world, typed, "crm", until=TODAY - timedelta(days=200))
    former = case(world, "former customer in one line", "known")
    sold(world, former, "crm", until=TODAY - timedelta(days=10))
    world.insert("intermediate.former_customers", record_id=former, party="us", until=TODAY - timedelta(days=10))
    sold(world, case(world, "customer through another", "customer"), "crm", partner="whole")


def deals(world: World) -> None:
    case(world, "in a deal by its stage", "open_opportunity")
    both = case(world, "two deals", "open_opportunity")
    world.deal(both, scope="crm", active=TODAY - timedelta(days=90))
    world.deal(both, scope="erp", active=TODAY - timedelta(days=91))
    met = case(world, "two deals and a meeting", "open_opportunity")
    for scope in ("crm", "erp"):
        world.deal(met, scope=scope, active=TODAY - timedelta(days=200))
    world.activity(met, "us", TODAY - timedelta(days=1))


def bars(world: World, company: str, partner: str, rule: str) -> Rows:
    where = f"company_id = '{company}' AND partner = '{partner}' AND rule = '{rule}'"
    return [(str(scope), until) for scope, until in world.rows("no_approach", "scope, valid_until", where)]


@pytest.mark.parametrize(
    ("company", "expected"),
    [
        ("customer by its type", [("*", None)]),
        ("customer in two lines", [("crm", None), ("erp", None)]),
        ("customer in an unknown line", [("*", None)]),
        ("customer in a line of old", [("crm", None), ("erp", TODAY)]),  # each line has its own end
        ("type outlives the deal", [("*", None)]),  # it is a customer, though no deal says in what
        ("former customer in one line", [("crm", TODAY + timedelta(days=170))]),
    ],
)
def test_a_customer_is_barred_in_the_lines_that_it_bought(world: World, company: str, expected: Rows) -> None:
    assert bars(world, company, "by line", "our_customer") == expected


@pytest.mark.parametrize(
    ("company", "expected"),
    [
        ("in a deal by its stage", [("*", None)]),
        ("two deals", [("crm", TODAY)]),  # the other one has slept a day too long
        ("two deals and a meeting", [("crm", TODAY + timedelta(days=89)), ("erp", TODAY + timedelta(days=89))]),
    ],
)
def test_each_deal_bars_its_own_line_while_it_is_active(world: World, company: str, expected: Rows) -> None:
    assert bars(world, company, "by line", "our_open_opportunity") == expected


def test_what_another_partner_sold_bars_its_line(world: World) -> None:
    assert bars(world, "customer through another", "by line", "customer_of_other_partner") == [("crm", None)]
    assert bars(world, "customer through another", "whole", "customer_of_other_partner") == []


def test_without_the_entry_the_whole_company_is_barred(world: World) -> None:
    assert bars(world, "customer in two lines", "whole", "our_customer") == [("*", None)]
    assert bars(world, "two deals", "whole", "our_open_opportunity") == [("*", TODAY)]
