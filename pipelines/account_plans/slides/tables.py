"""Tables that are cut to the room there is: rows that do not fit one slide go on, on the next.

Belongs here: cells, and cutting rows by their measured height. Does not: what any table says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipelines.account_plans.drawing.fit import fitted_table, overflows, pages_of
from pipelines.account_plans.drawing.scene import Align, Cell, Rect, Table
from pipelines.account_plans.slides.theme import INK, NAVY, PALE, PANEL, WHITE

Row = tuple[Cell, ...]


def cell(words: str, align: Align = "left", bold: bool = False, color: str = INK, fill: str | None = WHITE) -> Cell:
    return Cell(words, bold=bold, align=align, color=color, fill=fill)


def head(*names: str, right: Sequence[int] = ()) -> Row:
    """Headings; those at the places ``right`` stand over numbers."""
    return tuple(Cell(name, bold=True, align="right" if i in right else "left", fill=PALE, color=NAVY) for i, name in enumerate(names))


def banded(rows: Sequence[Row]) -> list[Row]:
    """Every other row on grey, so that the eye keeps the line."""
    return [tuple(replace(c, fill=PANEL) if c.fill == WHITE else c for c in row) if i % 2 else row for i, row in enumerate(rows)]


def table(
    place: Rect, shares: Sequence[float], heads: Row, rows: Sequence[Row], size: float = 9, min_size: float = 7,
    row_height: float = 17, name: str = "",
) -> Table:
    """A table over the whole width of its place; ``shares`` are those of its columns."""
    widths = [place.width * share / sum(shares) for share in shares]
    return Table(place, widths, heads, banded(rows), size=size, min_size=min_size, row_height=row_height, name=name)


def paged(wanted: Table, next_place: Rect) -> list[Table]:
    """The table in its place, smaller where that is enough; else at its own size, what does not fit going on in
    ``next_place``, as often as needed."""
    small = fitted_table(wanted)
    return pages_of(wanted, next_place) if overflows(small) else [small]
