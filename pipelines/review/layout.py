"""What a review workbook consists of: its sheets, columns and hidden marks, known to who writes it and to who reads it.

Belongs here: names and order. Does not: cells (``workbook.py``, ``reading.py``).
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipelines.review.decisions import Decision, Pair
from pipelines.review.questions import Question
from pipelines.texts import text

MARK = "totsugo review 1"
"""First cell of the hidden sheet: what makes a workbook one of ours, and the version of its form."""
HIDDEN = "_totsugo"
HIDDEN_COLUMNS = ("key", "sheet", "record_id", "other_record_id", "probability", "stratum", "stratum_size")
QUESTIONS, SPOT_CHECKS, CONTRADICTIONS = "question", "spot_check", "contradiction"


@dataclass(frozen=True)
class Column:
    """A column of the sheets with questions."""

    name: str
    width: int
    """In half-width characters."""
    both_sides: bool = False
    """Each cell has two lines: the one record, and the other below it."""
    optional: bool = False
    """Left out where no record of the sheet has it."""


COLUMNS = (
    Column("number", 7),
    Column("answer", 13),
    Column("said", 30),  # on the sheet of contradictions alone
    Column("name", 36, both_sides=True),
    Column("party", 30, both_sides=True),
    Column("address", 42, both_sides=True),
    Column("phone", 15, both_sides=True, optional=True),
    Column("web", 20, both_sides=True, optional=True),
    Column("corporate_number", 16, both_sides=True, optional=True),
    Column("kana", 26, both_sides=True, optional=True),
    Column("english", 26, both_sides=True, optional=True),
    Column("status", 14, both_sides=True),
    Column("probability", 12),
    Column("evidence", 46),
    Column("comment", 28),
    Column("by", 12),
    Column("record", 40, both_sides=True),
    Column("key", 11),
)
NOT_PRINTED = 2
"""The last columns, which people need on the screen alone."""
TO_FILL_IN = ("answer", "comment", "by")


def columns_of(sheet: str) -> list[Column]:
    """The columns of that sheet, from the left. A contradiction is of people's words: no probability, no evidence."""
    left_out = ("probability", "evidence") if sheet == CONTRADICTIONS else ("said",)
    return [column for column in COLUMNS if column.name not in left_out]


@dataclass(frozen=True)
class Row:
    """One pair that a sheet asks about."""

    number: str
    """Place on the sheet; of a contradicting decision the numbers of its contradictions."""
    question: Question
    said: Decision | None = None
    """On the sheet of contradictions: what was said of the pair so far."""
    stratum: str | None = None
    stratum_size: int | None = None


@dataclass(frozen=True)
class Review:
    """All that one workbook asks."""

    rows: Mapping[str, Sequence[Row]]
    """By sheet; what has nothing to ask is left out."""
    left: int
    """Questions that wait and are not in this workbook."""

    def export_id(self, exported_at: datetime) -> str:
        """The same for the same questions at the same moment."""
        digest = hashlib.sha256(exported_at.isoformat().encode())
        for sheet, rows in self.rows.items():
            for row in rows:
                digest.update("\0".join((sheet, *row.question.pair)).encode())
        return digest.hexdigest()[:12]


def key_of(sheet: str, pair: Pair) -> str:
    """The mark that a row bears, wherever it is moved: the same in every export. A letter leads, or Excel may see a number."""
    return sheet[0] + hashlib.sha256("\0".join(pair).encode()).hexdigest()[:9]


def folded(cell: str) -> str:
    """A heading or word as it is compared: width, case and spaces do not matter."""
    return "".join(unicodedata.normalize("NFKC", cell).casefold().split())


def heading(column: str, language: str) -> str:
    """The heading of that column."""
    return text(f"review.column.{column}", language)


def headings() -> dict[str, str]:
    """Every heading in both languages, folded -> the column's name."""
    return {folded(heading(c.name, language)): c.name for c in COLUMNS for language in ("ja", "en")}
