"""What an org's object types and fields are, and who may see them.

Belongs here: types, fields, their custom additions, object and field-level security.
Does not: values (``values.py``), the standard definitions themselves (``standard.py``).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from typing import Any

from connectors.sandbox.salesforce.standard import FieldLine, TypeText, parse
from connectors.sandbox.store import Store

TEXT_TYPES = frozenset({"string", "textarea", "picklist", "multipicklist", "email", "phone", "url", "id", "reference"})
NUMBER_TYPES = frozenset({"int", "double", "currency", "percent"})


@dataclass(frozen=True)
class Field:
    """One field. ``permissionable`` ones need a grant before a user sees them; standard ones are granted to all."""

    name: str
    type: str
    label: str = ""
    length: int = 0
    required: bool = False
    createable: bool = True
    updateable: bool = True
    external_id: bool = False
    unique: bool = False
    restricted: bool = False
    values: tuple[tuple[str, str], ...] = ()
    """Picklist: (value, label)."""
    reference_to: tuple[str, ...] = ()
    relationship: str | None = None
    children: str | None = None
    """By which name SOQL goes from a parent to those that point at it; that of standard fields is in ``children.py``."""
    cascade: bool = False
    precision: int = 18
    scale: int = 0
    default: Any = None
    help: str = ""
    custom: bool = False
    permissionable: bool = False

    @staticmethod
    def of_line(line: FieldLine) -> Field:
        """A standard field from its line in ``standard.py``."""
        return Field(**asdict(line))

    @staticmethod
    def of_json(stored: dict[str, Any]) -> Field:
        """A custom field as ``as_json`` put it."""
        pairs = tuple((value, label) for value, label in stored.get("values", ()))
        return Field(**{**stored, "values": pairs, "reference_to": tuple(stored.get("reference_to", ()))})

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class ObjectType:
    """One sObject type; ``fields`` by lower-case name, since Salesforce minds no case."""

    name: str
    label: str
    plural: str
    prefix: str
    fields: dict[str, Field]
    custom: bool = False
    tooling: bool = False
    writable: bool = True

    def field(self, name: str) -> Field | None:
        return self.fields.get(name.lower())

    @cached_property
    def relationships(self) -> dict[str, Field]:
        """Reference fields by the lower-case name by which SOQL follows them."""
        return {each.relationship.lower(): each for each in self.fields.values() if each.relationship}

    @cached_property
    def blank(self) -> dict[str, Any]:
        """What a new record holds before anybody says anything: defaults, and every checkbox unticked."""
        unticked = {each.name: False for each in self.fields.values() if each.type == "boolean"}
        return unticked | {each.name: each.default for each in self.fields.values() if each.default is not None}

    @cached_property
    def demanded(self) -> tuple[str, ...]:
        """Fields without which no record is made."""
        return tuple(each.name for each in self.fields.values() if each.required and each.createable)

    @cached_property
    def compared(self) -> tuple[Field, ...]:
        """Fields whose new values need a look at other records: unique ones and references."""
        return tuple(
            each for each in self.fields.values() if each.unique or (each.reference_to and each.updateable | each.createable)
        )

    @cached_property
    def indexed(self) -> tuple[str, ...]:
        """Custom fields that are looked up by value; an index costs every write, and no standard one is worth it."""
        return tuple(each.name for each in self.fields.values() if each.custom and (each.external_id or each.unique))


@dataclass(frozen=True)
class View:
    """The types and fields one user sees."""

    types: dict[str, ObjectType]
    editable: frozenset[tuple[str, str]] | None
    """(type, field) pairs of custom fields this user may edit; ``None``: all."""
    rights: dict[str, frozenset[str]] = field(default_factory=dict)
    """Custom type -> rights among Read, Create, Edit, Delete; a type that is not named has all."""

    def type(self, name: str) -> ObjectType | None:
        return self.types.get(name.lower())

    def may(self, type_name: str, right: str) -> bool:
        return right in self.rights.get(type_name, frozenset({right}))

    def may_edit(self, type_name: str, each: Field) -> bool:
        return not each.permissionable or self.editable is None or (type_name, each.name) in self.editable


class Schema:
    """Every type of the org: the standard ones, but for those of features that are switched off, and what the store's
    ``CustomObject`` and ``CustomField`` documents add."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.refresh()

    def refresh(self) -> None:
        """Read custom types, fields and permissions anew; after each change to them."""
        self._views: dict[tuple[str, bool], View] = {}
        off = self._store.get_meta("switched_off", [])
        types = {text.name.lower(): _standard_type(text) for text in parse() if text.name not in off}
        for _, doc, _, _ in self._store.select("CustomObject", "deleted = 0"):
            made = custom_type(doc["FullName"], doc["Label"], doc["Plural"], doc["KeyPrefix"], Field.of_json(doc["NameField"]))
            types[made.name.lower()] = made
        for _, doc, _, _ in self._store.select("CustomField", "deleted = 0"):
            added = Field.of_json(doc["Definition"])
            for owner in (types[name.lower()] for name in holders(doc["EntityName"]) if name.lower() in types):
                types[owner.name.lower()] = replace(owner, fields={**owner.fields, added.name.lower(): added})
        self._add_stages(types)
        self.types = types
        for each in types.values():
            for name in each.indexed:
                self._store.index(name)

    def _add_stages(self, types: dict[str, ObjectType]) -> None:
        stages = [doc["MasterLabel"] for _, doc, _, _ in self._store.select("OpportunityStage", "deleted = 0", order="id")]
        opportunity = types["opportunity"]
        stage = replace(opportunity.fields["stagename"], values=tuple((name, name) for name in stages))
        types["opportunity"] = replace(opportunity, fields={**opportunity.fields, "stagename": stage})

    def view(self, user_id: str, admin: bool) -> View:
        """What this user sees. Admins need no right to an object, but field-level security binds them too."""
        if (user_id, admin) not in self._views:
            self._views[user_id, admin] = self._make_view(user_id, admin)
        return self._views[user_id, admin]

    def _make_view(self, user_id: str, admin: bool) -> View:
        sets = {
            doc["PermissionSetId"]
            for _, doc, _, _ in self._store.select(
                "PermissionSetAssignment", "deleted = 0 AND json_extract(doc, '$.AssigneeId') = ?", (user_id,)
            )
        }
        read: set[tuple[str, str]] = set()
        edit: set[tuple[str, str]] = set()
        for _, doc, _, _ in self._store.select("FieldPermissions", "deleted = 0"):
            if doc["ParentId"] in sets:
                pair = (doc["SobjectType"], doc["Field"].split(".", 1)[1])
                read |= {pair} if doc.get("PermissionsRead") else set()
                edit |= {pair} if doc.get("PermissionsEdit") else set()
        open_to_all = self._store.get_meta("open_objects", [])
        rights: dict[str, frozenset[str]] = {
            each.name: frozenset() for each in self.types.values() if each.custom and not admin and each.name not in open_to_all
        }
        for _, doc, _, _ in self._store.select("ObjectPermissions", "deleted = 0"):
            if doc["ParentId"] in sets and doc["SobjectType"] in rights:
                granted = {right for right in ("Read", "Create", "Edit", "Delete") if doc.get(f"Permissions{right}")}
                rights[doc["SobjectType"]] = rights[doc["SobjectType"]] | granted
        types = {}
        for key, each in self.types.items():
            if "Read" in rights.get(each.name, frozenset({"Read"})):
                seen = {name: one for name, one in each.fields.items() if not one.permissionable or (each.name, one.name) in read}
                types[key] = replace(each, fields=seen)
        return View(types, frozenset(edit), rights)


def holders(entity: str) -> tuple[str, ...]:
    """The types that have the fields of ``entity``: ``Activity`` holds those of tasks and events. Each is granted by itself."""
    return ("Task", "Event") if entity.lower() == "activity" else (entity,)


def _standard_type(text: TypeText) -> ObjectType:
    fields = {line.name.lower(): Field.of_line(line) for line in text.fields}
    return ObjectType(text.name, text.label, text.plural, text.prefix, fields, tooling=text.tooling, writable=text.writable)


def custom_type(name: str, label: str, plural: str, prefix: str, name_field: Field) -> ObjectType:
    """A custom object with its system fields and its Name."""
    system = next(text for text in parse() if text.name == "Account").fields
    kept = {"Id", "IsDeleted", "OwnerId", "CreatedDate", "CreatedById", "LastModifiedDate", "LastModifiedById", "SystemModstamp"}
    fields = {line.name.lower(): Field.of_line(line) for line in system if line.name in kept}
    return ObjectType(name, label, plural, prefix, {**fields, "name": name_field}, custom=True)
