"""A run that may make no more calls ends between two batches, says what is left, and the next one writes exactly that."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from connectors import open_crm
from connectors.crm import QuotaExhausted
from connectors.quota import Budget
from pipelines.crm.landing import cursor_of
from pipelines.settings import Connection, Settings
from pipelines.settings.write_back import WriteBack
from pipelines.writeback import push, words
from pipelines.writeback.approval import approve
from pipelines.writeback.run import WriteBackOutcome
from pipelines.writeback.targets import targets_of
from pipelines.writeback.undo import plan_undo, undo
from tests.pipelines.writeback.conftest import SETTINGS, Desk


def login(desk: Desk, connection: str, **budget: Any) -> None:
    """A fresh run's login."""
    org = desk.orgs[connection]
    desk.crms[connection] = open_crm(org.crm, org.url, org.credentials, Budget(**budget))


@pytest.fixture
def companies(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """400 companies that all are to be written, and an account in the other CRM."""
    monkeypatch.setattr("connectors.hubspot.client._BATCH", 100)
    ids = [id for part in range(4) for id in desk.create_companies(*(f"株式会社{part}の{n:03}" for n in range(100)))]
    for id in ids:
        desk.want(id, "marketing")
    desk.want(desk.create("株式会社甲")[0])
    desk.pull()
    return sorted(ids)


def written(desk: Desk, after: int = 0) -> list[str]:
    """Ids of companies of which a field of ours was changed, once for each call that did."""
    changes = desk.orgs["marketing"].changes("companies", after)
    return sorted({(c["seq"], c["id"]): c["id"] for c in changes if (c["field"] or "").startswith("totsugo")}.values())


SETTINGS_HELD = SETTINGS.model_copy(update={"write_back": WriteBack()})
"""A first fill is held."""
CANARY, BATCH = 3, 2
"""Calls: read, write and read back; read and write a hundred."""


def one_run(desk: Desk, calls: int | None = None, settings: Settings = SETTINGS) -> WriteBackOutcome:
    """Plan, and write with so many calls for the records themselves."""
    login(desk, "marketing")
    desk.pull()
    desk.plan(settings)
    login(desk, "marketing", calls=calls and calls + looking(desk))
    return desk.apply(settings)


def looking(desk: Desk) -> int:
    """Calls that say which of our fields and lists there are."""
    login(desk, "marketing")
    list(targets_of(desk.con, SETTINGS, "marketing", desk.crms["marketing"]))
    return desk.crms["marketing"].calls()


def pending(con: duckdb.DuckDBPyConnection) -> int:
    return con.execute("SELECT count(*) FROM state.journal WHERE result = 'pending'").fetchone()[0]  # type: ignore[index]


def test_it_stops_between_batches_says_what_is_left_and_the_next_run_writes_exactly_the_rest(
    desk: Desk, companies: list[str]
) -> None:
    outcome = one_run(desk, CANARY + 2 * BATCH + 1)
    assert outcome.faults == {}
    (sentence,) = words.unfinished(outcome, "en")
    assert len(written(desk)) == 10 + 2 * 100
    assert "ended between two batches. Left: companies 190 records. The next run goes on" in sentence
    assert "calls_per_run" in sentence
    assert "companies 190件" in words.unfinished(outcome, "ja")[0]
    assert pending(desk.con) == 0
    assert next(o.records_changed for o in outcome.targets if o.connection == "sales") == 1  # the other CRM was written
    again = one_run(desk)
    assert (again.out_of_calls, words.unfinished(again, "ja")) == ({}, [])
    assert written(desk) == companies  # each once
    assert one_run(desk).fields_written == 0


def test_night_after_night_a_small_budget_gets_there(desk: Desk, companies: list[str]) -> None:
    nights = 0
    while one_run(desk, CANARY + BATCH).out_of_calls:
        nights += 1
        assert nights < 9
    assert nights == 3
    assert written(desk) == companies


def test_the_rest_needs_no_second_approval_even_as_days_go_by_but_what_is_new_is_measured(
    desk: Desk, companies: list[str]
) -> None:
    held = one_run(desk, None, SETTINGS_HELD)
    assert held.held
    approve(desk.con, held.change_set_id, "sato", None, "ja")
    login(desk, "marketing", calls=looking(desk) + 4 + CANARY + BATCH)  # what is approved is read whole before
    assert words.unfinished(desk.apply(SETTINGS_HELD), "en")
    desk.con.execute("UPDATE marts.crm_account_state SET as_of = '2026-11-21'")
    login(desk, "sales")
    assert not one_run(desk, CANARY + BATCH, SETTINGS_HELD).held
    left = sorted(set(companies) - set(written(desk)))
    for id in left[:50]:
        desk.want(id, "marketing", partner_approach="blocked", as_of="2026-11-22")
    assert not one_run(desk, CANARY, SETTINGS_HELD).held  # fifty of four hundred are a normal day's
    for id in companies[:200]:
        desk.want(id, "marketing", partner_approach="limited", as_of="2026-11-22")
    assert one_run(desk, None, SETTINGS_HELD).held


def test_what_others_use_in_mid_run_stops_it_too(desk: Desk, companies: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    crm: Any
    one = desk.crms["marketing"]
    one.existing_fields("companies")
    used = one.quota().used
    assert used
    monkeypatch.setattr("connectors.sandbox.hubspot.usage.DAILY_LIMIT", used + 200)
    login(desk, "marketing", reserve=0)
    desk.plan()
    crm, send = desk.crms["marketing"], push._push_batch
    eaten = []

    def eats(*args: Any, **more: Any) -> Any:
        done = send(*args, **more)
        if not eaten and args[1].target.connection == "marketing":
            while (crm.quota().limit - crm.quota().used) - len(eaten) > 3:
                eaten.append(one.identity())
            crm.identity()
        return done

    monkeypatch.setattr(push, "_push_batch", eats)
    outcome = desk.apply()
    assert "marketing" in outcome.out_of_calls
    assert outcome.left("marketing")["companies"] > 0
    assert pending(desk.con) == 0


def test_calls_that_end_in_the_midst_of_a_batch_are_a_fault_and_the_next_run_finds_out(desk: Desk, companies: list[str]) -> None:
    """A batch may cost more than was reckoned: rows that are refused are sent in halves."""
    login(desk, "marketing")
    desk.plan()
    login(desk, "marketing", calls=looking(desk) + CANARY + BATCH)
    desk.orgs["marketing"].faults.arm({"kind": "validation_error", "match": "batch/update", "skip": 1})
    outcome = desk.apply()
    desk.orgs["marketing"].faults.clear()
    assert "marketing" in outcome.faults
    (sentence,) = words.faults(outcome, "en")
    assert "Left: companies 390 records; the next run looks what took effect" in sentence
    assert pending(desk.con) > 0
    again = one_run(desk)
    assert again.held  # a broken batch is looked at: more than a third of the records would change
    approve(desk.con, again.change_set_id, "sato", None, "ja")
    desk.apply()
    assert (pending(desk.con), written(desk)) == (0, companies)


def test_a_plan_for_which_the_calls_do_not_last_leaves_that_crm_to_the_next_run(desk: Desk, companies: list[str]) -> None:
    login(desk, "marketing", calls=1)
    desk.plan()
    outcome = desk.apply()
    assert outcome.faults == {}
    assert "did not last until writing could begin" in words.unfinished(outcome, "en")[0]
    assert sum(o.records_changed for o in outcome.targets if o.connection == "sales") == 1
    assert written(desk) == []
    one_run(desk)
    assert written(desk) == companies


def test_an_undo_that_runs_out_of_calls_says_so_and_goes_on_when_called_again(desk: Desk, companies: list[str]) -> None:
    one_run(desk)
    run = f"run-{desk.runs}"
    login(desk, "marketing")
    plan_undo(desk.con, SETTINGS, desk.crms.__getitem__, run)
    login(desk, "marketing", calls=2 * desk.crms["marketing"].calls() + CANARY + BATCH)
    cut = undo(desk.con, SETTINGS, desk.crms.__getitem__, run, "undo-1", "sato")
    assert any("元に戻せていません" in fault for fault in cut.faults)
    login(desk, "marketing")
    whole = undo(desk.con, SETTINGS, desk.crms.__getitem__, run, "undo-2", "sato")
    assert whole.faults == []
    assert cut.records + whole.records == len(companies) + 1


def test_a_pull_that_runs_out_goes_on_from_its_last_batch(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for part in range(3):
        desk.create_companies(*(f"株式会社{part}の{n:03}" for n in range(100)))
    monkeypatch.setattr("connectors.hubspot.pull._BATCH_ROWS", 100)
    login(desk, "marketing", calls=4)
    desk.pulled = ("companies",)
    with pytest.raises(QuotaExhausted):
        desk.pull()
    rows = "SELECT count(*) FROM raw.hubspot_companies"
    landed = desk.con.execute(rows).fetchone()[0]  # type: ignore[index]
    assert 0 < landed < 300
    assert cursor_of(desk.con, "marketing", "companies")
    login(desk, "marketing")
    desk.pull()
    assert desk.con.execute(rows).fetchone() == (300,)


def test_budget_and_reserve_stand_in_the_yaml() -> None:
    told = {**SETTINGS.connections["marketing"].model_dump(), "login": {"method": "token", "token": "x"}}
    connection = Connection.model_validate({**told, "calls_per_run": 20000, "reserve": 0.25})
    assert (connection.calls_per_run, connection.reserve) == (20000, 0.25)
    plain = SETTINGS.connections["sales"]
    assert (plain.calls_per_run, plain.reserve) == (None, 0.1)
