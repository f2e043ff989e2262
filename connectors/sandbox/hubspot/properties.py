"""What properties a portal has, and what values they take.

Belongs here: look-up of definitions, checking and canonical form of values. Does not: the endpoints that
define properties (``property_routes.py``).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from connectors.sandbox.hubspot.errors import invalid_values, validation_error
from connectors.sandbox.hubspot.portal import Json, Portal, stamp_text, store_key
from connectors.sandbox.hubspot.standard_properties import standard_properties

_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")


def definitions(portal: Portal, object: str, archived: bool = False) -> dict[str, Json]:
    """name -> definition: the standard ones and the portal's own (or its archived ones)."""
    own = {doc["name"]: doc for _, doc, _, gone in portal.store.select(f"properties:{object}", "deleted = ?", (int(archived),))}
    return own if archived else {**standard_properties(object), **own}


def canonical(type: str, value: Any) -> str:
    """A value as HubSpot keeps it, given in any form its API takes; empty text clears. Raises ``ValueError``."""
    if value is None:
        return ""
    if isinstance(value, bool):
        value = "true" if value else "false"
    text = str(value)
    if type in ("string", "enumeration") or not text.strip():
        return text if type in ("string", "enumeration") else ""
    text = text.strip()
    if type == "number":
        if not _NUMBER.fullmatch(text):
            raise ValueError(f"{text} was not a valid number.")
        return text
    if type == "bool":
        if text.lower() not in ("true", "false"):
            raise ValueError(f"{text} was not a valid boolean.")
        return text.lower()
    if type == "datetime":
        return datetime_text(text)
    if type == "date":
        return _date_text(text)
    return text


def datetime_text(text: str) -> str:
    """ISO text, or milliseconds since 1970, as ISO with milliseconds. Raises ``ValueError``."""
    if _STAMP.fullmatch(text):
        return text
    try:
        if re.fullmatch(r"-?\d{5,}", text):
            return stamp_text(datetime.fromtimestamp(int(text) / 1000, UTC))
        moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        raise ValueError(f"{text} was not a valid long.") from None
    return stamp_text(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def _date_text(text: str) -> str:
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return datetime.strptime(text, "%Y-%m-%d").strftime("%Y-%m-%d")
    moment = datetime.fromisoformat(datetime_text(text))
    if (moment.hour, moment.minute, moment.second, moment.microsecond) != (0, 0, 0, 0):
        raise ValueError(f"{text} is at {moment.hour}:{moment.minute}:{moment.second}.0 UTC, not midnight!")
    return moment.strftime("%Y-%m-%d")


_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_ERRORS = {"number": "INVALID_INTEGER", "bool": "INVALID_OPTION", "date": "INVALID_DATE", "datetime": "INVALID_LONG"}


class ValueRules:
    """Checks values that a client writes to one object type, with one look at the portal for many rows."""

    def __init__(self, portal: Portal, object: str) -> None:
        self.object, self.portal = object, portal
        self.known = definitions(portal, object)
        self._options: dict[str, set[str]] = {}

    def check(self, given: Any) -> dict[str, str | None]:
        """Values in canonical form, ``None`` for cleared. Raises ``RowFault`` with every fault in it, ``HubSpotError`` (400)."""
        if not isinstance(given, dict) or any(isinstance(value, list | dict) for value in given.values()):
            raise validation_error("Invalid input JSON: properties must be an object of names and plain values")
        taken: dict[str, str | None] = {}
        faults: list[Json] = []
        for name, value in given.items():
            fault = self._fault(name, value)
            if fault is None:
                taken[name] = canonical(self.known[name]["type"], value) or None
            else:
                code, message = fault
                faults.append(
                    {
                        "isValid": False,
                        "message": message,
                        "error": code,
                        "name": name,
                        "localizedErrorMessage": message,
                        "portalId": self.portal.portal_id,
                    }
                )
        if faults:
            raise invalid_values(faults)
        return taken

    def _fault(self, name: str, value: Any) -> tuple[str, str] | None:
        definition = self.known.get(name)
        if definition is None:
            return "PROPERTY_DOESNT_EXIST", f'Property "{name}" does not exist'
        if definition.get("modificationMetadata", {}).get("readOnlyValue"):
            return "READ_ONLY_VALUE", f'"{name}" is a read only property; its value cannot be set.'
        try:
            text = canonical(definition["type"], value)
        except ValueError as wrong:
            return _ERRORS[definition["type"]], str(wrong)
        if len(text) > 65_536:
            return "PROPERTY_VALUE_TOO_LONG", f'The value of "{name}" is longer than 65,536 characters.'
        if (self.object, name) == ("contacts", "email") and text and not _EMAIL.fullmatch(text):
            return "INVALID_EMAIL", f"Email address {text} is invalid"
        if definition["type"] == "enumeration" and text:
            return self._option_fault(definition, text)
        return None

    def _option_fault(self, definition: Json, text: str) -> tuple[str, str] | None:
        name = definition["name"]
        if name not in self._options:
            self._options[name] = self._allowed(definition)
        allowed = self._options[name]
        several = definition["fieldType"] == "checkbox"
        wrong = [part for part in (text.split(";") if several else [text]) if part and part not in allowed]
        if not wrong or (definition["externalOptions"] and not allowed):
            return None
        if name == "hubspot_owner_id":
            return "INVALID_OWNER_ID", f"{wrong[0]} is not a valid owner ID."
        return "INVALID_OPTION", f"{wrong[0]} was not one of the allowed options: [{', '.join(sorted(allowed))}]"

    def _allowed(self, definition: Json) -> set[str]:
        if definition["name"] == "hubspot_owner_id":
            return {doc["id"] for _, doc, _, _ in self.portal.store.select("owners", "deleted = 0")}
        if definition["name"] == "dealstage":
            return {stage["id"] for pipeline in self.portal.pipelines("deals") for stage in pipeline["stages"]}
        if definition["name"] == "pipeline":
            return {pipeline["id"] for pipeline in self.portal.pipelines("deals")}
        return {option["value"] for option in definition["options"]}


def comparable(type: str, name: str, value: Any) -> str:
    """A search filter's value in the form that stored values have. Raises ``ValueError``."""
    if name == "hs_object_id":
        return store_key(str(value))
    if type == "date" and not re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)):
        return datetime_text(str(value))[:10]
    return canonical(type, value)
