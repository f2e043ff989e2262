"""What an administrator does in the CRM between two runs: deletes, merges, hides, renames; and what Totsugo makes of it."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.writeback.provision import objects_to_provision
from tests.pipelines.writeback.conftest import SETTINGS, Desk

LIST = "Totsugo 武蔵システムズ株式会社 ホワイトスペース"
CHILD = "Totsugo_Account_Map__c"


def merge(desk: Desk, primary: str, other: str) -> str:
    """Id of the company that two become."""
    body = {"primaryObjectId": primary, "objectIdToMerge": other}
    return str(desk.crms["marketing"]._session.call("POST", "/crm/v3/objects/companies/merge", None, body)["id"])  # type: ignore[attr-defined]


def on_list(desk: Desk, *ids: str) -> None:
    desk.con.execute("DELETE FROM marts.crm_lists")
    for id in ids:
        desk.con.execute("INSERT INTO marts.crm_lists VALUES ('marketing', 'musashi:whitespace', ?)", [id])


def open_conflicts(desk: Desk) -> list[Any]:
    return desk.con.execute("SELECT record_id, field FROM state.conflicts WHERE resolved_at IS NULL ORDER BY ALL").fetchall()


@pytest.mark.parametrize("merged", [False, True])
def test_a_company_that_went_after_the_pull_is_left_alone(desk: Desk, merged: bool) -> None:
    one, two = desk.create_companies("甲", "乙")
    desk.pull()
    desk.want(one, "marketing", partner_approach="no_approach", no_approach=True)
    if merged:
        winner = merge(desk, two, one)
    else:
        list(desk.crms["marketing"].delete("companies", [one]))
    desk.plan()
    outcome = {o.target: o for o in desk.apply().targets}["companies"]
    assert (outcome.fields_written, outcome.failures) == (0, [])
    if merged:
        assert not desk.company(winner)["totsugo_partner_approach"]


def test_a_merged_company_goes_on_being_kept(desk: Desk) -> None:
    one, two = desk.create_companies("甲", "乙")
    desk.want(one, "marketing", partner_approach="assigned", assigned_partner="武蔵")
    desk.want(two, "marketing", partner_approach="open")
    desk.push()
    winner = merge(desk, one, two)
    desk.con.execute("DELETE FROM marts.crm_account_state")
    desk.want(winner, "marketing", partner_approach="no_approach", no_approach=True)
    assert desk.push()["companies"].conflicts == 0
    company = desk.company(winner)
    assert company["totsugo_partner_approach"] == "no_approach"
    assert not company["totsugo_assigned_partner"]
    before = desk.writes_seen("marketing")
    assert desk.push()["companies"].fields_written == 0
    assert desk.writes_seen("marketing") == before


def test_a_person_s_value_on_a_merged_company_stays(desk: Desk) -> None:
    one, two = desk.create_companies("甲", "乙")
    desk.want(one, "marketing", partner_approach="limited")
    desk.push()
    winner = merge(desk, one, two)
    desk.person_sets(winner, totsugo_partner_approach="open")
    desk.want(winner, "marketing", partner_approach="no_approach", no_approach=True)
    desk.push()
    assert desk.company(winner)["totsugo_partner_approach"] == "open"
    assert open_conflicts(desk) == [(winner, "partner_approach")]


def test_a_merged_company_leaves_the_list_that_a_loser_was_put_on(desk: Desk) -> None:
    one, two = desk.create_companies("甲", "乙")
    on_list(desk, one)
    desk.push()
    winner = merge(desk, one, two)
    assert desk.crms["marketing"].members(LIST) == {winner}
    on_list(desk)
    desk.push()
    assert desk.crms["marketing"].members(LIST) == set()


def test_a_merged_company_that_belongs_stays_on_the_list_and_can_leave_it_later(desk: Desk) -> None:
    one, two = desk.create_companies("甲", "乙")
    on_list(desk, one)
    desk.push()
    winner = merge(desk, one, two)
    on_list(desk, winner)
    desk.push()
    desk.push()
    assert desk.crms["marketing"].members(LIST) == {winner}
    on_list(desk)
    desk.push()
    assert desk.crms["marketing"].members(LIST) == set()


def delete_list(desk: Desk, name: str) -> None:
    session: Any = desk.crms["marketing"]._session  # type: ignore[attr-defined]
    found = session.call("POST", "/crm/v3/lists/search", None, {"query": name})["lists"]
    session.call("DELETE", f"/crm/v3/lists/{next(f['listId'] for f in found if f['name'] == name)}")


def test_a_list_that_was_deleted_is_passed_over_and_filled_when_it_is_provisioned_again(desk: Desk) -> None:
    (one,) = desk.create_companies("甲")
    on_list(desk, one)
    desk.push()
    delete_list(desk, LIST)
    desk.pull()
    assert desk.plan()["list:musashi:whitespace"].skipped is not None
    assert desk.con.execute("SELECT count(*) FROM state.journal WHERE result = 'pending'").fetchone() == (0,)
    desk.crms["marketing"].provision(*objects_to_provision(SETTINGS, "hubspot"))
    desk.push()
    assert desk.crms["marketing"].members(LIST) == {one}
    assert open_conflicts(desk) == []


def test_a_partner_that_was_renamed_gets_its_new_list_filled(desk: Desk) -> None:
    (one,) = desk.create_companies("甲")
    on_list(desk, one)
    desk.push()
    partner = SETTINGS.partners["musashi"].model_copy(update={"name": "新武蔵株式会社"})
    renamed = SETTINGS.model_copy(update={"partners": {"musashi": partner}})
    desk.crms["marketing"].provision(*objects_to_provision(renamed, "hubspot"))
    desk.push(renamed)
    assert desk.crms["marketing"].members(LIST.replace("武蔵システムズ", "新武蔵")) == {one}


def test_the_list_of_a_partner_that_left_the_yaml_is_emptied(desk: Desk) -> None:
    (one,) = desk.create_companies("甲")
    on_list(desk, one)
    desk.push()
    on_list(desk)
    without = SETTINGS.model_copy(update={"partners": {}})
    desk.push(without)
    assert desk.crms["marketing"].members(LIST) == set()


def test_a_person_who_empties_a_list_is_heeded(desk: Desk) -> None:
    (one,) = desk.create_companies("甲")
    on_list(desk, one)
    desk.push()
    list(desk.crms["marketing"].set_members(LIST, "companies", [], [one]))
    desk.push()
    assert desk.crms["marketing"].members(LIST) == set()


def test_a_conflict_ends_when_the_person_takes_back_just_what_we_want(desk: Desk) -> None:
    (id,) = desk.create("株式会社甲")
    desk.want(id, partner_approach="limited")
    desk.push()
    desk.person_sets(id, Totsugo_Partner_Approach__c="open")
    desk.push()
    assert open_conflicts(desk) == [(id, "partner_approach")]
    desk.person_sets(id, Totsugo_Partner_Approach__c="limited")
    desk.push()
    assert open_conflicts(desk) == []


def test_a_child_row_on_which_a_person_noted_something_stays_when_it_ends(desk: Desk) -> None:
    (id,) = desk.create("株式会社甲")
    desk.want_child(id)
    desk.push()
    key = f"{id}:musashi"
    (row,) = desk.crms["sales"].read(CHILD, [key], ["Id"], "Totsugo_Key__c").values()
    (result,) = desk.people["sales"].write(CHILD, [{"Id": row["Id"], "Evidence__c": "社長が確認済み"}])
    assert result.ok
    desk.con.execute("DELETE FROM marts.crm_account_map")
    outcome = desk.push()[CHILD]
    assert outcome.conflicts == 1
    assert desk.crms["sales"].read(CHILD, [key], ["Evidence__c"], "Totsugo_Key__c")[key]["Evidence__c"] == "社長が確認済み"


def test_where_the_rep_s_input_cannot_be_read_no_account_is_written(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    (id,) = desk.create("株式会社甲")
    desk.want(id)
    crm: Any = desk.crms["sales"]
    seen = crm.existing_fields
    monkeypatch.setattr(crm, "existing_fields", lambda *asked: (seen(*asked) or set()) - {"Totsugo_Override__c"})
    desk.pull()
    skipped = desk.plan()["Account"].skipped
    assert skipped is not None
    assert "Totsugo_Override__c" in skipped
