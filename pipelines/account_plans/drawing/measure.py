"""What words need: the lines of a text box and the rows of a table, in points.

Belongs here: measuring. Does not: how wide a character is (``widths.py``), where a line may break (``breaking.py``), or what to
do where words do not fit (``fit.py``). Whoever draws writes every line ``LINE`` ems high, so that heights hold in every font.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby

from pipelines.account_plans.drawing.breaking import Glyph, broken
from pipelines.account_plans.drawing.scene import Cell, Paragraph, Rect, Run, Table, Text
from pipelines.account_plans.drawing.widths import BOLD, widths

LINE = 1.3
"""Height of a line, in ems of its largest words."""
GAP = 0.3
"""Space between list entries, in ems."""
INDENT = 1.1
"""How far the words of a list entry stand in, in ems."""
CELL_X, CELL_Y = 4.0, 2.0
"""Margins in a table's cell, in points."""
SLACK = 0.05
"""What a sum of fractions may be off, in points."""


@dataclass(frozen=True)
class Piece:
    """Words of one run on one line. ``run.size`` is set."""

    run: Run
    width: float


@dataclass(frozen=True)
class Laid:
    """One line of a box: ``above`` points of space before it, then ``height``. ``first``: the first of its paragraph."""

    paragraph: Paragraph
    pieces: tuple[Piece, ...]
    width: float
    height: float
    above: float
    indent: float
    first: bool


def lines_of(box: Text) -> tuple[Laid, ...]:
    """The lines of a box at its size, whether they fit or not."""
    paragraphs = tuple(replace(paragraph, runs=tuple(paragraph.runs)) for paragraph in box.paragraphs)
    return lines_of_words(paragraphs, box.size, box.place.width - 2 * box.padding)


@lru_cache(maxsize=4096)  # whoever lays out, writes and checks a box asks for the same lines
def lines_of_words(paragraphs: tuple[Paragraph, ...], size_of_box: float, room: float) -> tuple[Laid, ...]:
    """The lines of these paragraphs in ``room`` points."""
    laid: list[Laid] = []
    for number, paragraph in enumerate(paragraphs):
        size = paragraph_size(paragraph, size_of_box)
        indent = INDENT * size if paragraph.bullet else 0.0
        above = space_above(paragraphs, number, size_of_box)
        for at, line in enumerate(broken(_glyphs(paragraph, size_of_box), max(room - indent, 1.0))):
            pieces = _pieces(line, paragraph, size_of_box)
            width = sum(piece.width for piece in pieces)
            laid.append(Laid(paragraph, pieces, width, LINE * size, 0.0 if at else above, indent, not at))
    return tuple(laid)


def paragraph_size(paragraph: Paragraph, size: float) -> float:
    """The largest size in a paragraph, in points."""
    return max([run.size or size for run in paragraph.runs if run.text] or [size])


def space_above(paragraphs: Sequence[Paragraph], number: int, size: float) -> float:
    """The space before a paragraph, in points: entries of a list stand apart."""
    apart = number and (paragraphs[number].bullet or paragraphs[number - 1].bullet)
    return GAP * size if apart else 0.0


def _glyphs(paragraph: Paragraph, size: float) -> list[Glyph]:
    ems = iter(widths("".join(run.text for run in paragraph.runs)))
    return [
        Glyph(character, next(ems) * (run.size or size) * (BOLD if run.bold else 1.0), number)
        for number, run in enumerate(paragraph.runs)
        for character in run.text
    ]


def _pieces(line: Sequence[Glyph], paragraph: Paragraph, size: float) -> tuple[Piece, ...]:
    pieces = []
    for number, glyphs in groupby(line, key=lambda glyph: glyph.run):
        run, of_run = paragraph.runs[number], list(glyphs)
        words = "".join(glyph.character for glyph in of_run)
        pieces.append(Piece(replace(run, text=words, size=run.size or size), sum(glyph.width for glyph in of_run)))
    return tuple(pieces)


def height_of(box: Text) -> float:
    """The height that the words need with the padding around them, in points."""
    return sum(line.above + line.height for line in lines_of(box)) + 2 * box.padding


def text_fits(box: Text) -> bool:
    """Whether the words stay inside their box at its size."""
    room = box.place.width - 2 * box.padding
    inside = all(line.indent + line.width <= room + SLACK for line in lines_of(box))
    return inside and height_of(box) <= box.place.height + SLACK


def plain(box: Text) -> str:
    """The words of a box, a paragraph a line."""
    return "\n".join("".join(run.text for run in paragraph.runs) for paragraph in box.paragraphs)


def table_rows(table: Table) -> list[Sequence[Cell]]:
    """Head and rows, from the top. A head without words is none; the cells of a head are bold."""
    head = [replace(cell, bold=True) for cell in table.head]
    return [*([head] if any(cell.text for cell in head) else []), *table.rows]


def row_heights(table: Table) -> list[float]:
    """The height of each of ``table_rows``, in points."""
    return [
        max([table.row_height, *(2 * CELL_Y + _words_height(box) for box in cell_boxes(table, row))]) for row in table_rows(table)
    ]


def cell_boxes(table: Table, row: Sequence[Cell], y: float = 0.0, height: float = 0.0) -> list[Text]:
    """The words of a row's cells as boxes, which stand at ``y``."""
    boxes, x = [], table.place.x
    for cell, width in zip(row, table.widths, strict=False):
        place = Rect(x + CELL_X, y, max(width - 2 * CELL_X, 1.0), height)
        words = Paragraph((Run(cell.text, cell.bold, cell.color),), cell.align)
        boxes.append(Text(place, (words,), table.size, table.min_size, anchor="middle", padding=0))
        x += width
    return boxes


def _words_height(box: Text) -> float:
    return sum(line.height for line in lines_of(box))


def table_fits(table: Table) -> bool:
    """Whether every word stays inside its cell, and the rows inside the place."""
    boxes = [box for row in table_rows(table) for box in cell_boxes(table, row)]
    inside = all(line.width <= box.place.width + SLACK for box in boxes for line in lines_of(box))
    return inside and sum(row_heights(table)) <= table.place.height + SLACK
