"""Fit of partners: its parts, the states at their boundaries, and what is proposed for ghosts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.dbt.harness import DbtProject, TestWarehouse
from tests.dbt.marts_world import TODAY, World


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.fixture(scope="module")
def fits(dbt_project: DbtProject) -> Iterator[World]:
    warehouse = TestWarehouse(dbt_project)
    world = World(warehouse)
    for n in range(20):
        world.record("us", world.company(f"target {n:02}", prefecture=None), "target")
    for n in range(4):
        world.record("us", world.company(f"customer {n}", prefecture="東京都" if n else "大阪府"), "customer")
    states(world)
    first_list(world)
    ghosts(world)
    world.build("partner_fit", "partner_proposals")
    yield world
    warehouse.close()


def mapped(world: World, partner: str, company: str, on: date) -> None:
    """A company that has been on the partner's map since that day."""
    noon = datetime(on.year, on.month, on.day, 3, tzinfo=UTC)
    world.insert("state.first_seen", kind="account_map", key=f"{partner}|{company}", first_seen_at=noon)


STATES = {60: "active", 61: "cooling", 120: "cooling", 121: "ghost"}


def states(world: World) -> None:
    for days in STATES:
        world.partner(f"silent {days}")
        record = world.record(f"silent {days}", "target 00", "target")
        world.activity(record, f"silent {days}", ago(days))
        world.activity(record, f"silent {days}", TODAY + timedelta(days=1))
        mapped(world, f"silent {days}", "target 00", ago(400))
        world.partner(f"listed {days}")
        world.record(f"listed {days}", "target 00", "target")
        mapped(world, f"listed {days}", "target 00", ago(days))
    world.partner("never heard of")
    own_acts(world)


def own_acts(world: World) -> None:
    for partner in ("claimant", "introducer", "introduced", "mover", "re-read"):
        world.partner(partner)
        mapped(world, partner, "target 00", ago(400))
        world.record(partner, "target 00", "target")
    world.claim("claimant", "target 01", received=datetime(2026, 11, 10, 20, tzinfo=UTC))
    introduction(world, "introducer", "to_us", "met", requested_on=ago(1), accepted_on=ago(9), met_on=None)
    introduction(world, "introduced", "to_partner", "accepted", requested_on=ago(300), accepted_on=ago(3))
    for partner, version, day in (("mover", "a-1", 300), ("mover", "b-1", 5), ("re-read", "a-1", 300), ("re-read", "a-2", 5)):
        listing = {"partner": partner, "list": "accounts", "version": version, "file": "f", "content": "accounts", "kind": "full"}
        read = datetime(2026, 11, 20, tzinfo=UTC) - timedelta(days=day)
        world.insert("raw.partner_lists", **listing, accepted=True, row_count=1, rejected_count=0, _synced_at=read)


def introduction(world: World, partner: str, direction: str, status: str, **days: Any) -> None:
    record = world.record(partner, "target 02", None, object="introduction")
    key = {"introduction_id": record, "record_id": record, "partner": partner}
    world.insert("intermediate.introduction_claims", **key, direction=direction, status=status, origin="file", **days)


def first_list(world: World) -> None:
    """Two of our 20 targets are its customers (2 give full points); it knows one company like our customers, one unlike."""
    world.partner("newcomer", stage="prospective")
    for company in ("target 00", "target 01"):
        world.record("newcomer", company, "customer")
    world.record("newcomer", world.company("new in Tokyo"), "target")
    world.record("newcomer", world.company("new elsewhere", prefecture="北海道"), "target")
    world.partner("proven")
    world.record("proven", "customer 1", "customer")
    for at, status in enumerate(("met", "won", "declined", "requested")):
        introduction(world, "proven", "to_us", status, requested_on=ago(20 + at))
    account = world.record("us", "target 03", "target")
    for state, close in (("won", ago(5)), ("won", date(2024, 11, 21)), ("won", date(2024, 11, 20)), ("lost", ago(5))):
        world.deal(account, state=state, partner="proven", close=close)
    world.partner("former", stage="ended")


def ghosts(world: World) -> None:
    for partner, companies in (("big ghost", 12), ("small ghost", 9)):
        world.partner(partner)
        for n in range(companies):
            world.record(partner, f"target {n:02}", "customer")
            mapped(world, partner, f"target {n:02}", ago(300))
        for n in range(companies, 15):
            world.record(partner, f"target {n:02}", "target")
    deal = world.record("us", "target 05", "open_opportunity")
    world.insert("intermediate.opportunities", opportunity_id="open", record_id=deal, party="us",
                 is_open=True, is_won=False, amount=9e6, expected_amount=9e6, created_on=ago(9))  # fmt: skip
    world.deal(world.record("us", "target 06", "target"), partner="big ghost")


def state_of(world: World, partner: str) -> tuple[Any, ...]:
    (row,) = world.rows("partner_fit", "state, last_activity_on, last_activity_key", f"partner = '{partner}'")
    return row


@pytest.mark.parametrize(("days", "state"), STATES.items())
def test_the_last_day_of_each_state_belongs_to_it(fits: World, days: int, state: str) -> None:
    assert state_of(fits, f"silent {days}") == (state, ago(days), "insight.act.activity")
    assert state_of(fits, f"listed {days}") == (state, None, None), "without any activity the age of its list counts"


@pytest.mark.parametrize(
    ("partner", "expected"),
    [
        ("claimant", ("active", date(2026, 11, 11), "insight.act.registration")),
        ("introducer", ("active", ago(9), "insight.act.introduction")),
        ("introduced", ("ghost", ago(300), "insight.act.introduction")),
        ("mover", ("active", ago(5), "insight.act.list")),
        ("re-read", ("ghost", None, None)),
        ("never heard of", ("ghost", None, None)),
    ],
)
def test_only_what_the_partner_did_itself_is_its_activity(fits: World, partner: str, expected: tuple[Any, ...]) -> None:
    assert state_of(fits, partner) == expected


def parts(world: World, partner: str) -> dict[str, tuple[Any, ...]]:
    columns = "part, points, max_points, is_known, reached, full_at"
    return {row[0]: row[1:] for row in world.rows("partner_fit_parts", columns, f"partner = '{partner}'")}


def test_a_first_list_is_enough_for_a_fit_and_what_is_not_known_leaves_the_denominator(fits: World) -> None:
    found = parts(fits, "newcomer")
    assert found["coverage"] == (30.0, 30.0, True, 2, 2)
    assert found["reach"] == (10.0, 10.0, True, 1, 1)
    assert found["activity"] == (15.0, 15.0, True, 0, 60)
    assert [found[part][2] for part in ("introductions", "deals")] == [False, False]
    ((stage, points, known, most),) = fits.rows("partner_fit", "stage, points, known_points, max_points", "partner = 'newcomer'")
    assert (stage, known, most) == ("prospective", 75.0, 100.0)
    assert points == sum(row[0] for row in found.values())


def test_outcomes_count_once_there_are_any(fits: World) -> None:
    found = parts(fits, "proven")
    assert found["introductions"] == (6.7, 10.0, True, 2, 3), "met and won of the three that were answered"
    assert found["deals"] == (3.0, 15.0, True, 2, 10), "two of them were won within 24 months"


def test_fit_is_the_visible_sum_of_its_parts(fits: World) -> None:
    wrong = """
        SELECT partner FROM marts.partner_fit AS fit
        INNER JOIN (SELECT partner, sum(points) AS points, sum(max_points) FILTER (is_known) AS known
                    FROM marts.partner_fit_parts GROUP BY partner) AS parts USING (partner)
        WHERE abs(fit.points - parts.points) > 1e-9 OR fit.known_points <> coalesce(parts.known, 0)
           OR abs(fit.fit - coalesce(100 * parts.points / parts.known, 0)) > 0.051 OR fit.fit NOT BETWEEN 0 AND 100"""
    assert fits.warehouse.rows(wrong) == []


def test_a_part_tells_its_numbers_and_a_cooling_partner_keeps_part_of_its_points(fits: World) -> None:
    ((detail,),) = fits.rows("partner_fit_parts", "detail", "partner = 'newcomer' AND part = 'coverage'")
    assert "2 社（2 社以上で満点）" in detail
    points = [parts(fits, f"silent {days}")["activity"][0] for days in STATES]
    assert points[0] == 15
    assert 15 > points[1] > points[2] > 0
    assert points[3] == 0


def test_an_ended_partner_has_no_fit_and_one_that_gave_nothing_has_none_known(fits: World) -> None:
    assert fits.rows("partner_fit", "partner", "partner = 'former'") == []
    assert fits.rows("partner_fit", "fit, known_points", "partner = 'never heard of'") == [(0.0, 0.0)]


def test_a_ghost_with_much_unused_overlap_is_to_be_revived_from_the_most_valuable_company_on(fits: World) -> None:
    rows = fits.rows("partner_proposals", "rank, proposal, unused_companies, cells, company_id, cell", "partner = 'big ghost'")
    assert {row[1:4] for row in rows} == {("revive", 14, "2 (1), 3 (10), 9 (3)")}, "what is served through it is not unused"
    assert rows[0][4:] == ("target 05", 2)
    assert [row[0] for row in rows] == list(range(1, 15))


def test_a_ghost_with_little_is_to_be_closed_and_one_without_a_list_asked_for_it(fits: World) -> None:
    columns = "proposal, reason_key, rank, company_id"
    assert fits.rows("partner_proposals", columns, "partner = 'small ghost'") == [("close", "insight.proposal.close", 1, None)]
    assert fits.rows("partner_proposals", columns, "partner = 'never heard of'") == [("none", "insight.proposal.none", 1, None)]
    assert fits.rows("partner_proposals", "DISTINCT partner", "partner LIKE 'silent 60'") == []
