"""What is at fault in ``<partner>.yaml`` beyond the shape of its parts: places, and what to write there.

Belongs here: names that lead nowhere, and parts that contradict each other. Does not: the shape (``models.py``), lines
(``load.py``). Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipelines.account_plans.profile.fields import BY_KEY, WRITABLE
from pipelines.account_plans.profile.values import checked
from pipelines.account_plans.written.models import Written
from pipelines.account_plans.written.slots import EXAMPLES, is_slot
from pipelines.settings.faults import Keys, near

Found = Iterator[tuple[Keys, str]]


def faults_of(written: Written) -> Found:
    """Every fault: (keys of its place, message)."""
    yield from _profile(written)
    yield from _texts(written)
    yield from _people(written)
    yield from _moves(written)
    years = [str(target.year) for target in written.targets]
    yield from _twice("targets", "year", years, "has a target already. Keep one of the two")
    months = [f"{goal.month} of {goal.period or 'every quarter'}" for goal in written.goals]
    yield from _twice("goals", "month", months, "has a goal of yours already. Keep one of the two, or name another quarter")


def _profile(written: Written) -> Found:
    for key, value in written.profile.items():
        if key not in WRITABLE:
            yield ("profile", key), "is no field of the profile" + near(key, WRITABLE, "Remove it")
            continue
        try:
            checked(BY_KEY[key], value.value)
        except ValueError as error:
            yield ("profile", key, "value"), str(error)


def _texts(written: Written) -> Found:
    for slot in written.texts:
        if not is_slot(slot):
            yield ("texts", slot), "is no place of a plan" + near(slot, EXAMPLES, f"Places are such as {', '.join(EXAMPLES)}")


def _people(written: Written) -> Found:
    for position, person in enumerate(written.people):
        if not person.name.strip():
            yield ("people", str(position), "name"), "is empty. Write the person's name"
        if person.reports_to == person.name:
            yield ("people", str(position), "reports_to"), f"{person.name} cannot report to themselves. Name somebody else"
    same = [f"{person.name} {person.email or ''}".strip() for person in written.people]
    yield from _twice("people", "name", same, "stands here already. Write one entry for each person")


def _moves(written: Written) -> Found:
    for position, move in enumerate(written.moves):
        place = ("moves", str(position))
        if move.id is None and move.text is None:
            yield place, "has neither text nor id. Write the step as text, or the id of a drafted one"
        if move.id is not None and not is_slot(f"actions.move.{move.id}"):
            yield (*place, "id"), f"'{move.id}' is no id. Write the one that stands at the step in the plan, such as 2026q3-m1"
    yield from _twice("moves", "id", [move.id for move in written.moves], "stands here already. Say all of one step in one entry")


def _twice(part: str, key: str, values: Sequence[str | None], message: str) -> Found:
    for position, value in enumerate(values):
        if value is not None and value in values[:position]:
            yield (part, str(position), key), f"'{value}' {message}"
