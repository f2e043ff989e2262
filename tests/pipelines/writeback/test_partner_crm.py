"""A partner's own CRM: written by the same machinery where the partner allows it, told of its own accounts, in four fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from connectors import open_crm
from connectors.crm import Crm
from connectors.sandbox.server import Org, SandboxServer
from pipelines import gate
from pipelines.crm.landing import pull_object
from pipelines.crm.objects import PARTNERS, fields_wanted
from pipelines.settings import Paths, Settings
from pipelines.warehouse import Warehouse
from pipelines.writeback.catalogue import PARTNER_ACCOUNT_FIELDS, owned_fields
from pipelines.writeback.change_set import counts
from pipelines.writeback.plan import make_plan
from pipelines.writeback.provision import objects_to_provision
from pipelines.writeback.run import WriteBackOutcome, write_back

THEIRS = {"theirs": "salesforce", "theirs_too": "hubspot"}


def settings_with(allowed: bool) -> Settings:
    def connection(crm: str) -> dict[str, Any]:
        login = {"method": "token", "token": "x"}
        if crm == "salesforce":
            login = {"method": "client_credentials", "client_id": "x", "client_secret": "x"}
        return {"crm": crm, "party": "musashi", "url": "http://127.0.0.1", "write_back": allowed, "login": login}

    return Settings.model_validate(
        {
            "version": 1,
            "us": {"name": "アオゾラソフト株式会社"},
            "connections": {name: connection(crm) for name, crm in THEIRS.items()},
            "partners": {"musashi": {"name": "武蔵システムズ株式会社", "type": "reseller"}},
            "write_back": {"brakes": {"first_fill": "write"}},
        }
    )


ALLOWED = settings_with(True)


@dataclass
class PartnerDesk:
    """A partner's Salesforce and HubSpot with one account each, and what the marts want of them."""

    orgs: dict[str, Org]
    crms: dict[str, Crm]
    con: duckdb.DuckDBPyConnection
    account: str
    company: str

    def run(self, settings: Settings = ALLOWED) -> WriteBackOutcome:
        for p in PARTNERS:
            if p.object in ("Account", "companies"):
                name = "theirs" if p.crm == "salesforce" else "theirs_too"
                owned = owned_fields(p.crm, p.object, ours=False, verdicts=False)
                pull_object(self.con, self.crms[name], name, p, fields_wanted(p, settings.connections[name], owned), "pull")
        make_plan(self.con, settings, self.crms.__getitem__)
        return write_back(self.con, settings, self.crms.__getitem__, "run-1")

    def changes(self) -> set[tuple[str, str]]:
        """(object, field) of all that was changed in the partner's CRMs, by the sandboxes' own audit."""
        return {(c["object"], c["field"]) for org in self.orgs.values() for c in org.changes() if c["action"] == "update"}


@pytest.fixture
def partner(tmp_path: Path) -> Iterator[PartnerDesk]:
    warehouse = Warehouse(Paths(home=tmp_path / "home", config=tmp_path / "none.yaml"))
    with SandboxServer(tmp_path / "sandbox", orgs=THEIRS) as server, warehouse.connect() as con:
        crms: dict[str, Any] = {}
        for name, org in server.orgs.items():
            crms[name] = open_crm(org.crm, org.url, org.credentials)
            objects, lists = objects_to_provision(ALLOWED, org.crm, party="musashi")
            user = crms[name].identity().user_id
            open_crm(org.crm, org.url, org.admin).provision(objects, lists, integration_user=user)
        record = {"attributes": {"type": "Account"}, "Name": "株式会社甲"}
        account = crms["theirs"]._session.call("POST", "composite/sobjects", None, {"records": [record]})[0]["id"]
        body = {"inputs": [{"properties": {"name": "株式会社甲"}}]}
        company = crms["theirs_too"]._session.call("POST", "/crm/v3/objects/companies/batch/create", None, body)["results"][0][
            "id"
        ]
        con.execute("CREATE SCHEMA marts")
        columns = ", ".join(f"{f.column} {'BOOLEAN' if f.type == 'checkbox' else 'VARCHAR'}" for f in PARTNER_ACCOUNT_FIELDS)
        con.execute(
            f"CREATE TABLE marts.crm_partner_account_state (connection VARCHAR, native_id VARCHAR, rule VARCHAR, {columns})"
        )
        con.execute("CREATE TABLE marts.run_measures (name VARCHAR, value DOUBLE)")
        con.execute("INSERT INTO config.run VALUES ('run-1', '2026-11-20T00:00:00Z', '2026-11-20', 'Asia/Tokyo', 'ja', 'JPY')")
        for name, id in (("theirs", account), ("theirs_too", company)):
            values = [name, id, "registered_by_other", True, "お取扱い対象外", "2027-03-31", "2026-11-20"]
            con.execute("INSERT INTO marts.crm_partner_account_state VALUES (?, ?, ?, ?, ?, ?, ?)", values)
        for check in gate.required(THEIRS):
            gate.record(con, check, True, "run-1")
        yield PartnerDesk(dict(server.orgs), crms, con, account, company)


def test_the_partner_is_told_in_four_fields_and_in_no_other(partner: PartnerDesk) -> None:
    partner.run()
    names = [f.native("salesforce") for f in PARTNER_ACCOUNT_FIELDS]
    assert partner.crms["theirs"].read("Account", [partner.account], names)[partner.account] == {
        "Totsugo_No_Approach__c": True,
        "Totsugo_No_Approach_Detail__c": "お取扱い対象外",
        "Totsugo_No_Approach_Until__c": "2027-03-31",
        "Totsugo_As_Of__c": "2026-11-20",
    }
    told = partner.crms["theirs_too"].read("companies", [partner.company], ["totsugo_no_approach_detail"])
    assert told[partner.company] == {"totsugo_no_approach_detail": "お取扱い対象外"}
    owned = {("Account", f.native("salesforce")) for f in PARTNER_ACCOUNT_FIELDS}
    owned |= {("companies", f.native("hubspot")) for f in PARTNER_ACCOUNT_FIELDS}
    assert {(object, field) for object, field in partner.changes() if "otsugo" in str(field)} <= owned


def test_the_second_run_writes_nothing(partner: PartnerDesk) -> None:
    partner.run()
    assert partner.run().fields_written == 0


def test_a_partner_that_does_not_allow_it_is_never_written(partner: PartnerDesk) -> None:
    outcome = partner.run(settings_with(False))
    assert outcome.targets == []
    assert partner.changes() == set()


def test_a_partner_s_crm_that_did_not_answer_is_left_and_the_other_is_written(partner: PartnerDesk) -> None:
    gate.record(partner.con, "pull:theirs", False, "run-1", "HTTP 503")
    outcome = partner.run()
    assert [target.connection for target in outcome.targets] == ["theirs_too"]
    skipped = {c.target.connection: c.skipped for c in counts(partner.con)}
    assert skipped["theirs"] is not None
    assert "HTTP 503" in skipped["theirs"]
    assert skipped["theirs_too"] is None
