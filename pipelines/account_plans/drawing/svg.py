"""Slides as SVG, for the browser and for pictures in Dagster: the same places, sizes and line breaks as in PowerPoint.

Belongs here: text, tables, lines, a slide, a sheet of slides. Does not: charts (``svg_charts.py``), the page (``html.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from math import atan2, cos, hypot, sin

from pipelines.account_plans.drawing.fit import fitted, fitted_table
from pipelines.account_plans.drawing.frame import footer_of, number_of, subtitle_of, title_of
from pipelines.account_plans.drawing.measure import LINE, Laid, cell_boxes, lines_of, row_heights, table_rows
from pipelines.account_plans.drawing.pptx_shapes import HEAD_FILL, RADIUS, RULE
from pipelines.account_plans.drawing.scene import HEIGHT, WIDTH, BarChart, Deck, Item, Line, Run, Scatter, Slide, Table, Text
from pipelines.account_plans.drawing.svg_charts import bars_svg, scatter_svg
from pipelines.report.svg import FONT

_SVG = "http://www.w3.org/2000/svg"
_LOOK = f'font-family="{FONT}"'
_FOOT_OF_LETTERS = 0.38  # below the middle of a line, in ems
_GAP = 16.0  # between the slides of a sheet
_HEAD = 7.0  # an arrow's, in points


def slide_svg(slide: Slide, number: int | None = None) -> str:
    """One slide, as wide as whoever shows it wants; its text can be selected."""
    return f'<svg xmlns="{_SVG}" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" {_LOOK}>{_inside(slide, number)}</svg>'


def sheet_svg(deck: Deck, columns: int = 2) -> str:
    """All slides of a deck beside and below each other, half as large."""
    wide, high = WIDTH / 2, HEIGHT / 2
    across = max(1, min(columns, len(deck.slides)))
    down = -(-len(deck.slides) // across)
    width, height = _GAP + across * (wide + _GAP), _GAP + down * (high + _GAP)
    parts = []
    for at, slide in enumerate(deck.slides):
        x, y = _GAP + at % across * (wide + _GAP), _GAP + at // across * (high + _GAP)
        place = f'x="{x:g}" y="{y:g}" width="{wide:g}" height="{high:g}"'
        parts.append(f'<svg {place} viewBox="0 0 {WIDTH:g} {HEIGHT:g}">{_inside(slide, at + 1)}</svg>')
        parts.append(f'<rect {place} fill="none" stroke="#{RULE}"/>')
    size = f'width="{width:g}" height="{height:g}"'
    ground = f'<rect {size} fill="#f5f7fa"/>'
    return f'<svg xmlns="{_SVG}" viewBox="0 0 {width:g} {height:g}" {size} {_LOOK}>{ground}{"".join(parts)}</svg>'


def _inside(slide: Slide, number: int | None) -> str:
    parts = [f'<rect width="{WIDTH:g}" height="{HEIGHT:g}" fill="#ffffff"/>', _text(title_of(slide)), _text(subtitle_of(slide))]
    parts += [_item(item) for item in slide.items]
    parts.append(_text(footer_of(slide)))
    if number is not None:
        parts.append(_text(number_of(number)))
    return "".join(parts)


def _item(item: Item) -> str:
    match item:
        case Text():
            return _text(item)
        case Table():
            return _table(item)
        case BarChart():
            return bars_svg(item)
        case Scatter():
            return scatter_svg(item)
        case Line():
            return _line(item)


def _text(box: Text) -> str:
    box = fitted(box)
    return _frame(box) + "".join(_lines(box))


def _frame(box: Text) -> str:
    if not box.fill and not box.line:
        return ""
    place = box.place
    fill = f"#{escape(box.fill)}" if box.fill else "none"
    stroke = f' stroke="#{escape(box.line)}"' if box.line else ""
    dashes = ' stroke-dasharray="4 3"' if box.line and box.dashed else ""
    corners = f' rx="{min(RADIUS, place.width / 2, place.height / 2):g}"' if box.rounded else ""
    where = f'x="{place.x:g}" y="{place.y:g}" width="{place.width:g}" height="{place.height:g}"'
    return f'<rect {where}{corners} fill="{fill}"{stroke}{dashes}/>'


def _lines(box: Text) -> Iterator[str]:
    lines = lines_of(box)
    place = box.place
    free = place.height - 2 * box.padding - sum(line.above + line.height for line in lines)
    y = place.y + box.padding + {"top": 0.0, "middle": free / 2, "bottom": free}[box.anchor]
    for line in lines:
        y += line.above
        if line.pieces:
            yield _words(box, line, y)
        y += line.height


def _words(box: Text, line: Laid, y: float) -> str:
    """One line whose top is at y."""
    left, right = box.place.x + box.padding + line.indent, box.place.x + box.place.width - box.padding
    align = line.paragraph.align
    x, anchor = {"left": (left, "start"), "center": ((left + right) / 2, "middle"), "right": (right, "end")}[align]
    foot = y + line.height / 2 + line.height / LINE * _FOOT_OF_LETTERS
    runs = "".join(_run(piece.run, box) for piece in line.pieces)
    bullet = ""
    if line.paragraph.bullet and line.first:
        style = f'font-size="{line.height / LINE:g}" fill="#{escape(box.color)}"'
        bullet = f'<text x="{left - line.indent:.2f}" y="{foot:.2f}" {style}>•</text>'
    return f'{bullet}<text x="{x:.2f}" y="{foot:.2f}" text-anchor="{anchor}" style="white-space:pre">{runs}</text>'


def _run(run: Run, box: Text) -> str:
    weight = ' font-weight="700"' if run.bold else ""
    look = f'font-size="{run.size or box.size:g}" fill="#{escape(run.color or box.color)}"{weight}'
    return f"<tspan {look}>{escape(run.text)}</tspan>"


def _table(table: Table) -> str:
    table = fitted_table(table)
    rows, heights = table_rows(table), row_heights(table)
    parts, y = [], table.place.y
    for number, (row, height) in enumerate(zip(rows, heights, strict=True)):
        x = table.place.x
        for cell, wide in zip(row, table.widths, strict=True):
            fill = cell.fill or (HEAD_FILL if number < len(rows) - len(table.rows) else None)
            if fill:
                where = f'x="{x:g}" y="{y:.2f}" width="{wide:g}" height="{height:.2f}"'
                parts.append(f'<rect {where} fill="#{escape(fill)}"/>')
            x += wide
        parts += [_text_of_cell(box) for box in cell_boxes(table, row, y, height)]
        y += height
        parts.append(_stroke(f"M{table.place.x:g} {y:.2f}H{x:g}", RULE, 0.75))
    return "".join(parts)


def _text_of_cell(box: Text) -> str:
    return "".join(_lines(box))


def _stroke(path: str, color: str, width: float, dashed: bool = False) -> str:
    dashes = f' stroke-dasharray="{4 * max(width, 1):g} {3 * max(width, 1):g}"' if dashed else ""
    return f'<path d="{path}" fill="none" stroke="#{escape(color)}" stroke-width="{width:g}"{dashes}/>'


def _line(line: Line) -> str:
    """As in PowerPoint: one with a step leaves upright, crosses half-way, arrives upright."""
    start, end = (line.x1, line.y1), (line.x2, line.y2)
    half = (line.y1 + line.y2) / 2
    steps = line.elbow and line.x1 != line.x2 and line.y1 != line.y2
    points = [start, (line.x1, half), (line.x2, half), end] if steps else [start, end]
    path = "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points)
    return _stroke(path, line.color, line.width, line.dashed) + (_arrow(points[-2], end, line) if line.arrow else "")


def _arrow(before: tuple[float, float], end: tuple[float, float], line: Line) -> str:
    if hypot(end[0] - before[0], end[1] - before[1]) == 0:
        return ""
    angle, size = atan2(end[1] - before[1], end[0] - before[0]), _HEAD + line.width
    wings = [(end[0] - size * cos(angle + turn), end[1] - size * sin(angle + turn)) for turn in (-0.4, 0.4)]
    points = " ".join(f"{x:.2f},{y:.2f}" for x, y in (end, *wings))
    return f'<polygon points="{points}" fill="#{escape(line.color)}"/>'
