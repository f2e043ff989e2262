"""Fixtures of the dbt tests: ``warehouse``, a fresh one per test; see ``harness.py`` for what it can do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.dbt.harness import DbtProject, TestWarehouse


@pytest.fixture(scope="session")
def dbt_project(tmp_path_factory: pytest.TempPathFactory) -> DbtProject:
    return DbtProject(tmp_path_factory.mktemp("dbt"))


@pytest.fixture
def warehouse(dbt_project: DbtProject) -> Iterator[TestWarehouse]:
    warehouse = TestWarehouse(dbt_project)
    yield warehouse
    warehouse.close()
