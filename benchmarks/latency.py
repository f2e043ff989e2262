"""Seconds from a change in our CRM to the partners' shares: ``python benchmarks/latency.py [--wait SECONDS]``.

On a demo that has ended (TOTSUGO_DEMO_HOME), under Dagster's own daemon with the sensor turned on, as in production; Dagster's
records go to a folder of their own. A rep makes an account of our Salesforce, which partners have on their lists, a customer; the
sensor sees it and starts its job, and each stretch of the way tells its seconds. Nothing here is a test.

Each call makes another account a customer for good: ``make clean`` and ``make demo`` begin anew.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from connectors import open_crm
from demo.stage import Stage
from pipelines.settings.environment import PROJECT_ROOT

ORG, SENSOR = "our_salesforce", "crm_changes"
LIMIT = 600
"""Seconds after which nothing more is expected."""
_ON_LISTS = """
    SELECT native_id FROM marts.crm_account_state
    WHERE connection = ? AND NOT no_approach AND company_id IN (
        SELECT company_id FROM marts.account_map WHERE our_status = 'target' GROUP BY ALL HAVING count(*) >= 2)
    ORDER BY native_id LIMIT 1
"""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--wait", type=float, default=0, help="seconds between a look of the sensor and the change")
    wait = arguments.parse_args().wait
    stage = Stage.from_environment()
    with stage.sandbox() as described, tempfile.TemporaryDirectory() as records:
        os.environ.update({**stage.environment(described), "DAGSTER_HOME": records})
        configured = (PROJECT_ROOT / "dagster.yaml").read_text(encoding="utf-8").replace(".local/dagster", records)
        (Path(records) / "dagster.yaml").write_text(configured, encoding="utf-8")
        os.chdir(PROJECT_ROOT)
        with _daemon(stage.home / "logs" / "latency.log"), dg.DagsterInstance.get() as instance:
            looked = _first_look(instance)
            time.sleep(wait)
            changed = _change(stage, described)
            _tell(instance, _ended_run(instance), changed, looked)


@contextmanager
def _daemon(log: Path) -> Iterator[None]:
    """Dagster's daemon with our code location and the sensor on."""
    log.parent.mkdir(exist_ok=True)
    dagster = Path(sys.executable).with_name("dagster")
    subprocess.run([str(dagster), "sensor", "start", SENSOR, "-w", "workspace.yaml"], check=True, capture_output=True)
    with log.open("w", encoding="utf-8") as file:
        command = [str(dagster.with_name("dagster-daemon")), "run", "-w", "workspace.yaml"]
        process = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT)
        try:
            yield
        finally:
            process.terminate()
            process.wait(30)


def _first_look(instance: dg.DagsterInstance) -> float:
    """When the sensor had looked for the first time."""
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        for state in instance.all_instigator_state():
            for tick in instance.get_ticks(state.instigator_origin_id, state.selector_id, limit=1):
                if tick.error:
                    raise SystemExit(f"The sensor failed: {tick.error.message}")
                if tick.end_timestamp:
                    return float(tick.end_timestamp)
        time.sleep(0.1)
    raise SystemExit("The sensor did not look; logs/latency.log in the demo's home says why.")


def _change(stage: Stage, described: Mapping[str, Any]) -> float:
    """A rep makes an account a customer; gives the moment after it."""
    schema = json.loads((stage.world / "orgs" / ORG / "schema.json").read_text(encoding="utf-8"))
    rep = schema["clients"][1]
    login = {"method": "client_credentials", "client_id": rep["client_id"], "client_secret": rep["client_secret"]}
    with duckdb.connect(str(stage.home / "published.duckdb"), read_only=True) as con:
        (account,) = con.execute(_ON_LISTS, [ORG]).fetchall()[0]
    crm = open_crm("salesforce", described["orgs"][ORG]["url"], login)
    (result,) = crm.write("Account", [{"Id": account, "Type": "Customer"}])
    if not result.ok:
        raise SystemExit(f"The rep could not write: {result.message}")
    return time.time()


def _ended_run(instance: dg.DagsterInstance) -> dg.DagsterRun:
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        runs = instance.get_runs(limit=1)
        if runs and runs[0].is_finished:
            return runs[0]
        time.sleep(0.5)
    raise SystemExit("No run ended; logs/latency.log in the demo's home says why.")


def _tell(instance: dg.DagsterInstance, run: dg.DagsterRun, changed: float, looked: float) -> None:
    """A line for each stretch: its seconds, and the seconds since the change at its end."""
    record = instance.get_run_record_by_id(run.run_id)
    assert record
    stretches = [("until the sensor saw it", record.create_timestamp.timestamp())]
    named = {"PIPELINE_STARTING": "in the queue", "PIPELINE_START": "loading of the run's process"}
    for entry in instance.all_logs(run.run_id):
        event = entry.dagster_event
        if event and event.event_type_value in named:
            stretches.append((named[event.event_type_value], entry.timestamp))
        elif event and (event.is_step_success or event.is_step_failure):
            stretches.append((f"{event.step_key}{' FAILED' if event.is_step_failure else ''}", entry.timestamp))
    before = changed
    print(f"changed {changed - looked:.1f} s after the sensor had looked")
    for name, end in stretches:
        print(f"{name:<36} {end - before:6.1f} {end - changed:6.1f}")
        before = end


if __name__ == "__main__":
    main()
