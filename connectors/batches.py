"""What both CRMs need to write and read in batches: cutting, halving, the place where a pull stands, Arrow tables.

Belongs here: mechanics without a CRM's dialect. Does not: any call to a CRM.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

import pyarrow as pa

from connectors.crm import CrmError, Cursor, SchemaMissing, WriteResult

T = TypeVar("T")

LOOKBACK = timedelta(seconds=120)
"""Rows can become visible this much later than their stamp says; every incremental pull looks so far back."""
NEVER = datetime(2000, 1, 1, tzinfo=UTC)
"""The stamp of a cursor before anything was seen; neither CRM holds older changes."""
_MOST_MARKS = 20_000
_HALF = 8
"""Characters of a mark that stand for the record; as many stand for its version."""


class CallRefused(CrmError):
    """The CRM understood the call and refused it for what is in it; ``code`` is the CRM's own."""

    def __init__(self, message: str, code: str = "", status: int = 0) -> None:
        super().__init__(message)
        self.code, self.status = code, status


class SchemaRefused(CallRefused, SchemaMissing):
    """Refused because an object or field does not exist, or is not visible to this login."""


def chunks(rows: Iterable[T], size: int, key: Callable[[T], str]) -> Iterator[list[T]]:
    """Lists of at most ``size`` rows, no key twice in one: both CRMs refuse a whole batch for that."""
    batch: list[T] = []
    keys: set[str] = set()
    for row in rows:
        if len(batch) == size or key(row) in keys:
            yield batch
            batch, keys = [], set()
        batch.append(row)
        keys.add(key(row))
    if batch:
        yield batch


def send_in_halves(
    rows: Sequence[T], send: Callable[[Sequence[T]], list[WriteResult]], key: Callable[[T], str]
) -> list[WriteResult]:
    """Send; if the whole batch is refused, send its halves, so that one bad row fails alone.

    A missing object or field is every row's trouble: ``SchemaMissing`` is raised, not halved.
    """
    try:
        return send(rows)
    except SchemaRefused:
        raise
    except CallRefused as refused:
        if len(rows) == 1:
            return [WriteResult(key(rows[0]), False, code=refused.code, message=str(refused))]
    half = len(rows) // 2
    return send_in_halves(rows[:half], send, key) + send_in_halves(rows[half:], send, key)


class Seen:
    """Which version, (stamp, content), of each record a pull delivered last; kept in its cursor, so that looking back repeats
    nothing.

    The content counts because a stamp can be as coarse as a second, in which a record may change twice. What was delivered before
    the last version does not: an index that lags may show an old version after a newer one, which then must come once more.
    However many there are, only the newest 20,000 or so are remembered: what lies beyond is simply delivered once more.
    """

    def __init__(self, cursor: Cursor | None, lookback: timedelta = LOOKBACK) -> None:
        self._lookback = lookback
        self._known = {mark[:_HALF]: mark[_HALF:] for mark in (cursor or {}).get("seen", ())}
        self._stamp = (cursor or {}).get("stamp")
        self._met: dict[str, tuple[datetime, str]] = {}

    def is_new(self, id: str, stamp: datetime, content: Any) -> bool:
        record, version = _mark(id), _mark(f"{stamp.isoformat()}|{json.dumps(content, sort_keys=True)}")
        known = self._known.pop(record, None)
        last = self._met[record][1] if record in self._met else known
        self._met[record] = stamp, version
        if len(self._met) > 2 * _MOST_MARKS:
            self._met = dict(sorted(self._met.items(), key=lambda met: (met[1], met[0]))[-_MOST_MARKS:])
        return last != version

    def since(self, stamp: datetime) -> list[str]:
        """Marks that the next pull will meet again, 20,000 at most.

        While the stamp stands still all marks stay, also of rows that an index did not show this time.
        """
        recent = [(at, record + version) for record, (at, version) in self._met.items() if at >= stamp - self._lookback]
        if iso(stamp) == self._stamp:
            recent += [(stamp - self._lookback, record + version) for record, version in self._known.items()]
        if len(recent) > _MOST_MARKS:
            recent = sorted(recent)[-_MOST_MARKS:]
        return sorted(mark for _, mark in recent)


def _mark(text: str) -> str:
    return base64.b64encode(hashlib.blake2b(text.encode(), digest_size=6).digest()).decode()


def parse_time(text: str) -> datetime:
    """An aware UTC datetime from a CRM's ISO text (``+0000``, ``Z``, or without a zone: UTC)."""
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def now() -> datetime:
    return datetime.now(UTC)


def iso(at: datetime) -> str:
    """Fixed-width UTC text with milliseconds: what cursors hold."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def plain(value: Any) -> Any:
    """A value as JSON can hold it: dates as ISO text, decimals as numbers."""
    if isinstance(value, datetime):
        return iso(value if value.tzinfo else value.replace(tzinfo=UTC))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def to_table(columns: Mapping[str, pa.DataType], rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Rows -> Arrow table with ``columns`` and the five ``_`` columns of ``crm.Batch``; a value absent is null.

    A row gives ``_id``, ``_modified_at`` (aware datetime), and where they apply ``_deleted``, ``_merged_into``.
    Texts are as the CRM has them, NUL characters included; half of a surrogate pair, which is no character, becomes U+FFFD.
    """
    stamp = pa.timestamp("us", tz="UTC")
    arrays = {name: _array([row.get(name) for row in rows], type_) for name, type_ in columns.items()}
    arrays["_id"] = pa.array([row["_id"] for row in rows], pa.string())
    arrays["_modified_at"] = pa.array([row["_modified_at"] for row in rows], stamp)
    arrays["_deleted"] = pa.array([bool(row.get("_deleted", False)) for row in rows], pa.bool_())
    arrays["_merged_into"] = pa.array([row.get("_merged_into") for row in rows], pa.string())
    arrays["_synced_at"] = pa.array([now()] * len(rows), stamp)
    return pa.table(arrays)


def _array(values: list[Any], type_: pa.DataType) -> pa.Array:
    """Of values as they are, which nearly all can be taken for; else one by one."""
    try:
        return pa.array(values, type_)
    except (pa.ArrowInvalid, pa.ArrowTypeError, UnicodeEncodeError):
        return pa.array([_typed(value, type_) for value in values], type_)


def _typed(value: Any, type_: pa.DataType) -> Any:
    if value is None:
        return None
    if pa.types.is_floating(type_):
        return float(value)
    if not pa.types.is_string(type_):
        return value
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
