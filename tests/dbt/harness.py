"""A small warehouse that a test fills by hand and dbt then builds.

Belongs here: the tables as the pipelines create them, short ways to put rows into them, and
running dbt on a selection in this process. Does not: anything that asserts.
dbt parses the project once per session; the warehouse of every test lies at the same path,
because another path in the profile would make dbt parse again.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
from dbt.cli.main import dbtRunner, dbtRunnerResult
from dbt.contracts.graph.manifest import Manifest

from pipelines.normalize import functions
from pipelines.warehouse import create_tables

ROOT = Path(__file__).resolve().parents[2]
PROJECT = ROOT / "dbt_project"
AS_OF = datetime(2026, 11, 20, 0, 0, tzinfo=UTC)  # 09:00 in Tokyo

Row = Mapping[str, Any]


class DbtFailed(AssertionError):
    """dbt ended with an error; the message carries what each failed node said."""


class DbtProject:
    """The project, parsed once, over one pair of DuckDB files that each test starts afresh."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.warehouse = home / "warehouse.duckdb"
        self.state = home / "state.duckdb"
        os.environ["WAREHOUSE_PATH"] = str(self.warehouse)
        os.environ["STATE_PATH"] = str(self.state)
        os.environ["DBT_KEEP_OPEN"] = "False"
        self._manifest: Manifest | None = None
        self._create_tables()
        self._manifest = self._invoke("parse").result  # type: ignore[assignment]
        self._invoke("seed")
        for file in (self.warehouse, self.state):
            shutil.copy2(file, file.with_suffix(".empty"))

    def reset(self) -> None:
        """Tables of the pipelines, empty; seeds loaded; nothing built."""
        for file in (self.warehouse, self.state):
            shutil.copy2(file.with_suffix(".empty"), file)

    def dbt(self, command: str, select: str) -> None:
        """``dbt <command> --select <select>``. Raises ``DbtFailed``."""
        self._invoke(command, "--select", *select.split())

    def warnings(self, select: str) -> dict[str, int]:
        """Data test -> how many rows it warns of, of those that warn."""
        results = self._invoke("test", "--select", *select.split()).result.results  # type: ignore[union-attr]
        return {each.node.name: each.failures or 0 for each in results if each.status == "warn"}

    def connect(self) -> duckdb.DuckDBPyConnection:
        """A connection with ``state`` attached and the functions of the plugin, for the caller to close before dbt runs again."""
        con = duckdb.connect(str(self.warehouse))
        con.execute("SET TimeZone = 'UTC'")
        con.execute(f"ATTACH '{self.state}' AS state")
        functions.register(con)
        return con

    def _create_tables(self) -> None:
        with self.connect() as con:
            create_tables(con)

    def _invoke(self, command: str, *arguments: str) -> dbtRunnerResult:
        where = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
        apart = ["--target-path", str(self.home / "target"), "--log-path", str(self.home / "logs")]
        result = dbtRunner(manifest=self._manifest).invoke(["--quiet", command, *where, *apart, *arguments])
        if not result.success:
            raise DbtFailed(f"dbt {command} {' '.join(arguments)}: {result.exception or _failures(result)}")
        return result


class TestWarehouse:
    """What a test holds: put rows in, build, look at the result."""

    __test__ = False

    def __init__(self, project: DbtProject) -> None:
        self.project = project
        self._open: duckdb.DuckDBPyConnection | None = None
        project.reset()
        self.set_run()

    @property
    def con(self) -> duckdb.DuckDBPyConnection:
        """An open connection; ``run`` and ``build`` close it."""
        if self._open is None:
            self._open = self.project.connect()
        return self._open

    def close(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None

    def insert(self, table: str, *rows: Row) -> None:
        """Insert rows given as mappings; columns left out are null. Lists and mappings go in as JSON text."""
        for row in rows:
            values = [
                json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else value for value in row.values()
            ]
            places = ", ".join("?" for _ in row)
            self.con.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", values)

    def set_run(self, as_of: datetime = AS_OF, time_zone: str = "Asia/Tokyo", language: str = "ja") -> None:
        """The one row of ``config.run``."""
        self.con.execute("DELETE FROM config.run")
        self.con.execute(
            "INSERT INTO config.run "
            "SELECT 'run', $as_of, CAST(timezone($zone, $as_of::TIMESTAMPTZ) AS DATE), $zone, $language, 'JPY'",
            {"as_of": as_of, "zone": time_zone, "language": language},
        )

    def crm(self, table: str, connection: str, *payloads: Row, **columns: Any) -> None:
        """Rows of a raw CRM table: ``crm("salesforce_account", "our_salesforce", {"Id": "1", "Name": ...})``.

        The id is the payload's ``Id`` or ``id``; ``columns`` override ``_deleted``, ``_synced_at`` and the like.
        """
        for payload in payloads:
            row: dict[str, Any] = {
                "connection": connection,
                "id": str(payload.get("Id", payload.get("id"))),
                "modified_at": AS_OF,
            }
            row |= {"payload": dict(payload), "_deleted": False, "_synced_at": AS_OF, "_run_id": "run"} | columns
            self.insert(f"raw.{table}", row)

    def rows(self, query: str) -> list[dict[str, Any]]:
        """Result of a query, or of a bare table name, as dicts."""
        cursor = self.con.execute(query)
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]

    def build(self, select: str) -> duckdb.DuckDBPyConnection:
        """``dbt build`` on a selection: models, data tests and unit tests. Raises ``DbtFailed`` where a test fails."""
        self.close()
        self.project.dbt("build", select)
        return self.con


def _failures(result: dbtRunnerResult) -> str:
    nodes: Iterable[Any] = getattr(result.result, "results", [])
    return "\n".join(f"{node.node.unique_id}: {node.message}" for node in nodes if str(node.status) in ("error", "fail"))
