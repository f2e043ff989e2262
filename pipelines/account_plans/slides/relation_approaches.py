"""Whom to approach next, through whom and why: beside the relation map, or on a slide of its own.

Belongs here: the list. Does not: the map.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.account_plans.drawing.frame import BODY
from pipelines.account_plans.drawing.scene import Item, Paragraph, Rect, Run, Slide, Text
from pipelines.account_plans.plan import Approach, Plan
from pipelines.account_plans.slides.relation_boxes import ROLES, TARGET, Marks
from pipelines.account_plans.slides.theme import AMBER, HEADING, PANEL, QUIET, below, heading, panel, sentence, slide
from pipelines.texts import text


def approach_list(plan: Plan, place: Rect, approaches: Sequence[Approach] | None = None) -> list[Item]:
    """One under another, each as high as the others; ``approaches``: only these."""
    wanted = plan.relations.approaches if approaches is None else approaches
    items: list[Item] = [heading(place, text("plan.slide.approach", plan.language))]
    room = below(place, HEADING)
    height = min(96.0, (room.height + 6) / len(wanted) - 6)
    for i, approach in enumerate(wanted):
        box = Rect(room.x, room.y + i * (height + 6), room.width, height)
        top = Rect(box.x + 4, box.y + 1, box.width - 6, 26)
        words = Rect(box.x + 4, box.y + 27, box.width - 6, box.height - 28)
        items += [
            panel(box, PANEL),
            panel(Rect(box.x, box.y, 3, box.height), AMBER),
            _whom(plan, approach, top),
            sentence(words, approach.why, size=9, padding=2),
        ]
    return items


def approach_slides(plan: Plan, message: str, more: int) -> list[Slide]:
    """The list on a slide of its own, behind ``more`` slides of the map."""
    if not plan.relations.approaches:
        return []
    return [slide(plan, "relations", approach_list(plan, BODY), message, more)]


def _whom(plan: Plan, approach: Approach, place: Rect) -> Text:
    """Mark, name and title of whom; under it, through whom."""
    part, language = plan.relations, plan.language
    them = next((one for one in part.theirs if one.id == approach.their_id), None)
    name, title, mark = (them.name, them.title or "", ROLES[them.role][0]) if them else (text("plan.unknown", language), "", "")
    through = next((one for one in (*part.ours, *part.theirs) if one.id == approach.through_id), None)
    letter = Marks.of(part).letters.get(through.id, "") if through else ""
    how = text("plan.slide.approach.through", language, name=f"{letter} {through.name}".strip()) if through else text("plan.slide.approach.direct", language)
    runs = (Run(f"{TARGET} ", bold=True, color=AMBER), Run(f"{mark} {name}", bold=True), Run(f"　{title}", color=QUIET, size=8))
    return Text(place, (Paragraph(runs), Paragraph((Run(how, color=AMBER, size=8.5),))), size=9.5, min_size=6.5, padding=1, name=f"approach {approach.their_id}")
