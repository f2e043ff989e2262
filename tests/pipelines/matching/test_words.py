"""A match's evidence as people read it."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from pipelines.matching.words import evidence_line, evidence_words, percent, waterfall, waterfall_table
from pipelines.texts import catalogue

EVIDENCE = [
    {"feature": "name", "outcome": "agrees_after_kanji", "weight": 8.1},
    {"feature": "place", "outcome": "town", "weight": 3.0},
    {"feature": "phone", "outcome": "differs", "weight": -1.2},
]
PRIOR = {"feature": "base", "outcome": "stranger", "weight": -3.0}


def printed(probability: float, language: str, evidence: list[dict[str, object]]) -> list[str]:
    console = Console(file=io.StringIO(), width=120)
    console.print(waterfall_table(evidence, probability, language))
    return console.file.getvalue().splitlines()  # type: ignore[attr-defined]


def test_the_line_reads_as_a_sentence_in_both_languages() -> None:
    assert evidence_line(EVIDENCE, "en") == "name agrees after 旧字体 (+8.1), town agrees (+3.0), phone differs (-1.2)"
    assert evidence_line(EVIDENCE, "ja") == "社名が旧字体をそろえると一致（+8.1）、町名が一致（+3.0）、電話番号が相違（-1.2）"
    assert evidence_line([], "ja") == ""


def test_the_line_leaves_out_the_starting_point_and_the_list_tells_it() -> None:
    assert evidence_line([*EVIDENCE, PRIOR], "en") == evidence_line(EVIDENCE, "en")
    assert evidence_words([PRIOR], "ja") == ["出発点（-3.0）"]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_an_outcome_without_a_text_is_told_by_its_name(language: str) -> None:
    (told,) = evidence_words([{"feature": "moon", "outcome": "full{0}", "weight": 0.5}], language)
    assert "moon" in told
    assert "full{0}" in told


def test_a_waterfall_begins_at_the_starting_point_and_ends_at_the_sum() -> None:
    steps = waterfall([*EVIDENCE, PRIOR], "en")
    assert [round(step.total, 1) for step in steps] == [-3.0, 5.1, 8.1, 6.9]
    assert steps[0].label.startswith("starting point")


def test_a_waterfall_is_printed_with_bars_and_ends_in_the_probability() -> None:
    lines = printed(0.9917, "ja", [*EVIDENCE, PRIOR])
    assert len(lines) == 5
    assert "社名が旧字体をそろえると一致" in lines[1]
    assert "+8.1" in lines[1]
    assert "█" in lines[1]
    assert "合計" in lines[-1]
    assert "+6.9" in lines[-1]
    assert lines[-1].rstrip().endswith("同じ会社である確率 99.2%")


def test_a_waterfall_of_nothing_still_ends_in_the_probability() -> None:
    assert printed(1.0, "en", [])[-1].rstrip().endswith("same company with a probability of 100.0%")


def test_what_is_not_certain_is_never_told_as_certain() -> None:
    assert (percent(0.99999), percent(0.00001), percent(1.0), percent(0.0)) == ("99.9%", "0.1%", "100.0%", "0.0%")
    assert (percent(0.94974, 2), percent(0.999999, 2)) == ("94.97%", "99.99%")


def test_how_much_a_name_says_is_told_with_the_name_that_agrees() -> None:
    """Alone, an everyday name that speaks for a pair looks odd."""
    everyday = {"feature": "rarity", "outcome": "everyday", "weight": 3.8}
    agrees = {"feature": "name", "outcome": "same_text", "weight": -0.6}
    line = evidence_line([everyday, EVIDENCE[1], agrees], "ja")
    assert line == "社名が完全に一致（ごくありふれた社名）（+3.2）、町名が一致（+3.0）"
    differing = [everyday, {"feature": "name", "outcome": "differs", "weight": -0.6}]
    assert evidence_words(differing, "en") == ["the name is an everyday one (+3.8)", "name differs (-0.6)"]


KNOWN = sorted(tuple(key.split(".")[1:]) for key in catalogue() if key.startswith("evidence.") and key.count(".") == 2)
PART = st.builds(
    lambda of, weight: {"feature": of[0], "outcome": of[1], "weight": weight},
    st.one_of(st.sampled_from(KNOWN), st.tuples(st.text(max_size=8), st.text(max_size=8))),
    st.floats(-60, 60),
)


@given(st.lists(PART, max_size=8), st.floats(0, 1), st.sampled_from(["ja", "en"]))
def test_any_evidence_can_be_told_and_its_steps_sum_up(
    evidence: list[dict[str, object]], probability: float, language: str
) -> None:
    steps = waterfall(evidence, language)
    assert len(evidence_words(evidence, language)) == len(steps)
    if steps:
        assert steps[-1].total == pytest.approx(sum(part["weight"] for part in evidence))
    assert printed(probability, language, evidence)
