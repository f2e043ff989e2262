"""The two permission sets, without which new fields stay invisible even to the login that made them.

Belongs here: who may see and edit our objects, fields and tab, as rows to insert and as a component. Does not: creating those
(``provision``). A grant that exists is left as it is, also where an administrator made it smaller.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from connectors.batches import CallRefused
from connectors.crm import ObjectSpec
from connectors.salesforce.metadata import ACTIVITIES, Component
from connectors.salesforce.outcome import Outcome
from connectors.salesforce.session import SalesforceSession

READER = "Totsugo_Reader"
INTEGRATION = "Totsugo_Integration"
_LABELS = {
    READER: (
        "Totsugo: read (突合 閲覧)",
        "Totsugo（突合）が書いた項目を閲覧し、上書き用の項目だけを編集できます。"
        " / Reads what Totsugo wrote; edits only the rep's own override fields.",
    ),
    INTEGRATION: (
        "Totsugo: integration (突合 連携)",
        "Totsugo（突合）の連携ユーザー専用です。 / For the one user under which Totsugo runs.",
    ),
}
_RIGHTS = ("Create", "Delete", "Edit", "Read")
Row = dict[str, Any]


def grant(
    session: SalesforceSession, objects: Sequence[ObjectSpec], integration_user: str | None, dry_run: bool, outcome: Outcome
) -> None:
    """Both sets, their grants on ``objects``, and ``Totsugo_Integration`` assigned to the user that runs write as."""
    for name in (READER, INTEGRATION):
        found = _query(session, f"SELECT Id FROM PermissionSet WHERE Name = '{name}'")
        (outcome.present if found else outcome.created).append(f"permission set {name}")
        set_id = found[0]["Id"] if found else None
        if set_id is None and not dry_run:
            label, description = _LABELS[name]
            body = {"Name": name, "Label": label, "Description": description}
            set_id = session.call("POST", "sobjects/PermissionSet", body=body)["id"]
        wanted = [*_object_grants(objects, name), *_field_grants(objects, name), *_tab_grants(objects)]
        has = _existing(session, found[0]["Id"]) if found else {}
        missing = [row for row in wanted if _key(row) not in has]
        if missing:
            outcome.created.append(f"{len(missing)} grants of permission set {name}")
        if missing and set_id and not dry_run:
            _insert(session, [{**row, "ParentId": set_id} for row in missing])
        smaller = [_told(row) for row in wanted if row.get("PermissionsEdit") and has.get(_key(row)) is False]
        outcome.by_hand += [f"permission set {name} grants no edit on {what}, which Totsugo asks for" for what in smaller]
        if name == INTEGRATION:
            _assign(session, set_id, integration_user, dry_run, outcome)


def _object_grants(objects: Iterable[ObjectSpec], name: str) -> list[Row]:
    """None on tasks: Salesforce grants those by a right of the user, not of the object."""
    grants = []
    for spec in objects:
        if spec.name in ACTIVITIES:
            continue
        writes = name == INTEGRATION
        row = {"attributes": {"type": "ObjectPermissions"}, "SobjectType": spec.name, "PermissionsRead": True}
        row["PermissionsEdit"] = writes or any(field.writable_by_people for field in spec.fields)
        row["PermissionsCreate"] = row["PermissionsDelete"] = writes and spec.create
        row["PermissionsViewAllRecords"] = writes and spec.create
        row["PermissionsModifyAllRecords"] = writes and spec.create
        grants.append(row)
    return grants


def _field_grants(objects: Iterable[ObjectSpec], name: str) -> list[Row]:
    return [
        {
            "attributes": {"type": "FieldPermissions"},
            "SobjectType": spec.name,
            "Field": f"{spec.name}.{field.name}",
            "PermissionsRead": True,
            # People edit their own input, Totsugo all the rest.
            "PermissionsEdit": field.writable_by_people == (name == READER),
        }
        for spec in objects
        for field in spec.fields
    ]


def _tab_grants(objects: Iterable[ObjectSpec]) -> list[Row]:
    return [
        {"attributes": {"type": "PermissionSetTabSetting"}, "Name": spec.name, "Visibility": "DefaultOn"}
        for spec in objects
        if spec.views
    ]


def permission_component(objects: Sequence[ObjectSpec], name: str) -> Component:
    """The whole set as a PermissionSet component, for those who deploy."""
    label, description = _LABELS[name]
    return {
        "fullName": name,
        "label": label,
        "description": description,
        "hasActivationRequired": False,
        "objectPermissions": [
            {
                "object": row["SobjectType"],
                **{f"allow{right}": row[f"Permissions{right}"] for right in _RIGHTS},
                "modifyAllRecords": row["PermissionsModifyAllRecords"],
                "viewAllRecords": row["PermissionsViewAllRecords"],
            }
            for row in _object_grants(objects, name)
        ],
        "fieldPermissions": [
            {"field": row["Field"], "readable": row["PermissionsRead"], "editable": row["PermissionsEdit"]}
            for row in _field_grants(objects, name)
        ],
        "tabSettings": [{"tab": row["Name"], "visibility": "Visible"} for row in _tab_grants(objects)],
    }


def _key(row: Row) -> tuple[str, str]:
    if "Name" in row:
        return "tab", row["Name"]
    return ("field", row["Field"]) if "Field" in row else ("object", row["SobjectType"])


def _told(row: Row) -> str:
    return " ".join(_key(row))


def _existing(session: SalesforceSession, set_id: str) -> dict[tuple[str, str], bool | None]:
    """What the set grants: (kind, name) -> whether to edit; ``None`` for a tab."""
    where = f"WHERE ParentId = '{set_id}'"
    rows = [
        *_query(session, f"SELECT SobjectType, PermissionsEdit FROM ObjectPermissions {where}"),
        *_query(session, f"SELECT Field, PermissionsEdit FROM FieldPermissions {where}"),
        *_query(session, f"SELECT Name FROM PermissionSetTabSetting {where}"),
    ]
    return {_key(row): row.get("PermissionsEdit") for row in rows}


def _insert(session: SalesforceSession, rows: Sequence[Row]) -> None:
    """Objects first: a field's grant is refused while its object has none."""
    for at in range(0, len(rows), 200):
        body = {"allOrNone": False, "records": rows[at : at + 200]}
        answer = session.call("POST", "composite/sobjects", body=body)
        for row, said in zip(body["records"], answer, strict=True):  # type: ignore[arg-type, call-overload]
            if not said["success"]:
                error = said["errors"][0]
                raise CallRefused(
                    f"Salesforce at {session.host} refused to grant {_told(row)}: {error['message']} ({error['statusCode']})",
                    error["statusCode"],
                )


def _assign(
    session: SalesforceSession, set_id: str | None, integration_user: str | None, dry_run: bool, outcome: Outcome
) -> None:
    user = integration_user or session.call("GET", "userinfo", root="/services/oauth2/")["user_id"]
    found = set_id and _query(
        session, f"SELECT Id FROM PermissionSetAssignment WHERE PermissionSetId = '{set_id}' AND AssigneeId = '{user}'"
    )
    (outcome.present if found else outcome.created).append(f"assignment of {INTEGRATION} to the user that runs write as")
    if not found and not dry_run:
        session.call("POST", "sobjects/PermissionSetAssignment", body={"AssigneeId": user, "PermissionSetId": set_id})


def _query(session: SalesforceSession, soql: str) -> list[Row]:
    return session.call("GET", "query", {"q": soql})["records"]
