"""An earlier quarter beside this one: its goals met or missed, its steps done, its figures then and now.

Belongs here: choosing the quarter and laying it beside. Does not: reading what is remembered (``keep.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import duckdb

from pipelines.account_plans.drafts.pen import Pen
from pipelines.account_plans.drafts.telling import Teller
from pipelines.account_plans.figure import Figure
from pipelines.account_plans.gather.measures import counted
from pipelines.account_plans.history.keep import Kept
from pipelines.account_plans.plan import Direction, Earlier, Overview, Potential
from pipelines.account_plans.written.merge import noted
from pipelines.account_plans.written.models import Written
from pipelines.registrations import Refused


def earlier_of(
    con: duckdb.DuckDBPyConnection,
    remembered: Sequence[Kept],
    period: str,
    written: Written,
    figures: Iterable[Figure],
    as_of: date,
    language: str,
    currency: str,
    with_period: str | None = None,
) -> Earlier | None:
    """The quarter remembered before ``period``, or ``with_period``; None where nothing is. ``figures``: those of this plan to lay
    beside the earlier ones of the same key. Raises ``Refused`` for a ``with_period`` that is not remembered."""
    before = [one for one in remembered if one.period < period and one.starts_on <= as_of]
    if with_period is not None:
        before = [one for one in before if one.period == with_period]
        if not before:
            known = ", ".join(one.period for one in remembered if one.period < period)
            raise Refused("plan_period" if known else "plan_no_period", period=with_period, known=known)
    if not before:
        return None
    earlier = max(before, key=lambda one: one.period)
    teller = Teller(Pen(language, currency), earlier.partner, as_of)
    return Earlier(
        earlier.period,
        earlier.starts_on,
        tuple(
            teller.goal(goal, earlier.starts_on, counted(con, earlier.partner, goal, earlier.starts_on))
            for goal in earlier.planned.goals
        ),
        teller.moves(noted(earlier.planned.moves, written)),
        tuple((earlier.figures[figure.key], figure) for figure in figures if figure.key in earlier.figures),
    )


def compared(overview: Overview, direction: Direction, potential: Potential) -> tuple[Figure, ...]:
    """The figures of a plan worth laying beside those of an earlier one, in their order."""
    this_year = [figure for year in direction.sales if year.until for figure in (year.deals, year.amount)]
    return (
        overview.fit,
        *this_year,
        *(direction.open_deals, direction.open_amount, direction.potential_deals, direction.potential_amount),
        *(potential.whitespace, potential.greenfield, potential.no_approach),
    )
