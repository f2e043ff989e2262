"""Whom to approach next, through whom and why: beside the relation map, or on a slide of its own.

Belongs here: the list. Does not: the map.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipelines.account_plans.drawing.frame import BODY
from pipelines.account_plans.drawing.scene import Item, Paragraph, Rect, Run, Slide, Text
from pipelines.account_plans.plan import Approach, Plan
from pipelines.account_plans.slides.relation_boxes import ROLES, TARGET, Marks
from pipelines.account_plans.slides.theme import (
    AMBER,
    HEADING,
    PANEL,
    QUIET,
    below,
    columns,
    heading,
    panel,
    rows,
    sentence,
    slide,
)
from pipelines.texts import text


def approach_list(plan: Plan, place: Rect, approaches: Sequence[Approach] | None = None) -> list[Item]:
    """One under another, each as high as the others; ``approaches``: only these."""
    wanted = plan.relations.approaches if approaches is None else approaches
    items: list[Item] = [heading(place, text("plan.slide.approach", plan.language))]
    room = below(place, HEADING)
    wide = room.width > BODY.width / 2
    height = min(64.0 if wide else 100.0, (room.height + 6) / len(wanted) - 6)
    for i, approach in enumerate(wanted):
        items += _approach(plan, approach, Rect(room.x, room.y + i * (height + 6), room.width, height), wide, 11 if wide else 9)
    return items


def approach_row(plan: Plan, place: Rect) -> list[Item]:
    """A few beside each other."""
    wanted = plan.relations.approaches
    items: list[Item] = [heading(place, text("plan.slide.approach", plan.language))]
    for approach, box in zip(wanted, columns(below(place, HEADING), [1] * len(wanted), gap=10), strict=True):
        items += _approach(plan, approach, box, wide=True, size=9)
    return items


def _approach(plan: Plan, approach: Approach, box: Rect, wide: bool, size: float) -> list[Item]:
    """Whom, beside why where it is ``wide``, else over it."""
    items: list[Item] = [panel(box, PANEL), panel(Rect(box.x, box.y, 3, box.height), AMBER)]
    words = Rect(box.x + 6, box.y + 2, box.width - 10, box.height - 4)
    if whom := _whom(plan, approach):
        top, words = columns(words, (30, 70), gap=8) if wide else rows(words, (27, box.height - 31), gap=0)
        items.append(replace(whom, place=top, anchor="middle" if wide else "top"))
    return [*items, sentence(words, approach.why, size=size, anchor="middle" if wide else "top", padding=2)]


def approach_slides(plan: Plan, message: str, more: int) -> list[Slide]:
    """The list on a slide of its own, behind ``more`` slides of the map."""
    if not plan.relations.approaches:
        return []
    return [slide(plan, "relations", approach_list(plan, BODY), message, more)]


def _whom(plan: Plan, approach: Approach) -> Text | None:
    """Mark, name and title of whom; under it, through whom. None of a sentence that a person wrote about nobody on the map."""
    part, language = plan.relations, plan.language
    them = next((one for one in part.theirs if one.id == approach.their_id), None)
    if them is None:
        return None
    through = next((one for one in (*part.ours, *part.theirs) if one.id == approach.through_id), None)
    letter = Marks.of(part).letters.get(through.id, "") if through else ""
    how = (
        text("plan.slide.approach.through", language, name=f"{letter} {through.name}".strip())
        if through
        else text("plan.slide.approach.direct", language)
    )
    runs = (
        Run(f"{TARGET} ", bold=True, color=AMBER),
        Run(f"{ROLES[them.role][0]} {them.name}", bold=True),
        Run(f"　{them.title or ''}".rstrip(), color=QUIET, size=8),
    )
    return Text(
        BODY,
        (Paragraph(runs), Paragraph((Run(how, color=AMBER, size=8.5),))),
        size=9.5,
        min_size=6.5,
        padding=1,
        name=f"approach {approach.their_id}",
    )
