"""One partner's plan out of its parts: the data of the run, what our people wrote, what the partner answered, what is remembered.

Belongs here: the order in which the parts are made. Does not: any of the parts, or files (``make.py``).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import duckdb

from pipelines.account_plans.drafts.direction import direction_of
from pipelines.account_plans.drafts.overview import overview_of
from pipelines.account_plans.drafts.pen import Pen
from pipelines.account_plans.figure import Figure
from pipelines.account_plans.form.answers import Answer, accepted
from pipelines.account_plans.gather.actions import actions_of
from pipelines.account_plans.gather.people import relations_of
from pipelines.account_plans.gather.potential import potential_of, totals_of
from pipelines.account_plans.gather.sales import sales_of, targets_of
from pipelines.account_plans.gather.standing import standing_of
from pipelines.account_plans.history.compare import compared, earlier_of
from pipelines.account_plans.history.keep import Kept, current, kept, period_of
from pipelines.account_plans.missing import missing_of
from pipelines.account_plans.plan import Plan
from pipelines.account_plans.profile.fields import BY_KEY
from pipelines.account_plans.profile.gather import profile_of
from pipelines.account_plans.written.models import Written
from pipelines.account_plans.written.strays import strays_of
from pipelines.settings import Settings

POTENTIAL_PAGE = 3


@dataclass(frozen=True)
class Remembered:
    """What the state knows of one partner, newer than any run: accepted answers by field, and the quarters, oldest first."""

    answers: Mapping[str, Answer]
    kept: tuple[Kept, ...]


def remembered_of(con: duckdb.DuckDBPyConnection, partner: str) -> Remembered:
    """``con``: with ``state`` attached."""
    return Remembered(accepted(con, partner), kept(con, partner))


def build_plan(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    partner: str,
    written: Written,
    remembered: Remembered,
    language: str,
    with_period: str | None = None,
) -> Plan:
    """The plan as of the run whose marts ``con`` reads. ``with_period``: the quarter to lay beside it, else the one before.
    Raises ``LookupError`` for a partner without a plan, ``Refused`` for a period that is not remembered."""
    run_id, as_of = con.execute("SELECT run_id, as_of_date FROM config.run").fetchone() or ("", date.min)
    currency, answers = settings.us.currency, remembered.answers
    pen = Pen(language, currency, written.texts)
    standing, sales = standing_of(con, partner, as_of), sales_of(con, partner, as_of)
    profile = profile_of(con, partner, written, answers, language, currency, as_of)
    facts = [fact for fact in profile.facts if BY_KEY[fact.key].page == POTENTIAL_PAGE]
    overview = overview_of(standing, sales, profile.facts, profile.years, pen)
    potential = potential_of(con, standing, facts, pen)
    our_goals = next((fact.words for fact in profile.facts if fact.key == "our_goals"), None)
    targets = targets_of(partner, written.targets)
    direction = direction_of(standing, sales, targets, potential.cells, totals_of(con, standing), our_goals, pen)
    relations = relations_of(con, standing, written, answers, pen)
    period = period_of(as_of, settings.us.fiscal_year_starts_in)
    now = current(remembered.kept, period, as_of)
    starts_on = now.starts_on if now else as_of
    actions = actions_of(con, partner, potential, relations, written, now, period, starts_on, as_of, language, currency)
    figures = compared(overview, direction, potential)
    return Plan(
        partner,
        standing.name,
        standing.type,
        standing.stage,
        settings.us.name,
        language,
        currency,
        as_of,
        run_id,
        period,
        starts_on,
        overview,
        direction,
        potential,
        relations,
        actions,
        earlier_of(con, remembered.kept, period, written, figures, as_of, language, currency, with_period),
        (
            *missing_of(standing, overview, direction, potential, relations, pen),
            *strays_of(written, [actions.planned, *(one.planned for one in remembered.kept)], partner, language),
        ),
        {figure.key: figure for figure in figures_in((profile.figures, overview, direction, potential, relations, actions))},
    )


def figures_in(part: object) -> Iterator[Figure]:
    """Every figure in a part of a plan, however deep, in the order in which the part holds them."""
    if isinstance(part, Figure):
        yield part
    elif isinstance(part, tuple | list):
        for each in part:
            yield from figures_in(each)
    elif dataclasses.is_dataclass(part):
        for field in dataclasses.fields(part):
            yield from figures_in(getattr(part, field.name))
