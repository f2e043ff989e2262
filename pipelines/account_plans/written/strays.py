"""What people wrote of goals and steps that no plan of the partner has: an id that was mistyped would be lost without a word.

Belongs here: finding them, and saying so. Does not: any other fault of the file (``checks.py``). Pure.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipelines.account_plans.plan import Missing
from pipelines.account_plans.planned import Planned
from pipelines.account_plans.written.models import Written
from pipelines.account_plans.written.slots import goal_of, move_of
from pipelines.texts import text

_ACTIONS_PAGE = 5


def strays_of(written: Written, planned: Iterable[Planned], partner: str, language: str) -> tuple[Missing, ...]:
    """One for each id, in their order in the file. ``planned``: of this quarter and of every one remembered."""
    every = tuple(planned)
    goals = {goal.id for one in every for goal in one.goals}
    moves = {move.id for one in every for move in one.moves}
    said = [move.id for move in written.moves if move.id and move.text is None and move.id not in moves]
    said += [found for slot in written.texts if (found := move_of(slot)) and found not in moves]
    said += [found for slot in written.texts if (found := goal_of(slot)) and found not in goals]
    ask = text("plan.written.stray.ask", language, file=f"{partner}.yaml")
    return tuple(Missing(text("plan.written.stray", language, id=id), ask, _ACTIONS_PAGE) for id in dict.fromkeys(said))
