"""Page 1: the partner in facts, its sales and profit of the last years, and how we stand with it.

Belongs here: where these things stand. Does not: the facts of page 3 (``base.py``).
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.account_plans.drawing.frame import BODY
from pipelines.account_plans.drawing.scene import BarChart, Item, Rect, Series, Slide, Table
from pipelines.account_plans.figure import Figure, Source, told
from pipelines.account_plans.plan import Fact, PartnerYear, Plan
from pipelines.account_plans.slides.tables import Row, cell, filling, head, paged, table
from pipelines.account_plans.slides.theme import (
    AMBER,
    BLUE,
    FAINT,
    HEADING,
    NAVY,
    PALE,
    QUIET,
    below,
    columns,
    day,
    heading,
    lacking,
    rows,
    sentence,
    slide,
    tile,
)
from pipelines.texts import text

_FACTS = (19.0, 51.0, 30.0)
_WIDE = Rect(BODY.x, BODY.y + HEADING, BODY.width, BODY.height - HEADING)


def overview(plan: Plan) -> tuple[Slide, ...]:
    """The slide, and others behind it where the facts are long."""
    language = plan.language
    summary, main = rows(BODY, (11, 89))
    left, right = columns(main, (61, 39), gap=18)
    elsewhere = {fact.key for fact in plan.potential.facts}
    facts = [fact for fact in plan.overview.facts if fact.key not in elsewhere]
    pages = fact_tables(facts, below(left, HEADING), _WIDE, language)
    items: list[Item] = [
        sentence(summary, plan.overview.summary, size=11, fill=PALE, anchor="middle", padding=6),
        heading(left, text("plan.slide.facts", language), text("plan.slide.facts.note", language)),
        pages[0],
        *_standing(plan, right),
    ]
    first = slide(plan, "overview", items, _message(plan))
    more = [
        slide(plan, "overview", (heading(BODY, text("plan.slide.facts", language)), page), _message(plan), i)
        for i, page in enumerate(pages[1:], start=1)
    ]
    return (first, *more)


def fact_tables(facts: Sequence[Fact], place: Rect, next_place: Rect, language: str) -> list[Table]:
    """What is known of the partner, from whom and as of when; where it is not known, whom to ask."""
    names = [text(f"plan.slide.facts.{name}", language) for name in ("label", "value", "source")]
    lines, height = [_row(fact, language) for fact in facts], filling(place, len(facts))
    wanted = table(place, _FACTS, head(*names), lines, size=9.5, row_height=height, name="facts")
    return paged(wanted, next_place)


def _row(fact: Fact, language: str) -> Row:
    name = cell(fact.label, bold=True)
    if fact.words is None:
        return (
            name,
            cell(text(f"plan.slide.ask.{fact.ask}", language), color=AMBER),
            cell(text("plan.unknown", language), color=FAINT),
        )
    return name, cell(fact.words), cell(short_source(fact.source, language), color=QUIET)


def short_source(source: Source | None, language: str) -> str:
    """Who says so, and when: 自社CRM 2026/11/20."""
    if source is None:
        return text("plan.unknown", language)
    trust = text(f"plan.slide.trust.{source.trust}", language)
    return f"{trust} {day(source.on, language)}" if source.on else trust


def _standing(plan: Plan, place: Rect) -> list[Item]:
    """Sales and profit over the tiles of fit, state and last activity."""
    chart, tiles = rows(place, (82, 18))
    overview, language = plan.overview, plan.language
    fit, state, last = columns(tiles, (1, 1, 1), gap=8)
    return [
        heading(chart, text("plan.slide.years", language), text("plan.slide.years.note", language)),
        _years(overview.years, below(chart, HEADING), language, plan.currency),
        tile(
            fit,
            text("plan.slide.fit", language),
            told(overview.fit, language, plan.currency),
            text("plan.slide.fit.note", language),
        ),
        tile(state, text("plan.slide.state", language), *_relationship(plan)),
        tile(last, text("plan.slide.last_activity", language), _last_activity(plan)),
    ]


def _years(years: Sequence[PartnerYear], place: Rect, language: str, currency: str) -> Item:
    known = [year for year in years if year.sales.value is not None or year.profit.value is not None]
    if not known:
        return lacking(place, text("plan.slide.years.missing", language))
    return BarChart(
        place,
        [year.sales.label_values["year"] for year in known],
        [
            money_series(text("plan.slide.years.sales", language), [year.sales for year in known], NAVY, language, currency),
            money_series(text("plan.slide.years.profit", language), [year.profit for year in known], BLUE, language, currency),
        ],
        name="years",
    )


def money_series(
    name: str, figures: Sequence[Figure | None], color: str, language: str, currency: str, pattern: bool = False
) -> Series:
    """Figures as bars, each labelled as people write it; none where it is not known."""
    values = [figure.value if figure else None for figure in figures]
    labels = [told(figure, language, currency) if figure and figure.value is not None else "" for figure in figures]
    return Series(name, values, labels, color, pattern)


def _relationship(plan: Plan) -> tuple[str, str]:
    """State and stage; who is not under contract has no state yet, or no longer."""
    stage = text(f"plan.slide.stage.{plan.stage}", plan.language)
    return (state_of(plan), stage) if plan.stage == "active" else (stage, "")


def state_of(plan: Plan) -> str:
    return text(f"insight.state.{plan.overview.state}", plan.language)


def _last_activity(plan: Plan) -> str:
    when = plan.overview.last_activity_on
    return day(when, plan.language) if when else text("plan.slide.last_activity.none", plan.language)


def _message(plan: Plan) -> str:
    language, overview = plan.language, plan.overview
    kind, stage = text(f"report.type.{plan.type}", language), text(f"plan.slide.stage.{plan.stage}", language)
    said = {"type": kind, "stage": stage, "state": state_of(plan), "fit": told(overview.fit, language, plan.currency)}
    of_stage = "" if plan.stage == "active" else ".not_active"
    of_fit = ".unknown" if overview.fit.value is None else ""
    return text(f"plan.slide.overview.message{of_stage}{of_fit}", language, **said)
