"""Answers out of a review workbook, as Excel and LibreOffice save it.

Belongs here: finding the sheets, columns and rows again, whatever was moved, sorted, deleted or added; naming each cell that
says nothing usable. Does not: what an answer leads to (``intake.py``). Nothing is ever calculated.
"""

from __future__ import annotations

import hashlib
import json
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from pipelines.registrations import Refused
from pipelines.review.answers import parse_answer
from pipelines.review.decisions import Pair, pair_of
from pipelines.review.layout import HIDDEN, HIDDEN_COLUMNS, MARK, TO_FILL_IN, folded, headings

MAX_UNPACKED = 1 << 28
"""Bytes that a workbook may unpack to: some thousand questions need a few millions."""
_HEADING_ROWS = 10
_MAX_EMPTY_ROWS = 1000
# What a damaged file makes openpyxl and the libraries below it raise.
_BROKEN = (
    zipfile.BadZipFile, zlib.error, InvalidFileException, SyntaxError, LookupError, ValueError, TypeError, AttributeError,
    EOFError, RuntimeError, NotImplementedError,
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What the export asked in one row."""

    key: str
    sheet: str
    record_id: str
    other_record_id: str
    probability: float | None
    stratum: str | None
    stratum_size: int | None

    @property
    def pair(self) -> Pair:
        return pair_of(self.record_id, self.other_record_id)


@dataclass(frozen=True)
class Answer:
    """One row that a person answered."""

    asked: Asked
    decision: str
    """same, different or unsure."""
    by: str | None
    reason: str | None
    place: str
    """Sheet and row, for people."""


@dataclass(frozen=True)
class Fault:
    """A cell that was set aside: the text that says why, and what it is filled with."""

    text_key: str
    values: Mapping[str, object]


@dataclass(frozen=True)
class Answered:
    """All that a file says."""

    export_id: str
    digest: str
    """Of the file's bytes."""
    asked: int
    answers: Sequence[Answer]
    faults: Sequence[Fault]


@dataclass(frozen=True)
class _Cell:
    place: Mapping[str, object]
    """sheet, row and column, for people."""
    text: str
    is_formula: bool


class _SetAside(Exception):
    """A cell that says nothing usable."""

    def __init__(self, fault: str, cell: _Cell) -> None:
        self.fault = Fault(f"review.fault.{fault}", {**cell.place, "typed": cell.text})
        super().__init__(fault)


def read_answers(path: Path) -> Answered:
    """What people filled in. Raises ``Refused`` for a file that is no review workbook, or none that can be read."""
    try:
        content = path.read_bytes()
        books = [_open(path, data_only) for data_only in (False, True)]
    except OSError as error:
        raise Refused("unreadable_review", file=path, error=error.strerror or error) from None
    except _BROKEN:
        raise Refused("no_review_workbook", file=path) from None
    try:
        export_id, asked = _hidden(books[0], path)
        faults: list[Fault] = []
        found: list[Answer] = []
        for sheet in books[0].worksheets:
            if sheet.title != HIDDEN:
                _read_sheet(sheet, books[1][sheet.title], asked, found, faults)
    except _BROKEN:
        raise Refused("no_review_workbook", file=path) from None
    finally:
        for book in books:
            book.close()
    answers = _agreed(found, faults)
    return Answered(export_id, hashlib.sha256(content).hexdigest()[:16], len(asked), answers, faults)


def _open(path: Path, data_only: bool) -> openpyxl.Workbook:
    with zipfile.ZipFile(path) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
            raise ValueError("too large")
    with warnings.catch_warnings(category=UserWarning, action="ignore"):  # about styles, which nobody reads here
        return openpyxl.load_workbook(path, read_only=True, data_only=data_only, keep_links=False)


def _hidden(book: openpyxl.Workbook, path: Path) -> tuple[str, dict[str, Asked]]:
    """The export's id, and what it asked by key."""
    if HIDDEN not in book.sheetnames:
        raise Refused("no_review_workbook", file=path)
    lines = book[HIDDEN].iter_rows(values_only=True)
    mark = next(lines, ())
    if len(mark) < 2 or mark[0] != MARK:
        raise Refused("no_review_workbook", file=path)
    next(lines, None)
    asked = {}
    for line in lines:
        key, sheet, a, b, probability, stratum, size = (*line, *[None] * len(HIDDEN_COLUMNS))[: len(HIDDEN_COLUMNS)]
        if key is not None:
            ids = json.loads(str(a)), json.loads(str(b))
            asked[str(key)] = Asked(str(key), str(sheet), *ids, probability, stratum, size)  # type: ignore[arg-type]
    return str(mark[1]), asked


def _read_sheet(formulas: Any, values: Any, asked: Mapping[str, Asked], found: list[Answer], faults: list[Fault]) -> None:
    rows = _rows(formulas, values)
    columns = _columns(rows)
    if columns is None:
        return
    if "answer" not in columns:
        faults.append(Fault("review.fault.no_answer_column", {"sheet": formulas.title}))
        return
    for row in rows:
        cells = {name: row[at] for name, at in columns.items() if at < len(row)}
        try:
            answer = _read_row(cells, asked)
        except _SetAside as fault:
            faults.append(fault.fault)
        else:
            found += [answer] if answer else []


def _rows(formulas: Any, values: Any) -> Iterator[list[_Cell]]:
    """The cells of each row, with the stored results of formulas."""
    for sheet in (formulas, values):
        sheet.reset_dimensions()  # a sheet may state a size that is wrong
    empty = 0
    for number, (written, stored) in enumerate(zip(formulas.iter_rows(), values.iter_rows(values_only=True), strict=False), 1):
        row = []
        for at, cell in enumerate(written):
            place = {"sheet": formulas.title, "row": number, "column": get_column_letter(at + 1)}
            value = stored[at] if at < len(stored) else None
            row.append(_Cell(place, "" if value is None else str(value).strip(), cell.data_type == "f"))
        empty = 0 if any(cell.text or cell.is_formula for cell in row) else empty + 1
        if empty > _MAX_EMPTY_ROWS:
            return
        yield row


def _columns(rows: Iterator[list[_Cell]]) -> dict[str, int] | None:
    """Column's name -> its place; ends behind the headings. None where no row near the top names the keys' column."""
    known = headings()
    for row in islice(rows, _HEADING_ROWS):
        named = {known[folded(cell.text)]: at for at, cell in reversed(list(enumerate(row))) if folded(cell.text) in known}
        if "key" in named:
            return {name: at for name, at in named.items() if name in ("key", *TO_FILL_IN)}
    return None


def _read_row(cells: Mapping[str, _Cell], asked: Mapping[str, Asked]) -> Answer | None:
    """The answer; None where the row has none. Raises ``_SetAside``."""
    filled = [cell for name in TO_FILL_IN if (cell := cells.get(name)) and (cell.text or cell.is_formula)]
    if not filled:
        return None
    key, typed, comment = (cells.get(name) for name in ("key", "answer", "comment"))
    if key is None or key.text not in asked:
        raise _SetAside("unknown_row", key if key and key.text else filled[0])
    for cell in filled:
        if cell.is_formula and not cell.text:
            raise _SetAside("formula", cell)
    if typed is None or not typed.text:
        if comment and comment.text:
            raise _SetAside("no_answer", comment)
        return None  # who answers may be filled in beforehand
    decision = parse_answer(typed.text)
    if decision is None:
        raise _SetAside("unknown_answer", typed)
    by = cells.get("by")
    place = f"{typed.place['sheet']} {typed.place['row']}"
    return Answer(asked[key.text], decision, (by and by.text) or None, (comment and comment.text) or None, place)


def _agreed(found: Sequence[Answer], faults: list[Fault]) -> list[Answer]:
    """One answer for each pair; a pair that is answered in two ways has none."""
    agreed = []
    in_order = {answer.asked.pair: at for at, answer in reversed(list(enumerate(found)))}
    for pair, group in groupby(sorted(found, key=lambda answer: in_order[answer.asked.pair]), lambda answer: answer.asked.pair):
        answers = list(group)
        if len({answer.decision for answer in answers}) == 1:
            agreed.append(answers[0])
        else:
            places = ", ".join(answer.place for answer in answers)
            faults.append(Fault("review.fault.two_answers", {"places": places, "a": pair[0], "b": pair[1]}))
    return agreed
