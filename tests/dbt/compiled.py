"""The real dbt models at the speed of a unit test: compiled by dbt once, then run as plain SQL over DuckDB in memory.

Belongs here: compiling, an empty world in memory, building chosen models with all they read, and holding every model
to its contract. Does not: facts or expectations (``tests/scenarios`` has them). dbt itself, its data tests and unit tests
run in the other modules of this folder.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
from dbt.cli.main import dbtRunner

from pipelines.normalize import functions
from pipelines.warehouse import create_tables
from tests.dbt.harness import PROJECT, DbtFailed


class ContractBroken(AssertionError):
    """A model's columns are not those of its contract."""


@dataclass(frozen=True)
class Model:
    """One compiled model."""

    name: str
    schema: str
    materialized: str
    sql: str
    columns: dict[str, str]
    """Name -> type as its contract states them; empty where none is enforced."""
    parents: tuple[str, ...]

    @property
    def relation(self) -> str:
        return f'"warehouse"."{self.schema}"."{self.name}"'

    @property
    def statement(self) -> str:
        """As dbt creates it: the columns in the order of the contract."""
        kind = "VIEW" if self.materialized == "view" else "TABLE"
        chosen = ", ".join(f'"{name}"' for name in self.columns) or "*"
        return f"CREATE {kind} {self.relation} AS SELECT {chosen} FROM (\n{self.sql}\n)"


@cache
def compiled_project() -> CompiledProject:
    """The one of this process: nothing of it stays on disk."""
    with TemporaryDirectory() as home:
        return CompiledProject(Path(home))


@contextmanager
def _environment(home: Path) -> Iterator[None]:
    """What dbt's profile reads, put back afterwards: other tests of this process have their own files."""
    ours = {"WAREHOUSE_PATH": str(home / "warehouse.duckdb"), "STATE_PATH": str(home / "state.duckdb"), "DBT_KEEP_OPEN": "False"}
    before = {name: os.environ.get(name) for name in ours}
    os.environ.update(ours)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


class CompiledProject:
    """Every model of the project, compiled by dbt, in an order that builds."""

    def __init__(self, home: Path) -> None:
        for name in ("warehouse", "state"):
            duckdb.connect(str(home / f"{name}.duckdb")).close()
        with _environment(home):
            manifest = self._dbt(home, None, "parse")
            chosen = ("--select", "resource_type:model", "--exclude", "resource_type:test", "resource_type:unit_test")
            nodes = [result.node for result in self._dbt(home, manifest, "compile", *chosen).results]
        models = {node.name: self._model(node, manifest) for node in nodes}
        order = TopologicalSorter({name: model.parents for name, model in models.items()}).static_order()
        self.models = {name: models[name] for name in order}
        self._seeds = [node for node in manifest.nodes.values() if node.resource_type == "seed"]
        self._checked: set[str] = set()
        self._con: duckdb.DuckDBPyConnection | None = None

    def needed_for(self, names: Iterable[str]) -> list[Model]:
        """These models with all that they read, parents first. ``KeyError`` names one that does not exist."""
        needed: set[str] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name not in needed:
                needed.add(name)
                waiting += self.models[name].parents
        return [model for name, model in self.models.items() if name in needed]

    @property
    def con(self) -> duckdb.DuckDBPyConnection:
        """The one connection that ``empty`` and ``build`` work on."""
        if self._con is None:
            self._con = self.new_connection()
        return self._con

    def new_connection(self) -> duckdb.DuckDBPyConnection:
        """In memory, with the pipelines' tables, the seeds and the functions; nothing built."""
        con = duckdb.connect(":memory:", config={"threads": 1})
        con.execute("SET TimeZone = 'UTC'; ATTACH ':memory:' AS state; ATTACH ':memory:' AS warehouse; USE warehouse")
        # over a handful of rows planning is most of the work; what a query means does not hang on it
        con.execute("PRAGMA disable_optimizer")
        functions.register(con)
        create_tables(con)
        self._load_seeds(con)
        return con

    def empty(self, *, keep_state: bool = False) -> duckdb.DuckDBPyConnection:
        """The connection with nothing built and no row in any table but the seeds; ``config`` is its writer's to replace."""
        for schema in {model.schema for model in self.models.values()}:
            self.con.execute(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE')
        filled = self.con.execute(
            """SELECT database_name, schema_name, table_name FROM duckdb_tables()
               WHERE estimated_size > 0 AND schema_name NOT IN ('seeds', 'config')
                   AND table_name != 'share_secret' AND (database_name != 'state' OR NOT $keep)""",
            {"keep": keep_state},
        ).fetchall()
        for database, schema, table in filled:
            self.con.execute(f'DELETE FROM "{database}"."{schema}"."{table}"')
        return self.con

    def build(self, models: Iterable[Model]) -> None:
        """Runs these models. Raises ``DbtFailed`` with the model's name, or ``ContractBroken``."""
        for model in models:
            try:
                self.con.execute(f'CREATE SCHEMA IF NOT EXISTS warehouse."{model.schema}"')
                if model.name not in self._checked:
                    hold_to_contract(self.con, model)
                    self._checked.add(model.name)
                self.con.execute(model.statement)
            except duckdb.Error as error:
                raise DbtFailed(f"{model.name}: {error}") from error

    def _load_seeds(self, con: duckdb.DuckDBPyConnection) -> None:
        con.execute("CREATE SCHEMA seeds")
        for seed in self._seeds:
            file = PROJECT / seed.original_file_path
            chosen = ", ".join(f'"{name}"::{kind} AS "{name}"' for name, kind in seed.config.column_types.items())
            rows = f"read_csv('{file}', header = true, all_varchar = true)"
            con.execute(f"CREATE TABLE seeds.{seed.name} AS SELECT {chosen} FROM {rows}")

    @staticmethod
    def _model(node: Any, manifest: Any) -> Model:
        enforced = node.config.contract.enforced
        parents = [manifest.nodes[key] for key in node.depends_on.nodes if key.startswith("model.")]
        return Model(
            name=node.name,
            schema=node.schema,
            materialized=node.config.materialized,
            sql=node.compiled_code,
            columns={name: column.data_type for name, column in node.columns.items()} if enforced else {},
            parents=tuple(parent.name for parent in parents),
        )

    @staticmethod
    def _dbt(home: Path, manifest: Any, *command: str) -> Any:
        apart = ["--target-path", str(home / "target"), "--log-path", str(home / "logs")]
        where = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT), *apart]
        outcome = dbtRunner(manifest=manifest).invoke(["--quiet", *command, *where])
        if not outcome.success:
            raise DbtFailed(f"dbt {command[0]}: {outcome.exception or outcome.result}")
        return outcome.result


def build_on(con: duckdb.DuckDBPyConnection, models: Iterable[Model]) -> None:
    """Runs these models, anew where they are there already, over a warehouse of the caller's. Raises ``DbtFailed``."""
    con.execute("PRAGMA disable_optimizer; CREATE SCHEMA IF NOT EXISTS marts")
    for model in models:
        try:
            con.execute(model.statement.replace("CREATE ", "CREATE OR REPLACE ", 1))
        except duckdb.Error as error:
            raise DbtFailed(f"{model.name}: {error}") from error
    con.execute("PRAGMA enable_optimizer")


def hold_to_contract(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    """The names must be the same ones, the types too. Raises ``ContractBroken``."""
    if not model.columns:
        return
    described = {name: kind for name, kind, *_ in con.execute(f"DESCRIBE {model.sql}").fetchall()}
    stated = ", ".join(f'NULL::{kind} AS "{name}"' for name, kind in model.columns.items())
    contract = {name: kind for name, kind, *_ in con.execute(f"DESCRIBE SELECT {stated}").fetchall()}
    if described != contract:
        wrong = {name: (contract.get(name), described.get(name)) for name in contract | described}
        told = [f"{name}: contract {said}, SQL {got}" for name, (said, got) in wrong.items() if said != got]
        raise ContractBroken(f"{model.name}: " + "; ".join(told))
