"""Our own people on the relation map: who stands on a slide, and where in their row under the partner's people.

Belongs here: choosing and ordering them. Does not: the look of a box (``relation_boxes.py``), the lines (``relation_lines.py``).
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.account_plans.drawing.scene import Item, Rect
from pipelines.account_plans.plan import Person, Plan
from pipelines.account_plans.slides.relation_boxes import STRENGTHS, Marks, our_box
from pipelines.account_plans.slides.relation_layout import Sheet
from pipelines.account_plans.slides.theme import lacking
from pipelines.texts import text

_NARROWEST, _WIDEST = 74.0, 150.0
"""Widths of our boxes."""


def _ends(plan: Plan, sheet: Sheet) -> dict[str, list[float]]:
    """Where on the sheet those stand whom each of ours knows."""
    ends: dict[str, list[float]] = {}
    for tie in plan.relations.acquaintances:
        if (end := sheet.at(tie.their_id)) and tie.strength in STRENGTHS:
            ends.setdefault(tie.our_id, []).append(end.place.x)
    return ends


def ours_of(plan: Plan, sheet: Sheet, first: bool) -> list[Person]:
    """Ours who know somebody on the sheet, those who know most before others; where nobody knows anybody, all of them on the
    first."""
    ends, letters = _ends(plan, sheet), list(Marks.of(plan.relations).letters)
    strangers = strangers_of(plan)
    nobody_knows = first and len(strangers) == len(plan.relations.ours)
    wanted = [one for one in plan.relations.ours if one.id in ends or nobody_knows]
    return sorted(wanted, key=lambda one: (-len(ends.get(one.id, ())), letters.index(one.id)))


def strangers_of(plan: Plan) -> list[Person]:
    """Ours who work with the partner, but know nobody there."""
    acquainted = {tie.our_id for tie in plan.relations.acquaintances if tie.strength in STRENGTHS}
    return [one for one in plan.relations.ours if one.id not in acquainted]


def room_for(place: Rect) -> int:
    """How many boxes of ours fit in a row."""
    return int((place.width + 8) // (_NARROWEST + 8))


def least_crossing(plan: Plan, sheet: Sheet, place: Rect, shown: Sequence[Person]) -> list[Person]:
    """Ours from left to right, each near those whom they know."""
    ends, letters = _ends(plan, sheet), Marks.of(plan.relations).letters
    middle = place.x + place.width / 2

    def where(one: Person) -> tuple[float, str]:
        return (sum(ends[one.id]) / len(ends[one.id]) if one.id in ends else middle), letters[one.id]

    return sorted(shown, key=where)


def in_a_row(people: Sequence[Person], place: Rect) -> list[tuple[Person, Rect]]:
    """Their places, in this order, in the middle of the row."""
    if not people:
        return []
    count = len(people)
    width = min(_WIDEST, (place.width + 8) / count - 8)
    gap = min(40.0, (place.width - width * count) / max(1, count - 1))
    left = place.x + (place.width - width * count - gap * (count - 1)) / 2
    return [(one, Rect(left + i * (width + gap), place.y, width, place.height)) for i, one in enumerate(people)]


def our_boxes(plan: Plan, ours: Sequence[tuple[Person, Rect]], place: Rect, marks: Marks) -> list[Item]:
    if not ours:
        key = "plan.slide.us.nobody_here" if plan.relations.ours else "plan.slide.us.missing"
        return [lacking(place, text(key, plan.language))]
    return [our_box(person, box, 9, marks) for person, box in ours]
