"""Register files as the tax agency publishes them, and broken ones."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.jp import cn

from connectors.register import BadRow, RegisterFile, RegisterRefused, newest, read_register
from tests.connectors.register.builder import corporate_number, csv_text, entry

A, B, C = (corporate_number(number) for number in (10401000001, 10401000002, 20001000003))


def read(path: Path) -> tuple[list[dict[str, object]], list[BadRow]]:
    batches = list(read_register(path))
    return [row for batch in batches for row in batch.table.to_pylist()], [bad for batch in batches for bad in batch.bad]


@pytest.mark.parametrize("encoding", ["cp932", "utf-8", "utf-8-sig"])
def test_both_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "13_tokyo_all_20261030.csv"
    text = csv_text(
        [entry(A, "株式会社髙島, 本店", name_kana="タカシマ", name_en="Takashima"), entry(B, "乙", close_date="2026-01-05")]
    )
    path.write_bytes(text.replace("\n", "\r\n").encode(encoding))
    rows, bad = read(path)
    assert bad == []
    assert rows[0] == {
        "row_number": 1, "corporate_number": A, "process": "01", "update_date": dt.date(2026, 10, 1),
        "change_date": dt.date(2026, 9, 30), "name": "株式会社髙島, 本店", "kind": "301", "prefecture": "東京都",
        "city": "千代田区", "street": "丸の内１－１", "postal_code": "1000005", "close_date": None, "close_cause": None,
        "successor_corporate_number": None, "latest": "1", "name_en": "Takashima", "name_kana": "タカシマ",
    }  # fmt: skip
    assert rows[1]["close_date"] == dt.date(2026, 1, 5)


def test_every_csv_of_an_archive_is_read(tmp_path: Path) -> None:
    path = tmp_path / "00_zenkoku_all_20261030.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("00_1.csv", csv_text([entry(A, "甲")]).encode("cp932"))
        archive.writestr("00_1.csv.asc", b"signature")
        archive.writestr("00_2.csv", csv_text([entry(B, "乙")]).encode("cp932"))
    assert [row["name"] for row in read(path)[0]] == ["甲", "乙"]


@pytest.mark.parametrize(
    ("line", "column", "reason", "kept"),
    [
        (
            csv_text([entry("1" + A[1:] if A[0] != "1" else "2" + A[1:], "甲")]),
            "corporate_number",
            "register.corporate_number_invalid",
            False,
        ),
        (csv_text([entry("123", "甲")]), "corporate_number", "register.corporate_number_invalid", False),
        (csv_text([entry("", "甲")]), "corporate_number", "register.corporate_number_invalid", False),
        (csv_text([entry(A, "")]), "name", "register.empty_name", False),
        (f"1,{A},01\n", None, "register.column_count", False),
        (csv_text([entry(A, "甲�")]), None, "register.damaged_characters", False),
        (f'1,{A},"甲\n', None, "register.broken_row", False),
        (csv_text([entry(A, "甲", close_date="2026-13-01")]), "close_date", "register.invalid_date", True),
    ],
)
def test_a_bad_row_is_named_and_the_rest_goes_on(tmp_path: Path, line: str, column: str | None, reason: str, kept: bool) -> None:
    path = tmp_path / "a.csv"
    path.write_text(csv_text([entry(B, "前")]) + line + csv_text([entry(C, "後")]), encoding="utf-8")
    rows, bad = read(path)
    assert [(fault.row, fault.column, fault.reason, fault.whole_row) for fault in bad] == [(2, column, reason, not kept)]
    assert [row["row_number"] for row in rows] == ([1, 2, 3] if kept else [1, 3])


def test_a_line_beyond_measure_costs_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(csv_text([entry(A, "前")]).encode() + b"x" * 40_000_000 + b"\n" + csv_text([entry(B, "後")]).encode())
    rows, bad = read(path)
    assert [row["name"] for row in rows] == ["前", "後"]
    assert [(fault.row, fault.reason) for fault in bad] == [(2, "register.broken_row")]


@pytest.mark.parametrize("content", [b"PK\x03\x04 no archive", b"no archive at all"])
def test_a_broken_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(content)
    with pytest.raises(RegisterRefused) as refused:
        read(path)
    assert refused.value.reason == "register.broken_archive"


def test_a_truncated_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", csv_text(entry(corporate_number(number), f"会社{number}") for number in range(500)))
    content = bytearray(path.read_bytes())
    content[200:260] = b"\0" * 60
    path.write_bytes(bytes(content))
    with pytest.raises(RegisterRefused):
        read(path)


@given(st.lists(st.integers(0, 9_999_999_999_999), min_size=1, max_size=30))
def test_check_digits_agree_with_the_published_rule(tmp_path_factory: pytest.TempPathFactory, numbers: list[int]) -> None:
    texts = [f"{number:013d}" for number in numbers]
    path = tmp_path_factory.mktemp("register") / "a.csv"
    path.write_text(csv_text(entry(text, "甲") for text in texts), encoding="utf-8")
    assert [row["corporate_number"] for row in read(path)[0]] == [text for text in texts if cn.is_valid(text)]


def test_the_newest_full_file_of_each_scope_counts_and_then_the_differences() -> None:
    names = [
        "diff_20261102.zip", "31_tottori_all_20260930.csv", "31_tottori_all_20261030.zip", "13_tokyo_all_20260930.csv",
        "diff_20261030.csv", "register.csv",
    ]  # fmt: skip
    found = newest(Path(name) for name in names)
    assert [file.path.name for file in found if file.is_full] == [
        "register.csv",
        "13_tokyo_all_20260930.csv",
        "31_tottori_all_20261030.zip",
    ]
    assert [file.path.name for file in found if not file.is_full] == ["diff_20261030.csv", "diff_20261102.zip"]
    assert RegisterFile.of(Path("diff_20261102.zip")).date == "20261102"
