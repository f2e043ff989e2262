"""What the command line says of a run, and the moment that it hands on."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from dagster_shared.error import SerializableErrorInfo

from pipelines.cli.line import _reason
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
