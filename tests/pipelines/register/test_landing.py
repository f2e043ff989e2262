"""The register table holds the newest state of each company that the files tell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.register.landing import RegisterOutcome, land_register
from pipelines.warehouse import DDL
from tests.connectors.register.builder import corporate_number, csv_text, entry

NOW = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
A, B, C, D = (corporate_number(number) for number in (10401000001, 10401000002, 20001000003, 20001000004))


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect()
    connection.execute((DDL / "raw.sql").read_text(encoding="utf-8"))
    yield connection
    connection.close()


def write(folder: Path, name: str, *rows: list[str]) -> None:
    (folder / name).write_bytes(csv_text(rows).encode("cp932"))


def land(con: duckdb.DuckDBPyConnection, folder: Path, run_id: str = "run") -> RegisterOutcome:
    return land_register(con, [f"{folder}/*.csv"], run_id, NOW, "ja")


def names(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    return dict(con.execute("SELECT corporate_number, name FROM raw.company_register").fetchall())


def rejected(con: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    query = "SELECT source, file, row_number, column_name, reason_key, whole_row FROM raw.rejected_rows ORDER BY ALL"
    return con.execute(query).fetchall()


def test_a_full_file_then_differences(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    write(tmp_path, "00_zenkoku_all_20261030.csv", entry(A, "旧社名"), entry(B, "乙"), entry(C, "丙"))
    assert land(con, tmp_path).entries == 3
    later = {"update_date": "2026-11-02", "change_date": "2026-11-01"}
    write(
        tmp_path, "diff_20261102.csv",
        entry(A, "旧社名", latest="0", **later), entry(A, "新社名", process="11", **later),
        entry(B, "乙", process="21", close_date="2026-11-01", close_cause="11", successor=D, **later),
        entry(C, "丙", process="99", **later), entry(D, "丁", **later),
    )  # fmt: skip
    outcome = land(con, tmp_path)
    assert (outcome.files_read, outcome.files_unchanged) == (("diff_20261102.csv",), 1)
    assert names(con) == {A: "新社名", B: "乙", D: "丁"}
    closed = con.execute(
        "SELECT close_date, close_cause, successor_corporate_number FROM raw.company_register WHERE corporate_number = ?", [B]
    ).fetchall()
    assert closed == [(dt.date(2026, 11, 1), "11", D)]


def test_unchanged_files_are_not_read_again(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    write(tmp_path, "13_tokyo_all_20261030.csv", entry(A, "甲"), entry("123", "x"))
    assert land(con, tmp_path).rejected == 1
    before = rejected(con)
    assert land(con, tmp_path, "second") == RegisterOutcome(entries=1, files_unchanged=1)
    assert (
        rejected(con)
        == before
        == [("register", "13_tokyo_all_20261030.csv", 2, "corporate_number", "register.corporate_number_invalid", True)]
    )


def test_a_late_difference_does_not_undo_a_later_change(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    write(tmp_path, "00_zenkoku_all_20261030.csv", entry(A, "新社名", change_date="2026-10-20"))
    land(con, tmp_path)
    write(tmp_path, "diff_20261010.csv", entry(A, "旧社名", change_date="2026-10-05"))
    land(con, tmp_path)
    assert names(con) == {A: "新社名"}


def test_a_newer_full_file_replaces_the_older_one(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    write(tmp_path, "00_zenkoku_all_20260930.csv", entry(A, "甲"), entry(B, "乙"), entry("1", "x"))
    land(con, tmp_path)
    write(tmp_path, "00_zenkoku_all_20261030.csv", entry(A, "甲"))
    land(con, tmp_path)
    assert names(con) == {A: "甲"}
    assert rejected(con) == []
    (tmp_path / "00_zenkoku_all_20260930.csv").unlink()
    assert land(con, tmp_path).files_unchanged == 1


def test_files_of_several_prefectures_stand_side_by_side(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    write(tmp_path, "13_tokyo_all_20261030.csv", entry(A, "甲"))
    write(tmp_path, "31_tottori_all_20261030.csv", entry(B, "乙"))
    assert land(con, tmp_path).entries == 2


def test_a_useless_new_file_leaves_the_last_good_state(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    write(tmp_path, "00_zenkoku_all_20260930.csv", entry(A, "甲"))
    land(con, tmp_path)
    (tmp_path / "00_zenkoku_all_20261030.csv").write_bytes(b"<html>maintenance</html>\n")
    outcome = land(con, tmp_path)
    assert names(con) == {A: "甲"}
    assert len(outcome.faults) == 1
    assert "30項目" in outcome.faults[0]
    assert land(con, tmp_path).entries == 1
    assert rejected(con) == [("register", "00_zenkoku_all_20261030.csv", None, None, "register.no_entries", True)]


def test_a_pattern_without_files_is_named_until_one_is_there(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    pattern = f"{tmp_path}/*.csv"
    for _ in range(2):
        outcome = land(con, tmp_path)
        assert pattern in outcome.faults[0]
        assert rejected(con) == [("register", pattern, None, None, "register.file_not_found", True)]
    write(tmp_path, "a.csv", entry(A, "甲"))
    assert land(con, tmp_path).faults == ()
    assert rejected(con) == []
