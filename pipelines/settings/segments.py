"""Segments in ``account_mapping.yaml``: what makes a customer, an open opportunity, a target, as conditions on fields.

Belongs here: the shape of conditions, and laying a party's own over the shipped ones (``data/segments.yaml``). Does not:
evaluating them (dbt, ``intermediate/statuses``). A status that the yaml states for a source replaces the shipped
conditions of that status and source, the other ones stay.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import Field, model_validator

from pipelines.settings.base import Model

SHIPPED = Path(__file__).resolve().parent / "data" / "segments.yaml"
Source = Literal["salesforce", "hubspot", "file"]
Operator = Literal[
    "is", "is_not", "in", "not_in", "contains", "starts_with", "empty", "not_empty",
    "at_least", "at_most", "within_days", "within_months", "not_within_days", "not_within_months",
]  # fmt: skip
_WITHOUT_VALUE = {"empty", "not_empty"}
_WITH_LIST = {"in", "not_in"}
_ON_TIME = {"within_days", "within_months", "not_within_days", "not_within_months"}
_WITH_NUMBER = {"at_least", "at_most", *_ON_TIME}
OBJECTS: dict[str, tuple[str, ...]] = {
    "salesforce": ("Account", "Opportunity", "Lead"),
    "hubspot": ("companies", "deals", "contacts"),
    "file": ("row",),
}
"""Objects whose rows tell a status; of leads and contacts those that stand for a company themselves."""
NOT_OF_PARTNERS = {"Lead", "contacts"}
"""Nobody but we hands these over: they are not pulled from partners' CRMs."""
Scalar = bool | int | float | str


class Condition(Model):
    """``field`` is the CRM's own name of a field, or a column or heading of a file. Texts compare without width and case."""

    field: Annotated[str, Field(min_length=1)]
    operator: Operator
    value: Scalar | list[Scalar] | None = None

    @model_validator(mode="after")
    def _value_fits(self) -> Condition:
        if (self.value is None) != (self.operator in _WITHOUT_VALUE):
            raise ValueError(f"operator {self.operator} takes {'no value' if self.value is not None else 'a value'}")
        if self.operator in _WITH_LIST and not isinstance(self.value, list):
            raise ValueError(f"operator {self.operator} takes a list, such as [Customer, 既存顧客]")
        if self.operator not in _WITH_LIST and isinstance(self.value, list):
            raise ValueError(f"operator {self.operator} takes one value; for several write in or not_in")
        if self.operator in _WITH_NUMBER and (isinstance(self.value, bool) or not isinstance(self.value, (int, float))):
            raise ValueError(f"operator {self.operator} takes a number")
        if self.operator in _ON_TIME and (int(self.value) != self.value or not 0 <= self.value <= 36500):  # type: ignore[arg-type,operator]
            raise ValueError(f"operator {self.operator} takes a whole number from 0 to 36500")
        if any(not text.strip() for text in self.texts):
            raise ValueError(
                f"operator {self.operator} takes no empty text. For a field without a value write empty or not_empty"
            )
        return self

    @property
    def texts(self) -> list[str]:
        """The values as texts; true and false as a CRM writes them."""
        values = self.value if isinstance(self.value, list) else [] if self.value is None else [self.value]
        return [str(value).lower() if isinstance(value, bool) else str(value) for value in values]


class Alternative(Model):
    """One way to have the status: all its conditions hold on one row of ``object`` (files have none)."""

    object: str = "row"
    since: str | None = None
    """The field whose date tells since when the status holds."""
    all: Annotated[list[Condition], Field(min_length=1)]

    @property
    def fields(self) -> list[str]:
        """Every field it names, those of its conditions first."""
        return list(dict.fromkeys([*(condition.field for condition in self.all), *([self.since] if self.since else [])]))


class SourceSegments(Model):
    """Of one kind of source: status -> alternatives, of which one is enough."""

    customer: list[Alternative] = []
    open_opportunity: list[Alternative] = []
    target: list[Alternative] = []
    churned: list[Alternative] = []
    """Takes ``customer`` away from the record, whatever else says so."""


class Segments(Model):
    salesforce: SourceSegments = SourceSegments()
    hubspot: SourceSegments = SourceSegments()
    file: SourceSegments = SourceSegments()

    @model_validator(mode="after")
    def _objects_fit(self) -> Segments:
        for source, objects in OBJECTS.items():
            for status in SourceSegments.model_fields:
                for at, alternative in enumerate(getattr(getattr(self, source), status)):
                    if alternative.object not in objects:
                        given = "nothing" if alternative.object == "row" else f"'{alternative.object}'"
                        raise ValueError(
                            f"{source}.{status}.{at}: object is one of {', '.join(objects)}, but {given} stands here"
                        )
        return self


@cache
def shipped_segments() -> Segments:
    """The conditions that hold where the yaml states none."""
    return Segments.model_validate(yaml.safe_load(SHIPPED.read_text(encoding="utf-8")))


def segments_of(own: Segments) -> dict[tuple[str, str], list[Alternative]]:
    """(source, status) -> the alternatives that hold: the party's own where it states some, else the shipped ones."""
    found = {}
    for source in Segments.model_fields:
        ours, theirs = getattr(shipped_segments(), source), getattr(own, source)
        for status in SourceSegments.model_fields:
            found[source, status] = getattr(theirs if status in theirs.model_fields_set else ours, status)
    return found


def segment_fields(own: Segments, crm: str, object: str) -> tuple[list[str], list[str]]:
    """Fields of an object that the segments of its party name, so that they are pulled, and those of them that conditions ask:
    a login that lost sight of one of these would make every customer vanish."""
    alternatives = [a for (source, _), found in segments_of(own).items() if source == crm for a in found if a.object == object]
    asked = list(dict.fromkeys(condition.field for alternative in alternatives for condition in alternative.all))
    return list(dict.fromkeys(name for alternative in alternatives for name in alternative.fields)), asked
