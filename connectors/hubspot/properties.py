"""HubSpot's values: which properties an object has, and how text becomes a value and back.

Belongs here: property definitions and conversion. Does not: creating properties (``provision``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from time import monotonic
from typing import Any

import pyarrow as pa

from connectors.batches import plain
from connectors.hubspot.session import HubspotSession

ASSOCIATED = "associated_company_ids"
COMPANY = "_associate_company"
"""The company of a task: see ``connectors.crm.Row``."""
_PSEUDO = {"id": pa.string(), ASSOCIATED: pa.list_(pa.string())}
_FRESH = 60.0
"""Seconds for which a pull believes what was asked just before it."""
_WITH_COMPANIES = ("contacts", "deals", "tasks", "meetings")


class Properties:
    """What properties each object has: name -> Arrow type. Asked anew for each pull, for they come and go."""

    def __init__(self, session: HubspotSession) -> None:
        self._session = session
        self._said: dict[str, dict[str, pa.DataType]] = {}
        self._asked_at: dict[str, float] = {}
        self._absent: dict[str, set[str]] = {}

    def ask(self, object: str) -> dict[str, pa.DataType]:
        """One call. Raises ``SchemaRefused`` where the object is unknown, or the token may not see it."""
        self._asked_at.pop(object, None)
        said = self._fetched(object)
        self._asked_at[object] = monotonic()
        return said

    def just_asked(self, object: str) -> dict[str, pa.DataType]:
        """For a pull, before which the same was asked most often: one answer serves both, once."""
        asked_at = self._asked_at.pop(object, None)
        if asked_at is not None and monotonic() - asked_at < _FRESH:
            return self._said[object]
        return self._fetched(object)

    def known(self, object: str, names: Iterable[str]) -> dict[str, pa.DataType]:
        """For what needs types only: as said last, asked again where one of the names is new to us."""
        absent = self._absent.get(object, set())
        missing = set(names) - self._said.get(object, {}).keys() - absent
        if object not in self._said or missing:
            self._absent[object] = (absent | missing) - self._fetched(object).keys()
        return self._said[object]

    def _fetched(self, object: str) -> dict[str, pa.DataType]:
        answer = self._session.call("GET", f"/crm/v3/properties/{object}")
        said = {p["name"]: _arrow_type(p["name"], p["type"], p.get("fieldType") or "") for p in answer["results"]}
        self._said[object] = said
        return said


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
