"""The gate opens only on data of which every part was checked, the later on top of the earlier."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from pipelines import gate
from pipelines.warehouse import DDL

NAMES = gate.required(["marketing", "sales"])


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute((DDL / "gate.sql").read_text(encoding="utf-8"))
        for name in NAMES:
            gate.record(con, name, True, "run-0")
        yield con


def test_it_opens_when_all_passed_in_their_order(con: duckdb.DuckDBPyConnection) -> None:
    assert gate.reasons_to_stay_closed(con, NAMES) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_step_that_was_killed_in_the_middle_closes_it(con: duckdb.DuckDBPyConnection, name: str) -> None:
    gate.begin(con, name, "killed")
    assert any(f"{name} failed: it was begun and did not end" in r for r in gate.reasons_to_stay_closed(con, NAMES))


@pytest.mark.parametrize("pull", ["pull:marketing", "pull:sales"])
def test_a_pull_that_nothing_was_built_on_closes_it(con: duckdb.DuckDBPyConnection, pull: str) -> None:
    gate.record(con, pull, True, "run-1")
    assert gate.reasons_to_stay_closed(con, NAMES) == [
        f"{name} is older than {pull}: run it again on the newer data" for name in NAMES[2:]
    ]
