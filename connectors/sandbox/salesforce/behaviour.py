"""What single types do by themselves when a record is saved.

Belongs here: derived fields (names, stages, activities' accounts) and rules of permission records. Does not: rules all
types share (``records.py``).
"""

from __future__ import annotations

from typing import Any

from connectors.sandbox.salesforce.errors import SalesforceError
from connectors.sandbox.salesforce.schema import Schema
from connectors.sandbox.salesforce.values import full_name
from connectors.sandbox.store import Store

SECURITY = frozenset({"PermissionSet", "PermissionSetAssignment", "FieldPermissions", "ObjectPermissions"})
_CLOSED_TASKS = frozenset({"Completed", "完了"})


def derive(store: Store, type_name: str, doc: dict[str, Any], before: dict[str, Any], now: str) -> None:
    """Fill in what Salesforce computes from other fields of the record."""
    if type_name in ("Contact", "Lead", "User"):
        doc["Name"] = full_name(doc)
    elif type_name == "Opportunity" and doc.get("StageName") != before.get("StageName"):
        stage = next(store.select("OpportunityStage", "json_extract(doc, '$.MasterLabel') = ?", (doc.get("StageName"),)), None)
        if stage is not None:
            doc["IsClosed"], doc["IsWon"] = stage[1]["IsClosed"], stage[1]["IsWon"]
            doc["Probability"] = stage[1].get("DefaultProbability")
        doc["LastStageChangeDate"] = now if before else None
    elif type_name in ("Task", "Event"):
        doc["AccountId"] = _account_of(store, doc)
        if type_name == "Task":
            doc["IsClosed"] = doc.get("Status") in _CLOSED_TASKS


def _account_of(store: Store, doc: dict[str, Any]) -> str | None:
    """The account an activity belongs to: what it is about, else whom it is with."""
    about = doc.get("WhatId") or ""
    if about.startswith("001"):
        return about
    for type_name, id in (("Opportunity", about), ("Contact", doc.get("WhoId") or "")):
        parent = store.get(type_name, id)
        if parent is not None:
            return parent.get("AccountId")
    return None


def before_save(schema: Schema, store: Store, type_name: str, doc: dict[str, Any], before: dict[str, Any], now: str) -> None:
    """Derive, then check what only this type asks. Raises ``SalesforceError``."""
    derive(store, type_name, doc, before, now)
    if type_name == "FieldPermissions":
        _check_field_permission(schema, doc)
    if type_name in ("FieldPermissions", "ObjectPermissions"):
        target = schema.types.get(str(doc.get("SobjectType")).lower())
        if target is None:
            raise _bad_value("SobjectType", "Sobject Type Name", doc.get("SobjectType"))
        if doc.get("PermissionsEdit") and not doc.get("PermissionsRead"):
            message = "Permission to edit needs permission to read"
            raise SalesforceError("FIELD_INTEGRITY_EXCEPTION", message, fields=("PermissionsRead",))
    _check_once(store, type_name, doc)


def _check_field_permission(schema: Schema, doc: dict[str, Any]) -> None:
    type_name, _, name = str(doc.get("Field")).partition(".")
    target = schema.types.get(type_name.lower())
    each = None if target is None else target.field(name)
    if each is None or not each.permissionable:  # required and standard fields are open to all; no grant exists for them
        raise _bad_value("Field", "Field Name", doc.get("Field"))


def _bad_value(name: str, label: str, value: object) -> SalesforceError:
    message = f"{label}: bad value for restricted picklist field: {value}"
    return SalesforceError("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", message, fields=(name,))


_ONCE = {
    "FieldPermissions": ("ParentId", "Field"),
    "ObjectPermissions": ("ParentId", "SobjectType"),
    "PermissionSetAssignment": ("PermissionSetId", "AssigneeId"),
}


def _check_once(store: Store, type_name: str, doc: dict[str, Any]) -> None:
    """A permission is granted once."""
    if type_name not in _ONCE:
        return
    first, second = _ONCE[type_name]
    where = f"deleted = 0 AND id <> ? AND json_extract(doc, '$.{first}') = ? AND json_extract(doc, '$.{second}') = ?"
    same = store.ids(type_name, where, (doc["Id"], doc.get(first), doc.get(second)))
    if same:
        message = f"duplicate value found: {first}, {second} duplicates value on record with id: {same[0]}"
        raise SalesforceError("DUPLICATE_VALUE", message, fields=())


def after_write(schema: Schema, type_name: str) -> None:
    """Permissions take effect at once."""
    if type_name in SECURITY:
        schema.refresh()
