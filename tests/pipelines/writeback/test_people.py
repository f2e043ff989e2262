"""People who work in the CRMs while runs go on: nothing of theirs is lost. The sandbox's audit trail is the witness."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from tests.people import give_permission_set, merge_records, undelete
from tests.pipelines.writeback.conftest import EVERYTHING, SETTINGS, Desk
from tests.pipelines.writeback.everything import _plain
from tests.pipelines.writeback.killed_run import Kill, killed

CHILD = "Totsugo_Account_Map__c"


def lost(desk: Desk) -> list[dict[str, Any]]:
    """Values that people set and that our login wrote over later; one that is just what we had set, or what stood there before
    anybody touched it, is nobody's."""
    found = []
    for name, org in desk.orgs.items():
        us = desk.crms[name].identity().user_id
        ours: dict[tuple[str, str], Any] = {}
        theirs: dict[tuple[str, str], Any] = {}
        for change in org.changes():
            key, value = (change["id"], change["field"]), change["after"]
            ours.setdefault(key, change["before"])
            if change["user_id"] != us:
                theirs[key] = value
            elif key in theirs and _plain(theirs[key]) != _plain(ours.get(key)):
                found.append(change)
            if change["user_id"] == us:
                theirs.pop(key, None)
                ours[key] = value
    return found


def conflicts(desk: Desk) -> set[tuple[str, str, str | None]]:
    query = "SELECT record_id, field, theirs FROM state.conflicts WHERE resolved_at IS NULL"
    return set(desk.con.execute(query).fetchall())


def in_between(desk: Desk, act: Callable[[], Any]) -> None:
    """Plan, let a person act, carry the plan out."""
    desk.pull()
    desk.plan()
    act()
    desk.apply()


def just_before(desk: Desk, connection: str, call: str, act: Callable[[], Any]) -> None:
    """A person acts in the moment before the first call of ours that begins so, once our records have been read again."""
    session: Any = desk.crms[connection]._session  # type: ignore[attr-defined]
    send = session.call

    def watched(method: str, path: str, *rest: Any, **named: Any) -> Any:
        if f"{method} {path}".startswith(call):
            del session.call
            act()
        return send(method, path, *rest, **named)

    session.call = watched


@pytest.fixture
def both(desk: Desk) -> tuple[str, str]:
    """An account and a company that a run has flagged; the next is to open them to partners."""
    (account,), (company,) = desk.create("株式会社甲"), desk.create_companies("株式会社甲")
    for id, connection in ((account, "sales"), (company, "marketing")):
        desk.want(id, connection, partner_approach="no_approach", no_approach=True, next_play="紹介を頼む")
    desk.run()
    for id, connection in ((account, "sales"), (company, "marketing")):
        desk.want(id, connection, partner_approach="open", next_play="紹介を頼む")
    return account, company


def test_an_edit_between_plan_and_write_of_a_planned_field_stays(desk: Desk, both: tuple[str, str]) -> None:
    account, company = both

    def person() -> None:
        desk.person_sets(account, Totsugo_Partner_Approach__c="limited")
        desk.person_sets(company, totsugo_partner_approach="limited")

    in_between(desk, person)
    assert conflicts(desk) == {(account, "partner_approach", "limited"), (company, "partner_approach", "limited")}
    assert desk.account(account)["Totsugo_No_Approach__c"] is False
    for _ in range(2):
        desk.run()
    assert lost(desk) == []


def test_an_edit_of_a_field_that_is_not_planned_is_noted_at_once_and_stays(desk: Desk, both: tuple[str, str]) -> None:
    account, company = both

    def person() -> None:
        desk.person_sets(account, Totsugo_Next_Play__c="社長に会う")
        desk.person_sets(company, totsugo_next_play="社長に会う")

    in_between(desk, person)
    assert conflicts(desk) == {(account, "next_play", "社長に会う"), (company, "next_play", "社長に会う")}
    for play in ("提案する", "訪問する"):
        desk.want(account, next_play=play)
        desk.want(company, "marketing", next_play=play)
        desk.run()
    assert desk.account(account)["Totsugo_Next_Play__c"] == "社長に会う"
    assert lost(desk) == []


def test_an_edit_just_before_our_write_of_another_field_is_a_persons_although_we_wrote_last(
    desk: Desk, both: tuple[str, str]
) -> None:
    account, company = both
    for connection, call, id, field in (
        ("sales", "PATCH composite/sobjects", account, "Totsugo_Next_Play__c"),
        ("marketing", "POST /crm/v3/objects/companies/batch/update", company, "totsugo_next_play"),
    ):
        just_before(desk, connection, call, partial(desk.person_sets, id, **{field: "社長に会う"}))
    desk.run()
    for play in ("提案する", "訪問する"):
        desk.want(account, next_play=play)
        desk.want(company, "marketing", next_play=play)
        desk.run()
    assert conflicts(desk) == {(account, "next_play", "社長に会う"), (company, "next_play", "社長に会う")}
    assert lost(desk) == []


def test_a_person_who_sets_just_what_is_wanted_makes_no_conflict_and_ends_one(desk: Desk, both: tuple[str, str]) -> None:
    account, _ = both
    desk.person_sets(account, Totsugo_Cells__c="顧客×顧客")
    desk.want(account, cells="顧客×顧客", next_play="提案する")
    desk.run()
    assert conflicts(desk) == set()

    desk.person_sets(account, Totsugo_Next_Play__c="社長に会う")
    desk.run()
    assert conflicts(desk) == {(account, "next_play", "社長に会う")}
    desk.want(account, cells="顧客×顧客", next_play="社長に会う")
    desk.run()
    assert conflicts(desk) == set()


def test_a_flag_that_a_person_takes_back_after_a_run_was_killed_stays_off(desk: Desk) -> None:
    (account,), (company,) = desk.create("株式会社甲"), desk.create_companies("株式会社甲")
    for id, connection in ((account, "sales"), (company, "marketing")):
        desk.want(id, connection)
    desk.run()
    for id, connection in ((account, "sales"), (company, "marketing")):
        desk.want(id, connection, partner_approach="no_approach", no_approach=True)
    killed(desk, SETTINGS, Kill("call", "PATCH composite/sobjects"))
    desk.person_sets(account, Totsugo_No_Approach__c=False)
    desk.run()
    assert desk.account(account)["Totsugo_No_Approach__c"] is False
    assert desk.account(account)["Totsugo_Partner_Approach__c"] == "no_approach"
    assert conflicts(desk) == {(account, "no_approach", "false")}

    desk.want(company, "marketing", partner_approach="open")
    killed(desk, SETTINGS, Kill("call", "POST /crm/v3/objects/companies/batch/update"))
    desk.person_sets(company, totsugo_no_approach="true")
    desk.run()
    assert desk.company(company)["totsugo_no_approach"] is True
    assert lost(desk) == []


def test_the_reps_own_fields_and_owners_are_never_touched(desk: Desk, both: tuple[str, str]) -> None:
    account, company = both
    rep = desk.people["sales"].identity().user_id
    give_permission_set(desk.orgs["sales"])

    def person() -> None:
        desk.person_sets(account, Totsugo_Override__c="block", Totsugo_Override_Reason__c="交渉中", OwnerId=rep)
        desk.person_sets(company, totsugo_override="block", totsugo_override_reason="交渉中", hubspot_owner_id="77")

    in_between(desk, person)
    seen = desk.crms["sales"].read("Account", [account], ["Totsugo_Override__c", "OwnerId"])[account]
    assert seen == {"Totsugo_Override__c": "block", "OwnerId": rep}
    assert desk.account(account)["Totsugo_Partner_Approach__c"] == "open"
    assert lost(desk) == []


def test_a_task_that_its_owner_hands_on_or_closes_or_deletes_is_left(desk: Desk) -> None:
    accounts = desk.create("株式会社甲", "株式会社乙")
    rep, us = (crm["sales"].identity().user_id for crm in (desk.people, desk.crms))
    for id in accounts:
        task = ["sales", f"{id}:musashi:3", "play", id, "紹介を頼む", "両社の顧客", "2026-12-04", us]
        desk.con.execute("INSERT INTO marts.crm_tasks VALUES (?, ?, ?, ?, ?, ?, ?, ?)", task)
    desk.run(EVERYTHING)
    keys = [f"{id}:musashi:3" for id in accounts]
    found = desk.crms["sales"].read("Task", keys, ["Id"], "Totsugo_Key__c")
    list(
        desk.people["sales"].write("Task", [{"Id": found[keys[0]]["Id"], "OwnerId": rep, "Subject": "済", "Status": "Completed"}])
    )
    list(desk.people["sales"].delete("Task", [found[keys[1]]["Id"]]))
    desk.con.execute("UPDATE marts.crm_tasks SET description = '別の話'")
    assert desk.run(EVERYTHING).fields_written == 0
    assert list(desk.crms["sales"].read("Task", keys, ["Id"], "Totsugo_Key__c")) == keys[:1]
    assert lost(desk) == []


def test_records_that_people_delete_in_the_midst_stay_deleted_and_come_back_with_them(desk: Desk, both: tuple[str, str]) -> None:
    account, company = both

    def person() -> None:
        list(desk.people["sales"].delete("Account", [account]))
        list(desk.people["marketing"].delete("companies", [company]))

    in_between(desk, person)
    assert desk.run().fields_written == 0
    undelete(desk.orgs["sales"], account)
    desk.run()
    assert desk.account(account)["Totsugo_Partner_Approach__c"] == "open"
    assert conflicts(desk) == set()


def test_a_child_row_that_a_person_deletes_is_not_made_again_in_part_or_whole(desk: Desk) -> None:
    (account,) = desk.create("株式会社甲")
    desk.want_child(account, play="提案する")
    desk.run()
    key = f"{account}:musashi"
    row = desk.crms["sales"].read(CHILD, [key], ["Id"], "Totsugo_Key__c")[key]["Id"]
    list(desk.people["sales"].delete(CHILD, [row]))
    desk.con.execute("DELETE FROM marts.crm_account_map")
    desk.want_child(account, play="訪問する", evidence="法人番号", reason="既存のお客様", may_approach=False)
    for _ in range(2):
        desk.run()
    assert desk.crms["sales"].read(CHILD, [key], ["Id"], "Totsugo_Key__c") == {}
    assert conflicts(desk)


def test_accounts_that_people_merge_in_the_midst(desk: Desk) -> None:
    one, two = desk.create("株式会社甲", "株式会社 甲")
    for id in (one, two):
        desk.want(id, partner_approach="limited", next_play="紹介を頼む")
        desk.want_child(id)
    desk.run()
    for id in (one, two):
        desk.want(id, partner_approach="open", next_play="提案する")

    def person() -> None:
        desk.person_sets(one, Totsugo_Next_Play__c="社長に会う")
        merge_records(desk.orgs["sales"], "Account", one, [two])

    in_between(desk, person)
    desk.con.execute("DELETE FROM marts.crm_account_state WHERE native_id = ?", [two])
    desk.con.execute("DELETE FROM marts.crm_account_map WHERE account_native_id = ?", [two])
    for _ in range(2):
        desk.run()
    account = desk.account(one)
    assert (account["Totsugo_Partner_Approach__c"], account["Totsugo_Next_Play__c"]) == ("open", "社長に会う")
    assert conflicts(desk) == {(one, "next_play", "社長に会う")}
    assert list(desk.crms["sales"].read(CHILD, [f"{one}:musashi", f"{two}:musashi"], ["Id"], "Totsugo_Key__c")) == [
        f"{one}:musashi"
    ]
    assert lost(desk) == []


def test_a_record_that_somebody_has_locked_is_written_by_the_next_run(desk: Desk, both: tuple[str, str]) -> None:
    account, _ = both
    desk.orgs["sales"].faults.arm({"kind": "row_lock", "match": account})
    outcome = {o.target: o for o in desk.run().targets}["Account"]
    assert "UNABLE_TO_LOCK_ROW" in outcome.failures[0]
    desk.orgs["sales"].faults.clear()
    desk.run()
    assert desk.account(account)["Totsugo_Partner_Approach__c"] == "open"
