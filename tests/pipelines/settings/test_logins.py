"""Ways to log in, and two logins of different power: a run needs none of the administrator's secrets, and no secret is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.sandbox.salesforce.assertion import key_of_this_process
from pipelines.settings import Settings, SettingsError, load_settings

FILE = """\
version: 1
us: {name: アオゾラソフト株式会社}
connections:
  sales:
    crm: salesforce
    party: us
    url: https://example.my.salesforce.com
    login: {method: client_credentials, client_id: id, client_secret: "${SECRET}"}
    provision_login:
      method: client_credentials
      client_id: ${ADMIN_ID:-}
      client_secret: ${ADMIN_SECRET:-}
"""


def _load(folder: Path, environment: dict[str, str], text: str = FILE) -> Settings:
    file = folder / "account_mapping.yaml"
    file.write_text(text, encoding="utf-8")
    return load_settings(file, {"SECRET": "s3cr3t", **environment})


def test_a_run_needs_no_secret_of_the_administrator(tmp_path: Path) -> None:
    assert _load(tmp_path, {}).connections["sales"].provision_login is None


def test_the_administrators_login_is_read_where_its_secrets_are_set(tmp_path: Path) -> None:
    login = _load(tmp_path, {"ADMIN_ID": "admin", "ADMIN_SECRET": "adm1n-s3cr3t"}).connections["sales"].provision_login
    assert login is not None
    assert login.revealed() == {"method": "client_credentials", "client_id": "admin", "client_secret": "adm1n-s3cr3t"}
    assert "adm1n-s3cr3t" not in repr(login)


@pytest.mark.parametrize(
    ("text", "environment", "told"),
    [
        (FILE, {"ADMIN_SECRET": "adm1n-s3cr3t"}, "connections.sales.provision_login: method client_credentials needs client_id"),
        (FILE.replace("client_id: ${ADMIN", "client_ids: ${ADMIN"), {"ADMIN_ID": "adm1n-s3cr3t"}, "Did you mean client_id?"),
        (FILE.replace("client_id: ${ADMIN_ID:-}", "token: ['${ADMIN_ID:-}']"), {"ADMIN_ID": "adm1n-s3cr3t"}, "provision_login"),
        (
            FILE.replace("crm: salesforce", "crm: hubspot").replace(
                'client_credentials, client_id: id, client_secret: "${SECRET}"', 'token, token: "${SECRET}"'
            ),
            {"ADMIN_ID": "a", "ADMIN_SECRET": "adm1n-s3cr3t"},
            "a hubspot connection logs in by token or oauth, not by client_credentials",
        ),
    ],
)  # fmt: skip
def test_a_faulty_login_is_told_without_its_secret(tmp_path: Path, text: str, environment: dict[str, str], told: str) -> None:
    with pytest.raises(SettingsError) as raised:
        _load(tmp_path, environment, text)
    assert told in str(raised.value)
    assert "adm1n-s3cr3t" not in str(raised.value)


SALESFORCE = 'client_credentials, client_id: id, client_secret: "${SECRET}"'


def _by(login: str) -> str:
    text = FILE.replace(SALESFORCE, login)
    return text.replace("crm: salesforce", "crm: hubspot") if login.startswith(("token", "oauth")) else text


@pytest.mark.parametrize(
    ("login", "given"),
    [
        ('jwt, client_id: id, username: u, private_key: "${KEY}", audience: "https://test.salesforce.com"', "private_key"),
        ('jwt, client_id: id, username: u, private_key: "${JOINED}", audience: "${NONE:-}"', "private_key"),
        ('password, username: u, password: "${SECRET}"', "password"),
        ('password, username: u, password: "${SECRET}", security_token: "${SECRET}"', "security_token"),
        ('oauth, client_id: id, client_secret: "${SECRET}", refresh_token: "${SECRET}"', "refresh_token"),
    ],
)
def test_every_way_to_log_in_can_be_written(tmp_path: Path, login: str, given: str) -> None:
    key = key_of_this_process()
    settings = _load(tmp_path, {"KEY": key, "JOINED": key.replace("\n", "\\n")}, _by(login))
    found = settings.connections["sales"].login
    assert found.revealed()[given]
    assert key not in repr(found)


@pytest.mark.parametrize(
    ("login", "told"),
    [
        ('jwt, client_id: id, username: u, private_key: "${SECRET}"', "login.private_key: is no private key in PEM"),
        ('jwt, client_id: id, private_key: "${SECRET}"', "method jwt needs username"),
        ('oauth, client_id: id, refresh_token: "${SECRET}"', "method oauth needs client_secret"),
        ('jwt, client_id: id, username: u, private_key: "${SECRET}", audience: "https://a.jp"', "'https://a.jp' is not one of"),
    ],
)
def test_what_a_way_to_log_in_lacks_is_named(tmp_path: Path, login: str, told: str) -> None:
    with pytest.raises(SettingsError) as raised:
        _load(tmp_path, {}, _by(login))
    assert told in str(raised.value)
    assert "s3cr3t" not in str(raised.value)


@pytest.mark.parametrize(
    ("found", "written", "line", "variable"),
    [
        (SALESFORCE, "client_credentials, client_id: id, client_secret: 0pen-s3cr3t", 8, "SALES_CLIENT_SECRET"),
        (SALESFORCE, 'password, username: u, password: "${SECRET}", security_token: "0pen-${SECRET}"', 8, "SALES_SECURITY_TOKEN"),
        ("${ADMIN_SECRET:-}", "${ADMIN_SECRET:-0pen-s3cr3t}", 12, "SALES_ADMIN_CLIENT_SECRET"),
        ("version: 1", "version: 1\nalerts: {slack_webhook: 'https://hooks.example/0pen-s3cr3t'}", 2, "SLACK_WEBHOOK"),
    ],
)
def test_a_secret_that_stands_in_the_file_is_a_fault_with_its_mend(
    tmp_path: Path, found: str, written: str, line: int, variable: str
) -> None:
    assert found in FILE
    with pytest.raises(SettingsError) as raised:
        _load(tmp_path, {"ADMIN_ID": "admin", "ADMIN_SECRET": "adm1n"}, FILE.replace(found, written))
    (fault,) = raised.value.faults
    assert fault.line == line
    assert f"Put it into an environment variable and write ${{{variable}}} here" in fault.message
    assert "s3cr3t" not in str(raised.value)


def test_a_secret_whose_variable_is_unset_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"account_mapping\.yaml:8: .*the environment variable HUBSPOT_TOKEN is not set"):
        _load(tmp_path, {}, _by('token, token: "${HUBSPOT_TOKEN}"'))
