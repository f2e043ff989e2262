"""Which files a pattern means."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

from connectors.partner_files import display_name, matching_files


def test_the_newest_comes_last_by_name_with_numbers_as_numbers(tmp_path: Path) -> None:
    for name in ("取引先一覧_10.csv", "取引先一覧_9.csv", "取引先一覧.txt", "~$取引先一覧_11.csv", ".取引先一覧_12.csv"):
        (tmp_path / name).write_text("x")
    assert [path.name for path in matching_files(f"{tmp_path}/取引先一覧*.csv")] == ["取引先一覧_9.csv", "取引先一覧_10.csv"]


def test_names_in_decomposed_form_are_found(tmp_path: Path) -> None:
    (tmp_path / unicodedata.normalize("NFD", "案件ガイド.csv")).write_text("x")
    (found,) = matching_files(f"{tmp_path}/案件ガ*.csv")
    assert display_name(found, f"{tmp_path}/案件ガ*.csv") == "案件ガイド.csv"


def test_folders_may_be_part_of_the_pattern(tmp_path: Path) -> None:
    for month in ("2026-10", "2026-11"):
        (tmp_path / month).mkdir()
        (tmp_path / month / "list.csv").write_text("x")
    pattern = f"{tmp_path}/*/list.csv"
    assert [display_name(path, pattern) for path in matching_files(pattern)] == ["2026-10/list.csv", "2026-11/list.csv"]


def test_a_plain_path_and_none_at_all(tmp_path: Path) -> None:
    path = tmp_path / "a[1].csv"
    path.write_text("x")
    os.utime(path, (0, 0))
    assert matching_files(str(path)) == [path]
    assert matching_files(str(tmp_path / "nowhere" / "*.csv")) == []
