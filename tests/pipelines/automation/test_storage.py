"""Dagster's records through connections that stay open: the same files, read and written by Dagster's own class as well."""

from __future__ import annotations

from pathlib import Path

import dagster as dg

from pipelines.automation.storage import KEPT, EventLog

OURS = "storage: {{custom: {{module: pipelines.automation.storage, class: Storage, config: {{base_dir: {folder}}}}}}}\n"
DAGSTERS = "storage: {{sqlite: {{base_dir: {folder}}}}}\n"


@dg.asset(check_specs=[dg.AssetCheckSpec("fine", asset="thing")])
def thing() -> dg.MaterializeResult:
    return dg.MaterializeResult(metadata={"rows": 3}, check_results=[dg.AssetCheckResult(passed=True)])


def opened(folder: Path, storage: str) -> dg.DagsterInstance:
    (folder / "dagster.yaml").write_text("telemetry: {enabled: false}\n" + storage.format(folder=folder), encoding="utf-8")
    return dg.DagsterInstance.from_config(str(folder))


def rows_of(instance: dg.DagsterInstance) -> int:
    """As the last materialization has them."""
    event = instance.get_latest_materialization_event(dg.AssetKey("thing"))
    assert event
    assert event.asset_materialization
    return int(str(event.asset_materialization.metadata["rows"].value))


def test_runs_are_recorded_and_any_dagster_reads_them(tmp_path: Path) -> None:
    with opened(tmp_path, OURS) as instance:
        runs = [dg.materialize([thing], instance=instance) for _ in range(KEPT + 2)]
        assert rows_of(instance) == 3
    for storage in (DAGSTERS, OURS):
        with opened(tmp_path, storage) as instance:
            assert rows_of(instance) == 3
            for run in runs:
                kinds = [entry.dagster_event.event_type for entry in instance.all_logs(run.run_id) if entry.dagster_event]
                assert kinds.count(dg.DagsterEventType.ASSET_MATERIALIZATION) == 1
                assert kinds.count(dg.DagsterEventType.ASSET_CHECK_EVALUATION) == 1
                assert kinds[-1] == dg.DagsterEventType.RUN_SUCCESS


def test_what_dagster_recorded_before_is_gone_on_with(tmp_path: Path) -> None:
    with opened(tmp_path, DAGSTERS) as instance:
        dg.materialize([thing], instance=instance)
    with opened(tmp_path, OURS) as instance:
        assert rows_of(instance) == 3
        dg.materialize([thing], instance=instance)
        assert len(instance.get_runs()) == 2


def test_few_files_stay_open_however_many_runs_are_looked_at(tmp_path: Path) -> None:
    with opened(tmp_path, OURS) as instance:
        runs = [dg.materialize([thing], instance=instance) for _ in range(KEPT + 2)]
        assert all(instance.all_logs(run.run_id) for run in runs)
        storage = instance.event_log_storage
        assert isinstance(storage, EventLog)
        assert len(storage._engines) <= KEPT
