"""What Dagster shows: every asset with its group, owner, kinds and description, and no writer where none is allowed."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import dagster as dg
import pytest

from tests.end_to_end.line import Line

SNAPSHOT = Path(__file__).with_name("assets_by_group.txt")


@pytest.fixture(scope="module")
def writing(line: Line) -> dg.Definitions:
    from pipelines.definitions import build_defs  # loads for the home that the environment names, so not before the line

    return build_defs(line.paths, write_back=True)


@pytest.fixture(scope="module")
def reading(line: Line) -> dg.Definitions:
    from pipelines.definitions import build_defs  # loads for the home that the environment names, so not before the line

    return build_defs(line.paths, write_back=False)


def _specs(defs: dg.Definitions) -> dict[str, dg.AssetSpec]:
    """Every asset that a run makes."""
    graph = defs.resolve_asset_graph()
    return {"/".join(s.key.path): s for s in defs.resolve_all_asset_specs() if s.key in graph.materializable_asset_keys}


def test_every_asset_says_what_it_is_and_whose(writing: dg.Definitions) -> None:
    for key, spec in _specs(writing).items():
        assert spec.group_name not in (None, "default"), key
        assert spec.owners, key
        assert spec.kinds, key
        assert spec.description, key


def test_assets_by_group_are_those_of_the_snapshot(writing: dg.Definitions) -> None:
    """After a change that is meant, correct ``assets_by_group.txt`` by what this shows."""
    groups: dict[str, list[str]] = defaultdict(list)
    for key, spec in _specs(writing).items():
        groups[str(spec.group_name)].append(key)
    lines = [f"{group}: {key}" for group in sorted(groups) for key in sorted(groups[group])]
    assert lines == SNAPSHOT.read_text(encoding="utf-8").splitlines()


def test_without_leave_no_asset_that_writes_exists(writing: dg.Definitions, reading: dg.Definitions) -> None:
    assert set(_specs(writing)) - set(_specs(reading)) == {"crm_fields"}
    for key, spec in _specs(reading).items():
        assert not spec.kinds & {"salesforce", "hubspot"} or key.startswith("raw/"), key
    for job in ("account_mapping", "refresh_from_crm"):
        assert "crm_fields" in writing.resolve_job_def(job).graph.node_dict
        assert "crm_fields" not in reading.resolve_job_def(job).graph.node_dict


def test_dbt_tests_are_asset_checks(writing: dg.Definitions) -> None:
    names = {key.name for key in writing.resolve_asset_graph().asset_check_keys}
    assert {"unique_records_record_id", "unique_together_account_map_partner__company_id"} <= names
    assert {"nothing_rejected", "lists_accepted", "partner_crms_answered", "every_write_succeeded"} <= names


def test_every_step_that_touches_the_files_is_in_the_one_pool(writing: dg.Definitions) -> None:
    graph = writing.resolve_job_def("account_mapping").graph
    assert {name: node.definition.pool for name, node in graph.node_dict.items() if node.definition.pool != "duckdb"} == {}


def test_the_schedule_is_daily_in_the_vendors_time_zone(writing: dg.Definitions) -> None:
    schedule = writing.resolve_schedule_def("daily")
    assert schedule.execution_timezone == "Asia/Tokyo"
    minute, hour, *rest = str(schedule.cron_schedule).split()
    assert minute.isdigit()
    assert hour.isdigit()
    assert rest == ["*", "*", "*"]
    assert schedule.job_name == "account_mapping"


def test_automation_starts_switched_off(writing: dg.Definitions) -> None:
    """A person turns it on, once the set-up is trusted."""
    assert writing.resolve_schedule_def("daily").default_status == dg.DefaultScheduleStatus.STOPPED
    assert writing.resolve_sensor_def("crm_changes").default_status == dg.DefaultSensorStatus.STOPPED
