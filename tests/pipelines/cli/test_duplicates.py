"""``totsugo duplicates`` on a published copy that a test puts there."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import typer
import yaml
from typer.testing import CliRunner, Result

from pipelines.cli.duplicates import duplicates
from pipelines.settings import Paths
from pipelines.settings.environment import PROJECT_ROOT
from pipelines.warehouse import Warehouse
from tests.pipelines.registrations.world import YAML

MART = PROJECT_ROOT / "dbt_project" / "models" / "marts" / "crm" / "crm_duplicates.yml"
ROWS = [
    ("our_hubspot", "companies", "c1", "株式会社風読", "11", "(株)風読", 1, 2, "工藤 麻衣", 3, "2026-11-10", "2024-01-01"),
    ("our_hubspot", "companies", "c1", "株式会社風読", "12", "風読, 大阪支店", 2, 2, None, 0, None, None),
]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home whose last run found no duplicate."""
    paths = Paths(home=tmp_path, config=tmp_path / "account_mapping.yaml")
    paths.config.write_text(YAML, encoding="utf-8")
    monkeypatch.setenv("TOTSUGO_HOME", str(paths.home))
    monkeypatch.setenv("TOTSUGO_CONFIG", str(paths.config))
    contract = yaml.safe_load(MART.read_text(encoding="utf-8"))["models"][0]["columns"]
    columns = ", ".join(f"{column['name']} {column['data_type']}" for column in contract)
    with Warehouse(paths).connect() as con:
        con.execute("CREATE SCHEMA IF NOT EXISTS marts")
        con.execute(f"CREATE TABLE marts.crm_duplicates ({columns})")
    Warehouse(paths).publish()
    return tmp_path


@pytest.fixture
def found(home: Path) -> Path:
    """The same, after a run that found two accounts of one company."""
    warehouse = Warehouse(Paths(home=home, config=home / "account_mapping.yaml"))
    with warehouse.connect() as con:
        con.executemany(f"INSERT INTO marts.crm_duplicates VALUES ({', '.join('?' * len(ROWS[0]))})", ROWS)
    warehouse.publish()
    return home


def totsugo_duplicates(*arguments: str) -> Result:
    app = typer.Typer()
    app.command()(duplicates)
    return CliRunner().invoke(app, list(arguments))


def test_each_company_is_told_with_the_account_to_keep_first(found: Path) -> None:
    lines = totsugo_duplicates("--language", "en").output.splitlines()
    assert lines[0].startswith("Duplicate accounts: 2 of 1 companies.")
    assert lines[1:] == [
        "株式会社風読  (our_hubspot, c1)",
        "  1. 11  (株)風読  Owner 工藤 麻衣, Deals 3, Last activity 2026-11-10, Created on 2024-01-01",
        "  2. 12  風読, 大阪支店  Deals 0",
    ]
    assert "重複している取引先: 1社、2件" in totsugo_duplicates("--language", "ja").output


def test_the_file_opens_in_excel_with_its_japanese_intact(found: Path) -> None:
    file = found / "重複.csv"
    told = totsugo_duplicates("--csv", str(file), "--language", "ja")
    assert told.output == f"{file} に2件を書き出しました。\n"
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    with file.open(encoding="utf-8-sig", newline="") as opened:
        heading, first, second = csv.reader(opened)
    assert heading[:4] == ["接続", "会社", "会社ID", "順位"]
    assert first == ["our_hubspot", "株式会社風読", "c1", "1", "11", "(株)風読", "工藤 麻衣", "3", "2026-11-10", "2024-01-01"]
    assert second[5:] == ["風読, 大阪支店", "", "0", "", ""]


def test_where_there_are_none_that_is_said(home: Path) -> None:
    assert totsugo_duplicates().output == "There are no duplicate accounts.\n"


def test_a_connection_that_is_not_ours_is_named(found: Path) -> None:
    assert "2 of 1" in totsugo_duplicates("--connection", "our_hubspot").output
    wrong = totsugo_duplicates("--connection", "our_salesforce")
    assert wrong.exit_code == 1
    assert "There is no CRM connection our_salesforce of ours" in wrong.stderr
