"""Reads one file of the national register in batches, fast enough for the five million entries of the whole country.

Belongs here: the official layout of 30 columns. Does not: which state of an entry is the newest (the landing decides it
over all files), and reading of lines and columns as such.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from connectors.register.columns import Layout, keep_named, make_date, read_rows
from connectors.register.faults import BadRow, RegisterBatch

# Position in the official layout (from 1) -> our name. The rest (image ids, area codes, English addresses) is not used.
_PLACES = {
    2: "corporate_number", 3: "process", 5: "update_date", 6: "change_date", 7: "name", 9: "kind", 10: "prefecture", 11: "city",
    12: "street", 16: "postal_code", 19: "close_date", 20: "close_cause", 21: "successor_corporate_number", 24: "latest",
    25: "name_en", 29: "name_kana",
}  # fmt: skip
_LAYOUT = Layout(_PLACES, width=30)
_DATES = ("update_date", "change_date", "close_date")
COLUMNS = ("row_number", *_PLACES.values())
"""Columns of a batch: ``row_number`` int64 (line of the file), the dates date32, the rest string; empty is null."""


def read_register(path: Path) -> Iterator[RegisterBatch]:
    """All entries of a CSV, or of every CSV in a ZIP, in CP932 or UTF-8. A row's fault is a ``BadRow``.

    Raises ``RegisterRefused`` where the file as a whole cannot be read, perhaps after some batches.
    """
    return read_rows(path, lambda _: _LAYOUT, _typed)


def _typed(table: pa.Table, bad: list[BadRow]) -> pa.Table:
    table = keep_named(table, bad)
    for name in _DATES:
        table = make_date(table, name, bad)
    return table
