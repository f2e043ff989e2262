"""What to do where words do not fit their box: smaller words, then fewer; a table goes on on the next slide.

Belongs here: fitting, and telling what cannot be fitted. Does not: measuring (``measure.py``), or drawing. Who lays out slides
calls this to know; who draws calls it again, and what fits already is left as it is.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace

from pipelines.account_plans.drawing.measure import (
    SLACK,
    height_of,
    lines_of,
    plain,
    row_heights,
    table_fits,
    table_rows,
    text_fits,
)
from pipelines.account_plans.drawing.scene import HEIGHT, WIDTH, Cell, Item, Line, Rect, Run, Table, Text
from pipelines.account_plans.drawing.widths import width as text_width

__all__ = [
    "fitted",
    "fitted_table",
    "height_of",
    "is_cut",
    "lines_of",
    "overflows",
    "pages_of",
    "plain",
    "table_height",
    "text_width",
]
_STEP, _CUT = 0.5, "…"


def fitted(box: Text) -> Text:
    """The box with words that fit: as they are, else smaller down to ``min_size``, else cut, with … at the end."""
    box = _clean(box)
    size = box.size
    while True:
        smaller = _of_size(box, size)
        if text_fits(smaller):
            return smaller
        if size <= box.min_size:
            return _cut(smaller)
        size = max(size - _STEP, box.min_size)


def is_cut(box: Text) -> bool:
    """Whether the words do not fit even at their smallest, so that ``fitted`` leaves some out."""
    return plain(fitted(box)) != plain(_clean(box))


def fitted_table(table: Table) -> Table:
    """The table with smaller words where its rows need more height than there is, down to ``min_size``. No word is left out: what
    is too long even then ``overflows``, and ``pages_of`` makes several of it."""
    table = _clean_table(table)
    size = table.size
    while True:
        smaller = replace(table, size=size, row_height=table.row_height * size / table.size)
        if size <= table.min_size or table_fits(smaller):
            return smaller
        size = max(size - _STEP, table.min_size)


def table_height(table: Table) -> float:
    """The height of head and rows at the table's size, in points; may be less than that of its place."""
    return sum(row_heights(table))


def pages_of(table: Table, next_place: Rect | None = None) -> list[Table]:
    """The table at its own size as several, each with the head and as many rows as fit its place; those after the first stand at
    ``next_place``. A row that is higher than a place stands alone."""
    table = _clean_table(table)
    heights = row_heights(table)
    head = sum(heights[: len(table_rows(table)) - len(table.rows)])
    pages: list[Table] = []
    at = 0
    while at < len(table.rows) or not pages:
        place = table.place if not pages else next_place or table.place
        used, end = head, at
        for height in heights[len(heights) - len(table.rows) + at :]:
            if end > at and used + height > place.height + SLACK:
                break
            used, end = used + height, end + 1
        pages.append(replace(table, place=place, rows=tuple(table.rows[at:end])))
        at = end
    return pages


def overflows(item: Item) -> bool:
    """Whether an item as it is needs more room than its place, or leaves the slide."""
    if isinstance(item, Line):
        xs, ys = (item.x1, item.x2), (item.y1, item.y2)
        return _leaves_slide(Rect(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)))
    if _leaves_slide(item.place):
        return True
    if isinstance(item, Text):
        return not text_fits(item)
    return isinstance(item, Table) and not table_fits(item)


def _leaves_slide(place: Rect) -> bool:
    right, foot = place.x + place.width, place.y + place.height
    return min(place.x, place.y) < -SLACK or right > WIDTH + SLACK or foot > HEIGHT + SLACK


def clean(text: str) -> str:
    """Without the characters that no file can hold: controls, halves of pairs."""
    spaced = text.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n").replace("\t", " ")
    return "".join(c for c in spaced if c == "\n" or (unicodedata.category(c) not in ("Cc", "Cs") and c not in "\ufffe\uffff"))


def _clean(box: Text) -> Text:
    return _with_runs(box, lambda run: replace(run, text=clean(run.text)))


def _clean_table(table: Table) -> Table:
    def row(cells: Sequence[Cell]) -> tuple[Cell, ...]:
        return tuple(replace(cell, text=clean(cell.text)) for cell in cells)

    return replace(table, head=row(table.head), rows=tuple(row(cells) for cells in table.rows))


def _with_runs(box: Text, change: Callable[[Run], Run]) -> Text:
    paragraphs = (replace(paragraph, runs=tuple(change(run) for run in paragraph.runs)) for paragraph in box.paragraphs)
    return replace(box, paragraphs=tuple(paragraphs))


def _of_size(box: Text, size: float) -> Text:
    """The box at another size; runs with a size of their own keep theirs in proportion, down to the smallest."""
    if size == box.size:
        return box
    ratio = size / box.size

    def scaled(run: Run) -> Run:
        return run if run.size is None else replace(run, size=max(run.size * ratio, min(run.size, box.min_size)))

    return replace(_with_runs(box, scaled), size=size)


def _cut(box: Text) -> Text:
    """As many of the words as fit, and dots."""
    fits, too_long = 0, len(plain(box))
    while too_long - fits > 1:
        middle = (fits + too_long) // 2
        fits, too_long = (middle, too_long) if text_fits(_beginning(box, middle)) else (fits, middle)
    return _beginning(box, fits)


def _beginning(box: Text, length: int) -> Text:
    """The first characters of the box, a line end counted as one, and dots behind them."""
    left, kept = length, []
    for paragraph in box.paragraphs:
        runs = []
        for run in paragraph.runs:
            runs.append(replace(run, text=run.text[: max(left, 0)]))
            left -= len(run.text)
            if left <= 0:
                break
        left -= 1
        kept.append(replace(paragraph, runs=(*runs[:-1], _dotted(runs[-1] if runs else Run("")))) if left < 0 else paragraph)
        if left < 0:
            break
    return replace(box, paragraphs=tuple(kept))


def _dotted(run: Run) -> Run:
    return replace(run, text=run.text.rstrip() + _CUT)
