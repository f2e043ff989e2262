"""What write-back reads where it depends on what was written before, and what is told of people's edits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from pipelines.explain import explained
from tests.dbt.harness import AS_OF, DbtProject, TestWarehouse
from tests.dbt.marts_world import World

OWNER = "005"


@pytest.fixture(scope="module")
def world(dbt_project: DbtProject) -> Iterator[World]:
    warehouse = TestWarehouse(dbt_project)
    world = World(warehouse)
    world.partner("musashi", name="武蔵システムズ株式会社")
    world.partner("setouchi", name="瀬戸内ソリューション株式会社")
    tasks(world)
    claims(world)
    edits(world)
    yield world.build()
    warehouse.close()


def account(world: World, company: str, native_id: str) -> str:
    """An account of ours whose owner is a live user."""
    record_id = world.record("us", company, "customer", native_id=native_id)
    world.insert("intermediate.crm_record_texts", record_id=record_id, party="us", connection="our_salesforce", object="Account",
                 native_id=native_id, name=company, owner_native_id=OWNER)  # fmt: skip
    return record_id


def sent(world: World, object: str, record_id: str, field: str, value: str | None) -> None:
    world.insert(
        "state.sent", connection="our_salesforce", object=object, record_id=record_id, field=field, value=value, sent_at=AS_OF
    )


def tasks(world: World) -> None:
    for company in ("written to the copy", "deal moved"):
        world.company(company)
        world.record("musashi", company, "customer")
    account(world, "written to the copy", "001A")
    account(world, "written to the copy", "001B")
    world.deal(account(world, "deal moved", "001C"), state="lost")
    account(world, "deal moved", "001D")
    sent(world, "Task", "001B:musashi:1", "subject", "武蔵システムズ: …")
    sent(world, "Task", "001D:musashi:4", "subject", "武蔵システムズ: …")


def claims(world: World) -> None:
    ours = world.named("deals", "target", partners=())
    world.claim("musashi", "", deal=world.deal(ours, active=date(2026, 11, 19)))
    emptied, never = world.deal(ours, state="lost"), world.deal(ours, state="lost")
    sent(world, "Opportunity", native(emptied), "registration_status", "approved")
    sent(world, "Opportunity", native(never), "registration_status", None)
    sent(world, "Opportunity", "gone", "registration_status", "approved")


def native(opportunity_id: str) -> str:
    return opportunity_id.rsplit(":", 1)[-1]


def edits(world: World) -> None:
    world.company("edited")
    for party, status, native_id in (("us", "customer", "001E"), ("musashi", "target", "M1")):
        record_id = world.record(party, "edited", None, native_id=native_id)
        world.insert(
            "intermediate.record_statuses", record_id=record_id, party=party, status=status, reason="statuses.account_type"
        )
    since = {"first_seen_at": AS_OF, "last_seen_at": AS_OF}
    for field, theirs, ours, answer, resolved in (
        ("no_approach", "false", "true", None, None),
        ("next_play", None, "武蔵システムズ: …", "restore", None),
        ("cells", "9", "武蔵システムズ:6", None, AS_OF),
    ):
        world.insert("state.conflicts", connection="our_salesforce", object="Account", record_id="001E", field=field, ours=ours,
                     theirs=theirs, answer=answer, resolved_at=resolved, **since)  # fmt: skip
    world.insert("state.conflicts", connection="our_salesforce", object="Totsugo_Account_Map__c", record_id="001E:musashi",
                 field="may_approach", ours="false", theirs="true", **since)  # fmt: skip
    for record_id, released in (("001E", None), ("001A", AS_OF)):
        world.insert("state.holds", connection="our_salesforce", object="Account", record_id=record_id, run_id="run-7",
                     held_by="sato", held_at=AS_OF, released_at=released)  # fmt: skip
    world.insert("intermediate.overrides", record_id="our_salesforce:Account:001E", override="allow", partner="musashi",
                 reason="両社で合意", until=date(2026, 12, 31), decided_by="佐藤 花子", is_valid=True)  # fmt: skip


def told(world: World, language: str, company: str = "edited") -> str:
    return "\n".join(step.sentence for step in explained(world.warehouse.con, company, language))


def test_a_duplicate_that_has_the_task_keeps_it_though_another_is_the_one_to_keep(world: World) -> None:
    found = world.rows("crm_tasks", "external_id, owner_native_id", "external_id LIKE '001_:musashi:_'")
    assert found == [("001B:musashi:1", OWNER), ("001C:musashi:1", OWNER)]


def test_a_verdict_that_was_written_is_cleared_where_there_is_no_claim_any_more(world: World) -> None:
    found = world.rows("crm_registration_state", "registration_status, registration_reason, registration_until, rule")
    assert found == [
        ("approved", "自動承認", date(2026, 12, 20), "registration.automatic"),
        (None, None, None, "ended"),
    ]


def test_people_s_edits_and_what_is_held_are_told_in_both_languages(world: World) -> None:
    japanese, english = told(world, "ja"), told(world, "en")
    assert "our_salesforce:Account:001E: 「アプローチNG」は人が「false」に変更したため、そのままにしています" in japanese
    assert "（回答: Totsugoの値に戻す）" in japanese
    assert "our_salesforce:Account:001E: a person set No approach to “false” (seen 2026-11-20), which stays" in english
    assert "Totsugo would write “true”" in english
    assert "our_salesforce:Totsugo_Account_Map__c:001E:musashi: a person set May approach to “true”" in english
    assert "Map cells" not in english
    assert "held since sato undid run run-7 on 2026-11-20" in english
    assert "解除されるまで、Totsugoは書き込みません" in japanese
    assert world.rows("explanations", "count(*)", "text_key = 'explain.hold'") == [(1,)]


def test_the_partner_manager_s_override_is_told_as_such(world: World) -> None:
    assert "パートナー担当（佐藤 花子）の手動設定: 許可（対象 武蔵システムズ株式会社）、2026-12-31まで" in told(world, "ja")
    assert "The partner manager's override (佐藤 花子): allow for 武蔵システムズ株式会社 until 2026-12-31" in told(world, "en")
