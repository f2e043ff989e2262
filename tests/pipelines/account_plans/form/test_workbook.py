"""The form as the partner opens it: clear to fill in, and nothing of ours on it."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from html import unescape
from pathlib import Path

import openpyxl
import pytest

from pipelines.account_plans.form.layout import HIDDEN, questions
from tests.pipelines.account_plans.form.world import FORM, PROFILE, SEEN, FormWorld, english, paper

SECRETS = (
    *("要注意", "ref=crm", "Zirconium", "26471", "中川", "Falconry", "大阪府", "87231", "our_salesforce", "Totsugo", "totsugo"),
    *("最重要の競合と見る", "撤退を検討", "架空", "plan_profiles", "試算", "アカウントプラン", "account plan"),
)


@pytest.fixture
def world(tmp_path: Path) -> FormWorld:
    return FormWorld.new(tmp_path / "home")


def whole(path: Path) -> str:
    """Every byte of text in the file."""
    with zipfile.ZipFile(path) as archive:
        return "\n".join(unescape(archive.read(name).decode("utf-8")) for name in archive.namelist())


@pytest.mark.parametrize("language", ["ja", "en"])
def test_nothing_of_ours_is_on_the_form(world: FormWorld, language: str) -> None:
    world.write("profile:\n  main_business: {value: 最重要の競合と見る}\n  head_office: {value: 架空}\nour_goals: 撤退を検討\n")
    sheet = world.form(language=language)
    everything = whole(sheet.path)
    assert [secret for secret in SECRETS if secret in everything] == []
    assert [value for value in (*PROFILE.values(), *SEEN.values()) if value in everything] == [PROFILE["head_office"]]
    question = {"ja": "会社名", "en": "Company name"}[language]
    assert sheet.answer(question) == "武蔵システムズ株式会社"


def test_what_is_public_stands_there_already(world: FormWorld) -> None:
    sheet = world.form()
    assert sheet.answer("本社所在地") == "東京都港区芝1-1"
    assert sheet.answer("WebサイトのURL") == "https://www.musashi.example.co.jp/"
    assert sheet.answer("従業員数（名）") is None
    assert sheet.answer("金額の単位") == "百万円"


def test_an_address_with_a_remark_is_not_shown(world: FormWorld) -> None:
    with world.warehouse.connect() as con:
        con.execute("UPDATE marts.plan_profiles SET value = '東京都港区（移転予定・要確認）' WHERE field = 'head_office'")
    world.warehouse.publish()
    assert world.form().answer("本社所在地") is None


def test_only_what_is_to_be_filled_in_can_be_changed(tmp_path: Path) -> None:
    sheet = paper(tmp_path)
    for page in (sheet.questions, sheet.people):
        assert page.protection.sheet
        assert not page.protection.password
        for row in page.iter_rows():
            for cell in row:
                if isinstance(cell, openpyxl.cell.cell.Cell):
                    assert cell.protection.locked != (cell.fill.start_color.rgb == "00FFF2CC"), cell.coordinate
    assert sheet.book[HIDDEN].sheet_state == "veryHidden"
    assert [page.title for page in sheet.book.worksheets] == ["ご記入シート", "組織・ご担当者", HIDDEN]


def test_choices_are_offered_and_numbers_are_asked_for_without_a_wall(tmp_path: Path) -> None:
    sheet = paper(tmp_path)
    rules = {str(rule.sqref): rule for rule in sheet.questions.data_validations.dataValidation}
    month, unit, industry, staff = (
        rules[f"C{sheet.row(words)}"] for words in ("決算月", "金額の単位", "業種", "営業担当者数（名）")
    )
    assert (month.formula1.count("月"), month.showErrorMessage) == (12, True)
    assert unit.formula1 == '"円,千円,百万円,億円"'
    assert not industry.showErrorMessage  # another industry may be written
    assert (staff.type, staff.errorStyle) == ("decimal", "warning")
    assert all(len(rule.promptTitle or "") <= 32 and len(rule.prompt or "") <= 255 for rule in rules.values())
    assert all(len(rule.formula1 or "") <= 257 for rule in rules.values())
    (boss,) = sheet.people.data_validations.dataValidation
    assert boss.formula1 == "$D$6:$D$35"


def test_no_cell_is_a_formula_whatever_the_partner_is_called(tmp_path: Path) -> None:
    evil = replace(FORM, partner_name="=1+1", filled={"company_name": "=cmd|' /C calc'!A0", "head_office": "@x"})
    sheet = paper(tmp_path, evil)
    assert {cell.data_type for page in sheet.book for row in page for cell in row} <= {"s", "n", "inlineStr"}
    assert sheet.answer("会社名") == "=cmd|' /C calc'!A0"


def test_it_prints_on_a_page_and_names_every_question_once(tmp_path: Path) -> None:
    for form in (FORM, english()):
        sheet = paper(tmp_path, form)
        page = sheet.questions
        assert page.sheet_properties.pageSetUpPr is not None
        assert page.sheet_properties.pageSetUpPr.fitToPage
        assert page.print_area == f"'{page.title}'!$A$1:$F${page.max_row}"
        asked = [row[1].value for row in page.iter_rows() if row[0].value and str(row[0].value).isdigit()]
        assert len(asked) == len(set(asked)) == len(questions()) + 1  # and the table of results
        assert "Totsugo" not in (sheet.book.properties.creator or "")


def test_what_the_partner_answered_before_stands_there(tmp_path: Path) -> None:
    before = {
        "closing_month": "3",
        "sales": {2025: 1.2e10, 2024: None},
        "employees": 320.0,
        "focus_products": ("武蔵ERP", "武蔵クラウド"),
        "competitor_handling": "beside",
        "wishes": "勉強会を希望",
    }
    people = ({"department": "営業本部", "title": "本部長", "name": "山田 太郎", "reports_to": None},)
    sheet = paper(tmp_path, replace(FORM, filled=before, people=people))
    assert sheet.answer("決算月") == "3月"
    assert sheet.answer("従業員数（名）") == 320
    assert sheet.answer("注力されている商材") == "武蔵ERP\n武蔵クラウド"
    assert sheet.answer("当社製品と同分野の他社製品のお取り扱い") == "取り扱っている（主力ではない）"
    years = [[sheet.questions.cell(sheet.row(row), at).value for at in (3, 4)] for row in ("直近の期", "1期前", "2期前")]
    assert years == [["2026年3月期", None], ["2025年3月期", 12000], ["2024年3月期", "非公開"]]
    assert [cell.value for cell in sheet.people[6]] == ["1", "営業本部", "本部長", "山田 太郎", None]


def test_a_form_is_never_written_over_one_that_exists(world: FormWorld) -> None:
    world.form()
    again = world.run("form", "musashi", world.home / "form.xlsx")
    assert again.exit_code == 1
    assert "exists and is not overwritten" in again.output
    own = world.run("form", "musashi")
    assert own.exit_code == 0
    assert [file.name for file in (world.paths.plans / "forms").iterdir()] == [
        "Partner_information_武蔵システムズ株式会社_20261120.xlsx"
    ]
    assert "no partner nobody" in world.run("form", "nobody").output
    assert world.run("form", "musashi", world.home / "form.csv").exit_code == 1
