"""What an object looks like to this login: its fields and their Arrow types.

Belongs here: describe and what follows from it. Does not: creating fields (``provision``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from connectors.batches import SchemaRefused
from connectors.salesforce.session import SalesforceSession

_NUMBERS = {"int", "double", "currency", "percent", "long"}
_COMPOUND = {"address", "location"}


@dataclass(frozen=True)
class Described:
    """Field name -> Salesforce's type name, without compound fields, whose parts are fields of their own."""

    name: str
    types: dict[str, str]

    def columns(self, fields: Sequence[str]) -> dict[str, pa.DataType]:
        """Those of the fields that exist, in the order asked for. Dates and times stay ISO text."""
        return {name: _arrow_type(self.types[name]) for name in dict.fromkeys(fields) if name in self.types}

    def missing(self, fields: Sequence[str]) -> list[str]:
        return [name for name in dict.fromkeys(fields) if name not in self.types]

    @property
    def stamp(self) -> str:
        """The field that moves with every change: SystemModstamp, which never lags LastModifiedDate, wherever there is one."""
        for name in ("SystemModstamp", "LastModifiedDate", "CreatedDate"):
            if name in self.types:
                return name
        raise SchemaRefused(f"Salesforce's {self.name} has no modification time, so that changes to it cannot be followed.")


def describe(session: SalesforceSession, object: str) -> Described:
    """Raises ``SchemaRefused`` where the object does not exist for this login."""
    try:
        answer = session.call("GET", f"sobjects/{object}/describe")
    except SchemaRefused as refused:
        raise SchemaRefused(
            f"Salesforce at {session.host} has no object {object} that this login can see.", refused.code, refused.status
        ) from None
    return Described(object, {f["name"]: f["type"] for f in answer["fields"] if f["type"] not in _COMPOUND})


def _arrow_type(native: str) -> pa.DataType:
    if native == "boolean":
        return pa.bool_()
    return pa.float64() if native in _NUMBERS else pa.string()
