"""Whitespace, its arbitration, holds and cap; and what a run does not depend on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.dbt.harness import DbtProject, TestWarehouse
from tests.dbt.marts_world import World


def offer(world: World, company: str, ours: str | None, **partners: str) -> None:
    """A company of ours with that status (None: not ours), and the partners' statuses of it."""
    world.company(company)
    if ours:
        world.record("us", company, ours)
    for partner, status in partners.items():
        world.record(partner, company, status)


def statuses(world: World) -> None:
    offer(world, "our target", "target", musashi="customer")
    offer(world, "known to us", "known", musashi="target")
    offer(world, "not ours", None, musashi="known")
    offer(world, "our customer", "customer", musashi="customer")
    offer(world, "shared and exclusive", "target", musashi="target", open_partner="target", other_open="target")


def contested(world: World) -> None:
    offer(world, "both", "target", musashi="target", setouchi="customer")
    offer(world, "claimed", "target", musashi="target", setouchi="customer")
    world.claim("musashi", "claimed")
    offer(world, "held", "target", musashi="target", setouchi="customer")
    world.assigned("held", "musashi", on=date(2026, 9, 1), until=date(2026, 11, 30))
    offer(world, "hold ran out", "target", musashi="target", setouchi="customer")
    world.assigned("hold ran out", "musashi", on=date(2026, 7, 1), until=date(2026, 9, 29))
    offer(world, "hold released", "target", setouchi="target")
    world.override(world.record("us", "hold released", "target"), "block", "musashi")
    world.record("musashi", "hold released", "customer")
    world.assigned("hold released", "musashi", on=date(2026, 9, 1), until=date(2026, 11, 30))
    offer(world, "hold renewed", "target", setouchi="customer")
    worked = world.record("musashi", "hold renewed", "target")
    world.activity(worked, "musashi", date(2026, 11, 10), "partner_report")
    world.assigned("hold renewed", "musashi", on=date(2026, 8, 20), until=date(2026, 11, 18))


def places(world: World) -> None:
    world.company("territory target", prefecture="香川県")
    world.record("us", "territory target", "target")
    world.company("territory known", prefecture="香川県")
    world.record("us", "territory known", "known")
    world.company("elsewhere", prefecture="北海道")
    world.record("us", "elsewhere", "target")


def doubtful(world: World) -> None:
    offer(world, "barred twin", "customer")
    world.company("maybe barred")
    record = world.record("musashi", "maybe barred", "target")
    world.link(record, "barred twin", verdict="review")


def capped(world: World) -> None:
    for number in range(4):
        offer(world, f"many {number}", "target", capped="customer" if number == 3 else "target", late="target")


def lines(world: World) -> None:
    """Deals that bar one product line only, for partners that sell all of them or some."""
    for position, line in enumerate(("kintai", "keihi", "crm"), start=1):
        world.insert("config.product_lines", product_line=line, name=f"{line}クラウド", position=position)
    for partner, by_product_line in (("by_line", True), ("seller", True), ("whole", False)):
        world.partner(partner, exclusive=False, by_product_line=by_product_line, rules={"our_customer": (True, 180)})
    world.insert("config.territories", partner="seller", kind="product_line", value="kintai")
    world.insert("config.territories", partner="seller", kind="product_line", value="keihi")
    world.company("deal in kintai")
    account = world.record("us", "deal in kintai", "open_opportunity")
    world.deal(account, scope="kintai", active=date(2026, 11, 10))
    for partner in ("by_line", "seller", "whole"):
        world.record(partner, "deal in kintai", "target")


def likes(world: World) -> None:
    """The only customers of ours of which the industry is known."""
    for company in ("maker", "other maker"):
        world.company(company)
        world.record("us", company, "customer", industry="製造業", employees=100)
    offer(world, "would-be maker", None)
    world.record("open_partner", "would-be maker", "target", industry="製造業", employees=200)


def prospects(world: World) -> None:
    world.partner("prospect", stage="prospective", prefectures=("東京都",))
    world.partner("gone", stage="ended")
    offer(world, "prospected", "target", prospect="customer", gone="customer")
    world.assigned("prospected", "gone", on=date(2026, 9, 1), until=date(2026, 12, 30))


def declined(world: World) -> None:
    """Sent back as not for the partner; of some the partner has said something else since, or nobody has accepted it."""
    kinds = {"declined": {}, "declined in vain": {"verdict": "waiting", "decided_at": None}, "declined, then claimed": {}}
    for number, (company, other) in enumerate(kinds.items()):
        offer(world, company, "target", musashi="customer", setouchi="target")
        put_back(world, number, company, **other)
    world.claim("musashi", "declined, then claimed", received=datetime(2026, 11, 15, tzinfo=UTC))
    offer(world, "declined, then served", "target", musashi="customer", setouchi="target")
    put_back(world, 10, "declined, then served")
    put_back(world, 11, "declined, then served", kind="already_served", received_at=datetime(2026, 11, 12, tzinfo=UTC))


def put_back(world: World, number: int, company: str, **other: object) -> None:
    row: dict[str, object] = {"return_id": f"r{number}", "partner": "musashi", "file": "f", "sheet": "s", "row_number": number}
    row |= {"kind": "not_wanted", "company_id": company, "company_name": company, "content": {"key": company}}
    row |= {"received_at": datetime(2026, 11, 10, tzinfo=UTC), "verdict": "accepted", "decided_by": "tanaka"}
    world.warehouse.insert("state.share_returns", row | {"decided_at": datetime(2026, 11, 13, tzinfo=UTC)} | other)


FACTS: list[Callable[[World], None]] = [statuses, contested, places, doubtful, capped, lines, likes, prospects, declined]


def tell(warehouse: TestWarehouse, facts: list[Callable[[World], None]]) -> World:
    world = World(warehouse)
    world.partner("musashi")
    world.partner("setouchi")
    world.partner("shikoku", prefectures=("香川県", "徳島県"))
    world.partner("open_partner", exclusive=False)
    world.partner("other_open", exclusive=False)
    world.partner("capped", cap=2)
    world.partner("late")
    for fact in facts:
        fact(world)
    return world.build()


@pytest.fixture(scope="module")
def world(dbt_project: DbtProject) -> Iterator[World]:
    warehouse = TestWarehouse(dbt_project)
    yield tell(warehouse, FACTS)
    warehouse.close()


def holders(world: World, company: str) -> list[Any]:
    return [partner for (partner,) in world.rows("whitespace", "partner", f"company_id = '{company}'")]


@pytest.mark.parametrize(
    ("company", "expected"),
    [
        ("our target", ["musashi"]),
        ("known to us", ["musashi"]),
        ("not ours", ["musashi"]),
        ("our customer", []),
        ("shared and exclusive", ["musashi", "open_partner", "other_open"]),
        ("declined", ["setouchi"]),  # musashi has sent it back as not for it
        ("declined in vain", ["musashi"]),
        ("declined, then claimed", ["musashi"]),
        ("declined, then served", ["musashi"]),
        ("both", ["setouchi"]),  # its customer
        ("claimed", ["musashi"]),
        ("held", ["musashi"]),  # a standing assignment stays
        ("hold ran out", ["setouchi"]),
        ("hold released", ["setouchi"]),  # by a no-approach row
        ("hold renewed", ["musashi"]),  # by activity
        ("territory target", ["shikoku"]),
        ("territory known", []),
        ("elsewhere", []),
        ("barred twin", []),
        ("maybe barred", []),  # a review link to a barred company withholds it
    ],
)
def test_who_is_offered_a_company(world: World, company: str, expected: list[str]) -> None:
    assert holders(world, company) == expected


def test_reasons_and_rules_are_told(world: World) -> None:
    found = {
        row[0]: row[1:]
        for row in world.rows("whitespace", "company_id, reason_key, arbitration_rule", "partner <> 'open_partner'")
    }
    assert found["both"] == ("whitespace.their_customer", "existing_customer")
    assert found["claimed"] == ("whitespace.their_target", "only_candidate")
    assert found["territory target"] == ("whitespace.in_territory", "only_candidate")


def test_every_reason_is_told_the_strongest_first(world: World) -> None:
    assert world.rows("whitespace", "reason_keys, likeness", "company_id = 'would-be maker'") == [
        (["whitespace.their_target", "whitespace.like_our_customers"], 1.0)
    ]


def test_a_company_barred_in_one_product_line_is_offered_in_the_others_that_the_partner_may_sell(world: World) -> None:
    assert world.rows("whitespace", "partner, scope", "company_id = 'deal in kintai'") == [
        ("by_line", "crm"), ("by_line", "keihi"), ("seller", "keihi")
    ]  # fmt: skip


def test_arbitration_tells_every_contender_and_its_place(world: World) -> None:
    assert world.rows("arbitration", "place, partner, rule, verdict", "company_id = 'both'") == [
        (1, "setouchi", "existing_customer", "holds"), (2, "musashi", "existing_customer", "yields")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("partner", "company", "expected"),
    [
        ("musashi", "our target", ("offered", "only_candidate", None)),
        ("musashi", "both", ("held_by_other", "existing_customer", "setouchi")),
        ("musashi", "maybe barred", ("withheld", "our_customer", "barred twin")),
        ("open_partner", "shared and exclusive", ("offered", "shared", None)),
        ("musashi", "declined", ("declined", None, None)),
    ],
)
def test_the_verdict_on_every_candidate_is_kept(world: World, partner: str, company: str, expected: tuple[Any, ...]) -> None:
    columns = "verdict, decided_by, other_id"
    assert world.rows("whitespace_verdicts", columns, f"partner = '{partner}' AND company_id = '{company}'") == [expected]


def test_a_prospective_partner_receives_nothing_and_an_ended_one_releases_what_it_held(world: World) -> None:
    assert holders(world, "prospected") == []
    assert world.rows("assignments", where="company_id = 'prospected'") == []
    assert world.rows("whitespace_verdicts", where="partner IN ('prospect', 'gone')") == []


def test_a_renewed_hold_runs_from_the_last_activity(world: World) -> None:
    assert world.rows("assignments", "partner, assigned_on, held_until", "company_id = 'hold renewed'") == [
        ("musashi", date(2026, 8, 20), date(2027, 2, 8))
    ]


def test_a_withheld_company_is_named_for_our_own_people(world: World) -> None:
    assert world.rows("whitespace_withheld", "partner, company_id, scope, barred_company_id, rule") == [
        ("musashi", "maybe barred", "*", "barred twin", "our_customer")
    ]


def test_a_cap_trims_after_assignment_and_the_rest_is_not_offered_to_another(world: World) -> None:
    assigned = world.rows("assignments", "company_id", "partner = 'capped'")
    offered = world.rows("whitespace", "rank, company_id", "partner = 'capped'")
    assert len(offered) == min(2, len(assigned))
    assert offered[0] == (1, "many 3")  # its customer goes first
    assert len(world.rows("whitespace_verdicts", where="verdict = 'beyond_cap'")) == len(assigned) - len(offered)
    others = {company for (company,) in world.rows("whitespace", "company_id", "partner = 'late'")}
    assert others.isdisjoint({company for (company,) in assigned})


def test_exclusive_whitespace_goes_to_one_partner_and_nothing_barred_is_offered(world: World) -> None:
    assert world.rows("whitespace", "company_id", "exclusive GROUP BY company_id HAVING count(*) > 1") == []
    overlapping = "bars.scope IN ('*', offered.scope) OR offered.scope = '*'"
    pairs = "marts.whitespace AS offered JOIN marts.no_approach AS bars USING (partner, company_id)"
    assert world.warehouse.rows(f"SELECT 1 FROM {pairs} WHERE {overlapping}") == []
