"""A bare HubSpot portal over a real socket, and the connector logged in to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from connectors import open_crm
from connectors.crm import Batch, Cursor
from connectors.hubspot.client import HubspotCrm
from connectors.sandbox.server import Org, SandboxServer


@dataclass
class Portal:
    """The sandbox's side and ours."""

    server: SandboxServer
    org: Org
    crm: HubspotCrm

    def call(self, method: str, path: str, body: Any = None, params: Any = None) -> Any:
        return self.crm._session.call(method, path, params, body)

    def create(self, object: str, *rows: dict[str, str]) -> list[str]:
        """Ids of new records."""
        ids: list[str] = []
        for at in range(0, len(rows), 100):
            inputs = [{"properties": row} for row in rows[at : at + 100]]
            made = self.call("POST", f"/crm/v3/objects/{object}/batch/create", {"inputs": inputs})["results"]
            ids += sorted((record["id"] for record in made), key=int)
        return ids

    def pull(
        self, object: str, fields: list[str], cursor: Cursor | None = None
    ) -> tuple[list[dict[str, Any]], Cursor, list[Batch]]:
        """(rows, last cursor, batches)."""
        batches = list(self.crm.pull(object, fields, cursor))
        return [row for batch in batches for row in batch.table.to_pylist()], batches[-1].cursor, batches

    def fault(self, kind: str, **settings: Any) -> None:
        self.org.faults.arm({"kind": kind, **settings})


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    with SandboxServer(tmp_path, orgs={"portal": "hubspot"}) as server:
        org = server.orgs["portal"]
        crm = open_crm("hubspot", org.url, {"method": "token", "token": org.credentials["token"]})
        assert isinstance(crm, HubspotCrm)
        yield Portal(server, org, crm)
