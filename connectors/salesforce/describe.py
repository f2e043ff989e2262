"""What an object looks like to this login: its fields and their Arrow types.

Belongs here: describe and what follows from it. Does not: creating fields (``provision``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyarrow as pa

from connectors.batches import SchemaRefused
from connectors.salesforce.session import SalesforceSession

_NUMBERS = {"int", "double", "currency", "percent", "long"}
_COMPOUND = {"address", "location"}


@dataclass(frozen=True)
class Described:
    """Field name -> Salesforce's type name, without compound fields, whose parts are fields of their own; fields of parents,
    such as ``RecordType.DeveloperName``, where they were asked for."""

    name: str
    types: dict[str, str]

    def columns(self, fields: Sequence[str]) -> dict[str, pa.DataType]:
        """Those of the fields that exist, in the order asked for. Dates and times stay ISO text."""
        return {name: arrow_type(self.types[name]) for name in dict.fromkeys(fields) if name in self.types}

    def missing(self, fields: Sequence[str]) -> list[str]:
        return [name for name in dict.fromkeys(fields) if name not in self.types]

    @property
    def stamp(self) -> str:
        """The field that moves with every change: SystemModstamp, which never lags LastModifiedDate, wherever there is one."""
        for name in ("SystemModstamp", "LastModifiedDate", "CreatedDate"):
            if name in self.types:
                return name
        raise SchemaRefused(f"Salesforce's {self.name} has no modification time, so that changes to it cannot be followed.")


def describe(session: SalesforceSession, object: str, asked: Iterable[str] = ()) -> Described:
    """The object, and those fields of its parents that are ``asked`` for and exist.

    Raises ``SchemaRefused`` where the object does not exist for this login.
    """
    try:
        answer = session.call("GET", f"sobjects/{object}/describe")
    except SchemaRefused as refused:
        raise SchemaRefused(
            f"Salesforce at {session.host} has no object {object} that this login can see.", refused.code, refused.status
        ) from None
    types = {f["name"]: f["type"] for f in answer["fields"] if f["type"] not in _COMPOUND}
    parents = {f["relationshipName"]: f["referenceTo"] for f in answer["fields"] if f.get("relationshipName")}
    wanted: dict[str, list[str]] = {}
    for relationship, _, rest in (name.partition(".") for name in dict.fromkeys(asked)):
        if rest and relationship in parents:
            wanted.setdefault(relationship, []).append(rest)
    for relationship, fields in wanted.items():
        of_parent = _of_parent(session, parents[relationship], fields)
        types |= {f"{relationship}.{name}": of_parent[name] for name in fields if name in of_parent}
    return Described(object, types)


def _of_parent(session: SalesforceSession, objects: Sequence[str], asked: Sequence[str]) -> dict[str, str]:
    """Types of the parent's fields; of a relationship that leads to several objects those that Salesforce's Name has."""
    try:
        return describe(session, objects[0] if len(objects) == 1 else "Name", asked).types
    except SchemaRefused:
        return {}


def arrow_type(native: str) -> pa.DataType:
    """Arrow's type for a field of that type; dates and times stay ISO text."""
    if native == "boolean":
        return pa.bool_()
    return pa.float64() if native in _NUMBERS else pa.string()
