"""What must hold in every world, whatever it is: properties of the marts over random worlds.

``tests/scenarios/random_worlds.py`` makes them. The same examples come in every run (derandomized); a handful in
``make test``, many in ``make test-full``.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.transform.remember import remember
from tests.scenarios.prepared import PreparedProject, prepared_project
from tests.scenarios.random_worlds import worlds
from tests.scenarios.run import run_day
from tests.scenarios.scenario import TODAY, Day, Given, moment

OVERLAPS = "(a.scope = b.scope OR '*' IN (a.scope, b.scope))"
LIVE = "('pending', 'approved', 'extended')"

# Each finds the rows that break the promise.
BROKEN = {
    "a company is in exactly one cell per partner": """
        SELECT partner, company_id, count(*) FROM marts.account_map GROUP BY ALL HAVING count(*) > 1
        UNION ALL
        SELECT partner, 'all', sum(companies) FROM marts.account_map_summary AS summary GROUP BY partner
        HAVING sum(companies) <> (
            SELECT count(DISTINCT company_id) FROM marts.party_companies WHERE party IN ('us', summary.partner))
    """,
    "every row of a partner's list is on the map": """
        SELECT records.party, links.company_id FROM intermediate.records AS records
        JOIN match.links AS links USING (record_id) JOIN config.parties AS parties USING (party)
        WHERE party <> 'us' AND stage <> 'ended' AND object = 'list' AND verdict = 'auto'
        EXCEPT SELECT partner, company_id FROM marts.account_map
    """,
    "nothing is both whitespace and no-approach for one partner and scope": f"""
        FROM marts.whitespace AS a JOIN marts.no_approach AS b USING (partner, company_id) WHERE {OVERLAPS}
    """,
    "exclusive whitespace goes to one partner": """
        SELECT company_id FROM marts.whitespace WHERE exclusive GROUP BY company_id HAVING count(DISTINCT partner) > 1
    """,
    "whole-company whitespace is no customer and no open deal of ours": """
        FROM marts.whitespace AS a JOIN marts.party_companies AS ours ON ours.party = 'us' AND ours.company_id = a.company_id
        WHERE a.scope = '*' AND ours.status IN ('customer', 'open_opportunity')
    """,
    "whitespace is on the partner's list, or a target of ours in its territory": """
        SELECT partner, company_id FROM marts.whitespace
        EXCEPT SELECT partner, company_id FROM marts.account_map
        EXCEPT SELECT partner, company_id FROM marts.approach_pairs WHERE is_target_in_territory
    """,
    "what is over blocks no one": """
        SELECT partner, company_id, rule, valid_until FROM marts.no_approach
        WHERE valid_until < (SELECT as_of_date FROM config.run)
        UNION ALL
        SELECT partner, company_id, status, protected_until FROM marts.registrations
        WHERE status IN ('pending', 'approved', 'extended') AND protected_until < (SELECT as_of_date FROM config.run)
    """,
    "only another's live registration bars by it": f"""
        FROM marts.no_approach AS a WHERE rule = 'registered_by_other' AND NOT EXISTS (
            FROM marts.registrations AS b WHERE b.company_id = coalesce(a.via_company_id, a.company_id)
            AND b.partner <> a.partner AND b.status IN {LIVE} AND {OVERLAPS})
    """,
    "of overlapping claims on a company one partner's live": f"""
        FROM marts.registrations AS a JOIN marts.registrations AS b USING (company_id)
        WHERE a.partner < b.partner AND a.status IN {LIVE} AND b.status IN {LIVE} AND {OVERLAPS}
        AND NOT EXISTS (FROM marts.partner_of_record_companies AS served
            WHERE served.company_id = a.company_id AND served.partner IN (a.partner, b.partner))
    """,
    "restricted beats every allow": """
        SELECT parties.party, companies.company_id FROM match.companies AS companies
        JOIN config.restricted AS restricted USING (corporate_number) JOIN config.parties AS parties ON parties.party <> 'us'
        WHERE parties.stage = 'active'
        EXCEPT SELECT partner, company_id FROM marts.no_approach WHERE rule = 'restricted' AND scope = '*'
    """,
    "a block beats an allow": """
        SELECT parties.party, links.company_id FROM intermediate.overrides AS overrides
        JOIN match.links AS links ON links.record_id = overrides.record_id AND links.verdict = 'auto'
        JOIN config.parties AS parties ON parties.party <> 'us' AND coalesce(overrides.partner, parties.party) = parties.party
        WHERE overrides.is_valid AND overrides.override = 'block' AND parties.stage = 'active'
        EXCEPT SELECT partner, company_id FROM marts.no_approach WHERE rule = 'blocked'
    """,
    "a partner without a contract neither holds nor receives": """
        SELECT partner, company_id FROM (
            SELECT partner, company_id FROM marts.whitespace UNION ALL SELECT partner, company_id FROM marts.no_approach
            UNION ALL SELECT partner, company_id FROM marts.assignments
            UNION ALL SELECT partner, company_id FROM marts.registrations WHERE status NOT IN ('rejected', 'expired')
        ) JOIN config.parties AS parties ON parties.party = partner WHERE parties.stage <> 'active'
    """,
    "an ended partner is nowhere": """
        SELECT partner FROM (
            SELECT partner FROM marts.account_map UNION ALL SELECT partner FROM marts.greenfield
            UNION ALL SELECT partner FROM marts.introduction_proposals UNION ALL SELECT partner FROM marts.partner_fit
        ) JOIN config.parties AS parties ON parties.party = partner WHERE parties.stage = 'ended'
    """,
    "a cap is never exceeded": """
        SELECT partner FROM marts.whitespace JOIN config.parties AS parties ON parties.party = partner
        GROUP BY partner, whitespace_cap HAVING count(DISTINCT company_id) > whitespace_cap
    """,
    "what the cap trims is offered to no other exclusive partner": """
        FROM marts.whitespace_verdicts AS a JOIN config.parties AS parties ON parties.party = a.partner AND parties.exclusive
        JOIN marts.whitespace AS b USING (company_id) WHERE a.verdict = 'beyond_cap' AND b.exclusive AND b.partner <> a.partner
    """,
    "the partner of record does not collide with us, nor by working there": """
        FROM marts.collisions AS a JOIN marts.partner_of_record_companies AS served USING (company_id)
        WHERE a.kind IN ('partner_and_own_sales', 'working_no_approach')
        AND list_contains(string_split(a.parties, ','), served.partner)
    """,
    "a company that nobody registered and nobody is offered has no collision": """
        SELECT company_id FROM marts.collisions
        EXCEPT SELECT company_id FROM marts.registrations EXCEPT SELECT company_id FROM marts.whitespace
    """,
    "every account of ours says one thing": """
        SELECT connection, native_id FROM marts.crm_account_state GROUP BY ALL HAVING count(*) > 1
        UNION ALL
        SELECT connection, native_id FROM intermediate.records WHERE party = 'us' AND object IN ('Account', 'companies')
        EXCEPT SELECT connection, native_id FROM marts.crm_account_state
    """,
    "an account is no-approach when every active partner is barred from the whole company, and only then": """
        SELECT company_id, partner_approach, barred FROM (
            SELECT states.company_id, states.partner_approach, count(DISTINCT members.partner) AS barred
            FROM marts.crm_account_state AS states
            LEFT JOIN marts.company_bars AS bars ON bars.company_id = states.company_id AND bars.scope = '*'
            LEFT JOIN marts.audiences AS members
                ON members.audience = bars.audience AND NOT list_contains(bars.spared, members.partner)
            GROUP BY ALL)
        WHERE (partner_approach = 'no_approach')
            <> (barred = (SELECT count(*) FROM config.parties WHERE party <> 'us' AND stage = 'active'))
    """,
}

# What a run says of each company, without ranks, ages and texts.
TOLD = """
    SELECT company_id, 'status' AS kind, concat_ws('|', party, status, statuses) AS said FROM marts.party_companies
    UNION SELECT company_id, 'cell', concat_ws('|', partner, our_status, partner_status) FROM marts.account_map
    UNION SELECT company_id, 'no_approach', concat_ws('|', partner, scope, rule, valid_until) FROM marts.no_approach
    UNION SELECT company_id, 'whitespace', concat_ws('|', partner, scope) FROM marts.whitespace
    UNION SELECT company_id, 'registration', concat_ws('|', claim_id, status, reason_key) FROM marts.registrations
    UNION SELECT company_id, 'assignment', concat_ws('|', partner, held_until) FROM marts.assignments
    UNION SELECT company_id, 'collision', concat_ws('|', collision_id, parties) FROM marts.collisions
    UNION SELECT company_id, 'flag', concat_ws('|', native_id, partner_approach, assigned_partner) FROM marts.crm_account_state
"""
# Every last day that a run names.
LAST_DAYS = """
    SELECT links.company_id, until AS last_day FROM intermediate.record_statuses JOIN match.links AS links USING (record_id)
    UNION SELECT company_id, valid_until FROM marts.company_bars
    UNION SELECT company_id, protected_until FROM marts.registrations
    UNION SELECT company_id, held_until FROM marts.assignments
    UNION SELECT company_id, until FROM marts.company_overrides
"""

Check = Callable[..., None]


def examples(check: Check, few: int, many: int, **drawn: st.SearchStrategy[Any]) -> pytest.MarkDecorator:
    """The check over a few examples, and over many for the long campaign."""
    stable = settings(deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    marks = [pytest.mark.full, pytest.mark.timeout(3600)]
    return pytest.mark.parametrize(
        "check",
        [
            pytest.param(settings(stable, max_examples=few)(given(**drawn)(check)), id="sample"),
            pytest.param(settings(stable, max_examples=many)(given(**drawn)(check)), id="campaign", marks=marks),
        ],
    )


def build(world: Given, day: date = TODAY, *, keep_state: bool = False) -> PreparedProject:
    """One run over the world, all marts."""
    project = prepared_project()
    project.empty(keep_state=keep_state)
    run_day(project, Day(moment(day), world, {}, is_first=not keep_state), set(project.models))
    return project


def promises(world: Given) -> None:
    con = build(world).con
    broken = {promise: con.execute(query).fetchall() for promise, query in BROKEN.items()}
    assert {promise: rows[:3] for promise, rows in broken.items() if rows} == {}


def order(world: Given, seed: int) -> None:
    def marts() -> dict[str, list[tuple[Any, ...]]]:
        project = prepared_project()
        names = [model.name for model in project.models.values() if model.schema == "marts"]
        return {name: project.con.execute(f"FROM marts.{name} ORDER BY ALL").fetchall() for name in names}

    build(world)
    before = marts()
    build(shuffled(world, Random(seed)))
    after = marts()
    assert [name for name in before if before[name] != after[name]] == []


def time_alone(world: Given) -> None:
    con = build(world).con
    before = set(con.execute(TOLD).fetchall())
    last_days = [(company, day) for company, day in con.execute(LAST_DAYS).fetchall() if day and day >= TODAY]
    remember(con)
    if not last_days:
        return
    last = min(day for _, day in last_days)
    named = {company for company, day in last_days if day == last}
    for day, may_change in ((last, set()), (last + timedelta(days=1), named)):
        if day > TODAY:
            now = set(build(world, day, keep_state=True).con.execute(TOLD).fetchall())
            assert {fact for fact in before ^ now if fact[0] not in neighbours(may_change)} == set()


def neighbours(companies: set[str]) -> set[str]:
    """These companies, those of their groups (a bar may reach them), and those that any of them may be the same as."""
    con = prepared_project().con
    reached = set(companies)
    for pairs in (
        "SELECT a.company_id, b.company_id FROM marts.company_groups AS a JOIN marts.company_groups AS b USING (group_id)",
        "SELECT company_id, other_company_id FROM marts.review_neighbours",
    ):
        reached |= {other for company, other in con.execute(pairs).fetchall() if company in reached}
    return reached


def shuffled(world: Given, random: Random) -> Given:
    """The same facts, every one given in another place."""

    def mixed(value: dict[str, Any]) -> dict[str, Any]:
        keys = list(value)
        random.shuffle(keys)
        return {key: value[key] for key in keys}

    told = {
        name: mixed(value) if isinstance(value, dict) and name != "settings" else value
        for name, value in world.model_dump().items()
    }
    for name in ("lists", "registrations"):
        told[name] = {partner: mixed(rows) for partner, rows in told[name].items()}
    return Given.model_validate(told)


@examples(promises, few=10, many=150, world=worlds())
def test_every_promise_holds_in_every_world(check: Check) -> None:
    check()


@examples(order, few=4, many=60, world=worlds(), seed=st.integers(0, 2**32))
def test_the_same_input_in_another_order_gives_the_same_output(check: Check) -> None:
    check()


@examples(time_alone, few=4, many=60, world=worlds(capped=False))
def test_time_alone_changes_only_what_a_date_named(check: Check) -> None:
    """Up to the first last day that a run names nothing changes; on the day after it only the companies so named do."""
    check()
