"""A deck as a PowerPoint file that people edit: native boxes, tables, charts and lines; the same deck gives the same bytes.

Belongs here: slides, their title, foot and notes, the file's properties. Does not: the shapes (``pptx_shapes.py``,
``pptx_charts.py``), or what a person typed into a deck (``slots.py``).
"""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

from pptx.oxml.ns import qn
from pptx.presentation import Presentation
from pptx.slide import Slide as PowerPointSlide

from pipelines.account_plans.drawing.fit import clean, fitted
from pipelines.account_plans.drawing.frame import footer_of, number_of, subtitle_of, title_of
from pipelines.account_plans.drawing.pptx_charts import add_bars, add_scatter
from pipelines.account_plans.drawing.pptx_shapes import Sites, add_line, add_table, add_text, sites_of
from pipelines.account_plans.drawing.pptx_template import Base, base
from pipelines.account_plans.drawing.pptx_text import Look, Scale, fill_frame
from pipelines.account_plans.drawing.scene import BarChart, Deck, Item, Line, Scatter, Slide, Table, Text
from pipelines.account_plans.drawing.zipped import without_moments

_AUTHOR = "Totsugo"


def deck_bytes(deck: Deck, template: Path | None = None) -> bytes:
    """The ``.pptx`` file; in a company's theme where one is given. Raises ``Refused`` for a template that is none."""
    ground = base(template)
    presentation = ground.presentation
    look = Look(deck.language, Scale.of(presentation.slide_width or 0, presentation.slide_height or 0))
    for number, slide in enumerate(deck.slides, start=1):
        _add_slide(presentation, ground, slide, look, number)
    properties = presentation.core_properties
    properties.title, properties.author, properties.last_modified_by = clean(deck.title), _AUTHOR, _AUTHOR
    properties.language, properties.subject = deck.language, clean(deck.subject)
    out = io.BytesIO()
    presentation.save(out)
    return without_moments(out.getvalue())


def _add_slide(presentation: Presentation, ground: Base, slide: Slide, look: Look, number: int) -> None:
    target = presentation.slides.add_slide(ground.layout)
    _title(target, slide, look, ground.plain)
    if slide.subtitle:
        add_text(target, subtitle_of(slide), look, "Subtitle")
    _add_items(target, slide, look)
    if slide.footer:
        add_text(target, footer_of(slide), look, "Footer")
    _number(target, look, number)
    if slide.notes:
        notes = target.notes_slide.notes_text_frame
        if notes is not None:
            notes.text = clean(slide.notes)


def _title(target: PowerPointSlide, slide: Slide, look: Look, colored: bool) -> None:
    """Into the layout's title, at our place; a layout without one gets a box. Its other placeholders go."""
    box = fitted(title_of(slide))
    title = target.shapes.title
    for placeholder in list(target.placeholders):
        if title is None or placeholder.shape_id != title.shape_id:
            placeholder._element.getparent().remove(placeholder._element)
    if title is None:
        add_text(target, box, look, "Title")
        return
    title.left, title.top, title.width, title.height = look.scale.place(box.place)
    fill_frame(title.text_frame, box, replace(look, latin="+mj-lt", east_asian="+mj-ea"), colored)


def _add_items(target: PowerPointSlide, slide: Slide, look: Look) -> None:
    """Lines last, for they are tied to boxes; then all in their order, the first at the back."""
    tree, sites, drawn = target.shapes._spTree, Sites(), {}
    for at, item in sorted(enumerate(slide.items), key=lambda numbered: isinstance(numbered[1], Line)):
        before = len(tree)
        _add(target, item, look, clean(item.name) or f"{type(item).__name__} {at + 1}", sites)
        drawn[at] = tree[before:]
    for _, elements in sorted(drawn.items()):
        tree.extend(elements)


def _add(target: PowerPointSlide, item: Item, look: Look, name: str, sites: Sites) -> None:
    match item:
        case Text():
            sites.update(sites_of(item, add_text(target, item, look, name)))
        case Table():
            add_table(target, item, look, name)
        case BarChart():
            add_bars(target, item, look, name)
        case Scatter():
            add_scatter(target, item, look, name)
        case Line():
            add_line(target, item, look, name, sites)


def _number(target: PowerPointSlide, look: Look, number: int) -> None:
    """The slide's number as a field, so that it stays right when slides are moved."""
    add_text(target, number_of(number), look, "Slide Number")
    run = target.shapes[-1]._element.find(f".//{qn('a:r')}")
    run.tag = qn("a:fld")
    run.set("id", "{C1FF6DA9-008F-8B48-92A6-B652298478BF}")
    run.set("type", "slidenum")
