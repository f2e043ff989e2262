"""Segments through the real models: conditions as the yaml states them, over records as the CRMs and files hold them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import duckdb
import pytest

from pipelines.settings import Settings
from pipelines.settings.tables import Run, write_config
from tests.dbt.compiled import compiled_project

TODAY = date(2026, 11, 20)
MODELS = ("record_statuses", "former_customers", "opportunities", "segment_matches")
LOGIN = {"method": "client_credentials", "client_id": "i", "client_secret": "s"}
HUBSPOT_LOGIN = {"method": "token", "token": "t"}
CONNECTIONS = {
    "sf": {"crm": "salesforce", "party": "us", "url": "https://sf", "login": LOGIN},
    "hs": {"crm": "hubspot", "party": "us", "url": "https://hs", "login": HUBSPOT_LOGIN},
    "theirs": {"crm": "salesforce", "party": "musashi", "url": "https://t", "login": LOGIN},
}
OBJECTS = {
    "Account": "salesforce_account",
    "Opportunity": "salesforce_opportunity",
    "Lead": "salesforce_lead",
    "companies": "hubspot_companies",
    "contacts": "hubspot_contacts",
    "deals": "hubspot_deals",
}
Payload = Mapping[str, Any]


def built(settings: Mapping[str, Any], *rows: tuple[str, str, Payload], day: date = TODAY) -> duckdb.DuckDBPyConnection:
    """The models over these rows: (connection, object, payload), or (list of musashi, 'row', columns)."""
    project = compiled_project()
    con = project.empty()
    partner = {"name": "武蔵", "type": "reseller", **settings.get("musashi", {})}
    tree = {"version": 1, "us": {"name": "自社"}, "connections": CONNECTIONS, "partners": {"musashi": partner}}
    given = {**tree, **{key: value for key, value in settings.items() if key != "musashi"}}
    write_config(con, Settings.model_validate(given), Run("run", datetime(day.year, day.month, day.day, tzinfo=UTC)))
    for number, (connection, object, payload) in enumerate(rows, start=2):
        if object == "row":
            _list_row(con, connection, number, payload)
        else:
            _crm_row(con, connection, OBJECTS[object], payload)
    project.build(project.needed_for(MODELS))
    return con


def _crm_row(con: duckdb.DuckDBPyConnection, connection: str, table: str, payload: Payload) -> None:
    table = f"partner_{table}" if connection == "theirs" else table
    id = payload.get("Id", payload.get("id"))
    row = [connection, str(id), json.dumps(dict(payload)), datetime(2026, 11, 1, tzinfo=UTC)]
    con.execute(
        f"INSERT INTO raw.{table} (connection, id, payload, _synced_at, modified_at, _deleted)"
        " VALUES ($1, $2, $3, $4, $4, false)",
        row,
    )


def _list_row(con: duckdb.DuckDBPyConnection, name: str, number: int, columns: Payload) -> None:
    at = datetime(2026, 11, 1, tzinfo=UTC)
    con.execute(
        "INSERT INTO raw.partner_lists"
        " (partner, list, version, file, content, kind, accepted, row_count, rejected_count, _synced_at)"
        " SELECT 'musashi', $1, 'v', 'f', 'accounts', 'full', true, 1, 0, $2"
        " WHERE NOT EXISTS (FROM raw.partner_lists WHERE list = $1)",
        [name, at],
    )
    row = {"partner": "musashi", "list": name, "version": "v", "row_number": number, "_synced_at": at, **columns}
    values = [json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value for value in row.values()]
    con.execute(f"INSERT INTO raw.partner_list_rows ({', '.join(row)}) VALUES ({', '.join('?' for _ in row)})", values)


def statuses(con: duckdb.DuckDBPyConnection, record_id: str) -> set[str]:
    query = "SELECT status FROM intermediate.record_statuses WHERE record_id = ?"
    return {status for (status,) in con.execute(query, [record_id]).fetchall()}


def segments(status: str, object: str, *conditions: tuple[Any, ...], since: str | None = None) -> dict[str, Any]:
    """The part of the yaml that states one alternative of one status of ours."""
    source = "hubspot" if object.islower() else "salesforce"
    named = [dict(zip(("field", "operator", "value"), condition, strict=False)) for condition in conditions]
    alternative = {"object": object, "all": named} | ({"since": since} if since else {})
    return {"segments": {source: {status: [alternative]}}}


@pytest.mark.parametrize(
    ("operator", "value", "held", "meets"),
    [
        ("is", "既存顧客", "既存顧客", True),
        ("is", "Gold", "ｇｏｌｄ ", True),
        ("is", "Gold", "Golden", False),
        ("is", "Gold", None, False),
        ("is", True, True, True),
        ("is", False, None, False),
        ("is", 3, 3.0, True),
        ("is", "001", "1", False),
        ("is_not", "Gold", "Silver", True),
        ("is_not", "Gold", "GOLD", False),
        ("is_not", "Gold", None, True),
        ("is_not", True, "", True),
        ("in", ["A", "B"], "b", True),
        ("in", ["A", "B"], "c", False),
        ("not_in", ["A", "B"], "c", True),
        ("not_in", ["A", "B"], None, True),
        ("not_in", ["A", "B"], "a", False),
        ("contains", "保守", "年間保守契約", True),
        ("contains", "保守", "ライセンス", False),
        ("contains", "保守", None, False),
        ("starts_with", "t1_", "T1_Tokyo", True),
        ("starts_with", "t1_", "A_T1_", False),
        ("empty", None, None, True),
        ("empty", None, "  ", True),
        ("empty", None, "x", False),
        ("not_empty", None, "x", True),
        ("not_empty", None, None, False),
        ("at_least", 100, 100, True),
        ("at_least", 100, "1,200名", True),
        ("at_least", 1_000_000, "120万円", True),
        ("at_least", 100, 99.5, False),
        ("at_least", 100, None, False),
        ("at_least", 100, "多数", False),
        ("at_most", 100, 100, True),
        ("at_most", 100, 101, False),
        ("at_most", 100, None, False),
        ("within_days", 30, "2026-10-21", True),
        ("within_days", 30, "2026-10-20", False),
        ("within_days", 30, "2027-01-01", True),
        ("within_days", 30, None, False),
        ("within_days", 30, "いつか", False),
        ("within_days", 0, "2026-11-20", True),
        ("within_months", 36, "2023-11-20", True),
        ("within_months", 36, "2023-11-19", False),
        ("within_days", 30, "2026-10-20T15:30:00.000+0000", True),  # half past midnight of the 21st in Tokyo
        ("within_days", 30, "1792508400000", True),  # the same day, as HubSpot writes moments
        ("not_within_days", 30, "2026-10-20", True),
        ("not_within_days", 30, "2026-10-21", False),
        ("not_within_days", 30, None, False),
        ("not_within_months", 12, "2025-11-19", True),
        ("not_within_months", 12, "2025-11-20", False),
    ],
)
def test_what_each_operator_holds_for(operator: str, value: object, held: object, meets: bool) -> None:
    condition = ("F__c", operator) if value is None else ("F__c", operator, value)
    con = built(segments("target", "Account", condition), ("sf", "Account", {"Id": "1", "Name": "甲", "F__c": held}))
    assert statuses(con, "sf:Account:1") == ({"target"} if meets else {"known"})


def test_all_conditions_have_to_hold_on_one_row() -> None:
    own = segments("customer", "Opportunity", ("IsWon", "is", True), ("Product__c", "is", "会計"), since="CloseDate")
    deal = {"AccountId": "1", "IsClosed": True, "CloseDate": "2026-05-01"}
    rows: list[tuple[str, str, Payload]] = [
        ("sf", "Account", {"Id": "1", "Name": "甲"}),
        ("sf", "Account", {"Id": "2", "Name": "乙"}),
        ("sf", "Opportunity", {"Id": "a", **deal, "IsWon": True, "Product__c": "人事"}),
        ("sf", "Opportunity", {"Id": "b", **deal, "IsWon": False, "Product__c": "会計"}),
        ("sf", "Opportunity", {"Id": "c", **deal, "AccountId": "2", "IsWon": True, "Product__c": "会計"}),
    ]
    con = built(own, *rows)
    assert statuses(con, "sf:Account:1") == {"known"}
    query = "SELECT reason, since, until, evidence FROM intermediate.record_statuses WHERE record_id = 'sf:Account:2'"
    assert con.execute(query).fetchall() == [
        ("statuses.won_opportunity", date(2026, 5, 1), None, "IsWon=true; Product__c=会計 (sf:Opportunity:c)")
    ]


def test_what_the_yaml_states_of_one_status_leaves_the_others_as_shipped() -> None:
    con = built(
        segments("customer", "Account", ("RecordType.DeveloperName", "is", "Client")),
        ("sf", "Account", {"Id": "1", "Name": "甲", "Type": "Customer", "RecordType.DeveloperName": "Lead_Account"}),
        ("sf", "Account", {"Id": "2", "Name": "乙", "Type": "Prospect", "RecordType.DeveloperName": "client"}),
        ("hs", "companies", {"id": "3", "name": "丙", "lifecyclestage": "customer"}),
        ("theirs", "Account", {"Id": "4", "Name": "丁", "Type": "Customer"}),
    )
    assert statuses(con, "sf:Account:1") == {"known"}
    assert statuses(con, "sf:Account:2") == {"customer", "target"}
    assert statuses(con, "hs:companies:3") == {"customer"}
    assert statuses(con, "theirs:Account:4") == {"customer"}, "a partner's segments are its own"


def test_a_partners_segments_judge_its_crm_and_its_lists() -> None:
    own = {
        "musashi": {
            "lists": [{"name": "list", "file": "x", "default_status": "target"}],
            "segments": {
                "salesforce": {
                    "customer": [{"object": "Account", "all": [{"field": "Rank__c", "operator": "is", "value": "A"}]}]
                },
                "file": {
                    "customer": [{"all": [{"field": "amount", "operator": "at_least", "value": 1_000_000}]}],
                    "open_opportunity": [{"all": [{"field": "提案/段取り", "operator": "contains", "value": "提案"}]}],
                    "churned": [{"since": "解約日", "all": [{"field": "解約日", "operator": "not_empty"}]}],
                },
            },
        }
    }
    con = built(
        own,
        ("theirs", "Account", {"Id": "1", "Name": "甲", "Rank__c": "Ａ"}),
        ("sf", "Account", {"Id": "1", "Name": "甲", "Rank__c": "A"}),
        ("list", "row", {"native_id": "big", "name": "大口", "amount": "１２０万円"}),
        ("list", "row", {"native_id": "small", "name": "小口", "amount": "12万円"}),
        ("list", "row", {"native_id": "deal", "name": "商談", "status": "取引中", "other": {"提案/段取り": "２．提案中"}}),
        ("list", "row", {"native_id": "left", "name": "解約", "status": "取引中", "other": {"解約日": "令和8年9月30日"}}),
    )
    found = {name: statuses(con, f"musashi/list:list:{name}") for name in ("big", "small", "deal", "left")}
    assert found == {
        "big": {"customer"},  # a field of the row beats the list's default
        "small": {"target"},
        "deal": {"customer", "open_opportunity"},
        "left": {"known"},
    }
    assert con.execute("SELECT record_id, until FROM intermediate.former_customers").fetchall() == [
        ("musashi/list:list:left", date(2026, 9, 30))
    ]
    assert (statuses(con, "theirs:Account:1"), statuses(con, "sf:Account:1")) == ({"customer"}, {"known"})


@pytest.mark.parametrize(
    ("day", "found", "former"),
    [
        (date(2029, 5, 1), {"customer"}, []),
        (date(2029, 5, 2), {"known"}, [(date(2029, 5, 1), "IsWon=true; CloseDate=2026-05-01 (sf:Opportunity:new)")]),
    ],
)
def test_a_customer_by_its_deals_is_one_through_the_last_day(day: date, found: set[str], former: list[object]) -> None:
    deal = {"AccountId": "1", "IsClosed": True, "IsWon": True}
    con = built(
        {},
        ("sf", "Account", {"Id": "1", "Name": "甲"}),
        ("sf", "Opportunity", {"Id": "old", **deal, "CloseDate": "2025-05-01"}),
        ("sf", "Opportunity", {"Id": "new", **deal, "CloseDate": "2026-05-01"}),
        day=day,
    )
    assert statuses(con, "sf:Account:1") == found
    assert con.execute("SELECT until, evidence FROM intermediate.former_customers").fetchall() == former
    known = "SELECT reason, since FROM intermediate.record_statuses WHERE status = 'known'"
    assert con.execute(known).fetchall() == [("statuses.former_customer", date(2029, 5, 2)) for _ in former]


def test_a_churned_account_is_no_customer_whatever_else_says_so() -> None:
    con = built(
        segments("churned", "Account", ("Left__c", "not_empty"), since="Left__c"),
        ("sf", "Account", {"Id": "1", "Name": "甲", "Type": "Customer", "Left__c": "2026-08-31"}),
        ("sf", "Opportunity", {"Id": "a", "AccountId": "1", "IsClosed": True, "IsWon": True, "CloseDate": "2026-05-01"}),
        ("sf", "Opportunity", {"Id": "b", "AccountId": "1", "IsClosed": False, "CreatedDate": "2026-11-01"}),
    )
    assert statuses(con, "sf:Account:1") == {"open_opportunity"}
    former = con.execute("SELECT until, evidence FROM intermediate.former_customers").fetchall()
    assert former == [(date(2026, 8, 31), "Left__c=2026-08-31 (sf:Account:1)")]


def test_a_condition_that_begins_with_time_tells_since_when() -> None:
    own = segments("target", "Account", ("LastOrder__c", "not_within_months", 12), ("LastOrder__c", "within_months", 24))
    rows = [
        ("sf", "Account", {"Id": id, "Name": id, "LastOrder__c": day}) for id, day in (("a", "2025-06-01"), ("b", "2024-06-01"))
    ]
    con = built(own, *rows, ("sf", "Account", {"Id": "c", "Name": "c", "LastOrder__c": "2026-06-01"}))
    query = "SELECT record_id, since, until FROM intermediate.segment_matches ORDER BY ALL"
    assert con.execute(query).fetchall() == [
        ("sf:Account:a", date(2026, 6, 2), date(2027, 6, 1)),
        ("sf:Account:b", date(2025, 6, 2), date(2026, 6, 1)),  # held once; that of c has yet to begin
    ]
    assert [statuses(con, f"sf:Account:{id}") for id in "abc"] == [{"target"}, {"known"}, {"known"}]


def test_the_shipped_segments() -> None:
    con = built(
        {},
        *(
            ("sf", "Account", {"Id": id, "Name": id, "Type": word})
            for id, word in (("1", "Customer - Direct"), ("2", "customer - channel"), ("3", "見込み客"), ("4", "Partner"))
        ),
        ("sf", "Lead", {"Id": "5", "Company": "甲", "IsConverted": False, "CreatedDate": "2026-05-01T20:00:00.000+0000"}),
        ("hs", "companies", {"id": "6", "name": "乙", "lifecyclestage": "Opportunity"}),
        ("hs", "companies", {"id": "7", "name": "丙", "lifecyclestage": "subscriber"}),
        ("hs", "contacts", {"id": "8", "company": "丁", "lifecyclestage": "lead", "associated_company_ids": []}),
        ("hs", "contacts", {"id": "9", "company": "丙", "lifecyclestage": "customer", "associated_company_ids": ["7"]}),
        ("hs", "deals", {"id": "a", "hs_is_closed": "false", "createdate": "2026-05-01", "associated_company_ids": ["7"]}),
    )
    query = "SELECT record_id, status, reason, since FROM intermediate.record_statuses ORDER BY record_id"
    assert con.execute(query).fetchall() == [
        ("hs:companies:6", "open_opportunity", "statuses.lifecycle_stage", None),
        ("hs:companies:7", "open_opportunity", "statuses.open_opportunity", date(2026, 5, 1)),
        ("hs:contacts:8", "target", "statuses.lifecycle_stage", None),
        ("sf:Account:1", "customer", "statuses.account_type", None),
        ("sf:Account:2", "customer", "statuses.account_type", None),
        ("sf:Account:3", "target", "statuses.account_type", None),
        ("sf:Account:4", "known", "statuses.nothing_said", None),
        ("sf:Lead:5", "target", "statuses.lead", date(2026, 5, 2)),
    ]


def test_amounts_are_in_our_currency_where_a_rate_is_stated() -> None:
    terms = {
        "exchange_rates": {"USD": {"rate": 150, "on": "2026-10-01"}},
        "connections": CONNECTIONS | {"sf": {**CONNECTIONS["sf"], "fields": {"Opportunity": {"product": "Product__c"}}}},
        "product_lines": {"accounting": {"name": "会計", "words": ["経費"]}},
    }
    deal = {"AccountId": "1", "IsClosed": False, "Amount": 1000, "Probability": 25}
    con = built(
        terms,
        ("sf", "Account", {"Id": "1", "Name": "甲"}),
        ("sf", "Opportunity", {"Id": "a", **deal, "CurrencyIsoCode": "usd", "Product__c": "クラウド経費"}),
        ("sf", "Opportunity", {"Id": "b", **deal, "CurrencyIsoCode": "EUR", "Product__c": "その他"}),
        ("sf", "Opportunity", {"Id": "c", **deal, "Probability": None}),
        ("sf", "Opportunity", {"Id": "d", **deal, "Amount": None, "CurrencyIsoCode": "EUR"}),
        ("hs", "companies", {"id": "2", "name": "乙"}),
        ("hs", "deals", {"id": "e", "amount": "200", "hs_deal_stage_probability": "0.4", "associated_company_ids": ["2"]}),
    )
    query = """SELECT split_part(opportunity_id, ':', 3), amount, original_amount, currency, exchange_rate, lacks_rate,
                      probability, expected_amount, scope FROM intermediate.opportunities ORDER BY 1"""
    assert con.execute(query).fetchall() == [
        ("a", 150_000.0, 1000.0, "USD", 150.0, False, 0.25, 37_500.0, "accounting"),
        ("b", None, 1000.0, "EUR", None, True, 0.25, None, "*"),
        ("c", 1000.0, 1000.0, "JPY", 1.0, False, None, None, "*"),
        ("d", None, None, "EUR", None, False, 0.25, None, "*"),
        ("e", 200.0, 200.0, "JPY", 1.0, False, 0.4, 80.0, "*"),
    ]
