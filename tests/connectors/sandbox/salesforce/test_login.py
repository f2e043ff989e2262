"""Logging in, sessions, identity and the API limit, as simple-salesforce meets them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from simple_salesforce import Salesforce
from simple_salesforce.exceptions import SalesforceAuthenticationFailed, SalesforceError

from connectors.sandbox.salesforce.auth import JWT_BEARER
from connectors.sandbox.server import Org, SandboxServer
from tests.connectors.sandbox.salesforce.conftest import ADMIN, Raw, ToLoopback, connect


def _token(org: Org, **form: str) -> requests.Response:
    return requests.post(f"{org.url}/services/oauth2/token", data=form, timeout=10)


def _session(org: Org) -> requests.Session:
    session = requests.Session()
    for prefix in ("https://acme.my.salesforce.com", org.url.replace("http:", "https:")):
        session.mount(prefix, ToLoopback(prefix, org.url))
    return session


def _by_soap(org: Org, version: str = "59.0", **change: str) -> Salesforce:
    login = {name: value for name, value in org.logins["password"].items() if name != "method"}
    return Salesforce(**{**login, **change}, domain="acme.my", session=_session(org), version=version)


def _claims(org: Org) -> dict[str, Any]:
    known, until = org.logins["jwt"], datetime.now(UTC) + timedelta(minutes=3)
    return {"iss": known["client_id"], "sub": known["username"], "aud": "https://login.salesforce.com", "exp": until.timestamp()}


def _signed(org: Org, **change: Any) -> str:
    return jwt.encode({**_claims(org), **change}, org.logins["jwt"]["private_key"], algorithm="RS256")


def test_client_credentials_by_basic_auth_open_a_session(sf: Salesforce) -> None:
    assert sf.query("SELECT Id FROM Account")["totalSize"] == 0


def test_client_credentials_in_the_form_work_too(org: Org) -> None:
    answer = _token(org, grant_type="client_credentials", **org.credentials).json()
    assert answer["token_type"] == "Bearer"
    assert answer["instance_url"] == org.url
    in_the_address = {"grant_type": "client_credentials", **org.credentials}
    assert requests.post(f"{org.url}/services/oauth2/token", params=in_the_address, timeout=10).status_code == 200


def test_password_login(org: Org) -> None:
    login = {name: org.logins["password"][name] for name in ("username", "password")}
    assert _token(org, grant_type="password", **org.credentials, **login).status_code == 200
    with_token = {**login, "password": login["password"] + org.logins["password"]["security_token"]}
    assert _token(org, grant_type="password", **org.credentials, **with_token).status_code == 200
    wrong = _token(org, grant_type="password", **org.credentials, **{**login, "password": "x"})
    assert (wrong.status_code, wrong.json()) == (400, {"error": "invalid_grant", "error_description": "authentication failure"})


def test_from_an_untrusted_network_a_password_needs_the_security_token(org: Org, raw: Raw) -> None:
    raw.fault(kind="untrusted_network")
    login = {name: org.logins["password"][name] for name in ("username", "password")}
    assert _token(org, grant_type="password", **org.credentials, **login).json()["error"] == "invalid_grant"
    with_token = {**login, "password": login["password"] + org.logins["password"]["security_token"]}
    assert _token(org, grant_type="password", **org.credentials, **with_token).status_code == 200
    with pytest.raises(SalesforceAuthenticationFailed) as refused:
        _by_soap(org, security_token="")
    assert refused.value.code == "LOGIN_MUST_USE_SECURITY_TOKEN"
    assert _by_soap(org).query("SELECT Id FROM Account")["done"]


def test_login_by_soap(org: Org) -> None:
    sf = _by_soap(org)
    assert sf.query("SELECT Id FROM Account")["totalSize"] == 0
    assert sf.sf_instance == org.url.removeprefix("http://")
    with pytest.raises(SalesforceAuthenticationFailed) as refused:
        _by_soap(org, password="guessed")
    assert refused.value.code == "INVALID_LOGIN"
    assert "Invalid username, password" in refused.value.auth_message
    with pytest.raises(SalesforceAuthenticationFailed) as refused:
        _by_soap(org, version="65.0")
    assert refused.value.code == "UNSUPPORTED_API_VERSION"


def test_login_by_a_signed_assertion(org: Org) -> None:
    known = org.logins["jwt"]
    answer = _token(org, grant_type=JWT_BEARER, assertion=_signed(org))
    assert answer.status_code == 200, answer.text
    by_library = Salesforce(
        username=known["username"],
        consumer_key=known["client_id"],
        privatekey=known["private_key"],
        domain="login",
        instance_url="acme.my",
        session=_session(org),
    )
    assert by_library.query("SELECT Id FROM Account")["done"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"iss": "nobody"}, "client identifier invalid"),
        ({"sub": "nobody@example.jp"}, "user hasn't approved this consumer"),
        ({"aud": "https://example.com"}, "audience is invalid"),
        ({"exp": 1_600_000_000}, "expired authorization code"),
        ({"exp": None}, "invalid assertion"),
    ],
)
def test_a_faulty_assertion_is_refused(org: Org, change: dict[str, Any], said: str) -> None:
    answer = _token(org, grant_type=JWT_BEARER, assertion=_signed(org, **change))
    assert (answer.status_code, answer.json()["error_description"]) == (400, said)


def test_an_assertion_signed_by_another_key_or_not_at_all_is_refused(org: Org) -> None:
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    unsigned = jwt.encode(_claims(org), None, algorithm="none")
    for assertion in (jwt.encode(_claims(org), other, algorithm="RS256"), unsigned, "nonsense", ""):
        assert _token(org, grant_type=JWT_BEARER, assertion=assertion).json()["error_description"] == "invalid assertion"


def test_a_revoked_token_opens_nothing(org: Org, raw: Raw) -> None:
    assert requests.post(f"{org.url}/services/oauth2/revoke", data={"token": raw.token}, timeout=10).status_code == 200
    assert raw("GET", "limits").status_code == 401
    again = requests.post(f"{org.url}/services/oauth2/revoke", data={"token": raw.token}, timeout=10)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_token")


def test_the_identity_url_says_who_a_token_stands_for(org: Org) -> None:
    answer = _token(org, grant_type="client_credentials", **org.credentials).json()
    headers = {"Authorization": f"Bearer {answer['access_token']}"}
    who = requests.get(answer["id"], headers=headers, timeout=10).json()
    assert who["username"] == org.logins["jwt"]["username"]
    assert answer["id"].endswith(f"/{who['organization_id']}/{who['user_id']}")
    nobody = requests.get(answer["id"][:-3] + "ZZZ", headers=headers, timeout=10)
    assert (nobody.status_code, nobody.text) == (404, "Bad_Id")


def test_oauth_addresses_answer_a_dead_token_in_their_own_way(org: Org, raw: Raw) -> None:
    headers = {"Authorization": "Bearer dead"}
    answer = requests.get(f"{org.url}/services/oauth2/userinfo", headers=headers, timeout=10)
    assert (answer.status_code, answer.text) == (403, "Bad_OAuth_Token")


def test_sessions_outlive_the_server(tmp_path: Path) -> None:
    with SandboxServer(tmp_path, orgs={"acme": "salesforce"}) as server:
        token = _token(server.orgs["acme"], grant_type="client_credentials", **server.orgs["acme"].credentials).json()
    with SandboxServer(tmp_path, orgs={"acme": "salesforce"}) as server:
        assert Raw(server.orgs["acme"], token["access_token"])("GET", "limits").status_code == 200
        assert json.loads((tmp_path / "sandbox.json").read_text())["orgs"]["acme"]["logins"] == server.orgs["acme"].logins


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"client_id": "nobody"}, "invalid_client_id"),
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"grant_type": "implicit"}, "unsupported_grant_type"),
        ({"grant_type": "", "client_id": "nobody"}, "unsupported_grant_type"),
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
