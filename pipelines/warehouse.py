"""The two DuckDB files: what can be rebuilt (warehouse) and what must outlive a rebuild (state).

Belongs here: opening them together, their tables, backups of the state, and the read-only
copy for readers outside a run. Does not: what the tables mean (``pipelines/ddl/*.sql`` says it).
DuckDB commits no transaction across two files: write to one of them, commit, then to the other.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from pipelines.settings.environment import Paths

DDL = Path(__file__).resolve().parent / "ddl"
PUBLISHED_SCHEMAS = ("config", "intermediate", "match", "marts", "gate", "writeback")
PUBLISHED_RAW = ("rejected_rows", "partner_lists", "partner_list_rows", "cursors")
BACKUPS_KEPT = 14
LITTLE_MEMORY = "150MB"
"""Enough to land a million accounts, and more of it makes that no faster."""


class WarehouseBusy(Exception):
    """Another process is writing to the warehouse."""


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Commit at the end, roll back on any exception."""
    con.execute("BEGIN")
    try:
        yield
    except BaseException:
        con.execute("ROLLBACK")
        raise
    con.execute("COMMIT")


@contextmanager
def incoming(con: duckdb.DuckDBPyConnection, rows: Sequence[tuple[str | None, ...]]) -> Iterator[None]:
    """The rows, all texts and at least one, as the view ``incoming`` (c0, c1, ...): in bulk, for a row at a time is slow."""
    columns = zip(*rows, strict=True)
    con.register("incoming", pa.table({f"c{i}": pa.array(column, pa.string()) for i, column in enumerate(columns)}))
    try:
        yield
    finally:
        con.unregister("incoming")


def create_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Create what is missing in both files; ``state`` must be attached."""
    for file in sorted(DDL.glob("*.sql")):
        con.execute(file.read_text(encoding="utf-8"))
    con.execute("INSERT INTO state.share_secret SELECT ? WHERE NOT EXISTS (FROM state.share_secret)", [secrets.token_hex(32)])


@contextmanager
def little_memory(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """For work that goes through much data once: DuckDB would keep all of it, up to most of the machine's memory."""
    con.execute(f"SET memory_limit = '{LITTLE_MEMORY}'")
    try:
        yield
    finally:
        con.execute("RESET memory_limit")


class Warehouse:
    """Opens the two files. One process writes at a time; within it, connections are short."""

    def __init__(self, paths: Paths) -> None:
        self.paths = paths

    @contextmanager
    def connect(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection to the warehouse with ``state`` attached, every table there. Raises ``WarehouseBusy``."""
        self.paths.home.mkdir(parents=True, exist_ok=True)
        try:
            con = duckdb.connect(str(self.paths.warehouse))
        except duckdb.IOException as error:
            if "lock" not in str(error):
                raise
            message = f"{self.paths.warehouse.name} is being written by another process. Wait for its run to end, then try again."
            raise WarehouseBusy(message) from None
        try:
            con.execute("SET TimeZone = 'UTC'; SET enable_progress_bar = false")
            con.execute(f"ATTACH '{self.paths.state}' AS state")
            create_tables(con)
            yield con
        finally:
            con.close()

    def back_up_state(self, run_id: str) -> Path | None:
        """Copy the state aside before a run touches it; the newest few copies are kept."""
        if not self.paths.state.exists():
            return None
        with self.connect() as con:  # brings in what a killed run left in the write-ahead log
            con.execute("CHECKPOINT state")
        self.paths.backups.mkdir(parents=True, exist_ok=True)
        target = self.paths.backups / f"state-{run_id}.duckdb"
        temporary = target.with_suffix(".part")
        shutil.copy2(self.paths.state, temporary)
        os.replace(temporary, target)
        for old in sorted(self.paths.backups.glob("state-*.duckdb"), key=lambda p: p.stat().st_mtime)[:-BACKUPS_KEPT]:
            old.unlink()
        return target

    def publish(self) -> None:
        """Replace the read-only copy. Readers hold the old file until they open it anew."""
        temporary = self.paths.published.with_suffix(".part")
        temporary.unlink(missing_ok=True)
        with self.connect() as con:
            con.execute(f"ATTACH '{temporary}' AS copy")
            with transaction(con):
                for schema, table in _published_tables(con):
                    con.execute(f"CREATE SCHEMA IF NOT EXISTS copy.{schema}")
                    con.execute(f"CREATE TABLE copy.{schema}.{table} AS FROM {schema}.{table}")
            con.execute("DETACH copy")
            views = _views(con)
        with duckdb.connect(str(temporary)) as copy:
            _create_views(copy, views)
        os.replace(temporary, self.paths.published)

    @contextmanager
    def read(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """The published copy, read-only. Raises ``FileNotFoundError`` before the first run has ended."""
        if not self.paths.published.exists():
            raise FileNotFoundError(f"{self.paths.published} does not exist yet. Run `totsugo run` first.")
        con = duckdb.connect(str(self.paths.published), read_only=True)
        try:
            con.execute("SET TimeZone = 'UTC'")
            yield con
        finally:
            con.close()


def _published_tables(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    return con.execute(
        """
        SELECT CASE WHEN database_name = 'state' THEN 'state' ELSE schema_name END, table_name
        FROM duckdb_tables()
        WHERE database_name = 'state'
           OR (database_name = current_database()
               AND (list_contains(?, schema_name) OR (schema_name = 'raw' AND list_contains(?, table_name))))
        ORDER BY ALL
        """,
        [list(PUBLISHED_SCHEMAS), list(PUBLISHED_RAW)],
    ).fetchall()


def _views(con: duckdb.DuckDBPyConnection) -> list[str]:
    """How the marts that are views are created in the copy, where the state is a schema and not a file of its own."""
    query = "SELECT sql FROM duckdb_views() WHERE database_name = current_database() AND schema_name = 'marts' ORDER BY view_name"
    return [statement.replace("state.main.", "state.") for (statement,) in con.execute(query).fetchall()]


def _create_views(copy: duckdb.DuckDBPyConnection, waiting: list[str]) -> None:
    """Each after those that it reads, which only trying tells."""
    while waiting:
        left = [statement for statement in waiting if not _created(copy, statement)]
        if left == waiting:
            raise duckdb.CatalogException(f"The published copy lacks what this view reads: {left[0]}")
        waiting = left


def _created(con: duckdb.DuckDBPyConnection, statement: str) -> bool:
    try:
        con.execute(statement)
    except duckdb.CatalogException:
        return False
    return True
