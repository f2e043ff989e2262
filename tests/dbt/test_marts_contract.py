"""What an account says where a partner's contract does not reach."""

from __future__ import annotations

from typing import Any

from tests.dbt.harness import DbtProject, TestWarehouse
from tests.dbt.marts_world import World


def account(world: World, native_id: str) -> dict[str, Any]:
    (row,) = world.warehouse.rows(f"SELECT * FROM marts.crm_account_state WHERE native_id = '{native_id}'")
    return row


def test_a_contract_that_does_not_reach_a_company_alone_limits_nothing(dbt_project: DbtProject) -> None:
    warehouse = TestWarehouse(dbt_project)
    world = World(warehouse)
    world.partner("musashi", exclusive=False)
    world.partner("setouchi", exclusive=False, prefectures=("岡山県",))
    world.company("far away", prefecture="北海道")
    world.record("us", "far away", "target", native_id="far away")
    world.company("far customer", prefecture="北海道")
    world.record("us", "far customer", "customer", native_id="far customer")
    world.build()
    far, customer = account(world, "far away"), account(world, "far customer")
    warehouse.close()
    assert (far["partner_approach"], far["no_approach_detail"]) == ("open", None)
    assert customer["partner_approach"] == "no_approach"
    assert "契約" not in customer["no_approach_detail"]
