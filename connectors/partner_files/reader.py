"""Reads one partner list, whatever its shape, into rows of canonical columns and a list of what was set aside.

Belongs here: putting the steps together (kind of file, header row, rows, checks). Does not: each step's
own work (``encoding``, ``delimited``, ``workbook``, ``headings``, ``cells``), and where the rows go afterwards.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice
from pathlib import Path

import pyarrow as pa

from connectors.partner_files import cells as cell
from connectors.partner_files.delimited import SheetRow, read_rows, sniff_delimiter
from connectors.partner_files.encoding import codec, detect
from connectors.partner_files.headings import Heading, heading_key, letter, map_headings, recognised
from connectors.partner_files.spec import COLUMNS, ListRefused, ListSpec, ReadList, Rejection
from connectors.partner_files.workbook import choose_sheet, read_sheet

_HEADER_WITHIN = 20
"""Rows from the top among which the header is looked for: titles, dates and notes may stand above it."""
_TOO_DAMAGED = 0.5
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NUMBER = re.compile(r"[¥￥]?[\d０-９][\d０-９,，.．]*")


@dataclass(frozen=True)
class _Source:
    rows: Iterator[SheetRow]
    encoding: str | None = None
    sheet: str | None = None
    faults: tuple[Rejection, ...] = ()


def read_list(path: str | Path, spec: ListSpec) -> ReadList:
    """Read the list in that file. Raises ``ListRefused`` where it cannot be used as a whole; any lesser fault is a rejection."""
    path = Path(path)
    try:
        source = _open(path, spec)
        header, above, rows = _find_header(source.rows, spec)
        headings, faults = map_headings([cell.clean(text) for text in header.cells], header.number, spec)
        if not any(heading.column == "name" for heading in headings):
            found = "、".join(heading.text for heading in headings)[:500]
            raise ListRefused("partners.missing_name", found, headings=found)
        body = _Body(headings, spec)
        for row in chain((row for row in above if row.fault), rows):
            body.add(row)
    except OSError as error:
        raise ListRefused("partners.unreadable_file", error=error.strerror or str(error)) from error
    if body.damaged > _TOO_DAMAGED * max(body.seen, 1):
        raise ListRefused("partners.wrong_encoding", encoding=source.encoding, rows=body.damaged)
    mapping = {
        column: tuple(heading.text for heading in headings if heading.column == column) for column in COLUMNS[spec.content]
    }
    return ReadList(
        rows=body.table(),
        rejections=(*source.faults, *faults, *body.rejections),
        encoding=source.encoding,
        sheet=source.sheet,
        headings=tuple(heading.text for heading in headings),
        mapping={column: texts for column, texts in mapping.items() if texts},
    )


def _open(path: Path, spec: ListSpec) -> _Source:
    score = partial(recognised, spec=spec)
    with path.open("rb") as file:
        head = file.read(512)
    if not head:
        raise ListRefused("partners.empty_file")
    if head.startswith(_OLE):
        raise ListRefused("partners.old_workbook")
    if head.startswith(b"PK\x03\x04"):
        sheet = choose_sheet(path, spec.sheet, score)
        faults = tuple(
            Rejection(None, None, "partners.other_sheet", {"sheet": other, "used": sheet.name}, other, whole_row=False)
            for other in sheet.others
        )
        return _Source(read_sheet(path, sheet.name), sheet=sheet.name, faults=faults)
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith((b"<html", b"<!doctype", b"<?xml", b"<table", b"%pdf")):
        raise ListRefused("partners.not_a_list")
    encoding = codec(spec.encoding) if spec.encoding else detect(path, partial(_known_headings, spec=spec))
    if encoding is None:
        raise ListRefused("partners.unknown_encoding")
    delimiter = spec.delimiter or sniff_delimiter(path, encoding, score)
    return _Source(read_rows(path, encoding, delimiter), encoding)


def _known_headings(text: str, spec: ListSpec) -> int:
    """Known headings of the best line near the top, under any delimiter."""
    lines = text.splitlines()[:_HEADER_WITHIN]
    return max((recognised(re.split(r"[,\t;|]", line.replace('"', "")), spec)[1] for line in lines), default=0)


def _find_header(rows: Iterator[SheetRow], spec: ListSpec) -> tuple[SheetRow, list[SheetRow], Iterator[SheetRow]]:
    """The header row, the rows above and those below it. Without a known heading it is the first row with two cells or more."""
    top = list(islice(rows, max(_HEADER_WITHIN, spec.header_row or 0)))
    if spec.header_row is not None:
        place = spec.header_row - 1
        if place >= len(top) or top[place].fault == "partners.row_too_long":
            raise ListRefused("partners.no_header_row", row=spec.header_row)
        return top[place], top[:place], chain(top[place + 1 :], rows)
    readable = [index for index, row in enumerate(top) if any(text.strip() for text in row.cells)]
    if not readable:
        raise ListRefused(next((row.fault for row in top if row.fault), "partners.empty_file"))
    place = max(
        readable, key=lambda index: (*recognised(map(cell.clean, top[index].cells), spec), _width(top[index]) > 1, -index)
    )
    return top[place], top[:place], chain(top[place + 1 :], rows)


def _width(row: SheetRow) -> int:
    return sum(1 for text in row.cells if text.strip())


class _Body:
    """Collects the rows below the header, column by column."""

    def __init__(self, headings: Sequence[Heading], spec: ListSpec) -> None:
        self._headings = headings
        self._columns: dict[str, list[str | None]] = {column: [] for column in (*COLUMNS[spec.content], "other")}
        self._numbers: list[int] = []
        self._name_headings = [heading.text for heading in headings if heading.column == "name"]
        self.rejections: list[Rejection] = []
        self.seen = 0
        self.damaged = 0

    def add(self, row: SheetRow) -> None:
        """Take one row, or set it or single cells of it aside."""
        if row.fault is not None:
            self.seen += 1
            self.damaged += row.fault == "partners.damaged_characters"
            self._reject(row, None, row.fault, row.value)
            return
        texts = [cell.clean(text) for text in row.cells]
        if not any(texts) and not row.problems:
            return
        self.seen += 1
        faults: list[Rejection] = []
        values, other = self._values(row, texts, faults)
        if not (name := values.get("name")):
            named = [fault for fault in faults if fault.column in self._name_headings]
            faults = [replace(fault, whole_row=fault in named) for fault in faults]
            if not named:
                self._reject(row, self._name_headings[0], "partners.empty_name", " ".join(filter(None, texts)))
        elif heading_key(name) == heading_key(self._name_headings[0]):
            self._reject(row, self._name_headings[0], "partners.repeated_header", name)
        else:
            self._keep(row.number, values, other)
        self.rejections += faults

    def _values(self, row: SheetRow, texts: list[str], faults: list[Rejection]) -> tuple[dict[str, str], dict[str, str]]:
        """Canonical values and other columns of the row; what is wrong with single cells is added to ``faults``."""
        values: dict[str, str] = {}
        other: dict[str, str] = {}
        for heading in self._headings:
            text = texts[heading.index] if heading.index < len(texts) else ""
            usable, reason = _checked(heading, text)
            if heading.index in row.problems:
                reason, text = row.problems[heading.index]
            if reason is not None:
                faults.append(Rejection(row.number, heading.text, reason, {"column": heading.text}, text, whole_row=False))
            if not usable:
                continue
            if heading.column is None:
                other[heading.text] = usable
            else:
                values[heading.column] = values.get(heading.column, "") + usable
        for index, text in enumerate(texts[len(self._headings) :], start=len(self._headings)):
            if text:
                faults.append(Rejection(row.number, f"({letter(index)})", "partners.too_many_cells", {}, text, whole_row=False))
        return values, other

    def _keep(self, number: int, values: dict[str, str], other: dict[str, str]) -> None:
        self._numbers.append(number)
        for column, cells in self._columns.items():
            cells.append(values.get(column))
        if other:
            self._columns["other"][-1] = json.dumps(other, ensure_ascii=False)

    def _reject(self, row: SheetRow, column: str | None, reason: str, value: str | None) -> None:
        self.rejections.append(Rejection(row.number, column, reason, {}, value))

    def table(self) -> pa.Table:
        """What was kept, in the order of the file."""
        columns = {column: pa.array(cells, pa.string()) for column, cells in self._columns.items()}
        return pa.table({"row_number": pa.array(self._numbers, pa.int32()), **columns})


def _checked(heading: Heading, text: str) -> tuple[str | None, str | None]:
    """The usable text of a cell, or the reason key why it is set aside."""
    if not text:
        return None, None
    if cell.is_formula(text):
        return None, "partners.formula"
    if heading.column == "corporate_number":
        return cell.corporate_number(text)
    if heading.unit and _NUMBER.fullmatch(text):
        return text + heading.unit, None
    return text, None
