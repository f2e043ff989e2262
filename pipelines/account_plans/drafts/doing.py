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

MOST = 4
_ENOUGH_CELLS = 4
"""From so many cells on, one is put last."""


def do_of(situation: Situation, standing: Standing, sales: Sales, cells: Sequence[CellPotential], pen: Pen) -> Sequence[Draft]:
    """What comes first first: what the situation asks for, what is already under way, then cells, the opening one first."""
    if situation == "unknown":
        return [[Clause("plan.draft.do.ask_list", words={"name": standing.name})], [Clause("plan.draft.do.ask_goals")]]
    proposal = standing.proposal if standing.proposal in ("revive", "close") else "none"
    first = {"prospective": "agree_contract", "ghost": f"ghost.{proposal}"}.get(situation)
    asked = [Clause(f"plan.draft.do.{first}")] if first else []
    under_way = [*_open_deals(sales), *_introductions(standing), *_registrations(standing)]
    when = {"prospective": "after_contract", "ghost": "after_return"}.get(situation)
    plays = [_play(cell, when, pen) for cell in best_of_each_row(cells)]
    if situation == "ghost" and proposal != "revive":
        plays = []
    # what is asked for and under way leaves two places to the cells, more where it is little
    kept = [*asked, *under_way][: MOST - min(len(plays), 2)]
    return [[clause] for clause in (*kept, *plays)][:MOST]


def do_not_of(
    situation: Situation, standing: Standing, cells: Sequence[CellPotential], targets: Sequence[Target], pen: Pen
) -> Sequence[Draft]:
    """Where hours or names must not go."""
    clauses = [*_of_situation(situation, standing, targets), *_ours(standing), *_bars(standing, "restricted")]
    if situation not in ("ghost", "prospective", "unknown"):
        clauses += [*_no_estimate(cells, pen), *_last(cells, pen)]
    clauses += _bars(standing, "out_of_contract", "registered_by_other", "customer_of_other_partner")
    return [[clause] for clause in clauses][:MOST]


def _play(cell: CellPotential, when: str | None, pen: Pen) -> Clause:
    figures = {"companies": cell.companies, "deals": cell.expected_deals, "amount": cell.expected_amount}
    money = "" if cell.expected_amount.value is not None else ".deals_only"
    words = {"cell": cell_name(cell, pen), "play": cell.play}
    if when is None:
        return Clause(f"plan.draft.do.play{money}", figures, words)
    return Clause(f"plan.draft.do.play.later{money}", figures, {**words, "when": pen.words(f"plan.draft.when.{when}")})


def _introductions(standing: Standing) -> Iterator[Clause]:
    """Those that wait for the next step, the partner's or ours."""
    waiting = {kind: standing.introductions[kind] for kind in ("requested", "accepted", "met")}
    if any(figure.value for figure in waiting.values()):
        yield Clause("plan.draft.do.introductions", waiting)


def _registrations(standing: Standing) -> Iterator[Clause]:
    if standing.registrations.value:
        yield Clause("plan.draft.do.registrations", {"count": standing.registrations})


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


def _ours(standing: Standing) -> Iterator[Clause]:
    """Companies on its own list that are ours."""
    ours = {"customers": standing.bars.get("our_customer"), "open": standing.bars.get("our_open_opportunity")}
    told = {name: figure for name, figure in ours.items() if figure is not None}
    if told:
        yield Clause(f"plan.draft.do_not.ours.{'_and_'.join(told)}", told)


def _bars(standing: Standing, *rules: str) -> Iterator[Clause]:
    for rule in rules:
        if rule in standing.bars:
            yield Clause(f"plan.draft.do_not.{rule}", {"companies": standing.bars[rule]})


def _no_estimate(cells: Sequence[CellPotential], pen: Pen) -> Iterator[Clause]:
    for cell in cells:
        if cell.companies.value and cell.rate.value is None:
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
