"""Totsugo's field specifications in Salesforce's words.

Belongs here: translation only. Does not: any call (see ``provision``).
"""

from __future__ import annotations

from typing import Any

from connectors.crm import FieldSpec, ObjectSpec


def field_metadata(object: ObjectSpec, spec: FieldSpec) -> dict[str, Any]:
    """The ``Metadata`` of a CustomField, as Tooling takes it in JSON and the Metadata API in XML."""
    metadata: dict[str, Any] = {"label": spec.label[:40], **_of_type(object, spec)}
    if spec.help:
        metadata["inlineHelpText"] = spec.help[:510]
    if spec.external_id:
        metadata |= {"externalId": True, "unique": True, "caseSensitive": False}
    return metadata


def _of_type(object: ObjectSpec, spec: FieldSpec) -> dict[str, Any]:
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
                "relationshipLabel": object.label[:80],
                "deleteConstraint": "SetNull",
            }


def object_metadata(api: Any, object: ObjectSpec) -> Any:
    """A whole custom object with its fields, in the Metadata API's types (``api`` is simple-salesforce's ``mdapi``)."""
    fields = [_typed_field(api, spec.name, field_metadata(object, spec)) for spec in object.fields]
    return api.CustomObject(
        fullName=object.name,
        label=object.label[:40],
        pluralLabel=object.label[:40],
        nameField=api.CustomField(label="No.", type="AutoNumber", displayFormat="TM-{00000000}"),
        deploymentStatus="Deployed",
        sharingModel="Read",
        enableReports=True,
        enableSearch=True,
        fields=fields,
    )


def _typed_field(api: Any, name: str, metadata: dict[str, Any]) -> Any:
    metadata = dict(metadata)
    if "valueSet" in metadata:
        values = [api.CustomValue(**value) for value in metadata["valueSet"]["valueSetDefinition"]["value"]]
        definition = api.ValueSetValuesDefinition(sorted=False, value=values)
        metadata["valueSet"] = api.ValueSet(restricted=True, valueSetDefinition=definition)
    return api.CustomField(fullName=name, **metadata)
