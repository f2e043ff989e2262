"""Goals and steps as planned, told in one language with what has come of them.

Belongs here: their figures, state and words. Does not: counting (``gather/measures.py``), or what is planned. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pipelines.account_plans.drafts.pen import Clause, Pen
from pipelines.account_plans.figure import Figure, Source, Unit
from pipelines.account_plans.plan import Goal, Move, Sentence
from pipelines.account_plans.planned import PlannedGoal, PlannedMove
from pipelines.account_plans.written.slots import goal_slot, move_slot
from pipelines.texts import catalogue

UNITS: Mapping[str, Unit] = {
    "introductions_requested": "introductions",
    "introductions_met": "introductions",
    "registrations": "registrations",
    "open_deals": "deals",
    "won_deals": "deals",
    "won_amount": "money",
    "meetings": "activities",
}
"""Measure of a goal -> what it counts."""


@dataclass(frozen=True)
class Counted:
    """What happened towards a goal: from the plan's first day on, and over the equally long time before it."""

    now: float
    before: float


@dataclass(frozen=True)
class Teller:
    """Tells goals and steps of one partner as of one day."""

    pen: Pen
    partner: str
    as_of: date

    def goal(self, goal: PlannedGoal, starts_on: date, counted: Counted) -> Goal:
        """Met once the target is reached by its day, missed once that day is over without it."""
        before = self._figure(goal, "before", counted.before, self._events(starts_on))
        now = self._figure(goal, "now", counted.now, self._events(self.as_of))
        start = self._figure(goal, "start", 0.0, self._events(starts_on))
        target = self._target(goal, starts_on, before)
        state = self._state(goal, counted)
        words = self._goal_words(goal, {"target": target, "before": before} | self._estimate(goal, starts_on))
        return Goal(goal.id, goal.month, goal.due_on, words, start, now, target, state)

    def moves(self, moves: Iterable[PlannedMove]) -> tuple[Move, ...]:
        """Those that were not dropped, in their order."""
        return tuple(self._move(move) for move in moves if not move.dropped)

    def _state(self, goal: PlannedGoal, counted: Counted) -> Literal["open", "met", "missed"]:
        if counted.now >= goal.target:
            return "met"
        return "missed" if self.as_of > goal.due_on else "open"

    def _move(self, move: PlannedMove) -> Move:
        owner = move.owner or (self.pen.words(move.owner_key) if move.owner_key else None)
        return Move(move.id, move.goal_id, self._move_words(move), owner, move.due_on, move.done_on)

    def _goal_words(self, goal: PlannedGoal, figures: Mapping[str, Figure]) -> Sentence:
        slot = goal_slot(goal.id)
        if goal.words is not None or goal.text_key is None:
            return Sentence(slot, goal.words or "", written=True)
        keys = {name: self.pen.words(key) for name, key in goal.keys.items()}
        template = catalogue()[goal.text_key][self.pen.language]
        used = {name: figure for name, figure in figures.items() if f"{{{name}}}" in template}
        return self.pen.sentence(slot, [Clause(goal.text_key, used, keys)])

    def _move_words(self, move: PlannedMove) -> Sentence:
        slot = move_slot(move.id)
        if move.words is not None or move.text_key is None:
            return Sentence(slot, move.words or "", written=True)
        keys = {name: self.pen.words(key) for name, key in move.keys.items()}
        return self.pen.sentence(slot, [Clause(move.text_key, words=keys | dict(move.names))])

    def _target(self, goal: PlannedGoal, starts_on: date, before: Figure) -> Figure:
        """A person's, or a proposed one that tells how it came about."""
        if goal.text_key is None:
            return self._figure(goal, "target", goal.target, Source("person", f"{self.partner}.yaml", None))
        formula = ("plan.goal.formula.target", {"before": self.pen.told(before)})
        return self._figure(goal, "target", goal.target, self._events(starts_on), *formula)

    def _estimate(self, goal: PlannedGoal, starts_on: date) -> dict[str, Figure]:
        if goal.estimate is None:
            return {}
        source = Source("map", "marts.plan_potential", starts_on)
        return {"estimate": self._figure(goal, "estimate", goal.estimate, source, "plan.goal.formula.estimate", {})}

    def _figure(
        self,
        goal: PlannedGoal,
        part: str,
        value: float,
        source: Source,
        formula: str | None = None,
        filled: Mapping[str, str] | None = None,
    ) -> Figure:
        values = {"measure": self.pen.words(f"plan.goal.measure.{goal.measure}"), "day": self.pen.day(goal.due_on)}
        key, label = f"goal.{goal.id}.{part}", f"plan.goal.label.{part}"
        return Figure(key, label, value, UNITS[goal.measure], source, values, formula, filled or {})

    @staticmethod
    def _events(on: date) -> Source:
        return Source("map", "marts.plan_events", on)
