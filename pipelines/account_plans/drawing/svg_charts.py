"""Charts as SVG, laid out as the native ones are.

Belongs here: drawing bars and bubbles. Does not: reckoning where they stand (``bars.py``, ``bubbles.py``).
"""

from __future__ import annotations

from html import escape

from pipelines.account_plans.drawing.bars import bars_of, legend_height
from pipelines.account_plans.drawing.bubbles import Plot, plot
from pipelines.account_plans.drawing.fit import clean
from pipelines.account_plans.drawing.measure import LINE, lines_of
from pipelines.account_plans.drawing.pptx_charts import FAINT, GRID, INK
from pipelines.account_plans.drawing.scene import BarChart, Scatter, Series
from pipelines.account_plans.drawing.widths import width

_SQUARE, _FOOT_OF_LETTERS = 0.7, 0.36  # in ems


def bars_svg(chart: BarChart) -> str:
    """Clustered bars. A value that is not known has no bar."""
    if not chart.categories or not chart.series:
        return ""
    laid = bars_of(chart)
    parts = [_hatches(chart)]
    for bar in laid.bars:
        series, place = chart.series[bar.series], bar.place
        frame = f' stroke="#{escape(series.color)}"' if series.pattern else ""
        where = f'x="{place.x:.2f}" y="{place.y:.2f}" width="{place.width:.2f}" height="{place.height:.2f}"'
        parts.append(f'<rect {where} fill="{_fill(series)}"{frame}/>')
        label = series.labels[bar.category] if bar.category < len(series.labels) else ""
        if label:
            middle = bar.label.x + bar.label.width / 2, bar.label.y + bar.label.height / 2
            parts.append(_words(label, *middle, laid.label_size))
    inner = laid.inner
    if chart.horizontal:
        x = inner.x + laid.zero * inner.width
        parts.append(f'<path d="M{x:.2f} {inner.y:.2f}v{inner.height:.2f}" stroke="#{FAINT}"/>')
    else:
        y = inner.y + (1 - laid.zero) * inner.height
        parts.append(f'<path d="M{inner.x:.2f} {y:.2f}h{inner.width:.2f}" stroke="#{FAINT}"/>')
    for name in laid.names:
        lines = lines_of(name)
        y = name.place.y + (name.place.height / 2 - sum(line.height for line in lines) / 2 if chart.horizontal else 0.0)
        for line in lines:
            x = name.place.x + name.place.width / (1 if chart.horizontal else 2)
            words = "".join(piece.run.text for piece in line.pieces)
            parts.append(_words(words, x, y + line.height / 2, chart.size, "end" if chart.horizontal else "middle"))
            y += line.height
    return "".join(parts) + (_legend(chart) if chart.legend else "")


def _words(words: str, x: float, y: float, size: float, anchor: str = "middle", turn: str = "") -> str:
    """Words whose middle stands at y."""
    where = f'x="{x:.2f}" y="{y + size * _FOOT_OF_LETTERS:.2f}"'
    return f'<text {where} font-size="{size:.2f}" fill="#{INK}" text-anchor="{anchor}"{turn}>{escape(clean(words))}</text>'


def _hatches(chart: BarChart) -> str:
    """The patterns that the series need. The same colour has the same name everywhere, so that two slides do not quarrel."""
    colors = sorted({series.color for series in chart.series if series.pattern})
    return "".join(
        f'<pattern id="hatch-{escape(color)}" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<rect width="5" height="5" fill="#ffffff"/><rect width="1.6" height="5" fill="#{escape(color)}"/></pattern>'
        for color in colors
    )


def _fill(series: Series) -> str:
    return f"url(#hatch-{escape(series.color)})" if series.pattern else f"#{escape(series.color)}"


def _legend(chart: BarChart) -> str:
    """In the middle above the plot."""
    size, square = chart.size, chart.size * _SQUARE
    widths = [square + 4 + width(series.name, size) + 12 for series in chart.series]
    x = chart.place.x + max(chart.place.width - sum(widths), 0.0) / 2
    y = chart.place.y + legend_height(chart) / 2
    parts = []
    for series, wide in zip(chart.series, widths, strict=True):
        frame = f' stroke="#{escape(series.color)}"' if series.pattern else ""
        where = f'x="{x:.2f}" y="{y - square / 2:.2f}" width="{square:.2f}" height="{square:.2f}"'
        parts.append(f'<rect {where} fill="{_fill(series)}"{frame}/>')
        parts.append(_words(series.name, x + square + 4, y, size, "start"))
        x += wide
    return "".join(parts)


def scatter_svg(chart: Scatter) -> str:
    """Bubbles on two axes, their labels beside them."""
    if not chart.points:
        return ""
    laid = plot(chart)
    parts = [_grid(chart, laid)]
    for bubble in laid.bubbles:
        where = f'cx="{bubble.x:.2f}" cy="{bubble.y:.2f}" r="{bubble.diameter / 2:.2f}"'
        parts.append(f'<circle {where} fill="#{escape(bubble.point.color)}" fill-opacity="0.75" stroke="#ffffff"/>')
    for bubble in laid.bubbles:
        label = bubble.label
        if bubble.side == "far":
            near = min(max(bubble.x, label.x), label.x + label.width), label.y + (label.height if label.y < bubble.y else 0)
            parts.append(f'<path d="M{bubble.x:.2f} {bubble.y:.2f}L{near[0]:.2f} {near[1]:.2f}" stroke="#{FAINT}"/>')
        part, anchor = {"left": (1.0, "end"), "above": (0.5, "middle"), "below": (0.5, "middle")}.get(bubble.side, (0.0, "start"))
        parts.append(_words(bubble.point.label, label.x + part * label.width, label.y + label.height / 2, chart.size, anchor))
    return "".join(parts)


def _grid(chart: Scatter, laid: Plot) -> str:
    inner, size, parts = laid.place, chart.size, []
    foot, right = inner.y + inner.height, inner.x + inner.width
    for mark in laid.x.marks:
        x = inner.x + laid.x.part(mark) * inner.width
        parts.append(f'<path d="M{x:.2f} {inner.y:.2f}V{foot:.2f}" stroke="#{GRID}"/>')
        parts.append(_words(_number(mark), x, foot + size * LINE / 2 + 2, size))
    for mark in laid.y.marks:
        y = foot - laid.y.part(mark) * inner.height
        parts.append(f'<path d="M{inner.x:.2f} {y:.2f}H{right:.2f}" stroke="#{GRID}"/>')
        parts.append(_words(_number(mark), inner.x - 5, y, size, "end"))
    zero_x, zero_y = inner.x + laid.x.part(0) * inner.width, foot - laid.y.part(0) * inner.height
    parts.append(f'<path d="M{zero_x:.2f} {inner.y:.2f}V{foot:.2f}M{inner.x:.2f} {zero_y:.2f}H{right:.2f}" stroke="#{FAINT}"/>')
    parts.append(_words(chart.x_title, inner.x + inner.width / 2, foot + size * LINE * 1.5 + 5, size))
    x, y = chart.place.x + size * LINE / 2, inner.y + inner.height / 2
    turn = f' transform="rotate(-90 {x:.2f} {y:.2f})"'
    return "".join([*parts, _words(chart.y_title, x, y, size, turn=turn)])


def _number(value: float) -> str:
    told = f"{value:,.2f}".rstrip("0").rstrip(".")
    return "0" if told == "-0" else told
