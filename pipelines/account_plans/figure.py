"""A figure of a plan: a number that knows what it is, where it comes from and as of when, and how people write it.

Belongs here: the value types and the one way to write a number. Does not: where figures are read (``gather/``). No number
stands on a slide that is not one of these, a date, or part of a name or of a sentence that a person wrote.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from pipelines.report.words import money
from pipelines.texts import text

Trust = Literal["person", "partner", "crm", "map"]
TRUST: tuple[Trust, ...] = ("person", "partner", "crm", "map")
"""Who is believed before whom: what one of us entered, what the partner filled in, CRM fields, what the map shows."""
Unit = Literal[
    "companies", "deals", "introductions", "registrations", "people", "activities", "money", "share", "times", "points", "days",
    "hours", "sites",
]  # fmt: skip


@dataclass(frozen=True)
class Source:
    """Where a value comes from, and as of when."""

    trust: Trust
    where: str
    """For people: who entered it, the form's file, connection and object, or the mart."""
    on: date | None


@dataclass(frozen=True)
class Figure:
    """One number. ``key`` is unique in a plan (``sales.2025.amount``); ``value`` is None where it is not known."""

    key: str
    label_key: str
    value: float | None
    unit: Unit
    source: Source | None
    label_values: Mapping[str, str] = field(default_factory=dict)
    formula_key: str | None = None
    """The text that tells how it was computed, of an estimate (試算); its placeholders are in ``formula_values``."""
    formula_values: Mapping[str, str] = field(default_factory=dict)

    def label(self, language: str) -> str:
        return text(self.label_key, language, **self.label_values)

    def formula(self, language: str) -> str | None:
        return text(self.formula_key, language, **self.formula_values) if self.formula_key else None


def told(figure: Figure, language: str, currency: str) -> str:
    """The number as people write it: 1,234社, 1.2億円, 12.5%; a dash where it is not known."""
    value = figure.value
    if value is None:
        return text("plan.unknown", language)
    if figure.unit == "money":
        unit = "円" if (language, currency) == ("ja", "JPY") else currency
        return money(value, currency, language) if value else text("plan.unit.no_money", language, currency=unit)
    if figure.unit == "share":
        return f"{value:.1%}"
    whole = float(value).is_integer() or abs(value) >= 100
    key = f"plan.unit.{figure.unit}{'.one' if value == 1 else ''}"
    return text(key, language, n=f"{value:,.0f}" if whole else f"{value:,.1f}")
