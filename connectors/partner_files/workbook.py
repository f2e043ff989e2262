"""Rows of an XLSX workbook, read as a spreadsheet shows them.

Belongs here: choosing the sheet, merged cells, dates and numbers as text, stored results of formulas.
Does not: what a cell means. Nothing is ever calculated: of a formula only the result that the program
which saved the file stored with it is read.
"""

from __future__ import annotations

import datetime as dt
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.cell_range import CellRange

from connectors.partner_files.delimited import SheetRow
from connectors.partner_files.spec import ListRefused

MAX_UNPACKED = 1 << 30
"""Bytes that a workbook may unpack to: a partner's list does not, a zip bomb does."""
MAX_EMPTY_ROWS = 1000
"""Formatted but empty rows in a run after which the list is over; some sheets have a million."""
_SAMPLE_ROWS = 20
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_MERGED = re.compile(rb'<mergeCell [^>]*ref="([A-Z]+[0-9]+:[A-Z]+[0-9]+)"')
_FORMAT_MARKS = re.compile(r'[-\\"()\s]|;@$')
_FORMULA = re.compile(rb"<f[ >/]")
# What a damaged file makes openpyxl and the libraries below it raise.
_BROKEN = (
    zipfile.BadZipFile, zlib.error, InvalidFileException, SyntaxError, LookupError, ValueError, TypeError, AttributeError,
    OSError, EOFError, RuntimeError,
)  # fmt: skip


@dataclass(frozen=True)
class Sheet:
    """The chosen sheet, and visible ones beside it that look like a list too."""

    name: str
    others: tuple[str, ...]


@dataclass(frozen=True)
class _Traits:
    formulas: bool
    merged: tuple[tuple[int, int, int, int], ...]
    """Merged over several rows: first column, first row, last column, last row; from 1."""


def choose_sheet(path: Path, wanted: str | None, score: Callable[[Sequence[str]], tuple[bool, int]]) -> Sheet:
    """The sheet named, or the visible one with the most known headings near its top. Raises ``ListRefused``."""
    book = _open(path)
    try:
        visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if wanted is not None:
            if wanted not in book.sheetnames:
                raise ListRefused("partners.sheet_not_found", sheet=wanted, sheets="、".join(book.sheetnames))
            return Sheet(wanted, ())
        if not visible:
            raise ListRefused("partners.empty_file")
        scores = {sheet.title: max(map(score, _head(sheet)), default=(False, 0)) for sheet in visible}
    except _BROKEN as error:
        raise ListRefused("partners.broken_workbook", error=str(error)) from error
    finally:
        book.close()
    best = max(scores, key=lambda name: scores[name])
    return Sheet(best, tuple(name for name, (named, known) in scores.items() if name != best and named and known >= 2))


def read_sheet(path: Path, name: str) -> Iterator[SheetRow]:
    """All rows of that sheet down to its last used one. Raises ``ListRefused`` where the workbook is damaged."""
    try:
        traits = _traits(path, name)
        values = _open(path)
        formulas = _open(path, data_only=False) if traits.formulas else None
        try:
            yield from _rows(values[name], formulas[name] if formulas else None, traits)
        finally:
            values.close()
            if formulas:
                formulas.close()
    except _BROKEN as error:
        raise ListRefused("partners.broken_workbook", error=str(error)) from error


def _open(path: Path, data_only: bool = True) -> openpyxl.Workbook:
    try:
        with zipfile.ZipFile(path) as archive:
            if "[Content_Types].xml" not in archive.namelist():
                raise ListRefused("partners.not_a_list")
            if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
                raise ListRefused("partners.workbook_too_large", megabytes=MAX_UNPACKED >> 20)
        with warnings.catch_warnings(category=UserWarning, action="ignore"):  # about styles, which nobody reads here
            return openpyxl.load_workbook(path, read_only=True, data_only=data_only, keep_links=False)
    except _BROKEN as error:
        raise ListRefused("partners.broken_workbook", error=str(error)) from error


def _head(sheet: Any) -> Iterator[list[str]]:
    sheet.reset_dimensions()  # a sheet may state a size that is wrong
    for row in islice(sheet.iter_rows(), _SAMPLE_ROWS):
        yield [_text(cell) for cell in row]


def _rows(sheet: Any, formulas: Any, traits: _Traits) -> Iterator[SheetRow]:
    sheet.reset_dimensions()
    if formulas is not None:
        formulas.reset_dimensions()
    formula_rows = formulas.iter_rows(values_only=True) if formulas is not None else None
    carried: dict[tuple[int, int, int, int], list[str]] = {}
    empty = 0
    for number, row in enumerate(sheet.iter_rows(), start=1):
        written = next(formula_rows, ()) if formula_rows is not None else ()
        cells = [_text(cell) for cell in row]
        _carry_merged(number, cells, traits, carried)
        problems = {
            index: ("partners.formula_without_value", text)
            for index, text in enumerate(written)
            if isinstance(text, str) and text.startswith("=") and index < len(row) and row[index].value is None
        }
        empty = 0 if problems or any(cells) else empty + 1
        if empty > MAX_EMPTY_ROWS:
            return
        yield SheetRow(number, cells, problems=problems)


def _carry_merged(number: int, cells: list[str], traits: _Traits, carried: dict[tuple[int, int, int, int], list[str]]) -> None:
    """A cell merged over several rows says the same for each of them, though the file holds it once."""
    for area in traits.merged:
        left, top, _, bottom = area
        if number == top:
            carried[area] = [cells[left - 1] if left <= len(cells) else ""]
        elif top < number <= bottom:
            cells.extend([""] * (left - len(cells)))
            cells[left - 1] = cells[left - 1] or carried[area][0]


def _text(cell: Any) -> str:
    """A cell's text; a whole number shown with leading zeros (a postal code as 000-0000) keeps them."""
    value = cell.value
    text = cell_text(value)
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        zeros = _FORMAT_MARKS.sub("", cell.number_format or "")
        return text.zfill(len(zeros)) if zeros.strip("0") == "" else text
    return text


def cell_text(value: object) -> str:
    """A cell as the text a CSV of the same sheet would hold: dates in ISO form, whole numbers without a fraction."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value)


def _traits(path: Path, name: str) -> _Traits:
    """What openpyxl's streaming reader does not tell: merged areas, and whether there are formulas."""
    with zipfile.ZipFile(path) as archive:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        link = {sheet.get("name"): sheet.get(_LINK) for sheet in book.iter(f"{_MAIN}sheet")}[name]
        links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
        target = {entry.get("Id"): entry.get("Target", "") for entry in links}[link]
        member = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        formulas, merged, rest = False, set(), b""
        with archive.open(member) as xml:
            while block := xml.read(1 << 20):
                text = rest + block
                formulas = formulas or _FORMULA.search(text) is not None
                merged |= set(_MERGED.findall(text))
                rest = text[-200:]
    areas = (CellRange(reference.decode()).bounds for reference in sorted(merged))
    return _Traits(formulas, tuple(area for area in areas if area[3] > area[1]))
