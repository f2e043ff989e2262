"""What a plan lacks, and whom to ask for it: told instead of a guess.

Belongs here: finding it in the parts of a plan, in their order. Does not: how it is laid out (``slides/``). Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipelines.account_plans.drafts.pen import Pen
from pipelines.account_plans.drafts.reading import cell_name
from pipelines.account_plans.gather.standing import Standing
from pipelines.account_plans.plan import Direction, Fact, Missing, Overview, Potential, Relations
from pipelines.account_plans.profile.fields import BY_KEY

_NAMED = 3
"""So many people without a role are named."""
_TOP = 4
"""Ranks whose role matters most."""


def missing_of(
    standing: Standing, overview: Overview, direction: Direction, potential: Potential, relations: Relations, pen: Pen
) -> tuple[Missing, ...]:
    """By page, and on each in the order in which the plan tells it."""
    finder = _Finder(standing, [fact for fact in overview.facts if fact.words is None], pen)
    return (
        *finder.overview(overview),
        *finder.direction(direction),
        *finder.potential(potential),
        *finder.relations(relations),
    )


class _Finder:
    """One partner's, in one language."""

    def __init__(self, standing: Standing, unknown: Sequence[Fact], pen: Pen) -> None:
        self._standing, self._unknown, self._pen = standing, unknown, pen
        self._who = {"name": standing.name, "file": f"{standing.partner}.yaml"}

    def overview(self, overview: Overview) -> Iterator[Missing]:
        if not self._standing.has_list:
            yield self._told("list", "ask_list", 1)
        if overview.fit.value is None:
            yield self._told("fit", "ask_fit", 1)
        yield from self._facts(1)
        if not overview.years:
            yield self._told("years", "ask_partner", 1)
        for year in overview.years:
            for figure in (year.sales, year.profit):
                if figure.value is None:
                    yield Missing(figure.label(self._pen.language), self._ask("ask_partner"), 1)

    def direction(self, direction: Direction) -> Iterator[Missing]:
        if not direction.targets:
            yield self._told("targets", "ask_us", 2)

    def potential(self, potential: Potential) -> Iterator[Missing]:
        for cell in potential.cells:
            if cell.companies.value and cell.rate.value is None:
                yield self._told("rate", "ask_rate", 3, cell=cell_name(cell, self._pen))
        if any(cell.companies.value and cell.deal_amount.value is None for cell in potential.cells):
            yield self._told("deal_amount", "ask_deal_amount", 3)
        if self._standing.has_list and not (potential.industries or potential.prefectures):
            yield self._told("bases", "ask_list", 3)
        if potential.whitespace.value is None:
            yield self._told("contract", "ask_contract", 3)
        yield from self._facts(3)

    def relations(self, relations: Relations) -> Iterator[Missing]:
        yield from self._facts(4)
        if not relations.ours:
            yield self._told("ours", "ask_ours", 4)
        if not relations.theirs:
            yield self._told("people", "ask_people", 4)
            return
        if not any(person.role == "decision_maker" for person in relations.theirs):
            yield self._told("decision_maker", "ask_us", 4)
        open_roles = [person.name for person in relations.theirs if person.role == "unknown" and person.rank <= _TOP]
        if open_roles:
            more = ".more" if len(open_roles) > _NAMED else ""
            yield self._told(f"roles{more}", "ask_us", 4, names=self._pen.listed(open_roles[:_NAMED]))
        if len(relations.theirs) > 1 and not any(person.reports_to for person in relations.theirs):
            yield self._told("reporting", "ask_reporting", 4)
        if not relations.acquaintances:
            yield self._told("acquaintances", "ask_acquaintances", 4)

    def _facts(self, page: int) -> Iterator[Missing]:
        for fact in self._unknown:
            if BY_KEY[fact.key].page == page:
                yield Missing(fact.label, self._ask(f"ask_{fact.ask}"), page)

    def _told(self, what: str, ask: str, page: int, **values: str) -> Missing:
        return Missing(self._pen.words(f"plan.missing.{what}", **values), self._ask(ask), page)

    def _ask(self, ask: str) -> str:
        return self._pen.words(f"plan.missing.{ask}", **self._who)
