"""A client that knows nothing of Totsugo, jsforce, works on a sandbox org. Needs node; ``make foreign`` fetches jsforce."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from connectors.sandbox.server import SandboxServer
from tests.connectors.sandbox.salesforce.conftest import ADMIN

pytestmark = pytest.mark.full
_HOME = Path(__file__).parents[1] / "foreign"


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What ``visit.js`` saw, a key a step."""
    with SandboxServer(tmp_path_factory.mktemp("foreign"), orgs={"acme": "salesforce"}) as running:
        org = running.orgs["acme"]
        client = org.store.get_meta("clients")[ADMIN]
        given = {
            "url": org.url,
            "username": client["username"],
            "password": client["password"],
            "token": client.get("security_token", f"{client['client_id']}-security_token"),
            "clientId": client["client_id"],
            "clientSecret": client["client_secret"],
        }
        environment = {**os.environ, "VISIT": json.dumps(given)}
        ended = subprocess.run(
            ["node", "visit.js"], cwd=_HOME, env=environment, capture_output=True, text=True, check=False, timeout=200
        )
    assert ended.returncode == 0, ended.stderr
    return dict(json.loads(ended.stdout))


def test_logins_and_who_one_is(seen: dict[str, Any]) -> None:
    assert seen["soapUser"]["ids"] == ["005", "00D"]
    assert seen["soapIdentity"] == seen["oauthIdentity"] == "admin@sandbox.example"
    assert seen["wrongPassword"]["message"].startswith("INVALID_LOGIN: Invalid username, password, security token")
    assert seen["clientUser"] is True
    assert seen["versions"] > 10
    assert (seen["limits"], seen["apiUsage"]) == (True, True)


def test_describing(seen: dict[str, Any]) -> None:
    assert seen["describe"] == ["id", "string", "int"]
    assert seen["describeGlobal"] is True
    assert seen["noSuchType"]["code"] == "NOT_FOUND"


def test_one_record_and_errors(seen: dict[str, Any]) -> None:
    assert (seen["created"], seen["found"]) == (True, 1)
    assert seen["retrieved"] == ["株式会社青空", 12, None, "Account"]
    codes = {step: seen[step]["code"] for step in ("gone", "missing", "unknownField", "malformed")}
    assert codes == {
        "gone": "NOT_FOUND",
        "missing": "REQUIRED_FIELD_MISSING",
        "unknownField": "INVALID_FIELD",
        "malformed": "MALFORMED_QUERY",
    }
    assert seen["missing"]["fields"] == ["Name"]


def test_external_ids(seen: dict[str, Any]) -> None:
    assert seen["upserted"] == [True, False, [True, False]]
    assert (seen["upsertError"], seen["renamed"]) == ("REQUIRED_FIELD_MISSING", "乙")


def test_pages(seen: dict[str, Any]) -> None:
    assert seen["firstPage"] == [2500, 2000, False]
    assert (seen["secondPage"], seen["autoFetched"]) == (500, 2500)


def test_bulk_jobs(seen: dict[str, Any]) -> None:
    assert seen["bulkInserted"] == [2500, 0, 0]
    assert seen["bulkRead"] == [2500, '社 7, "引用"\n改行', ["CreatedDate", "Id", "Name", "Phone"]]
    assert (seen["bulkUpdated"], seen["cleared"]) == ([300, 1], 300)
    assert seen["bulkError"] == "INVALID_CROSS_REFERENCE_KEY"
    assert seen["bulkUpserted"] == ["false", "true"]


def test_collections(seen: dict[str, Any]) -> None:
    assert seen["collections"] == [[True, None], [False, "REQUIRED_FIELD_MISSING"]]
    assert seen["collectionRead"] == [True, True, True]
    assert seen["removed"] is True
