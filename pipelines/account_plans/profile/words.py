"""A value of the profile as people read it.

Belongs here: wording. Does not: which value counts (``trust.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pipelines.account_plans.figure import Figure, told
from pipelines.account_plans.industries import industry_name
from pipelines.account_plans.profile.fields import Field
from pipelines.account_plans.profile.values import Value, Withheld
from pipelines.texts import text


def words_of(field: Field, value: Value, language: str, currency: str) -> str:
    """The value in one line, of a long text in its own lines."""
    if isinstance(value, Withheld):
        return text("plan.profile.withheld", language)
    if isinstance(value, Mapping):
        years = (f"{year_words(year, None, language)} {_amount(of, language, currency)}" for year, of in value.items())
        return _joined(years, language)
    if isinstance(value, tuple):
        return _joined(value, language)
    if isinstance(value, float):
        return told(Figure(field.key, field.label_key, value, field.unit or "points", None), language, currency)
    if field.key == "industry":
        return industry_name(value, language)
    return text(field.choice_key(value), language) if field.kind == "choice" else value


def year_words(year: int, month: str | None, language: str) -> str:
    """The fiscal year as people name it: by the month in which it ends, where that is known."""
    if month is None:
        return text("plan.profile.year", language, year=year)
    named = text(f"plan.profile.choice.closing_month.{month}", language)
    return text("plan.profile.year_of_month", language, year=year, month=named)


def _amount(amount: float | None, language: str, currency: str) -> str:
    """In full: whoever accepts an amount must see a wrong unit."""
    if amount is None:
        return text("plan.profile.withheld", language)
    key = "plan.profile.yen" if (language, currency) == ("ja", "JPY") else "plan.profile.amount"
    return text(key, language, amount=f"{amount:,.0f}", currency=currency)


def _joined(parts: Iterable[str], language: str) -> str:
    return text("evidence.joiner", language).join(parts)
