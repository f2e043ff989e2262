"""A home with alerts that wait in their mart, put there by hand.

Belongs here: the files and what a run does with them. Does not: anything that asserts, the servers (``receivers.py``).
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from pipelines.automation.assets import alerts_sent
from pipelines.resources import Totsugo
from pipelines.settings import Paths
from pipelines.warehouse import Warehouse
from tests.dbt.history_world import columns_of

YAML = """
version: 1
us: {name: 当社}
connections: {}
partners: {musashi: {name: 武蔵システムズ, type: reseller}}
"""
EMAIL = """  email:
    host: 127.0.0.1
    port: %d
    starttls: false
    username: totsugo
    password: ${SMTP_PASSWORD}
    sender: totsugo@example.com
    to: [partners@example.com]
    owners: {佐藤: sato@example.com}
"""


class Home:
    """One home with alerts waiting in its mart; ``send`` is what a run does."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.paths = Paths(home=folder, config=folder / "account_mapping.yaml")
        monkeypatch.setenv("TOTSUGO_HOME", str(folder))
        monkeypatch.setenv("TOTSUGO_CONFIG", str(self.paths.config))
        self.monkeypatch = monkeypatch
        self.write("")
        with Warehouse(self.paths).connect() as con:
            columns = ", ".join(f"{name} {kind}" for name, kind in columns_of("marts", "alerts").items())
            con.execute(f"CREATE SCHEMA marts; CREATE TABLE marts.alerts ({columns})")
            con.execute("INSERT INTO config.run VALUES ('r', '2026-11-20 00:00:00+00', '2026-11-20', 'Asia/Tokyo', 'ja', 'JPY')")
            for at, (party, name) in enumerate((("us", "当社"), ("musashi", "武蔵システムズ"))):
                con.execute(
                    "INSERT INTO config.parties (party, name, party_type, stage, exclusive, position) "
                    "VALUES (?, ?, 'reseller', 'active', false, ?)",
                    [party, name, at],
                )

    def write(self, alerts: str) -> None:
        self.paths.config.write_text(YAML + ("alerts:\n" + alerts if alerts else ""), encoding="utf-8")

    def alert(self, alert_id: str, owner: str | None = "佐藤", kind: str = "new_overlap", **values: Any) -> None:
        facts: dict[str, Any] = {
            "new_overlap": {"partner": "musashi", "our_status": "target", "partner_status": "customer"},
            "new_collision": {
                "collision_kind": "two_partners",
                "parties": "musashi,us",
                "severity": "high",
                "who_must_act": "our_owner",
            },
            "claim_lapsing": {"partner": "musashi", "due_on": date(2026, 11, 25)},
        }[kind]
        key = "alert.claim_undecided" if values.pop("undecided", False) else f"alert.{kind}"
        row = {"alert_id": alert_id, "kind": kind, "owner": owner, "company_id": alert_id, "company_name": f"株式会社{alert_id}"}
        row |= {"text_key": key} | facts | values
        with Warehouse(self.paths).connect() as con:
            con.execute(f"INSERT INTO marts.alerts ({', '.join(row)}) VALUES ({', '.join('?' for _ in row)})", list(row.values()))

    def send(self, dry_run: bool = False) -> dg.ExecuteInProcessResult:
        config = {"ops": {"alerts_sent": {"config": {"dry_run": dry_run}}}}
        with dg.DagsterInstance.ephemeral() as instance:
            return dg.materialize([alerts_sent], resources={"totsugo": Totsugo()}, run_config=config, instance=instance)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with Warehouse(self.paths).connect() as con:
            return con.execute(query).fetchall()
