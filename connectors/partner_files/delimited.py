"""Rows of a comma, tab or semicolon separated text, one at a time and within bounded memory.

Belongs here: lines, quotes and delimiters, and getting on after a broken row. Does not: encodings'
detection, and what a cell means.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TextIO

from connectors.partner_files.encoding import DAMAGED

MAX_RECORD = 1_000_000
"""Characters of one row. A longer one is set aside without being held in memory."""
MAX_RECORD_LINES = 200
"""Lines of one row: a quotation mark that is never closed must not swallow the rest of the file."""
DELIMITERS = (",", "\t", ";", "|")
_SAMPLE_ROWS = 20


@dataclass(frozen=True)
class SheetRow:
    """One row as a spreadsheet would show it; ``number`` counts from 1, empty rows included.

    ``fault`` is a reason key where the row cannot be used; ``value`` then shows how it begins.
    """

    number: int
    cells: Sequence[str]
    fault: str | None = None
    value: str | None = None
    problems: dict[int, tuple[str, str]] = field(default_factory=dict)
    """Cells (from 0) that the sheet itself cannot give: reason key and text."""


@dataclass(frozen=True)
class _Line:
    text: str
    too_long: bool = False


def open_text(path: Path, codec: str) -> TextIO:
    """The file as text; undecodable bytes become U+FFFD, so that only their row is lost."""
    return path.open(encoding=codec, errors="replace", newline=None)


def sniff_delimiter(path: Path, codec: str, score: Callable[[Sequence[str]], tuple[bool, int]]) -> str:
    """The delimiter under which a row near the top has the most known headings, then the most cells; else a comma."""
    with open_text(path, codec) as file:
        sample = [line for line in islice(_lines(file), _SAMPLE_ROWS) if not line.too_long]
    if sample and (hint := sample[0].text.strip().lower()).startswith("sep=") and len(hint) == 5:
        return hint[4]

    def worth(delimiter: str) -> tuple[bool, int, int]:
        rows = list(_records(iter(sample), delimiter))
        named, known = max((score(row.cells) for row in rows), default=(False, 0))
        return named, known, max((len(row.cells) for row in rows), default=0)

    return max(DELIMITERS, key=worth)


def read_rows(path: Path, codec: str, delimiter: str) -> Iterator[SheetRow]:
    """All rows of the file. A row that is too long, badly quoted or not decodable has a ``fault``; the rest goes on after it."""
    with open_text(path, codec) as file:
        yield from _records(_lines(file), delimiter)


def _lines(file: TextIO) -> Iterator[_Line]:
    while text := file.readline(MAX_RECORD):
        if len(text) < MAX_RECORD or text.endswith("\n"):
            yield _Line(text)
            continue
        while (rest := file.readline(MAX_RECORD)) and not rest.endswith("\n"):
            pass
        yield _Line(text[:500], too_long=True)


def _records(lines: Iterator[_Line], delimiter: str) -> Iterator[SheetRow]:
    """Groups lines into rows. After a row with a broken quote it goes on with the very next line."""
    waiting: deque[_Line] = deque()
    number = 0
    while (line := waiting.popleft() if waiting else next(lines, None)) is not None:
        number += 1
        if line.too_long:
            yield SheetRow(number, (), "partners.row_too_long", line.text)
            continue
        if '"' not in line.text:
            yield _checked(SheetRow(number, line.text.rstrip("\n").split(delimiter)), line.text)
            continue
        taken = [line.text]
        inside = _inside_quotes(line.text, delimiter, False)
        while inside and len(taken) < MAX_RECORD_LINES:
            more = waiting.popleft() if waiting else next(lines, None)
            if more is None:
                break
            if more.too_long:
                waiting.appendleft(more)
                break
            taken.append(more.text)
            inside = _inside_quotes(more.text, delimiter, True)
        row = (
            SheetRow(number, (), "partners.broken_quote", line.text.rstrip("\n")) if inside else _parsed(number, taken, delimiter)
        )
        if row.fault == "partners.broken_quote":
            waiting.extendleft(_Line(text) for text in reversed(taken[1:]))
        yield row


def _inside_quotes(line: str, delimiter: str, inside: bool) -> bool:
    """Whether a quoted cell is still open at the end of the line. Quotes in the middle of a plain cell are just text."""
    at = 0
    while at < len(line):
        if inside or line[at] == '"':
            at = _closing_quote(line, at if inside else at + 1)
            inside = at < 0
            if inside:
                return True
        at = line.find(delimiter, at)
        if at < 0:
            return False
        at += 1
    return inside


def _closing_quote(line: str, start: int) -> int:
    """Position after the quote that closes a cell open at ``start``; -1 where there is none. Doubled quotes are text."""
    at = line.find('"', start)
    while at >= 0 and line.startswith('""', at):
        at = line.find('"', at + 2)
    return at + 1 if at >= 0 else -1


def _parsed(number: int, lines: list[str], delimiter: str) -> SheetRow:
    """One row from its lines. Text after a closing quote is tolerated in one line, but over several it means a lost quote."""
    lines = [*lines[:-1], lines[-1].rstrip("\n")]
    try:
        cells = next(csv.reader(lines, delimiter=delimiter, strict=len(lines) > 1), [])
    except csv.Error as error:
        too_long = "field limit" in str(error)
        return SheetRow(number, (), "partners.row_too_long" if too_long else "partners.broken_quote", lines[0])
    return _checked(SheetRow(number, cells), "".join(lines))


def _checked(row: SheetRow, text: str) -> SheetRow:
    return SheetRow(row.number, row.cells, "partners.damaged_characters", text.strip()) if DAMAGED.search(text) else row
