"""Decisions that cannot all be true."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipelines.review.contradictions import contradictions
from pipelines.review.decisions import Decision
from tests.pipelines.review.world import NOW


def said(a: str, b: str, decision: str) -> Decision:
    return Decision(a, b, decision, "tanaka", NOW)


def test_a_chain_of_same_against_a_different_is_named_step_by_step() -> None:
    ab, cb, ac = said("a", "b", "same"), said("c", "b", "same"), said("c", "a", "different")
    (found,) = contradictions([ab, ac, cb, said("x", "y", "same"), said("a", "x", "different")])
    assert found.different == ac
    assert found.chain == (ab, cb)
    assert found.decisions == (ab, cb, ac)


def test_the_shortest_chain_is_told() -> None:
    long_way = [said("a", "b", "same"), said("b", "c", "same"), said("c", "d", "same")]
    short = [said("a", "e", "same"), said("e", "d", "same")]
    (found,) = contradictions([*long_way, *short, said("a", "d", "different")])
    assert found.chain == tuple(short)


def test_unsure_joins_nothing_and_keeps_nothing_apart() -> None:
    assert contradictions([said("a", "b", "same"), said("b", "c", "unsure"), said("a", "c", "different")]) == []


IDS = st.sampled_from("abcdef")
DECISIONS = st.lists(st.builds(said, IDS, IDS, st.sampled_from(["same", "different"])), max_size=12).map(
    lambda all: list({d.pair: d for d in all if d.record_id != d.other_record_id}.values())
)


@given(DECISIONS)
def test_there_is_one_exactly_where_what_is_joined_is_also_kept_apart(decisions: list[Decision]) -> None:
    group = {id: {id} for id in "abcdef"}
    for one in decisions:
        if one.decision == "same":
            together = group[one.record_id] | group[one.other_record_id]
            group |= dict.fromkeys(together, together)
    torn = [d for d in decisions if d.decision == "different" and d.record_id in group[d.other_record_id]]
    found = contradictions(decisions)
    assert [one.different for one in found] == torn
    for one in found:
        ends = [id for step in one.chain for id in step.pair]
        assert sorted(id for id in set(ends) if ends.count(id) == 1) == list(one.different.pair)
