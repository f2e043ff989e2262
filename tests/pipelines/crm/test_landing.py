"""What a pull lands: only what changed, and what came back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from connectors.batches import to_table
from connectors.crm import Batch, Cursor
from pipelines.crm.landing import pull_object
from pipelines.crm.objects import OURS
from pipelines.warehouse import DDL

COMPANIES = next(p for p in OURS if p.table == "hubspot_companies")
AT = datetime(2026, 11, 20, tzinfo=UTC)


class OneRecord:
    """A CRM that holds one company, as the test says."""

    def __init__(self) -> None:
        self.deleted = False

    def existing_fields(self, object: str, asked: Sequence[str] = ()) -> set[str]:
        return {"name"}

    def pull(self, object: str, fields: Sequence[str], cursor: Cursor | None) -> Iterator[Batch]:
        row: dict[str, Any] = {"_id": "1", "_modified_at": AT, "_deleted": self.deleted, "name": "甲"}
        yield Batch(object, to_table({"name": pa.string()}, [row]), {"stamp": "x"})


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        for name in ("raw", "raw_crm"):
            con.execute((DDL / f"{name}.sql").read_text(encoding="utf-8"))
        yield con


def test_a_record_that_was_restored_with_its_old_stamp_is_alive_again(con: duckdb.DuckDBPyConnection) -> None:
    crm, landed = OneRecord(), []
    for crm.deleted in (False, False, True, True, False, False):
        landed.append(pull_object(con, crm, "marketing", COMPANIES, ["name"], "run").landed)  # type: ignore[arg-type]
    assert landed == [1, 0, 1, 0, 1, 0]
    newest = "SELECT _deleted FROM raw.hubspot_companies ORDER BY _synced_at DESC LIMIT 1"
    assert con.execute(newest).fetchone() == (False,)


def test_a_login_that_lost_sight_of_a_decisive_field_is_told(con: duckdb.DuckDBPyConnection) -> None:
    fields = ["name", "lifecyclestage", "zip"]
    outcome = pull_object(con, OneRecord(), "marketing", COMPANIES, fields, "run", ["lifecyclestage"])  # type: ignore[arg-type]
    assert outcome.blind_to == ["companies.lifecyclestage"]
    assert "zip" in outcome.notes[0]
    assert outcome.landed == 1
