"""A small Japanese portal, served over a real socket, and two ways to speak to it: HubSpot's own client and plain HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from hubspot import Client

from connectors.sandbox.server import SandboxServer

TOKEN = "pat-na1-test"
COMPANIES = 250
OLD = "2026-10-01T00:00:00.000Z"
AS_OF = datetime.fromisoformat("2026-11-20T09:00:00+09:00")


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def _record(id: int, at: str = OLD, **properties: str) -> dict[str, Any]:
    return {"id": str(id), "properties": properties, "createdAt": OLD, "updatedAt": at, "archived": False}


SCHEMA = {
    "properties": {
        "companies": [
            {"name": "corporate_number", "label": "法人番号", "type": "string", "fieldType": "text", "groupName": "japan"},
            {
                "name": "external_key", "label": "外部キー", "type": "string", "fieldType": "text", "groupName": "japan",
                "hasUniqueValue": True,
            },
            {
                "name": "totsugo_no_approach", "label": "アプローチNG", "type": "enumeration", "fieldType": "booleancheckbox",
                "groupName": "japan", "options": [{"label": "はい", "value": "true"}, {"label": "いいえ", "value": "false"}],
            },
            {"name": "totsugo_until", "label": "期限", "type": "date", "fieldType": "date", "groupName": "japan"},
        ]
    },
    "pipelines": {
        "deals": [
            {
                "id": "sales", "label": "新規営業",
                "stages": [
                    {"id": "proposal", "label": "提案", "metadata": {"probability": "0.4", "isClosed": "false"}},
                    {"id": "won", "label": "受注", "metadata": {"probability": "1.0", "isClosed": "true"}},
                    {"id": "lost", "label": "失注", "metadata": {"probability": "0.0", "isClosed": "true"}},
                ],
            }
        ]
    },
    "tokens": [
        {
            "token": TOKEN, "user_id": 77, "scopes": ["crm.objects.companies.read"],
            "client_id": "app", "client_secret": "hidden",
            "refresh_token": "refresh",
        }
    ],
}  # fmt: skip


def make_world(directory: Path) -> Path:
    """250 companies (ids 1 to 250, the later the newer), contacts, deals, tasks, owners and what belongs together."""
    org = directory / "orgs" / "our_hubspot"
    org.mkdir(parents=True)
    world = {"seed": 1, "as_of": AS_OF.isoformat(), "orgs": [{"name": "our_hubspot", "crm": "hubspot"}]}
    (directory / "world.json").write_text(json.dumps(world), encoding="utf-8")
    (org / "schema.json").write_text(json.dumps(SCHEMA, ensure_ascii=False), encoding="utf-8")
    companies = [
        _record(
            n, f"2026-10-{1 + n // 25:02d}T00:00:00.000Z", name=f"株式会社あおぞら{n}号", domain=f"aozora{n}.co.jp",
            state="東京都" if n % 2 else "大阪府", numberofemployees=str(n * 10),
        )
        for n in range(1, COMPANIES + 1)
    ]  # fmt: skip
    _write(org / "companies.jsonl", companies)
    contacts = [_record(n, email=f"tanaka{n}@aozora.co.jp", lastname="田中", firstname="一郎") for n in (1, 2, 3)]
    _write(org / "contacts.jsonl", contacts)
    stages = ("proposal", "won", "lost")
    deals = [
        _record(n, dealname=f"案件{n}", dealstage=stage, pipeline="sales", amount="1200000") for n, stage in enumerate(stages, 1)
    ]
    _write(org / "deals.jsonl", deals)
    _write(org / "tasks.jsonl", [_record(1, hs_task_subject="お見積もり送付", hs_task_status="COMPLETED")])
    _write(
        org / "owners.jsonl",
        [
            {"id": str(n), "email": f"sato{n}@example.jp", "firstName": "花子", "lastName": "佐藤", "userId": n}
            for n in (9, 10, 11)
        ],
    )
    links = [("deals", 1, 5), ("deals", 1, 6), ("deals", 2, 5), ("contacts", 1, 5), ("tasks", 1, 5)]
    _write(org / "associations.jsonl", [{"from": a, "from_id": str(i), "to": "companies", "to_id": str(c)} for a, i, c in links])
    return directory


@dataclass
class PortalUnderTest:
    """A portal that is being served."""

    url: str
    server: SandboxServer

    @property
    def client(self) -> Client:
        return Client.create(access_token=TOKEN, host=self.url)

    def call(self, method: str, path: str, token: str = TOKEN, **kwargs: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return requests.request(method, self.url + path, headers=headers, timeout=10, **kwargs)

    def json(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        """The answer's JSON; its status must be as expected."""
        answer = self.call(method, path, json=body)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    def arm(self, kind: str, **settings: Any) -> None:
        self.server.orgs["our_hubspot"].faults.arm({"kind": kind, **settings})


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortalUnderTest]:
    directory = tmp_path_factory.mktemp("hubspot")
    with SandboxServer(directory / "home", make_world(directory / "world")) as server:
        yield PortalUnderTest(server.orgs["our_hubspot"].url, server)


@pytest.fixture
def portal(served: PortalUnderTest) -> PortalUnderTest:
    """The portal as the world has it, at the world's own time, without faults."""
    served.server.clock.set(AS_OF)
    assert requests.post(f"{served.url}/__sandbox__/reset", json={}, timeout=10).ok
    return served
