"""A bare Salesforce org over a real socket, and the connector logged in to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from connectors import open_crm
from connectors.crm import Batch, Cursor, ObjectSpec, ProvisionReport
from connectors.salesforce.client import SalesforceCrm
from connectors.sandbox.server import Org, SandboxServer


@dataclass
class Sales:
    """The sandbox's side and ours."""

    server: SandboxServer
    org: Org
    crm: SalesforceCrm

    def call(self, method: str, path: str, body: Any = None, params: Any = None) -> Any:
        return self.crm._session.call(method, path, params, body)

    def provision(self, specs: Sequence[ObjectSpec]) -> ProvisionReport:
        """An administrator does, and lets our login at what is made."""
        admin = open_crm("salesforce", self.org.url, self.org.admin)
        return admin.provision(specs, integration_user=self.crm.identity().user_id)

    def create(self, object: str, *rows: dict[str, Any]) -> list[str]:
        """Ids of new records."""
        ids: list[str] = []
        for at in range(0, len(rows), 200):
            records = [{"attributes": {"type": object}, **row} for row in rows[at : at + 200]]
            ids += [made["id"] for made in self.call("POST", "composite/sobjects", {"records": records})]
        return ids

    def put(self, object: str, id: str, stamp: str, deleted: bool = False, **values: Any) -> None:
        """A record as it might be found, with a stamp of our choosing."""
        doc = {"Id": id, "SystemModstamp": stamp, "LastModifiedDate": stamp, "CreatedDate": stamp, **values}
        self.org.store.put(object, id, doc, stamp, deleted)

    def pull(
        self, object: str, fields: list[str], cursor: Cursor | None = None
    ) -> tuple[list[dict[str, Any]], Cursor, list[Batch]]:
        """(rows, last cursor, batches)."""
        batches = list(self.crm.pull(object, fields, cursor))
        return [row for batch in batches for row in batch.table.to_pylist()], batches[-1].cursor, batches

    def at(self, text: str) -> None:
        """Set the org's clock."""
        self.server.clock.set(datetime.fromisoformat(text))

    def calls(self) -> Counter[str]:
        """How many calls of each kind there were since the last time, logins aside."""
        log = f"{self.org.url}/__sandbox__/requests"
        said = requests.get(log, timeout=10).json()["counts"]
        counts = Counter({name.replace("/services/data/v62.0/", ""): count for name, count in said.items()})
        requests.delete(log, timeout=10).raise_for_status()
        del counts["POST /services/oauth2/token"]
        return counts

    def fault(self, kind: str, **settings: Any) -> None:
        self.org.faults.arm({"kind": kind, **settings})


@pytest.fixture
def sales(tmp_path: Path) -> Iterator[Sales]:
    with SandboxServer(tmp_path, orgs={"sales": "salesforce"}) as server:
        org = server.orgs["sales"]
        crm = open_crm("salesforce", org.url, org.credentials)
        assert isinstance(crm, SalesforceCrm)
        yield Sales(server, org, crm)
