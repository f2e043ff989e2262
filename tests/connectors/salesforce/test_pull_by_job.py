"""Big pulls go by a query job of Bulk API 2.0: the same rows as page by page, in few calls, whatever happens on the way."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

import pyarrow as pa
import pytest

from connectors.crm import CrmUnavailable, Cursor
from connectors.salesforce import bulk_query, jobs, pull
from connectors.salesforce.session import SalesforceSession
from tests.connectors.salesforce.conftest import Sales

FIELDS = ["Id", "Name", "NumberOfEmployees", "IsDeleted", "CreatedDate", "Description", "Owner.Name"]
TEXTS = ["#N/A", 'カンマ, "引用"\n改行', "CR\r\nLF", "😀𠮷", "nul\x00", " 　端 ", "null", "=1+1", "あ" * 30_000, None]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few rows make a job of several pages."""
    monkeypatch.setattr(pull, "BREAK_EVEN", 10)
    monkeypatch.setattr(bulk_query, "PAGE_ROWS", 700)


def _fill(sales: Sales, count: int, stamp: str | None = None) -> list[str]:
    rows = []
    for number in range(count):
        at = stamp or f"2026-11-{1 + number // 1440 % 19:02d}T{number // 60 % 24:02d}:{number % 60:02d}:00.000+0000"
        doc: dict[str, Any] = {
            "Id": f"0015g0000{number:06d}AAA",
            "Name": f"会社{number}",
            "NumberOfEmployees": number % 7 or None,
        }
        doc |= {"SystemModstamp": at, "LastModifiedDate": at, "CreatedDate": at, "Description": TEXTS[number % len(TEXTS)]}
        rows.append((doc["Id"], {**doc, "OwnerId": sales.crm.identity().user_id if number == 0 else None}, at, number % 50 == 7))
    sales.org.store.put_many("Account", rows)
    return [row[0] for row in rows]


def _rows(sales: Sales, cursor: Cursor | None = None) -> list[dict[str, Any]]:
    return [{**row, "_synced_at": None} for row in sales.pull("Account", FIELDS, cursor)[0]]


def test_a_job_brings_the_very_rows_that_pages_bring(sales: Sales, monkeypatch: pytest.MonkeyPatch) -> None:
    _fill(sales, 4_321)
    by_pages = _rows(sales)
    monkeypatch.setattr(pull, "BREAK_EVEN", 10)
    monkeypatch.setattr(bulk_query, "PAGE_ROWS", 700)
    assert _rows(sales) == by_pages
    assert {row["Description"] for row in by_pages} == set(TEXTS)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("stamp", [None, "2026-11-20T00:00:00.000+0000"])
def test_a_pull_goes_on_from_any_batch_without_reading_again(sales: Sales, stamp: str | None) -> None:
    ids = set(_fill(sales, 4_500, stamp))
    for read in (1, 2, 3):
        batches = list(itertools.islice(sales.crm.pull("Account", FIELDS, None), read))
        first = [id for batch in batches for id in batch.table["_id"].to_pylist()]
        rest = [row["_id"] for row in sales.pull("Account", FIELDS, batches[-1].cursor)[0]]
        assert {*first, *rest} == ids
        assert len(first) + len(rest) == len(ids)


@pytest.mark.usefixtures("small")
def test_what_changes_while_a_pull_is_broken_off_comes_when_it_goes_on_or_next_time(sales: Sales) -> None:
    ids = _fill(sales, 4_500)
    sales.at("2026-11-21T00:00:00+00:00")
    pulling = sales.crm.pull("Account", FIELDS, None)
    cursor = list(itertools.islice(pulling, 2))[-1].cursor
    list(sales.crm.write("Account", [{"Id": ids[0], "Name": "読んだ後で"}, {"Id": ids[-1], "Name": "読む前に"}]))
    sales.at("2026-11-21T06:00:00+00:00")
    rows, cursor, _ = sales.pull("Account", FIELDS, cursor)
    list(sales.crm.write("Account", [{"Id": ids[1], "Name": "後から"}]))
    rows += sales.pull("Account", FIELDS, cursor)[0]
    newest = {row["_id"]: row["Name"] for row in rows}
    assert (newest[ids[0]], newest[ids[-1]], newest[ids[1]]) == ("読んだ後で", "読む前に", "後から")


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("fault", ["job_failed", "job_aborted"])
def test_a_job_that_ends_badly_is_replaced_by_pages(sales: Sales, fault: str) -> None:
    ids = _fill(sales, 4_500)
    sales.fault(fault, count=1)
    rows, _, batches = sales.pull("Account", FIELDS)
    assert [row["_id"] for row in rows] == ids
    notes = [note for batch in batches for note in batch.notes]
    assert len(notes) == 1
    assert "page by page" in notes[0]


@pytest.mark.usefixtures("small")
def test_where_no_job_can_be_made_pages_bring_everything(sales: Sales, monkeypatch: pytest.MonkeyPatch) -> None:
    """An org may keep its logins from jobs, or have used up the day's."""
    ids = _fill(sales, 4_500)

    def refused(session: SalesforceSession, soql: str) -> dict[str, Any]:
        raise bulk_query.JobEnded("no jobs here")

    monkeypatch.setattr(bulk_query, "start", refused)
    rows, _, batches = sales.pull("Account", FIELDS)
    assert [row["_id"] for row in rows] == ids
    assert [note for batch in batches for note in batch.notes] == ["Account: no jobs here; the rest was read page by page."]


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("stamp", [None, "2026-11-20T00:00:00.000+0000"], ids=["by stamp", "by id"])
def test_a_job_out_of_order_that_ends_badly_hides_no_row(
    sales: Sales, monkeypatch: pytest.MonkeyPatch, stamp: str | None
) -> None:
    ids = _fill(sales, 4_500, stamp)
    whole = bulk_query.tables

    def turned_round(*asked: Any) -> Iterator[tuple[pa.Table, str]]:
        rows = pa.concat_tables(table for table, _ in whole(*asked))
        yield rows.take(list(range(rows.num_rows))[::-1]).slice(0, 700), ""
        raise bulk_query.JobEnded("it was given up")

    monkeypatch.setattr(bulk_query, "tables", turned_round)
    assert {row["_id"] for row in sales.pull("Account", FIELDS)[0]} == set(ids)
    batches = list(itertools.islice(sales.crm.pull("Account", FIELDS, None), 2))
    met = {id for batch in batches for id in batch.table["_id"].to_pylist()}
    assert met | {row["_id"] for row in sales.pull("Account", FIELDS, batches[-1].cursor)[0]} == set(ids)


@pytest.mark.usefixtures("small")
def test_a_page_that_breaks_off_is_asked_for_again(sales: Sales, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.retry.PACE", 0.0)
    ids = _fill(sales, 4_500)
    sales.fault("drop_connection", count=2, match="/results", skip=1)
    sales.fault("http_503_html", count=2, match="/results")
    sales.fault("session_expired", count=1, match="/results", skip=2)
    sales.fault("job_slow", count=2)
    assert [row["_id"] for row in sales.pull("Account", FIELDS)[0]] == ids


@pytest.mark.usefixtures("small")
def test_a_job_that_takes_too_long_is_left_and_the_next_pull_goes_on(sales: Sales, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = _fill(sales, 4_500)
    monkeypatch.setattr(jobs, "PATIENCE", 0.0)
    sales.fault("job_slow")
    pulling = sales.crm.pull("Account", FIELDS, None)
    first = next(pulling)
    with pytest.raises(CrmUnavailable, match="has not finished job"):
        next(pulling)
    sales.org.faults.clear()
    rest = [row["_id"] for row in sales.pull("Account", FIELDS, first.cursor)[0]]
    assert [*first.table["_id"].to_pylist(), *rest] == ids


@pytest.mark.usefixtures("small")
def test_only_what_changed_comes_next_time_however_much_it_was(sales: Sales) -> None:
    ids = _fill(sales, 4_500)
    sales.at("2026-11-21T00:00:00+00:00")
    _, cursor, _ = sales.pull("Account", FIELDS)
    assert sales.pull("Account", FIELDS, cursor)[0] == []
    list(sales.crm.write("Account", [{"Id": id, "Name": "変更"} for id in ids[8:40]]))
    rows, cursor, _ = sales.pull("Account", FIELDS, cursor)
    assert {row["_id"] for row in rows} == set(ids[8:40])
    assert sales.pull("Account", FIELDS, cursor)[0] == []


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("read", [1, 2, 4])
def test_what_a_job_has_gathered_is_fetched_by_the_pull_that_goes_on(sales: Sales, read: int) -> None:
    ids = _fill(sales, 4_500)
    batches = list(itertools.islice(sales.crm.pull("Account", FIELDS, None), read))
    first = [id for batch in batches for id in batch.table["_id"].to_pylist()]
    begun = sales.crm.calls()
    rest = [row["_id"] for row in sales.pull("Account", FIELDS, batches[-1].cursor)[0]]
    assert [*first, *rest] == ids
    pages = 4 - int(batches[-1].cursor.get("page") or 0) // bulk_query.PAGE_ROWS  # that on which we stood is fetched again
    described = 2  # the account and its owner
    assert sales.crm.calls() - begun == described + 1 + pages + 1  # one look, the pages, what has changed since


@pytest.mark.usefixtures("small")
def test_a_job_that_is_gone_when_the_pull_goes_on_is_made_anew(sales: Sales) -> None:
    ids = _fill(sales, 4_500)
    batches = list(itertools.islice(sales.crm.pull("Account", FIELDS, None), 2))
    first = [id for batch in batches for id in batch.table["_id"].to_pylist()]
    sales.call("DELETE", f"jobs/query/{batches[-1].cursor['job']}")
    rows, cursor, _ = sales.pull("Account", FIELDS, batches[-1].cursor)
    assert [*first, *(row["_id"] for row in rows)] == ids
    assert set(cursor) == {"stamp", "seen"}


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("cut", [30, 3], ids=["in the midst of a row", "within its last cell"])
def test_half_a_row_is_never_delivered(sales: Sales, monkeypatch: pytest.MonkeyPatch, cut: int) -> None:
    """A page that ends early and does not say so is given up for pages of a query."""
    ids = _fill(sales, 4_500)
    whole = SalesforceSession.download

    def cut_off(session: SalesforceSession, path: str, params: Mapping[str, Any], file: BinaryIO) -> Mapping[str, str]:
        headers = whole(session, path, params, file)
        if "locator" in params:
            file.truncate(file.seek(0, 2) - cut)
            file.seek(0)
        return headers

    by_pages = {row["_id"]: row for row in _rows(sales)}
    monkeypatch.setattr(SalesforceSession, "download", cut_off)
    rows = _rows(sales)
    assert [row["_id"] for row in rows] == ids
    assert all(row == by_pages[row["_id"]] for row in rows)
