"""The words that people answer in."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.review.answers import answer_word, parse_answer
from pipelines.review.decisions import ANSWERS


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("同じ", "same"), (" Ｓａｍｅ ", "same"), ("SAME", "same"), ("○", "same"), ("同一。", "same"), ("ﾏｯﾁ", None),
        ("違う", "different"), ("別会社", "different"), ("✕", "different"), ("No", "different"),
        ("わからない", "unsure"), ("？", "unsure"), ("分からない", "unsure"), ("not  sure", "unsure"), ("unsure.", "unsure"),
        ("おなじかも", None), ("1", None), ("same?", None), ("", None), ("-", None),
    ],
)  # fmt: skip
def test_an_answer_is_understood_in_either_language_width_and_case(typed: str, meant: str | None) -> None:
    assert parse_answer(typed) == meant


def _wide(word: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in word)


@given(
    st.sampled_from(ANSWERS),
    st.sampled_from(["ja", "en"]),
    st.sampled_from([str.upper, str.lower, str.title, _wide, lambda word: unicodedata.normalize("NFD", word)]),
    st.text(" \t\n　", max_size=3),
)
def test_what_the_drop_down_offers_is_understood_however_it_is_written(
    answer: str, language: str, written: object, space: str
) -> None:
    assert callable(written)
    assert parse_answer(space + written(answer_word(answer, language)) + space) == answer


@given(st.text())
def test_any_text_is_an_answer_or_none(typed: str) -> None:
    assert parse_answer(typed) in (*ANSWERS, None)
