"""The goals and steps of a quarter: ones that a partner manager would sign, whatever the map knows of the partner."""

from __future__ import annotations

import dataclasses
from collections import Counter
from datetime import date, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.account_plans.drafts.goals import Ground, IntroductionCell, due_on, goals_of
from pipelines.account_plans.drafts.telling import UNITS
from pipelines.account_plans.figure import Figure, Source
from pipelines.account_plans.plan import Acquaintance, Plan
from pipelines.account_plans.planned import MONTHS
from pipelines.account_plans.written.models import Measure
from pipelines.texts import catalogue
from tests.pipelines.account_plans import plans
from tests.pipelines.account_plans.quarter import Quarter

BEGIN = date(2026, 10, 1)
BEFORE = date(2026, 9, 15)
CELLS = st.builds(
    IntroductionCell,
    st.sampled_from(["to_us", "to_partner"]),
    st.sampled_from(["customer", "open_opportunity", "target"]),
    st.sampled_from(["customer", "open_opportunity", "target"]),
    st.integers(1, 500),
)
ESTIMATES = st.none() | st.floats(0, 500)
GROUNDS = st.builds(
    Ground,
    stage=st.sampled_from(["active", "prospective"]),
    state=st.sampled_from(["active", "ghost"]),
    has_list=st.booleans(),
    best=st.none() | CELLS,
    waiting=st.integers(0, 50),
    sells=st.booleans(),
    open_estimate=ESTIMATES,
    new_estimate=ESTIMATES,
    before=st.fixed_dictionaries(
        {measure: st.lists(st.integers(0, 60), min_size=3, max_size=3) for measure in get_args(Measure)}
    ).map(lambda counts: {(measure, month): sum(each[:month]) for measure, each in counts.items() for month in MONTHS}),
)


def signed(plan: Plan) -> list[tuple[str, float | None]]:
    """(what is to be done, how much)."""
    return [(goal.words.words, goal.target.value) for goal in plan.actions.goals]


@given(GROUNDS, st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_there_is_a_goal_for_each_month_that_can_be_counted_and_told(ground: Ground, starts_on: date) -> None:
    goals = goals_of(ground, "2026-Q3", starts_on)
    assert [(goal.id, goal.month) for goal in goals] == [("2026q3-1", 1), ("2026q3-2", 2), ("2026q3-3", 3)]
    assert all(goal.measure in get_args(Measure) and goal.measure in UNITS and goal.text_key in catalogue() for goal in goals)
    assert all(goal.target >= 1 and goal.target.is_integer() for goal in goals)
    assert starts_on < goals[0].due_on < goals[1].due_on < goals[2].due_on


@given(GROUNDS)
def test_goals_are_modest(ground: Ground) -> None:
    """Hardly more than a fifth above what was, but for first steps; never more introductions than there are companies."""
    for goal in goals_of(ground, "2026-Q3", BEGIN):
        before = ground.before.get((goal.measure, goal.month), 0)
        assert goal.target <= max(before * 1.2 + 2, 6)
        if goal.measure == "introductions_requested" and ground.best:
            assert goal.target <= ground.best.companies
        if goal.estimate is not None:
            assert goal.target <= max(goal.estimate / 4, 1)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_a_month_ends_the_day_before_it_begins_anew(starts_on: date) -> None:
    days = [due_on(starts_on, month) for month in MONTHS]
    assert all(
        27 <= (later - sooner).days <= 31 for sooner, later in zip([starts_on - timedelta(days=1), *days], days, strict=False)
    )


def test_months_of_a_quarter_end_with_its_months() -> None:
    assert [due_on(BEGIN, month) for month in MONTHS] == [date(2026, 10, 31), date(2026, 11, 30), date(2026, 12, 31)]
    assert [due_on(date(2026, 11, 20), month) for month in MONTHS] == [date(2026, 12, 19), date(2027, 1, 19), date(2027, 2, 19)]
    assert due_on(date(2026, 12, 31), 2) == date(2027, 2, 28)


def test_a_partner_that_sells_goes_from_introductions_to_deals() -> None:
    quarter = Quarter().partner().companies(3, 9, direction="to_us").companies(2, 44).waiting("a", "b", "c", "d", "e")
    quarter.happened("won_deals", *[BEFORE] * 4).happened("introductions_met", *[BEFORE] * 3)
    assert signed(quarter.plan(BEGIN)) == [
        ("Ask for 3 introductions, first of all where our side says Target and theirs Customer", 3),
        ("Have 4 introductions lead to a meeting", 4),
        ("Win 5 deals with this partner (4 deals over the same time before)", 5),
    ]


def test_what_the_estimate_allows_limits_the_deals() -> None:
    quarter = Quarter().partner().companies(3, 9, direction="to_us").companies(2, 24).happened("won_deals", *[BEFORE] * 9)
    assert signed(quarter.plan(BEGIN))[2] == ("Win 3 deals with this partner (estimate: 12 deals a year)", 3)


def test_without_deals_to_win_deals_are_opened() -> None:
    quarter = Quarter().partner().companies(3, 40, direction="to_us").happened("open_deals", BEFORE)
    assert signed(quarter.plan(BEGIN))[2] == ("Open 2 deals with this partner (1 deal over the same time before)", 2)


def test_an_investor_that_sells_nothing_is_asked_for_meetings_instead_of_deals() -> None:
    quarter = Quarter().partner("investor").companies(3, 5, direction="to_us").waiting("a")
    measures = [goal.measure for goal in quarter.plan(BEGIN).actions.planned.goals]
    assert measures == ["introductions_requested", "introductions_met", "introductions_met"]
    assert [target for _, target in signed(quarter.plan(BEGIN))] == [3, 2, 3]


def test_a_sleeping_partner_is_woken_before_it_is_asked_for_something() -> None:
    plan = Quarter().partner(state="ghost").companies(3, 5, direction="to_us").happened("won_deals", BEFORE).plan(BEGIN)
    assert [words for words, _ in signed(plan)] == [
        "Get back in touch and meet 1 time",
        "Ask for 2 introductions, first of all where our side says Target and theirs Customer",
        "Have 1 introduction lead to a meeting",
    ]
    assert [request.department for request in plan.actions.requests] == ["executives"]


def test_before_a_contract_there_are_meetings_and_a_first_introduction() -> None:
    plan = Quarter().partner("advisor", stage="prospective").companies(3, 5).plan(BEGIN)
    assert [words for words, _ in signed(plan)] == [
        "Meet 1 time about a contract",
        "Meet 2 times about a contract",
        "Ask for 1 introduction, to begin with",
    ]
    assert [request.department for request in plan.actions.requests] == ["executives"]


def test_a_partner_without_a_list_is_asked_for_one_and_nothing_is_made_up() -> None:
    plan = Quarter().partner().plan(BEGIN)
    assert [goal.measure for goal in plan.actions.planned.goals] == ["meetings"] * 3
    assert plan.actions.goals[0].words.words == "Meet 1 time about their list of companies"
    assert plan.actions.moves[0].words.words == "Find out whom to talk to, and ask for a meeting"
    assert plan.actions.requests == ()


def test_a_step_names_the_company_what_to_do_there_by_whom_and_until_when() -> None:
    plan = Quarter().partner().companies(3, 9, direction="to_us").companies(2, 40).happened("won_deals", BEFORE).plan(BEGIN)
    first, second = plan.actions.moves[:2]
    assert first.words.words == "Company 3-0: Have the partner introduce its customer and sell through it"
    assert (first.owner, first.due_on, first.goal_id) == ("Hanako", date(2026, 10, 31), "2026q3-1")
    assert second.owner == "Sales"  # nobody of us has the company
    assert Counter(move.goal_id for move in plan.actions.moves) == {"2026q3-1": 3, "2026q3-2": 1, "2026q3-3": 3}
    assert all(move.owner and move.due_on for move in plan.actions.moves)


def test_a_company_has_one_step() -> None:
    quarter = Quarter().partner().companies(2, 4, direction="to_us").waiting("c2-0").happened("won_deals", BEFORE)
    told = [move.words.words.split(":")[0] for move in quarter.plan(BEGIN).actions.moves]
    assert len(told) == len(set(told))


def test_introductions_that_wait_for_a_meeting_come_first() -> None:
    quarter = Quarter().partner().companies(3, 9, direction="to_us").waiting("Aoi K.K.", "Baba K.K.")
    steps = [move.words.words for move in quarter.plan(BEGIN).actions.moves if move.goal_id == "2026q3-2"]
    assert [step.split(":")[0] for step in steps] == ["Aoi K.K.", "Baba K.K."]


def test_the_one_who_knows_them_best_asks_a_sleeping_partner_for_a_meeting() -> None:
    known = plans.full("en").relations
    ours, theirs = known.ours[1], known.theirs[2]
    meetings = Figure("m", "plan.goal.label.now", 9.0, "activities", Source("map", "marts.plan_acquaintances", BEFORE))
    knows = (Acquaintance(ours.id, theirs.id, "strong", meetings, BEGIN),)
    relations = dataclasses.replace(known, acquaintances=knows)
    move = Quarter(relations=relations).partner(state="ghost").plan(BEGIN).actions.moves[0]
    assert (move.words.words, move.owner) == (f"Ask {theirs.name} for a meeting", ours.name)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_departments_are_asked_for_what_the_map_gives_a_reason_for(language: str) -> None:
    quarter = Quarter(language=language, relations=plans.full(language).relations).partner()
    quarter.companies(9, 3, industry="Retail").companies(9, 5, industry="Mining").companies(6, 2)
    requests = {request.department: request.words for request in quarter.plan(BEGIN).actions.requests}
    assert set(requests) == {"marketing", "support", "executives"}
    assert "Mining" in requests["marketing"].words
    assert [figure.value for figure in (*requests["marketing"].figures, *requests["support"].figures)] == [8, 2]
    known = {one.their_id for one in quarter.relations.acquaintances if one.strength in ("strong", "fair")}
    unknown = [one for one in quarter.relations.theirs if one.role == "decision_maker" and one.id not in known]
    assert unknown
    assert unknown[0].name in requests["executives"].words


def test_every_number_in_a_drafted_sentence_is_one_of_its_figures() -> None:
    quarter = Quarter().partner().companies(3, 9, direction="to_us").companies(2, 24).happened("won_deals", *[BEFORE] * 9)
    for goal in quarter.plan(BEGIN).actions.goals:
        numbers = [word for word in goal.words.words.replace("(", " ").split() if word.isdecimal()]
        assert sorted(numbers) == sorted(f"{figure.value:.0f}" for figure in goal.words.figures)
