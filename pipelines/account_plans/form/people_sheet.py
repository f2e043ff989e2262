"""The form's organisation sheet: one line per person, to be filled in.

Belongs here: its rows and cells. Does not: reading them back (``reading_people.py``).
"""

from __future__ import annotations

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.account_plans.form import look
from pipelines.account_plans.form.layout import PEOPLE_ROWS, PERSON, Form, footer
from pipelines.texts import text

_WIDTHS = (5, 36, 24, 26, 26)
_HEAD = 5
"""Row of the headings."""


def people_sheet(sheet: Worksheet, form: Form) -> None:
    """Write it, the people that are known already first."""
    for at, width in enumerate(_WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    lines = [
        text("plan.form.sheet.people", form.language),
        *(text(f"plan.form.people.intro.{at}", form.language) for at in (1, 2)),
    ]
    for at, words in enumerate(lines, 1):
        look.say(sheet, at, 1, words, size=14 if at == 1 else look.SIZE, bold=at == 1)
        sheet.merge_cells(start_row=at, end_row=at, start_column=1, end_column=len(_WIDTHS))
        sheet.row_dimensions[at].height = look.height(words, sum(_WIDTHS)) + (8 if at == 1 else 2)
    look.head(sheet, _HEAD, 1, text("plan.form.column.number", form.language))
    for at, column in enumerate(PERSON, 2):
        look.head(sheet, _HEAD, at, text(f"plan.form.person.{column}", form.language))
    rows = max(PEOPLE_ROWS, len(form.people) + PEOPLE_ROWS // 3)
    for at in range(rows):
        _row(sheet, _HEAD + 1 + at, at, form)
    _boss_from_names(sheet, _HEAD + 1, _HEAD + rows, form.language)
    sheet.freeze_panes = f"A{_HEAD + 1}"
    sheet.print_title_rows = f"{_HEAD}:{_HEAD}"
    sheet.print_area = f"A1:{get_column_letter(len(_WIDTHS))}{_HEAD + rows}"
    look.for_print(sheet, footer(form))
    look.protect(sheet)


def _row(sheet: Worksheet, row: int, at: int, form: Form) -> None:
    look.head(sheet, row, 1, str(at + 1), strong=False)
    person = form.people[at] if at < len(form.people) else {}
    for column, name in enumerate(PERSON, 2):
        look.to_fill_in(sheet, row, column, person.get(name))
    sheet.row_dimensions[row].height = look.LINE + 4


def _boss_from_names(sheet: Worksheet, first: int, last: int, language: str) -> None:
    """A drop-down of the names that stand on the sheet."""
    names, bosses = (get_column_letter(2 + PERSON.index(column)) for column in ("name", "reports_to"))
    title = text("plan.form.person.reports_to", language)
    look.choose(sheet, f"{bosses}{first}:{bosses}{last}", f"${names}${first}:${names}${last}", title, language, strict=False)
