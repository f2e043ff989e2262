"""A deck as one HTML file that needs nothing else: to read in the browser, to search, to print a slide a page.

Belongs here: the page around the slides. Does not: the slides (``svg.py``). It runs no script and loads nothing.
"""

from __future__ import annotations

from pathlib import Path

import jinja2
from markupsafe import Markup

from pipelines.account_plans.drawing.fit import clean
from pipelines.account_plans.drawing.scene import Deck
from pipelines.account_plans.drawing.svg import slide_svg
from pipelines.texts import text

_TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=jinja2.StrictUndefined,
)


def page(deck: Deck, language: str) -> str:
    """The file. ``language``: of the words around the slides."""
    slides = [
        {"number": number, "title": clean(slide.title), "notes": clean(slide.notes), "picture": Markup(slide_svg(slide, number))}
        for number, slide in enumerate(deck.slides, start=1)
    ]
    words = {name: text(f"plan.draw.{name}", language) for name in ("contents", "notes")}
    return _TEMPLATES.get_template("page.html.j2").render(
        title=clean(deck.title), slides=slides, words=words, language=language, deck_language=deck.language
    )
