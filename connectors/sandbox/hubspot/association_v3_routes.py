"""The older forms of associations: ``/crm/v3/objects/{type}/{id}/associations`` and ``/crm/v3/associations``.

Belongs here: reading the call and shaping the answer. Does not: the present form (``association_routes.py``), storage.
"""

from __future__ import annotations

from connectors.sandbox.hubspot import associations, records
from connectors.sandbox.hubspot.batch_routes import broken_row, is_broken
from connectors.sandbox.hubspot.errors import RowFault, not_found, validation_error
from connectors.sandbox.hubspot.object_types import AssociationType, ObjectType, association_types
from connectors.sandbox.hubspot.portal import Answer, Call, Handler, Json, batch_answer, page
from connectors.sandbox.hubspot.properties import definitions

_PAGE = 500
_ROWS = 100
"""As of every batch of this form, but for reading."""
_READ_ROWS = 1_000


def _kind(a: ObjectType, b: ObjectType, given: object) -> AssociationType:
    """By id or by name. Raises ``HubSpotError`` (400)."""
    for kind in association_types(a, b):
        if str(given).lower() in (str(kind.type_id), kind.name):
            return kind
    raise validation_error(f"The association type {given} does not exist between {a.singular} and {b.singular}")


def _named(a: ObjectType, b: ObjectType, rows: list[tuple[str, list[int]]]) -> list[Json]:
    names = {kind.type_id: kind.name for kind in association_types(a, b)}
    return [{"id": to_id, "type": names[type_id]} for to_id, type_ids in rows for type_id in type_ids]


def get_associations(call: Call) -> Answer:
    a, b, limit = call.type, call.to_type, call.limit(_PAGE, _PAGE)
    association_types(a, b)
    doc = records.read(call.portal, a, call.params["id"])
    rows = associations.targets(call.portal, a, b, doc["id"], call.text("after") or "", limit + 1)
    return 200, page(_named(a, b, rows[:limit]), rows[limit - 1][0] if len(rows) > limit else None)


def put_association(call: Call) -> Answer:
    a, b = call.type, call.to_type
    kind = _kind(a, b, call.params["kind"])
    doc, other = records.read(call.portal, a, call.params["id"]), records.read(call.portal, b, call.params["to_id"])
    associations.associate(call.portal, a, b, doc["id"], other["id"], [kind.type_id])
    record = records.shown(doc, a, (), definitions(call.portal, a.name))
    return 200, {**record, "associations": records.shown_associations(call.portal, a, doc["id"], [b.name])}


def delete_association(call: Call) -> Answer:
    _kind(call.type, call.to_type, call.params["kind"])
    associations.dissociate(call.portal, call.type, call.to_type, call.params["id"], call.params["to_id"])
    return 204, None


def types(call: Call) -> Answer:
    return 200, {"results": [{"id": str(kind.type_id), "name": kind.name} for kind in association_types(call.type, call.to_type)]}


def read_batch(call: Call) -> Answer:
    a, b = call.type, call.to_type
    association_types(a, b)
    results: list[Json] = []
    errors: list[Json] = []
    for row in call.inputs(_READ_ROWS):
        id = str(row.get("id", ""))
        rows = associations.targets(call.portal, a, b, id)
        if is_broken(call, id):
            errors.append(broken_row(id).entry())
        elif rows:
            results.append({"from": {"id": id}, "to": _named(a, b, rows)})
        else:
            message = f"No {b.singular} is associated with {a.singular} {id}."
            errors.append(RowFault("OBJECT_NOT_FOUND", message, 404, fromObjectId=[id]).entry())
    return batch_answer(call.portal, results, errors)


def _rows(call: Call) -> list[tuple[str, str, AssociationType]]:
    try:
        return [
            (str(row["from"]["id"]), str(row["to"]["id"]), _kind(call.type, call.to_type, row["type"]))
            for row in call.inputs(_ROWS)
        ]
    except (KeyError, TypeError):
        raise validation_error("Some required fields were not set: [from, to, type]") from None


def create_batch(call: Call) -> Answer:
    a, b = call.type, call.to_type
    results: list[Json] = []
    errors: list[Json] = []
    for from_id, to_id, kind in _rows(call):
        if records.read_many(call.portal, a, [from_id]) and records.read_many(call.portal, b, [to_id]):
            associations.associate(call.portal, a, b, from_id, to_id, [kind.type_id])
            results.append({"from": {"id": from_id}, "to": {"id": to_id}, "type": kind.name})
        else:
            errors.append(not_found(a.singular, [from_id, to_id]).entry())
    return batch_answer(call.portal, results, errors, 201)


def archive_batch(call: Call) -> Answer:
    for from_id, to_id, _ in _rows(call):
        associations.dissociate(call.portal, call.type, call.to_type, from_id, to_id)
    return 204, None


_PAIR = "/crm/v3/associations/{type}/{to}"
_OF_RECORD = tuple(f"{start}/{{type}}/{{id}}/associations/{{to}}" for start in ("/crm/v3/objects", "/crm/objects/v3"))
ROUTES: tuple[tuple[str, str, Handler], ...] = (
    *(("GET", path, get_associations) for path in _OF_RECORD),
    *(("PUT", f"{path}/{{to_id}}/{{kind}}", put_association) for path in _OF_RECORD),
    *(("DELETE", f"{path}/{{to_id}}/{{kind}}", delete_association) for path in _OF_RECORD),
    ("GET", f"{_PAIR}/types", types),
    ("POST", f"{_PAIR}/batch/read", read_batch),
    ("POST", f"{_PAIR}/batch/create", create_batch),
    ("POST", f"{_PAIR}/batch/archive", archive_batch),
)
