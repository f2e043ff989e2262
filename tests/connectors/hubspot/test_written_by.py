"""Whose a present value is, by HubSpot's history of it."""

from __future__ import annotations

import pytest
import requests

from connectors import open_crm
from connectors.crm import Crm, FieldSpec, ObjectSpec
from tests.connectors.hubspot.conftest import Portal

FLAG, NOTE = "totsugo_no_approach", "totsugo_cells"
SPECS = (ObjectSpec("companies", "会社", (FieldSpec(FLAG, "checkbox", "NG"), FieldSpec(NOTE, "text", "マス"))),)


@pytest.fixture
def person(portal: Portal) -> Crm:
    portal.crm.provision(SPECS)
    return open_crm("hubspot", portal.org.url, portal.org.person)


def _write(crm: Crm, id: str, **values: object) -> None:
    (result,) = crm.write("companies", [{"id": id, **values}])
    assert result.ok


def test_the_last_who_changed_a_value_has_written_it(portal: Portal, person: Crm) -> None:
    ours, theirs, both, none = portal.create("companies", *({"name": name} for name in "甲乙丙丁"))
    for id in (ours, both):
        _write(portal.crm, id, **{FLAG: True, NOTE: "3"})
    _write(person, theirs, **{FLAG: True})
    _write(person, both, **{FLAG: False})
    asked = {id: [FLAG, NOTE] for id in (ours, theirs, both, none, "999999")}
    assert portal.crm.written_by_us("companies", asked) == {(ours, FLAG), (ours, NOTE), (both, NOTE)}
    assert person.written_by_us("companies", asked) == set(), "a person works in HubSpot, not by an app"


def test_a_value_sent_again_stays_its_owner_s(portal: Portal, person: Crm) -> None:
    (id,) = portal.create("companies", {"name": "甲"})
    _write(person, id, **{NOTE: "3"})
    _write(portal.crm, id, **{NOTE: "3"})
    assert portal.crm.written_by_us("companies", {id: [NOTE]}) == set()
    _write(portal.crm, id, **{NOTE: None})
    assert portal.crm.written_by_us("companies", {id: [NOTE]}) == {(id, NOTE)}, "cleared by us"


def test_another_app_is_not_us(portal: Portal, person: Crm) -> None:
    (id,) = portal.create("companies", {"name": "甲"})
    _write(open_crm("hubspot", portal.org.url, portal.org.admin), id, **{NOTE: "3"})
    assert portal.crm.written_by_us("companies", {id: [NOTE]}) == set()


def test_a_merge_keeps_whose_a_value_is(portal: Portal, person: Crm) -> None:
    one, two = portal.create("companies", {"name": "甲"}, {"name": "乙"})
    _write(portal.crm, one, **{FLAG: True})
    _write(person, two, **{NOTE: "4"})
    body = {"primaryObjectId": two, "objectIdToMerge": one}
    made = portal.call("POST", "/crm/v3/objects/companies/merge", body)["id"]
    assert portal.crm.written_by_us("companies", {made: [FLAG, NOTE], one: [FLAG]}) == {(made, FLAG)}


def test_histories_come_fifty_a_call(portal: Portal, person: Crm) -> None:
    ids = portal.create("companies", *({"name": f"会社{n}"} for n in range(120)))
    list(portal.crm.write("companies", [{"id": id, NOTE: "1"} for id in ids]))
    requests.delete(f"{portal.org.url}/__sandbox__/requests", timeout=10).raise_for_status()
    assert len(portal.crm.written_by_us("companies", {id: [NOTE] for id in ids})) == 120
    assert portal.crm.written_by_us("companies", {}) == set()
    counts = requests.get(f"{portal.org.url}/__sandbox__/requests", timeout=10).json()["counts"]
    assert counts == {
        "POST /oauth/v2/private-apps/get/access-token-info": 1,
        "POST /crm/v3/objects/companies/batch/read": 3,
    }
