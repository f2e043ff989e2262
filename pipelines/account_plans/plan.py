"""The plan as data: all that the slides, the HTML page and the sources page tell, in one language, before it is laid out.

Belongs here: the shape of a plan. Does not: reading, deciding or wording anything (``gather/``, ``drafts/``, ``build.py``).
Sentences are told already; a number in a drafted sentence is one of its ``figures``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from pipelines.account_plans.figure import Figure, Source
from pipelines.account_plans.planned import Planned

Role = Literal["decision_maker", "key_person", "supporter", "opponent", "unknown"]
Strength = Literal["strong", "fair", "weak", "none"]


@dataclass(frozen=True)
class Sentence:
    """One paragraph. ``slot`` names its place for whoever writes in it by hand; ``written``: a person did."""

    slot: str
    words: str
    written: bool = False
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True)
class Fact:
    """One line of the partner's profile, told. ``words`` is None where nobody has said it: ``ask`` is whom to ask."""

    key: str
    label: str
    words: str | None
    source: Source | None
    ask: Literal["partner", "us"] = "partner"


@dataclass(frozen=True)
class PartnerYear:
    """Sales and profit that the partner reports of one of its fiscal years."""

    year: int
    sales: Figure
    profit: Figure


@dataclass(frozen=True)
class Overview:
    """Page 1."""

    facts: tuple[Fact, ...]
    """In the order of the catalogue (``profile/fields.py``), those of page 3 too."""
    years: tuple[PartnerYear, ...]
    summary: Sentence
    fit: Figure
    state: str
    last_activity_on: date | None


@dataclass(frozen=True)
class SalesYear:
    """What we won through this partner in one of our fiscal years. ``until`` is set of the year that has not ended."""

    year: int
    deals: Figure
    amount: Figure
    until: date | None = None


@dataclass(frozen=True)
class Target:
    """What a person wants to win through this partner in one of our fiscal years."""

    year: int
    amount: Figure
    deals: Figure | None = None


@dataclass(frozen=True)
class Direction:
    """Page 2."""

    purpose: Sentence
    sales: tuple[SalesYear, ...]
    open_deals: Figure
    open_amount: Figure
    targets: tuple[Target, ...]
    potential_deals: Figure
    potential_amount: Figure
    reasoning: tuple[Sentence, ...]
    do: tuple[Sentence, ...]
    do_not: tuple[Sentence, ...]


@dataclass(frozen=True)
class CellPotential:
    """One cell of the map and what it may be worth, an estimate (試算): companies x rate = deals, x amount = money."""

    cell: int
    our_status: str
    partner_status: str
    play: str
    companies: Figure
    rate: Figure
    rate_basis: str
    """In words: from which cases the rate comes, or that there is none."""
    deal_amount: Figure
    expected_deals: Figure
    expected_amount: Figure


@dataclass(frozen=True)
class Base:
    """Customers of both sides in one industry or prefecture."""

    label: str
    ours: Figure
    theirs: Figure
    both: Figure


@dataclass(frozen=True)
class Potential:
    """Page 3."""

    cells: tuple[CellPotential, ...]
    industries: tuple[Base, ...]
    prefectures: tuple[Base, ...]
    facts: tuple[Fact, ...]
    whitespace: Figure
    greenfield: Figure
    no_approach: Figure
    reading: Sentence


@dataclass(frozen=True)
class Person:
    """Somebody on either side. ``rank`` orders titles, 1 is the highest; ``reports_to`` is the id of another person here."""

    id: str
    name: str
    title: str | None
    department: str | None
    rank: int
    reports_to: str | None
    role: Role
    source: Source
    note: str | None = None


@dataclass(frozen=True)
class Acquaintance:
    """One of us knows one of them. ``meetings``: activities with this person in the last 12 months."""

    our_id: str
    their_id: str
    strength: Strength
    meetings: Figure
    last_on: date | None


@dataclass(frozen=True)
class Approach:
    """Whom to approach next, through whom, and why."""

    their_id: str
    through_id: str | None
    why: Sentence


@dataclass(frozen=True)
class Relations:
    """Page 4. ``departments``: of a published organisation chart, where no people are known."""

    theirs: tuple[Person, ...]
    ours: tuple[Person, ...]
    acquaintances: tuple[Acquaintance, ...]
    approaches: tuple[Approach, ...]
    departments: tuple[str, ...]


@dataclass(frozen=True)
class Goal:
    """What is to be reached by a day, as a figure of the map: ``now``, since the plan's first day, against ``target``. ``start``
    is what had been counted as that day began: none."""

    id: str
    month: Literal[1, 2, 3]
    due_on: date
    words: Sentence
    start: Figure
    now: Figure
    target: Figure
    state: Literal["open", "met", "missed"]


@dataclass(frozen=True)
class Move:
    """A step towards a goal."""

    id: str
    goal_id: str | None
    words: Sentence
    owner: str | None
    due_on: date | None
    done_on: date | None


@dataclass(frozen=True)
class Request:
    """What we ask of another department of ours."""

    department: Literal["marketing", "support", "executives"]
    words: Sentence


@dataclass(frozen=True)
class Actions:
    """Page 5. ``drafted`` is what was drafted for the quarter, ``planned`` that with what people wrote: what is remembered."""

    goals: tuple[Goal, ...]
    moves: tuple[Move, ...]
    requests: tuple[Request, ...]
    drafted: Planned = field(default_factory=Planned)
    planned: Planned = field(default_factory=Planned)


@dataclass(frozen=True)
class Earlier:
    """What an earlier quarter planned, and what came of it."""

    period: str
    starts_on: date
    goals: tuple[Goal, ...]
    moves: tuple[Move, ...]
    figures: tuple[tuple[Figure, Figure], ...]
    """(then, now) of the figures that both plans have."""


@dataclass(frozen=True)
class Missing:
    """What the plan lacks, and whom to ask for it."""

    label: str
    ask: str
    """In words: the partner by the form, us in the yaml, the CRM's field."""
    page: int


@dataclass(frozen=True)
class Plan:
    """One partner's plan of one quarter, as it stands."""

    partner: str
    name: str
    type: str
    stage: str
    us_name: str
    language: str
    currency: str
    as_of: date
    run_id: str
    period: str
    """Our fiscal year and quarter, such as 2026-Q3."""
    starts_on: date
    overview: Overview
    direction: Direction
    potential: Potential
    relations: Relations
    actions: Actions
    earlier: Earlier | None
    missing: tuple[Missing, ...]
    used: Mapping[str, Figure]
    """Every figure of the plan by its key: what the sources page lists."""
