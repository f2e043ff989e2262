"""Page 1: who the partner is to us, in three sentences, beside the facts of its profile.

Belongs here: the summary. Does not: facts and their sources (``profile/``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipelines.account_plans.drafts.pen import Clause, Pen
from pipelines.account_plans.drafts.situation import situation_of
from pipelines.account_plans.gather.sales import Sales
from pipelines.account_plans.gather.standing import Standing
from pipelines.account_plans.plan import Fact, Overview, PartnerYear

SLOT = "overview.summary"


def overview_of(standing: Standing, sales: Sales, facts: Sequence[Fact], years: Sequence[PartnerYear], pen: Pen) -> Overview:
    """``facts``: all of the catalogue, ``years``: the partner's own sales and profit (both of ``profile/gather.py``)."""
    draft = [*_opening(standing, sales, pen), *_won(standing, sales, pen), *_map(standing), *_fit(standing, pen)]
    return Overview(
        facts=tuple(facts),
        years=tuple(years),
        summary=pen.sentence(SLOT, draft),
        fit=standing.fit,
        state=standing.state,
        last_activity_on=standing.last_activity_on,
    )


def silence(standing: Standing, pen: Pen, key: str) -> Clause:
    """Since when the partner is silent: ``<key>.since`` with the day and what it did then, or ``<key>.never``."""
    if standing.last_activity_on is None or standing.last_activity_key is None:
        return Clause(f"{key}.never", words=_who(standing, pen))
    words = {"day": pen.day(standing.last_activity_on), "act": pen.words(standing.last_activity_key)}
    return Clause(f"{key}.since", {"days": standing.silent_days}, {**_who(standing, pen), **words})


def _opening(standing: Standing, sales: Sales, pen: Pen) -> Iterator[Clause]:
    """Of a partner that sells, what it sold opens the summary."""
    situation = situation_of(standing, sales)
    if situation == "ghost":
        yield silence(standing, pen, "plan.draft.summary.ghost")
    elif situation != "selling":
        counts = {kind: standing.introductions[kind] for kind in ("all", "met", "won")}
        yield Clause(f"plan.draft.summary.{situation}", counts, _who(standing, pen))


def _won(standing: Standing, sales: Sales, pen: Pen) -> Iterator[Clause]:
    """This fiscal year beside the last one, and what is open."""
    if not sales.has_any:
        return
    before, current = sales.years[-2:]
    figures = {"deals": current.deals, "amount": current.amount, "before_deals": before.deals, "before_amount": before.amount}
    words = {**_who(standing, pen), "year": str(current.year), "until": pen.until(standing.as_of)}
    key = "selling" if situation_of(standing, sales) == "selling" else "won"
    yield Clause(f"plan.draft.summary.{key}", figures, words)
    if sales.open_deals.value:
        yield Clause("plan.draft.summary.open", {"deals": sales.open_deals, "amount": sales.open_amount})


def _map(standing: Standing) -> Iterator[Clause]:
    if not standing.has_list:
        return
    yield Clause("plan.draft.summary.map", {"listed": standing.listed, "overlap": standing.overlap})
    if standing.covered_targets.value and standing.coverage.value is not None:
        figures = {"targets": standing.our_targets, "covered": standing.covered_targets, "share": standing.coverage}
        yield Clause("plan.draft.summary.coverage", figures)


def _fit(standing: Standing, pen: Pen) -> Iterator[Clause]:
    if standing.fit.value is None:
        return
    state = {"state": pen.words(f"insight.state.{standing.state}")}
    if standing.state == "ghost" or standing.last_activity_on is None or standing.last_activity_key is None:
        yield Clause("plan.draft.summary.fit", {"fit": standing.fit}, {})
        return
    last = {"day": pen.day(standing.last_activity_on), "act": pen.words(standing.last_activity_key)}
    yield Clause("plan.draft.summary.fit_and_state", {"fit": standing.fit}, {**state, **last})


def _who(standing: Standing, pen: Pen) -> dict[str, str]:
    return {"name": standing.name, "type": pen.words(f"report.type.{standing.type}")}
