"""What a partner lets us do with what it gives us: its terms hold in our CRMs, in alerts and in plans."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from tests.dbt.harness import AS_OF, DbtProject, TestWarehouse
from tests.dbt.marts_world import TODAY, World

CRM = (
    "crm_account_state",
    "crm_account_map",
    "crm_lists",
    "crm_tasks",
    "crm_tasks_withdrawn",
    "crm_registration_state",
    "alerts",
)
THEIRS = "武蔵システムズ"
Make = Callable[..., World]


@pytest.fixture
def make(dbt_project: DbtProject) -> Iterator[Make]:
    """Worlds with musashi, on the terms that are named, and setouchi, whose data may be used for everything."""
    made: list[TestWarehouse] = []

    def new(use: str, until: date | None = None) -> World:
        for earlier in made:
            earlier.close()
        made.append(TestWarehouse(dbt_project))
        world = World(made[-1])
        world.partner("musashi", name=f"{THEIRS}株式会社", exclusive=True)
        world.partner("setouchi", name="瀬戸内ソリューション株式会社", exclusive=True)
        world.insert("config.partner_terms", partner="musashi", use=use, until=until)
        world.insert("config.partner_terms", partner="setouchi", use="plans")
        return world

    yield new
    for warehouse in made:
        warehouse.close()


def busy(world: World) -> World:
    """musashi has a customer of ours, a target that it holds, and a company that it registered in its file; all in both CRMs."""
    for company, ours, theirs in (("alpha", "customer", "customer"), ("beta", "target", "target"), ("gamma", "target", "known")):
        world.company(company)
        world.record("us", company, ours, native_id=company, owner_name="佐藤")
        world.record("us", company, ours, crm="hubspot", native_id=company)
        world.record("musashi", company, theirs)
        world.record("setouchi", company, "target")
        own = {"connection": "our_salesforce", "object": "Account", "native_id": company, "owner_native_id": "005"}
        world.insert("intermediate.crm_record_texts", record_id=f"our_salesforce:Account:{company}", **own)
    world.assigned("beta", "musashi", on=TODAY, until=TODAY + timedelta(days=60))
    world.claim("musashi", "gamma", active=TODAY)
    world.insert("state.alert_runs", as_of=AS_OF - timedelta(days=1))
    world.insert("config.alert_kinds", kind="claim_lapsing")
    return world


def everything(world: World, *models: str) -> str:
    """All that our CRMs and the channels of alerts would hold, in one text."""
    return "\n".join(str(world.rows(model)) for model in models or CRM)


def child(world: World, native_id: str) -> dict[str, Any]:
    (row,) = world.warehouse.rows(f"SELECT * FROM marts.crm_account_map WHERE external_id = '{native_id}'")
    return row


def test_with_every_use_agreed_the_partner_stands_in_our_crm(make: Make) -> None:
    told = everything(busy(make("plans")).build(*CRM))
    assert THEIRS in told
    assert "alpha:musashi" in told
    assert "musashi:whitespace" in told
    assert "alpha:musashi:1" in told


@pytest.mark.parametrize(("use", "until"), [("mapping_only", None), ("plans", TODAY - timedelta(days=1))])
def test_what_is_for_the_map_alone_stands_nowhere_in_our_crm(make: Make, use: str, until: date | None) -> None:
    world = busy(make(use, until)).build(*CRM, "account_map")
    told = everything(world)
    assert THEIRS not in told
    assert "musashi" not in told
    assert world.rows("account_map", "company_id", "partner = 'musashi'") == [("alpha",), ("beta",), ("gamma",)]


def test_the_last_day_is_included(make: Make) -> None:
    assert THEIRS in everything(busy(make("crm_fields", TODAY)).build(*CRM))


def test_flags_that_follow_from_our_rules_stay_and_name_nobody(make: Make) -> None:
    world = busy(make("mapping_only")).build(*CRM)
    states = {row["native_id"]: row for row in world.warehouse.rows("FROM marts.crm_account_state WHERE object = 'Account'")}
    assert states["alpha"]["no_approach"] is True
    assert states["gamma"]["partner_approach"] == "assigned"
    assert states["gamma"]["assigned_partner"] is None
    assert states["gamma"]["no_approach_detail"].startswith("担当パートナー以外: ")
    assert child(world, "gamma:setouchi")["may_approach"] is False
    assert child(world, "beta:setouchi")["reason"] == "他パートナーが担当中のため対象外"


def test_a_registration_of_our_own_crm_stays_and_says_nothing_of_the_partner_s_list(make: Make) -> None:
    world = make("mapping_only")
    world.company("alpha")
    ours = world.record("us", "alpha", "target", native_id="alpha")
    world.record("musashi", "alpha", "customer")
    world.claim("musashi", "alpha", deal=world.deal(ours, partner="musashi", active=TODAY), active=TODAY)
    world.build(*CRM)
    row = child(world, "alpha:musashi")
    assert row["assigned"] is True
    assert (row["partner_status"], row["cell"], row["play"], row["evidence"]) == (None, None, None, None)
    (state,) = world.rows("crm_account_state", "assigned_partner, cells, next_play")
    assert state == (f"{THEIRS}株式会社", None, None)
    assert len(world.rows("crm_registration_state", where="registration_status = 'approved'")) == 1


def test_the_holder_by_its_own_list_is_not_named_to_the_other_claimant(make: Make) -> None:
    for use, detail in (("plans", f"{THEIRS}株式会社"), ("mapping_only", None)):
        world = make(use)
        world.company("alpha")
        ours = world.record("us", "alpha", "target", native_id="alpha")
        world.claim("musashi", "alpha", received=AS_OF - timedelta(days=3), active=TODAY)
        world.claim("setouchi", "alpha", deal=world.deal(ours, partner="setouchi", active=TODAY), active=TODAY)
        world.build("crm_registration_state")
        ((reason,),) = world.rows("crm_registration_state", "registration_reason")
        assert (THEIRS in reason) == bool(detail)


def test_a_task_made_before_is_taken_back(make: Make) -> None:
    for use, expected in (("plans", []), ("mapping_only", [("our_salesforce", "Task", "alpha:musashi:1")])):
        world = busy(make(use))
        for key in ("alpha:musashi:1", "alpha:setouchi:6"):
            sent = {"connection": "our_salesforce", "object": "Task", "record_id": key, "field": "subject"}
            world.insert("state.sent", **sent, value="共同提案", sent_at=AS_OF)
        world.build("crm_tasks_withdrawn")
        assert world.rows("crm_tasks_withdrawn") == expected


def test_an_alert_on_a_claim_leaves_the_map_only_where_the_terms_let_it(make: Make) -> None:
    for use, alerts in (("crm_fields", 1), ("mapping_only", 0)):
        world = busy(make(use))
        world.warehouse.con.execute("UPDATE config.registration_terms SET protection_days = 3, activity_days = 3")
        assert len(world.build("alerts").rows("alerts", where="kind = 'claim_lapsing'")) == alerts


@pytest.mark.parametrize(
    ("use", "until", "shown"), [("plans", None, 2), ("crm_fields", None, 1), ("plans", date(2026, 11, 19), 1)]
)
def test_the_page_of_all_partners_leaves_out_whose_terms_do_not_cover_plans(
    make: Make, use: str, until: date | None, shown: int
) -> None:
    world = busy(make(use, until)).build("partner_portfolio")
    assert len(world.rows("partner_portfolio")) == shown
