"""Custom objects and fields: the Metadata notation that Tooling and the Metadata API share, to ours.

Belongs here: checking and keeping definitions. Does not: how a request carries them (``tooling.py``, ``metadata_soap.py``).
"""

from __future__ import annotations

import re
from typing import Any

from connectors.sandbox.clock import Clock
from connectors.sandbox.salesforce.errors import SalesforceError
from connectors.sandbox.salesforce.ids import make_id
from connectors.sandbox.salesforce.schema import Field, ObjectType, Schema, holders
from connectors.sandbox.salesforce.validation import Rules
from connectors.sandbox.salesforce.values import wire_datetime
from connectors.sandbox.store import Store

_TYPES = {
    "Text": "string", "TextArea": "textarea", "LongTextArea": "textarea", "Html": "textarea", "Checkbox": "boolean",
    "Date": "date", "DateTime": "datetime", "Picklist": "picklist", "MultiselectPicklist": "multipicklist", "Number": "double",
    "Currency": "currency", "Percent": "percent", "Email": "email", "Phone": "phone", "Url": "url", "Lookup": "reference",
    "MasterDetail": "reference",
}  # fmt: skip
_LENGTHS = {"TextArea": 255, "Email": 80, "Phone": 40, "Url": 255, "Lookup": 18, "MasterDetail": 18, "Picklist": 255}
_BOUNDS = {"Text": (1, 255), "LongTextArea": (256, 131_072), "Html": (256, 131_072)}
_NUMERIC, _PARENT = ("precision", "scale"), ("referenceTo", "relationshipName")
_MUST = {
    "Text": ("length",), "LongTextArea": ("length", "visibleLines"), "Html": ("length", "visibleLines"),
    "Checkbox": ("defaultValue",), "Picklist": ("valueSet",), "MultiselectPicklist": ("valueSet", "visibleLines"),
    "Number": _NUMERIC, "Currency": _NUMERIC, "Percent": _NUMERIC, "Lookup": _PARENT, "MasterDetail": _PARENT,
}  # fmt: skip
_NAME = re.compile(r"[A-Za-z](?:_?[A-Za-z0-9])*__c")
_PARTS = ("fields", "validationRules")


def truth(value: Any) -> bool:
    """A boolean of JSON or of XML."""
    return value is True or str(value).lower() == "true"


def as_list(value: Any) -> list[Any]:
    """XML cannot tell one from a list of one."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def field_of(name: str, metadata: dict[str, Any]) -> Field:
    """A field from its Metadata. Raises ``SalesforceError`` in Salesforce's words."""
    kind = str(metadata.get("type"))
    _check(name, kind, metadata)
    values = as_list((metadata.get("valueSet") or {}).get("valueSetDefinition", {}).get("value"))
    pairs = tuple(
        (str(each.get("fullName") or each["valueName"]), str(each.get("label") or each.get("fullName"))) for each in values
    )
    required = truth(metadata.get("required"))
    default = truth(metadata.get("defaultValue")) if kind == "Checkbox" else None
    relation = metadata.get("relationshipName")
    return Field(
        name=name,
        type=_TYPES[kind],
        label=str(metadata["label"]),
        length=int(metadata.get("length") or _LENGTHS.get(kind, 0)),
        required=required or kind == "MasterDetail",
        external_id=truth(metadata.get("externalId")),
        unique=truth(metadata.get("unique")),
        restricted=truth((metadata.get("valueSet") or {}).get("restricted")),
        values=pairs,
        reference_to=tuple(as_list(metadata.get("referenceTo"))),
        relationship=f"{name[:-3]}__r" if relation else None,
        children=f"{relation}__r" if relation else None,
        cascade=kind == "MasterDetail",
        updateable=kind != "MasterDetail" or truth(metadata.get("reparentableMasterDetail")),
        precision=int(metadata.get("precision") or 18),
        scale=int(metadata.get("scale") or 0),
        default=default,
        help=str(metadata.get("inlineHelpText") or ""),
        custom=True,
        permissionable=not required and kind != "MasterDetail",
    )


def _check(name: str, kind: str, metadata: dict[str, Any]) -> None:
    if not _NAME.fullmatch(name):
        raise _unfit(f"The field name you provided {name} on object is not a valid custom field name: it must end in __c")
    if kind not in _TYPES:
        raise _unfit(f"Must specify a type that is known: '{kind}'")
    for wanted in ("label", *_MUST.get(kind, ())):
        if metadata.get(wanted) in (None, ""):
            raise _unfit(f"Must specify '{wanted}' for a CustomField of type {kind}")
    limits = (("label", "Field Label", 40), ("inlineHelpText", "Help Text", 510))
    for key, label, most in limits:
        if len(str(metadata.get(key) or "")) > most:
            raise SalesforceError("STRING_TOO_LONG", f"{label}: data value too large: {metadata[key]} (max length={most})")
    if len(name) > 43:
        raise SalesforceError("STRING_TOO_LONG", f"Field Name: data value too large: {name[:-3]} (max length=40)")
    least, most = _BOUNDS.get(kind, (0, 0))
    if most and not least <= int(metadata["length"]) <= most:
        raise _unfit(f"length: Value must be between {least} and {most}")
    if truth(metadata.get("externalId")) and kind not in ("Text", "Number", "Email"):
        raise _unfit(f"Can not specify 'externalId' for a CustomField of type {kind}")


def _unfit(message: str) -> SalesforceError:
    return SalesforceError("FIELD_INTEGRITY_EXCEPTION", message)


class Definitions:
    """The custom objects and fields of one org; an object's definition may bring validation rules along."""

    def __init__(self, store: Store, schema: Schema, clock: Clock, rules: Rules) -> None:
        self._store, self._schema, self._clock, self._rules = store, schema, clock, rules

    def add_field(self, full_name: str, metadata: dict[str, Any]) -> str:
        """Create ``Object.Field__c``; returns the id of its CustomField. Raises ``SalesforceError``."""
        owner_name, _, name = full_name.partition(".")
        owner = "Activity" if owner_name.lower() == "activity" else self._owner(owner_name).name
        made = field_of(name, metadata)
        if any(self._schema.types[each.lower()].field(name) is not None for each in holders(owner)):
            raise SalesforceError("DUPLICATE_DEVELOPER_NAME", f"There is already a field named {name[:-3]} on {owner}.")
        for target in made.reference_to:
            if target.lower() not in self._schema.types:
                raise _unfit(f"referenceTo value of '{target}' does not resolve to a valid sObject type")
        id = self.put_field(owner, made, metadata)
        if made.type == "boolean":
            for each in holders(owner):
                self._store.fill_in(each, made.name, bool(made.default))
        return id

    def _owner(self, name: str) -> ObjectType:
        """The type on which a field can be defined; tasks and events have theirs from Activity."""
        found = self._schema.types.get(name.lower())
        if found is None or found.tooling or found.name in holders("Activity"):
            raise SalesforceError(
                "INVALID_CROSS_REFERENCE_KEY", f"Entity Enumeration Or ID: bad value for restricted picklist: {name}"
            )
        return found

    def put_field(self, owner: str, made: Field, metadata: dict[str, Any]) -> str:
        """Keep a definition as it is, and let it take effect."""
        ids = self._store.ids("CustomObject", "json_extract(doc, '$.FullName') = ? AND deleted = 0", (owner,))
        table = ids[0] if ids else owner
        doc = {
            "DeveloperName": made.name[:-3],
            "TableEnumOrId": table,
            "EntityDefinitionId": table,
            "FullName": f"{owner}.{made.name}",
        }
        return self._keep("CustomField", "00N", {**doc, "EntityName": owner, "Definition": made.as_json(), "Metadata": metadata})

    def add_object(self, full_name: str, metadata: dict[str, Any]) -> str:
        """Create a custom object with the fields it brings; returns the id of its CustomObject. Raises ``SalesforceError``."""
        if not _NAME.fullmatch(full_name):
            raise _unfit(f"The object name you provided {full_name} is not valid: it must end in __c")
        if full_name.lower() in self._schema.types:
            raise SalesforceError("DUPLICATE_DEVELOPER_NAME", f"There is already an object named {full_name[:-3]}.")
        for wanted in ("label", "pluralLabel", "nameField", "deploymentStatus", "sharingModel"):
            if not metadata.get(wanted):
                raise _unfit(f"Must specify a non-empty {wanted} for the CustomObject")
        named = metadata["nameField"]
        auto = named.get("type") == "AutoNumber"
        name_field = Field("Name", "string", str(named.get("label") or "Name"), 80, createable=not auto, updateable=not auto)
        labels = (metadata["label"], metadata["pluralLabel"])
        kept = {key: value for key, value in metadata.items() if key not in _PARTS}
        with self._store.transaction():
            id = self.put_object(full_name, labels, name_field, kept, number_format=named.get("displayFormat") if auto else None)
            self._put_parts(full_name, metadata)
        return id

    def _put_parts(self, owner: str, metadata: dict[str, Any]) -> None:
        """Add or change the fields and validation rules that an object's definition brings along."""
        for each in as_list(metadata.get("fields")):
            name = f"{owner}.{each['fullName']}"
            act = self.add_field if self.find("CustomField", name) is None else self.replace_field
            act(name, {key: value for key, value in each.items() if key != "fullName"})
        for each in as_list(metadata.get("validationRules")):
            name = f"{owner}.{each['fullName']}"
            (self._rules.add if self._rules.find(name) is None else self._rules.replace)(name, each)

    def put_object(
        self,
        full_name: str,
        labels: tuple[str, str],
        name_field: Field,
        metadata: dict[str, Any],
        number_format: str | None = None,
        prefix: str | None = None,
    ) -> str:
        """Keep an object's definition as it is, without fields of its own yet; ``labels``: singular and plural."""
        doc: dict[str, Any] = {"DeveloperName": full_name[:-3], "FullName": full_name, "Label": labels[0], "Plural": labels[1]}
        doc |= {"KeyPrefix": prefix or f"a{self._store.count('CustomObject'):02d}", "NameField": name_field.as_json()}
        return self._keep("CustomObject", "01I", {**doc, "NameFormat": number_format, "Metadata": metadata})

    def replace_field(self, full_name: str, metadata: dict[str, Any]) -> str:
        """Change a field's definition; what is already stored in it stays. Raises ``SalesforceError``."""
        doc = self.find("CustomField", full_name)
        if doc is None:
            raise missing("CustomField", full_name)
        made = field_of(full_name.partition(".")[2], metadata)
        if made.type != doc["Definition"]["type"]:
            raise _unfit("The type of a custom field that holds data cannot be changed here")
        now = self._stamp()
        self._store.put(
            "CustomField", doc["Id"], {**doc, "Definition": made.as_json(), "Metadata": metadata, "SystemModstamp": now}, now
        )
        self._schema.refresh()
        return str(doc["Id"])

    def replace_object(self, full_name: str, metadata: dict[str, Any]) -> str:
        """Change an object's labels, and add or change the fields that come with it. Raises ``SalesforceError``."""
        doc = self.find("CustomObject", full_name)
        if doc is None:
            raise missing("CustomObject", full_name)
        now = self._stamp()
        kept = {**doc["Metadata"], **{key: value for key, value in metadata.items() if key not in _PARTS}}
        labels = {"Label": kept["label"], "Plural": kept["pluralLabel"]}
        self._store.put("CustomObject", doc["Id"], {**doc, **labels, "Metadata": kept, "SystemModstamp": now}, now)
        self._schema.refresh()
        self._put_parts(full_name, metadata)
        return str(doc["Id"])

    def remove(self, type_name: str, full_name: str) -> None:
        """Delete a custom field or object. Raises ``SalesforceError`` where there is none."""
        ids = self._store.ids(type_name, "deleted = 0 AND json_extract(doc, '$.FullName') = ?", (full_name,))
        if not ids:
            raise missing(type_name, full_name)
        self._store.put(type_name, ids[0], self._store.get(type_name, ids[0]) or {}, self._stamp(), deleted=True)
        for id in self._store.ids("CustomField", "deleted = 0 AND json_extract(doc, '$.EntityName') = ?", (full_name,)):
            self._store.put("CustomField", id, self._store.get("CustomField", id) or {}, self._stamp(), deleted=True)
        self._schema.refresh()

    def find(self, type_name: str, full_name: str) -> dict[str, Any] | None:
        """The document of a custom field or object."""
        where = "deleted = 0 AND json_extract(doc, '$.FullName') = ? COLLATE NOCASE"
        return next((doc for _, doc, _, _ in self._store.select(type_name, where, (full_name,))), None)

    def _keep(self, type_name: str, prefix: str, doc: dict[str, Any]) -> str:
        id, now = make_id(prefix, self._store.count(type_name) + 1), self._stamp()
        self._store.put(type_name, id, {"Id": id, **doc, "CreatedDate": now, "SystemModstamp": now}, now)
        self._schema.refresh()
        return id

    def _stamp(self) -> str:
        return wire_datetime(self._clock.now().replace(microsecond=0))


def missing(type_name: str, full_name: str) -> SalesforceError:
    return SalesforceError("INVALID_CROSS_REFERENCE_KEY", f"In field: fullName - no {type_name} named {full_name} found")
