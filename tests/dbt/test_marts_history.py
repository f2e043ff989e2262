"""What a run changed on the map, the map's history, what the state remembers of it, and what is worth an alert."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pipelines.transform.remember import MANY, RefusedToRemember, remember
from tests.dbt.history_world import HistoryWorld, day


@pytest.fixture
def world() -> HistoryWorld:
    world = HistoryWorld()
    world.party("musashi")
    return world


def changed(world: HistoryWorld, number: int) -> set[tuple[Any, ...]]:
    """(change, before, after) of the pair of musashi and company a on that day."""
    return {(row[0], row[3], row[4]) for row in world.run(day(number)) if row[1] == "musashi"}


def test_the_first_run_changes_nothing_and_is_remembered(world: HistoryWorld) -> None:
    world.company("a", "target", musashi="customer")
    assert world.run(day(1)) == []
    assert world.history() == [("musashi", "a", "target/customer", 1, None), ("us", "a", "target/absent", 1, None)]


def test_a_pair_comes_moves_and_goes(world: HistoryWorld) -> None:
    world.company("a", "target")
    world.run(day(1))
    world.empty()
    world.company("a", "target", musashi="customer")
    assert changed(world, 2) == {("new_overlap", None, "target/customer")}
    world.empty()
    world.company("a", "open_opportunity", musashi="customer")
    assert changed(world, 3) == {("cell_moved", "target/customer", "open_opportunity/customer")}
    world.empty()
    world.company("a", "open_opportunity")
    assert changed(world, 4) == {("overlap_ended", "open_opportunity/customer", None)}
    assert [row[2:] for row in world.history() if row[0] == "musashi"] == [
        ("open_opportunity/customer", 3, 4),
        ("target/customer", 2, 3),
    ]


def test_a_pair_that_is_known_only_on_one_side_does_not_overlap(world: HistoryWorld) -> None:
    world.company("a", "known", musashi="customer")
    world.run(day(1))
    world.empty()
    world.company("a", None, musashi="customer")
    assert changed(world, 2) == set()


def test_a_customer_of_ours_is_won_and_lost(world: HistoryWorld) -> None:
    for number, status in enumerate(("target", "customer", "known"), start=1):
        world.empty()
        world.company("a", status)
        found = world.run(day(number))
        if status == "customer":
            assert found == [("customer_won", "us", "a", "target", "customer")]
    assert found == [("customer_lost", "us", "a", "customer", "known")]


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ((["pending"], ["approved"]), ("claim_approved", "pending", "approved")),
        (([], ["approved"]), ("claim_approved", None, "approved")),
        ((["approved"], ["extended"]), None),
        ((["approved"], ["expired"]), ("claim_lapsed", "approved", "expired")),
        ((["pending"], ["won"]), ("claim_won", "pending", "won")),
        ((["pending"], ["rejected"]), None),
        ((["approved", "rejected"], ["won", "rejected"]), ("claim_won", "approved", "won")),
        ((["won", "pending"], ["won", "expired"]), ("claim_lapsed", "pending", "expired")),
    ],
)
def test_a_claim_is_approved_lapses_and_is_won(world: HistoryWorld, statuses: Any, expected: Any) -> None:
    for number, held in enumerate(statuses, start=1):
        world.empty()
        world.company("a", "target")
        for at, status in enumerate(held):
            world.put(
                "registrations", claim_id=f"c{at}", partner="musashi", company_id="a", status=status, received_at=day(1 + at)
            )
        found = changed(world, number)
    assert found == ({expected} if expected else set())


def test_whitespace_and_no_approach_begin_and_end(world: HistoryWorld) -> None:
    world.company("a", "target")
    world.run(day(1))
    world.put("whitespace", partner="musashi", company_id="a", scope="crm")
    world.put("whitespace", partner="musashi", company_id="a", scope="erp")
    assert changed(world, 2) == {("whitespace_new", "false", "true")}
    world.empty()
    world.company("a", "target")
    world.put("no_approach", partner="musashi", company_id="a", scope="*", rule="registered_by_other")
    world.put("no_approach", partner="musashi", company_id="a", scope="*", rule="our_customer")
    assert changed(world, 3) == {("whitespace_gone", "true", "false"), ("no_approach_began", None, "our_customer")}
    world.empty()
    world.company("a", "target")
    world.put("no_approach", partner="musashi", company_id="a", scope="crm", rule="our_customer")
    assert changed(world, 4) == {("no_approach_ended", "our_customer", None)}


def three_days(world: HistoryWorld) -> None:
    for number, theirs in enumerate(("customer", "target", "customer"), start=1):
        world.empty()
        world.company("a", "target", musashi=theirs)
        world.company("b", "customer", musashi="customer")
        world.put(
            "assignments",
            company_id="a",
            partner="musashi",
            assigned_on=date(2026, 11, number),
            held_until=date(2027, 1, 1),
            rule="r",
        )
        world.run(day(number), f"run{number}")


def test_the_same_moment_again_leaves_the_same_history_and_names_the_same_changes(world: HistoryWorld) -> None:
    three_days(world)
    history, ids = world.history(), world.rows("SELECT change_id FROM marts.account_map_changes")
    world.run(day(3), "again")
    assert world.history() == history
    assert world.rows("SELECT change_id FROM marts.account_map_changes") == ids
    assert world.rows("SELECT count(*), arg_max(run_id, as_of) FROM state.map_runs") == [(3, "again")]


def test_the_same_moment_again_with_another_map_undoes_what_it_had_said(world: HistoryWorld) -> None:
    three_days(world)
    world.empty()
    world.company("a", "target", musashi="target")
    world.company("c", "target", musashi="target")
    world.run(day(3))
    assert world.history() == [
        ("musashi", "a", "target/customer", 1, 2),
        ("musashi", "a", "target/target", 2, None),
        ("musashi", "b", "customer/customer", 1, 3),
        ("musashi", "c", "target/target", 3, None),
        ("us", "a", "target/absent", 1, None),
        ("us", "b", "customer/absent", 1, 3),
        ("us", "c", "target/absent", 3, None),
    ]


def test_a_run_whose_memory_was_lost_is_made_good_by_the_next_one(world: HistoryWorld) -> None:
    world.company("a", "target", musashi="customer")
    world.run(day(1))
    world.empty()
    world.company("a", "target", musashi="target")
    world.run(day(2), forget=True)
    assert world.run(day(3)) == [("cell_moved", "musashi", "a", "target/customer", "target/target")]


def test_a_replay_shows_the_past_and_is_not_remembered(world: HistoryWorld) -> None:
    three_days(world)
    before = [world.rows(f"FROM state.{t} ORDER BY ALL") for t in ("map_history", "map_runs", "assignments", "first_seen")]
    world.empty()
    world.company("z", "target", musashi="customer")
    replayed = world.run(day(2))
    assert ("overlap_ended", "musashi", "a", "target/customer", None) in replayed
    assert before == [
        world.rows(f"FROM state.{t} ORDER BY ALL") for t in ("map_history", "map_runs", "assignments", "first_seen")
    ]
    assert remember(world.con) == {}


def test_what_stays_the_same_is_not_written_again(world: HistoryWorld) -> None:
    three_days(world)
    world.run(day(4), forget=True)
    assert {name: n for name, n in remember(world.con).items() if n} == {"runs": 1}


def test_a_collision_is_remembered_until_it_is_resolved(world: HistoryWorld) -> None:
    seen: dict[str, Any] = dict.fromkeys(("kind", "company_id", "company_name", "scope", "severity", "who_must_act", "rule"), "x")
    for number, resolved in ((1, None), (2, None), (3, day(3))):
        world.empty()
        moments = {"first_seen_at": day(1), "last_seen_at": day(min(number, 2)), "resolved_at": resolved}
        world.put("collision_log", collision_id="x", parties=f"p{number}", **moments, **seen)
        world.run(day(number))
    assert world.rows("SELECT parties, day(first_seen_at), day(last_seen_at), day(resolved_at) FROM state.collisions") == [
        ("p3", 1, 2, 3)
    ]


def many(world: HistoryWorld) -> None:
    for number in range(MANY):
        world.company(f"c{number}", "target", musashi="customer")
        world.put(
            "assignments",
            company_id=f"c{number}",
            partner="musashi",
            assigned_on=date(2026, 11, 1),
            held_until=date(2027, 1, 1),
            rule="r",
        )
    world.run(day(1))


@pytest.mark.parametrize("mart", ["account_map", "assignments", "party_companies"])
def test_a_mart_that_is_suddenly_empty_wipes_nothing(world: HistoryWorld, mart: str) -> None:
    many(world)
    world.con.execute(f"DELETE FROM marts.{mart}")
    with pytest.raises(RefusedToRemember, match="empty although the state holds 20"):
        world.run(day(2))
    assert world.rows("SELECT count(*) FROM state.assignments") == [(MANY,)]
    assert world.rows("SELECT count(*) FROM state.map_history WHERE valid_until IS NULL") == [(2 * MANY,)]


def test_marts_that_are_missing_or_of_another_run_are_not_remembered(world: HistoryWorld) -> None:
    many(world)
    world.run(day(2), forget=True)
    world.con.execute("UPDATE config.run SET as_of = as_of + INTERVAL 1 DAY")
    with pytest.raises(RefusedToRemember, match="built by another run"):
        remember(world.con)
    world.con.execute("DROP TABLE marts.assignments")
    with pytest.raises(RefusedToRemember, match=r"marts\.assignments does not exist"):
        remember(world.con)


def test_partners_that_all_ended_release_all_they_held(world: HistoryWorld) -> None:
    many(world)
    world.con.execute("UPDATE config.parties SET stage = 'ended' WHERE party <> 'us'")
    world.con.execute("DELETE FROM marts.account_map; DELETE FROM marts.assignments")
    world.run(day(2))
    assert world.rows("SELECT count(*) FROM state.assignments") == [(0,)]


def alerted(world: HistoryWorld) -> list[tuple[Any, ...]]:
    return world.rows("SELECT kind, coalesce(partner, parties), company_id, owner FROM marts.alerts ORDER BY ALL")


def look_after(world: HistoryWorld) -> None:
    """What sending leaves behind: up to which run the news are told."""
    world.con.execute("INSERT OR IGNORE INTO state.alert_runs SELECT as_of FROM config.run")


def collide(world: HistoryWorld, company: str, since: int, severity: str = "high", who_must_act: str = "our_owner") -> None:
    world.put(
        "collisions",
        company_id=company,
        kind="two_partners",
        scope="*",
        parties="musashi,us",
        severity=severity,
        who_must_act=who_must_act,
        first_seen_at=day(since),
    )


def test_nothing_is_new_on_the_first_run_but_what_lapses_soon(world: HistoryWorld) -> None:
    world.company("a", "target", "佐藤", musashi="customer")
    collide(world, "a", since=1)
    for claim, status, until in (
        ("soon", "approved", 8),
        ("later", "approved", 9),
        ("gone", "expired", 1),
        ("open", "pending", 3),
    ):
        world.put(
            "registrations",
            claim_id=claim,
            partner="musashi",
            company_id="a",
            status=status,
            protected_until=date(2026, 11, until),
        )
    world.run(day(1))
    assert alerted(world) == [("claim_lapsing", "musashi", "a", "佐藤")] * 2
    assert world.rows("SELECT text_key, day(due_on) FROM marts.alerts ORDER BY ALL") == [
        ("alert.claim_lapsing", 8),
        ("alert.claim_undecided", 3),
    ]


def test_new_overlaps_and_collisions_are_alerted_until_somebody_looked_after_them(world: HistoryWorld) -> None:
    world.company("a", "target", "佐藤", musashi="customer")
    world.run(day(1))
    look_after(world)
    world.company("b", "target", "鈴木", musashi="customer")
    collide(world, "b", since=2)
    expected = [("new_collision", "musashi,us", "b", "鈴木"), ("new_overlap", "musashi", "b", "鈴木")]
    world.run(day(2))
    assert alerted(world) == expected
    ids = world.rows("SELECT alert_id FROM marts.alerts ORDER BY ALL")
    world.run(day(3))  # the run of the 2nd was killed before it sent anything
    assert alerted(world) == expected
    assert world.rows("SELECT alert_id FROM marts.alerts ORDER BY ALL") == ids
    look_after(world)
    world.run(day(4))
    assert alerted(world) == []


def test_a_collision_goes_to_who_must_act_and_a_slight_one_to_nobody(world: HistoryWorld) -> None:
    for company in ("a", "b", "c"):
        world.company(company, "target", "佐藤")
    world.run(day(1))
    look_after(world)
    collide(world, "a", since=2, severity="medium")
    collide(world, "b", since=2, who_must_act="partner_manager")
    collide(world, "c", since=2, severity="low")
    world.run(day(2))
    assert alerted(world) == [("new_collision", "musashi,us", "a", "佐藤"), ("new_collision", "musashi,us", "b", None)]


def test_the_first_list_of_a_partner_is_no_news(world: HistoryWorld) -> None:
    world.company("a", "target", musashi="customer")
    world.run(day(1))
    look_after(world)
    world.party("setouchi", position=2)
    world.company("b", "target", setouchi="customer")
    world.run(day(2))
    assert alerted(world) == []


def test_a_replay_and_kinds_that_the_settings_leave_out_are_not_alerted(world: HistoryWorld) -> None:
    world.company("a", "target", musashi="customer")
    world.run(day(1))
    look_after(world)
    world.run(day(3))
    world.company("b", "target", musashi="customer")
    world.run(day(2))
    assert alerted(world) == []
    world.con.execute("DELETE FROM config.alert_kinds WHERE kind = 'new_overlap'")
    world.run(day(4))
    assert alerted(world) == []
