"""The sandbox as a whole: starting, stopping, keeping, faults, the log."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest
import requests

from connectors.sandbox import hubspot, salesforce
from connectors.sandbox.faults import Faults
from connectors.sandbox.server import SandboxError, SandboxServer
from connectors.sandbox.store import Store

_ORGS = {"acme": "salesforce"}


def _world(directory: Path, **account: object) -> Path:
    """A world with one org and one account."""
    org = directory / "orgs" / "our_salesforce"
    org.mkdir(parents=True)
    (directory / "world.json").write_text(
        json.dumps({"seed": 1, "as_of": "2026-11-20T09:00:00+09:00", "orgs": [{"name": "our_salesforce", "crm": "salesforce"}]})
    )
    client = {"client_id": "demo", "client_secret": "only", "user_id": "005000000000001AAA"}
    fields = {"Account": [{"name": "CorporateNumber__c", "type": "string", "length": 13, "label": "法人番号"}]}
    (org / "schema.json").write_text(json.dumps({"clients": [client], "custom_fields": fields}))
    row = {"Id": "001000000000001AAA", "Name": "株式会社青空", "CorporateNumber__c": "1234567890123", **account}
    row |= {"SystemModstamp": "2026-10-01T01:02:03.000+0000"}
    (org / "Account.jsonl").write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
    deal = {
        "Id": "006000000000001AAA",
        "Name": "案件",
        "StageName": "受注",
        "IsClosed": True,
        "IsWon": True,
        "CloseDate": "2026-10-01",
    }
    (org / "Opportunity.jsonl").write_text(json.dumps(deal, ensure_ascii=False) + "\n", encoding="utf-8")
    return directory


def _query(org: object, text: str) -> list[dict[str, object]]:
    url = org.url  # type: ignore[attr-defined]
    form = {"grant_type": "client_credentials", **org.credentials}  # type: ignore[attr-defined]
    token = requests.post(f"{url}/services/oauth2/token", data=form, timeout=10).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    return requests.get(f"{url}/services/data/v59.0/query", params={"q": text}, headers=headers, timeout=10).json()["records"]


def test_a_world_is_served_with_its_own_fields_stages_and_clients(tmp_path: Path) -> None:
    with SandboxServer(tmp_path / "home", _world(tmp_path / "world")) as sandbox:
        org = sandbox.orgs["our_salesforce"]
        described = org.as_json()
        assert {**described, "admin": 0, "person": 0, "logins": set(described["logins"])} == {
            "crm": "salesforce", "url": org.url, "client_id": "demo", "client_secret": "only", "admin": 0, "person": 0,
            "logins": {"client_credentials", "jwt", "password"},
        }  # fmt: skip
        assert described["admin"] == org.admin != described["person"] == org.person != org.credentials
        row = _query(org, "SELECT Name, CorporateNumber__c, SystemModstamp, IsDeleted FROM Account")[0]
        assert (row["Name"], row["CorporateNumber__c"]) == ("株式会社青空", "1234567890123")
        assert (row["SystemModstamp"], row["IsDeleted"]) == ("2026-10-01T01:02:03.000+0000", False)
        stages = _query(org, "SELECT IsWon FROM OpportunityStage WHERE MasterLabel = '受注'")
        assert [each["IsWon"] for each in stages] == [True]


def test_sandbox_json_stands_while_it_runs_and_ports_are_kept(tmp_path: Path) -> None:
    ports = []
    for _ in range(2):
        with SandboxServer(tmp_path, orgs=_ORGS) as sandbox:
            described = json.loads((tmp_path / "sandbox.json").read_text())
            assert described["orgs"]["acme"] == sandbox.orgs["acme"].as_json()
            ports.append(sandbox.orgs["acme"].url)
        assert not (tmp_path / "sandbox.json").exists()
    assert ports[0] == ports[1]


def test_what_was_written_survives_a_restart_and_goes_with_a_reset(tmp_path: Path) -> None:
    world = _world(tmp_path / "world")
    stamp = "2026-11-01T00:00:00.000+0000"
    with SandboxServer(tmp_path / "home", world) as sandbox:
        sandbox.orgs["our_salesforce"].store.put(
            "Account", "001000000000002AAA", {"Id": "001000000000002AAA", "Name": "新規"}, stamp
        )
    with SandboxServer(tmp_path / "home", world) as sandbox:
        org = sandbox.orgs["our_salesforce"]
        assert len(_query(org, "SELECT Id FROM Account")) == 2
        requests.post(f"{org.url}/__sandbox__/reset", timeout=10).raise_for_status()
        assert len(_query(org, "SELECT Id FROM Account")) == 1
        org.store.put("Account", "001000000000002AAA", {"Id": "001000000000002AAA", "Name": "新規"}, stamp)
    with SandboxServer(tmp_path / "home", world, reset=True) as sandbox:
        assert len(_query(sandbox.orgs["our_salesforce"], "SELECT Id FROM Account")) == 1


def test_two_sandboxes_do_not_share_a_home(tmp_path: Path) -> None:
    with SandboxServer(tmp_path, orgs=_ORGS), pytest.raises(SandboxError, match="another sandbox is running"):
        SandboxServer(tmp_path, orgs=_ORGS)


def test_a_faulty_world_is_named(tmp_path: Path) -> None:
    with pytest.raises(SandboxError, match=r"Account.jsonl line 1: Account has no field Nope__c"):
        SandboxServer(tmp_path / "home", _world(tmp_path / "world", Nope__c=1))
    with pytest.raises(SandboxError, match=r"world.json is missing"):
        SandboxServer(tmp_path / "home2", tmp_path)


def test_the_process_says_its_addresses_and_stops_on_sigterm(tmp_path: Path) -> None:
    _world(tmp_path / "world")
    command = [sys.executable, "-m", "connectors.sandbox", "--home", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline().split()
        described = json.loads((tmp_path / "sandbox.json").read_text())
        assert line == ["our_salesforce", "salesforce", described["orgs"]["our_salesforce"]["url"]]
        assert described["pid"] == process.pid
        with requests.Session() as kept_open:
            assert kept_open.get(f"{line[2]}/services/data/", timeout=10).status_code == 200
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 0
        assert time.monotonic() - began < 4
    assert not (tmp_path / "sandbox.json").exists()


def test_the_process_says_in_one_sentence_why_it_cannot_start(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "connectors.sandbox", "--home", str(tmp_path)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("sandbox: no world")
    assert "Traceback" not in ended.stderr


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    with SandboxServer(tmp_path, orgs=_ORGS) as sandbox:
        yield sandbox.orgs["acme"].url


def _fault(url: str, **settings: object) -> requests.Response:
    return requests.post(f"{url}/__sandbox__/faults", json=settings, timeout=10)


def test_the_log_counts_calls_and_can_be_cleared(url: str) -> None:
    for id in ("001000000000001AAA", "001000000000002AAA"):
        requests.get(f"{url}/services/data/v59.0/sobjects/Account/{id}?fields=Name", timeout=10)
    log = requests.get(f"{url}/__sandbox__/requests", timeout=10).json()
    assert log["counts"] == {"GET /services/data/v59.0/sobjects/Account/{id}": 2}
    last = log["requests"][-1]
    assert (last["status"], last["query"], last["fault"]) == (401, "fields=Name", None)
    assert last["response_bytes"] > 0
    requests.delete(f"{url}/__sandbox__/requests", timeout=10)
    assert requests.get(f"{url}/__sandbox__/requests", timeout=10).json()["total"] == 0


def test_a_503_comes_as_html_and_only_as_often_as_asked(url: str) -> None:
    _fault(url, kind="http_503_html", count=2, match="/services/data", method="GET")
    statuses = [requests.get(f"{url}/services/data/", timeout=10).status_code for _ in range(3)]
    assert statuses == [503, 503, 200]
    assert requests.post(f"{url}/services/oauth2/token", timeout=10).status_code == 400


def test_a_dropped_connection_has_no_answer(url: str) -> None:
    _fault(url, kind="drop_connection", count=1)
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{url}/services/data/", timeout=10)
    assert requests.get(f"{url}/services/data/", timeout=10).status_code == 200


def test_a_connection_dropped_after_the_call_took_effect(tmp_path: Path) -> None:
    with SandboxServer(tmp_path, orgs=_ORGS) as sandbox:
        org = sandbox.orgs["acme"]
        form = {"grant_type": "client_credentials", **org.credentials}
        token = requests.post(f"{org.url}/services/oauth2/token", data=form, timeout=10).json()["access_token"]
        _fault(org.url, kind="drop_connection", count=1, when="after", method="POST")
        address, headers = f"{org.url}/services/data/v59.0/sobjects/Account", {"Authorization": f"Bearer {token}"}
        with pytest.raises(requests.ConnectionError):
            requests.post(address, json={"Name": "甲"}, headers=headers, timeout=10)
        assert [row["Name"] for row in _query(org, "SELECT Name FROM Account")] == ["甲"]


def test_slow_waits(url: str) -> None:
    _fault(url, kind="slow", count=1, seconds=0.2)
    began = time.monotonic()
    requests.get(f"{url}/services/data/", timeout=10)
    assert time.monotonic() - began >= 0.2


def test_a_wrong_fault_is_refused_and_faults_can_be_cleared(url: str) -> None:
    assert _fault(url, count=1).status_code == 400
    assert _fault(url, kind="slow", nonsense=1).json() == {"error": "unknown settings: nonsense"}
    told = _fault(url, kind="row_lok")
    assert told.status_code == 400
    assert told.json()["error"].startswith("there is no fault row_lok; there are drop_connection, http_503_html, job_aborted,")
    _fault(url, kind="http_503_html")
    requests.delete(f"{url}/__sandbox__/faults", timeout=10)
    assert requests.get(f"{url}/services/data/", timeout=10).status_code == 200


def test_the_panel_tells_what_it_can_do(url: str) -> None:
    told = requests.get(f"{url}/__sandbox__/", timeout=10).json()
    assert {"GET requests?match=", "POST faults", "POST reset"} <= told["calls"].keys()
    assert {"slow", "row_lock", "job_failed"} <= told["fault_kinds"].keys()
    assert "rate" in told["fault_settings"]
    assert (
        requests.get(f"{url}/__sandbox__/nonsense", timeout=10).json()["error"].endswith("GET /__sandbox__/ tells what there is")
    )


@pytest.mark.parametrize("package", [salesforce, hubspot])
def test_every_fault_that_can_strike_has_a_line_for_people(package: ModuleType) -> None:
    sources = [each.read_text(encoding="utf-8") for each in Path(str(package.__file__)).parent.glob("*.py")]
    drawn = {kind for text in sources for kind in re.findall(r"faults\.(?:take|draw)\(\s*\"(\w+)\"", text)}
    assert drawn
    assert drawn <= package.FAULTS.keys()


def test_the_clock_can_be_set(url: str) -> None:
    requests.post(f"{url}/__sandbox__/now", json={"now": "2030-01-01T09:00:00+09:00"}, timeout=10).raise_for_status()
    now = datetime.fromisoformat(requests.get(f"{url}/__sandbox__/now", timeout=10).json()["now"])
    assert now.astimezone(UTC).date().isoformat() == "2030-01-01"
    assert requests.post(f"{url}/__sandbox__/now", json={"now": "2030-01-01"}, timeout=10).status_code == 400


def test_a_fault_with_a_rate_strikes_the_same_calls_for_the_same_seed() -> None:
    def struck(seed: int) -> list[bool]:
        faults = Faults({"row_lock": ""})
        faults.arm({"kind": "row_lock", "rate": 0.3, "seed": seed})
        return [faults.take("row_lock", "x") for _ in range(200)]

    assert struck(1) == struck(1)
    assert struck(1) != struck(2)
    assert 30 < sum(struck(1)) < 90


def test_a_fault_can_wait_for_its_moment() -> None:
    faults = Faults({"row_lock": ""})
    faults.arm({"kind": "row_lock", "count": 1, "skip": 2, "match": "Account"})
    assert [faults.take("row_lock", "Account/1") for _ in range(4)] == [False, False, True, False]
    assert not faults.take("row_lock", "Lead/1")


def test_the_store_rolls_back_a_nested_transaction_alone(tmp_path: Path) -> None:
    store = Store(tmp_path / "x.sqlite")

    def fail() -> None:
        with store.transaction():
            store.put("A", "2", {}, "t")
            raise RuntimeError

    with store.transaction():
        store.put("A", "1", {}, "t")
        with pytest.raises(RuntimeError):
            fail()
    assert store.ids("A") == ["1"]
