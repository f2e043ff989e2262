"""Statements planned once and without the optimizer say what dbt's own, planned afresh and optimized, would say."""

from __future__ import annotations

from typing import Any

import duckdb
from hypothesis import HealthCheck, given, settings

from pipelines.settings.tables import Run, write_config
from tests.dbt.compiled import CompiledProject, compiled_project
from tests.scenarios.facts import Facts
from tests.scenarios.prepared import PreparedProject, prepared_project
from tests.scenarios.random_worlds import worlds
from tests.scenarios.run import run_day
from tests.scenarios.scenario import TODAY, Day, Given, moment


@settings(deadline=None, database=None, derandomize=True, max_examples=2, suppress_health_check=list(HealthCheck))
@given(world=worlds())
def test_every_model_says_the_same_either_way(world: Given) -> None:
    day = Day(moment(TODAY), world, {})
    prepared = prepared_project()
    prepared.empty()
    run_day(prepared, day, set(prepared.models))
    said = rows(prepared, prepared.con)
    plain = compiled_project()
    con = plain.empty()
    con.execute("PRAGMA enable_optimizer")
    write_config(con, day.settings, Run("run", day.as_of))
    facts = Facts(con, day)
    facts.write()
    plain.build(model for model in plain.models.values() if model.schema != "marts")
    facts.match()
    plain.build(model for model in plain.models.values() if model.schema == "marts")
    con.execute("PRAGMA disable_optimizer")
    assert [name for name, found in rows(plain, con).items() if found != said[name]] == []


def rows(project: CompiledProject | PreparedProject, con: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[Any, ...]]]:
    return {model.name: con.execute(f"FROM {model.relation} ORDER BY ALL").fetchall() for model in project.models.values()}
