"""What a scenario gives, put where a real run would find it: the raw tables, and the match.

Belongs here: one short way per kind of fact. Does not: what follows from the facts. Matching is given: every record says
which company it is of, and that stands in for ``pipelines/matching``, which has tests of its own.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import duckdb

from tests.scenarios.memory import write_state
from tests.scenarios.scenario import Day, Tree, moment

ABOUT = {"company", "might_be", "received", "deleted", "merged_into"}
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
        given = self.given
        for kind in ("Account", "Lead", "Opportunity", "Task", "Event", "OpportunityPartner", "AccountPartner", "User"):
            entries = getattr(given, _PLACES[kind])
            self._crm(f"salesforce_{kind.lower()}", "our_salesforce", entries)
        for kind, entries in (("DealRegistration__c", given.crm_registrations), ("Introduction__c", given.crm_introductions)):
            table = "salesforce_registration" if kind == "DealRegistration__c" else "salesforce_introduction"
            named = {name: _custom(entry) for name, entry in entries.items()}
            self._crm(table, "our_salesforce", named, _object=kind)
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
        write_state(self.con, self.day)

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
        evidence = "[{'feature': 'name', 'outcome': 'same_text', 'weight': 5.0}]"
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
            gone = [bool(about.get("deleted") or about.get("merged_into")), about.get("merged_into")]
            self.con.execute(f"INSERT INTO raw.{table} VALUES (?, ?, ?, ?, ?, ?, ?, 'run')", [*row, *gone, self.day.as_of])

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
        as_of = moment(self.given.lists_read) if self.given.lists_read else self.day.as_of
        self.con.execute(
            """INSERT INTO raw.partner_lists BY NAME
               SELECT ? AS partner, ? AS list, 'v1' AS version, 'file.csv' AS file, ? AS content, 'full' AS kind,
                      true AS accepted, ? AS row_count, 0 AS rejected_count,
                      ?::TIMESTAMPTZ AS modified_at, ?::TIMESTAMPTZ AS _synced_at""",
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

    def _insert(self, table: str, row: Tree) -> None:
        places = ", ".join("?" for _ in row)
        self.con.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", [_plain(value) for value in row.values()])


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, (str, int, float, bool, date, datetime)) else str(value)


def _custom(entry: Tree) -> Tree:
    """An object of our own points to the account by a field of our own."""
    return {"Account__c" if key == "account" else key: value for key, value in entry.items()}


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
    "User": "users",
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
