"""XLSX lists as Excel and other programs write them."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.partner_files import ListRefused, ListSpec, ReadList, read_list
from tests.connectors.partner_files.test_delimited_lists import read_or_refused, reasons, rows


def workbook(path: Path, *sheets: tuple[str, Sequence[Sequence[object]]]) -> tuple[Path, openpyxl.Workbook]:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, lines in sheets:
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    book.save(path)
    return path, book


def test_dates_and_numbers_become_the_text_a_csv_would_hold(tmp_path: Path) -> None:
    lines: list[list[object]] = [
        ["顧客リスト"],
        ["会社名", "法人番号", "最終訪問日", "金額", "電話番号", "備考"],
        ["甲", 1000013050238, dt.datetime(2026, 11, 1), 1200000.0, "03-1111-2222", dt.datetime(2026, 1, 2, 3, 4)],
        ["乙", "1000013050238", dt.date(2026, 1, 5), 12.5, 312345678, True],
        [None] * 6,
    ]
    path, _ = workbook(tmp_path / "a.xlsx", ("Sheet1", lines))
    first, second = rows(read_list(path, ListSpec()))
    assert first == {
        "row_number": 3, "name": "甲", "corporate_number": "1000013050238", "last_activity_on": "2026-11-01", "amount": "1200000",
        "phone": "03-1111-2222", "note": "2026-01-02 03:04:00",
    }  # fmt: skip
    assert (second["last_activity_on"], second["amount"], second["phone"], second["note"]) == (
        "2026-01-05",
        "12.5",
        "312345678",
        "TRUE",
    )


def test_the_sheet_with_known_headings_is_used_and_rivals_are_named(tmp_path: Path) -> None:
    path, _ = workbook(
        tmp_path / "a.xlsx",
        ("表紙", [["顧客リスト送付のご案内"]]),
        ("東京", [["会社名", "住所", "電話番号"], ["甲", "東京都", "03"]]),
        ("大阪", [["会社名", "住所"], ["乙", "大阪府"]]),
    )
    read = read_list(path, ListSpec())
    assert (read.sheet, [row["name"] for row in rows(read)]) == ("東京", ["甲"])
    assert reasons(read) == [(None, None, "partners.other_sheet")]
    assert [row["name"] for row in rows(read_list(path, ListSpec(sheet="大阪")))] == ["乙"]
    with pytest.raises(ListRefused) as refused:
        read_list(path, ListSpec(sheet="京都"))
    assert refused.value.rejection.values == {"sheet": "京都", "sheets": "表紙、東京、大阪"}


def test_hidden_sheets_are_not_lists(tmp_path: Path) -> None:
    path, book = workbook(
        tmp_path / "a.xlsx", ("一覧", [["会社名"], ["甲"]]), ("旧", [["会社名", "住所", "TEL"], ["乙", "x", "1"]])
    )
    book["旧"].sheet_state = "hidden"
    book.save(path)
    assert [row["name"] for row in rows(read_list(path, ListSpec()))] == ["甲"]


def test_a_cell_merged_over_rows_counts_for_each_of_them(tmp_path: Path) -> None:
    path, book = workbook(
        tmp_path / "a.xlsx",
        ("一覧", [["会社名", "住所", "担当者"], ["甲", "東京都", "山田"], [None, None, "鈴木"], ["乙", "大阪府", "佐藤"]]),
    )
    book["一覧"].merge_cells("A2:A3")
    book["一覧"].merge_cells("B2:B3")
    book.save(path)
    found = [(row["name"], row["address"], row["owner"]) for row in rows(read_list(path, ListSpec()))]
    assert found == [("甲", "東京都", "山田"), ("甲", "東京都", "鈴木"), ("乙", "大阪府", "佐藤")]


def test_a_formula_is_never_calculated(tmp_path: Path) -> None:
    path, _ = workbook(tmp_path / "a.xlsx", ("一覧", [["会社名", "備考"], ["甲", "=1+1"], ["乙", "x"]]))
    read = read_list(path, ListSpec())
    assert reasons(read) == [(2, "備考", "partners.formula_without_value")]
    assert [row.get("note") for row in rows(read)] == [None, "x"]


def test_the_stored_result_of_a_formula_is_read(tmp_path: Path) -> None:
    path, _ = workbook(tmp_path / "plain.xlsx", ("一覧", [["会社名", "備考"], ["甲", "=1+1"]]))
    stored = tmp_path / "stored.xlsx"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(stored, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name.startswith("xl/worksheets/"):
                content = re.sub(rb"<v ?/>|<v></v>", b"<v>2</v>", content)
            target.writestr(name, content)
    read = read_list(stored, ListSpec())
    assert (rows(read)[0]["note"], read.rejections) == ("2", ())


def test_a_damaged_workbook_is_refused(tmp_path: Path) -> None:
    path, _ = workbook(tmp_path / "a.xlsx", ("一覧", [["会社名"], ["甲"]]))
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(ListRefused) as refused:
        read_list(path, ListSpec())
    assert refused.value.rejection.reason == "partners.broken_workbook"


def test_a_zip_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "x")
    with pytest.raises(ListRefused) as refused:
        read_list(path, ListSpec())
    assert refused.value.rejection.reason == "partners.not_a_list"


@pytest.mark.parametrize(("number_format", "shown"), [("0000000", "0600001"), (r"000\-0000", "0600001"), ("General", "600001")])
def test_leading_zeros_that_a_format_shows_are_kept(tmp_path: Path, number_format: str, shown: str) -> None:
    path, book = workbook(tmp_path / "a.xlsx", ("一覧", [["会社名", "郵便番号"], ["甲", 600001]]))
    book["一覧"]["B2"].number_format = number_format
    book.save(path)
    assert rows(read_list(path, ListSpec()))[0]["postal_code"] == shown


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 1 << 16), st.integers(0, 255)), min_size=1, max_size=6), st.booleans())
def test_damage_anywhere_refuses_the_workbook_or_does_no_harm(
    tmp_path: Path, damage: list[tuple[int, int]], packed: bool
) -> None:
    path = tmp_path / "a.xlsx"
    if not path.exists():
        workbook(path, ("一覧", [["会社名", "備考"], *[[f"会社{number}", "x"] for number in range(20)]]))
    damaged = _damaged(path, damage) if packed else _damaged_inside(path, damage)
    read = read_or_refused(damaged)
    assert not isinstance(read, ReadList) or read.rows.num_rows <= 20


def _damaged(path: Path, damage: list[tuple[int, int]]) -> Path:
    content = bytearray(path.read_bytes())
    for place, byte in damage:
        content[place % len(content)] = byte
    target = path.with_name("b.xlsx")
    target.write_bytes(bytes(content))
    return target


def _damaged_inside(path: Path, damage: list[tuple[int, int]]) -> Path:
    """A sound archive with damaged XML in it."""
    target = path.with_name("c.xlsx")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as archive:
        for index, name in enumerate(source.namelist()):
            content = bytearray(source.read(name))
            for place, byte in damage:
                if place % len(source.namelist()) == index:
                    content[place % len(content)] = byte
            archive.writestr(name, bytes(content))
    return target


def test_formatted_but_empty_rows_end_the_list(tmp_path: Path) -> None:
    path, book = workbook(tmp_path / "a.xlsx", ("一覧", [["会社名", "備考"], ["甲", "x"]]))
    book["一覧"].cell(row=5000, column=2).number_format = "0"
    book.save(path)
    assert [row["name"] for row in rows(read_list(path, ListSpec()))] == ["甲"]
