"""How much of its API limits a portal has used, and the headers that say so.

Belongs here: counting and headers. Does not: enforcing; a limit is reached only where a fault says so.
"""

from __future__ import annotations

from collections import deque
from datetime import datetime

from connectors.sandbox.store import Store

DAILY_LIMIT = 650_000
TEN_SECOND_LIMIT = 190


class Usage:
    """Calls of the present day, which outlive the server, and of the last ten seconds."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._day, self._count = store.get_meta("usage", ("", 0))
        self._recent: deque[float] = deque(maxlen=TEN_SECOND_LIMIT)

    def today(self, now: datetime) -> int:
        """Calls so far on the day of ``now``."""
        return int(self._count) if self._day == now.date().isoformat() else 0

    def add(self, now: datetime) -> None:
        """Count one call."""
        self._count, self._day = self.today(now) + 1, now.date().isoformat()
        self._store.set_meta("usage", (self._day, self._count))
        self._recent.append(now.timestamp())

    def headers(self, now: datetime, reached: bool) -> dict[str, str]:
        """HubSpot's rate-limit headers. Short-term room never falls to nothing unless a limit is ``reached``:
        the sandbox serves faster than HubSpot does, and should not tell a client to wait that it would not refuse."""
        since = now.timestamp() - 10
        room = 0 if reached else max(1, TEN_SECOND_LIMIT - sum(1 for at in self._recent if at > since))
        return {
            "X-HubSpot-RateLimit-Daily": str(DAILY_LIMIT),
            "X-HubSpot-RateLimit-Daily-Remaining": str(max(0, DAILY_LIMIT - self.today(now))),
            "X-HubSpot-RateLimit-Interval-Milliseconds": "10000",
            "X-HubSpot-RateLimit-Max": str(TEN_SECOND_LIMIT),
            "X-HubSpot-RateLimit-Remaining": str(room),
        }
