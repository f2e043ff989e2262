"""Bulk 2.0 queries, as simple-salesforce runs them."""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path

import pytest
import requests
from simple_salesforce import Salesforce

from connectors.sandbox.server import SandboxServer
from tests.connectors.sandbox.salesforce.conftest import Raw, connect


def _accounts(sf: Salesforce, count: int) -> None:
    for number in range(count):
        sf.Account.create({"Name": f'株式会社"{number}",\n支店'})


def test_pages_are_csv_with_a_header_each_and_keep_newlines(sf: Salesforce) -> None:
    _accounts(sf, 3)
    pages = list(sf.bulk2.Account.query("SELECT Id, Name, Owner.Name, CreatedDate, ParentId FROM Account", max_records=2, wait=0))
    rows = [row for page in pages for row in csv.DictReader(io.StringIO(page))]
    assert (len(pages), len(rows)) == (2, 3)
    assert rows[0]["Name"] == '株式会社"0",\n支店'
    assert rows[0]["Owner.Name"] == "sandbox-admin"
    assert rows[0]["CreatedDate"].endswith(".000Z")
    assert rows[0]["ParentId"] == ""


def test_deleted_rows_come_with_query_all_only(sf: Salesforce) -> None:
    _accounts(sf, 1)
    sf.Account.delete(sf.query("SELECT Id FROM Account")["records"][0]["Id"])
    assert "true" not in "".join(sf.bulk2.Account.query("SELECT IsDeleted FROM Account", wait=0))
    assert "true" in "".join(sf.bulk2.Account.query_all("SELECT IsDeleted FROM Account", wait=0))


def test_a_failed_job_has_no_results(raw: Raw) -> None:
    raw.fault(kind="job_slow", count=1)
    raw.fault(kind="job_failed", count=1)
    job = raw("POST", "jobs/query", json={"operation": "query", "query": "SELECT Id FROM Account"}).json()
    assert job["state"] == "UploadComplete"
    assert [raw("GET", f"jobs/query/{job['id']}").json()["state"] for _ in range(3)] == ["InProgress", "Failed", "Failed"]
    assert raw("GET", f"jobs/query/{job['id']}/results").json()[0]["errorCode"] == "INVALIDJOBSTATE"
    assert raw("DELETE", f"jobs/query/{job['id']}").status_code == 204
    assert raw("GET", f"jobs/query/{job['id']}").status_code == 404


def test_a_job_may_be_aborted_behind_our_back(raw: Raw) -> None:
    raw.fault(kind="job_aborted", count=1, match="jobs/query")
    job = raw("POST", "jobs/query", json={"operation": "query", "query": "SELECT Id FROM Account"}).json()
    assert raw("GET", f"jobs/query/{job['id']}").json()["state"] == "Aborted"
    assert raw("GET", f"jobs/query/{job['id']}/results").json()[0]["errorCode"] == "INVALIDJOBSTATE"


@pytest.mark.parametrize(
    "text", ["SELECT COUNT() FROM Account", "SELECT Id FROM Account OFFSET 5", "SELECT Nope FROM Account", ""]
)
def test_a_query_that_bulk_does_not_take_is_refused(raw: Raw, text: str) -> None:
    assert raw("POST", "jobs/query", json={"operation": "query", "query": text}).status_code == 400


def test_results_that_break_off_or_lose_their_locator_can_be_asked_for_again(sf: Salesforce, raw: Raw) -> None:
    _accounts(sf, 3)
    job = raw("POST", "jobs/query", json={"operation": "query", "query": "SELECT Id FROM Account ORDER BY Name"}).json()["id"]
    raw("GET", f"jobs/query/{job}")
    raw.fault(kind="results_cut", count=1)
    raw.fault(kind="locator_lost", count=1)
    with pytest.raises(requests.RequestException):
        raw("GET", f"jobs/query/{job}/results?maxRecords=2")
    first = raw("GET", f"jobs/query/{job}/results?maxRecords=2")
    assert (first.headers["Sforce-Locator"], first.headers["Sforce-NumberOfRecords"]) == ("2", "2")
    assert raw("GET", f"jobs/query/{job}/results?locator=2").json()[0]["errorCode"] == "INVALID_QUERY_LOCATOR"
    last = raw("GET", f"jobs/query/{job}/results?locator=2")
    assert (last.headers["Sforce-Locator"], last.headers["Sforce-NumberOfRecords"]) == ("null", "1")


def test_a_job_outlives_the_server(tmp_path: Path) -> None:
    with SandboxServer(tmp_path, orgs={"acme": "salesforce"}) as running:
        sf = connect(running.orgs["acme"])
        _accounts(sf, 2)
        raw = Raw(running.orgs["acme"], sf.session_id)
        job = raw("POST", "jobs/query", json={"operation": "query", "query": "SELECT Id FROM Account"}).json()["id"]
    with SandboxServer(tmp_path, orgs={"acme": "salesforce"}) as running:
        raw = Raw(running.orgs["acme"], sf.session_id)
        assert raw("GET", f"jobs/query/{job}").json()["numberRecordsProcessed"] == 2
        assert len(raw("GET", f"jobs/query/{job}/results").text.splitlines()) == 3
        assert [each["id"] for each in raw("GET", "jobs/query").json()["records"]] == [job]


def test_a_body_may_come_zipped(raw: Raw) -> None:
    body = json.dumps({"operation": "query", "query": "SELECT Id FROM Account"}).encode()
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    assert raw("POST", "jobs/query", data=gzip.compress(body), headers=headers).json()["state"] == "UploadComplete"
    assert raw("POST", "jobs/query", data=b"no zip", headers=headers).json()[0]["errorCode"] == "JSON_PARSER_ERROR"
