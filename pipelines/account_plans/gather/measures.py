"""What goals are measured by: counts of ``marts.plan_events``, each between two days.

Belongs here: the query. Does not: which days and measures (``gather/actions.py``, ``history/compare.py``).
"""

from __future__ import annotations

from datetime import date, timedelta

import duckdb

from pipelines.account_plans.drafts.telling import Counted
from pipelines.account_plans.planned import PlannedGoal

_COUNT = """
SELECT count(*), coalesce(sum(amount), 0)
FROM marts.plan_events
WHERE partner = ? AND measure = ? AND happened_on BETWEEN ? AND ?
"""


def counted(con: duckdb.DuckDBPyConnection, partner: str, goal: PlannedGoal, starts_on: date) -> Counted:
    """From ``starts_on`` to the goal's day (both count), and over as many days before ``starts_on``."""
    days = goal.due_on - starts_on + timedelta(days=1)
    before = happened(con, partner, goal.measure, starts_on - days, starts_on - timedelta(days=1))
    return Counted(happened(con, partner, goal.measure, starts_on, goal.due_on), before)


def happened(con: duckdb.DuckDBPyConnection, partner: str, measure: str, first: date, last: date) -> float:
    """How often from ``first`` to ``last`` (both count); of ``won_amount``, the money won, in our currency."""
    of_money = measure == "won_amount"
    row = con.execute(_COUNT, [partner, "won_deals" if of_money else measure, first, last]).fetchone()
    count, amount = row or (0, 0.0)
    return float(amount if of_money else count)
