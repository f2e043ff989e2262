"""What an answer leads to in the CRM with the next run."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipelines.writeback.answers import Conflict, Said, conflicts_of, restore
from pipelines.writeback.holds import holds_of, release
from tests.pipelines.registrations.world import create_model, insert_row
from tests.pipelines.writeback.conftest import Desk

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def conflicts(desk: Desk) -> list[Conflict]:
    return conflicts_of(desk.con)


@pytest.fixture
def edited(desk: Desk) -> str:
    """Id of an account that is barred, whose approach a person opened and whose next play a person wrote; answered: the first."""
    create_model(desk.con, "records")
    (id,) = desk.create("株式会社カゼ")
    desk.want(id, partner_approach="no_approach", no_approach=True, next_play="紹介する")
    desk.run()
    desk.person_sets(id, Totsugo_Partner_Approach__c="open", Totsugo_Next_Play__c="電話する")
    desk.run()
    assert sorted(c.field for c in conflicts(desk)) == ["next_play", "partner_approach"]
    restore(desk.con, [c for c in conflicts(desk) if c.field == "partner_approach"], Said("sato", NOW))
    return id


def test_what_was_given_back_is_written_once_and_the_rest_stays_the_persons(desk: Desk, edited: str) -> None:
    assert desk.run().fields_written == 1
    account = desk.account(edited)
    assert (account["Totsugo_Partner_Approach__c"], account["Totsugo_Next_Play__c"]) == ("no_approach", "電話する")
    assert [(c.field, c.waits) for c in conflicts(desk)] == [("next_play", True)]
    assert desk.run().fields_written == 0


def test_what_was_changed_again_since_is_a_new_question(desk: Desk, edited: str) -> None:
    desk.person_sets(edited, Totsugo_Partner_Approach__c="limited")
    assert desk.run().fields_written == 0
    assert desk.account(edited)["Totsugo_Partner_Approach__c"] == "limited"
    assert [(c.field, c.theirs, c.waits) for c in conflicts(desk)] == [
        ("next_play", "電話する", True),
        ("partner_approach", "limited", True),
    ]


def test_an_answer_does_not_outlive_its_conflict(desk: Desk, edited: str) -> None:
    desk.run()
    desk.person_sets(edited, Totsugo_Partner_Approach__c="open")
    assert desk.run().fields_written == 0
    assert desk.account(edited)["Totsugo_Partner_Approach__c"] == "open"
    assert [c.waits for c in conflicts(desk) if c.field == "partner_approach"] == [True]


def test_a_held_record_is_written_once_it_is_released(desk: Desk) -> None:
    create_model(desk.con, "records")
    (id,) = desk.create("株式会社カゼ")
    insert_row(
        desk.con, "state.holds", connection="sales", object="Account", record_id=id, run_id="r", held_by="sato", held_at=NOW
    )
    desk.want(id, partner_approach="no_approach", no_approach=True)
    assert desk.run().fields_written == 0
    release(desk.con, holds_of(desk.con), "sato", NOW)
    assert desk.run().fields_written > 0
    assert desk.account(id)["Totsugo_Partner_Approach__c"] == "no_approach"
