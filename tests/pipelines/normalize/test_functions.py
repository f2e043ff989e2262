"""What people type comes out comparable; nulls and blanks come out null; doing it twice changes nothing."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.normalize.functions import FUNCTIONS, register

_HERE = Path(__file__).parent


def rows(file: str) -> list[dict[str, str]]:
    return list(csv.DictReader((_HERE / file).open(encoding="utf-8", newline="")))


def call(function: str, value: str | None) -> str | None:
    return FUNCTIONS[function](pa.array([value], pa.string())).to_pylist()[0]


@pytest.mark.parametrize("row", rows("names.csv"), ids=lambda row: row["name"])
def test_names(row: dict[str, str]) -> None:
    found = [call(function, row["name"]) or "" for function in ("name_key", "legal_form", "legal_form_side", "name_site")]
    assert found == [row["key"], row["form"], row["side"], row["site"]]


@pytest.mark.parametrize("row", rows("former_names.csv"), ids=lambda row: row["name"])
def test_former_names(row: dict[str, str]) -> None:
    assert (call("former_name", row["name"]) or "") == row["former"]


@pytest.mark.parametrize("row", rows("addresses.csv"), ids=lambda row: row["address"])
def test_addresses(row: dict[str, str]) -> None:
    parts = ("prefecture", "city", "town", "block")
    assert [call(f"address_{part}", row["address"]) or "" for part in parts] == [row[part] for part in parts]


@pytest.mark.parametrize(
    ("function", "value", "expected"),
    [
        ("registrable_domain", "https://www.aozora-soft.co.jp/about?x=1", "aozora-soft.co.jp"),
        ("registrable_domain", "AOZORA.OR.JP", "aozora.or.jp"),
        ("registrable_domain", "aozora.wixsite.com", None),
        ("registrable_domain", "なし", None),
        ("email_domain", "山田 <taro@sub.aozora.jp>", "aozora.jp"),
        ("email_domain", "taro@gmail.com", None),
        ("email_domain", "aozora.jp", None),
        ("phone_e164", "（03）1234−5678 (内線 12)", "+81312345678"),
        ("phone_e164", "+81-(0)3-1234-5678", "+81312345678"),
        ("phone_e164", "０９０－１２３４－５６７８", "+819012345678"),
        ("phone_e164", "+1 415 555 2671", "+14155552671"),
        ("phone_e164", "000-0000-0000", None),
        ("phone_e164", "1234", None),
        ("phone_e164", "03-1234-5678/03-1234-5679", "+81312345678"),
        ("phone_e164", "03-1234-5678、0857-22-1234", "+81312345678"),
        ("phone_e164", "81-3-1234-5678", "+81312345678"),
        ("phone_e164", "312345678", "+81312345678"),
        ("phone_e164", "3-1234-5678", None),
        ("registrable_domain", "https://aozora.co.jp、", "aozora.co.jp"),
        ("registrable_domain", "aozora.co.jp（本社）", "aozora.co.jp"),
        ("valid_corporate_number", "登録番号 T7000012050002", "7000012050002"),
        ("valid_corporate_number", "法人番号：7000012050002", "7000012050002"),
        ("postal_code", "100 0001", "1000001"),
        ("postal_code", "〒１００－０００１", "1000001"),
        ("postal_code", "600811", "0600811"),
        ("postal_code", "12345678", None),
        ("valid_corporate_number", "T7000012050002", "7000012050002"),
        ("valid_corporate_number", "７０００−０１２０−５０００２", "7000012050002"),
        ("valid_corporate_number", "7000012050003", None),
        ("valid_corporate_number", "7.00001E+12", None),
        ("parse_date", "2026/1/5", "2026-01-05"),
        ("parse_date", "令和8年1月5日", "2026-01-05"),
        ("parse_date", "R8.1.5", "2026-01-05"),
        ("parse_date", "平成元年5月1日", "1989-05-01"),
        ("parse_date", "20260105", "2026-01-05"),
        ("parse_date", "46027", "2026-01-05"),
        ("parse_date", "2026-10-01T01:02:03.000+0000", "2026-10-01"),
        ("parse_date", "2026/02/30", None),
        ("parse_date", "来週", None),
        ("parse_amount", "1,200千円", "1200000"),
        ("parse_amount", "120万円", "1200000"),
        ("parse_amount", "¥1,200,000", "1200000"),
        ("parse_amount", "1億2,000万円", "120000000"),
        ("parse_amount", "△500", "-500"),
        ("parse_amount", "未定", None),
        ("romaji_key", "ｼﾝﾖｺﾊﾏｼｽﾃﾑ株式会社", "shinyokohamashisutemu"),
        ("romaji_key", "ジョウホウツウシン", "johotsushin"),
        ("romaji_key", "日本電気", None),
        ("romaji_key", "パーティー・ファンド・ジェネレーション", "patifandojenereshon"),
        ("romaji_key", "ヴァリューチェーン", "varyuchen"),
        ("romaji_key", "デュポン・トゥモロー", "dyupontumoro"),
        ("romaji_key", "ウィンドウォッチ", "windowotchi"),
        ("romaji_key", "シヨウワ", "showa"),
        ("romaji_key", "Shōwa", "showa"),
        ("romaji_key", "Showa", "showa"),
        ("romaji_key", "ニッポン", "nippon"),
        ("romaji_key", "にっぽん", "nippon"),
        ("romaji_key", "シンバシ", "shinbashi"),
        ("romaji_key", "Shimbashi", "shinbashi"),
        ("fold_text", "ＡＢＣ　髙島屋", "abc 高島屋"),
        ("fold_text", "ﾊﾟﾝｹｰｷ", "パンケーキ"),
        ("fold_text", "ハ\u309aン", "パン"),
        ("fold_text", "センタ-", "センター"),
        ("fold_text", "神\u3000\u200b 社", "神 社"),
    ],
)
def test_values(function: str, value: str, expected: str | None) -> None:
    assert call(function, value) == expected


@pytest.mark.parametrize("function", FUNCTIONS)
def test_nothing_in_nothing_out(function: str) -> None:
    assert FUNCTIONS[function](pa.array([None, "", "  ", "　"], pa.string())).to_pylist() == [None] * 4
    assert len(FUNCTIONS[function](pa.array([], pa.string()))) == 0


_PIECES = (
    "(㈱)有株式会社 株 会社 支店 御中 様 ※休眠 (旧社名:甲) 東京都 港区 京都市中京区 上る 大字 字 一丁目 十二番 3号 "
    "北十五条西 の ー - － 1 ２３ 〒 髙 𠮷 廣 ﾊﾟ ｱ ー ッ ャ ァ か゛ "
    "co ltd inc. the & and /de/ common stock branch é İ ﬁ № 가 각 . , ' \" \u200b \u3099 \x00"
)
_TEXT = st.one_of(
    st.lists(st.sampled_from([" ", "\u3000", *_PIECES.split(" ")]), max_size=9).map("".join),
    st.text(st.characters(codec="utf-8"), max_size=12),
)
_STABLE = ("fold_text", "postal_code", "phone_e164", "valid_corporate_number", "registrable_domain", "parse_date", "parse_amount")


@pytest.mark.parametrize("function", FUNCTIONS)
@settings(deadline=None, max_examples=30)
@given(texts=st.lists(st.one_of(st.none(), _TEXT), max_size=6))
def test_any_text_is_taken_and_rows_do_not_mix(function: str, texts: list[str | None]) -> None:
    column = pa.array(texts, pa.string())
    once = FUNCTIONS[function](column)
    assert once.to_pylist() == [call(function, text) for text in texts]
    assert FUNCTIONS[function](pa.chunked_array([column.slice(2), column.slice(0, 2)])).to_pylist() == [
        *once.to_pylist()[2:],
        *once.to_pylist()[:2],
    ]
    if function in _STABLE:
        assert FUNCTIONS[function](once).to_pylist() == once.to_pylist()


def test_sql_can_call_all_of_them_and_registering_twice_is_harmless() -> None:
    with duckdb.connect() as connection:
        register(connection)
        register(connection)
        calls = ", ".join(f"{name}(v) AS {name}" for name in FUNCTIONS)
        names = "CASE WHEN i % 3 = 0 THEN '株式会社髙島屋 ' || i WHEN i % 3 = 1 THEN '東京都港区芝' || i END"
        values = f"SELECT {names} AS v FROM range(30000) AS r(i)"
        found = connection.sql(f"SELECT {calls} FROM ({values})").to_arrow_table().to_pylist()
    assert len(found) == 30000
    assert found[3]["name_key"] == "高島屋3"
    assert found[4]["address_prefecture"] == "東京都"
    assert set(found[2].values()) == {None}


def test_lists_are_normalized_text_by_text() -> None:
    connection = duckdb.connect()
    register(connection)
    query = "SELECT list_name_key(names) FROM (VALUES (['㈱カモメ', NULL]), ([]), (['カモメ(株)', ''])) AS t(names)"
    assert [row[0] for row in connection.execute(query).fetchall()] == [["カモメ", None], [], ["カモメ", None]]
