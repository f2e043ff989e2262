"""Page 3, second half: whose customers stand where, by industry and prefecture, and how the partner sells.

Belongs here: where these things stand. Does not: the cells (``potential.py``).
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.account_plans.drawing.frame import BODY
from pipelines.account_plans.drawing.scene import BarChart, Item, Rect, Series, Slide
from pipelines.account_plans.figure import Figure, told
from pipelines.account_plans.plan import Base, Plan
from pipelines.account_plans.slides.overview import fact_tables
from pipelines.account_plans.slides.theme import (
    BLUE,
    FAINT,
    HEADING,
    NAVY,
    below,
    columns,
    heading,
    lacking,
    rows,
    slide,
)
from pipelines.texts import text

_SHOWN = 6
"""Industries and prefectures in a chart; the marts hold them all."""
_WIDE = Rect(BODY.x, BODY.y + HEADING, BODY.width, BODY.height - HEADING)


def base(plan: Plan) -> tuple[Slide, ...]:
    """The slide, and others behind it where the facts are long."""
    language = plan.language
    charts, foot = rows(BODY, (56, 44), gap=10)
    industries, prefectures = columns(charts, (1, 1), gap=20)
    pages = fact_tables(plan.potential.facts, below(foot, HEADING), _WIDE, language)
    name = text("plan.slide.selling", language)
    items: list[Item] = [
        *_chart(plan, "industries", plan.potential.industries, industries),
        *_chart(plan, "prefectures", plan.potential.prefectures, prefectures),
        heading(foot, name, text("plan.slide.facts.note", language)),
        pages[0],
    ]
    more = [slide(plan, "base", (heading(BODY, name), page), _message(plan), i) for i, page in enumerate(pages[1:], start=1)]
    return (slide(plan, "base", items, _message(plan)), *more)


def _chart(plan: Plan, key: str, bases: Sequence[Base], place: Rect) -> list[Item]:
    language = plan.language
    note = text("plan.slide.base.more" if len(bases) > _SHOWN else "plan.slide.base.all", language)
    title = heading(place, text(f"plan.slide.{key}", language), note)
    if not bases:
        return [title, lacking(below(place, HEADING), text("plan.slide.base.missing", language))]
    shown = bases[:_SHOWN]
    sides = (
        ("theirs", [one.theirs for one in shown], BLUE),
        ("ours", [one.ours for one in shown], FAINT),
        ("both", [one.both for one in shown], NAVY),
    )
    series = [_series(text(f"plan.slide.base.{side}", language), figures, color, plan) for side, figures, color in sides]
    return [title, BarChart(below(place, HEADING), [one.label for one in shown], series, horizontal=True, name=key)]


def _series(name: str, figures: Sequence[Figure], color: str, plan: Plan) -> Series:
    labels = [told(one, plan.language, plan.currency) if one.value else "" for one in figures]
    return Series(name, [one.value for one in figures], labels, color)


def _message(plan: Plan) -> str:
    language, industries, prefectures = plan.language, plan.potential.industries, plan.potential.prefectures
    if not industries and not prefectures:
        return text("plan.slide.base.message.none", language)
    unknown = text("plan.unknown", language)
    (industry, by_industry), (prefecture, by_prefecture) = (
        (first.label, told(first.both, language, plan.currency)) if (first := next(iter(bases), None)) else (unknown, unknown)
        for bases in (industries, prefectures)
    )
    return text(
        "plan.slide.base.message",
        language,
        industry=industry,
        by_industry=by_industry,
        prefecture=prefecture,
        by_prefecture=by_prefecture,
    )
