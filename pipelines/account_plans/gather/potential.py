"""What each cell of a partner's map may bring in a year: an estimate (試算) with its formula.

Belongs here: the cells' figures, their sum, and page 3 put together. Does not: the rates and amounts themselves, which the
marts know; the sentence beside them (``drafts/reading.py``).
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from pipelines.account_plans.drafts.pen import Pen
from pipelines.account_plans.drafts.reading import Totals, reading_of
from pipelines.account_plans.gather.bases import bases_of
from pipelines.account_plans.gather.figures import Mart
from pipelines.account_plans.gather.standing import Standing
from pipelines.account_plans.plan import CellPotential, Fact, Potential

MART = "plan_potential"
_CELLS = """
SELECT cell, our_status, partner_status, play_key, if($is_known, companies, NULL), rate, rate_basis_key, rate_cases,
       rate_successes, deal_amount, deal_cases, deal_is_of_partner,
       if($is_known, expected_deals, NULL), if($is_known, expected_amount, NULL)
FROM marts.plan_potential WHERE partner = $partner ORDER BY cell
"""
_TOTALS = """
SELECT sum(expected_deals ORDER BY cell), sum(expected_amount ORDER BY cell),
       sum(expected_deals ORDER BY cell) FILTER (WHERE our_status = 'target'),
       sum(expected_amount ORDER BY cell) FILTER (WHERE our_status = 'target')
FROM marts.plan_potential WHERE partner = ?
"""


def potential_of(con: duckdb.DuckDBPyConnection, standing: Standing, facts: Sequence[Fact], pen: Pen) -> Potential:
    """Page 3. ``facts``: those of the profile that it shows."""
    cells = cells_of(con, standing, pen)
    industries = bases_of(con, standing.partner, "industry", pen.language, standing.as_of)
    prefectures = bases_of(con, standing.partner, "prefecture", pen.language, standing.as_of)
    reading = reading_of(standing, cells, totals_of(con, standing), industries, prefectures, pen)
    return Potential(
        cells,
        industries,
        prefectures,
        tuple(facts),
        standing.whitespace,
        standing.greenfield,
        standing.no_approach,
        reading,
    )


def cells_of(con: duckdb.DuckDBPyConnection, standing: Standing, pen: Pen) -> tuple[CellPotential, ...]:
    """All nine, by number; without a list nobody knows how many companies stand in them."""
    mart, values = Mart(MART, standing.as_of), {"partner": standing.partner, "is_known": standing.has_list}
    return tuple(_cell(mart, pen, *row) for row in con.execute(_CELLS, values).fetchall())


def totals_of(con: duckdb.DuckDBPyConnection, standing: Standing) -> Totals:
    """The cells that can be estimated; without value where none can, or where there is no list."""
    mart = Mart(MART, standing.as_of)
    row = con.execute(_TOTALS, [standing.partner]).fetchone() if standing.has_list else None
    deals, amount, new_deals, new_amount = row or (None, None, None, None)
    return Totals(
        mart.estimate("potential.deals", deals, "deals", "potential.deals", "total", {}),
        mart.estimate("potential.amount", amount, "money", "potential.amount", "total", {}),
        mart.estimate("potential.new.deals", new_deals, "deals", "potential.new.deals", "total_new", {}),
        mart.estimate("potential.new.amount", new_amount, "money", "potential.new.amount", "total_new", {}),
    )


def _cell(
    mart: Mart, pen: Pen, cell: int, ours: str, theirs: str, play_key: str, companies: int | None, rate: float | None,
    basis_key: str, cases: int, successes: int, deal_amount: float | None, deal_cases: int, is_of_partner: bool,
    expected_deals: float | None, expected_amount: float | None,
) -> CellPotential:  # fmt: skip
    sides = {"cell": str(cell)}
    basis = pen.words(basis_key, cases=f"{cases:,}", successes=f"{successes:,}")
    amount_basis = "amount_of_partner" if is_of_partner else "amount_of_all"
    count = mart.figure(f"cell.{cell}.companies", companies, "companies", "cell.companies", **sides)
    how = "rate" if cases else "rate_as_is"
    chance = mart.estimate(f"cell.{cell}.rate", rate, "share", "cell.rate", how, {"basis": basis}, **sides)
    amount = mart.estimate(
        f"cell.{cell}.deal_amount", deal_amount, "money", "cell.deal_amount", amount_basis, {"cases": f"{deal_cases:,}"}, **sides
    )
    factors = {"companies": pen.told(count), "rate": pen.told(chance)}
    money = {**factors, "amount": pen.told(amount)}
    return CellPotential(
        cell,
        ours,
        theirs,
        pen.words(play_key),
        count,
        chance,
        basis,
        amount,
        mart.estimate(f"cell.{cell}.deals", expected_deals, "deals", "cell.deals", "deals", factors, **sides),
        mart.estimate(f"cell.{cell}.amount", expected_amount, "money", "cell.amount", "amount", money, **sides),
    )
