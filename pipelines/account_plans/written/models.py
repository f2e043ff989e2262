"""What ``<partner>.yaml`` may say, as pydantic models.

Belongs here: the shape and its checks. Does not: reading the file (``load.py``), or what a plan makes of it.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, field_validator

from pipelines.account_plans.plan import Role, Strength
from pipelines.settings.base import Model

Measure = Literal[
    "introductions_requested",
    "introductions_met",
    "registrations",
    "open_deals",
    "won_deals",
    "won_amount",
    "meetings",
]
"""What a goal is measured by: what happened from the plan's first day on (``marts.plan_events``)."""
Year = Annotated[int, Field(ge=2000, le=2100)]
Amount = Annotated[float, Field(ge=0)]


def _quarter(value: str) -> str:
    if not re.fullmatch(r"\d{4}-Q[1-4]", value):
        raise ValueError(f"'{value}' is no quarter of ours. Write fiscal year and quarter, such as 2026-Q3")
    return value


Period = Annotated[str, AfterValidator(_quarter)]


class WrittenValue(Model):
    """A value of the partner's profile as one of us knows it."""

    value: Any
    on: date | None = None
    by: str | None = None


class WrittenTarget(Model):
    """What is to be won through this partner in one of our fiscal years."""

    year: Year
    amount: Amount
    deals: Annotated[int, Field(ge=0)] | None = None


class Knows(Model):
    """One of us who knows this person, beyond what the CRM shows."""

    name: str
    strength: Strength


class WrittenPerson(Model):
    """Somebody at the partner. ``email``, or ``name``, finds the CRM's contact; whom the CRM lacks is added."""

    name: str
    email: str | None = None
    title: str | None = None
    department: str | None = None
    reports_to: str | None = None
    """Name of another person at the partner."""
    role: Role = "unknown"
    note: str | None = None
    known_by: list[Knows] = []
    left: bool = False
    """No longer there: not on the map, whatever the CRM says."""


class WrittenGoal(Model):
    """A goal of ours instead of the drafted one of that month. ``period``: in that quarter alone; without it, in every one."""

    period: Period | None = None
    month: Literal[1, 2, 3]
    text: str
    measure: Measure
    target: Amount


class WrittenMove(Model):
    """A step of ours, or (with ``id``) what we say of a drafted one."""

    id: str | None = None
    text: str | None = None
    goal_month: Literal[1, 2, 3] | None = None
    owner: str | None = None
    due: date | None = None
    done: date | None = None
    dropped: bool = False

    @field_validator("text")
    @classmethod
    def _says_something(cls, value: str | None) -> str | None:
        if value is not None and not value.strip():
            raise ValueError("is empty. Write the step, or remove the line")
        return value


class Effort(Model):
    """Hours a month that we spend on this partner."""

    now: Amount | None = None
    proposed: Amount | None = None


class Written(Model):
    """The whole file."""

    version: Literal[1] = 1
    profile: dict[str, WrittenValue] = {}
    """Key of the profile's catalogue (``profile/fields.py``) -> what we know."""
    our_goals: str | None = None
    targets: list[WrittenTarget] = []
    people: list[WrittenPerson] = []
    departments: list[str] = []
    """Of a published organisation chart, where no people are known."""
    texts: dict[str, str] = {}
    """Slot -> the sentence that stands there instead of the drafted one."""
    goals: list[WrittenGoal] = []
    moves: list[WrittenMove] = []
    effort: Effort = Effort()
