"""Whose a record's last change is, and tasks for people."""

from __future__ import annotations

import requests

from connectors import open_crm
from connectors.crm import FieldSpec, ObjectSpec
from tests.connectors.salesforce.conftest import Sales
from tests.people import give_permission_set

KEY = "Totsugo_Key__c"
SPECS = (ObjectSpec("Task", "ToDo", (FieldSpec(KEY, "text", "鍵", external_id=True),)),)


def test_a_record_is_ours_while_nobody_else_changed_it(sales: Sales) -> None:
    ours, theirs = sales.create("Account", {"Name": "甲"}, {"Name": "乙"})
    person = open_crm("salesforce", sales.org.url, sales.org.person)
    assert all(result.ok for result in person.write("Account", [{"Id": theirs, "Phone": "03"}]))
    asked = {ours: ["Name", "Phone"], theirs: ["Name"], "001000000000009AAA": ["Name"]}
    assert sales.crm.written_by_us("Account", asked) == {(ours, "Name"), (ours, "Phone")}
    assert person.written_by_us("Account", asked) == {(theirs, "Name")}
    assert all(result.ok for result in sales.crm.write("Account", [{"Id": theirs, "Phone": None}]))
    assert sales.crm.written_by_us("Account", asked) == {(ours, "Name"), (ours, "Phone"), (theirs, "Name")}


def test_two_thousand_records_are_asked_after_in_one_call(sales: Sales) -> None:
    ids = sales.create("Account", *({"Name": str(n)} for n in range(2_100)))
    requests.delete(f"{sales.org.url}/__sandbox__/requests", timeout=10).raise_for_status()
    assert len(sales.crm.written_by_us("Account", {id: ["Name"] for id in ids})) == 2_100
    assert sales.crm.written_by_us("Account", {}) == set()
    counts = requests.get(f"{sales.org.url}/__sandbox__/requests", timeout=10).json()["counts"]
    assert sum(count for call, count in counts.items() if "composite" in call) == 2
    assert sum(counts.values()) == 3, "and who we are, once"


def test_a_bulk_job_s_changes_are_told_like_any(sales: Sales) -> None:
    ids = sales.create("Account", *({"Name": str(n)} for n in range(2_000)))
    last = sales.org.changes()[-1]["seq"]
    assert all(result.ok for result in sales.crm.write("Account", [{"Id": id, "Phone": "03"} for id in ids]))
    told = sales.org.changes(after=last)
    assert [(c["id"], c["action"], c["field"], c["before"], c["after"]) for c in told] == [
        (id, "update", "Phone", None, "03") for id in sorted(ids)
    ]
    log = requests.get(f"{sales.org.url}/__sandbox__/requests", timeout=10).json()["requests"]
    paths = {entry["number"]: entry["path"] for entry in log}
    assert all("/jobs/ingest" in paths[change["request"]] for change in told)


def test_a_person_reads_our_fields_once_the_permission_set_is_theirs(sales: Sales) -> None:
    specs = (ObjectSpec("Account", "取引先", (FieldSpec("Totsugo_No_Approach__c", "checkbox", "NG"),)),)
    sales.provision(specs)
    person = open_crm("salesforce", sales.org.url, sales.org.person)
    (id,) = sales.create("Account", {"Name": "甲"})
    assert "Totsugo_No_Approach__c" not in (person.existing_fields("Account") or ())
    give_permission_set(sales.org)
    assert person.read("Account", [id], ["Totsugo_No_Approach__c"]) == {id: {"Totsugo_No_Approach__c": False}}
    (refused,) = person.write("Account", [{"Id": id, "Totsugo_No_Approach__c": True}])
    assert not refused.ok


def test_a_task_is_made_once_about_its_account_for_its_owner(sales: Sales) -> None:
    sales.provision(SPECS)
    (account,) = sales.create("Account", {"Name": "青空"})
    rep = open_crm("salesforce", sales.org.url, sales.org.person).identity().user_id
    row = {
        "Subject": "武蔵と共同提案",
        "Description": "両社の顧客",
        "ActivityDate": "2026-12-01",
        "WhatId": account,
        "OwnerId": rep,
    }
    rows = [{KEY: f"{account}:musashi:3", **row}, {KEY: f"{account}:seto:3", **row}]
    first = list(sales.crm.write("Task", rows, external_id=KEY))
    again = list(sales.crm.write("Task", rows, external_id=KEY))
    assert [(r.ok, r.created) for r in first] == [(True, True), (True, True)]
    assert [(r.ok, r.created, r.id) for r in again] == [(True, False, r.id) for r in first]
    read = sales.crm.read("Task", [rows[0][KEY]], ["AccountId", *row], external_id=KEY)
    assert read == {rows[0][KEY]: {"AccountId": account, **row}}
    assert {c["field"] for c in sales.org.changes() if c["object"] == "Task"} == {KEY, *row}
