"""Where a pull stands, and what it leaves for the next one.

Belongs here: cursors and their meaning. Does not: moving on (``pull``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from connectors.batches import NEVER, iso, parse_time
from connectors.crm import Cursor
from connectors.hubspot.window import LOOKBACK, Window

_TIMES = ("newest", "greatest", "began")
Phase = Literal["list", "look", "search", "archived", "done"]


@dataclass(frozen=True)
class Quiet:
    """What there was when a pull ended during which nothing changed: as long as it is so, nothing is new."""

    rows: int
    """Living records within the look-back."""
    total: int | None = None
    """Living records in all, counted before the archived ones were read; known only where there are many of those."""
    bin: int = 0
    """Pages of archived records."""
    settled: bool = False
    """The look-back was read when it was so long ago that its index can show nothing more."""


@dataclass
class Place:
    """Where a pull stands; a cursor in the midst of one holds all of it."""

    began: datetime
    """When this pull first began, by our clock."""
    since: datetime | None
    """The stamp that the pull before left."""
    phase: Phase
    after: str | None = None
    """Where in the phase: the id of the last record."""
    newest: datetime | None = None
    """The newest stamp there was when this pull first began."""
    greatest: datetime | None = None
    """The newest stamp that passed by."""
    window: Window = field(default_factory=Window)
    quiet: Quiet | None = None
    """What the pull before left."""
    total: int | None = None
    bin: int = 0
    unread: int | None = None
    """Rows of the look-back, where it was taken for unchanged and not read."""
    swept: bool = False
    """The archived records have been read."""
    new: bool = False
    """Something new came."""

    @classmethod
    def of(cls, cursor: Cursor | None, at: datetime) -> Place:
        """``at``: the present moment."""
        kept = cursor or {}
        since = parse_time(kept["stamp"]) if kept.get("stamp") else None
        place = cls(at, since, kept.get("phase") or ("look" if since else "list"), greatest=since)
        place.quiet = Quiet(**kept["quiet"]) if kept.get("quiet") else None
        for name in _TIMES:
            if kept.get(name):
                setattr(place, name, parse_time(kept[name]))
        place.window = Window(kept.get("window"))
        for name in ("after", "total", "bin", "unread", "swept", "new"):
            setattr(place, name, kept.get(name, getattr(place, name)))
        return place

    def may_be_unread(self, newest: datetime, rows: int) -> bool:
        """Whether the look-back, in which so many rows are now, can be taken for read.

        A version that the index shows late may hide behind an unchanged number: so, once it is late no more, all is read again.
        """
        quiet, since = self.quiet, self.since
        if quiet is None or since is None or newest != since or rows != quiet.rows:
            return False
        return quiet.settled or self.began < since + LOOKBACK

    def passed(self, at: datetime) -> None:
        """A living record that was last modified then."""
        self.greatest = max(at, self.greatest or at)

    @property
    def stamp(self) -> datetime:
        """What the next pull begins from: nothing past what was there at the start, for that may have changed behind us."""
        return min(self.greatest or NEVER, self.newest or self.greatest or NEVER)

    def midway(self, seen: list[str]) -> Cursor:
        times = {name: value and iso(value) for name, value in vars(self).items() if name in _TIMES}
        plain = {name: getattr(self, name) for name in ("phase", "after", "total", "bin", "unread", "swept", "new")}
        left = {"stamp": self.since and iso(self.since), "quiet": self.quiet and vars(self.quiet), "seen": seen}
        return {**times, **plain, **left, "window": self.window.as_json()}

    def finished(self, seen: list[str]) -> Cursor:
        cursor: Cursor = {"stamp": iso(self.stamp), "seen": seen}
        if (self.greatest or NEVER) <= self.stamp:
            if self.unread is not None and self.quiet is not None:
                rows, settled = self.unread, self.quiet.settled
            else:
                rows, settled = self.window.since(self.stamp), self.began >= self.stamp + LOOKBACK
            cursor["quiet"] = vars(Quiet(rows, self.total, self.bin, settled))
        return cursor
