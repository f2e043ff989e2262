"""The stretch of time that each pull looks back over, and whether anything in it can be new.

Belongs here: counting what lies in that stretch, so that it need not be read again to learn that nothing happened. Does not: any
call (``pull``).

A pull reads again what changed in the last ``LOOKBACK`` before its cursor, for HubSpot's index shows some changes late. After an
import or a big write that is a great deal. So the cursor also says how many living records lie there: as long as HubSpot counts
as many, and the newest are the same, nothing has come to light.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

LOOKBACK = timedelta(minutes=10)
"""HubSpot's index can be this late after an import; as nothing is read twice for nothing, so long a look back costs little."""
_SECOND = timedelta(seconds=1)


def edge(stamp: datetime) -> datetime:
    """Where looking back from ``stamp`` ends, on a full second."""
    return (stamp - LOOKBACK).replace(microsecond=0)


class Window:
    """How many living records passed by for each of the last seconds; some thousand numbers, however many records there are."""

    def __init__(self, kept: Mapping[str, int] | None = None) -> None:
        self._counts = Counter({int(second): count for second, count in (kept or {}).items()})
        self._newest = max(self._counts, default=0)

    def saw(self, at: datetime) -> None:
        """A record that was last modified then."""
        second = int(at.timestamp())
        if second > self._newest:
            self._newest = second
            if len(self._counts) > 4 * (LOOKBACK // _SECOND):
                self._counts = Counter(self._lately())
        self._counts[second] += 1

    def since(self, stamp: datetime) -> int:
        """How many were modified at ``edge(stamp)`` or later; right only where nothing newer than ``stamp`` was seen."""
        return sum(count for second, count in self._counts.items() if second >= edge(stamp).timestamp())

    def as_json(self) -> dict[str, int]:
        """What a cursor keeps while a pull is under way."""
        return {str(second): count for second, count in sorted(self._lately().items())}

    def _lately(self) -> dict[int, int]:
        first = self._newest - LOOKBACK // _SECOND - 1
        return {second: count for second, count in self._counts.items() if second >= first}
