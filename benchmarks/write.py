"""Rows a second, calls and memory of writes: ``python benchmarks/write.py [--accounts 100000] [--companies 100000]``.

A sandbox Salesforce and HubSpot in a process of their own; each line is measured in a fresh process, so that its peak memory is
its own. Write-back is measured as a whole: plan, read again, compare, journal, send, settle; then what the connector alone takes,
and beside it, in the same run, the bare client libraries, which send the same rows and look at no result. The sandbox answers
from Python on the same machine: seconds are of both ends together; calls are what a real org would count, logins left out.
``--break-even`` writes ever more rows by collections and by a job instead. Nothing here is a test.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import hubspot
from hubspot.crm.companies import BatchInputSimplePublicObjectBatchInput

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.pull import crm_of, measured, warehouse
from benchmarks.sandbox_process import MARKETING, SALES, sandbox
from connectors import open_crm
from connectors.salesforce import bulk
from pipelines import gate
from pipelines.crm.landing import pull_object
from pipelines.crm.objects import OURS, fields_wanted
from pipelines.settings import Settings
from pipelines.writeback.catalogue import ACCOUNT_FIELDS, ACCOUNT_OBJECT, owned_fields
from pipelines.writeback.plan import make_plan
from pipelines.writeback.provision import objects_to_provision
from pipelines.writeback.run import write_back

Org = dict[str, Any]
LOGINS = {
    "salesforce": {"method": "client_credentials", "client_id": "x", "client_secret": "x"},
    "hubspot": {"method": "token", "token": "x"},
}
SIZES = (200, 400, 800, 1_000, 1_200, 1_400, 1_600, 2_000, 4_000)


def settings(kind: str) -> Settings:
    ours = {"crm": kind, "party": "us", "url": "https://127.0.0.1", "login": LOGINS[kind], "write_back": True}
    brakes = {"first_fill": "write", "changed_share": 1}
    wanted = {"child_rows": False, "lists": False, "next_play_tasks": False, "registration_verdicts": False, "brakes": brakes}
    return Settings.model_validate({"version": 1, "us": {"name": "自社"}, "connections": {"ours": ours}, "write_back": wanted})


def provision(org: Org) -> None:
    """Our fields, made by an administrator; not measured."""
    admin = open_crm(org["crm"], org["url"], org["admin"])
    admin.provision(*objects_to_provision(settings(org["crm"]), org["crm"]), integration_user=crm_of(org).identity().user_id)


def ids_of(org: Org, rows: int) -> list[str]:
    if org["crm"] == "salesforce":
        return [f"0015g0000{number:06d}AAA" for number in range(rows)]
    return [str(1_000_000 + number) for number in range(rows)]


def approach(kind: str) -> tuple[str, str]:
    """The native names of the two fields that are written."""
    first, last = (next(f for f in ACCOUNT_FIELDS if f.column == name) for name in ("partner_approach", "as_of"))
    return first.native(kind), last.native(kind)


def rows_of(org: Org, rows: int, value: str) -> Iterator[dict[str, Any]]:
    id, (first, last) = "Id" if org["crm"] == "salesforce" else "id", approach(org["crm"])
    return ({id: each, first: value, last: "2026-11-20"} for each in ids_of(org, rows))


def pull(org: Org, home: Path) -> int:
    kind = org["crm"]
    account = next(p for p in OURS if p.object == ACCOUNT_OBJECT[kind] and not p.role)
    fields = fields_wanted(account, settings(kind).connections["ours"], owned_fields(kind, account.object, True, False))
    with warehouse(home).connect() as con:
        con.execute("SET enable_progress_bar = false")
        return pull_object(con, crm_of(org), "ours", account, fields, "pull").rows


def want(con: duckdb.DuckDBPyConnection, ids: list[str], value: str) -> None:
    """The mart, which says of each of these that ``value``."""
    columns = ", ".join(f"{f.column} VARCHAR" for f in ACCOUNT_FIELDS)
    con.execute("CREATE SCHEMA IF NOT EXISTS marts")
    con.execute("CREATE TABLE IF NOT EXISTS marts.run_measures (name VARCHAR, value DOUBLE)")
    con.execute(
        f"CREATE TABLE IF NOT EXISTS marts.crm_account_state (connection VARCHAR, native_id VARCHAR, rule VARCHAR, {columns})"
    )
    con.execute("DELETE FROM marts.crm_account_state WHERE list_contains(?, native_id)", [ids])
    con.execute(
        "INSERT INTO marts.crm_account_state BY NAME"
        " SELECT 'ours' AS connection, unnest(?) AS native_id, 'rule' AS rule, ? AS partner_approach, '2026-11-20' AS as_of",
        [ids, value],
    )


def run(org: Org, home: Path, rows: int, value: str, run_id: str) -> int:
    """A run of write-back, from the plan to the journal; fields written."""
    wanted = settings(org["crm"])
    crm = crm_of(org)
    with warehouse(home).connect() as con:
        con.execute("SET enable_progress_bar = false")
        con.execute("DELETE FROM config.run")
        con.execute(
            "INSERT INTO config.run VALUES (?, '2026-11-20T00:00:00Z', '2026-11-20', 'Asia/Tokyo', 'ja', 'JPY')", [run_id]
        )
        for name in gate.required(["ours"]):
            gate.record(con, name, True, run_id)
        want(con, ids_of(org, rows), value)
        make_plan(con, wanted, lambda _: crm)
        outcome = write_back(con, wanted, lambda _: crm, run_id)
        assert not outcome.held, outcome.held
        return outcome.fields_written


def alone(org: Org, rows: int, value: str, break_even: int | None = None) -> int:
    """By the connector, nothing read; ``break_even``: rows from which on a job is used."""
    if break_even is not None:
        bulk.BREAK_EVEN = break_even
    results = crm_of(org).write(ACCOUNT_OBJECT[org["crm"]], rows_of(org, rows, value))
    return sum(result.ok for result in results)


def bare_job(org: Org, rows: int, value: str) -> int:
    crm: Any = crm_of(org)
    crm._session.sf.bulk2.Account.update(records=list(rows_of(org, rows, value)), wait=1)
    return rows


def bare_collections(org: Org, rows: int, value: str) -> int:
    crm: Any = crm_of(org)
    sf, given = crm._session.sf, list(rows_of(org, rows, value))
    for at in range(0, rows, 200):
        records = [{"attributes": {"type": "Account"}, **row} for row in given[at : at + 200]]
        sf.restful("composite/sobjects", method="PATCH", json={"allOrNone": False, "records": records})
    return rows


def bare_batches(org: Org, rows: int, value: str) -> int:
    api = hubspot.Client.create(access_token=org["token"], host=org["url"]).crm.companies.batch_api
    given = [{"id": row.pop("id"), "properties": row} for row in rows_of(org, rows, value)]
    for at in range(0, rows, 100):
        api.update(BatchInputSimplePublicObjectBatchInput(inputs=given[at : at + 100]))
    return rows


def whole(org: Org, home: Path, rows: int) -> Iterator[tuple[str, Callable[[], int]]]:
    yield "  pull (rows)", partial(pull, org, home)
    yield "  write-back of all (fields)", partial(run, org, home, rows, "open", "run-1")
    yield "  pull of what was written (rows)", partial(pull, org, home)
    yield "  write-back without a change", partial(run, org, home, rows, "open", "run-2")
    yield "  write-back of one in a hundred (fields)", partial(run, org, home, rows // 100, "limited", "run-3")
    yield "  the connector alone", partial(alone, org, rows, "assigned")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--accounts", type=int, default=100_000)
    parser.add_argument("--companies", type=int, default=100_000)
    parser.add_argument("--break-even", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with sandbox(home, given.accounts, 0 if given.break_even else given.companies) as orgs:
            sales, marketing = orgs[SALES], orgs[MARKETING]
            provision(sales)
            if given.break_even:
                for rows in SIZES:
                    measured(f"{rows:,} by collections", partial(alone, sales, rows, "open", 10**9), sales["url"])
                    measured(f"{rows:,} by a job", partial(alone, sales, rows, "limited", 2), sales["url"])
                return
            lines = [*whole(sales, home / "sales", given.accounts)]
            lines += [("  the connector alone, by collections", partial(alone, sales, given.accounts, "open", 10**9))]
            lines += [("  simple-salesforce alone, one bulk2 job", partial(bare_job, sales, given.accounts, "limited"))]
            lines += [("  simple-salesforce alone, collections", partial(bare_collections, sales, given.accounts, "open"))]
            print(f"Salesforce, {given.accounts:,} accounts")
            for what, work in lines:
                measured(what, work, sales["url"])
            if given.companies:
                provision(marketing)
                print(f"HubSpot, {given.companies:,} companies")
                bare = ("  hubspot-api-client alone, batch update", partial(bare_batches, marketing, given.companies, "limited"))
                for what, work in [*whole(marketing, home / "marketing", given.companies), bare]:
                    measured(what, work, marketing["url"])


if __name__ == "__main__":
    main()
