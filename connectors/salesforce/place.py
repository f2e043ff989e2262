"""Where a pull stands in the order of (stamp, id), and what it leaves for the next one.

Belongs here: cursors and their meaning, which rows are new, what the rows read say of the place. Does not: asking for rows
(``pull``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from connectors.batches import LOOKBACK, NEVER, Seen, iso, parse_time, plain
from connectors.crm import Cursor


@dataclass(frozen=True)
class Last:
    """The last row of what was read: its stamp and id."""

    stamp: datetime
    id: str


class Place:
    """Cursor when all is read: ``stamp`` of the last row, ``seen`` = marks of the versions delivered within the look-back before
    it. The stamp never passes the newest one at the start of the pull: a row that changes while we read may be delivered with a
    stamp past changes that we have not seen.

    Cursor in the midst: ``stamp`` and ``id`` of the last row, from right after which the next pull goes on, and ``newest`` = that
    newest stamp of the start; while a job is read, ``job`` = its id and ``page`` = the page of its results that we stand on, so
    that what Salesforce has already gathered is fetched and not asked for anew.
    """

    def __init__(self, cursor: Cursor | None) -> None:
        kept = cursor or {"stamp": iso(NEVER)}
        self.before = parse_time(kept["stamp"])
        """The stamp that the cursor holds."""
        self.newest = parse_time(kept["newest"]) if "newest" in kept else None
        """The newest stamp there was when this pull first began; ``None`` until it is asked for."""
        self.last = Last(self.before, kept["id"]) if self.newest else None
        """The last row up to which everything was read."""
        self.job = {name: kept[name] for name in ("job", "page") if name in kept}
        self._greatest = self.before - LOOKBACK
        self._in_order = True
        """Whether what the last query brought came in order, so that its last row tells what was read."""
        self._seen = Seen(cursor)

    def begin_query(self) -> None:
        """What comes from now on was put in order anew."""
        self._in_order = True

    def new_of(self, table: pa.Table, fresh: bool) -> pa.Table:
        """The rows, noting the last one, without versions that an earlier pull delivered; ``fresh``: put in order just as they
        were read. Only those can be such, and only those will be met again, that lie in the look-back of the earlier pull
        or of the next."""
        if not table.num_rows:
            return table
        self._move_on(table, fresh)
        stamps = table["_modified_at"]
        edge = min(self._greatest, self.newest or self._greatest) - LOOKBACK
        near = pc.or_(
            pc.less_equal(stamps, pa.scalar(self.before, stamps.type)), pc.greater_equal(stamps, pa.scalar(edge, stamps.type))
        )
        keep = [True] * table.num_rows
        places = [place for place, is_near in enumerate(near.to_pylist()) if is_near]
        for place, row in zip(
            places, table.take(pa.array(places, pa.int64())).drop_columns(["_synced_at"]).to_pylist(), strict=True
        ):
            content = {name: plain(value) for name, value in row.items()}
            keep[place] = self._seen.is_new(row["_id"], row["_modified_at"], content)
        return table.filter(pa.array(keep))

    def _move_on(self, table: pa.Table, fresh: bool) -> None:
        """Past these rows. Unless they are ``fresh``, one with a stamp after the start has changed since it was put in its place,
        and says nothing of where that was. Should a job not keep the order that it was asked for, be it among rows of one stamp,
        nothing but its end says that all was read."""
        stamps = table["_modified_at"]
        self._greatest = max(self._greatest, pc.max(stamps).as_py())
        if not fresh:
            table = table.filter(pc.less_equal(stamps, pa.scalar(self.newest, stamps.type)))
        if not table.num_rows:
            return
        placed, ids = table["_modified_at"].combine_chunks(), table["_id"].combine_chunks()
        if not fresh:
            first = (placed[0].as_py(), ids[0].as_py())
            places = pc.binary_join_element_wise(placed.cast(pa.string()), ids, " ")
            self._in_order = self._in_order and (self.last is None or first > (self.last.stamp, self.last.id))
            self._in_order = self._in_order and pc.all(pc.less(places[:-1], places[1:])).as_py() is not False
        if self._in_order:
            self.last = Last(placed[-1].as_py(), ids[-1].as_py())

    def midway(self) -> Cursor:
        assert self.last is not None
        assert self.newest is not None
        return {
            "stamp": iso(self.last.stamp),
            "id": self.last.id,
            "newest": iso(self.newest),
            **(self.job if self._in_order else {}),
        }

    def finished(self) -> Cursor:
        at = max(self._greatest, self.before)
        stamp = min(at, self.newest or at)
        return {"stamp": iso(stamp), "seen": self._seen.since(stamp)}
