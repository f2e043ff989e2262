"""The account map as a picture: one SVG, a small 3x3 map for each partner with the outer cells in grey. A cell tells its
companies, the records that each side keeps of them, and our money in it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from pipelines.report.figures import CELLS, OUTSIDE, STATUSES, Cell, PartnerMap
from pipelines.report.svg import FAINT, INK, QUIET, bar, picture, shorten, words
from pipelines.report.words import money
from pipelines.texts import text

_CELL_W, _CELL_H = 88, 62
_LABEL_W, _HEADER_H, _GAP, _LEGEND_H = 92, 66, 28, 24
_COLUMNS = 3


def heatmap_svg(maps: Sequence[PartnerMap], language: str) -> str:
    """All partners' maps in one picture; ``language`` is ja or en."""
    panel_w, panel_h = _LABEL_W + 4 * _CELL_W, _HEADER_H + 4 * _CELL_H
    columns = max(1, min(_COLUMNS, len(maps)))
    rows = math.ceil(len(maps) / columns)
    width, height = columns * (panel_w + _GAP) + _GAP, rows * (panel_h + _GAP) + _GAP + _LEGEND_H
    panels = []
    for i, m in enumerate(maps):
        x, y = _GAP + (i % columns) * (panel_w + _GAP), _GAP + (i // columns) * (panel_h + _GAP)
        panels.append(f'<g transform="translate({x},{y})">{_panel(m, language)}</g>')
    legend = words(text("report.cell_legend", language), _GAP, height - _GAP + 4, size=11, color="#7b8794")
    return picture(width, height, [*panels, legend])


def _panel(m: PartnerMap, language: str) -> str:
    most = max((cell.companies for sides, cell in m.cells.items() if OUTSIDE not in sides), default=0)
    kind, overlap = text(f"report.type.{m.type}", language), text("report.overlap", language, count=m.overlap)
    parts = [
        words(shorten(m.name, 22), 0, 16, size=15, color=INK, weight=600),
        words(f"{kind} · {overlap}", 0, 34, color=QUIET),
        words(text("report.axes", language), _LABEL_W - 8, _HEADER_H - 8, anchor="end", size=10, color=FAINT),
    ]
    sides = (*STATUSES, OUTSIDE)
    for column, theirs in enumerate(sides):
        x = _LABEL_W + column * _CELL_W + _CELL_W / 2
        parts.append(words(text(f"report.status.{theirs}", language), x, _HEADER_H - 8, anchor="middle"))
    for row, ours in enumerate(sides):
        y = _HEADER_H + row * _CELL_H
        parts.append(words(text(f"report.status.{ours}", language), _LABEL_W - 8, y + _CELL_H / 2 + 4, anchor="end"))
        for column, theirs in enumerate(sides):
            if (ours, theirs) != (OUTSIDE, OUTSIDE):
                value = money(m.at((ours, theirs)).expected_value, m.currency, language)
                x = _LABEL_W + column * _CELL_W
                parts.append(_cell(m.at((ours, theirs)), CELLS.get((ours, theirs)), most, value, x, y))
    return "".join(parts)


def _cell(cell: Cell, number: int | None, most: int, value: str, x: float, y: float) -> str:
    """A cell darkens with the root of its count, so that small cells stay visible beside large ones."""
    share = math.sqrt(cell.companies / most) if most and number else 0.0
    fill = _mix((238, 246, 252), (8, 92, 158), share) if number else "#f5f7fa"
    ink = "#ffffff" if share > 0.7 else (INK if number else "#7b8794")
    middle = x + (_CELL_W - 3) / 2
    parts = [
        bar(x, y, _CELL_W - 3, _CELL_H - 3, fill, radius=4),
        words(str(number), x + 6, y + 13, size=9, color=ink) if number else "",
        words(f"{cell.companies:,}", middle, y + 25, anchor="middle", size=15, color=ink),
    ]
    if cell.companies:
        records = f"{cell.our_records:,} : {cell.partner_records:,}"
        parts.append(words(records, middle, y + 39, anchor="middle", size=9, color=ink))
    if cell.expected_value:
        parts.append(words(value, middle, y + 52, anchor="middle", size=10, color=ink))
    return "".join(parts)


def _mix(light: tuple[int, int, int], dark: tuple[int, int, int], share: float) -> str:
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in zip(light, dark, strict=True))
