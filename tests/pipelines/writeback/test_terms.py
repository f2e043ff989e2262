"""A task that tells of what a partner gave us goes when its terms no longer cover our CRMs, unless a person worked on it."""

from __future__ import annotations

from tests.pipelines.writeback.conftest import EVERYTHING, Desk


def test_a_task_is_taken_back_and_one_that_a_person_rewrote_stays(desk: Desk) -> None:
    accounts = desk.create("株式会社甲", "株式会社乙")
    us = desk.crms["sales"].identity().user_id
    keys = [f"{id}:musashi:3" for id in accounts]
    for id, key in zip(accounts, keys, strict=True):
        task = ["sales", key, "play", id, "紹介を頼む", "両社の顧客", "2026-12-04", us]
        desk.con.execute("INSERT INTO marts.crm_tasks VALUES (?, ?, ?, ?, ?, ?, ?, ?)", task)
    desk.run(EVERYTHING)
    found = desk.crms["sales"].read("Task", keys, ["Id"], "Totsugo_Key__c")
    list(desk.people["sales"].write("Task", [{"Id": found[keys[1]]["Id"], "Subject": "先方へ電話済み"}]))
    desk.con.execute("DELETE FROM marts.crm_tasks")
    desk.con.execute("INSERT INTO marts.crm_tasks_withdrawn SELECT 'sales', 'Task', unnest(?)", [keys])
    desk.run(EVERYTHING)
    assert list(desk.crms["sales"].read("Task", keys, ["Id"], "Totsugo_Key__c")) == keys[1:]
    assert desk.con.execute("SELECT DISTINCT record_id FROM state.conflicts WHERE resolved_at IS NULL").fetchall() == [(keys[1],)]
    assert desk.con.execute("SELECT DISTINCT record_id FROM state.sent WHERE object = 'Task'").fetchall() == [(keys[1],)]
    desk.con.execute("DELETE FROM marts.crm_tasks_withdrawn WHERE external_id = ?", [keys[0]])
    assert desk.run(EVERYTHING).fields_written == 0
