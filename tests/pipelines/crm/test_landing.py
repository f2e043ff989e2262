"""What a pull lands: only what changed, and what came back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from connectors.batches import to_table
from connectors.crm import Batch, CrmUnavailable, Cursor
from pipelines.crm.landing import PullOutcome, pull_object
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


def test_what_comes_last_counts_also_where_our_clock_was_put_back(
    con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    crm = OneRecord()
    for crm.deleted, hour in ((False, 9), (True, 8), (False, 7)):
        monkeypatch.setattr("connectors.batches.now", lambda hour=hour: AT.replace(hour=hour))
        assert pull_object(con, crm, "marketing", COMPANIES, ["name"], "run").landed == 1  # type: ignore[arg-type]
        newest = con.execute("SELECT _deleted FROM raw.hubspot_companies ORDER BY _synced_at DESC LIMIT 1").fetchone()
        assert newest == (crm.deleted,)


class Merged(OneRecord):
    """The company was merged into another, which changes again and again."""

    def __init__(self) -> None:
        self.winner, self.hour = "2", 0

    def pull(self, object: str, fields: Sequence[str], cursor: Cursor | None) -> Iterator[Batch]:
        row = {"_id": "1", "_modified_at": AT.replace(hour=self.hour), "_deleted": True, "_merged_into": self.winner}
        yield Batch(object, to_table({"name": pa.string()}, [row]), {"stamp": "x"})


def test_a_merge_is_kept_once_however_often_it_is_told(con: duckdb.DuckDBPyConnection) -> None:
    crm, landed = Merged(), []
    for crm.winner, crm.hour in (("2", 1), ("2", 2), ("3", 3), ("3", 4)):
        landed.append(pull_object(con, crm, "marketing", COMPANIES, ["name"], "run").landed)  # type: ignore[arg-type]
    assert landed == [1, 0, 1, 0]


def test_a_login_that_lost_sight_of_a_decisive_field_is_told(con: duckdb.DuckDBPyConnection) -> None:
    fields = ["name", "lifecyclestage", "zip"]
    outcome = pull_object(con, OneRecord(), "marketing", COMPANIES, fields, "run", ["lifecyclestage"])  # type: ignore[arg-type]
    assert outcome.blind_to == ["companies.lifecyclestage"]
    assert "zip" in outcome.notes[0]
    assert outcome.landed == 1


class Listed:
    """A CRM whose records come and go without a word: a pull tells what is there, or what the test calls changed."""

    def __init__(self, *ids: str) -> None:
        self.ids, self.changed = list(ids), list[str]()
        self.fail_after: int | None = None

    def existing_fields(self, object: str, asked: Sequence[str] = ()) -> set[str]:
        return {"name", "phone"}

    def pull(self, object: str, fields: Sequence[str], cursor: Cursor | None) -> Iterator[Batch]:
        ids = (
            self.changed if cursor and "after" not in cursor else [id for id in self.ids if id > (cursor or {}).get("after", "")]
        )
        for place, id in enumerate(ids):
            if place == self.fail_after:
                raise CrmUnavailable("the CRM fell silent")
            row: dict[str, Any] = {"_id": id, "_modified_at": AT, "name": f"会社{id}"}
            yield Batch(object, to_table({"name": pa.string()}, [row]), {"after": id})
        yield Batch(object, to_table({"name": pa.string()}, []), {"stamp": "x"})


def _pulled(con: duckdb.DuckDBPyConnection, crm: Listed, fields: Sequence[str] = ("name",)) -> PullOutcome:
    return pull_object(con, crm, "marketing", COMPANIES, fields, "run")  # type: ignore[arg-type]


def _there(con: duckdb.DuckDBPyConnection) -> dict[str, bool]:
    newest = "SELECT id, arg_max(_deleted, _synced_at) FROM raw.hubspot_companies GROUP BY id ORDER BY id"
    return {id: not gone for id, gone in con.execute(newest).fetchall()}


def test_what_a_full_pull_does_not_meet_is_gone_and_its_fate_is_kept(con: duckdb.DuckDBPyConnection) -> None:
    crm = Listed("1", "2", "3")
    _pulled(con, crm)
    crm.ids = ["1", "3"]
    assert _pulled(con, crm).deleted == 0, "what changed does not tell"
    outcome = _pulled(con, crm, ["name", "phone"])  # other fields: everything is read again
    assert (outcome.full, outcome.deleted) == (True, 1)
    assert _there(con) == {"1": True, "2": False, "3": True}
    tombstone = "SELECT payload->>'name' FROM raw.hubspot_companies WHERE id = '2' AND _deleted"
    assert con.execute(tombstone).fetchall() == [("会社2",)]
    crm.ids = crm.changed = ["1", "2", "3"]
    _pulled(con, crm)
    assert _there(con)["2"], "it came back"


def test_a_full_pull_that_was_cut_off_buries_nobody_before_it_ends(con: duckdb.DuckDBPyConnection) -> None:
    crm = Listed("1", "2", "3")
    _pulled(con, crm)
    crm.ids, crm.fail_after = ["1", "3"], 1
    with pytest.raises(CrmUnavailable):
        _pulled(con, crm, ["name", "phone"])
    assert all(_there(con).values())
    crm.fail_after = None
    assert _pulled(con, crm, ["name", "phone"]).deleted == 1
    assert _there(con) == {"1": True, "2": False, "3": True}


@pytest.mark.parametrize(
    "stale", ["cursors SET synced_at = now() - INTERVAL 15 DAY", "full_pulls SET begun_at = now() - INTERVAL 31 DAY"]
)
def test_after_a_long_pause_and_now_and_then_everything_is_read(con: duckdb.DuckDBPyConnection, stale: str) -> None:
    crm = Listed("1", "2")
    _pulled(con, crm)
    crm.ids = ["2"]
    assert not _pulled(con, crm).full
    con.execute(f"UPDATE raw.{stale}")
    assert _pulled(con, crm).deleted == 1
    assert _there(con) == {"1": False, "2": True}
    assert not _pulled(con, crm).full
