"""``/crm/v3/properties/{type}``: properties and their groups.

Belongs here: defining, changing and archiving a portal's own properties. Does not: what values they take (``properties.py``).
"""

from __future__ import annotations

import re

from connectors.sandbox.hubspot.errors import HubSpotError, RowFault, no_such_resource, validation_error
from connectors.sandbox.hubspot.portal import Answer, Call, Handler, Json, Portal, batch_answer
from connectors.sandbox.hubspot.properties import definitions
from connectors.sandbox.hubspot.standard_properties import standard_groups, standard_properties

_NAME = re.compile(r"[a-z][a-z0-9_]{0,99}")
_FIELD_TYPES = {
    "string": {"text", "textarea", "html", "phonenumber", "file"},
    "number": {"number", "calculation_equation"},
    "date": {"date"},
    "datetime": {"date"},
    "bool": {"booleancheckbox", "calculation_equation"},
    "enumeration": {"select", "radio", "checkbox", "booleancheckbox"},
}
_CHANGEABLE = ("label", "type", "fieldType", "groupName", "description", "options", "displayOrder", "hidden", "formField")


def groups(portal: Portal, object: str) -> dict[str, Json]:
    """Group name -> group: HubSpot's own and the portal's."""
    own = {doc["name"]: doc for _, doc, _, _ in portal.store.select(f"groups:{object}", "deleted = 0")}
    return {**standard_groups(object), **own}


def property_definition(given: Json, at: str, user: str = "") -> Json:
    """A portal's own property as answers show it. Raises ``HubSpotError`` (400)."""
    missing = [key for key in ("name", "label", "type", "fieldType", "groupName") if not given.get(key)]
    if missing:
        raise validation_error(f"Some required fields were not set: [{', '.join(missing)}]")
    if not _NAME.fullmatch(given["name"]):
        message = f'Invalid property name "{given["name"]}": lower-case letters, digits and underscores, a letter first'
        raise validation_error(message, subCategory="Properties.INVALID_NAME")
    _check_types(given)
    options = given.get("options") or []
    if given["type"] == "bool" and not options:
        options = [{"label": "Yes", "value": "true"}, {"label": "No", "value": "false"}]
    return {
        "name": given["name"],
        "label": given["label"],
        "type": given["type"],
        "fieldType": given["fieldType"],
        "description": given.get("description") or "",
        "groupName": given["groupName"],
        "options": _options(options),
        "displayOrder": given.get("displayOrder", -1),
        "hasUniqueValue": bool(given.get("hasUniqueValue")),
        "hidden": bool(given.get("hidden")),
        "formField": bool(given.get("formField")),
        "calculated": False,
        "externalOptions": bool(given.get("externalOptions")),
        "hubspotDefined": False,
        "archived": False,
        "createdAt": at,
        "updatedAt": at,
        "createdUserId": user,
        "updatedUserId": user,
        "modificationMetadata": {
            "archivable": True,
            "readOnlyDefinition": False,
            "readOnlyOptions": False,
            "readOnlyValue": False,
        },
    }


def _check_types(given: Json) -> None:
    kind, shown_as = given["type"], given["fieldType"]
    if kind not in _FIELD_TYPES:
        raise validation_error(f"Invalid property type: {kind}")
    if shown_as not in _FIELD_TYPES[kind]:
        raise validation_error(f"fieldType {shown_as} is not allowed for type {kind}")
    values = {str(option.get("value")) for option in given.get("options") or ()}
    if kind == "enumeration" and shown_as == "booleancheckbox" and values != {"true", "false"}:
        raise validation_error("Boolean checkbox properties must have exactly two options, with the values true and false")
    if len(values) < len(given.get("options") or ()):
        raise validation_error("Property option values must be unique")


def _options(given: list[Json]) -> list[Json]:
    return [
        {
            "label": option.get("label") or option["value"],
            "value": option["value"],
            "description": option.get("description") or "",
            "displayOrder": option.get("displayOrder", number),
            "hidden": bool(option.get("hidden")),
        }
        for number, option in enumerate(given)
    ]


def list_properties(call: Call) -> Answer:
    return 200, {"results": list(definitions(call.portal, call.type.name, call.flag("archived")).values())}


def get_property(call: Call) -> Answer:
    found = definitions(call.portal, call.type.name, call.flag("archived")).get(call.params["name"])
    if found is None:
        raise no_such_resource(f"Property {call.params['name']} does not exist")
    return 200, found


def define(portal: Portal, object: str, given: Json, user: str) -> Json:
    """A new property of an object. Raises ``HubSpotError`` (400, 409)."""
    at = portal.stamp()
    made = property_definition(given, at, user)
    if made["groupName"] not in groups(portal, object):
        message = f"Property group '{made['groupName']}' does not exist"
        raise validation_error(message, subCategory="Properties.GROUP_DOES_NOT_EXIST")
    if made["name"] in definitions(portal, object):
        message = f"A property named '{made['name']}' already exists."
        raise HubSpotError(409, "OBJECT_ALREADY_EXISTS", message, subCategory="Properties.PROPERTY_EXISTS")
    portal.store.put(f"properties:{object}", made["name"], made, at)
    return made


def create_property(call: Call) -> Answer:
    return 201, define(call.portal, call.type.name, call.body, call.token.user)


def _own(call: Call, name: str, doing: str) -> Json:
    """A property that the portal itself defined. Raises ``HubSpotError`` (404, 400)."""
    if name in standard_properties(call.type.name):
        raise validation_error(f"{doing} HubSpot defined property '{name}' is not allowed")
    found = call.portal.store.get(f"properties:{call.type.name}", name)
    if found is None:
        raise no_such_resource(f"Property {name} does not exist")
    return found


def update_property(call: Call) -> Answer:
    name, object, at = call.params["name"], call.type.name, call.portal.stamp()
    found = _own(call, name, "Changing")
    changed = {**found, **{key: value for key, value in call.body.items() if key in _CHANGEABLE}, "updatedAt": at}
    _check_types(changed)
    if changed["groupName"] not in groups(call.portal, object):
        raise validation_error(f"Property group '{changed['groupName']}' does not exist")
    changed["options"] = _options(changed["options"])
    call.portal.store.put(f"properties:{object}", name, changed, at)
    return 200, changed


def _archive(call: Call, name: str) -> None:
    at = call.portal.stamp()
    found = _own(call, name, "Archiving")
    call.portal.store.put(f"properties:{call.type.name}", name, {**found, "archived": True, "archivedAt": at}, at, deleted=True)


def archive_property(call: Call) -> Answer:
    _archive(call, call.params["name"])
    return 204, None


def read_batch(call: Call) -> Answer:
    names = [str(row.get("name", "")) for row in call.inputs(100)]
    known = definitions(call.portal, call.type.name, bool(call.body.get("archived")))
    missing = [name for name in names if name not in known]
    errors = [RowFault("OBJECT_NOT_FOUND", f"Property {name} does not exist", 404, name=[name]).entry() for name in missing]
    return batch_answer(call.portal, [known[name] for name in names if name in known], errors)


def create_batch(call: Call) -> Answer:
    made: list[Json] = []
    errors: list[Json] = []
    for row in call.inputs(100):
        try:
            made.append(define(call.portal, call.type.name, row, call.token.user))
        except HubSpotError as wrong:
            errors.append(RowFault(wrong.category, wrong.message, wrong.status, name=[str(row.get("name", ""))]).entry())
    return batch_answer(call.portal, made, errors, 201)


def archive_batch(call: Call) -> Answer:
    for row in call.inputs(100):
        _archive(call, str(row.get("name", "")))
    return 204, None


def list_groups(call: Call) -> Answer:
    return 200, {"results": list(groups(call.portal, call.type.name).values())}


def get_group(call: Call) -> Answer:
    found = groups(call.portal, call.type.name).get(call.params["name"])
    if found is None:
        raise no_such_resource(f"Property group {call.params['name']} does not exist")
    return 200, found


def create_group(call: Call) -> Answer:
    body, object, at = call.body, call.type.name, call.portal.stamp()
    if not body.get("name") or not body.get("label"):
        raise validation_error("Some required fields were not set: [name, label]")
    if not _NAME.fullmatch(body["name"]):
        raise validation_error(f'Invalid property group name "{body["name"]}"')
    if body["name"] in groups(call.portal, object):
        raise HubSpotError(409, "OBJECT_ALREADY_EXISTS", f"A property group named '{body['name']}' already exists.")
    made = {"name": body["name"], "label": body["label"], "displayOrder": body.get("displayOrder", -1), "archived": False}
    call.portal.store.put(f"groups:{object}", made["name"], made, at)
    return 201, made


def _own_group(call: Call) -> Json:
    """A group that the portal itself made. Raises ``HubSpotError`` (404, 400)."""
    name, object = call.params["name"], call.type.name
    found = call.portal.store.get(f"groups:{object}", name)
    if found is None and name in groups(call.portal, object):
        raise validation_error(f"HubSpot defined property group '{name}' cannot be changed")
    if found is None:
        raise no_such_resource(f"Property group {name} does not exist")
    return found


def update_group(call: Call) -> Answer:
    given = {key: value for key, value in call.body.items() if key in ("label", "displayOrder")}
    changed = {**_own_group(call), **given}
    call.portal.store.put(f"groups:{call.type.name}", changed["name"], changed, call.portal.stamp())
    return 200, changed


def archive_group(call: Call) -> Answer:
    found = _own_group(call)
    if any(each["groupName"] == found["name"] for each in definitions(call.portal, call.type.name).values()):
        raise validation_error(f"Property group '{found['name']}' still holds properties")
    call.portal.store.put(
        f"groups:{call.type.name}", found["name"], {**found, "archived": True}, call.portal.stamp(), deleted=True
    )
    return 204, None


ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/crm/v3/properties/{type}", list_properties),
    ("POST", "/crm/v3/properties/{type}", create_property),
    ("GET", "/crm/v3/properties/{type}/groups", list_groups),
    ("POST", "/crm/v3/properties/{type}/groups", create_group),
    ("GET", "/crm/v3/properties/{type}/groups/{name}", get_group),
    ("PATCH", "/crm/v3/properties/{type}/groups/{name}", update_group),
    ("DELETE", "/crm/v3/properties/{type}/groups/{name}", archive_group),
    ("POST", "/crm/v3/properties/{type}/batch/read", read_batch),
    ("POST", "/crm/v3/properties/{type}/batch/create", create_batch),
    ("POST", "/crm/v3/properties/{type}/batch/archive", archive_batch),
    ("GET", "/crm/v3/properties/{type}/{name}", get_property),
    ("PATCH", "/crm/v3/properties/{type}/{name}", update_property),
    ("DELETE", "/crm/v3/properties/{type}/{name}", archive_property),
)
