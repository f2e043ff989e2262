"""The fixture of the scenarios: the project, compiled once per process."""

from __future__ import annotations

import pytest

from tests.dbt.compiled import CompiledProject, compiled_project


@pytest.fixture(scope="session")
def compiled() -> CompiledProject:
    return compiled_project()
