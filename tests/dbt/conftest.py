"""Fixtures of the dbt tests: ``warehouse``, a fresh one per test (``harness.py`` says what it can do), and ``tables``,
what the models before matching make of ``intermediate_world.py``, built once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.dbt import intermediate_world
from tests.dbt.harness import DbtProject, TestWarehouse


class Tables(dict[str, list[dict[str, Any]]]):
    """Rows of the built tables, by table name."""

    def one(self, table: str, **key: object) -> dict[str, Any]:
        """The only row with these values."""
        (row,) = [row for row in self[table] if all(row[column] == value for column, value in key.items())]
        return row


@pytest.fixture(scope="session")
def dbt_project(tmp_path_factory: pytest.TempPathFactory) -> DbtProject:
    return DbtProject(tmp_path_factory.mktemp("dbt"))


@pytest.fixture
def warehouse(dbt_project: DbtProject) -> Iterator[TestWarehouse]:
    warehouse = TestWarehouse(dbt_project)
    yield warehouse
    warehouse.close()


@pytest.fixture(scope="session")
def tables(dbt_project: DbtProject) -> Tables:
    """Staging, intermediate and the seeds, built with their data tests and unit tests."""
    warehouse = TestWarehouse(dbt_project)
    intermediate_world.fill(warehouse)
    con = warehouse.build("tag:before_matching")
    query = "SELECT table_schema, table_name FROM information_schema.tables WHERE table_schema = ANY(?)"
    found = con.execute(query, [["staging", "intermediate", "seeds"]]).fetchall()
    tables = Tables({name: warehouse.rows(f"FROM {schema}.{name}") for schema, name in found})
    warehouse.close()
    return tables
