"""Values of fields: what a client may send, how they are kept, how an answer shows them.

Belongs here: types, lengths, picklists, datetimes. Does not: whether a field may be written at all (``records.py``).

Kept: numbers and booleans as such, dates ``2026-01-31``, datetimes ``2026-01-31T00:00:00.000+0000`` (fixed width, UTC).
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

from connectors.sandbox.salesforce.errors import SalesforceError
from connectors.sandbox.salesforce.ids import is_id, to_18
from connectors.sandbox.salesforce.schema import NUMBER_TYPES, Field

_TRIMMED = "".join(map(chr, range(33)))  # not the full-width space, which stays
_INT_DIGITS = 8
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def wire_datetime(moment: datetime) -> str:
    """As REST writes it, milliseconds always shown."""
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='milliseconds')}+0000"


def parse_datetime(text: str) -> datetime:
    """An aware datetime from ISO text, ``+0900`` offsets included. Raises ``ValueError``."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("no time zone")
    return moment


def clean(each: Field, value: Any) -> Any:
    """The value as it is kept. Raises ``SalesforceError`` in Salesforce's words."""
    if isinstance(value, str):
        value = value.strip(_TRIMMED)
    if value is None or value == "":
        return _cleared(each)
    if isinstance(value, (dict, list)):
        raise Mistyped(each, value)
    if each.type == "boolean":
        return _boolean(each, value)
    if each.type in NUMBER_TYPES:
        return _number(each, value)
    if each.type in ("date", "datetime"):
        return _moment(each, value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise Mistyped(each, value)
    return _text(each, value)


def _cleared(each: Field) -> Any:
    if each.required:
        raise SalesforceError("REQUIRED_FIELD_MISSING", f"Required fields are missing: [{each.name}]", fields=(each.name,))
    return False if each.type == "boolean" else None


def _boolean(each: Field, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    raise Mistyped(each, value)


def _number(each: Field, value: Any) -> int | float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise Mistyped(each, value) from None
    if isinstance(value, bool) or number != number or abs(number) == float("inf"):
        raise Mistyped(each, value)
    if abs(number) >= 10 ** (_INT_DIGITS if each.type == "int" else each.precision - each.scale):
        message = f"{each.label}: value outside of valid range on numeric field: {value}"
        raise SalesforceError("NUMBER_OUTSIDE_VALID_RANGE", message, fields=(each.name,))
    if each.type == "int":
        return int(number)
    return round(number, each.scale) if each.custom else number


def _moment(each: Field, value: Any) -> str:
    if not isinstance(value, str):
        raise Mistyped(each, value)
    try:
        if each.type == "date":
            return date.fromisoformat(value[:10]).isoformat() if "T" in value else date.fromisoformat(value).isoformat()
        return wire_datetime(parse_datetime(value).replace(microsecond=0))
    except ValueError:
        raise Mistyped(each, value) from None


def _text(each: Field, value: str) -> str:
    if each.type in ("reference", "id"):
        if not is_id(value):
            raise SalesforceError("MALFORMED_ID", f"{each.label}: id value of incorrect type: {value}", fields=(each.name,))
        return to_18(value)
    if each.length and len(value) > each.length:
        message = f"{each.label}: data value too large: {value} (max length={each.length})"
        raise SalesforceError("STRING_TOO_LONG", message, fields=(each.name,))
    if each.type in ("picklist", "multipicklist") and each.restricted:
        chosen = value.split(";") if each.type == "multipicklist" else [value]
        allowed = {known for known, _ in each.values}
        for one in chosen:
            if one not in allowed:
                message = f"{each.label}: bad value for restricted picklist field: {one}"
                raise SalesforceError("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", message, fields=(each.name,))
    if each.type == "email" and not _EMAIL.fullmatch(value):
        raise SalesforceError("INVALID_EMAIL_ADDRESS", f"{each.label}: invalid email address: {value}", fields=(each.name,))
    return value


class Mistyped(SalesforceError):
    """A value of another type than its field: a cell of CSV fails its row, in JSON it makes the whole call unreadable."""

    def __init__(self, each: Field, value: Any) -> None:
        message = f"{each.label}: value not of required type: {value}"
        super().__init__("INVALID_TYPE_ON_FIELD_IN_RECORD", message, fields=(each.name,))
        self._told = f"Cannot deserialize instance of {each.type} from {_token(value)} or request may be missing a required field"

    def as_json(self) -> list[dict[str, Any]]:
        return [{"message": self._told, "errorCode": "JSON_PARSER_ERROR"}]


def _token(value: Any) -> str:
    """A JSON value as the parser names it."""
    match value:
        case dict():
            return "START_OBJECT value {"
        case list():
            return "START_ARRAY value ["
        case bool():
            return f"VALUE_{str(value).upper()} value {str(value).lower()}"
        case int() | float():
            return f"VALUE_NUMBER_{'INT' if isinstance(value, int) else 'FLOAT'} value {value}"
    return f"VALUE_STRING value {value}"


def full_name(doc: dict[str, Any]) -> str:
    """The compound name of a person, family name first as in a Japanese org."""
    return " ".join(part for part in (doc.get("LastName"), doc.get("FirstName")) if part)
