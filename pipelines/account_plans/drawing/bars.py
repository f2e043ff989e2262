"""Where the bars of a chart stand, how wide they are, and their labels so that they keep clear of each other.

Belongs here: reckoning, for PowerPoint and for SVG alike. Does not: drawing (``pptx_charts.py``, ``svg_charts.py``), or bubbles.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipelines.account_plans.drawing.bubbles import covered
from pipelines.account_plans.drawing.measure import LINE, lines_of
from pipelines.account_plans.drawing.scene import BarChart, Paragraph, Rect, Run, Text
from pipelines.account_plans.drawing.widths import width

_APART, _ONE_PLACE = 0.04, -1.0
_SMALLEST_LABEL, _NEAR = 6.5, 3.0
_WIDE_GAP, _NARROW_GAP, _WIDEST_GAP = 0.6, 0.25, 5.0  # between categories, in widths of a bar
_THICKEST = {False: 46.0, True: 20.0}  # an upright bar, a lying one
_NAMES_PART = 0.42  # how much of a lying chart the names of its categories may take


@dataclass(frozen=True)
class Bar:
    """One value. ``moved``: how far its label stands from where PowerPoint would put it, down."""

    series: int
    category: int
    place: Rect
    label: Rect
    moved: float = 0.0


@dataclass(frozen=True)
class Bars:
    """A chart as it is drawn. ``gap``: between categories, ``apart``: between the bars of one, both in widths of a bar; -1 where
    a category has one bar at most, so that it stands in the middle. ``names``: the boxes of the categories' names."""

    inner: Rect
    low: float
    high: float
    gap: float
    apart: float
    label_size: float
    bars: tuple[Bar, ...]
    names: tuple[Text, ...]

    @property
    def zero(self) -> float:
        """Where on the axis the bars begin: 0 at its low end, 1 at its high end."""
        return -self.low / (self.high - self.low)


def bars_of(chart: BarChart) -> Bars:
    """Lays out a chart with at least one category and one series."""
    inner = _inner(chart)
    along = inner.height if chart.horizontal else inner.width
    slot = along / len(chart.categories)
    gap = _gap(chart, slot)
    thick = _thickness(chart, slot, gap)
    size = _label_size(chart, thick, slot)
    low, high = _range(chart, inner.width if chart.horizontal else inner.height, size)
    laid = Bars(inner, low, high, gap, _apart(chart), size, (), tuple(_names(chart, inner, slot)))
    return replace(laid, bars=tuple(_bars(chart, laid, slot, thick)))


def _apart(chart: BarChart) -> float:
    filled = zip(*(series.values for series in chart.series), strict=False)
    return _ONE_PLACE if all(sum(value is not None for value in values) <= 1 for values in filled) else _APART


def _side_by_side(chart: BarChart) -> int:
    """How many bars stand beside each other in a category."""
    return 1 if _apart(chart) == _ONE_PLACE else len(chart.series)


def legend_height(chart: BarChart) -> float:
    """The band above the plot, in points."""
    return chart.size * LINE + 10 if chart.legend else 2.0


def _inner(chart: BarChart) -> Rect:
    """The place without the legend and the names of the categories."""
    place, top = chart.place, legend_height(chart)
    if chart.horizontal:
        longest = max(width(name, chart.size) for name in chart.categories) + 8
        names = min(longest, place.width * _NAMES_PART)
        return Rect(place.x + names, place.y + top, place.width - names, place.height - top - 2)
    slot = (place.width - 8) / len(chart.categories)
    foot = max(len(lines_of(_name(chart, name, Rect(0, 0, slot - 2, 0)))) for name in chart.categories) * chart.size * LINE + 6
    return Rect(place.x + 4, place.y + top, place.width - 8, max(place.height - top - foot, 10.0))


def _name(chart: BarChart, name: str, place: Rect) -> Text:
    words = (Paragraph((Run(name),), "right" if chart.horizontal else "center"),)
    return Text(place, words, chart.size, _SMALLEST_LABEL, anchor="middle" if chart.horizontal else "top", padding=0)


def _names(chart: BarChart, inner: Rect, slot: float) -> Iterator[Text]:
    foot = inner.y + inner.height + 3
    for number, name in enumerate(chart.categories):
        if chart.horizontal:
            place = Rect(chart.place.x, inner.y + number * slot, inner.x - chart.place.x - 5, slot)
        else:
            place = Rect(inner.x + number * slot + 1, foot, slot - 2, chart.place.y + chart.place.height - foot)
        yield _name(chart, name, place)


def _thickness(chart: BarChart, slot: float, gap: float) -> float:
    count = _side_by_side(chart)
    return slot / (count + _APART * (count - 1) + gap)


def _gap(chart: BarChart, slot: float) -> float:
    """Wider where bars would be fat, narrower where their labels need the room."""
    count = _side_by_side(chart)
    gap = min(max(_WIDE_GAP, slot / _THICKEST[chart.horizontal] - count - _APART * (count - 1)), _WIDEST_GAP)
    crowded = not chart.horizontal and count > 1 and _widest(chart, chart.size) > _thickness(chart, slot, gap)
    return min(gap, _NARROW_GAP) if crowded else gap


def _widest(chart: BarChart, size: float) -> float:
    return max((width(label, size) for series in chart.series for label in series.labels), default=0.0)


def _label_size(chart: BarChart, thick: float, slot: float) -> float:
    """Small enough for labels to stand beside each other, but readable."""
    room = thick * (1 + _APART) if _side_by_side(chart) > 1 else slot
    need = chart.size * 1.1 if chart.horizontal else _widest(chart, chart.size)
    return max(min(chart.size, chart.size * room / need), _SMALLEST_LABEL) if need else chart.size


def _range(chart: BarChart, length: float, size: float) -> tuple[float, float]:
    """The ends of the axis of values: from zero, with room for the labels behind the ends of the bars."""
    values = [value for series in chart.series for value in series.values if value is not None]
    low, high = min([0.0, *values]), max([0.0, *values])
    if low == high:
        return 0.0, 1.0
    lines = min(_side_by_side(chart), 2)
    room = min((_widest(chart, size) if chart.horizontal else lines * size * LINE) + 2 * _NEAR, length * 0.4)
    above, below = room if max(values) >= 0 else 0.0, room if low < 0 else 0.0
    span = (high - low) * length / max(length - above - below, length * 0.2)
    return low - below * span / length, high + above * span / length


def _bars(chart: BarChart, laid: Bars, slot: float, thick: float) -> Iterator[Bar]:
    margin = laid.gap * thick / 2
    for category in range(len(chart.categories)):
        taken: list[Rect] = []
        for number, series in enumerate(chart.series):
            value = series.values[category] if category < len(series.values) else None
            if value is None:
                continue
            at = category * slot + margin + number * thick * (1 + laid.apart)
            words = series.labels[category] if category < len(series.labels) else ""
            bar = _bar(chart, laid, value, at, thick, words)
            height = bar.label.height * (-1 if value >= 0 else 1)
            if not chart.horizontal and any(covered(bar.label, other) > 1 for other in taken):
                bar = replace(bar, label=replace(bar.label, y=bar.label.y + height), moved=height)
            if words:
                taken.append(bar.label)
            yield replace(bar, series=number, category=category)


def _bar(chart: BarChart, laid: Bars, value: float, at: float, thick: float, words: str) -> Bar:
    """The bar ``at`` points from the beginning of the categories' axis, and its label behind its end."""
    inner, span = laid.inner, laid.high - laid.low
    start, end = sorted(((min(value, 0.0) - laid.low) / span, (max(value, 0.0) - laid.low) / span))
    wide, high = width(words, laid.label_size), laid.label_size * LINE
    if chart.horizontal:
        place = Rect(inner.x + start * inner.width, inner.y + at, (end - start) * inner.width, thick)
        x = place.x + place.width + _NEAR if value >= 0 else place.x - _NEAR - wide
        return Bar(0, 0, place, Rect(x, place.y + (thick - high) / 2, wide, high))
    place = Rect(inner.x + at, inner.y + (1 - end) * inner.height, thick, (end - start) * inner.height)
    y = place.y - 1 - high if value >= 0 else place.y + place.height + 1
    return Bar(0, 0, place, Rect(place.x + (thick - wide) / 2, y, wide, high))
