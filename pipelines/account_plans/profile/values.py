"""A value of the profile: what it may be by the kind of its field, checked, and kept as JSON.

Belongs here: the shape of values. Does not: what a person means who types one into a form (``form/typed.py``). Pure.
Amounts are whole units of our currency. The year of ``years`` is that in which the fiscal year ends: 2025年3月期 is 2025.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.account_plans.profile.fields import Field
from pipelines.texts import text


class Withheld:
    """What somebody answers who will not say: not the same as no answer."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Withheld)

    def __hash__(self) -> int:
        return hash(Withheld)

    def __repr__(self) -> str:
        return "WITHHELD"


WITHHELD = Withheld()
Years = Mapping[int, float | None]
"""Year -> amount; None is one that was withheld."""
Value = str | float | tuple[str, ...] | Years | Withheld
_WITHHELD_JSON = {"withheld": True}
_BETWEEN = re.compile(r"[、，,;；\n]+")


def checked(field: Field, raw: Any) -> Value:
    """The value as it is kept. Raises ``ValueError`` with what is wrong and its mend."""
    if raw == _WITHHELD_JSON or isinstance(raw, Withheld):
        return WITHHELD
    if raw is None or isinstance(raw, bool):
        raise ValueError(f"{field.key} is {json.dumps(raw)}. Write its value, or remove it")
    if field.kind == "years":
        return _years(field, raw)
    if field.kind == "number":
        return _number(field.key, raw)
    if field.kind == "list":
        return _list(field.key, raw)
    if not isinstance(raw, str | int | float) or not str(raw).strip():
        raise ValueError(f"{field.key} is {raw!r}. Write a text")
    return _choice(field, str(raw).strip()) if field.kind == "choice" else str(raw).strip()


def to_json(value: Value) -> str:
    """The value as it stands in the state; the same value is the same text."""
    return json.dumps(_WITHHELD_JSON if isinstance(value, Withheld) else value, ensure_ascii=False, sort_keys=True)


def _number(key: str, raw: Any) -> float:
    try:
        number = float(raw)
    except (TypeError, ValueError):
        raise ValueError(f"{key} is {raw!r}. Write a number") from None
    if not math.isfinite(number) or number < 0:
        raise ValueError(f"{key} is {raw!r}. Write a number of 0 or more")
    return number


def _list(key: str, raw: Any) -> tuple[str, ...]:
    """Of a text, what stands between commas or on lines of its own."""
    parts = _BETWEEN.split(raw) if isinstance(raw, str) else raw
    if not isinstance(parts, Sequence) or not all(isinstance(part, str | int | float) for part in parts):
        raise ValueError(f"{key} is {raw!r}. Write a list of names")
    names = tuple(dict.fromkeys(name for part in parts if (name := str(part).strip())))
    if not names:
        raise ValueError(f"{key} is empty. Write a list of names, or remove it")
    return names


def _choice(field: Field, raw: str) -> str:
    """The code; its word in either language means it too."""
    for code in field.choices:
        if raw.casefold() in (code, *(text(field.choice_key(code), language).casefold() for language in ("ja", "en"))):
            return code
    raise ValueError(f"{field.key} is {raw!r}. Write one of: {', '.join(field.choices)}")


def _years(field: Field, raw: Any) -> Years:
    if not isinstance(raw, Mapping) or not raw:
        raise ValueError(f"{field.key} is {raw!r}. Write years with amounts, such as 2025: 1200000000")
    years: dict[int, float | None] = {}
    for year, amount in raw.items():
        if not re.fullmatch(r"(19|20)\d\d", str(year)):
            raise ValueError(f"{field.key} names the year {year!r}. Write the year in which the fiscal year ended, such as 2025")
        years[int(year)] = None if amount is None else _amount(field.key, amount)
    return dict(sorted(years.items()))


def _amount(key: str, raw: Any) -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        raise ValueError(f"{key} has the amount {raw!r}. Write a number")
    try:
        amount = float(raw)
    except ValueError:
        raise ValueError(f"{key} has the amount {raw!r}. Write a number") from None
    if not math.isfinite(amount):
        raise ValueError(f"{key} has the amount {raw!r}. Write a number")
    return amount
