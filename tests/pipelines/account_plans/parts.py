"""The first four pages of a plan, put together from marts as ``build.py`` does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import duckdb

from pipelines.account_plans.drafts.direction import direction_of
from pipelines.account_plans.drafts.overview import overview_of
from pipelines.account_plans.drafts.pen import Pen
from pipelines.account_plans.drafts.reading import Totals
from pipelines.account_plans.figure import Figure
from pipelines.account_plans.form.answers import Answer
from pipelines.account_plans.gather.people import relations_of
from pipelines.account_plans.gather.potential import potential_of, totals_of
from pipelines.account_plans.gather.sales import Sales, sales_of, targets_of
from pipelines.account_plans.gather.standing import Standing, standing_of
from pipelines.account_plans.missing import missing_of
from pipelines.account_plans.plan import Direction, Missing, Overview, Potential, Relations, Sentence
from pipelines.account_plans.written.models import Written
from tests.pipelines.account_plans.gather.world import AS_OF


@dataclass(frozen=True)
class Parts:
    """What is read and drafted of one partner."""

    standing: Standing
    sales: Sales
    totals: Totals
    overview: Overview
    direction: Direction
    potential: Potential
    relations: Relations
    missing: tuple[Missing, ...]

    def sentences(self) -> Iterator[Sentence]:
        yield self.overview.summary
        yield self.direction.purpose
        yield from (*self.direction.reasoning, *self.direction.do, *self.direction.do_not)
        yield self.potential.reading
        yield from (approach.why for approach in self.relations.approaches)

    def words(self, slots: str) -> str:
        """All sentences whose slot begins so."""
        return "".join(sentence.words for sentence in self.sentences() if sentence.slot.startswith(slots))

    def figures(self) -> dict[str, Figure]:
        """By key, those of the parts and of the sentences."""
        found: dict[str, Figure] = {}

        def walk(value: object) -> None:
            if isinstance(value, Figure):
                found[value.key] = value
            elif isinstance(value, Mapping):
                walk(tuple(value.values()))
            elif isinstance(value, tuple | list):
                for item in value:
                    walk(item)
            elif hasattr(value, "__dataclass_fields__"):
                for name in value.__dataclass_fields__:
                    walk(getattr(value, name))

        walk(self)
        return found


def parts_of(
    con: duckdb.DuckDBPyConnection,
    partner: str,
    language: str = "ja",
    written: Written | None = None,
    answers: Mapping[str, Answer] | None = None,
) -> Parts:
    written = written or Written()
    pen = Pen(language, "JPY", written.texts)
    standing, sales = standing_of(con, partner, AS_OF), sales_of(con, partner, AS_OF)
    potential, totals = potential_of(con, standing, (), pen), totals_of(con, standing)
    overview = overview_of(standing, sales, (), (), pen)
    targets = targets_of(partner, written.targets)
    direction = direction_of(standing, sales, targets, potential.cells, totals, written.our_goals, pen)
    relations = relations_of(con, standing, written, answers or {}, pen)
    missing = missing_of(standing, overview, direction, potential, relations, pen)
    return Parts(standing, sales, totals, overview, direction, potential, relations, missing)
