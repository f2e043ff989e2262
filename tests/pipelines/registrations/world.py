"""A published copy with claims and overrides that a test puts there by hand, in the shape of the models' contracts.

Belongs here: the tables that the partner manager's commands read. Does not: anything that asserts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import yaml

from pipelines.settings import Paths
from pipelines.settings.environment import PROJECT_ROOT
from pipelines.warehouse import Warehouse

MODELS = ("registrations", "claim_terms", "company_profiles", "map_records", "overrides")
NOW = datetime(2026, 11, 20, 0, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
YAML = """
version: 1
us: {name: アオゾラソフト株式会社, language: en}
connections:
  our_hubspot: {crm: hubspot, party: us, url: "http://127.0.0.1", login: {method: token, token: "${SOME_SECRET}"}}
partners:
  musashi: {name: 武蔵システムズ株式会社, type: reseller}
  setouchi: {name: 瀬戸内ソリューション株式会社, type: reseller}
"""


@dataclass(frozen=True)
class AnswersWorld:
    """A home with its files; ``claim`` and ``allow`` say what the last run left, ``publish`` ends it."""

    home: Path

    @classmethod
    def new(cls, home: Path) -> AnswersWorld:
        world = cls(home)
        home.mkdir(parents=True, exist_ok=True)
        world.paths.config.write_text(YAML, encoding="utf-8")
        with world.warehouse.connect() as con:
            for model in MODELS:
                create_model(con, model)
            for position, party in enumerate(("us", "musashi", "setouchi")):
                insert_row(con, "config.parties", party=party, name=party.title(), party_type="reseller", stage="active",
                        exclusive=True, position=position)  # fmt: skip
                insert_row(con, "config.registration_terms", partner=party, approval="manual", pending_days=5, protection_days=90,
                        activity_days=30, grace_days=10, extension_days=30)  # fmt: skip
        return world

    @property
    def paths(self) -> Paths:
        return Paths(home=self.home, config=self.home / "account_mapping.yaml")

    @property
    def warehouse(self) -> Warehouse:
        return Warehouse(self.paths)

    def claim(
        self,
        claim: str,
        partner: str,
        company: str,
        status: str,
        reason: str = "pending",
        *,
        until: date = date(2026, 12, 10),
        protection_until: date = date(2026, 12, 10),
        approved_until: date | None = None,
        **columns: Any,
    ) -> str:
        claim_id = f"{partner}/registrations:registration:{claim}"
        both = {"claim_id": claim_id, "partner": partner, "company_id": company, "scope": "*", "received_at": NOW}
        both |= {"received_on": date(2026, 11, 10), "protected_until": until} | columns
        held = {name: both.pop(name) for name in ("in_grace", "held_by_claim_id") if name in both}
        ends = {"protection_until": protection_until, "approved_until": approved_until or max(until, protection_until)}
        told = {"status": status, "reason_key": f"registration.{reason}", "in_grace": False} | held
        with self.warehouse.connect() as con:
            insert_row(con, "marts.registrations", **both, **told)
            insert_row(con, "marts.claim_terms", **both, **ends)
            self._company(con, company)
        return claim_id

    def allow(self, record: str, company: str, partner: str | None, *, until: date = date(2026, 12, 31)) -> str:
        record_id = f"our_salesforce:Account:{record}"
        with self.warehouse.connect() as con:
            insert_row(con, "intermediate.overrides", record_id=record_id, override="allow", partner=partner, reason="両社で合意",
                    until=until, is_valid=True)  # fmt: skip
            insert_row(con, "marts.map_records", record_id=record_id, party="us", company_id=company)
            self._company(con, company)
        return record_id

    def publish(self) -> AnswersWorld:
        self.warehouse.publish()
        return self

    def state(self, table: str, columns: str) -> list[tuple[Any, ...]]:
        with self.warehouse.connect() as con:
            return con.execute(f"SELECT {columns} FROM state.{table} ORDER BY ALL").fetchall()

    @staticmethod
    def _company(con: duckdb.DuckDBPyConnection, company: str) -> None:
        if not con.execute("FROM marts.company_profiles WHERE company_id = ?", [company]).fetchall():
            insert_row(con, "marts.company_profiles", company_id=company, name=f"株式会社{company}")


def create_model(con: duckdb.DuckDBPyConnection, model: str) -> None:
    (file,) = (PROJECT_ROOT / "dbt_project" / "models").rglob(f"{model}.yml")
    schema = "intermediate" if "intermediate" in file.parts else "marts"
    columns = yaml.safe_load(file.read_text(encoding="utf-8"))["models"][0]["columns"]
    con.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
    listed = ", ".join(f"{column['name']} {column['data_type']}" for column in columns)
    con.execute(f"CREATE TABLE {schema}.{model} ({listed})")


def insert_row(con: duckdb.DuckDBPyConnection, table: str, **row: Any) -> None:
    con.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", list(row.values()))
