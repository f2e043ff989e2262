"""A wrong yaml: one message per fault, with its line and its mend; a secret never in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.settings import SettingsError, load_settings

GOOD = """\
version: 1
us: {name: アオゾラソフト株式会社}
connections:
  our_salesforce:
    crm: salesforce
    party: us
    url: ${SF_URL:-https://example.my.salesforce.com}
    login: {method: client_credentials, client_id: id, client_secret: "${SF_SECRET}"}
partners:
  musashi:
    name: 武蔵システムズ株式会社
    type: reseller
    our_account: {our_salesforce: 001000000000001AAA}
    lists:
      - {name: accounts, file: lists/*.csv}
"""
ENVIRONMENT = {"SF_SECRET": "s3cr3t-value"}


def faults_of(tmp_path: Path, text: str, environment: dict[str, str] = ENVIRONMENT) -> dict[int, str]:
    """line -> message, of the yaml given."""
    file = tmp_path / "account_mapping.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as raised:
        load_settings(file, environment)
    assert "s3cr3t-value" not in str(raised.value)
    return {fault.line: f"{fault.path}: {fault.message}" for fault in raised.value.faults}


def test_a_good_file_loads_with_defaults_and_environment(tmp_path: Path) -> None:
    file = tmp_path / "account_mapping.yaml"
    file.write_text(GOOD, encoding="utf-8")
    settings = load_settings(file, ENVIRONMENT)
    assert settings.us.time_zone == "Asia/Tokyo"
    assert settings.connections["our_salesforce"].url == "https://example.my.salesforce.com"
    assert settings.connections["our_salesforce"].login.revealed()["client_secret"] == "s3cr3t-value"
    assert settings.partners["musashi"].our_account == {"our_salesforce": "001000000000001AAA"}
    assert "s3cr3t-value" not in repr(settings)


@pytest.mark.parametrize(
    ("found", "written", "line", "says"),
    [
        ("type: reseller", "type: resseller", 12, "'resseller' is not one of reseller, technology, investor or advisor"),
        ("    type: reseller\n", "", 10, "partners.musashi.type: is missing"),
        ("type: reseller", "type: reseller\n    exklusive: true", 13, "Did you mean exclusive?"),
        ("type: reseller", "type: reseller\n    type: advisor", 13, "stands here twice (first in line 12)"),
        ("party: us", "party: musasi", 6, "'musasi' is neither us nor a partner"),
        ("our_salesforce: 001", "our_hubspot: 001", 13, "'our_hubspot' is no connection of ours"),
        ("method: client_credentials", "method: token, token: x", 4, "logs in by client_credentials, jwt or password"),
        ("{name: accounts, file: lists/*.csv}", "{name: accounts, file: a.csv, columns: {nmae: 社名}}", 15, "nmae"),
        ("{name: アオゾラソフト株式会社}", "{name: あ, time_zone: Asia/Tokio}", 2, "'Asia/Tokio' is no time zone"),
        ("version: 1", "version: 1\nmatching: {precision: 0.5}", 2, "greater than or equal to 0.95, but '0.5' stands here"),
        ("version: 1", "version: 1\nmatching:\n  review: 0.9", 3, "matching.review: should be less than or equal to 0.75"),
        ("version: 1", "version: 1\nmatching: {model: best}", 2, "Write auto, shipped, or a version that `totsugo review"),
    ],
)
def test_each_fault_names_its_line_and_what_to_write(tmp_path: Path, found: str, written: str, line: int, says: str) -> None:
    faults = faults_of(tmp_path, GOOD.replace(found, written))
    assert says in faults[line], faults


def test_every_fault_of_a_file_is_named_at_once(tmp_path: Path) -> None:
    faults = faults_of(tmp_path, GOOD.replace("type: reseller", "type: resseller").replace("version: 1", "version: 2"))
    assert set(faults) == {1, 12}


def test_an_unset_variable_is_named_and_not_reported_twice(tmp_path: Path) -> None:
    faults = faults_of(tmp_path, GOOD, {})
    assert list(faults) == [8]
    assert "SF_SECRET is not set" in faults[8]


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "is empty"), (b"a: [1", "is not YAML"), ("名前: あ".encode("cp932"), "is not UTF-8")],
)
def test_a_file_that_is_no_settings_at_all(tmp_path: Path, content: bytes, says: str) -> None:
    file = tmp_path / "account_mapping.yaml"
    file.write_bytes(content)
    with pytest.raises(SettingsError, match=says):
        load_settings(file, {})


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="TOTSUGO_CONFIG"):
        load_settings(tmp_path / "none.yaml", {})


def test_a_secret_of_the_wrong_kind_is_not_repeated(tmp_path: Path) -> None:
    text = GOOD.replace('client_secret: "${SF_SECRET}"', "client_secret: 90210")
    (message,) = faults_of(tmp_path, text).values()
    assert "client_secret" in message
    assert "90210" not in message
