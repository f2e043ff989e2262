"""What the pictures are drawn with: SVG, because the reader's own fonts then render Japanese, and it needs no drawing library.

Belongs here: text, bars, the frame, putting a picture into Markdown. Does not: any one picture (``heatmap``, ``quality``).
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from html import escape

FONT = "'Noto Sans JP','Hiragino Sans','Yu Gothic UI','Meiryo',sans-serif"
INK, QUIET, FAINT = "#1f2933", "#616e7c", "#9aa5b1"


def picture(width: float, height: float, parts: Iterable[str]) -> str:
    """The parts on white, of that size in pixels."""
    size = f'width="{width:g}" height="{height:g}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" {size} font-family="{FONT}">'
        f'<rect {size} fill="#ffffff"/>{"".join(parts)}</svg>'
    )


def words(
    words: str, x: float, y: float, anchor: str = "start", size: int = 11, color: str = "#52606d", weight: int = 400
) -> str:
    """A line of text whose start, middle or end stands at x, its foot at y."""
    style = f'font-size="{size}" font-weight="{weight}" fill="{color}" text-anchor="{anchor}"'
    return f'<text x="{x:g}" y="{y:g}" {style}>{escape(words)}</text>'


def bar(x: float, y: float, width: float, height: float, color: str, radius: float = 2) -> str:
    """A filled rectangle."""
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{radius:g}" fill="{color}"/>'


def shorten(name: str, length: int) -> str:
    """The name, or its beginning and dots."""
    return name if len(name) <= length else name[: length - 1] + "…"


def as_markdown_image(svg: str, alt: str) -> str:
    """The picture inside Markdown, for Dagster's metadata."""
    return f"![{alt}](data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()})"
