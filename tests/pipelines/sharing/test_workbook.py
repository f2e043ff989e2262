"""The workbook of a share, as Excel and LibreOffice open it, and as it comes back."""

from __future__ import annotations

import io
import subprocess
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from connectors.partner_files import ListSpec, read_list
from pipelines.sharing.layout import (
    HIDDEN,
    NEW_CONTENT,
    NEW_SHEETS,
    RETURN_LISTS,
    SHEETS,
    choices,
    hidden_rows,
    new_heading,
    sheet_title,
)
from pipelines.sharing.told import plain
from pipelines.sharing.workbook import workbook
from tests.pipelines.sharing.shares import ODD_NAMES, share


@pytest.fixture(scope="module")
def content() -> bytes:
    return workbook(share())


@pytest.fixture(scope="module")
def book(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def _column(sheet: Worksheet, heading: str) -> list[object]:
    at = [cell.value for cell in sheet[1]].index(heading)
    return [row[at].value for row in sheet.iter_rows(min_row=2)]


def test_each_list_has_its_sheet_with_a_frozen_header_and_a_filter(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == [
        "ご案内", "件数", "ホワイトスペース", "アプローチNG", "共通の企業", "ご紹介の状況", "案件登録の状況", "案件登録",
        "紹介依頼", HIDDEN,
    ]  # fmt: skip
    for name in SHEETS:
        sheet = book[sheet_title(name, "ja")]
        assert sheet.freeze_panes.endswith("2")
        assert sheet.auto_filter.ref.endswith(str(len(ODD_NAMES) + 1))
        assert sheet.print_title_rows == "$1:$1"


def test_no_cell_is_a_formula_and_none_becomes_one_when_edited(book: openpyxl.Workbook, content: bytes) -> None:
    for name in SHEETS:
        sheet = book[sheet_title(name, "ja")]
        # openpyxl shows the escape that a workbook needs for a text that looks like one
        names = [str(name).replace("_x005F_", "_") for name in _column(sheet, "会社名")]
        assert names == [plain(odd) for odd in ODD_NAMES]
        assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
        for cell in next(column for column in sheet.iter_cols() if column[0].value == "会社名")[1:6]:
            assert cell.quotePrefix
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert not any(b"<f>" in parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/"))


def test_days_are_days_and_ids_stay_texts(book: openpyxl.Workbook) -> None:
    sheet = book["ホワイトスペース"]
    assert _column(sheet, "貴社の管理番号")[0] == "00001"
    assert _column(sheet, "法人番号")[0] == "6180001000001"
    until = _column(sheet, "担当期限")[0]
    assert isinstance(until, datetime)
    assert until.date() == date(2027, 2, 18)
    assert _column(sheet, "基準日時")[0] == datetime(2026, 11, 28, 17, 5)


def test_the_partner_answers_in_columns_of_its_own_by_drop_downs(book: openpyxl.Workbook) -> None:
    for name in ("whitespace", "no_approach", "overlaps"):
        sheet = book[sheet_title(name, "ja")]
        headings = [cell.value for cell in sheet[1]]
        assert headings[-5:] == ["【ご記入】訂正", "【ご記入】取引状況", "【ご記入】連絡事項", "基準日時", "キー"]
        offered = {str(rule.formula1) for rule in sheet.data_validations.dataValidation}
        assert f'"{",".join(choices("correction", "ja"))}"' in offered
        assert _column(sheet, "【ご記入】訂正") == [None] * len(ODD_NAMES)


def test_no_drop_down_offers_words_on_a_column_that_we_fill(book: openpyxl.Workbook) -> None:
    for name in set(SHEETS) - set(RETURN_LISTS):
        assert not book[sheet_title(name, "ja")].data_validations.dataValidation, name
    assert len(book["紹介依頼"].data_validations.dataValidation) == 1


def test_counts_are_told_as_far_as_they_may_be(book: openpyxl.Workbook) -> None:
    sheet = book["件数"]
    assert [cell.value for cell in sheet[4]][1:5] == ["既存顧客", "商談中", "ターゲット", "登録のみ"]
    assert [cell.value for cell in sheet[5]][:5] == ["既存顧客", 1234, "–", "20社以上", "–"]
    assert [cell.value for cell in sheet[6]][1:5] == ["–"] * 4
    assert sheet["B7"].value == 0


def test_the_cover_says_what_it_is_and_whom_to_ask(book: openpyxl.Workbook) -> None:
    words = "\n".join(str(cell.value) for row in book["ご案内"].iter_rows() for cell in row if cell.value is not None)
    for said in (
        "武蔵システムズ株式会社 御中",
        "2026-11-28 17:05 (UTC+09:00)",
        "5社単位",
        "パートナー担当まで",
        "武蔵システムズ株式会社様限り",
    ):
        assert said in words


def test_the_hidden_sheet_tells_which_share_it_was(book: openpyxl.Workbook) -> None:
    sheet = book[HIDDEN]
    assert sheet.sheet_state == "veryHidden"
    assert [tuple(cell.value for cell in row[:2]) for row in sheet.iter_rows()] == hidden_rows(share())


def test_the_properties_tell_nothing(book: openpyxl.Workbook) -> None:
    said = book.properties
    assert (said.title, said.creator, said.subject, said.description) == ("アカウント共有資料", "Totsugo", None, None)
    assert said.created == datetime(2026, 11, 28, 8, 5), "of the share, not of its making"


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("name", list(NEW_SHEETS))
def test_the_ordinary_reader_understands_what_is_filled_in(tmp_path: Path, language: str, name: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(share(("甲商事",), language))))
    sheet = book[sheet_title(name, language)]
    for at, column in enumerate(NEW_SHEETS[name], 1):
        sheet.cell(2, at, "6180001000001" if column.name == "corporate_number" else f"{column.name} 1")
    book.save(tmp_path / "back.xlsx")
    read = read_list(tmp_path / "back.xlsx", ListSpec(content=NEW_CONTENT[name], sheet=sheet_title(name, language)))
    assert set(read.mapping) == {column.name for column in NEW_SHEETS[name]}
    assert read.rows.num_rows == 1
    assert read.rejections == ()
    assert read.mapping["name"] == (new_heading(name, "name", language),)


def test_a_share_without_rows_is_a_workbook_too() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(share(()))))
    assert [book[sheet_title(name, "ja")].max_row for name in SHEETS] == [1] * len(SHEETS)


@pytest.mark.full
def test_a_hundred_thousand_rows_open_in_libreoffice(tmp_path: Path) -> None:
    whole = share(tuple(f"株式会社第{n}商事" for n in range(100_000)))
    lists = {name: rows if name == "whitespace" else rows[:10] for name, rows in whole.lists.items()}
    (tmp_path / "large.xlsx").write_bytes(workbook(share((), lists=lists, columns=whole.columns)))
    to_csv = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,3"
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", to_csv, "--outdir", str(tmp_path), str(tmp_path / "large.xlsx")]
    subprocess.run(command, check=True, capture_output=True)
    (made,) = tmp_path.glob("large*.csv")
    lines = made.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 100_001
    assert "株式会社第99999商事" in lines[-1]


@pytest.mark.full
def test_libreoffice_shows_odd_names_as_the_texts_that_they_are(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "odd.xlsx").write_bytes(content)
    to_csv = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,3"
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", to_csv, "--outdir", str(tmp_path), str(tmp_path / "odd.xlsx")]
    subprocess.run(command, check=True, capture_output=True)
    (made,) = tmp_path.glob("odd*.csv")
    shown = made.read_text(encoding="utf-8")
    for odd in ("+81 合同会社", "@SUM(1)", "-1+1株式会社", "_x0041_商店", "HYPERLINK"):
        assert odd in shown
