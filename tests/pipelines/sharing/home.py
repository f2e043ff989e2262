"""A home in which a run has ended that left shares behind, put into the marts by hand, and a folder for them.

Belongs here: the yaml, what a run leaves, handing over. Does not: anything that asserts, and any rule of what may be shared.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import yaml

from pipelines import gate
from pipelines.settings import Paths, Settings, load_settings
from pipelines.settings.tables import Run, write_config
from pipelines.sharing.deliver import Courier, Delivered, deliver, folder_of, partners_of
from pipelines.sharing.share import LISTS
from pipelines.warehouse import Warehouse
from tests.pipelines.registrations.world import create_model, insert_row

NOW = datetime(2026, 11, 20, tzinfo=UTC)
NAMES = {"musashi": "武蔵システムズ株式会社", "setouchi": "瀬戸内ソリューション株式会社"}
POLICY = {"approved_by": "佐藤", "statuses": {"customer": "overlaps", "target": "counts"}, "fields": ["full"], "minimum_count": 5}
_MODELS = (
    *("share_partners", *(f"share_{name}" for name in LISTS)),
    *("whitespace", "no_approach", "account_map", "introductions", "introduction_proposals", "registrations", "map_records"),
    *("company_profiles", "opportunities", "records"),
)
_GATE = ("dbt:before_matching", "matching", "dbt:after_matching")


@dataclass
class SharingHome:
    """``write`` states the policies; ``overlap`` and ``count`` say what a run leaves, ``ran`` ends it, ``hand_over`` delivers."""

    home: Path
    partners: dict[str, dict[str, Any]] = field(default_factory=lambda: {partner: {} for partner in NAMES})
    """What the yaml says of each partner besides its name."""
    sharing: dict[str, Any] = field(default_factory=lambda: {"default": dict(POLICY)})
    now: datetime = NOW

    @classmethod
    def new(cls, home: Path) -> SharingHome:
        """A copy of one that is made once: creating all tables takes seconds."""
        home.mkdir(parents=True, exist_ok=True)
        for name, content in _files().items():
            (home / name).write_bytes(content)
        made = cls(home)
        made.write()
        return made

    @property
    def paths(self) -> Paths:
        return Paths(home=self.home, config=self.home / "account_mapping.yaml")

    @property
    def warehouse(self) -> Warehouse:
        return Warehouse(self.paths)

    @property
    def settings(self) -> Settings:
        return load_settings(self.paths.config)

    @property
    def folder(self) -> Path:
        return self.home / "shares"

    def write(self, partner: str | None = None, **said: Any) -> None:
        """The yaml, with something else said of one partner."""
        if partner:
            self.partners[partner] = self.partners[partner] | said
        partners = {each: {"name": NAMES[each], "type": "reseller", **said} for each, said in self.partners.items()}
        all = {
            "version": 1,
            "us": {"name": "アオゾラソフト株式会社"},
            "connections": {},
            "sharing": self.sharing,
            "partners": partners,
        }
        self.paths.config.write_text(yaml.safe_dump(all, allow_unicode=True), encoding="utf-8")

    def overlap(self, partner: str, company: str, told: bool = True, **values: Any) -> None:
        """A company that both have, shown to the partner or not."""
        with self.warehouse.connect() as con:
            insert_row(
                con, "marts.account_map", partner=partner, company_id=company, our_status="customer", partner_status="target"
            )
            if told:
                row: dict[str, Any] = {
                    "their_id": f"{partner}-{company}",
                    "company_name": f"株式会社{company}",
                    "partner_status": "target",
                }
                row |= {"our_status": "customer", "cell": 6, "as_of": self.now} | values
                insert_row(
                    con, "marts.share_overlaps", partner=partner, company_id=company, row_key=f"{partner}/{company}", **row
                )

    def say(self, company: str, **values: Any) -> None:
        """Something else is so of the company now."""
        self.execute(f"UPDATE marts.share_overlaps SET {', '.join(f'{n} = ?' for n in values)} WHERE company_id = ?",
                     *values.values(), company)  # fmt: skip

    def hide(self, company: str) -> None:
        """It is told to nobody any more, and stands all the same."""
        self.execute("DELETE FROM marts.share_overlaps WHERE company_id = ?", company)

    def lose(self, company: str) -> None:
        """It is on nobody's list any more."""
        self.hide(company)
        self.execute("DELETE FROM marts.account_map WHERE company_id = ?", company)

    def count(self, partner: str, companies: int, recounted: bool = True) -> None:
        """How many of the partner's companies are at least targets of ours."""
        self.execute("DELETE FROM marts.share_summary WHERE partner = ?", partner)
        with self.warehouse.connect() as con:
            insert_row(con, "marts.share_summary", partner=partner, row_key=f"{partner}/count", our_status="target",
                       partner_status="target", companies=companies, is_exact=False, counted_at=self.now, is_recounted=recounted,
                       as_of=self.now)  # fmt: skip

    def ran(self, run_id: str = "run", hours: int = 0, as_of: datetime | None = None) -> SharingHome:
        """A run has ended, so many hours later, under the policies of the yaml."""
        self.now += timedelta(hours=hours)
        with self.warehouse.connect() as con:
            settings = self.settings
            write_config(con, settings, Run(run_id, as_of or self.now))
            con.execute("DELETE FROM marts.share_partners")
            con.execute("""
                INSERT INTO marts.share_partners BY NAME
                SELECT policies.partner, policy_version, minimum_count, lists, fields, as_of
                FROM config.sharing_policies AS policies JOIN config.parties ON party = policies.partner CROSS JOIN config.run
                WHERE stage = 'active' AND approved_by IS NOT NULL AND (until IS NULL OR until >= as_of_date)""")
            con.execute("INSERT OR REPLACE INTO state.map_runs BY NAME SELECT run_id, as_of FROM config.run")
            for name in _GATE:
                gate.record(con, name, True, run_id)
        self.warehouse.publish()
        return self

    def hand_over(self, *partners: str, act: Callable[..., list[Delivered]] = deliver, **options: Any) -> dict[str, Delivered]:
        """A minute later."""
        self.now += timedelta(minutes=1)
        with self.warehouse.connect() as con:
            settings = self.settings
            courier = Courier(con, settings, folder_of(settings, self.paths), self.now.date(), lambda: self.now, **options)
            return {one.partner: one for one in act(courier, partners or partners_of(con, settings))}

    def execute(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with self.warehouse.connect() as con:
            return con.execute(statement, list(values)).fetchall()

    def log(self, columns: str = "partner, company_id, withdrawn_because", where: str = "true") -> list[tuple[Any, ...]]:
        return self.execute(f"SELECT {columns} FROM state.sharing_log WHERE {where} ORDER BY ALL")

    def files(self, partner: str) -> Mapping[str, bytes]:
        """What lies in the partner's folder."""
        folder = self.folder / partner
        return {file.relative_to(folder).as_posix(): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


@cache
def _files() -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        home = SharingHome(Path(folder))
        with home.warehouse.connect() as con:
            _create(con)
        return {file.name: file.read_bytes() for file in Path(folder).iterdir() if file.is_file()}


def _create(con: duckdb.DuckDBPyConnection) -> None:
    for model in _MODELS:
        create_model(con, model)
