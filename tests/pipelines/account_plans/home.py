"""A home in which a run has ended that knew next to nothing: every mart in the shape of its contract, hardly filled.

Belongs here: files and tables that making plans finds. Does not: anything that asserts.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from pipelines.settings import Paths, Settings, load_settings
from pipelines.settings.environment import PROJECT_ROOT
from pipelines.settings.tables import Run, write_config
from pipelines.warehouse import Warehouse
from tests.pipelines.account_plans.portfolio.world import USUAL
from tests.pipelines.registrations.world import create_model, insert_row

NOW = datetime(2026, 11, 20, tzinfo=UTC)
YAML = """
version: 1
us: {name: アオゾラソフト株式会社}
connections:
  our_hubspot: {crm: hubspot, party: us, url: "http://127.0.0.1", login: {method: token, token: "${SOME_SECRET}"}}
partners:
  musashi: {name: 武蔵システムズ株式会社, type: reseller}
  mirai: {name: みらいベンチャーパートナーズ株式会社, type: investor, stage: prospective}
  kodama: {name: こだま商会株式会社, type: reseller, stage: ended}
"""


@dataclass(frozen=True)
class PlansHome:
    """Its folder of plans is empty; ``ran`` ends another run."""

    home: Path

    @classmethod
    def new(cls, home: Path) -> PlansHome:
        """A copy of one that is made once: creating a hundred tables takes seconds."""
        home.mkdir(parents=True, exist_ok=True)
        for name, content in _files().items():
            (home / name).write_bytes(content)
        return cls(home)

    @classmethod
    def made(cls, home: Path) -> PlansHome:
        found = cls(home)
        found.paths.config.write_text(YAML, encoding="utf-8")
        with found.warehouse.connect() as con:
            models = PROJECT_ROOT / "dbt_project" / "models"
            for file in sorted([*(models / "marts").rglob("*.yml"), *(models / "intermediate").rglob("*.yml")]):
                if file.with_suffix(".sql").exists():
                    create_model(con, file.stem)
            for rank, partner in enumerate(("musashi", "mirai"), start=1):
                fit = {"partner": partner, "stage": "active", "fit": 58.5, "state": "active", "overlap": 0, "companies": 0}
                insert_row(
                    con, "marts.partner_fit", **fit, our_targets=0, covered_targets=0, points=0, known_points=0, max_points=100
                )
                insert_row(con, "marts.plan_open_deals", partner=partner, deals=0, amount=0, expected_amount=0)
                insert_row(con, "marts.partner_portfolio", partner=partner, name=partner, rank=rank, **USUAL)
        found.ran(NOW)
        return found

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
        return self.paths.plans

    def ran(self, at: datetime, run_id: str = "run") -> None:
        """A run of that moment has ended."""
        with self.warehouse.connect() as con:
            write_config(con, self.settings, Run(run_id, at))
        self.warehouse.publish()

    def write(self, partner: str, words: str) -> None:
        """What a person writes in ``<partner>.yaml``."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / f"{partner}.yaml").write_text(words, encoding="utf-8")


@cache
def _files() -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        PlansHome.made(Path(folder))
        return {file.name: file.read_bytes() for file in Path(folder).iterdir() if file.is_file()}
