"""Goals and steps as drafted, with what people wrote of them: theirs come first, and what they say is kept word for word.

Belongs here: whose goal and step it is. Does not: drafting (``drafts/``), reading the file (``load.py``), counting. Pure.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator
from datetime import date

from pipelines.account_plans.drafts.goals import due_on, goal_id
from pipelines.account_plans.planned import Planned, PlannedGoal, PlannedMove
from pipelines.account_plans.written.models import Written, WrittenGoal, WrittenMove
from pipelines.account_plans.written.slots import goal_slot, move_slot


def merged(drafted: Planned, written: Written, period: str, starts_on: date) -> Planned:
    """The quarter's plan: a written goal stands instead of the drafted one of its month; a written step with a drafted one's id
    says who, until when, done or dropped; further written steps come after the drafted ones, unless they were done before."""
    goals = {goal.month: goal for goal in drafted.goals}
    goals |= {goal.month: _own_goal(goal, period, starts_on) for goal in written_goals(written, period)}
    moves = [*noted(drafted.moves, written), *_own_moves(drafted, written, period, starts_on)]
    return Planned(
        tuple(_goal_in_own_words(goals[month], written) for month in sorted(goals)),
        tuple(_move_in_own_words(move, written) for move in moves),
    )


def written_goals(written: Written, period: str) -> list[WrittenGoal]:
    """Those of that quarter: of a month, the one that names the quarter before the one for every quarter."""
    of_every = {goal.month: goal for goal in written.goals if goal.period is None}
    return list((of_every | {goal.month: goal for goal in written.goals if goal.period == period}).values())


def move_id(move: WrittenMove) -> str:
    """Its own, or one that stays the same as long as its words do."""
    return move.id or f"own-{hashlib.sha256((move.text or '').strip().encode()).hexdigest()[:8]}"


def noted(moves: tuple[PlannedMove, ...], written: Written) -> tuple[PlannedMove, ...]:
    """The steps with what people wrote of them by their id."""
    said = {move_id(move): move for move in written.moves}
    return tuple(_noted(move, said[move.id]) if move.id in said else move for move in moves)


def _noted(move: PlannedMove, said: WrittenMove) -> PlannedMove:
    return dataclasses.replace(
        move,
        words=said.text.strip() if said.text else move.words,
        owner=said.owner or move.owner,
        due_on=said.due or move.due_on,
        done_on=said.done or move.done_on,
        dropped=said.dropped or move.dropped,
    )


def _own_goal(goal: WrittenGoal, period: str, starts_on: date) -> PlannedGoal:
    due = due_on(starts_on, goal.month)
    return PlannedGoal(goal_id(period, goal.month), goal.month, due, goal.measure, goal.target, words=goal.text.strip())


def _own_moves(drafted: Planned, written: Written, period: str, starts_on: date) -> Iterator[PlannedMove]:
    known = {move.id for move in drafted.moves}
    for move in written.moves:
        if move.text is None or move_id(move) in known or (move.done is not None and move.done < starts_on):
            continue
        goal = goal_id(period, move.goal_month) if move.goal_month else None
        words = move.text.strip()
        yield PlannedMove(move_id(move), goal, move.due, move.owner, words=words, done_on=move.done, dropped=move.dropped)


def _goal_in_own_words(goal: PlannedGoal, written: Written) -> PlannedGoal:
    words = written.texts.get(goal_slot(goal.id), "").strip()
    return dataclasses.replace(goal, words=words) if words else goal


def _move_in_own_words(move: PlannedMove, written: Written) -> PlannedMove:
    words = written.texts.get(move_slot(move.id), "").strip()
    return dataclasses.replace(move, words=words) if words else move
