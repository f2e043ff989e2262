"""What account plans are drawn from: sales, the estimate of each cell with its cases, both customer bases, people and who knows
whom, and what goals are measured by."""

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
def plans(dbt_project: DbtProject) -> Iterator[World]:
    warehouse = TestWarehouse(dbt_project)
    world = World(warehouse)
    world.partner("musashi")
    world.partner("setouchi")
    world.partner("mirai", party_type="investor", stage="prospective")
    world.partner("gone", stage="ended")
    on_the_map(world)
    dealings(world)
    introductions(world)
    people(world)
    world.insert("config.plan_rates", partner="setouchi", cell=9, rate=0.02)
    world.insert("config.plan_rates", partner="setouchi", cell=1, rate=0.5)
    world.build(*(f"plan_{name}" for name in MODELS))
    yield world
    warehouse.close()


MODELS = ("profiles", "sales", "open_deals", "potential", "bases", "people", "acquaintances", "best_companies", "events")


RESTRICTED = {11: "7000012050002"}


def on_the_map(world: World) -> None:
    """Targets of ours that musashi serves, one of them restricted; customers of both."""
    for n in range(12):
        world.record("us", world.company(f"target {n:02}", corporate_number=RESTRICTED.get(n)), "target", industry="Retail")
        world.record("musashi", f"target {n:02}", "customer")
        world.record("gone", f"target {n:02}", "customer")
    world.insert("config.restricted", corporate_number="7000012050002", reach="company", reason="legal")
    for n, (prefecture, industry) in enumerate([("東京都", "Retail"), ("大阪府", "ＲＥＴＡＩＬ"), ("大阪府", "小売業")]):
        record = world.record("us", world.company(f"customer {n}", prefecture=prefecture), "customer", industry=industry)
        world.insert("intermediate.segment_matches", record_id=record, status="customer", since=ago(800))
        world.record("musashi", f"customer {n}", "customer" if n else "target")
        world.deal(record, state="won", close=ago(900 if n else 30), amount=100_000)
    world.record("musashi", world.company("theirs alone", prefecture="北海道"), "customer", industry="Fishery")
    world.record("us", world.company("ours alone", prefecture="沖縄県"), "customer", industry="Tourism")


def dealings(world: World) -> None:
    """Closed deals: musashi 12 of which 8 won, setouchi one lost; open ones; what is out of the window or still to come."""
    record = world.record("us", world.company("dealt with"), "open_opportunity")
    world.record("musashi", "dealt with", "customer")
    for n in range(8):
        world.deal(record, state="won", close=ago(10 + n), amount=1_000_000 + n * 100_000, partner="musashi", created=ago(100))
    for n in range(4):
        world.deal(record, state="lost", close=ago(10 + n), amount=1, partner="musashi", created=ago(100))
    world.deal(record, state="lost", close=ago(5), partner="setouchi", created=ago(50))
    world.deal(record, state="won", close=date(2024, 11, 20), amount=9_000_000, partner="musashi", created=ago(800))
    world.deal(record, state="won", close=TODAY + timedelta(days=1), amount=9_000_000, partner="musashi", created=ago(1))
    world.deal(record, state="open", amount=500_000, close=ago(-30), partner="musashi", created=ago(3))
    world.deal(record, state="won", close=date(2026, 3, 31), amount=70, partner="setouchi", created=ago(300))
    world.deal(record, state="won", close=date(2026, 4, 1), amount=30, partner="setouchi", created=ago(300))
    world.deal(record, state="won", close=date(2023, 3, 31), amount=5, partner="setouchi", created=ago(2000))


def introductions(world: World) -> None:
    for n, status in enumerate(["won", "met", "declined"]):
        world.introduction("musashi", f"target {n:02}", status, requested_on=ago(90), met_on=ago(60))
    world.introduction("musashi", "target 03", "accepted", requested_on=ago(9), accepted_on=ago(5))
    world.introduction("musashi", None, "requested", requested_on=ago(2))
    world.claim("musashi", "target 04", received=datetime(2026, 11, 1, 20, tzinfo=UTC))


def met(world: World, ours: str, theirs: str | None, *days: int) -> None:
    for day in days:
        activity = f"crm:Event:{ours}{theirs}{day}"
        world.insert(
            "intermediate.partner_meetings",
            partner="musashi",
            activity_id=activity,
            our_person_id=ours,
            their_person_id=theirs,
            activity_on=ago(day),
        )


TITLES = {
    "head": "代表取締役社長",
    "vice": "副社長",
    "vp": "Vice President, Sales",
    "room": "社長室 担当",
    "mvp": "MVP holder",
    "next": "営業部 次長",
    "none": None,
    "circle": "課長",
    "of circle": "部長",
    "next in HubSpot": "部長",
}
SUPERIORS = {
    "head": "head",
    "vice": "head",
    "vp": "next in HubSpot",
    "none": "deleted",
    "circle": "of circle",
    "of circle": "circle",
}


def people(world: World) -> None:
    crm = {"connection": "our_salesforce", "object": "Account"}
    facts = {"name": "武蔵システムズ", "employees": 640, "address": "東京都港区", "owner_person_id": "owner"}
    world.insert(
        "intermediate.partner_accounts", partner="musashi", native_id="1", on_date=ago(40), phone="03-0000-0001", **crm, **facts
    )
    world.insert("intermediate.partner_accounts", partner="musashi", native_id="2", on_date=ago(50), phone="old", **crm)
    for person in ("owner", "strong", "stale", "fair", "weak", "seller", "stranger", "strong in HubSpot"):
        user = {"connection": "our_salesforce", "object": "User", "name": person, "leading_id": person.split()[0]}
        world.insert("intermediate.our_people", person_id=person, **user)
    for person, title in TITLES.items():
        world.insert(
            "intermediate.partner_contacts",
            partner="musashi",
            person_id=person,
            connection="our_salesforce",
            object="Contact",
            name=person,
            title=title,
            reports_to_id=SUPERIORS.get(person),
            leading_id=person.replace(" in HubSpot", ""),
            owner_person_id="owner" if person in ("head", "next") else None,
            on_date=ago(7),
        )
    world.insert("intermediate.partner_deal_owners", partner="musashi", person_id="seller", open_deals=1)
    met(world, "strong", "next", 90, 100)
    met(world, "strong in HubSpot", "next", 200)
    met(world, "strong", "next in HubSpot", 364)
    met(world, "stale", "next", 91, 100, 200, 300)
    met(world, "fair", "next", 300, 310)
    met(world, "weak", "next", 300, 500)
    met(world, "left us", "next", 1)
    met(world, "owner", None, 20)


def one(world: World, table: str, columns: str, where: str) -> tuple[Any, ...]:
    (row,) = world.rows(table, columns, where)
    return row


def test_a_first_run_without_a_deal_or_a_case_estimates_nothing(warehouse: TestWarehouse) -> None:
    world = World(warehouse)
    world.partner("musashi")
    world.named("target", "target", ("musashi",))
    world.build("plan_potential", "plan_best_companies")
    cells = world.rows("plan_potential", "cell, companies, rate, rate_basis_key, rate_cases, deal_amount, expected_amount")
    best = world.rows("plan_best_companies", "rank, cell, company_id, chance_value")
    assert cells == [(cell, int(cell == 9), None, "plan.rate.none", 0, None, None) for cell in range(1, 10)]
    assert best == [(1, 9, "target", 0.0)]


def test_every_partner_but_an_ended_one_has_all_nine_cells(plans: World) -> None:
    cells = plans.rows("plan_potential", "partner, cell")
    assert cells == [(partner, cell) for partner in ("mirai", "musashi", "setouchi") for cell in range(1, 10)]


def test_the_win_rate_is_of_deals_with_the_partners_customers_where_there_are_enough_whoever_brought_them(plans: World) -> None:
    columns = "rate, rate_basis_key, rate_cases, rate_successes"
    own = one(plans, "plan_potential", columns, "partner = 'musashi' AND cell = 2")
    assert own == (pytest.approx(11 / 17), "plan.rate.our_deals_at_partner", 15, 10)
    everybody = one(plans, "plan_potential", columns, "partner = 'setouchi' AND cell = 7")
    assert everybody == (pytest.approx(12 / 18), "plan.rate.our_deals", 16, 11)


def test_an_introduction_counts_for_targets_and_anothers_where_the_partner_has_none(plans: World) -> None:
    columns = "rate, rate_basis_key, rate_cases, rate_successes"
    own = one(plans, "plan_potential", columns, "partner = 'musashi' AND cell = 3")
    assert own == (pytest.approx(2 / 6), "plan.rate.introductions_of_partner", 4, 1)
    others = one(plans, "plan_potential", columns, "partner = 'mirai' AND cell = 8")
    assert others == (pytest.approx(2 / 6), "plan.rate.introductions", 4, 1)


def test_customers_of_a_year_ago_that_bought_again_are_the_rate_of_customers(plans: World) -> None:
    found = one(plans, "plan_potential", "rate, rate_basis_key, rate_cases, rate_successes", "partner = 'musashi' AND cell = 4")
    assert found == (pytest.approx(2 / 5), "plan.rate.customers", 3, 1)


def test_where_nothing_tells_there_is_no_rate_unless_the_yaml_states_one(plans: World) -> None:
    columns = "rate, rate_basis_key, rate_cases, expected_deals, expected_amount"
    assert one(plans, "plan_potential", columns, "partner = 'musashi' AND cell = 9") == (None, "plan.rate.none", 0, None, None)
    assert one(plans, "plan_potential", columns, "partner = 'setouchi' AND cell = 9") == (0.02, "plan.rate.stated", 0, 0.0, 0.0)
    assert one(plans, "plan_potential", "rate", "partner = 'setouchi' AND cell = 1") == (0.5,), "it beats what was measured"


def test_companies_times_rate_times_a_usual_deal(plans: World) -> None:
    columns = "companies, rate, deal_amount, deal_cases, deal_is_of_partner, expected_deals, expected_amount"
    companies, rate, amount, cases, is_own, deals, money = one(
        plans, "plan_potential", columns, "partner = 'setouchi' AND cell = 3"
    )
    assert (companies, deals, money, is_own, cases) == (0, 0, 0, False, 11)
    companies, rate, amount, cases, is_own, deals, money = one(
        plans, "plan_potential", columns, "partner = 'musashi' AND cell = 3"
    )
    assert companies == 11, "the restricted one counts in no cell"
    assert (amount, cases, is_own) == (1_200_000, 11, False), "eight of its own are too few"
    assert deals == pytest.approx(11 * rate)
    assert money == pytest.approx(11 * rate * amount)


def test_sales_stand_by_our_fiscal_years_zeros_included(plans: World) -> None:
    columns = "fiscal_year, deals, amount, is_current"
    assert plans.rows("plan_sales", columns, "partner = 'setouchi'") == [
        (2023, 0, 0.0, False),
        (2024, 0, 0.0, False),
        (2025, 1, 70.0, False),
        (2026, 1, 30.0, True),
    ]
    assert one(plans, "plan_sales", "deals", "partner = 'musashi' AND is_current") == (8,), "what is still to come is not won"


def test_open_deals_go_by_the_partner_of_record(plans: World) -> None:
    found = plans.rows("plan_open_deals", "partner, deals, amount, expected_amount")
    assert found == [("mirai", 0, 0, 0), ("musashi", 1, 500_000, 500_000), ("setouchi", 0, 0, 0)]


def test_the_customer_bases_lie_side_by_side(plans: World) -> None:
    columns = "position, value, our_customers, their_customers, both_customers"
    industries = plans.rows("plan_bases", columns, "partner = 'musashi' AND kind = 'industry'")
    assert industries == [(1, "Retail", 3, 14, 2), (2, "Fishery", 0, 1, 0), (3, "Tourism", 1, 0, 0)]
    prefectures = plans.rows("plan_bases", columns, "partner = 'musashi' AND kind = 'prefecture'")
    assert prefectures == [(1, "大阪府", 2, 2, 2), (2, "東京都", 1, 13, 0), (3, "北海道", 0, 1, 0), (4, "沖縄県", 1, 0, 0)]
    assert plans.rows("plan_bases", "value", "partner = 'mirai' AND kind = 'prefecture'") == [
        ("大阪府",),
        ("東京都",),
        ("沖縄県",),
    ]


def test_the_profile_says_what_the_newest_account_and_the_map_know(plans: World) -> None:
    found = dict(plans.rows("plan_profiles", "field, value", "partner = 'musashi'"))
    assert found == {
        "company_name": "武蔵システムズ",
        "employees": "640",
        "phone": "03-0000-0001",
        "head_office": "東京都港区",
        "account_owner": "owner",
        "customer_base": "小売業, Fishery",
        "trade_area": "東京都, 大阪府, 北海道",
        "listed_companies": "17",
        "listed_customers": "16",
    }
    assert plans.rows("plan_profiles", where="partner = 'mirai'") == [], "nobody has said anything"
    kinds = plans.rows("plan_profiles", "DISTINCT source_kind, source, on_date")
    assert kinds == [
        ("crm", "our_salesforce:Account", ago(40)),
        ("map", "marts.partner_reach", TODAY),
        ("map", "marts.plan_bases", TODAY),
    ]


def test_titles_are_ranked_by_the_longest_word_in_them(plans: World) -> None:
    assert dict(plans.rows("plan_people", "person_id, rank", "side = 'theirs'")) == {
        "head": 1,
        "vice": 2,
        "vp": 4,
        "room": 9,
        "mvp": 9,
        "next": 6,
        "none": 9,
        "circle": 7,
        "of circle": 5,
    }, "one person in two CRMs is one"


def test_whom_somebody_reports_to_is_on_the_map_somebody_else_and_no_circle(plans: World) -> None:
    found = dict(plans.rows("plan_people", "person_id, reports_to_id", "side = 'theirs' AND reports_to_id IS NOT NULL"))
    assert found == {"vice": "head", "vp": "next", "circle": "of circle"}


def test_ours_are_those_who_own_or_met_something_and_are_still_with_us(plans: World) -> None:
    found = [person for (person,) in plans.rows("plan_people", "person_id", "side = 'ours'")]
    assert found == ["fair", "owner", "seller", "stale", "strong", "weak"]


def test_who_knows_whom_and_how_well(plans: World) -> None:
    assert plans.rows("plan_acquaintances", "our_id, their_id, meetings, last_on, strength") == [
        ("fair", "next", 2, ago(300), "fair"),
        ("owner", "head", 0, None, "weak"),
        ("owner", "next", 0, None, "weak"),
        ("stale", "next", 4, ago(91), "fair"),
        ("strong", "next", 4, ago(90), "strong"),
        ("weak", "next", 1, ago(300), "weak"),
    ]


def test_the_best_companies_leave_out_what_is_restricted_or_being_introduced(plans: World) -> None:
    found = [company for (company,) in plans.rows("plan_best_companies", "company_id", "partner = 'musashi' AND cell = 3")]
    assert "target 11" not in found
    assert "target 03" not in found, "accepted, and still open"
    assert "target 01" not in found, "met, and still open"
    assert {"target 00", "target 02"} < set(found), "won and declined ones are closed"
    ranks = [rank for (rank,) in plans.rows("plan_best_companies", "rank", "partner = 'musashi'")]
    assert ranks == list(range(1, len(ranks) + 1))


def test_what_happened_is_counted_by_its_day_up_to_the_run(plans: World) -> None:
    counts = "measure, count(*), min(happened_on), max(happened_on), sum(amount)"
    rows = plans.warehouse.con.execute(
        f"SELECT {counts} FROM marts.plan_events WHERE partner = 'musashi' GROUP BY measure ORDER BY measure"
    ).fetchall()
    assert rows == [
        ("introductions_met", 3, ago(60), ago(60), None),
        ("introductions_requested", 5, ago(90), ago(2), None),
        ("meetings", 14, ago(500), ago(1), None),
        ("open_deals", 15, ago(800), ago(1), None),
        ("registrations", 1, date(2026, 11, 2), date(2026, 11, 2), None),
        ("won_deals", 9, date(2024, 11, 20), ago(10), pytest.approx(8 * 1_000_000 + 2_800_000 + 9_000_000)),
    ]
    assert plans.rows("plan_events", where="partner = 'gone'") == []
