"""What a run of the marts depends on, and what not: order, repetition, language, its own data tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.dbt.harness import TestWarehouse
from tests.dbt.marts_world import World
from tests.dbt.test_marts_whitespace import FACTS, tell

VERDICTS = {
    "account_map": "*",
    "no_approach": "* EXCLUDE (evidence)",
    "whitespace": "*",
    "whitespace_verdicts": "* EXCLUDE (decided_by)",
    "arbitration": "* EXCLUDE (is_holder, rule)",
    "introduction_proposals": "*",
    "account_map_summary": "*",
    "company_profiles": "*",
    "assignments": "*",
    "registrations": "* EXCLUDE (claim_id)",
    "collisions": "*",
    "greenfield": "*",
    "crm_account_state": "* EXCLUDE (native_id)",
    "run_measures": "*",
}


def verdicts(world: World) -> dict[str, list[tuple[Any, ...]]]:
    return {table: world.rows(table, columns) for table, columns in VERDICTS.items()}


def test_another_order_of_the_same_facts_and_a_second_run_give_the_same(warehouse: TestWarehouse) -> None:
    world = tell(warehouse, FACTS)
    first = verdicts(world)
    warehouse.con.execute("DELETE FROM state.assignments; INSERT INTO state.assignments SELECT * FROM marts.assignments")
    second = verdicts(world.build())
    warehouse.close()
    warehouse.project.reset()
    warehouse.set_run()
    backwards = verdicts(tell(warehouse, FACTS[::-1]))
    assert second == first
    assert backwards == first


def test_the_texts_follow_the_language_of_the_run_and_the_data_tests_pass(warehouse: TestWarehouse) -> None:
    warehouse.set_run(language="en")
    world = World(warehouse)
    world.partner("musashi", name="Musashi Systems")
    world.company("customer")
    world.deal(world.record("us", "customer", "open_opportunity"), active=date(2026, 11, 10))
    warehouse.build("tag:after_matching")
    assert world.rows("crm_account_state", "no_approach_detail") == [
        ("All partners: our own sales are in a deal; do not approach (until 2027-02-08)",)
    ]


def test_the_order_of_statuses_is_the_one_that_the_yaml_states(warehouse: TestWarehouse) -> None:
    world = World(warehouse)
    warehouse.con.execute("UPDATE config.status_order SET rank = CASE status WHEN 'open_opportunity' THEN 0 ELSE rank END")
    world.partner("musashi")
    world.company("upsell")
    world.record("us", "upsell", ("customer", "open_opportunity"))
    world.record("musashi", "upsell", "customer")
    world.build("account_map")
    assert world.rows("account_map", "our_status, cell") == [("open_opportunity", 2)]
