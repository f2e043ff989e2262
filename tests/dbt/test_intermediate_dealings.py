"""Deals, activities, partners of record, overrides and registration claims."""

from __future__ import annotations

from datetime import UTC, date, datetime

from tests.dbt.conftest import Tables
from tests.dbt.harness import AS_OF


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
    }


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


def test_a_claim_keeps_the_moment_it_was_received(tables: Tables) -> None:
    old = tables.one("registration_claims", claim_id="musashi/claims:registration:R-1")
    assert old["received_at"].astimezone(UTC) == datetime(2026, 11, 1, tzinfo=UTC)
    assert (old["registered_on"], old["amount"], old["product"], old["partner_status_word"]) == (
        date(2026, 10, 1),
        1200000.0,
        "会計",
        "申請中",
    )
    new = tables.one("registration_claims", claim_id="musashi/claims:registration:R-2")
    assert new["received_at"].astimezone(UTC) == AS_OF
    assert new["registered_on"] is None
