"""Logging in to Salesforce by every way there is, once more when a session has ended, and what is said where it fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from connectors import open_crm
from connectors.crm import CrmError, CrmUnavailable, LoginRefused
from connectors.salesforce.login import _audience
from tests.connectors.salesforce.conftest import Sales

METHODS = ("client_credentials", "jwt", "password")


def _pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, passphrase: bytes = b"") -> str:
    locked = serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, locked).decode()


@pytest.mark.parametrize("method", METHODS)
def test_each_way_in_leads_to_the_same_user(sales: Sales, method: str) -> None:
    crm = open_crm("salesforce", sales.org.url, sales.org.logins[method])
    assert crm.identity() == sales.crm.identity()
    assert crm.existing_fields("Account")


@pytest.mark.parametrize("method", METHODS)
def test_a_session_that_ends_in_mid_run_is_renewed_once(sales: Sales, method: str) -> None:
    crm = open_crm("salesforce", sales.org.url, sales.org.logins[method])
    me = crm.identity()
    sales.fault("session_expired", count=1)
    assert crm.existing_fields("Account")
    sales.fault("session_expired", count=1)
    assert crm.identity() == me
    assert crm.calls() == 3


@pytest.mark.parametrize("call", [lambda crm: crm.identity(), lambda crm: crm.existing_fields("Account")])
def test_a_session_that_never_lasts_is_said_and_not_tried_for_ever(sales: Sales, call: Callable[[Any], Any]) -> None:
    sales.fault("session_expired")
    with pytest.raises(LoginRefused, match="ended the session twice"):
        call(sales.crm)
    log = requests.get(f"{sales.org.url}/__sandbox__/requests", timeout=10).json()
    assert log["counts"]["POST /services/oauth2/token"] == 2


def test_oauth_by_password_takes_the_security_token_after_the_password(sales: Sales) -> None:
    sales.fault("untrusted_network")
    login = {**sales.org.logins["client_credentials"], **sales.org.logins["password"]}
    assert open_crm("salesforce", sales.org.url, login).identity().user_id
    with pytest.raises(LoginRefused, match="authentication failure"):
        open_crm("salesforce", sales.org.url, {**login, "security_token": ""}).identity()


def test_from_an_untrusted_network_the_missing_security_token_is_named(sales: Sales) -> None:
    sales.fault("untrusted_network")
    with pytest.raises(LoginRefused, match="set security_token, or let the org trust this machine's network"):
        open_crm("salesforce", sales.org.url, {**sales.org.logins["password"], "security_token": ""}).identity()


def test_a_key_whose_lines_were_joined_for_an_environment_variable_is_understood(sales: Sales) -> None:
    login = sales.org.logins["jwt"]
    joined = login["private_key"].strip().replace("\n", "\\n")
    assert open_crm("salesforce", sales.org.url, {**login, "private_key": joined}).identity().user_id


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("hush-hush", "is no private key in PEM"),
        ("-----BEGIN PRIVATE KEY-----\nhush-hush\n-----END PRIVATE KEY-----", "is no private key in PEM"),
        (_pem(ec.generate_private_key(ec.SECP256R1())), "Give an RSA key"),
        (_pem(rsa.generate_private_key(public_exponent=65537, key_size=2048), b"locked"), "passphrase"),
        (_pem(rsa.generate_private_key(public_exponent=65537, key_size=2048)), "belongs to the app's certificate"),
    ],
)
def test_a_key_that_will_not_do_is_one_sentence_without_the_key(sales: Sales, key: str, said: str) -> None:
    with pytest.raises(LoginRefused, match=said) as refused:
        open_crm("salesforce", sales.org.url, {**sales.org.logins["jwt"], "private_key": key}).identity()
    assert not any(line in str(refused.value) for line in key.splitlines() if not line.startswith("-----"))


@pytest.mark.parametrize(
    ("method", "change", "said"),
    [
        ("client_credentials", {"client_id": "nobody"}, "check its client_id"),
        ("client_credentials", {"client_secret": "guessed"}, "check its client_id and client_secret"),
        ("jwt", {"username": "nobody@example.jp"}, "let the app's policy admit this user in advance"),
        ("jwt", {"audience": "https://elsewhere.my.salesforce.com"}, "set audience to https://login"),
        ("password", {"password": "guessed"}, r"refused the login \(INVALID_LOGIN: Invalid username"),
    ],
)  # fmt: skip
def test_a_refusal_says_what_to_do(sales: Sales, method: str, change: dict[str, str], said: str) -> None:
    with pytest.raises(LoginRefused, match=said):
        open_crm("salesforce", sales.org.url, {**sales.org.logins[method], **change}).identity()


def test_an_audience_can_be_named(sales: Sales) -> None:
    login = {**sales.org.logins["jwt"], "audience": "https://test.salesforce.com"}
    assert open_crm("salesforce", sales.org.url, login).identity().user_id


def test_sandboxes_have_an_audience_of_their_own() -> None:
    assert {_audience(host) for host in ("a.my.salesforce.com", "login.salesforce.com")} == {"https://login.salesforce.com"}
    sandboxes = ("a--uat.sandbox.my.salesforce.com", "a--uat.my.salesforce.com", "test.salesforce.com")
    assert {_audience(host) for host in sandboxes} == {"https://test.salesforce.com"}


@pytest.mark.parametrize("method", METHODS)
def test_a_page_instead_of_a_login_is_the_crms_fault(sales: Sales, method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.retry.PACE", 0.0)
    sales.fault("http_503_html", match="/services/")
    with pytest.raises(CrmUnavailable, match="did not answer the login"):
        open_crm("salesforce", sales.org.url, sales.org.logins[method]).identity()


def test_client_credentials_need_the_orgs_own_address() -> None:
    with pytest.raises(CrmError, match="give the org's own address"):
        open_crm("salesforce", "https://login.salesforce.com", {"client_id": "a", "client_secret": "b"})
