"""Running the line from the shell: Dagster's job in this process, a line per stage on the console.

Belongs here: starting the job and telling its life. Does not: what the job does (``pipelines/definitions.py``).
"""

from __future__ import annotations

import contextlib
import os
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import dagster as dg
from rich.console import Console

from pipelines.settings.environment import PROJECT_ROOT, Paths, aware, write_back_allowed

_TOLD = ("rows_pulled", "versions_landed", "rows_read", "entries", "links", "companies", "review", "overlaps", "plans_made",
         "shares_delivered", "shares_withdrawn", "fields_written")  # fmt: skip


_PROCESS_TAG = "totsugo/process"


class LineFailed(Exception):
    """Stages failed; the message says which, and why, a line for each."""


@dataclass
class LineOutcome:
    """One run of the line."""

    run_id: str
    seconds: dict[str, float] = field(default_factory=dict)
    """stage -> seconds"""
    metadata: dict[str, dict[str, Any]] = field(default_factory=dict)
    """asset -> metadata values of this run"""


class _Narrator:
    """Prints a line when a stage ends, from Dagster's own events."""

    def __init__(self, console: Console, outcome: LineOutcome) -> None:
        self.console, self.outcome = console, outcome
        self.begun: dict[str, float] = {}
        self.counts: dict[str, dict[str, int]] = {}
        self.failures: list[str] = []

    def __call__(self, entry: dg.EventLogEntry) -> None:
        event = entry.dagster_event
        if event is None:
            return
        step = event.step_key or ""
        if event.is_step_start:
            self.begun[step] = time.monotonic()
        elif event.is_step_materialization:
            self._materialized(step, event)
        elif event.is_step_success:
            self.outcome.seconds[step] = time.monotonic() - self.begun.get(step, time.monotonic())
            if step in self.counts:  # a check makes nothing, and says nothing unless it fails
                counts = "  ".join(f"{name.replace('_', ' ')} {n:,}" for name, n in self.counts[step].items())
                self.console.print(f"  {step:<24} {self.outcome.seconds[step]:6.1f} s   {counts}".rstrip(), markup=False)
        elif event.is_step_failure:
            self.failures.append(f"{step}: {_reason(event)}")
        elif event.is_job_failure and not self.failures:
            self.failures.append(event.message or "the run failed before its first stage")

    def _materialized(self, step: str, event: dg.DagsterEvent) -> None:
        materialization = event.step_materialization_data.materialization
        values = {name: value.value for name, value in materialization.metadata.items()}
        self.outcome.metadata["/".join(materialization.asset_key.path if materialization.asset_key else ())] = values
        counts = self.counts.setdefault(step, {})
        for name in _TOLD:
            value = values.get(name)
            if isinstance(value, int):
                counts[name] = counts.get(name, 0) + value


def _reason(event: dg.DagsterEvent) -> str:
    data = event.step_failure_data
    if data.user_failure_data and data.user_failure_data.description:
        return data.user_failure_data.description
    error = data.error
    while error is not None and error.cause is not None:  # Dagster's own wrapping says only which step
        error = error.cause
    return (error.message if error else "no reason was given").strip().splitlines()[0]


@contextlib.contextmanager
def _quiet(log: Path) -> Iterator[None]:
    """dbt's and Dagster's own chatter goes to a file; the console shows stages."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as file, contextlib.redirect_stdout(file), contextlib.redirect_stderr(file):
        yield


def run_line(console: Console, partners: Sequence[str] = (), as_of: datetime | None = None, dry_run: bool = False) -> LineOutcome:
    """Run the job ``account_mapping`` in this process, recorded in the Dagster instance. Raises ``LineFailed``."""
    os.environ.setdefault("DAGSTER_HOME", str(PROJECT_ROOT))
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "1"
    os.chdir(PROJECT_ROOT)  # dagster.yaml speaks of .local relative to the root
    outcome = LineOutcome(run_id=str(uuid.uuid4()))
    narrator = _Narrator(console, outcome)
    log = Paths.from_environment().home / "logs" / "run.log"
    with _quiet(log), dg.DagsterInstance.get() as instance:
        from pipelines.definitions import build_defs

        # a dry run may always look: it writes nothing
        defs = build_defs(Paths.from_environment(), write_back_allowed() or dry_run)
        job = defs.resolve_job_def("account_mapping")
        _release_killed_runs(instance)
        instance.add_event_listener(outcome.run_id, narrator)
        result = job.execute_in_process(
            run_config=_run_config(set(job.graph.node_dict), partners, as_of, dry_run),
            instance=instance,
            run_id=outcome.run_id,
            raise_on_error=False,
            tags={_PROCESS_TAG: str(os.getpid())},
        )
    if not result.success:
        told = "\n".join(narrator.failures) or "the run failed"
        raise LineFailed(f"{told}\nThe whole log: {log}")
    return outcome


def _release_killed_runs(instance: dg.DagsterInstance) -> None:
    """A run of ours whose process was killed still holds its place in the pool: the next one would wait for it for ever."""
    unfinished = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED])
    for run in instance.get_runs(unfinished):
        process = run.tags.get(_PROCESS_TAG)
        if process and not _alive(int(process)):
            instance.report_run_failed(run, "its process was killed")
            instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's, but there
        pass
    return True


def _run_config(ops: set[str], partners: Sequence[str], as_of: datetime | None, dry_run: bool) -> dict[str, Any]:
    wanted = {
        "settings": {"as_of": aware(as_of).isoformat() if as_of else ""},
        "pull_partner_crms": {"partners": list(partners)},
        "read_partner_lists": {"partners": list(partners)},
        "alerts_sent": {"dry_run": dry_run},
        "shares": {"dry_run": dry_run},
        "crm_fields": {"dry_run": dry_run},
    }
    return {
        "ops": {op: {"config": config} for op, config in wanted.items() if op in ops},
        "loggers": {"console": {"config": {"log_level": "INFO"}}},
    }
