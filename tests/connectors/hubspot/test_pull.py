"""What a pull from HubSpot brings, and that nothing is lost or doubled."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest

from connectors.crm import SchemaMissing
from tests.connectors.hubspot.conftest import Portal

FIELDS = ["name", "numberofemployees", "hs_lastmodifieddate"]


def test_first_pull_brings_every_record_typed(portal: Portal) -> None:
    rows = [{"name": f"株式会社テスト{i}", "numberofemployees": str(i)} for i in range(250)]
    ids = portal.create("companies", *rows)
    pulled, cursor, batches = portal.pull("companies", ["id", *FIELDS])
    assert [row["id"] for row in pulled] == ids == [row["_id"] for row in pulled]
    assert pulled[3]["name"] == "株式会社テスト3"
    assert pulled[3]["numberofemployees"] == 3.0
    assert batches[0].table.schema.field("hs_lastmodifieddate").type == pa.string()
    assert pulled[3]["_modified_at"].tzinfo is not None
    assert not pulled[3]["_deleted"]
    assert set(cursor) == {"stamp", "seen"}


def test_next_pull_brings_only_what_changed(portal: Portal) -> None:
    _first, second, _third = portal.create("companies", {"name": "甲"}, {"name": "乙"}, {"name": "丙"})
    _, cursor, _ = portal.pull("companies", FIELDS)
    again, cursor, _ = portal.pull("companies", FIELDS, cursor)
    assert again == []
    list(portal.crm.write("companies", [{"id": second, "name": "乙二"}]))
    (changed,), cursor, _ = portal.pull("companies", FIELDS, cursor)
    assert (changed["_id"], changed["name"]) == (second, "乙二")
    assert portal.pull("companies", FIELDS, cursor)[0] == []


def test_changes_count_only_after_the_cursor(portal: Portal) -> None:
    ids = portal.create("companies", {"name": "甲"}, {"name": "乙"})
    _, cursor, _ = portal.pull("companies", FIELDS)
    assert portal.crm.changed_since("companies", cursor, None) == 0
    list(portal.crm.write("companies", [{"id": ids[0], "name": "甲一"}]))
    assert portal.crm.changed_since("companies", cursor, None) == 1
    assert portal.crm.changed_since("companies", cursor, portal.crm.identity().user_id) == 0
    assert portal.crm.changed_since("companies", cursor, "999999") == 1


def test_archived_record_comes_as_a_deletion_once(portal: Portal) -> None:
    keep, gone = portal.create("companies", {"name": "残"}, {"name": "去"})
    _, cursor, _ = portal.pull("companies", FIELDS)
    assert [result.ok for result in portal.crm.delete("companies", [gone, gone])] == [True, True]
    (row,), cursor, _ = portal.pull("companies", FIELDS, cursor)
    assert (row["_id"], row["_deleted"]) == (gone, True)
    assert portal.pull("companies", FIELDS, cursor)[0] == []
    everything, _, _ = portal.pull("companies", FIELDS)
    assert {row["_id"]: row["_deleted"] for row in everything} == {keep: False, gone: True}


def test_merged_records_name_the_record_that_took_them_in(portal: Portal) -> None:
    one, two = portal.create("companies", {"name": "一"}, {"name": "二"})
    _, cursor, _ = portal.pull("companies", FIELDS)
    winner = portal.call("POST", "/crm/v3/objects/companies/merge", {"primaryObjectId": one, "objectIdToMerge": two})["id"]
    rows, _, _ = portal.pull("companies", FIELDS, cursor)
    assert {row["_id"]: (row["_deleted"], row["_merged_into"]) for row in rows} == {
        winner: (False, None),
        one: (True, winner),
        two: (True, winner),
    }


def test_unknown_property_is_left_out_and_named(portal: Portal) -> None:
    portal.create("companies", {"name": "甲"})
    _, _, batches = portal.pull("companies", ["name", "no_such_property"])
    assert "no_such_property" not in batches[0].table.column_names
    assert any("no_such_property" in note for note in batches[0].notes)


def test_unknown_object_is_a_missing_schema(portal: Portal) -> None:
    assert portal.crm.existing_fields("no_such_things") is None
    with pytest.raises(SchemaMissing):
        list(portal.crm.pull("no_such_things", ["name"], None))


def test_record_that_the_search_index_shows_late_is_not_lost(portal: Portal) -> None:
    portal.create("companies", {"name": "早"})
    _, cursor, _ = portal.pull("companies", FIELDS)
    late, early = portal.create("companies", {"name": "遅"}), portal.create("companies", {"name": "並"})
    portal.fault("search_lag", seconds=60, count=1)
    rows, cursor, _ = portal.pull("companies", FIELDS, cursor)
    assert rows == []
    rows, _, _ = portal.pull("companies", FIELDS, cursor)
    assert {row["_id"] for row in rows} == {*late, *early}


def test_more_changes_than_a_search_shows_come_without_loss_or_repeat(portal: Portal) -> None:
    """All with one and the same stamp, more than HubSpot's search would ever page through."""
    portal.create("companies", {"name": "種"})
    _, cursor, _ = portal.pull("companies", FIELDS)
    stamp = (datetime.now(UTC) + timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    documents = []
    for number in range(20_000, 30_450):
        properties = {"name": f"会社{number}", "hs_object_id": str(number), "hs_lastmodifieddate": stamp}
        doc = {"id": str(number), "properties": properties, "createdAt": stamp, "updatedAt": stamp, "archived": False}
        documents.append((str(number).zfill(20), doc, stamp, False))
    portal.org.store.put_many("companies", documents)
    rows, cursor, batches = portal.pull("companies", FIELDS, cursor)
    assert len(rows) == len({row["_id"] for row in rows}) == 10_450
    assert len(batches) > 10
    assert portal.pull("companies", FIELDS, cursor)[0] == []


@pytest.mark.parametrize("second", [False, True])
def test_pull_goes_on_from_the_cursor_of_any_batch(portal: Portal, second: bool) -> None:
    cursor = portal.pull("companies", FIELDS)[1] if second else None
    ids = portal.create("companies", *({"name": f"会社{i}"} for i in range(2_300)))
    stopped = next(iter(portal.crm.pull("companies", FIELDS, cursor)))
    rest, _, _ = portal.pull("companies", FIELDS, stopped.cursor)
    assert stopped.table.num_rows == 1_000
    assert sorted([*stopped.table["_id"].to_pylist(), *(row["_id"] for row in rest)], key=int) == ids


def test_records_know_their_companies(portal: Portal) -> None:
    (company, other) = portal.create("companies", {"name": "甲"}, {"name": "乙"})
    with_two, without = portal.create("deals", {"dealname": "二社"}, {"dealname": "無し"})
    for to in (company, other):
        portal.call("PUT", f"/crm/v4/objects/deals/{with_two}/associations/default/companies/{to}")
    rows, _, batches = portal.pull("deals", ["dealname", "hs_is_closed"])
    linked = {row["_id"]: row["associated_company_ids"] for row in rows}
    assert {id: sorted(ids) for id, ids in linked.items()} == {with_two: sorted([company, other]), without: []}
    assert batches[0].table.schema.field("associated_company_ids").type == pa.list_(pa.string())
    assert batches[0].table.schema.field("hs_is_closed").type == pa.bool_()


def test_very_long_property_lists_do_not_overflow_the_address(portal: Portal) -> None:
    group = {"name": "many", "label": "多数"}
    portal.call("POST", "/crm/v3/properties/companies/groups", group)
    names = [f"a_property_with_quite_a_long_name_{i:03d}" for i in range(200)]
    for at in range(0, 200, 100):
        inputs = [
            {"name": n, "label": n, "type": "string", "fieldType": "text", "groupName": "many"} for n in names[at : at + 100]
        ]
        portal.call("POST", "/crm/v3/properties/companies/batch/create", {"inputs": inputs})
    kept, gone = portal.create("companies", {"name": "甲", names[7]: "七"}, {"name": "乙"})
    list(portal.crm.delete("companies", [gone]))
    portal.fault("uri_too_long")
    rows, _, _ = portal.pull("companies", ["name", *names])
    assert {row["_id"]: (row[names[7]], row["_deleted"]) for row in rows} == {kept: ("七", False), gone: (None, True)}


def test_owners_are_pulled_with_those_who_left(portal: Portal) -> None:
    at = "2026-01-05T00:00:00.000Z"
    for number, (family, left) in enumerate([("佐藤", False), ("鈴木", True)], 7_000_001):
        doc = {"id": str(number), "email": f"u{number}@example.jp", "firstName": "花", "lastName": family, "userId": number}
        doc |= {"type": "PERSON", "archived": left, "createdAt": at, "updatedAt": at}
        portal.org.store.put("owners", str(number).zfill(20), doc, at, deleted=left)
    fields = ["id", "email", "lastName", "archived"]
    rows, cursor, _ = portal.pull("owners", fields)
    found = {row["lastName"]: (row["archived"], row["_deleted"]) for row in rows}
    assert (found["佐藤"], found["鈴木"]) == ((False, False), (True, False))
    assert portal.pull("owners", fields, cursor)[0] == []
    assert portal.crm.changed_since("owners", cursor, None) == 0
