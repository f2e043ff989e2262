"""The places of a plan where a person may write instead of a draft.

Belongs here: their names. Does not: what stands there.
"""

from __future__ import annotations

import re
from typing import Literal

Department = Literal["marketing", "support", "executives"]
SINGLE = (
    *("overview.summary", "direction.purpose", "potential.reading"),
    *(f"actions.request.{department}" for department in ("marketing", "support", "executives")),
)
NUMBERED = ("direction.reasoning", "direction.do", "direction.do_not", "relations.approach")
"""Lists, counted from 1: further numbers add paragraphs."""
_NUMBERED = re.compile(rf"({'|'.join(map(re.escape, NUMBERED))})\.[1-9]\d?")
_GOAL = re.compile(r"actions\.goal\.(\d{4}q[1-4]-[1-3])")
_MOVE = re.compile(r"actions\.move\.([a-z0-9][a-z0-9-]*)")
EXAMPLES = (*SINGLE, *(f"{name}.1" for name in NUMBERED), "actions.goal.2026q3-1", "actions.move.2026q3-m1")


def is_slot(name: str) -> bool:
    """Whether a plan may have such a place."""
    return name in SINGLE or any(pattern.fullmatch(name) for pattern in (_NUMBERED, _GOAL, _MOVE))


def is_listed(name: str) -> bool:
    """Whether it is a paragraph of a list, which may be left out."""
    return _NUMBERED.fullmatch(name) is not None


def goal_slot(goal_id: str) -> str:
    """Where the sentence of that goal stands."""
    return f"actions.goal.{goal_id}"


def move_slot(move_id: str) -> str:
    """Where the sentence of that step stands."""
    return f"actions.move.{move_id}"


def request_slot(department: Department) -> str:
    """Where the request to that department stands."""
    return f"actions.request.{department}"


def goal_of(slot: str) -> str | None:
    """The goal whose sentence stands there."""
    return found[1] if (found := _GOAL.fullmatch(slot)) else None


def move_of(slot: str) -> str | None:
    """The step whose sentence stands there."""
    return found[1] if (found := _MOVE.fullmatch(slot)) else None
