"""A partner's own CRM: written by the same machinery where the partner allows it, told of its own accounts, in five fields."""

from __future__ import annotations

import json
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
from pipelines.sharing import crm_log
from pipelines.warehouse import Warehouse
from pipelines.writeback.catalogue import PARTNER_ACCOUNT_FIELDS, owned_fields
from pipelines.writeback.change_set import counts
from pipelines.writeback.plan import make_plan
from pipelines.writeback.provision import objects_to_provision
from pipelines.writeback.run import WriteBackOutcome, write_back
from pipelines.writeback.undo import undo

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
BARRED = {
    "no_approach": True,
    "no_approach_detail": "お取扱い対象外",
    "no_approach_until": "2027-03-31",
    "as_of": "2026-11-20",
}


@dataclass
class PartnerDesk:
    """A partner's Salesforce and HubSpot with one account each, and what the marts want of them."""

    orgs: dict[str, Org]
    crms: dict[str, Crm]
    con: duckdb.DuckDBPyConnection
    account: str
    company: str
    runs: int = 0

    def say(self, connection: str, rule: str, **values: Any) -> None:
        """What the marts want of the one account there; what is not named is empty."""
        id = self.account if connection == "theirs" else self.company
        self.con.execute("DELETE FROM marts.crm_partner_account_state WHERE connection = ?", [connection])
        full = {"no_approach": False, "whitespace": False, **values}
        row = [connection, id, rule, *(full.get(f.column) for f in PARTNER_ACCOUNT_FIELDS)]
        self.con.execute(f"INSERT INTO marts.crm_partner_account_state VALUES ({', '.join('?' * len(row))})", row)

    def clear(self, rule: str) -> None:
        for connection in THEIRS:
            self.say(connection, rule)

    def told(self) -> dict[str, Any]:
        names = [f.native("salesforce") for f in PARTNER_ACCOUNT_FIELDS]
        return self.crms["theirs"].read("Account", [self.account], names)[self.account]

    def log(self, columns: str) -> list[tuple[Any, ...]]:
        return self.con.execute(f"SELECT {columns} FROM state.sharing_log ORDER BY channel, shared_at, list").fetchall()

    def run(self, settings: Settings = ALLOWED) -> WriteBackOutcome:
        self.runs += 1
        run_id = f"run-{self.runs}"
        self.con.execute("UPDATE config.run SET run_id = ?", [run_id])
        for p in PARTNERS:
            if p.object in ("Account", "companies"):
                name = "theirs" if p.crm == "salesforce" else "theirs_too"
                owned = owned_fields(p.crm, p.object, ours=False, verdicts=False)
                pull_object(self.con, self.crms[name], name, p, fields_wanted(p, settings.connections[name], owned), "pull")
        make_plan(self.con, settings, self.crms.__getitem__)
        return write_back(self.con, settings, self.crms.__getitem__, run_id)

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
        con.execute("CREATE SCHEMA intermediate")
        con.execute("CREATE TABLE intermediate.records (record_id VARCHAR, name VARCHAR)")
        for name, crm in THEIRS.items():
            record_id = f"{name}:Account:{account}" if crm == "salesforce" else f"{name}:companies:{company}"
            con.execute("INSERT INTO intermediate.records VALUES (?, '株式会社甲')", [record_id])
            con.execute(
                "INSERT INTO match.links BY NAME SELECT ? AS record_id, 'C1' AS company_id, 0.99 AS probability,"
                " 'auto' AS verdict, 'name' AS rule, [] AS evidence, now() AS matched_at, 'v1' AS model_version",
                [record_id],
            )
            con.execute("INSERT INTO config.connections VALUES (?, ?, 'musashi')", [name, crm])
        con.execute(
            "INSERT INTO config.sharing_policies BY NAME SELECT 'musashi' AS partner, 'v1' AS policy_version,"
            " 5 AS minimum_count, [] AS lists, [] AS fields"
        )
        for check in gate.required(THEIRS):
            gate.record(con, check, True, "run-1")
        desk = PartnerDesk(dict(server.orgs), crms, con, account, company)
        for name in THEIRS:
            desk.say(name, "policy:v1", **BARRED)
        yield desk


def test_the_partner_is_told_in_five_fields_and_in_no_other(partner: PartnerDesk) -> None:
    partner.run()
    assert partner.told() == {
        "Totsugo_No_Approach__c": True,
        "Totsugo_No_Approach_Detail__c": "お取扱い対象外",
        "Totsugo_No_Approach_Until__c": "2027-03-31",
        "Totsugo_Whitespace__c": False,
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


NOTHING = {
    "Totsugo_No_Approach__c": False,
    "Totsugo_No_Approach_Detail__c": None,
    "Totsugo_No_Approach_Until__c": None,
    "Totsugo_Whitespace__c": False,
    "Totsugo_As_Of__c": None,
}


@pytest.mark.parametrize(("rule", "because"), [("ended", "ended"), ("no_policy", "policy")])
def test_after_the_contract_or_the_policy_everything_is_cleared_and_the_log_says_why(
    partner: PartnerDesk, rule: str, because: str
) -> None:
    partner.run()
    partner.clear(rule)
    partner.run()
    assert partner.told() == NOTHING
    columns = "channel, list, company_name, company_id, policy_version, run_id, withdrawn_because"
    told = ("no_approach", "株式会社甲", "C1", "v1", "run-1", because)
    assert partner.log(columns) == [("theirs", *told), ("theirs_too", *told)]
    assert partner.run().fields_written == 0


def test_the_day_is_cleared_too_where_nothing_else_is_left(partner: PartnerDesk) -> None:
    partner.run()
    partner.say("theirs", "policy:v1", as_of="2026-11-21")
    partner.run()
    assert partner.told() == NOTHING | {"Totsugo_As_Of__c": "2026-11-21"}
    partner.clear("ended")
    partner.run()
    assert partner.told() == NOTHING
    assert partner.run().fields_written == 0


def test_the_log_has_a_row_for_every_saying_with_what_went_out(partner: PartnerDesk) -> None:
    partner.run()
    partner.say("theirs", "policy:v2", no_approach=True, no_approach_detail="当社にて直接対応しております", as_of="2026-11-21")
    partner.run()
    partner.say("theirs", "policy:v2", whitespace=True, as_of="2026-11-22")
    partner.run()
    found = [
        row for row in partner.log("channel, list, fields, content, policy_version, withdrawn_because") if row[0] == "theirs"
    ]
    assert [(row[1], row[4], row[5]) for row in found] == [
        ("no_approach", "v1", "changed"), ("no_approach", "v2", "no_longer_so"), ("whitespace", "v2", None)
    ]  # fmt: skip
    assert found[0][2] == ["no_approach", "no_approach_detail", "no_approach_until"]
    assert json.loads(found[1][3]) == {"no_approach": True, "no_approach_detail": "当社にて直接対応しております"}


def test_the_log_is_the_same_however_often_it_is_made_and_whenever(partner: PartnerDesk) -> None:
    partner.run()
    partner.clear("no_policy")
    partner.run()
    columns = "* EXCLUDE (as_of)"  # of an earlier run its moment is known where it was remembered
    logged = partner.log(columns)
    crm_log.keep(partner.con, ALLOWED)
    assert partner.log(columns) == logged
    partner.con.execute("DELETE FROM state.sharing_log")  # as if each run had been killed before its log
    crm_log.keep(partner.con, ALLOWED)
    assert partner.log(columns) == logged


def test_a_record_that_the_partner_deletes_stands_no_more(partner: PartnerDesk) -> None:
    partner.run()
    partner.con.execute("DELETE FROM intermediate.records WHERE starts_with(record_id, 'theirs:')")
    crm_log.keep(partner.con, ALLOWED)
    assert partner.log("channel, withdrawn_because") == [("theirs", "no_longer_so"), ("theirs_too", None)]


def test_an_undo_takes_back_what_was_told_and_tells_nothing_again(partner: PartnerDesk) -> None:
    partner.run()
    partner.clear("ended")
    partner.run()
    outcome = undo(partner.con, ALLOWED, partner.crms.__getitem__, "run-2", "undo-1", "佐藤")
    assert {kept.why for kept in outcome.kept} == {"shared"}
    assert partner.told() == NOTHING


def test_what_an_undo_holds_is_cleared_all_the_same_when_the_contract_ends(partner: PartnerDesk) -> None:
    partner.say("theirs", "policy:v1", whitespace=True, as_of="2026-11-20")
    partner.run()
    partner.say("theirs", "policy:v1", whitespace=True, no_approach=True, as_of="2026-11-20")
    partner.run()
    undo(partner.con, ALLOWED, partner.crms.__getitem__, "run-2", "undo-1", "佐藤")
    assert partner.told()["Totsugo_Whitespace__c"] is True
    assert partner.told()["Totsugo_No_Approach__c"] is False
    partner.clear("ended")
    partner.run()
    assert partner.told() == NOTHING
