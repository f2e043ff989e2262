"""Running a scenario: day after day, the real models over its facts, with the real memory in between.

Belongs here: the order of one run. Does not: facts or expectations.
"""

from __future__ import annotations

import inspect
import re

import yaml
from pydantic import ValidationError

from pipelines.transform import remember
from tests.dbt.harness import DbtFailed
from tests.scenarios.expectations import differences, models_of
from tests.scenarios.facts import BadScenario, Facts
from tests.scenarios.memory import unheard
from tests.scenarios.prepared import PreparedProject
from tests.scenarios.scenario import TOKYO, Day, Scenario, days

NEEDED = {"records", "registration_claims"}
"""What the matching reads, and what tells whether every registration arrived."""


def remembered_models(project: PreparedProject) -> set[str]:
    """The models that the memory copies from."""
    told = re.findall(r"\b(?:marts|intermediate)\.(\w+)", inspect.getsource(remember))
    return {name for name in told if name in project.models}


def run(project: PreparedProject, scenario: Scenario) -> list[str]:
    """What is otherwise than expected, day by day, in words."""
    faults = []
    every = list(days(scenario))
    for number, day in enumerate(every, start=1):
        is_last = number == len(every)
        wanted = models_of(day.expect) | (set() if is_last else remembered_models(project))
        con = project.empty(keep_state=number > 1)
        try:
            run_day(project, day, wanted)
            faults += [f"on {day.as_of.astimezone(TOKYO).date()}: {fault}" for fault in differences(con, day.expect)]
        except (BadScenario, DbtFailed, ValidationError) as error:
            return [*faults, str(error)]
        if not is_last:
            remember.remember(con)
    return faults


def run_day(project: PreparedProject, day: Day, wanted: set[str]) -> None:
    """One run: the models before the matching, the match, the models after it."""
    project.write_settings(day.settings, day.as_of)
    facts = Facts(project.con, day)
    facts.write()
    models = project.needed_for(wanted | NEEDED)
    project.build(model for model in models if model.schema != "marts")
    missing = unheard(project.con, day.given)
    if missing:
        raise BadScenario(f"no model found the registrations {', '.join(missing)}")
    facts.match()
    project.build(model for model in models if model.schema == "marts")


def told(scenario: Scenario, faults: list[str]) -> str:
    """The whole scenario in words, for whoever sees it fail."""
    given = scenario.model_dump(exclude_defaults=True, mode="json")
    body = yaml.safe_dump(given, allow_unicode=True, sort_keys=False, width=140)
    return "\n".join([f"{scenario.name}\n{scenario.ja}", *(f"  - {fault}" for fault in faults), "", body])
