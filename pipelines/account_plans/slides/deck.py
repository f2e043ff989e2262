"""A partner's plan as a deck: the five parts, what came of the earlier quarter, then sources and what is missing."""

from __future__ import annotations

from pipelines.account_plans.drawing.scene import Deck
from pipelines.account_plans.plan import Plan
from pipelines.account_plans.slides.actions import actions
from pipelines.account_plans.slides.base import base
from pipelines.account_plans.slides.direction import direction
from pipelines.account_plans.slides.earlier import earlier
from pipelines.account_plans.slides.overview import overview
from pipelines.account_plans.slides.potential import potential
from pipelines.account_plans.slides.relations import relations
from pipelines.account_plans.slides.sources import sources
from pipelines.account_plans.slides.theme import period_of
from pipelines.texts import text

PARTS = (overview, direction, potential, base, relations, actions, earlier, sources)


def deck_of(plan: Plan) -> Deck:
    """All slides of a plan, in the order in which they are presented."""
    return Deck(_title(plan), plan.language, tuple(slide for part in PARTS for slide in part(plan)), plan.partner)


def glance_of(plan: Plan) -> Deck:
    """The first slide of each part but the sources: what a picture of the plan shows."""
    laid = (part(plan) for part in PARTS if part is not sources)
    return Deck(_title(plan), plan.language, tuple(slides[0] for slides in laid if slides))


def _title(plan: Plan) -> str:
    return text("plan.slide.deck", plan.language, name=plan.name, period=period_of(plan))
