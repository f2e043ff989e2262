"""Where the bubbles of a scatter stand, and their labels so that they keep clear of each other.

Belongs here: reckoning, for PowerPoint and for SVG alike. Does not: drawing (``pptx_charts.py``, ``svg_charts.py``), or bars.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import ceil, floor, log10, sqrt

from pipelines.account_plans.drawing.measure import LINE
from pipelines.account_plans.drawing.scene import Rect, Scatter, ScatterPoint
from pipelines.account_plans.drawing.widths import width

SMALLEST, LARGEST = 9.0, 36.0
"""Diameters of bubbles, in points."""
_LEFT, _RIGHT, _TOP, _FOOT = 52.0, 22.0, 20.0, 38.0  # around a scatter's plot: marks and titles of the axes
_NEAR = 3.0
_Candidate = tuple[str, Rect, tuple[float, float]]
_NOTHING = 1e-12
"""Values nearer than this are one."""


@dataclass(frozen=True)
class Axis:
    """From ``low`` to ``high`` with a mark every ``step``."""

    low: float
    high: float
    step: float

    @property
    def marks(self) -> list[float]:
        return [self.low + n * self.step for n in range(round((self.high - self.low) / self.step) + 1)]

    def part(self, value: float) -> float:
        """0 at its low end, 1 at its high end."""
        return (value - self.low) / (self.high - self.low)


@dataclass(frozen=True)
class Bubble:
    """A point as it is drawn. ``label`` is the place of its words; ``moved``: how far from beside the bubble, right of it."""

    point: ScatterPoint
    x: float
    y: float
    diameter: float
    label: Rect
    side: str
    """``right``, ``left``, ``above``, ``below`` as PowerPoint puts them, or ``far``: beyond those."""
    moved: tuple[float, float]


@dataclass(frozen=True)
class Plot:
    """A scatter's plot inside its place."""

    place: Rect
    x: Axis
    y: Axis
    bubbles: tuple[Bubble, ...]


def axis_of(values: Sequence[float]) -> Axis:
    """Round marks around the values, from zero where none is below."""
    low, high = min([0.0, *values]), max([0.0, *values])
    if high - low < _NOTHING:
        return Axis(0.0 if low == 0 else -1.0, 1.0, 0.2)
    rough = (high - low) / 5
    ten = 10.0 ** floor(log10(rough))
    step = next(factor * ten for factor in (1, 2, 2.5, 5, 10) if factor * ten >= rough * 0.999)
    return Axis(floor(low / step + 1e-9) * step, ceil(high / step - 1e-9) * step, step)


def plot(chart: Scatter) -> Plot:
    """Bubbles and labels; the largest first, so that a small one is not hidden."""
    place = chart.place
    inner = Rect(place.x + _LEFT, place.y + _TOP, place.width - _LEFT - _RIGHT, place.height - _TOP - _FOOT)
    x, y = axis_of([p.x for p in chart.points]), axis_of([p.y for p in chart.points])
    most = max([point.size for point in chart.points if point.size > 0], default=1.0)
    ordered = sorted(chart.points, key=lambda p: (-p.size, p.label, p.x, p.y))
    at = [
        (p, inner.x + x.part(p.x) * inner.width, inner.y + (1 - y.part(p.y)) * inner.height, _diameter(p.size, most))
        for p in ordered
    ]
    return Plot(inner, x, y, tuple(_labelled(at, chart.size, place, inner)))


def _diameter(size: float, most: float) -> float:
    """The area tells the size; nothing is still a dot."""
    return max(SMALLEST, LARGEST * sqrt(max(size, 0.0) / most))


def _labelled(at: Sequence[tuple[ScatterPoint, float, float, float]], size: float, place: Rect, inner: Rect) -> Iterator[Bubble]:
    """Each label beside its bubble, where it covers the least of bubbles and of labels placed before."""
    taken: list[Rect] = []
    circles = [Rect(x - d / 2, y - d / 2, d, d) for _, x, y, d in at]
    for number, (point, x, y, diameter) in enumerate(at):
        others = circles[:number] + circles[number + 1 :]
        in_the_way = [*taken, *others]
        best = min(_candidates(point.label, x, y, diameter, size), key=lambda c: _cost(c, in_the_way, place, inner))
        taken.append(best[1])
        yield Bubble(point, x, y, diameter, best[1], best[0], best[2])


def _cost(candidate: _Candidate, in_the_way: Sequence[Rect], place: Rect, inner: Rect) -> tuple[float, float]:
    """What a label would cover, the worst what is outside the chart; then how far it would stand off."""
    _, label, (across, down) = candidate
    hidden = 9 * _outside(label, place) + _outside(label, inner) + sum(covered(label, other) for other in in_the_way)
    return round(hidden, 2), abs(across) + abs(down)


def _candidates(label: str, x: float, y: float, diameter: float, size: float) -> Iterator[_Candidate]:
    wide, high, away = width(label, size) + 2, size * LINE, diameter / 2 + _NEAR
    right = Rect(x + away, y - high / 2, wide, high)
    yield "right", right, (0, 0)
    yield "left", Rect(x - away - wide, y - high / 2, wide, high), (0, 0)
    yield "above", Rect(x - wide / 2, y - away - high, wide, high), (0, 0)
    yield "below", Rect(x - wide / 2, y + away, wide, high), (0, 0)
    for down, across in product((-1, 1, -2, 2, -3, 3, -4, 4, -5, 5), (0.0, -wide - 2 * away, -wide / 2 - away)):
        moved = (across, down * (high + 1))
        yield "far", Rect(right.x + moved[0], right.y + moved[1], wide, high), moved


def covered(one: Rect, other: Rect) -> float:
    """The area that two places share."""
    wide = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    high = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    return wide * high if wide > 0 and high > 0 else 0.0


def _outside(one: Rect, place: Rect) -> float:
    return one.width * one.height - covered(one, place)
