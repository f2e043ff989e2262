"""How every slide looks: the grid, the few colours, and the small things that slides are put together from.

Belongs here: what more than one slide uses. Does not: what any one slide says.
Units are points, as in ``drawing/scene.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pipelines.account_plans.drawing.fit import fitted, is_cut
from pipelines.account_plans.drawing.measure import lines_of, plain
from pipelines.account_plans.drawing.scene import Align, Anchor, Item, Paragraph, Rect, Run, Slide, Text
from pipelines.account_plans.plan import Plan, Sentence
from pipelines.texts import text

INK, QUIET, FAINT, RULE, PANEL, WHITE = "1F2933", "616E7C", "9AA5B1", "D5DBE1", "F4F6F8", "FFFFFF"
NAVY, BLUE, PALE = "17426B", "3B7DB8", "E8F0F7"
GREEN, GREEN_PALE, RED, RED_PALE, AMBER, AMBER_PALE = "2B7A55", "E7F3ED", "B03A3A", "FAEBEB", "9A6A12", "FDF6E3"
"""Green: reached, or for us. Red: missed, or against us. Amber: not known, somebody must ask. All else is blue or grey."""
GAP = 12.0
HEADING = 17.0
"""Height of a heading over a block."""


def columns(place: Rect, shares: Sequence[float], gap: float = GAP) -> list[Rect]:
    """The place cut into columns of these shares of its width, gaps between them."""
    free = place.width - gap * (len(shares) - 1)
    rects, x = [], place.x
    for share in shares:
        width = free * share / sum(shares)
        rects.append(Rect(x, place.y, width, place.height))
        x += width + gap
    return rects


def rows(place: Rect, shares: Sequence[float], gap: float = GAP) -> list[Rect]:
    """The place cut into rows of these shares of its height, gaps between them."""
    turned = columns(Rect(place.y, place.x, place.height, place.width), shares, gap)
    return [Rect(rect.y, rect.x, rect.height, rect.width) for rect in turned]


def below(place: Rect, by: float) -> Rect:
    """What is left of the place under its first ``by`` points."""
    return Rect(place.x, place.y + by, place.width, place.height - by)


def label(
    place: Rect,
    words: str,
    size: float = 9,
    color: str = QUIET,
    bold: bool = False,
    align: Align = "left",
    anchor: Anchor = "middle",
    fill: str | None = None,
    line: str | None = None,
    padding: float = 0,
    name: str = "",
    rounded: bool = False,
) -> Text:
    """Words of ours: a heading, a unit, a remark. They get smaller rather than leave their place."""
    paragraphs = (Paragraph((Run(words, bold=bold),), align=align),)
    return Text(
        place,
        paragraphs,
        size=size,
        min_size=min(6.5, size),
        color=color,
        fill=fill,
        line=line,
        rounded=rounded,
        anchor=anchor,
        padding=padding,
        name=name,
    )


def heading(place: Rect, words: str, note: str = "") -> Text:
    """The heading over a block, on the first ``HEADING`` points of its place, with a remark behind it."""
    runs = [Run(words, bold=True, color=NAVY)]
    if note:
        runs.append(Run(f"  {note}", color=QUIET, size=8))
    top = Rect(place.x, place.y, place.width, HEADING - 3)
    return Text(top, (Paragraph(tuple(runs)),), size=10.5, min_size=7, anchor="middle", padding=0)


def panel(place: Rect, fill: str = PANEL, line: str | None = None, name: str = "") -> Text:
    """A plain surface behind other things."""
    return Text(place, (), fill=fill, line=line, padding=0, name=name)


def lacking(place: Rect, words: str, name: str = "") -> Text:
    """In the place of what is not known: what it is, and whom to ask."""
    paragraph = Paragraph((Run(words),), align="center")
    return Text(
        place,
        (paragraph,),
        size=9.5,
        min_size=7,
        color=AMBER,
        fill=AMBER_PALE,
        line="E3CF9C",
        dashed=True,
        anchor="middle",
        padding=8,
        name=name,
    )


def sentence(
    place: Rect,
    said: Sentence,
    size: float = 10,
    bullet: bool = False,
    fill: str | None = None,
    color: str = INK,
    bold: bool = False,
    anchor: Anchor = "top",
    padding: float = 3,
) -> Text:
    """A sentence in its own box, so that a person may write another one there."""
    paragraphs = tuple(Paragraph((Run(words, bold=bold),), bullet=bullet) for words in said.words.splitlines() if words.strip())
    return Text(place, paragraphs, size=size, min_size=7, color=color, fill=fill, anchor=anchor, padding=padding, slot=said.slot)


def tile(place: Rect, name: str, value: str, note: str = "", fill: str = PALE, color: str = NAVY) -> Text:
    """One figure, large, with its name over it and a remark under it."""
    size = one_line(value, place.width - 14, 15, 10)
    paragraphs = [Paragraph((Run(name, color=QUIET, size=8.5),)), Paragraph((Run(value, bold=True, color=color, size=size),))]
    if note:
        paragraphs.append(Paragraph((Run(note, color=QUIET, size=8),)))
    return Text(place, tuple(paragraphs), size=15, min_size=7, fill=fill, anchor="middle", padding=7)


def one_line(words: str, width: float, size: float, least: float) -> float:
    """The largest size up to ``size`` at which bold words stand on one line of that width; never below ``least``."""

    def broken(at: float) -> bool:
        return len(lines_of(Text(Rect(0, 0, width, 100), (Paragraph((Run(words, bold=True),)),), size=at, padding=0))) > 1

    while size > least and broken(size):
        size -= 0.5
    return size


def slide(plan: Plan, key: str, items: Sequence[Item], message: str = "", more: int = 0, notes: str = "") -> Slide:
    """One slide of a part: its title is ``plan.slide.<key>.title`` and the partner's name; the footer tells whose plan it is,
    for which quarter, as of when. ``more`` counts continuations. Words that do not fit their box even at their smallest
    are cut, and stand in the notes in full."""
    language = plan.language
    title = text(f"plan.slide.{key}.title", language, name=plan.name)
    if more:
        title = text("plan.slide.continued", language, title=title)
    footer = text("plan.slide.footer", language, us=plan.us_name, period=period_of(plan), day=day(plan.as_of, language))
    cut = [plain(item) for item in items if isinstance(item, Text) and is_cut(item)]
    drawn = tuple(fitted(item) if isinstance(item, Text) else item for item in items)
    return Slide(title=title, items=drawn, subtitle=message, footer=footer, notes="\n\n".join([*filter(None, [notes]), *cut]))


def day(when: date | None, language: str) -> str:
    """A date as people write it; a dash where there is none."""
    if when is None:
        return text("plan.unknown", language)
    return f"{when.year}/{when.month}/{when.day}" if language == "ja" else when.isoformat()


def short_day(when: date, language: str) -> str:
    """Month and day, where the year is plain."""
    return f"{when.month}/{when.day}" if language == "ja" else f"{when:%b} {when.day}"


def period_of(plan: Plan) -> str:
    return period_in_words(plan.period, plan.language)


def period_in_words(period: str, language: str) -> str:
    """``2026-Q3`` as people say it."""
    year, _, quarter = period.partition("-Q")
    return text("plan.slide.period", language, year=year, quarter=quarter)
