"""Page 4: who is who at the partner, who reports to whom, who of us knows whom and how well, and whom to approach next.

Belongs here: which boxes, ties and words a slide shows. Does not: where boxes stand (``relation_layout.py``), the way of the
lines (``relation_lines.py``), our own people in their row (``relation_ours.py``), the look of one thing (``relation_boxes.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.account_plans.drawing.fit import is_cut
from pipelines.account_plans.drawing.frame import BODY
from pipelines.account_plans.drawing.scene import Item, Rect, Slide
from pipelines.account_plans.plan import Acquaintance, Person, Plan, Relations, Strength
from pipelines.account_plans.slides.relation_approaches import approach_list, approach_row, approach_slides
from pipelines.account_plans.slides.relation_boxes import STRENGTHS, TIE, Marks, legend, their_box
from pipelines.account_plans.slides.relation_layout import HEAD, NARROW, SIZES, Sheet, sheets_of
from pipelines.account_plans.slides.relation_lines import Tie, reporting, ties
from pipelines.account_plans.slides.relation_ours import in_a_row, least_crossing, our_boxes, ours_of, room_for, strangers_of
from pipelines.account_plans.slides.theme import (
    FAINT,
    HEADING,
    NAVY,
    PALE,
    PANEL,
    QUIET,
    columns,
    heading,
    label,
    lacking,
    panel,
    slide,
)
from pipelines.texts import text

_SIDE, _RANKS = 226.0, 44.0
"""Widths of the list of approaches and of the ranks' names."""
_LEGEND, _OVER_LEGEND, _OURS, _FOOT, _NOTE = 16.0, 6.0, 38.0, 22.0, 60.0
"""Heights of the legend, of the gap over it, of our boxes, of the gap over these, and of what is said where nobody is known."""
_ROW, _MOST_IN_ROW = 63.0, 3
"""Height of the approaches in a row over the map, and how many can stand in it."""
_MOST_TIES = 20
"""More lines than these nobody can follow: then only the stronger ones are drawn; the marks in the boxes tell all."""


@dataclass(frozen=True)
class _Areas:
    """Where the parts of a map stand."""

    theirs: Rect
    foot: Rect
    ours: Rect
    legend: Rect


def relations(plan: Plan) -> tuple[Slide, ...]:
    """One slide where everybody fits beside the list of approaches, or under it; else several, the list beside the last or
    behind them."""
    part, message = plan.relations, _message(plan)
    if not part.theirs:
        return (slide(plan, "relations", _without_people(plan), message),)
    beside, side = BODY, None
    if part.approaches:
        beside, side = (
            Rect(BODY.x, BODY.y, BODY.width - _SIDE - 14, BODY.height),
            Rect(BODY.x + BODY.width - _SIDE, BODY.y, _SIDE, BODY.height - _LEGEND - _OVER_LEGEND),
        )
    under = Rect(BODY.x, BODY.y + _ROW + 6, BODY.width, BODY.height - _ROW - 6)
    in_row = 0 < len(part.approaches) <= _MOST_IN_ROW
    sheets, place = _sheets(part, beside, under if in_row else None)
    if len(sheets) == 1 and place is beside:
        list_beside = approach_list(plan, side) if side else []
        return (_slide(plan, sheets[0], place, 0, list_beside),)
    if place is under:
        return (_slide(plan, sheets[0], place, 0, approach_row(plan, Rect(BODY.x, BODY.y, BODY.width, _ROW))),)
    last = _one_sheet(sheets[-1], _areas(beside).theirs) if side and len(sheets) > 1 else None
    if last and side:
        made = [_slide(plan, sheet, place, i, []) for i, sheet in enumerate(sheets[:-1])]
        return (*made, _slide(plan, last, beside, len(made), approach_list(plan, side)))
    made = [_slide(plan, sheet, place, i, []) for i, sheet in enumerate(sheets)]
    return (*made, *approach_slides(plan, message, len(made)))


def _sheets(part: Relations, beside: Rect, under: Rect | None) -> tuple[list[Sheet], Rect]:
    """On one slide beside the list, else under it, else on one alone, in the largest boxes in which no words are cut; else on
    as few as the smallest allow."""
    alone: list[tuple[list[Sheet], Rect]] = []
    places = [(beside, (*SIZES, NARROW)), *([(under, (*SIZES, NARROW))] if under else []), (BODY, SIZES)]
    for place, sizes in places:
        for size in sizes:
            sheets = sheets_of(part.theirs, _areas(place).theirs, size)
            if len(sheets) == 1 and not _cuts(part, sheets[0]):
                return sheets, place
            if len(sheets) == 1 and size != NARROW:
                alone.append((sheets, place))
    return alone[0] if alone else ([_one_sheet(sheet, sheet.room) or sheet for sheet in sheets], BODY)


def _cuts(part: Relations, sheet: Sheet) -> bool:
    marks = Marks.of(part)
    return any(is_cut(their_box(one.person, one.place, sheet.size.words, marks, None)) for one in sheet.placed)


def _one_sheet(sheet: Sheet, room: Rect) -> Sheet | None:
    """The same people in the largest boxes in which they fit one sheet of that room, if any do."""
    if any(department.continued for department in sheet.departments):
        return None
    people = [one.person for one in sheet.placed]
    return next((one[0] for size in SIZES if len(one := sheets_of(people, room, size)) == 1), None)


def _slide(plan: Plan, sheet: Sheet, place: Rect, more: int, beside: Sequence[Item]) -> Slide:
    """A map. Ours who have no box on it, since there is no room or they know nobody, are named in the notes."""
    wanted = ours_of(plan, sheet, first=more == 0)
    shown = wanted[: room_for(_areas(place).ours)]
    others = [*wanted[len(shown) :], *(one for one in strangers_of(plan) if more == 0 and one not in wanted)]
    names = text("plan.slide.name.separator", plan.language).join(person.name for person in others)
    notes = text("plan.slide.us.others", plan.language, names=names) if names else ""
    return slide(plan, "relations", [*_map(plan, sheet, place, shown), *beside], _message(plan), more, notes)


def _areas(place: Rect) -> _Areas:
    foot = place.y + place.height
    ours = Rect(place.x + _RANKS, foot - _LEGEND - _OVER_LEGEND - _OURS, place.width - _RANKS, _OURS)
    theirs = Rect(ours.x, place.y, ours.width, ours.y - _FOOT - place.y)
    return _Areas(
        theirs, Rect(ours.x, ours.y - _FOOT, ours.width, _FOOT), ours, Rect(BODY.x, foot - _LEGEND, BODY.width, _LEGEND)
    )


def _map(plan: Plan, sheet: Sheet, place: Rect, shown: Sequence[Person]) -> list[Item]:
    areas, marks = _areas(place), Marks.of(plan.relations)
    ours = in_a_row(least_crossing(plan, sheet, areas.ours, shown), areas.ours)
    items: list[Item] = [*_surfaces(plan, sheet), *_rank_names(plan, sheet, place)]
    drawn, not_drawn = _ties(plan, sheet, ours)
    items += ties(sheet, drawn, areas.foot)
    items += reporting(sheet, QUIET, 1.0)
    names = {person.id: person.name for person in plan.relations.theirs}
    for one in sheet.placed:
        elsewhere = names.get(one.person.reports_to or "") if not sheet.at(one.person.reports_to or "") else None
        items.append(their_box(one.person, one.place, sheet.size.words, marks, elsewhere))
    items.append(
        label(Rect(place.x, areas.ours.y, _RANKS - 6, _OURS), text("plan.slide.us", plan.language), 9, NAVY, True, "right")
    )
    items += our_boxes(plan, ours, areas.ours, marks)
    return [*items, *legend(plan, areas.legend, not_drawn)]


def _surfaces(plan: Plan, sheet: Sheet) -> list[Item]:
    items: list[Item] = []
    for department in sheet.departments:
        name = department.name or text("plan.slide.no_department", plan.language)
        if department.continued:
            name = text("plan.slide.department_continued", plan.language, name=name)
        top = Rect(department.place.x, department.place.y, department.place.width, HEAD - 3)
        items += [panel(department.place, PANEL), label(top, name, 9, NAVY, True, "center", fill=PALE, padding=3)]
    return items


def _rank_names(plan: Plan, sheet: Sheet, place: Rect) -> list[Item]:
    """The rank's name at the left of its first row."""
    first: dict[int, float] = {}
    for one in sorted(sheet.placed, key=lambda one: one.row):
        first.setdefault(one.person.rank, one.place.y)
    return [
        label(
            Rect(place.x, y, _RANKS - 6, sheet.size.height),
            text(f"plan.slide.rank.{rank}", plan.language),
            8,
            FAINT,
            align="right",
        )
        for rank, y in first.items()
    ]


def _ties(plan: Plan, sheet: Sheet, ours: Sequence[tuple[Person, Rect]]) -> tuple[list[Tie], frozenset[Strength]]:
    """The lines to draw, and of which acquaintances none are drawn, since there are too many."""
    boxes = {person.id: box for person, box in ours}
    found: list[tuple[Acquaintance, Tie]] = []
    for tie in plan.relations.acquaintances:
        end = sheet.at(tie.their_id)
        if end and tie.our_id in boxes and tie.strength in STRENGTHS:
            _, width, dashed = STRENGTHS[tie.strength]
            found.append((tie, Tie(tie.our_id, boxes[tie.our_id], end, TIE, width, dashed)))
    weaker: tuple[frozenset[Strength], ...] = (frozenset(), frozenset({"weak"}), frozenset({"weak", "fair"}))
    for not_drawn in weaker:
        drawn = [line for tie, line in found if tie.strength not in not_drawn]
        if len(drawn) <= _MOST_TIES:
            break
    return drawn, not_drawn


def _without_people(plan: Plan) -> list[Item]:
    """The departments of a published chart, where there is one; whom to ask for the people; ours all the same."""
    language, part = plan.language, plan.relations
    areas, marks = _areas(BODY), Marks.of(part)
    place = areas.theirs
    items: list[Item] = []
    if part.departments:
        items.append(heading(place, text("plan.slide.departments", language), text("plan.slide.departments.note", language)))
        items += _departments(part.departments, Rect(place.x, place.y + HEADING, place.width, place.height - HEADING - _NOTE))
    place = Rect(place.x, place.y + place.height - _NOTE, place.width, _NOTE)
    items.append(lacking(place, text("plan.slide.people.missing", language, partner=plan.partner)))
    items.append(label(Rect(BODY.x, areas.ours.y, _RANKS - 6, _OURS), text("plan.slide.us", language), 9, NAVY, True, "right"))
    boxes = in_a_row(part.ours[: room_for(areas.ours)], areas.ours)
    return [*items, *our_boxes(plan, boxes, areas.ours, marks)]


def _departments(names: Sequence[str], place: Rect) -> list[Item]:
    across = min(4, len(names))
    down = -(-len(names) // across)
    height = min(60.0, place.height / down - 8)
    items: list[Item] = []
    for i, name in enumerate(names):
        box = columns(Rect(place.x, place.y + i // across * (height + 8), place.width, height), [1] * across)[i % across]
        items.append(label(box, name, 10.5, align="center", fill=PANEL, line=FAINT, padding=4))
    return items


def _message(plan: Plan) -> str:
    part, language = plan.relations, plan.language
    if not part.theirs:
        return text("plan.slide.relations.message.none", language)
    deciders = [person for person in part.theirs if person.role == "decision_maker"]
    if not deciders:
        return text("plan.slide.relations.message.no_decider", language)
    known = {tie.their_id for tie in part.acquaintances if tie.strength in ("strong", "fair")}
    not_met = [person.name for person in sorted(deciders, key=lambda one: (one.rank, one.name, one.id)) if person.id not in known]
    if not not_met:
        return text("plan.slide.relations.message.all_met", language)
    names = text("plan.slide.name.separator", language).join(not_met)
    return text("plan.slide.relations.message.not_met", language, names=names)
