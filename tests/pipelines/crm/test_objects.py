"""What is pulled beside the standard objects: partners of deals, and the objects that the yaml gives a role."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from connectors import open_crm
from connectors.crm import Crm
from connectors.sandbox.server import SandboxServer
from pipelines.crm.landing import PullOutcome, pull_object
from pipelines.crm.objects import CLAIMS, OURS, decisive_roles, fields_wanted, objects_of
from pipelines.settings import Connection
from pipelines.warehouse import DDL

ROLES = {"registered_by": "Partner__c", "account": "Account__c", "company": "Company__c", "amount": "Amount__c"}
LOGIN = {"method": "client_credentials", "client_id": "demo", "client_secret": "only"}
STAMP = "2026-10-01T01:02:03.000+0000"


def connection(**fields: dict[str, str]) -> Connection:
    return Connection.model_validate(
        {"crm": "salesforce", "party": "us", "url": "https://x.example", "login": LOGIN, "fields": fields}
    )


def org(directory: Path, **schema: Any) -> Path:
    """A world with an account, a deal, its partner, and two registrations."""
    home = directory / "orgs" / "sales"
    home.mkdir(parents=True)
    (directory / "world.json").write_text(json.dumps({"orgs": [{"name": "sales", "crm": "salesforce"}]}))
    lookup = {"type": "reference", "referenceTo": "Account"}
    fields = [
        {"name": "Partner__c", "label": "申請パートナー", **lookup},
        {"name": "Account__c", "label": "取引先", **lookup},
        {"name": "Company__c", "label": "企業名", "type": "string"},
        {"name": "Amount__c", "label": "金額", "type": "currency"},
    ]
    described = {
        "clients": [{**LOGIN, "user_id": "005000000000001AAA", "admin": True}],
        "custom_objects": [{"name": "Deal_Registration__c", "label": "案件登録", "fields": fields}],
    }
    (home / "schema.json").write_text(json.dumps(described | schema, ensure_ascii=False))
    rows: dict[str, list[dict[str, Any]]] = {
        "Account": [{"Id": "001000000000001AAA", "Name": "青空"}, {"Id": "001000000000002AAA", "Name": "武蔵"}],
        "Opportunity": [{"Id": "006000000000001AAA", "Name": "商談", "StageName": "提案", "CloseDate": "2026-12-01"}],
        "OpportunityPartner": [
            {"Id": "00I000000000001AAA", "OpportunityId": "006000000000001AAA", "AccountToId": "001000000000002AAA"}
            | {"Role": "VAR/Reseller", "IsPrimary": True}
        ],
        "Deal_Registration__c": [
            {"Id": "a0D000000000001AAA", "Name": "DR-1", "Partner__c": "001000000000002AAA", "Account__c": "001000000000001AAA"},
            {"Id": "a0D000000000002AAA", "Name": "DR-2", "Partner__c": "001000000000002AAA", "Company__c": "名前だけ"},
        ],
    }
    for name in rows if not schema else ("Account",):
        lines = [json.dumps({**row, "SystemModstamp": STAMP}, ensure_ascii=False) + "\n" for row in rows[name]]
        (home / f"{name}.jsonl").write_text("".join(lines), encoding="utf-8")
    return directory


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        for name in ("raw", "raw_crm"):
            con.execute((DDL / f"{name}.sql").read_text(encoding="utf-8"))
        yield con


@pytest.fixture
def sales(tmp_path: Path) -> Iterator[Crm]:
    with SandboxServer(tmp_path / "box", org(tmp_path / "world")) as server:
        yield open_crm("salesforce", server.orgs["sales"].url, LOGIN)


def pull(con: duckdb.DuckDBPyConnection, crm: Crm, of: Connection, object: str) -> PullOutcome:
    (pulled,) = [p for p in objects_of(of, [*OURS, *CLAIMS]) if p.object == object]
    return pull_object(con, crm, "sales", pulled, fields_wanted(pulled, of), "run", decisive_roles(pulled, of))


def test_an_object_of_ours_is_pulled_for_the_role_that_the_yaml_gives_it(con: duckdb.DuckDBPyConnection, sales: Crm) -> None:
    of = connection(Deal_Registration__c=ROLES, Account={"corporate_number": "CorporateNumber__c"})
    outcome = pull(con, sales, of, "Deal_Registration__c")
    assert (outcome.landed, outcome.notes, outcome.blind_to) == (2, [], [])
    found = con.execute("SELECT id, payload FROM raw.salesforce_registration ORDER BY id").fetchall()
    first, second = (json.loads(payload) for _, payload in found)
    assert (first["_object"], first["Account__c"], second["Company__c"]) == (
        "Deal_Registration__c",
        "001000000000001AAA",
        "名前だけ",
    )
    assert pull(con, sales, of, "Deal_Registration__c").landed == 0


def test_one_object_may_hold_registrations_and_introductions(con: duckdb.DuckDBPyConnection, sales: Crm) -> None:
    of = connection(Deal_Registration__c=ROLES | {"introduced_with": "Partner__c"})
    twice = [p for p in objects_of(of, OURS) if p.object == "Deal_Registration__c"]
    landed = {p.table: pull_object(con, sales, "sales", p, fields_wanted(p, of), "run").landed for p in twice}
    assert landed == {"salesforce_registration": 2, "salesforce_introduction": 2}


def test_partners_of_deals_are_pulled(con: duckdb.DuckDBPyConnection, sales: Crm) -> None:
    assert pull(con, sales, connection(), "OpportunityPartner").landed == 1
    query = "SELECT payload->>'AccountToId', payload->>'IsPrimary' FROM raw.salesforce_opportunitypartner"
    assert con.execute(query).fetchall() == [("001000000000002AAA", "true")]
    assert pull(con, sales, connection(), "AccountPartner").landed == 0


def test_a_feature_that_is_switched_off_is_passed_over(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    world = org(tmp_path / "world", switched_off=["OpportunityPartner", "AccountPartner"], custom_objects=[])
    with SandboxServer(tmp_path / "box", world) as server:
        crm = open_crm("salesforce", server.orgs["sales"].url, LOGIN)
        outcome = pull(con, crm, connection(), "OpportunityPartner")
        named = pull(con, crm, connection(Deal_Registration__c=ROLES), "Deal_Registration__c")
    assert (outcome.rows, outcome.blind_to) == (0, [])
    assert "OpportunityPartner" in outcome.notes[0]
    assert named.blind_to == ["Deal_Registration__c"], "an object that the yaml names must not vanish in silence"


def test_a_field_that_says_who_registered_is_decisive(con: duckdb.DuckDBPyConnection, sales: Crm) -> None:
    of = connection(Deal_Registration__c=ROLES | {"registered_by": "Gone__c"}, Opportunity={"registered_by": "By__c"})
    assert pull(con, sales, of, "Deal_Registration__c").blind_to == ["Deal_Registration__c.Gone__c"]
    assert pull(con, sales, of, "Opportunity").blind_to == ["Opportunity.By__c"]


def test_roles_on_standard_objects_and_of_partners_crms_make_no_objects() -> None:
    ours = connection(Opportunity={"registered_by": "By__c"})
    theirs = connection(Deal_Registration__c=ROLES).model_copy(update={"party": "musashi"})
    for of in (ours, theirs):
        assert "Deal_Registration__c" not in {p.object for p in objects_of(of, OURS)}


def test_an_object_of_our_hubspot_comes_with_its_companies(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    claims = next(p for p in CLAIMS if p.table == "hubspot_registration")
    title = {"name": "registered_by", "label": "登録元", "type": "string", "fieldType": "text"}
    schema = {"name": "registration", "labels": {"singular": "案件登録", "plural": "案件登録"}, "requiredProperties": []}
    with SandboxServer(tmp_path, orgs={"portal": "hubspot"}) as server:
        crm = open_crm("hubspot", server.orgs["portal"].url, {"method": "token", **server.orgs["portal"].credentials})
        call = crm._session.call  # type: ignore[attr-defined]
        of = {**schema, "properties": [title], "associatedObjects": ["COMPANY"]}
        object = call("POST", "/crm/v3/schemas", body=of)["objectTypeId"]
        company = call("POST", "/crm/v3/objects/companies", body={"properties": {"name": "青空"}})["id"]
        claim = call("POST", f"/crm/v3/objects/{object}", body={"properties": {"registered_by": "武蔵"}})["id"]
        call("PUT", f"/crm/v4/objects/{object}/{claim}/associations/default/companies/{company}")
        pulled = replace(claims, object=object)
        outcome = pull_object(con, crm, "portal", pulled, [*pulled.fields, "registered_by"], "run", ["registered_by"])
    assert outcome.blind_to == []
    ((payload,),) = con.execute("SELECT payload FROM raw.hubspot_registration").fetchall()
    found = json.loads(payload)
    assert (found["_object"], found["registered_by"]) == (object, "武蔵")
    assert found["associated_company_ids"] == [company]
