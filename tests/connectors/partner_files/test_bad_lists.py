"""Bad input: named with row, column and reason, set aside, and the rest goes on."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.partner_files import ListRefused, ListSpec, ReadList, read_list
from tests.connectors.partner_files.test_delimited_lists import read_or_refused, reasons, rows, write

HEAD = "会社名,法人番号,備考"


@pytest.mark.parametrize(
    ("line", "column", "reason", "kept"),
    [
        ("甲,1000013050239,x", "法人番号", "partners.corporate_number_invalid", True),
        ("甲,100001305023,x", "法人番号", "partners.corporate_number_invalid", True),
        ("甲,1.00001E+12,x", "法人番号", "partners.corporate_number_rounded", True),
        ("甲,,=1+1", "備考", "partners.formula", True),
        ('甲,,"=HYPERLINK(""http://a"")"', "備考", "partners.formula", True),
        ("甲,,@SUM(A1)", "備考", "partners.formula", True),
        ("甲,,+A1+B1", "備考", "partners.formula", True),
        ("甲,,-cmd|' /C calc'!A0", "備考", "partners.formula", True),
        ("=CMD(),,x", "会社名", "partners.formula", False),
        (",1000013050238,x", "会社名", "partners.empty_name", False),
        ("　,,x", "会社名", "partners.empty_name", False),
        ("会社名,法人番号,備考", "会社名", "partners.repeated_header", False),
        ("甲,,x,余り", "(D)", "partners.too_many_cells", True),
        ('"甲,,x', None, "partners.broken_quote", False),
        ("甲�,,x", None, "partners.damaged_characters", False),
    ],
)
def test_a_fault_is_named_and_the_rest_goes_on(tmp_path: Path, line: str, column: str | None, reason: str, kept: bool) -> None:
    path = write(tmp_path / "a.csv", f"{HEAD}\n前,,\n{line}\n後,,\n最後,,\n")
    read = read_list(path, ListSpec())
    assert (3, column, reason) in reasons(read)
    assert [row["row_number"] for row in rows(read)] == ([2, 3, 4, 5] if kept else [2, 4, 5])
    fault = next(rejection for rejection in read.rejections if rejection.reason == reason)
    assert fault.value
    assert fault.whole_row is not kept


@pytest.mark.parametrize("text", ["-", "なし", "＋81-3-1111-2222", "+81 3 1111 2222", "-5", "@handle", "ー", "1-2=3", "- なし"])
def test_what_only_looks_a_little_like_a_formula_is_kept(tmp_path: Path, text: str) -> None:
    read = read_list(write(tmp_path / "a.csv", f"会社名,備考\n甲,{text}\n"), ListSpec())
    assert (rows(read)[0]["note"], read.rejections) == (text, ())


@pytest.mark.parametrize("text", ["-", "なし", "不明", "N/A", ""])
def test_a_missing_number_is_no_fault(tmp_path: Path, text: str) -> None:
    read = read_list(write(tmp_path / "a.csv", f"会社名,法人番号\n甲,{text}\n"), ListSpec())
    assert (rows(read), read.rejections) == ([{"row_number": 2, "name": "甲"}], ())


def test_the_second_of_two_equal_headings_is_set_aside(tmp_path: Path) -> None:
    read = read_list(write(tmp_path / "a.csv", "会社名,ＴＥＬ,TEL\n甲,03,06\n"), ListSpec())
    assert reasons(read) == [(1, "TEL", "partners.duplicate_heading")]
    assert rows(read) == [{"row_number": 2, "name": "甲", "phone": "03", "other": '{"TEL (C)": "06"}'}]


def test_a_list_without_a_name_column_is_refused_with_its_headings(tmp_path: Path) -> None:
    with pytest.raises(ListRefused) as refused:
        read_list(write(tmp_path / "a.csv", "コード,住所,でんわ\n1,東京都,03\n"), ListSpec())
    assert refused.value.rejection.reason == "partners.missing_name"
    assert refused.value.rejection.values == {"headings": "コード、住所、でんわ"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "partners.empty_file"),
        (b"\r\n\r\n  \r\n", "partners.empty_file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "partners.old_workbook"),
        (b"<html><table><tr><td>x</td></tr></table></html>", "partners.not_a_list"),
        (b"%PDF-1.7 ...", "partners.not_a_list"),
        (b"PK\x03\x04 broken", "partners.broken_workbook"),
    ],
)
def test_a_file_of_no_use_is_refused_with_the_reason(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(ListRefused) as refused:
        read_list(path, ListSpec())
    assert refused.value.rejection.reason == reason


def test_random_bytes_are_refused_not_guessed_at(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(bytes((number * 7919) % 251 for number in range(5000)))
    with pytest.raises(ListRefused):
        read_list(path, ListSpec())


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400), st.sampled_from(["utf-8", "cp932", "euc_jp", "utf-16"]), st.integers(0, 60))
def test_no_bytes_make_the_reader_fail(tmp_path: Path, noise: bytes, encoding: str, place: int) -> None:
    content = "会社名,法人番号,備考\n甲,,\n乙,,x\n".encode(encoding)
    path = tmp_path / "a.csv"
    path.write_bytes(content[:place] + noise + content[place:])
    read = read_or_refused(path)
    numbers = read.rows["row_number"].to_pylist() if isinstance(read, ReadList) else []
    assert numbers == sorted(set(numbers))


def test_a_broken_row_above_the_headings_is_named(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", '"一覧\n会社名,備考\n甲,x\n')
    read = read_list(path, ListSpec())
    assert (reasons(read), read.rows.num_rows) == ([(1, None, "partners.broken_quote")], 1)


def test_formatted_but_empty_columns_are_no_headings(tmp_path: Path) -> None:
    read = read_list(write(tmp_path / "a.csv", f"会社名,備考{',' * 1000}\n甲,x{',' * 1000}\n"), ListSpec())
    assert (read.headings, read.rejections) == (("会社名", "備考"), ())


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ListRefused) as refused:
        read_list(tmp_path, ListSpec())
    assert refused.value.rejection.reason == "partners.unreadable_file"


def test_a_hundred_megabyte_line_is_named_without_being_held_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.write("会社名,備考\n甲,x\n".encode("cp932"))
        for _ in range(100):
            file.write(b"x" * 1_000_000)
        file.write("\n乙,y\n".encode("cp932"))
    tracemalloc.start()
    read = read_list(path, ListSpec())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert reasons(read) == [(3, None, "partners.row_too_long")]
    assert [row["name"] for row in rows(read)] == ["甲", "乙"]
    assert len(read.rejections[0].value or "") <= 200
    assert peak < 30_000_000


def test_a_cell_beyond_measure_is_set_aside(tmp_path: Path) -> None:
    read = read_list(write(tmp_path / "a.csv", f'会社名,備考\n"甲","{"x" * 200_000}"\n乙,y\n'), ListSpec())
    assert reasons(read) == [(2, None, "partners.row_too_long")]
    assert [row["name"] for row in rows(read)] == ["乙"]


def test_a_quote_that_is_never_closed_costs_one_row_only(tmp_path: Path) -> None:
    lines = [HEAD, '"甲,,x', *(f'"会社{number}",,"二行\nの備考"' for number in range(300))]
    read = read_list(write(tmp_path / "a.csv", "\n".join(lines)), ListSpec())
    assert reasons(read) == [(2, None, "partners.broken_quote")]
    assert read.rows.num_rows == 300


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"content": "x"}, "accounts, registrations"),
        ({"columns": {"nome": "x"}}, "native_id, name"),
        ({"encoding": "klingon"}, "cp932"),
        ({"delimiter": ",,"}, "one character"),
        ({"header_row": 0}, "counts from 1"),
    ],
)
def test_settings_that_cannot_be_are_refused_with_what_can(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ListSpec(**wrong)


def test_header_row_beyond_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ListRefused) as refused:
        read_list(write(tmp_path / "a.csv", "会社名\n甲\n"), ListSpec(header_row=9))
    assert refused.value.rejection.reason == "partners.no_header_row"
