"""Describing types and fields, as clients read it.

Belongs here: the shape of describe answers. Does not: deciding what is visible (``schema.py``).
"""

from __future__ import annotations

from typing import Any

from connectors.sandbox.salesforce.children import all_children
from connectors.sandbox.salesforce.schema import NUMBER_TYPES, Field, ObjectType, View

_SOAP = {
    "boolean": "xsd:boolean",
    "int": "xsd:int",
    "date": "xsd:date",
    "datetime": "xsd:dateTime",
    "id": "tns:ID",
    "reference": "tns:ID",
}


def brief(each: ObjectType, view: View, base: str) -> dict[str, Any]:
    """A type as the list of sobjects has it."""
    writable = each.writable and not each.tooling
    return {
        "name": each.name,
        "label": each.label,
        "labelPlural": each.plural,
        "keyPrefix": each.prefix,
        "custom": each.custom,
        "createable": writable and view.may(each.name, "Create"),
        "updateable": writable and view.may(each.name, "Edit"),
        "deletable": writable and view.may(each.name, "Delete"),
        "queryable": True,
        "retrieveable": True,
        "searchable": True,
        "undeletable": writable,
        "mergeable": each.name in ("Account", "Contact", "Lead"),
        "replicateable": True,
        "triggerable": True,
        "layoutable": True,
        "customSetting": False,
        "deprecatedAndHidden": False,
        "urls": {
            "sobject": f"{base}/sobjects/{each.name}",
            "describe": f"{base}/sobjects/{each.name}/describe",
            "rowTemplate": f"{base}/sobjects/{each.name}/{{ID}}",
        },
    }


def full(each: ObjectType, view: View, base: str) -> dict[str, Any]:
    """A type with its fields."""
    fields = [_field(each, one, view) for one in each.fields.values()]
    return {**brief(each, view, base), "fields": fields, "childRelationships": _children(each, view), "recordTypeInfos": []}


def _children(each: ObjectType, view: View) -> list[dict[str, Any]]:
    return [
        {
            "childSObject": child.type.name,
            "field": child.link.name,
            "relationshipName": child.name or None,
            "cascadeDelete": child.link.cascade,
            "restrictedDelete": False,
            "deprecatedAndHidden": False,
            "junctionIdListNames": [],
            "junctionReferenceTo": [],
        }
        for child in all_children(each, view)
    ]


def _field(owner: ObjectType, each: Field, view: View) -> dict[str, Any]:
    long_text = each.type == "textarea" and each.length > 255
    editable = view.may_edit(owner.name, each)
    number = each.type in NUMBER_TYPES
    values = [
        {"active": True, "defaultValue": False, "label": label, "validFor": None, "value": value} for value, label in each.values
    ]
    return {
        "name": each.name,
        "label": each.label,
        "type": each.type,
        "soapType": _SOAP.get(each.type, "xsd:double" if number else "xsd:string"),
        "length": each.length,
        "byteLength": each.length * 3,
        "precision": each.precision if number and each.type != "int" else 0,
        "scale": each.scale,
        "digits": 9 if each.type == "int" else 0,
        "custom": each.custom,
        "nillable": not each.required and each.type not in ("boolean", "id"),
        "createable": each.createable and editable,
        "updateable": each.updateable and editable,
        "permissionable": each.permissionable,
        "externalId": each.external_id,
        "idLookup": each.external_id or each.type == "id" or each.name == "Name",
        "unique": each.unique,
        "caseSensitive": False,
        "nameField": each.name == "Name",
        "calculated": False,
        "filterable": not long_text,
        "sortable": not long_text,
        "groupable": not long_text,
        "aggregatable": not long_text,
        "defaultedOnCreate": each.default is not None or each.name == "OwnerId" or each.type == "boolean",
        "defaultValue": each.default,
        "inlineHelpText": each.help or None,
        "restrictedPicklist": each.restricted,
        "picklistValues": values,
        "referenceTo": list(each.reference_to),
        "relationshipName": each.relationship,
        "polymorphicForeignKey": len(each.reference_to) > 1,
        "cascadeDelete": each.cascade,
        "deprecatedAndHidden": False,
    }
