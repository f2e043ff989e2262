"""``totsugo`` as a user calls it: good, mistaken, and refused; never a traceback, never a secret."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.cli.app import app
from pipelines.settings.environment import PROJECT_ROOT
from tests.end_to_end.line import Ended, Line

COMMANDS = (
    *(
        "check",
        "provision",
        "run",
        "report",
        "changes",
        "partners",
        "explain",
        "preview",
        "approve",
        "undo",
        "duplicates",
        "sandbox",
    ),
    *("registrations", "overrides", "conflicts", "holds", "plan"),
)


def _plainly(done: subprocess.CompletedProcess[str]) -> str:
    """What a failed call told the user: exit code 1, on the error channel, no traceback."""
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    return done.stderr.strip()


@pytest.fixture(scope="module")
def elsewhere(line: Line, first: Ended, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A home in which nothing has run; dbt's parse is taken along, for speed only."""
    home = tmp_path_factory.mktemp("elsewhere")
    shutil.copytree(line.paths.home / "dbt_project", home / "dbt_project")
    return {"TOTSUGO_HOME": str(home)}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str) -> None:
    done = CliRunner().invoke(app, [command, "--help"], prog_name="totsugo")
    assert done.exit_code == 0
    assert "Usage: totsugo " + command in done.output
    assert len(done.output.splitlines()) > 5


def test_the_help_lists_every_command() -> None:
    done = CliRunner().invoke(app, ["--help"])
    assert done.exit_code == 0
    assert all(re.search(rf"\b{command}\b", done.output) for command in COMMANDS)


def test_the_console_script_is_what_these_tests_call() -> None:
    scripts = tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    assert scripts == {"totsugo": "pipelines.cli:main"}


def test_check_logs_in_to_every_crm_and_touches_no_data(line: Line) -> None:
    line.forget_requests()
    done = line.totsugo("check")
    assert done.returncode == 0, done.stderr
    for connection in ("our_salesforce", "our_hubspot", "hoshizora_hubspot", "kitakaze_salesforce"):
        assert f"{connection}: logged in" in done.stdout
    assert Ended("", line.paths.published, line.requests()).writes == []


def test_check_names_each_fault_of_a_wrong_yaml_with_its_line(line: Line, tmp_path: Path) -> None:
    good = (PROJECT_ROOT / "account_mapping.yaml").read_text(encoding="utf-8")
    wrong = good.replace("language: ja", "language: fr", 1).replace("assignment_days: 90", "asignment_days: 90")
    wrong = wrong.replace("whitespace_cap: 300", "whitespace_cap: many")
    file = tmp_path / "account_mapping.yaml"
    file.write_text(wrong, encoding="utf-8")
    told = _plainly(line.totsugo("check", TOTSUGO_CONFIG=str(file))).splitlines()
    places = [n for n, text in enumerate(wrong.splitlines(), 1) if re.search(r"language: fr|asignment_days|cap: many", text)]
    assert [int(re.match(r"account_mapping\.yaml:(\d+): ", message)[1]) for message in told] == places  # type: ignore[index]
    assert "Did you mean assignment_days" in told[1]


def test_check_says_in_one_sentence_that_a_crm_refuses_the_login(line: Line) -> None:
    told = _plainly(line.totsugo("check", OUR_SALESFORCE_CLIENT_SECRET="wrong-secret-4711"))
    assert len(told.splitlines()) == 1
    assert told.startswith("our_salesforce: ")
    assert "wrong-secret-4711" not in told


def test_run_says_in_one_sentence_that_a_crm_refuses_the_login(line: Line, elsewhere: dict[str, str]) -> None:
    done = line.totsugo("run", OUR_HUBSPOT_TOKEN="wrong-secret-4711", **elsewhere)
    told = _plainly(done)
    assert told.startswith("pull_hubspot: our_hubspot: ")
    assert len(told.splitlines()) == 2
    assert told.splitlines()[1].startswith("The whole log: ")
    home = Path(elsewhere["TOTSUGO_HOME"])
    assert "wrong-secret-4711" not in done.stdout + told
    assert not [file for file in home.rglob("*") if file.is_file() and b"wrong-secret-4711" in file.read_bytes()]


def test_run_knows_its_partners(line: Line) -> None:
    told = _plainly(line.totsugo("run", "--partner", "nobody"))
    assert told.startswith("There is no partner nobody")
    assert "musashi" in told


def test_report_before_any_run_says_what_to_do(line: Line, tmp_path: Path) -> None:
    told = _plainly(line.totsugo("report", TOTSUGO_HOME=str(tmp_path)))
    assert len(told.splitlines()) == 1
    assert "Run `totsugo run` first" in told


def test_report_prints_the_map_of_the_last_run(line: Line, first: Ended) -> None:
    done = line.totsugo("report")
    assert done.returncode == 0, done.stderr
    assert "武蔵システムズ株式会社" in done.stdout
    assert "ホワイトスペース" in done.stdout


def test_provisioning_again_would_create_nothing(line: Line) -> None:
    line.forget_requests()
    done = line.totsugo("provision", "--dry-run")
    assert done.returncode == 0, done.stderr
    assert "our_salesforce: 0 would be created" in done.stdout
    assert "our_hubspot: 0 would be created" in done.stdout
