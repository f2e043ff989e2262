"""Lists of records and who is on them.

Belongs here: storing lists and memberships. Does not: endpoints (``list_routes.py``).
"""

from __future__ import annotations

from collections.abc import Sequence

from connectors.sandbox.audit import Action
from connectors.sandbox.hubspot.object_types import ObjectType
from connectors.sandbox.hubspot.portal import Json, Portal, Token, store_key


def all_lists(portal: Portal, type_id: str | None = None) -> list[Json]:
    """In order of id; of one object type where given."""
    return [doc for _, doc, _, _ in portal.store.select("lists", "deleted = 0") if type_id in (None, doc["objectTypeId"])]


def members(portal: Portal, list_id: str, after: str = "", limit: int = -1) -> list[tuple[str, str]]:
    """(record id, member since), in order of id."""
    where, params = ("id > ?", [store_key(after)]) if after else ("1", [])
    rows = portal.store.select(f"members:{list_id}", where, params, limit=limit)
    return [(doc["id"], at) for _, doc, at, _ in rows]


def member_since(portal: Portal, list_id: str, id: str) -> str | None:
    """When a record came on the list; ``None`` where it is not on it."""
    rows = portal.store.select(f"members:{list_id}", "id = ?", [store_key(id)])
    return next((at for _, _, at, _ in rows), None)


def size(portal: Portal, list_id: str) -> int:
    return portal.store.count(f"members:{list_id}")


def add(portal: Portal, doc: Json, ids: Sequence[str], token: Token) -> list[str]:
    """Ids that were not on the list before."""
    ids, at = list(dict.fromkeys(ids)), portal.stamp()
    present = _present(portal, doc["listId"], ids)
    new = [id for id in ids if id not in present]
    portal.store.put_many(f"members:{doc['listId']}", [(store_key(id), {"id": id}, at, False) for id in new])
    _note(portal, doc, at, token, "member_add", {id: (id in present, True) for id in ids})
    return new


def remove(portal: Portal, doc: Json, ids: Sequence[str], token: Token) -> list[str]:
    """Ids that were on the list before."""
    ids, at = list(dict.fromkeys(ids)), portal.stamp()
    present = _present(portal, doc["listId"], ids)
    gone = [id for id in ids if id in present]
    rows = [(f"members:{doc['listId']}", store_key(id)) for id in gone]
    portal.store.db.executemany("DELETE FROM documents WHERE object = ? AND id = ?", rows)
    _note(portal, doc, at, token, "member_remove", {id: (id in present, False) for id in ids})
    return gone


def _note(portal: Portal, doc: Json, at: str, token: Token, action: Action, changes: dict[str, tuple[bool, bool]]) -> None:
    """Whether each record was and is on the list, under the list's name."""
    kind = portal.object_type(doc["objectTypeId"])
    for id, change in changes.items():
        portal.store.audit.note(at, token.user, kind.name, id, action, {doc["name"]: change})


def _present(portal: Portal, list_id: str, ids: Sequence[str]) -> set[str]:
    """Those of the ids that are on the list."""
    sql = "SELECT 1 FROM documents WHERE object = ? AND id = ?"
    return {id for id in ids if portal.store.db.execute(sql, (f"members:{list_id}", store_key(id))).fetchone()}


def clear(portal: Portal, doc: Json, token: Token) -> None:
    """Take everything off the list."""
    remove(portal, doc, [id for id, _ in members(portal, doc["listId"])], token)


def record_gone(portal: Portal, kind: ObjectType, id: str, token: Token, heir: str | None = None) -> None:
    """A record leaves every list it was on; the one that it was merged into takes its place."""
    for each in all_lists(portal, kind.type_id):
        if _present(portal, each["listId"], [id]):
            remove(portal, each, [id], token)
            if heir is not None:
                add(portal, each, [heir], token)
