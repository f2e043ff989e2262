"""Where the parts stand that every slide has: title, subtitle, footer, number; what is between is the slide's ``BODY``.

Belongs here: these places, as boxes. Does not: what stands in the body (a slide's ``items``).
"""

from __future__ import annotations

from pipelines.account_plans.drawing.scene import Paragraph, Rect, Run, Slide, Text

TITLE = Rect(28, 12, 904, 36)
SUBTITLE = Rect(28, 48, 904, 20)
BODY = Rect(28, 74, 904, 434)
FOOTER = Rect(28, 514, 836, 18)
NUMBER = Rect(868, 514, 64, 18)
INK, QUIET = "1F2933", "616E7C"


def title_of(slide: Slide) -> Text:
    """The title's box: one line of 22 points, two of a long one."""
    return _line(TITLE, slide.title, 22, 11, INK, bold=True)


def subtitle_of(slide: Slide) -> Text:
    """The line under the title."""
    return _line(SUBTITLE, slide.subtitle, 11, 8, QUIET)


def footer_of(slide: Slide) -> Text:
    """The line at the foot."""
    return _line(FOOTER, slide.footer, 8, 7, QUIET)


def number_of(number: int) -> Text:
    """The slide's number, at the right of the foot."""
    return Text(NUMBER, (Paragraph((Run(str(number)),), "right"),), 8, 7, QUIET, anchor="middle", padding=0)


def _line(place: Rect, words: str, size: float, min_size: float, color: str, bold: bool = False) -> Text:
    return Text(place, (Paragraph((Run(words, bold),)),), size, min_size, color, anchor="middle", padding=0)
