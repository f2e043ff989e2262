"""No secret of the environment reaches a file that Totsugo or Dagster writes."""

from __future__ import annotations

from pathlib import Path

from tests.end_to_end.line import Ended, Line

_OURS = ("world", "truth", "sandbox")
"""Folders of the demo world's maker and of the sandbox CRMs, which must know their own logins."""


def test_no_secret_stands_in_any_file_of_a_run(line: Line, with_a_failed_test: Ended) -> None:
    secrets = [v.encode() for k, v in line.environment.items() if k.endswith(("_CLIENT_SECRET", "_TOKEN"))]
    assert len(secrets) == 12  # of four orgs: the integration, an administrator, a person
    home, dagster = line.paths.home, Path(line.environment["DAGSTER_HOME"])
    files = [file for folder in (home, dagster) for file in folder.rglob("*") if file.is_file()]
    written = [file for file in files if file.relative_to(home.parent).parts[1:2] not in [(name,) for name in _OURS]]
    assert any(file.suffix == ".duckdb" for file in written)
    assert any(file.suffix == ".db" for file in written)
    assert any(file.name == "run.log" for file in written)
    told = [(str(file), secret) for file in written for secret in secrets if secret in file.read_bytes()]
    assert told == []
