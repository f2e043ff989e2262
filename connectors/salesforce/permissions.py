"""The two permission sets, without which new fields stay invisible even to the login that made them.

Belongs here: who may see and edit our objects and fields. Does not: creating those (``provision``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from connectors.batches import CallRefused
from connectors.crm import ObjectSpec
from connectors.salesforce.session import SalesforceSession

READER = "Totsugo_Reader"
INTEGRATION = "Totsugo_Integration"
_LABELS = {
    READER: ("Totsugo: read (突合 閲覧)", "Reads what Totsugo wrote; edits only the rep's own override fields."),
    INTEGRATION: ("Totsugo: integration (突合 連携)", "For the one user under which Totsugo runs."),
}


def grant(
    session: SalesforceSession, objects: Sequence[ObjectSpec], dry_run: bool, created: list[str], present: list[str]
) -> None:
    """Both sets, their grants on ``objects``, and ``Totsugo_Integration`` assigned to this login's own user."""
    for name in (READER, INTEGRATION):
        found = _query(session, f"SELECT Id FROM PermissionSet WHERE Name = '{name}'")
        (present if found else created).append(f"permission set {name}")
        set_id = found[0]["Id"] if found else None
        if set_id is None and not dry_run:
            label, description = _LABELS[name]
            body = {"Name": name, "Label": label, "Description": description}
            set_id = session.call("POST", "sobjects/PermissionSet", body=body)["id"]
        wanted = [*_object_grants(objects, name), *_field_grants(objects, name)]
        missing = _missing(session, set_id, wanted) if set_id else wanted
        if missing:
            created.append(f"{len(missing)} grants of permission set {name}")
        if missing and set_id and not dry_run:
            _insert(session, [{**row, "ParentId": set_id} for row in missing])
        if name == INTEGRATION:
            _assign(session, set_id, dry_run, created, present)


def _object_grants(objects: Iterable[ObjectSpec], name: str) -> list[dict[str, Any]]:
    grants = []
    for spec in objects:
        writes = name == INTEGRATION
        row = {"attributes": {"type": "ObjectPermissions"}, "SobjectType": spec.name, "PermissionsRead": True}
        row["PermissionsEdit"] = writes or any(field.writable_by_people for field in spec.fields)
        row["PermissionsCreate"] = row["PermissionsDelete"] = writes and spec.create
        row["PermissionsViewAllRecords"] = writes and spec.create
        row["PermissionsModifyAllRecords"] = writes and spec.create
        grants.append(row)
    return grants


def _field_grants(objects: Iterable[ObjectSpec], name: str) -> list[dict[str, Any]]:
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


def _missing(session: SalesforceSession, set_id: str, wanted: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    where = f"WHERE ParentId = '{set_id}'"
    objects = {row["SobjectType"] for row in _query(session, f"SELECT SobjectType FROM ObjectPermissions {where}")}
    fields = {row["Field"] for row in _query(session, f"SELECT Field FROM FieldPermissions {where}")}
    return [row for row in wanted if (row["Field"] not in fields if "Field" in row else row["SobjectType"] not in objects)]


def _insert(session: SalesforceSession, rows: Sequence[dict[str, Any]]) -> None:
    """Objects first: a field's grant is refused while its object has none."""
    for at in range(0, len(rows), 200):
        body = {"allOrNone": False, "records": rows[at : at + 200]}
        answer = session.call("POST", "composite/sobjects", body=body)
        for row, said in zip(body["records"], answer, strict=True):  # type: ignore[arg-type, call-overload]
            if not said["success"]:
                what, error = row.get("Field", row["SobjectType"]), said["errors"][0]
                raise CallRefused(
                    f"Salesforce at {session.host} refused to grant {what}: {error['message']} ({error['statusCode']})",
                    error["statusCode"],
                )


def _assign(session: SalesforceSession, set_id: str | None, dry_run: bool, created: list[str], present: list[str]) -> None:
    user = session.call("GET", "userinfo", root="/services/oauth2/")["user_id"]
    found = set_id and _query(
        session, f"SELECT Id FROM PermissionSetAssignment WHERE PermissionSetId = '{set_id}' AND AssigneeId = '{user}'"
    )
    (present if found else created).append(f"assignment of {INTEGRATION} to this login's user")
    if not found and not dry_run:
        session.call("POST", "sobjects/PermissionSetAssignment", body={"AssigneeId": user, "PermissionSetId": set_id})


def _query(session: SalesforceSession, soql: str) -> list[dict[str, Any]]:
    return session.call("GET", "query", {"q": soql})["records"]
