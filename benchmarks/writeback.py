"""Seconds, calls and memory of write-back: ``python benchmarks/writeback.py [--accounts 100000]``.

A sandbox Salesforce with so many accounts, a mart that wants two fields of each changed; then a run in which nothing changed,
and one in which one account in a hundred did. Beside it, in the same run and on the same org, the client library's own Bulk 2.0
update of the same rows: no journal, no compare, no reading again. The sandbox answers from Python here: seconds are of both
ends together; calls are what a real org would count. Nothing here is a test.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import requests

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from connectors import open_crm
from connectors.sandbox.server import Org, SandboxServer
from pipelines import gate
from pipelines.crm.landing import pull_object
from pipelines.crm.objects import OURS, fields_wanted
from pipelines.settings import Paths, Settings
from pipelines.warehouse import Warehouse
from pipelines.writeback.catalogue import ACCOUNT_FIELDS, owned_fields
from pipelines.writeback.plan import make_plan
from pipelines.writeback.provision import objects_to_provision
from pipelines.writeback.run import write_back

LOGIN = {"method": "client_credentials", "client_id": "x", "client_secret": "x"}
SETTINGS = Settings.model_validate(
    {
        "version": 1,
        "us": {"name": "自社"},
        "connections": {
            "sales": {"crm": "salesforce", "party": "us", "url": "https://127.0.0.1", "login": LOGIN, "write_back": True}
        },
        "write_back": {"child_rows": False, "brakes": {"first_fill": "write", "changed_share": 1}},
    }
)


class Bench:
    """One org, one warehouse, and the steps of a run with their seconds and calls."""

    def __init__(self, org: Org, con: duckdb.DuckDBPyConnection, accounts: int) -> None:
        self.org, self.con, self.accounts = org, con, accounts
        self.crm: Any = open_crm(org.crm, org.url, org.credentials)
        admin = open_crm(org.crm, org.url, org.admin)
        admin.provision(*objects_to_provision(SETTINGS, "salesforce"), integration_user=self.crm.identity().user_id)

    @contextmanager
    def measured(self, what: str) -> Iterator[None]:
        requests.delete(f"{self.org.url}/__sandbox__/requests", timeout=60)
        begun = time.monotonic()
        yield
        seconds = time.monotonic() - begun
        counted = requests.get(f"{self.org.url}/__sandbox__/requests", timeout=60).json()["counts"]
        kinds = Counter()
        for call, count in counted.items():
            kinds["writing" if any(word in call for word in ("jobs/ingest", "PATCH", "DELETE")) else "reading"] += count
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{what:<44} {seconds:8.1f} s   {kinds['reading']:>5} reading {kinds['writing']:>5} writing   peak {peak:,.0f} MB")

    def fill(self) -> list[str]:
        """Accounts in the org, not counted."""
        rows = [{"attributes": {"type": "Account"}, "Name": f"株式会社{n:06d}"} for n in range(self.accounts)]
        ids = []
        for at in range(0, len(rows), 200):
            body = {"allOrNone": False, "records": rows[at : at + 200]}
            ids += [made["id"] for made in self.crm._session.call("POST", "composite/sobjects", None, body)]
        return ids

    def want(self, ids: list[str], approach: str) -> None:
        columns = ", ".join(f"{f.column} VARCHAR" for f in ACCOUNT_FIELDS)
        self.con.execute("CREATE SCHEMA IF NOT EXISTS marts")
        self.con.execute(
            f"CREATE TABLE IF NOT EXISTS marts.crm_account_state (connection VARCHAR, native_id VARCHAR, rule VARCHAR, {columns})"
        )
        self.con.execute("DELETE FROM marts.crm_account_state WHERE list_contains(?, native_id)", [ids])
        self.con.execute(
            "INSERT INTO marts.crm_account_state BY NAME"
            " SELECT 'sales' AS connection, unnest(?) AS native_id, 'rule' AS rule, ? AS partner_approach, '2026-11-20' AS as_of",
            [ids, approach],
        )

    def pull(self) -> None:
        account = next(p for p in OURS if p.object == "Account")
        fields = fields_wanted(account, SETTINGS.connections["sales"], owned_fields("salesforce", "Account", True, False))
        pull_object(self.con, self.crm, "sales", account, fields, "pull")

    def run(self, number: int) -> None:
        self.con.execute("UPDATE config.run SET run_id = ?", [f"run-{number}"])
        make_plan(self.con, SETTINGS, lambda _: self.crm)
        outcome = write_back(self.con, SETTINGS, lambda _: self.crm, f"run-{number}")
        assert not outcome.held, outcome.held
        print(f"    {outcome.fields_written:,} fields written")

    def by_the_library(self, ids: list[str]) -> None:
        records = [{"Id": id, "Totsugo_Partner_Approach__c": "limited", "Totsugo_As_Of__c": "2026-11-21"} for id in ids]
        self.crm._session.sf.bulk2.Account.update(records=records, wait=1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--accounts", type=int, default=100_000)
    accounts = parser.parse_args().accounts
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        warehouse = Warehouse(Paths(home=home / "home", config=home / "none.yaml"))
        with SandboxServer(home / "sandbox", orgs={"sales": "salesforce"}) as server, warehouse.connect() as con:
            con.execute("CREATE SCHEMA marts")
            con.execute("CREATE TABLE marts.run_measures (name VARCHAR, value DOUBLE)")
            con.execute(
                "INSERT INTO config.run VALUES ('run-0', '2026-11-20T00:00:00Z', '2026-11-20', 'Asia/Tokyo', 'ja', 'JPY')"
            )
            for name in gate.required(["sales"]):
                gate.record(con, name, True, "run-0")
            bench = Bench(server.orgs["sales"], con, accounts)
            ids = bench.fill()
            with bench.measured(f"pull {accounts:,} accounts"):
                bench.pull()
            bench.want(ids, "open")
            with bench.measured(f"plan and write {accounts:,} accounts"):
                bench.run(1)
            with bench.measured("pull what we wrote"):
                bench.pull()
            with bench.measured("a run without a change"):
                bench.run(2)
            bench.want(ids[: accounts // 100], "limited")
            with bench.measured(f"{accounts // 100:,} changed accounts"):
                bench.run(3)
            with bench.measured(f"the bare library, {accounts:,} by one Bulk job"):
                bench.by_the_library(ids)


if __name__ == "__main__":
    main()
