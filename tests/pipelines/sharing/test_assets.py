"""Sharing as a step of a run: what it hands over, and of which runs it hands over nothing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from pipelines import gate
from pipelines.resources import Totsugo
from pipelines.sharing.assets import shares
from tests.pipelines.registrations.world import create_model
from tests.pipelines.sharing.home import SharingHome

WORD_JOINER = "\u2060"
"""Keeps Markdown from reading a cell as anything but text."""


class Runs:
    """Runs of the step alone, over a home."""

    def __init__(self, home: SharingHome, monkeypatch: pytest.MonkeyPatch) -> None:
        self.home = home
        self.monkeypatch = monkeypatch
        monkeypatch.setenv("TOTSUGO_HOME", str(home.paths.home))
        monkeypatch.setenv("TOTSUGO_CONFIG", str(home.paths.config))

    def run(self, dry_run: bool = False) -> tuple[dict[str, Any], bool]:
        """Its metadata, and whether its check passed."""
        self.home.now += timedelta(minutes=1)
        self.monkeypatch.setenv("TOTSUGO_AS_OF", self.home.now.isoformat())
        config = {"ops": {"shares": {"config": {"dry_run": dry_run}}}}
        with dg.DagsterInstance.ephemeral() as instance:
            result = dg.materialize([shares], resources={"totsugo": Totsugo()}, run_config=config, instance=instance)
        (made,) = result.asset_materializations_for_node("shares")
        checks = {check.check_name: check.passed for check in result.get_asset_check_evaluations()}
        told: dict[str, Any] = {name: value.value for name, value in made.metadata.items()}
        told["shares"] = told["shares"].replace(WORD_JOINER, "")
        return told, checks["every_share_delivered"]


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Runs:
    home = SharingHome.new(tmp_path / "home")
    for partner in home.partners:
        home.overlap(partner, "a")
    return Runs(home.ran(), monkeypatch)


def test_a_run_hands_every_share_over_and_tells_what_changed(runs: Runs) -> None:
    told, passed = runs.run()
    assert passed
    assert (told["shares_delivered"], told["shares_withdrawn"], told["none_shared"]) == (2, 0, "–")
    row = next(line for line in told["shares"].splitlines() if "武蔵システムズ" in line)
    assert "1 (+1)" in row
    assert row.rstrip(" |").endswith("shares/musashi")
    assert runs.run()[0]["shares_delivered"] == 0


def test_a_dry_run_hands_over_nothing(runs: Runs) -> None:
    told, _ = runs.run(dry_run=True)
    assert "1 (+1)" in told["shares"]
    assert told["shares_delivered"] == 0
    assert not runs.home.folder.exists()
    assert runs.home.log() == []


def test_a_fault_of_one_partner_is_a_warning_that_names_it(runs: Runs) -> None:
    runs.home.folder.mkdir()
    (runs.home.folder / "musashi").write_text("in the way", encoding="utf-8")
    told, passed = runs.run()
    assert not passed
    assert told["shares_delivered"] == 1


def test_a_replay_of_the_past_hands_over_and_takes_back_nothing(runs: Runs) -> None:
    runs.run()
    before = runs.home.files("setouchi")
    runs.home.say("a", our_owner="児玉")
    runs.home.write("musashi", stage="ended")
    runs.home.ran("replay", as_of=runs.home.now - timedelta(days=9))
    told, passed = runs.run()
    assert passed
    assert "前の日付" in told["none_shared"]
    assert runs.home.files("setouchi") == before
    assert "overlaps.csv" in runs.home.files("musashi")


def test_a_held_run_hands_over_nothing_and_takes_back_what_has_ended(runs: Runs) -> None:
    runs.run()
    before = runs.home.files("setouchi")
    runs.home.say("a", our_owner="児玉")
    runs.home.write("musashi", stage="ended")
    runs.home.ran("held", hours=1)
    with runs.home.warehouse.connect() as con:
        create_model(con, "run_measures")
        con.execute("INSERT INTO state.run_measures SELECT 'as_of', 0, 'old', as_of - INTERVAL 400 DAY FROM config.run")
        con.execute("INSERT INTO writeback.change_set SELECT 'c0ffee', run_id, as_of, as_of FROM config.run")
        con.execute("INSERT INTO writeback.targets VALUES (1, 'ours', 'Account', 1, 1, 0, NULL)")
        con.execute("INSERT INTO writeback.changes VALUES ('ours', 'Account', '1', 'update', 'write', 'f', '', 'x', NULL, NULL)")
    runs.monkeypatch.setenv("TOTSUGO_WRITE_BACK", "1")
    told, _ = runs.run()
    assert "保留" in told["none_shared"]
    assert (told["shares_delivered"], told["shares_withdrawn"]) == (0, 1)
    assert runs.home.files("setouchi") == before
    assert "overlaps.csv" not in runs.home.files("musashi")


def test_a_run_that_did_not_build_everything_hands_over_nothing(runs: Runs) -> None:
    with runs.home.warehouse.connect() as con:
        gate.record(con, "dbt:after_matching", False, "run", "share_whitespace: broke")
    told, _ = runs.run()
    assert "share_whitespace" in told["none_shared"]
    assert runs.home.log() == []
