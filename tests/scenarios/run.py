"""Running a scenario: day after day, the real models over its facts, with the real memory in between.

Belongs here: the order of one run. Does not: facts or expectations.
"""

from __future__ import annotations

import inspect
import re

import duckdb
import yaml

from pipelines.transform import remember
from tests.dbt.compiled import CompiledProject, Model
from tests.scenarios.expectations import differences, models_of
from tests.scenarios.facts import BadScenario, Facts
from tests.scenarios.scenario import Day, Scenario, days

MATCHED = "records"
"""The last model that the matching reads."""


def remembered_models(compiled: CompiledProject) -> set[str]:
    """The models that the memory copies from."""
    told = re.findall(r"\b(?:marts|intermediate)\.(\w+)", inspect.getsource(remember))
    return {name for name in told if name in compiled.models}


def run(compiled: CompiledProject, scenario: Scenario) -> list[str]:
    """What is otherwise than expected, day by day, in words."""
    faults = []
    con = compiled.empty_world()
    try:
        every = list(days(scenario))
        for number, day in enumerate(every):
            if number:
                compiled.fresh_warehouse(con)
            last = number == len(every) - 1
            wanted = models_of(day.expect) | (set() if last else remembered_models(compiled))
            run_day(compiled, con, day, compiled.needed_for(wanted | {MATCHED, "registration_claims"}))
            faults += [f"on {day.as_of.date()}: {told}" for told in differences(con, day.expect)]
            if not last:
                remember.remember(con)
    finally:
        con.close()
    return faults


def run_day(compiled: CompiledProject, con: duckdb.DuckDBPyConnection, day: Day, models: list[Model]) -> None:
    """One run: the models before the matching, the match, the models after it."""
    facts = Facts(con, day)
    facts.write()
    before = [model for model in models if model.schema != "marts"]
    compiled.build(con, before)
    if facts.unheard():
        raise BadScenario(f"no model found the registrations {', '.join(facts.unheard())}")
    facts.match()
    compiled.build(con, [model for model in models if model.schema == "marts"])


def told(scenario: Scenario, faults: list[str]) -> str:
    """The whole scenario in words, for whoever sees it fail."""
    given = scenario.model_dump(exclude_defaults=True, mode="json")
    body = yaml.safe_dump(given, allow_unicode=True, sort_keys=False, width=140)
    return "\n".join([f"{scenario.name}\n{scenario.ja}", *(f"  - {fault}" for fault in faults), "", body])
