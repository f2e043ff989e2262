"""A change set that is unlike a normal day's is held before the first write, says why, and is written only as a person saw it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as tries
from hypothesis import strategies as st

from pipelines.gate import GateClosed
from pipelines.settings import Settings
from pipelines.settings.write_back import Brakes
from pipelines.writeback.approval import NotApproved, approve, is_held
from pipelines.writeback.brakes import tripped
from pipelines.writeback.change_set import TargetCounts
from pipelines.writeback.journal import Target
from tests.pipelines.writeback.conftest import SETTINGS, Desk

NOW = datetime(2026, 11, 20, tzinfo=UTC)
BRAKES = Brakes()
ACCOUNTS = Target("sales", "Account")
CHILD = Target("sales", "Totsugo_Account_Map__c")
_NOTHING = {"changed": 0, "removed": 0, "fields": 0, "flags_set": 0, "flags_cleared": 0, "conflicts": 0, "held": 0}


def count(target: Target = ACCOUNTS, wanted: int = 1000, sent: int = 1000, **counts: int) -> TargetCounts:
    return TargetCounts(target, wanted, sent, **{**_NOTHING, **counts}, recovered=0, skipped=None)


def names(*counts: TargetCounts, last: datetime | None = NOW) -> list[str]:
    return [entry.name for entry in tripped(counts, BRAKES, NOW, last)]


@pytest.mark.parametrize(
    ("counts", "found"),
    [
        (count(changed=300), []),
        (count(changed=301), ["changed"]),
        (count(changed=51, flags_set=51), ["flags_set"]),
        (count(changed=51, flags_cleared=51), ["flags_cleared"]),
        (count(CHILD, wanted=0, changed=1000, removed=1000), ["changed", "removed"]),
        (count(wanted=30, sent=30, changed=19, flags_set=19), []),
        (count(wanted=30, sent=30, changed=20, flags_set=20), ["changed", "flags_set"]),
        (count(sent=0, changed=1000), ["first_fill"]),
        (count(sent=0), []),
        (count(CHILD, wanted=200_001, sent=200_000, changed=1), ["child_rows"]),
    ],
)
def test_each_brake(counts: TargetCounts, found: list[str]) -> None:
    assert names(counts) == found


def test_a_clock_that_is_ahead_trips_only_where_something_would_be_written() -> None:
    assert names(count(changed=1), last=NOW - timedelta(days=46)) == ["clock"]
    assert names(count(changed=1), last=NOW - timedelta(days=45)) == []
    assert names(count(), last=NOW - timedelta(days=400)) == []


_TOTALS = st.integers(min_value=1, max_value=300_000)
_LIMITS = {"flags_set": 0.05, "flags_cleared": 0.05, "removed": 0.2, "changed": 0.3}


@tries(max_examples=200)
@given(total=_TOTALS, of=st.fixed_dictionaries({name: st.floats(0, 1) for name in _LIMITS}))
def test_no_set_below_every_threshold_is_held(total: int, of: dict[str, float]) -> None:
    below = {name: int(of[name] * limit * total) for name, limit in _LIMITS.items()}
    assert names(count(wanted=total, sent=total, **below)) == []


@tries(max_examples=200)
@given(total=_TOTALS, name=st.sampled_from(sorted(_LIMITS)), more=st.floats(0, 1))
def test_every_set_above_one_threshold_is_held(total: int, name: str, more: float) -> None:
    least = max(BRAKES.at_least, int(_LIMITS[name] * total) + 1)
    counts = count(wanted=total, sent=total, **{name: least + int(more * total)})
    assert names(counts) == [name]


# Against the CRMs


@pytest.fixture
def poisoned(desk: Desk) -> list[str]:
    """Accounts, of which all are to become no-approach at once, for the register is empty."""
    ids = desk.create(*(f"株式会社{n:02}商事" for n in range(30)))
    for id in ids:
        desk.want(id, next_play="紹介を頼む")
    desk.run()
    for id in ids:
        desk.want(id, partner_approach="no_approach", no_approach=True, next_play="紹介を頼む")
    desk.con.execute("UPDATE marts.run_measures SET value = 0")
    return ids


def changes_of_ours(desk: Desk, after: int = 0) -> list[dict[str, Any]]:
    us = desk.crms["sales"].identity().user_id
    return [c for c in desk.orgs["sales"].changes(after=after) if c["user_id"] == us]


def newest(desk: Desk) -> int:
    return int(desk.orgs["sales"].changes()[-1]["seq"])


@pytest.mark.parametrize(
    ("language", "flags", "cause"),
    [
        (
            "ja",
            "sales Account：30件のうち30件（100.0%）が新たにアプローチNGになります",
            "取り込み元のデータが大きく減っています：法人番号リストの登録数が5,000から0に変わりました",
        ),
        (
            "en",
            "sales Account: 30 of 30 records (100.0%) would become no-approach",
            "entries in the company register went from 5,000 to 0",
        ),
    ],
)
def test_a_poisoned_run_writes_nothing_and_names_the_cause(
    desk: Desk, poisoned: list[str], language: str, flags: str, cause: str
) -> None:
    mark = newest(desk)
    outcome = desk.run(SETTINGS.model_copy(update={"us": SETTINGS.us.model_copy(update={"language": language})}))
    told = "\n".join(outcome.held)
    assert flags in told
    assert cause in told
    assert changes_of_ours(desk, mark) == []
    assert desk.con.execute("SELECT status FROM state.change_sets").fetchall() == [("held",)]


def test_what_is_approved_is_written_exactly_and_once(desk: Desk, poisoned: list[str]) -> None:
    id = desk.run().change_set_id
    planned = desk.con.execute("SELECT record_id, field FROM writeback.changes WHERE verdict = 'write'").fetchall()
    mark = newest(desk)
    approve(desk.con, id, "sato", "確認済み", "ja")
    assert desk.apply().held == []
    names = {"partner_approach": "Totsugo_Partner_Approach__c", "no_approach": "Totsugo_No_Approach__c"}
    written = {(c["id"], c["field"]) for c in changes_of_ours(desk, mark)}
    assert written == {(record, names[field]) for record, field in planned}
    with pytest.raises(NotApproved, match="すでに書き込み済み"):
        approve(desk.con, id, "sato", None, "ja")
    assert desk.run().fields_written == 0


def test_a_used_approval_does_not_hold_for_the_same_changes_when_they_come_again(desk: Desk, poisoned: list[str]) -> None:
    id = desk.run().change_set_id
    approve(desk.con, id, "sato", None, "ja")
    desk.orgs["sales"].faults.arm({"kind": "request_limit", "match": "composite/sobjects", "method": "PATCH"})
    assert desk.apply().faults
    desk.orgs["sales"].faults.clear()
    again = desk.run()
    assert (again.change_set_id, bool(again.held)) == (id, True)


def test_what_was_approved_and_written_is_not_held_any_more_until_it_comes_again(desk: Desk, poisoned: list[str]) -> None:
    id = desk.run().change_set_id
    assert is_held(desk.con, SETTINGS)
    approve(desk.con, id, "sato", None, "ja")
    desk.orgs["sales"].faults.arm({"kind": "request_limit", "match": "composite/sobjects", "method": "PATCH"})
    assert desk.apply().faults
    assert not is_held(desk.con, SETTINGS)
    desk.orgs["sales"].faults.clear()
    assert desk.run().change_set_id == id
    assert is_held(desk.con, SETTINGS)


def test_an_approval_is_refused_where_a_person_changed_a_planned_value_or_the_plan_is_another(
    desk: Desk, poisoned: list[str]
) -> None:
    with pytest.raises(NotApproved, match="保留されていません"):
        approve(desk.con, "0123456789", "sato", None, "ja")
    first = desk.run().change_set_id
    approve(desk.con, first, "sato", None, "ja")
    desk.person_sets(poisoned[7], Totsugo_Partner_Approach__c="limited")
    mark = newest(desk)
    with pytest.raises(NotApproved, match="承認後にCRM側の値が変わりました"):
        desk.apply()
    assert changes_of_ours(desk, mark) == []

    second = desk.run().change_set_id
    assert second != first
    with pytest.raises(NotApproved, match=f"現在は {second}"):
        approve(desk.con, first, "sato", None, "ja")
    assert changes_of_ours(desk, mark) == []


def test_a_run_that_shows_the_past_writes_nothing_and_one_too_far_ahead_is_held(desk: Desk) -> None:
    (id,) = desk.create("株式会社甲")
    desk.want(id)
    desk.run()
    desk.want(id, partner_approach="limited")
    mark = newest(desk)
    desk.con.execute("UPDATE config.run SET as_of = as_of + INTERVAL 60 DAY")
    assert "60日進んでいます" in "".join(desk.run().held)
    desk.con.execute("UPDATE config.run SET as_of = as_of - INTERVAL 61 DAY")
    with pytest.raises(GateClosed, match="過去の時点は書き込みません"):
        desk.run()
    assert changes_of_ours(desk, mark) == []


def test_more_child_rows_than_the_cap_are_held(desk: Desk) -> None:
    for id in desk.create("株式会社甲", "株式会社乙", "株式会社丙"):
        desk.want_child(id)
    mark = newest(desk)
    assert "3行になります（上限2行）" in "".join(desk.run(with_brakes(child_rows=2)).held)
    assert changes_of_ours(desk, mark) == []


def with_brakes(**limits: Any) -> Settings:
    brakes = SETTINGS.write_back.brakes.model_copy(update=limits)
    return SETTINGS.model_copy(update={"write_back": SETTINGS.write_back.model_copy(update={"brakes": brakes})})


# The canary

LOOSE = with_brakes(changed_share=1.0, canary=3)


@pytest.fixture
def twelve(desk: Desk) -> list[str]:
    ids = sorted(desk.create(*(f"株式会社{n:02}商事" for n in range(12))))
    for id in ids:
        desk.want(id, next_play="紹介を頼む")
    return ids


def test_a_canary_that_the_crm_changes_by_itself_stops_the_rest(desk: Desk, twelve: list[str]) -> None:
    """As where an automation of the org sets our field to something else."""
    session: Any = desk.crms["sales"]._session  # type: ignore[attr-defined]
    send = session.call

    def automated(method: str, path: str, *rest: Any, **named: Any) -> Any:
        answer = send(method, path, *rest, **named)
        if method == "PATCH":
            desk.person_sets(twelve[1], Totsugo_Next_Play__c="自動処理")
        return answer

    session.call = automated
    desk.want_child(twelve[0])
    (company,) = desk.create_companies("株式会社甲")
    desk.want(company, "marketing")
    outcome = {o.target: o for o in desk.run(LOOSE).targets}
    assert "自動処理" in str(outcome["Account"].stopped)
    assert [bool(desk.account(id)["Totsugo_Next_Play__c"]) for id in twelve] == [True] * 3 + [False] * 9
    assert CHILD.object not in outcome
    assert outcome["companies"].records_changed == 1


def test_a_canary_of_which_all_is_refused_stops_the_rest_and_one_refusal_does_not(desk: Desk, twelve: list[str]) -> None:
    faults = desk.orgs["sales"].faults
    faults.arm({"kind": "validation_rule", "count": 3})
    outcome = {o.target: o for o in desk.run(LOOSE).targets}["Account"]
    assert "FIELD_CUSTOM_VALIDATION_EXCEPTION" in str(outcome.stopped)
    assert outcome.fields_written == 0
    faults.arm({"kind": "validation_rule", "match": twelve[5]})
    outcome = {o.target: o for o in desk.run(LOOSE).targets}["Account"]
    assert outcome.stopped is None
    assert outcome.records_changed == 11


def test_rows_that_are_refused_day_after_day_hold_up_nobody(desk: Desk, twelve: list[str]) -> None:
    for id in twelve[:4]:
        desk.orgs["sales"].faults.arm({"kind": "validation_rule", "match": id})
    desk.run(LOOSE)
    desk.want_child(twelve[0])
    outcome = {o.target: o for o in desk.run(LOOSE).targets}
    assert outcome["Account"].records_changed == 8
    assert outcome[CHILD.object].records_changed == 1
    desk.want_child(twelve[1])
    outcome = {o.target: o for o in desk.run(LOOSE).targets}
    assert (outcome["Account"].stopped, outcome[CHILD.object].records_changed) == (None, 1)
