"""What the command line says of a run, and the moment that it hands on."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dagster as dg
import pytest
from dagster_shared.error import SerializableErrorInfo
from rich.console import Console
from typer.testing import CliRunner

from pipelines.cli.app import app
from pipelines.cli.line import LineOutcome, _Narrator, _reason
from pipelines.cli.plainly import console
from pipelines.settings.environment import as_of_from_environment
from pipelines.warehouse import WarehouseBusy


def test_an_unexpected_failure_is_told_by_its_cause_not_by_its_wrapping() -> None:
    try:
        try:
            raise WarehouseBusy("warehouse.duckdb is being written by another process.")
        except WarehouseBusy as busy:
            raise RuntimeError("Error occurred while executing op") from busy
    except RuntimeError as wrapped:
        error = SerializableErrorInfo.from_traceback(__import__("traceback").TracebackException.from_exception(wrapped))
    event: Any = SimpleNamespace(step_failure_data=SimpleNamespace(user_failure_data=None, error=error))
    assert _reason(event) == "pipelines.warehouse.WarehouseBusy: warehouse.duckdb is being written by another process."


def test_a_moment_without_an_offset_is_utc_wherever_the_machine_stands() -> None:
    assert as_of_from_environment({"TOTSUGO_AS_OF": "2026-11-20T18:00:00"}) == datetime(2026, 11, 20, 18, tzinfo=UTC)


def test_each_stage_that_failed_is_told_not_the_last_alone() -> None:
    @dg.asset
    def pull_salesforce() -> None:
        raise dg.Failure("our_salesforce: refused the login", allow_retries=False)

    @dg.asset
    def pull_hubspot() -> None:
        raise dg.Failure("our_hubspot: refused the token", allow_retries=False)

    narrator = _Narrator(Console(quiet=True), LineOutcome("00000000-0000-0000-0000-000000000001"))
    with dg.DagsterInstance.ephemeral() as instance:
        instance.add_event_listener(narrator.outcome.run_id, narrator)
        job = dg.Definitions(assets=[pull_salesforce, pull_hubspot]).resolve_implicit_global_asset_job_def()
        job.execute_in_process(instance=instance, run_id=narrator.outcome.run_id, raise_on_error=False)
    assert sorted(narrator.failures) == [
        "pull_hubspot: our_hubspot: refused the token",
        "pull_salesforce: our_salesforce: refused the login",
    ]


def test_check_names_the_file_that_it_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "ours.yaml"
    config.write_text("version: 1\nus: {name: 株式会社サンプル}\nconnections: {}\n", encoding="utf-8")
    monkeypatch.setenv("TOTSUGO_CONFIG", str(config))
    with console.capture() as said:
        assert CliRunner().invoke(app, ["check"]).exit_code == 0
    assert said.get() == "ours.yaml: no fault; connections: 0, partners: 0\n"
