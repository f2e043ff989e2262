"""Brings ``raw.company_register`` to the newest state that the register's files tell.

Belongs here: which files are new, full load or difference, and the newest state of each 法人番号. Does not:
reading the files (``connectors.register``) and making names comparable (dbt).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from connectors.partner_files import matching_files
from connectors.register import BadRow, RegisterFile, RegisterRefused, newest, read_register
from pipelines.texts import text
from pipelines.warehouse import transaction

SOURCE = "register"
_STATE = (
    "corporate_number", "process", "change_date", "name", "kind", "prefecture", "city", "street", "postal_code",
    "close_date", "close_cause", "successor_corporate_number", "name_en", "name_kana",
)  # fmt: skip
_DELETED = "99"
"""Process code of an entry that should never have been published."""


@dataclass(frozen=True)
class RegisterOutcome:
    """What a landing did: entries now held, files read and left alone, rows set aside whole, and sentences on whole files."""

    entries: int
    files_read: tuple[str, ...] = ()
    files_unchanged: int = 0
    rejected: int = 0
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Known:
    file: RegisterFile
    sha256: str


@dataclass
class _Landing:
    con: duckdb.DuckDBPyConnection
    run_id: str | None
    synced_at: datetime
    language: str

    def reject(self, file: str, rows: Sequence[BadRow]) -> None:
        """Name the rows of the file that were set aside, or some cells of which were."""
        entries = [
            {
                "row_number": row.row, "column_name": row.column, "reason": text(row.reason, self.language, **row.values),
                "reason_key": row.reason, "value": row.value, "whole_row": row.whole_row,
            }
            for row in rows
        ]  # fmt: skip
        if not entries:
            return
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

    def reject_file(self, file: str, reason: str, **values: object) -> str:
        """Replace what was said about the file by one sentence on the whole of it, and return that."""
        sentence = text(reason, self.language, **values)
        self.con.execute("DELETE FROM raw.rejected_rows WHERE source = ? AND file = ?", [SOURCE, file])
        self.con.execute(
            "INSERT INTO raw.rejected_rows VALUES (?, ?, NULL, NULL, ?, ?, NULL, true, ?, ?)",
            [SOURCE, file, sentence, reason, self.synced_at, self.run_id],
        )
        return sentence


_BAD = pa.schema(
    [
        ("row_number", pa.int32()), ("column_name", pa.string()), ("reason", pa.string()), ("reason_key", pa.string()),
        ("value", pa.string()), ("whole_row", pa.bool_()),
    ]
)  # fmt: skip


def land_register(
    con: duckdb.DuckDBPyConnection, patterns: Sequence[str], run_id: str | None, synced_at: datetime, language: str
) -> RegisterOutcome:
    """Read what is new among the files that the patterns mean. Unchanged files are not opened again.

    A new full file makes the register anew from all files there are; new differences alone are applied to what is held.
    A file's fault is a sentence in the outcome and a row in ``raw.rejected_rows``, never an exception; the last good state stays.
    """
    landing = _Landing(con, run_id, synced_at, language)
    files, faults = _present(landing, patterns)
    known = dict(con.execute("SELECT file, sha256 FROM raw.register_files").fetchall())
    new = [entry for entry in files if known.get(entry.file.path.name) != entry.sha256]
    if not new:
        return RegisterOutcome(_entries(con), files_unchanged=len(files), faults=tuple(faults))
    anew = any(entry.file.is_full for entry in new) or not known
    with transaction(con):
        return _load(landing, files if anew else new, anew, len(files), faults)


def _present(landing: _Landing, patterns: Sequence[str]) -> tuple[list[_Known], list[str]]:
    """The files that count, with their hashes; a pattern without a file and a file that cannot be opened are faults."""
    faults, paths = [], []
    for pattern in patterns:
        found = matching_files(pattern)
        landing.con.execute("DELETE FROM raw.rejected_rows WHERE source = ? AND file = ?", [SOURCE, pattern])
        if not found:
            faults.append(landing.reject_file(pattern, "register.file_not_found", pattern=pattern))
        paths += found
    files = []
    for file in newest(dict.fromkeys(paths)):
        try:
            files.append(_Known(file, _sha256(file.path)))
        except OSError as error:
            faults.append(landing.reject_file(file.path.name, "register.unreadable_file", error=error.strerror or str(error)))
    return files, faults


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _load(landing: _Landing, files: Sequence[_Known], anew: bool, present: int, faults: list[str]) -> RegisterOutcome:
    con = landing.con
    con.execute(f"CREATE OR REPLACE TEMP TABLE incoming_register AS {_EMPTY}")
    read, rejected = [], 0
    for position, entry in enumerate(files):
        aside = _read_file(landing, entry, position, faults)
        if aside is not None:
            read.append(entry.file.path.name)
            rejected += aside
    # A full file that failed must not take the entries away that an earlier one brought: then only add to them.
    if anew and all(entry.file.path.name in read for entry in files if entry.file.is_full):
        _forget_all_but(con, read)
    con.execute(_NEWEST)
    con.execute(_DROP_OUTDATED)
    con.execute(_DROP_REPLACED)
    con.execute(_INSERT, [landing.synced_at])
    con.execute("DROP TABLE incoming_register; DROP TABLE newest_register")
    return RegisterOutcome(_entries(con), tuple(read), present - len(files), rejected, tuple(faults))


def _forget_all_but(con: duckdb.DuckDBPyConnection, files: Sequence[str]) -> None:
    con.execute("DELETE FROM raw.company_register")
    con.execute(
        """
        DELETE FROM raw.rejected_rows
        WHERE source = ? AND file IN (SELECT file FROM raw.register_files WHERE NOT list_contains(?, file))
        """,
        [SOURCE, files],
    )
    con.execute("DELETE FROM raw.register_files WHERE NOT list_contains(?, file)", [files])


def _read_file(landing: _Landing, entry: _Known, position: int, faults: list[str]) -> int | None:
    """Add one file to ``incoming_register``; returns the rows set aside, or ``None`` where the file is of no use."""
    con, name = landing.con, entry.file.path.name
    con.execute("DELETE FROM raw.rejected_rows WHERE source = ? AND file = ?", [SOURCE, name])
    rows = rejected = 0
    try:
        for batch in read_register(entry.file.path):
            con.register("incoming_batch", batch.table)
            con.execute("INSERT INTO incoming_register BY NAME SELECT *, ? AS position FROM incoming_batch", [position])
            con.unregister("incoming_batch")
            landing.reject(name, batch.bad)
            rows += batch.table.num_rows
            rejected += sum(row.whole_row for row in batch.bad)
        if rows == 0 and entry.file.is_full:
            raise RegisterRefused("register.no_entries")
    except RegisterRefused as refused:
        con.execute("DELETE FROM incoming_register WHERE position = ?", [position])
        faults.append(landing.reject_file(name, refused.reason, **refused.values))
        return None
    con.execute("DELETE FROM raw.register_files WHERE file = ?", [name])
    con.execute(
        "INSERT INTO raw.register_files VALUES (?, ?, ?, ?, ?, ?, ?, 'register', 0)",
        [name, entry.sha256, entry.file.is_full, rows, rejected, landing.synced_at, landing.run_id],
    )
    return rejected


def _entries(con: duckdb.DuckDBPyConnection) -> int:
    return con.execute("SELECT count(*) FROM raw.company_register").fetchall()[0][0]


_EMPTY = f"""
    SELECT
        {", ".join(_STATE)},
        NULL::DATE AS update_date, NULL::VARCHAR AS latest, NULL::BIGINT AS row_number, NULL::INTEGER AS position
    FROM raw.company_register WHERE false
"""
_NEWEST = """
    CREATE OR REPLACE TEMP TABLE newest_register AS
    SELECT * FROM incoming_register AS incoming
    WHERE latest IS DISTINCT FROM '0'
    QUALIFY row_number() OVER (
        PARTITION BY corporate_number
        ORDER BY update_date DESC NULLS LAST, change_date DESC NULLS LAST, position DESC, incoming.row_number DESC
    ) = 1
"""
# A difference that arrives late does not undo a later change.
_DROP_OUTDATED = """
    DELETE FROM newest_register USING raw.company_register AS held
    WHERE held.corporate_number = newest_register.corporate_number AND held.change_date > newest_register.change_date
"""
_DROP_REPLACED = """
    DELETE FROM raw.company_register USING newest_register
    WHERE newest_register.corporate_number = company_register.corporate_number
"""
_INSERT = f"""
    INSERT INTO raw.company_register ({", ".join(_STATE)}, _synced_at)
    SELECT {", ".join(_STATE)}, ? FROM newest_register AS newest
    WHERE process IS DISTINCT FROM '{_DELETED}' ORDER BY position, newest.row_number
"""
