"""What we won through a partner by our fiscal years, what is open, and what people want to win.

Belongs here: these figures. Does not: what they mean for the partner (``drafts/direction.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from pipelines.account_plans.figure import Figure, Source
from pipelines.account_plans.gather.figures import Mart
from pipelines.account_plans.plan import SalesYear, Target
from pipelines.account_plans.written.models import WrittenTarget

_SALES = "SELECT fiscal_year, deals, amount, is_current FROM marts.plan_sales WHERE partner = ? ORDER BY fiscal_year"
_OPEN = "SELECT deals, amount FROM marts.plan_open_deals WHERE partner = ?"


@dataclass(frozen=True)
class Sales:
    """Through one partner; ``years``: four, oldest first, the last one is the year that has not ended."""

    years: tuple[SalesYear, ...]
    open_deals: Figure
    open_amount: Figure

    @property
    def has_any(self) -> bool:
        """Something was won through the partner in these years, or is open."""
        return any(figure.value for figure in (self.open_deals, *(year.deals for year in self.years)))


def sales_of(con: duckdb.DuckDBPyConnection, partner: str, as_of: date) -> Sales:
    """Our won and open deals of which the partner is partner of record (商流)."""
    mart = Mart("plan_open_deals", as_of)
    deals, amount = con.execute(_OPEN, [partner]).fetchone() or (None, None)
    return Sales(
        tuple(_year(as_of, *row) for row in con.execute(_SALES, [partner]).fetchall()),
        mart.figure("open.deals", deals, "deals"),
        mart.figure("open.amount", amount, "money"),
    )


def targets_of(partner: str, written: Sequence[WrittenTarget]) -> tuple[Target, ...]:
    """What a person wrote, by year."""
    source = Source("person", f"{partner}.yaml", None)
    return tuple(
        Target(
            target.year,
            _target(target.year, "amount", target.amount, source),
            None if target.deals is None else _target(target.year, "deals", target.deals, source),
        )
        for target in sorted(written, key=lambda target: target.year)
    )


def _year(as_of: date, year: int, deals: int, amount: float, is_current: bool) -> SalesYear:
    mart, named = Mart("plan_sales", as_of), {"year": str(year)}
    return SalesYear(
        year,
        mart.figure(f"sales.{year}.deals", deals, "deals", "sales.deals", **named),
        mart.figure(f"sales.{year}.amount", amount, "money", "sales.amount", **named),
        as_of if is_current else None,
    )


def _target(year: int, kind: str, value: float, source: Source) -> Figure:
    unit = "money" if kind == "amount" else "deals"
    return Figure(f"target.{year}.{kind}", f"plan.label.target.{kind}", value, unit, source, {"year": str(year)})  # type: ignore[arg-type]
