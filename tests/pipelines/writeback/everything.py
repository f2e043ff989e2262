"""A small vendor of whom everything is written that can be: accounts, child rows, lists, verdicts on registrations, tasks.

Belongs here: what the marts want, generation after generation, and whether the CRMs say so. Does not: what happens in between.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from pipelines.settings import Settings
from pipelines.writeback.catalogue import ACCOUNT_FIELDS, CHILD_FIELDS, REGISTRATION_FIELDS, TASK_FIELDS
from tests.pipelines.writeback.conftest import EVERYTHING, Desk

LIST = "Totsugo 武蔵システムズ株式会社 ホワイトスペース"
CHILD = "Totsugo_Account_Map__c"
RECORDS = 14
_LOOSE = {"first_fill": "write", "changed_share": 1.0, "flags_set_share": 1.0, "flags_cleared_share": 1.0, "removed_share": 1.0}
_BRAKES = EVERYTHING.write_back.brakes.model_copy(update={**_LOOSE, "canary": 3})
FREE = EVERYTHING.model_copy(update={"write_back": EVERYTHING.write_back.model_copy(update={"brakes": _BRAKES})})
"""Everything switched on, and no brake that trips."""


_MARTS = {
    "account_fields": ("crm_account_state",),
    "child_rows": ("crm_account_map",),
    "lists": ("crm_lists",),
    "registration_verdicts": ("crm_registration_state",),
    "next_play_tasks": ("crm_tasks",),
}
SWITCHES = tuple(_MARTS)
"""Each lets something be written."""


def only(switch: str) -> Settings:
    """Only one of them is."""
    chosen = FREE.write_back.model_copy(update={name: name == switch for name in SWITCHES})
    return FREE.model_copy(update={"write_back": chosen})


_OWNED = {
    *(f.native(crm) for crm in ("salesforce", "hubspot") for f in (*ACCOUNT_FIELDS, *REGISTRATION_FIELDS)),
    *(f.child() for f in CHILD_FIELDS),
    *("Account__c", "Totsugo_Key__c", "totsugo_key", "Subject", "Description", "ActivityDate", "OwnerId", "WhatId"),
    *("hs_task_subject", "hs_task_body", "hs_timestamp", "hubspot_owner_id", LIST, None),
}
_SILENT = {"Totsugo_Key__c", "totsugo_key", None}
_STATUS = ("submitted", "approved", "extended", "expired")
_APPROACH = ("open", "limited", "assigned", "no_approach")


@dataclass
class Everything:
    """``generation``: how often the marts have come to want something else of each."""

    desk: Desk
    accounts: list[str] = field(default_factory=list)
    companies: list[str] = field(default_factory=list)
    opportunities: list[str] = field(default_factory=list)
    deals: list[str] = field(default_factory=list)
    owners: dict[str, str] = field(default_factory=dict)
    generation: Counter[str] = field(default_factory=Counter)
    mark: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        desk = self.desk
        desk.pulled = ("Account", "companies", "Opportunity", "deals")
        names = [f"株式会社{n:02}商事" for n in range(RECORDS)]
        self.accounts, self.companies = sorted(desk.create(*names)), desk.create_companies(*names)
        opportunity = {"attributes": {"type": "Opportunity"}, "StageName": "Prospecting", "CloseDate": "2027-03-31"}
        records = [{**opportunity, "Name": name, "AccountId": id} for name, id in zip(names, self.accounts, strict=True)]
        session: Any = desk.crms["sales"]._session  # type: ignore[attr-defined]
        made = session.call("POST", "composite/sobjects", None, {"records": records})
        self.opportunities = [one["id"] for one in made]
        self.owners["sales"] = desk.people["sales"].identity().user_id
        session = desk.crms["marketing"]._session  # type: ignore[attr-defined]
        inputs = [{"properties": {"dealname": name}} for name in names]
        self.deals = [
            d["id"] for d in session.call("POST", "/crm/v3/objects/deals/batch/create", None, {"inputs": inputs})["results"]
        ]
        self.owners["marketing"] = "77"

    def want_more(self, *switches: str) -> None:
        """The marts want something else of these, or of everything: rows change, come and go, tasks come."""
        self.begin()
        for switch in switches or SWITCHES:
            self.generation[switch] += 1
            for table in _MARTS[switch]:
                self.desk.con.execute(f"DELETE FROM marts.{table}")
            for n in range(RECORDS):
                getattr(self, f"_{switch}")(n, self.generation[switch])

    def _account_fields(self, n: int, g: int) -> None:
        approach = _APPROACH[(n + g) % 4]
        values = {"partner_approach": approach, "no_approach": approach == "no_approach", "next_play": f"提案{g}、その{n}"}
        for id, connection in ((self.accounts[n], "sales"), (self.companies[n], "marketing")):
            self.desk.want(id, connection, **values, no_approach_until="2027-03-31" if approach == "no_approach" else None)

    def _child_rows(self, n: int, g: int) -> None:
        if (n + g) % 3:
            values = {"play": f"提案{g}", "cell": str(1 + (n + g) % 9), "may_approach": (n + g) % 2 == 0}
            self.desk.want_child(self.accounts[n], **values)

    def _lists(self, n: int, g: int) -> None:
        if (n + g) % 3:
            row = ["marketing", "musashi:whitespace", self.companies[n]]
            self.desk.con.execute("INSERT INTO marts.crm_lists VALUES (?, ?, ?)", row)

    def _registration_verdicts(self, n: int, g: int) -> None:
        verdict = ["rule", _STATUS[(n + g) % 4], f"理由{g}", f"2027-0{1 + g % 9}-01"]
        for record in (["sales", self.opportunities[n]], ["marketing", self.deals[n]]):
            self.desk.con.execute("INSERT INTO marts.crm_registration_state VALUES (?, ?, ?, ?, ?, ?)", [*record, *verdict])

    def _next_play_tasks(self, n: int, g: int) -> None:
        if n < 8:
            told = [f"紹介を頼む{g}", "両社の顧客。\n役員へ。", "2026-12-04"]
            for connection, id in (("sales", self.accounts[n]), ("marketing", self.companies[n])):
                row = [connection, f"{id}:musashi:{g}", "play", id, *told, self.owners[connection]]
                self.desk.con.execute(f"INSERT INTO marts.crm_tasks VALUES ({', '.join('?' * 8)})", row)

    def begin(self) -> None:
        """From here on the audit trail is looked at."""
        self.mark = {name: max((c["seq"] for c in org.changes()), default=0) for name, org in self.desk.orgs.items()}

    def changes_of_ours(self) -> list[dict[str, Any]]:
        """What our login changed since ``begin``, by the audit trail of the CRMs."""
        us = {name: self.desk.crms[name].identity().user_id for name in self.desk.orgs}
        return [c for name, org in self.desk.orgs.items() for c in org.changes(after=self.mark[name]) if c["user_id"] == us[name]]

    def faults_of_ours(self) -> list[dict[str, Any]]:
        """Of these the changes that change nothing, and those to a field that is not ours. A key that is sent names its record,
        as where a task is joined to its company by a later run."""
        return [
            c
            for c in self.changes_of_ours()
            if c["field"] not in _OWNED or (c["before"] == c["after"] and c["field"] not in _SILENT)
        ]

    def differences(self) -> list[tuple[str, str, str, Any, Any]]:
        """(object, record, field, wanted, held) wherever the CRMs do not say what the marts want."""
        sales, marketing = self.desk.crms["sales"], self.desk.crms["marketing"]
        found = []
        for crm, connection, account, deal, task, key in (
            (sales, "sales", "Account", "Opportunity", "Task", "Totsugo_Key__c"),
            (marketing, "marketing", "companies", "deals", "tasks", "totsugo_key"),
        ):
            for object, mart, fields, id, external in (
                (account, "crm_account_state", ACCOUNT_FIELDS, "native_id", None),
                (deal, "crm_registration_state", REGISTRATION_FIELDS, "native_id", None),
                (task, "crm_tasks", TASK_FIELDS, "external_id", key),
            ):
                native = {f.column: f.native(crm.name) for f in fields} if object != task else _TASK[crm.name]
                found += self._compared(crm, connection, object, mart, native, id, external)
        child = {f.column: f.child() for f in CHILD_FIELDS}
        found += self._compared(sales, "sales", CHILD, "crm_account_map", child, "external_id", "Totsugo_Key__c")
        return found + self._surplus()

    def _compared(
        self, crm: Any, connection: str, object: str, mart: str, native: dict[str, str], id: str, external: str | None
    ) -> list[tuple[str, str, str, Any, Any]]:
        columns = ", ".join(f"{c}::VARCHAR" for c in native)
        query = f"SELECT {id}, {columns} FROM marts.{mart} WHERE connection = ? ORDER BY ALL"
        wanted = {
            row[0]: dict(zip(native, row[1:], strict=True)) for row in self.desk.con.execute(query, [connection]).fetchall()
        }
        held = crm.read(object, list(wanted), list(native.values()), external)
        return [
            (object, id, column, value, held.get(id, {}).get(native[column], "no such record"))
            for id, row in wanted.items()
            for column, value in row.items()
            if column != "as_of" and _plain(value) != _plain(held.get(id, {}).get(native[column], "no such record"))
        ]

    def _surplus(self) -> list[tuple[str, str, str, Any, Any]]:
        """Child rows, members and tasks that are there and not wanted, or twice."""
        query = "SELECT external_id FROM marts.crm_account_map"
        rows = self._keys(CHILD)
        wanted = [row[0] for row in self.desk.con.execute(query).fetchall()]
        members = [row[0] for row in self.desk.con.execute("SELECT native_id FROM marts.crm_lists").fetchall()]
        on_list = self.desk.crms["marketing"].members(LIST)
        tasks = self._keys("Task")
        found = [] if sorted(rows) == sorted(wanted) else [(CHILD, "*", "keys", sorted(wanted), sorted(rows))]
        found += [] if on_list == set(members) else [(LIST, "*", "member", sorted(members), sorted(on_list))]
        return found + ([] if len(tasks) == len(set(tasks)) else [("Task", "*", "twice", "", tasks)])

    def unlike_what_was_sent(self) -> list[tuple[str, str, str, Any, Any]]:
        """(object, record, field, sent, held) wherever the CRMs do not hold what we last sent; of fields and child rows."""
        found = []
        for connection, object, fields, key in (
            ("sales", "Account", ACCOUNT_FIELDS, None),
            ("sales", "Opportunity", REGISTRATION_FIELDS, None),
            ("sales", CHILD, CHILD_FIELDS, "Totsugo_Key__c"),
            ("marketing", "companies", ACCOUNT_FIELDS, None),
            ("marketing", "deals", REGISTRATION_FIELDS, None),
        ):
            crm = self.desk.crms[connection]
            native = {f.column: f.child() if object == CHILD else f.native(crm.name) for f in fields}
            query = "SELECT record_id, field, value FROM state.sent WHERE connection = ? AND object = ? ORDER BY ALL"
            sent = self.desk.con.execute(query, [connection, object]).fetchall()
            held = crm.read(object, sorted({row[0] for row in sent}), list(native.values()), key)
            nowhere = dict.fromkeys(native.values(), "no such record")
            told = [(id, field, value, held.get(id, nowhere)[native[field]]) for id, field, value in sent]
            found += [(object, *row) for row in told if _plain(row[2]) != _plain(row[3])]
        return found

    def _keys(self, object: str) -> list[str]:
        return [doc["Totsugo_Key__c"] for _, doc, _, _ in self.desk.orgs["sales"].store.select(object, "deleted = 0")]


_TASK = {
    "salesforce": {
        "account_native_id": "WhatId",
        "subject": "Subject",
        "description": "Description",
        "due_on": "ActivityDate",
        "owner_native_id": "OwnerId",
    },
    "hubspot": {
        "account_native_id": "_associate_company",
        "subject": "hs_task_subject",
        "description": "hs_task_body",
        "due_on": "hs_timestamp",
        "owner_native_id": "hubspot_owner_id",
    },
}


def _plain(value: Any) -> str:
    """Null, false and empty are one here; dates are days, numbers whole."""
    text = "" if value in (None, False, "false") else str(value).lower() if value is True else str(value)
    return text[:10] if text[4:5] == "-" else text.removesuffix(".0")
