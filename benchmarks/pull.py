"""Rows a second, calls and memory of pulls: ``python benchmarks/pull.py [--accounts 100000] [--companies 100000]``.

A sandbox Salesforce and HubSpot in a process of their own; each line is measured in a fresh process, so that its peak memory is
its own. Beside what Totsugo does stand the bare client libraries, which fetch the same columns and keep nothing: no describe, no
cursor, no landing. The sandbox answers from Python on the same machine: seconds are of both ends together; calls are what a real
org would count, logins left out. Nothing here is a test.
"""

from __future__ import annotations

import argparse
import csv
import io
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import hubspot

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.sandbox_process import MARKETING, SALES, calls, forget_calls, sandbox
from connectors import open_crm
from connectors.crm import Crm
from connectors.salesforce import pull as salesforce_pull
from pipelines.crm.landing import pull_object
from pipelines.crm.objects import OURS
from pipelines.settings import Paths
from pipelines.warehouse import Warehouse, little_memory

ACCOUNT = next(p for p in OURS if p.object == "Account")
COMPANIES = next(p for p in OURS if p.object == "companies")
Org = dict[str, Any]


def crm_of(org: Org) -> Crm:
    names = ("client_id", "client_secret", "token")
    return open_crm(org["crm"], org["url"], {name: org[name] for name in names if name in org})


def warehouse(home: Path) -> Warehouse:
    return Warehouse(Paths(home=home, config=home / "none.yaml"))


def land(org: Org, home: Path, break_even: int | None = None, most: int | None = None) -> int:
    """Pull and land; ``break_even``: rows from which on a job is used; ``most``: break off after so many batches."""
    if break_even is not None:
        salesforce_pull.BREAK_EVEN = break_even
    crm = crm_of(org)
    if most is not None:
        whole = crm.pull

        def cut(*given: Any) -> Any:
            for _, batch in zip(range(most), whole(*given), strict=False):
                yield batch
            raise KeyboardInterrupt

        crm.pull = cut  # type: ignore[method-assign]
    pulled = ACCOUNT if org["crm"] == "salesforce" else COMPANIES
    with warehouse(home).connect() as con, little_memory(con):
        try:
            return pull_object(con, crm, "ours", pulled, pulled.fields, "run").rows
        except KeyboardInterrupt:
            return int(con.execute(f"SELECT count(*) FROM raw.{pulled.table}").fetchone()[0])


def fetch(org: Org, home: Path) -> int:
    """Pull, and land nothing."""
    crm = crm_of(org)
    pulled = ACCOUNT if org["crm"] == "salesforce" else COMPANIES
    fields = sorted((crm.existing_fields(pulled.object, pulled.fields) or set()) & set(pulled.fields))
    return sum(batch.table.num_rows for batch in crm.pull(pulled.object, fields, None))


def _soql(crm: Any) -> str:
    known = crm.existing_fields("Account", ACCOUNT.fields)
    return f"SELECT {', '.join(f for f in ACCOUNT.fields if f in known)} FROM Account ORDER BY SystemModstamp, Id"


def bare_pages(org: Org, home: Path) -> int:
    crm: Any = crm_of(org)
    soql = _soql(crm)
    forget_calls(org["url"])
    return sum(1 for _ in crm._session.sf.query_all_iter(soql, include_deleted=True))


def bare_job(org: Org, home: Path) -> int:
    crm: Any = crm_of(org)
    soql = _soql(crm)
    forget_calls(org["url"])
    pages = crm._session.sf.bulk2.Account.query(soql, max_records=50_000, wait=1)
    return sum(1 for page in pages for _ in csv.DictReader(io.StringIO(page)))


def bare_list(org: Org, home: Path) -> int:
    api = hubspot.Client.create(access_token=org["token"], host=org["url"]).crm.companies.basic_api
    rows, after = 0, None
    while True:
        page = api.get_page(limit=100, after=after, properties=list(COMPANIES.fields))
        rows += len(page.results)
        if page.paging is None:
            return rows
        after = page.paging.next.after


def _measure(work: Callable[[], int], url: str, answer: Any) -> None:
    forget_calls(url)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    begun = time.monotonic()
    rows = work()
    seconds = time.monotonic() - begun
    answer.send((rows, seconds, calls(url), before, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


def measured(what: str, work: Callable[[], int], url: str) -> None:
    """One line, by a process that does nothing else."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_measure, args=(work, url, there))
    process.start()
    there.close()
    rows, seconds, made, before, peak = here.recv()
    process.join()
    rate = f"{rows / seconds:>9,.0f} rows/s" if rows else " " * 16
    told = f"{what:<46}{rows:>10,} rows {seconds:7.1f} s {rate} {made:>6,} calls"
    print(f"{told}   peak {peak:5,.0f} MB, at the start {before:3,.0f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--accounts", type=int, default=100_000)
    parser.add_argument("--companies", type=int, default=100_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with sandbox(home, given.accounts, given.companies) as orgs:
            sales, marketing = orgs[SALES], orgs[MARKETING]
            lines: list[tuple[str, Org, Callable[[], int]]] = [
                ("Salesforce, by a job, landed", sales, partial(land, sales, home / "a")),
                ("  again, nothing changed", sales, partial(land, sales, home / "a")),
                ("  by a job, not landed", sales, partial(fetch, sales, home)),
                ("  page by page, landed", sales, partial(land, sales, home / "b", break_even=10**9)),
                ("  cut off after four batches", sales, partial(land, sales, home / "c", most=4)),
                ("    and gone on with", sales, partial(land, sales, home / "c")),
                ("  simple-salesforce alone, query_all_iter", sales, partial(bare_pages, sales, home)),
                ("  simple-salesforce alone, bulk2 query", sales, partial(bare_job, sales, home)),
                ("HubSpot, landed", marketing, partial(land, marketing, home / "d")),
                ("  again, nothing changed", marketing, partial(land, marketing, home / "d")),
                ("  not landed", marketing, partial(fetch, marketing, home)),
                ("  hubspot-api-client alone, get_page", marketing, partial(bare_list, marketing, home)),
            ]
            for what, org, work in lines:
                if given.companies or org is sales:
                    measured(what, work, org["url"])


if __name__ == "__main__":
    main()
