"""How the cells of the form look, and what they accept.

Belongs here: styles, drop-downs, protection, print set-up. Does not: what stands in a cell (``workbook.py``).
"""

from __future__ import annotations

from math import ceil

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.review.cells import FONT, Shown, put, shown_width
from pipelines.texts import text

LINE = 16.5
"""Points of one line."""
SIZE = 10
_THIN = Side(style="thin", color="BFBFBF")
BORDER = Border(_THIN, _THIN, _THIN, _THIN)
_NAVY, _PALE, _YELLOW = (PatternFill("solid", start_color=colour) for colour in ("1F3864", "DDE5F2", "FFF2CC"))
_A4 = 9
NUMBER = {"ja": "#,##0;△#,##0", "en": "#,##0;-#,##0"}
_DATE = {"ja": "yyyy/m/d", "en": "yyyy-mm-dd"}
_TEXT = "@"


def cell_at(sheet: Worksheet, row: int, column: int) -> Cell:
    """The cell, which is none of the hidden ones below a merged one."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    return cell


def say(
    sheet: Worksheet, row: int, column: int, words: str, size: int = SIZE, bold: bool = False, colour: str = "000000"
) -> Cell:
    """Words that are not to be changed."""
    cell = cell_at(sheet, row, column)
    put(cell, words)
    cell.font = Font(name=FONT, size=size, bold=bold, color=colour)
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    return cell


def advice(sheet: Worksheet, row: int, column: int, words: str) -> Cell:
    """How to fill in, beside the answer."""
    cell = say(sheet, row, column, words, size=9, colour="595959")
    cell.border = BORDER
    cell.alignment = Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1)
    return cell


def head(sheet: Worksheet, row: int, column: int, words: str, strong: bool = True) -> Cell:
    """A heading: white on dark of a table, dark on pale of a row's name."""
    cell = say(sheet, row, column, words, bold=strong, colour="FFFFFF" if strong else "000000")
    cell.fill, cell.border = (_NAVY if strong else _PALE), BORDER
    centred = strong or words.isdigit()
    cell.alignment = Alignment(
        horizontal="center" if centred else "left", vertical="center", wrap_text=True, indent=0 if centred else 1
    )
    return cell


def to_fill_in(sheet: Worksheet, row: int, column: int, value: Shown | None, number_format: str = _TEXT) -> Cell:
    """A cell for the partner to write in."""
    cell = cell_at(sheet, row, column)
    cell.number_format = number_format
    if value is not None:
        put(cell, value)
    cell.font = Font(name=FONT, size=SIZE)
    cell.fill, cell.border = _YELLOW, BORDER
    cell.alignment = Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1)
    cell.protection = Protection(locked=False)
    return cell


def merge(sheet: Worksheet, row: int, first: int, last: int) -> None:
    """One wide cell, its border all around."""
    for column in range(first, last + 1):
        sheet.cell(row, column).border = BORDER
        sheet.cell(row, column).protection = sheet.cell(row, first).protection.copy()
    sheet.merge_cells(start_row=row, end_row=row, start_column=first, end_column=last)


def height(words: str, width: int) -> float:
    """Points that the words need in so many half-width characters."""
    return max(1, sum(ceil(shown_width(line) / width) or 1 for line in words.split("\n"))) * LINE


def choose(sheet: Worksheet, at: str, formula: str, title: str, language: str, strict: bool) -> None:
    """A drop-down; where not ``strict`` anything else may be written too."""
    choice = DataValidation(type="list", formula1=formula, allow_blank=True, showErrorMessage=strict, showInputMessage=True)
    choice.promptTitle, choice.prompt = _title(title), text(f"plan.form.prompt.choose{'' if strict else '_or_write'}", language)
    choice.errorTitle, choice.error = _title(title), text("plan.form.wrong.choice", language)
    _add(sheet, choice, at)


def numbers(sheet: Worksheet, at: str, title: str, prompt: str, language: str) -> None:
    """Asks again where something else than a number is written, and lets it stand."""
    check = DataValidation(type="decimal", operator="between", formula1="-1E+15", formula2="1E+15", allow_blank=True)
    _advise(check, title, text(f"plan.form.prompt.{prompt}", language), text("plan.form.wrong.number", language))
    _add(sheet, check, at)


def dates(sheet: Worksheet, at: str, title: str, language: str) -> None:
    """Asks again where something else than a date is written, and lets it stand."""
    check = DataValidation(type="date", operator="greaterThan", formula1="36526", allow_blank=True)
    _advise(check, title, text("plan.form.prompt.date", language), text("plan.form.wrong.date", language))
    _add(sheet, check, at)


def hint(sheet: Worksheet, at: str, title: str, prompt: str, language: str) -> None:
    """Says how to fill in, and accepts anything."""
    check = DataValidation(type=None, allow_blank=True, showInputMessage=True, showErrorMessage=False)
    check.promptTitle, check.prompt = _title(title), text(f"plan.form.prompt.{prompt}", language)
    _add(sheet, check, at)


def date_format(language: str) -> str:
    """How dates look."""
    return _DATE[language]


def protect(sheet: Worksheet) -> None:
    """Only what is to be filled in can be changed; no password, and columns and rows may be widened."""
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = sheet.protection.formatCells = False


def for_print(sheet: Worksheet, footer: str) -> None:
    """A4 upright, one page wide."""
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "portrait", _A4  # type: ignore[assignment]
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0  # type: ignore[assignment]
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top = sheet.page_margins.bottom = 0.6
    sheet.page_margins.header = sheet.page_margins.footer = 0.3
    sheet.HeaderFooter.oddFooter.left.text = footer.replace("&", "&&")  # type: ignore[union-attr]
    sheet.HeaderFooter.oddFooter.right.text = "&P / &N"  # type: ignore[union-attr]


def _advise(check: DataValidation, title: str, prompt: str, wrong: str) -> None:
    check.errorStyle, check.showErrorMessage, check.showInputMessage = "warning", True, True
    check.promptTitle, check.prompt = _title(title), prompt
    check.errorTitle, check.error = _title(title), wrong


def _title(words: str) -> str:
    """Excel takes 32 characters, and calls the file damaged where there are more."""
    return words if len(words) <= 32 else f"{words[:31]}…"


def _add(sheet: Worksheet, check: DataValidation, at: str) -> None:
    check.add(at)
    sheet.add_data_validation(check)
