"""Answers against HubSpot's published OpenAPI documents (an excerpt; ``source`` in it says from where)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema

from tests.connectors.sandbox.hubspot.conftest import PortalUnderTest

_EXCERPT = json.loads((Path(__file__).parent / "openapi_excerpt.json").read_text(encoding="utf-8"))
COMPANIES, PROPERTIES = "/crm/v3/objects/companies", "/crm/v3/properties/{objectType}"
OPTION = {"label": "甲", "value": "a", "hidden": False, "displayOrder": 0}
PROPERTY = {
    "name": "totsugo_x",
    "label": "突合",
    "type": "enumeration",
    "fieldType": "select",
    "groupName": "totsugo",
    "options": [OPTION],
}


def _closed(schema: Any) -> Any:
    """The same schema, but with no room for keys that the document does not name."""
    if isinstance(schema, list):
        return [_closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: _closed(value) for key, value in schema.items()}
    if isinstance(schema.get("properties"), dict) and schema["properties"] and schema.get("type") == "object":
        made["additionalProperties"] = False
    return made


def _check(portal: PortalUnderTest, operation: str, body: Any = None, status: int = 200, query: str = "", **params: str) -> Any:
    method, path = operation.split(" ")
    answer = portal.json(method, path.format(objectType="companies", **params) + query, body, status)
    schema = _EXCERPT["schemas"][_EXCERPT["operations"][operation]["200"]]
    # For what is created the document has a wrapper that HubSpot, and its own client, do without
    schema = schema["properties"].get("entity", schema)
    jsonschema.validate(answer, _closed(schema))
    return answer


def test_records(portal: PortalUnderTest) -> None:
    _check(portal, f"GET {COMPANIES}", query="?limit=3&properties=name,phone,industry")
    _check(portal, f"GET {COMPANIES}/{{companyId}}", companyId="5", query="?associations=deals,contacts")
    _check(portal, f"PATCH {COMPANIES}/{{companyId}}", {"properties": {"state": "京都府"}}, companyId="5")
    _check(portal, f"GET {COMPANIES}/{{companyId}}", companyId="5", query="?propertiesWithHistory=state,name,phone")
    _check(portal, f"POST {COMPANIES}/search", {"filterGroups": [], "limit": 2, "properties": ["name", "phone"]})
    _check(portal, f"POST {COMPANIES}/merge", {"primaryObjectId": "8", "objectIdToMerge": "9"})
    portal.json("DELETE", f"{COMPANIES}/10", status=204)
    _check(portal, f"GET {COMPANIES}", query="?archived=true")


def test_batches(portal: PortalUnderTest) -> None:
    _check(portal, f"POST {COMPANIES}/batch/read", {"inputs": [{"id": "1"}, {"id": "999"}], "properties": ["phone"]}, 207)
    body = {"inputs": [{"id": "1"}], "properties": [], "propertiesWithHistory": ["state", "name"]}
    _check(portal, f"POST {COMPANIES}/batch/read", body)
    rows = [{"id": "1", "properties": {"state": "京都府"}}, {"id": "999", "properties": {"state": "京都府"}}]
    _check(portal, f"POST {COMPANIES}/batch/update", {"inputs": rows}, 207)
    _check(
        portal, f"POST {COMPANIES}/batch/create", {"inputs": [{"properties": {"name": "新会社"}, "objectWriteTraceId": "a"}]}, 201
    )
    row = {"id": "K", "idProperty": "external_key", "properties": {}}
    _check(portal, f"POST {COMPANIES}/batch/upsert", {"inputs": [row]})


def test_properties(portal: PortalUnderTest) -> None:
    _check(portal, f"POST {PROPERTIES}/groups", {"name": "totsugo", "label": "突合"}, 201)
    _check(portal, f"GET {PROPERTIES}/groups")
    _check(portal, f"GET {PROPERTIES}/groups/{{groupName}}", groupName="totsugo")
    _check(portal, f"POST {PROPERTIES}", PROPERTY, 201)
    _check(portal, f"GET {PROPERTIES}")
    _check(portal, f"GET {PROPERTIES}/{{propertyName}}", propertyName="industry")
    _check(portal, f"PATCH {PROPERTIES}/{{propertyName}}", {"label": "突合X"}, propertyName="totsugo_x")
    _check(portal, f"POST {PROPERTIES}/batch/create", {"inputs": [{**PROPERTY, "name": "totsugo_y"}]}, 201)
    _check(portal, f"POST {PROPERTIES}/batch/read", {"archived": False, "inputs": [{"name": "totsugo_y"}]})


def test_lists(portal: PortalUnderTest) -> None:
    body = {"name": "武蔵", "objectTypeId": "0-2", "processingType": "MANUAL"}
    id = portal.json("POST", "/crm/v3/lists/", body)["list"]["listId"]
    _check(portal, "GET /crm/v3/lists/{listId}", listId=id)
    _check(portal, "GET /crm/v3/lists/object-type-id/{objectTypeId}/name/{listName}", objectTypeId="0-2", listName="武蔵")
    _check(portal, "POST /crm/v3/lists/search", {"query": "武蔵"})
    _check(portal, "PUT /crm/v3/lists/{listId}/memberships/add", ["1", "2", "999"], listId=id)
    _check(portal, "PUT /crm/v3/lists/{listId}/memberships/remove", ["1"], listId=id)
    _check(portal, "PUT /crm/v3/lists/{listId}/memberships/add-and-remove", {"recordIdsToAdd": ["3"]}, listId=id)
    _check(portal, "GET /crm/v3/lists/{listId}/memberships", listId=id, query="?limit=1")


def test_owners_and_pipelines(portal: PortalUnderTest) -> None:
    _check(portal, "GET /crm/v3/owners/", query="?limit=2")
    _check(portal, "GET /crm/v3/owners/{ownerId}", ownerId="9")
    jsonschema.validate(
        portal.json("GET", "/crm/v3/pipelines/deals"),
        _closed(_EXCERPT["schemas"][_EXCERPT["operations"]["GET /crm/v3/pipelines/{objectType}"]["200"]]),
    )
