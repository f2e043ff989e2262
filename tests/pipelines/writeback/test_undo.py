"""An undo puts the CRMs back to where they were on every field that is ours, byte for byte, and the next runs leave it there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from pipelines.writeback.catalogue import ACCOUNT_FIELDS, CHILD_FIELDS, REGISTRATION_FIELDS
from pipelines.writeback.holds import holds_of, release
from pipelines.writeback.undo import UndoOutcome, undo
from tests.pipelines.registrations.world import create_model
from tests.pipelines.writeback.conftest import furnished
from tests.pipelines.writeback.everything import CHILD, FREE, LIST, Everything
from tests.pipelines.writeback.killed_run import Kill, killed


@pytest.fixture
def world(tmp_path: Path, provisioned: Path) -> Iterator[Everything]:
    with furnished(tmp_path, provisioned) as desk:
        create_model(desk.con, "records")
        world = Everything(desk)
        world.want_more("account_fields", "child_rows", "lists", "registration_verdicts")
        desk.run(FREE)
        yield world


def held(world: Everything) -> dict[str, Any]:
    """Every field of ours as the CRMs give it, raw: null, false and empty are three things."""
    desk = world.desk
    session: Any = desk.crms["sales"]._session  # type: ignore[attr-defined]
    found: dict[str, Any] = {}
    for object, names in (
        ("Account", ["Id", *(f.native("salesforce") for f in ACCOUNT_FIELDS)]),
        ("Opportunity", ["Id", *(f.native("salesforce") for f in REGISTRATION_FIELDS)]),
        (CHILD, ["Totsugo_Key__c", "Account__c", *(f.child() for f in CHILD_FIELDS)]),
    ):
        rows = session.call("GET", "query", {"q": f"SELECT {', '.join(names)} FROM {object} ORDER BY {names[0]}"})["records"]
        found[object] = [[row[name] for name in names] for row in rows]
    token = {"Authorization": f"Bearer {desk.orgs['marketing'].credentials['token']}"}
    for object, fields in (("companies", ACCOUNT_FIELDS), ("deals", REGISTRATION_FIELDS)):
        names = [f.native("hubspot") for f in fields]
        asked = {"properties": ",".join(names), "limit": 100}
        answer = requests.get(f"{desk.orgs['marketing'].url}/crm/v3/objects/{object}", asked, headers=token, timeout=10).json()
        found[object] = [(one["id"], [one["properties"].get(name) for name in names]) for one in answer["results"]]
    found["list"] = sorted(desk.crms["marketing"].members(LIST))
    return found


def undone(world: Everything, run: str = "", id: str = "undo-1") -> UndoOutcome:
    run = run or f"run-{world.desk.runs}"
    return undo(world.desk.con, FREE, world.desk.crms.__getitem__, run, id, "sato")


def released(world: Everything) -> None:
    release(world.desk.con, holds_of(world.desk.con), "sato", datetime.now(UTC))


@pytest.mark.full
def test_the_first_run_of_all_can_be_undone(tmp_path: Path, provisioned: Path) -> None:
    with furnished(tmp_path, provisioned) as desk:
        create_model(desk.con, "records")
        world = Everything(desk)
        before = held(world)
        world.want_more("account_fields", "child_rows", "lists", "registration_verdicts")
        desk.run(FREE)
        assert held(world) != before
        outcome = undone(world)
        assert (outcome.kept, outcome.faults) == ([], [])
        assert held(world) == before
        assert desk.run(FREE).fields_written == 0
        assert held(world) == before


def test_updates_creates_removals_and_members_go_back_and_stay_back(world: Everything) -> None:
    desk, before = world.desk, held(world)
    world.want_more("account_fields", "child_rows", "lists", "registration_verdicts")
    desk.run(FREE)
    after = held(world)
    assert undone(world).kept == []
    assert held(world) == before
    assert desk.run(FREE).fields_written == 0
    world.want_more("account_fields", "child_rows", "lists", "registration_verdicts")
    world.want_more("account_fields", "child_rows", "lists", "registration_verdicts")
    assert desk.run(FREE).fields_written == 0
    assert held(world) == before

    released(world)
    desk.run(FREE)
    assert [d for d in world.differences() if d[0] not in ("Task", "tasks")] == []
    assert held(world) not in (before, after)


@pytest.mark.full
def test_twice_puts_nothing_back_again_and_an_undo_can_be_undone(world: Everything) -> None:
    before = held(world)
    world.want_more("account_fields", "child_rows", "lists")
    world.desk.run(FREE)
    run, after = f"run-{world.desk.runs}", held(world)
    undone(world, run, "undo-1")
    world.begin()
    again = undone(world, run, "undo-2")
    assert (again.fields, again.kept, world.changes_of_ours()) == (0, [], [])

    assert undone(world, "undo-1", "undo-3").kept == []
    assert held(world) == after
    assert undone(world, run, "undo-4").kept == []
    assert held(world) == before


def test_what_a_person_edited_since_is_left_and_listed(world: Everything) -> None:
    desk, (one, two) = world.desk, world.accounts[:2]
    before = held(world)
    world.want_more("account_fields")
    desk.run(FREE)
    desk.person_sets(one, Totsugo_Next_Play__c="社長に会う")
    desk.person_sets(world.companies[0], totsugo_next_play="")
    outcome = undone(world)
    assert {(k.record_id, k.field, k.why) for k in outcome.kept} == {
        (one, "next_play", "person"),
        (world.companies[0], "next_play", "person"),
    }
    assert desk.account(one)["Totsugo_Next_Play__c"] == "社長に会う"
    assert not desk.company(world.companies[0])["totsugo_next_play"]
    assert held(world)["Account"][1:] == before["Account"][1:]
    assert two in {row[0] for row in before["Account"][1:]}


def test_what_the_crm_refuses_is_told_in_its_words_and_put_back_by_the_next_call(world: Everything) -> None:
    desk, account, before = world.desk, world.accounts[-1], held(world)
    world.want_more("account_fields")
    desk.run(FREE)
    desk.orgs["sales"].faults.arm({"kind": "validation_rule", "match": account})
    outcome = undone(world)
    assert {(k.record_id, k.why) for k in outcome.kept} == {(account, "refused")}
    assert all("FIELD_CUSTOM_VALIDATION_EXCEPTION" in k.by for k in outcome.kept)
    desk.orgs["sales"].faults.clear()
    assert undone(world, id="undo-2").kept == []
    assert held(world) == before


@pytest.mark.full
def test_what_a_later_run_wrote_is_left_and_listed_with_that_run(world: Everything) -> None:
    desk, account = world.desk, world.accounts[0]
    world.want_more("account_fields")
    desk.run(FREE)
    run = f"run-{desk.runs}"
    desk.want(account, partner_approach="limited", next_play="後の提案")
    desk.run(FREE)
    outcome = undone(world, run)
    assert ("next_play", "later_run", f"run-{desk.runs}") in {(k.field, k.why, k.by) for k in outcome.kept}
    assert {k.record_id for k in outcome.kept} == {account}
    assert desk.account(account)["Totsugo_Next_Play__c"] == "後の提案"


def test_an_undo_that_is_killed_is_finished_by_another_and_by_no_run_undone(world: Everything) -> None:
    desk, before = world.desk, held(world)
    world.want_more("account_fields")
    desk.run(FREE)
    run = f"run-{desk.runs}"
    world.begin()
    killed(desk, FREE, Kill("call", "PATCH composite/sobjects .*'type': 'Account'", 2), undoing=run)
    half = held(world)
    assert half["Account"] != before["Account"]
    assert desk.run(FREE).fields_written == 0
    assert held(world) == half
    assert undone(world, run, "undo-2").kept == []
    assert held(world) == before
    assert world.faults_of_ours() == []
