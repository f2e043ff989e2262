"""A vendor's CRMs and warehouse in which everything has been written once, copied for each sequence: setting up takes seconds."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from connectors import open_crm
from connectors.sandbox.salesforce import queries, rest
from connectors.sandbox.server import SandboxServer
from tests.campaign.vendor import Vendor
from tests.pipelines.writeback.conftest import ORGS, Desk, furnished, provisioned, warehouse
from tests.pipelines.writeback.everything import FREE, Everything
from tests.pipelines.writeback.killed_run import PAGE_ROWS, sizes

__all__ = ["provisioned"]


@pytest.fixture(scope="session")
def settled(tmp_path_factory: pytest.TempPathFactory, provisioned: Path) -> tuple[Path, Everything]:
    """The home of both, and what was written."""
    place = tmp_path_factory.mktemp("settled")
    with furnished(place, provisioned) as desk:
        world = Everything(desk)
        world.want_more()
        desk.run(FREE)
    return place, world


@contextmanager
def reopened(place: Path, settled: tuple[Path, Everything]) -> Iterator[Vendor]:
    template, before = settled
    shutil.copytree(template, place, dirs_exist_ok=True)
    with SandboxServer(place / "sandbox", orgs=ORGS) as server, warehouse(place / "home").connect() as con:
        crms = {name: open_crm(org.crm, org.url, org.credentials) for name, org in server.orgs.items()}
        people = {name: open_crm(org.crm, org.url, org.person) for name, org in server.orgs.items()}
        desk = Desk(dict(server.orgs), crms, people, con, place / "home", before.desk.runs)
        world = copy.copy(before)
        for name in ("accounts", "companies", "opportunities", "deals", "owners", "generation", "mark"):
            setattr(world, name, copy.copy(getattr(before, name)))
        world.desk = desk
        yield Vendor(world)
        desk._opened.close()


@pytest.fixture
def vendor(tmp_path: Path, settled: tuple[Path, Everything], monkeypatch: pytest.MonkeyPatch) -> Iterator[Vendor]:
    for module in (queries, rest):
        monkeypatch.setattr(module, "PAGE", PAGE_ROWS)
    for module, name, value in sizes(jobs=False, query_jobs=False):
        monkeypatch.setattr(module, name, value)
    with reopened(tmp_path / "vendor", settled) as vendor:
        yield vendor
