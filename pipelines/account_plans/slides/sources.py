"""The last pages: what is still missing and whom to ask, then every figure with its source and as-of date.

Belongs here: laying out ``plan.missing`` and ``plan.used``. Does not: what the partner's facts come from (they tell it
where they stand, on pages 1 and 3).
"""

from __future__ import annotations

from dataclasses import replace

from pipelines.account_plans.drawing.fit import pages_of
from pipelines.account_plans.drawing.frame import BODY
from pipelines.account_plans.drawing.scene import Item, Rect, Slide
from pipelines.account_plans.figure import Figure, told
from pipelines.account_plans.plan import Plan
from pipelines.account_plans.slides.tables import Row, cell, head, table
from pipelines.account_plans.slides.theme import AMBER, GREEN, HEADING, QUIET, below, columns, day, heading, label, slide
from pipelines.texts import text

_UNDER = below(BODY, HEADING)


def sources(plan: Plan) -> tuple[Slide, ...]:
    """As many slides as the lists need: what is missing first, then two columns of figures each."""
    pages = [*_missing(plan), *_figures(plan)]
    return tuple(slide(plan, "sources", items, _message(plan), i) for i, items in enumerate(pages))


def _missing(plan: Plan) -> list[list[Item]]:
    language = plan.language
    name = heading(BODY, text("plan.slide.missing", language), text("plan.slide.missing.note", language))
    if not plan.missing:
        none = text("plan.slide.missing.none", language)
        return [[name, label(Rect(_UNDER.x, _UNDER.y, _UNDER.width, 24), none, size=10, color=GREEN)]] if not plan.used else []
    heads = head(*(text(f"plan.slide.missing.{key}", language) for key in ("label", "ask", "page")), right=(2,))
    lines = [(cell(one.label, bold=True), cell(one.ask, color=AMBER), cell(str(one.page), "right")) for one in plan.missing]
    return [[name, page] for page in pages_of(table(_UNDER, (34, 58, 8), heads, lines, name="missing"))]


def _figures(plan: Plan) -> list[list[Item]]:
    language = plan.language
    name = heading(BODY, text("plan.slide.sources", language), text("plan.slide.sources.note", language))
    heads = head(*(text(f"plan.slide.sources.{key}", language) for key in ("label", "value", "where", "on")), right=(1,))
    left, right = columns(_UNDER, (1, 1))
    lines = [_row(figure, plan) for figure in plan.used.values() if figure.value is not None]
    wanted = table(left, (48, 14, 26, 12), heads, lines, size=7, row_height=12.5, name="figures")
    tables = [replace(one, place=right if i % 2 else left) for i, one in enumerate(pages_of(wanted))]
    return [[name, *tables[i : i + 2]] for i in range(0, len(tables), 2)]


def _row(figure: Figure, plan: Plan) -> Row:
    """A figure; an estimate (試算) tells its formula under its name."""
    language = plan.language
    name, formula, source = figure.label(language), figure.formula(language), figure.source
    where, on = text("plan.unknown", language), text("plan.unknown", language)
    if source:
        where = source.where
        if source.trust != "map":
            where = text(
                "plan.slide.sources.told", language, trust=text(f"plan.slide.trust.{source.trust}", language), where=where
            )
        on = day(source.on, language)
    words = f"{name}\n{text('plan.slide.sources.formula', language, formula=formula)}" if formula else name
    value = cell(told(figure, language, plan.currency), "right", bold=True)
    return cell(words), value, cell(where, color=QUIET), cell(on, color=QUIET)


def _message(plan: Plan) -> str:
    return text("plan.slide.sources.message", plan.language)
