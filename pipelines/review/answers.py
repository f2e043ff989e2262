"""Which answer a person means who typed a word into a cell.

Belongs here: the words. Does not: where they stood. Pure.
"""

from __future__ import annotations

import unicodedata
from functools import cache

from pipelines.review.decisions import ANSWERS
from pipelines.texts import text

# What people write instead of what the drop-down offers.
_ALSO = {
    "same": ("同一", "同", "同社", "同じ会社", "一致", "○", "〇", "◯", "yes", "y", "match"),
    "different": ("別", "別会社", "別の会社", "違います", "異なる", "相違", "不一致", "×", "✕", "✖", "✗", "no", "n"),
    "unsure": ("不明", "分からない", "わかりません", "分かりません", "保留", "△", "?", "unknown", "not sure", "don't know"),
}


def parse_answer(typed: str) -> str | None:
    """same, different or unsure, in either language, width and case; None for any other word."""
    return _words().get(_folded(typed))


def answer_word(answer: str, language: str) -> str:
    """The answer as the drop-down offers it."""
    return text(f"review.answer.{answer}", language)


@cache
def _words() -> dict[str, str]:
    words = {_folded(word): answer for answer, also in _ALSO.items() for word in also}
    for answer in ANSWERS:
        words |= {_folded(word): answer for word in (answer, answer_word(answer, "ja"), answer_word(answer, "en"))}
    return words


def _folded(typed: str) -> str:
    """Width, case, spaces and a closing stop do not matter."""
    folded = " ".join(unicodedata.normalize("NFKC", typed).casefold().split())
    return folded.strip("。.!、, ") or folded
