"""What each quarter planned, kept in the state: goals and steps as drafted once and frozen, what people made of them, figures as
last seen.

Belongs here: our quarters, and reading and writing ``state.account_plans``. Does not: what is planned (``drafts/``), or what came
of it (``compare.py``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import duckdb
from pydantic import TypeAdapter

from pipelines.account_plans.figure import Figure
from pipelines.account_plans.plan import Plan
from pipelines.account_plans.planned import Planned, PlannedGoal, PlannedMove

_GOALS = TypeAdapter(dict[str, tuple[PlannedGoal, ...]])
_MOVES = TypeAdapter(dict[str, tuple[PlannedMove, ...]])
_FIGURES = TypeAdapter(dict[str, Figure])


@dataclass(frozen=True)
class Kept:
    """One partner's plan of one quarter as remembered. ``starts_on``: the day from which its goals are measured."""

    partner: str
    period: str
    starts_on: date
    drafted_at: datetime
    refreshed_at: datetime
    drafted: Planned
    planned: Planned
    """What was drafted with what people wrote, as last seen in that quarter."""
    figures: Mapping[str, Figure]


def period_of(day: date, fiscal_year_starts_in: int) -> str:
    """Our fiscal year and quarter of that day, such as 2026-Q3. A fiscal year is named by the year in which it begins."""
    months = (day.month - fiscal_year_starts_in) % 12
    year = day.year if day.month >= fiscal_year_starts_in else day.year - 1
    return f"{year}-Q{months // 3 + 1}"


def kept(con: duckdb.DuckDBPyConnection, partner: str) -> tuple[Kept, ...]:
    """Every quarter remembered of that partner, the oldest first. ``con``: any from which ``state`` can be read."""
    rows = con.execute(
        """
        SELECT partner, period, starts_on, drafted_at, refreshed_at, goals, moves, figures
        FROM state.account_plans
        WHERE partner = ?
        ORDER BY period
        """,
        [partner],
    ).fetchall()
    return tuple(_kept(*row) for row in rows)


def current(remembered: Sequence[Kept], period: str, as_of: date) -> Kept | None:
    """The plan of that quarter, where it had begun by that day: a replay of an earlier day knows nothing of it."""
    return next((one for one in remembered if one.period == period and one.starts_on <= as_of), None)


def keep(con: duckdb.DuckDBPyConnection, plan: Plan, at: datetime) -> bool:
    """Remember the plan: what was drafted stays as first kept, the rest is as of ``at``, the aware moment of the run that read
    the figures. Nothing changes where a later moment of the partner is known: that is a replay. Tells whether it was remembered.
    ``con``: with ``state`` attached."""
    (later,) = con.execute(
        "SELECT count(*) FROM state.account_plans WHERE partner = ? AND refreshed_at > ?", [plan.partner, at]
    ).fetchone() or (0,)
    if later:
        return False
    before = next((one for one in kept(con, plan.partner) if one.period == plan.period), None)
    drafted = before.drafted if before else plan.actions.drafted
    con.execute(
        """
        INSERT INTO state.account_plans (partner, period, starts_on, drafted_at, refreshed_at, goals, moves, figures)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (partner, period) DO UPDATE SET
            refreshed_at = excluded.refreshed_at, goals = excluded.goals, moves = excluded.moves, figures = excluded.figures
        """,
        [plan.partner, plan.period, plan.starts_on, at, at, *_stored(drafted, plan.actions.planned, plan.used)],
    )
    return True


def _stored(drafted: Planned, planned: Planned, figures: Mapping[str, Figure]) -> tuple[str, str, str]:
    return (
        _GOALS.dump_json({"drafted": drafted.goals, "planned": planned.goals}).decode(),
        _MOVES.dump_json({"drafted": drafted.moves, "planned": planned.moves}).decode(),
        _FIGURES.dump_json(dict(sorted(figures.items()))).decode(),
    )


def _kept(
    partner: str, period: str, starts_on: date, drafted_at: datetime, refreshed_at: datetime, goals: str, moves: str, figures: str
) -> Kept:
    all_goals, all_moves = _GOALS.validate_json(goals), _MOVES.validate_json(moves)
    drafted = Planned(all_goals["drafted"], all_moves["drafted"])
    planned = Planned(all_goals["planned"], all_moves["planned"])
    return Kept(partner, period, starts_on, drafted_at, refreshed_at, drafted, planned, _FIGURES.validate_json(figures))
