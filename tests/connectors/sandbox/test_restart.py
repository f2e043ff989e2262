"""What a Salesforce org of the sandbox holds outlives the server, also one that is killed; ``--reset`` forgets it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

_CSV = {"Content-Type": "text/csv; charset=UTF-8"}


class _Client:
    """Plain HTTP on the one org, with a token that it got once."""

    def __init__(self, home: Path) -> None:
        self.url = json.loads((home / "sandbox.json").read_text())["orgs"]["acme"]["url"]
        self.token = ""

    def log_in(self, kind: str = "admin") -> None:
        form = {"grant_type": "client_credentials", "client_id": f"acme-{kind}", "client_secret": f"acme-only-{kind}"}
        self.token = requests.post(f"{self.url}/services/oauth2/token", data=form, timeout=10).json()["access_token"]

    def __call__(self, method: str, path: str, **more: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        return requests.request(method, f"{self.url}/services/data/v59.0/{path}", headers=headers, timeout=10, **more)

    def names(self) -> list[str]:
        rows = self("GET", "query", params={"q": "SELECT Name FROM Account ORDER BY Name"}).json()["records"]
        return [row["Name"] for row in rows]

    def used(self) -> int:
        usage = self("GET", "limits").headers["Sforce-Limit-Info"]
        return int(usage.partition("=")[2].partition("/")[0])


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "world" / "orgs" / "acme").mkdir(parents=True)
    (tmp_path / "world" / "world.json").write_text(json.dumps({"orgs": [{"name": "acme", "crm": "salesforce"}]}))
    return tmp_path


@contextmanager
def _served(home: Path, *more: str, token: str = "") -> Iterator[_Client]:
    """A server process of its own, killed without warning at the end."""
    command = [sys.executable, "-m", "connectors.sandbox", "--home", str(home), *more]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline()
            client = _Client(home)
            client.token = token
            yield client
        finally:
            process.kill()


def test_a_killed_server_goes_on_where_it_was(home: Path) -> None:
    with _served(home) as client:
        client.log_in()
        client("POST", "sobjects/Account", json={"Name": "甲"}).raise_for_status()
        field = {"FullName": "Account.Key__c", "Metadata": {"label": "Key", "type": "Text", "length": 20, "required": True}}
        job = client("POST", "jobs/ingest", json={"object": "Account", "operation": "insert"}).json()["id"]
        client("PUT", f"jobs/ingest/{job}/batches", data='Name\n乙\n丙\n""\n'.encode(), headers=_CSV).raise_for_status()
        done = client("POST", "jobs/ingest", json={"object": "Account", "operation": "insert"}).json()["id"]
        client("PUT", f"jobs/ingest/{done}/batches", data="Name,Phone\n丁,1\n,2\n".encode(), headers=_CSV).raise_for_status()
        client("PATCH", f"jobs/ingest/{done}", json={"state": "UploadComplete"})
        assert client("GET", f"jobs/ingest/{done}").json()["state"] == "JobComplete"
        used = client.used()
    with _served(home, token=client.token) as again:
        assert again.url == client.url
        assert again.names() == ["丁", "甲"]
        assert again.used() == used + 2
        (failed,) = again("GET", f"jobs/ingest/{done}/failedResults").content.decode().splitlines()[1:]
        assert failed == '"","REQUIRED_FIELD_MISSING:Required fields are missing: [Name]:Name --","","2"'
        assert again("GET", f"jobs/ingest/{job}").json()["state"] == "Open"
        again("PATCH", f"jobs/ingest/{job}", json={"state": "UploadComplete"}).raise_for_status()
        assert again("GET", f"jobs/ingest/{job}").json()["numberRecordsProcessed"] == 3
        assert again.names() == ["丁", "丙", "乙", "甲"]
        again("POST", "tooling/sobjects/CustomField", json=field).raise_for_status()
    with _served(home, token=client.token) as third:
        assert third("POST", "sobjects/Account", json={"Name": "戊"}).json()[0]["errorCode"] == "REQUIRED_FIELD_MISSING"
        newest = third("POST", "jobs/ingest", json={"object": "Account", "operation": "insert"}).json()["id"]
        assert newest not in (job, done)


def test_a_job_that_was_half_done_is_finished_once(home: Path) -> None:
    with _served(home) as client:
        client.log_in()
        requests.post(f"{client.url}/__sandbox__/faults", json={"kind": "job_slow", "count": 1}, timeout=10).raise_for_status()
        job = client("POST", "jobs/ingest", json={"object": "Account", "operation": "insert"}).json()["id"]
        client("PUT", f"jobs/ingest/{job}/batches", data="Name\na\nb\nc\nd\n", headers=_CSV).raise_for_status()
        client("PATCH", f"jobs/ingest/{job}", json={"state": "UploadComplete"}).raise_for_status()
        assert client("GET", f"jobs/ingest/{job}").json()["numberRecordsProcessed"] == 2
    with _served(home, token=client.token) as again:
        assert again("GET", f"jobs/ingest/{job}").json()["state"] == "JobComplete"
        assert again.names() == ["a", "b", "c", "d"]
        assert len(again("GET", f"jobs/ingest/{job}/successfulResults").content.splitlines()) == 5


def test_reset_starts_afresh(home: Path) -> None:
    with _served(home) as client:
        client.log_in()
        client("POST", "sobjects/Account", json={"Name": "甲"}).raise_for_status()
    with _served(home, "--reset", token=client.token) as again:
        assert again.url == client.url
        assert again("GET", "limits").status_code == 401, "its sessions are gone too"
        again.log_in()
        assert again.names() == []
        assert again("GET", "jobs/ingest").json()["records"] == []
