"""``totsugo changes`` and ``totsugo report --on``: any two runs compared, and the map of a past day."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
import typer
from rich.console import Console

from pipelines.cli.app import app
from pipelines.settings import Paths
from pipelines.warehouse import Warehouse

YAML = """
version: 1
us: {name: 当社, language: en}
connections: {}
partners: {musashi: {name: Musashi, type: reseller}, setouchi: {name: Setouchi, type: reseller}}
"""
RUNS = {"aaa1": "2026-11-01 20:00:00+00", "bbb2": "2026-11-03 01:00:00+00", "ccc3": "2026-11-05 01:00:00+00"}
"""The first ends on the 2nd in Tokyo."""
VERSIONS = [  # party, company, ours, theirs, cell, claim, whitespace, rule, from, until
    ("us", "a", "target", "absent", None, None, False, None, "aaa1", "ccc3"),
    ("us", "a", "customer", "absent", None, None, False, None, "ccc3", None),
    ("musashi", "a", "target", "customer", 3, "pending", True, None, "bbb2", "ccc3"),
    ("musashi", "a", "customer", "customer", 1, "won", False, "our_customer", "ccc3", None),
    ("setouchi", "b", "target", "target", 9, None, False, None, "aaa1", "bbb2"),
]

Told = Callable[..., str]


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Told:
    """What the command prints, blanks evened out."""
    paths = Paths(home=tmp_path, config=tmp_path / "account_mapping.yaml")
    paths.config.write_text(YAML, encoding="utf-8")
    monkeypatch.setenv("TOTSUGO_HOME", str(tmp_path))
    monkeypatch.setenv("TOTSUGO_CONFIG", str(paths.config))
    warehouse = Warehouse(paths)
    with warehouse.connect() as con:
        con.execute("CREATE SCHEMA marts; CREATE TABLE marts.company_profiles AS SELECT 'a' AS company_id, 'Alpha' AS name")
        con.execute("INSERT INTO config.run VALUES ('ccc3', '2026-11-05 01:00:00+00', '2026-11-05', 'Asia/Tokyo', 'en', 'JPY')")
        for position, party in enumerate(("us", "musashi", "setouchi")):
            con.execute(
                "INSERT INTO config.parties (party, name, party_type, stage, exclusive, position) "
                "VALUES (?, ?, 'reseller', 'active', false, ?)",
                [party, party.title(), position],
            )
        for run_id, as_of in RUNS.items():
            con.execute("INSERT INTO state.map_runs VALUES (?, ?)", [run_id, as_of])
        for *facts, begun, ended in VERSIONS:
            values = [*facts, RUNS[begun], RUNS[ended] if ended else None]
            con.execute(f"INSERT INTO state.map_history VALUES ({', '.join('?' * 10)})", values)
    warehouse.publish()

    def run(*arguments: str) -> str:
        paper = Console(file=io.StringIO(), width=160, highlight=False)
        monkeypatch.setattr("pipelines.cli.app.console", paper)
        monkeypatch.setattr("pipelines.cli.plainly.errors", paper)
        with suppress(typer.Exit):
            app(list(arguments), standalone_mode=False)
        lines = (" ".join(line.split()) for line in paper.file.getvalue().splitlines())  # type: ignore[attr-defined]
        return "\n".join(line for line in lines if line)

    return run


def test_the_very_first_run_is_compared_with_nothing(told: Told) -> None:
    only = "There is one run only up to 2026-11-02 05:00: nothing to compare it with yet."
    assert told("changes", "--until", "aaa1") == only


def test_the_last_run_is_compared_with_the_one_before_it(told: Told) -> None:
    lines = told("changes").splitlines()
    assert lines[0] == "Changes from the run of 2026-11-03 10:00 to the run of 2026-11-05 10:00: 5"
    assert "│ Deal registration won │ Musashi │ Alpha │ Pending │ Won │" in lines
    assert "│ Moved to another cell │ Musashi │ Alpha │ Target × Customer │ Customer × Customer │" in lines
    assert "│ Became our customer │ Us │ Alpha │ Target │ Customer │" in lines
    assert "│ No-approach began │ Musashi │ Alpha │ │ our own customer; do not approach │" in lines
    assert "│ Left the whitespace │ Musashi │ Alpha │ │ │" in lines


@pytest.mark.parametrize(
    "asked", [("--since", "2026-11-03", "--until", "2026-11-03"), ("--since", "aaa", "--until", "2026-11-04"), ("--until", "bbb")]
)
def test_days_and_runs_name_the_same_two_maps(told: Told, asked: tuple[str, ...]) -> None:
    lines = told("changes", *asked).splitlines()
    assert lines[0] == "Changes from the run of 2026-11-02 05:00 to the run of 2026-11-03 10:00: 3"
    assert lines[1:4] == ["New overlap: 1", "Overlap ended: 1", "Joined the whitespace: 1"]
    assert "│ Overlap ended │ Setouchi │ b │ Target × Target │ │" in lines


def test_one_partner_and_a_limit(told: Told) -> None:
    lines = told("changes", "--since", "2026-11-03", "--partner", "musashi", "--limit", "1").splitlines()
    assert lines[0].endswith(": 3")
    assert lines[-1] == "and 2 more"
    assert "There is no partner nobody" in told("changes", "--partner", "nobody")


def test_what_is_not_remembered_is_said(told: Told) -> None:
    assert told("changes", "--since", "2026-11-01") == "No run before 2026-11-01 is remembered; the first was on 2026-11-02."
    assert told("report", "--on", "2026-11-01") == "No run until 2026-11-01 is remembered; the first was on 2026-11-02."
    assert told("changes", "--since", "zzz").startswith("No run begins with zzz. Write a day such as 2026-11-20, or a run: ccc3")


def test_the_map_of_a_past_day_is_that_of_its_last_run(told: Told) -> None:
    on = told("report", "--on", "2026-11-04")
    assert on.startswith("The map as of 2026-11-04 (run of 2026-11-03 10:00)")
    assert "Musashi" in on
    assert "Setouchi" not in on
    assert "Whitespace 1 No-approach 0" in on
    assert "Whitespace 0 No-approach 1" in told("report", "--on", "ccc3")
