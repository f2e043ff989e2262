"""List views and tabs: what the Metadata API asks of their definitions.

Belongs here: checks. Does not: keeping them (``metadata_soap.py``); nothing shows them.
"""

from __future__ import annotations

import re
from typing import Any

from connectors.sandbox.salesforce.definitions import as_list
from connectors.sandbox.salesforce.errors import SalesforceError
from connectors.sandbox.salesforce.schema import ObjectType, Schema

_NAME = re.compile(r"[A-Za-z](?:_?[A-Za-z0-9])*")
_SCOPES = {"Everything", "Mine", "Queue", "Delegated", "MyTerritory", "MyTeamTerritory", "Team", "SalesTeam"}
_OPERATIONS = {
    "equals", "notEqual", "lessThan", "greaterThan", "lessOrEqual", "greaterOrEqual", "contains", "notContain", "startsWith",
    "includes", "excludes", "within",
}  # fmt: skip
_STANDARD_COLUMNS = {"NAME", "CREATED_DATE", "LAST_UPDATE", "OWNER.ALIAS", "CREATEDBY_USER", "UPDATEDBY_USER"}


def check(schema: Schema, kind: str, name: str, values: dict[str, Any]) -> None:
    """Raises ``SalesforceError`` in Salesforce's words."""
    object_name, _, view = name.partition(".")
    owner = schema.types.get(object_name.lower())
    if owner is None:
        raise SalesforceError("INVALID_CROSS_REFERENCE_KEY", f"In field: fullName - no CustomObject named {object_name} found")
    if kind == "ListView":
        _check_view(owner, view, values)
    elif not values.get("motif"):
        raise SalesforceError("FIELD_INTEGRITY_EXCEPTION", "Must specify a motif for a custom object tab")


def _check_view(owner: ObjectType, name: str, values: dict[str, Any]) -> None:
    if not _NAME.fullmatch(name) or len(name) > 40:
        message = "The List View API Name can only contain underscores and alphanumeric characters, 40 at most"
        raise SalesforceError("INVALID_FULL_NAME" if name else "REQUIRED_FIELD_MISSING", message)
    if not values.get("label"):
        raise SalesforceError("REQUIRED_FIELD_MISSING", "Required fields are missing: [label]")
    if len(str(values["label"])) > 40:
        raise SalesforceError("STRING_TOO_LONG", f"View Name: data value too large: {values['label']} (max length=40)")
    if values.get("filterScope") not in _SCOPES:
        raise SalesforceError("INVALID_TYPE", f"'{values.get('filterScope')}' is not a valid value for the enum 'FilterScope'")
    filters = as_list(values.get("filters"))
    for column in [*as_list(values.get("columns")), *(each.get("field") for each in filters)]:
        if column not in _STANDARD_COLUMNS and owner.field(str(column)) is None:
            raise SalesforceError("INVALID_FIELD", f"Could not resolve list view column: {column}")
    for each in filters:
        operation, field = each.get("operation"), owner.field(str(each["field"]))
        if operation not in _OPERATIONS:
            raise SalesforceError("INVALID_TYPE", f"'{operation}' is not a valid value for the enum 'FilterOperation'")
        if field is not None and field.type == "boolean" and str(each.get("value")) not in ("0", "1"):
            raise SalesforceError("INVALID_FILTER_VALUE", f"Invalid value for filter field: {each['field']}")
