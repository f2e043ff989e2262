"""What we ask of other departments of ours: marketing, support, executives.

Belongs here: which request, if any. Does not: goals and steps (``goals.py``, ``moves.py``). Pure.
Nothing is asked of a department for which the map gives no reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pipelines.account_plans.drafts.pen import Clause, Pen
from pipelines.account_plans.figure import Figure, Source
from pipelines.account_plans.plan import CellPotential, Person, Potential, Relations, Request
from pipelines.account_plans.written.slots import Department, request_slot

DEPARTMENTS: tuple[Department, ...] = ("marketing", "support", "executives")
_NAMED = 3
_TOP = 2
"""Ranks of titles that top managers have."""
_WELL = ("strong", "fair")


@dataclass(frozen=True)
class Occasion:
    """What requests rest on. ``industry``: that of most companies that both sides target, told; None where there is none."""

    stage: str
    state: str
    industry: str | None
    potential: Potential
    relations: Relations
    as_of: date


def requests_of(occasion: Occasion, pen: Pen) -> tuple[Request, ...]:
    """One for each department at most; a person's words stand instead of a draft, or where there is none."""
    return tuple(_requests(_drafts(occasion, pen), pen))


def _drafts(occasion: Occasion, pen: Pen) -> dict[Department, Clause | None]:
    """Before a contract, and of a partner that is asleep, only the management can do something."""
    at_work = occasion.stage == "active" and occasion.state != "ghost"
    return {
        "marketing": _marketing(occasion) if at_work else None,
        "support": _support(occasion) if at_work else None,
        "executives": _executives(occasion, pen),
    }


def _requests(drafts: dict[Department, Clause | None], pen: Pen) -> Iterator[Request]:
    for department in DEPARTMENTS:
        draft, slot = drafts[department], request_slot(department)
        if draft is not None or pen.written.get(slot, "").strip():
            yield Request(department, pen.sentence(slot, [draft] if draft else []))


def _marketing(occasion: Occasion) -> Clause | None:
    """Where both sides have the same targets, the play of that cell; else the case of a common customer."""
    if both_target := _cell(occasion.potential, 9):
        words = {"play": both_target.play} | ({"industry": occasion.industry} if occasion.industry else {})
        key = "plan.request.marketing.joint" + ("" if occasion.industry else ".any")
        return Clause(key, {"companies": both_target.companies}, words)
    if common := _cell(occasion.potential, 1):
        return Clause("plan.request.marketing.case", {"companies": common.companies})
    return None


def _support(occasion: Occasion) -> Clause | None:
    for cell, kind in ((6, "introduced"), (4, "introduced"), (1, "common"), (2, "deals"), (5, "deals")):
        if found := _cell(occasion.potential, cell):
            return Clause(f"plan.request.support.{kind}", {"companies": found.companies})
    return None


def _executives(occasion: Occasion, pen: Pen) -> Clause | None:
    """Before a contract or after a silence what only the management can settle; else to meet whom nobody of us knows well."""
    people = hardly_known(occasion.relations)
    named = {"names": pen.listed(_named(person) for person in people[:_NAMED])}
    purpose = "contract" if occasion.stage == "prospective" else "revive" if occasion.state == "ghost" else None
    if purpose:
        key = f"plan.request.executives.{purpose}"
        return Clause(f"{key}.named", words=named) if people else Clause(key)
    if not people:
        return None
    source = Source("map", "marts.plan_acquaintances", occasion.as_of)
    count = Figure("request.executives.people", "plan.request.label.hardly_known", float(len(people)), "people", source)
    return Clause("plan.request.executives.meet", {"people": count}, named)


def hardly_known(relations: Relations) -> list[Person]:
    """Their decision makers, and of those whose role nobody has told the top managers, whom nobody of us knows well."""
    known = {one.their_id for one in relations.acquaintances if one.strength in _WELL}
    people = [person for person in relations.theirs if _decides(person) and person.id not in known]
    return sorted(people, key=lambda person: (person.role != "decision_maker", person.rank, person.name, person.id))


def _decides(person: Person) -> bool:
    return person.role == "decision_maker" or (person.role == "unknown" and person.rank <= _TOP)


def _named(person: Person) -> str:
    return f"{person.name}（{person.title}）" if person.title else person.name


def _cell(potential: Potential, number: int) -> CellPotential | None:
    """That cell, where it has companies."""
    return next((cell for cell in potential.cells if cell.cell == number and cell.companies.value), None)
