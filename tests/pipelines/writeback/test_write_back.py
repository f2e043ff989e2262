"""Write-back against the sandbox CRMs: only differences, people's edits kept, failures named, nothing sent twice."""

from __future__ import annotations

import pytest

from connectors import open_crm
from pipelines import gate
from tests.pipelines.writeback.conftest import Desk


def test_a_flag_reaches_the_account_and_the_second_run_writes_nothing(desk: Desk) -> None:
    one, two = desk.create("株式会社甲", "株式会社乙")
    desk.want(
        one, partner_approach="no_approach", no_approach=True, no_approach_detail="既存のお客様", no_approach_until="2027-03-31"
    )
    desk.want(two)
    first = desk.push()
    assert first["Account"].fields_written == 7
    assert desk.account(one)["Totsugo_No_Approach__c"] is True
    assert desk.account(one)["Totsugo_No_Approach_Until__c"] == "2027-03-31"
    assert desk.account(two)["Totsugo_Partner_Approach__c"] == "open"

    before = desk.writes_seen("sales")
    second = desk.push()
    assert second["Account"].fields_written == 0
    assert desk.writes_seen("sales") == before


def test_hubspot_gets_the_same_and_a_cleared_field_is_cleared(desk: Desk) -> None:
    (company,) = desk.create_companies("株式会社甲")
    desk.want(company, "marketing", partner_approach="assigned", assigned_partner="武蔵システムズ株式会社")
    desk.push()
    assert desk.company(company)["totsugo_assigned_partner"] == "武蔵システムズ株式会社"
    desk.want(company, "marketing", as_of="2026-11-21")
    desk.push()
    assert not desk.company(company)["totsugo_assigned_partner"]
    assert desk.company(company)["totsugo_partner_approach"] == "open"


def test_a_value_that_a_person_set_stays_and_is_shown(desk: Desk) -> None:
    (id,) = desk.create("株式会社甲")
    desk.want(id, partner_approach="limited")
    desk.push()
    desk.person_sets(id, Totsugo_Partner_Approach__c="open")
    desk.want(id, partner_approach="no_approach", no_approach=True)
    outcome = desk.push()["Account"]
    assert desk.account(id)["Totsugo_Partner_Approach__c"] == "open"
    assert desk.account(id)["Totsugo_No_Approach__c"] is True
    assert outcome.conflicts == 1
    conflicts = desk.con.execute("SELECT field, ours, theirs FROM state.conflicts WHERE resolved_at IS NULL").fetchall()
    assert conflicts == [("partner_approach", "no_approach", "open")]


def test_a_conflict_ends_when_the_person_takes_the_value_back(desk: Desk) -> None:
    (id,) = desk.create("株式会社甲")
    desk.want(id, partner_approach="limited")
    desk.push()
    desk.person_sets(id, Totsugo_Partner_Approach__c="open")
    assert desk.push()["Account"].conflicts == 1
    desk.person_sets(id, Totsugo_Partner_Approach__c="limited")
    desk.want(id, partner_approach="assigned")
    assert desk.push()["Account"].conflicts == 0
    assert desk.account(id)["Totsugo_Partner_Approach__c"] == "assigned"
    assert desk.con.execute("SELECT count(*) FROM state.conflicts WHERE resolved_at IS NULL").fetchone() == (0,)


def test_a_plan_counts_and_writes_nothing(desk: Desk) -> None:
    (id,) = desk.create("株式会社甲")
    desk.want(id)
    before = desk.writes_seen("sales")
    desk.pull()
    planned = desk.plan()["Account"]
    assert (planned.wanted, planned.changed, planned.fields) == (1, 1, 2)
    assert desk.writes_seen("sales") == before
    assert desk.con.execute("SELECT count(*) FROM state.journal").fetchone() == (0,)


def test_a_row_that_the_crm_refuses_is_named_and_the_rest_goes_on(desk: Desk) -> None:
    one, two = desk.create("株式会社甲", "株式会社乙")
    desk.want(one, partner_approach="no such value")
    desk.want(two)
    outcome = desk.push()["Account"]
    assert outcome.fields_failed > 0
    assert one in outcome.failures[0]
    assert desk.account(two)["Totsugo_Partner_Approach__c"] == "open"
    failed = desk.con.execute("SELECT DISTINCT record_id, result FROM state.journal WHERE result <> 'written'").fetchall()
    assert failed == [(one, "failed")]


def test_a_closed_gate_writes_nothing_and_says_why(desk: Desk) -> None:
    (id,) = desk.create("株式会社甲")
    desk.want(id)
    gate.record(desk.con, "dbt:after_matching", False, "run-1", "account_map_cell: 3 rows")
    before = desk.writes_seen("sales")
    with pytest.raises(gate.GateClosed, match="account_map_cell: 3 rows"):
        desk.push()
    assert desk.writes_seen("sales") == before


def test_a_check_that_never_ran_keeps_the_gate_closed(desk: Desk) -> None:
    desk.con.execute("DELETE FROM gate.results WHERE name = 'matching'")
    with pytest.raises(gate.GateClosed, match="matching がまだ実行されていません"):
        desk.push()


def test_data_older_than_what_it_rests_on_keeps_the_gate_closed(desk: Desk) -> None:
    gate.record(desk.con, "dbt:before_matching", True, "run-2")
    with pytest.raises(gate.GateClosed, match="matching が dbt:before_matching より古い"):
        desk.push()


@pytest.mark.parametrize("took_effect", [True, False])
def test_what_a_killed_run_left_is_settled_by_reading_back(desk: Desk, took_effect: bool) -> None:
    (id,) = desk.create("株式会社甲")
    desk.con.execute(
        "INSERT INTO state.journal BY NAME SELECT 'c' AS change_id, 'killed' AS run_id, 'sales' AS connection,"
        " 'Account' AS object, ? AS record_id, 'update' AS kind, 'partner_approach' AS field, 'limited' AS after,"
        " 'pending' AS result, now() AS journaled_at",
        [id],
    )
    if took_effect:
        desk.person_sets(id, Totsugo_Partner_Approach__c="limited")
    desk.want(id, partner_approach="limited")
    desk.pull()
    planned = desk.plan()["Account"]
    assert (planned.recovered, planned.conflicts) == (1, 0)
    desk.apply()
    assert desk.account(id)["Totsugo_Partner_Approach__c"] == "limited"
    settled = desk.con.execute("SELECT result FROM state.journal WHERE run_id = 'killed'").fetchall()
    assert settled == [("written" if took_effect else "failed",)]


def test_child_rows_come_change_and_go(desk: Desk) -> None:
    (id,) = desk.create("株式会社甲")
    desk.want_child(id, cell="3", assigned=True)
    assert desk.push()["Totsugo_Account_Map__c"].fields_written > 0
    rows = desk.crms["sales"].read(
        "Totsugo_Account_Map__c", [f"{id}:musashi"], ["Id", "Cell__c", "Assigned__c"], "Totsugo_Key__c"
    )
    assert rows[f"{id}:musashi"]["Assigned__c"] is True
    assert desk.push()["Totsugo_Account_Map__c"].fields_written == 0

    desk.con.execute("DELETE FROM marts.crm_account_map")
    desk.push()
    assert desk.crms["sales"].read("Totsugo_Account_Map__c", [f"{id}:musashi"], ["Id"], "Totsugo_Key__c") == {}
    assert desk.con.execute("SELECT count(*) FROM state.sent WHERE object = 'Totsugo_Account_Map__c'").fetchone() == (0,)
    assert desk.push()["Totsugo_Account_Map__c"].fields_written == 0


def test_list_members_by_difference_and_a_persons_removal_stays(desk: Desk) -> None:
    one, two, three = desk.create_companies("甲", "乙", "丙")
    name = "Totsugo 武蔵システムズ株式会社 ホワイトスペース"
    rows = [("marketing", "musashi:whitespace", id) for id in (one, two)]
    desk.con.executemany("INSERT INTO marts.crm_lists VALUES (?, ?, ?)", rows)
    desk.push()
    assert desk.crms["marketing"].members(name) == {one, two}

    list(desk.crms["marketing"].set_members(name, "companies", [three], [two]))
    desk.push()
    assert desk.crms["marketing"].members(name) == {one, three}

    desk.con.execute("DELETE FROM marts.crm_lists")
    desk.push()
    assert desk.crms["marketing"].members(name) == {three}


def test_a_field_that_is_not_there_leaves_the_object_alone(desk: Desk) -> None:
    (id,) = desk.create("株式会社甲")
    desk.want(id)
    desk.con.execute("UPDATE marts.crm_account_state SET as_of = NULL")
    hide_fields(desk)
    desk.pull()
    skipped = desk.plan()["Account"].skipped
    assert skipped is not None
    assert "totsugo provision" in skipped
    assert "Account" not in {o.target for o in desk.apply().targets}


def hide_fields(desk: Desk) -> None:
    """The integration user loses its permission set."""
    us = desk.crms["sales"].identity().user_id
    org = desk.orgs["sales"]
    session = open_crm(org.crm, org.url, org.admin)._session  # type: ignore[attr-defined]
    found = session.call("GET", "query", {"q": f"SELECT Id FROM PermissionSetAssignment WHERE AssigneeId = '{us}'"})
    for row in found["records"]:
        session.call("DELETE", f"sobjects/PermissionSetAssignment/{row['Id']}")
