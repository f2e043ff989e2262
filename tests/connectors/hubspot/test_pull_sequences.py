"""Pulls broken off anywhere, with an index that lags, while people work: in the end what was brought is what is there."""

from __future__ import annotations

import contextlib
import random
from datetime import UTC, datetime
from time import sleep
from typing import Any

import pytest
import requests

from connectors.batches import iso
from connectors.crm import CrmError, Cursor
from connectors.hubspot import pages, pull
from tests.connectors.hubspot.conftest import Portal

FIELDS = ["name", "phone"]
SEEDS = 25
COMPANIES = "/crm/v3/objects/companies"


class _People:
    """Who creates, changes, archives, restores and merges companies, by chance."""

    def __init__(self, portal: Portal, chance: random.Random) -> None:
        self.portal, self.chance, self.number = portal, chance, 0

    def work(self, acts: int) -> None:
        for _ in range(acts):
            self.chance.choice([self.create, self.create, self.change, self.change, self.archive, self.restore, self.merge])()

    def ids(self, archived: bool = False) -> list[str]:
        return [doc["id"] for _, doc, _, gone in self.portal.org.store.select("companies") if gone == archived]

    def create(self) -> None:
        self.number += 1
        inputs = [{"properties": {"name": f"会社{self.number}-{n}"}} for n in range(self.chance.choice([1, 1, 2, 30]))]
        self.portal.call("POST", f"{COMPANIES}/batch/create", {"inputs": inputs})

    def some(self, most: int, archived: bool = False) -> list[str]:
        there = self.ids(archived)
        return self.chance.sample(there, min(len(there), self.chance.randint(1, most)))

    def change(self) -> None:
        self.number += 1
        if ids := self.some(30):
            inputs = [{"id": id, "properties": {"phone": str(self.number)}} for id in ids]
            self.portal.call("POST", f"{COMPANIES}/batch/update", {"inputs": inputs})

    def archive(self) -> None:
        if ids := self.some(12):
            self.portal.call("POST", f"{COMPANIES}/batch/archive", {"inputs": [{"id": id} for id in ids]})

    def merge(self) -> None:
        if len(ids := self.some(2)) == 2:
            self.portal.call("POST", f"{COMPANIES}/merge", {"primaryObjectId": ids[0], "objectIdToMerge": ids[1]})

    def restore(self) -> None:
        """As a person does in HubSpot; its API has no call for it."""
        for id in self.some(1, archived=True):
            key = id.zfill(20)
            doc = self.portal.org.store.get("companies", key, deleted=True)
            assert doc is not None
            sleep(0.02)  # the portal's own stamps may be ahead of its clock by as many milliseconds as it wrote in the last one
            text = iso(datetime.now(UTC))
            sleep(0.002)
            doc |= {"archived": False, "updatedAt": text, "properties": {**doc["properties"], "hs_lastmodifieddate": text}}
            doc.pop("archivedAt")
            self.portal.org.store.put("companies", key, doc, text)


class _Warehouse:
    """Keeps the newest of what was brought, and the cursor with it."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        self.held: dict[str, dict[str, Any]] = {}
        self.cursor: Cursor | None = None

    def pull(self, stop_after: int | None, between: Any) -> int:
        """Returns how many rows came."""
        rows = 0
        for number, batch in enumerate(self.portal.crm.pull("companies", FIELDS, self.cursor), 1):
            self.held |= {row["_id"]: row for row in batch.table.to_pylist()}
            self.cursor = batch.cursor
            rows += batch.table.num_rows
            if number == stop_after:
                break
            between()
        return rows


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few records make many pages and batches."""
    for module in (pages, pull):
        monkeypatch.setattr(module, "LIST_ROWS", 5)
        monkeypatch.setattr(module, "SEARCH_ROWS", 7)
    monkeypatch.setattr(pull, "_BATCH_ROWS", 15)


def test_in_the_end_everything_is_there_once(portal: Portal, small: None) -> None:
    for seed in range(SEEDS):
        chance = random.Random(seed)
        assert requests.post(f"{portal.org.url}/__sandbox__/reset", json={}, timeout=10).ok
        people, warehouse = _People(portal, chance), _Warehouse(portal)
        people.work(3)
        for _ in range(6):
            if chance.random() < 0.5:
                portal.fault("search_lag", seconds=chance.choice([0.01, 0.05, 60]), count=chance.randint(1, 6))
            if chance.random() < 0.2:
                portal.fault("invalid_authentication", count=1, skip=chance.randint(1, 4))
            stop = chance.choice([None, None, 1, 2, 3])
            with contextlib.suppress(CrmError):
                warehouse.pull(stop, lambda chance=chance, people=people: people.work(chance.choice([0, 0, 1])))  # type: ignore[misc]
            portal.org.faults.clear()
            people.work(chance.choice([0, 0, 1, 4]))
        warehouse.pull(None, lambda: None)
        living = {id: (row["name"], row["phone"]) for id, row in warehouse.held.items() if not row["_deleted"]}
        there = {
            doc["id"]: (doc["properties"].get("name"), doc["properties"].get("phone"))
            for _, doc, _, gone in portal.org.store.select("companies")
            if not gone
        }
        assert living == there, f"seed {seed}"
        assert warehouse.pull(None, lambda: None) == 0, f"seed {seed}"
        warehouse.pull(None, lambda: None)
        calls = portal.crm.calls()
        assert warehouse.pull(None, lambda: None) == 0, f"seed {seed}"
        assert portal.crm.calls() - calls <= 4, f"seed {seed}: what has not changed is read again"
