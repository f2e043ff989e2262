"""Writing records: what Salesforce checks, fills in and keeps up.

Belongs here: create, update, upsert, delete of one record, with the rules all types share. Does not: rules of single
types (``behaviour.py``), HTTP (``app.py``), many rows at once (``collections.py``), merging and converting (``merging.py``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connectors.sandbox.audit import Action
from connectors.sandbox.clock import Clock
from connectors.sandbox.faults import Faults
from connectors.sandbox.salesforce import behaviour, errors
from connectors.sandbox.salesforce.errors import SalesforceError
from connectors.sandbox.salesforce.ids import is_id, make_id, to_18
from connectors.sandbox.salesforce.schema import TEXT_TYPES, Field, ObjectType, Schema, View
from connectors.sandbox.salesforce.validation import Rules
from connectors.sandbox.salesforce.values import Mistyped, clean, wire_datetime
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
        doc = self.store.get(type.name, _checked(type, id))
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
        return self._with_value(type, each, value)

    def create(self, session: Session, type: ObjectType, values: dict[str, Any]) -> str:
        """The new record's id."""
        _check_security(session, type)
        if not type.writable or type.tooling or not self.view(session).may(type.name, "Create"):
            raise SalesforceError(
                "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", f"entity type cannot be inserted: {type.label}", fields=()
            )
        written = self._cleaned(session, type, values, None)
        fields = self.schema.types[type.name.lower()].fields.values()  # those that this user does not see too
        doc: dict[str, Any] = {each.name: each.default for each in fields if each.default is not None}
        doc |= {each.name: False for each in fields if each.type == "boolean" and each.name not in doc}
        owner = {"OwnerId": session.user_id} if "ownerid" in type.fields else {}
        id = self._new_id(type)
        now = self.now()
        doc |= {**owner, **written, "Id": id, "CreatedDate": now, "CreatedById": session.user_id}
        if type.custom and doc.get("Name") is None:
            doc["Name"] = self._name_of_new(type, id)
        missing = [each.name for each in type.fields.values() if each.required and each.createable and doc.get(each.name) is None]
        if missing:
            message = f"Required fields are missing: [{', '.join(missing)}]"
            raise SalesforceError("REQUIRED_FIELD_MISSING", message, fields=tuple(missing))
        self._save(session, type, id, doc, {}, now)
        self.note(session, type.name, id, now, "create", {name: (None, doc[name]) for name in written})
        return id

    def update(self, session: Session, type: ObjectType, id: str, values: dict[str, Any]) -> None:
        """Change the named fields of one record."""
        id = _checked(type, id)
        _check_security(session, type)
        if not type.writable or type.tooling or not self.view(session).may(type.name, "Edit"):
            raise errors.no_access("insufficient access rights on object id")
        before = self.live(type, id)
        written = self._cleaned(session, type, values, id)
        doc, now = {**before, **written}, self.now()
        self._save(session, type, id, doc, before, now)
        changed = [name for name in doc if name in written or doc[name] != before.get(name)]
        self.note(session, type.name, id, now, "update", {name: (before.get(name), doc[name]) for name in changed})

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
        id = _checked(type, id)
        _check_security(session, type)
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

    def check_types(self, session: Session, rows: list[dict[str, Any]]) -> None:
        """Raise for the first value in rows of JSON that is of another type than its field: none of them is then read."""
        view = self.view(session)
        for row in rows:
            type = view.type(str((row.get("attributes") or {}).get("type")))
            for name, value in row.items() if type is not None else ():
                each = type.field(name) if type is not None and value not in (None, "") else None
                if each is not None and (each.type not in TEXT_TYPES or isinstance(value, (dict, list))):
                    try:
                        clean(each, value)
                    except Mistyped:
                        raise
                    except SalesforceError:
                        continue  # its own row is told

    def _cleaned(self, session: Session, type: ObjectType, values: dict[str, Any], id: str | None) -> dict[str, Any]:
        """The sent values by canonical name, checked one by one."""
        view, cleaned = self.view(session), {}
        for name, value in values.items():
            if name == "attributes":
                continue
            each = type.field(name)
            if each is None:
                raise errors.unknown_column(name, type.name)
            if not (each.createable if id is None else each.updateable) or not view.may_edit(type.name, each):
                raise errors.not_writable(each.name)
            cleaned[each.name] = clean(each, value)
        return cleaned

    def _save(self, session: Session, type: ObjectType, id: str, doc: dict[str, Any], before: dict[str, Any], now: str) -> None:
        if self.faults.take("row_lock", f"{type.name}/{id}"):
            raise errors.row_locked(id)
        if self.faults.take("validation_rule", f"{type.name}/{id}"):
            raise SalesforceError("FIELD_CUSTOM_VALIDATION_EXCEPTION", "入力規則により保存できません。", fields=())
        for each in type.fields.values():
            value = doc.get(each.name)
            if value is not None and value != before.get(each.name):
                self._check_value(type, each, value, id)
        behaviour.before_save(self.schema, self.store, type.name, doc, before, now)
        self.rules.check(type.name, doc, before, session.user_id)
        self.put(session, type.name, id, doc, now)
        behaviour.after_write(self.schema, type.name)

    def _check_value(self, type: ObjectType, each: Field, value: Any, id: str) -> None:
        """Unique fields and references, which need a look at other records."""
        if each.unique:
            others = [other for other in self._with_value(type, each, value) if other != id]
            if others:
                message = f"duplicate value found: {each.name} duplicates value on record with id: {others[0]}"
                raise SalesforceError("DUPLICATE_VALUE", message, fields=())
        if each.reference_to and each.updateable | each.createable:
            prefixes = {self.schema.types[name.lower()].prefix for name in each.reference_to}
            if value[:3] not in prefixes:
                message = f"{each.label}: id value of incorrect type: {value}"
                raise SalesforceError("FIELD_INTEGRITY_EXCEPTION", message, fields=(each.name,))
            if all(self.store.get(name, value) is None for name in each.reference_to):
                raise SalesforceError("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", fields=(each.name,))

    def _with_value(self, type: ObjectType, each: Field, value: Any) -> list[str]:
        value = clean(each, value)
        if each.custom:
            return self.store.ids_by_value(type.name, each.name, value)
        return self.store.ids(type.name, f"deleted = 0 AND json_extract(doc, '$.{each.name}') = ? COLLATE NOCASE", (value,))

    def _new_id(self, type: ObjectType) -> str:
        while True:
            number = self.store.get_meta("last_id", 0) + 1
            self.store.set_meta("last_id", number)
            id = make_id(type.prefix, number)
            if self.store.get(type.name, id, deleted=True) is None:
                return id

    def _name_of_new(self, type: ObjectType, id: str) -> str:
        """A custom object's record that is given no name: the next number of its format, else its id."""
        made = next(self.store.select("CustomObject", "json_extract(doc, '$.FullName') = ?", (type.name,)))[1]
        if not made.get("NameFormat"):
            return id
        number = self.store.get_meta(f"auto_number {type.name}", 0) + 1
        self.store.set_meta(f"auto_number {type.name}", number)
        return re.sub(r"\{(0+)\}", lambda found: str(number).zfill(len(found[1])), made["NameFormat"])

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


def _check_security(session: Session, type: ObjectType) -> None:
    """Who may see what is an administrator's to say. Raises INSUFFICIENT_ACCESS_OR_READONLY."""
    if type.name in behaviour.SECURITY and not session.admin:
        raise errors.no_access(f"insufficient access rights on entity: {type.name}")


def _checked(type: ObjectType, id: Any) -> str:
    if not is_id(id):
        raise SalesforceError("MALFORMED_ID", f"malformed id {id}")
    if id[:3] != type.prefix:
        raise SalesforceError("MALFORMED_ID", f"{type.name} ID: id value of incorrect type: {id}", fields=("Id",))
    return to_18(id)
