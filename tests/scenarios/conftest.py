"""The fixture of the scenarios: the project, compiled and planned once per process."""

from __future__ import annotations

import pytest

from tests.scenarios.prepared import PreparedProject, prepared_project


@pytest.fixture(scope="session")
def project() -> PreparedProject:
    return prepared_project()
