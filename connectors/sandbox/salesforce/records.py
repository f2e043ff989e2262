"""Writing records: what Salesforce fills in, keeps and keeps up.

Belongs here: create, update, upsert, delete of one record. Does not: what its values are asked first (``record_checks.py``),
rules of single types (``behaviour.py``), HTTP (``app.py``), many rows at once (``collections.py``), merging and converting
(``merging.py``). Nothing is written before the last check has passed: what raises ``SalesforceError`` leaves the store as it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connectors.sandbox.audit import Action
from connectors.sandbox.clock import Clock
from connectors.sandbox.faults import Faults
from connectors.sandbox.salesforce import behaviour, errors, numbers
from connectors.sandbox.salesforce.errors import SalesforceError
from connectors.sandbox.salesforce.ids import to_18
from connectors.sandbox.salesforce.record_checks import (
    check_against_others,
    check_complete,
    check_security,
    checked_id,
    cleaned,
    with_value,
)
from connectors.sandbox.salesforce.schema import Field, ObjectType, Schema, View
from connectors.sandbox.salesforce.validation import Rules
from connectors.sandbox.salesforce.values import wire_datetime
from connectors.sandbox.store import Store


@dataclass(frozen=True)
class Session:
    """Who is calling; ``admin``: may customise the org."""

    user_id: str
    admin: bool


class MultipleMatches(Exception):
    """Several records carry one external id; REST answers 300 with their addresses."""

    def __init__(self, type_name: str, ids: list[str]) -> None:
        super().__init__(f"{len(ids)} records of {type_name}")
        self.type_name, self.ids = type_name, ids


class Records:
    """The records of one org."""

    def __init__(self, store: Store, schema: Schema, clock: Clock, faults: Faults, rules: Rules) -> None:
        self.store, self.schema, self.clock, self.faults, self.rules = store, schema, clock, faults, rules

    def view(self, session: Session) -> View:
        return self.schema.view(session.user_id, session.admin)

    def type(self, session: Session, name: str) -> ObjectType:
        """A type this user sees. Raises 404 NOT_FOUND."""
        found = self.view(session).type(name)
        if found is None:
            raise errors.not_found()
        return found

    def get(self, type: ObjectType, id: str) -> dict[str, Any]:
        """A live record. Raises NOT_FOUND, MALFORMED_ID."""
        doc = self.store.get(type.name, checked_id(type, id))
        if doc is None:
            raise errors.not_found()
        return doc

    def find(self, type: ObjectType, field_name: str, value: str) -> list[str]:
        """Ids of live records with this external id. Raises NOT_FOUND where the field is none."""
        each = type.field(field_name)
        if each is None or not (each.external_id or each.name == "Id"):
            raise errors.not_found(f"Provided external ID field does not exist or is not accessible: {field_name}")
        if each.name == "Id":
            return [to_18(value)] if self.store.get(type.name, to_18(value)) is not None else []
        return with_value(self.store, type, each, value)

    def create(self, session: Session, type: ObjectType, values: dict[str, Any]) -> str:
        """The new record's id."""
        check_security(type, session.admin)
        if not type.writable or type.tooling or not self.view(session).may(type.name, "Create"):
            raise SalesforceError(
                "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", f"entity type cannot be inserted: {type.label}", fields=()
            )
        written = cleaned(self.view(session), type, values, new=True)
        owner = {"OwnerId": session.user_id} if "ownerid" in type.fields else {}
        (id, number), now, named = numbers.next_id(self.store, type), self.now(), 0
        blank = self.schema.types[type.name.lower()].blank  # of the fields that this user does not see too
        doc = {**blank, **owner, **written, "Id": id, "CreatedDate": now, "CreatedById": session.user_id}
        if type.custom and doc.get("Name") is None:
            doc["Name"], named = numbers.next_name(self.store, type, id)
        check_complete(type, doc)
        self._save(session, type, id, doc, {}, now)
        numbers.take_id(self.store, number)
        if named:
            numbers.take_name(self.store, type, named)
        self.note(session, type.name, id, now, "create", {name: (None, doc[name]) for name in written})
        return id

    def update(self, session: Session, type: ObjectType, id: str, values: dict[str, Any]) -> None:
        """Change the named fields of one record."""
        id = checked_id(type, id)
        check_security(type, session.admin)
        if not type.writable or type.tooling or not self.view(session).may(type.name, "Edit"):
            raise errors.no_access("insufficient access rights on object id")
        before = self.live(type, id)
        written = cleaned(self.view(session), type, values, new=False)
        doc, now = {**before, **written}, self.now()
        self._save(session, type, id, doc, before, now)
        was = before.get
        changed = {name: (was(name), value) for name, value in doc.items() if name in written or value != was(name)}
        self.note(session, type.name, id, now, "update", changed)

    def upsert(self, session: Session, type: ObjectType, field_name: str, value: str, values: dict[str, Any]) -> tuple[str, bool]:
        """(id, created). Raises ``MultipleMatches``."""
        found = self.find(type, field_name, value)
        if len(found) > 1:
            raise MultipleMatches(type.name, found)
        if any(name.lower() == field_name.lower() for name in values):
            message = f"The {field_name} field should not be specified in the sobject data."
            raise SalesforceError("INVALID_FIELD", message)
        if found:
            self.update(session, type, found[0], values)
            return found[0], False
        if field_name.lower() == "id":
            raise errors.not_found()
        return self.create(session, type, {**values, field_name: value}), True

    def delete(self, session: Session, type: ObjectType, id: str) -> None:
        """To the recycle bin, with what hangs on it."""
        id = checked_id(type, id)
        check_security(type, session.admin)
        if not type.writable or not self.view(session).may(type.name, "Delete"):
            raise errors.no_access("insufficient access rights on object id")
        doc = self.live(type, id)
        if self.faults.take("row_lock", f"{type.name}/{id}"):
            raise errors.row_locked(id)
        self._bin(session, type.name, id, doc)
        behaviour.after_write(self.schema, type.name)

    def _bin(self, session: Session, type_name: str, id: str, doc: dict[str, Any]) -> None:
        with self.store.transaction():
            for child, link in self.children(type_name):
                if link.cascade:
                    for below in self.store.ids(child, f"deleted = 0 AND json_extract(doc, '$.{link.name}') = ?", (id,)):
                        self._bin(session, child, below, self.store.get(child, below) or {})
            now = self.now()
            self.put(session, type_name, id, doc, now, deleted=True)
            self.note(session, type_name, id, now, "delete")

    def children(self, type_name: str) -> list[tuple[str, Field]]:
        """Every (type, reference field) that can point at this type."""
        links = ((each, link) for each in self.schema.types.values() for link in each.fields.values())
        return [(each.name, link) for each, link in links if type_name in link.reference_to and link.name != "MasterRecordId"]

    def live(self, type: ObjectType, id: str) -> dict[str, Any]:
        """A record that is there. Raises ENTITY_IS_DELETED, NOT_FOUND."""
        doc = self.store.get(type.name, id)
        if doc is None:
            gone = self.store.get(type.name, id, deleted=True) is not None
            raise errors.deleted() if gone else errors.not_found()
        return doc

    def _save(self, session: Session, type: ObjectType, id: str, doc: dict[str, Any], before: dict[str, Any], now: str) -> None:
        if self.faults.take("row_lock", f"{type.name}/{id}"):
            raise errors.row_locked(id)
        if self.faults.take("validation_rule", f"{type.name}/{id}"):
            raise SalesforceError("FIELD_CUSTOM_VALIDATION_EXCEPTION", "入力規則により保存できません。", fields=())
        check_against_others(self.schema, self.store, type, doc, before)
        behaviour.before_save(self.schema, self.store, type.name, doc, before, now)
        self.rules.check(type.name, doc, before, session.user_id)
        self.put(session, type.name, id, doc, now)
        behaviour.after_write(self.schema, type.name)

    def put(self, session: Session, type_name: str, id: str, doc: dict[str, Any], now: str, deleted: bool = False) -> None:
        """Keep a record as it is, under this user's stamp."""
        stamped = {**doc, "LastModifiedDate": now, "LastModifiedById": session.user_id, "SystemModstamp": now}
        self.store.put(type_name, id, stamped, now, deleted)

    def note(
        self,
        session: Session,
        type_name: str,
        id: str,
        now: str,
        action: Action,
        values: dict[str, tuple[Any, Any]] | None = None,
    ) -> None:
        """Tell the audit trail."""
        self.store.audit.note(now, session.user_id, type_name, id, action, values)

    def now(self) -> str:
        """The present moment as records are stamped with it."""
        moment: datetime = self.clock.now().replace(microsecond=0)
        return wire_datetime(moment)
