"""Goals and moves as they are planned for a quarter and remembered, told in no language yet.

Belongs here: the value types. Does not: what is planned (``drafts/``, ``written/merge.py``), how it is told
(``drafts/telling.py``) and where it is kept (``history/keep.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Month = Literal[1, 2, 3]
MONTHS: tuple[Month, ...] = (1, 2, 3)


@dataclass(frozen=True)
class PlannedGoal:
    """A goal of a month. ``words`` are a person's and stand as they are; without them ``text_key`` is told with ``keys``."""

    id: str
    month: Month
    due_on: date
    measure: str
    """One of ``written.models.Measure``."""
    target: float
    text_key: str | None = None
    keys: Mapping[str, str] = field(default_factory=dict)
    """Placeholder of the text -> key of the text that fills it."""
    estimate: float | None = None
    """Deals a year (試算) that the target is a part of, where it is."""
    words: str | None = None


@dataclass(frozen=True)
class PlannedMove:
    """A step. ``owner`` is somebody's name; without one, ``owner_key`` is the text of the role that takes it."""

    id: str
    goal_id: str | None
    due_on: date | None
    owner: str | None = None
    owner_key: str | None = None
    text_key: str | None = None
    keys: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    """Placeholder of the text -> the company or person that fills it."""
    words: str | None = None
    done_on: date | None = None
    dropped: bool = False


@dataclass(frozen=True)
class Planned:
    goals: tuple[PlannedGoal, ...] = ()
    moves: tuple[PlannedMove, ...] = ()
