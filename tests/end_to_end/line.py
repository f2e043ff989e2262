"""The whole line on a small world: what a test may do to it (run, act as a person, look into a CRM) and what it may see.

Belongs here: the tools. Does not: in which order they are used (``conftest.py``), nor what must come of it (the tests).
"""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import requests
from rich.console import Console

from connectors import open_crm
from connectors.crm import Crm
from demo.stage import Stage
from pipelines.cli.line import LineFailed, LineOutcome, run_line
from pipelines.resources import Totsugo
from pipelines.settings import Paths
from pipelines.settings.environment import PROJECT_ROOT
from pipelines.warehouse import Warehouse

_READING_POSTS = ("/access-token-info", "/search", "/batch/read", "/oauth2/token", "/jobs/query")
"""Ends of paths that are posted to although nothing is written."""
_ENTRY = "from pipelines.cli import main; main()"
"""As ``[project.scripts]`` has it; the script itself is there only where the project was installed."""


@dataclass(frozen=True)
class Ended:
    """A run that has ended, with a copy of what it published and what it asked of each CRM."""

    said: str
    """What the run printed."""
    published: Path
    requests: Mapping[str, Sequence[Mapping[str, Any]]]
    outcome: LineOutcome | None = None
    failure: str | None = None
    notes: dict[str, Any] = field(default_factory=dict)
    """What the fixture that made the run wants its tests to know."""

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Answers of the published copy of that run."""
        with duckdb.connect(str(self.published), read_only=True) as con:
            return con.execute(query, list(values)).fetchall()

    @property
    def metadata(self) -> dict[str, dict[str, Any]]:
        assert self.outcome is not None, self.failure
        return self.outcome.metadata

    @property
    def writes(self) -> list[str]:
        """Every call that could change something in a CRM, as ``org: METHOD path``."""
        return [
            f"{org}: {call['method']} {call['path']}"
            for org, calls in self.requests.items()
            for call in calls
            if call["method"] != "GET" and not call["path"].endswith(_READING_POSTS)
        ]


@dataclass(frozen=True)
class Line:
    """A small world, its CRMs, and Totsugo pointed at them by the environment."""

    stage: Stage
    described: Mapping[str, Any]
    environment: Mapping[str, str]

    @property
    def paths(self) -> Paths:
        return Paths.from_environment(self.environment)

    @property
    def files(self) -> Path:
        """What the partners sent."""
        return self.stage.world / "files"

    def run(self, *partners: str, as_of: datetime | None = None) -> Ended:
        """The real job, as ``totsugo run`` starts it; a failure is an outcome."""
        self.forget_requests()
        said, outcome, failure = io.StringIO(), None, None
        try:
            outcome = run_line(Console(file=said, width=200), partners=partners, as_of=as_of)
        except LineFailed as error:
            failure = str(error)
        copy = self.paths.home / f"published-{len(list(self.paths.home.glob('published-*')))}.duckdb"
        if self.paths.published.exists():
            shutil.copy2(self.paths.published, copy)
        return Ended(said.getvalue(), copy, self.requests(), outcome, failure)

    def run_asset(self, name: str) -> tuple[str | None, list[str]]:
        """Materialize one asset alone, as a person may in the UI: why it failed, and the calls that could change a CRM."""
        from pipelines.definitions import defs

        self.forget_requests()
        with dg.DagsterInstance.get() as instance:
            job = defs.resolve_job_def("account_mapping")
            key = dg.AssetKey(name)
            result = job.execute_in_process(instance=instance, asset_selection=[key], raise_on_error=False)
        failures = [e.step_failure_data.user_failure_data for e in result.all_events if e.is_step_failure]
        why = failures[0].description if failures and failures[0] else None
        return why, Ended("", self.paths.published, self.requests()).writes

    def run_job(self, name: str) -> Ended:
        """A job by its name, as a sensor or a person starts it."""
        from pipelines.definitions import defs

        self.forget_requests()
        with dg.DagsterInstance.get() as instance:
            result = defs.resolve_job_def(name).execute_in_process(instance=instance, raise_on_error=False)
        failed = [event.step_key for event in result.all_events if event.is_step_failure]
        return Ended("", self.paths.published, self.requests(), failure=", ".join(map(str, failed)) or None)

    def requests(self) -> dict[str, list[dict[str, Any]]]:
        """What was asked of each CRM since it last forgot."""
        return {
            name: requests.get(f"{org['url']}/__sandbox__/requests", timeout=30).json()["requests"]
            for name, org in self.described["orgs"].items()
        }

    def forget_requests(self) -> None:
        for org in self.described["orgs"].values():
            requests.delete(f"{org['url']}/__sandbox__/requests", timeout=30).raise_for_status()

    def person(self, org: str) -> Crm:
        """Our CRM under the login of a rep, not of Totsugo."""
        schema = json.loads((self.stage.world / "orgs" / org / "schema.json").read_text(encoding="utf-8"))
        found = self.described["orgs"][org]
        if found["crm"] == "hubspot":
            return open_crm("hubspot", found["url"], {"method": "token", "token": schema["tokens"][1]["token"]})
        client = schema["clients"][1]
        login = {name: client[name] for name in ("client_id", "client_secret")}
        return open_crm("salesforce", found["url"], {"method": "client_credentials", **login})

    def integration(self, org: str) -> Crm:
        """Our CRM under Totsugo's own login."""
        return Totsugo().crm(org)

    def sensed(self) -> tuple[list[dg.RunRequest], str | None]:
        """What the sensor says now: the runs it asks for, or why it asks for none."""
        from pipelines.automation.jobs import crm_changes
        from pipelines.definitions import defs

        with dg.DagsterInstance.get() as instance:
            context = dg.build_sensor_context(instance, definitions=defs, resources={"totsugo": Totsugo()})
            tick = crm_changes.evaluate_tick(context)
        return list(tick.run_requests or []), tick.skip_message

    @contextmanager
    def warehouse(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with Warehouse(self.paths).connect() as con:
            yield con

    def totsugo(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """The console script's entry point in a process of its own, with other environment variables where given."""
        command = [sys.executable, "-c", _ENTRY, *arguments]
        surroundings = {**os.environ, **self.environment, "COLUMNS": "200", "NO_COLOR": "1", **environment}
        return subprocess.run(
            command, cwd=PROJECT_ROOT, capture_output=True, text=True, env=surroundings, timeout=120, check=False
        )
