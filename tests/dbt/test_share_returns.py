"""What an accepted return of a share's workbook leads to: statuses and claims, as if they stood in the partner's own lists."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.dbt import intermediate_world
from tests.dbt.conftest import Tables
from tests.dbt.harness import DbtProject, TestWarehouse

EARLIEST, REFUSED, FIRST, LATER, DECIDED = (datetime(2026, 11, day, tzinfo=UTC) for day in (8, 9, 10, 12, 13))
RETURNED = "musashi/_returns"


def _put(warehouse: TestWarehouse, number: int, kind: str, content: dict[str, object], **other: object) -> None:
    row: dict[str, object] = {"return_id": f"r{number}", "partner": "musashi", "file": "返送.xlsx", "sheet": "案件登録"}
    row |= {"row_number": number, "kind": kind, "company_name": content.get("name", ""), "content": content}
    row |= {"received_at": FIRST, "verdict": "accepted", "decided_by": "tanaka", "decided_at": DECIDED}
    warehouse.insert("state.share_returns", row | other)


@pytest.fixture(scope="module")
def built(dbt_project: DbtProject) -> Tables:
    warehouse = TestWarehouse(dbt_project)
    intermediate_world.fill(warehouse)
    deal = {"key": "c1", "name": "登録 テスト㈱", "native_id": "MD-9", "product": "会計", "amount": "120万円"}
    deal |= {"registered_on": "2020/1/1"}
    _put(warehouse, 1, "registration", deal)
    _put(warehouse, 2, "registration", deal | {"amount": "200万円"}, received_at=LATER)
    _put(warehouse, 3, "registration", deal | {"key": "c2"}, verdict="waiting", decided_at=None)
    _put(warehouse, 4, "registration", deal | {"key": "c3", "native_id": None, "product": "人事"})
    _put(warehouse, 11, "registration", deal | {"key": "c3"}, received_at=EARLIEST, verdict="superseded")
    _put(warehouse, 12, "registration", deal, received_at=EARLIEST, verdict="superseded")
    _put(warehouse, 13, "registration", deal, received_at=REFUSED, verdict="rejected")
    _put(warehouse, 5, "registration", deal | {"key": "c4", "native_id": "X"}, decided_at=datetime(2026, 11, 21, tzinfo=UTC))
    _put(warehouse, 6, "registration", deal | {"key": "c5", "native_id": "Y"}, partner="nobody")
    _put(
        warehouse,
        7,
        "introduction",
        {"key": "c6", "name": "紹介 テスト社", "direction": "パートナーへ", "requested_on": "2026/11/9"},
    )
    said = {"status": "target", "stated": ["customer"]}
    _put(warehouse, 8, "status", said | {"key": "k1"}, record_id="musashi/all:list:M-1")
    _put(warehouse, 9, "already_served", {"key": "k2", "status": "customer", "name": "初耳工業", "prefecture": "大阪府"})
    _put(warehouse, 10, "comment", {"key": "k3", "comment": "よろしく"}, record_id="musashi/all:list:M-1#2")
    con = warehouse.build("tag:before_matching")
    query = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'intermediate'"
    found = Tables({name: warehouse.rows(f"FROM intermediate.{name}") for (name,) in con.execute(query).fetchall()})
    warehouse.close()
    return found


def test_an_accepted_registration_is_a_claim_received_when_the_partner_sent_it(built: Tables) -> None:
    claim = built.one("registration_claims", claim_id=f"{RETURNED}:registration:MD-9")
    assert (claim["partner"], claim["origin"], claim["amount"], claim["received_at"]) == ("musashi", "file", 2_000_000.0, FIRST)
    assert claim["registered_on"].year == 2020, "the partner's date is kept, and gives no priority"


def test_a_claim_that_was_corrected_before_anybody_answered_keeps_its_place_and_a_refused_one_does_not(built: Tables) -> None:
    received = {c["claim_id"].rsplit(":", 1)[-1]: c["received_at"] for c in built["registration_claims"]}
    assert received["c3"] == EARLIEST
    assert received["MD-9"] == FIRST


def test_what_is_not_accepted_by_the_run_or_of_no_partner_is_no_claim(built: Tables) -> None:
    claims = {c["claim_id"].rsplit(":", 1)[-1] for c in built["registration_claims"] if c["claim_id"].startswith(RETURNED)}
    assert claims == {"MD-9", "c3"}


def test_claims_of_the_partners_lists_stay_as_they_are(built: Tables, tables: Tables) -> None:
    def of_lists(found: Tables) -> list[str]:
        return sorted(str(c) for c in found["registration_claims"] if "_returns" not in c["claim_id"])

    assert of_lists(built) == of_lists(tables)


def test_an_accepted_introduction_request_is_an_introduction(built: Tables) -> None:
    wish = built.one("introduction_claims", introduction_id=f"{RETURNED}:introduction:c6")
    assert (wish["partner"], wish["direction"], wish["status"]) == ("musashi", "to_partner", "requested")


def test_an_accepted_status_stands_instead_of_what_the_list_says(built: Tables) -> None:
    status = built.one("record_statuses", record_id="musashi/all:list:M-1")
    assert (status["status"], status["reason"]) == ("target", "statuses.returned")
    assert "返送.xlsx" in status["evidence"]
    assert built.one("record_statuses", record_id="musashi/all:list:M-1#2")["status"] == "open_opportunity"


def test_a_company_that_the_partner_says_it_serves_becomes_a_record_of_it(built: Tables) -> None:
    record = built.one("records", record_id=f"{RETURNED}:list:k2")
    assert (record["party"], record["name"], record["prefecture"]) == ("musashi", "初耳工業", "大阪府")
    assert built.one("record_statuses", record_id=record["record_id"])["status"] == "customer"
