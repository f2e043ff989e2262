"""Records of a portal: reading, creating, changing, archiving, merging.

Belongs here: what happens to a record, and how it is shown. Does not: endpoints and batches (``record_routes.py``,
``batch_routes.py``), search.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from connectors.sandbox.hubspot import associations, history, lists
from connectors.sandbox.hubspot.errors import HubSpotError, not_found, validation_error
from connectors.sandbox.hubspot.object_types import ObjectType, between
from connectors.sandbox.hubspot.portal import Json, Portal, Token, objects, store_key
from connectors.sandbox.hubspot.properties import definitions

Values = Mapping[str, str | None]


def read_many(portal: Portal, kind: ObjectType, ids: Collection[str], archived: bool = False) -> dict[str, Json]:
    """id asked for -> record. A record that was merged away answers with the one it became."""
    keys = {store_key(id): id for id in ids}
    found = by_key(portal, kind, keys, archived)
    if len(found) < len(keys) and not archived:
        for id in (id for key, id in keys.items() if key not in found):
            heir = _heir(portal, kind, id)
            found.update({store_key(id): doc for doc in by_key(portal, kind, [store_key(heir)]).values()} if heir else {})
    return {keys[key]: doc for key, doc in sorted(found.items())}


def by_key(portal: Portal, kind: ObjectType, keys: Iterable[str], archived: bool = False) -> dict[str, Json]:
    """Store key -> record, for those that are there."""
    keys = list(keys)
    where = f"deleted = ? AND id IN ({','.join('?' * len(keys))})"
    return {key: doc for key, doc, _, _ in portal.store.select(kind.name, where, (int(archived), *keys))}


def _heir(portal: Portal, kind: ObjectType, id: str) -> str | None:
    heir = None
    while (merged := portal.store.get(f"merged:{kind.name}", store_key(heir or id))) is not None:
        heir = merged["into"]
    return heir


def read(portal: Portal, kind: ObjectType, id: str, id_property: str | None = None, archived: bool = False) -> Json:
    """Raises ``RowFault`` (404) where there is none."""
    if id_property is not None:
        found = find_by(portal, kind, id_property, [id])
        id = found.get(id.lower(), "")
    records = read_many(portal, kind, [id], archived)
    if id not in records:
        raise not_found(kind.singular, [id])
    return records[id]


def find_by(portal: Portal, kind: ObjectType, property: str, values: Sequence[str]) -> dict[str, str]:
    """Value in lower case -> record id. Raises ``HubSpotError`` (400) where the property's values are not unique."""
    if property == "hs_object_id":
        return {value.lower(): value for value in values}
    definition = definitions(portal, kind.name).get(property)
    if definition is None or not definition["hasUniqueValue"]:
        raise validation_error(f"Property {property} is not a unique property, so that it cannot identify a {kind.singular}")
    # The index is named, for without statistics SQLite would rather walk the whole object by its key
    value, index = f"json_extract(doc, '$.properties.{property}')", f"hubspot_by_{property}"
    portal.store.db.execute(
        f"CREATE INDEX IF NOT EXISTS {index} ON documents (object, lower({value})) WHERE {value} IS NOT NULL AND deleted = 0"
    )
    rows = portal.store.db.execute(
        f"SELECT id, lower({value}) FROM documents INDEXED BY {index} WHERE object = ? AND deleted = 0 AND {value} IS NOT NULL"
        f" AND lower({value}) IN ({','.join('?' * len(values))})",
        (kind.name, *(value.lower() for value in values)),
    )
    return {value: str(int(key)) for key, value in rows}


def shown(doc: Json, kind: ObjectType, asked: Sequence[str], known: Collection[str], with_history: Sequence[str] = ()) -> Json:
    """A record as an answer shows it: ``null`` for what is not set; properties that do not exist are left out."""
    stored = doc["properties"]
    names = dict.fromkeys((*(asked or kind.defaults), *kind.always))
    record = {
        "id": doc["id"],
        "properties": {name: stored.get(name) for name in names if name in known},
        "createdAt": doc["createdAt"],
        "updatedAt": doc["updatedAt"],
        "archived": doc["archived"],
    }
    if doc["archived"]:
        record["archivedAt"] = doc["archivedAt"]
    if with_history:
        record["propertiesWithHistory"] = history.shown(doc, with_history, known)
    return record


def shown_associations(portal: Portal, kind: ObjectType, id: str, asked: Iterable[str]) -> Json:
    """The ``associations`` of a record in a v3 answer: one entry per association type."""
    answer: Json = {}
    for other in map(portal.object_type, asked):
        names = {each.type_id: each.name for each in between(kind, other)}
        entries = [
            {"id": to_id, "type": names[type_id]}
            for to_id, type_ids in associations.targets(portal, kind, other, id)
            for type_id in type_ids
        ]
        if entries:
            answer[other.name] = {"results": entries}
    return answer


def create(portal: Portal, kind: ObjectType, rows: Sequence[Values], token: Token) -> list[Json]:
    """New records with values already checked. Raises ``HubSpotError`` (409) on a unique value that is taken."""
    _check_unique(portal, kind, [(None, values) for values in rows])
    missing = sorted({name for name in kind.required for values in rows if not values.get(name)})
    if missing:
        raise validation_error(f"Error creating {kind.singular.upper()}. Some required properties were not set: {missing}")
    made = _made(portal, kind, rows, token)
    for doc, values in zip(made, rows, strict=True):
        given = {name: (None, value) for name, value in values.items() if value is not None}
        history.remember(doc, {}, given, doc["createdAt"], token)
        portal.store.audit.note(doc["createdAt"], token.user, kind.name, doc["id"], "create", given)
    _save(portal, kind, made)
    return made


def _made(portal: Portal, kind: ObjectType, rows: Sequence[Values], token: Token) -> list[Json]:
    """New records, not yet saved."""
    at, first = portal.stamp(), portal.new_id(kind.name, len(rows))
    made = []
    for number, values in enumerate(rows, first):
        own = {"hs_object_id": str(number), "hs_created_by_user_id": token.user, "hs_updated_by_user_id": token.user}
        properties = {kind.created: at, **{name: value for name, value in values.items() if value is not None}, **own}
        properties[kind.modified] = at
        made.append({"id": str(number), "properties": properties, "createdAt": at, "updatedAt": at, "archived": False})
    return made


def update(portal: Portal, kind: ObjectType, rows: Sequence[tuple[Json, Values]], token: Token) -> list[Json]:
    """Change records with values already checked. Raises ``HubSpotError`` (409) on a unique value that is taken."""
    _check_unique(portal, kind, [(doc["id"], values) for doc, values in rows])
    at, before = portal.stamp(), [doc["properties"] for doc, _ in rows]
    for doc, values in rows:
        merged = {**doc["properties"], **values, kind.modified: at, "hs_updated_by_user_id": token.user}
        doc["properties"] = {name: value for name, value in merged.items() if value is not None}
        doc["updatedAt"] = at
    changed = [doc for doc, _ in rows]
    for (doc, values), old in zip(rows, before, strict=True):
        history.remember(doc, old, values, at, token)
    _save(portal, kind, changed)
    for (doc, values), old in zip(rows, before, strict=True):  # saving may change more: a deal's stage says whether it is won
        _note_update(portal, kind, doc, old, values, token)
    return changed


def _note_update(portal: Portal, kind: ObjectType, doc: Json, old: Json, values: Values, token: Token) -> None:
    """What was sent, changed or not, and what changed by itself with it, the record's own stamps aside."""
    new = doc["properties"]
    named = (name for name in {**old, **new, **values} if name not in (kind.modified, "hs_updated_by_user_id"))
    changes = {name: (old.get(name), new.get(name)) for name in named if name in values or old.get(name) != new.get(name)}
    portal.store.audit.note(doc["updatedAt"], token.user, kind.name, doc["id"], "update", changes)


def _check_unique(portal: Portal, kind: ObjectType, rows: Sequence[tuple[str | None, Values]]) -> None:
    unique = [name for name, definition in definitions(portal, kind.name).items() if definition["hasUniqueValue"]]
    for name in unique:
        given = [(id, str(values[name]).lower()) for id, values in rows if values.get(name)]
        taken = find_by(portal, kind, name, [value for _, value in given]) if given else {}
        for id, value in given:
            owner = taken.setdefault(value, id or "")
            if owner != (id or ""):
                raise HubSpotError(409, "CONFLICT", f"{kind.singular.title()} already exists. Existing ID: {owner}")


def _save(portal: Portal, kind: ObjectType, docs: Sequence[Json]) -> None:
    if kind.name == "deals":
        stages = deal_stages(portal)
        for doc in docs:
            set_stage(doc, stages)
    portal.store.put_many(kind.name, [(store_key(doc["id"]), doc, doc["updatedAt"], doc["archived"]) for doc in docs])


def deal_stages(portal: Portal) -> dict[str, tuple[bool, float]]:
    """Deal stages: id -> whether it is closed, and its probability, which is 1 for a won one."""
    return stages_of(stage for pipeline in portal.pipelines("deals") for stage in pipeline["stages"])


def stages_of(stages: Iterable[Json]) -> dict[str, tuple[bool, float]]:
    """The same from the stages' own definitions."""
    said = {stage["id"]: stage["metadata"] for stage in stages}
    return {id: (str(meta.get("isClosed")).lower() == "true", float(meta.get("probability") or 0)) for id, meta in said.items()}


def set_stage(doc: Json, stages: Mapping[str, tuple[bool, float]]) -> None:
    """What a deal's stage says about it."""
    closed, probability = stages.get(doc["properties"].get("dealstage", ""), (False, 0.0))
    doc["properties"]["hs_is_closed"] = "true" if closed else "false"
    doc["properties"]["hs_is_closed_won"] = "true" if closed and probability == 1.0 else "false"
    doc["properties"]["hs_deal_stage_probability"] = f"{probability:g}"


def archive(portal: Portal, kind: ObjectType, ids: Collection[str], token: Token) -> None:
    """Move records to the recycle bin; those that are not there are passed over, as HubSpot does."""
    at = portal.stamp()
    for doc in read_many(portal, kind, ids).values():
        doc.update(archived=True, archivedAt=at, updatedAt=at)
        portal.store.put(kind.name, store_key(doc["id"]), doc, at, deleted=True)
        associations.dissociate_all(portal, kind, doc["id"])
        lists.record_gone(portal, kind, doc["id"], token)
        portal.store.audit.note(at, token.user, kind.name, doc["id"], "delete")


def merge(portal: Portal, kind: ObjectType, primary_id: str, other_id: str, token: Token) -> Json:
    """Two records become a new third one, to which both ids lead from now on. Raises ``RowFault`` (404)."""
    primary, other = read(portal, kind, primary_id), read(portal, kind, other_id)
    if primary["id"] == other["id"]:
        raise validation_error(f"Cannot merge a {kind.singular} with itself")
    gone = [primary["id"], other["id"]]
    before = [part for doc in (primary, other) for part in doc["properties"].get("hs_merged_object_ids", "").split(";") if part]
    values: dict[str, Any] = {**other["properties"], **primary["properties"], "hs_merged_object_ids": ";".join([*before, *gone])}
    for own in (kind.modified, "hs_object_id"):
        values.pop(own)
    portal.store.db.execute("DELETE FROM documents WHERE object = ? AND id IN (?, ?)", (kind.name, *map(store_key, gone)))
    (made,) = _made(portal, kind, [values], token)
    made["history"] = history.inherited(primary, other)
    _save(portal, kind, [made])
    for id in gone:
        note = {"hs_merged_object_ids": (None, made["id"])}
        portal.store.audit.note(made["createdAt"], token.user, kind.name, id, "merge", note)
        portal.store.put(f"merged:{kind.name}", store_key(id), {"into": made["id"]}, made["updatedAt"])
        associations.hand_over(portal, kind, id, made["id"])
        lists.record_gone(portal, kind, id, token, heir=made["id"])
    return made


def associate_new(portal: Portal, kind: ObjectType, id: str, given: Any) -> None:
    """The ``associations`` of a create call: ``[{to: {id}, types: [{associationTypeId}]}]``. Raises ``HubSpotError`` (400)."""
    for row in objects(given or [], "associations"):
        try:
            to_id, type_ids = str(row["to"]["id"]), [int(each["associationTypeId"]) for each in row["types"]]
        except (KeyError, TypeError, ValueError):
            raise validation_error("Some required fields were not set: [to, types]") from None
        others = [other for other in portal.types() if set(type_ids) <= {each.type_id for each in between(kind, other)}]
        if not type_ids or not others:
            raise validation_error(f"Association types {type_ids} do not exist for {kind.singular}")
        read(portal, others[0], to_id)
        associations.associate(portal, kind, others[0], id, to_id, type_ids)
