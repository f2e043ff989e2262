"""Creating what Totsugo owns in a HubSpot portal: a property group, properties, manual lists.

Belongs here: what is missing, and creating it. Alters and removes nothing that exists: a property or list of our name that will
not do is named, and left. Under an administrator's login, never called from a run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from connectors.batches import CallRefused, SchemaRefused
from connectors.crm import FieldSpec, ObjectSpec, ProvisionReport
from connectors.hubspot.lists import COMPANY, create_list
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
        _provision_properties(session, spec, dry_run, created, present, by_hand)
    _provision_lists(session, lists, dry_run, created, present, by_hand)
    return ProvisionReport(tuple(created), tuple(present), (*by_hand, *_left_to_people(objects)))


def _provision_group(session: HubspotSession, object: str, dry_run: bool, created: list[str], present: list[str]) -> None:
    path = f"/crm/v3/properties/{object}/groups"
    found = any(group["name"] == GROUP for group in session.call("GET", path)["results"])
    made = not found and (dry_run or _create(session, path, {"name": GROUP, "label": "Totsugo（突合）", "displayOrder": -1}))
    (created if made else present).append(f"property group {object}.{GROUP}")


def _provision_properties(
    session: HubspotSession, spec: ObjectSpec, dry_run: bool, created: list[str], present: list[str], by_hand: list[str]
) -> None:
    path = f"/crm/v3/properties/{spec.name}"
    existing = {found["name"]: found for found in session.call("GET", path)["results"]}
    for field in spec.fields:
        name, wanted = f"{spec.name}.{field.name}", _property(field)
        wrong = _misfit(existing[field.name], wanted) if field.name in existing else None
        if wrong:
            by_hand.append(f"property {name} {wrong}")
            continue
        made = field.name not in existing and (dry_run or _create(session, path, wanted))
        (created if made else present).append(name)


def _provision_lists(
    session: HubspotSession, names: Sequence[str], dry_run: bool, created: list[str], present: list[str], by_hand: list[str]
) -> None:
    existing = _lists_of_companies(session) if names else {}
    for name in names:
        kind = existing.get(name.lower())
        if kind is None:
            created.append(f"list {name}")
            if not dry_run:
                create_list(session, name)
        elif kind != "MANUAL":
            by_hand.append(f"list {name} exists as a {kind.lower()} list; Totsugo needs a manual one: rename or remove it")
        else:
            present.append(f"list {name}")


def _lists_of_companies(session: HubspotSession) -> dict[str, str]:
    """Name in lower case, which HubSpot allows only once -> ``MANUAL``, ``DYNAMIC``, ``SNAPSHOT``."""
    found: dict[str, str] = {}
    offset = 0
    while True:
        answer = session.call("POST", "/crm/v3/lists/search", body={"offset": offset, "count": 500})
        found |= {one["name"].lower(): one["processingType"] for one in answer["lists"] if one["objectTypeId"] == COMPANY}
        if not answer.get("hasMore"):
            return found
        offset = answer["offset"]


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
        "description": "\n".join(part for part in (spec.help, spec.description) if part),
        "groupName": GROUP,
        "type": type_,
        "fieldType": field_type,
        "formField": False,
        "hasUniqueValue": spec.external_id,
        "options": options if spec.type in ("picklist", "checkbox") else [],
    }


def _misfit(existing: Mapping[str, Any], wanted: Mapping[str, Any]) -> str | None:
    """Why a property that exists under our name cannot take what Totsugo writes; ``None`` where it can."""
    if existing["type"] != wanted["type"]:
        return f"exists as {existing['type']}; Totsugo needs {wanted['type']}: rename or remove it"
    if existing.get("calculated") or (existing.get("modificationMetadata") or {}).get("readOnlyValue"):
        return "exists and is calculated or read-only; Totsugo must write it: rename or remove it"
    if wanted["hasUniqueValue"] and not existing.get("hasUniqueValue"):
        return "exists without unique values, which cannot be changed; Totsugo needs them: remove it"
    values = {option["value"] for option in existing.get("options") or ()}
    missing = [option["value"] for option in wanted["options"] if option["value"] not in values]
    return f"exists without the options {', '.join(missing)}: add them as internal names" if missing else None


def _left_to_people(objects: Sequence[ObjectSpec]) -> list[str]:
    shown = [spec.name for spec in objects if not spec.create and any(not field.external_id for field in spec.fields)]
    return [f"record sidebar of {', '.join(shown)}: show the properties of the group {GROUP} there"] if shown else []
