"""What a scenario gives, put where a real run would find it: the settings, the raw tables, the state, and the match.

Belongs here: one short way per kind of fact. Does not: what follows from the facts. Matching is given: every record says
which company it is of, and that stands in for ``pipelines/matching``, which has tests of its own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import duckdb

from pipelines.settings.tables import Run, write_config
from tests.scenarios.scenario import Day, Tree, moment

ABOUT = {"company", "might_be", "received", "deleted"}
"""Words of a record that speak about it; all others are its fields, by the names that the CRM or the file has."""
LINKS = {
    "account": "AccountId",
    "opportunity": "OpportunityId",
    "parent": "ParentId",
    "about": "WhatId",
    "partner_account": "AccountToId",
    "companies": "associated_company_ids",
}
"""How a record points to another one of the scenario."""


class BadScenario(AssertionError):
    """The scenario says something that cannot be."""


class Facts:
    """Puts one day's facts into a connection: ``write`` before the models that matching reads, ``match`` after them."""

    def __init__(self, con: duckdb.DuckDBPyConnection, day: Day) -> None:
        self.con = con
        self.day = day
        self.given = day.given
        self._company: dict[str, str] = {}
        self._might_be: dict[str, str] = {}

    def write(self) -> None:
        self._settings()
        given = self.given
        for kind in ("Account", "Lead", "Opportunity", "Task", "Event", "OpportunityPartner", "AccountPartner"):
            entries = getattr(given, _PLACES[kind])
            self._crm(f"salesforce_{kind.lower()}", "our_salesforce", entries)
        self._crm("salesforce_registration", "our_salesforce", given.crm_registrations, _object="DealRegistration__c")
        self._crm("salesforce_introduction", "our_salesforce", given.crm_introductions, _object="Introduction__c")
        self._crm("hubspot_companies", "our_hubspot", given.hubspot_companies)
        self._crm("hubspot_deals", "our_hubspot", given.hubspot_deals)
        self._crm("hubspot_tasks", "our_hubspot", given.hubspot_tasks)
        self._partner_crms()
        for table, name, lists in (
            ("raw.partner_list_rows", "accounts", given.lists),
            ("raw.partner_registration_rows", "registrations", given.registrations),
            ("raw.partner_introduction_rows", "introductions", given.introductions),
        ):
            for partner, rows in lists.items():
                self._list(table, partner, name, rows)
        self._state()

    def _settings(self) -> None:
        """The run's id tells by which settings ``config`` was written: the same ones are not written again."""
        settings, as_of = self.day.settings, self.day.as_of
        run_id = hashlib.sha256(settings.model_dump_json().encode()).hexdigest()
        exists = self.con.execute("SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'config' AND table_name = 'run'").fetchone()
        written = self.con.execute("SELECT run_id FROM config.run").fetchone() if exists and exists[0] else None
        if written == (run_id,):
            today = as_of.astimezone(settings.us.zone).date()
            self.con.execute("UPDATE config.run SET as_of = ?, as_of_date = ?", [as_of, today])
        else:
            write_config(self.con, settings, Run(run_id, as_of))

    def match(self) -> None:
        """Links every record that the models found to the company that the scenario says it is of."""
        records = self.con.execute("SELECT record_id, native_id, name FROM intermediate.records ORDER BY ALL").fetchall()
        links, sizes = [], dict[str, int]()
        for record_id, native_id, name in records:
            if native_id not in self._company:
                raise BadScenario(f"record {native_id} ({name}) does not say which company it is of")
            company = self._company[native_id]
            sizes[company] = sizes.get(company, 0) + 1
            links.append((record_id, company, 0.97, "auto"))
            if native_id in self._might_be:
                links.append((record_id, self._might_be[native_id], 0.6, "review"))
        evidence = "[{'feature': '社名', 'outcome': '一致', 'weight': 5.0}]"
        for link in links:
            self.con.execute(
                f"INSERT INTO match.links VALUES (?, ?, ?, ?, 'name_address', {evidence}, ?, 'v1')", [*link, self.day.as_of]
            )
        for company, size in sizes.items():
            about = self.given.companies.get(company) or {}
            row = [company, self.name_of(company), about.get("corporate_number"), about.get("prefecture", "東京都"), None, size]
            self.con.execute("INSERT INTO match.companies VALUES (?, ?, ?, ?, ?, ?)", row)

    def name_of(self, company: str) -> str:
        return (self.given.companies.get(company) or {}).get("name", f"株式会社{company}")

    def _crm(self, table: str, connection: str, entries: Tree, **more: str) -> None:
        for native_id, entry in entries.items():
            about, fields = self._told(native_id, entry)
            described = {} if "company" not in about else self._described(about["company"], table)
            linked = {LINKS.get(key, key): value for key, value in fields.items()}
            payload = {_id_of(table): native_id} | more | described | linked
            row = [connection, native_id, self.day.as_of, json.dumps(payload, ensure_ascii=False, default=str)]
            self.con.execute(
                f"INSERT INTO raw.{table} VALUES (?, ?, ?, ?, ?, NULL, ?, 'run')",
                [*row, bool(about.get("deleted")), self.day.as_of],
            )
            if "received" in about:
                kind = {"salesforce_registration": "DealRegistration__c"}.get(table, "Opportunity")
                self._received(f"{connection}:{kind}:{native_id}", str(fields.get("Partner__c") or fields["RegisteredBy__c"]), about)

    def _partner_crms(self) -> None:
        """The partner's own CRM, through the connection that the settings name for it."""
        for entries, object_ in ((self.given.partner_accounts, "account"), (self.given.partner_opportunities, "opportunity")):
            for partner, records in entries.items():
                connections = self.day.settings.connections_of(ours=False)
                (name,) = [name for name, connection in connections.items() if connection.party == partner]
                crm = connections[name].crm
                kinds = {"account": "companies", "opportunity": "deals"} if crm == "hubspot" else {}
                self._crm(f"partner_{crm}_{kinds.get(object_, object_)}", name, records)

    def _list(self, table: str, partner: str, name: str, rows: Tree) -> None:
        as_of = self.day.as_of
        self.con.execute(
            """INSERT INTO raw.partner_lists BY NAME
               SELECT ? AS partner, ? AS list, 'v1' AS version, 'file.csv' AS file, ? AS content, 'full' AS kind, true AS accepted,
                      ? AS row_count, 0 AS rejected_count, ?::TIMESTAMPTZ AS modified_at, ?::TIMESTAMPTZ AS _synced_at""",
            [partner, name, name, len(rows), as_of, as_of],
        )
        for number, (native_id, entry) in enumerate(rows.items(), start=2):
            about, fields = self._told(native_id, entry)
            described = self._described(about["company"], "list")
            row = {"partner": partner, "list": name, "version": "v1", "row_number": number, "native_id": native_id}
            row |= {key: value for key, value in described.items() if key != "industry" or name == "accounts"}
            row |= {key: str(value) for key, value in fields.items() if key != "other"}
            row |= {"other": json.dumps(fields.get("other", {}), ensure_ascii=False), "_synced_at": as_of}
            self._insert(table, row)
            if "received" in about:
                self._received(f"{partner}/{name}:registration:{native_id}", partner, about)

    def _told(self, native_id: str, entry: Tree) -> tuple[Tree, Tree]:
        """What the entry says about the record, and its fields."""
        if native_id in self._company:
            raise BadScenario(f"two records are called {native_id}")
        about = {key: value for key, value in entry.items() if key in ABOUT}
        if "company" in about:
            self._company[native_id] = about["company"]
            if "might_be" in about:
                self._might_be[native_id] = about["might_be"]
        return about, {key: value for key, value in entry.items() if key not in ABOUT}

    def _described(self, company: str, table: str) -> Tree:
        """How a source of that kind writes the company: its name, and what the scenario says of it."""
        about = self.given.companies.get(company) or {}
        known = {"name": self.name_of(company), "prefecture": "東京都"} | about
        names = _COLUMNS.get(table.removeprefix("partner_"), {})
        return {names[key]: value for key, value in known.items() if key in names and value is not None}

    def _received(self, claim_id: str, partner: str, about: Tree) -> None:
        self.con.execute(
            "INSERT INTO state.registrations VALUES (?, ?, ?) ON CONFLICT DO NOTHING", [claim_id, partner, moment(about["received"])]
        )

    def _state(self) -> None:
        """What people decided, and what earlier runs remembered. Decisions stay; a later day states them again."""
        self.con.execute("DELETE FROM state.registration_decisions; DELETE FROM state.override_confirmations")
        for entry in self.given.decisions:
            row = {"claim_id": self._claim_id(entry["registration"]), "decision": entry["decision"], "until": entry.get("until")}
            row |= {"reason": entry.get("reason"), "decided_by": entry.get("by", "佐藤 花子")}
            self._insert("state.registration_decisions", row | {"decided_at": moment(entry.get("day", self.day.as_of))})
        for entry in self.given.confirmed:
            row = {"record_id": f"our_salesforce:Account:{entry['account']}", "partner": entry.get("partner"), "until": entry["until"]}
            self._insert("state.override_confirmations", row | {"decided_by": "佐藤 花子", "decided_at": self.day.as_of})
        for company, entry in self.given.assigned.items():
            row = {"company_id": company, "partner": entry["partner"], "assigned_on": entry["since"], "held_until": entry["until"]}
            columns = ", ".join([*row, "rule"])
            self.con.execute(
                f"INSERT INTO state.assignments ({columns}) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                [*row.values(), entry.get("rule", "only_candidate")],
            )

    def _claim_id(self, native_id: str) -> str:
        for partner, rows in self.given.registrations.items():
            if native_id in rows:
                return f"{partner}/registrations:registration:{native_id}"
        kind = "DealRegistration__c" if native_id in self.given.crm_registrations else "Opportunity"
        return f"our_salesforce:{kind}:{native_id}"

    def _insert(self, table: str, row: Tree) -> None:
        places = ", ".join("?" for _ in row)
        self.con.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", [_plain(value) for value in row.values()])

    def unheard(self) -> list[str]:
        """Registrations that the scenario says we received, and that no model found."""
        query = "SELECT claim_id FROM state.registrations ANTI JOIN intermediate.registration_claims USING (claim_id) ORDER BY ALL"
        found: Iterable[tuple[str]] = self.con.execute(query).fetchall()
        return [claim_id for (claim_id,) in found]


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, (str, int, float, bool, date, datetime)) else str(value)


def _id_of(table: str) -> str:
    return "id" if "hubspot" in table else "Id"


_PLACES = {
    "Account": "accounts",
    "Lead": "leads",
    "Opportunity": "opportunities",
    "Task": "tasks",
    "Event": "events",
    "OpportunityPartner": "opportunity_partners",
    "AccountPartner": "account_partners",
}

_SALESFORCE = {"name": "Name", "prefecture": "BillingState", "industry": "Industry", "employees": "NumberOfEmployees"}
_HUBSPOT = {"name": "name", "prefecture": "state", "industry": "industry", "employees": "numberofemployees"}
_COLUMNS = {
    "salesforce_account": _SALESFORCE | {"corporate_number": "CorporateNumber__c"},
    "salesforce_lead": {"name": "Company", "prefecture": "State", "industry": "Industry", "employees": "NumberOfEmployees"},
    "salesforce_registration": {"name": "CompanyName__c"},
    "salesforce_introduction": {"name": "CompanyName__c"},
    "hubspot_companies": _HUBSPOT | {"corporate_number": "corporate_number"},
    "list": {name: name for name in ("name", "prefecture", "industry", "corporate_number")},
}
