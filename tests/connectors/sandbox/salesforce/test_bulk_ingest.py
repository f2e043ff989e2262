"""Bulk 2.0 ingest jobs, as simple-salesforce runs them, and what its documents say of them beyond that."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from simple_salesforce import Salesforce
from simple_salesforce.exceptions import SalesforceOperationError

from connectors.sandbox.server import Org
from tests.connectors.sandbox.salesforce.conftest import REP, Raw, connect

CSV = {"Content-Type": "text/csv; charset=UTF-8"}


def opened(raw: Raw, **asked: Any) -> str:
    answer = raw("POST", "jobs/ingest", json={"object": "Account", "operation": "insert", **asked})
    assert answer.json()["state"] == "Open"
    return str(answer.json()["id"])


def run(raw: Raw, data: str, **asked: Any) -> dict[str, Any]:
    """The job at the first look after it was closed."""
    id = opened(raw, **asked)
    assert raw("PUT", f"jobs/ingest/{id}/batches", data=data.encode(), headers=CSV).status_code == 201
    assert raw("PATCH", f"jobs/ingest/{id}", json={"state": "UploadComplete"}).json()["state"] == "UploadComplete"
    job: dict[str, Any] = raw("GET", f"jobs/ingest/{id}").json()
    return job


def results(raw: Raw, job: dict[str, Any], kind: str) -> list[dict[str, str]]:
    answer = raw("GET", f"jobs/ingest/{job['id']}/{kind}")
    assert answer.headers["Content-Type"] == "text/csv"  # and no word of UTF-8, which clients have to know
    return list(csv.DictReader(io.StringIO(answer.content.decode(), newline="")))


def names(sf: Salesforce) -> list[str]:
    return sorted(row["Name"] for row in sf.query("SELECT Name FROM Account")["records"])


def test_the_library_inserts_updates_and_deletes(sf: Salesforce) -> None:
    (made,) = sf.bulk2.Account.insert(records=[{"Name": "武蔵\n商事"}, {"Name": '"乙", 丙'}], wait=0)
    assert (made["numberRecordsProcessed"], made["numberRecordsFailed"]) == (2, 0)
    assert names(sf) == ['"乙", 丙', "武蔵\n商事"]
    ids = [row["Id"] for row in sf.query("SELECT Id FROM Account")["records"]]
    sf.bulk2.Account.update(records=[{"Id": id, "Name": "新"} for id in ids], wait=0)
    assert names(sf) == ["新", "新"]
    sf.bulk2.Account.delete(records=[{"Id": ids[0]}], wait=0)
    assert names(sf) == ["新"]
    sf.bulk2.Account.hard_delete(records=[{"Id": ids[1]}], wait=0)
    assert [row["Id"] for row in sf.query_all("SELECT Id FROM Account", include_deleted=True)["records"]] == [ids[0]]


def test_the_library_upserts_and_reads_results(sf: Salesforce) -> None:
    id = str(sf.Account.create({"Name": "甲"})["id"])
    (job,) = sf.bulk2.Account.upsert(records=[{"Id": id, "Name": "乙"}, {"Id": "", "Name": "丙"}], external_id_field="Id", wait=0)
    told = sf.bulk2.Account.get_all_ingest_records(job["job_id"])
    assert {row["sf__Created"] for row in told["successfulRecords"]} == {"true", "false"}
    assert told["failedRecords"] == told["unprocessedRecords"] == []
    assert set(names(sf)) == {"乙", "丙"}


def test_the_library_is_told_of_a_job_that_fails(sf: Salesforce) -> None:
    with pytest.raises(SalesforceOperationError, match="Field name not found : Nope"):
        sf.bulk2.Account.insert(records=[{"Nope": "x"}], wait=0)


def test_empty_cells_are_left_alone_and_na_clears(raw: Raw, sf: Salesforce) -> None:
    id = sf.Account.create({"Name": "甲", "Phone": "03", "Website": "a.example"})["id"]
    run(raw, f"Id,Phone,Website\n{id},,#N/A\n", operation="update")
    after = sf.Account.get(id)
    assert (after["Phone"], after["Website"]) == ("03", None)


def test_rows_fail_alone_with_code_message_and_fields(raw: Raw, sf: Salesforce) -> None:
    raw.fault(kind="validation_rule", count=1)
    job = run(raw, "Name,Phone\n甲,1\n,2\n丙,3\n")
    assert (job["state"], job["numberRecordsProcessed"], job["numberRecordsFailed"]) == ("JobComplete", 3, 2)
    failed = {row["Phone"]: row for row in results(raw, job, "failedResults")}
    assert failed["1"]["sf__Error"] == "FIELD_CUSTOM_VALIDATION_EXCEPTION:入力規則により保存できません。:--"
    assert failed["2"]["sf__Error"] == "REQUIRED_FIELD_MISSING:Required fields are missing: [Name]:Name --"
    assert failed["2"]["sf__Id"] == ""
    (made,) = results(raw, job, "successfulResults")
    assert (made["sf__Created"], made["Name"]) == ("true", "丙")
    assert sf.Account.get(made["sf__Id"])["Name"] == "丙"
    assert results(raw, job, "unprocessedrecords") == results(raw, job, "unprocessedRecords") == []


@pytest.mark.parametrize(
    ("data", "asked", "message"),
    [
        ("Name\r\n甲\r\n", {}, "LineEnding is invalid on user data. Current LineEnding setting is LF"),
        ("Name\n甲\n", {"lineEnding": "CRLF"}, "LineEnding is invalid on user data. Current LineEnding setting is CRLF"),
        ("Name,Phone\n甲,1\n", {"columnDelimiter": "PIPE"}, "Field name not found : Name,Phone"),
        ("Name,Owner Name\n甲,x\n", {}, "Field name not found : Owner Name"),
        ("Name\n甲\n", {"operation": "update"}, "Field name not found : Id"),
        ("Id,Name\n0015g00000zzzzzAAA,x\n", {"operation": "delete"}, "delete batch must contain only ids"),
        ("Name,Phone\n甲\n", {}, "The number of columns"),
    ],
)
def test_data_that_does_not_fit_the_job_fails_it(
    raw: Raw, sf: Salesforce, data: str, asked: dict[str, Any], message: str
) -> None:
    job = run(raw, data, **asked)
    assert job["state"] == "Failed"
    assert message in job["errorMessage"]
    assert names(sf) == []


def test_other_delimiters_and_line_endings(raw: Raw, sf: Salesforce) -> None:
    job = run(raw, 'Name|Phone\r\n"甲\r\n支店"|1\r\n', lineEnding="CRLF", columnDelimiter="PIPE")
    assert job["state"] == "JobComplete"
    assert names(sf) == ["甲\r\n支店"]


def test_data_come_in_one_put_and_only_while_the_job_is_open(raw: Raw) -> None:
    id = opened(raw)
    assert raw("PUT", f"jobs/ingest/{id}/batches", data="Name\n甲\n".encode()).status_code == 415
    assert raw("PUT", f"jobs/ingest/{id}/batches", data="Name\n甲\n".encode(), headers=CSV).status_code == 201
    second = raw("PUT", f"jobs/ingest/{id}/batches", data="Name\n乙\n".encode(), headers=CSV)
    assert (second.status_code, second.json()[0]["errorCode"]) == (400, "INVALIDJOB")
    assert raw("GET", f"jobs/ingest/{id}/successfulResults").json()[0]["errorCode"] == "INVALIDJOBSTATE"
    assert raw("DELETE", f"jobs/ingest/{id}").status_code == 400
    assert raw("PATCH", f"jobs/ingest/{id}", json={"state": "JobComplete"}).status_code == 400
    assert raw("PATCH", f"jobs/ingest/{id}", json={"state": "Aborted"}).json()["state"] == "Aborted"
    assert raw("PATCH", f"jobs/ingest/{id}", json={"state": "UploadComplete"}).status_code == 400
    assert raw("PUT", f"jobs/ingest/{id}/batches", data="Name\n乙\n".encode(), headers=CSV).status_code == 400
    assert raw("DELETE", f"jobs/ingest/{id}").status_code == 204
    assert raw("GET", f"jobs/ingest/{id}").status_code == 404


@pytest.mark.parametrize(("fault", "state"), [("job_failed", "Failed"), ("job_aborted", "Aborted")])
def test_a_job_that_ends_half_way_keeps_what_it_did(raw: Raw, sf: Salesforce, fault: str, state: str) -> None:
    raw.fault(kind=fault, count=1)
    job = run(raw, "Name\n甲\n乙\n丙\n丁\n")
    assert (job["state"], job["numberRecordsProcessed"]) == (state, 2)
    assert len(results(raw, job, "successfulResults")) == 2
    assert [row["Name"] for row in results(raw, job, "unprocessedrecords")] == ["丙", "丁"]
    assert names(sf) == ["乙", "甲"]


def test_a_slow_job_goes_on_while_anybody_calls(raw: Raw, sf: Salesforce) -> None:
    raw.fault(kind="job_slow", count=2)
    job = run(raw, "Name\n甲\n乙\n")
    assert (job["state"], job["numberRecordsProcessed"]) == ("InProgress", 1)
    assert names(sf) == ["甲"]
    assert names(sf) == ["乙", "甲"]
    assert raw("GET", f"jobs/ingest/{job['id']}").json()["state"] == "JobComplete"


def test_a_job_in_progress_can_be_aborted(raw: Raw, sf: Salesforce) -> None:
    raw.fault(kind="job_slow")
    job = run(raw, "Name\n甲\n乙\n")
    assert raw("PATCH", f"jobs/ingest/{job['id']}", json={"state": "Aborted"}).json()["state"] == "Aborted"
    assert names(sf) == ["甲"]
    assert [row["Name"] for row in results(raw, job, "unprocessedrecords")] == ["乙"]


def test_jobs_are_listed_with_who_made_them(org: Org, raw: Raw) -> None:
    rep = connect(org, REP)
    mine = opened(raw, operation="upsert", externalIdFieldName="Id")
    rep.bulk2.Account.insert(records=[{"Name": "甲"}], wait=0)
    listed = raw("GET", "jobs/ingest", params={"jobType": "V2Ingest"}).json()
    told = {job["id"]: job for job in listed["records"]}
    assert (listed["done"], len(told), told[mine]["state"]) == (True, 2, "Open")
    assert (told[mine]["object"], told[mine]["operation"], told[mine]["externalIdFieldName"]) == ("Account", "upsert", "Id")
    assert len({job["createdById"] for job in told.values()}) == 2


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"operation": "query"}, "INVALIDJOB"),
        ({"lineEnding": "CR"}, "INVALIDJOB"),
        ({"object": "Nope"}, "INVALIDENTITY"),
        ({"operation": "upsert"}, "INVALIDJOB"),
        ({"operation": "upsert", "externalIdFieldName": "Name"}, "INVALIDJOB"),
    ],
)
def test_a_job_that_cannot_be_is_refused(raw: Raw, asked: dict[str, Any], code: str) -> None:
    answer = raw("POST", "jobs/ingest", json={"object": "Account", "operation": "insert", **asked})
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, code)


def test_field_level_security_holds_in_jobs_too(org: Org, sf: Salesforce) -> None:
    body = {"FullName": "Account.Key__c", "Metadata": {"label": "Key", "type": "Text", "length": 20}}
    sf.toolingexecute("sobjects/CustomField", "POST", data=body)
    for library in (sf, connect(org, REP)):
        with pytest.raises(SalesforceOperationError, match="Field name not found : Key__c"):
            library.bulk2.Account.insert(records=[{"Name": "甲", "Key__c": "x"}], wait=0)
