"""The sheets of a returned workbook: where headings stand, and the cells that a partner may have filled in.

Belongs here: opening the file, stored results of formulas. Does not: what a cell means (``reading.py``). Nothing is calculated.
Sheets are read row by row, and of each row only what matters is kept: a list may have 100,000 of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from openpyxl.utils.escape import unescape

from connectors.partner_files.workbook import MAX_EMPTY_ROWS, MAX_UNPACKED, cell_text
from pipelines.review.layout import folded
from pipelines.review.pages import Cell, open_book
from pipelines.sharing.layout import HIDDEN

_HEADING_ROWS = 20


@dataclass(frozen=True)
class Page:
    """A sheet. ``heading_row`` from 1, 0 where no known heading is near the top; ``headings``: folded -> column from 1."""

    title: str
    heading_row: int
    headings: Mapping[str, int]
    is_empty: bool


def hidden_rows(path: Path) -> list[tuple[Any, ...]]:
    """Those of the hidden sheet. Raises ``OSError``, or one of ``review.pages.BROKEN``, also where there is none."""
    with closing(open_book(path, most=MAX_UNPACKED)) as book:
        return list(book[HIDDEN].iter_rows(values_only=True))


def pages_of(path: Path, known: Collection[str]) -> list[Page]:
    """Every sheet but the hidden one. ``known``: folded headings. Raises as ``hidden_rows`` does."""
    with closing(open_book(path, most=MAX_UNPACKED)) as book:
        return [_page(sheet, known) for sheet in book.worksheets if sheet.title != HIDDEN]


def filled_rows(path: Path, page: Page, columns: Mapping[str, int], asked: Collection[str]) -> Iterator[dict[str, Cell]]:
    """Of each row below the headings that has anything in a column of ``asked``: its cells of ``columns``, by name."""
    with closing(open_book(path, most=MAX_UNPACKED)) as book:
        rows = [cells for cells in _rows(book[page.title], page, columns) if any(_is_filled(cells.get(name)) for name in asked)]
    if any(cell.is_formula for cells in rows for cell in cells.values()):
        yield from _with_results(path, page, columns, rows)
    else:
        yield from rows


def _page(sheet: Any, known: Collection[str]) -> Page:
    sheet.reset_dimensions()  # a sheet may state a size that is wrong
    best: tuple[int, dict[str, int]] = (0, {})
    is_empty = True
    for number, values in enumerate(islice(sheet.iter_rows(values_only=True), _HEADING_ROWS), 1):
        words = [folded(cell_text(value)) for value in values]
        is_empty = is_empty and not any(words)
        found = {word: at for at, word in reversed(list(enumerate(words, 1))) if word in known}
        if len(found) > len(best[1]):
            best = number, found
    return Page(sheet.title, *best, is_empty)


def _rows(sheet: Any, page: Page, columns: Mapping[str, int]) -> Iterator[dict[str, Cell]]:
    sheet.reset_dimensions()
    empty = 0
    for number, row in enumerate(sheet.iter_rows(min_row=page.heading_row + 1), page.heading_row + 1):
        cells = {
            name: Cell(page.title, number, at, unescape(cell_text(row[at - 1].value)).strip(), row[at - 1].data_type == "f")
            for name, at in columns.items()
            if at <= len(row)
        }
        empty = 0 if any(cell.text for cell in cells.values()) else empty + 1
        if empty > MAX_EMPTY_ROWS:
            return
        yield cells


def _with_results(path: Path, page: Page, columns: Mapping[str, int], rows: list[dict[str, Cell]]) -> Iterator[dict[str, Cell]]:
    """The same, with what the program that saved the file stored as the formulas' results."""
    formulas = {cell.row for cells in rows for cell in cells.values() if cell.is_formula}
    with closing(open_book(path, data_only=True, most=MAX_UNPACKED)) as book:
        stored = {
            next(iter(cells.values())).row: cells
            for cells in _rows(book[page.title], page, columns)
            if cells and next(iter(cells.values())).row in formulas
        }
    for cells in rows:
        row = next(iter(cells.values())).row
        yield {
            name: replace(cell, text=stored[row][name].text if row in stored and name in stored[row] else "")
            if cell.is_formula
            else cell
            for name, cell in cells.items()
        }


def _is_filled(cell: Cell | None) -> bool:
    return cell is not None and bool(cell.text or cell.is_formula)
