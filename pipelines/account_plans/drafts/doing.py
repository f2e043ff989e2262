"""Page 2: what we do with this partner and what we leave, so that hours go where the map says most.

Belongs here: these lists. Does not: moves with owners and days (``moves.py``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipelines.account_plans.drafts.pen import Clause, Draft, Pen
from pipelines.account_plans.drafts.reading import cell_name
from pipelines.account_plans.drafts.situation import Situation, best_of_each_row, estimated
from pipelines.account_plans.gather.sales import Sales
from pipelines.account_plans.gather.standing import Standing
from pipelines.account_plans.plan import CellPotential, Target

MOST_DO, MOST_DO_NOT = 5, 4
_ENOUGH_CELLS = 4
"""From so many cells on, one is put last."""


def do_of(situation: Situation, standing: Standing, sales: Sales, cells: Sequence[CellPotential], pen: Pen) -> list[Draft]:
    """What comes first first: what the situation asks for, what is already under way, then the best cells."""
    if situation == "unknown":
        return [[Clause("plan.draft.do.ask_list", words={"name": standing.name})], [Clause("plan.draft.do.ask_goals")]]
    plays = [_play(cell, pen) for cell in best_of_each_row(cells)]
    if situation == "prospective":
        return [[Clause("plan.draft.do.agree_contract")], *([clause] for clause in plays)][:MOST_DO]
    if situation == "ghost":
        asks = [Clause(f"plan.draft.do.ghost.{standing.proposal if standing.proposal in ('revive', 'close') else 'none'}")]
        open_deals = [[clause] for clause in _open_deals(sales)]
        return [asks, *open_deals, *([clause] for clause in plays if standing.proposal == "revive")][:MOST_DO]
    under_way = [*_introductions(standing), *_registrations(standing), *_open_deals(sales)]
    # one place of the five is for the best cell at least, three where little is under way
    kept = under_way[: MOST_DO - min(len(plays), 3)]
    return [[clause] for clause in (*kept, *plays)][:MOST_DO]


def do_not_of(
    situation: Situation, standing: Standing, cells: Sequence[CellPotential], targets: Sequence[Target], pen: Pen
) -> list[Draft]:
    """Where hours or names must not go."""
    clauses = [*_of_situation(situation, standing, targets), *_bars(standing), *_no_estimate(situation, cells, pen)]
    if situation not in ("ghost", "prospective", "unknown"):
        clauses += _last(cells, pen)
    return [[clause] for clause in clauses][:MOST_DO_NOT]


def _play(cell: CellPotential, pen: Pen) -> Clause:
    figures = {"companies": cell.companies, "deals": cell.expected_deals, "amount": cell.expected_amount}
    key = "plan.draft.do.play" if cell.expected_amount.value is not None else "plan.draft.do.play.deals_only"
    return Clause(key, figures, {"cell": cell_name(cell, pen), "play": cell.play})


def _introductions(standing: Standing) -> Iterator[Clause]:
    for kind in ("requested", "accepted", "met"):
        if standing.introductions[kind].value:
            yield Clause(f"plan.draft.do.introductions.{kind}", {"count": standing.introductions[kind]})


def _registrations(standing: Standing) -> Iterator[Clause]:
    if standing.registrations["submitted"].value:
        yield Clause("plan.draft.do.registrations", {"count": standing.registrations["submitted"]})


def _open_deals(sales: Sales) -> Iterator[Clause]:
    if sales.open_deals.value:
        yield Clause("plan.draft.do.open_deals", {"deals": sales.open_deals, "amount": sales.open_amount})


def _of_situation(situation: Situation, standing: Standing, targets: Sequence[Target]) -> Iterator[Clause]:
    if situation in ("unknown", "ghost"):
        yield Clause(f"plan.draft.do_not.{situation}")
    elif situation == "prospective":
        yield Clause("plan.draft.do_not.prospective", {"overlap": standing.overlap})
    elif situation in ("quiet", "introducing") and not targets:
        yield Clause(f"plan.draft.do_not.{situation}")


def _bars(standing: Standing) -> Iterator[Clause]:
    """Companies on its own list that it must leave alone."""
    bars = standing.bars
    ours = {"customers": bars.get("our_customer"), "open": bars.get("our_open_opportunity")}
    told = {name: figure for name, figure in ours.items() if figure is not None}
    if told:
        yield Clause(f"plan.draft.do_not.ours.{'_and_'.join(told)}", told)
    for rule in ("restricted", "out_of_contract", "registered_by_other", "customer_of_other_partner"):
        if rule in bars:
            yield Clause(f"plan.draft.do_not.{rule}", {"companies": bars[rule]})


def _no_estimate(situation: Situation, cells: Sequence[CellPotential], pen: Pen) -> Iterator[Clause]:
    for cell in cells:
        if cell.companies.value and cell.rate.value is None and situation != "ghost":
            words = {"cell": cell_name(cell, pen), "play": cell.play}
            yield Clause("plan.draft.do_not.no_rate", {"companies": cell.companies}, words)


def _last(cells: Sequence[CellPotential], pen: Pen) -> Iterator[Clause]:
    """The cell of the smallest estimate, where there are enough to choose from."""
    ranked = estimated(cells)
    if len(ranked) >= _ENOUGH_CELLS:
        cell = ranked[-1]
        figures = {"companies": cell.companies, "amount": cell.expected_amount}
        key = "plan.draft.do_not.last" if cell.expected_amount.value is not None else "plan.draft.do_not.last.deals_only"
        yield Clause(key, {**figures, "deals": cell.expected_deals}, {"cell": cell_name(cell, pen)})
