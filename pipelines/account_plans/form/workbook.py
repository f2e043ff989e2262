"""The form as an Excel file: the sheet of questions, and what tells later which form it was.

Belongs here: rows and cells of the first sheet. Does not: the organisation sheet (``people_sheet.py``), looks (``look.py``), or
what may stand there (``prefill.py``). No cell is ever a formula, and nothing in the file names anything but the two companies.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.account_plans.form import look
from pipelines.account_plans.form.layout import (
    HIDDEN,
    MARK,
    ON,
    PERIODS,
    RESULTS,
    SECTIONS,
    UNIT,
    UNITS,
    USUAL_UNIT,
    Form,
    asked,
    choices,
    footer,
    questions,
    unit_word,
)
from pipelines.account_plans.form.people_sheet import people_sheet
from pipelines.account_plans.form.periods import period_words, periods_to_ask
from pipelines.account_plans.profile.fields import BY_KEY, PEOPLE
from pipelines.account_plans.profile.values import Value, Withheld, to_json
from pipelines.review.cells import put
from pipelines.texts import text

_WIDTHS = (5, 27, 17, 17, 17, 40)
_NUMBER, _QUESTION, _ANSWER, _LAST_ANSWER, _HELP = 1, 2, 3, 5, 6
_ANSWER_WIDTH = sum(_WIDTHS[_ANSWER - 1 : _LAST_ANSWER])
_LINES = {"list": 3, "long_text": 3}
_LONGEST_LIST = 255
"""Characters of a drop-down that stands in the cell's own rule."""


def workbook(form: Form) -> bytes:
    """The file."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = form.us_name
    book.properties.title = text("plan.form.title", form.language)
    _questions(book.create_sheet(text("plan.form.sheet.company", form.language)), form)
    people_sheet(book.create_sheet(text("plan.form.sheet.people", form.language)), form)
    _hidden(book.create_sheet(HIDDEN), form)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _questions(sheet: Worksheet, form: Form) -> None:
    for at, width in enumerate(_WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    row = _opening(sheet, form)
    number = 0
    for section, keys in SECTIONS:
        row = _section(sheet, row, section, form.language)
        for key in keys:
            number += 1
            _question(sheet, row, number, key, form)
            row += 1
        if section == "results":
            number += 1
            row = _results(sheet, row, number, form)
    sheet.print_area = f"A1:{get_column_letter(_HELP)}{row - 1}"
    look.for_print(sheet, footer(form))
    look.protect(sheet)


def _opening(sheet: Worksheet, form: Form) -> int:
    """Title, to and from whom, what is asked; gives the first row below."""
    lines = [
        (text("plan.form.title", form.language), 15, True),
        (text("plan.form.to", form.language, partner=form.partner_name), 12, True),
        (text("plan.form.from", form.language, us=form.us_name), 10, False),
        *((text(f"plan.form.intro.{at}", form.language), 10, False) for at in range(1, 5)),
    ]
    for at, (words, size, bold) in enumerate(lines, 1):
        cell = look.say(sheet, at, 1, words, size, bold)
        sheet.merge_cells(start_row=at, end_row=at, start_column=1, end_column=_HELP)
        sheet.row_dimensions[at].height = look.height(words, sum(_WIDTHS)) * size / look.SIZE + 2
        if at == 3:
            cell.alignment = cell.alignment.copy(horizontal="right")
    return len(lines) + 2


def _section(sheet: Worksheet, row: int, section: str, language: str) -> int:
    look.head(sheet, row, _NUMBER, text("plan.form.column.number", language))
    look.head(sheet, row, _QUESTION, text(f"plan.form.section.{section}", language))
    look.head(sheet, row, _ANSWER, text("plan.form.column.answer", language))
    look.merge(sheet, row, _ANSWER, _LAST_ANSWER)
    look.head(sheet, row, _HELP, text("plan.form.column.help", language))
    sheet.row_dimensions[row].height = look.LINE + 4
    return row + 1


def _question(sheet: Worksheet, row: int, number: int, key: str, form: Form) -> None:
    shown = _shown(key, form)
    kind = BY_KEY[key].kind if key in BY_KEY else "text"
    look.head(sheet, row, _NUMBER, str(number), strong=False)
    look.head(sheet, row, _QUESTION, asked(key, form.language), strong=False)
    number_format = look.NUMBER[form.language] if kind == "number" else look.date_format(form.language) if key == ON else "@"
    look.to_fill_in(sheet, row, _ANSWER, shown, number_format)
    look.merge(sheet, row, _ANSWER, _LAST_ANSWER)
    help_words = text(f"plan.form.help.{key}", form.language)
    look.advice(sheet, row, _HELP, help_words)
    _accept(sheet, f"{get_column_letter(_ANSWER)}{row}", key, kind, form)
    needed = look.height(asked(key, form.language), _WIDTHS[_QUESTION - 1] - 3), look.height(help_words, _WIDTHS[_HELP - 1] - 2)
    lines = _LINES.get(kind, 1) * look.LINE, look.height(str(shown or ""), _ANSWER_WIDTH - 3)
    sheet.row_dimensions[row].height = max(*needed, *lines) + 6


def _shown(key: str, form: Form) -> str | float | None:
    """What stands in the cell beforehand."""
    if key == UNIT:
        return unit_word(USUAL_UNIT, form.language, form.currency)
    value = form.filled.get(key)
    if value is None or isinstance(value, Mapping):
        return None
    if isinstance(value, Withheld):
        return text("plan.form.withheld", form.language)
    if isinstance(value, tuple):
        return "\n".join(value)
    return (
        text(BY_KEY[key].choice_key(value), form.language) if BY_KEY[key].kind == "choice" and isinstance(value, str) else value
    )


def _accept(sheet: Worksheet, at: str, key: str, kind: str, form: Form) -> None:
    title = asked(key, form.language)
    offered = choices(key, form.language, form.currency)
    if offered:
        look.choose(sheet, at, _list_of(sheet, offered), title, form.language, strict=kind == "choice" or key == UNIT)
    elif kind == "number":
        look.numbers(sheet, at, title, "number", form.language)
    elif key == ON:
        look.dates(sheet, at, title, form.language)


def _list_of(sheet: Worksheet, offered: Sequence[str]) -> str:
    """The words of a drop-down: in the rule itself, or where they are too many on the hidden sheet."""
    own = ",".join(offered)
    if len(own) <= _LONGEST_LIST and not any("," in word for word in offered):
        return f'"{own}"'
    return f"{HIDDEN}!$H$1:$H${len(offered)}"


def _results(sheet: Worksheet, row: int, number: int, form: Form) -> int:
    """The table of three years; gives the first row below."""
    look.head(sheet, row, _NUMBER, "", strong=False)
    look.head(sheet, row, _QUESTION, "", strong=False)
    for at, column in enumerate(RESULTS):
        look.head(sheet, row, _ANSWER + at, text(f"plan.form.result.{column}", form.language))
    look.advice(sheet, row, _HELP, "")
    years = periods_to_ask(form.filled, form.made_on)
    for at, period in enumerate(PERIODS, 1):
        _year(sheet, row + at, period, years[at - 1], number if at == 1 else None, form)
    last = row + len(PERIODS)
    first_cell = get_column_letter(_ANSWER)
    title = text("plan.form.result.period", form.language)
    look.hint(sheet, f"{first_cell}{row + 1}:{first_cell}{last}", title, "period", form.language)
    amounts = f"{get_column_letter(_ANSWER + 1)}{row + 1}:{get_column_letter(_LAST_ANSWER)}{last}"
    look.numbers(sheet, amounts, text("plan.form.section.results", form.language), "amount", form.language)
    return last + 1


def _year(sheet: Worksheet, row: int, period: str, year: tuple[int, int] | None, number: int | None, form: Form) -> None:
    look.head(sheet, row, _NUMBER, "" if number is None else str(number), strong=False)
    look.head(sheet, row, _QUESTION, text(f"plan.form.row.{period}", form.language), strong=False)
    look.to_fill_in(sheet, row, _ANSWER, period_words(*year, form.language) if year else None)
    for at, key in enumerate(RESULTS[1:], 1):
        value = form.filled.get(key)
        shown = _amount_shown(value, year[0], form.language) if year else None
        look.to_fill_in(sheet, row, _ANSWER + at, shown, look.NUMBER[form.language])
    help_words = text(f"plan.form.help.{period}", form.language)
    look.advice(sheet, row, _HELP, help_words)
    sheet.row_dimensions[row].height = max(look.LINE, look.height(help_words, _WIDTHS[_HELP - 1] - 2)) + 6


def _amount_shown(value: Value | None, year: int, language: str) -> str | float | None:
    """In the usual unit."""
    if isinstance(value, Withheld):
        return text("plan.form.withheld", language)
    if not isinstance(value, Mapping) or year not in value:
        return None
    amount = value[year]
    return text("plan.form.withheld", language) if amount is None else amount / UNITS[USUAL_UNIT]


def _hidden(sheet: Worksheet, form: Form) -> None:
    """Which form it is, the words of its questions, and what stood there."""
    lines = [(MARK, form.form_id), ("partner", form.partner), ("language", form.language), ("currency", form.currency)]
    lines.append(("made_on", form.made_on.isoformat()))
    lines += [(f"ask.{key}", asked(key, form.language)) for key in questions()]
    lines += [(f"help.{key}", text(f"plan.form.help.{key}", form.language)) for key in questions()]
    lines += [(f"filled.{key}", to_json(value)) for key, value in form.filled.items()]
    lines.append((f"filled.{PEOPLE}", json.dumps([dict(person) for person in form.people], ensure_ascii=False)))
    for row, line in enumerate(lines, 1):
        for column, words in enumerate(line, 1):
            put(look.cell_at(sheet, row, column), words)
    for row, word in enumerate(choices("industry", form.language, form.currency), 1):
        put(look.cell_at(sheet, row, 8), word)
    sheet.sheet_state = "veryHidden"
    sheet.protection.sheet = True
