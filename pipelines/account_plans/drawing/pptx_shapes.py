"""Boxes, tables and lines as PowerPoint's own.

Belongs here: one native shape for one item. Does not: charts (``pptx_charts.py``), fitting (``fit.py``).
"""

from __future__ import annotations

import hashlib
import unicodedata

from lxml import etree
from pptx.dml.color import RGBColor
from pptx.dml.line import LineFormat
from pptx.enum.dml import MSO_LINE
from pptx.enum.shapes import MSO_CONNECTOR
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.shapes.autoshape import Shape
from pptx.shapes.connector import Connector
from pptx.slide import Slide as PowerPointSlide
from pptx.table import _Cell
from pptx.util import Emu, Pt

from pipelines.account_plans.drawing.fit import fitted, fitted_table, plain
from pipelines.account_plans.drawing.measure import CELL_X, CELL_Y, cell_boxes, row_heights, table_rows
from pipelines.account_plans.drawing.pptx_text import Look, fill_frame, fill_paragraphs
from pipelines.account_plans.drawing.scene import Cell, Line, Table, Text

SLOT, DIGEST = "text:", "#"
RADIUS = 6.0
"""Of a rounded box, in points."""
HEAD_FILL, RULE = "E4E7EB", "CBD2D9"
_UPRIGHT = (0, 2)  # top and foot of a box, as PowerPoint numbers its sides
Sites = dict[tuple[int, int], tuple[int, int]]
"""Rounded point -> (the box's id, its side)."""
_NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # PowerPoint's table style without lines and fills


def as_kept(words: str) -> str:
    """The words as any program keeps them: line ends and spaces of one kind, none at the ends."""
    lines = unicodedata.normalize("NFC", words).replace("\v", "\n").replace("\xa0", " ").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def digest(words: str) -> str:
    """By which an edit is told."""
    return hashlib.sha256(as_kept(words).encode()).hexdigest()[:12]


def add_text(slide: PowerPointSlide, box: Text, look: Look, name: str) -> Shape:
    """A text box. The name of one with a slot, ``text:<slot>#<digest>``, tells what stood in it when it was made: names are what
    PowerPoint and LibreOffice both keep."""
    box = fitted(box)
    shape = slide.shapes.add_textbox(*look.scale.place(box.place))
    shape.name = f"{SLOT}{box.slot}{DIGEST}{digest(plain(box))}" if box.slot else name
    fill_frame(shape.text_frame, box, look)
    _frame(shape, box, look)
    return shape


def _frame(shape: Shape, box: Text, look: Look) -> None:
    """Fill, line, corners."""
    if box.fill:
        shape.fill.solid()
        shape.fill.fore_color.rgb = RGBColor.from_string(box.fill)
    if box.line:
        shape.line.color.rgb = RGBColor.from_string(box.line)
        shape.line.width = look.scale.length(1)
        if box.dashed:
            shape.line.dash_style = MSO_LINE.DASH
    if box.rounded:
        geometry = shape._element.spPr.find(qn("a:prstGeom"))
        geometry.set("prst", "roundRect")
        part = min(RADIUS / min(box.place.width, box.place.height), 0.5)
        corners = geometry.find(qn("a:avLst"))
        etree.SubElement(corners, qn("a:gd"), name="adj", fmla=f"val {round(part * 100_000)}")


def add_table(slide: PowerPointSlide, table: Table, look: Look, name: str) -> None:
    """A table whose rows are as high as they were measured."""
    table = fitted_table(table)
    rows, heights = table_rows(table), row_heights(table)
    if not rows or not table.widths:
        return
    left, top, width, _ = look.scale.place(table.place)
    frame = slide.shapes.add_table(len(rows), len(table.widths), left, top, width, look.scale.length(sum(heights)))
    frame.name = name
    drawn = frame.table
    drawn.first_row, drawn.horz_banding = len(rows) > len(table.rows), False
    drawn._tbl.find(f"{qn('a:tblPr')}/{qn('a:tableStyleId')}").text = _NO_STYLE
    for at, points in enumerate(table.widths):
        drawn.columns[at].width = look.scale.length(points)
    for number, (row, height) in enumerate(zip(rows, heights, strict=True)):
        drawn._tbl.tr_lst[number].h = look.scale.length(height)
        is_head = number < len(rows) - len(table.rows)
        for at, (cell, box) in enumerate(zip(row, cell_boxes(table, row), strict=True)):
            _fill_cell(drawn.cell(number, at), cell, box, HEAD_FILL if is_head else None, look)


def _fill_cell(target: _Cell, cell: Cell, box: Text, fill: str | None, look: Look) -> None:
    fill_paragraphs(target.text_frame, box, look)
    fill = cell.fill or fill
    old = target._tc.tcPr
    if old is not None:
        target._tc.remove(old)
    x, y = look.scale.length(CELL_X), look.scale.length(CELL_Y)
    ruled = f'<a:solidFill><a:srgbClr val="{RULE}"/></a:solidFill>'
    lines = (("lnL", "<a:noFill/>"), ("lnR", "<a:noFill/>"), ("lnT", ruled), ("lnB", ruled))
    rules = "".join(f'<a:{side} w="{Pt(0.75)}">{kind}</a:{side}>' for side, kind in lines)
    color = RGBColor.from_string(fill) if fill else None
    ground = f'<a:solidFill><a:srgbClr val="{color}"/></a:solidFill>' if color else "<a:noFill/>"
    margins = f'marL="{x}" marR="{x}" marT="{y}" marB="{y}" anchor="ctr"'
    target._tc.append(parse_xml(f"<a:tcPr {nsdecls('a')} {margins}>{rules}{ground}</a:tcPr>"))


def add_line(slide: PowerPointSlide, line: Line, look: Look, name: str, sites: Sites) -> None:
    """A connector, tied to the boxes that it touches, so that it follows one that a person moves. One with a step leaves upright,
    crosses half-way, and arrives upright; LibreOffice draws that only of one that is tied, so another is a drawn line."""
    start, end = _point(line.x1, line.y1, look), _point(line.x2, line.y2, look)
    ends = [sites.get((round(x), round(y))) for x, y in ((line.x1, line.y1), (line.x2, line.y2))]
    steps = line.elbow and line.x1 != line.x2 and line.y1 != line.y2
    shape: Connector | Shape
    if steps and not all(site and site[1] in _UPRIGHT for site in ends):
        shape = _path(slide, start, end)
    else:
        shape = slide.shapes.add_connector(MSO_CONNECTOR.ELBOW if steps else MSO_CONNECTOR.STRAIGHT, *start, *end)
        tied = shape._element.find(f"{qn('p:nvCxnSpPr')}/{qn('p:cNvCxnSpPr')}")
        for tag, site in zip(("stCxn", "endCxn"), ends, strict=True):
            if site:
                etree.SubElement(tied, qn(f"a:{tag}"), id=str(site[0]), idx=str(site[1]))
    shape.name = name
    shape._element.remove(shape._element.find(qn("p:style")))
    _draw(shape.line, line, look)
    if steps and isinstance(shape, Connector):
        _stand_up(shape, start, end)


def _path(slide: PowerPointSlide, start: tuple[Emu, Emu], end: tuple[Emu, Emu]) -> Shape:
    half = round((start[1] + end[1]) / 2)
    path = slide.shapes.build_freeform(*start, scale=1.0)
    shape = path.add_line_segments([(start[0], half), (end[0], half), end], close=False).convert_to_shape()
    shape.fill.background()
    return shape


def _draw(drawn: LineFormat, line: Line, look: Look) -> None:
    drawn.color.rgb = RGBColor.from_string(line.color)
    drawn.width = look.scale.length(line.width)
    if line.dashed:
        drawn.dash_style = MSO_LINE.DASH
    if line.arrow:
        etree.SubElement(drawn._get_or_add_ln(), qn("a:tailEnd")).set("type", "triangle")


def _point(x: float, y: float, look: Look) -> tuple[Emu, Emu]:
    scale = look.scale
    return Emu(round((scale.x + x * scale.ratio) * 12700)), Emu(round((scale.y + y * scale.ratio) * 12700))


def _stand_up(connector: Connector, start: tuple[Emu, Emu], end: tuple[Emu, Emu]) -> None:
    """Turns PowerPoint's step, which leaves sideways, by a quarter: its box is turned around the middle."""
    (x1, y1), (x2, y2) = start, end
    width, height = abs(x2 - x1), abs(y2 - y1)
    place = connector._element.spPr.find(qn("a:xfrm"))
    for name in ("flipH", "flipV", "rot"):
        place.attrib.pop(name, None)
    down, right = y2 > y1, x2 > x1
    place.set("rot", "5400000" if down else "16200000")
    if right == down:
        place.set("flipV", "1")
    middle_x, middle_y = (x1 + x2) / 2, (y1 + y2) / 2
    offset, extent = place.find(qn("a:off")), place.find(qn("a:ext"))
    offset.set("x", str(round(middle_x - height / 2)))
    offset.set("y", str(round(middle_y - width / 2)))
    extent.set("cx", str(height))
    extent.set("cy", str(width))


def sites_of(box: Text, shape: Shape) -> Sites:
    """Where lines may be tied to a box: in the middle of its sides, numbered as PowerPoint does."""
    place = box.place
    middle, centre = place.x + place.width / 2, place.y + place.height / 2
    points = ((middle, place.y), (place.x, centre), (middle, place.y + place.height), (place.x + place.width, centre))
    return {(round(x), round(y)): (shape.shape_id, number) for number, (x, y) in enumerate(points)}
