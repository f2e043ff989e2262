"""Page 3, first half: the nine cells, what each may be worth a year (試算), and by which assumptions.

Belongs here: where these things stand. Does not: whose customers they are and where (``base.py``).
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.account_plans.drawing.frame import BODY
from pipelines.account_plans.drawing.scene import Item, Paragraph, Rect, Run, Slide, Text
from pipelines.account_plans.figure import Figure, told
from pipelines.account_plans.plan import CellPotential, Plan
from pipelines.account_plans.slides.tables import Row, cell, filling, head, paged, table
from pipelines.account_plans.slides.theme import (
    AMBER,
    AMBER_PALE,
    FAINT,
    HEADING,
    INK,
    NAVY,
    PALE,
    QUIET,
    WHITE,
    below,
    columns,
    heading,
    label,
    one_line,
    rows,
    sentence,
    slide,
    tile,
)
from pipelines.report.figures import CELLS, STATUSES
from pipelines.texts import text

_COLUMNS = ("cell", "play", "companies", "rate", "basis", "deal_amount", "deals", "amount")
_SHARES = (5.0, 23.5, 12.0, 10.5, 20.0, 10.0, 8.5, 10.5)
_NUMBERS = (2, 3, 5, 6, 7)
_WIDE = Rect(BODY.x, BODY.y + HEADING, BODY.width, BODY.height - HEADING)
_TINTS = ("F4F6F8", "E8F0F7", "CFE0EF", "9CC1E2")


def potential(plan: Plan) -> tuple[Slide, ...]:
    """The slide, and others behind it where the assumptions are long."""
    language = plan.language
    reading, main = rows(BODY, (11, 89))
    left, right = columns(main, (36, 64), gap=16)
    grid, tiles = rows(left, (82, 18))
    place, foot = rows(below(right, HEADING), (93, 7), gap=4)
    lines = _rows(plan)
    wanted = table(
        place, _SHARES, _heads(language), lines, size=8.5, row_height=filling(place, len(lines), 32.0, 21.0), name="cells"
    )
    pages = paged(wanted, _WIDE)
    items: list[Item] = [
        sentence(reading, plan.potential.reading, size=11, fill=PALE, anchor="middle", padding=6),
        heading(grid, text("plan.slide.map", language), text("plan.slide.map.note", language)),
        *_grid(plan, below(grid, HEADING)),
        *_tiles(plan, tiles),
        heading(right, text("plan.slide.cells", language), text("plan.slide.cells.note", language)),
        pages[0],
        label(foot, text("plan.slide.cells.formula", language), size=8, anchor="top"),
    ]
    message = _message(plan)
    more = [
        slide(plan, "potential", (heading(BODY, text("plan.slide.cells", language)), page), message, i)
        for i, page in enumerate(pages[1:], start=1)
    ]
    return (slide(plan, "potential", items, message), *more)


def _heads(language: str) -> Row:
    return head(*(text(f"plan.slide.cells.{name}", language) for name in _COLUMNS), right=_NUMBERS, middle=(0,))


def _rows(plan: Plan) -> list[Row]:
    def of(figure: Figure) -> str:
        return told(figure, plan.language, plan.currency)

    made: list[Row] = [
        (
            cell(str(one.cell), bold=True, align="center"),
            cell(one.play),
            cell(of(one.companies), "right"),
            cell(of(one.rate), "right"),
            cell(one.rate_basis, color=QUIET),
            cell(of(one.deal_amount), "right"),
            cell(of(one.expected_deals), "right"),
            cell(of(one.expected_amount), "right", bold=True),
        )
        for one in sorted(plan.potential.cells, key=lambda one: one.cell)
    ]
    if plan.direction.potential_amount.value is None:
        return made
    total = [""] * 6
    total[1] = text("plan.slide.cells.total", plan.language)
    sums = of(plan.direction.potential_deals), of(plan.direction.potential_amount)
    last = [
        *(cell(words, bold=True, fill=AMBER_PALE) for words in total),
        *(cell(w, "right", True, AMBER, AMBER_PALE) for w in sums),
    ]
    return [*made, tuple(last)]


def _grid(plan: Plan, place: Rect) -> list[Item]:
    """Three by three boxes, our status down, the partner's across; darker where more may be won."""
    language = plan.language
    by_number = {one.cell: one for one in plan.potential.cells}
    most = max((one.expected_amount.value or 0 for one in plan.potential.cells), default=0)
    side, rest = columns(place, (19, 81), gap=5)
    top, body = rows(rest, (10, 90), gap=4)
    items: list[Item] = [
        label(
            Rect(side.x, top.y, side.width, top.height),
            text("plan.slide.map.axes", language),
            size=7.5,
            color=FAINT,
            align="right",
        )
    ]
    for theirs, box in zip(STATUSES, columns(top, (1, 1, 1), gap=4), strict=True):
        items.append(label(box, text(f"report.status.{theirs}", language), size=9, bold=True, align="center"))
    for ours, line in zip(STATUSES, rows(body, (1, 1, 1), gap=4), strict=True):
        name = Rect(side.x, line.y, side.width, line.height)
        items.append(label(name, text(f"report.status.{ours}", language), size=9, bold=True, align="right"))
        for theirs, box in zip(STATUSES, columns(line, (1, 1, 1), gap=4), strict=True):
            if one := by_number.get(CELLS[ours, theirs]):
                items.append(_box(one, box, most, language, plan.currency))
    return items


def _box(one: CellPotential, place: Rect, most: float, language: str, currency: str) -> Text:
    share = (one.expected_amount.value or 0) / most if most else 0.0
    fill = _TINTS[0 if not share else 1 if share < 0.25 else 2 if share < 0.6 else 3]
    companies = told(one.companies, language, currency)
    paragraphs = (
        Paragraph((Run(str(one.cell), bold=True, color=QUIET, size=8),)),
        Paragraph((Run(companies, bold=True, size=one_line(companies, place.width - 8, 13, 8)),), align="center"),
        Paragraph((Run(told(one.expected_amount, language, currency), color=NAVY, size=9),), align="center"),
    )
    return Text(
        place,
        paragraphs,
        size=13,
        min_size=8,
        color=INK,
        fill=fill,
        line=WHITE,
        anchor="middle",
        padding=4,
        name=f"cell {one.cell}",
    )


def _tiles(plan: Plan, place: Rect) -> list[Item]:
    figures = {
        "whitespace": plan.potential.whitespace,
        "greenfield": plan.potential.greenfield,
        "no_approach": plan.potential.no_approach,
    }
    return [
        tile(
            box,
            text(f"plan.slide.{name}", plan.language),
            told(figure, plan.language, plan.currency),
            text(f"plan.slide.{name}.note", plan.language),
        )
        for box, (name, figure) in zip(columns(place, (1, 1, 1), gap=8), figures.items(), strict=True)
    ]


def _message(plan: Plan) -> str:
    language = plan.language
    best = _best(plan.potential.cells)
    if best is None:
        return text("plan.slide.potential.message.none", language)
    sides = (text(f"status.{status}", language) for status in (best.our_status, best.partner_status))
    ours, theirs = sides
    return text(
        "plan.slide.potential.message",
        language,
        total=told(plan.direction.potential_amount, language, plan.currency),
        cell=best.cell,
        ours=ours,
        theirs=theirs,
        amount=told(best.expected_amount, language, plan.currency),
    )


def _best(cells: Sequence[CellPotential]) -> CellPotential | None:
    worth = [one for one in cells if one.expected_amount.value]
    return max(worth, key=lambda one: (one.expected_amount.value or 0, -one.cell), default=None)
