"""Files of plans: what a person changed stays, and what we made is renewed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from pipelines.account_plans.files import changed, known, put
from pipelines.settings import Paths
from pipelines.warehouse import Warehouse

NOW = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture
def con(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with Warehouse(Paths(tmp_path / "home", tmp_path / "account_mapping.yaml")).connect() as con:
        yield con


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "plans"


def test_a_file_as_we_made_it_is_renewed(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    for content in (b"first", b"second", b"second"):
        done = put(con, folder, "musashi.pptx", content, NOW)
        assert (done.path, done.left) == (folder / "musashi.pptx", None)
        assert done.path.read_bytes() == content
    assert [path.name for path in folder.iterdir()] == ["musashi.pptx"]
    assert changed(folder, known(con)) == []


def test_a_file_that_a_person_changed_stays_and_the_new_one_goes_beside_it(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    mine = put(con, folder, "musashi.pptx", b"first", NOW).path
    mine.write_bytes(b"what a person wrote")
    done = put(con, folder, "musashi.pptx", b"second", NOW)
    assert (done.path.name, done.left) == ("musashi_new.pptx", mine)
    assert mine.read_bytes() == b"what a person wrote"
    assert changed(folder, known(con)) == [mine]
    again = put(con, folder, "musashi.pptx", b"third", NOW)
    assert again.path == done.path, "the one beside it is ours, and is renewed"


def test_the_file_beside_it_may_be_a_persons_too(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    for content in (b"first", b"second"):
        put(con, folder, "musashi.pptx", content, NOW).path.write_bytes(b"changed " + content)
    done = put(con, folder, "musashi.pptx", b"third", NOW)
    assert done.path.name == "musashi_new_2.pptx"
    assert (folder / "musashi_new.pptx").read_bytes() == b"changed second"


def test_a_file_that_we_never_made_is_a_persons(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    folder.mkdir()
    (folder / "musashi.pptx").write_bytes(b"brought along")
    assert put(con, folder, "musashi.pptx", b"ours", NOW).path.name == "musashi_new.pptx"
    assert (folder / "musashi.pptx").read_bytes() == b"brought along"


def test_a_replay_of_an_earlier_day_leaves_the_newer_file(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    newer = put(con, folder, "musashi.pptx", b"newer", NOW).path
    earlier = put(con, folder, "musashi.pptx", b"earlier", NOW - timedelta(days=9))
    assert (earlier.path.name, earlier.left) == ("musashi_new.pptx", newer)
    assert newer.read_bytes() == b"newer"
    assert changed(folder, known(con)) == [], "nobody changed it"


def test_a_deleted_file_is_made_anew_and_counts_as_changed_no_more(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    path = put(con, folder, "musashi.pptx", b"first", NOW).path
    path.write_bytes(b"changed")
    path.unlink()
    assert changed(folder, known(con)) == []
    assert put(con, folder, "musashi.pptx", b"second", NOW).path == path


def test_killed_after_or_before_a_file_was_replaced_it_is_still_ours(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    path = put(con, folder, "musashi.pptx", b"first", NOW).path
    put(con, folder, "musashi.pptx", b"second", NOW)
    path.write_bytes(b"first")  # the digest was noted, the file not replaced yet
    assert changed(folder, known(con)) == []
    later = put(con, folder, "musashi.pptx", b"third", NOW + timedelta(days=1))
    assert (later.path, later.left) == (path, None)


def test_once_the_changed_file_is_moved_away_nothing_of_ours_is_left_beside_the_new_one(
    con: duckdb.DuckDBPyConnection, folder: Path
) -> None:
    mine = put(con, folder, "musashi.pptx", b"first", NOW).path
    mine.write_bytes(b"what a person wrote")
    put(con, folder, "musashi.pptx", b"second", NOW)
    mine.rename(folder / "kept by me.pptx")
    assert put(con, folder, "musashi.pptx", b"third", NOW).path == mine
    assert sorted(path.name for path in folder.iterdir()) == ["kept by me.pptx", "musashi.pptx"]
