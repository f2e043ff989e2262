"""A run that is killed at any boundary: the next brings the CRMs to where they should be, and no change takes effect twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pipelines.writeback.conftest import furnished
from tests.pipelines.writeback.everything import CHILD, FREE, Everything, only
from tests.pipelines.writeback.killed_run import Kill, killed

SWITCH = {
    "Account": "account_fields",
    "companies": "account_fields",
    "Opportunity": "registration_verdicts",
    "deals": "registration_verdicts",
    CHILD: "child_rows",
    "list:musashi:whitespace": "lists",
    "Task": "next_play_tasks",
    "tasks": "next_play_tasks",
}
"""object -> the switch that lets it be written."""
WRITE = {
    "Account": "PATCH composite/sobjects .*'type': 'Account'",
    "companies": "POST /crm/v3/objects/companies/batch/update",
    "Opportunity": "PATCH composite/sobjects .*'type': 'Opportunity'",
    "deals": "POST /crm/v3/objects/deals/batch/update",
    CHILD: f"(PATCH|DELETE) composite/sobjects.*{CHILD}|DELETE composite/sobjects",
    "list:musashi:whitespace": "PUT /crm/v3/lists/.*add-and-remove",
    "Task": "PATCH composite/sobjects/Task",
    "tasks": "POST /crm/v3/objects/tasks/batch/upsert",
}
"""object -> the calls that write it: one of the canary, some of the rest."""
BOUNDARIES = {
    "before the journal": lambda object: Kill("sql", f"state.journal BY NAME.*'object': '{object}'", 2, "before"),
    "after the journal": lambda object: Kill("sql", f"state.journal BY NAME.*'object': '{object}'", 2),
    "after the canary is sent": lambda object: Kill("call", WRITE[object], 1),
    "before the rest is sent": lambda object: Kill("call", WRITE[object], 2, "before"),
    "after half a batch": lambda object: Kill("call", WRITE[object], 2),
    "before settling": lambda object: Kill("sql", f"TABLE settled.*'{object}'", 2, "before"),
    "amid settling": lambda object: Kill("sql", "INTO state.sent\\s+SELECT connection", 2),
    "after settling": lambda object: Kill("sql", f"state.conflicts BY NAME.*'object': '{object}'", 2, "before"),
}
IN_JOBS = {
    "the job is made": Kill("call", "POST jobs/ingest", jobs=True),
    "its data is uploaded": Kill("call", "PUT jobs/ingest", jobs=True),
    "it is closed": Kill("call", "PATCH jobs/ingest", jobs=True),
    "it is in progress": Kill("call", "GET jobs/ingest/7", jobs=True),
    "its results are unread": Kill("call", "GET jobs/ingest/.*Results", jobs=True),
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, provisioned: Path) -> Iterator[Everything]:
    """One for all kills: each begins where the one before was cleared up."""
    with furnished(tmp_path_factory.mktemp("kills"), provisioned) as desk:
        world = Everything(desk)
        world.want_more()
        desk.run(FREE)
        assert not world.differences()
        yield world


def settled(world: Everything, switch: str) -> None:
    """The next runs find what there is to find, and all is as it should be."""
    desk, settings = world.desk, only(switch)
    outcome = desk.run(settings)
    assert not outcome.faults
    assert not outcome.held
    assert all(not o.failures and not o.stopped and not o.conflicts for o in outcome.targets)
    mine = {object for object, of in SWITCH.items() if of == switch}
    ours = mine | {"Totsugo 武蔵システムズ株式会社 ホワイトスペース"} if switch == "lists" else mine
    assert [found for found in world.differences() if found[0] in ours] == []
    assert [found for found in world.unlike_what_was_sent() if found[0] in mine] == []
    assert world.faults_of_ours() == []
    assert desk.con.execute("SELECT count(*) FROM state.journal WHERE result = 'pending'").fetchone() == (0,)
    world.begin()
    assert desk.run(settings).fields_written == 0
    assert world.changes_of_ours() == []


def survives(world: Everything, object: str, kill: Kill) -> None:
    world.want_more(SWITCH[object])
    killed(world.desk, only(SWITCH[object]), kill)
    settled(world, SWITCH[object])


_DAILY = [(object, list(BOUNDARIES)[n % len(BOUNDARIES)]) for n, object in enumerate(SWITCH)]


@pytest.mark.parametrize(("object", "boundary"), _DAILY)
def test_a_run_that_is_killed(world: Everything, object: str, boundary: str) -> None:
    survives(world, object, BOUNDARIES[boundary](object))


@pytest.mark.full
@pytest.mark.parametrize("boundary", BOUNDARIES)
@pytest.mark.parametrize("object", SWITCH)
def test_a_run_that_is_killed_anywhere(world: Everything, object: str, boundary: str) -> None:
    survives(world, object, BOUNDARIES[boundary](object))


def test_a_run_that_is_killed_before_a_task_is_joined_to_its_company(world: Everything) -> None:
    survives(world, "tasks", Kill("call", "POST /crm/v4/associations/tasks", 2, "before"))


_DAILY_IN_JOBS = ("it is in progress", "its results are unread")


@pytest.mark.parametrize("while_", [w if w in _DAILY_IN_JOBS else pytest.param(w, marks=pytest.mark.full) for w in IN_JOBS])
def test_a_run_that_is_killed_inside_a_job(world: Everything, while_: str) -> None:
    faults = world.desk.orgs["sales"].faults
    if while_ == "it is in progress":
        faults.arm({"kind": "job_slow", "count": 9})
    object = CHILD if while_ == "its results are unread" else "Account"
    survives(world, object, IN_JOBS[while_])
    faults.clear()
