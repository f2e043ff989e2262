"""The fixture of the scenarios: the project, compiled once per session."""

from __future__ import annotations

import pytest

from tests.dbt.compiled import CompiledProject


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> CompiledProject:
    return CompiledProject(tmp_path_factory.mktemp("compiled"))
