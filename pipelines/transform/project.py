"""The dbt project as this installation runs it: its paths, its environment, and a manifest that is never stale.

Belongs here: preparing dbt. Does not: models (``dbt_project/``), nor the assets made of them (``assets.py``).
"""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from dagster_dbt import DbtCliResource, DbtProject
from packaging import version

from pipelines.settings.environment import PROJECT_ROOT, Paths

PROJECT_DIR = PROJECT_ROOT / "dbt_project"
DBT = Path(sys.executable).with_name("dbt")
_SOURCES = ("*.sql", "*.yml", "*.csv")


class DoesNotParse(Exception):
    """A model or its yml is wrong; the message is dbt's own."""


def export_paths(paths: Paths) -> None:
    """dbt takes the two files from the environment; a relative path would go by the working directory.

    A parse holds for one pair of files only, so each home keeps its own; dagster-dbt looks for it in DBT_TARGET_PATH.
    """
    os.environ["DBT_TARGET_PATH"] = str(paths.home / "dbt_project")
    os.environ["WAREHOUSE_PATH"] = str(paths.warehouse)
    os.environ["STATE_PATH"] = str(paths.state)
    os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"
    os.environ["PYTHONPATH"] = os.pathsep.join(
        dict.fromkeys([str(PROJECT_ROOT), *os.environ.get("PYTHONPATH", "").split(os.pathsep)])
    )


def prepared_project(paths: Paths) -> DbtProject:
    """The project with a manifest as new as its newest source. Raises ``DoesNotParse`` in dbt's words."""
    export_paths(paths)
    project = DbtProject(PROJECT_DIR, target_path=paths.home / "dbt_project", profiles_dir=PROJECT_DIR)
    manifest = Path(project.manifest_path)
    newest = max(file.stat().st_mtime for pattern in _SOURCES for file in _sources(pattern))
    if not manifest.exists() or manifest.stat().st_mtime < newest:
        _parse(manifest)
    return project


def _sources(pattern: str) -> list[Path]:
    return [file for file in PROJECT_DIR.rglob(pattern) if "target" not in file.relative_to(PROJECT_DIR).parts]


def _parse(manifest: Path) -> None:
    """Parse aside and move into place, for several processes of one Dagster instance may do it at once."""
    manifest.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=manifest.parent) as aside:
        command = [str(DBT), "parse", "--quiet", "--target-path", aside, "--log-path", aside]
        command += ["--project-dir", str(PROJECT_DIR), "--profiles-dir", str(PROJECT_DIR)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise DoesNotParse(f"The dbt project does not parse:\n{done.stdout}{done.stderr}")
        for name in ("partial_parse.msgpack", "manifest.json"):
            os.replace(Path(aside) / name, manifest.parent / name)


class Dbt(DbtCliResource):
    """dagster-dbt's resource without two things that cost seconds in every process and that we do not use.

    It would ask the package index for news just to learn its own version, and load dbt into this process, beside
    the one that it starts, for row counts and column metadata that our own queries give.
    """

    @cached_property
    def _cli_version(self) -> version.Version:
        return version.parse(importlib.metadata.version("dbt-core"))

    def _initialize_dbt_core_adapter(self, args: Sequence[str]) -> None:  # type: ignore[override]
        return None
