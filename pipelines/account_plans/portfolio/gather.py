"""The portfolio as data: ``marts.partner_portfolio`` with every number as a figure, and the hours that people gave.

Belongs here: the query and the value types that it fills. Does not: what follows of it in words (``sentences.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import duckdb

from pipelines.account_plans.figure import Figure, Source, Unit
from pipelines.account_plans.written.models import Effort

Proposal = Literal["invest", "keep", "develop", "reduce"]
_UNITS: dict[str, Unit] = {
    "fit": "points",
    "overlap": "companies",
    "whitespace": "companies",
    "potential_deals": "deals",
    "potential_amount": "money",
    "won_amount_12m": "money",
    "open_amount": "money",
    "activities_90d": "activities",
    "effort_share": "share",
    "proposed_share": "share",
}
"""Columns that are figures, and what they count."""
_ESTIMATES = ("potential_deals", "potential_amount", "proposed_share")


@dataclass(frozen=True)
class PartnerStanding:
    """One partner of the page. ``figures``: the column of the mart, or ``hours_now`` / ``hours_proposed`` -> its figure."""

    rank: int
    """1 is the partner worth a plan first."""
    partner: str
    name: str
    type: str
    stage: str
    state: str
    proposal: Proposal
    reason: str
    """The last part of its text key, such as ``more``."""
    figures: Mapping[str, Figure]


@dataclass(frozen=True)
class Portfolio:
    """All partners that have not ended, by rank."""

    us_name: str
    language: str
    currency: str
    as_of: date
    partners: tuple[PartnerStanding, ...]

    @property
    def figures(self) -> tuple[Figure, ...]:
        return tuple(figure for partner in self.partners for figure in partner.figures.values())


def portfolio_of(con: duckdb.DuckDBPyConnection, efforts: Mapping[str, Effort], language: str) -> Portfolio:
    """``efforts``: partner -> the hours a month that a person gave. ``con`` reads the marts."""
    query = "SELECT name, currency, as_of_date FROM config.parties, config.run WHERE party = 'us'"
    us_name, currency, as_of = con.execute(query).fetchall()[0]
    cursor = con.execute("FROM marts.partner_portfolio ORDER BY rank")
    columns = [column[0] for column in cursor.description or ()]
    rows = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    partners = tuple(_standing(row, efforts.get(row["partner"], Effort()), as_of) for row in rows)
    return Portfolio(us_name, language, currency, as_of, partners)


def _standing(row: Mapping[str, Any], effort: Effort, as_of: date) -> PartnerStanding:
    partner = str(row["partner"])
    source = Source("map", "marts.partner_portfolio", as_of)
    figures = {column: _figure(partner, column, row[column], source) for column in _UNITS}
    written = Source("person", f"{partner}.yaml", None)
    for name, hours in (("hours_now", effort.now), ("hours_proposed", effort.proposed)):
        figures[name] = Figure(f"{partner}.{name}", f"plan.portfolio.{name}", hours, "hours", written)
    told = (row["name"], row["type"], row["stage"], row["state"], row["proposal"])
    return PartnerStanding(row["rank"], partner, *told, reason=str(row["reason_key"]).rpartition(".")[2], figures=figures)


def _figure(partner: str, column: str, value: float | None, source: Source) -> Figure:
    formula = f"plan.portfolio.formula.{column}" if column in _ESTIMATES else None
    return Figure(f"{partner}.{column}", f"plan.portfolio.{column}", value, _UNITS[column], source, formula_key=formula)
