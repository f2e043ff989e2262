"""Rows of text into Arrow columns by a layout, and the checks that all layouts share.

Belongs here: splitting into columns, 法人番号 and dates. Does not: any one file's layout.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from connectors.register.faults import BadRow, RegisterBatch
from connectors.register.lines import BLOCK, MAX_LINE, read_lines, refusing_damage, streams


@dataclass(frozen=True)
class Layout:
    """Which column stands where: position from 1 -> our name; ``width`` columns in all, below ``header`` rows."""

    columns: Mapping[int, str]
    width: int
    header: int = 0


Typed = Callable[[pa.Table, list[BadRow]], pa.Table]
"""Makes values of texts and drops unusable rows, which it adds to the list."""


def read_rows(
    path: Path, layout_of: Callable[[Sequence[str]], Layout], typed: Typed, several_lines: bool = False
) -> Iterator[RegisterBatch]:
    """All rows of the file, or of every CSV in it, as batches with ``row_number`` (int64, line of the file) and our columns.

    ``layout_of`` is given the first rows of each CSV that can be read; ``several_lines``: a quoted cell may hold line breaks.
    Raises ``RegisterRefused``, perhaps after some batches.
    """
    with refusing_damage():
        for stream in streams(path):
            layout: Layout | None = None
            for lines in read_lines(stream, several_lines):
                rows = lines.rows
                if layout is None:
                    layout = layout_of([row.partition(",")[2] for row in rows[:3]])
                    rows = rows[layout.header :]
                yield _batch(rows, lines.bad, layout, typed)


def _batch(rows: list[str], bad: list[BadRow], layout: Layout, typed: Typed) -> RegisterBatch:
    def set_aside(row: pa.csv.InvalidRow) -> str:
        number, _, text = row.text.partition(",")
        values: dict[str, object] = {"columns": row.actual_columns - 1, "expected": layout.width}
        bad.append(BadRow(int(number), None, "register.column_count", text[:200], values=values))
        return "skip"

    wanted = ["row_number", *layout.columns.values()]
    if not rows:
        table = pa.table({name: pa.array([], pa.string()) for name in wanted})
    else:
        names = ["row_number", *(layout.columns.get(position, f"_{position}") for position in range(1, layout.width + 1))]
        table = pa.csv.read_csv(
            pa.BufferReader("\n".join(rows).encode()),
            pa.csv.ReadOptions(column_names=names, use_threads=False, block_size=4 * BLOCK + 2 * MAX_LINE),
            pa.csv.ParseOptions(invalid_row_handler=set_aside, newlines_in_values=True),
            pa.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                include_columns=wanted,
                strings_can_be_null=True,
                null_values=[""],
            ),
        )
    table = typed(table.set_column(0, "row_number", table["row_number"].cast(pa.int64())), bad)
    return RegisterBatch(table, tuple(sorted(bad, key=lambda row: row.row)))


def keep_named(table: pa.Table, bad: list[BadRow]) -> pa.Table:
    """The rows whose ``corporate_number`` is valid and that have a ``name``; the others are added to ``bad``."""
    valid = valid_numbers(table["corporate_number"])
    bad += bad_cells(table, pc.invert(valid), "corporate_number", "register.corporate_number_invalid")
    named = pc.is_valid(table["name"])
    bad += bad_cells(table, pc.and_(valid, pc.invert(named)), "name", "register.empty_name")
    return table.filter(pc.and_(valid, named))


def make_date(table: pa.Table, column: str, bad: list[BadRow]) -> pa.Table:
    """The column as date32, from texts that begin as 2026-10-31; what is no date becomes null and is added to ``bad``."""
    text = table[column]
    dates = pc.strptime(pc.utf8_slice_codeunits(text, 0, 10), format="%Y-%m-%d", unit="s", error_is_null=True).cast(pa.date32())
    wrong = pc.and_(pc.is_valid(text), pc.is_null(dates))
    bad += bad_cells(table, wrong, column, "register.invalid_date", whole_row=False)
    return table.set_column(table.column_names.index(column), column, dates)


def bad_cells(table: pa.Table, where: pa.ChunkedArray, column: str, reason: str, whole_row: bool = True) -> list[BadRow]:
    """One ``BadRow`` for each row where the mask holds, with the text of that column."""
    wrong = table.filter(where).select(["row_number", column])
    return [BadRow(row["row_number"], column, reason, (row[column] or "")[:200], whole_row) for row in wrong.to_pylist()]


def valid_numbers(numbers: pa.ChunkedArray) -> pa.Array:
    """Whether each text is 13 digits whose first one checks the other twelve (weights 1 and 2 in turn, modulo 9)."""
    shaped = pc.fill_null(pc.match_substring_regex(numbers, r"^[0-9]{13}$"), False)
    padded = pc.if_else(shaped, numbers, "0" * 13).combine_chunks()
    joined = "".join(padded.to_pylist()).encode()
    digits = np.frombuffer(joined, dtype=np.uint8).reshape(-1, 13).astype(np.int64) - 48
    weights = np.array([2, 1] * 6)
    right = digits[:, 0] == 9 - (digits[:, 1:] @ weights) % 9
    return pc.and_(shaped.combine_chunks(), pa.array(right))
