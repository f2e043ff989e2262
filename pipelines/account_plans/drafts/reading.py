"""The sentence beside the potential map: where the estimate lies, where both customer bases meet, what may be handed over.

Belongs here: page 3's words. Does not: its figures (``gather/``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipelines.account_plans.drafts.pen import Clause, Pen
from pipelines.account_plans.drafts.situation import estimated
from pipelines.account_plans.figure import Figure
from pipelines.account_plans.gather.standing import Standing
from pipelines.account_plans.plan import Base, CellPotential, Sentence

SLOT = "potential.reading"


@dataclass(frozen=True)
class Totals:
    """What the estimated cells may bring in a year, and of these the companies that are but targets of ours: of the others
    some would come without the partner."""

    deals: Figure
    amount: Figure
    new_deals: Figure
    new_amount: Figure


def reading_of(
    standing: Standing,
    cells: Sequence[CellPotential],
    totals: Totals,
    industries: Sequence[Base],
    prefectures: Sequence[Base],
    pen: Pen,
) -> Sentence:
    """One paragraph; of a partner without a list, that there is none."""
    if not standing.has_list:
        return pen.sentence(SLOT, [Clause("plan.draft.reading.no_list", words={"name": standing.name})])
    draft = [
        *_estimate(standing, cells, totals, pen),
        *_bases(industries, prefectures),
        _lists(standing),
    ]
    return pen.sentence(SLOT, draft)


def cell_name(cell: CellPotential, pen: Pen) -> str:
    """The cell's companies in words, such as 'our targets that are its customers'."""
    return pen.words(f"plan.label.cell_name.{cell.cell}")


def _estimate(standing: Standing, cells: Sequence[CellPotential], totals: Totals, pen: Pen) -> Iterator[Clause]:
    ranked = estimated(cells)
    if not ranked:
        yield Clause("plan.draft.reading.no_estimate", {"overlap": standing.overlap})
        return
    figures = {"overlap": standing.overlap, "deals": totals.deals, "amount": totals.amount}
    yield Clause(f"plan.draft.reading.total{_without_money(totals.amount)}", figures)
    for place, cell in zip(("first", "second"), ranked, strict=False):
        figures = {"companies": cell.companies, "deals": cell.expected_deals, "amount": cell.expected_amount}
        key = f"plan.draft.reading.{place}{_without_money(cell.expected_amount)}"
        yield Clause(key, figures, {"cell": cell_name(cell, pen)})
    for cell in cells:
        if cell.companies.value and cell.rate.value is None:
            yield Clause("plan.draft.reading.not_estimated", {"companies": cell.companies}, {"cell": cell_name(cell, pen)})


def _without_money(amount: Figure) -> str:
    return "" if amount.value is not None else ".deals_only"


def _bases(industries: Sequence[Base], prefectures: Sequence[Base]) -> Iterator[Clause]:
    """Where both have the most customers in common."""
    kinds = {"industry": industries, "prefecture": prefectures}
    first = {kind: bases[0] for kind, bases in kinds.items() if bases and bases[0].both.value}
    if first:
        figures = {f"{kind}_both": base.both for kind, base in first.items()}
        words = {kind: base.label for kind, base in first.items()}
        yield Clause(f"plan.draft.reading.common.{'_and_'.join(first)}", figures, words)


def _lists(standing: Standing) -> Clause:
    if standing.whitespace.value is None:
        return Clause("plan.draft.reading.before_contract", {"greenfield": standing.greenfield})
    figures = {"whitespace": standing.whitespace, "greenfield": standing.greenfield, "no_approach": standing.no_approach}
    return Clause("plan.draft.reading.lists", figures)
