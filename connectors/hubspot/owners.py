"""HubSpot's owners: people to whom records belong. A small list with an API of its own.

Belongs here: reading owners. Does not: anything with properties (``pull``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa

from connectors.batches import LOOKBACK, NEVER, Seen, iso, parse_time, to_table
from connectors.crm import Batch, Cursor
from connectors.hubspot.session import HubspotSession

OWNERS = "owners"
TYPES = {
    "id": pa.string(),
    "email": pa.string(),
    "firstName": pa.string(),
    "lastName": pa.string(),
    "userId": pa.string(),
    "type": pa.string(),
    "archived": pa.bool_(),
    "createdAt": pa.string(),
    "updatedAt": pa.string(),
}


def pull_owners(session: HubspotSession, fields: Sequence[str], cursor: Cursor | None) -> Iterator[Batch]:
    """All owners, or those changed since the cursor, in one batch. People who left are rows with ``archived``, not deletions:
    their records still name them."""
    seen = Seen(cursor)
    columns = {name: TYPES[name] for name in dict.fromkeys(fields) if name in TYPES}
    notes = tuple(f"owners.{name} does not exist in HubSpot; it was left out." for name in fields if name not in TYPES)
    edge = parse_time(cursor["stamp"]) - LOOKBACK if cursor else None
    rows, greatest = [], parse_time(cursor["stamp"]) if cursor else None
    for owner in all_owners(session):
        at = parse_time(owner["updatedAt"])
        greatest = max(at, greatest or at)
        if (edge is None or at >= edge) and seen.is_new(owner["id"], at, owner):
            rows.append({**owner, "_id": str(owner["id"]), "_modified_at": at})
    stamp = greatest or NEVER
    yield Batch(OWNERS, to_table(columns, rows), {"stamp": iso(stamp), "seen": seen.since(stamp)}, notes)


def all_owners(session: HubspotSession) -> Iterator[dict[str, Any]]:
    """Active owners, then archived ones."""
    for archived in ("false", "true"):
        after = None
        while True:
            answer = session.call("GET", "/crm/v3/owners/", {"limit": 100, "after": after, "archived": archived})
            yield from answer["results"]
            after = ((answer.get("paging") or {}).get("next") or {}).get("after")
            if after is None:
                break


def owners_changed_since(session: HubspotSession, cursor: Cursor) -> int:
    """Owners changed after the cursor; who changed them is not known."""
    stamp = cursor.get("stamp")
    return sum(1 for owner in all_owners(session) if not stamp or parse_time(owner["updatedAt"]) > parse_time(stamp))
