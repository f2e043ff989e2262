"""Where things lie on this machine, told by environment variables and read only when asked.

Belongs here: paths and the switches that depend on the deployment. Does not: anything
a partner manager decides (see ``models.py``).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Paths:
    """The folder that holds all state (``TOTSUGO_HOME``, default ``.local``) and the yaml (``TOTSUGO_CONFIG``)."""

    home: Path
    config: Path
    plans_folder: Path | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Paths:
        return cls(
            home=Path(environment.get("TOTSUGO_HOME", PROJECT_ROOT / ".local")).resolve(),
            config=Path(environment.get("TOTSUGO_CONFIG", PROJECT_ROOT / "account_mapping.yaml")).resolve(),
            plans_folder=Path(plans).resolve() if (plans := environment.get("TOTSUGO_PLANS")) else None,
        )

    @property
    def warehouse(self) -> Path:
        return self.home / "warehouse.duckdb"

    @property
    def state(self) -> Path:
        return self.home / "state.duckdb"

    @property
    def published(self) -> Path:
        """Read-only copy of the warehouse and the state, for every reader outside a run."""
        return self.home / "published.duckdb"

    @property
    def backups(self) -> Path:
        return self.home / "backups"

    @property
    def plans(self) -> Path:
        """Account plans and what people write for them (``TOTSUGO_PLANS``, default in the home): may be under version control."""
        return self.plans_folder or self.home / "account_plans"


def write_back_allowed(environment: Mapping[str, str] = os.environ) -> bool:
    """Jobs that write to a CRM exist only where ``TOTSUGO_WRITE_BACK=1``."""
    return environment.get("TOTSUGO_WRITE_BACK", "") == "1"


def as_of_from_environment(environment: Mapping[str, str] = os.environ) -> datetime | None:
    """``TOTSUGO_AS_OF`` replays another moment (ISO 8601; without an offset: UTC); unset means now."""
    value = environment.get("TOTSUGO_AS_OF")
    return aware(datetime.fromisoformat(value)) if value else None


def aware(moment: datetime) -> datetime:
    """The moment with its offset; UTC where none is given, wherever this machine stands."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
