"""The register's entries and other names, from what the sources said; and that only what is new is normalized again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.dbt.harness import AS_OF, TestWarehouse

ANY, KNOWN_TO_EDINET, KNOWN_TO_GBIZINFO = "7000012050002", "5070001000715", "6020001008662"
MODELS = " ".join(
    f"register_{name}"
    for name in (
        "edinet", "companies", "names", "entries", "file_aliases", "former_names", "edinet_names", "other_names", "alias_names",
        "aliases",
    )
)  # fmt: skip
LATER = AS_OF + timedelta(days=1)


def fill(warehouse: TestWarehouse) -> None:
    entry = {
        "prefecture": "東京都",
        "city": "千代田区",
        "street": "霞が関３丁目１－１",
        "postal_code": "1008978",
        "_synced_at": AS_OF,
    }
    warehouse.insert(
        "raw.company_register",
        entry
        | {
            "corporate_number": ANY,
            "name": "株式会社新青葉",
            "name_kana": "シンアオバ",
            "process": "11",
            "change_date": "2024-04-01",
        },
    )
    seen = {"corporate_number": ANY, "update_date": "2018-04-02", "change_date": "2015-10-05"}
    warehouse.insert(
        "raw.company_register_names",
        seen | {"name": "有限会社アオバ", "process": "01"},
        seen | {"name": "株式会社新青葉", "process": "11", "update_date": "2024-04-08", "change_date": "2024-04-01"},
    )
    listed = {"_synced_at": AS_OF, "first_listed_on": "2023-10-31", "last_listed_on": "2023-10-31"}
    warehouse.insert(
        "raw.edinet_companies",
        listed
        | {"edinet_code": "E1", "corporate_number": ANY, "name": "青葉物流株式会社", "name_en": "AOBA LOGISTICS CO., LTD."},
        listed
        | {"edinet_code": "E2", "name": "旧カネコ株式会社", "first_listed_on": "2021-10-23", "last_listed_on": "2021-10-23"}
        | {"name_kana": "キュウカネコカブシキガイシャ"},
        listed
        | {"edinet_code": "E2", "corporate_number": KNOWN_TO_EDINET, "name": "カネコ株式会社", "address": "前橋市古市町１－５０"}
        | {"name_kana": "カネコカブシキガイシャ"},
    )
    profile = {"_synced_at": AS_OF, "corporate_number": KNOWN_TO_GBIZINFO, "name": "株式会社サカタ", "name_kana": "さかた"}
    warehouse.insert(
        "raw.gbizinfo_companies",
        profile | {"website": "https://www.sakata.co.jp/about", "address": "神奈川県横浜市都筑区仲町台２－７－１"},
        profile | {"corporate_number": ANY, "name": "株式会社新青葉", "name_kana": "しんあおば", "website": "aoba.co.jp"},
    )
    alias = {"file": "a.csv", "_synced_at": AS_OF}
    warehouse.insert(
        "raw.company_aliases",
        alias | {"row_number": 2, "name": "（株）サカタ", "alias": "ＳＫＴ", "kind": "short"},
        alias | {"row_number": 3, "corporate_number": ANY, "alias": "新青葉", "kind": "short"},
    )


def aliases(warehouse: TestWarehouse) -> set[tuple[Any, ...]]:
    query = """
        SELECT corporate_number, kind, name_key, romaji_key, valid_from::VARCHAR, valid_until::VARCHAR, source
        FROM intermediate.register_aliases
    """
    return {tuple(row.values()) for row in warehouse.rows(query)}


def test_other_names_and_entries_from_every_source(warehouse: TestWarehouse) -> None:
    fill(warehouse)
    warehouse.build(MODELS)
    assert aliases(warehouse) == {
        (ANY, "former", "アオバ", "aoba", None, "2024-04-01", "register"),
        (ANY, "former", "青葉物流", None, None, "2024-04-01", "edinet"),
        (ANY, "english", "aobalogistics", "aobalogistics", None, None, "edinet"),
        (ANY, "kana", "シンアオバ", "shinaoba", None, None, "register"),
        (KNOWN_TO_EDINET, "former", "旧カネコ", None, None, "2023-10-31", "edinet"),
        (KNOWN_TO_EDINET, "kana", "キユウカネコ", "kyukaneko", None, "2023-10-31", "edinet"),
        (KNOWN_TO_EDINET, "kana", "カネコ", "kaneko", None, None, "edinet"),
        (KNOWN_TO_GBIZINFO, "kana", "サカタ", "sakata", None, None, "gbizinfo"),
        (KNOWN_TO_GBIZINFO, "short", "skt", "skt", None, None, "file"),
    }
    entries = warehouse.rows(
        "SELECT corporate_number, source, city, domain, kana_key, sound, spoken_core FROM intermediate.register_entries"
    )
    assert {tuple(row.values()) for row in entries} == {
        (ANY, "register", "千代田区", "aoba.co.jp", "シンアオバ", "shinaoba", "shinaoba"),
        (KNOWN_TO_EDINET, "edinet", "前橋市", None, "カネコ", "kaneko", "kaneko"),
        (KNOWN_TO_GBIZINFO, "gbizinfo", "横浜市都筑区", "sakata.co.jp", "サカタ", "sakata", "sakata"),
    }


@pytest.mark.parametrize("change", ["a rename", "a source that is gone"])
def test_only_what_is_new_is_normalized_again(warehouse: TestWarehouse, change: str) -> None:
    fill(warehouse)
    con = warehouse.build(MODELS)
    # a mark that stays where nothing is done again
    con.execute("UPDATE intermediate.register_names SET town = 'held'")
    con.execute("UPDATE intermediate.register_alias_names SET legal_form = 'held'")
    if change == "a rename":
        con.execute("UPDATE raw.company_register SET name = '新葉株式会社', _synced_at = ?", [LATER])
        con.execute(
            "INSERT INTO raw.company_register_names VALUES (?, '新葉株式会社', '11', DATE '2026-11-01', DATE '2026-11-02')", [ANY]
        )
    else:
        con.execute("DELETE FROM raw.gbizinfo_companies; DELETE FROM raw.company_aliases")
    warehouse.build(MODELS)
    again = warehouse.rows("SELECT corporate_number FROM intermediate.register_names WHERE town IS DISTINCT FROM 'held'")
    texts = warehouse.rows("SELECT name FROM intermediate.register_alias_names WHERE legal_form IS DISTINCT FROM 'held'")
    if change == "a rename":
        assert [row["corporate_number"] for row in again] == [ANY]
        assert {row["name"] for row in texts} == {"株式会社新青葉"}
        assert (ANY, "former", "新青葉", None, "2024-04-01", "2026-11-01", "register") in aliases(warehouse)
    else:
        assert texts == []
        assert {row[0] for row in aliases(warehouse)} == {ANY, KNOWN_TO_EDINET}
        assert len(warehouse.rows("FROM intermediate.register_names")) == 2
