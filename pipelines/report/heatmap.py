"""The account map as a picture: one SVG, a small 3x3 map for each partner with the outer cells in grey.

SVG, because the reader's own fonts then render Japanese, and it needs no drawing library.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from html import escape

from pipelines.report.figures import OUTSIDE, STATUSES, PartnerMap
from pipelines.texts import text

_CELL_W, _CELL_H = 74, 44
_LABEL_W, _HEADER_H, _GAP = 92, 66, 28
_COLUMNS = 3
_NUMBERS = {
    (o, t): n for (o, t), n in zip([(o, t) for o in STATUSES for t in STATUSES], (1, 4, 6, 2, 5, 7, 3, 8, 9), strict=True)
}
_FONT = "'Noto Sans JP','Hiragino Sans','Yu Gothic UI','Meiryo',sans-serif"


def heatmap_svg(maps: Sequence[PartnerMap], language: str) -> str:
    """All partners' maps in one picture; ``language`` is ja or en."""
    panel_w, panel_h = _LABEL_W + 4 * _CELL_W, _HEADER_H + 4 * _CELL_H
    columns = max(1, min(_COLUMNS, len(maps)))
    rows = math.ceil(len(maps) / columns)
    width, height = columns * (panel_w + _GAP) + _GAP, rows * (panel_h + _GAP) + _GAP
    panels = "".join(
        f'<g transform="translate({_GAP + (i % columns) * (panel_w + _GAP)},{_GAP + (i // columns) * (panel_h + _GAP)})">{_panel(m, language)}</g>'
        for i, m in enumerate(maps)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" font-family="{_FONT}">'
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>{panels}</svg>'
    )


def as_markdown_image(svg: str, alt: str) -> str:
    """The picture inside Markdown, for Dagster's metadata."""
    return f"![{alt}](data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()})"


def _panel(m: PartnerMap, language: str) -> str:
    most = max((n for key, n in m.counts.items() if OUTSIDE not in key), default=0)
    kind = text(f"report.type.{m.type}", language)
    parts = [
        f'<text x="0" y="16" font-size="15" font-weight="600" fill="#1f2933">{escape(_shorten(m.name, 22))}</text>',
        f'<text x="0" y="34" font-size="11" fill="#616e7c">{escape(kind)} · {escape(text("report.overlap", language, count=m.overlap))}</text>',
        f'<text x="{_LABEL_W - 8}" y="{_HEADER_H - 8}" font-size="10" fill="#9aa5b1" text-anchor="end">{escape(text("report.axes", language))}</text>',
    ]
    sides = (*STATUSES, OUTSIDE)
    for column, theirs in enumerate(sides):
        x = _LABEL_W + column * _CELL_W + _CELL_W / 2
        parts.append(_label(text(f"report.status.{theirs}", language), x, _HEADER_H - 8, "middle"))
    for row, ours in enumerate(sides):
        y = _HEADER_H + row * _CELL_H
        parts.append(_label(text(f"report.status.{ours}", language), _LABEL_W - 8, y + _CELL_H / 2 + 4, "end"))
        for column, theirs in enumerate(sides):
            if (ours, theirs) != (OUTSIDE, OUTSIDE):
                parts.append(
                    _cell(m.counts.get((ours, theirs), 0), _NUMBERS.get((ours, theirs)), most, _LABEL_W + column * _CELL_W, y)
                )
    return "".join(parts)


def _label(words: str, x: float, y: float, anchor: str) -> str:
    return f'<text x="{x}" y="{y}" font-size="11" fill="#52606d" text-anchor="{anchor}">{escape(words)}</text>'


def _cell(count: int, number: int | None, most: int, x: float, y: float) -> str:
    """A cell darkens with the root of its count, so that small cells stay visible beside large ones."""
    share = math.sqrt(count / most) if most and number else 0.0
    fill = _mix((238, 246, 252), (8, 92, 158), share) if number else "#f5f7fa"
    ink = "#ffffff" if share > 0.55 else ("#1f2933" if number else "#7b8794")
    corner = f'<text x="{x + 6}" y="{y + 13}" font-size="9" fill="{ink}" opacity="0.75">{number}</text>' if number else ""
    return (
        f'<rect x="{x}" y="{y}" width="{_CELL_W - 3}" height="{_CELL_H - 3}" rx="4" fill="{fill}"/>{corner}'
        f'<text x="{x + (_CELL_W - 3) / 2}" y="{y + _CELL_H / 2 + 5}" font-size="15" text-anchor="middle" fill="{ink}">{count:,}</text>'
    )


def _mix(light: tuple[int, int, int], dark: tuple[int, int, int], share: float) -> str:
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in zip(light, dark, strict=True))


def _shorten(name: str, length: int) -> str:
    return name if len(name) <= length else name[: length - 1] + "…"
