"""Which records are associated with which, and how.

Belongs here: storing and reading associations, both directions, with HubSpot's rule of one primary company. Does not:
endpoints (``association_routes.py``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from connectors.sandbox.hubspot.object_types import AssociationType, ObjectType, association_types, opposite
from connectors.sandbox.hubspot.portal import Portal, store_key

Row = tuple[str, dict[str, object], str, bool]


def _table(a: ObjectType, b: ObjectType) -> str:
    return f"associations:{a.name}:{b.name}"


def targets(
    portal: Portal, a: ObjectType, b: ObjectType, from_id: str, after: str = "", limit: int = -1
) -> list[tuple[str, list[int]]]:
    """(id, association type ids) of the records of type ``b`` that are associated with one of type ``a``, in order of id."""
    key = store_key(from_id)
    start = f"{key}/{store_key(after)}" if after else f"{key}/"
    rows = portal.store.select(_table(a, b), "id > ? AND id < ?", (start, f"{key}0"), limit=limit)
    return [(doc["to"], doc["types"]) for _, doc, _, _ in rows]


def associate(portal: Portal, a: ObjectType, b: ObjectType, from_id: str, to_id: str, type_ids: Iterable[int]) -> list[int]:
    """Add association types between two records; returns all types they now have, as seen from ``a``."""
    if a.name == "companies" and b.name != "companies":
        back = associate(portal, b, a, to_id, from_id, [opposite(a, b, type_id) for type_id in type_ids])
        return [opposite(b, a, type_id) for type_id in back]
    now = dict(targets(portal, a, b, from_id))
    wanted = {*now.get(to_id, ()), *type_ids, association_types(a, b)[0].type_id}
    first = primary(a, b)
    if first is not None:
        holders = [id for id, types in now.items() if first.type_id in types]
        if first.type_id in type_ids:
            for id in holders:
                _write(portal, a, b, from_id, id, [kind for kind in now[id] if kind != first.type_id])
        elif not holders:
            wanted.add(first.type_id)
    _write(portal, a, b, from_id, to_id, sorted(wanted))
    return sorted(wanted)


def primary(a: ObjectType, b: ObjectType) -> AssociationType | None:
    """The type that marks a contact's or deal's one primary company, if the pair has such a type."""
    return next((kind for kind in association_types(a, b) if kind.label == "Primary"), None) if b.name == "companies" else None


def dissociate(portal: Portal, a: ObjectType, b: ObjectType, from_id: str, to_id: str) -> None:
    """Remove every association between two records."""
    _write(portal, a, b, from_id, to_id, [])


def unlabel(portal: Portal, a: ObjectType, b: ObjectType, from_id: str, to_id: str, type_ids: Collection[int]) -> None:
    """Take association types from two records; without the unlabelled one nothing is left."""
    now = dict(targets(portal, a, b, from_id)).get(to_id, [])
    kept = [] if association_types(a, b)[0].type_id in type_ids else [kind for kind in now if kind not in type_ids]
    _write(portal, a, b, from_id, to_id, kept)


def dissociate_all(portal: Portal, kind: ObjectType, id: str) -> None:
    """What happens to the associations of a record that goes away."""
    for other, to_id, _ in _all_of(portal, kind, id):
        dissociate(portal, kind, other, id, to_id)


def hand_over(portal: Portal, kind: ObjectType, id: str, heir: str) -> None:
    """Move the associations of a merged record to the record it became."""
    for other, to_id, type_ids in _all_of(portal, kind, id):
        dissociate(portal, kind, other, id, to_id)
        associate(portal, kind, other, heir, to_id, type_ids)


def _all_of(portal: Portal, kind: ObjectType, id: str) -> list[tuple[ObjectType, str, list[int]]]:
    found: list[tuple[ObjectType, str, list[int]]] = []
    for other in portal.types():
        found += [(other, to_id, type_ids) for to_id, type_ids in targets(portal, kind, other, id)]
    return found


def _write(portal: Portal, a: ObjectType, b: ObjectType, from_id: str, to_id: str, type_ids: list[int]) -> None:
    for table, row in rows_for(a, b, from_id, to_id, type_ids, portal.past(0)):
        if type_ids:
            portal.store.put_many(table, [row])
        else:
            portal.store.db.execute("DELETE FROM documents WHERE object = ? AND id = ?", (table, row[0]))


def rows_for(a: ObjectType, b: ObjectType, from_id: str, to_id: str, type_ids: list[int], at: str) -> Iterator[tuple[str, Row]]:
    """(store object, row) for both directions of one association."""
    there, back = store_key(from_id), store_key(to_id)
    yield _table(a, b), (f"{there}/{back}", {"to": to_id, "types": type_ids}, at, False)
    yield _table(b, a), (f"{back}/{there}", {"to": from_id, "types": [opposite(a, b, kind) for kind in type_ids]}, at, False)
