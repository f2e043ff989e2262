"""Functions of Salesforce's formulas that look at nothing but their arguments.

Belongs here: text, numbers, dates, comparing. Does not: fields, types of arguments, choosing (``formula.py``).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, DivisionByZero, InvalidOperation
from typing import Any


class FormulaError(ValueError):
    """A formula that cannot be compiled, or not evaluated on this record; the text is Salesforce's."""


@dataclass(frozen=True)
class Function:
    """``kinds`` of the parameters, several joined by a bar; the last one repeats where it is ``endless``.

    ``strict``: a blank argument makes a blank. Without ``result`` it is the kind of the first argument.
    """

    kinds: tuple[str, ...]
    act: Callable[..., Any]
    result: str = ""
    optional: int = 0
    endless: bool = False
    strict: bool = True

    @property
    def least(self) -> int:
        return len(self.kinds) - self.optional


def compared(operator: str, one: Any, other: Any) -> bool:
    """``one operator other``; nothing is less or more than a blank."""
    if operator in ("=", "=="):
        return bool(one == other) or (one in (None, "") and other in (None, ""))
    if operator in ("!=", "<>"):
        return not compared("=", one, other)
    if one is None or other is None:
        return False
    return bool({"<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other}[operator])


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, date) else "" if value is None else str(value)


def _value(text: str) -> Decimal | None:
    try:
        return Decimal(text.strip().replace(",", "")) if text.strip() else None
    except InvalidOperation:
        raise FormulaError(f"#Error! VALUE() cannot read '{text}'") from None


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)", text.strip()) is not None


def _matches(text: str, pattern: str) -> bool:
    try:
        return re.fullmatch(pattern, text) is not None
    except re.error as wrong:
        raise FormulaError(f"Invalid regular expression '{pattern}': {wrong}") from None


def _rounded(number: Decimal, places: Decimal) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-int(places)), ROUND_HALF_UP)


def _remainder(number: Decimal, divisor: Decimal) -> Decimal:
    try:
        return number - divisor * (number / divisor).to_integral_value(ROUND_FLOOR)
    except (DivisionByZero, InvalidOperation):
        raise FormulaError("#Error! Division by zero") from None


def _date(year: Decimal, month: Decimal, day: Decimal) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise FormulaError(f"#Error! DATE({year}, {month}, {day}) is no date") from None


def _date_value(value: Any) -> date | None:
    """Of a moment its day in GMT, as Salesforce has it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).date()
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        raise FormulaError(f"#Error! DATEVALUE() cannot read '{value}'") from None


def _middle(text: str, start: Decimal, count: Decimal) -> str:
    begin = max(int(start), 1) - 1
    return text[begin : begin + max(int(count), 0)]


def _padded(left: bool) -> Callable[..., str]:
    def pad(text: str, length: Decimal, filler: str = " ") -> str:
        missing = int(length) - len(text)
        added = (filler * max(missing, 0))[: max(missing, 0)]
        return (added + text if left else text + added)[: int(length)]

    return pad


FUNCTIONS: dict[str, Function] = {
    "NOT": Function(("boolean",), lambda value: not value, "boolean"),
    "TEXT": Function(("number|date|datetime|picklist",), _text, "text", strict=False),
    "VALUE": Function(("text",), _value, "number"),
    "ISNUMBER": Function(("text",), _is_number, "boolean"),
    "LEN": Function(("text",), lambda text: Decimal(len(text)), "number"),
    "CONTAINS": Function(("text", "text"), lambda text, part: part in text, "boolean"),
    "BEGINS": Function(("text", "text"), lambda text, part: text.startswith(part), "boolean"),
    "REGEX": Function(("text", "text"), _matches, "boolean"),
    "LEFT": Function(("text", "number"), lambda text, count: text[: max(int(count), 0)], "text"),
    "RIGHT": Function(("text", "number"), lambda text, count: text[-int(count) :] if count >= 1 else "", "text"),
    "MID": Function(("text", "number", "number"), _middle, "text"),
    "FIND": Function(
        ("text", "text", "number"),
        lambda part, text, start=Decimal(1): Decimal(text.find(part, max(int(start), 1) - 1) + 1),
        "number",
        optional=1,
    ),
    "LOWER": Function(("text",), lambda text: text.lower(), "text"),
    "UPPER": Function(("text",), lambda text: text.upper(), "text"),
    "TRIM": Function(("text",), lambda text: text.strip(), "text"),
    "LPAD": Function(("text", "number", "text"), _padded(True), "text", optional=1),
    "RPAD": Function(("text", "number", "text"), _padded(False), "text", optional=1),
    "SUBSTITUTE": Function(("text", "text", "text"), lambda text, old, new: text.replace(old, new), "text"),
    "ABS": Function(("number",), abs, "number"),
    "ROUND": Function(("number", "number"), _rounded, "number"),
    "FLOOR": Function(("number",), lambda number: number.to_integral_value(ROUND_FLOOR), "number"),
    "CEILING": Function(("number",), lambda number: number.to_integral_value(ROUND_CEILING), "number"),
    "MOD": Function(("number", "number"), _remainder, "number"),
    "MAX": Function(("number",), max, "number", endless=True),
    "MIN": Function(("number",), min, "number", endless=True),
    "DATE": Function(("number", "number", "number"), _date, "date"),
    "DATEVALUE": Function(("text|datetime",), _date_value, "date"),
    "YEAR": Function(("date",), lambda day: Decimal(day.year), "number"),
    "MONTH": Function(("date",), lambda day: Decimal(day.month), "number"),
    "DAY": Function(("date",), lambda day: Decimal(day.day), "number"),
    "WEEKDAY": Function(("date",), lambda day: Decimal(day.isoweekday() % 7 + 1), "number"),
}
