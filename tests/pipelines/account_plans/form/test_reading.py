"""What comes back, whatever people did to the file."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipelines.account_plans.form.layout import HIDDEN
from pipelines.account_plans.form.reading import Filled, read_form
from pipelines.registrations import Refused
from tests.pipelines.account_plans.form.world import FORM, TODAY, english, faults, paper, read


def said(filled: Filled) -> dict[str, Any]:
    return {key: json.loads(value) for key, value in filled.values.items()}


def test_a_form_nobody_touched_says_nothing(tmp_path: Path) -> None:
    filled = read(paper(tmp_path))
    assert (filled.values, filled.unchanged, filled.faults, filled.by, filled.on) == ({}, 1, [], None, None)
    assert filled.partner == "musashi"


def test_what_was_filled_in_is_read_as_it_was_meant(tmp_path: Path) -> None:
    sheet = paper(tmp_path).fill(**{
        "ご記入者（部署・お名前）": "営業本部　田中",
        "ご記入日": datetime(2026, 11, 18),
        "業種": "情報サービス・SI",
        "従業員数（名）": "約３２０名",
        "主な事業内容": "導入支援\n保守",
        "主要お取引先": "・A社\n・B社",
        "決算月": "3月",
        "注力されている商材": "武蔵ERP、武蔵クラウド",
        "当社製品と同分野の他社製品のお取り扱い": "取り扱っていない",
        "営業担当者数（名）": "-",
    })  # fmt: skip
    sheet.result("直近の期", "2026年3月期", "1億2000万", "△300万円").result("1期前", "R7.3", 110, "非公開")
    filled = read(sheet)
    assert filled.faults == []
    assert (filled.by, filled.on) == ("営業本部 田中", date(2026, 11, 18))
    assert said(filled) == {
        "industry": "情報サービス・SI",
        "employees": 320,
        "main_business": "導入支援\n保守",
        "main_customers": ["A社", "B社"],
        "closing_month": "3",
        "sales": {"2025": 1.1e8, "2026": 1.2e8},
        "profit": {"2025": None, "2026": -3e6},
        "focus_products": ["武蔵ERP", "武蔵クラウド"],
        "competitor_handling": "not_handled",
        "sales_staff": {"withheld": True},
    }


def test_the_english_form_is_read_too(tmp_path: Path) -> None:
    sheet = paper(tmp_path, english()).fill(**{
        "Number of employees": "about 320",
        "Month in which the fiscal year ends": "December",
        "Amounts are in": "thousand JPY",
        "Products of others in our field": "Being considered",
        "Filled in on": "2026-11-18",
    })  # fmt: skip
    sheet.result("Latest year", "FY2025", "1,200", "not disclosed")
    filled = read(sheet)
    assert filled.faults == []
    assert filled.on == date(2026, 11, 18)
    assert said(filled) == {
        "employees": 320,
        "closing_month": "12",
        "competitor_handling": "considering",
        "sales": {"2025": 1.2e6},
        "profit": {"2025": None},
    }


def test_each_cell_that_says_nothing_usable_is_named_and_the_rest_is_taken(tmp_path: Path) -> None:
    sheet = paper(tmp_path).fill(**{"従業員数（名）": "300~350", "決算月": "春", "ご記入日": "来週", "営業エリア": "東京都"})
    sheet.result("直近の期", "第50期", 100, 1).result("1期前", "2027年3月期", 100).result("2期前", None, 90)
    filled = read(sheet)
    rows = {words: sheet.row(words) for words in ("従業員数（名）", "決算月", "ご記入日", "直近の期", "1期前", "2期前")}
    assert sorted(faults(filled)) == sorted([
        ("no_number", f"C{rows['従業員数（名）']}"),
        ("unknown_choice", f"C{rows['決算月']}"),
        ("no_date", f"C{rows['ご記入日']}"),
        ("no_year", f"C{rows['直近の期']}"),
        ("year_to_come", f"C{rows['1期前']}"),
        ("amount_without_year", f"D{rows['2期前']}"),
    ])  # fmt: skip
    assert said(filled) == {"trade_area": ["東京都"]}


def test_the_month_of_the_newest_year_is_the_closing_month(tmp_path: Path) -> None:
    sheet = paper(tmp_path).result("直近の期", "2026/3期", 100).result("1期前", "2024年度", 90)
    assert said(read(sheet)) == {"sales": {"2026": 1e8, "2025": 9e7}, "closing_month": "3"}


def test_an_unknown_unit_spoils_only_plain_numbers(tmp_path: Path) -> None:
    sheet = paper(tmp_path).fill(金額の単位="万ドル").result("直近の期", "2026年3月期", 100, "1億円")
    filled = read(sheet)
    assert said(filled) == {"profit": {"2026": 1e8}, "closing_month": "3"}
    assert [reason for reason, _ in faults(filled)] == ["unknown_unit", "amount_without_unit"]


def test_one_year_with_two_amounts_is_named(tmp_path: Path) -> None:
    sheet = paper(tmp_path).result("直近の期", "2026年3月期", 100).result("1期前", "R8.3", 90)
    filled = read(sheet)
    assert said(filled)["sales"] == {"2026": 1e8}
    assert faults(filled) == [("year_twice", f"D{sheet.row('1期前')}")]


def test_sales_that_are_not_public_are_kept_as_such_without_a_year(tmp_path: Path) -> None:
    filled = read(paper(tmp_path).result("直近の期", None, "非公開", "－"))
    assert said(filled) == {"sales": {"withheld": True}, "profit": {"withheld": True}}


def test_rows_may_be_moved_sorted_and_unmerged(tmp_path: Path) -> None:
    sheet = paper(tmp_path).fill(**{"従業員数（名）": 320, "営業エリア": "東京都"}).result("直近の期", "2026年3月期", 100, 5)
    before = said(read(sheet))
    page = sheet.questions
    for merged in list(page.merged_cells.ranges):
        page.unmerge_cells(str(merged))
    rows = [[cell.value for cell in row] for row in page.iter_rows()]
    page.delete_rows(1, page.max_row)
    for row in reversed(rows):
        page.append(["", *row])
    assert said(read(sheet)) == before


def test_an_answer_beside_its_cell_is_found(tmp_path: Path) -> None:
    sheet = paper(tmp_path)
    row = sheet.row("業種")
    sheet.questions.unmerge_cells(f"C{row}:E{row}")
    sheet.questions.cell(row, 4).value = "製造"
    assert said(read(sheet)) == {"industry": "製造"}


def test_what_is_cleared_is_not_answered(tmp_path: Path) -> None:
    filled = read(paper(tmp_path, replace(FORM, filled={"industry": "製造", "employees": 320.0})).fill(業種=None))
    assert (filled.values, filled.unchanged) == ({}, 1)


def test_only_what_was_changed_is_an_answer(tmp_path: Path) -> None:
    before = {"closing_month": "3", "sales": {2025: 1e9, 2024: 9e8}, "employees": 320.0, "focus_products": ("ERP",)}
    people = ({"department": "営業本部", "title": "本部長", "name": "山田 太郎", "reports_to": None},)
    form = replace(FORM, filled=before, people=people)
    untouched = read(paper(tmp_path, form))
    assert (untouched.values, untouched.unchanged) == ({}, 5)
    sheet = paper(tmp_path, form).fill(**{"従業員数（名）": 350}).result("直近の期", "2026年3月期", 1100)
    assert said(read(sheet)) == {"employees": 350, "sales": {"2024": 9e8, "2025": 1e9, "2026": 1.1e9}}


def test_a_formula_counts_by_its_stored_result_only(tmp_path: Path) -> None:
    sheet = paper(tmp_path).fill(**{"従業員数（名）": "=300+20"})
    filled = read(sheet)
    assert filled.values == {}
    assert faults(filled) == [("formula", f"C{sheet.row('従業員数（名）')}")]


def test_people_and_whom_they_report_to(tmp_path: Path) -> None:
    sheet = paper(tmp_path)
    sheet.person(1, "営業本部", "本部長", "山田 太郎").person(2, "第一営業部", "部長", "佐藤　花子", "山田本部長")
    sheet.person(4, "第一営業部", None, "鈴木 一郎", "佐藤花子").person(5, "技術部", "部長").person(6, "", "", "田中", "木村")
    sheet.person(7, None, None, "高橋", "高橋").person(8, "第一営業部", None, "鈴木 一郎", "佐藤花子")
    filled = read(sheet)
    assert said(filled)["people"] == [
        {"department": "営業本部", "title": "本部長", "name": "山田 太郎", "reports_to": None},
        {"department": "第一営業部", "title": "部長", "name": "佐藤 花子", "reports_to": "山田 太郎"},
        {"department": "第一営業部", "title": None, "name": "鈴木 一郎", "reports_to": "佐藤 花子"},
        {"department": None, "title": None, "name": "田中", "reports_to": None},
        {"department": None, "title": None, "name": "高橋", "reports_to": None},
    ]
    assert sorted(faults(filled)) == [("boss_below", "E12"), ("no_name", "B10"), ("unknown_boss", "E11")]


def test_two_people_who_report_to_each_other_are_named(tmp_path: Path) -> None:
    filled = read(paper(tmp_path).person(1, name="A", boss="B").person(2, name="B", boss="C").person(3, name="C", boss="A"))
    assert [person["reports_to"] for person in said(filled)["people"]] == ["B", "C", None]
    assert faults(filled) == [("boss_below", "E8")]


def test_a_copy_without_its_hidden_sheet_needs_the_partners_name(tmp_path: Path) -> None:
    sheet = paper(tmp_path).fill(業種="製造")
    del sheet.book[HIDDEN]
    with pytest.raises(Refused, match="does not say which partner"):
        read(sheet)
    filled = read(sheet, partner="musashi")
    assert filled.partner == "musashi"
    assert said(filled) == {"industry": "製造", "company_name": "武蔵システムズ株式会社"}


def test_another_partners_form_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="is of musashi, not of setouchi"):
        read(paper(tmp_path), partner="setouchi")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", "社名,住所\n".encode()])
def test_what_is_no_form_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "form.xlsx"
    file.write_bytes(content)
    with pytest.raises(Refused, match="is no form"):
        read_form(file, TODAY)
    with pytest.raises(Refused, match="cannot be read"):
        read_form(tmp_path / "absent.xlsx", TODAY)


def test_another_workbook_is_no_form(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["会社", "住所"])
    book.save(tmp_path / "other.xlsx")
    with pytest.raises(Refused, match="is no form"):
        read_form(tmp_path / "other.xlsx", TODAY, "musashi")
