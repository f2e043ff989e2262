"""A quarter is planned once: goals and steps stay, figures move on, people's words are kept, and the next quarter shows it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.account_plans.history.compare import earlier_of
from pipelines.account_plans.history.keep import period_of
from pipelines.account_plans.plan import Plan
from pipelines.account_plans.written.models import Written, WrittenGoal, WrittenMove
from pipelines.registrations import Refused
from tests.pipelines.account_plans.quarter import Quarter

BEGIN = date(2026, 11, 20)
NEXT_DAY, NEXT_QUARTER = date(2026, 11, 21), date(2027, 1, 5)


@pytest.fixture
def quarter() -> Quarter:
    """A reseller with introductions to ask for and deals to win; a deal won twice in the months before."""
    made = Quarter().partner().companies(3, 8, direction="to_us").companies(2, 20)
    return made.happened("won_deals", date(2026, 9, 1), date(2026, 10, 1), amount=500_000.0)


def words(plan: Plan) -> list[str]:
    return [goal.words.words for goal in plan.actions.goals] + [move.words.words for move in plan.actions.moves]


def state(quarter: Quarter) -> list[tuple[object, ...]]:
    return quarter.con.execute("SELECT * FROM state.account_plans ORDER BY ALL").fetchall()


def test_a_run_a_day_later_keeps_goals_and_steps_and_refreshes_figures(quarter: Quarter) -> None:
    first = quarter.run(BEGIN)
    quarter.happened("introductions_requested", BEGIN, NEXT_DAY).happened("won_deals", *[NEXT_DAY] * 9)
    quarter.companies(8, 5, direction="to_us")
    quarter.con.execute("DELETE FROM marts.introduction_proposals WHERE company_id IN ('c3-0', 'c3-1')")
    second = quarter.run(NEXT_DAY)
    assert words(second) == words(first)
    assert [goal.target for goal in second.actions.goals] == [goal.target for goal in first.actions.goals]
    assert [goal.now.value for goal in first.actions.goals] == [0, 0, 0]
    assert [goal.now.value for goal in second.actions.goals] == [2, 0, 9]
    assert second.actions.goals[0].now.source
    assert second.actions.goals[0].now.source.on == NEXT_DAY
    (kept,) = quarter.kept()
    assert (kept.starts_on, kept.drafted_at.date(), kept.refreshed_at.date()) == (BEGIN, BEGIN, NEXT_DAY)


def test_the_same_run_twice_changes_nothing(quarter: Quarter) -> None:
    quarter.run(BEGIN)
    before = state(quarter)
    quarter.run(BEGIN)
    assert state(quarter) == before


def test_a_replay_of_a_past_day_changes_nothing(quarter: Quarter) -> None:
    quarter.run(BEGIN)
    quarter.run(NEXT_DAY)
    before = state(quarter)
    for past in (BEGIN, BEGIN - timedelta(days=5), date(2026, 8, 1), date(2025, 5, 1)):
        quarter.run(past)
        assert state(quarter) == before
    assert quarter.plan(BEGIN - timedelta(days=5)).starts_on == BEGIN - timedelta(days=5)  # knows nothing of what came later


def test_other_figures_of_a_later_run_are_remembered(quarter: Quarter) -> None:
    quarter.run(BEGIN)
    quarter.companies(9, 4)
    quarter.run(NEXT_DAY)
    assert {key: figure.value for key, figure in quarter.kept()[0].figures.items()} == {
        key: figure.value for key, figure in quarter.plan(NEXT_DAY).used.items()
    }


def test_words_that_a_person_wrote_stand_through_runs_and_what_they_replace_comes_back(quarter: Quarter) -> None:
    drafted = quarter.run(BEGIN)
    goal, move = drafted.actions.goals[0].words, drafted.actions.moves[0].words
    own = Written(texts={goal.slot: "Five doors", move.slot: "Call Mr. Sato"})
    for day in (BEGIN, NEXT_DAY, NEXT_DAY + timedelta(days=10)):
        plan = quarter.run(day, own)
        assert (plan.actions.goals[0].words.words, plan.actions.goals[0].words.written) == ("Five doors", True)
        assert (plan.actions.moves[0].words.words, plan.actions.moves[0].words.written) == ("Call Mr. Sato", True)
    assert words(quarter.run(NEXT_DAY + timedelta(days=11))) == words(drafted)


def test_a_goal_of_ours_stands_instead_of_the_drafted_one_and_is_counted(quarter: Quarter) -> None:
    own = WrittenGoal(month=2, text="Win a million", measure="won_amount", target=1_000_000)
    quarter.run(BEGIN, Written(goals=[own]))
    quarter.happened("won_deals", NEXT_DAY, NEXT_DAY, amount=600_000.0)
    goals = quarter.run(NEXT_DAY, Written(goals=[own])).actions.goals
    assert [goal.words.written for goal in goals] == [False, True, False]
    assert (goals[1].words.words, goals[1].now.value, goals[1].state) == ("Win a million", 1_200_000, "met")
    assert goals[1].target.source
    assert goals[1].target.source.trust == "person"
    assert [goal.words.written for goal in quarter.run(NEXT_DAY).actions.goals] == [False] * 3


def test_a_goal_of_another_quarter_does_not_stand_in_this_one(quarter: Quarter) -> None:
    goals = [
        WrittenGoal(period="2026-Q4", month=1, text="Next", measure="meetings", target=1),
        WrittenGoal(month=1, text="Always", measure="meetings", target=1),
        WrittenGoal(period="2026-Q3", month=1, text="Now", measure="meetings", target=1),
    ]
    assert quarter.plan(BEGIN, Written(goals=goals)).actions.goals[0].words.words == "Now"
    assert quarter.plan(BEGIN, Written(goals=goals[:2])).actions.goals[0].words.words == "Always"
    assert quarter.plan(NEXT_QUARTER, Written(goals=goals)).actions.goals[0].words.words == "Next"


def test_steps_are_done_dropped_given_to_somebody_and_added(quarter: Quarter) -> None:
    first, second, *rest = quarter.run(BEGIN).actions.moves
    said = [
        WrittenMove(id=first.id, done=NEXT_DAY, owner="Taro"),
        WrittenMove(id=second.id, dropped=True),
        WrittenMove(text="Lunch with the board", goal_month=1, due=date(2026, 12, 1)),
        WrittenMove(text="Done long ago", done=date(2026, 10, 3)),
    ]
    moves = quarter.run(NEXT_DAY, Written(moves=said)).actions.moves
    assert (moves[0].id, moves[0].done_on, moves[0].owner) == (first.id, NEXT_DAY, "Taro")
    assert [move.id for move in moves[1:-1]] == [move.id for move in rest]
    assert (moves[-1].words.words, moves[-1].goal_id, moves[-1].due_on) == (
        "Lunch with the board",
        "2026q3-1",
        date(2026, 12, 1),
    )
    assert moves[-1].words.written


def test_the_next_quarter_lays_the_last_one_beside_it(quarter: Quarter) -> None:
    first = quarter.run(BEGIN)
    quarter.happened("introductions_requested", NEXT_DAY, NEXT_DAY, NEXT_DAY)
    quarter.run(NEXT_DAY, Written(moves=[WrittenMove(id=first.actions.moves[0].id, done=NEXT_DAY)]))
    quarter.happened("introductions_requested", NEXT_QUARTER).happened("won_deals", *[NEXT_QUARTER] * 3)
    quarter.companies(9, 7)
    plan = quarter.run(NEXT_QUARTER)
    earlier = plan.earlier
    assert earlier
    assert (earlier.period, earlier.starts_on) == ("2026-Q3", BEGIN)
    assert [goal.words for goal in earlier.goals] == [goal.words for goal in first.actions.goals]
    assert [(goal.now.value, goal.state) for goal in earlier.goals] == [(3, "met"), (0, "open"), (3, "met")]
    assert [move.done_on for move in earlier.moves] == [NEXT_DAY, *[None] * (len(first.actions.moves) - 1)]
    assert [goal.id for goal in plan.actions.goals] == ["2026q4-1", "2026q4-2", "2026q4-3"]
    assert plan.starts_on == NEXT_QUARTER
    assert [kept.period for kept in quarter.kept()] == ["2026-Q3", "2026-Q4"]
    assert all(then.key == now.key for then, now in earlier.figures)
    assert earlier.figures


def test_a_goal_is_missed_once_its_day_is_over_and_what_comes_later_does_not_help(quarter: Quarter) -> None:
    due = quarter.run(BEGIN).actions.goals[0].due_on
    quarter.happened("introductions_requested", *[due + timedelta(days=1)] * 5)
    assert quarter.plan(due).actions.goals[0].state == "open"
    after = quarter.plan(due + timedelta(days=1)).actions.goals[0]
    assert (after.now.value, after.state) == (0, "missed")


def test_a_step_that_is_done_after_its_quarter_is_told_beside_it(quarter: Quarter) -> None:
    move = quarter.run(BEGIN).actions.moves[2]
    written = Written(moves=[WrittenMove(id=move.id, done=NEXT_QUARTER)])
    earlier = quarter.plan(NEXT_QUARTER, written).earlier
    assert earlier
    assert {one.id: one.done_on for one in earlier.moves}[move.id] == NEXT_QUARTER


def test_words_of_an_earlier_quarter_are_told_as_they_were_then(quarter: Quarter) -> None:
    own = Written(goals=[WrittenGoal(month=1, text="Five doors", measure="introductions_requested", target=5)])
    quarter.run(BEGIN, own)
    other = Written(goals=[WrittenGoal(month=1, text="Ten doors", measure="introductions_requested", target=10)])
    plan = quarter.run(NEXT_QUARTER, other)
    assert plan.actions.goals[0].words.words == "Ten doors"
    assert plan.earlier
    assert plan.earlier.goals[0].words.words == "Five doors"


def test_a_kept_quarter_is_told_in_the_language_that_is_asked_for(quarter: Quarter) -> None:
    english = quarter.run(BEGIN)
    quarter.language = "ja"
    japanese = quarter.plan(NEXT_DAY)
    assert [goal.target.value for goal in japanese.actions.goals] == [goal.target.value for goal in english.actions.goals]
    assert "紹介" in japanese.actions.goals[0].words.words


def test_a_quarter_that_nobody_remembers_is_named_with_those_that_are(quarter: Quarter) -> None:
    quarter.run(BEGIN)
    with pytest.raises(Refused, match=r"2026-Q3"):
        earlier_of(quarter.con, quarter.kept(), "2026-Q4", Written(), (), NEXT_QUARTER, "en", "JPY", "2025-Q1")
    found = earlier_of(quarter.con, quarter.kept(), "2026-Q4", Written(), (), NEXT_QUARTER, "en", "JPY", "2026-Q3")
    assert found
    assert found.period == "2026-Q3"


@given(day=st.dates(date(2000, 1, 1), date(2100, 12, 1)), month=st.integers(1, 12))
def test_a_fiscal_year_has_four_quarters_of_three_months_from_its_first_month_on(day: date, month: int) -> None:
    begins = date(day.year, month, 1)
    quarters = [period_of(date(begins.year + (month - 1 + i) // 12, (month - 1 + i) % 12 + 1, 1), month) for i in range(12)]
    assert quarters == [f"{begins.year}-Q{i // 3 + 1}" for i in range(12)]
    assert period_of(day, month) == period_of(day.replace(day=1), month)


def test_our_quarters_are_named_by_the_year_in_which_the_fiscal_year_begins() -> None:
    assert [period_of(date(2026, *day), 4) for day in ((3, 31), (4, 1), (11, 20))] == ["2025-Q4", "2026-Q1", "2026-Q3"]
