"""The steps towards the goals: which company, what to do there (its play), by whom and until when.

Belongs here: choosing them. Does not: reading the companies (``gather/ground.py``), or telling them (``telling.py``). Pure.
A company has one step in a plan.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipelines.account_plans.planned import PlannedGoal, PlannedMove

_STEPS = 3
_TOPICS = 2
_PARTNER_MANAGER = "partner_manager"


@dataclass(frozen=True)
class Lead:
    """A company to work on. ``owner`` is who of us has it; where nobody has, ``owner_role`` takes it."""

    company_id: str
    company: str
    play_key: str | None
    owner: str | None
    owner_role: str


@dataclass(frozen=True)
class Contact:
    """Whom of theirs we know best, and who of us does."""

    theirs: str
    ours: str


@dataclass(frozen=True)
class Leads:
    """Companies by what they are good for, the best first. ``best``: of any cell."""

    to_introduce: Sequence[Lead] = ()
    waiting: Sequence[Lead] = ()
    """Introductions asked for that have not led to a meeting yet, the longest waiting first."""
    open_deals: Sequence[Lead] = ()
    targets: Sequence[Lead] = ()
    best: Sequence[Lead] = ()
    contact: Contact | None = None


def moves_of(goals: Sequence[PlannedGoal], leads: Leads) -> tuple[PlannedMove, ...]:
    """Up to three steps for each goal, numbered in their order."""
    chosen = _Chosen(leads, set())
    steps = [step for goal in goals for step in chosen.towards(goal)]
    return tuple(_move(number, *step) for number, step in enumerate(steps, start=1))


@dataclass(frozen=True)
class _Step:
    kind: str
    lead: Lead | None = None
    contact: Contact | None = None


@dataclass(frozen=True)
class _Chosen:
    leads: Leads
    used: set[str]

    def towards(self, goal: PlannedGoal) -> Iterator[tuple[PlannedGoal, _Step]]:
        steps = {
            "introductions_requested": self._introductions,
            "introductions_met": self._meetings_of_introductions,
            "won_deals": lambda _: self._companies("company", self.leads.open_deals),
            "open_deals": lambda _: self._companies("company", self.leads.targets),
            "meetings": self._meetings,
        }
        yield from ((goal, step) for step in steps[goal.measure](goal))

    def _introductions(self, _: PlannedGoal) -> list[_Step]:
        return self._companies("company", self.leads.to_introduce) or [_Step("choose")]

    def _meetings_of_introductions(self, _: PlannedGoal) -> list[_Step]:
        return self._companies("meet", self.leads.waiting) or [_Step("arrange")]

    def _meetings(self, goal: PlannedGoal) -> list[_Step]:
        if goal.month > 1:
            return [_Step(f"meeting.{goal.month}")]
        contact = self.leads.contact
        invite = _Step("invite", contact=contact) if contact else _Step("invite.nobody")
        return [invite, *self._companies("topic", self.leads.best, _TOPICS)]

    def _companies(self, kind: str, leads: Sequence[Lead], most: int = _STEPS) -> list[_Step]:
        fresh = [lead for lead in leads if lead.company_id not in self.used][:most]
        self.used.update(lead.company_id for lead in fresh)
        return [_Step(kind, lead) for lead in fresh]


def _move(number: int, goal: PlannedGoal, step: _Step) -> PlannedMove:
    lead, contact = step.lead, step.contact
    owner = lead.owner if lead else contact.ours if contact else None
    return PlannedMove(
        f"{goal.id.rpartition('-')[0]}-m{number}",
        goal.id,
        goal.due_on,
        owner,
        None if owner else f"play.owner.{lead.owner_role if lead else _PARTNER_MANAGER}",
        f"plan.move.{step.kind}",
        {"play": lead.play_key} if lead and lead.play_key else {},
        ({"company": lead.company} if lead else {}) | ({"person": contact.theirs} if contact else {}),
    )
