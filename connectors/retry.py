"""The one retry policy of every call to a CRM, and what keeps such a call from hanging or leaking.

Belongs here: timeouts, what is tried again and how often, which addresses may be spoken to, and
the hiding of secrets. Does not: what an answer means (see ``salesforce/session.py``, ``hubspot/session.py``).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import Any, Self
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import Retry
from urllib3.exceptions import MaxRetryError, ResponseError

from connectors.crm import CrmError

TIMEOUT = (10.0, 120.0)
"""Seconds to connect, and seconds without a byte."""
ATTEMPTS = 5
_PASSING = (423, 429, 502, 503, 504)


class _Patience(Retry):
    """Does not wait for a daily limit, which HubSpot tells from a passing one only in the answer's body."""

    def increment(  # type: ignore[override]
        self, method: Any = None, url: Any = None, response: Any = None, *args: Any, **more: Any
    ) -> Self:
        if response is not None and response.status == 429 and b'"DAILY"' in response.data:
            raise MaxRetryError(more.get("_pool"), url, ResponseError("daily limit"))  # type: ignore[arg-type]
        return super().increment(method, url, response, *args, **more)


def retry_policy() -> Retry:
    """Five more attempts over about 15 s, or as long as ``Retry-After`` asks for, a minute at most.

    An address that refuses connections is tried for 3 s only: more often than not it is mistyped.
    Every method is tried again: our creates carry an external id or a name, our updates and deletes are by
    record id, so that the same call twice does no more than once.
    """
    return _Patience(
        total=ATTEMPTS,
        connect=3,
        status_forcelist=_PASSING,
        allowed_methods=None,
        raise_on_status=False,
        respect_retry_after_header=True,
        retry_after_max=60,
        backoff_factor=0.5,
        backoff_max=30,
        backoff_jitter=0.25,
    )


class PatientAdapter(HTTPAdapter):
    """Adds the policy and the timeout to a ``requests`` session; may send what is meant for one address to another.

    The answer's body is read here, because a connection that breaks in the middle of a body is past the
    reach of urllib3's own retries.
    """

    def __init__(self, meant_for: str = "", send_to: str = "") -> None:
        super().__init__(max_retries=retry_policy())
        self._meant_for, self._send_to = meant_for, send_to

    def send(  # type: ignore[override]
        self, request: requests.PreparedRequest, stream: bool = False, timeout: Any = None, **more: Any
    ) -> requests.Response:
        if self._meant_for and request.url:
            request = request.copy()
            request.url = self._send_to + str(request.url)[len(self._meant_for) :]
        for attempt in range(ATTEMPTS):
            response = super().send(request, stream=stream, timeout=timeout or TIMEOUT, **more)
            if stream:
                return response
            try:
                response.content  # noqa: B018 (reads the body, and keeps it)
                return response
            except (requests.exceptions.ChunkedEncodingError, requests.exceptions.ConnectionError):
                if attempt == ATTEMPTS - 1:
                    raise
        raise AssertionError("unreachable")


def checked_url(url: str) -> str:
    """The address without a trailing slash. Raises ``CrmError`` unless it is https, or http to this very machine."""
    parts = urlsplit(url.strip())
    if not parts.hostname or parts.scheme not in ("http", "https"):
        raise CrmError(f"The CRM's address {url!r} is not a web address; write it as https://…")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise CrmError(f"The CRM's address {url!r} is not encrypted; write it as https://…")
    return f"{parts.scheme}://{parts.netloc}"


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def without_secrets(text: str, secrets: Iterable[str]) -> str:
    """The text with every secret blotted out, longest first, so that no part of one is left standing."""
    for secret in sorted({s for s in secrets if s}, key=len, reverse=True):
        text = text.replace(secret, "…")
    return text
