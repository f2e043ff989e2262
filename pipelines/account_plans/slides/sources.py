"""The last pages: what is still missing and whom to ask, then every figure with its source and as-of date.

Belongs here: laying out ``plan.missing`` and ``plan.used``. Does not: what the partner's facts come from (they tell it
where they stand, on pages 1 and 3).
"""

from __future__ import annotations

from dataclasses import replace

from pipelines.account_plans.drawing.fit import pages_of, table_height
from pipelines.account_plans.drawing.frame import BODY
from pipelines.account_plans.drawing.scene import Item, Rect, Slide
from pipelines.account_plans.figure import Figure, told
from pipelines.account_plans.plan import Plan
from pipelines.account_plans.slides.tables import Row, cell, head, paged, table
from pipelines.account_plans.slides.theme import (
    AMBER,
    GAP,
    GREEN,
    HEADING,
    NAVY,
    PALE,
    QUIET,
    below,
    columns,
    day,
    heading,
    label,
    slide,
)
from pipelines.texts import text

_UNDER = below(BODY, HEADING)
_WORTH_BEGINNING = 80.0
"""Where so much is left under what is missing, the figures begin there."""
_COLUMNS = 3
_LONGEST = 160
"""So many characters of a name or a source are told: a row higher than its column would never find a place under its source."""


def sources(plan: Plan) -> tuple[Slide, ...]:
    """As many slides as the lists need: what is missing first, then the figures in columns."""
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
    """Columns of figures on each page; those of the first page in ``first`` where it is given."""
    language = plan.language
    heads = head(*(text(f"plan.slide.sources.{key}", language) for key in ("label", "value")), right=(1,))
    rest = _by_source(plan)
    pages: list[list[Item]] = []
    while rest:
        place = first if first and not pages else BODY
        items: list[Item] = [heading(place, text("plan.slide.sources", language), text("plan.slide.sources.note", language))]
        for column in columns(below(place, HEADING), (1,) * _COLUMNS):
            if rest:
                lines = [row for _, row in rest]
                wanted = table(column, (74, 26), heads, lines, size=7.5, min_size=7.5, row_height=13.0, name="figures")
                shown = pages_of(wanted)[0]
                count = len(shown.rows)
                if count < len(rest) and rest[count - 1][0] is None:  # a source without a figure under it
                    count = max(1, count - 1)
                items.append(replace(shown, rows=shown.rows[:count]))
                source = next(row for of, row in reversed(rest[:count]) if of is None)
                rest = rest[count:]
                if rest and rest[0][0] is not None:
                    rest = [(None, source), *rest]
        pages.append(items)
    return pages


def _by_source(plan: Plan) -> list[tuple[Figure | None, Row]]:
    """A row for each figure, under a row that tells the source and the day of those that follow; sources in the order in
    which the plan comes to them."""
    language = plan.language
    groups: dict[tuple[str, str], list[Figure]] = {}
    for figure in plan.used.values():
        if figure.value is not None:
            groups.setdefault(_source(figure, language), []).append(figure)
    lines: list[tuple[Figure | None, Row]] = []
    for (where, on), figures in groups.items():
        lines.append((None, (cell(where, bold=True, color=NAVY, fill=PALE), cell(on, "right", color=QUIET, fill=PALE))))
        lines += [(figure, _row(figure, plan)) for figure in figures]
    return lines


def _source(figure: Figure, language: str) -> tuple[str, str]:
    """Where it stands, and as of when."""
    source = figure.source
    if source is None:
        return text("plan.unknown", language), text("plan.unknown", language)
    where = source.where
    if source.trust != "map":
        trust = text(f"plan.slide.trust.{source.trust}", language)
        where = text("plan.slide.sources.told", language, trust=trust, where=where)
    return _short(where), day(source.on, language)


def _row(figure: Figure, plan: Plan) -> Row:
    """A figure; an estimate (試算) tells its formula under its name."""
    language = plan.language
    name, formula = _short(figure.label(language)), figure.formula(language)
    words = f"{name}\n{text('plan.slide.sources.formula', language, formula=formula)}" if formula else name
    return cell(words), cell(told(figure, language, plan.currency), "right", bold=True)


def _short(words: str) -> str:
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"


def _message(plan: Plan) -> str:
    return text("plan.slide.sources.message", plan.language)
