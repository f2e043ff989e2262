"""What a record's values are asked before they are kept, by rules that all types share.

Belongs here: rights, types of values, unique fields, references, which only read. Does not: writing (``records.py``), what a
value may be (``values.py``), rules of single types (``behaviour.py``) and of an org's administrator (``validation.py``).
"""

from __future__ import annotations

from typing import Any

from connectors.sandbox.salesforce import behaviour, errors
from connectors.sandbox.salesforce.errors import SalesforceError
from connectors.sandbox.salesforce.ids import is_id, to_18
from connectors.sandbox.salesforce.schema import TEXT_TYPES, Field, ObjectType, Schema, View
from connectors.sandbox.salesforce.values import Mistyped, clean
from connectors.sandbox.store import Store

Doc = dict[str, Any]


def check_security(type: ObjectType, admin: bool) -> None:
    """Who may see what is an administrator's to say. Raises INSUFFICIENT_ACCESS_OR_READONLY."""
    if type.name in behaviour.SECURITY and not admin:
        raise errors.no_access(f"insufficient access rights on entity: {type.name}")


def checked_id(type: ObjectType, id: Any) -> str:
    """The 18-character form of an id of this type. Raises MALFORMED_ID."""
    if not is_id(id):
        raise SalesforceError("MALFORMED_ID", f"malformed id {id}")
    if id[:3] != type.prefix:
        raise SalesforceError("MALFORMED_ID", f"{type.name} ID: id value of incorrect type: {id}", fields=("Id",))
    return to_18(id)


def check_types(view: View, rows: list[Doc]) -> None:
    """Raise for the first value in rows of JSON that is of another type than its field: none of them is then read."""
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


def cleaned(view: View, type: ObjectType, values: Doc, new: bool) -> Doc:
    """The sent values of a new record or a known one by canonical name, checked one by one."""
    found = {}
    for name, value in values.items():
        if name == "attributes":
            continue
        each = type.field(name)
        if each is None:
            raise errors.unknown_column(name, type.name)
        if not (each.createable if new else each.updateable) or not view.may_edit(type.name, each):
            raise errors.not_writable(each.name)
        found[each.name] = clean(each, value)
    return found


def check_complete(type: ObjectType, doc: Doc) -> None:
    """Raises REQUIRED_FIELD_MISSING."""
    missing = [name for name in type.demanded if doc.get(name) is None]
    if missing:
        message = f"Required fields are missing: [{', '.join(missing)}]"
        raise SalesforceError("REQUIRED_FIELD_MISSING", message, fields=tuple(missing))


def check_against_others(schema: Schema, store: Store, type: ObjectType, doc: Doc, before: Doc) -> None:
    """Raises DUPLICATE_VALUE, FIELD_INTEGRITY_EXCEPTION, INVALID_CROSS_REFERENCE_KEY for values that are new to the record."""
    for each in type.compared:
        value = doc.get(each.name)
        if value is None or value == before.get(each.name):
            continue
        if each.unique:
            _check_unique(store, type, each, value, doc["Id"])
        if each.reference_to and (each.updateable or each.createable):
            _check_reference(schema, store, each, value)


def _check_unique(store: Store, type: ObjectType, each: Field, value: Any, id: str) -> None:
    others = [other for other in with_value(store, type, each, value) if other != id]
    if others:
        message = f"duplicate value found: {each.name} duplicates value on record with id: {others[0]}"
        raise SalesforceError("DUPLICATE_VALUE", message, fields=())


def _check_reference(schema: Schema, store: Store, each: Field, value: str) -> None:
    prefixes = {schema.types[name.lower()].prefix for name in each.reference_to}
    if value[:3] not in prefixes:
        message = f"{each.label}: id value of incorrect type: {value}"
        raise SalesforceError("FIELD_INTEGRITY_EXCEPTION", message, fields=(each.name,))
    if all(store.get(name, value) is None for name in each.reference_to):
        raise SalesforceError("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", fields=(each.name,))


def with_value(store: Store, type: ObjectType, each: Field, value: Any) -> list[str]:
    """Ids of live records with this value, ASCII case aside."""
    value = clean(each, value)
    if each.custom:
        return store.ids_by_value(type.name, each.name, value)
    return store.ids(type.name, f"deleted = 0 AND json_extract(doc, '$.{each.name}') = ? COLLATE NOCASE", (value,))
