"""A Salesforce org and a HubSpot portal over real sockets, provisioned, with a warehouse whose marts a test fills by hand."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pytest
import requests

from connectors import open_crm
from connectors.crm import Crm
from connectors.sandbox.server import Org, SandboxServer
from pipelines import gate
from pipelines.crm.landing import pull_object
from pipelines.crm.objects import OURS, fields_wanted
from pipelines.settings import Paths, Settings
from pipelines.warehouse import Warehouse
from pipelines.writeback.catalogue import (
    ACCOUNT_FIELDS,
    ACCOUNT_OBJECT,
    CHILD_FIELDS,
    REGISTRATION_FIELDS,
    TASK_FIELDS,
    OwnedField,
)
from pipelines.writeback.change_set import TargetCounts, counts
from pipelines.writeback.plan import make_plan
from pipelines.writeback.provision import objects_to_provision
from pipelines.writeback.push import PushOutcome
from pipelines.writeback.run import WriteBackOutcome, write_back

SETTINGS = Settings.model_validate(
    {
        "version": 1,
        "us": {"name": "アオゾラソフト株式会社"},
        "connections": {
            "sales": {
                "crm": "salesforce",
                "party": "us",
                "url": "http://127.0.0.1",
                "write_back": True,
                "login": {"method": "client_credentials", "client_id": "x", "client_secret": "x"},
            },
            "marketing": {
                "crm": "hubspot",
                "party": "us",
                "url": "http://127.0.0.1",
                "write_back": True,
                "login": {"method": "token", "token": "x"},
            },
        },
        "partners": {"musashi": {"name": "武蔵システムズ株式会社", "type": "reseller"}},
        "write_back": {"brakes": {"first_fill": "write"}},
    }
)
EVERYTHING = SETTINGS.model_copy(
    update={"write_back": SETTINGS.write_back.model_copy(update={"registration_verdicts": True, "next_play_tasks": True})}
)
"""All that can be written switched on."""


def _columns(fields: tuple[OwnedField, ...]) -> str:
    return ", ".join(f"{f.column} {'BOOLEAN' if f.type == 'checkbox' else 'VARCHAR'}" for f in fields)


_MARTS = {
    "crm_account_state": f"connection VARCHAR, native_id VARCHAR, rule VARCHAR, {_columns(ACCOUNT_FIELDS)}",
    "crm_account_map": f"connection VARCHAR, external_id VARCHAR, account_native_id VARCHAR, {_columns(CHILD_FIELDS)}",
    "crm_lists": "connection VARCHAR, list_key VARCHAR, native_id VARCHAR",
    "crm_registration_state": f"connection VARCHAR, native_id VARCHAR, rule VARCHAR, {_columns(REGISTRATION_FIELDS)}",
    "crm_tasks": f"connection VARCHAR, external_id VARCHAR, rule VARCHAR, {_columns(TASK_FIELDS)}",
    "crm_tasks_withdrawn": "connection VARCHAR, object VARCHAR, external_id VARCHAR",
    "run_measures": "name VARCHAR, value DOUBLE",
}


@dataclass
class Desk:
    """Everything a write-back test touches."""

    orgs: dict[str, Org]
    crms: dict[str, Crm]
    people: dict[str, Crm]
    con: duckdb.DuckDBPyConnection
    home: Path
    """Of the warehouse."""
    runs: int = 0
    accounts: list[str] = field(default_factory=list)
    pulled: tuple[str, ...] = ("Account", "companies")
    _opened: ExitStack = field(default_factory=ExitStack)

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Another process may have the warehouse meanwhile."""
        self._opened.close()
        self.con.close()
        yield
        self.con = self._opened.enter_context(warehouse(self.home).connect())

    def create(self, *names: str) -> list[str]:
        """Ids of new Salesforce accounts."""
        records = [{"attributes": {"type": "Account"}, "Name": name} for name in names]
        return [made["id"] for made in self.crms["sales"]._session.call("POST", "composite/sobjects", None, {"records": records})]

    def create_companies(self, *names: str) -> list[str]:
        """Ids of new HubSpot companies."""
        inputs = [{"properties": {"name": name}} for name in names]
        made = self.crms["marketing"]._session.call("POST", "/crm/v3/objects/companies/batch/create", None, {"inputs": inputs})
        return [one["id"] for one in made["results"]]

    def want(self, id: str, connection: str = "sales", **values: Any) -> None:
        """Set what the marts want of one account."""
        self.con.execute("DELETE FROM marts.crm_account_state WHERE connection = ? AND native_id = ?", [connection, id])
        full = {"partner_approach": "open", "no_approach": False, "as_of": "2026-11-20", **values}
        row = [connection, id, "our_customer", *(full.get(f.column) for f in ACCOUNT_FIELDS)]
        self.con.execute(f"INSERT INTO marts.crm_account_state VALUES ({', '.join('?' * len(row))})", row)

    def want_child(self, account: str, partner: str = "musashi", **values: Any) -> None:
        full = {"partner": partner, "cell": "3", "may_approach": True, "assigned": False, "as_of": "2026-11-20", **values}
        row = ["sales", f"{account}:{partner}", account, *(full.get(f.column) for f in CHILD_FIELDS)]
        self.con.execute(f"INSERT INTO marts.crm_account_map VALUES ({', '.join('?' * len(row))})", row)

    def pull(self) -> None:
        for p in OURS:
            if p.object in self.pulled:
                name = "sales" if p.crm == "salesforce" else "marketing"
                fields = ACCOUNT_FIELDS if p.object in ACCOUNT_OBJECT.values() else REGISTRATION_FIELDS
                owned = [f.native(p.crm) for f in fields]
                wanted = fields_wanted(p, SETTINGS.connections[name], owned)
                pull_object(self.con, self.crms[name], name, p, wanted, "pull")

    def plan(self, settings: Settings = SETTINGS) -> dict[str, TargetCounts]:
        """What a run would write; target -> counts."""
        self.runs += 1
        self.con.execute("UPDATE config.run SET run_id = ?", [f"run-{self.runs}"])
        make_plan(self.con, settings, self.crms.__getitem__)
        return {c.target.object: c for c in counts(self.con)}

    def apply(self, settings: Settings = SETTINGS) -> WriteBackOutcome:
        """The newest plan, carried out."""
        return write_back(self.con, settings, self.crms.__getitem__, f"run-{self.runs}")

    def run(self, settings: Settings = SETTINGS) -> WriteBackOutcome:
        """One run: pull, plan, write back."""
        self.pull()
        self.plan(settings)
        return self.apply(settings)

    def push(self, settings: Settings = SETTINGS) -> dict[str, PushOutcome]:
        """One run; target -> outcome."""
        return {o.target: o for o in self.run(settings).targets}

    def account(self, id: str) -> dict[str, Any]:
        names = [f.native("salesforce") for f in ACCOUNT_FIELDS]
        return self.crms["sales"].read("Account", [id], names)[id]

    def company(self, id: str) -> dict[str, Any]:
        names = [f.native("hubspot") for f in ACCOUNT_FIELDS]
        return self.crms["marketing"].read("companies", [id], names)[id]

    def person_sets(self, id: str, **values: Any) -> None:
        """A person, who may edit our fields too, edits an account or a company in the CRM."""
        connection, object, key = ("sales", "Account", "Id") if id.startswith("001") else ("marketing", "companies", "id")
        for result in self.people[connection].write(object, [{key: id, **values}]):
            assert result.ok, result

    def writes_seen(self, org: str) -> int:
        """Calls that changed something, by the sandbox's own log."""
        log = requests.get(f"{self.orgs[org].url}/__sandbox__/requests", timeout=10).json()
        calls = log["requests"]
        reads = ("/search", "/batch/read", "/oauth", "/query")
        return sum(
            1 for c in calls if c["method"] in ("POST", "PATCH", "PUT", "DELETE") and not any(r in c["path"] for r in reads)
        )


def open_gate(con: duckdb.DuckDBPyConnection) -> None:
    for name in gate.required(["sales", "marketing"]):
        gate.record(con, name, True, "run-0")


ORGS = {"sales": "salesforce", "marketing": "hubspot"}


@pytest.fixture(scope="session")
def provisioned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Home of a sandbox whose orgs are provisioned; copied for each test, for provisioning takes seconds."""
    home = tmp_path_factory.mktemp("provisioned")
    with SandboxServer(home, orgs=ORGS) as server:
        for name, org in server.orgs.items():
            user = open_crm(org.crm, org.url, org.credentials).identity().user_id
            admin = open_crm(org.crm, org.url, org.admin)
            admin.provision(*objects_to_provision(EVERYTHING, SETTINGS.connections[name].crm), integration_user=user)
            if (
                org.crm == "salesforce"
            ):  # a person with more power than a rep: the rep's permission set lets nobody edit our fields
                _may_edit(admin, open_crm(org.crm, org.url, org.person))
    return home


def _may_edit(admin: Any, person: Any) -> None:
    found = admin._session.call("GET", "query", {"q": "SELECT Id FROM PermissionSet WHERE Name = 'Totsugo_Integration'"})
    body = {"AssigneeId": person.identity().user_id, "PermissionSetId": found["records"][0]["Id"]}
    admin._session.call("POST", "sobjects/PermissionSetAssignment", body=body)


@contextmanager
def furnished(place: Path, provisioned: Path) -> Iterator[Desk]:
    """A desk with a sandbox and a warehouse of its own under ``place``."""
    shutil.copytree(provisioned, place / "sandbox")
    home = place / "home"
    with SandboxServer(place / "sandbox", orgs=ORGS) as server, warehouse(home).connect() as con:
        crms = {name: open_crm(org.crm, org.url, org.credentials) for name, org in server.orgs.items()}
        people = {name: open_crm(org.crm, org.url, org.person) for name, org in server.orgs.items()}
        con.execute("CREATE SCHEMA marts")
        for name, columns in _MARTS.items():
            con.execute(f"CREATE TABLE marts.{name} ({columns})")
        con.execute("INSERT INTO marts.run_measures VALUES ('register_entries', 5000)")
        con.execute("INSERT INTO config.run VALUES ('run-0', '2026-11-20T00:00:00Z', '2026-11-20', 'Asia/Tokyo', 'ja', 'JPY')")
        open_gate(con)
        desk = Desk(dict(server.orgs), crms, people, con, home)
        yield desk
        desk._opened.close()


def warehouse(home: Path) -> Warehouse:
    return Warehouse(Paths(home=home, config=home / "none.yaml"))


@pytest.fixture
def desk(tmp_path: Path, provisioned: Path) -> Iterator[Desk]:
    with furnished(tmp_path, provisioned) as desk:
        yield desk
