"""Page 2: what we want with this partner and why, told from what came of it so far, the estimate, and what people aim at.

Belongs here: purpose and reasoning, and the page put together. Does not: what to do and what not (``doing.py``), the figures
(``gather/``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipelines.account_plans.drafts.doing import do_not_of, do_of
from pipelines.account_plans.drafts.overview import silence
from pipelines.account_plans.drafts.pen import Clause, Draft, Pen
from pipelines.account_plans.drafts.reading import Totals, cell_name
from pipelines.account_plans.drafts.situation import Situation, opening, situation_of
from pipelines.account_plans.figure import Figure
from pipelines.account_plans.gather.figures import Mart
from pipelines.account_plans.gather.sales import Sales
from pipelines.account_plans.gather.standing import Lift, Standing
from pipelines.account_plans.plan import CellPotential, Direction, SalesYear, Sentence, Target

PURPOSE = "direction.purpose"
_YEARS_TOLD = 3


def direction_of(
    standing: Standing,
    sales: Sales,
    targets: Sequence[Target],
    cells: Sequence[CellPotential],
    totals: Totals,
    our_goals: str | None,
    pen: Pen,
) -> Direction:
    """``our_goals``: what a person wrote that we want; it is the purpose, unless that slot has words of its own."""
    situation = situation_of(standing, sales)
    return Direction(
        purpose=_purpose(situation, standing, cells, targets, our_goals, pen),
        sales=sales.years,
        open_deals=sales.open_deals,
        open_amount=sales.open_amount,
        targets=tuple(targets),
        potential_deals=totals.deals,
        potential_amount=totals.amount,
        reasoning=pen.sentences("direction.reasoning", _reasoning(situation, standing, sales, targets, totals, pen)),
        do=pen.sentences("direction.do", do_of(situation, standing, sales, cells, pen)),
        do_not=pen.sentences("direction.do_not", do_not_of(situation, standing, cells, targets, pen)),
    )


def _purpose(
    situation: Situation,
    standing: Standing,
    cells: Sequence[CellPotential],
    targets: Sequence[Target],
    our_goals: str | None,
    pen: Pen,
) -> Sentence:
    if our_goals and our_goals.strip() and not pen.written.get(PURPOSE, "").strip():
        return Sentence(PURPOSE, our_goals.strip(), written=True)
    words = {"name": standing.name}
    draft = [_aim(situation, standing, opening(cells), words, pen)]
    if targets:
        last = targets[-1]
        draft.append(Clause("plan.draft.purpose.target", {"amount": last.amount}, {"year": str(last.year)}))
    return pen.sentence(PURPOSE, draft)


def _aim(situation: Situation, standing: Standing, cell: CellPotential | None, words: dict[str, str], pen: Pen) -> Clause:
    key = f"plan.draft.purpose.{situation}"
    if situation == "unknown":
        return Clause(key, words=words)
    if situation == "ghost":
        known = standing.proposal in ("revive", "close")
        return Clause(f"{key}.{standing.proposal if known else 'none'}", {"unused": standing.unused} if known else {}, words)
    if cell is None:
        return Clause("plan.draft.purpose.no_cell", words=words)
    if situation == "selling":
        key = f"{key}.{standing.type}"
    return Clause(key, {"companies": cell.companies}, {**words, "cell": cell_name(cell, pen), "play": cell.play})


def _reasoning(
    situation: Situation, standing: Standing, sales: Sales, targets: Sequence[Target], totals: Totals, pen: Pen
) -> list[Draft]:
    drafts = [
        [*_so_far(situation, standing, sales, pen)],
        [*_estimate(totals)],
        [*_association(standing, pen)],
        [*_aimed_at(standing, sales, targets, totals)],
    ]
    return [draft for draft in drafts if draft]


def _so_far(situation: Situation, standing: Standing, sales: Sales, pen: Pen) -> Iterator[Clause]:
    if situation == "unknown":
        yield Clause("plan.draft.reasoning.unknown")
    if situation == "ghost":
        yield silence(standing, pen, "plan.draft.reasoning.ghost")
        if standing.unused.value:
            yield Clause("plan.draft.reasoning.unused", {"unused": standing.unused})
    if situation == "prospective":
        key = "plan.draft.reasoning.prospective"
        yield Clause(key if standing.fit.value is not None else f"{key}.no_fit", {"fit": standing.fit})
    if sales.has_any:
        yield from (_year(year, pen) for year in sales.years[-_YEARS_TOLD:])
    if situation in ("quiet", "introducing"):
        yield Clause("plan.draft.reasoning.no_deals", words={"year": str(sales.years[0].year)})
    if standing.introductions["all"].value:
        yield Clause("plan.draft.reasoning.introductions", {kind: standing.introductions[kind] for kind in ("all", "met", "won")})


def _year(year: SalesYear, pen: Pen) -> Clause:
    figures = {"deals": year.deals, "amount": year.amount}
    if year.until is None:
        return Clause("plan.draft.reasoning.year", figures, {"year": str(year.year)})
    return Clause("plan.draft.reasoning.year_until", figures, {"year": str(year.year), "until": pen.until(year.until)})


def _estimate(totals: Totals) -> Iterator[Clause]:
    """The whole, and what of it lies where we are not yet: of our customers and deals some comes without the partner."""
    if totals.amount.value:
        yield Clause("plan.draft.reasoning.potential", {"deals": totals.deals, "amount": totals.amount})
        if totals.new_amount.value:
            yield Clause("plan.draft.reasoning.new_only", {"deals": totals.new_deals, "amount": totals.new_amount})


def _association(standing: Standing, pen: Pen) -> Iterator[Clause]:
    """The clearest comparison; where none is clear, the win rate, and that it proves nothing."""
    clear = [lift for lift in standing.lifts if lift.side != "open"]
    shown = clear or [lift for lift in standing.lifts if lift.measure == "win_rate"]
    if shown:
        # deals through the partner say more of it than deals that it merely had a customer in common with
        lift = min(shown, key=lambda lift: lift.basis != "involved")
        yield _lift(lift, pen)
        yield Clause(f"plan.draft.reasoning.lift.{'open' if lift.side == 'open' else 'association'}")


def _lift(lift: Lift, pen: Pen) -> Clause:
    figures = {"cases": lift.cases, "value": lift.value, "baseline": lift.baseline}
    words = {"measure": pen.words(f"plan.draft.measure.{lift.measure}")}
    return Clause(f"plan.draft.reasoning.lift.{lift.basis}", figures, words)


def _aimed_at(standing: Standing, sales: Sales, targets: Sequence[Target], totals: Totals) -> Iterator[Clause]:
    """The last target beside the last whole year and the estimate."""
    if not targets:
        return
    last, words = targets[-1], {"year": str(targets[-1].year)}
    whole = [year for year in sales.years if year.until is None]
    if whole and whole[-1].amount.value:
        figures = {"target": last.amount, "amount": whole[-1].amount, "times": _over(standing, last, whole[-1].amount, "sales")}
        yield Clause("plan.draft.reasoning.target_and_sales", figures, {**words, "before": str(whole[-1].year)})
    if totals.amount.value:
        share = _over(standing, last, totals.amount, "potential")
        key = "within" if (share.value or 0) <= 1 else "beyond"
        figures = {"target": last.amount, "amount": totals.amount, "share": share}
        yield Clause(f"plan.draft.reasoning.target_{key}_potential", figures, words)


def _over(standing: Standing, target: Target, base: Figure, of: str) -> Figure:
    value = (target.amount.value or 0) / (base.value or 1)
    unit = "times" if of == "sales" else "share"
    key = f"target.{target.year}.of_{of}"
    mart = Mart("plan_sales" if of == "sales" else "plan_potential", standing.as_of)
    return mart.estimate(key, value, unit, f"target.of_{of}", f"target_of_{of}", {}, year=str(target.year))  # type: ignore[arg-type]
