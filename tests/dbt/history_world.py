"""A home whose marts a test states itself, so that only the history's models and what is remembered of them are at work.

Belongs here: the marts that the history reads, created from their contracts and filled in few words, and one run over them.
Does not: anything that asserts.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import yaml

from pipelines.transform.remember import remember
from tests.dbt.compiled import compiled_project
from tests.dbt.harness import PROJECT

READ = (
    *("account_map", "party_companies", "company_profiles", "registrations", "no_approach", "whitespace"),
    *("collisions", "collision_log", "assignments"),
)
MODELS = (
    *("partner_uses", "claims_in_our_crm", "map_versions", "account_map_changes", "account_map_history", "new_overlaps"),
    "alerts",
)
CELLS = {("target", "customer"): 3, ("target", "target"): 9, ("customer", "customer"): 1, ("open_opportunity", "customer"): 2}


def day(number: int) -> datetime:
    """A morning of November 2026, in UTC."""
    return datetime(2026, 11, number, tzinfo=UTC)


class HistoryWorld:
    """State the marts of a day, ``run`` them, look at what changed."""

    def __init__(self) -> None:
        self.project = compiled_project()
        self.con = self.project.empty()
        self.con.execute("CREATE SCHEMA IF NOT EXISTS marts; CREATE SCHEMA IF NOT EXISTS intermediate")
        self._tables = {name: columns_of("marts", name) for name in READ}
        self._tables["registration_claims"] = columns_of("intermediate", "registration_claims")
        self.con.execute("DELETE FROM config.parties; DELETE FROM config.parameters; DELETE FROM config.alert_kinds")
        self.party("us", "us", 0)
        self.con.execute("INSERT INTO config.alert_kinds VALUES ('new_overlap'), ('new_collision'), ('claim_lapsing')")
        self.con.execute("INSERT INTO config.parameters VALUES ('alert_lapsing_days', 7)")
        self.empty()

    def party(self, party: str, party_type: str = "reseller", position: int = 1, stage: str = "active") -> None:
        self.con.execute(
            "INSERT INTO config.parties (party, name, party_type, stage, exclusive, position) VALUES (?, ?, ?, ?, true, ?)",
            [party, party.title(), party_type, stage, position],
        )

    def empty(self) -> None:
        """Every mart without a row."""
        for name, columns in self._tables.items():
            schema = "intermediate" if name == "registration_claims" else "marts"
            listed = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
            self.con.execute(f"CREATE OR REPLACE TABLE {schema}.{name} ({listed})")

    def put(self, mart: str, **values: Any) -> None:
        """A row of that mart; columns that are not named are null."""
        schema = "intermediate" if mart == "registration_claims" else "marts"
        names = ", ".join(f'"{name}"' for name in values)
        self.con.execute(
            f"INSERT INTO {schema}.{mart} ({names}) VALUES ({', '.join('?' for _ in values)})", list(values.values())
        )

    def company(self, company: str, ours: str | None = "target", owner: str | None = None, **partners: str) -> None:
        """A company: our status and each partner's, as the map shows them."""
        self.put("company_profiles", company_id=company, name=f"株式会社{company}")
        if ours:
            self.put("party_companies", party="us", company_id=company, status=ours, owner_name=owner)
        for partner, status in partners.items():
            cell = CELLS.get((ours or "", status))
            self.put(
                "account_map",
                partner=partner,
                company_id=company,
                our_status=ours or "absent",
                partner_status=status,
                cell=cell,
            )

    def run(self, as_of: datetime, run_id: str = "run", forget: bool = False) -> list[tuple[Any, ...]]:
        """Builds the history's models as of that moment, remembers unless told not to; returns what changed."""
        self.con.execute("DELETE FROM config.run")
        self.con.execute(
            "INSERT INTO config.run SELECT $id, $as_of, CAST(timezone('Asia/Tokyo', $as_of::TIMESTAMPTZ) AS DATE), "
            "'Asia/Tokyo', 'ja', 'JPY'",
            {"id": run_id, "as_of": as_of},
        )
        self.con.execute(
            "UPDATE marts.account_map SET as_of = $as_of, first_seen_at = coalesce(first_seen_at, $as_of)", {"as_of": as_of}
        )
        for name in reversed(MODELS):
            kind = "VIEW" if name == "account_map_history" else "TABLE"
            self.con.execute(f"DROP {kind} IF EXISTS marts.{name}")
        self.project.build(self.project.models[name] for name in MODELS)
        if not forget:
            remember(self.con)
        return self.rows("SELECT change, party, company_id, before, after FROM marts.account_map_changes ORDER BY ALL")

    def history(self) -> list[tuple[Any, ...]]:
        """The remembered versions, days instead of moments."""
        return self.rows(
            "SELECT party, company_id, our_status || '/' || partner_status, day(valid_from), day(valid_until) "
            "FROM state.map_history ORDER BY ALL"
        )

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.con.execute(query).fetchall()


def columns_of(folder: str, model: str) -> dict[str, str]:
    """Columns and types of a model's contract."""
    (file,) = (PROJECT / "models" / folder).rglob(f"{model}.yml")
    stated = yaml.safe_load(file.read_text(encoding="utf-8"))["models"]
    (found,) = [entry for entry in stated if entry["name"] == model]
    return {column["name"]: column["data_type"] for column in found["columns"]}
