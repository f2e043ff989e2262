"""``/crm/v3/schemas``: objects that a portal defines itself; ``/crm/v3/objects/2-...`` then serves their records.

Belongs here: defining, showing and removing such objects. Does not: their properties afterwards (``property_routes.py``).
"""

from __future__ import annotations

import re

from connectors.sandbox.hubspot.errors import HubSpotError, no_such_resource, validation_error
from connectors.sandbox.hubspot.portal import Answer, Call, Handler, Json, Portal, store_key
from connectors.sandbox.hubspot.properties import definitions
from connectors.sandbox.hubspot.property_routes import define

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
_FIRST_ASSOCIATION = 1_000
_CHANGEABLE = ("labels", "description", "primaryDisplayProperty", "requiredProperties", "searchableProperties")
_KEPT = ("id", "objectTypeId", "fullyQualifiedName", "name", "archived", "createdAt", "updatedAt", "secondaryDisplayProperties")
_ENGAGEMENTS = ("0-27", "0-47")
"""Tasks and meetings can be associated with every object without being asked."""


def _defined(doc: Json) -> Json:
    return {key: doc[key] for key in (*_KEPT, *_CHANGEABLE) if doc.get(key) is not None}


def _schema(portal: Portal, doc: Json) -> Json:
    return {
        **_defined(doc),
        "properties": list(definitions(portal, doc["objectTypeId"]).values()),
        "associations": [shown for each in doc["associated"] for shown in _associations(doc, each)],
    }


def _associations(doc: Json, each: Json) -> list[Json]:
    """Both directions of an association, as HubSpot lists them."""
    ends = ((doc["objectTypeId"], each["to"]), (each["to"], doc["objectTypeId"]))
    times = {"createdAt": each["at"], "updatedAt": each["at"]}
    return [
        {"id": str(id), "fromObjectTypeId": start, "toObjectTypeId": end, "name": each["name"], **times}
        for id, (start, end) in zip(each["ids"], ends, strict=True)
    ]


def _found(call: Call) -> Json:
    given = call.params["type"].lower()
    for doc in call.portal.schemas():
        if given in (doc["objectTypeId"], doc["fullyQualifiedName"].lower(), doc["name"].lower(), f"p_{doc['name'].lower()}"):
            return doc
    raise no_such_resource(f"Unable to infer object type from: {call.params['type']}")


def _save(portal: Portal, doc: Json, deleted: bool = False) -> Json:
    at = portal.stamp()
    changed = {**doc, "updatedAt": at, "archived": deleted}
    portal.store.put("schemas", store_key(doc["id"]), changed, at, deleted)
    return changed


def list_schemas(call: Call) -> Answer:
    return 200, {"results": [_schema(call.portal, doc) for doc in call.portal.schemas()]}


def get_schema(call: Call) -> Answer:
    return 200, _schema(call.portal, _found(call))


def _new_association(portal: Portal, to: str, name: str) -> Json:
    first = portal.new_id("association_types", 2) + _FIRST_ASSOCIATION
    return {"to": portal.object_type(to).type_id, "name": name, "ids": [first, first + 1], "at": portal.stamp()}


def create_schema(call: Call) -> Answer:
    body, portal = call.body, call.portal
    missing = [key for key in ("name", "labels", "requiredProperties", "properties") if key not in body]
    if missing:
        raise validation_error(f"Some required fields were not set: [{', '.join(missing)}]")
    name = str(body["name"])
    if not _NAME.fullmatch(name):
        raise validation_error(f"Invalid object name {name!r}: letters, digits and underscores, a letter first")
    if any(doc["name"].lower() == name.lower() for doc in portal.schemas()):
        raise HubSpotError(409, "OBJECT_ALREADY_EXISTS", f"An object named '{name}' already exists.")
    at, id = portal.stamp(), str(portal.new_id("schemas"))
    type_id, group = f"2-{id}", f"{name.lower()}_information"
    portal.store.put(f"groups:{type_id}", group, {"name": group, "label": name, "displayOrder": -1, "archived": False}, at)
    for given in body["properties"]:
        define(portal, type_id, {"groupName": group, **given}, call.token.user)
    _check_names(portal, type_id, body)
    others = [str(each) for each in [*(body.get("associatedObjects") or ()), *_ENGAGEMENTS]]
    made = {
        "id": id,
        "objectTypeId": type_id,
        "fullyQualifiedName": f"p{portal.portal_id}_{name}",
        "name": name,
        "createdAt": at,
        "secondaryDisplayProperties": body.get("secondaryDisplayProperties") or [],
        "searchableProperties": [],
        **{key: body[key] for key in _CHANGEABLE if body.get(key) is not None},
        "associated": [
            _new_association(portal, other, f"{name.lower()}_to_{portal.object_type(other).singular}")
            for other in dict.fromkeys(portal.object_type(other).type_id for other in others)
        ],
    }
    return 201, _schema(portal, _save(portal, made))


def _check_names(portal: Portal, type_id: str, body: Json) -> None:
    """Raises ``HubSpotError`` (400) where a property is named that the object has not."""
    named = [body.get("primaryDisplayProperty"), *(body.get("requiredProperties") or ())]
    named += [*(body.get("searchableProperties") or ()), *(body.get("secondaryDisplayProperties") or ())]
    unknown = sorted({str(name) for name in named if name} - definitions(portal, type_id).keys())
    if unknown:
        raise validation_error(f"Properties {unknown} do not exist on the object")


def update_schema(call: Call) -> Answer:
    doc, body = _found(call), call.body
    _check_names(call.portal, doc["objectTypeId"], body)
    given = {key: value for key, value in body.items() if key in (*_CHANGEABLE, "secondaryDisplayProperties")}
    return 200, {**_defined(_save(call.portal, {**doc, **given})), "portalId": call.portal.portal_id}


def delete_schema(call: Call) -> Answer:
    doc = _found(call)
    if call.portal.store.count(doc["objectTypeId"], "deleted = 0"):
        raise validation_error(f"Object {doc['name']} still has records")
    _save(call.portal, doc, deleted=True)
    return 204, None


def create_association(call: Call) -> Answer:
    doc, body = _found(call), call.body
    if body.get("fromObjectTypeId") != doc["objectTypeId"] or not body.get("toObjectTypeId"):
        raise validation_error("Some required fields were not set: [fromObjectTypeId, toObjectTypeId]")
    to = call.portal.object_type(str(body["toObjectTypeId"]))
    if any(each["to"] == to.type_id for each in doc["associated"]):
        raise HubSpotError(409, "OBJECT_ALREADY_EXISTS", f"{doc['name']} is associated with {to.singular} already")
    made = _new_association(call.portal, to.type_id, str(body.get("name") or f"{doc['name'].lower()}_to_{to.singular}"))
    _save(call.portal, {**doc, "associated": [*doc["associated"], made]})
    return 201, _associations(doc, made)[0]


_PATHS = ("/crm/v3/schemas", "/crm-object-schemas/v3/schemas")
ROUTES: tuple[tuple[str, str, Handler], ...] = tuple(
    (method, f"{start}{end}", handler)
    for start in _PATHS
    for method, end, handler in (
        ("GET", "", list_schemas),
        ("POST", "", create_schema),
        ("GET", "/{type}", get_schema),
        ("PATCH", "/{type}", update_schema),
        ("DELETE", "/{type}", delete_schema),
        ("POST", "/{type}/associations", create_association),
    )
)
