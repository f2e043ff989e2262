"""The account map: nine cells, precedence of statuses, partner stages, counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from tests.dbt.harness import DbtProject, TestWarehouse
from tests.dbt.marts_world import World

STATUSES = ("customer", "open_opportunity", "target")
CELLS = {
    ("customer", "customer"): 1, ("open_opportunity", "customer"): 2, ("target", "customer"): 3,
    ("customer", "open_opportunity"): 4, ("open_opportunity", "open_opportunity"): 5, ("customer", "target"): 6,
    ("open_opportunity", "target"): 7, ("target", "open_opportunity"): 8, ("target", "target"): 9,
}  # fmt: skip
EARLIER = datetime(2026, 9, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def world(dbt_project: DbtProject) -> Iterator[World]:
    warehouse = TestWarehouse(dbt_project)
    world = World(warehouse)
    world.partner("musashi")
    world.partner("newcomer", stage="prospective", prefectures=("東京都",))
    world.partner("former", stage="ended")
    for ours, theirs in CELLS:
        world.company(f"{ours}/{theirs}")
        world.record("us", f"{ours}/{theirs}", ours)
        world.record("musashi", f"{ours}/{theirs}", theirs)
    several_statuses(world)
    stages(world)
    outer_rows(world)
    world.insert("state.first_seen", kind="account_map", key="musashi|customer/customer", first_seen_at=EARLIER)
    yield world.build()
    warehouse.close()


def several_statuses(world: World) -> None:
    world.company("several")
    account = world.record("us", "several", ("known", "target", "open_opportunity"), owner_name="佐藤")
    world.record("us", "several", "known", crm="hubspot")
    world.deal(account, amount=3_000_000)
    world.deal(account, state="won", amount=500_000, close=date(2026, 1, 10))
    world.deal(account, state="won", amount=9_000_000, close=date(2020, 1, 10))
    world.record("musashi", "several", ("customer", "known"))


def stages(world: World) -> None:
    world.company("prospect's")
    world.record("us", "prospect's", "target")
    world.record("newcomer", "prospect's", "customer")
    world.claim("newcomer", "prospect's")
    world.company("customer of a prospect")
    world.record("us", "customer of a prospect", "customer")
    world.record("newcomer", "customer of a prospect", "target")
    world.company("former's")
    world.record("former", "former's", "customer")
    world.record("us", "former's", "target")


def outer_rows(world: World) -> None:
    world.company("theirs only")
    world.record("musashi", "theirs only", "target")
    world.company("claimed only")
    world.claim("musashi", "claimed only")


@pytest.mark.parametrize(("statuses", "cell"), CELLS.items())
def test_each_pair_of_statuses_has_its_cell_and_play(world: World, statuses: tuple[str, str], cell: int) -> None:
    ((found, play),) = world.rows("account_map", "cell, play_key", f"company_id = '{statuses[0]}/{statuses[1]}'")
    assert (found, play.startswith("play.")) == (cell, True)


def test_of_several_statuses_the_cell_takes_the_first_in_precedence_and_all_are_kept(world: World) -> None:
    assert world.rows("account_map", "our_status, partner_status, cell", "company_id = 'several'") == [
        ("open_opportunity", "customer", 2)
    ]
    assert world.rows("party_companies", "statuses", "company_id = 'several' AND party = 'us'") == [
        ("known, open_opportunity, target",)
    ]


def test_value_at_stake_is_what_is_open_and_what_was_won_in_the_customer_period(world: World) -> None:
    assert world.rows("account_map", "value_at_stake, our_records, our_owner", "company_id = 'several'") == [
        (3_500_000, 2, "佐藤")
    ]


def test_a_company_of_which_we_have_no_record_is_an_outer_row_and_greenfield(world: World) -> None:
    assert world.rows("account_map", "our_status, cell", "company_id = 'theirs only'") == [("absent", None)]
    assert world.rows("greenfield", "partner, company_id, rank") == [("musashi", "theirs only", 1)]


def test_a_registration_alone_puts_no_company_on_the_map(world: World) -> None:
    assert world.rows("account_map", where="company_id = 'claimed only'") == []


def test_a_prospective_partner_is_mapped_but_neither_holds_nor_receives(world: World) -> None:
    assert world.rows("account_map", "cell", "partner = 'newcomer'") == [(3,), (6,)]
    for table in ("whitespace", "assignments", "no_approach"):
        assert world.rows(table, where="partner = 'newcomer'") == [], table
    assert world.rows("registrations", "status, reason_key", "partner = 'newcomer'") == [
        ("rejected", "registration.partner_not_active")
    ]
    assert world.rows("crm_account_map", where="partner = 'newcomer'") == []


def test_an_ended_partner_is_nowhere(world: World) -> None:
    for table in ("map_records", "party_companies"):
        assert world.rows(table, where="party = 'former'") == []
    for table in ("account_map", "account_map_summary", "whitespace", "no_approach"):
        assert world.rows(table, where="partner = 'former'") == []


def test_a_row_keeps_the_moment_it_was_first_seen(world: World) -> None:
    assert world.rows("account_map", "first_seen_at", "company_id = 'customer/customer'") == [(EARLIER,)]


def test_the_summary_shows_every_cell_and_counts_what_the_partner_does_not_have(world: World) -> None:
    counts = {(ours, theirs): companies for ours, theirs, companies in world.rows(
        "account_map_summary", "our_status, partner_status, companies", "partner = 'musashi'")}  # fmt: skip
    assert len(counts) == 24
    assert counts["target", "customer"] == 1
    assert counts["open_opportunity", "customer"] == 2
    assert counts["known", "known"] == 0
    assert (counts["customer", "absent"], counts["target", "absent"]) == (1, 2)
    assert counts["absent", "target"] == 1
