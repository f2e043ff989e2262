"""Cells of a claim list that nobody can understand: words without a known meaning, dates that are none.

Belongs here: finding and naming them; the row stays, and dbt goes by what else it says. Does not: what a word means for
the rules (``dbt_project/seeds/claim_words.csv`` and the models that read it).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pyarrow as pa

from connectors.partner_files import ReadList, Rejection
from pipelines.normalize.text import fold_text
from pipelines.normalize.values import parse_date

WORDS = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds" / "claim_words.csv"
_WORDS_OF: Mapping[str, Mapping[str, str]] = {
    "introductions": {
        "status": "introduction_status",
        "outcome": "introduction_status",
        "direction": "introduction_direction",
    }
}
"""Content -> column -> kind of the words that stand in it. A registration's status is the partner's own: it decides nothing."""
_DATES = {
    "registrations": ("registered_on", "last_activity_on"),
    "introductions": ("requested_on", "accepted_on", "met_on", "closed_on"),
}

_NOTHING = frozenset({"-", "ー", "未定", "未実施", "未", "なし", "無し", "無", "予定", "調整中", "tbd", "n/a", "na", "none"})
"""What people write into a date column when there is no date yet."""


def words_text() -> str:
    """The words as they stand, for telling whether a file would be read differently now."""
    return WORDS.read_text(encoding="utf-8")


@cache
def _known(kind: str) -> frozenset[str]:
    words = [row["word"] for row in csv.DictReader(words_text().splitlines()) if row["kind"] == kind]
    return frozenset(fold_text(pa.array(words, pa.string())).to_pylist())


def not_understood(read: ReadList, content: str) -> list[Rejection]:
    """A rejection for each such cell, in the order of the columns, then of the rows."""
    found: list[Rejection] = []
    for column, kind in _WORDS_OF.get(content, {}).items():
        folded = fold_text(read.rows[column].combine_chunks()).to_pylist()
        unknown = [text is not None and text not in _known(kind) for text in folded]
        found += _rejections(read, column, unknown, "partners.unknown_word")
    for column in _DATES.get(content, ()):
        texts = read.rows[column].combine_chunks()
        dates, folded = parse_date(texts).to_pylist(), fold_text(texts).to_pylist()
        unread = [date is None and text is not None and text not in _NOTHING for date, text in zip(dates, folded, strict=True)]
        found += _rejections(read, column, unread, "partners.unreadable_date")
    return found


def _rejections(read: ReadList, column: str, wrong: list[bool], reason: str) -> Iterator[Rejection]:
    heading = read.mapping.get(column, (column,))[0]
    numbers, texts = read.rows["row_number"].to_pylist(), read.rows[column].to_pylist()
    for number, text, is_wrong in zip(numbers, texts, wrong, strict=True):
        if is_wrong:
            yield Rejection(number, heading, reason, {"column": heading}, text, whole_row=False)
