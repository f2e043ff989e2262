"""The last pages: what is still missing and whom to ask, then every figure with its source and as-of date.

Belongs here: laying out ``plan.missing`` and ``plan.used``. Does not: what the partner's facts come from (they tell it
where they stand, on pages 1 and 3).
"""

from __future__ import annotations

from pipelines.account_plans.drawing.fit import pages_of, table_height
from pipelines.account_plans.drawing.frame import BODY
from pipelines.account_plans.drawing.scene import Item, Rect, Slide
from pipelines.account_plans.figure import Figure, told
from pipelines.account_plans.plan import Plan
from pipelines.account_plans.slides.tables import Row, cell, head, paged, table
from pipelines.account_plans.slides.theme import AMBER, GAP, GREEN, HEADING, QUIET, below, columns, day, heading, label, slide
from pipelines.texts import text

_UNDER = below(BODY, HEADING)
_WORTH_BEGINNING = 110.0
"""Where so much is left under what is missing, the figures begin there."""


def sources(plan: Plan) -> tuple[Slide, ...]:
    """As many slides as the lists need: what is missing first, then two columns of figures each."""
    pages, free = _missing(plan)
    figures = _figures(plan, free if free.height >= _WORTH_BEGINNING else None)
    if pages and figures and free.height >= _WORTH_BEGINNING:
        pages[-1] += figures.pop(0)
    return tuple(slide(plan, "sources", items, _message(plan), i) for i, items in enumerate([*pages, *figures]))


def _missing(plan: Plan) -> tuple[list[list[Item]], Rect]:
    """The pages of what is missing, and what is free under the last of them."""
    language = plan.language
    name = heading(BODY, text("plan.slide.missing", language), text("plan.slide.missing.note", language))
    if not plan.missing:
        none = Rect(_UNDER.x, _UNDER.y, _UNDER.width, 24)
        return [[name, label(none, text("plan.slide.missing.none", language), size=10, color=GREEN)]], below(_UNDER, 24 + GAP)
    heads = head(*(text(f"plan.slide.missing.{key}", language) for key in ("label", "ask", "page")), right=(2,))
    lines = [(cell(one.label, bold=True), cell(one.ask, color=AMBER), cell(str(one.page), "right")) for one in plan.missing]
    tables = paged(table(_UNDER, (34, 58, 8), heads, lines, row_height=18, name="missing"), _UNDER)
    return [[name, page] for page in tables], below(_UNDER, table_height(tables[-1]) + GAP)


def _figures(plan: Plan, first: Rect | None) -> list[list[Item]]:
    """Two columns on each page; those of the first page in ``first`` where it is given."""
    language = plan.language
    heads = head(*(text(f"plan.slide.sources.{key}", language) for key in ("label", "value", "where", "on")), right=(1,))
    rest = [_row(figure, plan) for figure in plan.used.values() if figure.value is not None]
    pages: list[list[Item]] = []
    while rest:
        place = first if first and not pages else BODY
        items: list[Item] = [heading(place, text("plan.slide.sources", language), text("plan.slide.sources.note", language))]
        for column in columns(below(place, HEADING), (1, 1)):
            if rest:
                wanted = table(column, (48, 14, 26, 12), heads, rest, size=7, row_height=12.5, name="figures")
                items.append(shown := pages_of(wanted)[0])
                rest = rest[len(shown.rows) :]
        pages.append(items)
    return pages


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
