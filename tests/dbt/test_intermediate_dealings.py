"""Deals, activities, partners of record, overrides and registration claims."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.dbt.conftest import Tables
from tests.dbt.harness import AS_OF, TestWarehouse


def test_opportunities_stand_on_live_records(tables: Tables) -> None:
    found = {r["opportunity_id"]: r["record_id"] for r in tables["opportunities"] if r["party"] == "us"}
    assert found == {
        "sf:Opportunity:006A": "sf:Account:001B",
        "sf:Opportunity:006C": "sf:Account:001WHY",
        "sf:Opportunity:006D": "sf:Account:001END",
        "hs:deals:21": "hs:companies:2",
    }


def test_an_opportunity_in_full(tables: Tables) -> None:
    deal = tables.one("opportunities", opportunity_id="sf:Opportunity:006A")
    assert (deal["is_open"], deal["is_won"], deal["amount"], deal["owner_name"]) == (True, False, 1500000.0, "佐藤 花子")
    assert deal["partner_of_record"] == "musashi"
    assert deal["last_activity_on"] == date(2026, 11, 2), "16:00 UTC on the first is the second in Tokyo"


def test_a_hubspot_deal_reads_its_own_flags_and_local_dates(tables: Tables) -> None:
    ours = tables.one("opportunities", opportunity_id="hs:deals:21")
    assert (ours["is_open"], ours["amount"], ours["created_on"]) == (True, 250000.0, date(2026, 11, 1))
    theirs = tables.one("opportunities", opportunity_id="theirs:deals:2")
    assert (theirs["is_open"], theirs["is_won"], theirs["close_date"]) == (False, True, date(2026, 2, 1))


def test_activities_reach_their_record_by_every_way(tables: Tables) -> None:
    found = {(r["record_id"], r["activity_on"].isoformat(), r["kind"]) for r in tables["activities"]}
    assert {
        ("sf:Account:001B", "2026-11-02", "task"),  # through the opportunity
        ("sf:Account:001A", "2026-11-03", "task"),  # through the contact
        ("sf:Lead:00QA", "2026-11-04", "task"),
        ("sf:Account:001B", "2026-11-06", "event"),  # 23:00 UTC on the fifth
        ("sf:Account:001B", "2026-11-02", "stage_change"),
        ("sf:Account:001A", "2026-11-10", "event"),  # the account's own last activity
        ("hs:companies:1", "2026-11-06", "event"),
        ("hs:companies:2", "2026-11-06", "event"),
        ("theirs:companies:1", "2026-11-08", "partner_report"),
        ("musashi/all:list:M-1", "2026-11-09", "partner_report"),
        ("musashi/claims:registration:R-2", "2026-11-15", "partner_report"),
    } <= found


def test_plans_are_no_activity(tables: Tables) -> None:
    days = {r["activity_on"] for r in tables["activities"] if r["record_id"] in ("sf:Account:001A", "hs:companies:1")}
    assert not days & {date(2026, 11, 5), date(2026, 12, 24), date(2026, 11, 7)}
    assert all(r["activity_on"] <= date(2026, 11, 20) for r in tables["activities"])


def test_partners_of_record_come_from_accounts_and_live_deals(tables: Tables) -> None:
    found = {(r["record_id"], r["partner"], r["reason"]) for r in tables["partners_of_record"]}
    assert found == {
        ("sf:Account:001A", "musashi", "partners_of_record.account"),
        ("sf:Account:001B", "musashi", "partners_of_record.opportunity"),
        ("sf:Account:001B", "hoshizora", "partners_of_record.opportunity_partner"),
        ("sf:Account:001END", "hoshizora", "partners_of_record.opportunity_partner"),
        ("sf:Account:001END", "musashi", "partners_of_record.opportunity_partner"),
        ("sf:Account:001OK", "musashi", "partners_of_record.account_partner"),
    }


def test_the_field_of_a_deal_goes_before_its_partners_list_and_the_primary_before_the_rest(tables: Tables) -> None:
    deals = {r["opportunity_id"].removeprefix("sf:Opportunity:"): r["partner_of_record"] for r in tables["opportunities"]}
    assert (deals["006A"], deals["006D"]) == ("musashi", "hoshizora")


def test_overrides_hold_through_their_last_day_and_show_their_faults(tables: Tables) -> None:
    found = {
        r["record_id"].removeprefix("sf:Account:"): (r["override"], r["partner"], r["is_valid"], r["fault"])
        for r in tables["overrides"]
    }
    assert found == {
        "001OK": ("allow", "musashi", True, None),
        "001WHY": ("block", None, False, "overrides.no_reason"),
        "001END": ("block", None, False, "overrides.no_end"),
        "001WHO": ("allow", None, False, "overrides.unknown_partner"),
    }


def claim(tables: Tables, id: str) -> dict[str, Any]:
    return tables.one("registration_claims", claim_id=id)


def test_a_claim_keeps_the_moment_it_was_received(tables: Tables) -> None:
    old = claim(tables, "musashi/claims:registration:R-1")
    assert old["received_at"].astimezone(UTC) == datetime(2026, 11, 1, tzinfo=UTC)
    assert (old["registered_on"], old["amount"], old["product"], old["partner_status_word"]) == (
        date(2026, 10, 1),
        1200000.0,
        "会計",
        "申請中",
    )
    assert (old["record_id"], old["origin"], old["scope"], old["crm_status"]) == (old["claim_id"], "file", "accounting", None)
    new = claim(tables, "musashi/claims:registration:R-2")
    assert new["received_at"].astimezone(UTC) == AS_OF
    assert new["registered_on"] is None


def test_a_deal_of_ours_that_a_partner_registered_is_its_claim(tables: Tables) -> None:
    ours = claim(tables, "sf:Opportunity:006A")
    assert (ours["record_id"], ours["partner"], ours["origin"]) == ("sf:Account:001B", "musashi", "opportunity")
    assert (ours["crm_status"], ours["scope"], ours["amount"]) == ("approved", "hr", 1500000.0)
    assert ours["received_at"].astimezone(UTC) == datetime(2026, 10, 14, 15, tzinfo=UTC), "the day our CRM says, from midnight"
    assert claim(tables, "sf:Opportunity:006C")["crm_status"] == "rejected", "a lost deal is no longer held"


def test_an_object_of_ours_holds_claims_on_accounts_and_by_name(tables: Tables) -> None:
    placed = claim(tables, "sf:Reg__c:a01A")
    assert (placed["record_id"], placed["partner"], placed["crm_status"]) == ("sf:Account:001A", "musashi", "approved")
    assert (placed["amount"], placed["last_activity_on"]) == (300000.0, date(2026, 11, 12)), "2,000 dollars at 150"
    assert placed["received_at"].astimezone(UTC) == datetime(2026, 9, 30, 20, tzinfo=UTC), "when our CRM made the record"
    named = claim(tables, "sf:Reg__c:a01B")
    assert (named["record_id"], named["partner"], named["crm_status"]) == ("sf:Reg__c:a01B", "hoshizora", "pending")
    assert claim(tables, "sf:Reg__c:a01E")["record_id"] == "sf:Reg__c:a01E", "its account is gone, its name is not"
    assert claim(tables, "sf:Reg__c:a01E")["crm_status"] is None, "a word that nobody knows decides nothing"
    assert claim(tables, "hs:2-1:91")["record_id"] == "hs:companies:2", "the first associated company that is a record"


def test_a_claim_that_cannot_be_used_says_why(tables: Tables) -> None:
    faults = {r["claim_id"]: r["fault"] for r in tables["crm_claims"] if r["fault"]}
    assert faults == {"sf:Reg__c:a01C": "claims.unknown_partner", "sf:Reg__c:a01D": "claims.no_company"}
    assert not faults.keys() & {r["claim_id"] for r in tables["registration_claims"]}


def test_an_object_without_its_role_is_out_of_force(tables: Tables) -> None:
    assert not [r for r in tables["registration_claims"] if "Old__c" in r["claim_id"]]


@pytest.mark.parametrize(
    ("id", "direction", "status", "origin"),
    [
        ("musashi/intros:introduction:I-1", "to_us", "won", "file"),  # the outcome goes before the status
        ("musashi/intros:introduction:I-2", "to_partner", "requested", "file"),  # 弊社へ, as the partner says it
        ("musashi/intros:introduction:I-3", "to_us", "met", "file"),  # a word that nobody knows: as far as the dates go
        ("musashi/intros:introduction:I-4", "to_us", "requested", "file"),
        ("sf:Intro__c:a02A", "to_partner", "met", "crm_object"),  # outbound, as we say it
        ("sf:Intro__c:a02B", "to_us", "requested", "crm_object"),
    ],
)
def test_introductions_speak_the_words_of_their_writer(tables: Tables, id: str, direction: str, status: str, origin: str) -> None:
    found = tables.one("introduction_claims", introduction_id=id)
    assert (found["direction"], found["status"], found["origin"]) == (direction, status, origin)


def test_introductions_have_their_steps_and_their_people(tables: Tables) -> None:
    won = tables.one("introduction_claims", introduction_id="musashi/intros:introduction:I-1")
    steps = (won["requested_on"], won["accepted_on"], won["met_on"], won["closed_on"])
    assert steps == (date(2026, 10, 1), date(2026, 10, 5), date(2026, 10, 20), date(2026, 11, 1))
    third = tables.one("introduction_claims", introduction_id="musashi/intros:introduction:I-3")
    assert (third["amount"], third["owner_name"]) == (500000.0, "紹介 太郎")
    owners = {r["introduction_id"]: r["owner_name"] for r in tables["introduction_claims"] if r["origin"] == "crm_object"}
    assert owners == {"sf:Intro__c:a02A": "担当 次郎", "sf:Intro__c:a02B": "佐藤 花子"}
    assert tables.one("introduction_claims", introduction_id="sf:Intro__c:a02A")["record_id"] == "sf:Lead:00QA"


def test_a_partners_steps_are_its_own_activity_even_on_our_record(tables: Tables) -> None:
    found = {
        (r["record_id"], r["party"], r["activity_on"].isoformat()) for r in tables["activities"] if r["kind"] == "partner_report"
    }
    assert {
        ("sf:Account:001A", "musashi", "2026-11-12"),
        ("sf:Lead:00QA", "hoshizora", "2026-11-11"),
        ("musashi/intros:introduction:I-1", "musashi", "2026-11-01"),
        ("sf:Account:001B", "musashi", "2026-10-15"),
    } <= found
    assert ("sf:Account:001B", "musashi", "2026-11-02") not in found, "our own work on the deal is not the partner's"


def test_a_product_means_the_line_whose_word_stands_in_it(tables: Tables) -> None:
    scopes = {r["product"]: r["scope"] for r in tables["registration_claims"] if r["product"]}
    assert scopes == {"会計": "accounting", "会計 PRO 版": "pro", "クラウド人事": "hr", "Chrome": "*"}


def test_deals_in_a_currency_without_a_rate_are_counted_and_told(warehouse: TestWarehouse) -> None:
    warehouse.con.execute("CREATE SCHEMA IF NOT EXISTS intermediate")
    warehouse.con.execute("CREATE TABLE intermediate.opportunities AS SELECT unnest([true, false, true]) AS lacks_rate")
    warehouse.close()
    told = warehouse.project.warnings("no_rate_lacks_opportunities_lacks_rate")
    assert told == {"no_rate_lacks_opportunities_lacks_rate": 2}
