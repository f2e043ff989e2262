"""How many API calls an org was asked in the last 24 hours.

Belongs here: counting, over a restart too. Does not: refusing a call (``app.py``).
"""

from __future__ import annotations

from datetime import timedelta

from connectors.sandbox.clock import Clock
from connectors.sandbox.store import Store

_KEY = "api_usage"
_SPAN = timedelta(hours=24)
_BUCKET = timedelta(minutes=10)


class Usage:
    """Calls by the ten minutes in which they came."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._calls = {int(bucket): count for bucket, count in store.get_meta(_KEY, {}).items()}

    def count(self) -> None:
        """One call more."""
        bucket = self._bucket()
        if bucket not in self._calls:
            oldest = bucket - _SPAN // _BUCKET
            self._calls = {each: count for each, count in self._calls.items() if oldest < each <= bucket}
        self._calls[bucket] = self._calls.get(bucket, 0) + 1
        self._store.set_meta(_KEY, self._calls)

    @property
    def last_24_hours(self) -> int:
        bucket = self._bucket()
        oldest = bucket - _SPAN // _BUCKET
        return sum(count for each, count in self._calls.items() if oldest < each <= bucket)

    def _bucket(self) -> int:
        return int(self._clock.now().timestamp() // _BUCKET.total_seconds())
