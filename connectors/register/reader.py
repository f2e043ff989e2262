"""Reads one register file in batches of Arrow columns, fast enough for the five million entries of the whole country.

Belongs here: the official layout of 30 columns, encodings, and telling bad rows apart. Does not: which
state of an entry is the newest (the landing decides it over all files).
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

# Position in the official layout (from 1) -> our name. The rest (image ids, area codes, English addresses) is not used.
_LAYOUT = {
    2: "corporate_number", 3: "process", 5: "update_date", 6: "change_date", 7: "name", 9: "kind", 10: "prefecture", 11: "city",
    12: "street", 16: "postal_code", 19: "close_date", 20: "close_cause", 21: "successor_corporate_number", 24: "latest",
    25: "name_en", 29: "name_kana",
}  # fmt: skip
_WIDTH = 30
_DATES = ("update_date", "change_date", "close_date")
COLUMNS = ("row_number", *_LAYOUT.values())
"""Columns of a batch: ``row_number`` int64 (line of the file), the dates date32, the rest string; empty is null."""

_BLOCK = 4 << 20
_MAX_LINE = 1 << 20
_DAMAGED = "\ufffd"
_NAMES = ["row_number", *(_LAYOUT.get(position, f"_{position}") for position in range(1, _WIDTH + 1))]


class RegisterRefused(Exception):
    """The file as a whole cannot be read; ``reason`` is a text key, ``values`` fill its placeholders."""

    def __init__(self, reason: str, **values: object) -> None:
        super().__init__(f"{reason} {values}")
        self.reason = reason
        self.values = values


@dataclass(frozen=True)
class BadRow:
    """One thing set aside; ``reason`` is a text key, ``values`` fill its placeholders; ``value`` has at most 200 characters."""

    row: int
    column: str | None
    reason: str
    value: str
    whole_row: bool = True
    values: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class RegisterBatch:
    """Entries in the order of the file, and what was set aside among them."""

    table: pa.Table
    bad: tuple[BadRow, ...]


def read_register(path: Path) -> Iterator[RegisterBatch]:
    """All entries of a CSV, or of every CSV in a ZIP, in CP932 or UTF-8. A row's fault is a ``BadRow``.

    Raises ``RegisterRefused`` where the file as a whole cannot be read, perhaps after some batches.
    """
    try:
        for stream in _streams(path):
            yield from _batches(stream)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise RegisterRefused("register.broken_archive", error=str(error)) from error
    except OSError as error:
        raise RegisterRefused("register.unreadable_file", error=error.strerror or str(error)) from error


def _streams(path: Path) -> Iterator[BinaryIO]:
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
                with _member(archive, name) as stream:
                    yield stream


@contextmanager
def _member(archive: zipfile.ZipFile, name: str) -> Iterator[BinaryIO]:
    with archive.open(name) as stream:
        yield io.BufferedReader(stream)  # type: ignore[type-var]


def _batches(stream: BinaryIO) -> Iterator[RegisterBatch]:
    encoding, line = "", 0
    for block in _blocks(stream):
        encoding = encoding or _encoding(block)
        lines = block.decode(encoding, "replace").split("\n")
        good, bad = _readable(lines, line + 1)
        line += len(lines) - (not lines[-1])
        yield _parsed(good, bad)


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    """Whole lines, some 4 MB at a time. Of a line beyond any measure only the beginning is kept."""
    while block := stream.read(_BLOCK):
        if not block.endswith(b"\n"):
            tail = stream.readline(_MAX_LINE)
            block += tail
            while tail and not tail.endswith(b"\n"):
                tail = stream.readline(_MAX_LINE)
        yield block


def _encoding(block: bytes) -> str:
    """UTF-8 or CP932, whichever reads the first block with less damage."""
    return min(("utf-8-sig", "cp932"), key=lambda name: block.decode(name, "replace").count(_DAMAGED))


def _readable(lines: list[str], first: int) -> tuple[list[str], list[BadRow]]:
    """Lines that a CSV parser can take one by one, with their number put in front, and the others."""
    good, bad = [], []
    for number, line in enumerate(lines, start=first):
        if _DAMAGED in line:
            bad.append(BadRow(number, None, "register.damaged_characters", line[:200]))
        elif line.count('"') % 2 or len(line) > _MAX_LINE:
            bad.append(BadRow(number, None, "register.broken_row", line[:200]))
        elif line and line != "\r":
            good.append(f"{number},{line}")
    return good, bad


def _parsed(lines: list[str], bad: list[BadRow]) -> RegisterBatch:
    def set_aside(row: pa.csv.InvalidRow) -> str:
        number, _, text = row.text.partition(",")
        columns = row.actual_columns - 1
        bad.append(BadRow(int(number), None, "register.column_count", text[:200], values={"columns": columns}))
        return "skip"

    if not lines:
        return RegisterBatch(_typed(pa.table({name: pa.array([], pa.string()) for name in COLUMNS}), []), tuple(bad))
    table = pa.csv.read_csv(
        pa.BufferReader("\n".join(lines).encode()),
        pa.csv.ReadOptions(column_names=_NAMES, use_threads=False, block_size=2 * _BLOCK + 2 * _MAX_LINE),
        pa.csv.ParseOptions(invalid_row_handler=set_aside),
        pa.csv.ConvertOptions(
            column_types=dict.fromkeys(_NAMES, pa.string()),
            include_columns=list(COLUMNS),
            strings_can_be_null=True,
            null_values=[""],
        ),
    )
    typed = _typed(table, bad)
    return RegisterBatch(typed, tuple(sorted(bad, key=lambda row: row.row)))


def _typed(table: pa.Table, bad: list[BadRow]) -> pa.Table:
    """Set aside entries without a valid number or a name, and make dates of dates."""
    table = table.set_column(0, "row_number", table["row_number"].cast(pa.int64()))
    valid = _valid_numbers(table["corporate_number"])
    bad += _rows(table, pc.invert(valid), "corporate_number", "register.corporate_number_invalid")
    named = pc.is_valid(table["name"])
    bad += _rows(table, pc.and_(valid, pc.invert(named)), "name", "register.empty_name")
    table = table.filter(pc.and_(valid, named))
    for name in _DATES:
        text = table[name]
        dates = pc.strptime(text, format="%Y-%m-%d", unit="s", error_is_null=True).cast(pa.date32())
        bad += _rows(table, pc.and_(pc.is_valid(text), pc.is_null(dates)), name, "register.invalid_date", whole_row=False)
        table = table.set_column(table.column_names.index(name), name, dates)
    return table


def _rows(table: pa.Table, where: pa.ChunkedArray, column: str, reason: str, whole_row: bool = True) -> list[BadRow]:
    wrong = table.filter(where).select(["row_number", column])
    return [BadRow(row["row_number"], column, reason, (row[column] or "")[:200], whole_row) for row in wrong.to_pylist()]


def _valid_numbers(numbers: pa.ChunkedArray) -> pa.Array:
    """Whether each text is 13 digits whose first one checks the other twelve (weights 1 and 2 in turn, modulo 9)."""
    shaped = pc.fill_null(pc.match_substring_regex(numbers, r"^[0-9]{13}$"), False)
    padded = pc.if_else(shaped, numbers, "0" * 13).combine_chunks()
    joined = "".join(padded.to_pylist()).encode()
    digits = np.frombuffer(joined, dtype=np.uint8).reshape(-1, 13).astype(np.int64) - 48
    weights = np.array([2, 1] * 6)
    right = digits[:, 0] == 9 - (digits[:, 1:] @ weights) % 9
    return pc.and_(shaped.combine_chunks(), pa.array(right))
