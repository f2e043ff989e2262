"""Three goals of a quarter, one for each month: concrete, counted by ``marts.plan_events``, and modest.

Belongs here: which goals, and how much. Does not: reading what they rest on (``gather/ground.py``), or telling them
(``telling.py``). Pure.

An active partner goes from introductions asked for, through meetings held, to deals. One that is asleep is woken first; one
without a contract, or without anything to introduce, is met first.
"""

from __future__ import annotations

import calendar
import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from pipelines.account_plans.planned import MONTHS, Month, PlannedGoal

_A_LITTLE_MORE = 1.2
"""A target against what happened over the equally long time before."""
_QUARTERS = 4


@dataclass(frozen=True)
class IntroductionCell:
    """The cell of the map where introductions promise most. ``direction``: ``to_us`` or ``to_partner``."""

    direction: str
    our_status: str
    partner_status: str
    companies: int


@dataclass(frozen=True)
class Ground:
    """What goals rest on, as of the day of the draft. ``before``: (measure, months) -> what happened in as many months before."""

    stage: str
    state: str
    has_list: bool
    best: IntroductionCell | None = None
    waiting: int = 0
    """Introductions asked for that have not led to a meeting yet."""
    sells: bool = False
    """Whether we had a deal through this partner within the last 12 months."""
    open_estimate: float | None = None
    """Deals a year (試算) out of the cells where we have an open deal."""
    new_estimate: float | None = None
    """Deals a year (試算) out of the cells where the company is a target of ours."""
    before: Mapping[tuple[str, int], int] = field(default_factory=dict)


def goal_id(period: str, month: int) -> str:
    """The goal of that month of that quarter: 2026q3-1."""
    return f"{period.replace('-', '').lower()}-{month}"


def due_on(starts_on: date, month: int) -> date:
    """The last day of that month of the plan, counted from its first day: 1 October and month 1 make 31 October."""
    years, index = divmod(starts_on.month - 1 + month, 12)
    first = date(starts_on.year + years, index + 1, 1)
    last = calendar.monthrange(first.year, first.month)[1]
    return first.replace(day=last) if starts_on.day > last else first.replace(day=starts_on.day) - timedelta(days=1)


def goals_of(ground: Ground, period: str, starts_on: date) -> tuple[PlannedGoal, ...]:
    """One goal for each month, 1 to 3."""
    draft = _Draft(ground, period, starts_on)
    if ground.stage == "prospective":
        return _before_a_contract(draft)
    if ground.state == "ghost":
        return _after_a_silence(draft)
    if ground.best is None:
        return tuple(draft.meetings(month, "next" if ground.has_list else "list") for month in MONTHS)
    return _introductions_to_deals(draft)


@dataclass(frozen=True)
class _Draft:
    ground: Ground
    period: str
    starts_on: date

    def goal(self, month: Month, measure: str, target: int, kind: str, estimate: float | None = None, **keys: str) -> PlannedGoal:
        goal, due = goal_id(self.period, month), due_on(self.starts_on, month)
        return PlannedGoal(goal, month, due, measure, float(target), f"plan.goal.{kind}", keys, estimate)

    def more(self, measure: str, month: int, floor: int, ceiling: int) -> int:
        """A little more than before, at least ``floor`` and, before that, at most ``ceiling``."""
        before = self.ground.before.get((measure, month), 0)
        return max(1, min(ceiling, max(floor, math.ceil(before * _A_LITTLE_MORE))))

    def meetings(self, month: Month, kind: str) -> PlannedGoal:
        return self.goal(month, "meetings", self.more("meetings", month, month, 2 * month), f"meetings.{kind}")

    def requested(self, month: Month, floor: int) -> PlannedGoal:
        best = self.ground.best
        assert best is not None
        target = self.more("introductions_requested", month, floor, best.companies)
        ours, theirs = f"status.{best.our_status}", f"status.{best.partner_status}"
        return self.goal(month, "introductions_requested", target, f"requested.{best.direction}", ours=ours, theirs=theirs)

    def met(self, month: Month, floor: int, asked: int) -> PlannedGoal:
        target = self.more("introductions_met", month, floor, asked + self.ground.waiting)
        return self.goal(month, "introductions_met", target, "met")


def _before_a_contract(draft: _Draft) -> tuple[PlannedGoal, ...]:
    last = draft.meetings(3, "contract")
    if draft.ground.has_list:
        last = draft.goal(3, "introductions_requested", 1, "requested.first")
    return (draft.meetings(1, "contract"), draft.meetings(2, "contract"), last)


def _after_a_silence(draft: _Draft) -> tuple[PlannedGoal, ...]:
    first = draft.meetings(1, "revive")
    if draft.ground.best is None:
        return (first, draft.meetings(2, "next"), draft.meetings(3, "next"))
    asked = draft.requested(2, 2)
    return (first, asked, draft.met(3, 1, int(asked.target)))


def _introductions_to_deals(draft: _Draft) -> tuple[PlannedGoal, ...]:
    asked = draft.requested(1, 3)
    met = draft.met(2, 2, int(asked.target))
    return (asked, met, _deals(draft) if draft.ground.sells else _further_met(draft, asked, met))


def _deals(draft: _Draft) -> PlannedGoal:
    """Deals won where we have some to win, else deals opened: a quarter of the estimate at most."""
    won = _a_quarter(draft.ground.open_estimate)
    if won:
        return _within(draft, "won_deals", won, draft.ground.open_estimate)
    return _within(draft, "open_deals", _a_quarter(draft.ground.new_estimate), draft.ground.new_estimate)


def _within(draft: _Draft, measure: str, ceiling: int, estimate: float | None) -> PlannedGoal:
    target, wanted = (draft.more(measure, 3, 2, most) for most in (ceiling or 1, sys.maxsize))
    if estimate and target < wanted:
        return draft.goal(3, measure, target, f"{measure}.estimate", estimate=estimate)
    return draft.goal(3, measure, target, measure)


def _a_quarter(estimate: float | None) -> int:
    return math.floor((estimate or 0) / _QUARTERS)


def _further_met(draft: _Draft, asked: PlannedGoal, met: PlannedGoal) -> PlannedGoal:
    """For a partner that sells nothing itself: more of the introductions lead to a meeting, as far as there are more."""
    further = draft.met(3, int(met.target) + 1, int(asked.target))
    return further if further.target > met.target else draft.meetings(3, "next")
