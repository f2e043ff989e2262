"""Figures of the map: a number read from a mart, with the mart as its source.

Belongs here: making such figures. Does not: the queries (the other modules of this package).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pipelines.account_plans.figure import Figure, Source, Unit


@dataclass(frozen=True)
class Mart:
    """A model whose numbers become figures."""

    model: str
    as_of: date

    @property
    def source(self) -> Source:
        return Source("map", f"marts.{self.model}", self.as_of)

    def figure(self, key: str, value: float | None, unit: Unit, label: str | None = None, **values: str) -> Figure:
        """``label``: the text key after ``plan.label.``, the figure's own key where it is not given."""
        return Figure(key, f"plan.label.{label or key}", value, unit, self.source, values)

    def estimate(
        self, key: str, value: float | None, unit: Unit, label: str, formula: str, filled: Mapping[str, str], **values: str
    ) -> Figure:
        """An estimate (試算) with the text key of its formula after ``plan.formula.``."""
        named = f"plan.label.{label}"
        return Figure(key, named, value, unit, self.source, values, f"plan.formula.{formula}", filled)
