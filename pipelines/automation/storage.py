"""Dagster's records in SQLite, made for runs of many events: the class that ``dagster.yaml`` names.

Belongs here: how the files are opened. Does not: what stands in them, which is Dagster's own.
Dagster opens a connection for each event and closes it, which syncs the disk several times. For the 1,600 events of a run of ours
that takes longer than a third of the run.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage
from dagster._serdes import ConfigurableClassData
from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import QueuePool

KEPT = 4
"""Files that stay open: that of all runs, and those of the runs asked for last."""


class EventLog(SqliteEventLogStorage):
    """Dagster's event log, a file per run and one for all, with one lasting connection to each."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines: dict[str, Engine] = {}
        super().__init__(base_dir, inst_data)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock, self._engine(shard).begin() as connection:
            yield connection

    def _engine(self, shard: str) -> Engine:
        known = shard in self._engines
        self._engines[shard] = self._engines.pop(shard) if known else self._opened(shard)  # the latest stands last
        while len(self._engines) > KEPT:
            self._engines.pop(next(iter(self._engines))).dispose()
        return self._engines[shard]

    def _opened(self, shard: str) -> Engine:
        given = {"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False}
        engine = create_engine(self.conn_string_for_shard(shard), poolclass=QueuePool, pool_size=1, connect_args=given)
        event.listen(engine, "connect", _relaxed)
        if shard not in self._initialized_dbs:
            self._initdb(engine)
            self._initialized_dbs.add(shard)
        return engine


def _relaxed(connection: Any, _: object) -> None:
    """A crash of the machine may cost the last events, never the file: its journal is a write-ahead log."""
    connection.execute("PRAGMA synchronous = NORMAL")


class Storage(DagsterSqliteStorage):
    """In the place of Dagster's ``storage: sqlite``; goes on with its files, and the other way round."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        super().__init__(base_dir, inst_data)
        self._event_log_storage = EventLog(self._event_log_storage._base_dir)

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> Storage:
        return cls.from_local(inst_data=inst_data, **config_value)
