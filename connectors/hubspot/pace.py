"""Keeping under HubSpot's limits per second and per ten seconds, rather than running into them.

Belongs here: when the next call may be made, by what HubSpot's headers and refusals said. Does not: the day's limit (``quota``).
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Mapping
from http import HTTPStatus
from time import monotonic

from connectors.retry import Refusal, passes_by_status, pause

_SEARCHES = 4
"""Searches a second once one was refused; HubSpot lets 5 be, and tells no room in their headers."""
_PAUSES = {"SECONDLY": 1.0, "TEN_SECONDLY_ROLLING": 10.0}
_MOST_CALLS = 1_000
"""Calls remembered; no app may make so many in ten seconds."""


class Pace:
    """Of one session. Waits only where HubSpot would refuse the call."""

    def __init__(self) -> None:
        self._made: deque[float] = deque(maxlen=_MOST_CALLS)
        self._no_sooner = 0.0
        self._searched = -1.0
        self._slow_searches = False

    def wait(self, path: str) -> None:
        """Until a call to this path may be made; it counts as made then."""
        now = monotonic()
        until = self._no_sooner
        if self._slow_searches and _is_search(path):
            until = max(until, self._searched + 1 / _SEARCHES)
        pause(until - now)
        now = max(now, until)
        self._made.append(now)
        if _is_search(path):
            self._searched = now

    def heard(self, headers: Mapping[str, str]) -> None:
        """What an answer says of the room that is left: with none, the next call waits until the oldest one counts no longer."""
        room, window = headers.get("X-HubSpot-RateLimit-Remaining"), headers.get("X-HubSpot-RateLimit-Interval-Milliseconds")
        if not room or not window or int(room) > 0:
            return
        seconds, now = int(window) / 1000, monotonic()
        oldest = next((made for made in self._made if made > now - seconds), now)
        self._no_sooner = oldest + seconds

    def passes(self, refusal: Refusal) -> float | None:
        """Whether and when HubSpot may answer better: see ``connectors.retry.Judge``."""
        if refusal.status == HTTPStatus.CONFLICT and "/batch/" in refusal.path:
            return 0.0  # somebody else is at the same records; a name that is taken, which does not pass, is no batch's trouble
        if refusal.status != HTTPStatus.TOO_MANY_REQUESTS:
            return passes_by_status(refusal)
        policy = policy_of(refusal.body)
        if policy == "DAILY":
            return None
        if policy == "SECONDLY" and _is_search(refusal.path):
            self._slow_searches = True
        return _PAUSES.get(policy, 1.0)


def policy_of(body: bytes | str | None) -> str:
    """Which limit a 429 is about: ``DAILY``, ``SECONDLY``, ``TEN_SECONDLY_ROLLING``; empty where it does not say."""
    try:
        said = json.loads(body or "")
    except ValueError:
        return ""
    return str(said.get("policyName") or "") if isinstance(said, dict) else ""


def _is_search(path: str) -> bool:
    return path.partition("?")[0].endswith("/search")
