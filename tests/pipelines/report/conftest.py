"""Two partners' marts, put by hand into tables that are made from the models' own contracts: ``con``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from pipelines.settings.environment import PROJECT_ROOT

MODELS = PROJECT_ROOT / "dbt_project" / "models" / "marts"
MARTS = (
    "account_map_summary", "whitespace", "greenfield", "no_approach", "collisions",
    "partner_fit", "partner_fit_parts", "partner_lifts", "partner_proposals",
)  # fmt: skip
PARTS = (("coverage", 30, 15.0), ("likeness", 20, 12.5), ("reach", 10, 0.0), ("activity", 15, 15.0))


@pytest.fixture
def con(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(tmp_path / "published.duckdb")) as con:
        con.execute((PROJECT_ROOT / "pipelines" / "ddl" / "config.sql").read_text(encoding="utf-8"))
        con.execute("CREATE SCHEMA marts; CREATE SCHEMA intermediate; CREATE TABLE intermediate.records (party VARCHAR)")
        for mart in MARTS:
            (file,) = MODELS.rglob(f"{mart}.yml")
            columns = yaml.safe_load(file.read_text(encoding="utf-8"))["models"][0]["columns"]
            listed = ", ".join(f"{column['name']} {column['data_type']}" for column in columns)
            con.execute(f"CREATE TABLE marts.{mart} ({listed})")
        _config(con)
        _map(con)
        _insight(con)
        yield con


def insert(con: duckdb.DuckDBPyConnection, table: str, **row: Any) -> None:
    con.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join('?' for _ in row)})", list(row.values()))


def _config(con: duckdb.DuckDBPyConnection) -> None:
    moment = {"as_of": datetime(2026, 11, 20, tzinfo=UTC), "as_of_date": date(2026, 11, 20)}
    insert(con, "config.run", run_id="r", **moment, time_zone="Asia/Tokyo", language="ja", currency="JPY")
    insert(con, "config.parameters", name="minimum_n", value=10)
    for position, (party, name) in enumerate((("us", "当社"), ("musashi", "武蔵 [東] | 商会"), ("tasogare", "たそがれ商事"))):
        kind = {"party_type": "us" if party == "us" else "reseller", "stage": "active", "exclusive": False}
        insert(con, "config.parties", party=party, name=name, position=position, **kind)


def _map(con: duckdb.DuckDBPyConnection) -> None:
    for ours, theirs, companies, ours_kept, theirs_kept, value in (
        ("target", "customer", 350, 500, 360, 1.2e8),
        ("customer", "customer", 3, 4, 3, 4.5e6),
        ("known", "target", 7, 8, 9, 0.0),
        ("absent", "target", 2, 0, 2, 0.0),
    ):
        counts = {"companies": companies, "our_records": ours_kept, "partner_records": theirs_kept}
        sides = {"partner": "musashi", "our_status": ours, "partner_status": theirs}
        insert(con, "marts.account_map_summary", **sides, **counts, open_amount=0, expected_value=value, value_at_stake=0)


def _insight(con: duckdb.DuckDBPyConnection) -> None:
    reach = {"companies": 362, "overlap": 353, "our_targets": 2000, "covered_targets": 350, "coverage": 0.175}
    known = {"partner": "musashi", "stage": "active", "fit": 56.7, "points": 42.5, "known_points": 75.0, "max_points": 100.0}
    acted = {"last_activity_on": date(2026, 11, 18), "last_activity_key": "insight.act.registration", "silent_days": 2}
    insert(con, "marts.partner_fit", **known, state="active", **acted, **reach)
    nothing = {"fit": 0.0, "points": 0.0, "known_points": 0.0, "max_points": 100.0, "state": "ghost"}
    insert(con, "marts.partner_fit", partner="tasogare", stage="active", **nothing, companies=0, overlap=0, our_targets=2000,
           covered_targets=0)  # fmt: skip
    for position, (part, most, points) in enumerate(PARTS, start=1):
        for partner in ("musashi", "tasogare"):
            is_known = partner == "musashi"
            keys = {"label_key": f"insight.part.{part}", "basis_key": f"insight.{'counted' if is_known else 'unknown'}.{part}"}
            numbers = {"reached": 1350, "full_at": 2400} if is_known else {}
            insert(con, "marts.partner_fit_parts", partner=partner, part=part, position=position, max_points=most,
                   points=points if is_known else 0, is_known=is_known, **keys, **numbers)  # fmt: skip
    _lifts(con)
    proposal = {"proposal": "revive", "reason_key": "insight.proposal.revive", "silent_days": 200, "unused_companies": 120}
    for rank, name in enumerate(("株式会社あ", "株式会社い", "株式会社う", "株式会社え"), start=1):
        company = {"company_id": name, "company_name": name, "cell": 3, "our_status": "target", "partner_status": "customer"}
        insert(con, "marts.partner_proposals", partner="tasogare", **proposal, unused_value=2.4e8, cells="3 (1,100), 9 (20)",
               rank=rank, **company, expected_value=1e6 * rank)  # fmt: skip


def _lifts(con: duckdb.DuckDBPyConnection) -> None:
    key = {"partner": "musashi", "basis": "involved"}
    interval = {"lift": 1.33, "ci_low": 0.8, "ci_high": 2.2, "is_shown": True}
    for measure, value, baseline in (("win_rate", 0.4, 0.3), ("contract_value", 3.4e6, 2.55e6), ("days_to_close", 80, 60)):
        insert(con, "marts.partner_lifts", **key, measure=measure, n=40, baseline_n=1200, value=value, baseline_value=baseline,
               **interval)  # fmt: skip
    hidden = {"is_shown": False, "hidden_key": "insight.hidden.too_few"}
    insert(con, "marts.partner_lifts", **key, measure="retention", n=4, baseline_n=90, **hidden)
