"""Totsugo's specifications in Salesforce's words, as the Metadata API and source files both have them.

Belongs here: translation only; components as plain values, and whether one that exists will do. Does not: any call
(``metadata_api``), XML (``metadata_xml``), who may see a field (``permissions``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.crm import FieldSpec, ObjectSpec, ViewSpec

Component = dict[str, Any]
"""Metadata: names -> text, truth, number, a list of values, or values below; ``fullName`` names it."""
ACTIVITIES = ("Task", "Event")
"""Their custom fields are defined on ``Activity``, which they share, and granted on each of them."""
TAB_MOTIF = "Custom15: People"


def owner_of_fields(object: str) -> str:
    """The object on which custom fields of ``object`` are defined."""
    return "Activity" if object in ACTIVITIES else object


def field_component(object: ObjectSpec, spec: FieldSpec) -> Component:
    """A CustomField."""
    component: Component = {
        "fullName": f"{owner_of_fields(object.name)}.{spec.name}",
        "label": spec.label[:40],
        **_of_type(object, spec),
    }
    if spec.help:
        component["inlineHelpText"] = spec.help[:510]
    if spec.description:
        component["description"] = spec.description[:1000]
    if spec.external_id:
        component |= {"externalId": True, "unique": True, "caseSensitive": False}
    return component


def _of_type(object: ObjectSpec, spec: FieldSpec) -> Component:
    match spec.type:
        case "text":
            return {"type": "Text", "length": min(spec.length, 255)}
        case "long_text":
            # Salesforce wants at least 256; a specification that left the default means "long".
            return {"type": "LongTextArea", "length": spec.length if spec.length > 255 else 32_768, "visibleLines": 4}
        case "checkbox":
            return {"type": "Checkbox", "defaultValue": "false"}
        case "date":
            return {"type": "Date"}
        case "datetime":
            return {"type": "DateTime"}
        case "number":
            return {"type": "Number", "precision": 18, "scale": 0}
        case "picklist":
            values = [{"fullName": value, "label": label, "default": False} for value, label in spec.values]
            definition = {"sorted": False, "value": values}
            return {"type": "Picklist", "valueSet": {"restricted": True, "valueSetDefinition": definition}}
        case "reference":
            return {
                "type": "Lookup",
                "referenceTo": spec.reference_to,
                "relationshipName": f"{object.name.removesuffix('__c')}_{spec.name.removesuffix('__c')}s"[:40],
                "relationshipLabel": (object.plural or object.label)[:80],
                "deleteConstraint": "SetNull",
            }


def object_component(object: ObjectSpec) -> Component:
    """A CustomObject of ours, its fields left out."""
    component: Component = {
        "fullName": object.name,
        "label": object.label[:40],
        "pluralLabel": (object.plural or object.label)[:40],
        "nameField": {"label": "No.", "type": "AutoNumber", "displayFormat": "TM-{00000000}"},
        "deploymentStatus": "Deployed",
        "sharingModel": "Read",
        "enableReports": True,
        "enableSearch": True,
    }
    return component | ({"description": object.description[:1000]} if object.description else {})


def tab_component(object: ObjectSpec) -> Component:
    """The CustomTab without which nobody finds the object's list views."""
    return {"fullName": object.name, "customObject": True, "motif": TAB_MOTIF}


def view_component(object: ObjectSpec, view: ViewSpec) -> Component:
    """A ListView of all rows that meet the conditions; shared with everybody, as one without ``sharedTo`` is."""
    types = {field.name: field.type for field in object.fields}
    return {
        "fullName": f"{object.name}.{view.name}",
        "label": view.label[:40],
        "filterScope": "Everything",
        "columns": list(view.columns),
        "filters": [
            {"field": field, "operation": "equals", "value": _filter_value(types.get(field, "text"), values)}
            for field, values in view.conditions
        ],
    }


def _filter_value(type: str, values: tuple[str, ...]) -> str:
    """A comma means "or" to Salesforce, but in quotes; a checkbox is 1 or 0."""
    if type == "checkbox":
        return ",".join("1" if value == "true" else "0" for value in values)
    return ",".join(f'"{value}"' if "," in value else value for value in values)


def misfit(existing: Mapping[str, Any], wanted: Component) -> str | None:
    """Why a field that exists under our name cannot take what Totsugo writes; ``None`` where it can."""
    has, needs = described(existing), described(wanted)
    if existing.get("formula"):
        return f"exists as a formula; Totsugo needs {needs}: rename or remove it"
    if existing.get("type") != wanted["type"] or existing.get("referenceTo") != wanted.get("referenceTo"):
        return f"exists as {has}; Totsugo needs {needs}: rename or remove it"
    if "length" in wanted and int(existing.get("length") or 0) < int(wanted["length"]):
        return f"exists as {has}; Totsugo needs {needs}: lengthen it"
    if wanted.get("unique") and not (_true(existing.get("unique")) and _true(existing.get("externalId"))):
        return f"exists as {has}; Totsugo needs {needs}: mark it unique and as an external id"
    if wanted["type"] == "Picklist":
        return _picklist_misfit(existing, wanted)
    return None


def _picklist_misfit(existing: Mapping[str, Any], wanted: Component) -> str | None:
    values = existing.get("valueSet") or {}
    names = [value["fullName"] for value in wanted["valueSet"]["valueSetDefinition"]["value"]]
    if values.get("valueSetName"):
        return f"takes its values from the global set {values['valueSetName']}; Totsugo needs its own: rename or remove it"
    definition = values.get("valueSetDefinition") or {}
    active = {value["fullName"] for value in listed(definition.get("value")) if _true(value.get("isActive", True))}
    missing = [name for name in names if name not in active]
    return f"exists as Picklist without {', '.join(missing)}: add what is missing as API names" if missing else None


def described(component: Mapping[str, Any]) -> str:
    """``Text(80)``, ``Lookup(Account)``, ``Text(255), unique external id``."""
    inner = component.get("length") or component.get("referenceTo")
    kind = f"{component.get('type', 'another type')}{f'({inner})' if inner else ''}"
    unique, external = _true(component.get("unique")), _true(component.get("externalId"))
    word = " ".join(name for name, holds in (("unique", unique), ("external id", external)) if holds)
    return f"{kind}, {word}" if word else kind


def listed(value: Any) -> list[Any]:
    """XML cannot tell one value from a list of one."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _true(value: Any) -> bool:
    return str(value).lower() == "true"
