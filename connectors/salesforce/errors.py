"""What Salesforce's refusals say: their code, and whether the same call may be answered better after a while.

Belongs here: Salesforce's words. Does not: trying again (``connectors.retry``), the project's own words (``session``).
"""

from __future__ import annotations

import json
import re

from connectors.retry import Refusal, passes_by_status

_LIMITS = {"REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded"}
_PASSING = {"QUERY_TIMEOUT", "REQUEST_RUNNING_TOO_LONG", "SERVER_UNAVAILABLE", "API_CURRENTLY_DISABLED"}
"""Codes that come with a status of their own making, also 400."""
_SOAP_FAULT = re.compile(rb"<faultcode>(?:\w+:)?(\w+)</faultcode>")
"""SOAP answers 500 to whatever it refuses."""
_SHORTAGE = 2.0
"""Seconds until a call may find room again."""


def passes(refusal: Refusal) -> float | None:
    """Whether and when Salesforce may answer better: see ``connectors.retry.Judge``."""
    soap = _SOAP_FAULT.search(refusal.body)
    if soap:
        return _SHORTAGE if soap[1].decode() in _PASSING else None
    code, message = first_error(refusal.body)
    if is_used_up(code, message):
        return None
    return _SHORTAGE if code in _PASSING or code in _LIMITS else passes_by_status(refusal)


def is_used_up(code: str, message: str) -> bool:
    """Whether it is the day's limit. That of calls under way at one time has the same code, and another message."""
    return code in _LIMITS and not message.startswith("Concurrent")


def first_error(content: bytes) -> tuple[str, str]:
    """(code, message); both empty where the answer is not in Salesforce's shape."""
    try:
        body = json.loads(content)
    except ValueError:
        return "", ""
    first = body[0] if isinstance(body, list) and body else body
    if isinstance(first, str):  # 300: the addresses of the records that share an external id
        return "DUPLICATE_EXTERNAL_ID", f"more than one record has this external id: {', '.join(body)}"
    if not isinstance(first, dict):
        return "", ""
    return str(first.get("errorCode") or first.get("error") or ""), " ".join(str(first.get("message") or "").split())
