"""The workbook that people answer in, for Excel and LibreOffice.

Belongs here: sheets, cells, looks. Does not: which questions (``gather.py``), or reading answers (``reading.py``). One row is one
question, so that it may be sorted and filtered; the two records stand one above the other in each cell, what differs in red.
What comes from data is written as text: no cell is ever a formula.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from math import ceil

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.review.answers import answer_word
from pipelines.review.cells import FONT, SIZE, Shown, cell_texts, put, shown_width
from pipelines.review.decisions import ANSWERS
from pipelines.review.layout import (
    HIDDEN,
    HIDDEN_COLUMNS,
    MARK,
    NOT_PRINTED,
    TO_FILL_IN,
    Column,
    Review,
    Row,
    columns_of,
    heading,
    key_of,
)
from pipelines.texts import text

_THIN = Side(style="thin", color="BFBFBF")
_BORDER = Border(_THIN, _THIN, _THIN, _THIN)
_HEAD = PatternFill("solid", start_color="1F3864")
_TO_FILL = PatternFill("solid", start_color="FFF2CC")
_LINE, _MAX_LINES = 16.5, 12  # points
_HOW_TO_LINES, _HOW_TO_WIDTH = 9, 84
_A3, _A4 = 8, 9


def workbook(review: Review, exported_at: datetime, language: str) -> bytes:
    """The file. ``exported_at``: in the vendor's time zone."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = "Totsugo"
    book.properties.title = text("review.title", language)
    for sheet, rows in review.rows.items():
        _asking(book.create_sheet(text(f"review.sheet.{sheet}", language)), sheet, rows, language, exported_at.tzinfo)
    _how_to(book.create_sheet(text("review.sheet.how_to", language)), exported_at, language)
    _hidden(book.create_sheet(HIDDEN), review, exported_at)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _asking(sheet: Worksheet, kind: str, rows: Sequence[Row], language: str, zone: tzinfo | None) -> None:
    shown = [cell_texts(row, key_of(kind, row.question.pair), language, zone) for row in rows]
    columns = [c for c in columns_of(kind) if not c.optional or any(cells[c.name] for cells in shown)]
    for at, column in enumerate(columns, 1):
        cell = _cell(sheet, 1, at)
        put(cell, heading(column.name, language))
        cell.font = Font(name=FONT, size=SIZE, bold=True, color="FFFFFF")
        cell.fill, cell.border = _HEAD, _BORDER
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        sheet.column_dimensions[get_column_letter(at)].width = column.width
    sheet.row_dimensions[1].height = 2 * _LINE
    for number, cells in enumerate(shown, 2):
        _write_row(sheet, number, columns, cells)
    _drop_down(sheet, 1 + [column.name for column in columns].index("answer"), len(rows) + 1, language)
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(rows) + 1}"
    sheet.print_area = f"A1:{get_column_letter(len(columns) - NOT_PRINTED)}{len(rows) + 1}"
    _for_print(sheet)


def _write_row(sheet: Worksheet, number: int, columns: Sequence[Column], texts: Mapping[str, Shown]) -> None:
    lines = 2
    for at, column in enumerate(columns, 1):
        cell, value = _cell(sheet, number, at), texts.get(column.name, "")
        put(cell, value)
        _look(cell, column)
        lines = max(lines, sum(ceil(shown_width(line) / column.width) or 1 for line in str(value).split("\n")))
    sheet.row_dimensions[number].height = min(lines, _MAX_LINES) * _LINE


def _cell(sheet: Worksheet, row: int, column: int) -> Cell:
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)  # nothing here is merged
    return cell


def _look(cell: Cell, column: Column) -> None:
    grey = column.name in ("key", "record")
    cell.font = Font(name=FONT, size=8 if grey else SIZE, color="808080" if grey else "000000")
    cell.border = _BORDER
    centred = column.name in ("number", "answer", "probability")
    cell.alignment = Alignment(horizontal="center" if centred else "left", vertical="center", wrap_text=True)
    if column.name == "probability":
        cell.number_format = "0.0%"
    if column.name in TO_FILL_IN:
        cell.fill = _TO_FILL
        cell.number_format = "@"  # what people type stays as they typed it
        cell.protection = Protection(locked=False)


def _drop_down(sheet: Worksheet, column: int, last: int, language: str) -> None:
    offered = ",".join(answer_word(answer, language) for answer in ANSWERS)
    choice = DataValidation(type="list", formula1=f'"{offered}"', allow_blank=True, showErrorMessage=True, showInputMessage=True)
    choice.errorTitle, choice.error = text("review.title", language), text("review.drop_down_error", language)
    choice.promptTitle, choice.prompt = heading("answer", language), text("review.drop_down_prompt", language)
    letter = get_column_letter(column)
    choice.add(f"{letter}2:{letter}{last}")
    sheet.add_data_validation(choice)


def _for_print(sheet: Worksheet) -> None:
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", _A3  # type: ignore[assignment]
    _one_page_wide(sheet)
    sheet.print_title_rows = "1:1"
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top = sheet.page_margins.bottom = 0.7
    sheet.page_margins.header = sheet.page_margins.footer = 0.3
    sheet.HeaderFooter.oddHeader.left.text, sheet.HeaderFooter.oddFooter.center.text = "&A", "&P / &N"  # type: ignore[union-attr]


def _how_to(sheet: Worksheet, exported_at: datetime, language: str) -> None:
    sheet.column_dimensions["A"].width = _HOW_TO_WIDTH
    sheet.sheet_view.showGridLines = False
    lines = [text("review.title", language)]
    lines += [text(f"review.how_to.{at}", language) for at in range(1, _HOW_TO_LINES + 1)]
    lines.append(text("review.exported_at", language, at=f"{exported_at:%Y-%m-%d %H:%M}"))
    for at, line in enumerate(lines, 1):
        cell = _cell(sheet, at, 1)
        put(cell, line)
        cell.font = Font(name=FONT, size=14 if at == 1 else 11, bold=at == 1)
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        sheet.row_dimensions[at].height = ceil(shown_width(line) / _HOW_TO_WIDTH) * _LINE + 8
    sheet.protection.sheet = True
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", _A4  # type: ignore[assignment]
    _one_page_wide(sheet)


def _one_page_wide(sheet: Worksheet) -> None:
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0  # type: ignore[assignment]
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _hidden(sheet: Worksheet, review: Review, exported_at: datetime) -> None:
    """Which row asks about which records: people may move, sort or delete rows, but not what they mean."""
    lines: list[Sequence[str | float | None]] = [(MARK, review.export_id(exported_at)), HIDDEN_COLUMNS]
    for kind, rows in review.rows.items():
        for row in rows:
            asked = row.question
            # as JSON: an id may hold what a cell cannot, or spaces that get lost
            ids = (json.dumps(side.record_id, ensure_ascii=False) for side in (asked.left, asked.right))
            lines.append((key_of(kind, asked.pair), kind, *ids, asked.probability, row.stratum, row.stratum_size))
    for at, line in enumerate(lines, 1):
        for column, value in enumerate(line, 1):
            if value is not None:
                put(_cell(sheet, at, column), value)
    sheet.sheet_state = "veryHidden"
    sheet.protection.sheet = True
