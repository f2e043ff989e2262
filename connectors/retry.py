"""The one retry policy of every call to a CRM, and what keeps such a call from hanging.

Belongs here: timeouts, what is tried again, after which pause and for how long, which addresses may be spoken to.
Does not: what an answer means (a session says by its ``Judge`` what passes), how often one may call (``quota``,
``hubspot/pace``).
"""

from __future__ import annotations

import contextlib
import ipaddress
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from itertools import takewhile
from time import monotonic, sleep
from typing import Any, Self
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.exceptions import ChunkedEncodingError
from requests.exceptions import ConnectionError as BrokenConnection
from urllib3 import BaseHTTPResponse, Retry
from urllib3.exceptions import InvalidHeader, MaxRetryError, ProtocolError, ResponseError

from connectors.crm import CrmError

TIMEOUT = (10.0, 150.0)
"""Seconds to connect, and seconds without a byte: Salesforce itself gives a query 120."""
ATTEMPTS = 6
"""So many more after the first; without a word from the CRM they take about a minute."""
_CONNECTS = 3
"""An address that refuses connections is tried for a few seconds only: more often than not it is mistyped."""
LONGEST = 300.0
"""Seconds after the first fault of a call in which another attempt may begin."""
PACE = 1.0
"""How long a second of waiting takes; whoever makes faults in plenty sets less."""
_FIRST, _MOST = 1.0, 60.0
"""Seconds of the first pause, doubled each time, and of the longest that the CRM did not ask for."""
_PASSING = frozenset({408, 423, 425, 429, 477, *range(500, 505), *range(520, 525)})
"""Among them 423 and 477, by which HubSpot says that it is busy with the account, and those of Cloudflare in front of it."""


@dataclass(frozen=True)
class Refusal:
    """An answer that is no success."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    path: str


Judge = Callable[[Refusal], float | None]
"""Seconds to wait at least before the same call is made again; ``None``: it would be refused again."""


def passes_by_status(refusal: Refusal) -> float | None:
    """What the status alone tells."""
    return 0.0 if refusal.status in _PASSING else None


def pause(seconds: float) -> None:
    """Wait, as every wait for a CRM does."""
    if seconds > 0:
        sleep(seconds * PACE)


class Patience(Retry):
    """How often and how long one call has been tried, and whether it is tried once more.

    Every method is tried again: our creates carry an external id or a name, our updates and deletes are by record id, so that
    the same call twice does no more than once. A wait that ``Retry-After`` asks for is kept in full, or the call is given up.
    """

    def __init__(
        self, *args: Any, judge: Judge = passes_by_status, ends: float | None = None, next_pause: float = 0.0, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self._judge, self._ends, self._next_pause = judge, ends, next_pause

    def new(self, **changed: Any) -> Self:
        return super().new(**{"judge": self._judge, "ends": self._ends, "next_pause": self._next_pause, **changed})

    def increment(  # type: ignore[override]
        self, method: Any = None, url: Any = None, response: Any = None, error: Any = None, *args: Any, **more: Any
    ) -> Self:
        """As urllib3 calls it. Raises ``MaxRetryError`` where it is enough."""
        refusal = None
        if response is not None and not response.get_redirect_location():
            refusal = Refusal(response.status, response.headers, response.data, str(url))
        asked = self._asked(refusal)
        later = super().increment(method, url, response, error, *args, **more)
        return later._after(asked, url, more.get("_pool"))

    def refused(self, method: str | None, refusal: Refusal) -> Self:
        """The same for an answer whose body was read elsewhere."""
        asked = self._asked(refusal)
        return super().increment(method, refusal.path, error=None)._after(asked, refusal.path, None)

    def broken(self, method: str | None, url: str | None, broken: Exception) -> Self:
        """The same for an answer whose body broke off."""
        return self.increment(method, url, error=ProtocolError(str(broken)))

    def sleep(self, response: BaseHTTPResponse | None = None) -> None:
        pause(self._next_pause)

    def get_backoff_time(self) -> float:
        """Jittered, so that clients that were refused together do not come back together."""
        faults = list(takewhile(lambda past: past.redirect_location is None, reversed(self.history)))
        if len(faults) == 1 and faults[0].error is not None:
            return 0.0  # most often a connection that was kept too long
        return min(_MOST, _FIRST * 2 ** (len(faults) - 1)) * random.uniform(0.5, 1)

    def _asked(self, refusal: Refusal | None) -> float:
        """Raises ``MaxRetryError`` where another attempt would be refused again."""
        if refusal is None:
            return 0.0
        least = self._judge(refusal)
        if least is None:
            raise MaxRetryError(None, refusal.path, ResponseError("refused for good"))  # type: ignore[arg-type]
        asked = asked_to_wait(refusal.headers)
        return least if asked is None else asked

    def _after(self, asked: float, url: Any, pool: Any) -> Self:
        now = monotonic()
        ends = self._ends or now + LONGEST
        wait = max(asked * random.uniform(1, 1.1), self.get_backoff_time())
        if now + wait > ends:
            raise MaxRetryError(pool, url, ResponseError("out of patience"))
        return self.new(ends=ends, next_pause=wait)


def retry_policy(judge: Judge = passes_by_status, by_answer: bool = True) -> Patience:
    """Six more attempts within five minutes. ``by_answer=False``: urllib3 itself judges no answer, its body being unread."""
    return Patience(
        total=ATTEMPTS,
        connect=_CONNECTS,
        status_forcelist=range(HTTPStatus.BAD_REQUEST, 600) if by_answer else (),
        allowed_methods=None,
        raise_on_status=False,
        respect_retry_after_header=by_answer,
        judge=judge,
    )


def asked_to_wait(headers: Mapping[str, str]) -> float | None:
    """Seconds that ``Retry-After`` asks for, by number or by date; ``None`` where it does not, or not in words we know."""
    with contextlib.suppress(InvalidHeader, KeyError, ValueError):
        return Retry(retry_after_max=10**9).parse_retry_after(headers["Retry-After"])
    return None


def when_to_try(headers: Mapping[str, str]) -> str:
    """Words for whoever reads that a call was given up."""
    asked = asked_to_wait(headers)
    return f"it asks to be tried again in {asked / 60:.0f} minutes" if asked and asked > LONGEST else "try again later"


class PatientAdapter(HTTPAdapter):
    """Adds the policy and the timeout to a ``requests`` session; may send what is meant for one address to another.

    Bodies are read here, but those of successes that are asked for as a stream: a connection that breaks in the middle of a body,
    and what an answer means, are past the reach of urllib3's own retries. Both count as attempts of one call.
    """

    def __init__(self, meant_for: str = "", send_to: str = "", judge: Judge = passes_by_status) -> None:
        self._policy = retry_policy(judge, by_answer=False)
        super().__init__(max_retries=self._policy)
        self._meant_for, self._send_to = meant_for, send_to

    def send(  # type: ignore[override]
        self, request: requests.PreparedRequest, stream: bool = False, timeout: Any = None, **more: Any
    ) -> requests.Response:
        if self._meant_for and request.url:
            request = request.copy()
            request.url = self._send_to + str(request.url)[len(self._meant_for) :]
        patience: Any = self._policy
        while True:
            self.max_retries = patience
            response = super().send(request, stream=stream, timeout=timeout or TIMEOUT, **more)
            if stream and response.ok:
                return response
            patience = response.raw.retries
            try:
                body = response.content
            except (ChunkedEncodingError, BrokenConnection) as broken:
                try:
                    patience = patience.broken(request.method, request.url, broken)
                except MaxRetryError:
                    raise broken from None
            else:
                if response.status_code < HTTPStatus.BAD_REQUEST:
                    return response
                refusal = Refusal(response.status_code, response.headers, body, str(request.path_url))
                try:
                    patience = patience.refused(request.method, refusal)
                except MaxRetryError:
                    return response
            patience.sleep()


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
