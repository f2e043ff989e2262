"""Two logins of different power: a run needs none of the administrator's secrets, and no secret is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.settings import Settings, SettingsError, load_settings

FILE = """\
version: 1
us: {name: アオゾラソフト株式会社}
connections:
  sales:
    crm: salesforce
    party: us
    url: https://example.my.salesforce.com
    login: {method: client_credentials, client_id: id, client_secret: s3cr3t}
    provision_login:
      method: client_credentials
      client_id: ${ADMIN_ID:-}
      client_secret: ${ADMIN_SECRET:-}
"""


def _load(folder: Path, environment: dict[str, str], text: str = FILE) -> Settings:
    file = folder / "account_mapping.yaml"
    file.write_text(text, encoding="utf-8")
    return load_settings(file, environment)


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
                "client_credentials, client_id: id, client_secret: s3cr3t", "token, token: x"
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
