"""Permission sets as the Metadata API writes them, on the records that REST shows.

Belongs here: the two notations of one thing. Does not: what a permission does (``schema.py``).
"""

from __future__ import annotations

from typing import Any

from connectors.sandbox.salesforce.definitions import as_list, truth
from connectors.sandbox.salesforce.records import Records, Session
from connectors.sandbox.store import Store

_RIGHTS = {
    "allowRead": "PermissionsRead",
    "allowCreate": "PermissionsCreate",
    "allowEdit": "PermissionsEdit",
    "allowDelete": "PermissionsDelete",
    "viewAllRecords": "PermissionsViewAllRecords",
    "modifyAllRecords": "PermissionsModifyAllRecords",
}
_SHOWN = {"Visible": "DefaultOn", "Available": "DefaultOff"}


def put(records: Records, session: Session, name: str, values: dict[str, Any]) -> None:
    """Create the set, or replace what it grants of the objects and fields named."""
    found = records.store.ids("PermissionSet", "deleted = 0 AND json_extract(doc, '$.Name') = ?", (name,))
    kept = {key: values[source] for key, source in (("Label", "label"), ("Description", "description")) if values.get(source)}
    sets = records.schema.types["permissionset"]
    if found:
        records.update(session, sets, found[0], kept)
    id = found[0] if found else records.create(session, sets, {"Name": name, **kept})
    for each in as_list(values.get("objectPermissions")):
        rights = {field: truth(each.get(word)) for word, field in _RIGHTS.items()}
        _grant(records, session, "ObjectPermissions", id, {"SobjectType": each["object"]}, rights)
    for each in as_list(values.get("fieldPermissions")):
        rights = {"PermissionsRead": truth(each.get("readable")), "PermissionsEdit": truth(each.get("editable"))}
        target = {"Field": each["field"], "SobjectType": each["field"].split(".")[0]}
        _grant(records, session, "FieldPermissions", id, target, rights)
    for each in as_list(values.get("tabSettings")):
        _grant(records, session, "PermissionSetTabSetting", id, {"Name": each["tab"]}, {"Visibility": _SHOWN[each["visibility"]]})


def _grant(
    records: Records, session: Session, type_name: str, set_id: str, target: dict[str, str], rights: dict[str, Any]
) -> None:
    key, value = next(iter(target.items()))
    where = f"deleted = 0 AND json_extract(doc, '$.ParentId') = ? AND json_extract(doc, '$.{key}') = ?"
    type = records.schema.types[type_name.lower()]
    found = records.store.ids(type_name, where, (set_id, value))
    if found:
        records.update(session, type, found[0], rights)
    else:
        records.create(session, type, {"ParentId": set_id, **target, **rights})


def read(store: Store, name: str) -> dict[str, Any] | None:
    """A permission set with its grants."""
    found = next(store.select("PermissionSet", "deleted = 0 AND json_extract(doc, '$.Name') = ?", (name,)), None)
    if found is None:
        return None
    parent = "deleted = 0 AND json_extract(doc, '$.ParentId') = ?"
    fields = [
        {"editable": doc["PermissionsEdit"], "field": doc["Field"], "readable": doc["PermissionsRead"]}
        for _, doc, _, _ in store.select("FieldPermissions", parent, (found[0],))
    ]
    objects = [
        {**{word: doc[field] for word, field in _RIGHTS.items()}, "object": doc["SobjectType"]}
        for _, doc, _, _ in store.select("ObjectPermissions", parent, (found[0],))
    ]
    words = {visibility: word for word, visibility in _SHOWN.items()}
    tabs = [
        {"tab": doc["Name"], "visibility": words[doc["Visibility"]]}
        for _, doc, _, _ in store.select("PermissionSetTabSetting", parent, (found[0],))
    ]
    return {"label": found[1]["Label"], "fieldPermissions": fields, "objectPermissions": objects, "tabSettings": tabs}
