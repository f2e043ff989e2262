"""The sandbox's own time: real time, moved by an offset.

Belongs here: what time an org believes it is. Does not: how a CRM writes a datetime (see the CRMs).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Clock:
    """Runs at the speed of real time from wherever it was set; shared by every org of a sandbox."""

    def __init__(self) -> None:
        self._offset = timedelta(0)

    def now(self) -> datetime:
        """The present moment in UTC."""
        return datetime.now(UTC) + self._offset

    def set(self, moment: datetime) -> None:
        """Go on from ``moment``, an aware datetime."""
        self._offset = moment - datetime.now(UTC)

    def not_before(self, moment: datetime) -> None:
        """Move forward to ``moment`` if it still lies ahead; a world of tomorrow must not be written to today."""
        if moment > self.now():
            self.set(moment)
