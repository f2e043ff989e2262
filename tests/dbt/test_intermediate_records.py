"""Which rows become records, under which ids, and how they are cut for comparing."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from tests.dbt.conftest import Tables
from tests.dbt.intermediate_world import CORPORATE_NUMBER


def test_one_row_per_live_record_of_every_source(tables: Tables) -> None:
    found = {(r["record_id"], r["party"], r["source"], r["object"]) for r in tables["records"] if r["source"] != "file"}
    accounts = ("001A", "001B", "001OK", "001OLD", "001WHY", "001END", "001WHO")
    assert found == {(f"sf:Account:{id}", "us", "salesforce", "Account") for id in accounts} | {
        ("sf:Lead:00QA", "us", "salesforce", "Lead"),
        ("hs:companies:1", "us", "hubspot", "companies"),
        ("hs:companies:2", "us", "hubspot", "companies"),
        ("hs:contacts:11", "us", "hubspot", "contacts"),
        ("theirs:companies:1", "hoshizora", "hubspot", "companies"),
        ("sf:Reg__c:a01B", "hoshizora", "salesforce", "registration"),
        ("sf:Reg__c:a01E", "musashi", "salesforce", "registration"),
        ("sf:Intro__c:a02B", "musashi", "salesforce", "introduction"),
    }


def test_a_crm_record_is_normalized(tables: Tables) -> None:
    record = tables.one("records", record_id="sf:Account:001A")
    assert (record["name"], record["name_kana"], record["corporate_number"]) == (
        "株式会社アオバ物流",
        "アオバブツリュウ",
        CORPORATE_NUMBER,
    )
    assert (record["domain"], record["phone"], record["postal_code"]) == ("aoba.co.jp", "+81312345678", "1000001")
    assert (record["prefecture"], record["city"], record["town"]) == ("東京都", "千代田区", "丸ノ内")
    assert record["address"] == "東京都千代田区丸の内一丁目2-3"
    assert (record["owner_name"], record["employees"], record["row_number"]) == ("佐藤 花子", 1200, None)
    assert (record["legal_form"], record["legal_form_side"]) == ("株式会社", "front")
    assert record["updated_at"].astimezone(UTC) == datetime(2026, 10, 1, 1, 2, 3, tzinfo=UTC)


def test_a_file_row_and_a_crm_record_of_one_company_compare_equal(tables: Tables) -> None:
    ours, theirs = tables.one("records", record_id="sf:Account:001A"), tables.one("records", record_id="musashi/all:list:M-1")
    compared = ("name_key", "prefecture", "city", "town", "block", "legal_form", "employees")
    assert [theirs[column] for column in compared] == [ours[column] for column in compared]


def test_a_wrong_corporate_number_is_no_number(tables: Tables) -> None:
    assert tables.one("records", record_id="sf:Account:001B")["corporate_number"] is None


def test_a_parent_is_named_only_where_it_is_a_record(tables: Tables) -> None:
    assert tables.one("records", record_id="sf:Account:001A")["parent_record_id"] == "sf:Account:001B"
    assert tables.one("records", record_id="sf:Account:001B")["parent_record_id"] is None


def test_a_prefecture_that_the_street_repeats_is_said_once(tables: Tables) -> None:
    assert tables.one("records", record_id="sf:Account:001B")["address"] == "東京都港区芝1-1"


def test_a_company_without_a_name_is_called_by_its_domain(tables: Tables) -> None:
    record = tables.one("records", record_id="hs:companies:2")
    assert (record["name"], record["domain"], record["employees"]) == ("nameless.jp", "nameless.jp", 30)


def test_ids_of_file_rows(tables: Tables) -> None:
    ids = {r["row_number"]: r["record_id"] for r in tables["file_records"] if r["connection"] == "musashi/all"}
    assert ids[2] == "musashi/all:list:M-1"
    assert ids[3] == "musashi/all:list:M-1#2"
    assert ids[4] == f"musashi/all:list:{CORPORATE_NUMBER}"
    hashed = ids[5].removeprefix("musashi/all:list:")
    assert len(hashed) == 16
    assert ids[6] == ids[5] + "#2"
    assert ids[7] not in (ids[5], ids[6])


def test_a_row_of_a_list_stays_whole_for_conditions_on_any_heading(tables: Tables) -> None:
    (row,) = [r for r in tables["file_records"] if r["row_number"] == 2 and r["list"] == "all"]
    payload = json.loads(row["payload"])
    assert (payload["status"], payload["employees"], payload["格付"]) == ("契約中", "1,200名", "S")
    assert "website" not in payload
    assert tables.one("file_records", record_id="musashi/claims:registration:R-1")["payload"] is None


def test_a_claim_by_name_is_compared_like_any_record(tables: Tables) -> None:
    named = tables.one("records", record_id="sf:Reg__c:a01B")
    assert (named["name"], named["name_key"], named["owner_name"]) == ("名前だけ興業", "名前だけ興業", "佐藤 花子")


def test_of_a_full_list_only_the_newest_accepted_version_counts(tables: Tables) -> None:
    names = {r["name"] for r in tables["file_records"] if r["list"] == "all"}
    assert "前の版だけ" not in names
    assert "断られた版" not in names
    assert len(names) == 4


def test_a_delta_list_adds_and_replaces(tables: Tables) -> None:
    names = {r["record_id"]: r["name"] for r in tables["file_records"] if r["list"] == "more"}
    assert names == {"musashi/more:list:D-2": "差分2", "musashi/more:list:D-3": "差分3改"}


def test_a_list_that_the_settings_no_longer_name_is_out_of_force(tables: Tables) -> None:
    assert {r["list"] for r in tables["file_records"]} == {"all", "more", "claims", "intros"}


def test_the_register_is_cut_like_records(tables: Tables) -> None:
    entry = tables.one("register_entries", corporate_number=CORPORATE_NUMBER)
    assert (entry["prefecture"], entry["city"], entry["postal_code"], entry["is_closed"]) == (
        "東京都",
        "千代田区",
        "1008978",
        False,
    )
    assert (entry["legal_form"], entry["legal_form_side"]) == ("株式会社", "front")


def test_a_register_entry_is_closed_from_its_day_on(tables: Tables) -> None:
    assert {e["corporate_number"]: e["is_closed"] for e in tables["register_entries"] if len(e["corporate_number"]) == 1} == {
        "2": True,
        "3": False,
    }
