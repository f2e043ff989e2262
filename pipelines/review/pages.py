"""The sheets of a saved review workbook, as rows of the cells that matter.

Belongs here: opening the file, finding headings, stored results of formulas. Does not: what a cell means (``reading.py``).
Nothing is ever calculated: of a formula only the result is read that the program which saved the file stored with it.
"""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from pipelines.review.layout import HIDDEN, TO_FILL_IN, folded, headings

MAX_UNPACKED = 1 << 28
"""Bytes that a workbook may unpack to: some thousand questions need a few millions."""
_HEADING_ROWS, _ENOUGH_HEADINGS = 10, 4
_MAX_EMPTY_ROWS = 1000
# What a damaged file makes openpyxl and the libraries below it raise.
BROKEN = (
    zipfile.BadZipFile, zlib.error, InvalidFileException, SyntaxError, LookupError, ValueError, TypeError, AttributeError,
    EOFError, RuntimeError, NotImplementedError,
)  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """One cell; row and column from 1."""

    sheet: str
    row: int
    column: int
    text: str
    is_formula: bool

    @property
    def place(self) -> dict[str, object]:
        """For people."""
        return {"sheet": self.sheet, "row": self.row, "column": get_column_letter(self.column)}


@dataclass(frozen=True)
class Page:
    """A sheet: where the columns stand that matter, and the cells of each row below the headings, by column."""

    title: str
    columns: Mapping[str, int]
    rows: Sequence[Mapping[str, Cell]]


def hidden_sheet(path: Path) -> list[tuple[Any, ...]]:
    """Its rows. Raises one of ``BROKEN`` where there is none."""
    book = open_book(path)
    try:
        return list(book[HIDDEN].iter_rows(values_only=True))
    finally:
        book.close()


def read_pages(path: Path) -> Iterator[Page]:
    """Every sheet but the hidden one; a sheet without known headings has neither columns nor rows."""
    book = open_book(path)
    try:
        for sheet in book.worksheets:
            if sheet.title != HIDDEN:
                yield _page(path, sheet)
    finally:
        book.close()


def _page(path: Path, sheet: Any) -> Page:
    rows = _rows(sheet)
    columns = _columns(rows)
    needed = [{name: row[at] for name, at in columns.items() if at < len(row)} for row in (rows if columns else ())]
    if any(cell.is_formula for cells in needed for cell in cells.values()):
        needed = _with_results(path, sheet.title, needed)
    return Page(sheet.title, columns, needed)


def open_book(path: Path, data_only: bool = False, most: int = MAX_UNPACKED) -> openpyxl.Workbook:
    """The workbook, to be read. Raises one of ``BROKEN`` where it is none, or unpacks to more than ``most`` bytes."""
    with zipfile.ZipFile(path) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > most:
            raise ValueError("too large")
    with warnings.catch_warnings(category=UserWarning, action="ignore"):  # about styles, which nobody reads here
        return openpyxl.load_workbook(path, read_only=True, data_only=data_only, keep_links=False)


def _rows(sheet: Any) -> Iterator[list[Cell]]:
    """The cells of each row, formulas as they are written."""
    sheet.reset_dimensions()  # a sheet may state a size that is wrong
    empty = 0
    for number, cells in enumerate(sheet.iter_rows(), 1):
        row = [Cell(sheet.title, number, at, _text(cell.value), cell.data_type == "f") for at, cell in enumerate(cells, 1)]
        empty = 0 if any(cell.text for cell in row) else empty + 1
        if empty > _MAX_EMPTY_ROWS:
            return
        yield row


def _with_results(path: Path, title: str, rows: Sequence[Mapping[str, Cell]]) -> list[dict[str, Cell]]:
    """The same, with what the program that saved the file stored as the formulas' results."""
    book = open_book(path, data_only=True)
    try:
        sheet = book[title]
        sheet.reset_dimensions()
        stored = list(islice(sheet.iter_rows(values_only=True), max(cell.row for cells in rows for cell in cells.values())))
    finally:
        book.close()
    return [
        {
            name: replace(cell, text=_text(stored[cell.row - 1][cell.column - 1])) if cell.is_formula else cell
            for name, cell in cells.items()
        }
        for cells in rows
    ]


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()


def _columns(rows: Iterator[list[Cell]]) -> dict[str, int]:
    """Column's name -> its place, of those that matter; ends behind the headings. Empty where no row near the top is a heading
    of ours: one that names the keys' column, or several others."""
    known = headings()
    for row in islice(rows, _HEADING_ROWS):
        named = {known[folded(cell.text)]: at for at, cell in reversed(list(enumerate(row))) if folded(cell.text) in known}
        if "key" in named or len(named) >= _ENOUGH_HEADINGS:
            return {name: at for name, at in named.items() if name in ("key", *TO_FILL_IN)}
    return {}
