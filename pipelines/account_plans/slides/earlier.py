"""Last quarter beside this one: goals met or missed, moves done or not, and the figures then and now.

Belongs here: laying out ``plan.earlier``. Does not: what is planned now (``actions.py``).
"""

from __future__ import annotations

from dataclasses import replace

from pipelines.account_plans.drawing.fit import table_height
from pipelines.account_plans.drawing.frame import BODY
from pipelines.account_plans.drawing.scene import Item, Rect, Slide
from pipelines.account_plans.figure import Figure, told
from pipelines.account_plans.plan import Earlier, Goal, Move, Plan
from pipelines.account_plans.slides.actions import STATE_COLORS
from pipelines.account_plans.slides.tables import Row, cell, head, paged, table
from pipelines.account_plans.slides.theme import (
    AMBER,
    GAP,
    GREEN,
    HEADING,
    QUIET,
    RED,
    below,
    columns,
    day,
    heading,
    lacking,
    period_in_words,
    rows,
    slide,
)
from pipelines.texts import text

_WIDE = Rect(BODY.x, BODY.y + HEADING, BODY.width, BODY.height - HEADING)
Block = tuple[str, tuple[float, ...], Row, list[Row], str]
"""Key of the heading, shares of the columns, head, rows, key of what stands there where there are no rows."""


def earlier(plan: Plan) -> tuple[Slide, ...]:
    """Nothing where no quarter came before; else the slide, and others behind it where rows are many."""
    if plan.earlier is None:
        return ()
    top, _ = rows(BODY, (50, 50))
    goals = _goals(plan, plan.earlier)
    height = table_height(table(below(top, HEADING), *goals[1:4])) if goals[3] else 40.0
    foot = below(BODY, min(top.height, HEADING + height) + GAP)
    moves, figures = columns(foot, (58, 42))
    blocks = (
        (Rect(top.x, top.y, top.width, foot.y - GAP - top.y), goals),
        (moves, _moves(plan, plan.earlier)),
        (figures, _figures(plan, plan.earlier)),
    )
    items: list[Item] = []
    rest: list[tuple[Item, ...]] = []
    message = _message(plan, plan.earlier)
    for place, (key, shares, heads, lines, none) in blocks:
        name = text(f"plan.slide.earlier.{key}", plan.language)
        items.append(heading(place, name))
        if not lines:
            items.append(lacking(below(place, HEADING), text(none, plan.language)))
            continue
        first, *more = paged(table(below(place, HEADING), shares, heads, lines, name=key), _WIDE)
        items.append(first)
        rest += [(heading(BODY, name), page) for page in more]
    made = [slide(plan, "earlier", items, message)]
    made += [slide(plan, "earlier", page, message, i) for i, page in enumerate(rest, start=1)]
    period = period_in_words(plan.earlier.period, plan.language)
    return tuple(replace(one, title=text("plan.slide.earlier.of", plan.language, title=one.title, period=period)) for one in made)


def _goals(plan: Plan, before: Earlier) -> Block:
    names = ("month", "goal", "start", "target", "now", "state")
    heads = head(*(text(f"plan.slide.earlier.{name}", plan.language) for name in names), right=(2, 3, 4), middle=(5,))
    lines = [_goal(plan, goal) for goal in sorted(before.goals, key=lambda goal: (goal.month, goal.id))]
    return "goals", (14, 46, 10, 10, 10, 10), heads, lines, "plan.slide.earlier.no_goals"


def _goal(plan: Plan, goal: Goal) -> Row:
    def of(figure: Figure) -> str:
        return told(figure, plan.language, plan.currency)

    state = text(f"plan.slide.goal.{goal.state}", plan.language)
    return (
        cell(day(goal.due_on, plan.language), color=QUIET),
        cell(goal.words.words),
        cell(of(goal.start), "right"),
        cell(of(goal.target), "right"),
        cell(of(goal.now), "right", bold=True),
        cell(state, "center", bold=True, color=STATE_COLORS[goal.state]),
    )


def _moves(plan: Plan, before: Earlier) -> Block:
    heads = head(*(text(f"plan.slide.earlier.{name}", plan.language) for name in ("move", "owner", "done")))
    return "moves", (60, 20, 20), heads, [_move(plan, move) for move in before.moves], "plan.slide.earlier.no_moves"


def _move(plan: Plan, move: Move) -> Row:
    language = plan.language
    done = day(move.done_on, language) if move.done_on else text("plan.slide.earlier.not_done", language)
    return (
        cell(move.words.words),
        cell(move.owner or text("plan.unknown", language), color=QUIET),
        cell(done, color=GREEN if move.done_on else AMBER),
    )


def _figures(plan: Plan, before: Earlier) -> Block:
    heads = head(
        *(text(f"plan.slide.earlier.{name}", plan.language) for name in ("figure", "then", "today", "change")), right=(1, 2, 3)
    )
    lines = [_change(plan, then, now) for then, now in before.figures]
    return "figures", (37, 21, 21, 21), heads, lines, "plan.slide.earlier.no_figures"


def _change(plan: Plan, then: Figure, now: Figure) -> Row:
    was, today = (told(figure, plan.language, plan.currency) for figure in (then, now))
    name, change, color = cell(now.label(plan.language)), text("plan.unknown", plan.language), QUIET
    if then.value is not None and now.value is not None and then.value != now.value:
        difference = replace(now, value=abs(now.value - then.value))
        more = now.value > then.value
        change = ("+" if more else "−") + told(difference, plan.language, plan.currency)
        color = GREEN if more else RED
    return name, cell(was, "right"), cell(today, "right", bold=True), cell(change, "right", color=color)


def _message(plan: Plan, before: Earlier) -> str:
    language, goals = plan.language, sorted(before.goals, key=lambda goal: (goal.month, goal.id))
    period = period_in_words(before.period, language)
    missed = next((goal for goal in goals if goal.state == "missed"), None)
    if missed:
        return text("plan.slide.earlier.message.missed", language, period=period, goal=missed.words.words)
    key = "none" if not goals else "all_met" if all(goal.state == "met" for goal in goals) else "open"
    return text(f"plan.slide.earlier.message.{key}", language, period=period)
