"""A portfolio to try things on: ``marts.partner_portfolio`` filled by hand, its columns those of the model's contract."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import duckdb
import yaml

from pipelines.settings.environment import PROJECT_ROOT

AS_OF = datetime(2026, 11, 20, tzinfo=UTC)
CONTRACT = PROJECT_ROOT / "dbt_project" / "models" / "marts" / "account_plans" / "partner_portfolio.yml"
USUAL = {
    "type": "reseller",
    "stage": "active",
    "fit": 58.5,
    "state": "active",
    "overlap": 784,
    "whitespace": 300,
    "potential_deals": 238.0,
    "potential_amount": 725_839_671.0,
    "won_amount_12m": 86_800_000.0,
    "open_amount": 0.0,
    "activities_90d": 3,
    "effort_share": 0.214,
    "proposed_share": 0.468,
    "proposal": "invest",
    "reason_key": "plan.portfolio.reason.more",
}


def create(con: duckdb.DuckDBPyConnection) -> None:
    """The empty mart, and whose it is. ``con`` has the pipelines' tables."""
    columns = yaml.safe_load(CONTRACT.read_text(encoding="utf-8"))["models"][0]["columns"]
    listed = ", ".join(f'"{column["name"]}" {column["data_type"]}' for column in columns)
    con.execute(f"CREATE SCHEMA IF NOT EXISTS marts; CREATE OR REPLACE TABLE marts.partner_portfolio ({listed})")
    con.execute("DELETE FROM config.run; DELETE FROM config.parties")
    con.execute("INSERT INTO config.run VALUES ('run', ?, ?, 'Asia/Tokyo', 'ja', 'JPY')", [AS_OF, AS_OF.date()])
    con.execute("INSERT INTO config.parties VALUES ('us', 'アオゾラソフト株式会社', 'us', 'active', false, NULL, 0)")


def add(con: duckdb.DuckDBPyConnection, partner: str, rank: int, **values: Any) -> None:
    """One partner; what is left out is as usual."""
    row = {"partner": partner, "name": partner, "rank": rank, **USUAL, **values}
    names = ", ".join(f'"{name}"' for name in row)
    con.execute(f"INSERT INTO marts.partner_portfolio ({names}) VALUES ({', '.join('?' * len(row))})", list(row.values()))
