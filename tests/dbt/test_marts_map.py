"""The account map: nine cells, precedence of statuses, partner stages, counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from pipelines.report import figures
from tests.dbt.harness import DbtProject, TestWarehouse
from tests.dbt.marts_world import World

STATUSES = ("customer", "open_opportunity", "target")
CELLS = {
    ("customer", "customer"): 1, ("open_opportunity", "customer"): 2, ("target", "customer"): 3,
    ("customer", "open_opportunity"): 4, ("open_opportunity", "open_opportunity"): 5, ("customer", "target"): 6,
    ("open_opportunity", "target"): 7, ("target", "open_opportunity"): 8, ("target", "target"): 9,
}  # fmt: skip
EARLIER = datetime(2026, 9, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def world(dbt_project: DbtProject) -> Iterator[World]:
    warehouse = TestWarehouse(dbt_project)
    world = World(warehouse)
    world.partner("musashi")
    world.partner("newcomer", stage="prospective", prefectures=("東京都",))
    world.partner("former", stage="ended")
    world.partner("mirai", party_type="investor")
    for ours, theirs in CELLS:
        world.company(f"{ours}/{theirs}")
        world.record("us", f"{ours}/{theirs}", ours)
        world.record("musashi", f"{ours}/{theirs}", theirs)
    several_statuses(world)
    stages(world)
    outer_rows(world)
    worth(world)
    world.insert("state.first_seen", kind="account_map", key="musashi|customer/customer", first_seen_at=EARLIER)
    yield world.build()
    warehouse.close()


def several_statuses(world: World) -> None:
    world.company("several")
    account = world.record("us", "several", ("known", "target", "open_opportunity"), owner_name="佐藤")
    world.record("us", "several", "known", crm="hubspot")
    world.deal(account, amount=3_000_000)
    world.deal(account, state="won", amount=9_000_000, close=date(2020, 1, 10))
    world.record("musashi", "several", ("customer", "known"))


def worth(world: World) -> None:
    """Two customers with contracts of 400,000 and 600,000, and a target."""
    for company, amount in (("bought", 400_000), ("bought more", 600_000)):
        world.company(company)
        account = world.record("us", company, "customer", since=date(2026, 1, 10), industry="製造業", employees=80)
        world.deal(account, state="won", amount=amount, close=date(2026, 1, 10))
        world.deal(account, state="won", amount=9_000_000, close=date(2020, 1, 10))
    world.record("mirai", "bought", "target")
    world.company("wanted")
    world.record("us", "wanted", "target", industry="製造業")
    world.record("mirai", "wanted", "customer")
    for company, columns in (("like ours", {"industry": "製造業", "employees": 120}), ("unlike ours", {"industry": "林業"})):
        world.company(company, prefecture="東京都" if columns.get("employees") else "沖縄県")
        world.record("mirai", company, "target", **columns)


def stages(world: World) -> None:
    world.company("prospect's")
    world.record("us", "prospect's", "target")
    world.record("newcomer", "prospect's", "customer")
    world.claim("newcomer", "prospect's")
    world.company("customer of a prospect")
    world.record("us", "customer of a prospect", "customer")
    world.record("newcomer", "customer of a prospect", "target")
    world.company("former's")
    world.record("former", "former's", "customer")
    world.record("us", "former's", "target")


def outer_rows(world: World) -> None:
    world.company("theirs only")
    world.record("musashi", "theirs only", "target")
    world.company("claimed only")
    world.claim("musashi", "claimed only")


@pytest.mark.parametrize(("statuses", "cell"), CELLS.items())
def test_each_pair_of_statuses_has_its_cell_and_play(world: World, statuses: tuple[str, str], cell: int) -> None:
    ((found, play),) = world.rows("account_map", "cell, play_key", f"company_id = '{statuses[0]}/{statuses[1]}'")
    assert (found, play.startswith("play.")) == (cell, True)


def test_of_several_statuses_the_cell_takes_the_first_in_precedence_and_all_are_kept(world: World) -> None:
    assert world.rows("account_map", "our_status, partner_status, cell", "company_id = 'several'") == [
        ("open_opportunity", "customer", 2)
    ]
    assert world.rows("party_companies", "statuses", "company_id = 'several' AND party = 'us'") == [
        ("known, open_opportunity, target",)
    ]


def test_value_at_stake_is_what_is_open_and_what_makes_the_company_a_customer_now(world: World) -> None:
    columns = "open_amount, won_amount, value_at_stake, our_records, our_owner"
    assert world.rows("account_map", columns, "company_id = 'several'") == [(3_000_000, 0, 3_000_000, 2, "佐藤")]
    assert world.rows("account_map", columns, "company_id = 'bought'") == [(0, 400_000, 400_000, 1, None)]


@pytest.mark.parametrize(
    ("company", "expected", "basis"),
    [
        ("several", 3_000_000, "open_opportunity"),
        ("bought", 400_000, "contract"),
        ("wanted", 500_000, "typical_contract"),  # the median of two contracts: too few for one of its industry
        ("theirs only", None, None),
    ],
)
def test_what_a_company_is_worth_stands_with_its_basis(
    world: World, company: str, expected: int | None, basis: str | None
) -> None:
    assert world.rows("account_map", "expected_value, expected_value_basis", f"company_id = '{company}'") == [(expected, basis)]


def test_the_play_is_that_of_the_partners_type_with_owner_kpi_and_talking_point(world: World) -> None:
    columns = "cell, play_key, owner_role, kpi_key, talking_point_key"
    assert world.rows("account_map", columns, "partner = 'mirai' AND company_id = 'wanted'") == [
        (3, "play.portfolio_introduction", "partner_manager", "play.kpi.opportunities_up", "talking_point.investor.3")
    ]


def test_every_type_of_partner_has_a_play_for_every_cell(world: World) -> None:
    query = """SELECT partner_type, count(DISTINCT cell) AS cells, count(talking.key) AS told FROM seeds.plays
        JOIN seeds.texts AS talking ON talking.key = talking_point_key GROUP BY ALL ORDER BY ALL"""
    found = [(row["partner_type"], row["cells"], row["told"]) for row in world.warehouse.rows(query)]
    assert found == [("advisor", 9, 9), ("investor", 9, 9), ("reseller", 9, 9), ("technology", 9, 9)]


def test_the_picture_numbers_the_cells_as_the_map_does(world: World) -> None:
    cells = world.warehouse.rows("FROM seeds.cells")
    assert {(cell["our_status"], cell["partner_status"]): cell["cell"] for cell in cells} == CELLS == figures.CELLS


def test_one_row_per_company_tells_every_partners_status(world: World) -> None:
    columns = "our_status, partners, partner_statuses"
    assert world.rows("company_statuses", columns, "company_id = 'customer of a prospect'") == [
        ("customer", 1, {"newcomer": "target"})
    ]
    assert world.rows("company_statuses", columns, "company_id = 'bought more'") == [("customer", 0, {})]
    assert world.rows("company_statuses", columns, "company_id = 'theirs only'") == [("absent", 1, {"musashi": "target"})]


def test_greenfield_is_ranked_by_likeness_to_our_customers_and_says_in_what(world: World) -> None:
    columns = "rank, company_id, likeness, likeness_reason_key, likeness_detail, likeness_customers"
    assert world.rows("greenfield", columns, "partner = 'mirai'") == [
        (1, "like ours", 1.0, "likeness.industry", "製造業", 2),
        (2, "unlike ours", 0.0, None, None, None),
    ]


def test_a_company_of_which_we_have_no_record_is_an_outer_row_and_greenfield(world: World) -> None:
    assert world.rows("account_map", "our_status, cell", "company_id = 'theirs only'") == [("absent", None)]
    assert world.rows("greenfield", "company_id, rank", "partner = 'musashi'") == [("theirs only", 1)]


def test_a_registration_alone_puts_no_company_on_the_map(world: World) -> None:
    assert world.rows("account_map", where="company_id = 'claimed only'") == []


def test_a_prospective_partner_is_mapped_but_neither_holds_nor_receives(world: World) -> None:
    assert world.rows("account_map", "cell", "partner = 'newcomer'") == [(3,), (6,)]
    for table in ("whitespace", "assignments", "no_approach"):
        assert world.rows(table, where="partner = 'newcomer'") == [], table
    assert world.rows("registrations", "status, reason_key", "partner = 'newcomer'") == [
        ("rejected", "registration.partner_not_active")
    ]
    assert world.rows("crm_account_map", where="partner = 'newcomer'") == []


def test_an_ended_partner_is_nowhere(world: World) -> None:
    for table in ("map_records", "party_companies"):
        assert world.rows(table, where="party = 'former'") == []
    for table in ("account_map", "account_map_summary", "whitespace", "no_approach"):
        assert world.rows(table, where="partner = 'former'") == []


def test_a_row_keeps_the_moment_it_was_first_seen(world: World) -> None:
    assert world.rows("account_map", "first_seen_at", "company_id = 'customer/customer'") == [(EARLIER,)]


def test_the_summary_shows_every_cell_and_counts_what_the_partner_does_not_have(world: World) -> None:
    counts = {(ours, theirs): companies for ours, theirs, companies in world.rows(
        "account_map_summary", "our_status, partner_status, companies", "partner = 'musashi'")}  # fmt: skip
    assert len(counts) == 24
    assert counts["target", "customer"] == 1
    assert counts["open_opportunity", "customer"] == 2
    assert counts["known", "known"] == 0
    assert (counts["customer", "absent"], counts["target", "absent"]) == (3, 3)
    assert counts["absent", "target"] == 1


def test_the_summary_counts_companies_and_each_sides_records_and_adds_up_to_all_of_ours(world: World) -> None:
    columns = "companies, our_records, partner_records"
    several = "partner = 'musashi' AND our_status = 'open_opportunity' AND partner_status = 'customer'"
    assert world.rows("account_map_summary", columns, several) == [(2, 3, 2)]
    ours = "sum(companies), sum(our_records), sum(open_amount), sum(value_at_stake), sum(expected_value)"
    totals = world.rows("account_map_summary", ours, "our_status <> 'absent' GROUP BY partner")
    assert set(totals) == set(world.rows("our_companies", ours.replace("companies", "1").replace("our_records", "records")))
