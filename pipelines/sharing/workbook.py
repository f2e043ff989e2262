"""A share as a workbook for Excel and LibreOffice, which the partner also answers in.

Belongs here: the sheets with rows, and putting the workbook together. Does not: cover and counts (``pages.py``), looks
(``look.py``), or what a value says (``told.py``). Rows are written one by one and forgotten: a list may have 100,000 of them. The
same share gives the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import UTC
from itertools import islice
from math import ceil

from xlsxwriter.utility import xl_range
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from pipelines.review.cells import FONT, SIZE, shown_width
from pipelines.sharing.layout import (
    CHOICES,
    HIDDEN,
    NEW_ROWS,
    NEW_SHEETS,
    OPEN_ENDED,
    RETURN_COLUMNS,
    RETURN_LISTS,
    SHEETS,
    Column,
    choices,
    columns_of,
    heading,
    hidden_rows,
    new_heading,
    sheet_title,
)
from pipelines.sharing.look import A3, LINE, Looks, for_print
from pipelines.sharing.pages import counts, cover
from pipelines.sharing.share import Share
from pipelines.sharing.told import Told, told_rows
from pipelines.texts import text

_ALWAYS = 2
"""``as_of`` and ``row_key``, behind what is to be filled in."""
_MEASURED = 2000
"""Rows that widths are taken from."""
_PADDING, _FILTER_ARROW = 3, 3
_MAX_LINES = 8


def workbook(share: Share) -> bytes:
    """The file."""
    made = io.BytesIO()
    font = {"font_name": FONT, "font_size": SIZE}
    book = Workbook(made, {"constant_memory": True, "default_format_properties": font})
    created = share.as_of.astimezone(UTC).replace(tzinfo=None)
    book.set_properties({"title": text("share.title", share.language), "author": "Totsugo", "created": created})
    looks = Looks(book)
    cover(book.add_worksheet(sheet_title("cover", share.language)), looks, share)
    if "summary" in share.lists:
        counts(book.add_worksheet(sheet_title("summary", share.language)), looks, share)
    for name in SHEETS:
        if name in share.lists:
            _list(book.add_worksheet(sheet_title(name, share.language)), looks, share, name)
    for name in NEW_SHEETS:
        _for_new_rows(book.add_worksheet(sheet_title(name, share.language)), looks, share, name)
    _hidden(book.add_worksheet(HIDDEN), share)
    book.close()
    return made.getvalue()


def _list(sheet: Worksheet, looks: Looks, share: Share, name: str) -> None:
    told, asked = columns_of(share, name), RETURN_COLUMNS if name in RETURN_LISTS else ()
    columns = [*told[:-_ALWAYS], *asked, *told[-_ALWAYS:]]
    headings = [heading(column.name, share.language) for column in columns]
    blanks: list[Told] = [None] * len(asked)
    styles = ["fill" if c in asked else "row_key" if c.name == "row_key" else c.kind for c in columns]
    sample = [[*cells[:-_ALWAYS], *blanks, *cells[-_ALWAYS:]] for cells in islice(told_rows(share, name), _MEASURED)]
    widths = _head(sheet, looks, columns, headings, [c in asked for c in columns], sample)
    for at, cells in enumerate(told_rows(share, name), 1):
        sheet.set_row(at, LINE * _lines(cells, widths))
        for column, value in enumerate((*cells[:-_ALWAYS], *blanks, *cells[-_ALWAYS:])):
            looks.put(sheet, at, column, value, styles[column])
    last = len(share.lists[name])
    _drop_downs(sheet, {at: column.name for at, column in enumerate(columns) if column in asked}, last, share)
    sheet.freeze_panes(1, [column.name for column in columns].index("company_name") + 1)
    sheet.autofilter(0, 0, last, len(columns) - 1)
    sheet.print_area(0, 0, last, len(columns) - 2)
    sheet.ignore_errors({"number_stored_as_text": xl_range(0, 0, max(last, 1), len(columns) - 1)})
    _on_paper(sheet, share)


def _for_new_rows(sheet: Worksheet, looks: Looks, share: Share, name: str) -> None:
    columns = NEW_SHEETS[name]
    headings = [new_heading(name, column.name, share.language) for column in columns]
    _head(sheet, looks, columns, headings, [True] * len(columns), [])
    for at in range(1, NEW_ROWS + 1):
        for column, of in enumerate(columns):
            looks.put(sheet, at, column, None, "fill_date" if of.kind == "date" else "fill")
    _drop_downs(sheet, {at: column.name for at, column in enumerate(columns)}, NEW_ROWS, share)
    sheet.freeze_panes(1, 1)
    sheet.ignore_errors({"number_stored_as_text": xl_range(0, 0, NEW_ROWS, len(columns) - 1)})
    _on_paper(sheet, share)


def _head(
    sheet: Worksheet,
    looks: Looks,
    columns: Sequence[Column],
    headings: Sequence[str],
    to_fill_in: Sequence[bool],
    sample: Sequence[Sequence[Told]],
) -> list[int]:
    """Writes the first row; gives the widths of the columns."""
    widths = []
    for at, column in enumerate(columns):
        longest = max((shown_width(str(cells[at] or "")) for cells in sample), default=0) + _PADDING
        widths.append(column.width or min(max(longest, shown_width(headings[at]) + _FILTER_ARROW), OPEN_ENDED))
        sheet.set_column(at, at, widths[at])
    sheet.set_row(0, 2 * LINE)
    for at, words in enumerate(headings):
        looks.put(sheet, 0, at, words, "fill_head" if to_fill_in[at] else "head")
    return widths


def _lines(cells: Sequence[Told], widths: Sequence[int]) -> int:
    """How many lines the row needs. Told to the spreadsheet, for not every one finds out by itself."""
    lines = 1
    for cell, width in zip(cells[:-_ALWAYS], widths, strict=False):
        if isinstance(cell, str) and 2 * len(cell) > width - _PADDING:
            lines = max(lines, ceil(shown_width(cell) / (width - _PADDING)))
    return min(lines, _MAX_LINES)


def _drop_downs(sheet: Worksheet, to_fill_in: Mapping[int, str], last: int, share: Share) -> None:
    """``to_fill_in``: place of a column that the partner fills in -> its name."""
    for at, name in to_fill_in.items() if last else ():
        if name not in CHOICES:
            continue
        title = text("share.title", share.language)
        rule = {"validate": "list", "source": list(choices(name, share.language)), "error_title": title}
        rule["error_message"] = text("share.choice_error", share.language)
        if name == "direction":
            rule |= {"input_title": sheet_title("introduction_requests", share.language), "input_message": _which_way(share)}
        sheet.data_validation(1, at, last, at, rule)


def _which_way(share: Share) -> str:
    return text("share.which_way", share.language, us=share.our_name[:80], partner=share.partner_name[:80])


def _on_paper(sheet: Worksheet, share: Share) -> None:
    sheet.repeat_rows(0)
    for_print(sheet, A3, text("share.footer", share.language, partner=share.partner_name))


def _hidden(sheet: Worksheet, share: Share) -> None:
    for at, row in enumerate(hidden_rows(share)):
        for column, words in enumerate(row):
            sheet.write_string(at, column, words)
    sheet.very_hidden()
    sheet.protect()
