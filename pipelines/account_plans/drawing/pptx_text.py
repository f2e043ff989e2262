"""Words in PowerPoint: paragraphs and runs whose size, height and fonts are set one by one, so that no program chooses others.

Belongs here: filling a text frame. Does not: the shapes around it (``pptx_shapes.py``), or fitting (``fit.py``).
"""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import escape

from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.text.text import TextFrame, _Paragraph
from pptx.util import Emu, Pt

from pipelines.account_plans.drawing.measure import INDENT, LINE, paragraph_size, space_above
from pipelines.account_plans.drawing.scene import HEIGHT, WIDTH, Paragraph, Rect, Run, Text

_ALIGN = {"left": "l", "center": "ctr", "right": "r"}
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

    def hundredths(self, points: float) -> int:
        """A font's size as PowerPoint keeps it, in hundredths of a point."""
        return int(points * self.ratio * 100)


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
    body = frame._txBody
    for old in body.findall(qn("a:p")):
        body.remove(old)
    paragraphs = box.paragraphs or (Paragraph(()),)
    told = "".join(
        _paragraph(paragraph, box, space_above(paragraphs, number, box.size), look, colored)
        for number, paragraph in enumerate(paragraphs)
    )
    body.extend(parse_xml(f"<a:txBody {nsdecls('a')}>{told}</a:txBody>"))


def _paragraph(paragraph: Paragraph, box: Text, above: float, look: Look, colored: bool) -> str:
    """As XML, for thousands of them are written in a second: alignment, exact height of a line, space before, bullet, runs."""
    size = paragraph_size(paragraph, box.size)
    indent = look.scale.length(INDENT * size) if paragraph.bullet else 0
    bullet = '<a:buFont typeface="Arial"/><a:buChar char="•"/>' if paragraph.bullet else "<a:buNone/>"
    spaces = (("lnSpc", size * LINE), ("spcBef", above), ("spcAft", 0.0))
    spacing = "".join(
        f'<a:{name}><a:spcPts val="{round(points * look.scale.ratio * 100)}"/></a:{name}>' for name, points in spaces
    )
    margins = f'marL="{indent}" indent="{-indent}" algn="{_ALIGN[paragraph.align]}"'
    runs = "".join(_run(run, box, look, colored) for run in paragraph.runs)
    end = run_properties(size, False, None, look, "a:endParaRPr")
    return f'<a:p><a:pPr {margins} eaLnBrk="1" latinLnBrk="0" hangingPunct="0">{spacing}{bullet}</a:pPr>{runs}{end}</a:p>'


def _run(run: Run, box: Text, look: Look, colored: bool) -> str:
    """A run; its line ends are breaks."""
    color = run.color or (box.color if colored else None)
    properties = run_properties(run.size or box.size, run.bold, color, look)
    lines = (f"<a:r>{properties}<a:t>{escape(line)}</a:t></a:r>" if line else "" for line in run.text.split("\n"))
    return f"<a:br>{properties}</a:br>".join(lines)


def run_properties(size: float, bold: bool, color: str | None, look: Look, tag: str = "a:rPr") -> str:
    """Size, weight, colour, language, and both fonts, as XML."""
    language, other = _LANG[look.language]
    fill = f'<a:solidFill><a:srgbClr val="{escape(color)}"/></a:solidFill>' if color else ""
    fonts = f'<a:latin typeface="{look.latin}"/><a:ea typeface="{look.east_asian}"/>'
    kind = f'lang="{language}" altLang="{other}" sz="{look.scale.hundredths(size)}" b="{int(bold)}"'
    return f"<{tag} {kind}>{fill}{fonts}</{tag}>"


def add_run(paragraph: _Paragraph, words: str, size: float, color: str, look: Look) -> None:
    """A run behind those of a paragraph of PowerPoint's own, such as a chart's label."""
    run = paragraph.add_run()
    run.text = words
    run._r.insert(0, parse_xml(run_properties(size, False, color, look).replace("<a:rPr", f"<a:rPr {nsdecls('a')}", 1)))
