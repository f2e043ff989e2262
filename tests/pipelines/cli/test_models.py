"""``totsugo review models`` as the partner manager calls it."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipelines.cli.app import app
from pipelines.matching.model import DEFAULT_VERSION, shipped_model
from tests.pipelines.registrations.world import insert_row
from tests.pipelines.review.world import NOW, ReviewWorld

VERSION = {
    "version": "learned-1", "based_on": DEFAULT_VERSION, "compared_with": DEFAULT_VERSION, "made_at": NOW, "run_id": "r",
    "decisions": 180, "held_back": 60, "strength": 3, "train_loss": 0.2, "train_loss_before": 0.5, "loss": 0.25,
    "loss_before": 0.5, "gain_low": 0.125, "wrong": 0, "wrong_before": 2, "missed": 1, "missed_before": 7,
    "weights": "feature,outcome,context,bits\n", "verdict": "accepted", "reason": "better",
}  # fmt: skip


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ReviewWorld:
    world = ReviewWorld.new(tmp_path / "home")
    monkeypatch.setenv("TOTSUGO_HOME", str(world.home))
    monkeypatch.setenv("TOTSUGO_CONFIG", str(world.paths.config))
    monkeypatch.setenv("TOTSUGO_AS_OF", "2026-11-20T09:00:00+09:00")
    return world


def asked(world: ReviewWorld, model: str, *versions: dict[str, object]) -> Result:
    """The command after a run whose settings ask for that model, and which knew these versions."""
    with world.warehouse.connect() as con:
        insert_row(con, "config.matching", stated_precision=0.99, review=0.35, model=model)
        for version in versions:
            insert_row(con, "state.match_models", **version)
    world.publish()
    return CliRunner().invoke(app, ["review", "models"])


def test_before_anything_was_learned_it_says_what_it_takes(world: ReviewWorld) -> None:
    world.say("a", "b", "same")
    out = asked(world, "auto").output
    assert f"Weights in force: {DEFAULT_VERSION} (matching.model: auto)." in out
    assert f"Automatic links from a probability of {shipped_model().auto:.1%}, for a stated precision of 99.0%" in out
    assert "it takes 200 decisions, 20 of each answer at least. So far: same 1, different 0" in out


def test_versions_are_told_with_how_they_fared(world: ReviewWorld) -> None:
    refused = VERSION | {"version": "learned-2", "compared_with": "learned-1", "verdict": "refused", "reason": "not_better"}
    out = asked(world, "auto", VERSION, refused).output
    assert "Weights in force: learned-1 (matching.model: auto)" in out
    assert f"learned-1 (2026-11-20): taught by 180 decisions, compared with {DEFAULT_VERSION} on 60 that it was not taught" in out
    assert "Surprise at the answers 0.500 → 0.250 bits, wrong automatic links 2 → 0, missed 7 → 1" in out
    assert "Accepted: the surprise falls by 0.125 bits at least" in out
    assert "learned-2 (2026-11-20): taught by 180 decisions, compared with learned-1" in out
    assert "Refused: what it gains may be chance" in out


def test_a_version_of_other_features_cannot_be_used(world: ReviewWorld) -> None:
    out = asked(world, "auto", VERSION | {"based_on": "default-1"}).output
    assert f"Weights in force: {DEFAULT_VERSION}" in out
    assert "Not usable any more: it weighs what default-1 compared" in out


def test_a_version_that_there_is_not_is_said_plainly(world: ReviewWorld) -> None:
    result = asked(world, "learned-7", VERSION)
    assert result.exit_code == 1
    assert "learned-7, which was never learned. Write auto, shipped, or one of: learned-1." in result.stderr
