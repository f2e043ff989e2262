"""HubSpot's values: which properties an object has, and how text becomes a value and back.

Belongs here: property definitions and conversion. Does not: creating properties (``provision``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from connectors.batches import plain
from connectors.hubspot.session import HubspotSession

ASSOCIATED = "associated_company_ids"
COMPANY = "_associate_company"
"""The company of a task: see ``connectors.crm.Row``."""
_PSEUDO = {"id": pa.string(), ASSOCIATED: pa.list_(pa.string())}
_WITH_COMPANIES = ("contacts", "deals", "tasks", "meetings")


def properties_of(session: HubspotSession, object: str) -> dict[str, pa.DataType]:
    """Property name -> Arrow type. Raises ``SchemaRefused`` where the object is unknown, or the token may not see it."""
    answer = session.call("GET", f"/crm/v3/properties/{object}")
    return {p["name"]: _arrow_type(p["name"], p["type"], p.get("fieldType") or "") for p in answer["results"]}


def _arrow_type(name: str, type_: str, field_type: str) -> pa.DataType:
    if type_ == "bool" or field_type == "booleancheckbox":
        return pa.bool_()
    # An id is a name, not a quantity: HubSpot types some of them as numbers, and a double would garble them.
    return pa.float64() if type_ == "number" and not name.endswith("_id") else pa.string()


def columns_of(object: str, known: Mapping[str, pa.DataType], fields: Sequence[str]) -> dict[str, pa.DataType]:
    """Those of the fields that exist, in the order asked for; ``associated_company_ids`` comes by itself where it applies."""
    wanted = dict.fromkeys([*fields, *([ASSOCIATED] if object in _WITH_COMPANIES else [])])
    return {name: _PSEUDO.get(name) or known[name] for name in wanted if name in _PSEUDO or name in known}


def value_of(text: str | None, type_: pa.DataType) -> Any:
    """HubSpot keeps everything as text, and an empty text for nothing; a number that is none becomes null."""
    if text is None or text == "":
        return None
    if pa.types.is_boolean(type_):
        return text.lower() == "true"
    if pa.types.is_floating(type_):
        try:
            return float(text)
        except ValueError:
            return None
    return text


def text_of(value: Any) -> str:
    """A value as HubSpot takes it; ``None`` clears, which HubSpot writes as an empty text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(plain(value))
