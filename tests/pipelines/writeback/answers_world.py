"""A home with conflicts and holds that a test puts there by hand, and accounts whose names the last run knew.

Belongs here: what the commands ``conflicts`` and ``holds`` read. Does not: anything that asserts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from pipelines.settings import Paths
from pipelines.warehouse import Warehouse
from pipelines.writeback.answers import Conflict, conflicts_of
from pipelines.writeback.holds import Hold, holds_of
from tests.pipelines.registrations.world import create_model, insert_row

NOW = datetime(2026, 11, 20, 0, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
YAML = """
version: 1
us: {name: アオゾラソフト株式会社, language: en}
connections:
  sales: {crm: salesforce, party: us, url: "https://aozora.my.salesforce.com/",
          login: {method: client_credentials, client_id: x, client_secret: "${SOME_SECRET}"}}
  marketing: {crm: hubspot, party: us, url: "https://api.hubapi.com", login: {method: token, token: "${SOME_SECRET}"}}
  musashi_crm: {crm: salesforce, party: musashi, url: "https://musashi.my.salesforce.com",
                login: {method: client_credentials, client_id: x, client_secret: "${SOME_SECRET}"}}
partners:
  musashi: {name: 武蔵システムズ株式会社, type: reseller}
  setouchi: {name: 瀬戸内ソリューション株式会社, type: reseller}
"""


@dataclass(frozen=True)
class EditedWorld:
    """``account``, ``conflict`` and ``hold`` say what runs left, ``publish`` ends the last one."""

    home: Path

    @classmethod
    def new(cls, home: Path) -> EditedWorld:
        world = cls(home)
        home.mkdir(parents=True, exist_ok=True)
        world.write_settings("en")
        with world.warehouse.connect() as con:
            create_model(con, "records")
            for position, party in enumerate(("us", "musashi", "setouchi")):
                insert_row(con, "config.parties", party=party, name=party.title(), party_type="reseller", stage="active",
                           exclusive=True, position=position)  # fmt: skip
        return world

    def write_settings(self, language: str) -> None:
        self.paths.config.write_text(YAML.replace("language: en", f"language: {language}"), encoding="utf-8")

    @property
    def paths(self) -> Paths:
        return Paths(home=self.home, config=self.home / "account_mapping.yaml")

    @property
    def warehouse(self) -> Warehouse:
        return Warehouse(self.paths)

    def account(self, native_id: str, name: str, connection: str = "sales", object: str = "Account") -> None:
        with self.warehouse.connect() as con:
            insert_row(con, "intermediate.records", record_id=f"{connection}:{object}:{native_id}", connection=connection,
                       object=object, native_id=native_id, name=name)  # fmt: skip

    def conflict(
        self,
        record: str,
        field: str = "partner_approach",
        theirs: str | None = "open",
        ours: str | None = "no_approach",
        connection: str = "sales",
        object: str = "Account",
        **columns: Any,
    ) -> None:
        """What the last compare saw; one that it saw before is seen again."""
        row = {"connection": connection, "object": object, "record_id": record, "field": field, "ours": ours, "theirs": theirs}
        row |= {"first_seen_at": NOW, "last_seen_at": NOW} | columns
        with self.warehouse.connect() as con:
            con.execute(
                f"INSERT OR REPLACE INTO state.conflicts ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})",
                list(row.values()),
            )

    def hold(self, record: str, run: str = "run-1", connection: str = "sales", object: str = "Account") -> None:
        with self.warehouse.connect() as con:
            insert_row(con, "state.holds", connection=connection, object=object, record_id=record, run_id=run, held_by="sato",
                       held_at=NOW)  # fmt: skip

    def publish(self) -> EditedWorld:
        self.warehouse.publish()
        return self

    def conflicts(self) -> list[Conflict]:
        with self.publish().warehouse.read() as con:
            return conflicts_of(con)

    def holds(self) -> list[Hold]:
        with self.publish().warehouse.read() as con:
            return holds_of(con)

    def state(self, table: str, columns: str) -> list[tuple[Any, ...]]:
        with self.warehouse.connect() as con:
            return con.execute(f"SELECT {columns} FROM state.{table} ORDER BY ALL").fetchall()
