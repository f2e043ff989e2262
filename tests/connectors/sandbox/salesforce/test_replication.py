"""Deleted and updated records by time, as simple-salesforce asks for them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from simple_salesforce import Salesforce

from connectors.sandbox.server import Org, SandboxServer
from tests.connectors.sandbox.salesforce.conftest import Raw


def test_what_was_deleted_and_what_changed_is_told_by_time(org: Org, sandbox: SandboxServer, sf: Salesforce, raw: Raw) -> None:
    kept, gone = (sf.Account.create({"Name": name})["id"] for name in ("残る", "消える"))
    sf.Account.delete(gone)
    now = sandbox.clock.now()
    start, end = now - timedelta(minutes=5), now + timedelta(minutes=5)
    told = sf.Account.deleted(start, end)
    assert [each["id"] for each in told["deletedRecords"]] == [gone]
    assert told["latestDateCovered"] < end.strftime("%Y-%m-%dT%H:%M")
    assert told["earliestDateAvailable"] < told["latestDateCovered"]
    assert sf.Account.updated(start, end)["ids"] == [kept]
    raw.fault(kind="late_visible", seconds=60)
    assert sf.Account.updated(start, end)["ids"] == []


@pytest.mark.parametrize(
    ("window", "code"),
    [
        ("start=2026-01-01T00:00:00Z", "MISSING_ARGUMENT"),
        ("start=yesterday&end=2026-01-01T00:00:00Z", "INVALID_REPLICATION_DATE"),
        ("start=2020-01-01T00:00:00Z&end=2020-01-02T00:00:00Z", "INVALID_REPLICATION_DATE"),
        ("start=2030-01-02T00:00:00Z&end=2030-01-01T00:00:00Z", "INVALID_REPLICATION_DATE"),
    ],
)
def test_a_window_that_cannot_be_answered_is_refused(raw: Raw, window: str, code: str) -> None:
    assert raw("GET", f"sobjects/Account/deleted?{window}").json()[0]["errorCode"] == code
