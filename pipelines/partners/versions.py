"""Which version of a partner's list holds: ``raw.partner_lists`` and what was set aside with it.

Belongs here: reading and writing the versions and the rejected rows of lists. Does not: judging a
version (``landing.py``) or reading files (``connectors.partner_files``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from connectors.partner_files import ListSpec, Rejection, catalogue_text
from pipelines.partners.words import words_text
from pipelines.texts import text

TABLES = {
    "accounts": "raw.partner_list_rows",
    "registrations": "raw.partner_registration_rows",
    "introductions": "raw.partner_introduction_rows",
}


@dataclass(frozen=True)
class Version:
    """One version of a list; ``rows`` were taken, ``rejected`` rows were set aside whole."""

    partner: str
    list: str
    version: str
    file: str
    content: str
    kind: str
    encoding: str | None
    accepted: bool
    reason: str | None
    rows: int
    rejected: int
    modified_at: datetime | None


@dataclass(frozen=True)
class Landing:
    """What every write of one landing carries."""

    run_id: str | None
    synced_at: datetime
    language: str


def version_of(path: Path, spec: ListSpec) -> str:
    """``<sha256 of the file>-<how it is read>``: a corrected column mapping makes another version of the same file."""
    with path.open("rb") as file:
        content = hashlib.file_digest(file, "sha256").hexdigest()
    said = [spec.content, dict(spec.columns), spec.encoding, spec.delimiter, spec.sheet, spec.header_row]
    reading = json.dumps(said, default=list) + catalogue_text() + (words_text() if spec.content == "introductions" else "")
    return f"{content}-{hashlib.sha256(reading.encode()).hexdigest()[:8]}"


def last_accepted(con: duckdb.DuckDBPyConnection, partner: str, list_name: str, content: str) -> tuple[str, int] | None:
    """Version and row count of the list's last good version."""
    return con.execute(
        """
        SELECT version, row_count FROM raw.partner_lists
        WHERE partner = ? AND list = ? AND content = ? AND accepted
        ORDER BY _synced_at DESC, modified_at DESC NULLS LAST LIMIT 1
        """,
        [partner, list_name, content],
    ).fetchone()


def newest_is_refused(con: duckdb.DuckDBPyConnection, partner: str, list_name: str) -> bool:
    """Whether the last file read for the list was refused: what was said about it is out of date once another is there."""
    query = "SELECT NOT accepted FROM raw.partner_lists WHERE partner = ? AND list = ? ORDER BY _synced_at DESC LIMIT 1"
    newest = con.execute(query, [partner, list_name]).fetchone()
    return newest is not None and newest[0]


def is_accepted(con: duckdb.DuckDBPyConnection, partner: str, list_name: str, version: str) -> bool:
    """Whether that version was taken at any time."""
    query = "SELECT 1 FROM raw.partner_lists WHERE partner = ? AND list = ? AND version = ? AND accepted"
    return con.execute(query, [partner, list_name, version]).fetchone() is not None


def write_version(con: duckdb.DuckDBPyConnection, version: Version, rows: pa.Table | None, landing: Landing) -> None:
    """Record the version, and its rows where it was accepted; replaces what an earlier reading of the same file left."""
    same_file = f"{version.version.partition('-')[0]}-%"
    key = [version.partner, version.list, same_file]
    if version.accepted:
        con.execute("DELETE FROM raw.partner_lists WHERE partner = ? AND list = ? AND version LIKE ?", key)
        for table in TABLES.values():
            con.execute(f"DELETE FROM {table} WHERE partner = ? AND list = ? AND version LIKE ?", key)
    else:
        con.execute("DELETE FROM raw.partner_lists WHERE partner = ? AND list = ? AND version LIKE ? AND NOT accepted", key)
    con.execute(
        """
        INSERT INTO raw.partner_lists
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        [
            version.partner, version.list, version.version, version.file, version.content, version.kind,
            version.encoding, version.accepted, version.reason, version.rows, version.rejected,
            version.modified_at, landing.synced_at, landing.run_id,
        ],
    )  # fmt: skip
    if rows is not None:
        _insert_rows(con, version, rows, landing)


def _insert_rows(con: duckdb.DuckDBPyConnection, version: Version, rows: pa.Table, landing: Landing) -> None:
    columns = ", ".join(rows.column_names)
    con.register("incoming_list_rows", rows)
    try:
        con.execute(
            f"""
            INSERT INTO {TABLES[version.content]} (partner, list, version, _synced_at, _run_id, {columns})
            SELECT ?, ?, ?, ?, ?, {columns} FROM incoming_list_rows ORDER BY row_number
            """,
            [version.partner, version.list, version.version, landing.synced_at, landing.run_id],
        )
    finally:
        con.unregister("incoming_list_rows")


def forget_rejections(con: duckdb.DuckDBPyConnection, source: str, files: Iterable[str]) -> None:
    """Drop what earlier readings of those files set aside."""
    con.execute("DELETE FROM raw.rejected_rows WHERE source = ? AND list_contains(?, file)", [source, list(files)])


def files_of(con: duckdb.DuckDBPyConnection, partner: str, list_name: str) -> list[str]:
    """Every file that the list was ever read from."""
    query = "SELECT DISTINCT file FROM raw.partner_lists WHERE partner = ? AND list = ?"
    return [file for (file,) in con.execute(query, [partner, list_name]).fetchall()]


def sentence(rejection: Rejection, language: str) -> str:
    """The reason in words that say what to do."""
    return text(rejection.reason, language, **rejection.values)


def write_rejections(
    con: duckdb.DuckDBPyConnection, source: str, file: str, rejections: Iterable[Rejection], landing: Landing
) -> None:
    """Name what was set aside in ``raw.rejected_rows``."""
    entries = [
        {
            "source": source, "file": file, "row_number": entry.row, "column_name": entry.column, "value": entry.value,
            "reason": sentence(entry, landing.language), "reason_key": entry.reason, "whole_row": entry.whole_row,
        }
        for entry in rejections
    ]  # fmt: skip
    if not entries:
        return
    con.register("incoming_rejections", pa.Table.from_pylist(entries, _REJECTIONS))
    try:
        con.execute(
            "INSERT INTO raw.rejected_rows BY NAME SELECT *, ? AS _synced_at, ? AS _run_id FROM incoming_rejections",
            [landing.synced_at, landing.run_id],
        )
    finally:
        con.unregister("incoming_rejections")


_REJECTIONS = pa.schema(
    [
        ("source", pa.string()), ("file", pa.string()), ("row_number", pa.int32()), ("column_name", pa.string()),
        ("value", pa.string()), ("reason", pa.string()), ("reason_key", pa.string()), ("whole_row", pa.bool_()),
    ]
)  # fmt: skip
