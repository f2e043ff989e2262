"""Who is believed of several who say something about one field. Pure.

Belongs here: the order of trust (``figure.TRUST``), then the newest word. Does not: where the words come from (``gather.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from pipelines.account_plans.figure import TRUST, Source
from pipelines.account_plans.profile.values import Value, Withheld, to_json


@dataclass(frozen=True)
class Said:
    """One value, and who says so."""

    value: Value
    source: Source


@dataclass(frozen=True)
class Known:
    """The value that counts, and what the others say, the more trusted ones first."""

    value: Value
    source: Source
    others: tuple[Said, ...] = ()


def best(values: Iterable[Said]) -> Known | None:
    """None where nobody says anything. Who will not say does not hide what another one says."""
    in_order = sorted(values, key=_order)
    if not in_order:
        return None
    first, *others = in_order
    return Known(first.value, first.source, tuple(others))


def by_year(values: Iterable[Said]) -> dict[int, Known]:
    """Of a field of years: each year by itself, the oldest first. A value of such a year is an amount, or withheld."""
    said: dict[int, list[Said]] = {}
    for one in values:
        if isinstance(one.value, Mapping):
            for year, amount in one.value.items():
                said.setdefault(year, []).append(Said(Withheld() if amount is None else amount, one.source))
    return {year: known for year in sorted(said) if (known := best(said[year]))}


def _order(said: Said) -> tuple[bool, int, int, str, str]:
    on = said.source.on or date.min
    value = to_json(said.value)
    return isinstance(said.value, Withheld), TRUST.index(said.source.trust), -on.toordinal(), said.source.where, value
