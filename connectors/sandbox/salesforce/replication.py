"""What was deleted or changed between two moments: ``sobjects/{T}/deleted`` and ``sobjects/{T}/updated``.

Belongs here: the window and its answers. Does not: queries (``queries.py``). A window's seconds do not count. Where the fault
``late_visible`` strikes, ``latestDateCovered`` falls back to what was seen.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from starlette.responses import JSONResponse, Response

from connectors.sandbox.salesforce import errors
from connectors.sandbox.salesforce.errors import SalesforceError
from connectors.sandbox.salesforce.org import Call
from connectors.sandbox.salesforce.values import parse_datetime, wire_datetime

_REACH = timedelta(days=30)
_WINDOW = "modified_at >= ? AND modified_at < ? AND modified_at <= ?"


async def deleted(call: Call) -> Response:
    """Ids and times of deletions in the window."""
    name, window, covered = _asked(call)
    found = call.org.store.select(name, f"deleted = 1 AND {_WINDOW}", window, order="modified_at, id")
    records = [{"id": id, "deletedDate": at} for id, _, at, _ in found]
    earliest = wire_datetime(_minute(call.org.clock.now() - _REACH))
    return JSONResponse({"deletedRecords": records, "earliestDateAvailable": earliest, "latestDateCovered": covered})


async def updated(call: Call) -> Response:
    """Ids of live records that were made or changed in the window."""
    name, window, covered = _asked(call)
    ids = call.org.store.ids(name, f"deleted = 0 AND {_WINDOW}", window, order="modified_at, id")
    return JSONResponse({"ids": ids, "latestDateCovered": covered})


def _asked(call: Call) -> tuple[str, tuple[str, str, str], str]:
    """(type, parameters of the window, the moment up to which it is known). Raises INVALID_REPLICATION_DATE, NOT_FOUND."""
    type = call.view.type(call.path["type"])
    if type is None or type.tooling:
        raise errors.not_found()
    start, end = _moment(call, "start"), _moment(call, "end")
    now = call.org.clock.now()
    if end <= start:
        raise _refused("endDate must be at least one minute greater than startDate")
    if start < _minute(now - _REACH):
        raise _refused("startDate cannot be more than 30 days ago")
    seen = call.org.queries.visible_until(f"{call.request.url.path}/{type.name}") or wire_datetime(now)
    return type.name, (wire_datetime(start), wire_datetime(end), seen), min(wire_datetime(end), seen)


def _moment(call: Call, name: str) -> datetime:
    text = call.request.query_params.get(name)
    if not text:
        raise SalesforceError("MISSING_ARGUMENT", f"{name} parameter is required")
    try:
        return _minute(parse_datetime(text.replace(" ", "+")))
    except ValueError:
        raise _refused(f"{name} is no date and time with a time zone: {text}") from None


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def _refused(message: str) -> SalesforceError:
    return SalesforceError("INVALID_REPLICATION_DATE", message)


_BASE = "/services/data/v{version}/sobjects/{type}"
ROUTES = ((f"{_BASE}/deleted", deleted, ("GET",)), (f"{_BASE}/updated", updated, ("GET",)))
