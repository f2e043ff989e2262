"""The three kinds of thing that write-back keeps: fields on accounts, child rows, and list memberships.

Belongs here: how each is read and sent through a connector, in canonical values. Does not: what they should say (``desired.py``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from connectors.crm import Crm, SchemaMissing, WriteResult
from pipelines.writeback.catalogue import (
    ACCOUNT_FIELDS,
    CHILD_FIELDS,
    CHILD_KEY,
    CHILD_OBJECT,
    OVERRIDE_FIELDS,
    OwnedField,
    canonical,
    native_value,
)
from pipelines.writeback.compare import RecordChange
from pipelines.writeback.journal import Target


def _empty(fields: Sequence[OwnedField]) -> dict[str, str | None]:
    return {f.column: canonical(f.type, None) for f in fields}


class AccountFields:
    """Our fields on the accounts (Salesforce) or companies (HubSpot) of one connection."""

    creates = False

    def __init__(self, crm: Crm, connection: str, object: str) -> None:
        self.crm = crm
        self.target = Target(connection, object)
        self.empty: Mapping[str, str | None] = _empty(ACCOUNT_FIELDS)
        self.fields = {f.column: f for f in ACCOUNT_FIELDS}

    def missing(self) -> list[str]:
        """Native names of our fields that this login cannot see; the rep's input too, for a block unread looks lifted."""
        present = self.crm.existing_fields(self.target.object) or set()
        names = [f.native(self.crm.name) for f in (*ACCOUNT_FIELDS, *OVERRIDE_FIELDS)]
        return [name for name in names if name not in present]

    def read(self, record_ids: Sequence[str]) -> dict[str, dict[str, str | None]]:
        names = [f.native(self.crm.name) for f in ACCOUNT_FIELDS]
        rows = self.crm.read(self.target.object, record_ids, names)
        return {
            id: {f.column: canonical(f.type, row.get(f.native(self.crm.name))) for f in ACCOUNT_FIELDS}
            for id, row in rows.items()
        }

    def send(self, changes: Sequence[RecordChange]) -> Iterator[WriteResult]:
        id_name = "Id" if self.crm.name == "salesforce" else "id"
        yield from self.crm.write(self.target.object, ({id_name: c.record_id, **self._native(c)} for c in changes))

    def _native(self, change: RecordChange) -> dict[str, object]:
        return {
            self.fields[w.column].native(self.crm.name): native_value(self.fields[w.column].type, w.after, self.crm.name)
            for w in change.writes
        }


class ChildRows:
    """Rows of our own child object in Salesforce, keyed by external id ``<account id>:<partner>``."""

    creates = True

    def __init__(self, crm: Crm, connection: str) -> None:
        self.crm = crm
        self.target = Target(connection, CHILD_OBJECT)
        self.empty: Mapping[str, str | None] = {f.column: None for f in CHILD_FIELDS}
        self.fields = {f.column: f for f in CHILD_FIELDS}
        self._ids: dict[str, str] = {}

    def missing(self) -> list[str]:
        present = self.crm.existing_fields(CHILD_OBJECT)
        names = [CHILD_KEY, "Account__c", *(f.child() for f in CHILD_FIELDS)]
        return [CHILD_OBJECT] if present is None else [name for name in names if name not in present]

    def read(self, record_ids: Sequence[str]) -> dict[str, dict[str, str | None]]:
        rows = self.crm.read(CHILD_OBJECT, record_ids, ["Id", *(f.child() for f in CHILD_FIELDS)], external_id=CHILD_KEY)
        self._ids.update({key: str(row["Id"]) for key, row in rows.items()})
        return {key: {f.column: canonical(f.type, row.get(f.child())) for f in CHILD_FIELDS} for key, row in rows.items()}

    def send(self, changes: Sequence[RecordChange]) -> Iterator[WriteResult]:
        kept = [c for c in changes if not c.remove]
        yield from self.crm.write(CHILD_OBJECT, (self._row(c) for c in kept), external_id=CHILD_KEY)
        removed = {self._ids[c.record_id]: c.record_id for c in changes if c.remove and c.record_id in self._ids}
        for result in self.crm.delete(CHILD_OBJECT, list(removed)):
            yield replace(result, key=removed[result.key])

    def _row(self, change: RecordChange) -> dict[str, object]:
        values = {
            self.fields[w.column].child(): native_value(self.fields[w.column].type, w.after, "salesforce") for w in change.writes
        }
        account = {} if change.record_id in self._ids else {"Account__c": change.record_id.split(":")[0]}
        return {CHILD_KEY: change.record_id, **account, **values}


class ListMembers:
    """Membership of one static HubSpot list; the one column is ``member``."""

    creates = True

    def __init__(self, crm: Crm, connection: str, list_key: str, list_name: str, object: str) -> None:
        self.crm = crm
        self.target = Target(connection, f"list:{list_key}")
        self.empty: Mapping[str, str | None] = {"member": None}
        self.list_name, self.object = list_name, object

    def exists(self) -> bool:
        """Whether provisioning has made the list, and nobody has deleted it since."""
        try:
            return not list(self.crm.set_members(self.list_name, self.object, [], []))
        except SchemaMissing:
            return False

    def read(self, record_ids: Sequence[str]) -> dict[str, dict[str, str | None]]:
        members = self.crm.members(self.list_name)
        return {id: {"member": "true" if id in members else None} for id in record_ids}

    def send(self, changes: Sequence[RecordChange]) -> Iterator[WriteResult]:
        add = [c.record_id for c in changes if not c.remove]
        remove = [c.record_id for c in changes if c.remove]
        yield from self.crm.set_members(self.list_name, self.object, add, remove)
