"""How people and what links them look on the relation map: a person's box, the marks of roles and of who knows whom, the
legend. A role is told by colour and by a mark, an acquaintance by the look of its line and by a mark in the box.

Belongs here: the look of one thing. Does not: where it stands.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from pipelines.account_plans.drawing.fit import text_width
from pipelines.account_plans.drawing.scene import Item, Line, Paragraph, Rect, Run, Text
from pipelines.account_plans.plan import Person, Plan, Relations, Role, Strength
from pipelines.account_plans.slides.theme import (
    AMBER,
    BLUE,
    FAINT,
    GREEN,
    GREEN_PALE,
    INK,
    NAVY,
    PALE,
    QUIET,
    RED,
    RED_PALE,
    WHITE,
    label,
)
from pipelines.texts import text

ROLES: Mapping[Role, tuple[str, str, str]] = {
    "decision_maker": ("★", NAVY, "CFE0EF"),
    "key_person": ("◆", BLUE, PALE),
    "supporter": ("＋", GREEN, GREEN_PALE),
    "opponent": ("×", RED, RED_PALE),
    "unknown": ("？", FAINT, WHITE),
}
"""Mark, colour of mark and frame, fill."""
STRENGTHS: Mapping[Strength, tuple[str, float, bool]] = {
    "strong": ("◎", 1.7, False),
    "fair": ("○", 0.75, False),
    "weak": ("△", 0.75, True),
}
"""Mark, width of the line, whether it is dashed. Who does not know somebody has no line."""
TIE = "C98A1B"
"""Colour of the lines between the two sides."""
TARGET = "▶"
_PADDING = 2.5
_LEAST = 7.0
"""No words are smaller."""


@dataclass(frozen=True)
class Marks:
    """A letter for each of ours, those who know somebody first; for each of theirs, who knows them and how well, and whether
    they come next."""

    letters: Mapping[str, str]
    known: Mapping[str, Sequence[tuple[str, Strength]]]
    next: frozenset[str]

    @classmethod
    def of(cls, part: Relations) -> Marks:
        """Ours by rank, department and name, so that the same people get the same letters."""
        acquainted = {tie.our_id for tie in part.acquaintances if tie.strength in STRENGTHS}
        ours = sorted(part.ours, key=lambda one: (one.id not in acquainted, one.rank, one.department or "", one.name, one.id))
        letters = {person.id: _letters(i) for i, person in enumerate(ours)}
        known: dict[str, list[tuple[str, Strength]]] = {}
        for tie in part.acquaintances:
            if tie.strength in STRENGTHS and tie.our_id in letters:
                known.setdefault(tie.their_id, []).append((letters[tie.our_id], tie.strength))
        order = list(STRENGTHS)
        by_strength = {whom: sorted(by, key=lambda one: (order.index(one[1]), one[0])) for whom, by in known.items()}
        return cls(letters, by_strength, frozenset(approach.their_id for approach in part.approaches))


def _letters(number: int) -> str:
    """A to Z, then AA, AB and so on."""
    head = _letters(number // 26 - 1) if number >= 26 else ""
    return head + chr(ord("A") + number % 26)


def _small(size: float) -> float:
    """Of the lines under a name of this size."""
    return max(size * 0.82, 7.2)


def their_box(person: Person, place: Rect, size: float, marks: Marks, boss: str | None) -> Text:
    """Mark and name; title; who knows them, and the superior where that one stands on another slide."""
    mark, color, fill = ROLES[person.role]
    name = [Run(f"{mark} ", bold=True, color=color), Run(person.name, bold=True)]
    if person.id in marks.next:
        name.append(Run(f" {TARGET}", bold=True, color=AMBER))
    paragraphs = [Paragraph(tuple(name))]
    if person.title:
        paragraphs.append(Paragraph((Run(person.title, color=QUIET, size=_small(size)),)))
    known = " ".join(f"{STRENGTHS[strength][0]}{letter}" for letter, strength in marks.known.get(person.id, ()))
    last = [Run(known, color=AMBER, size=_small(size))] if known else []
    if boss:
        last.append(Run(f" ↑{boss}" if known else f"↑{boss}", color=QUIET, size=_small(size)))
    if last:
        paragraphs.append(Paragraph(tuple(last)))
    return Text(
        place,
        tuple(paragraphs),
        size=size,
        min_size=_LEAST,
        fill=fill,
        line=color,
        anchor="middle",
        padding=_PADDING,
        name=f"person {person.id}",
    )


def our_box(person: Person, place: Rect, size: float, marks: Marks) -> Text:
    """Letter and name, department and title, on two lines where one is too narrow."""
    where = [part for part in (person.department, person.title) if part]
    in_a_line = "　".join(where)
    lines = [in_a_line] if text_width(in_a_line, _small(size)) <= place.width - 2 * _PADDING else where
    paragraphs = [
        Paragraph((Run(f"{marks.letters[person.id]} ", bold=True, color=AMBER), Run(person.name, bold=True)), align="center")
    ]
    paragraphs += [Paragraph((Run(line, color=QUIET, size=_small(size)),), align="center") for line in lines if line]
    return Text(
        place,
        tuple(paragraphs),
        size=size,
        min_size=_LEAST,
        color=INK,
        fill=WHITE,
        line=NAVY,
        anchor="middle",
        padding=_PADDING,
        name=f"person {person.id}",
    )


def tie_line(strength: Strength, x1: float, y1: float, x2: float, y2: float) -> Line:
    _, width, dashed = STRENGTHS[strength]
    return Line(x1, y1, x2, y2, color=TIE, width=width, dashed=dashed)


def legend(plan: Plan, place: Rect, not_drawn: Container[Strength] = ()) -> list[Item]:
    """What marks, colours and lines mean, in one row; ``not_drawn``: of those acquaintances there are marks only."""
    language = plan.language
    width = place.width / 10
    items: list[Item] = []
    for i, (role, (mark, color, fill)) in enumerate(ROLES.items()):
        box = Rect(place.x + i * width, place.y, width - 4, place.height)
        items.append(
            label(
                box,
                f"{mark} {text(f'plan.slide.role.{role}', language)}",
                7.5,
                color if mark != "？" else QUIET,
                align="center",
                fill=fill,
                line=color,
            )
        )
    x = place.x + 5 * width
    middle = place.y + place.height / 2
    for strength, (mark, _, _) in STRENGTHS.items():
        words = f"{mark}{text(f'plan.slide.strength.{strength}', language)}"
        if strength in not_drawn:
            items.append(
                label(Rect(x + 4, place.y, width - 4, place.height), text("plan.slide.no_line", language, what=words), 7.5)
            )
        else:
            items.append(tie_line(strength, x + 4, middle, x + 24, middle))
            items.append(label(Rect(x + 27, place.y, width - 27, place.height), words, 7.5))
        x += width
    items.append(Line(x + 4, middle, x + 24, middle, color=QUIET, width=1))
    items.append(label(Rect(x + 27, place.y, width - 27, place.height), text("plan.slide.reports_to", language), 7.5))
    items.append(
        label(Rect(x + width, place.y, width, place.height), f"{TARGET} {text('plan.slide.next', language)}", 7.5, AMBER)
    )
    return items
