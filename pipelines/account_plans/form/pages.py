"""The sheets of a form that came back, as rows of cells.

Belongs here: opening the file, the hidden sheet, stored results of formulas. Does not: what a cell means (``reading.py``).
Nothing is ever calculated: of a formula only the result counts that the program which saved the file stored with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from openpyxl.utils import get_column_letter

from pipelines.account_plans.form.layout import HIDDEN, MARK
from pipelines.review.pages import open_book

_MOST_ROWS, _MOST_COLUMNS = 2000, 60


@dataclass(frozen=True)
class Cell:
    """One cell; row and column from 1. ``value`` as the program stored it, without spaces around."""

    sheet: str
    row: int
    column: int
    value: Any
    fault: str | None = None
    """Why it cannot be read: a formula without a result, or an error."""

    @property
    def is_empty(self) -> bool:
        return self.value is None and self.fault is None

    @property
    def place(self) -> dict[str, object]:
        """For people."""
        return {"sheet": self.sheet, "cell": f"{get_column_letter(self.column)}{self.row}"}


Row = Sequence[Cell]


def read_sheets(path: Path) -> tuple[dict[str, str], list[list[Row]]]:
    """What the hidden sheet says (empty where the file has none), and the rows of every other one. Raises ``OSError``, or one
    of ``review.pages.BROKEN``."""
    book, results = open_book(path), open_book(path, data_only=True)
    try:
        hidden = _hidden(book[HIDDEN]) if HIDDEN in book.sheetnames else {}
        shown = [title for title in book.sheetnames if title != HIDDEN]
        return hidden, [list(_rows(title, book[title], results[title])) for title in shown]
    finally:
        book.close()
        results.close()


def _hidden(sheet: Any) -> dict[str, str]:
    """Raises ``ValueError`` where it is another program's, or another version's."""
    lines = [line for line in sheet.iter_rows(max_col=2, values_only=True) if line and line[0] is not None]
    if not lines or lines[0][0] != MARK:
        raise ValueError("no form of ours")
    return {"form_id": str(lines[0][1]), **{str(key): "" if value is None else str(value) for key, value in lines[1:]}}


def _rows(title: str, sheet: Any, results: Any) -> Iterator[Row]:
    for one in (sheet, results):
        one.reset_dimensions()  # a sheet may state a size that is wrong
    pairs = zip(sheet.iter_rows(max_col=_MOST_COLUMNS), results.iter_rows(max_col=_MOST_COLUMNS), strict=False)
    for number, (cells, stored) in enumerate(islice(pairs, _MOST_ROWS), 1):
        yield [_cell(title, number, at, cell, result) for at, (cell, result) in enumerate(zip(cells, stored, strict=False), 1)]


def _cell(title: str, row: int, column: int, cell: Any, result: Any) -> Cell:
    value = result.value.strip() or None if isinstance(result.value, str) else result.value
    if result.data_type == "e":
        return Cell(title, row, column, None, "error")
    if cell.data_type == "f" and value is None:
        return Cell(title, row, column, None, "formula")
    return Cell(title, row, column, value)
