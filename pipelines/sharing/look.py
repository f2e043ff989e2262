"""How the workbook of a share looks: fonts, colours, widths, paper.

Belongs here: formats and putting one value into a cell. Does not: what stands where (``workbook.py``, ``pages.py``).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from pipelines.review.cells import FONT, SIZE
from pipelines.sharing.told import Told, is_formula_like

LINE = 18
"""Height of a line, in points."""
A3, A4 = 8, 9
_NAVY, _GOLD, _PALE_GOLD, _GREY, _PALE_GREY, _RULE = "#1F3864", "#9C6500", "#FFF7DC", "#808080", "#F2F2F2", "#BFBFBF"
_BASE = {"font_name": FONT, "font_size": SIZE, "valign": "vcenter"}
_BOXED = {**_BASE, "border": 1, "border_color": _RULE}
_HEAD = {**_BOXED, "bold": True, "font_color": "#FFFFFF", "bg_color": _NAVY, "align": "center", "text_wrap": True}
_STYLES: dict[str, dict[str, Any]] = {
    "title": {**_BASE, "font_size": 16, "bold": True, "font_color": _NAVY},
    "name": {**_BASE, "font_size": 12, "bold": True},
    "words": {**_BASE, "text_wrap": True},
    "label": {**_BASE, "bold": True, "font_color": _NAVY},
    "small": {**_BASE, "font_size": 9, "font_color": _GREY, "text_wrap": True},
    "head": _HEAD,
    "fill_head": {**_HEAD, "bg_color": _GOLD},
    "side_head": {**_HEAD, "align": "left"},
    "text": {**_BOXED, "text_wrap": True, "indent": 1},
    "link": {**_BOXED, "indent": 1, "font_color": "#0563C1", "underline": 1},
    "integer": {**_BOXED, "num_format": "#,##0", "align": "right", "indent": 1},
    "date": {**_BOXED, "num_format": "yyyy/mm/dd", "align": "center"},
    "moment": {**_BOXED, "num_format": "yyyy/mm/dd hh:mm", "align": "center"},
    "row_key": {**_BOXED, "font_size": 8, "font_color": _GREY},
    "fill": {**_BOXED, "bg_color": _PALE_GOLD, "num_format": "@", "text_wrap": True, "locked": False},
    "fill_date": {**_BOXED, "bg_color": _PALE_GOLD, "num_format": "yyyy/mm/dd", "align": "center", "locked": False},
    "count": {**_BOXED, "num_format": "#,##0", "align": "center", "font_size": 11},
    "no_count": {**_BOXED, "align": "center", "font_color": _GREY, "bg_color": _PALE_GREY},
}


class Looks:
    """The formats of one workbook, each made once; for what looks like a formula one that keeps it a text when it is edited."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[str, bool], Format] = {}

    def __call__(self, style: str, quoted: bool = False) -> Format:
        if (style, quoted) not in self._made:
            self._made[style, quoted] = self._book.add_format({**_STYLES[style], **({"quote_prefix": True} if quoted else {})})
        return self._made[style, quoted]

    def put(self, sheet: Worksheet, row: int, column: int, value: Told, style: str) -> None:
        """Write it (from 0); a text always as text, never as a formula, number or link."""
        if value is None:
            sheet.write_blank(row, column, None, self(style))
        elif isinstance(value, str):
            sheet.write_string(row, column, value, self(style, is_formula_like(value)))
        elif isinstance(value, date):  # a moment is one too
            if value.year < 1901:  # no spreadsheet knows such days
                sheet.write_string(row, column, value.isoformat(), self(style))
            else:
                sheet.write_datetime(
                    row, column, value.replace(tzinfo=None) if isinstance(value, datetime) else value, self(style)
                )
        else:
            sheet.write_number(row, column, value, self(style))


def for_print(sheet: Worksheet, paper: int, left: str, pages: int = 0) -> None:
    """One page wide and ``pages`` long (0: as it needs), the sheet's name above, ``left`` and the page's number below."""
    sheet.set_landscape()
    sheet.set_paper(paper)
    sheet.fit_to_pages(1, pages)
    sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.7)
    sheet.set_header("&L&A")
    sheet.set_footer(f"&L{left.replace('&', '&&')[:180]}&C&P / &N")
