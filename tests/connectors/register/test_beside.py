"""EDINET's lists, gBizINFO's rows and our own files of other names, as they come, and broken ones."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterable
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.register import (
    BadRow,
    Content,
    EdinetBatch,
    RegisterBatch,
    RegisterRefused,
    content_of,
    read_aliases,
    read_edinet,
    read_gbizinfo,
    read_register,
)
from tests.connectors.register.builder import corporate_number, csv_text, edinet_text, entry, gbizinfo_text

A, B, C = (corporate_number(number) for number in (10401000001, 10401000002, 20001000003))
DAY = dt.date(2023, 10, 31)


def rows_of(batches: Iterable[RegisterBatch]) -> tuple[list[dict[str, object]], list[BadRow]]:
    read = list(batches)
    return [row for batch in read for row in batch.table.to_pylist()], [bad for batch in read for bad in batch.bad]


def put(folder: Path, name: str, text: str, encoding: str = "cp932") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def put_zip(folder: Path, name: str, text: str) -> Path:
    with zipfile.ZipFile(folder / name, "w") as archive:
        archive.writestr("EdinetcodeDlInfo.csv", text.encode("cp932"))
    return folder / name


COMPANY = {
    "edinet_code": "E00004",
    "name": " 株式会社髙島　",
    "name_en": "TAKASHIMA",
    "name_kana": "タカシマ",
    "corporate_number": A,
}


@pytest.mark.parametrize(
    ("text", "zipped"),
    [
        (edinet_text("2023年10月31日", COMPANY), False),
        (edinet_text("2023年10月31日", COMPANY), True),
        (edinet_text("2023.10.31", COMPANY, english=True), False),
    ],
    ids=["csv", "zip", "english edition"],
)
def test_a_list_of_edinet_is_read_with_its_day(tmp_path: Path, text: str, zipped: bool) -> None:
    path = put_zip(tmp_path, "a.zip", text) if zipped else put(tmp_path, "a.csv", text)
    assert content_of(path) is Content.EDINET
    (batch,) = read_edinet(path)
    assert isinstance(batch, EdinetBatch)
    assert batch.listed_on == DAY
    assert batch.table.to_pylist() == [
        {"row_number": 3, "submitter": "内国法人・組合", **COMPANY, "name": "株式会社髙島", "address": "千代田区丸の内１－１"}
    ]


def test_people_and_foreigners_are_counted_and_left_out(tmp_path: Path) -> None:
    text = edinet_text(
        "2023年10月31日",
        {"submitter": "個人（組合発行者を除く）", "name": "山田太郎"},
        {"submitter": "外国法人・組合", "name": "Acme Inc."},
        {"submitter": "内国法人・組合", "name": "番号のない会社", "edinet_code": "E2"},
        {"edinet_code": "E3", "corporate_number": A},
    )
    (batch,) = read_edinet(put(tmp_path, "a.csv", text))
    assert [(row["edinet_code"], row["corporate_number"]) for row in batch.table.to_pylist()] == [("E2", None), ("E3", A)]
    assert batch.left_out == {"個人（組合発行者を除く）": 1, "外国法人・組合": 1, "内国法人・組合": 1}
    assert batch.bad == ()


@pytest.mark.parametrize(
    ("company", "column", "reason"),
    [
        ({"corporate_number": "1234567890123"}, "corporate_number", "register.corporate_number_invalid"),
        ({"corporate_number": A, "name": "　"}, "name", "register.empty_name"),
        ({"corporate_number": A, "edinet_code": ""}, "edinet_code", "register.edinet_without_code"),
    ],
)
def test_a_bad_row_of_edinet_is_named(tmp_path: Path, company: dict[str, str], column: str, reason: str) -> None:
    rows, bad = rows_of(read_edinet(put(tmp_path, "a.csv", edinet_text("2023年10月31日", company, {"corporate_number": B}))))
    assert [row["corporate_number"] for row in rows] == [B]
    assert [(fault.row, fault.column, fault.reason) for fault in bad] == [(3, column, reason)]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (edinet_text("きょう", COMPANY), "register.edinet_without_day"),
        (edinet_text("2023年13月31日", COMPANY), "register.edinet_without_day"),
        (edinet_text("2023年10月31日", COMPANY).replace("提出者種別,", ""), "register.edinet_heading"),
        (edinet_text("2023年10月31日").splitlines()[0], "register.edinet_heading"),
    ],
    ids=["no day", "no such day", "a column was taken out", "cut off"],
)
def test_a_list_that_is_not_as_published_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(RegisterRefused) as refused:
        list(read_edinet(put(tmp_path, "a.csv", text)))
    assert refused.value.reason == reason


@pytest.mark.parametrize("encoding", ["cp932", "utf-8", "utf-8-sig"])
def test_rows_of_gbizinfo_are_read_over_line_breaks(tmp_path: Path, encoding: str) -> None:
    company = {
        "法人番号": A, "法人名": "株式会社甲", "法人名ふりがな": "こう", "法人名英語": "Kou", "本社所在地": "東京都港区芝１－１",
        "事業概要": "一\n二, \"三\"\n", "企業ホームページ": "https://www.kou.co.jp/", "最終更新日": "2024-05-01T00:00:00+09:00",
    }  # fmt: skip
    text = gbizinfo_text(company, {"法人番号": B, "法人名": "乙", "登記記録の閉鎖等年月日": "2020-01-05"})
    path = put(tmp_path, "Kihonjoho.csv", text, encoding)
    assert content_of(path) is Content.GBIZINFO
    rows, bad = rows_of(read_gbizinfo(path))
    assert bad == []
    wanted = ("row_number", "corporate_number", "name", "name_kana", "name_en", "website", "updated_on", "close_date")
    assert [tuple(row[column] for column in wanted) for row in rows] == [
        (2, A, "株式会社甲", "こう", "Kou", "https://www.kou.co.jp/", dt.date(2024, 5, 1), None),
        (5, B, "乙", None, None, None, None, dt.date(2020, 1, 5)),
    ]


def test_gbizinfo_with_few_columns_and_a_row_too_short(tmp_path: Path) -> None:
    text = gbizinfo_text(
        {"法人番号": A, "法人名": "甲", "企業ホームページ": ""}, headings=("法人番号", "法人名", "企業ホームページ")
    )
    rows, bad = rows_of(read_gbizinfo(put(tmp_path, "a.csv", text + f"{B},乙\n{C},丙,丙\n")))
    assert [(row["corporate_number"], row["name_kana"], row["website"]) for row in rows] == [(A, None, None), (C, None, "丙")]
    assert [(fault.row, fault.reason, fault.values) for fault in bad] == [
        (3, "register.column_count", {"columns": 2, "expected": 3})
    ]


def test_a_quotation_mark_that_is_never_closed_costs_its_row(tmp_path: Path) -> None:
    text = gbizinfo_text({"法人番号": A, "法人名": "甲"}) + f'{B},"乙\n' + "".join(f"{C},丙{',' * 9}\n" for _ in range(3))
    rows, bad = rows_of(read_gbizinfo(put(tmp_path, "a.csv", text)))
    assert [row["name"] for row in rows] == ["甲", "丙", "丙", "丙"]
    assert [(fault.row, fault.reason) for fault in bad] == [(3, "register.broken_row")]


@given(st.lists(st.text(st.sampled_from('あ",\n '), max_size=12), min_size=1, max_size=12))
def test_no_text_in_a_cell_of_gbizinfo_moves_another(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    companies = [
        {"法人番号": A, "法人名": f"会社{at}", "事業概要": text, "企業ホームページ": f"w{at}"} for at, text in enumerate(texts)
    ]
    path = put(tmp_path_factory.mktemp("gbizinfo"), "a.csv", gbizinfo_text(*companies))
    rows, bad = rows_of(read_gbizinfo(path))
    assert bad == []
    assert [(row["name"], row["website"]) for row in rows] == [(f"会社{at}", f"w{at}") for at in range(len(texts))]


ALIASES = f"法人番号,会社名,別名,種別,開始日,終了日\nT{A},,アオバ,略称,,\n,株式会社乙,旧乙,旧社名,2010/4/1,R2.3.31\n,丙,HEI,,,\n"


@pytest.mark.parametrize("encoding", ["cp932", "utf-8-sig", "utf-16"])
def test_our_own_file_of_other_names(tmp_path: Path, encoding: str) -> None:
    path = put(tmp_path, "別名.csv", ALIASES, encoding)
    assert content_of(path) is Content.ALIASES
    rows, bad = rows_of(read_aliases(path))
    assert bad == []
    assert [tuple(row.values()) for row in rows] == [
        (2, A, None, "アオバ", "short", None, None),
        (3, None, "株式会社乙", "旧乙", "former", "2010/4/1", "R2.3.31"),
        (4, None, "丙", "HEI", "trade", None, None),
    ]


def test_our_own_file_as_a_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("別名", 0)
    for row in (["別名の一覧"], [], ["Company", "Alias", "Kind", "From"], ["株式会社甲", "KOU", "Brand", dt.date(2020, 1, 5)]):
        sheet.append(row)
    path = tmp_path / "aliases.xlsx"
    book.save(path)
    assert content_of(path) is Content.ALIASES
    rows, _ = rows_of(read_aliases(path))
    assert [(row["row_number"], row["name"], row["alias"], row["kind"], row["valid_from"]) for row in rows] == [
        (4, "株式会社甲", "KOU", "trade", "2020-01-05")
    ]


@pytest.mark.parametrize(
    ("line", "column", "reason", "kept"),
    [
        (",,アオバ,略称", None, "register.alias_without_company", False),
        ("123,,アオバ,略称", "corporate_number", "register.corporate_number_invalid", False),
        ("123,甲,アオバ,略称", "corporate_number", "register.corporate_number_unused", True),
        (",甲,,略称", "alias", "register.alias_empty", False),
        (",甲,アオバ,あだ名", "kind", "register.alias_kind", False),
    ],
)
def test_a_bad_row_of_our_own_file_is_named(tmp_path: Path, line: str, column: str, reason: str, kept: bool) -> None:
    rows, bad = rows_of(read_aliases(put(tmp_path, "a.csv", f"法人番号,会社名,別名,種別\n{line}\n,乙,オツ,通称\n")))
    assert [row["row_number"] for row in rows] == ([2, 3] if kept else [3])
    assert [(fault.row, fault.column, fault.reason, fault.whole_row) for fault in bad] == [(2, column, reason, not kept)]


@pytest.mark.parametrize("content", ["<html>maintenance</html>", "会社名,電話\n甲,03\n", "メモ"])
def test_a_file_that_is_none_of_them_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(RegisterRefused) as refused:
        content_of(put(tmp_path, "a.csv", content))
    assert refused.value.reason == "register.no_entries"


@pytest.mark.parametrize("text", [csv_text([entry(A, "甲")]), ""], ids=["entries", "a day without changes"])
def test_the_national_register_is_told_by_its_entries(tmp_path: Path, text: str) -> None:
    path = put(tmp_path, "diff_20261102.csv", text)
    assert content_of(path) is Content.REGISTER
    assert len(rows_of(read_register(path))[0]) == bool(text)
