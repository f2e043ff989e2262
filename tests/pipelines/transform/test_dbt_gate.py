"""What a run of dbt tells the gate: only the whole of a phase, built and tested to its end, opens it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dagster as dg
import pytest

from pipelines import gate
from pipelines.settings import Paths
from pipelines.transform.assets import _build
from pipelines.warehouse import Warehouse

GOOD = {"results": [{"status": "success", "unique_id": "model.totsugo.records", "message": "OK"}]}
BAD = {"results": [{"status": "fail", "unique_id": "test.totsugo.unique_records", "message": "3 rows"}]}


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(Paths(home=tmp_path, config=tmp_path / "none.yaml"))


def build(
    warehouse: Warehouse,
    results: dict[str, Any],
    exit_code: int = 0,
    is_subset: bool = False,
    keys: tuple[str, ...] = ("records",),
) -> list[str]:
    """Run the phase with a dbt that ends so; returns why the gate stays closed."""
    target = warehouse.paths.home / "dbt" / "run"

    def stream() -> Iterator[str]:
        target.mkdir(parents=True)
        (target / "run_results.json").touch()
        with warehouse.connect() as con:  # what a kill at this moment would leave
            if keys:
                assert gate.reasons_to_stay_closed(con, ["dbt:after_matching"])
        yield "an event"

    invocation = SimpleNamespace(
        stream=stream, target_path=target, get_artifact=lambda _: results, process=SimpleNamespace(wait=lambda: exit_code)
    )
    dbt: Any = SimpleNamespace(cli=lambda *_, **__: invocation)
    context: Any = SimpleNamespace(run_id="run", selected_asset_keys=set(keys), is_subset=is_subset)
    totsugo: Any = SimpleNamespace(paths=warehouse.paths, warehouse=warehouse)
    try:
        list(_build(context, dbt, totsugo, "after_matching"))
    except dg.Failure:
        pass
    finally:
        (target / "run_results.json").unlink()
        target.rmdir()
    with warehouse.connect() as con:
        return gate.reasons_to_stay_closed(con, ["dbt:after_matching"])


def test_the_whole_phase_opens_it(warehouse: Warehouse) -> None:
    assert build(warehouse, GOOD) == []


def test_a_failed_test_closes_it(warehouse: Warehouse) -> None:
    assert build(warehouse, BAD, exit_code=1) == ["dbt:after_matching failed: unique_records: 3 rows"]


def test_a_dbt_that_broke_off_closes_it_although_nothing_it_told_of_failed(warehouse: Warehouse) -> None:
    (reason,) = build(warehouse, GOOD, exit_code=2)
    assert "broke off" in reason


def test_a_part_built_by_hand_closes_it_until_the_whole_is_built(warehouse: Warehouse) -> None:
    assert build(warehouse, GOOD) == []
    (reason,) = build(warehouse, GOOD, is_subset=True)
    assert "only a part of it was built" in reason
    assert build(warehouse, GOOD) == []


def test_checks_alone_change_nothing_unless_they_fail(warehouse: Warehouse) -> None:
    assert build(warehouse, GOOD) == []
    assert build(warehouse, GOOD, is_subset=True, keys=()) == []
    assert build(warehouse, BAD, exit_code=1, is_subset=True, keys=()) != []
