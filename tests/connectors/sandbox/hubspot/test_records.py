"""Records through HubSpot's own client: pages, single records, batches, merges."""

from __future__ import annotations

import pytest
import requests
from hubspot.crm.associations.v4 import ApiException as AssociationException
from hubspot.crm.companies import ApiException, BatchInputSimplePublicObjectBatchInput, SimplePublicObjectInput
from hubspot.crm.companies import BatchReadInputSimplePublicObjectId as BatchRead

from tests.connectors.sandbox.hubspot.conftest import COMPANIES, OLD, TOKEN, PortalUnderTest


def _ids_of_all_pages(portal: PortalUnderTest, **kwargs: object) -> list[str]:
    api, ids, after = portal.client.crm.companies.basic_api, [], None
    while True:
        answer = api.get_page(limit=100, after=after, **kwargs)
        ids += [record.id for record in answer.results]
        if answer.paging is None:
            return ids
        after = answer.paging.next.after


def test_pages_hold_every_company_once_in_order_of_its_number(portal: PortalUnderTest) -> None:
    assert _ids_of_all_pages(portal) == [str(n) for n in range(1, COMPANIES + 1)]


def test_the_last_page_has_no_paging_key(portal: PortalUnderTest) -> None:
    answer = portal.json("GET", "/crm/v3/objects/companies?limit=50&after=200")
    assert len(answer["results"]) == 50
    assert "paging" not in answer


@pytest.mark.parametrize("name", ["companies", "company", "0-2"])
def test_an_object_answers_to_its_plural_its_singular_and_its_id(portal: PortalUnderTest, name: str) -> None:
    assert portal.json("GET", f"/crm/v3/objects/{name}/7")["properties"]["name"] == "株式会社あおぞら7号"


def test_properties_not_set_are_null_and_those_that_do_not_exist_are_left_out(portal: PortalUnderTest) -> None:
    found = portal.json("GET", "/crm/v3/objects/companies/7?properties=phone,state,nosuch")
    assert found["properties"] == {
        "phone": None, "state": "東京都", "createdate": OLD, "hs_lastmodifieddate": OLD, "hs_object_id": "7",
    }  # fmt: skip


def test_a_page_above_the_limit_is_refused(portal: PortalUnderTest) -> None:
    assert portal.json("GET", "/crm/v3/objects/companies?limit=101", status=400)["category"] == "VALIDATION_ERROR"


def test_a_new_company_has_an_id_stamps_and_its_maker(portal: PortalUnderTest) -> None:
    made = portal.client.crm.companies.basic_api.create({"properties": {"name": "有限会社みどり", "totsugo_until": "2026-12-31"}})
    assert int(made.id) > COMPANIES
    assert made.properties["hs_updated_by_user_id"] == "77"
    assert made.properties["totsugo_until"] == "2026-12-31"
    assert made.created_at == made.updated_at


def test_a_change_moves_the_stamp_and_an_empty_text_clears(portal: PortalUnderTest) -> None:
    api = portal.client.crm.companies.basic_api
    before = api.get_by_id("7")
    api.update("7", SimplePublicObjectInput(properties={"state": "", "totsugo_no_approach": "true"}))
    after = api.get_by_id("7", properties=["state", "totsugo_no_approach"])
    assert after.properties["state"] is None
    assert after.properties["totsugo_no_approach"] == "true"
    assert after.updated_at > before.updated_at


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"nosuch": "x"}, "PROPERTY_DOESNT_EXIST"),
        ({"totsugo_no_approach": "はい"}, "INVALID_OPTION"),
        ({"totsugo_until": "2026年12月31日"}, "INVALID_DATE"),
        ({"totsugo_until": "2026-12-31T09:00:00Z"}, "INVALID_DATE"),
        ({"numberofemployees": "百人"}, "INVALID_INTEGER"),
        ({"lifecyclestage": "見込み"}, "INVALID_OPTION"),
        ({"hubspot_owner_id": "404"}, "INVALID_OWNER_ID"),
        ({"hs_object_id": "9"}, "READ_ONLY_VALUE"),
    ],
)
def test_a_value_that_is_not_valid_is_refused(portal: PortalUnderTest, values: dict[str, str], code: str) -> None:
    refused = portal.json("PATCH", "/crm/v3/objects/companies/7", {"properties": values}, status=400)
    assert refused["category"] == "VALIDATION_ERROR"
    assert f'"error": "{code}"' in refused["message"]


def test_archived_companies_are_listed_only_as_archived(portal: PortalUnderTest) -> None:
    portal.client.crm.companies.basic_api.archive("7")
    assert "7" not in _ids_of_all_pages(portal)
    assert _ids_of_all_pages(portal, archived=True) == ["7"]
    with pytest.raises(ApiException) as missing:
        portal.client.crm.companies.basic_api.get_by_id("7")
    assert missing.value.status == 404
    gone = portal.json("GET", "/crm/v3/objects/companies/7?archived=true")
    assert gone["archived"] is True
    assert gone["archivedAt"] > OLD


def test_associations_come_with_records_that_ask_for_them(portal: PortalUnderTest) -> None:
    deal = portal.json("GET", "/crm/v3/objects/deals?associations=company")["results"][0]
    assert {(link["id"], link["type"]) for link in deal["associations"]["companies"]["results"]} == {
        ("5", "deal_to_company"), ("5", "deal_to_company_unlabeled"), ("6", "deal_to_company_unlabeled"),
    }  # fmt: skip


def test_a_deal_is_closed_and_won_by_its_stage(portal: PortalUnderTest) -> None:
    deals = portal.json("GET", "/crm/v3/objects/deals?properties=hs_is_closed,hs_is_closed_won")["results"]
    told = [(deal["properties"]["hs_is_closed"], deal["properties"]["hs_is_closed_won"]) for deal in deals]
    assert told == [("false", "false"), ("true", "true"), ("true", "false")]
    portal.json("PATCH", "/crm/v3/objects/deals/1", {"properties": {"dealstage": "won"}})
    assert portal.json("GET", "/crm/v3/objects/0-3/1?properties=hs_is_closed_won")["properties"]["hs_is_closed_won"] == "true"


def test_merged_companies_become_a_third_that_both_ids_lead_to(portal: PortalUnderTest) -> None:
    made = portal.json("POST", "/crm/v3/objects/companies/merge", {"primaryObjectId": "5", "objectIdToMerge": "6"})
    assert made["id"] not in ("5", "6")
    assert made["properties"]["hs_merged_object_ids"] == "5;6"
    assert portal.json("GET", "/crm/v3/objects/companies/6")["id"] == made["id"]
    assert {"5", "6"}.isdisjoint(_ids_of_all_pages(portal))
    assert _ids_of_all_pages(portal, archived=True) == []
    linked = portal.json("GET", "/crm/v4/objects/deals/1/associations/companies")["results"]
    assert [link["toObjectId"] for link in linked] == [made["id"]]


def test_an_email_belongs_to_one_contact(portal: PortalUnderTest) -> None:
    body = {"properties": {"email": "TANAKA1@aozora.co.jp"}}
    refused = portal.json("POST", "/crm/v3/objects/contacts", body, status=409)
    assert refused["category"] == "CONFLICT"
    assert refused["message"] == "Contact already exists. Existing ID: 1"
    found = portal.json("GET", "/crm/v3/objects/contacts/tanaka2@aozora.co.jp?idProperty=email")
    assert found["id"] == "2"
    body = {"properties": {"email": "tanaka.aozora.co.jp"}}
    refused = portal.json("PATCH", "/crm/v3/objects/contacts/1", body, status=400)
    assert '"error": "INVALID_EMAIL"' in refused["message"]


def test_batch_read_names_what_it_did_not_find(portal: PortalUnderTest) -> None:
    asked = BatchRead(inputs=[{"id": "10"}, {"id": "9"}, {"id": "999"}], properties=["name"], properties_with_history=[])
    answer = portal.client.crm.companies.batch_api.read(asked)
    assert [record.id for record in answer.results] == ["9", "10"]
    assert answer.num_errors == 1
    assert answer.errors[0].context["ids"] == ["999"]


def _update(portal: PortalUnderTest, *rows: dict[str, object]) -> object:
    body = BatchInputSimplePublicObjectBatchInput(inputs=list(rows))
    return portal.client.crm.companies.batch_api.update(body)


def test_batch_update_changes_what_exists_and_names_what_does_not(portal: PortalUnderTest) -> None:
    rows = [{"id": id, "properties": {"totsugo_no_approach": "true"}} for id in ("3", "999")]
    answer = _update(portal, *rows)
    assert [record.id for record in answer.results] == ["3"]
    assert answer.errors[0].category == "OBJECT_NOT_FOUND"


def test_one_wrong_value_refuses_the_whole_batch(portal: PortalUnderTest) -> None:
    rows = [{"id": "3", "properties": {"state": "京都府"}}, {"id": "4", "properties": {"nosuch": "x"}}]
    with pytest.raises(ApiException) as refused:
        _update(portal, *rows)
    assert refused.value.status == 400
    assert portal.json("GET", "/crm/v3/objects/companies/3?properties=state")["properties"]["state"] == "東京都"


def test_with_trace_ids_only_the_wrong_row_fails(portal: PortalUnderTest) -> None:
    rows = [{"id": "3", "properties": {"state": "京都府"}}, {"id": "4", "properties": {"nosuch": "x"}}]
    body = {"inputs": [{**row, "objectWriteTraceId": f"t{row['id']}"} for row in rows]}
    answer = portal.json("POST", "/crm/v3/objects/companies/batch/update", body, status=207)
    assert [record["objectWriteTraceId"] for record in answer["results"]] == ["t3"]
    assert answer["errors"][0]["context"]["objectWriteTraceId"] == ["t4"]


def test_an_id_given_twice_and_too_many_rows_refuse_the_batch(portal: PortalUnderTest) -> None:
    twice = {"inputs": [{"id": "3", "properties": {}}] * 2}
    assert "Duplicate" in portal.json("POST", "/crm/v3/objects/companies/batch/update", twice, status=400)["message"]
    many = {"inputs": [{"id": str(n)} for n in range(101)]}
    portal.json("POST", "/crm/v3/objects/companies/batch/read", many, status=400)


def test_batch_upsert_goes_by_a_unique_property(portal: PortalUnderTest) -> None:
    rows = [{"id": key, "idProperty": "external_key", "properties": {"name": f"合同会社{key}"}} for key in ("A", "B")]
    first = portal.json("POST", "/crm/v3/objects/companies/batch/upsert", {"inputs": rows[:1]})
    both = portal.json("POST", "/crm/v3/objects/companies/batch/upsert", {"inputs": rows})
    assert [record["new"] for record in first["results"]] == [True]
    assert [record["new"] for record in both["results"]] == [False, True]
    assert both["results"][0]["id"] == first["results"][0]["id"]
    wrong = {"inputs": [{"id": "x", "idProperty": "name", "properties": {}}]}
    portal.json("POST", "/crm/v3/objects/companies/batch/upsert", wrong, status=400)


def test_batch_create_and_archive(portal: PortalUnderTest) -> None:
    to_company = {"to": {"id": "7"}, "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 5}]}
    rows = [{"properties": {"dealname": name}, "associations": [to_company]} for name in ("甲", "乙")]
    made = portal.json("POST", "/crm/v3/objects/deals/batch/create", {"inputs": rows}, status=201)["results"]
    linked = portal.json("GET", "/crm/v4/objects/companies/7/associations/deals")["results"]
    assert [str(link["toObjectId"]) for link in linked] == [deal["id"] for deal in made]
    portal.json("POST", "/crm/v3/objects/deals/batch/archive", {"inputs": [{"id": deal["id"]} for deal in made]}, status=204)
    assert portal.json("GET", "/crm/v4/objects/companies/7/associations/deals")["results"] == []


def test_associations_are_read_in_batches_with_an_error_where_there_are_none(portal: PortalUnderTest) -> None:
    api = portal.client.crm.associations.v4.batch_api
    answer = api.get_page("deals", "companies", {"inputs": [{"id": "1"}, {"id": "3"}]})
    assert [link.to_object_id for link in answer.results[0].to] == ["5", "6"]
    assert answer.errors[0].context["fromObjectId"] == ["3"]


def test_the_first_company_of_a_deal_is_its_primary_until_another_is(portal: PortalUnderTest) -> None:
    def primaries() -> list[str]:
        links = portal.json("GET", "/crm/v4/objects/deals/3/associations/companies")["results"]
        return [link["toObjectId"] for link in links if any(kind["label"] == "Primary" for kind in link["associationTypes"])]

    api = portal.client.crm.associations.v4.basic_api
    api.create_default("deals", "3", "companies", "8")
    api.create_default("companies", "9", "deals", "3")
    assert primaries() == ["8"]
    row = {"from": {"id": "3"}, "to": {"id": "9"}, "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 5}]}
    portal.json("POST", "/crm/v4/associations/deals/companies/batch/create", {"inputs": [row]}, status=201)
    assert primaries() == ["9"]
    portal.json(
        "POST",
        "/crm/v4/associations/deals/companies/batch/archive",
        {"inputs": [{"from": {"id": "3"}, "to": [{"id": "9"}]}]},
        204,
    )
    links = portal.json("GET", "/crm/v4/objects/deals/3/associations/companies")["results"]
    assert [link["toObjectId"] for link in links] == ["8"]


def test_a_label_is_taken_off_and_without_the_unlabelled_type_nothing_is_left(portal: PortalUnderTest) -> None:
    def types() -> list[int]:
        links = portal.json("GET", "/crm/v4/objects/deals/3/associations/companies")["results"]
        return [kind["typeId"] for link in links for kind in link["associationTypes"]]

    def take_off(type_id: int) -> None:
        types = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": type_id}]
        row = {"from": {"id": "3"}, "to": {"id": "8"}, "types": types}
        api.archive_labels("deals", "companies", {"inputs": [row]})

    api = portal.client.crm.associations.v4.batch_api
    portal.client.crm.associations.v4.basic_api.create_default("deals", "3", "companies", "8")
    assert types() == [5, 341]
    take_off(5)
    assert types() == [341]
    take_off(341)
    assert types() == []


def test_association_labels_and_pairs_that_do_not_associate(portal: PortalUnderTest) -> None:
    labels = portal.json("GET", "/crm/v4/associations/deals/companies/labels")["results"]
    assert {(kind["typeId"], kind["label"]) for kind in labels} == {(341, None), (5, "Primary")}
    with pytest.raises(AssociationException) as refused:
        portal.client.crm.associations.v4.basic_api.get_page("tasks", "1", "meetings")
    assert refused.value.status == 400


def test_long_answers_are_packed_for_those_who_take_that(portal: PortalUnderTest) -> None:
    path = "/crm/v3/objects/companies?limit=100"
    packed = requests.get(portal.url + path, headers={"Authorization": f"Bearer {TOKEN}", "Accept-Encoding": "gzip"}, timeout=10)
    plain = requests.get(
        portal.url + path, headers={"Authorization": f"Bearer {TOKEN}", "Accept-Encoding": "identity"}, timeout=10
    )
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert packed.json() == plain.json()


@pytest.mark.parametrize(("text", "status"), [(r"\ud83d\ude00", 201), (r"\ud83d", 400), (r"\u0000", 201)])
def test_half_a_surrogate_pair_is_no_text(portal: PortalUnderTest, text: str, status: int) -> None:
    body = f'{{"properties": {{"name": "{text}"}}}}'.encode()
    answer = portal.call("POST", "/crm/v3/objects/companies", data=body)
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("objects/companies", {"properties": [1]}),
        ("objects/companies", {"properties": {"name": [1]}}),
        ("objects/companies", {"properties": {"name": "甲"}, "associations": "x"}),
        ("objects/companies", {"properties": {"name": "甲"}, "associations": [{"to": 5}]}),
        ("objects/companies/batch/create", {"inputs": [{"properties": "x"}]}),
        ("objects/companies/search", {"filterGroups": ["x"]}),
        ("objects/companies/search", {"filterGroups": [{"filters": ["x"]}]}),
        ("objects/companies/search", {"sorts": [5]}),
        ("lists/search", {"count": "x"}),
    ],
)
def test_a_body_of_the_wrong_shape_is_refused(portal: PortalUnderTest, path: str, body: object) -> None:
    refused = portal.json("POST", f"/crm/v3/{path}", body, status=400)
    assert refused["category"] == "VALIDATION_ERROR"
