"""Kinds of values in Salesforce's formulas: what a compiled part is, what a field gives, which argument fits where.

Belongs here: kinds and the checks of them. Does not: grammar and operators (``formula.py``), functions (``formula_functions.py``,
``formula_choices.py``).

The kinds: ``text``, ``number``, ``boolean``, ``date``, ``datetime``, ``picklist``, ``multipicklist``, and ``null``, that of NULL.
As in Salesforce a blank text is empty, percents are fractions, and ids have 15 characters.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from connectors.sandbox.salesforce.formula_functions import FormulaError
from connectors.sandbox.salesforce.schema import NUMBER_TYPES, Field

_KINDS = {"boolean": "boolean", "date": "date", "datetime": "datetime", "picklist": "picklist", "multipicklist": "multipicklist"}
NAMES = {"text": "Text", "number": "Number", "boolean": "Boolean", "date": "Date", "datetime": "DateTime"}


@dataclass(frozen=True)
class Case:
    """What a formula is evaluated on; documents are as the store keeps them."""

    doc: dict[str, Any]
    before: dict[str, Any]
    """The record as it was; empty for a new one."""
    user: dict[str, Any]
    now: datetime
    """Aware, in the org's time zone."""
    look: Callable[[Field, str], dict[str, Any]]
    """A reference field and the id in it -> the parent's document."""


@dataclass(frozen=True)
class Expression:
    """A compiled part of a formula; ``field`` where it is nothing but a field of the record itself."""

    kind: str
    of: Callable[[Case], Any]
    field: Field | None = None


def kind_of(each: Field) -> str:
    return "number" if each.type in NUMBER_TYPES else _KINDS.get(each.type, "text")


def read(each: Field, doc: dict[str, Any]) -> Any:
    """A field's value as formulas see it."""
    value, kind = doc.get(each.name), kind_of(each)
    if kind == "boolean":
        return bool(value)
    if kind in ("text", "picklist", "multipicklist"):
        return (value or "")[:15] if each.type in ("id", "reference") else value or ""
    if value is None:
        return None
    if kind == "number":
        return Decimal(str(value)) / (100 if each.type == "percent" else 1)
    return date.fromisoformat(value) if kind == "date" else datetime.fromisoformat(value)


def no_picklist(each: Expression) -> None:
    if each.kind in ("picklist", "multipicklist"):
        name = f"Field {each.field.name}" if each.field else "The field"
        raise FormulaError(f"{name} is a picklist field. Picklist fields are only supported in certain functions.")


def fitting(where: str, each: Expression, kind: str) -> Expression:
    """The argument itself, where it fits; ``kind`` may name several or ``any``. Raises ``FormulaError``."""
    kinds = kind.split("|")
    if "any" in kinds or each.kind in kinds or each.kind == "null":
        return each
    if "picklist" not in kinds and "multipicklist" not in kinds:
        no_picklist(each)
    raise wrong_parameter(where, ", ".join(NAMES.get(one, one.capitalize()) for one in kinds), each.kind)


def wrong_parameter(where: str, expected: str, received: str) -> FormulaError:
    shown = NAMES.get(received, received.capitalize())
    return FormulaError(f"Incorrect parameter type for {where}. Expected {expected}, received {shown}")


def check_count(name: str, given: list[Expression], least: int, most: int | None) -> None:
    if len(given) < least or (most is not None and len(given) > most):
        expected = str(least) if least == most else f"{least} or more"
        raise FormulaError(f"Incorrect number of parameters for function '{name}()'. Expected {expected}, received {len(given)}")
