"""What goals and steps are drafted from: where introductions promise most, what happened lately, which companies to work on.

Belongs here: short queries on the marts. Does not: what is proposed (``drafts/goals.py``, ``drafts/moves.py``).
"""

from __future__ import annotations

from datetime import date, timedelta

import duckdb

from pipelines.account_plans.drafts.goals import Ground, IntroductionCell, due_on
from pipelines.account_plans.drafts.moves import Contact, Lead, Leads
from pipelines.account_plans.gather.measures import happened
from pipelines.account_plans.plan import Potential, Relations

OPEN_DEAL_CELLS, TARGET_CELLS = (2, 5, 7), (3, 8)
"""Cells where we have an open deal; where the company is a target of ours and the partner deals with it."""
DRAFTED_MEASURES = ("introductions_requested", "introductions_met", "open_deals", "won_deals", "meetings")
_STANDING = """
SELECT parties.stage, activity.state, EXISTS (SELECT 1 FROM marts.account_map WHERE account_map.partner = parties.party)
FROM config.parties AS parties
LEFT JOIN marts.partner_activity AS activity ON activity.partner = parties.party
WHERE parties.party = ?
"""
_BEST_CELL = """
SELECT direction, our_status, partner_status, count(*) AS companies
FROM marts.introduction_proposals
WHERE partner = ?
GROUP BY direction, our_status, partner_status, cell
ORDER BY direction = 'to_us' DESC, sum(expected_value * chance) DESC NULLS LAST, cell
LIMIT 1
"""
_PROPOSALS = """
SELECT proposals.company_id, proposals.company_name, proposals.reason_key, proposals.owner_name, account_map.owner_role
FROM marts.introduction_proposals AS proposals
INNER JOIN marts.account_map ON account_map.partner = proposals.partner AND account_map.company_id = proposals.company_id
WHERE proposals.partner = ? AND direction = ? AND proposals.our_status = ? AND proposals.partner_status = ?
ORDER BY proposals.rank
LIMIT 20
"""
_WAITING = """
SELECT company_id, company_name, NULL, owner_name, 'partner_manager'
FROM marts.introductions
WHERE partner = ? AND is_open AND met_on IS NULL AND status IN ('requested', 'accepted')
ORDER BY requested_on, introduction_id
"""
_BEST = """
SELECT company_id, company_name, play_key, our_owner, owner_role, cell
FROM marts.plan_best_companies
WHERE partner = ? AND play_key IS NOT NULL
ORDER BY rank, cell, cell_rank
"""


def ground_of(con: duckdb.DuckDBPyConnection, partner: str, potential: Potential, starts_on: date) -> Ground:
    """``partner``: one of the settings; ``starts_on``: the plan's first day, from which goals are counted."""
    stage, state, has_list = con.execute(_STANDING, [partner]).fetchone() or ("prospective", None, False)
    best = con.execute(_BEST_CELL, [partner]).fetchone()
    before = {
        (measure, month): int(happened(con, partner, measure, *_days_before(starts_on, month)))
        for measure in DRAFTED_MEASURES
        for month in (1, 2, 3)
    }
    return Ground(
        stage,
        state or "active",
        has_list,
        IntroductionCell(*best) if best else None,
        len(_leads(con, _WAITING, partner)),
        _sells(con, partner, starts_on),
        _deals_a_year(potential, OPEN_DEAL_CELLS),
        _deals_a_year(potential, TARGET_CELLS),
        before,
    )


def leads_of(con: duckdb.DuckDBPyConnection, partner: str, best: IntroductionCell | None, relations: Relations) -> Leads:
    """The companies for steps, and whom to talk to. ``best``: the cell whose introductions the goals speak of."""
    companies = con.execute(_BEST, [partner]).fetchall()
    asked = [best.direction, best.our_status, best.partner_status] if best else []
    return Leads(
        _leads(con, _PROPOSALS, partner, *asked) if best else [],
        _leads(con, _WAITING, partner),
        [Lead(*row[:-1]) for row in companies if row[-1] in OPEN_DEAL_CELLS],
        [Lead(*row[:-1]) for row in companies if row[-1] in TARGET_CELLS],
        [Lead(*row[:-1]) for row in companies],
        contact_of(relations),
    )


def contact_of(relations: Relations) -> Contact | None:
    """Whom of theirs we know best, and who of us does."""
    names = {person.id: person.name for person in (*relations.theirs, *relations.ours)}
    closeness = ("strong", "fair", "weak")
    known = [one for one in relations.acquaintances if one.strength in closeness and {one.our_id, one.their_id} <= names.keys()]
    if not known:
        return None
    best = min(
        known,
        key=lambda one: (
            closeness.index(one.strength),
            -(one.meetings.value or 0),
            -(one.last_on.toordinal() if one.last_on else 0),
            one.their_id,
            one.our_id,
        ),
    )
    return Contact(names[best.their_id], names[best.our_id])


def _days_before(starts_on: date, month: int) -> tuple[date, date]:
    days = due_on(starts_on, month) - starts_on + timedelta(days=1)
    return starts_on - days, starts_on - timedelta(days=1)


def _sells(con: duckdb.DuckDBPyConnection, partner: str, starts_on: date) -> bool:
    year = (starts_on - timedelta(days=365), starts_on)
    return any(happened(con, partner, measure, *year) for measure in ("open_deals", "won_deals"))


def _deals_a_year(potential: Potential, cells: tuple[int, ...]) -> float | None:
    """None where no cell has companies and a rate."""
    known = [cell.expected_deals.value for cell in potential.cells if cell.cell in cells and cell.expected_deals.value]
    return sum(known) if known else None


def _leads(con: duckdb.DuckDBPyConnection, query: str, partner: str, *values: str) -> list[Lead]:
    return [Lead(*row) for row in con.execute(query, [partner, *values]).fetchall()]
