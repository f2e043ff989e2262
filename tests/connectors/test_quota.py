"""What a run may use of a CRM's API: its own budget, and never the reserve, whoever else is calling."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors import open_crm
from connectors.crm import QuotaExhausted
from connectors.quota import Budget, Meter
from connectors.sandbox.hubspot import usage
from connectors.sandbox.server import Org, SandboxServer


@pytest.fixture(params=["salesforce", "hubspot"])
def org(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Org]:
    with SandboxServer(tmp_path, orgs={"org": request.param}) as server:
        yield server.orgs["org"]


ACCOUNTS = {"salesforce": ("Account", ["Name"]), "hubspot": ("companies", ["name"])}


def test_a_run_makes_no_more_calls_than_its_budget(org: Org) -> None:
    crm = open_crm(org.crm, org.url, org.credentials, Budget(calls=5))
    crm.identity()
    crm.require(100)
    with pytest.raises(QuotaExhausted, match=r"may make 5 API calls \(calls_per_run\) and has made 1; the next step needs"):
        crm.require(1000)
    for _ in range(4):
        crm.existing_fields(ACCOUNTS[org.crm][0])
    with pytest.raises(QuotaExhausted):
        crm.identity()
    assert crm.calls() == 5


def test_a_pull_that_runs_out_leaves_its_place(org: Org) -> None:
    object, fields = ACCOUNTS[org.crm]
    crm = open_crm(org.crm, org.url, org.credentials, Budget(calls=1))
    with pytest.raises(QuotaExhausted):
        list(crm.pull(object, fields, None))
    batches = list(open_crm(org.crm, org.url, org.credentials, Budget(calls=30)).pull(object, fields, None))
    assert batches[-1].cursor["stamp"]


def test_calls_of_others_count_and_the_reserve_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(usage, "DAILY_LIMIT", 100)
    with SandboxServer(tmp_path, orgs={"portal": "hubspot"}) as server:
        org = server.orgs["portal"]
        ours = open_crm("hubspot", org.url, org.credentials, Budget(reserve=0.2))
        theirs = open_crm("hubspot", org.url, org.credentials, Budget(reserve=0))
        ours.identity()
        for _ in range(70):
            theirs.identity()
        ours.require(100)  # so far as we know
        ours.identity()
        assert ours.quota().used == 72
        with pytest.raises(QuotaExhausted, match="72 of the day's 100 API calls are used, and 20% are kept in reserve"):
            ours.require(500)
        for _ in range(8):
            ours.identity()
        with pytest.raises(QuotaExhausted):
            ours.identity()
        assert ours.quota().used == 80


def test_searches_that_tell_nothing_of_the_day_count_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(usage, "DAILY_LIMIT", 20)
    with SandboxServer(tmp_path, orgs={"portal": "hubspot"}) as server:
        org = server.orgs["portal"]
        crm = open_crm("hubspot", org.url, org.credentials, Budget(reserve=0.5))
        crm.identity()
        cursor = {"stamp": "2026-01-01T00:00:00.000Z"}
        for _ in range(9):
            crm.changed_since("companies", cursor, None)
        with pytest.raises(QuotaExhausted, match="10 of the day's 20"):
            crm.changed_since("companies", cursor, None)


@given(
    st.one_of(st.none(), st.integers(0, 50)),
    st.floats(0, 0.9),
    st.lists(st.tuples(st.integers(1, 9), st.integers(0, 20), st.booleans()), max_size=40),
)
def test_whatever_is_heard_neither_budget_nor_reserve_is_touched(
    budget: int | None, reserve: float, steps: list[tuple[int, int, bool]]
) -> None:
    """``steps``: calls of ours, calls of others beside them, and whether our answers say so."""
    meter, limit, used = Meter("crm", Budget(budget, reserve)), 200, 0
    meter.heard(used, limit)
    for ours, others, told in steps:
        for _ in range(ours):
            try:
                meter.require(1)
            except QuotaExhausted:
                return
            meter.calls += 1
            used += 1
            assert budget is None or meter.calls <= budget
        used += others
        if told:
            meter.heard(used, limit)
            known = used
            with pytest.raises(QuotaExhausted):
                meter.require(int(limit * (1 - reserve)) - known + 1)
