"""HubSpot's error answers.

Belongs here: the shapes of errors and of one failed row of a batch. Does not: when they occur.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

Json = dict[str, Any]


class HubSpotError(Exception):
    """Ends a call with an error answer; ``extra`` is merged into the body."""

    def __init__(self, status: int, category: str, message: str, headers: Mapping[str, str] | None = None, **extra: Any) -> None:
        super().__init__(message)
        self.status, self.category, self.message, self.extra = status, category, message, extra
        self.headers = dict(headers or {})

    def body(self) -> Json:
        """The JSON that a client reads."""
        told = {"status": "error", "message": self.message, "correlationId": str(uuid.uuid4()), "category": self.category}
        return {**told, **self.extra}


class RowFault(Exception):
    """One row of a batch cannot be served; becomes an entry of ``errors`` in a 207, or ends a single call."""

    def __init__(self, category: str, message: str, status: int = 400, **context: Sequence[str]) -> None:
        super().__init__(message)
        self.category, self.message, self.status = category, message, status
        self.context = {key: list(values) for key, values in context.items()}

    def entry(self, trace_id: str | None = None) -> Json:
        """As a batch answer lists it."""
        context = self.context if trace_id is None else {**self.context, "objectWriteTraceId": [trace_id]}
        return {
            "status": "error",
            "category": self.category,
            "message": self.message,
            "context": context,
            "errors": [],
            "links": {},
        }

    def error(self) -> HubSpotError:
        """As the answer to a call for this row alone."""
        extra: Json = {"context": self.context} if self.context else {}
        return HubSpotError(self.status, self.category, self.message, None, **extra)


def validation_error(message: str, **extra: Any) -> HubSpotError:
    """400: the call itself is wrong."""
    return HubSpotError(400, "VALIDATION_ERROR", message, **extra)


def invalid_values(faults: Sequence[Json]) -> RowFault:
    """Values that the properties do not admit; HubSpot puts the list of faults into the message as JSON."""
    return RowFault("VALIDATION_ERROR", "Property values were not valid: " + json.dumps(list(faults), ensure_ascii=False))


def not_found(singular: str, ids: Sequence[str]) -> RowFault:
    """Records that do not exist, or no longer do."""
    message = f"Could not get some {singular.upper()} objects, they may be deleted or not exist. Check that ids are valid."
    return RowFault("OBJECT_NOT_FOUND", message, 404, ids=ids)


def no_such_resource(message: str = "resource not found") -> HubSpotError:
    """404 for anything but a record of a batch."""
    return HubSpotError(404, "OBJECT_NOT_FOUND", message)


def invalid_authentication() -> HubSpotError:
    """401: no token, or one that the portal does not know."""
    message = (
        "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at "
        "https://developers.hubspot.com/docs/methods/auth/oauth-overview"
    )
    return HubSpotError(401, "INVALID_AUTHENTICATION", message)


def missing_scopes(scopes: Sequence[str]) -> HubSpotError:
    """403: the app was not granted what the call needs."""
    detail = {"message": "One or more of the following scopes are required.", "context": {"requiredGranularScopes": list(scopes)}}
    return HubSpotError(
        403,
        "MISSING_SCOPES",
        "This app hasn't been granted all required scopes to make this call. "
        "Read more about required scopes here: https://developers.hubspot.com/scopes.",
        errors=[detail],
        links={"scopes": "https://developers.hubspot.com/scopes"},
    )


_POLICIES = {
    "rate_limit_secondly": ("SECONDLY", "You have reached your secondly limit."),
    "rate_limit_ten_secondly": ("TEN_SECONDLY_ROLLING", "You have reached your ten_secondly_rolling limit."),
    "rate_limit_daily": ("DAILY", "You have reached your daily limit."),
}
RATE_LIMIT_KINDS = tuple(_POLICIES)


def rate_limited(kind: str, retry_after: float) -> HubSpotError:
    """429 of one of ``RATE_LIMIT_KINDS``; ``retry_after`` in seconds, 0 leaves the header out."""
    policy, message = _POLICIES[kind]
    headers = {"Retry-After": str(max(1, round(retry_after)))} if retry_after > 0 else {}
    return HubSpotError(
        429,
        "RATE_LIMITS",
        message,
        headers,
        errorType="RATE_LIMIT",
        policyName=policy,
        groupName="publicapi:private-apps-api-calls",
    )
