"""Creating what Totsugo owns in a HubSpot portal: a property group, properties, manual lists.

Belongs here: what is missing, and creating it. Alters and removes nothing that exists. Never called from a run.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from connectors.batches import CallRefused, SchemaRefused
from connectors.crm import FieldSpec, ObjectSpec, ProvisionReport
from connectors.hubspot.lists import create_list, find_list
from connectors.hubspot.session import HubspotSession

GROUP = "totsugo"
_TYPES = {
    "text": ("string", "text"),
    "long_text": ("string", "textarea"),
    "checkbox": ("bool", "booleancheckbox"),
    "date": ("date", "date"),
    "datetime": ("datetime", "date"),
    "picklist": ("enumeration", "select"),
    "number": ("number", "number"),
    "reference": ("string", "text"),
}


def provision(session: HubspotSession, objects: Sequence[ObjectSpec], lists: Sequence[str], dry_run: bool) -> ProvisionReport:
    """Create what is missing; with ``dry_run`` only say what would be. Lists are manual lists of companies."""
    created: list[str] = []
    present: list[str] = []
    by_hand: list[str] = []
    for spec in objects:
        if spec.create:
            by_hand.append(f"object {spec.name}: Totsugo creates no custom objects in HubSpot")
            continue
        _provision_group(session, spec.name, dry_run, created, present)
        path = f"/crm/v3/properties/{spec.name}"
        existing = {p["name"] for p in session.call("GET", path)["results"]}
        for field in spec.fields:
            made = field.name not in existing and (dry_run or _create(session, path, _property(field)))
            (created if made else present).append(f"{spec.name}.{field.name}")
    for name in lists:
        found = find_list(session, name)
        (present if found else created).append(f"list {name}")
        if not found and not dry_run:
            create_list(session, name)
    return ProvisionReport(tuple(created), tuple(present), tuple(by_hand))


def _provision_group(session: HubspotSession, object: str, dry_run: bool, created: list[str], present: list[str]) -> None:
    path = f"/crm/v3/properties/{object}/groups"
    found = any(group["name"] == GROUP for group in session.call("GET", path)["results"])
    (present if found else created).append(f"property group {object}.{GROUP}")
    if not found and not dry_run:
        _create(session, path, {"name": GROUP, "label": "Totsugo（突合）", "displayOrder": -1})


def _create(session: HubspotSession, path: str, body: dict[str, Any]) -> bool:
    """False where it turns out to exist: made by a call that broke off before its answer came."""
    try:
        session.call("POST", path, body=body)
    except SchemaRefused:
        raise
    except CallRefused as refused:
        if refused.status != 409:
            raise
        return False
    return True


def _property(spec: FieldSpec) -> dict[str, Any]:
    type_, field_type = _TYPES[spec.type]
    values = spec.values if spec.type == "picklist" else (("true", "はい / Yes"), ("false", "いいえ / No"))
    options = [
        {"label": label, "value": value, "displayOrder": order, "hidden": False} for order, (value, label) in enumerate(values)
    ]
    return {
        "name": spec.name,
        "label": spec.label,
        "description": spec.help,
        "groupName": GROUP,
        "type": type_,
        "fieldType": field_type,
        "formField": False,
        "hasUniqueValue": spec.external_id,
        "options": options if spec.type in ("picklist", "checkbox") else [],
    }
