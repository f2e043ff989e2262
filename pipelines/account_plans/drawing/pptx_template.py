"""The presentation that slides are put into: our own plain one, or a company's template without its slides.

Belongs here: opening it, its title layout, its theme's fonts. Does not: what stands on a slide (``pptx.py``).
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pptx
from lxml import etree
from pptx.exc import PackageNotFoundError
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.presentation import Presentation
from pptx.slide import SlideLayout
from pptx.util import Pt

from pipelines.account_plans.drawing.scene import HEIGHT, WIDTH
from pipelines.account_plans.drawing.zipped import packed, unpacked
from pipelines.registrations.refused import Refused

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_TEMPLATE, _DECK = b"presentationml.template.main+xml", b"presentationml.presentation.main+xml"
_JAPANESE = "Yu Gothic"
_LATIN = "Arial"


@dataclass(frozen=True)
class Base:
    """An empty presentation and the layout of its slides. ``plain``: ours, whose look we set."""

    presentation: Presentation
    layout: SlideLayout
    plain: bool


def opened(path: Path) -> Presentation:
    """A ``.pptx`` or ``.potx``. Raises ``Refused`` for anything else."""
    try:
        parts = unpacked(path.read_bytes())
        kinds = parts["[Content_Types].xml"]
        parts["[Content_Types].xml"] = kinds.replace(_TEMPLATE, _DECK)
        return pptx.Presentation(io.BytesIO(packed(parts)))
    except OSError as error:
        raise Refused("draw_no_file", file=path) from error
    except (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError, etree.XMLSyntaxError) as error:
        raise Refused("draw_not_powerpoint", file=path) from error


def base(template: Path | None = None) -> Base:
    """What to put slides into. Raises ``Refused`` for a template that is no PowerPoint file or has no layout."""
    presentation = opened(template) if template else pptx.Presentation()
    if not len(presentation.slide_layouts):
        raise Refused("draw_not_powerpoint", file=template)
    _without_slides(presentation)
    layout = _title_layout(presentation)
    if template is None:
        _widened(presentation, layout)
    _set_fonts(layout, own=template is None)
    return Base(presentation, layout, template is None)


def _without_slides(presentation: Presentation) -> None:
    """Drops the slides, the sections and shows that name them, and the picture of the first."""
    slides = presentation.slides._sldIdLst
    for slide in list(slides):
        presentation.part.drop_rel(slide.rId)
        slides.remove(slide)
    for name in ("extLst", "custShowLst"):
        for element in presentation.element.findall(f"{_P}{name}"):
            presentation.element.remove(element)
    package = presentation.part.package
    for key, relation in list(package._rels.items()):
        if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL:
            package._rels.pop(key)


def _title_layout(presentation: Presentation) -> SlideLayout:
    """The layout with a title and as little else as there is; without any title, the emptiest one."""

    def order(layout: SlideLayout) -> tuple[bool, bool, int]:
        kinds = [placeholder.ph_type for placeholder in layout.shapes._spTree.iter_ph_elms()]
        titles = [kind for kind in kinds if kind.name in ("TITLE", "CENTER_TITLE")]
        return not titles, layout._element.get("type") != "titleOnly", len(kinds)

    return min(presentation.slide_layouts, key=order)


def _widened(presentation: Presentation, layout: SlideLayout) -> None:
    """Our own: 16:9, and no layout but the one."""
    for other in list(presentation.slide_layouts):
        if other is not layout and other.name != layout.name:
            presentation.slide_layouts.remove(other)
    ratio = Pt(WIDTH) / int(presentation.slide_width or Pt(WIDTH))
    presentation.slide_width, presentation.slide_height = Pt(WIDTH), Pt(HEIGHT)
    for shape in presentation.slide_master.placeholders:
        shape.left, shape.width = round(shape.left * ratio), round(shape.width * ratio)


def _set_fonts(layout: SlideLayout, own: bool) -> None:
    """The theme's fonts: a theme that names no East Asian one gets its Japanese one, so that Japanese looks the same everywhere;
    ours gets both."""
    part = layout.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme = etree.fromstring(part.blob)
    for fonts in theme.iter(f"{_A}majorFont", f"{_A}minorFont"):
        east_asian = fonts.find(f"{_A}ea")
        japanese = fonts.find(f"{_A}font[@script='Jpan']")
        if own:
            fonts.find(f"{_A}latin").set("typeface", _LATIN)
            east_asian.set("typeface", _JAPANESE)
        elif not east_asian.get("typeface"):
            east_asian.set("typeface", _JAPANESE if japanese is None else japanese.get("typeface"))
    part._blob = etree.tostring(theme, xml_declaration=True, encoding="UTF-8", standalone=True)
