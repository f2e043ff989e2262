"""``/crm/v4``: associations between records, one by one and in batches.

Belongs here: reading the call and shaping the answer. Does not: storage (``associations.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from connectors.sandbox.hubspot import associations, records
from connectors.sandbox.hubspot.batch_routes import broken_row, is_broken
from connectors.sandbox.hubspot.errors import RowFault, not_found, validation_error
from connectors.sandbox.hubspot.object_types import ObjectType, association_types
from connectors.sandbox.hubspot.portal import Answer, Call, Handler, Json, batch_answer, page

_PAGE = 500
_BATCH_PAGE = 1_000


def _shown(a: ObjectType, b: ObjectType, rows: Sequence[tuple[str, list[int]]]) -> list[Json]:
    kinds = {kind.type_id: kind.as_json() for kind in association_types(a, b)}
    return [{"toObjectId": to_id, "associationTypes": [kinds[type_id] for type_id in type_ids]} for to_id, type_ids in rows]


def get_associations(call: Call) -> Answer:
    a, b, limit = call.type, call.to_type, call.limit(_PAGE, _PAGE)
    association_types(a, b)
    doc = records.read(call.portal, a, call.params["id"])
    rows = associations.targets(call.portal, a, b, doc["id"], call.text("after") or "", limit + 1)
    return 200, page(_shown(a, b, rows[:limit]), rows[limit - 1][0] if len(rows) > limit else None)


def _default(a: ObjectType, b: ObjectType, from_id: str, to_id: str) -> list[Json]:
    """Both directions of an unlabelled association, as HubSpot answers it."""
    both = ((a, b, from_id, to_id), (b, a, to_id, from_id))
    return [
        {
            "from": {"id": start},
            "to": {"id": end},
            "associationSpec": {
                "associationCategory": "HUBSPOT_DEFINED",
                "associationTypeId": association_types(x, y)[0].type_id,
            },
        }
        for x, y, start, end in both
    ]


def put_default(call: Call) -> Answer:
    a, b, from_id, to_id = call.type, call.to_type, call.params["id"], call.params["to_id"]
    association_types(a, b)
    records.read(call.portal, a, from_id)
    records.read(call.portal, b, to_id)
    associations.associate(call.portal, a, b, from_id, to_id, [])
    return batch_answer(call.portal, _default(a, b, from_id, to_id), [])


def _ends(row: Json) -> tuple[str, str]:
    try:
        return str(row["from"]["id"]), str(row["to"]["id"])
    except (KeyError, TypeError):
        raise validation_error("Some required fields were not set: [from, to]") from None


def _types(a: ObjectType, b: ObjectType, given: Any) -> list[int]:
    """The association types named. Raises ``HubSpotError`` (400) where there are none, or the pair has no such type."""
    try:
        type_ids = [int(each["associationTypeId"]) for each in given]
    except (KeyError, TypeError, ValueError):
        raise validation_error("Some required fields were not set: [associationTypeId]") from None
    if not type_ids or not set(type_ids) <= {kind.type_id for kind in association_types(a, b)}:
        raise validation_error(f"Association types {type_ids} do not exist between {a.singular} and {b.singular}")
    return type_ids


def read_batch(call: Call) -> Answer:
    a, b = call.type, call.to_type
    association_types(a, b)
    results: list[Json] = []
    errors: list[Json] = []
    for row in call.inputs(1_000):
        id = str(row.get("id", ""))
        if is_broken(call, id):
            errors.append(broken_row(id).entry())
            continue
        rows = associations.targets(call.portal, a, b, id, str(row.get("after") or ""), _BATCH_PAGE + 1)
        if rows:
            shown = page(_shown(a, b, rows[:_BATCH_PAGE]), rows[_BATCH_PAGE - 1][0] if len(rows) > _BATCH_PAGE else None)
            results.append({"from": {"id": id}, "to": shown.pop("results"), **shown})
        else:
            errors.append(_none_found(a, b, id))
    return batch_answer(call.portal, results, errors)


def _none_found(a: ObjectType, b: ObjectType, id: str) -> Json:
    message = f"No {b.singular} is associated with {a.singular} {id}."
    fault = RowFault("OBJECT_NOT_FOUND", message, 404, fromObjectId=[id], fromObjectType=[a.singular], toObjectType=[b.singular])
    return {**fault.entry(), "subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND"}


def _present(call: Call, rows: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
    """The pairs of which both records exist."""
    there: list[set[str]] = []
    for kind, ids in ((call.type, [from_id for from_id, _ in rows]), (call.to_type, [to_id for _, to_id in rows])):
        found: set[str] = set()
        for start in range(0, len(ids), 500):
            found |= set(records.read_many(call.portal, kind, set(ids[start : start + 500])))
        there.append(found)
    return {(from_id, to_id) for from_id, to_id in rows if from_id in there[0] and to_id in there[1]}


def create_batch(call: Call) -> Answer:
    a, b = call.type, call.to_type
    kinds = {kind.type_id: kind for kind in association_types(a, b)}
    rows = call.inputs(2_000)
    present = _present(call, [_ends(row) for row in rows])
    results: list[Json] = []
    errors: list[Json] = []
    for row in rows:
        from_id, to_id = _ends(row)
        type_ids = _types(a, b, row.get("types"))
        if (from_id, to_id) not in present:
            errors.append(not_found(a.singular, [from_id, to_id]).entry())
            continue
        associations.associate(call.portal, a, b, from_id, to_id, type_ids)
        labels = [label for type_id in type_ids if (label := kinds[type_id].label)]
        results.append(
            {
                "fromObjectTypeId": a.type_id,
                "fromObjectId": from_id,
                "toObjectTypeId": b.type_id,
                "toObjectId": to_id,
                "labels": labels,
            }
        )
    return batch_answer(call.portal, results, errors, 201)


def archive_batch(call: Call) -> Answer:
    a, b = call.type, call.to_type
    association_types(a, b)
    for row in call.inputs(2_000):
        try:
            from_id, ends = str(row["from"]["id"]), [str(end["id"]) for end in row["to"]]
        except (KeyError, TypeError):
            raise validation_error("Some required fields were not set: [from, to]") from None
        for to_id in ends:
            associations.dissociate(call.portal, a, b, from_id, to_id)
    return 204, None


def archive_labels_batch(call: Call) -> Answer:
    a, b = call.type, call.to_type
    for row in call.inputs(2_000):
        associations.unlabel(call.portal, a, b, *_ends(row), _types(a, b, row.get("types")))
    return 204, None


def associate_default_batch(call: Call) -> Answer:
    a, b = call.type, call.to_type
    association_types(a, b)
    rows = [_ends(row) for row in call.inputs(2_000)]
    present = _present(call, rows)
    results: list[Json] = []
    errors: list[Json] = []
    for from_id, to_id in rows:
        if (from_id, to_id) in present:
            associations.associate(call.portal, a, b, from_id, to_id, [])
            results += _default(a, b, from_id, to_id)
        else:
            errors.append(not_found(a.singular, [from_id, to_id]).entry())
    return batch_answer(call.portal, results, errors)


def labels(call: Call) -> Answer:
    return 200, {"results": [kind.as_json() for kind in association_types(call.type, call.to_type)]}


def put_labelled(call: Call) -> Answer:
    a, b, from_id, to_id = call.type, call.to_type, call.params["id"], call.params["to_id"]
    kinds = {kind.type_id: kind for kind in association_types(a, b)}
    type_ids = _types(a, b, call.json())
    records.read(call.portal, a, from_id)
    records.read(call.portal, b, to_id)
    associations.associate(call.portal, a, b, from_id, to_id, type_ids)
    return 201, {
        "fromObjectTypeId": a.type_id,
        "fromObjectId": from_id,
        "toObjectTypeId": b.type_id,
        "toObjectId": to_id,
        "labels": [label for type_id in type_ids if (label := kinds[type_id].label)],
    }


def delete_association(call: Call) -> Answer:
    association_types(call.type, call.to_type)
    associations.dissociate(call.portal, call.type, call.to_type, call.params["id"], call.params["to_id"])
    return 204, None


_BATCHES: dict[str, Callable[[Call], Answer]] = {
    "read": read_batch,
    "create": create_batch,
    "archive": archive_batch,
    "labels/archive": archive_labels_batch,
    "associate/default": associate_default_batch,
}

ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/crm/v4/objects/{type}/{id}/associations/{to}", get_associations),
    ("PUT", "/crm/v4/objects/{type}/{id}/associations/default/{to}/{to_id}", put_default),
    ("PUT", "/crm/v4/objects/{type}/{id}/associations/{to}/{to_id}", put_labelled),
    ("DELETE", "/crm/v4/objects/{type}/{id}/associations/{to}/{to_id}", delete_association),
    *(("POST", f"/crm/v4/associations/{{type}}/{{to}}/batch/{name}", handler) for name, handler in _BATCHES.items()),
    ("GET", "/crm/v4/associations/{type}/{to}/labels", labels),
)
