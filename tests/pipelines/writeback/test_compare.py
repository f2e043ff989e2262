"""The three-way compare: a person's value stays, ours is kept up, nothing is sent that need not be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.writeback.compare import NEVER_SENT, compare_field, compare_record


@pytest.mark.parametrize(
    ("sent", "now", "desired", "verdict"),
    [
        (NEVER_SENT, None, "assigned", "write"),
        (NEVER_SENT, None, None, "same"),
        (NEVER_SENT, "limited", "assigned", "conflict"),
        (NEVER_SENT, "assigned", "assigned", "adopt"),
        ("open", "open", "open", "same"),
        ("open", "open", "assigned", "write"),
        ("open", "open", None, "write"),
        ("open", "limited", "assigned", "conflict"),
        ("open", None, "assigned", "conflict"),
        ("open", "assigned", "assigned", "adopt"),
        (None, "typed by a person", None, "conflict"),
    ],
)
def test_one_field(sent: object, now: str | None, desired: str | None, verdict: str) -> None:
    assert compare_field(sent, now, desired) == verdict


values = st.one_of(st.none(), st.sampled_from(["a", "b", "c"]))


@given(sent=st.one_of(st.just(NEVER_SENT), values), now=values, desired=values)
def test_what_a_person_set_is_never_written_over(sent: object, now: str | None, desired: str | None) -> None:
    ours = None if sent is NEVER_SENT else sent
    if now != ours:
        assert compare_field(sent, now, desired) != "write"


@given(sent=values, desired=values)
def test_once_written_there_is_nothing_left_to_do(sent: str | None, desired: str | None) -> None:
    assert compare_field(desired, desired, desired) == "same"


def test_the_date_alone_moves_nothing() -> None:
    sent = {"partner_approach": "open", "as_of": "2026-11-19"}
    change = compare_record("001", sent, sent, {"partner_approach": "open", "as_of": "2026-11-20"}, {})
    assert not change.writes
    assert not change.conflicts


def test_the_date_moves_with_another_field() -> None:
    sent = {"partner_approach": "open", "as_of": "2026-11-19"}
    change = compare_record("001", sent, sent, {"partner_approach": "limited", "as_of": "2026-11-20"}, {})
    assert [(w.column, w.before, w.after) for w in change.writes] == [
        ("partner_approach", "open", "limited"),
        ("as_of", "2026-11-19", "2026-11-20"),
    ]
