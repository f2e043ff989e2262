"""``/crm/v3/lists``: lists and memberships.

Belongs here: reading the call and shaping the answer. Does not: storage (``lists.py``); dynamic lists
can be made but their filters are not evaluated.
"""

from __future__ import annotations

from typing import Any

from connectors.sandbox.hubspot import lists
from connectors.sandbox.hubspot.errors import HubSpotError, validation_error
from connectors.sandbox.hubspot.portal import Answer, Call, Handler, Json, Portal, checked_limit, checked_offset, page, store_key

_MOST_MEMBERS = 100_000
_EDITABLE = ("MANUAL", "SNAPSHOT")


def _shown(portal: Portal, doc: Json) -> Json:
    return {**doc, "size": lists.size(portal, doc["listId"])}


def _found(call: Call) -> Json:
    doc = call.portal.store.get("lists", store_key(call.params["id"]))
    if doc is None:
        message = f"List does not exist with ID {call.params['id']}."
        raise HubSpotError(404, "OBJECT_NOT_FOUND", message, subCategory="ILS.LIST_NOT_FOUND")
    return doc


def _editable(call: Call) -> Json:
    doc = _found(call)
    if doc["processingType"] not in _EDITABLE:
        raise validation_error(f"List {doc['listId']} is {doc['processingType']}: its members cannot be set by hand")
    return doc


def create_list(call: Call) -> Answer:
    body, portal = call.body, call.portal
    missing = [name for name in ("name", "objectTypeId", "processingType") if not body.get(name)]
    if missing:
        raise validation_error(f"Some required fields were not set: [{', '.join(missing)}]")
    if body["processingType"] not in (*_EDITABLE, "DYNAMIC"):
        raise validation_error(f"Invalid processingType: {body['processingType']}")
    if body["processingType"] == "DYNAMIC" and not body.get("filterBranch"):
        raise validation_error("A DYNAMIC list needs a filterBranch")
    kind = portal.object_type(body["objectTypeId"])
    _check_name(portal, body["name"], kind.type_id)
    at, id, user = portal.stamp(), str(portal.new_id("lists")), str(call.token.user_id)
    doc = {
        "listId": id,
        "listVersion": 1,
        "name": body["name"],
        "objectTypeId": kind.type_id,
        "processingType": body["processingType"],
        "processingStatus": "COMPLETE",
        "createdAt": at,
        "updatedAt": at,
        "filtersUpdatedAt": at,
        "createdById": user,
        "updatedById": user,
    }
    if body.get("filterBranch"):
        doc["filterBranch"] = body["filterBranch"]
    portal.store.put("lists", store_key(id), doc, at)
    return 200, {"list": _shown(portal, doc)}


def get_lists(call: Call) -> Answer:
    wanted = call.names("listIds")
    found = [_shown(call.portal, doc) for doc in lists.all_lists(call.portal) if doc["listId"] in wanted]
    return 200, {"lists": found}


def get_list(call: Call) -> Answer:
    return 200, {"list": _shown(call.portal, _found(call))}


def get_list_by_name(call: Call) -> Answer:
    kind, name = call.type, call.params["name"]
    for doc in lists.all_lists(call.portal, kind.type_id):
        if doc["name"].lower() == name.lower():
            return 200, {"list": _shown(call.portal, doc)}
    raise HubSpotError(404, "OBJECT_NOT_FOUND", f"List does not exist with name {name}.", subCategory="ILS.LIST_NOT_FOUND")


def delete_list(call: Call) -> Answer:
    doc = _found(call)
    at = call.portal.stamp()
    call.portal.store.put("lists", store_key(doc["listId"]), {**doc, "deletedAt": at, "updatedAt": at}, at, deleted=True)
    return 204, None


def restore_list(call: Call) -> Answer:
    id, store = call.params["id"], call.portal.store
    doc = store.get("lists", store_key(id), deleted=True)
    if doc is None:
        raise HubSpotError(404, "OBJECT_NOT_FOUND", f"List does not exist with ID {id}.", subCategory="ILS.LIST_NOT_FOUND")
    at = call.portal.stamp()
    store.put("lists", store_key(id), {**{k: v for k, v in doc.items() if k != "deletedAt"}, "updatedAt": at}, at)
    return 204, None


def rename_list(call: Call) -> Answer:
    doc, name, at = _found(call), call.text("listName"), call.portal.stamp()
    if not name:
        raise validation_error("Some required fields were not set: [listName]")
    _check_name(call.portal, name, doc["objectTypeId"], doc["listId"])
    doc = {**doc, "name": name, "updatedAt": at, "updatedById": call.token.user}
    call.portal.store.put("lists", store_key(doc["listId"]), doc, at)
    return 200, {"updatedList": _shown(call.portal, doc)}


def lists_of_record(call: Call) -> Answer:
    kind, id = call.type, call.params["id"]
    results = [
        {"listId": doc["listId"], "listVersion": doc["listVersion"], "firstAddedTimestamp": at, "lastAddedTimestamp": at}
        for doc in lists.all_lists(call.portal, kind.type_id)
        if (at := lists.member_since(call.portal, doc["listId"], id)) is not None
    ]
    return 200, {"results": results, "total": len(results)}


def _check_name(portal: Portal, name: str, type_id: str, but: str = "") -> None:
    """Raises ``HubSpotError`` (400) where another list of the object has the name."""
    if any(each["name"].lower() == name.lower() and each["listId"] != but for each in lists.all_lists(portal, type_id)):
        raise validation_error(f"A list named '{name}' already exists.", subCategory="ILS.DUPLICATE_LIST_NAMES")


def search_lists(call: Call) -> Answer:
    body = call.body
    count, offset = checked_limit(body.get("count") or None, 20, 500), checked_offset(body.get("offset"))
    found = [doc for doc in lists.all_lists(call.portal) if _matches(call.portal, doc, body)]
    part = [_searched(call.portal, doc) for doc in found[offset : offset + count]]
    return 200, {"lists": part, "total": len(found), "offset": offset + len(part), "hasMore": offset + len(part) < len(found)}


def _matches(portal: Portal, doc: Json, body: Json) -> bool:
    return (
        str(body.get("query") or "").lower() in doc["name"].lower()
        and (not body.get("listIds") or doc["listId"] in map(str, body["listIds"]))
        and (not body.get("processingTypes") or doc["processingType"] in body["processingTypes"])
        and (not body.get("objectTypeId") or doc["objectTypeId"] == portal.object_type(body["objectTypeId"]).type_id)
    )


def _searched(portal: Portal, doc: Json) -> Json:
    kept = {key: value for key, value in doc.items() if key != "filterBranch"}
    return {**kept, "additionalProperties": {"hs_list_size": str(lists.size(portal, doc["listId"]))}}


def get_members(call: Call) -> Answer:
    doc, limit = _found(call), call.limit(100, 250)
    rows = lists.members(call.portal, doc["listId"], call.text("after") or "", limit + 1)
    results = [{"recordId": id, "membershipTimestamp": at} for id, at in rows[:limit]]
    answer = page(results, rows[limit - 1][0] if len(rows) > limit else None)
    return 200, {**answer, "total": lists.size(call.portal, doc["listId"])}


def clear_members(call: Call) -> Answer:
    lists.clear(call.portal, _editable(call), call.token)
    return 204, None


def _ids(given: Any) -> list[str]:
    if not isinstance(given, list):
        raise validation_error("Invalid input JSON: an array of record ids was expected")
    if len(given) > _MOST_MEMBERS:
        raise validation_error(f"At most {_MOST_MEMBERS} records can be added or removed in one call")
    return list(dict.fromkeys(str(each) for each in given))


def _changed(call: Call, doc: Json, add: list[str], remove: list[str]) -> Answer:
    kind, portal = call.portal.object_type(doc["objectTypeId"]), call.portal
    there = {key: id for start in range(0, len(add), 500) for key, id in _existing(call, kind.name, add[start : start + 500])}
    added = lists.add(portal, doc, [id for id in add if store_key(id) in there], call.token)
    removed = lists.remove(portal, doc, remove, call.token)
    missing = [id for id in add if store_key(id) not in there]
    return 200, {"recordsIdsAdded": added, "recordIdsRemoved": removed, "recordIdsMissing": missing}


def _existing(call: Call, object: str, ids: list[str]) -> list[tuple[str, str]]:
    asked = {store_key(id): id for id in ids}
    sql = f"SELECT id FROM documents WHERE object = ? AND deleted = 0 AND id IN ({','.join('?' * len(asked))})"
    return [(key, asked[key]) for (key,) in call.portal.store.db.execute(sql, (object, *asked))]


def add_members(call: Call) -> Answer:
    return _changed(call, _editable(call), _ids(call.json()), [])


def remove_members(call: Call) -> Answer:
    return _changed(call, _editable(call), [], _ids(call.json()))


def add_and_remove_members(call: Call) -> Answer:
    body = call.body
    return _changed(call, _editable(call), _ids(body.get("recordIdsToAdd") or []), _ids(body.get("recordIdsToRemove") or []))


ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("POST", "/crm/v3/lists", create_list),
    ("GET", "/crm/v3/lists", get_lists),
    ("POST", "/crm/v3/lists/search", search_lists),
    ("GET", "/crm/v3/lists/object-type-id/{type}/name/{name:path}", get_list_by_name),
    ("GET", "/crm/v3/lists/records/{type}/{id}/memberships", lists_of_record),
    ("GET", "/crm/v3/lists/{id}", get_list),
    ("PUT", "/crm/v3/lists/{id}/restore", restore_list),
    ("PUT", "/crm/v3/lists/{id}/update-list-name", rename_list),
    ("DELETE", "/crm/v3/lists/{id}", delete_list),
    ("GET", "/crm/v3/lists/{id}/memberships", get_members),
    ("DELETE", "/crm/v3/lists/{id}/memberships", clear_members),
    ("PUT", "/crm/v3/lists/{id}/memberships/add", add_members),
    ("PUT", "/crm/v3/lists/{id}/memberships/remove", remove_members),
    ("PUT", "/crm/v3/lists/{id}/memberships/add-and-remove", add_and_remove_members),
)
