"""Weeks in a row with killed runs, faults of the CRMs and people at work, by seed: in the end all is as wanted or a person's."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.crm import CrmError
from tests.pipelines.writeback.conftest import furnished
from tests.pipelines.writeback.everything import FREE, LIST, SWITCHES, Everything
from tests.pipelines.writeback.killed_run import Kill, killed
from tests.pipelines.writeback.test_people import lost

DAYS = 12
_FAULTS: dict[str, list[dict[str, Any]]] = {
    "sales": [
        {"kind": "http_503_html", "count": 2},
        {"kind": "http_503_html", "count": 9, "match": "composite", "method": "PATCH"},
        {"kind": "drop_connection", "count": 1, "method": "PATCH"},
        {"kind": "drop_connection", "count": 1, "method": "PATCH", "when": "after"},
        {"kind": "row_lock", "rate": 0.3, "count": 20},
        {"kind": "validation_rule", "rate": 0.2, "count": 6},
        {"kind": "session_expired", "count": 1, "skip": 7},
        {"kind": "request_limit", "count": 1, "match": "composite", "method": "PATCH", "skip": 2},
        {"kind": "job_failed", "count": 1},
        {"kind": "job_aborted", "count": 1},
    ],
    "marketing": [
        {"kind": "http_503_html", "count": 2},
        {"kind": "rate_limit_secondly", "count": 1, "seconds": 0.1},
        {"kind": "partial_207", "rate": 0.2, "count": 5},
        {"kind": "drop_connection", "count": 1, "method": "POST"},
        {"kind": "drop_connection", "count": 1, "method": "POST", "match": "batch/update", "when": "after"},
        {"kind": "gateway", "count": 9, "match": "batch/update"},
    ],
}
_KILLS = (
    ("call", "(PATCH|DELETE) composite|POST /crm/v3/objects/\\w+/batch/(update|upsert)|PUT /crm/v3/lists|POST /crm/v4"),
    ("call", "jobs/ingest"),
    ("sql", "state.journal BY NAME"),
    ("sql", "TABLE settled"),
    ("sql", "INTO state.sent"),
    ("sql", "state.conflicts BY NAME"),
)


@pytest.fixture
def world(tmp_path: Path, provisioned: Path) -> Iterator[Everything]:
    with furnished(tmp_path, provisioned) as desk:
        world = Everything(desk)
        world.want_more()
        desk.run(FREE)
        yield world


def a_person_works(world: Everything, rng: random.Random) -> None:
    """Sets one field of ours, or takes a member off the list, or puts one on."""
    desk, n = world.desk, rng.randrange(len(world.accounts))
    act = rng.choice(("account", "account", "company", "flag", "member"))
    if act == "account":
        desk.person_sets(world.accounts[n], Totsugo_Next_Play__c=rng.choice(("社長に会う", None, "訪問する")))
    elif act == "flag":
        now = desk.account(world.accounts[n])["Totsugo_No_Approach__c"]
        desk.person_sets(world.accounts[n], Totsugo_No_Approach__c=not now)
    elif act == "company":
        desk.person_sets(world.companies[n], totsugo_next_play=rng.choice(("社長に会う", "", "訪問する")))
    else:
        on = world.companies[n] in desk.people["marketing"].members(LIST)
        chosen = [world.companies[n]]
        list(desk.people["marketing"].set_members(LIST, "companies", [] if on else chosen, chosen if on else []))


def one_day(world: Everything, rng: random.Random) -> None:
    desk = world.desk
    world.want_more(*rng.sample(SWITCHES, rng.randint(1, len(SWITCHES))))
    for _ in range(rng.randrange(3)):
        a_person_works(world, rng)
    for name, faults in _FAULTS.items():
        if rng.random() < 0.5:
            desk.orgs[name].faults.arm({**rng.choice(faults), "seed": rng.randrange(10**6)})
    at, match = rng.choice(_KILLS)
    try:
        if rng.random() < 0.6:
            kill = Kill(at, match, rng.randint(1, 12), rng.choice(("before", "after")), jobs=rng.random() < 0.4)
            killed(desk, FREE, kill, surely=False)
        else:
            desk.run(FREE)
    except CrmError:  # the pull failed, and so did the run
        pass
    for org in desk.orgs.values():
        org.faults.clear()
    for _ in range(rng.randrange(3)):
        a_person_works(world, rng)


@pytest.mark.full
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", range(6))
def test_in_the_end_all_is_as_wanted_or_a_persons(world: Everything, seed: int) -> None:
    rng, desk = random.Random(seed), world.desk
    for _ in range(DAYS):
        one_day(world, rng)
    world.want_more()
    desk.run(FREE)
    desk.run(FREE)
    assert desk.con.execute("SELECT count(*) FROM state.journal WHERE result = 'pending'").fetchone() == (0,)
    disputed = set(desk.con.execute("SELECT record_id, field FROM state.conflicts WHERE resolved_at IS NULL").fetchall())
    differ = [d for d in world.differences() if (d[1], d[2]) not in disputed and d[0] != LIST]
    assert differ == []
    touched = {c["id"] for org in desk.orgs.values() for c in org.changes() if c["action"].startswith("member")}
    on_list = desk.crms["marketing"].members(LIST)
    wanted = {row[0] for row in desk.con.execute("SELECT native_id FROM marts.crm_lists").fetchall()}
    assert on_list ^ wanted <= touched
    told = [f"{c['id']} {c['field']}: {c['before']!r} -> {c['after']!r}, {c['seq']}" for c in lost(desk) if c["field"] != LIST]
    assert told == []  # of lists: whom a person took off, and whom we ceased to want, may come on again
    world.begin()
    assert desk.run(FREE).fields_written == 0
    assert world.changes_of_ours() == []
