"""A published copy with records, links and a review queue that a test puts there by hand, in the shape of the models' contracts.

Belongs here: the tables that the review reads. Does not: anything that asserts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from pipelines.review.decisions import Decision, add, in_force
from pipelines.settings import Paths
from pipelines.warehouse import Warehouse, transaction
from tests.pipelines.registrations.world import YAML, create_model, insert_row

NOW = datetime(2026, 11, 20, 0, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
NAMES = {"us": "アオゾラソフト株式会社", "musashi": "武蔵システムズ株式会社", "setouchi": "瀬戸内ソリューション株式会社"}
EVIDENCE = [
    {"feature": "name", "outcome": "agrees_after_kanji", "weight": 8.1},
    {"feature": "phone", "outcome": "differs", "weight": -1.2},
]


@dataclass
class ReviewWorld:
    """A home with its files; ``record``, ``ask`` and ``link`` say what the last run left, ``publish`` ends it."""

    home: Path
    rows: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    asked: int = 0

    @classmethod
    def new(cls, home: Path) -> ReviewWorld:
        world = cls(home)
        home.mkdir(parents=True, exist_ok=True)
        world.paths.config.write_text(YAML, encoding="utf-8")
        with world.warehouse.connect() as con:
            for model in ("records", "register_entries", "record_statuses"):
                create_model(con, model)
            for position, (party, name) in enumerate(NAMES.items()):
                insert_row(con, "config.parties", party=party, name=name, party_type="reseller", stage="active", exclusive=True,
                        position=position)  # fmt: skip
        return world

    @property
    def paths(self) -> Paths:
        return Paths(home=self.home, config=self.home / "account_mapping.yaml")

    @property
    def warehouse(self) -> Warehouse:
        return Warehouse(self.paths)

    def record(self, id: str, name: str, party: str = "us", status: str = "known", **columns: Any) -> str:
        """A record of ours (``our_hubspot:companies:<id>``) or of a partner's list; gives its id."""
        connection, object = ("our_hubspot", "companies") if party == "us" else (f"{party}/list", "list")
        record_id = f"{connection}:{object}:{id}"
        told = {"party": party, "source": "hubspot" if party == "us" else "file", "connection": connection, "object": object}
        self._put("intermediate.records", record_id=record_id, name=name, **told, **columns)
        self._put("intermediate.record_statuses", record_id=record_id, party=party, status=status, reason="x")
        return record_id

    def entry(self, number: str, name: str, **columns: Any) -> str:
        """An entry of the register; gives its id in questions."""
        self._put("intermediate.register_entries", corporate_number=number, name=name, is_closed=False, **columns)
        return f"register:{number}"

    def ask(self, record_id: str, other: str, probability: float = 0.7) -> None:
        """The next question of the queue."""
        self.asked += 1
        self._put("match.review_queue", position=self.asked, record_id=record_id, other_record_id=other,
                company_id="c1", probability=probability, evidence=EVIDENCE)  # fmt: skip

    def link(self, record_id: str, company_id: str, probability: float, rule: str = "name", verdict: str = "auto") -> None:
        """A placing link."""
        self._put("match.links", record_id=record_id, company_id=company_id, probability=probability, verdict=verdict,
                rule=rule, evidence=EVIDENCE, matched_at=NOW, model_version="test")  # fmt: skip

    def say(self, record_id: str, other: str, decision: str, by: str = "tanaka", minutes: int = 0) -> None:
        """A decision some minutes before now."""
        with self.warehouse.connect() as con, transaction(con):
            add(con, [Decision(record_id, other, decision, by, NOW - timedelta(minutes=minutes), None)])

    def company(self, company_id: str, number: str) -> None:
        """A company that the register knows."""
        self._put("match.companies", company_id=company_id, name=company_id, corporate_number=number, record_count=1)

    def publish(self) -> ReviewWorld:
        """Write it all, and let readers see it."""
        with self.warehouse.connect() as con, transaction(con):
            for table, row in self.rows:
                insert_row(con, table, **row)
        self.rows.clear()
        self.warehouse.publish()
        return self

    def _put(self, table: str, **row: Any) -> None:
        self.rows.append((table, row))

    def in_force(self) -> list[Decision]:
        with self.warehouse.connect() as con:
            return in_force(con)

    def state(self, table: str, columns: str) -> list[tuple[Any, ...]]:
        with self.warehouse.connect() as con:
            return con.execute(f"SELECT {columns} FROM state.{table} ORDER BY ALL").fetchall()


def filled(home: Path) -> ReviewWorld:
    """Three questions, one of them on the register; some links; nothing decided."""
    world = ReviewWorld.new(home)
    kazeyomi = world.record("1", "株式会社風読髙﨑", status="customer", name_kana="カゼヨミタカサキ", phone="+81355551212",
        postal_code="1350061", address="東京都江東区豊洲1-2-3", domain="kazeyomi.example")  # fmt: skip
    listed = world.record("A-01", "(株)風読高崎", "musashi", "target", name_kana="ｶｾﾞﾖﾐﾀｶｻｷ", phone="+81355551299",
        address="東京都江東区豊洲１－２－４")  # fmt: skip
    other = world.record("B-7", '=HYPERLINK("http://x","風読")', "setouchi", address="+81 大阪府大阪市")
    entry = world.entry("7000012050002", "株式会社風読", prefecture="東京都", city="江東区", town="豊洲", block="1-2-3")
    world.ask(listed, kazeyomi, 0.81)
    world.ask(other, kazeyomi, 0.52)
    world.ask(kazeyomi, entry, 0.4)
    return world
