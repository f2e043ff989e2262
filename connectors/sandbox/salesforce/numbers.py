"""What an org counts: the ids of new records and the automatic numbers of custom objects.

Belongs here: which number is next, and that it was taken. Does not: the form of an id (``ids.py``). A number is taken when
its record is kept, not before: a record that is refused takes none.
"""

from __future__ import annotations

import re

from connectors.sandbox.salesforce.ids import make_id
from connectors.sandbox.salesforce.schema import ObjectType
from connectors.sandbox.store import Store

_LAST_ID = "last_id"


def next_id(store: Store, type: ObjectType) -> tuple[str, int]:
    """(id that no record has or had, its number); worlds may hold records under numbers that are still to come."""
    number: int = store.get_meta(_LAST_ID, 0)
    while True:
        number += 1
        id = make_id(type.prefix, number)
        if store.get(type.name, id, deleted=True) is None:
            return id, number


def take_id(store: Store, number: int) -> None:
    store.set_meta(_LAST_ID, number)


def next_name(store: Store, type: ObjectType, id: str) -> tuple[str, int]:
    """(name, its number) of a custom object's record that is given none: by the object's format, else its id under number 0."""
    made = next(store.select("CustomObject", "json_extract(doc, '$.FullName') = ?", (type.name,)))[1]
    if not made.get("NameFormat"):
        return id, 0
    number: int = store.get_meta(_last_name(type), 0) + 1
    return re.sub(r"\{(0+)\}", lambda found: str(number).zfill(len(found[1])), made["NameFormat"]), number


def take_name(store: Store, type: ObjectType, number: int) -> None:
    store.set_meta(_last_name(type), number)


def _last_name(type: ObjectType) -> str:
    return f"auto_number {type.name}"
