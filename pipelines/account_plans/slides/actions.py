"""Page 5: three goals, one for each month, each with the moves towards it, and what we ask of other departments.

Belongs here: where these things stand. Does not: what an earlier quarter planned (``earlier.py``).
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.account_plans.drawing.frame import BODY
from pipelines.account_plans.drawing.measure import height_of
from pipelines.account_plans.drawing.scene import Item, Paragraph, Rect, Run, Slide, Text
from pipelines.account_plans.figure import told
from pipelines.account_plans.plan import Goal, Move, Plan, Request
from pipelines.account_plans.slides.theme import (
    AMBER,
    FAINT,
    GREEN,
    HEADING,
    NAVY,
    PALE,
    PANEL,
    QUIET,
    RED,
    RULE,
    WHITE,
    below,
    columns,
    day,
    heading,
    label,
    lacking,
    panel,
    rows,
    sentence,
    slide,
)
from pipelines.texts import text

STATE_COLORS = {"open": NAVY, "met": GREEN, "missed": RED}
_DEPARTMENTS = ("marketing", "support", "executives")
_CARD, _REQUESTS, _WHO = 104.0, 88.0, 13.0
"""Heights: a goal's card, the requests, the line that says who and until when."""


def actions(plan: Plan) -> tuple[Slide, ...]:
    """The slide, and others behind it where there are more moves than fit."""
    lanes = [_moves_of(plan, month) for month in (1, 2, 3)]
    upper = Rect(BODY.x, BODY.y, BODY.width, BODY.height - _REQUESTS - 10)
    items: list[Item] = []
    for i, place in enumerate(columns(upper, (1, 1, 1))):
        room = below(place, _CARD + 6)
        count = _fitting(lanes[i], room)
        items += _goal(plan, i + 1, Rect(place.x, place.y, place.width, _CARD))
        items += _lane(plan, lanes[i][:count], room) or [_no_moves(plan, room)]
        lanes[i] = lanes[i][count:]
    foot = Rect(BODY.x, BODY.y + BODY.height - _REQUESTS, BODY.width, _REQUESTS)
    made = [slide(plan, "actions", [*items, *_requests(plan, foot)], _message(plan))]
    while any(lanes):
        made.append(_continued(plan, lanes, len(made)))
    return tuple(made)


def _continued(plan: Plan, lanes: list[list[Move]], more: int) -> Slide:
    """As many of the moves as fit one slide; they are taken off the lanes."""
    items: list[Item] = []
    for i, place in enumerate(columns(BODY, (1, 1, 1))):
        if lanes[i]:
            room = below(place, HEADING)
            count = _fitting(lanes[i], room)
            items.append(heading(place, text("plan.slide.month", plan.language, n=i + 1)))
            items += _lane(plan, lanes[i][:count], room)
            lanes[i] = lanes[i][count:]
    return slide(plan, "actions", items, _message(plan), more)


def _fitting(moves: Sequence[Move], place: Rect) -> int:
    """How many of the first moves fit; at least one."""
    foot = 0.0
    for i, move in enumerate(moves):
        foot += _height(move, place.width)
        if i and foot > place.height:
            return i
        foot += 4
    return len(moves)


def _height(move: Move, width: float) -> float:
    """Of a move's words and of who and when under them."""
    return height_of(_words(move, Rect(0, 0, width - 7, 100))) + _WHO + 3


def _words(move: Move, place: Rect) -> Text:
    return sentence(place, move.words, size=9.5, anchor="middle", padding=2)


def _moves_of(plan: Plan, month: int) -> list[Move]:
    """The moves of that month: of its goal, and those without a goal by the day they are due."""
    goals = {goal.id: goal.month for goal in plan.actions.goals}

    def month_of(move: Move) -> int:
        if move.goal_id in goals:
            return goals[move.goal_id]
        days = (move.due_on - plan.starts_on).days if move.due_on else 0
        return min(3, max(1, days // 31 + 1))

    return [move for move in plan.actions.moves if month_of(move) == month]


def _goal(plan: Plan, month: int, place: Rect) -> list[Item]:
    """The card of a goal: when, what, and how far we are."""
    language = plan.language
    goal = next((one for one in plan.actions.goals if one.month == month), None)
    top = Rect(place.x, place.y, place.width, 20)
    name = text("plan.slide.month", language, n=month)
    if goal is None:
        missing = text("plan.slide.goal.missing", language, partner=plan.partner)
        return [label(top, name, 10, WHITE, True, fill=NAVY, padding=3.5), lacking(below(place, 20), missing)]
    when = text("plan.slide.due", language, day=day(goal.due_on, language))
    paragraph = Paragraph((Run(name, bold=True), Run(f"　{when}", size=8.5)))
    words, progress = rows(below(place, 20), (50, 50), gap=0)
    return [
        Text(top, (paragraph,), size=10, min_size=7, color=WHITE, fill=NAVY, anchor="middle", padding=3.5, name=f"month {month}"),
        panel(below(place, 20), PALE),
        sentence(words, goal.words, size=11, bold=True, anchor="middle", padding=6),
        *_progress(plan, goal, progress),
    ]


def _progress(plan: Plan, goal: Goal, place: Rect) -> list[Item]:
    """Start, now and target in figures, a bar of how much of the way is done, and the state in words."""
    start, now, target = (told(figure, plan.language, plan.currency) for figure in (goal.start, goal.now, goal.target))
    color = STATE_COLORS[goal.state]
    line = Rect(place.x + 6, place.y, place.width - 12, 26)
    figures, state = columns(line, (74, 26), gap=4)
    way = Rect(line.x, line.y + 31, line.width, 7)
    words = text("plan.slide.progress", plan.language, start=start, now=now, target=target)
    items: list[Item] = [
        label(figures, words, size=9.5, color=NAVY),
        label(state, text(f"plan.slide.goal.{goal.state}", plan.language), 9, WHITE, True, "center", fill=color),
        panel(way, RULE),
    ]
    if done := _share_done(goal):
        items.append(panel(Rect(way.x, way.y, way.width * done, way.height), color))
    return items


def _share_done(goal: Goal) -> float:
    start, now, target = goal.start.value or 0.0, goal.now.value, goal.target.value
    if now is None or target is None or target <= start:
        return 1.0 if goal.state == "met" else 0.0
    return min(1.0, max(0.0, (now - start) / (target - start)))


def _lane(plan: Plan, moves: Sequence[Move], place: Rect) -> list[Item]:
    """Moves one under another: the words, under them until when and who."""
    items: list[Item] = []
    y = place.y
    for move in moves:
        height = min(_height(move, place.width), place.y + place.height - y)
        box = Rect(place.x, y, place.width, height)
        words = Rect(box.x + 5, box.y + 1, box.width - 7, height - _WHO - 2)
        items += [
            panel(box, PANEL),
            panel(Rect(box.x, box.y, 3, height), GREEN if move.done_on else FAINT),
            _words(move, words),
            _who(plan, move, Rect(words.x, box.y + height - _WHO - 1, words.width, _WHO)),
        ]
        y += height + 4
    return items


def _no_moves(plan: Plan, place: Rect) -> Text:
    room = Rect(place.x, place.y, place.width, 40)
    return label(room, text("plan.slide.moves.missing", plan.language), 9, FAINT, align="center", fill=PANEL)


def _who(plan: Plan, move: Move, place: Rect) -> Text:
    language = plan.language
    owner = move.owner or text("plan.slide.move.no_owner", language)
    due = (
        text("plan.slide.due", language, day=day(move.due_on, language))
        if move.due_on
        else text("plan.slide.move.no_due", language)
    )
    runs = [Run(due, color=QUIET if move.due_on else AMBER), Run(f"　{owner}", color=QUIET if move.owner else AMBER)]
    if move.done_on:
        runs.insert(
            0, Run(text("plan.slide.move.done", language, day=day(move.done_on, language)) + "　", bold=True, color=GREEN)
        )
    runs.append(Run(f"　{move.id}", color=FAINT))  # by which people say in the yaml that it is done
    return Text(place, (Paragraph(tuple(runs)),), size=8, min_size=6.5, anchor="middle", padding=1.5, name=f"who {move.id}")


def _requests(plan: Plan, place: Rect) -> list[Item]:
    language = plan.language
    title = heading(place, text("plan.slide.requests", language))
    by_department: dict[str, Request] = {request.department: request for request in plan.actions.requests}
    items: list[Item] = [title]
    for department, box in zip(_DEPARTMENTS, columns(below(place, HEADING), (1, 1, 1)), strict=True):
        items += _request(by_department.get(department), text(f"plan.slide.requests.{department}", language), box, language)
    return items


def _request(request: Request | None, name: str, place: Rect, language: str) -> list[Item]:
    side, words = columns(place, (23, 77), gap=0)
    title = label(side, name, size=8, color=NAVY, bold=True, align="center", fill=PALE, padding=2)
    if request is None:
        return [title, label(words, text("plan.slide.requests.none", language), size=9, color=FAINT, fill=PANEL, padding=6)]
    return [title, sentence(words, request.words, size=9.5, fill=PANEL, anchor="middle", padding=5)]


def _message(plan: Plan) -> str:
    language, goals = plan.language, plan.actions.goals
    if not goals:
        return text("plan.slide.actions.message.none", language)
    last = max(goals, key=lambda goal: goal.month)
    return text("plan.slide.actions.message", language, day=day(last.due_on, language), goal=last.words.words)
