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


def head(*names: str, right: Sequence[int] = (), middle: Sequence[int] = ()) -> Row:
    """Headings; those at the places ``right`` stand over numbers, those at ``middle`` over what is centred."""
    sides: dict[int, Align] = {**dict.fromkeys(right, "right"), **dict.fromkeys(middle, "center")}
    return tuple(Cell(name, bold=True, align=sides.get(i, "left"), fill=PALE, color=NAVY) for i, name in enumerate(names))


def banded(rows: Sequence[Row]) -> list[Row]:
    """Every other row on grey, so that the eye keeps the line."""
    return [tuple(replace(c, fill=PANEL) if c.fill == WHITE else c for c in row) if i % 2 else row for i, row in enumerate(rows)]


def table(
    place: Rect,
    shares: Sequence[float],
    heads: Row,
    rows: Sequence[Row],
    size: float = 9.5,
    min_size: float = 7,
    row_height: float = 22,
    name: str = "",
) -> Table:
    """A table over the whole width of its place; ``shares`` are those of its columns."""
    widths = [place.width * share / sum(shares) for share in shares]
    return Table(place, widths, heads, banded(rows), size=size, min_size=min_size, row_height=row_height, name=name)


def filling(place: Rect, count: int, most: float = 27.0, least: float = 17.0) -> float:
    """The height of a row so that ``count`` rows under a head fill the place, neither crowded nor far apart."""
    return max(least, min(most, place.height / (count + 1)))


def paged(wanted: Table, next_place: Rect) -> list[Table]:
    """The table in its place, smaller where that is enough; else at its own size, what does not fit going on in
    ``next_place``, as often as needed."""
    small = fitted_table(wanted)
    if not overflows(small):
        return [small]
    first = pages_of(wanted, next_place)[0]
    wider = next_place.width / wanted.place.width
    widths = [width * wider for width in wanted.widths]
    rest = replace(wanted, place=next_place, widths=widths, rows=wanted.rows[len(first.rows) :])
    return [first, *pages_of(rest)]
