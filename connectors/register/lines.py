"""The lines of one file of the register: a CSV as it is or those inside a ZIP, in CP932 or UTF-8, a few megabytes at a time.

Belongs here: bytes, encodings, archives, and which lines make one row. Does not: what stands in which column.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from connectors.register.faults import BadRow, RegisterRefused

BLOCK = 4 << 20
MAX_LINE = 1 << 20
_MAX_ROW_LINES = 200
"""Lines of one row: a quotation mark that is never closed must not swallow the rest of the file."""
_DAMAGED = "\ufffd"


@dataclass(frozen=True)
class Lines:
    """Some rows of a file, each with the number of its first line and a comma before it, and what is of no use."""

    rows: list[str]
    bad: list[BadRow]


def streams(path: Path) -> Generator[BinaryIO, None, None]:
    """The file itself, or every CSV of a ZIP, one after the other. Raises ``RegisterRefused`` where there is none."""
    with path.open("rb") as file:
        if not zipfile.is_zipfile(file):
            if path.suffix.lower() == ".zip":
                raise RegisterRefused("register.broken_archive", error=path.name)
            file.seek(0)
            yield file
            return
        with zipfile.ZipFile(file) as archive:
            members = [name for name in archive.namelist() if name.lower().endswith(".csv")]
            if not members:
                raise RegisterRefused("register.broken_archive", error="、".join(archive.namelist()[:5]))
            for name in members:
                with archive.open(name) as stream:
                    yield io.BufferedReader(stream)  # type: ignore[type-var]


@contextmanager
def refusing_damage() -> Iterator[None]:
    """Turns what a damaged archive or a failing disk raises into ``RegisterRefused``."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise RegisterRefused("register.broken_archive", error=str(error)) from error
    except OSError as error:
        raise RegisterRefused("register.unreadable_file", error=error.strerror or str(error)) from error


def read_lines(stream: BinaryIO, several_lines: bool) -> Iterator[Lines]:
    """All rows of the stream, a block at a time. ``several_lines``: a quoted cell may hold line breaks.

    Empty lines are no rows. What cannot be decoded, is too long or has a quotation mark too many is set aside.
    """
    encoding, first, rest = "", 1, ""
    for block in _blocks(stream):
        encoding = encoding or best_encoding(block)
        lines = (rest + block.decode(encoding, "replace")).split("\n")
        if not lines[-1]:
            lines.pop()
        lines, rest = _whole_rows(lines) if several_lines else (lines, "")
        yield _judged(lines, first, several_lines)
        first += len(lines)
    if rest:
        yield _judged(rest.rstrip("\n").split("\n"), first, several_lines)


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    """Whole lines, some 4 MB at a time. Of a line beyond any measure only the beginning is kept."""
    while block := stream.read(BLOCK):
        if not block.endswith(b"\n"):
            tail = stream.readline(MAX_LINE)
            block += tail
            while tail and not tail.endswith(b"\n"):
                tail = stream.readline(MAX_LINE)
        yield block


def best_encoding(block: bytes) -> str:
    """UTF-8 or CP932, whichever reads the bytes with less damage."""
    return min(("utf-8-sig", "cp932"), key=lambda name: block.decode(name, "replace").count(_DAMAGED))


def _whole_rows(lines: list[str]) -> tuple[list[str], str]:
    """The lines up to the last row that is complete, and the text of the row that the next block goes on with."""
    inside, start = False, 0
    for index, line in enumerate(lines):
        if line.count('"') % 2:
            inside, start = not inside, start if inside else index
    if not inside or len(lines) - start > _MAX_ROW_LINES:
        return lines, ""
    return lines[:start], "\n".join(lines[start:]) + "\n"


def _judged(lines: list[str], first: int, several_lines: bool) -> Lines:
    rows: list[str] = []
    bad: list[BadRow] = []
    index = 0
    while index < len(lines):
        number, taken = first + index, _taken(lines, index) if several_lines else 1
        text = lines[index] if taken == 1 else "\n".join(lines[index : index + taken])
        index += taken
        if _DAMAGED in text:
            bad.append(BadRow(number, None, "register.damaged_characters", text[:200]))
        elif text.count('"') % 2 or len(text) > MAX_LINE:
            bad.append(BadRow(number, None, "register.broken_row", text[:200]))
        elif text and text != "\r":
            rows.append(f"{number},{text}")
    return Lines(rows, bad)


def _taken(lines: list[str], start: int) -> int:
    """How many lines the row has: 1 also where its quotation mark is not closed within reach."""
    if lines[start].count('"') % 2 == 0:
        return 1
    for index in range(start + 1, min(start + _MAX_ROW_LINES, len(lines))):
        if lines[index].count('"') % 2:
            return index + 1 - start
    return 1
