"""What is common to taking in any file of the register: its faults in words, and the note that it was read.

Belongs here: ``raw.rejected_rows`` and ``raw.register_files``. Does not: where the rows themselves go.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from connectors.register import BadRow, Content, RegisterBatch, RegisterRefused
from pipelines.texts import text

SOURCE = "register"
_BAD = pa.schema(
    [
        ("row_number", pa.int32()), ("column_name", pa.string()), ("reason", pa.string()), ("reason_key", pa.string()),
        ("value", pa.string()), ("whole_row", pa.bool_()),
    ]
)  # fmt: skip


@dataclass(frozen=True)
class PresentFile:
    """A file that a pattern of the settings means."""

    path: Path
    content: Content
    sha256: str

    @property
    def name(self) -> str:
        return self.path.name


@dataclass
class Intake:
    """One landing: its connection, and what it has to say about files so far."""

    con: duckdb.DuckDBPyConnection
    run_id: str | None
    synced_at: datetime
    language: str
    faults: list[str] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    rejected: int = 0
    left_out: Counter[str] = field(default_factory=Counter)

    def take(
        self,
        file: PresentFile,
        batches: Iterable[RegisterBatch],
        put: Callable[[RegisterBatch], object],
        is_full: bool = True,
        when_empty: str | None = "register.no_companies",
    ) -> bool:
        """Gives every batch to ``put`` and names what was set aside. ``False``: the file is of no use, and a fault says why.

        ``when_empty``: the text key for a file without a usable row; ``None``: it may be empty.
        """
        self.forget(file.name)
        rows, rejected, left_out = 0, 0, Counter[str]()
        try:
            for batch in batches:
                put(batch)
                self.reject(file.name, batch.bad)
                rows += batch.table.num_rows
                rejected += sum(row.whole_row for row in batch.bad)
                left_out.update(batch.left_out)
            if rows == 0 and when_empty is not None:
                raise RegisterRefused(when_empty)
        except RegisterRefused as refused:
            self.refuse(file.name, refused.reason, **refused.values)
            return False
        self.note(file, is_full, rows, rejected, left_out.total())
        self.read.append(file.name)
        self.rejected += rejected
        self.left_out += left_out
        return True

    def note(self, file: PresentFile, is_full: bool, rows: int, rejected: int, left_out: int) -> None:
        """Remember that the file was read, so that it is passed over until it changes."""
        self.con.execute("DELETE FROM raw.register_files WHERE file = ?", [file.name])
        values = [file.name, file.sha256, is_full, rows, rejected, self.synced_at, self.run_id, file.content, left_out]
        self.con.execute("INSERT INTO raw.register_files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)

    def reject(self, file: str, rows: Sequence[BadRow]) -> None:
        """Name the rows of the file that were set aside, or some cells of which were."""
        if not rows:
            return
        entries = [
            {
                "row_number": row.row, "column_name": row.column, "reason": text(row.reason, self.language, **row.values),
                "reason_key": row.reason, "value": row.value, "whole_row": row.whole_row,
            }
            for row in rows
        ]  # fmt: skip
        self.con.register("incoming_bad", pa.Table.from_pylist(entries, _BAD))
        try:
            self.con.execute(
                """
                INSERT INTO raw.rejected_rows BY NAME
                SELECT *, ? AS source, ? AS file, ? AS _synced_at, ? AS _run_id FROM incoming_bad
                """,
                [SOURCE, file, self.synced_at, self.run_id],
            )
        finally:
            self.con.unregister("incoming_bad")

    def refuse(self, file: str, reason: str, **values: object) -> None:
        """Replace what was said about the file by one sentence on the whole of it."""
        sentence = text(reason, self.language, **values)
        self.forget(file)
        self.con.execute(
            "INSERT INTO raw.rejected_rows VALUES (?, ?, NULL, NULL, ?, ?, NULL, true, ?, ?)",
            [SOURCE, file, sentence, reason, self.synced_at, self.run_id],
        )
        self.faults.append(sentence if file in sentence else f"{file}: {sentence}")

    def forget(self, file: str) -> None:
        """Take back what was said about the file."""
        self.con.execute("DELETE FROM raw.rejected_rows WHERE source = ? AND file = ?", [SOURCE, file])

    def create_like(self, name: str, table: str, **more: str) -> None:
        """An empty temporary table with the columns of that table and, by name and type, some more.

        Not ``CREATE ... AS ... WHERE false``: DuckDB 2.0 keeps the statistics of such an empty table within the transaction,
        and after a large first insert answers queries as if there were nothing in it.
        """
        columns = [f"{column} {kind}" for column, kind, *_ in self.con.execute(f"DESCRIBE {table}").fetchall()]
        columns += [f"{column} {kind}" for column, kind in more.items()]
        self.con.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({', '.join(columns)})")

    def insert(self, table: str, rows: pa.Table, **constants: object) -> None:
        """Append the rows to the table by column names, with these columns beside them."""
        beside = "".join(f", ? AS {name}" for name in constants)
        self.con.register("incoming_batch", rows)
        try:
            self.con.execute(f"INSERT INTO {table} BY NAME SELECT *{beside} FROM incoming_batch", list(constants.values()))
        finally:
            self.con.unregister("incoming_batch")


def sha256(path: Path) -> str:
    """Of the file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
