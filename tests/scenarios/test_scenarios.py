"""Every scenario of this folder's yaml files, through the real dbt models. README.md tells how to read and add one."""

from __future__ import annotations

import pytest

from tests.scenarios.prepared import PreparedProject
from tests.scenarios.run import run, told
from tests.scenarios.scenario import Scenario, scenarios

SCENARIOS = scenarios()


@pytest.mark.parametrize("scenario", [pytest.param(s, id=f"{file}: {s.name}") for file, s in SCENARIOS])
def test_scenario(project: PreparedProject, scenario: Scenario) -> None:
    faults = run(project, scenario)
    if faults:
        pytest.fail(told(scenario, faults), pytrace=False)


def test_there_are_at_least_120_scenarios_and_no_two_of_one_name() -> None:
    names = [scenario.name for _, scenario in SCENARIOS]
    assert len(names) >= 120
    assert len(set(names)) == len(names)
