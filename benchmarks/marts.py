"""Seconds and peak memory of every mart: ``python benchmarks/marts.py [--partners 200] [--records 20000] [--companies 1000000]``.

A random world is written straight into what the marts read (records already matched), dbt compiles the project, and each
model is then run alone and timed. Beside the sum stands a bare DuckDB aggregation over the same records in the same run,
and the whole is done twice, at a tenth and in full, so that the growth shows. Nothing here is a test.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import yaml

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.marts_world import fill
from pipelines.normalize.functions import register
from pipelines.settings.models import Settings
from pipelines.settings.tables import Run, write_config
from pipelines.warehouse import create_tables

ROOT = Path(__file__).resolve().parent.parent
AS_OF = datetime(2026, 11, 20, tzinfo=UTC)
DBT = Path(sys.executable).with_name("dbt")
BARE = """
SELECT records.party, links.company_id, count(*), min(statuses.status)
FROM intermediate.records JOIN match.links USING (record_id) JOIN intermediate.record_statuses AS statuses USING (record_id)
GROUP BY ALL
"""


def settings_of(partners: int) -> Settings:
    """A vendor with so many partners of every type, a third of them with a territory, half of them exclusive."""
    prefectures = ["東京都", "大阪府", "愛知県", "福岡県", "北海道", "広島県"]
    types = ["reseller", "technology", "investor", "advisor"]
    found: dict[str, Any] = {
        f"p{at:03d}": {
            "name": f"パートナー{at:03d}株式会社",
            "type": types[at % 4],
            "exclusive": at % 2 == 0,
            "territory": {"prefectures": [prefectures[at % 6], prefectures[(at + 1) % 6]]} if at % 3 == 0 else {},
            "lists": [{"name": "accounts", "file": "none.csv"}],
        }
        for at in range(partners)
    }
    login = {"method": "client_credentials", "client_id": "x", "client_secret": "x"}
    connection = {"crm": "salesforce", "party": "us", "url": "https://example.my.salesforce.com", "login": login}
    return Settings.model_validate(
        {"version": 1, "us": {"name": "自社"}, "connections": {"our_salesforce": connection}, "partners": found}
    )


def compiled_models(folder: Path) -> list[tuple[str, str, str]]:
    """(name, materialization, SQL) of every model after matching, in an order in which they can run."""
    command = [str(DBT), "--quiet", "compile", "--select", "tag:after_matching,resource_type:model", "--threads", "1"]
    where = ["--project-dir", str(ROOT / "dbt_project"), "--profiles-dir", str(ROOT / "dbt_project")]
    aside = ["--target-path", str(folder / "target"), "--log-path", str(folder / "logs")]
    subprocess.run([*command, *where, *aside], check=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    nodes = json.loads((folder / "target" / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    models = {k: n for k, n in nodes.items() if n["resource_type"] == "model" and "after_matching" in n["tags"]}
    ordered: list[str] = []

    def visit(key: str) -> None:
        if key in ordered or key not in models:
            return
        for needed in sorted(models[key]["depends_on"]["nodes"]):
            visit(needed)
        ordered.append(key)

    for key in sorted(models):
        visit(key)
    return [(models[k]["name"], models[k]["config"]["materialized"], models[k]["compiled_code"]) for k in ordered]


def create_inputs(con: duckdb.DuckDBPyConnection) -> None:
    """The intermediate tables by their contracts, and the seeds from their files."""
    con.execute("CREATE SCHEMA IF NOT EXISTS intermediate; CREATE SCHEMA IF NOT EXISTS seeds; CREATE SCHEMA IF NOT EXISTS marts")
    for file in (ROOT / "dbt_project" / "models" / "intermediate").rglob("*.yml"):
        for model in yaml.safe_load(file.read_text(encoding="utf-8")).get("models", []):
            columns = ", ".join(f'"{c["name"]}" {c["data_type"]}' for c in model["columns"])
            con.execute(f"CREATE TABLE intermediate.{model['name']} ({columns})")
    for seed in (ROOT / "dbt_project" / "seeds").glob("*.csv"):
        con.execute(f"CREATE TABLE seeds.{seed.stem} AS FROM read_csv('{seed}', header = true, all_varchar = false)")


def measure(partners: int, records: int, companies: int) -> tuple[dict[str, tuple[float, float, int]], float]:
    """Model -> (seconds, peak MB, rows), and the seconds of the bare aggregation."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["WAREHOUSE_PATH"], os.environ["STATE_PATH"] = str(folder / "warehouse.duckdb"), str(folder / "state.duckdb")
        con = duckdb.connect(os.environ["WAREHOUSE_PATH"])
        con.execute(f"SET TimeZone = 'UTC'; ATTACH '{folder / 'state.duckdb'}' AS state")
        create_tables(con)
        con.close()
        models = compiled_models(folder)
        con = duckdb.connect(os.environ["WAREHOUSE_PATH"])
        con.execute(f"SET TimeZone = 'UTC'; ATTACH '{folder / 'state.duckdb'}' AS state")
        con.execute("SET enable_progress_bar = false")
        register(con)
        write_config(con, settings_of(partners), Run("benchmark", AS_OF))
        create_inputs(con)
        fill(con, partners, records, companies)
        started = time.perf_counter()
        con.execute(f"CREATE TEMP TABLE bare AS {BARE}")
        bare = time.perf_counter() - started
        figures = {}
        profile = folder / "profile.json"
        con.execute(f"PRAGMA enable_profiling = 'json'; SET profiling_output = '{profile}'")
        for model, materialized, sql in models:
            kind = "VIEW" if materialized == "view" else "TABLE"
            started = time.perf_counter()
            con.execute(f"CREATE {kind} marts.{model} AS ({sql}\n)")
            seconds = time.perf_counter() - started
            peak = json.loads(profile.read_text(encoding="utf-8"))["system"]["peak_buffer_memory"] / 2**20
            rows = 0 if kind == "VIEW" else int(con.execute(f"SELECT count(*) FROM marts.{model}").fetchall()[0][0])
            figures[model] = (seconds, peak, rows)
            print(f"  {model:32s} {seconds:8.2f} s {peak:9.0f} MB {rows:12,d} rows", flush=True)
        con.close()
        return figures, bare


def main() -> None:
    """Both sizes, and how the time grew."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--partners", type=int, default=200)
    parser.add_argument("--records", type=int, default=20_000, help="records of each partner")
    parser.add_argument("--companies", type=int, default=1_000_000)
    given = parser.parse_args()
    sums = []
    for divisor in (10, 1):
        records, companies = given.records // divisor, given.companies // divisor
        print(f"{given.partners} partners x {records:,} records on {companies:,} companies")
        figures, bare = measure(given.partners, records, companies)
        total, peak = sum(s for s, *_ in figures.values()), max(p for _, p, _ in figures.values())
        sums.append(total)
        print(f"all marts {total:.1f} s, peak {peak:,.0f} MB; bare aggregation {bare:.2f} s, ratio {total / bare:.1f}\n")
    print(f"ten times the input took {sums[1] / sums[0]:.1f} times as long")


if __name__ == "__main__":
    main()
