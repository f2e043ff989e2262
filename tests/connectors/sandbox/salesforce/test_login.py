"""Logging in, sessions, identity and the API limit, as simple-salesforce meets them."""

from __future__ import annotations

import pytest
import requests
from simple_salesforce import Salesforce
from simple_salesforce.exceptions import SalesforceError

from connectors.sandbox.server import Org
from tests.connectors.sandbox.salesforce.conftest import ADMIN, Raw, connect


def _token(org: Org, **form: str) -> requests.Response:
    return requests.post(f"{org.url}/services/oauth2/token", data=form, timeout=10)


def test_client_credentials_by_basic_auth_open_a_session(sf: Salesforce) -> None:
    assert sf.query("SELECT Id FROM Account")["totalSize"] == 0


def test_client_credentials_in_the_form_work_too(org: Org) -> None:
    answer = _token(org, grant_type="client_credentials", **org.credentials).json()
    assert answer["token_type"] == "Bearer"
    assert answer["instance_url"] == org.url


def test_password_login(org: Org) -> None:
    client = org.store.get_meta("clients")[0]
    login = {"username": client["username"], "password": client["password"]}
    assert _token(org, grant_type="password", **org.credentials, **login).status_code == 200
    wrong = _token(org, grant_type="password", **org.credentials, **{**login, "password": "x"})
    assert (wrong.status_code, wrong.json()) == (400, {"error": "invalid_grant", "error_description": "authentication failure"})


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"client_id": "nobody"}, "invalid_client_id"),
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"grant_type": "implicit"}, "unsupported_grant_type"),
    ],
)
def test_a_refused_login_says_why(org: Org, change: dict[str, str], error: str) -> None:
    answer = _token(org, **{"grant_type": "client_credentials", **org.credentials, **change})
    assert answer.status_code == 400
    assert answer.json()["error"] == error
    assert org.credentials["client_secret"] not in answer.text


def test_a_call_without_a_session_is_refused_in_salesforces_shape(org: Org) -> None:
    answer = requests.get(f"{org.url}/services/data/v59.0/sobjects", headers={"Authorization": "Bearer x"}, timeout=10)
    assert answer.status_code == 401
    assert answer.json() == [{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}]


def test_an_expired_session_is_renewed_by_the_client(sf: Salesforce, raw: Raw) -> None:
    raw.fault(kind="session_expired", count=1)
    before = sf.session_id
    assert sf.query("SELECT Id FROM Account")["done"]
    assert sf.session_id != before


def test_every_answer_counts_against_the_limit(raw: Raw) -> None:
    first, second = raw("GET", "sobjects/"), raw("GET", "query", params={"q": "nonsense"})
    used = [int(answer.headers["Sforce-Limit-Info"].split("=")[1].split("/")[0]) for answer in (first, second)]
    assert used[1] == used[0] + 1
    limits = raw("GET", "limits").json()["DailyApiRequests"]
    assert limits["Remaining"] == limits["Max"] - used[1] - 1


def test_calls_beyond_the_limit_are_refused(org: Org, raw: Raw) -> None:
    org.store.set_meta("daily_requests", 0)
    answer = raw("GET", "sobjects")
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (403, "REQUEST_LIMIT_EXCEEDED")


def test_userinfo_names_the_user_and_the_org(org: Org, raw: Raw) -> None:
    headers = {"Authorization": f"Bearer {raw.token}"}
    answer = requests.get(f"{org.url}/services/oauth2/userinfo", headers=headers, timeout=10).json()
    assert answer["user_id"] == org.store.get_meta("clients")[ADMIN]["user_id"]
    assert answer["organization_id"].startswith("00D")


def test_trailing_slashes_versions_and_unknown_addresses(raw: Raw) -> None:
    assert raw("GET", "limits/").status_code == 200
    assert raw("GET", "nowhere").json()[0]["errorCode"] == "NOT_FOUND"
    assert raw("GET", "../v5.0/limits").status_code == 404
    assert raw("PUT", "sobjects/Account").json()[0]["errorCode"] == "METHOD_NOT_ALLOWED"
    assert raw("GET", "query", params={"q": "x" * 20_000}).status_code == 414


def test_any_version_is_served(org: Org) -> None:
    assert connect(org, version="62.0").Account.describe()["name"] == "Account"


def test_a_request_limit_fault_reaches_the_client(sf: Salesforce, raw: Raw) -> None:
    raw.fault(kind="request_limit", count=1)
    with pytest.raises(SalesforceError, match="REQUEST_LIMIT_EXCEEDED"):
        sf.Account.describe()
