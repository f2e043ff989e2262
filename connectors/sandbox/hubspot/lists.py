"""Lists of records and who is on them.

Belongs here: storing lists and memberships. Does not: endpoints (``list_routes.py``).
"""

from __future__ import annotations

from collections.abc import Sequence

from connectors.sandbox.hubspot.object_types import ObjectType
from connectors.sandbox.hubspot.portal import Json, Portal, store_key


def all_lists(portal: Portal, type_id: str | None = None) -> list[Json]:
    """In order of id; of one object type where given."""
    return [doc for _, doc, _, _ in portal.store.select("lists", "deleted = 0") if type_id in (None, doc["objectTypeId"])]


def members(portal: Portal, list_id: str, after: str = "", limit: int = -1) -> list[tuple[str, str]]:
    """(record id, member since), in order of id."""
    where, params = ("id > ?", [store_key(after)]) if after else ("1", [])
    rows = portal.store.select(f"members:{list_id}", where, params, limit=limit)
    return [(doc["id"], at) for _, doc, at, _ in rows]


def size(portal: Portal, list_id: str) -> int:
    return portal.store.count(f"members:{list_id}")


def add(portal: Portal, list_id: str, ids: Sequence[str]) -> list[str]:
    """Ids that were not on the list before."""
    present = _present(portal, list_id, ids)
    new = [id for id in dict.fromkeys(ids) if id not in present]
    at = portal.stamp()
    portal.store.put_many(f"members:{list_id}", [(store_key(id), {"id": id}, at, False) for id in new])
    return new


def remove(portal: Portal, list_id: str, ids: Sequence[str]) -> list[str]:
    """Ids that were on the list before."""
    present = _present(portal, list_id, ids)
    gone = [id for id in dict.fromkeys(ids) if id in present]
    rows = [(f"members:{list_id}", store_key(id)) for id in gone]
    portal.store.db.executemany("DELETE FROM documents WHERE object = ? AND id = ?", rows)
    return gone


def _present(portal: Portal, list_id: str, ids: Sequence[str]) -> set[str]:
    """Those of the ids that are on the list."""
    sql = "SELECT 1 FROM documents WHERE object = ? AND id = ?"
    return {id for id in ids if portal.store.db.execute(sql, (f"members:{list_id}", store_key(id))).fetchone()}


def clear(portal: Portal, list_id: str) -> None:
    portal.store.db.execute("DELETE FROM documents WHERE object = ?", (f"members:{list_id}",))


def record_gone(portal: Portal, kind: ObjectType, id: str, heir: str | None = None) -> None:
    """A record leaves every list it was on; the one that it was merged into takes its place."""
    for each in all_lists(portal, kind.type_id):
        if remove(portal, each["listId"], [id]) and heir is not None:
            add(portal, each["listId"], [heir])
