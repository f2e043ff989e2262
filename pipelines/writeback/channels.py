"""The kinds of thing that write-back keeps: fields on records, child rows, list memberships, tasks.

Belongs here: how each is read and sent through a connector, in native values, and which mart says what it should be. Does not:
comparing, journaling, or which of them a connection has (``targets.py``).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from connectors.crm import Crm, WriteResult
from pipelines.writeback.catalogue import (
    CHILD_FIELDS,
    CHILD_KEY,
    CHILD_OBJECT,
    MEMBER_FIELDS,
    TASK_FIELDS,
    TASK_KEY,
    OwnedField,
    native_value,
)
from pipelines.writeback.journal import Target

Native = dict[str, Any]
"""column -> value as the CRM's API gives or takes it."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field to be written; ``after`` canonical, ``native`` JSON where the value must go out exactly so."""

    column: str
    after: str | None
    native: str | None = None


@dataclass(slots=True)
class RecordChange:
    """What is to be written to one record. ``kind``: update, create or remove."""

    record_id: str
    kind: str
    writes: list[FieldChange] = field(default_factory=list)


@dataclass
class Channel:
    """One kind of thing in one connection. ``fields``: what of it is ours, and no more is ever written."""

    crm: Crm
    target: Target
    fields: tuple[OwnedField, ...]
    mart: str
    mart_key: str
    mart_rule: str = "rule"
    mart_filter: str = "true"
    records: str = ""
    """Native object whose merges matter to it."""
    ours: bool = True
    """In our own CRM; else in a partner's."""
    pulled: bool = False
    """The last pull knows what it holds."""
    creates: bool = False
    """Sending brings a record about that is not there; else one that has gone is left alone."""
    keyed: bool = False
    """Its records carry our own external id: one that is there is ours."""
    once: bool = False
    """What was brought about once is never touched again, unless it is to be withdrawn."""
    withdrawn_mart: str | None = None
    """Of what is brought about once: names what must go all the same."""

    @property
    def natives(self) -> dict[str, str]:
        """column -> native name."""
        return {f.column: f.native(self.crm.name) for f in self.fields}

    def mart_column(self, column: str) -> str:
        """SQL for the column in the mart."""
        return f'"{column}"'

    def value(self, change: FieldChange) -> Any:
        """The value as the CRM's API takes it; ``None`` clears."""
        if change.native is not None:
            return json.loads(change.native)
        type = next(f.type for f in self.fields if f.column == change.column)
        return native_value(type, change.after, self.crm.name)

    def read(self, record_ids: Sequence[str]) -> dict[str, Native]:
        """What the CRM holds now; records that do not exist are absent."""
        raise NotImplementedError

    def look_again(self) -> None:
        """Forget what was read: the next ``read`` asks the CRM."""

    def send(self, changes: Sequence[RecordChange]) -> Iterator[WriteResult]:
        """Send these changes; ``WriteResult.key`` is the record id of the change."""
        raise NotImplementedError


class RecordFields(Channel):
    """Our fields on records that are not ours: accounts, companies, opportunities, deals; by record id."""

    def read(self, record_ids: Sequence[str]) -> dict[str, Native]:
        rows = self.crm.read(self.target.object, record_ids, list(self.natives.values()))
        return {id: {column: row.get(name) for column, name in self.natives.items()} for id, row in rows.items()}

    def send(self, changes: Sequence[RecordChange]) -> Iterator[WriteResult]:
        id_name = "Id" if self.crm.name == "salesforce" else "id"
        rows = ({id_name: c.record_id, **{self.natives[w.column]: self.value(w) for w in c.writes}} for c in changes)
        yield from self.crm.write(self.target.object, rows)


class ChildRows(Channel):
    """Rows of our own child object in Salesforce, keyed by external id ``<account id>:<partner>``."""

    def __init__(self, crm: Crm, connection: str) -> None:
        super().__init__(
            crm,
            Target(connection, CHILD_OBJECT),
            CHILD_FIELDS,
            mart="crm_account_map",
            mart_key="external_id",
            mart_rule="'account_map'",
            creates=True,
            keyed=True,
        )
        self._ids: dict[str, str] = {}

    @property
    def natives(self) -> dict[str, str]:
        return {f.column: f.child() for f in self.fields}

    def read(self, record_ids: Sequence[str]) -> dict[str, Native]:
        rows = self.crm.read(CHILD_OBJECT, record_ids, ["Id", *self.natives.values()], external_id=CHILD_KEY)
        self._ids.update({key: str(row["Id"]) for key, row in rows.items()})
        return {key: {column: row.get(name) for column, name in self.natives.items()} for key, row in rows.items()}

    def send(self, changes: Sequence[RecordChange]) -> Iterator[WriteResult]:
        kept = [c for c in changes if c.kind != "remove"]
        yield from self.crm.write(CHILD_OBJECT, (self._row(c) for c in kept), external_id=CHILD_KEY)
        removed = {self._ids[c.record_id]: c.record_id for c in changes if c.kind == "remove"}
        for result in self.crm.delete(CHILD_OBJECT, list(removed)):
            yield replace(result, key=removed[result.key])

    def _row(self, change: RecordChange) -> Native:
        account = {"Account__c": change.record_id.split(":")[0]} if change.kind == "create" else {}
        return {CHILD_KEY: change.record_id, **account, **{self.natives[w.column]: self.value(w) for w in change.writes}}


class ListMembers(Channel):
    """Membership of one static HubSpot list; the one column is ``member``."""

    def __init__(self, crm: Crm, connection: str, list_key: str, list_name: str, object: str) -> None:
        super().__init__(
            crm,
            Target(connection, f"list:{list_key}"),
            MEMBER_FIELDS,
            mart="crm_lists",
            mart_key="native_id",
            mart_rule="list_key",
            mart_filter=f"list_key = '{list_key}'",
            records=object,
            creates=True,
        )
        self.list_name = list_name
        self._members: set[str] | None = None

    def mart_column(self, column: str) -> str:
        return "true"  # a row there is a membership

    def read(self, record_ids: Sequence[str]) -> dict[str, Native]:
        if self._members is None:  # the whole list at its first use: there is no asking for some
            self._members = self.crm.members(self.list_name)
        return {id: {"member": "true"} for id in record_ids if id in self._members}

    def look_again(self) -> None:
        self._members = None

    def send(self, changes: Sequence[RecordChange]) -> Iterator[WriteResult]:
        add = [c.record_id for c in changes if c.kind != "remove"]
        remove = [c.record_id for c in changes if c.kind == "remove"]
        gone = set(remove)
        for result in self.crm.set_members(self.list_name, self.records, add, remove):
            if result.ok and self._members is not None:  # else each batch would read the whole list again
                (self._members.discard if result.key in gone else self._members.add)(result.key)
            yield result


class Tasks(Channel):
    """The next play as a task for an account's owner, keyed by external id ``<account id>:<partner>:<cell>``; each once."""

    def __init__(self, crm: Crm, connection: str, object: str) -> None:
        super().__init__(
            crm,
            Target(connection, object),
            TASK_FIELDS,
            mart="crm_tasks",
            mart_key="external_id",
            creates=True,
            keyed=True,
            once=True,
            withdrawn_mart="crm_tasks_withdrawn",
        )

    @property
    def natives(self) -> dict[str, str]:
        return dict(_TASK[self.crm.name])

    def value(self, change: FieldChange) -> Any:
        if change.column == "due_on" and self.crm.name == "hubspot" and change.after:
            return f"{change.after}T00:00:00Z"  # a moment there; midnight shows as a day
        return super().value(change)

    def read(self, record_ids: Sequence[str]) -> dict[str, Native]:
        names = list(self.natives.values())
        rows = self.crm.read(self.target.object, record_ids, names, external_id=TASK_KEY[self.crm.name])
        return {key: {column: row.get(name) for column, name in self.natives.items()} for key, row in rows.items()}

    def send(self, changes: Sequence[RecordChange]) -> Iterator[WriteResult]:
        key = TASK_KEY[self.crm.name]
        kept = [c for c in changes if c.kind != "remove"]
        yield from self.crm.write(self.target.object, (self._row(c) for c in kept), external_id=key)
        ids = {str(row[self._id]): k for k, row in self._found([c.record_id for c in changes if c.kind == "remove"]).items()}
        for result in self.crm.delete(self.target.object, list(ids)):
            yield replace(result, key=ids[result.key])

    @property
    def _id(self) -> str:
        return "Id" if self.crm.name == "salesforce" else "hs_object_id"

    def _found(self, keys: Sequence[str]) -> dict[str, Native]:
        return self.crm.read(self.target.object, keys, [self._id], external_id=TASK_KEY[self.crm.name]) if keys else {}

    def _row(self, change: RecordChange) -> Native:
        return {TASK_KEY[self.crm.name]: change.record_id, **{self.natives[w.column]: self.value(w) for w in change.writes}}


_TASK: Mapping[str, Mapping[str, str]] = {
    "salesforce": {
        "subject": "Subject",
        "description": "Description",
        "due_on": "ActivityDate",
        "owner_native_id": "OwnerId",
        "account_native_id": "WhatId",
    },
    "hubspot": {
        "subject": "hs_task_subject",
        "description": "hs_task_body",
        "due_on": "hs_timestamp",
        "owner_native_id": "hubspot_owner_id",
        "account_native_id": "_associate_company",
    },
}
