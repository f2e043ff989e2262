"""Partners themselves as our CRMs keep them: their accounts and people, who of us is there, and who met whom."""

from __future__ import annotations

from datetime import date

from tests.dbt.conftest import Tables


def test_the_accounts_of_a_partner_tell_its_facts_and_when_they_were_last_touched(tables: Tables) -> None:
    ours = tables.one("partner_accounts", native_id="001M")
    assert (ours["partner"], ours["employees"], ours["address"]) == ("musashi", 264, "東京都港区")
    assert ours["owner_person_id"] == "sf:User:005A"
    assert ours["on_date"] == date(2026, 10, 1), "20:00 UTC is the next day in Tokyo"
    assert tables.one("partner_accounts", native_id="8")["owner_person_id"] == "hs:owners:9"


def test_contacts_of_these_accounts_are_the_partners_people(tables: Tables) -> None:
    found = {row["person_id"]: (row["name"], row["reports_to_id"]) for row in tables["partner_contacts"]}
    assert found == {
        "sf:Contact:003M1": ("宮崎 直樹", "sf:Contact:003M2"),
        "sf:Contact:003M2": ("大森", None),
        "hs:contacts:14": ("菊地", None),
        "hs:contacts:15": ("宮崎直樹", None),
    }
    assert tables.one("partner_contacts", person_id="sf:Contact:003M1")["on_date"] == date(2026, 11, 20), "never after the run"


def test_whoever_has_left_us_is_none_of_our_people(tables: Tables) -> None:
    found = {row["person_id"]: row["name"] for row in tables["our_people"]}
    assert found == {"sf:User:005A": "佐藤 花子", "sf:User:005Y": "山田太郎", "hs:owners:9": "山田 太郎"}


def test_one_person_in_both_crms_is_one_person(tables: Tables) -> None:
    ours = {row["person_id"]: row["leading_id"] for row in tables["our_people"]}
    assert ours == {"sf:User:005A": "sf:User:005A", "sf:User:005Y": "sf:User:005Y", "hs:owners:9": "sf:User:005Y"}
    theirs = {row["person_id"]: row["leading_id"] for row in tables["partner_contacts"]}
    assert theirs == {
        "sf:Contact:003M1": "sf:Contact:003M1",
        "sf:Contact:003M2": "sf:Contact:003M2",  # the same address, another name
        "hs:contacts:14": "hs:contacts:14",
        "hs:contacts:15": "sf:Contact:003M1",
    }


def test_what_was_done_with_a_partner_is_told_with_whom_as_far_as_the_crm_says_it(tables: Tables) -> None:
    found = {
        row["activity_id"]: (row["our_person_id"], row["their_person_id"], row["activity_on"])
        for row in tables["partner_meetings"]
    }
    assert found == {
        "sf:Event:00UM1": ("sf:User:005A", "sf:Contact:003M1", date(2026, 11, 3)),
        "sf:Event:00UM2": ("sf:User:005OFF", None, date(2026, 11, 3)),
        "hs:meetings:32": ("hs:owners:9", None, date(2026, 11, 7)),
    }


def test_owners_of_open_deals_through_a_partner(tables: Tables) -> None:
    assert tables["partner_deal_owners"] == [{"partner": "musashi", "person_id": "sf:User:005A", "open_deals": 1}]
