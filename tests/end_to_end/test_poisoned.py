"""Runs on poisoned data: a brake holds them before the first write, names the cause, and they leave no trace in the memory."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from tests.end_to_end.line import Ended, Line

pytestmark = pytest.mark.full
_REMEMBERED = ("assignments", "map_runs", "map_history", "collisions", "alerts", "account_plans", "plan_files")


def held(ended: Ended) -> str:
    """Why a run was held, having written nothing."""
    assert ended.failure is None
    assert ended.writes == []
    assert ended.metadata["crm_fields"]["fields_written"] == 0
    assert ended.metadata["memory"]["remembered"] is False
    assert ended.metadata["account_plans"]["plans_made"] == 0
    return str(ended.metadata["crm_fields"]["held"])


def memory(line: Line) -> list[object]:
    """What the state remembers of runs, in figures that any change would move."""
    with line.warehouse() as con:
        return [con.execute(f"SELECT count(*), bit_xor(hash(t)) FROM state.{name} AS t").fetchone() for name in _REMEMBERED]


@pytest.fixture(scope="module")
def remembered(line: Line, refreshed: Ended) -> list[object]:
    return memory(line)


@pytest.fixture
def no_trace(line: Line, remembered: list[object]) -> Iterator[None]:
    """Whatever the test poisons, the state remembers afterwards what it did before."""
    yield
    assert memory(line) == remembered


def test_matching_that_takes_every_account_for_one_customer(line: Line, no_trace: None) -> None:
    """As if a person, or a broken model, had joined two thirds of our accounts."""
    with line.warehouse() as con:
        con.execute(
            """
            INSERT INTO state.decisions
            SELECT first, record_id, 'same', 'poison', now(), NULL FROM (
                SELECT record_id, min(record_id) OVER () AS first FROM intermediate.records
                WHERE party = 'us' AND record_id LIKE '%:Account:%' AND corporate_number IS NULL
            ) WHERE record_id <> first
            """
        )
    ended = line.run()
    with line.warehouse() as con:
        con.execute("DELETE FROM state.decisions WHERE decided_by = 'poison'")
    assert "アプローチNG" in held(ended) or "変わります" in held(ended)


def test_a_register_that_is_missing(line: Line, no_trace: None) -> None:
    """The warehouse was lost, and the register's files are gone too."""
    folder = line.stage.world / "register"
    away = folder.rename(folder.with_name("register-away"))
    with line.warehouse() as con:
        con.execute("DELETE FROM raw.company_register")
        con.execute("DELETE FROM raw.register_files")
    try:
        ended = line.run()
    finally:
        away.rename(folder)
    assert "法人番号リストの登録数" in held(ended)


def test_a_clock_that_jumps(line: Line, no_trace: None) -> None:
    ahead = datetime.fromisoformat(line.stage.about["as_of"]) + timedelta(days=800)
    assert "800日" in held(line.run(as_of=ahead))


def test_a_past_moment_is_never_written(line: Line, no_trace: None) -> None:
    past = datetime.fromisoformat(line.stage.about["as_of"]) - timedelta(days=200)
    ended = line.run(as_of=past)
    assert ended.writes == []
    assert ended.failure is not None
    assert "過去の時点は書き込みません" in ended.failure


def test_a_partner_s_empty_list_changes_nothing(line: Line, remembered: list[object]) -> None:
    """It is refused, and the last good one stays."""
    newest = sorted((line.files / "akebono").glob("顧問先*.csv"))[-1]
    content = newest.read_bytes()
    newest.write_bytes(content.splitlines(keepends=True)[0])
    try:
        ended = line.run("akebono")
    finally:
        newest.write_bytes(content)
    assert ended.failure is None
    assert ended.metadata["crm_fields"]["held"] == "none"
    assert ended.metadata["crm_fields"]["fields_written"] == 0


def test_the_next_good_run_writes_nothing(line: Line, remembered: list[object]) -> None:
    ended = line.run()
    assert ended.failure is None
    assert ended.metadata["crm_fields"]["fields_written"] == 0
