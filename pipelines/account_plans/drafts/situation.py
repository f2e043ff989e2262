"""In which situation a partner is: plans of different situations read differently.

Belongs here: telling them apart. Does not: what is said in each (the other modules of this package).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from pipelines.account_plans.gather.sales import Sales
from pipelines.account_plans.gather.standing import Standing
from pipelines.account_plans.plan import CellPotential

Situation = Literal["unknown", "prospective", "ghost", "selling", "introducing", "quiet"]


def situation_of(standing: Standing, sales: Sales) -> Situation:
    """``unknown``: neither list nor deals; ``prospective``: no contract yet; ``ghost``: long silent; ``selling``: deals come
    through it; ``introducing``: it introduced us, without deals through it; ``quiet``: at work, but nothing came of it yet."""
    introduced = bool(standing.introductions["all"].value)
    if not (standing.has_list or sales.has_any or introduced):
        return "unknown"
    if standing.stage == "prospective":
        return "prospective"
    if standing.state == "ghost":
        return "ghost"
    return "selling" if sales.has_any else "introducing" if introduced else "quiet"


def estimated(cells: Iterable[CellPotential]) -> list[CellPotential]:
    """Cells with companies and an estimate, the most money first; where no amount is known, the most deals."""
    held = [cell for cell in cells if cell.expected_deals.value]
    return sorted(held, key=lambda cell: (-(cell.expected_amount.value or 0), -(cell.expected_deals.value or 0), cell.cell))


def best_of_each_row(cells: Sequence[CellPotential]) -> list[CellPotential]:
    """The best cell of each of our statuses, three kinds of work of three kinds of people; the opening one first."""
    best: dict[str, CellPotential] = {}
    for cell in estimated(cells):
        best.setdefault(cell.our_status, cell)
    begin = opening(cells)
    return sorted(best.values(), key=lambda cell: cell is not begin)


def opening(cells: Sequence[CellPotential]) -> CellPotential | None:
    """Where to begin: the best cell of companies that we are not in yet, else the best of all."""
    ranked = estimated(cells)
    return next((cell for cell in ranked if cell.our_status == "target"), ranked[0] if ranked else None)
