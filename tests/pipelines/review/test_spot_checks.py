"""Links drawn by lot, and what the answers say of all links."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.review.precision import Checked, precision
from pipelines.review.spot_checks import SpotCheck, draw
from tests.pipelines.review.world import TODAY, ReviewWorld


@pytest.fixture
def world(tmp_path: Path) -> ReviewWorld:
    """Companies of ours; ten sure links of musashi, four doubtful ones of setouchi."""
    world = ReviewWorld.new(tmp_path / "home")
    for at in range(14):
        company, partner = f"c{at}", "musashi" if at < 10 else "setouchi"
        ours = world.record(f"{at:02}", f"株式会社{at}")
        world.link(ours, company, 1.0, rule="alone")
        world.link(world.record(f"L{at:02}", f"({at})", partner), company, 0.9995 if at < 10 else 0.94)
    return world.publish()


def drawn(world: ReviewWorld, count: int = 8, partner: str | None = None, days: int = 0) -> list[SpotCheck]:
    with world.warehouse.read() as con:
        return draw(con, {d.pair for d in world.in_force()}, TODAY + timedelta(days), count, partner)


def records(checks: list[SpotCheck]) -> list[str]:
    return [check.question.left.record_id for check in checks]


def test_each_range_of_probability_gives_as_many_as_the_others(world: ReviewWorld) -> None:
    checks = drawn(world)
    assert sorted((check.stratum, check.stratum_size) for check in checks) == [("-95", 4)] * 4 + [("99.9-", 10)] * 4
    assert all(check.question.right.party == "us" for check in checks)
    assert all(check.question.left.name and check.question.evidence for check in checks)


def test_a_day_draws_the_same_and_another_day_others(world: ReviewWorld) -> None:
    assert drawn(world) == drawn(world)
    assert records(drawn(world)) != records(drawn(world, days=1))


def test_it_can_be_one_partners_records_alone(world: ReviewWorld) -> None:
    assert {check.question.left.party for check in drawn(world, partner="setouchi")} == {"setouchi"}
    assert drawn(world, count=0) == []


def test_what_was_decided_is_not_drawn(world: ReviewWorld) -> None:
    first = drawn(world, 14)
    assert len(first) == 14
    world.say(*first[0].question.pair, "same")
    assert first[0].question.pair not in {check.question.pair for check in drawn(world, 14)}


def test_the_registers_entry_goes_before_a_record_of_ours(world: ReviewWorld) -> None:
    entry = world.entry("7000012050002", "株式会社11")
    world.company("c11", "7000012050002")
    world.publish()
    assert entry in {check.question.right.record_id for check in drawn(world, partner="setouchi")}


def test_ranges_count_by_their_links_and_not_by_their_checks() -> None:
    found = precision([Checked("-95", 10, 5, 5), Checked("99.9-", 990, 10, 0)])
    assert found
    assert found.estimate == pytest.approx(0.995)
    assert (found.checked, found.wrong) == (20, 5)
    assert precision([]) is None
    assert precision([Checked("-95", 10, 0, 0)]) is None


RANGE = st.builds(Checked, st.text(max_size=3), st.integers(1, 10**6), st.integers(0, 200), st.integers(0, 200))


@given(st.lists(RANGE, min_size=1, max_size=4))
def test_the_estimate_lies_within_its_bounds_which_never_claim_certainty(ranges: list[Checked]) -> None:
    found = precision(ranges)
    if found:
        assert 0 <= found.low <= found.estimate + 1e-9
        assert found.estimate - 1e-9 <= found.high <= 1
        assert found.high - found.low > 0


def test_more_checks_make_it_surer() -> None:
    few, many = precision([Checked("a", 100, 10, 0)]), precision([Checked("a", 100, 300, 0)])
    assert few
    assert many
    assert few.low < 0.8 < 0.98 < many.low
