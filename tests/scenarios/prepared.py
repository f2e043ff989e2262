"""The compiled models as prepared statements: planned once, run hundreds of times over a few rows each.

Belongs here: one connection whose tables stay and are filled and emptied. Does not: compiling (``tests/dbt/compiled.py``), facts.
A statement is planned anew after any change of the catalogue, so nothing here creates or drops a table between two runs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from functools import cache

import duckdb
import pyarrow as pa

from pipelines.settings.models import Settings
from pipelines.settings.tables import Run, config_rows
from tests.dbt.compiled import CompiledProject, ContractBroken, Model, compiled_project, hold_to_contract
from tests.dbt.harness import DbtFailed


@cache
def prepared_project() -> PreparedProject:
    """The one of this process."""
    return PreparedProject(compiled_project())


class PreparedProject:
    """``empty``, put facts in, ``build``, look; as often as you like."""

    def __init__(self, compiled: CompiledProject) -> None:
        self.models = compiled.models
        self.needed_for = compiled.needed_for
        self.con = compiled.new_connection()
        self._written = ""
        self._broken: dict[str, Exception] = {}
        for model in self.models.values():
            try:
                self._create(model)
            except (duckdb.Error, ContractBroken) as error:
                self._broken[model.name] = error
        self._statements = {name: self._statement(model) for name, model in self.models.items() if name not in self._broken}

    def empty(self, *, keep_state: bool = False) -> duckdb.DuckDBPyConnection:
        """The connection without a row in any table but the seeds and the settings."""
        filled = self.con.execute(
            """SELECT database_name, schema_name, table_name FROM duckdb_tables()
               WHERE estimated_size > 0 AND schema_name NOT IN ('seeds', 'config')
                   AND table_name != 'share_secret' AND (database_name != 'state' OR NOT $keep)""",
            {"keep": keep_state},
        ).fetchall()
        for database, schema, table in filled:
            self.con.execute(f'DELETE FROM "{database}"."{schema}"."{table}"')
        return self.con

    def write_settings(self, settings: Settings, as_of: datetime) -> None:
        """As ``write_config`` does, but into the tables that are there; the same settings are not written again."""
        mark = hashlib.sha256(settings.model_dump_json().encode()).hexdigest()
        tables = config_rows(settings, Run("run", as_of))
        for table, rows in tables.items() if mark != self._written else [("run", tables["run"])]:
            self.con.execute(f"DELETE FROM config.{table}")
            if rows:
                arrow = pa.table({str(at): list(values) for at, values in enumerate(zip(*rows, strict=True))})
                self.con.register("written", arrow)
                self.con.execute(f"INSERT INTO config.{table} FROM written")
                self.con.unregister("written")
        self._written = mark

    def build(self, models: Iterable[Model]) -> None:
        """Runs these models. Raises ``DbtFailed`` with the name of the model that fails."""
        for model in models:
            if model.name in self._broken:
                raise DbtFailed(f"{model.name}: {self._broken[model.name]}")
            try:
                self.con.execute(self._statements[model.name])
            except duckdb.Error as error:
                raise DbtFailed(f"{model.name}: {error}") from error

    def _create(self, model: Model) -> None:
        self.con.execute(f'CREATE SCHEMA IF NOT EXISTS "{model.schema}"')
        hold_to_contract(self.con, model)
        self.con.execute(model.statement if model.materialized == "view" else f"{model.statement} LIMIT 0")

    def _statement(self, model: Model) -> str:
        """What fills the model's table."""
        if model.materialized == "view":
            return ""
        chosen = ", ".join(f'"{name}"' for name in model.columns) or "*"
        filling = f"INSERT INTO {model.relation} SELECT {chosen} FROM (\n{model.sql}\n)"
        if "asof" in model.sql.lower():  # DuckDB 2.0 breaks when such a join is executed again and one side is empty
            return filling
        self.con.execute(f'PREPARE "{model.name}" AS {filling}')
        return f'EXECUTE "{model.name}"'
