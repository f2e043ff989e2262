"""What a pull from Salesforce brings, and that nothing is lost or doubled."""

from __future__ import annotations

import itertools
from datetime import datetime

import pyarrow as pa
import pytest

from connectors.crm import SchemaMissing
from connectors.salesforce import pull
from tests.connectors.salesforce.conftest import Sales

FIELDS = ["Id", "Name", "NumberOfEmployees", "IsDeleted", "SystemModstamp"]


def test_first_pull_brings_every_record_typed(sales: Sales) -> None:
    ids = sales.create("Account", {"Name": "株式会社\n一", "NumberOfEmployees": 12}, {"Name": "二\x00号"})
    rows, cursor, batches = sales.pull("Account", FIELDS)
    assert [row["Id"] for row in rows] == sorted(ids)
    named = {row["_id"]: row for row in rows}
    assert (named[ids[0]]["Name"], named[ids[0]]["NumberOfEmployees"]) == ("株式会社\n一", 12.0)
    assert named[ids[1]]["Name"] == "二\x00号"
    assert named[ids[1]]["NumberOfEmployees"] is None
    schema = batches[0].table.schema
    assert schema.field("IsDeleted").type == pa.bool_()
    assert schema.field("NumberOfEmployees").type == pa.float64()
    assert schema.field("SystemModstamp").type == pa.string()
    assert set(cursor) == {"stamp", "seen"}


def test_next_pull_brings_only_what_changed(sales: Sales) -> None:
    _first, second, _third = sales.create("Account", {"Name": "甲"}, {"Name": "乙"}, {"Name": "丙"})
    _, cursor, _ = sales.pull("Account", FIELDS)
    assert sales.pull("Account", FIELDS, cursor)[0] == []
    list(sales.crm.write("Account", [{"Id": second, "Name": "乙二"}]))  # in the same second: the stamp does not move
    (changed,), cursor, _ = sales.pull("Account", FIELDS, cursor)
    assert (changed["_id"], changed["Name"]) == (second, "乙二")
    assert sales.pull("Account", FIELDS, cursor)[0] == []


def test_changes_count_only_after_the_cursor(sales: Sales) -> None:
    sales.at("2026-11-20T00:00:00+00:00")
    ids = sales.create("Account", {"Name": "甲"}, {"Name": "乙"})
    _, cursor, _ = sales.pull("Account", FIELDS)
    assert sales.crm.changed_since("Account", cursor, None) == 0
    sales.at("2026-11-20T00:00:30+00:00")
    list(sales.crm.write("Account", [{"Id": ids[0], "Name": "甲一"}]))
    list(sales.crm.delete("Account", [ids[1]]))
    assert sales.crm.changed_since("Account", cursor, None) == 2
    assert sales.crm.changed_since("Account", cursor, sales.crm.identity().user_id) == 0


def test_deleted_record_comes_as_a_deletion_once(sales: Sales) -> None:
    _, gone = sales.create("Account", {"Name": "残"}, {"Name": "去"})
    _, cursor, _ = sales.pull("Account", FIELDS)
    assert all(result.ok for result in sales.crm.delete("Account", [gone]))
    (row,), cursor, _ = sales.pull("Account", FIELDS, cursor)
    assert (row["_id"], row["_deleted"], row["_merged_into"]) == (gone, True, None)
    assert sales.pull("Account", FIELDS, cursor)[0] == []


def test_merged_record_names_the_record_that_took_it_in(sales: Sales) -> None:
    (winner,) = sales.create("Account", {"Name": "勝"})
    _, cursor, _ = sales.pull("Account", FIELDS)
    loser = winner[:14] + "9AAA"
    sales.put("Account", loser, cursor["stamp"].replace("Z", "+0000"), deleted=True, Name="負", MasterRecordId=winner)
    (row,), _, _ = sales.pull("Account", FIELDS, cursor)
    assert (row["_id"], row["_deleted"], row["_merged_into"]) == (loser, True, winner)


def test_unknown_field_is_left_out_and_named(sales: Sales) -> None:
    sales.create("Account", {"Name": "甲"})
    (row,), _, batches = sales.pull("Account", ["Name", "Gone__c"])
    assert row["Name"] == "甲"
    assert "Gone__c" not in batches[0].table.column_names
    assert any("Account.Gone__c" in note for note in batches[0].notes)


def test_object_without_deletions_is_pulled_too(sales: Sales) -> None:
    rows, cursor, _ = sales.pull("User", ["Id", "Name", "IsActive"])
    assert sales.crm.identity().user_id in {row["Id"] for row in rows}
    assert not any(row["_deleted"] for row in rows)
    assert sales.pull("User", ["Id", "Name", "IsActive"], cursor)[0] == []


def test_unknown_object_is_a_missing_schema(sales: Sales) -> None:
    with pytest.raises(SchemaMissing, match="Totsugo_Nothing__c"):
        list(sales.crm.pull("Totsugo_Nothing__c", ["Id"], None))


def test_row_that_becomes_visible_late_is_not_lost(sales: Sales) -> None:
    sales.put("Account", "0015g00000000B1AAA", "2026-11-20T00:05:00.000+0000", Name="先")
    _, cursor, _ = sales.pull("Account", FIELDS)
    sales.put("Account", "0015g00000000B2AAA", "2026-11-20T00:03:30.000+0000", Name="遅")
    rows, cursor, _ = sales.pull("Account", FIELDS, cursor)
    assert [row["Name"] for row in rows] == ["遅"]
    assert sales.pull("Account", FIELDS, cursor)[0] == []


def test_equal_stamps_across_pages_are_neither_lost_nor_doubled(sales: Sales) -> None:
    ids = _many_with_one_stamp(sales, 5_100)
    rows, cursor, batches = sales.pull("Account", FIELDS)
    assert [row["Id"] for row in rows] == sorted(ids)
    assert [batch.table.num_rows for batch in batches] == [2000, 2000, 1100]
    assert sales.pull("Account", FIELDS, cursor)[0] == []


def test_pull_goes_on_from_the_cursor_of_any_batch(sales: Sales) -> None:
    ids = _many_with_one_stamp(sales, 4_500)
    first = next(iter(sales.crm.pull("Account", FIELDS, None)))
    rest, _, _ = sales.pull("Account", FIELDS, first.cursor)
    assert {*first.table["Id"].to_pylist(), *(row["Id"] for row in rest)} == set(ids)


def test_expired_locator_is_replaced_by_a_fresh_query(sales: Sales) -> None:
    ids = _many_with_one_stamp(sales, 6_100)
    pulling = sales.crm.pull("Account", FIELDS, None)
    rows = [*next(pulling).table["Id"].to_pylist(), *next(pulling).table["Id"].to_pylist()]
    for _ in range(51):  # an org keeps so many cursors open, then drops the oldest
        sales.call("GET", "query", params={"q": "SELECT Id FROM Account LIMIT 2001"})
    for batch in pulling:
        rows += batch.table["Id"].to_pylist()
    assert rows == sorted(ids)


def test_change_in_the_middle_of_a_pull_is_delivered_next_time(sales: Sales) -> None:
    """The row that shows a later stamp in mid-pull must not carry the cursor past changes to rows already read."""
    ids = _many_with_one_stamp(sales, 2_100)
    pulling = sales.crm.pull("Account", FIELDS, None)
    next(pulling)
    sales.put("Account", ids[0], "2026-11-20T05:00:00.000+0000", Name="前に読んだ行")
    sales.put("Account", ids[-1], "2026-11-20T09:00:00.000+0000", Name="まだ読んでいない行")
    cursor = list(pulling)[-1].cursor
    rows, _, _ = sales.pull("Account", FIELDS, cursor)
    assert ids[0] in {row["Id"] for row in rows}


@pytest.mark.parametrize("later", ["2026-11-20T00:00:01.000+0000", "2026-11-21T00:00:00.000+0000"])
def test_row_that_changed_before_its_page_was_read_hides_none_from_a_pull_that_goes_on(sales: Sales, later: str) -> None:
    """Its stamp says nothing of where it stood, even where it ends a page."""
    ids = _many_with_one_stamp(sales, 8_000)
    pulling = sales.crm.pull("Account", FIELDS, None)
    batches = [next(pulling), next(pulling)]
    sales.put("Account", ids[5_999], later, Name="変わった行")
    batches.append(next(pulling))
    assert batches[-1].table["Name"][-1].as_py() == "変わった行"
    rest, _, _ = sales.pull("Account", FIELDS, batches[-1].cursor)
    assert {*(id for batch in batches for id in batch.table["Id"].to_pylist()), *(row["Id"] for row in rest)} == set(ids)


@pytest.mark.parametrize("changed", [5, 3_999], ids=["read already", "the end of the next page"])
def test_row_that_changed_while_the_newest_stamp_was_asked_for_is_not_lost_and_hides_none(
    sales: Sales, monkeypatch: pytest.MonkeyPatch, changed: int
) -> None:
    """However long that took: a CRM on a bad day lets one wait for minutes."""
    ids = _many_with_one_stamp(sales, 6_000)
    ask = pull._Pull._newest

    def slowly(pulling: pull._Pull) -> datetime:
        sales.put("Account", ids[changed], "2026-11-20T01:00:00.000+0000", Name="変わった行")
        sales.put("Account", ids[-1], "2026-11-20T01:05:00.000+0000", Name="後で変わった行")
        return ask(pulling)

    monkeypatch.setattr(pull._Pull, "_newest", slowly)
    batches = list(itertools.islice(sales.crm.pull("Account", FIELDS, None), 2))
    monkeypatch.undo()
    rows = [row for batch in batches for row in batch.table.to_pylist()]
    rest, cursor, _ = sales.pull("Account", FIELDS, batches[-1].cursor)
    rows += rest + sales.pull("Account", FIELDS, cursor)[0]
    assert {row["_id"]: row["Name"] for row in rows}[ids[changed]] == "変わった行"
    assert {row["_id"] for row in rows} == set(ids)


def test_session_that_ends_in_mid_pull_is_renewed_once(sales: Sales) -> None:
    _many_with_one_stamp(sales, 4_100)
    sales.fault("session_expired", count=1, match="/query/")
    assert len(sales.pull("Account", FIELDS)[0]) == 4_100


def test_read_takes_many_ids_and_leaves_out_what_is_gone(sales: Sales) -> None:
    ids = sales.create("Account", *({"Name": f"会社{i}"} for i in range(900)))
    list(sales.crm.delete("Account", ids[:1]))
    found = sales.crm.read("Account", ids, ["Name", "Phone"])
    assert set(found) == set(ids[1:])
    assert found[ids[7]] == {"Name": "会社7", "Phone": None}
    with pytest.raises(SchemaMissing):
        sales.crm.read("Account", ids[1:2], ["Gone__c"])


def _many_with_one_stamp(sales: Sales, count: int) -> list[str]:
    stamp = "2026-11-20T00:00:00.000+0000"
    ids = [f"0015g0000{number:06d}AAA" for number in range(count)]
    common = {"SystemModstamp": stamp, "LastModifiedDate": stamp, "CreatedDate": stamp}
    sales.org.store.put_many("Account", [(id, {"Id": id, "Name": f"会社{id}", **common}, stamp, False) for id in ids])
    return ids


def test_fields_of_a_parent_come_flat_under_their_whole_name(sales: Sales) -> None:
    (head,) = sales.create("Account", {"Name": "本社", "NumberOfEmployees": 12})
    branch, _ = sales.create("Account", {"Name": "支社", "ParentId": head}, {"Name": "独立"})
    asked = ["Name", "Parent.Name", "Parent.NumberOfEmployees", "Parent.Owner.Name", "Parent.Nothing__c", "Nowhere.Name"]
    seen = sales.crm.existing_fields("Account", asked) or set()
    assert set(asked) & seen == {"Name", "Parent.Name", "Parent.NumberOfEmployees", "Parent.Owner.Name"}
    rows, _, batches = sales.pull("Account", asked)
    found = {row["_id"]: (row["Parent.Name"], row["Parent.NumberOfEmployees"], row["Parent.Owner.Name"]) for row in rows}
    assert found[branch][:2] == ("本社", 12.0)
    assert found[branch][2]
    assert found[head] == (None, None, None)
    assert "Account.Parent.Nothing__c" in batches[0].notes[0]
