"""Page 2: why this partner, where we are with it, where we want to be in three years, and what we do and do not do.

Belongs here: where these things stand. Does not: how the potential is computed (page 3 and the sources page tell).
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.account_plans.drawing.frame import BODY
from pipelines.account_plans.drawing.measure import height_of
from pipelines.account_plans.drawing.scene import BarChart, Item, Rect, Series, Slide, Text
from pipelines.account_plans.figure import Figure, told
from pipelines.account_plans.plan import Direction, Plan, SalesYear, Sentence
from pipelines.account_plans.slides.overview import money_series
from pipelines.account_plans.slides.theme import (
    AMBER,
    AMBER_PALE,
    BLUE,
    GREEN,
    GREEN_PALE,
    HEADING,
    NAVY,
    PALE,
    PANEL,
    QUIET,
    RED,
    RED_PALE,
    below,
    columns,
    heading,
    label,
    lacking,
    panel,
    rows,
    sentence,
    short_day,
    slide,
    tile,
)
from pipelines.texts import text

_LIST_SIZES = (10.5, 10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0)
_NARROWEST = 0.4
"""Of the two lists at the foot, as a share of the width."""


def direction(plan: Plan) -> tuple[Slide, ...]:
    """One slide: the purpose, four figures, the chart beside the reasoning, do and do not."""
    purpose, tiles, middle, foot = rows(BODY, (9, 13, 45, 33), gap=10)
    chart, reasons = columns(middle, (58, 42), gap=18)
    part, language = plan.direction, plan.language
    do, do_not = columns(foot, _widths(part.do, part.do_not))
    size = min(_size(said, below(place, HEADING)) for said, place in ((part.do, do), (part.do_not, do_not)))
    items: list[Item] = [
        *_purpose(part.purpose, purpose, language),
        *_tiles(plan, tiles),
        *_chart(plan, chart),
        heading(reasons, text("plan.slide.reasoning", language)),
        *_list(
            part.reasoning,
            below(reasons, HEADING),
            text("plan.slide.reasoning.missing", language),
            PANEL,
            _size(part.reasoning, below(reasons, HEADING)),
        ),
        *_side(part.do, do, text("plan.slide.do", language), text("plan.slide.do.missing", language), GREEN, GREEN_PALE, size),
        *_side(
            part.do_not,
            do_not,
            text("plan.slide.do_not", language),
            text("plan.slide.do_not.missing", language),
            RED,
            RED_PALE,
            size,
        ),
    ]
    return (slide(plan, "direction", items, _message(plan)),)


def _purpose(said: Sentence, place: Rect, language: str) -> list[Item]:
    name, words = columns(place, (9, 91), gap=0)
    return [
        label(
            name, text("plan.slide.purpose", language), size=11, color="FFFFFF", bold=True, align="center", fill=NAVY, padding=2
        ),
        sentence(words, said, size=12, fill=PALE, bold=True, anchor="middle", padding=8),
    ]


def _tiles(plan: Plan, place: Rect) -> list[Item]:
    part, language = plan.direction, plan.language
    this, pipeline, wanted, potential = columns(place, (1, 1, 1, 1))

    def words(figure: Figure) -> str:
        return told(figure, language, plan.currency)

    items: list[Item] = []
    if part.sales:
        now = part.sales[-1]
        name = text("plan.slide.won", language, year=_year_of(now, language))
        items.append(tile(this, name, words(now.amount), words(now.deals)))
    else:
        items.append(lacking(this, text("plan.slide.won.missing", language)))
    items.append(tile(pipeline, text("plan.slide.open", language), words(part.open_amount), words(part.open_deals)))
    if part.targets:
        last = part.targets[-1]
        year = text("plan.slide.fiscal_year", language, year=last.year)
        deals = words(last.deals) if last.deals else ""
        items.append(tile(wanted, text("plan.slide.target", language, year=year), words(last.amount), deals))
    else:
        items.append(lacking(wanted, text("plan.slide.target.missing.short", language)))
    if part.potential_amount.value is None:
        items.append(lacking(potential, text("plan.slide.potential.missing.short", language)))
    else:
        name = text("plan.slide.potential_a_year", language)
        items.append(tile(potential, name, words(part.potential_amount), words(part.potential_deals), AMBER_PALE, AMBER))
    return items


def _chart(plan: Plan, place: Rect) -> list[Item]:
    """Won by year, the targets, and beside them what the map may be worth a year; under it how that was computed."""
    part, language = plan.direction, plan.language
    title = heading(place, text("plan.slide.way", language), text("plan.slide.way.note", language))
    known = any(year.amount.value for year in part.sales) or part.targets or part.potential_amount.value is not None
    notes = []
    if not part.targets:
        notes.append(text("plan.slide.target.missing", language, partner=plan.partner))
    if part.potential_amount.value is None:
        notes.append(text("plan.slide.potential.missing", language))
    elif formula := part.potential_amount.formula(language):
        notes.append(text("plan.slide.formula", language, formula=formula))
    if not known:
        return [title, lacking(below(place, HEADING), "\n".join([text("plan.slide.way.missing", language), *notes]))]
    chart, foot = rows(below(place, HEADING), (86, 14), gap=4) if notes else (below(place, HEADING), None)
    remark = [label(foot, "\n".join(notes), size=8, color=QUIET if part.targets else AMBER, anchor="top")] if foot else []
    return [title, _bars(part, chart, language, plan.currency), *remark]


def _bars(part: Direction, place: Rect, language: str, currency: str) -> BarChart:
    past = [_year_of(year, language) for year in part.sales]
    wanted = [text("plan.slide.target_year", language, year=target.year) for target in part.targets]
    estimate = [text("plan.slide.estimate", language)] if part.potential_amount.value is not None else []
    amounts = [
        [year.amount for year in part.sales],
        [target.amount for target in part.targets],
        [part.potential_amount] * len(estimate),
    ]
    places = (0, len(past), len(past) + len(wanted))
    count = len(past) + len(wanted) + len(estimate)
    names = ("plan.slide.way.won", "plan.slide.way.target", "plan.slide.way.estimate")
    series: list[Series] = []
    for key, at, figures, color in zip(names, places, amounts, (NAVY, BLUE, AMBER), strict=True):
        if figures:
            spread: list[Figure | None] = [None] * at + list(figures) + [None] * (count - at - len(figures))
            series.append(money_series(text(key, language), spread, color, language, currency, pattern=color != NAVY))
    return BarChart(place, [*past, *wanted, *estimate], series, name="way")


def _year_of(year: SalesYear, language: str) -> str:
    words = text("plan.slide.fiscal_year", language, year=year.year)
    return text("plan.slide.until", language, year=words, day=short_day(year.until, language)) if year.until else words


def _side(said: Sequence[Sentence], place: Rect, name: str, missing: str, color: str, fill: str, size: float) -> list[Item]:
    top = Rect(place.x, place.y, place.width, HEADING)
    title = label(top, name, size=10, color="FFFFFF", bold=True, align="center", fill=color, padding=1)
    return [title, *_list(said, below(place, HEADING), missing, fill, size)]


def _widths(do: Sequence[Sentence], do_not: Sequence[Sentence]) -> tuple[float, float]:
    """Shares of the width by how much either list says."""
    says, says_not = (sum(len(one.words) for one in said) for said in (do, do_not))
    share = min(max(says / (says + says_not), _NARROWEST), 1 - _NARROWEST) if says and says_not else 0.5
    return share, 1 - share


def _size(said: Sequence[Sentence], place: Rect) -> float:
    """The largest size in which all sentences fit the place, else the smallest."""
    room = _room(place)

    def fits(size: float) -> bool:
        return sum(height_of(_entry(room, one, size)) for one in said) + 2 * len(said) <= room.height

    return next((size for size in _LIST_SIZES if fits(size)), _LIST_SIZES[-1])


def _room(place: Rect) -> Rect:
    return Rect(place.x + 4, place.y + 3, place.width - 8, place.height - 6)


def _entry(box: Rect, one: Sentence, size: float) -> Text:
    return sentence(box, one, size, bullet=True, anchor="middle", padding=2)


def _list(said: Sequence[Sentence], place: Rect, missing: str, fill: str, size: float) -> list[Item]:
    """Sentences one under another on one surface."""
    if not said:
        return [lacking(place, missing)]
    room = _room(place)
    boxes = rows(room, [height_of(_entry(room, one, size)) for one in said], gap=2)
    return [panel(place, fill), *(_entry(box, one, size) for box, one in zip(boxes, said, strict=True))]


def _message(plan: Plan) -> str:
    part, language = plan.direction, plan.language
    won = told(part.sales[-1].amount, language, plan.currency) if part.sales else text("plan.unknown", language)
    if part.targets:
        target = told(part.targets[-1].amount, language, plan.currency)
        return text("plan.slide.direction.message", language, won=won, target=target, year=part.targets[-1].year)
    return text("plan.slide.direction.message.no_target", language, won=won)
