"""``totsugo provision`` as an administrator calls it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
import yaml
from rich.console import Console
from typer.testing import CliRunner

from connectors.sandbox.server import Org, SandboxServer
from pipelines.cli.app import app


@pytest.fixture
def orgs(tmp_path: Path) -> Iterator[dict[str, Org]]:
    with SandboxServer(tmp_path / "sandbox", orgs={"sales": "salesforce", "market": "hubspot", "theirs": "salesforce"}) as server:
        yield dict(server.orgs)


@pytest.fixture
def config(tmp_path: Path, orgs: dict[str, Org], monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings with administrators' logins for all three."""
    connections = {}
    for name, org in orgs.items():
        method = "token" if org.crm == "hubspot" else "client_credentials"
        connections[name] = {
            "crm": org.crm,
            "party": "musashi" if name == "theirs" else "us",
            "url": org.url,
            "login": {"method": method, **_from_environment(monkeypatch, name, org.credentials)},
            "provision_login": {"method": method, **_from_environment(monkeypatch, f"{name}_admin", org.admin)},
            "write_back": True,
        }
    partners = {"musashi": {"name": "武蔵システムズ株式会社", "type": "reseller"}}
    file = tmp_path / "account_mapping.yaml"
    settings = {"version": 1, "us": {"name": "アオゾラソフト株式会社"}, "connections": connections, "partners": partners}
    file.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    monkeypatch.setenv("TOTSUGO_CONFIG", str(file))
    monkeypatch.setenv("TOTSUGO_HOME", str(tmp_path / "home"))
    return file


def _from_environment(monkeypatch: pytest.MonkeyPatch, whose: str, login: dict[str, str]) -> dict[str, str]:
    for name, value in login.items():
        monkeypatch.setenv(f"{whose}_{name}", value)
    return {name: f"${{{whose}_{name}}}" for name in login}


@dataclass(frozen=True)
class Done:
    exit_code: int
    output: str


Provision = Callable[..., Done]


@pytest.fixture
def provision(config: Path, monkeypatch: pytest.MonkeyPatch) -> Provision:
    """Call the command; what it said on either channel. The consoles' own channel is that of this process."""

    def call(*arguments: str) -> Done:
        paper = io.StringIO()
        monkeypatch.setattr("pipelines.cli.app.console", Console(file=paper, soft_wrap=True, highlight=False))
        done = CliRunner().invoke(app, ["provision", *arguments])
        return Done(done.exit_code, paper.getvalue() + done.output)

    return call


def _without_login(config: Path, name: str) -> None:
    settings = yaml.safe_load(config.read_text(encoding="utf-8"))
    settings["connections"][name]["provision_login"] = {"method": "client_credentials", "client_id": "", "client_secret": ""}
    config.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")


def _created(told: str) -> list[str]:
    return [line for line in told.splitlines() if line.startswith("  + ")]


def test_a_dry_run_says_what_the_real_one_does_and_a_second_one_creates_nothing(provision: Provision) -> None:
    preview, first, again = provision("--dry-run"), provision(), provision()
    assert [done.exit_code for done in (preview, first, again)] == [0, 0, 0], first.output
    assert _created(preview.output) == _created(first.output) != []
    assert _created(again.output) == []
    assert "  + list view Totsugo_Account_Map__c.Totsugo_musashi_whitespace" in first.output
    assert "  + list Totsugo 武蔵システムズ株式会社 ホワイトスペース" in first.output
    assert "by hand: permission set Totsugo_Reader: assign it to the sales reps" in first.output


def test_a_partners_crm_gets_its_own_five_fields(provision: Provision) -> None:
    theirs = provision().output.split("theirs: ")[1]
    assert len([line for line in _created(theirs) if "Account.Totsugo_" in line]) == 5
    assert "Totsugo_Account_Map__c" not in theirs


def test_without_an_administrators_login_it_refuses_and_others_go_on(
    provision: Provision, config: Path, orgs: dict[str, Org]
) -> None:
    _without_login(config, "sales")
    done = provision()
    assert done.exit_code == 1
    assert "sales: connections.sales.provision_login is missing or empty; add it" in done.output
    assert "market: " in done.output
    log = requests.get(f"{orgs['sales'].url}/__sandbox__/requests", timeout=10).json()
    assert log["requests"] == []


def test_metadata_is_written_without_any_login(provision: Provision, config: Path, orgs: dict[str, Org], tmp_path: Path) -> None:
    _without_login(config, "sales")
    folder = tmp_path / "to deploy"
    done = provision("--metadata", str(folder))
    assert done.exit_code == 0, done.output
    views = folder / "force-app/main/default/objects/Totsugo_Account_Map__c/listViews"
    assert (views / "Totsugo_musashi_whitespace.listView-meta.xml").exists()
    fields = folder / "theirs/force-app/main/default/objects/Account/fields"
    assert len(list(fields.iterdir())) == 5
    again = provision("--metadata", str(folder))
    assert (again.exit_code, "is not empty" in again.output) == (1, True)
    assert all(requests.get(f"{org.url}/__sandbox__/requests", timeout=10).json()["requests"] == [] for org in orgs.values())
