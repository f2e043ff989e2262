"""What staging makes of raw rows: the newest live version, typed, with the fields that the yaml gives a role."""

from __future__ import annotations

from datetime import date

import pytest

from tests.dbt.conftest import Tables
from tests.dbt.harness import TestWarehouse
from tests.dbt.intermediate_world import CORPORATE_NUMBER


def test_a_deleted_record_does_not_come_back_with_its_older_version(tables: Tables) -> None:
    assert "001GONE" not in {row["native_id"] for row in tables["stg_salesforce__accounts"]}


def test_fields_with_a_role_are_read_where_the_yaml_names_them(tables: Tables) -> None:
    account = tables.one("stg_salesforce__accounts", native_id="001A")
    assert (account["corporate_number"], account["name_kana"]) == (CORPORATE_NUMBER, "アオバブツリュウ")
    assert (account["partner_of_record"], account["name_en"]) == ("001M", None)


def test_numbers_and_texts_lose_no_value_on_the_way(tables: Tables) -> None:
    account = tables.one("stg_salesforce__accounts", native_id="001A")
    assert (account["name"], account["employees"]) == ("株式会社アオバ物流", "1200")
    assert tables.one("stg_hubspot__deals", connection="hs", native_id="21")["amount"] == 250000.0


@pytest.mark.parametrize(
    ("table", "key", "column", "day"),
    [
        ("stg_salesforce__leads", "00QA", "created_on", date(2026, 5, 2)),  # 20:00 UTC is the next day in Tokyo
        ("stg_salesforce__accounts", "001OK", "override_until", date(2026, 11, 20)),  # a plain date stays
        ("stg_salesforce__events", "00U1", "activity_on", date(2026, 11, 6)),
        ("stg_hubspot__meetings", "31", "activity_on", date(2026, 11, 6)),
    ],
)
def test_dates_are_those_of_the_vendors_time_zone(tables: Tables, table: str, key: str, column: str, day: date) -> None:
    assert tables.one(table, native_id=key)[column] == day


def test_hubspots_milliseconds_are_dates_too(tables: Tables) -> None:
    assert tables.one("stg_hubspot__companies", connection="hs", native_id="1")["last_activity_on"] == date(2026, 10, 30)


def test_associations_keep_hubspots_order(tables: Tables) -> None:
    assert tables.one("stg_hubspot__deals", connection="hs", native_id="21")["associated_company_ids"] == ["404", "2", "1"]
    assert tables.one("stg_hubspot__contacts", native_id="11")["associated_company_ids"] == []


def test_a_partners_crm_stands_beside_ours_under_its_own_party(tables: Tables) -> None:
    assert {(row["connection"], row["party"]) for row in tables["stg_hubspot__companies"]} == {
        ("hs", "us"),
        ("theirs", "hoshizora"),
    }


def test_people_have_names_in_their_own_order(tables: Tables) -> None:
    assert tables.one("stg_hubspot__owners", native_id="9")["name"] == "山田 太郎"


def test_lead_placeholder_is_no_company(tables: Tables) -> None:
    assert tables.one("stg_salesforce__leads", native_id="00QC")["company"] is None


def test_usual_status_words_mean_what_people_mean(tables: Tables) -> None:
    words = {row["word"]: row["status"] for row in tables["status_words"]}
    examples = {
        "取引中": "customer",
        "商談中": "open_opportunity",
        "見込": "target",
        "休眠": "known",
        "active": "customer",
        "lead": "target",
    }
    assert {word: words[word] for word in examples} == examples


def test_nul_characters_stay_in_raw_and_what_only_looks_like_one_passes(warehouse: TestWarehouse) -> None:
    backslash = chr(92)
    names = {
        "001N": ("青葉\x00物流", "青葉物流"),
        "001S": ("\x00\x00甲\x00" + backslash + "\x00", "甲" + backslash),
        "001T": (backslash + "u0000", backslash + "u0000"),
        "001B": (2 * backslash + "u0000\x00", 2 * backslash + "u0000"),
    }
    warehouse.insert("config.connections", {"connection": "sf", "party": "us", "crm": "salesforce"})
    warehouse.crm("salesforce_account", "sf", *({"Id": id, "Name": name} for id, (name, _) in names.items()))
    con = warehouse.build("+stg_salesforce__accounts")
    shown = dict(con.execute("SELECT native_id, name FROM staging.stg_salesforce__accounts").fetchall())
    assert shown == {id: after for id, (_, after) in names.items()}
    (kept,) = con.execute(
        "SELECT count(*) FROM staging.stg_salesforce__accounts WHERE contains(payload ->> 'Name', chr(0))"
    ).fetchone()
    assert kept == 0
