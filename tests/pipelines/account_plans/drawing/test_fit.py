"""Words fit their boxes: none is lost unless the box is told to be too small, and Japanese lines begin and end as they should."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.account_plans.drawing.fit import (
    fitted,
    fitted_table,
    is_cut,
    lines_of,
    overflows,
    pages_of,
    plain,
    table_height,
    text_width,
)
from pipelines.account_plans.drawing.scene import Cell, Line, Paragraph, Rect, Run, Table, Text
from tests.pipelines.account_plans.drawing.decks import LONG_NAME, SENTENCE, box, table

WORDS = st.text(st.sampled_from("東京株式会社、。」「（）ーッ・ABCiWm 1234,.%$円→ｱ\n"), max_size=80)
RUNS = st.builds(Run, WORDS, st.booleans(), size=st.sampled_from([None, None, 14.0, 7.0]))
PARAGRAPHS = st.lists(st.builds(Paragraph, st.lists(RUNS, max_size=3).map(tuple), bullet=st.booleans()), max_size=4).map(tuple)
PLACES = st.builds(Rect, st.just(10.0), st.just(10.0), st.floats(40, 400), st.floats(24, 300))
BOXES = st.builds(Text, PLACES, PARAGRAPHS, st.sampled_from([9.0, 11.0, 20.0]), st.just(7.0))


def _lines(text: Text) -> list[str]:
    return ["".join(piece.run.text for piece in line.pieces) for line in lines_of(text)]


@settings(max_examples=150, deadline=None)
@given(BOXES)
def test_what_is_fitted_never_overflows_and_stays_as_it_is(asked: Text) -> None:
    text = fitted(asked)
    assert not overflows(text)
    assert fitted(text) == text
    assert asked.min_size <= text.size <= asked.size


@settings(max_examples=150, deadline=None)
@given(BOXES)
def test_nothing_is_lost_unless_the_words_are_cut(asked: Text) -> None:
    text = fitted(asked)
    if is_cut(asked):
        assert plain(text).rstrip().endswith("…")
        assert plain(asked).startswith(plain(text).rstrip().removesuffix("…").rstrip())
    else:
        assert plain(text) == plain(asked)
    drawn = "".join(_lines(text)).replace(" ", "")
    assert drawn == plain(text).replace(" ", "").replace("\n", "")


def test_words_are_made_smaller_before_they_are_cut() -> None:
    roomy, tight, tiny = (box(Rect(0, 0, 200, height), SENTENCE) for height in (100, 60, 30))
    assert fitted(roomy) == roomy
    assert fitted(tight).size < tight.size
    assert plain(fitted(tight)) == SENTENCE
    assert plain(fitted(tiny)).endswith("…")
    assert fitted(tiny).size == tiny.min_size
    assert is_cut(tiny)
    assert not is_cut(tight)
    assert overflows(tight)


def test_japanese_lines_keep_kinsoku() -> None:
    for width in range(50, 300, 7):
        lines = [line for line in _lines(box(Rect(0, 0, width, 400), SENTENCE * 2)) if line]
        assert not [line for line in lines if line[0] in "、。）」ーッ・：" or line[-1] in "（「"], width


def test_words_and_numbers_are_not_broken_unless_they_are_wider_than_the_box() -> None:
    lines = _lines(box(Rect(0, 0, 100, 400), "導入社数は1,234社、売上はSalesforce経由で12.5億円"))
    assert all(any(whole in line for line in lines) for whole in ("1,234", "Salesforce", "12.5"))
    assert len(_lines(box(Rect(0, 0, 60, 400), "Supercalifragilistic"))) > 1


def test_a_full_width_character_is_one_em_and_latin_is_narrower() -> None:
    assert text_width("突合", 10) == pytest.approx(20)
    assert text_width("abc", 10) < 20
    assert text_width("abc", 10, bold=True) > text_width("abc", 10)
    assert text_width("é", 10) == text_width("e", 10) == text_width("e\u0301", 10)


def test_what_no_file_can_hold_is_left_out() -> None:
    assert plain(fitted(box(Rect(0, 0, 200, 60), "a\x00b\ud800c\td\r\ne"))) == "abc d\ne"


def test_a_table_gets_smaller_words_and_loses_none() -> None:
    asked = table(30)
    text = fitted_table(asked)
    assert text.size < asked.size
    assert [[cell.text for cell in row] for row in text.rows] == [[cell.text for cell in row] for row in asked.rows]
    assert not overflows(text)
    assert table_height(text) <= asked.place.height
    assert overflows(fitted_table(table(300)))


def test_a_long_table_goes_on_with_its_head_on_further_pages() -> None:
    pages = pages_of(table(100), Rect(28, 60, 904, 440))
    assert len(pages) > 2
    assert [row for page in pages for row in page.rows] == list(table(100).rows)
    assert all(page.head == table().head and not overflows(page) for page in pages)
    assert pages[1].place.y == 60
    assert pages_of(replace(table(0)))[0].rows == ()


def test_a_row_higher_than_the_page_stands_alone() -> None:
    high = Table(Rect(0, 0, 100, 50), (100,), (Cell("見出し"),), ((Cell(LONG_NAME * 5),), (Cell("次"),)))
    assert [len(page.rows) for page in pages_of(high)] == [1, 1]


def test_what_leaves_the_slide_overflows() -> None:
    assert overflows(box(Rect(900, 0, 100, 20), "a"))
    assert overflows(Line(0, 0, 100, 541))
    assert not overflows(Line(0, 540, 960, 0))
