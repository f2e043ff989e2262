"""A sandbox in a process of its own, filled with so many accounts and companies, for benchmarks of calls.

Belongs here: the world, starting and ending the process, the counts of its request log. Does not: what is measured.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

ROOT = Path(__file__).resolve().parent.parent
SALES, MARKETING = "sales", "marketing"
_START_LIMIT = 900.0


@contextmanager
def sandbox(home: Path, accounts: int, companies: int) -> Iterator[dict[str, Any]]:
    """Name -> what ``sandbox.json`` says of the org; ``sales`` is a Salesforce, ``marketing`` a HubSpot."""
    world = home / "world"
    _write_world(world, accounts, companies)
    command = [sys.executable, "-m", "connectors.sandbox", "--home", str(home / "sandbox"), "--world", str(world)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    described, end = home / "sandbox" / "sandbox.json", time.monotonic() + _START_LIMIT
    try:
        while not described.exists():
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError("the sandbox did not start")
            time.sleep(0.1)
        yield json.loads(described.read_text(encoding="utf-8"))["orgs"]
    finally:
        process.terminate()
        process.wait(30)


def _write_world(world: Path, accounts: int, companies: int) -> None:
    for org in (SALES, MARKETING):
        (world / "orgs" / org).mkdir(parents=True)
    orgs = [{"name": SALES, "crm": "salesforce"}, {"name": MARKETING, "crm": "hubspot"}]
    (world / "world.json").write_text(json.dumps({"orgs": orgs}), encoding="utf-8")
    with (world / "orgs" / SALES / "Account.jsonl").open("w", encoding="utf-8") as file:
        for number in range(accounts):
            file.write(json.dumps(_account(number), ensure_ascii=False) + "\n")
    with (world / "orgs" / MARKETING / "companies.jsonl").open("w", encoding="utf-8") as file:
        for number in range(companies):
            file.write(json.dumps(_company(number), ensure_ascii=False) + "\n")


def _moment(number: int) -> str:
    """One record every 20 seconds, from January on."""
    day, second = divmod(number * 20, 86_400)
    month, day = divmod(day, 28)
    at = f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"
    return f"{2024 + month // 12}-{1 + month % 12:02d}-{1 + day:02d}T{at}.000"


def _account(number: int) -> dict[str, Any]:
    return {
        "Id": f"0015g0000{number:06d}AAA",
        "Name": f"株式会社ベンチマーク{number:07d}",
        "Type": "Customer" if number % 9 == 0 else "Prospect",
        "Industry": "Manufacturing",
        "NumberOfEmployees": number % 5_000,
        "Website": f"https://www.example-{number:07d}.co.jp",
        "Phone": "03-1234-5678",
        "BillingCountry": "日本",
        "BillingPostalCode": "100-0001",
        "BillingState": "東京都",
        "BillingCity": "千代田区",
        "BillingStreet": f"丸の内{number % 9 + 1}丁目{number % 30 + 1}番{number % 20 + 1}号",
        "SystemModstamp": f"{_moment(number)}+0000",
    }


def _company(number: int) -> dict[str, Any]:
    properties = {
        "name": f"株式会社ベンチマーク{number:07d}",
        "domain": f"example-{number:07d}.co.jp",
        "phone": "03-1234-5678",
        "zip": "100-0001",
        "state": "東京都",
        "city": "千代田区",
        "address": f"丸の内{number % 9 + 1}丁目{number % 30 + 1}番{number % 20 + 1}号",
        "industry": "MACHINERY",
        "numberofemployees": str(number % 5_000),
        "lifecyclestage": "lead",
    }
    at = f"{_moment(number)}Z"
    return {"id": str(1_000_000 + number), "properties": properties, "createdAt": at, "updatedAt": at}


def forget_calls(url: str) -> None:
    requests.delete(f"{url}/__sandbox__/requests", timeout=60)


def calls(url: str) -> int:
    """Calls since ``forget_calls``, logins not counted."""
    counts = requests.get(f"{url}/__sandbox__/requests", timeout=60).json()["counts"]
    return sum(count for call, count in counts.items() if "oauth" not in call)
