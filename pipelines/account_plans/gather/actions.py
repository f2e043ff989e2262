"""Page 5 of a plan: goals, steps and requests, drafted once a quarter, with what people wrote, measured as of the run.

Belongs here: putting them together. Does not: what is proposed (``drafts/``), what is a person's (``written/merge.py``), or
remembering it (``history/keep.py``).
"""

from __future__ import annotations

from datetime import date

import duckdb

from pipelines.account_plans.drafts.goals import Ground, goals_of
from pipelines.account_plans.drafts.moves import moves_of
from pipelines.account_plans.drafts.pen import Pen
from pipelines.account_plans.drafts.requests import Occasion, requests_of
from pipelines.account_plans.drafts.telling import Teller
from pipelines.account_plans.gather.ground import ground_of, leads_of
from pipelines.account_plans.gather.measures import counted
from pipelines.account_plans.history.keep import Kept
from pipelines.account_plans.industries import industry_names
from pipelines.account_plans.plan import Actions, Potential, Relations
from pipelines.account_plans.planned import Planned
from pipelines.account_plans.written.merge import merged
from pipelines.account_plans.written.models import Written

_INDUSTRY_OF_TARGETS = """
SELECT coalesce(names.name, traits.industry) AS industry
FROM marts.account_map AS account_map
INNER JOIN marts.company_traits AS traits ON traits.company_id = account_map.company_id
LEFT JOIN (SELECT unnest($written) AS written, unnest($names) AS name) AS names ON names.written = lower(traits.industry)
WHERE account_map.partner = $partner AND account_map.cell = 9 AND lower(traits.industry) NOT IN ('other', 'その他')
GROUP BY ALL
ORDER BY count(*) DESC, industry
LIMIT 1
"""


def actions_of(
    con: duckdb.DuckDBPyConnection,
    partner: str,
    potential: Potential,
    relations: Relations,
    written: Written,
    kept: Kept | None,
    period: str,
    starts_on: date,
    as_of: date,
    language: str,
    currency: str,
) -> Actions:
    """``kept``: what is remembered of this quarter, None as it begins; ``period``: the quarter (``history.keep.period_of``);
    ``starts_on``: the first day of ``kept``, else the day of this run. What ``keep`` remembers is in the answer."""
    ground = ground_of(con, partner, potential, starts_on)
    drafted = kept.drafted if kept else _drafted(con, partner, ground, relations, period, starts_on)
    planned = merged(drafted, written, period, starts_on)
    pen = Pen(language, currency, written.texts)
    teller = Teller(Pen(language, currency), partner, as_of)
    industry = _industry_of_targets(con, partner, language)
    occasion = Occasion(ground.stage, ground.state, industry, potential, relations, as_of)
    return Actions(
        tuple(teller.goal(goal, starts_on, counted(con, partner, goal, starts_on)) for goal in planned.goals),
        teller.moves(planned.moves),
        requests_of(occasion, pen),
        drafted,
        planned,
    )


def _drafted(
    con: duckdb.DuckDBPyConnection, partner: str, ground: Ground, relations: Relations, period: str, starts_on: date
) -> Planned:
    goals = goals_of(ground, period, starts_on)
    return Planned(goals, moves_of(goals, leads_of(con, partner, ground.best, relations)))


def _industry_of_targets(con: duckdb.DuckDBPyConnection, partner: str, language: str) -> str | None:
    """That of most companies that both sides target, by its name; None where no such company has one."""
    names = industry_names(language)
    values = {"partner": partner, "written": list(names), "names": list(names.values())}
    row = con.execute(_INDUSTRY_OF_TARGETS, values).fetchone()
    return row[0] if row else None
