"""What to do and what not to do with our effort, a sentence per partner, by its proposal.

Belongs here: which sentence, and its figures. Does not: the proposal (a mart's), or where it stands on the page.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.account_plans.figure import told
from pipelines.account_plans.plan import Sentence
from pipelines.account_plans.portfolio.gather import PartnerStanding, Portfolio, Proposal
from pipelines.texts import text

_NAMED = {
    "more": ("effort_share", "proposed_share"),
    "less": ("effort_share", "proposed_share"),
    "revive": ("potential_amount",),
    "prospective": ("potential_amount",),
}
"""Reason -> the figures that its sentence names."""


def do(portfolio: Portfolio) -> tuple[Sentence, ...]:
    """Partners worth more effort, and those to prepare first, each in the order of rank."""
    return _sentences(portfolio, "do", ("invest", "develop"))


def do_not(portfolio: Portfolio) -> tuple[Sentence, ...]:
    """Partners that take more effort than they are worth."""
    return _sentences(portfolio, "do_not", ("reduce",))


def _sentences(portfolio: Portfolio, kind: str, proposals: Sequence[Proposal]) -> tuple[Sentence, ...]:
    chosen = [p for proposal in proposals for p in portfolio.partners if p.proposal == proposal]
    return tuple(_sentence(portfolio, kind, partner) for partner in chosen)


def _sentence(portfolio: Portfolio, kind: str, partner: PartnerStanding) -> Sentence:
    figures = {name: partner.figures[name] for name in _NAMED.get(partner.reason, ())}
    values = {name: told(figure, portfolio.language, portfolio.currency) for name, figure in figures.items()}
    words = text(f"plan.portfolio.{kind}.{partner.reason}", portfolio.language, name=partner.name, **values)
    return Sentence(f"{kind}.{partner.partner}", words, figures=tuple(figures.values()))
