"""Objects that a portal defines itself: their schema, and their records through HubSpot's own client."""

from __future__ import annotations

import pytest
from hubspot.crm.objects import SimplePublicObjectInputForCreate
from hubspot.crm.schemas import ObjectSchemaEgg, ObjectTypeDefinitionLabels, ObjectTypePropertyCreate

from tests.connectors.sandbox.hubspot.conftest import PortalUnderTest

SCHEMAS = "/crm/v3/schemas"
TITLE = {"name": "title", "label": "件名", "type": "string", "fieldType": "text"}
CLAIM = {
    "name": "registration", "labels": {"singular": "案件登録", "plural": "案件登録"}, "primaryDisplayProperty": "title",
    "requiredProperties": ["title"], "searchableProperties": ["title"], "associatedObjects": ["COMPANY", "0-3"],
    "properties": [TITLE, {"name": "amount", "label": "金額", "type": "number", "fieldType": "number"}],
}  # fmt: skip


@pytest.fixture
def claim(portal: PortalUnderTest) -> str:
    """Id of the object."""
    return str(portal.json("POST", SCHEMAS, CLAIM, 201)["objectTypeId"])


def test_an_object_is_defined_shown_changed_and_removed(portal: PortalUnderTest, claim: str) -> None:
    shown = portal.json("GET", f"{SCHEMAS}/{claim}")
    assert shown["fullyQualifiedName"].endswith("_registration")
    assert {"title", "amount", "hs_object_id", "hs_lastmodifieddate"} <= {each["name"] for each in shown["properties"]}
    assert {(each["fromObjectTypeId"], each["toObjectTypeId"]) for each in shown["associations"]} >= {
        (claim, "0-2"),
        ("0-2", claim),
    }
    assert portal.json("GET", f"/crm-object-schemas/v3/schemas/{shown['fullyQualifiedName']}") == shown
    assert portal.json("GET", SCHEMAS)["results"] == [shown]
    assert portal.json("PATCH", f"{SCHEMAS}/{claim}", {"requiredProperties": []})["requiredProperties"] == []
    portal.json("PATCH", f"{SCHEMAS}/{claim}", {"requiredProperties": ["nothing"]}, 400)
    portal.json("POST", SCHEMAS, CLAIM, 409)
    portal.json("POST", SCHEMAS, {"name": "x"}, 400)
    portal.json("POST", f"{SCHEMAS}/{claim}/associations", {"fromObjectTypeId": claim, "toObjectTypeId": "0-1"}, 201)
    portal.json("POST", f"{SCHEMAS}/{claim}/associations", {"fromObjectTypeId": claim, "toObjectTypeId": "0-1"}, 409)
    portal.json("DELETE", f"{SCHEMAS}/{claim}", status=204)
    portal.json("GET", f"{SCHEMAS}/{claim}", status=404)
    portal.json("GET", f"/crm/v3/objects/{claim}", status=400)


def test_its_records_are_like_any_other(portal: PortalUnderTest, claim: str) -> None:
    path = f"/crm/v3/objects/{claim}"
    ids = [portal.json("POST", path, {"properties": {"title": f"登録{n}", "amount": str(n)}}, 201)["id"] for n in range(3)]
    portal.json("POST", path, {"properties": {"amount": "1"}}, 400)
    assert [each["properties"]["title"] for each in portal.json("GET", f"{path}?properties=title")["results"]] == [
        "登録0", "登録1", "登録2",
    ]  # fmt: skip
    assert portal.json("GET", f"/crm/v3/objects/p_registration/{ids[0]}")["properties"]["title"] == "登録0"
    portal.json("PATCH", f"{path}/{ids[0]}", {"properties": {"title": "変更"}})
    found = portal.json(
        "POST", f"{path}/search", {"filterGroups": [{"filters": [{"propertyName": "amount", "operator": "GT", "value": "0"}]}]}
    )
    assert {each["id"] for each in found["results"]} == set(ids[1:])
    portal.json("PUT", f"/crm/v4/objects/{claim}/{ids[0]}/associations/default/companies/5")
    (linked,) = portal.json("POST", f"/crm/v4/associations/{claim}/companies/batch/read", {"inputs": [{"id": ids[0]}]})["results"]
    assert [each["toObjectId"] for each in linked["to"]] == ["5"]
    assert portal.json("GET", f"/crm/v4/objects/companies/5/associations/{claim}")["results"][0]["toObjectId"] == ids[0]
    portal.json("GET", f"{path}/{ids[0]}?associations=companies")
    portal.json("POST", f"/crm/v3/properties/{claim}", {**TITLE, "name": "note", "groupName": "registration_information"}, 201)
    portal.json("DELETE", f"{path}/{ids[0]}", status=204)
    assert portal.json("GET", "/crm/v4/objects/companies/5/associations/deals")["results"] != []
    assert portal.json("GET", f"/crm/v4/objects/companies/5/associations/{claim}")["results"] == []
    portal.json("DELETE", f"{SCHEMAS}/{claim}", status=400)


def test_the_client_library_defines_and_fills_one(portal: PortalUnderTest) -> None:
    egg = ObjectSchemaEgg(
        name="pledge", labels=ObjectTypeDefinitionLabels("約束", "約束"), required_properties=[], associated_objects=["COMPANY"],
        properties=[ObjectTypePropertyCreate(name="title", label="件名", type="string", field_type="text")],
    )  # fmt: skip
    made = portal.client.crm.schemas.core_api.create(egg)
    api = portal.client.crm.objects.basic_api
    record = api.create(made.object_type_id, SimplePublicObjectInputForCreate(properties={"title": "甲"}))
    assert api.get_by_id(made.fully_qualified_name, record.id, properties=["title"]).properties["title"] == "甲"
