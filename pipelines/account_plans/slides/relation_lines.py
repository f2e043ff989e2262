"""Lines between the boxes of a relation map, through the gaps of its grid only, so that none runs through a box.

Belongs here: the way of each line, and keeping lines of different people apart (lanes). Does not: who is linked with whom
(``relations.py``), where boxes stand (``relation_layout.py``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pipelines.account_plans.drawing.scene import Line, Rect
from pipelines.account_plans.slides.relation_layout import GUTTER, Placed, Sheet

Point = tuple[float, float]
_TIES = 0.6
"""The part of a gap beside a column that ties take, at its left; reporting lines have the rest."""


@dataclass(frozen=True)
class Tie:
    """From one of ours, whose box is ``start``, to one of theirs, in this look."""

    owner: str
    start: Rect
    end: Placed
    color: str
    width: float
    dashed: bool


class Lanes:
    """Who runs where in a gap: each owner has its own lane, in the order in which it came."""

    def __init__(self) -> None:
        self._owners: dict[Hashable, list[str]] = defaultdict(list)

    def enter(self, gap: Hashable, owner: str) -> None:
        if owner not in self._owners[gap]:
            self._owners[gap].append(owner)

    def at(self, gap: Hashable, owner: str, start: float, size: float) -> float:
        """Where that owner's lane is in a gap that begins at ``start`` and is so wide."""
        owners = self._owners[gap]
        return start + size * (owners.index(owner) + 1) / (len(owners) + 1)


def reporting(sheet: Sheet, color: str, width: float) -> list[Line]:
    """Lines from everybody's superior on this sheet: straight down where nobody stands between, else along the gaps."""
    pairs = [(boss, one) for one in sheet.placed if (boss := sheet.at(one.person.reports_to or "")) and boss is not one]
    pairs.sort(key=lambda pair: (pair[0].row, pair[0].column, pair[1].column, pair[1].row))
    taken = {(one.column, one.row) for one in sheet.placed}
    lanes = Lanes()
    for boss, one in pairs:
        if not _right_under(boss, one, taken):
            lanes.enter(("row", boss.row), boss.person.id)
        if not _from_above(boss, one, taken):
            lanes.enter(("gutter", one.column), boss.person.id)
    ways: dict[str, list[tuple[Point, Point]]] = defaultdict(list)
    for boss, one in pairs:
        ways[boss.person.id] += _steps(_way_down(sheet, boss, one, taken, lanes))
    return [Line(*a, *b, color=color, width=width) for boss in ways for a, b in _joined(ways[boss])]


def ties(sheet: Sheet, wanted: Sequence[Tie], foot: Rect) -> list[Line]:
    """Lines from ours, who stand under ``foot``, up the gap at the right of theirs."""
    lanes, arrivals = Lanes(), Lanes()
    ordered = sorted(wanted, key=lambda tie: (tie.start.x, tie.end.column, tie.end.row))
    for tie in ordered:
        lanes.enter("foot", tie.owner)
        lanes.enter(("gutter", tie.end.column), tie.owner)
        arrivals.enter(tie.end.person.id, tie.owner)
    drawn: list[Line] = []
    for tie in ordered:
        box = tie.end.place
        x0, y0 = tie.start.x + tie.start.width / 2, lanes.at("foot", tie.owner, foot.y, foot.height)
        x1 = lanes.at(("gutter", tie.end.column), tie.owner, box.x + box.width + 1.5, GUTTER * _TIES - 1.5)
        y1 = arrivals.at(tie.end.person.id, tie.owner, box.y, box.height)
        points = [(x0, tie.start.y), (x0, y0), (x1, y0), (x1, y1), (box.x + box.width, y1)]
        look = Line(0, 0, 0, 0, color=tie.color, width=tie.width, dashed=tie.dashed)
        drawn += [replace(look, x1=a[0], y1=a[1], x2=b[0], y2=b[1]) for a, b in _steps(points)]
    return drawn


def _right_under(boss: Placed, one: Placed, taken: set[tuple[int, int]]) -> bool:
    return boss.column == one.column and _from_above(boss, one, taken)


def _from_above(boss: Placed, one: Placed, taken: set[tuple[int, int]]) -> bool:
    """Whether nobody stands in the column between the superior's row and this one."""
    return one.row > boss.row and not any((one.column, row) in taken for row in range(boss.row + 1, one.row))


def _way_down(sheet: Sheet, boss: Placed, one: Placed, taken: set[tuple[int, int]], lanes: Lanes) -> list[Point]:
    above, below = boss.place, one.place
    x0, y0 = above.x + above.width / 2, above.y + above.height
    x1 = below.x + below.width / 2
    if _right_under(boss, one, taken):
        return [(x0, y0), (x1, below.y)]
    pitch = sheet.rows[1] - sheet.rows[0] if len(sheet.rows) > 1 else above.height + sheet.size.gap
    y = lanes.at(("row", boss.row), boss.person.id, y0, pitch - above.height)
    if _from_above(boss, one, taken):
        return [(x0, y0), (x0, y), (x1, y), (x1, below.y)]
    gutter = lanes.at(("gutter", one.column), boss.person.id, below.x - GUTTER * (1 - _TIES), GUTTER * (1 - _TIES))
    middle = below.y + below.height / 2
    return [(x0, y0), (x0, y), (gutter, y), (gutter, middle), (below.x, middle)]


def _steps(points: Sequence[Point]) -> list[tuple[Point, Point]]:
    return [(a, b) for a, b in pairwise(points) if a != b]


def _joined(steps: Sequence[tuple[Point, Point]]) -> list[tuple[Point, Point]]:
    """Steps of one superior's lines that lie on one another, as one."""
    lines: dict[tuple[bool, float], list[tuple[float, float]]] = defaultdict(list)
    for (x1, y1), (x2, y2) in steps:
        upright = x1 == x2
        lines[upright, x1 if upright else y1].append((min(y1, y2), max(y1, y2)) if upright else (min(x1, x2), max(x1, x2)))
    joined: list[tuple[Point, Point]] = []
    for (upright, at), spans in lines.items():
        spans.sort()
        start, end = spans[0]
        for low, high in [*spans[1:], (float("inf"), float("inf"))]:
            if low > end:
                joined.append(((at, start), (at, end)) if upright else ((start, at), (end, at)))
                start, end = low, high
            else:
                end = max(end, high)
    return joined
