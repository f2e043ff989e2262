"""What counts of what people said."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipelines.matching.world import World as MatchingWorld
from tests.pipelines.review.world import ReviewWorld


@pytest.fixture
def world(tmp_path: Path) -> ReviewWorld:
    return ReviewWorld.new(tmp_path / "home")


def test_the_newest_word_counts_in_whichever_order_the_records_stand(world: ReviewWorld) -> None:
    world.say("a", "b", "same", minutes=2)
    world.say("b", "a", "different", minutes=1)
    assert [(d.pair, d.decision) for d in world.in_force()] == [(("a", "b"), "different")]


def test_what_is_withdrawn_is_open_again_and_can_be_said_anew(world: ReviewWorld) -> None:
    world.say("a", "b", "same", minutes=3)
    world.say("b", "a", "withdrawn", minutes=2)
    assert world.in_force() == []
    world.say("a", "b", "unsure", minutes=1)
    assert [d.decision for d in world.in_force()] == ["unsure"]
    assert len(world.state("decisions", "decision")) == 3


def test_what_is_said_again_at_the_same_moment_is_a_correction(world: ReviewWorld) -> None:
    world.say("a", "b", "same")
    world.say("b", "a", "different")
    world.say("a", "c", "same")
    assert world.state("decisions", "decision, other_record_id") == [("different", "a"), ("same", "c")]


def test_a_pair_that_is_withdrawn_is_matched_as_if_nobody_had_been_asked() -> None:
    records = MatchingWorld()
    same = {"name": "株式会社カモメ配送", "address": "東京都江東区豊洲1-2-3", "phone": "03-5555-1212"}
    records.put_records([same | {"record_id": "a"}, same | {"record_id": "b"}])
    joined, apart = {frozenset("ab")}, {frozenset("a"), frozenset("b")}
    for word, groups in (("different", apart), ("withdrawn", joined)):
        records.decide("a", "b", word)
        records.match()
        assert records.groups() == groups
