"""What leaves for a partner: only what its policy names, of each list."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest

from pipelines.settings.sharing import ALL_LISTS
from tests.dbt.harness import AS_OF, DbtProject, TestWarehouse
from tests.dbt.marts_world import World

SHARE = tuple(f"share_{name}" for name in ALL_LISTS)
NEUTRAL = "partner_reason.not_available"
EARLIER = datetime(2026, 11, 19, tzinfo=UTC)


@pytest.fixture
def make(dbt_project: DbtProject) -> Iterator[Callable[[], World]]:
    """Worlds with the partners musashi, setouchi and newcomer."""
    made: list[TestWarehouse] = []

    def new() -> World:
        made.append(TestWarehouse(dbt_project))
        world = World(made[-1])
        world.partner("musashi", exclusive=False)
        world.partner("setouchi", exclusive=False, prefectures=("岡山県",))
        world.partner("newcomer", exclusive=False, stage="prospective")
        return world

    yield new
    for warehouse in made:
        warehouse.close()


def told(world: World, model: str, partner: str = "musashi", columns: str = "company_id") -> list[object]:
    return [row[0] if "," not in columns else row for row in world.rows(model, columns, f"partner = '{partner}'")]


def test_a_status_that_the_policy_does_not_name_is_hidden(make: Callable[[], World]) -> None:
    world = make()
    for company, status in (("a", "customer"), ("b", "open_opportunity"), ("c", "target"), ("d", "known")):
        world.named(company, status)
    world.policy("musashi", statuses={"customer": "overlaps", "target": "overlaps"})
    world.build(*SHARE)
    assert told(world, "share_overlaps") == ["a", "c"]
    assert told(world, "share_whitespace") == ["c"]
    assert told(world, "share_overlaps", "setouchi") == []


def test_a_cell_beats_the_status(make: Callable[[], World]) -> None:
    world = make()
    for company, theirs in (("a", "customer"), ("b", "target")):
        world.company(company)
        world.record("us", company, "customer")
        world.record("musashi", company, theirs)
    world.policy("musashi", statuses={"customer": "overlaps"}, cells={6: "hidden"})
    world.build(*SHARE)
    assert told(world, "share_overlaps", columns="company_id, cell") == [("a", 1)]


@pytest.mark.parametrize("how", ["nobody approved it", "it has run out", "no policy", "the contract has not begun"])
def test_without_a_policy_in_force_nothing_is_shared(make: Callable[[], World], how: str) -> None:
    world = make()
    partner = "newcomer" if how == "the contract has not begun" else "musashi"
    for company, status in (("a", "customer"), ("b", "target")):
        world.named(company, status, partners=(partner,))
    everything = dict.fromkeys(("customer", "target", "absent"), "all")
    if how != "no policy":
        approved_by, until = (None if how.startswith("nobody") else "佐藤"), (date(2026, 11, 19) if "run out" in how else None)
        world.policy(partner, statuses=everything, approved_by=approved_by, until=until)
    world.claim(partner, "b")
    world.introduction(partner, "b", "requested")
    world.build(*SHARE)
    for list_name in ("whitespace", "no_approach", "overlaps", "introductions", "registrations", "summary"):
        assert told(world, f"share_{list_name}", partner, "row_key") == []


def test_the_last_day_of_a_policy_is_part_of_it(make: Callable[[], World]) -> None:
    world = make()
    world.named("a", "customer")
    world.policy("musashi", statuses={"customer": "overlaps"}, until=date(2026, 11, 20))
    world.build(*SHARE)
    assert told(world, "share_overlaps") == ["a"]


def test_our_target_in_the_territory_is_offered_by_name_only_where_all_is_told(make: Callable[[], World]) -> None:
    world = make()
    world.company("own", prefecture="岡山県")
    world.record("us", "own", "target", prefecture="岡山県", name="当社での名前", corporate_number="1234567890123")
    world.record("musashi", "own", "customer", name="他社での名前", industry="秘密の業種")
    world.policy("setouchi", statuses={"target": "all"})
    world.build(*SHARE)
    columns = "company_id, company_name, corporate_number, industry, their_id"
    assert told(world, "share_whitespace", "setouchi", columns) == [("own", "当社での名前", "1234567890123", None, None)]
    world.warehouse.con.execute("UPDATE config.sharing_levels SET level = 'overlaps'")
    world.build(*SHARE)
    assert told(world, "share_whitespace", "setouchi") == []


def test_no_key_can_be_made_from_what_somebody_guesses(make: Callable[[], World]) -> None:
    world = make()
    world.named("a", "customer")
    world.policy("musashi", statuses={"customer": "overlaps"})
    world.build(*SHARE)
    before = told(world, "share_overlaps", columns="row_key")
    world.build(*SHARE)
    assert told(world, "share_overlaps", columns="row_key") == before
    world.warehouse.con.execute("UPDATE state.share_secret SET secret = 'of another installation'")
    world.build(*SHARE)
    assert told(world, "share_overlaps", columns="row_key") != before


def test_what_is_told_of_a_barred_company_does_not_depend_on_whether_it_is_shown(make: Callable[[], World]) -> None:
    world = make()
    for company, status in (("shown", "customer"), ("hidden", "open_opportunity")):
        world.company(company, corporate_number="1234567890123")
        world.record("us", company, status, corporate_number="1234567890123", prefecture="東京都", industry="製造業", employees=5)
        world.record("musashi", company, native_id=company, city="港区")
    world.policy("musashi", statuses={"customer": "overlaps"})
    world.build(*SHARE)
    columns = "their_id, corporate_number, prefecture, city, industry, employees"
    assert told(world, "share_no_approach", columns=columns) == [
        (company, None, None, "港区", None, None) for company in ("hidden", "shown")
    ]


def test_no_approach_is_told_in_neutral_words_where_our_status_is_not_shown(make: Callable[[], World]) -> None:
    world = make()
    world.named("shown", "customer")
    world.named("hidden", "open_opportunity")
    world.named("claimed", "target")
    world.partner("other", exclusive=False)
    world.claim("other", "claimed")
    world.named("not named", "customer", partners=())
    world.policy("musashi", statuses={"customer": "overlaps", "open_opportunity": "counts"})
    world.build(*SHARE)
    assert told(world, "share_no_approach", columns="company_id, reason_key, valid_until IS NULL") == [
        ("claimed", "partner_reason.assigned", False),
        ("hidden", NEUTRAL, True),
        ("shown", "partner_reason.direct", True),
    ]


def test_another_company_of_the_group_is_never_told_of(make: Callable[[], World]) -> None:
    world = make()
    parent = world.named("parent", "customer", partners=())
    world.company("child")
    world.record("us", "child", "target", parent_record_id=parent)
    world.record("musashi", "child")
    world.warehouse.con.execute("UPDATE config.no_approach_rules SET reach = 'group' WHERE rule = 'our_customer'")
    world.policy("musashi", statuses={"customer": "overlaps", "target": "overlaps"})
    world.build(*SHARE)
    assert told(world, "share_no_approach", columns="company_id, reason_key") == [("child", NEUTRAL)]


def test_ranks_have_no_gaps_that_tell_of_what_is_hidden(make: Callable[[], World]) -> None:
    world = make()
    for company, status in (("a", "target"), ("b", "target"), ("c", "known"), ("d", "known")):
        world.named(company, status)
    world.policy("musashi", statuses={"known": "overlaps"})
    world.build(*SHARE)
    assert sorted(told(world, "share_whitespace", columns="rank")) == [1, 2]


def test_fields_that_the_policy_does_not_name_are_empty(make: Callable[[], World]) -> None:
    world = make()
    world.company("a", corporate_number="1234567890123")
    world.record("us", "a", "customer", owner_name="鈴木")
    world.record("musashi", "a", "customer", native_id="M-1", prefecture="東京都")
    world.policy("musashi", statuses={"customer": "overlaps"}, fields=("cell",))
    world.build(*SHARE)
    columns = "their_id, company_name, cell, our_status, our_owner, prefecture, play_key, first_seen_on"
    assert told(world, "share_overlaps", columns=columns) == [("M-1", "株式会社a", 1, None, None, None, None, None)]


def test_a_list_that_the_policy_does_not_name_is_empty(make: Callable[[], World]) -> None:
    world = make()
    world.named("a", "customer")
    world.policy("musashi", statuses={"customer": "overlaps"}, lists=("overlaps",))
    world.build(*SHARE)
    assert told(world, "share_overlaps") == ["a"]
    assert told(world, "share_no_approach") == told(world, "share_summary", columns="row_key") == []


def test_a_partner_that_lists_a_company_twice_is_told_both_ids(make: Callable[[], World]) -> None:
    world = make()
    world.named("a", "customer", partners=())
    for native_id in ("M-2", "M-1"):
        world.record("musashi", "a", "customer", native_id=native_id)
    world.policy("musashi", statuses={"customer": "overlaps"})
    world.build(*SHARE)
    assert told(world, "share_overlaps", columns="their_id") == ["M-1; M-2"]


def test_own_claims_and_introductions_are_told_whatever_our_status(make: Callable[[], World]) -> None:
    world = make()
    world.named("a", "customer")
    world.claim("musashi", "a")
    world.introduction("musashi", "a", "requested", requested_on=date(2026, 11, 1), owner_name="鈴木")
    world.introduction("musashi", None, "accepted")
    world.policy("musashi")
    world.build(*SHARE)
    assert told(world, "share_registrations", columns="company_name, status") == [("株式会社a", "rejected")]
    columns = "company_name, kind, status, our_owner"
    assert told(world, "share_introductions", columns=columns) == [
        ("株式会社a", "requested", "requested", None),
        ("株式会社不明", "requested", "accepted", None),
    ]
    assert told(world, "share_introductions", "setouchi") == told(world, "share_registrations", "setouchi") == []


def test_what_we_propose_is_told_only_of_companies_that_are_shown(make: Callable[[], World]) -> None:
    world = make()
    for company, status in (("a", "target"), ("b", "open_opportunity")):
        world.company(company)
        world.record("us", company, status)
        world.record("musashi", company, "customer")
    world.policy("musashi", statuses={"target": "overlaps"})
    world.build(*SHARE)
    assert told(world, "share_introductions", columns="company_id, kind, direction") == [("a", "proposed", "to_us")]


def many(world: World, status: str | None, count: int, prefix: str) -> None:
    for n in range(count):
        company = world.company(f"{prefix}{n}")
        if status:
            world.record("us", company, status)
        world.record("musashi", company, "target")


def counts(world: World) -> dict[str, tuple[int, bool]]:
    rows = world.rows("share_summary", "our_status, companies, is_exact", "partner = 'musashi' AND partner_status = 'target'")
    return {status: (companies, exact) for status, companies, exact in rows}


def test_counts_are_told_in_steps_and_small_ones_not_at_all(make: Callable[[], World]) -> None:
    world = make()
    many(world, "customer", 12, "c")
    many(world, "open_opportunity", 4, "o")
    many(world, "target", 3, "t")
    many(world, None, 30, "n")
    world.policy("musashi", statuses={"customer": "counts", "open_opportunity": "counts", "target": "overlaps"})
    world.build(*SHARE)
    assert counts(world) == {"customer": (10, False), "open_opportunity": (0, False), "target": (3, True)}


def test_a_count_never_covers_all_that_the_partner_cannot_tell_apart(make: Callable[[], World]) -> None:
    """Ten barred companies, all our customers: to say ten would say it of each."""
    world = make()
    many(world, "customer", 10, "c")
    many(world, None, 30, "n")
    world.policy("musashi", statuses={"customer": "counts"})
    world.build(*SHARE)
    assert counts(world) == {"customer": (5, False)}


@pytest.fixture
def counted(make: Callable[[], World]) -> World:
    """Nine customers and thirty more that we know, of which the partner was told "at least five" the day before."""
    world = make()
    many(world, "customer", 9, "c")
    many(world, "known", 30, "n")
    world.warehouse.con.execute("UPDATE config.no_approach_rules SET enabled = false")  # else customers are told from the rest
    world.policy("musashi", statuses={"customer": "counts"})
    row = {"partner_status": "target", "at_least": 5, "counted_at": EARLIER}
    world.insert("state.shared_counts", partner="musashi", our_status="customer", **row)
    world.build(*SHARE, "map_versions")
    world.warehouse.con.execute("""INSERT INTO state.map_history BY NAME
        SELECT *, TIMESTAMPTZ '2026-11-01' AS valid_from, NULL::TIMESTAMPTZ AS valid_until FROM marts.map_versions""")
    return world


def counted_at(world: World) -> list[tuple[object, ...]]:
    world.build(*SHARE)
    return [(*counts(world)["customer"], *at) for at in world.rows("share_summary", "DISTINCT counted_at", "NOT is_exact")]


def test_counts_stand_until_our_side_of_enough_companies_has_changed(counted: World) -> None:
    change = "UPDATE intermediate.record_statuses SET status = 'customer' WHERE party = 'us' AND record_id IN ({})"
    ours = "SELECT record_id FROM intermediate.record_statuses WHERE status = 'known' AND party = 'us' ORDER BY ALL LIMIT 5"
    known = [record_id for (record_id,) in counted.warehouse.con.execute(ours).fetchall()]
    counted.warehouse.con.execute(change.format(", ".join(f"'{each}'" for each in known[:4])))
    assert counted_at(counted) == [(5, False, EARLIER)]
    counted.warehouse.con.execute(change.format(f"'{known[4]}'"))
    assert counted_at(counted) == [(10, False, AS_OF)]


def test_what_the_partner_does_to_its_list_has_nothing_counted_anew(counted: World) -> None:
    """Not one customer more among many companies that it made up, nor another status of its own."""
    many(counted, "customer", 1, "x")
    many(counted, None, 8, "made up")
    counted.warehouse.con.execute("UPDATE intermediate.record_statuses SET status = 'customer' WHERE party = 'musashi'")
    assert counted_at(counted)[0][2] == EARLIER


def test_companies_that_come_later_are_counted_by_themselves(counted: World) -> None:
    many(counted, "customer", 4, "x")
    many(counted, "known", 5, "y")
    assert counted_at(counted) == [(5, False, EARLIER)]
    many(counted, "customer", 1, "z")
    assert counted_at(counted) == [(10, False, AS_OF)]


def test_companies_that_the_partner_made_up_hide_nobody(make: Callable[[], World]) -> None:
    """Five customers among ten that do not exist: to say five would say it of each."""
    world = make()
    many(world, "customer", 5, "c")
    many(world, None, 10, "made up")
    world.policy("musashi", statuses={"customer": "counts"})
    world.build(*SHARE)
    assert counts(world) == {"customer": (0, False)}
