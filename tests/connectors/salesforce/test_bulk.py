"""Many rows by one Bulk job: every value arrives, every row has its result, and nothing of a killed process takes effect late."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from connectors import open_crm
from connectors.crm import CrmUnavailable, Row, SchemaMissing
from connectors.salesforce import bulk, jobs
from connectors.salesforce.bulk_rows import to_csv
from connectors.salesforce.client import SalesforceCrm
from connectors.sandbox.salesforce.ids import make_id
from tests.connectors.salesforce.conftest import Sales
from tests.connectors.salesforce.test_write import CHILD, SPECS

STAMP = "2026-01-05T00:00:00.000+0000"
KEY = "Totsugo_External_Id__c"
ROWS = bulk.BREAK_EVEN


def accounts(sales: Sales, count: int) -> list[str]:
    """Ids of accounts that were there before."""
    ids = [make_id("001", 1000 + number) for number in range(count)]
    docs = ((id, {"Id": id, "Name": f"会社{number}", "SystemModstamp": STAMP}) for number, id in enumerate(ids))
    sales.org.store.put_many("Account", ((id, doc, STAMP, False) for id, doc in docs))
    return ids


def names(sales: Sales, ids: list[str]) -> list[str]:
    read = sales.crm.read("Account", ids, ["Name"])
    return [read[id]["Name"] for id in ids]


def begin(sales: Sales, rows: list[Row], close: bool = True) -> str:
    """Id of a job as a process leaves it that is killed in the midst of writing."""
    return begin_as(sales.crm, rows, close)


def begin_as(crm: SalesforceCrm, rows: list[Row], close: bool) -> str:
    session = crm._session
    asked = {"object": "Account", "operation": "update", "contentType": "CSV", "lineEnding": "LF"}
    id = str(session.call("POST", "jobs/ingest", body=asked)["id"])
    session.call("PUT", f"jobs/ingest/{id}/batches", body=to_csv(rows))
    if close:
        session.call("PATCH", f"jobs/ingest/{id}", body={"state": "UploadComplete"})
    return id


AWKWARD: tuple[Any, ...] = (
    "二行\nある", '"引用", と , カンマ', '"', "改行は\r\nここ", "😀 𠮷野家 ㈱", "#N/A", "n/a", "'=1+1", "0012", "false", " 前後 ",
    12, 0.5, date(2026, 12, 31), None, "", " \t", "　",
)  # fmt: skip


def test_awkward_values_arrive_as_by_rest(sales: Sales) -> None:
    ids = accounts(sales, ROWS)
    by_rest, by_job = sales.create("Account", *({"Name": "甲"} for _ in AWKWARD)), ids[: len(AWKWARD)]
    list(sales.crm.write("Account", [{"Id": id, "Description": "前", "Phone": "03"} for id in [*by_rest, *ids]]))
    rows: list[Row] = [{"Id": id, "Description": AWKWARD[at % len(AWKWARD)]} for at, id in enumerate(ids)]
    assert all(result.ok for result in sales.crm.write("Account", rows))
    list(sales.crm.write("Account", [{**row, "Id": id} for row, id in zip(rows, by_rest, strict=False)]))
    after = sales.crm.read("Account", [*by_rest, *by_job], ["Description", "Phone"])
    assert [after[id] for id in by_job] == [after[id] for id in by_rest]
    assert after[by_job[0]] == {"Description": "二行\nある", "Phone": "03"}
    assert after[by_job[AWKWARD.index(None)]] == {"Description": None, "Phone": "03"}


def test_fields_that_a_row_does_not_name_are_left_alone(sales: Sales) -> None:
    sales.provision(SPECS[:1])
    ids = accounts(sales, ROWS)
    flag, until = "Totsugo_No_Approach__c", "Totsugo_No_Approach_Until__c"
    list(sales.crm.write("Account", [{"Id": id, flag: True, until: "2026-12-31"} for id in ids]))
    rows: list[Row] = [{"Id": id, flag: False} if at % 2 else {"Id": id, until: None} for at, id in enumerate(ids)]
    assert all(result.ok for result in sales.crm.write("Account", rows))
    after = sales.crm.read("Account", ids, [flag, until])
    assert [after[id] for id in ids[:2]] == [{flag: True, until: None}, {flag: False, until: "2026-12-31"}]


def test_many_rows_go_by_one_job_and_few_by_collections(sales: Sales) -> None:
    ids = accounts(sales, 3000)
    sales.crm.identity()
    sales.calls()
    results = list(sales.crm.write("Account", ({"Id": id, "Name": "新"} for id in reversed(ids))))
    assert [result.key for result in results] == ids[::-1]
    assert all(result.ok and result.id == result.key and not result.created for result in results)
    one_job = {
        "POST jobs/ingest": 1,
        "PUT jobs/ingest/{id}/batches": 1,
        "PATCH jobs/ingest/{id}": 1,
        "GET jobs/ingest/{id}": 1,
    }
    assert sales.calls() == one_job
    assert names(sales, ids) == ["新"] * 3000
    assert sales.calls() == {"POST composite/sobjects/Account": 2}
    list(sales.crm.write("Account", [{"Id": id, "Name": "又"} for id in ids[: ROWS - 1]]))
    assert sales.calls() == {"PATCH composite/sobjects": 6}
    assert [sales.crm.batch_size(rows) for rows in (1, ROWS - 1, ROWS, 100_000)] == [2000, 2000, 25_000, 25_000]


def test_rows_are_taken_one_job_at_a_time(sales: Sales) -> None:
    (id,) = accounts(sales, 1)
    taken = 0

    def rows() -> Iterator[Row]:
        nonlocal taken
        while True:
            taken += 1
            yield {"Id": id, "Name": str(taken)}

    assert next(sales.crm.write("Account", rows())).ok
    assert taken == bulk.BREAK_EVEN
    assert names(sales, [id]) == ["1"]


def test_a_record_twice_in_one_write_ends_as_the_later_row_says(sales: Sales) -> None:
    ids = accounts(sales, ROWS)
    rows: list[Row] = [*({"Id": id, "Name": "一"} for id in ids), *({"Id": id, "Name": "二"} for id in ids)]
    assert [result.key for result in sales.crm.write("Account", rows)] == ids + ids
    assert set(names(sales, ids)) == {"二"}


def test_bad_rows_are_named_and_locked_ones_sent_again(sales: Sales) -> None:
    sales.provision(SPECS[:1])
    ids = accounts(sales, ROWS + 2)
    field = "Totsugo_Partner_Approach__c"
    rows: list[dict[str, Any]] = [{"Id": id, field: "open"} for id in ids]
    rows[17][field] = "無い値"
    rows[40]["Id"] = "0015g00000zzzzzAAA"
    del rows[50]["Id"]
    sales.fault("row_lock", count=1, match=ids[70])
    sales.fault("row_lock", match=ids[80])
    sales.fault("validation_rule", count=1, match=ids[90])
    results = list(sales.crm.write("Account", rows))
    assert [result.key for result in results] == [row.get("Id", "") for row in rows]
    assert {number: result.code for number, result in enumerate(results) if not result.ok} == {
        17: "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
        40: "INVALID_CROSS_REFERENCE_KEY",
        50: "MISSING_ID",
        80: "UNABLE_TO_LOCK_ROW",
        90: "FIELD_CUSTOM_VALIDATION_EXCEPTION",
    }
    assert results[90].message == "入力規則により保存できません。"
    assert "無い値" in str(results[17].message)


@pytest.mark.parametrize(("fault", "state"), [("job_failed", "Failed"), ("job_aborted", "Aborted")])
def test_no_row_of_a_job_that_ends_half_way_is_lost(sales: Sales, fault: str, state: str) -> None:
    ids = accounts(sales, ROWS)
    sales.fault(fault, count=1)
    sales.fault("validation_rule", count=1, match=ids[3])
    results = list(sales.crm.write("Account", [{"Id": id, "Name": "新"} for id in ids]))
    assert [result.key for result in results] == ids
    assert Counter(result.code for result in results) == {
        None: (ROWS + 1) // 2 - 1,
        "FIELD_CUSTOM_VALIDATION_EXCEPTION": 1,
        state: ROWS // 2,
    }
    assert [result.ok for result in results] == [name == "新" for name in names(sales, ids)]
    assert f"ended as {state}" in str(results[-1].message)


def test_a_field_that_does_not_exist_fails_every_row_and_says_which(sales: Sales) -> None:
    ids = accounts(sales, ROWS)
    results = list(sales.crm.write("Account", [{"Id": id, "Gone__c": "x"} for id in ids]))
    assert {(result.ok, result.code) for result in results} == {(False, "Failed")}
    assert "Field name not found : Gone__c" in str(results[0].message)
    with pytest.raises(SchemaMissing):
        list(sales.crm.write("Gone__c", [{"Id": id, "Name": "x"} for id in ids]))


def test_session_that_ends_in_mid_job_is_opened_again(sales: Sales) -> None:
    ids = accounts(sales, ROWS)
    for method in ("PUT", "PATCH", "GET"):
        sales.fault("session_expired", count=1, method=method, match="jobs/ingest")
    assert all(result.ok for result in sales.crm.write("Account", [{"Id": id, "Name": "新"} for id in ids]))
    assert set(names(sales, ids)) == {"新"}


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "GET"])
def test_an_answer_that_is_lost_does_no_harm(sales: Sales, method: str) -> None:
    """The call is made again, and Salesforce refuses data or a close that it already has."""
    ids = accounts(sales, ROWS)
    sales.fault("drop_connection", count=1, method=method, match="jobs/ingest", when="after")
    assert all(result.ok for result in sales.crm.write("Account", [{"Id": id, "Name": "新"} for id in ids]))
    assert set(names(sales, ids)) == {"新"}
    states = Counter(job["state"] for job in sales.call("GET", "jobs/ingest")["records"])
    assert states["JobComplete"] == 1
    assert sales.crm.finish_begun("Account") == states["Open"]


def test_a_slow_job_is_waited_for_up_to_a_limit(sales: Sales, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = accounts(sales, ROWS)
    sales.fault("job_slow", count=2)
    assert all(result.ok for result in sales.crm.write("Account", [{"Id": id, "Name": "新"} for id in ids]))
    sales.fault("job_slow")
    monkeypatch.setattr(jobs, "PATIENCE", 0.0)
    id = begin(sales, [{"Id": ids[0], "Name": "又"}])
    with pytest.raises(CrmUnavailable, match=rf"has not finished job {id} .* still under way"):
        sales.crm.finish_begun("Account")


def test_upsert_by_external_id(sales: Sales) -> None:
    sales.provision(SPECS)
    (account,) = sales.create("Account", {"Name": "甲"})
    keys = [f'{account}:{number:04d}:武蔵, "本店"\'' for number in range(ROWS)]
    rows: list[Row] = [{KEY: key, "Totsugo_Account__c": account, "Totsugo_Cell__c": 3} for key in keys]
    list(sales.crm.write(CHILD, rows[:5], external_id=KEY))
    sales.calls()
    first = list(sales.crm.write(CHILD, rows, external_id=KEY))
    assert sales.calls() == {
        "POST jobs/ingest": 1,
        "PUT jobs/ingest/{id}/batches": 1,
        "PATCH jobs/ingest/{id}": 1,
        "GET jobs/ingest/{id}": 1,
        "GET jobs/ingest/{id}/successfulResults": 1,
    }
    again = list(sales.crm.write(CHILD, rows, external_id=KEY))
    assert [(result.key, result.ok) for result in first] == [(key, True) for key in keys]
    assert [result.created for result in first] == [False] * 5 + [True] * (ROWS - 5)
    assert [(result.id, result.created) for result in again] == [(result.id, False) for result in first]
    read = sales.crm.read(CHILD, keys[-2:], ["Id", "Totsugo_Cell__c"], external_id=KEY)
    assert read == {result.key: {"Id": result.id, "Totsugo_Cell__c": 3} for result in first[-2:]}


def test_delete_by_one_job_counts_what_is_gone_as_done(sales: Sales) -> None:
    ids = accounts(sales, ROWS)
    list(sales.crm.delete("Account", ids[:2]))
    sales.fault("row_lock", count=1, match=ids[5])
    results = list(sales.crm.delete("Account", ids))
    assert [(result.key, result.ok) for result in results] == [(id, True) for id in ids]
    assert sales.crm.read("Account", ids, ["Name"]) == {}


def test_nothing_begun_costs_one_call(sales: Sales) -> None:
    sales.crm.identity()
    sales.calls()
    assert sales.crm.finish_begun("Account") == 0
    assert sales.calls() == {"GET jobs/ingest": 1}


def test_a_closed_job_of_a_killed_process_is_waited_for(sales: Sales) -> None:
    ids = accounts(sales, 4)
    sales.fault("job_slow", count=4)
    begin(sales, [{"Id": id, "Name": "遅"} for id in ids])
    assert names(sales, ids) == ["遅", "遅", "会社2", "会社3"]  # half-way
    assert sales.crm.finish_begun("Account") == 1
    assert names(sales, ids) == ["遅"] * 4
    assert sales.crm.finish_begun("Account") == 0


def test_without_waiting_it_takes_effect_late(sales: Sales) -> None:
    """Why ``finish_begun`` comes first: what was just read is overtaken by the dead process."""
    ids = accounts(sales, 2)
    sales.fault("job_slow", count=1)
    begin(sales, [{"Id": id, "Name": "遅"} for id in ids])
    assert names(sales, ids) == ["遅", "会社1"]
    assert names(sales, ids) == ["遅", "遅"]


def test_an_open_job_of_a_killed_process_never_takes_effect(sales: Sales) -> None:
    ids = accounts(sales, 2)
    id = begin(sales, [{"Id": id, "Name": "遅"} for id in ids], close=False)
    assert sales.crm.finish_begun("Account") == 1
    assert sales.call("GET", f"jobs/ingest/{id}")["state"] == "Aborted"
    assert names(sales, ids) == ["会社0", "会社1"]


def test_jobs_of_others_are_left_alone(sales: Sales) -> None:
    ids = accounts(sales, 2)
    other = open_crm("salesforce", sales.org.url, sales.org.person)
    assert isinstance(other, SalesforceCrm)
    begin_as(other, [{"Id": ids[0], "Name": "他"}], close=False)
    begin(sales, [{"Id": ids[1], "Name": "我"}], close=False)
    assert sales.crm.finish_begun("Account") == 1
    assert Counter(job["state"] for job in sales.call("GET", "jobs/ingest")["records"]) == {"Open": 1, "Aborted": 1}


def test_salesforce_has_no_static_lists(sales: Sales) -> None:
    assert sales.crm.existing_lists("Totsugo") == {}


def test_read_by_id_leaves_out_what_is_gone_and_refuses_what_is_hidden(sales: Sales) -> None:
    ids = accounts(sales, 2001)
    list(sales.crm.delete("Account", ids[:1]))
    sales.calls()
    found = sales.crm.read("Account", [*ids, make_id("001", 9_999_999), ids[5]], ["Name", "Phone"])
    assert list(found) == ids[1:]
    assert found[ids[1]] == {"Name": "会社1", "Phone": None}
    assert sales.calls() == {"POST composite/sobjects/Account": 2}
    with pytest.raises(SchemaMissing):
        sales.crm.read("Account", ids[:1], ["Gone__c"])
