"""Words in PowerPoint: paragraphs and runs whose size, height and fonts are set one by one, so that no program chooses others.

Belongs here: filling a text frame. Does not: the shapes around it (``pptx_shapes.py``), or fitting (``fit.py``).
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.text.text import TextFrame, _Paragraph, _Run
from pptx.util import Emu, Pt

from pipelines.account_plans.drawing.measure import INDENT, LINE, paragraph_size, space_above
from pipelines.account_plans.drawing.scene import HEIGHT, WIDTH, Paragraph, Rect, Run, Text

_ALIGN = {"left": PP_ALIGN.LEFT, "center": PP_ALIGN.CENTER, "right": PP_ALIGN.RIGHT}
_ANCHOR = {"top": MSO_ANCHOR.TOP, "middle": MSO_ANCHOR.MIDDLE, "bottom": MSO_ANCHOR.BOTTOM}
_LANG = {"ja": ("ja-JP", "en-US"), "en": ("en-US", "ja-JP")}


@dataclass(frozen=True)
class Scale:
    """From points of our slide to a template's: as large as fits, in the middle."""

    ratio: float = 1.0
    x: float = 0.0
    y: float = 0.0

    @staticmethod
    def of(width: int, height: int) -> Scale:
        """For a slide of that size in EMU."""
        ratio = min(width / Pt(WIDTH), height / Pt(HEIGHT))
        return Scale(ratio, (Emu(width).pt - WIDTH * ratio) / 2, (Emu(height).pt - HEIGHT * ratio) / 2)

    def length(self, points: float) -> Emu:
        return Emu(round(points * self.ratio * 12700))

    def place(self, rect: Rect) -> tuple[Emu, Emu, Emu, Emu]:
        """Left, top, width, height."""
        left, top = (Emu(round((a + b * self.ratio) * 12700)) for a, b in ((self.x, rect.x), (self.y, rect.y)))
        return left, top, self.length(rect.width), self.length(rect.height)

    def size(self, points: float) -> Emu:
        """A font's size, in the hundredths of a point that PowerPoint keeps."""
        return Emu(int(points * self.ratio * 100) * 127)


@dataclass(frozen=True)
class Look:
    """How words are written: the language, the scale, and the fonts: the theme's for body text unless others are named."""

    language: str
    scale: Scale
    latin: str = "+mn-lt"
    east_asian: str = "+mn-ea"


def fill_frame(frame: TextFrame, box: Text, look: Look, colored: bool = True) -> None:
    """Puts the words of a fitted box into an empty frame."""
    frame.word_wrap = True
    frame.auto_size = MSO_AUTO_SIZE.NONE
    frame.vertical_anchor = _ANCHOR[box.anchor]
    for side in ("left", "right", "top", "bottom"):
        setattr(frame, f"margin_{side}", look.scale.length(box.padding))
    fill_paragraphs(frame, box, look, colored)


def fill_paragraphs(frame: TextFrame, box: Text, look: Look, colored: bool = True) -> None:
    """The words alone: a table's cell has its own margins."""
    for number, paragraph in enumerate(box.paragraphs or (Paragraph(()),)):
        target = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        size = paragraph_size(paragraph, box.size)
        _lay(target, paragraph, size, space_above(box.paragraphs, number, box.size), look)
        for run in paragraph.runs:
            _write(target, run, box, look, colored)
        end = target._p.get_or_add_endParaRPr()
        end.set("lang", _LANG[look.language][0])
        end.set("sz", str(int(size * look.scale.ratio * 100)))


def _lay(target: _Paragraph, paragraph: Paragraph, size: float, above: float, look: Look) -> None:
    """Alignment, exact height of a line, space before, bullet."""
    target.alignment = _ALIGN[paragraph.align]
    target.line_spacing = Pt(1)
    properties = target._p.get_or_add_pPr()
    properties.find(f"{qn('a:lnSpc')}/{qn('a:spcPts')}").set("val", str(round(size * LINE * look.scale.ratio * 100)))
    target.space_before, target.space_after = Emu(round(above * look.scale.ratio * 12700)), Pt(0)
    indent = look.scale.length(INDENT * size) if paragraph.bullet else 0
    for name, value in {"marL": indent, "indent": -indent, "hangingPunct": 0, "latinLnBrk": 0, "eaLnBrk": 1}.items():
        properties.set(name, str(int(value)))
    if paragraph.bullet:
        etree.SubElement(properties, qn("a:buFont")).set("typeface", "Arial")
        etree.SubElement(properties, qn("a:buChar")).set("char", "•")
    else:
        etree.SubElement(properties, qn("a:buNone"))


def _write(target: _Paragraph, run: Run, box: Text, look: Look, colored: bool) -> None:
    for number, words in enumerate(run.text.split("\n")):
        if number:
            target.add_line_break()
        if words:
            written = target.add_run()
            written.text = words
            dress(written, run.size or box.size, run.bold, (run.color or box.color) if colored or run.color else None, look)


def dress(written: _Run, size: float, bold: bool, color: str | None, look: Look) -> None:
    """Size, weight, colour, language, and both fonts."""
    font = written.font
    font.size, font.bold = look.scale.size(size), bold
    if color:
        font.color.rgb = RGBColor.from_string(color)
    properties = font._rPr
    properties.set("lang", _LANG[look.language][0])
    properties.set("altLang", _LANG[look.language][1])
    font.name = look.latin
    east_asian = etree.Element(qn("a:ea"), typeface=look.east_asian)
    properties.find(qn("a:latin")).addnext(east_asian)
