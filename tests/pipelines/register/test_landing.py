"""The register table holds the newest state of each company that the files tell."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.register.landing import RegisterOutcome, land_register
from pipelines.warehouse import DDL
from tests.connectors.register.builder import corporate_number, csv_text, edinet_text, entry, gbizinfo_text

NOW = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(days=1)
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


def seen_names(con: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    query = "SELECT corporate_number, name, process, change_date FROM raw.company_register_names ORDER BY ALL"
    return con.execute(query).fetchall()


def stamps(con: duckdb.DuckDBPyConnection) -> dict[str, dt.datetime]:
    return dict(con.execute("SELECT corporate_number, _synced_at FROM raw.company_register").fetchall())


def test_names_that_entries_had_before_are_kept(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """From a state that is not the latest, from what was held, and from a difference that comes late."""
    first = {"change_date": "2015-10-05", "update_date": "2018-04-02"}
    write(
        tmp_path, "00_zenkoku_all_20260930.csv",
        entry(A, "甲一", latest="0", **first), entry(A, "甲二", process="11", change_date="2020-04-01"),
        entry(B, "乙一", **first), entry(C, "丙", **first),
    )  # fmt: skip
    land(con, tmp_path)
    renamed = {"process": "11", "change_date": "2026-10-30", "update_date": "2026-11-02"}
    write(tmp_path, "diff_20261102.csv", entry(B, "乙三", **renamed))
    land(con, tmp_path)
    late = {"process": "11", "change_date": "2022-01-01", "update_date": "2022-01-09"}
    write(tmp_path, "diff_20220109.csv", entry(B, "乙二", **late))
    land(con, tmp_path)
    assert names(con) == {A: "甲二", B: "乙三", C: "丙"}
    assert seen_names(con) == sorted(
        [
            (A, "甲一", "01", dt.date(2015, 10, 5)), (A, "甲二", "11", dt.date(2020, 4, 1)),
            (B, "乙一", "01", dt.date(2015, 10, 5)), (B, "乙二", "11", dt.date(2022, 1, 1)),
            (B, "乙三", "11", dt.date(2026, 10, 30)),
        ]
    )  # fmt: skip


@pytest.mark.parametrize("together", [True, False])
def test_former_names_survive_a_new_full_file(con: duckdb.DuckDBPyConnection, tmp_path: Path, together: bool) -> None:
    """The old full file tells them, whether it was read in its time or is only laid beside the new one."""
    write(tmp_path, "00_zenkoku_all_20260930.csv", entry(A, "甲"), entry(B, "乙"))
    if not together:
        land(con, tmp_path)
    later = {"process": "11", "update_date": "2026-10-20", "change_date": "2026-10-15"}
    write(tmp_path, "00_zenkoku_all_20261030.csv", entry(A, "新甲", **later))
    for _ in range(2):
        outcome = land(con, tmp_path)
        assert names(con) == {A: "新甲"}
        assert [row[:2] for row in seen_names(con)] == sorted([(A, "新甲"), (A, "甲")])
    assert outcome.files_read == ()


def test_what_has_not_changed_keeps_its_stamp(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    write(tmp_path, "00_zenkoku_all_20260930.csv", entry(A, "甲"), entry(B, "乙"))
    land(con, tmp_path)
    write(tmp_path, "00_zenkoku_all_20261030.csv", entry(A, "甲"), entry(B, "乙", street="芝２－２"), entry(C, "丙"))
    land_register(con, [f"{tmp_path}/*"], "second", LATER, "ja")
    assert stamps(con) == {A: NOW, B: LATER, C: LATER}


def test_closed_with_a_successor_and_a_late_difference(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    write(tmp_path, "00_zenkoku_all_20261030.csv", entry(A, "甲"), entry(B, "乙"), entry(C, "丙"))
    day = {"update_date": "2026-11-02", "change_date": "2026-11-01"}
    closed = {"process": "21", "close_date": "2026-11-01", "close_cause": "11"}
    write(
        tmp_path, "diff_20261102.csv", entry(A, "甲", successor=B, **closed, **day), entry(B, "乙", successor=C, **closed, **day)
    )
    land(con, tmp_path)
    # told later of an earlier day, then told later and updated later: only the second counts
    write(tmp_path, "diff_20261101.csv", entry(A, "甲", process="12", update_date="2026-11-01", change_date="2026-11-01"))
    write(
        tmp_path,
        "diff_20261103.csv",
        entry(B, "乙", process="12", street="芝２", update_date="2026-11-03", change_date="2026-10-01"),
    )
    land(con, tmp_path)
    query = "SELECT corporate_number, close_date, successor_corporate_number, street FROM raw.company_register ORDER BY name"
    assert con.execute(query).fetchall() == [
        (C, None, None, "丸の内１－１"),
        (B, None, None, "芝２"),
        (A, dt.date(2026, 11, 1), B, "丸の内１－１"),
    ]


def test_lists_of_several_days_are_states_with_their_days(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """In whatever order they come, under whatever file name; a list that changes replaces nothing of other days."""

    def lay(name: str, day: str, *companies: dict[str, str]) -> None:
        (tmp_path / name).write_bytes(edinet_text(day, *companies).encode("cp932"))

    lay("EdinetcodeDlInfo.csv", "2023年10月31日", {"corporate_number": A, "name": "新甲"}, {"submitter": "外国法人・組合"})
    assert land(con, tmp_path).left_out == {"外国法人・組合": 1}
    lay("EdinetcodeDlInfo_old.csv", "2021年10月23日", {"name": "甲"})
    lay("EdinetcodeDlInfo.csv", "2025年10月31日", {"corporate_number": A, "name": "新甲"})
    for _ in range(2):
        land(con, tmp_path)
        states = con.execute(
            "SELECT name, corporate_number, first_listed_on, last_listed_on FROM raw.edinet_companies ORDER BY ALL"
        )
        assert states.fetchall() == [
            ("新甲", A, dt.date(2023, 10, 31), dt.date(2025, 10, 31)),
            ("甲", None, dt.date(2021, 10, 23), dt.date(2021, 10, 23)),
        ]


def test_a_list_that_is_of_no_use_leaves_what_was_read(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    path = tmp_path / "EdinetcodeDlInfo.csv"
    path.write_bytes(edinet_text("2023年10月31日", {"corporate_number": A}).encode("cp932"))
    land(con, tmp_path)
    path.write_bytes(edinet_text("昨日", {"corporate_number": B}).encode("cp932"))
    (fault,) = land(con, tmp_path).faults
    assert fault.startswith("EdinetcodeDlInfo.csv: EDINET コードリストの1行目に日付がありません")
    assert con.execute("SELECT corporate_number FROM raw.edinet_companies").fetchall() == [(A,)]


def test_the_newest_row_of_gbizinfo_counts(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    def lay(name: str, *companies: dict[str, str]) -> None:
        (tmp_path / name).write_text(gbizinfo_text(*companies), encoding="utf-8")

    first = {"法人番号": A, "法人名": "甲", "最終更新日": "2025-01-01"}
    lay("Kihonjoho_1.csv", {**first, "企業ホームページ": "a.jp"}, {**first, "法人番号": B}, {**first, "法人番号": C})
    land(con, tmp_path)
    lay(
        "Kihonjoho_2.csv",
        {**first, "企業ホームページ": "b.jp", "最終更新日": "2026-01-01"},
        {**first, "法人番号": B, "最終更新日": "2026-01-01"},
        {**first, "法人番号": C, "企業ホームページ": "old.jp", "最終更新日": "2024-01-01"},
    )
    land_register(con, [f"{tmp_path}/*"], "second", LATER, "ja")
    held = dict(con.execute("SELECT corporate_number, (website, _synced_at) FROM raw.gbizinfo_companies").fetchall())
    assert held == {A: ("b.jp", LATER), B: (None, NOW), C: (None, NOW)}


def test_our_own_names_end_with_their_file(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    path = tmp_path / "別名.csv"
    path.write_text(
        f"法人番号,別名,種別,開始日\n{A},アオバ,略称,令和2年4月1日\n{B},ベニ,屋号,いつか\n{C},,屋号,\n", encoding="utf-8"
    )
    assert land(con, tmp_path).rejected == 1
    query = "SELECT corporate_number, alias, kind, valid_from FROM raw.company_aliases ORDER BY alias"
    assert con.execute(query).fetchall() == [(A, "アオバ", "short", dt.date(2020, 4, 1)), (B, "ベニ", "trade", None)]
    assert rejected(con) == [
        ("register", "別名.csv", 3, "valid_from", "register.invalid_date", False),
        ("register", "別名.csv", 4, "alias", "register.alias_empty", True),
    ]
    path.unlink()
    write(tmp_path, "diff_20261102.csv")
    land(con, tmp_path)
    assert con.execute(query).fetchall() == rejected(con) == []


def test_each_file_is_told_by_its_content(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """The four kinds under names that say nothing, and a note beside them."""
    write(tmp_path, "1.csv", entry(A, "甲"))
    (tmp_path / "2.csv").write_bytes(edinet_text("2023年10月31日", {"corporate_number": A}).encode("cp932"))
    (tmp_path / "3.csv").write_bytes(gbizinfo_text({"法人番号": A, "法人名": "甲"}).encode("cp932"))
    (tmp_path / "4.csv").write_bytes(f"法人番号,別名\n{A},アオバ\n".encode("cp932"))
    (tmp_path / "5.csv").write_text("これは何でもない", encoding="utf-8")
    outcome = land(con, tmp_path)
    assert set(outcome.files_read) == {"1.csv", "2.csv", "3.csv", "4.csv"}
    assert [fault.partition(":")[0] for fault in outcome.faults] == ["5.csv"]
    kinds = dict(con.execute("SELECT file, content FROM raw.register_files").fetchall())
    assert kinds == {"1.csv": "register", "2.csv": "edinet", "3.csv": "gbizinfo", "4.csv": "aliases"}
    assert land(con, tmp_path).files_unchanged == 4


def test_a_landing_that_breaks_off_leaves_nothing(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    write(tmp_path, "1.csv", entry(A, "甲"))
    con.execute("ALTER TABLE raw.edinet_companies RENAME TO away")
    (tmp_path / "2.csv").write_bytes(edinet_text("2023年10月31日", {"corporate_number": A}).encode("cp932"))
    with pytest.raises(duckdb.CatalogException):
        land(con, tmp_path)
    assert names(con) == {}
    assert con.execute("SELECT * FROM raw.register_files").fetchall() == []


STATES = st.lists(
    st.tuples(st.sampled_from([A, B]), st.sampled_from("甲乙丙"), st.sampled_from(["", "2026-01-31"]), st.booleans()),
    min_size=1,
    max_size=6,
)


@settings(max_examples=12, deadline=None)
@given(states=STATES, order=st.randoms(use_true_random=False))
def test_differences_give_the_same_in_any_order_and_at_once(
    tmp_path_factory: pytest.TempPathFactory, states: list[tuple[str, str, str, bool]], order: random.Random
) -> None:
    folder = tmp_path_factory.mktemp("register")
    files = []
    for day, (number, name, closed, old) in enumerate(states, start=1):
        told = {"update_date": f"2026-10-{day:02d}", "change_date": f"2026-09-{30 - day:02d}"}
        files.append(f"diff_202610{day:02d}.csv")
        write(folder, files[-1], entry(number, name, close_date=closed, latest="01"[old], **told))
    order.shuffle(files)
    query = "SELECT * EXCLUDE (_synced_at) FROM raw.company_register ORDER BY corporate_number"
    results = []
    for rounds in ([[f"{folder}/*.csv"]], [[f"{folder}/{file}" for file in files[:last]] for last in range(1, len(files) + 1)]):
        with duckdb.connect() as con:
            con.execute((DDL / "raw.sql").read_text(encoding="utf-8"))
            for patterns in rounds:
                land_register(con, patterns, "run", NOW, "ja")
            results.append((con.execute(query).fetchall(), {row[:2] for row in seen_names(con)}))
    assert results[0] == results[1]
