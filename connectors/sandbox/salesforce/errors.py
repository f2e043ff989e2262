"""Salesforce's own errors, in its words and shape.

Belongs here: codes, HTTP statuses, messages. Does not: deciding when one is due.
"""

from __future__ import annotations

from typing import Any


class SalesforceError(Exception):
    """An error as a REST answer tells it: ``[{message, errorCode, fields}]`` with an HTTP status."""

    others: tuple[SalesforceError, ...] = ()
    """What else is wrong with the same record."""

    def __init__(self, code: str, message: str, status: int = 400, fields: tuple[str, ...] | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.message, self.status, self.fields = code, message, status, fields

    def as_json(self) -> list[dict[str, Any]]:
        """The body of a REST answer."""
        return [
            {
                "message": each.message,
                "errorCode": each.code,
                **({} if each.fields is None else {"fields": list(each.fields)}),
            }
            for each in (self, *self.others)
        ]

    def as_rows(self) -> list[dict[str, Any]]:
        """A collection row's ``errors``."""
        return [
            {"statusCode": each.code, "message": each.message, "fields": list(each.fields or ())} for each in (self, *self.others)
        ]


def not_found(message: str = "The requested resource does not exist") -> SalesforceError:
    return SalesforceError("NOT_FOUND", message, 404)


def no_such_record() -> SalesforceError:
    """What a row among several is refused with, where one record alone would be a 404."""
    return SalesforceError("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", fields=())


def unknown_column(name: str, type_name: str) -> SalesforceError:
    return SalesforceError("INVALID_FIELD", f"No such column '{name}' on sobject of type {type_name}")


def deleted() -> SalesforceError:
    return SalesforceError("ENTITY_IS_DELETED", "entity is deleted", 404, ())


def unknown_exception() -> SalesforceError:
    message = "An unexpected error occurred. Please include this ErrorId if you contact support"
    return SalesforceError("UNKNOWN_EXCEPTION", message, 500)


def session_expired() -> SalesforceError:
    return SalesforceError("INVALID_SESSION_ID", "Session expired or invalid", 401)


def request_limit() -> SalesforceError:
    return SalesforceError("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", 403)


def row_locked(id: str) -> SalesforceError:
    message = f"unable to obtain exclusive access to this record or 1 records: {id}"
    return SalesforceError("UNABLE_TO_LOCK_ROW", message, fields=())


def not_writable(name: str) -> SalesforceError:
    message = (
        f"Unable to create/update fields: {name}. Please check the security settings of this field "
        "and verify that it is read/write for your profile or permission set."
    )
    return SalesforceError("INVALID_FIELD_FOR_INSERT_UPDATE", message, fields=(name,))


def no_access(message: str = "insufficient access rights on cross-reference id") -> SalesforceError:
    return SalesforceError("INSUFFICIENT_ACCESS_OR_READONLY", message, fields=())
