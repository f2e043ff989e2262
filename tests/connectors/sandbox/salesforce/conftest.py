"""A fresh org for each test, reached by simple-salesforce over a real socket."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests
from requests.adapters import HTTPAdapter
from simple_salesforce import Salesforce

from connectors.sandbox.server import Org, SandboxServer


class ToLoopback(HTTPAdapter):
    """simple-salesforce insists on https; this sends it to the sandbox instead."""

    def __init__(self, prefix: str, url: str) -> None:
        super().__init__()
        self._prefix, self._url = prefix, url

    def send(self, request: requests.PreparedRequest, *args: Any, **more: Any) -> requests.Response:
        assert request.url is not None
        request.url = self._url + request.url.removeprefix(self._prefix)
        return super().send(request, *args, **more)


INTEGRATION, REP, ADMIN = range(3)
"""The org's clients."""


def connect(org: Org, client: int = ADMIN, version: str = "59.0") -> Salesforce:
    """Log in as one of the org's clients."""
    login = org.store.get_meta("clients")[client]
    session = requests.Session()
    for prefix in ("https://acme.my.salesforce.com", org.url.replace("http:", "https:")):
        session.mount(prefix, ToLoopback(prefix, org.url))
    sf = Salesforce(
        domain="acme.my",
        consumer_key=login["client_id"],
        consumer_secret=login["client_secret"],
        session=session,
        version=version,
    )
    sf.metadata_url = f"{org.url}/services/Soap/m/{version}/"
    return sf


@dataclass
class Raw:
    """Plain HTTP on the org, for what the library hides."""

    org: Org
    token: str

    def __call__(self, method: str, path: str, **more: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        return requests.request(method, f"{self.org.url}/services/data/v59.0/{path}", headers=headers, timeout=10, **more)

    def fault(self, **settings: Any) -> None:
        requests.post(f"{self.org.url}/__sandbox__/faults", json=settings, timeout=10).raise_for_status()


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxServer]:
    with SandboxServer(tmp_path_factory.mktemp("sandbox"), orgs={"acme": "salesforce"}) as running:
        yield running


@pytest.fixture
def org(sandbox: SandboxServer) -> Org:
    requests.post(f"{sandbox.orgs['acme'].url}/__sandbox__/reset", timeout=10).raise_for_status()
    return sandbox.orgs["acme"]


@pytest.fixture
def sf(org: Org) -> Salesforce:
    return connect(org)


@pytest.fixture
def raw(org: Org, sf: Salesforce) -> Raw:
    return Raw(org, sf.session_id)
