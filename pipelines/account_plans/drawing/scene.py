"""A slide before it is a file: native things at places, so that PowerPoint and the browser show the same.

Belongs here: the value types. Does not: measuring text (``fit.py``), or writing files (``pptx.py``, ``svg.py``, ``html.py``).
Units are points; a slide is 960 x 540 (16:9). Colours are RRGGBB without ``#``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

WIDTH, HEIGHT = 960.0, 540.0
Align = Literal["left", "center", "right"]
Anchor = Literal["top", "middle", "bottom"]


@dataclass(frozen=True)
class Rect:
    """A place on the slide."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Run:
    """Words of one look. ``color`` None: that of the box."""

    text: str
    bold: bool = False
    color: str | None = None
    size: float | None = None


@dataclass(frozen=True)
class Paragraph:
    runs: Sequence[Run]
    align: Align = "left"
    bullet: bool = False


@dataclass(frozen=True)
class Text:
    """A box of text, with or without fill and frame. ``size`` is the wanted one; ``fit.fitted`` makes it smaller down to
    ``min_size`` until the words fit. ``slot`` marks words that a person may replace; ``name`` is the shape's."""

    place: Rect
    paragraphs: Sequence[Paragraph]
    size: float = 11
    min_size: float = 8
    color: str = "1F2933"
    fill: str | None = None
    line: str | None = None
    dashed: bool = False
    rounded: bool = False
    anchor: Anchor = "top"
    padding: float = 4
    name: str = ""
    slot: str | None = None


@dataclass(frozen=True)
class Cell:
    """One cell of a table."""

    text: str
    bold: bool = False
    align: Align = "left"
    fill: str | None = None
    color: str | None = None


@dataclass(frozen=True)
class Table:
    """``widths`` add up to the place's width; rows are as high as ``row_height`` or, where words wrap, as they need."""

    place: Rect
    widths: Sequence[float]
    head: Sequence[Cell]
    rows: Sequence[Sequence[Cell]]
    size: float = 10
    min_size: float = 7
    row_height: float = 18
    name: str = ""


@dataclass(frozen=True)
class Series:
    name: str
    values: Sequence[float | None]
    labels: Sequence[str]
    """What stands at each value; empty texts show none."""
    color: str
    pattern: bool = False
    """Hatched: an estimate or a target, no fact."""


@dataclass(frozen=True)
class BarChart:
    """Clustered bars, upright or lying. ``number_format`` is Excel's, for whoever opens the data in PowerPoint."""

    place: Rect
    categories: Sequence[str]
    series: Sequence[Series]
    horizontal: bool = False
    number_format: str = "#,##0"
    size: float = 9
    legend: bool = True
    name: str = ""


@dataclass(frozen=True)
class ScatterPoint:
    label: str
    x: float
    y: float
    size: float
    color: str


@dataclass(frozen=True)
class Scatter:
    """Bubbles on two axes; every label is shown at its bubble."""

    place: Rect
    points: Sequence[ScatterPoint]
    x_title: str
    y_title: str
    size: float = 9
    name: str = ""


@dataclass(frozen=True)
class Line:
    """From one point to another, straight, or with a step half-way (``elbow``). An arrow at its end where ``arrow``."""

    x1: float
    y1: float
    x2: float
    y2: float
    color: str = "9AA5B1"
    width: float = 1
    dashed: bool = False
    elbow: bool = False
    arrow: bool = False
    name: str = ""


Item = Text | Table | BarChart | Scatter | Line


@dataclass(frozen=True)
class Slide:
    """``title`` is in the slide's title placeholder, ``notes`` in its notes; ``items`` are drawn in their order."""

    title: str
    items: Sequence[Item]
    subtitle: str = ""
    footer: str = ""
    notes: str = ""


@dataclass(frozen=True)
class Deck:
    title: str
    language: str
    slides: Sequence[Slide] = field(default_factory=tuple)
    subject: str = ""
    """What it is about, for programs: kept in the file's properties."""
