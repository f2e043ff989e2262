"""What a pull from HubSpot brings, and that nothing is lost or doubled."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
import requests

from connectors import open_crm
from connectors.crm import CrmUnavailable, QuotaExhausted, SchemaMissing
from connectors.hubspot.pages import Pages
from connectors.quota import Budget
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
    assert set(cursor) == {"stamp", "seen", "quiet"}


def test_runs_of_few_calls_get_on_together(portal: Portal) -> None:
    ids = portal.create("companies", *({"name": f"会社{n}"} for n in range(450)))
    cursor, found = None, list[str]()
    for _ in range(20):
        crm = open_crm("hubspot", portal.org.url, portal.org.credentials, Budget(calls=6))
        try:
            for batch in crm.pull("companies", FIELDS, cursor):
                cursor = batch.cursor
                found += batch.table["_id"].to_pylist()
            break
        except QuotaExhausted:
            continue
    assert sorted(found, key=int) == sorted(ids, key=int)


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


def _calls(portal: Portal, match: str = "") -> list[str]:
    """Method and path of the calls since this was asked last."""
    answer = requests.get(f"{portal.org.url}/__sandbox__/requests", params={"match": match}, timeout=10).json()
    requests.delete(f"{portal.org.url}/__sandbox__/requests", timeout=10)
    return [f"{each['method']} {each['path']}" for each in answer["requests"]]


LIST, SEARCH = "GET /crm/v3/objects/companies", "POST /crm/v3/objects/companies/search"
PROPERTIES = "GET /crm/v3/properties/companies"


def test_nothing_new_costs_a_handful_of_calls_however_much_was_changed_last(portal: Portal) -> None:
    ids = portal.create("companies", *({"name": f"会社{i}"} for i in range(1_250)))
    cursor = portal.pull("companies", FIELDS)[1]
    list(portal.crm.write("companies", [{"id": id, "name": "変更"} for id in ids]))
    rows, cursor, _ = portal.pull("companies", FIELDS, cursor)
    assert len(rows) == 1_250
    for _ in range(2):
        _calls(portal)
        assert portal.crm.existing_fields("companies")
        rows, cursor, _ = portal.pull("companies", FIELDS, cursor)
        assert rows == []
        assert _calls(portal) == [PROPERTIES, SEARCH, LIST]
    list(portal.crm.write("companies", [{"id": ids[3], "name": "また変更"}]))
    (row,), _, _ = portal.pull("companies", FIELDS, cursor)
    assert (row["_id"], row["name"]) == (ids[3], "また変更")


def test_a_first_pull_takes_no_more_calls_than_there_are_pages(portal: Portal) -> None:
    portal.create("companies", *({"name": f"会社{i}"} for i in range(1_250)))
    _calls(portal)
    portal.pull("companies", FIELDS)
    assert Counter(_calls(portal)) == {PROPERTIES: 1, SEARCH: 1, LIST: 13 + 1}


def test_a_few_changes_come_by_one_search(portal: Portal) -> None:
    ids = portal.create("companies", *({"name": f"会社{i}"} for i in range(150)))
    _, cursor, _ = portal.pull("companies", FIELDS)
    list(portal.crm.write("companies", [{"id": id, "name": "変更"} for id in ids[:40]]))
    _calls(portal)
    rows, _, _ = portal.pull("companies", FIELDS, cursor)
    assert {row["_id"] for row in rows} == set(ids[:40])
    assert _calls(portal) == [PROPERTIES, SEARCH, LIST]


def test_a_big_bin_is_read_only_when_something_was_thrown_in(portal: Portal) -> None:
    ids = portal.create("companies", *({"name": f"会社{i}"} for i in range(420)))
    list(portal.crm.delete("companies", ids[:400]))
    cursor = portal.pull("companies", FIELDS)[1]
    cursor = portal.pull("companies", FIELDS, cursor)[1]
    _calls(portal)
    rows, cursor, _ = portal.pull("companies", FIELDS, cursor)
    assert rows == []
    assert _calls(portal) == [PROPERTIES, SEARCH, SEARCH]
    list(portal.crm.delete("companies", [ids[410]]))
    (row,), cursor, _ = portal.pull("companies", FIELDS, cursor)
    assert (row["_id"], row["_deleted"]) == (ids[410], True)
    list(portal.crm.write("companies", [{"id": ids[411], "name": "変更"}]))
    list(portal.crm.delete("companies", [ids[412]]))
    rows, cursor, _ = portal.pull("companies", FIELDS, cursor)
    assert {row["_id"]: row["_deleted"] for row in rows} == {ids[411]: False, ids[412]: True}
    assert portal.pull("companies", FIELDS, cursor)[0] == []


def test_an_index_that_is_minutes_late_loses_nothing(portal: Portal) -> None:
    def put(id: str, at: str) -> None:
        properties = {"name": f"会社{id}", "hs_object_id": id, "hs_lastmodifieddate": at}
        doc = {"id": id, "properties": properties, "createdAt": at, "updatedAt": at, "archived": False}
        portal.org.store.put("companies", id.zfill(20), doc, at)

    put("1", "2026-11-01T00:00:00.000Z")
    put("3", "2026-11-01T00:08:00.000Z")
    rows, cursor, _ = portal.pull("companies", FIELDS)
    assert [row["_id"] for row in rows] == ["1", "3"]
    put("2", "2026-11-01T00:00:01.000Z")
    rows, cursor, _ = portal.pull("companies", FIELDS, cursor)
    assert [row["_id"] for row in rows] == ["2"]
    assert portal.pull("companies", FIELDS, cursor)[0] == []


def test_a_late_record_is_not_hidden_by_another_that_left(portal: Portal) -> None:
    """As many in the look-back as before, the newest as before: one came to light, one was archived."""
    ids = portal.create("companies", *({"name": f"会社{i}"} for i in range(300)))
    _, cursor, _ = portal.pull("companies", FIELDS)
    at = portal.org.store.get("companies", ids[-1].zfill(20))["updatedAt"]  # type: ignore[index]
    properties = {"name": "遅", "hs_object_id": "9000", "hs_lastmodifieddate": at}
    doc = {"id": "9000", "properties": properties, "createdAt": at, "updatedAt": at, "archived": False}
    portal.org.store.put("companies", "9000".zfill(20), doc, at)
    list(portal.crm.delete("companies", [ids[5]]))
    rows, cursor, _ = portal.pull("companies", FIELDS, cursor)
    assert {row["_id"]: row["_deleted"] for row in rows} == {"9000": False, ids[5]: True}
    assert portal.pull("companies", FIELDS, cursor)[0] == []


@pytest.mark.parametrize("stop_after", range(5))
def test_whatever_happens_between_the_batches_comes_then_or_next_time(portal: Portal, stop_after: int) -> None:
    """Changed, created, archived, merged and restored while a pull stands still, which is then broken off and taken up again."""
    gone = portal.create("companies", {"name": "戻る"})
    list(portal.crm.delete("companies", gone))
    ids = portal.create("companies", *({"name": f"会社{i}"} for i in range(2_300)))
    held: dict[str, dict[str, Any]] = {}
    cursor, pulls = None, 0
    for number, batch in enumerate(portal.crm.pull("companies", FIELDS, None)):
        cursor = batch.cursor
        held |= {row["_id"]: row for row in batch.table.to_pylist()}
        if number == min(stop_after, 2):
            break
    for first, second in ((ids[10], ids[2_200]), (ids[2_250], ids[20])):
        portal.call("POST", "/crm/v3/objects/companies/merge", {"primaryObjectId": first, "objectIdToMerge": second})
    list(portal.crm.write("companies", [{"id": id, "name": "変更"} for id in (ids[30], ids[2_210])]))
    list(portal.crm.delete("companies", [ids[40], ids[2_220]]))
    portal.create("companies", {"name": "新"})
    restore(portal, gone[0])
    while pulls < 2:
        for batch in portal.crm.pull("companies", FIELDS, cursor):
            cursor = batch.cursor
            held |= {row["_id"]: row for row in batch.table.to_pylist()}
            if stop_after > 2 and pulls == 0:
                break
        pulls += 1
    if stop_after > 2:
        for batch in portal.crm.pull("companies", FIELDS, cursor):
            held |= {row["_id"]: row for row in batch.table.to_pylist()}
    living = {id: row["name"] for id, row in held.items() if not row["_deleted"]}
    there = {doc["id"]: doc["properties"]["name"] for _, doc, _, gone in portal.org.store.select("companies") if not gone}
    assert living == there
    assert {held[id]["_merged_into"] is not None for id in (ids[10], ids[2_200], ids[2_250], ids[20])} == {True}


def restore(portal: Portal, id: str) -> None:
    """As a person does in HubSpot; its API has no call for it."""
    doc = portal.org.store.get("companies", id.zfill(20), deleted=True)
    assert doc is not None
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.999Z")
    doc |= {"archived": False, "updatedAt": at, "properties": {**doc["properties"], "hs_lastmodifieddate": at}}
    doc.pop("archivedAt")
    portal.org.store.put("companies", id.zfill(20), doc, at)


def test_a_property_that_vanishes_while_reading_does_not_stop_the_rest(portal: Portal) -> None:
    portal.call("POST", "/crm/v3/properties/companies/groups", {"name": "own", "label": "自社"})
    definition = {"name": "rank", "label": "ランク", "type": "string", "fieldType": "text", "groupName": "own"}
    portal.call("POST", "/crm/v3/properties/companies", definition)
    portal.create("companies", *({"name": f"会社{i}", "rank": "A"} for i in range(1_500)))
    pull = portal.crm.pull("companies", ["name", "rank"], None)
    first = next(pull)
    portal.call("DELETE", "/crm/v3/properties/companies/rank")
    rest = list(pull)
    assert set(first.table["rank"].to_pylist()) == {"A"}
    assert sum(batch.table.num_rows for batch in rest) == 500
    _, _, batches = portal.pull("companies", ["name", "rank"])
    assert "rank" not in batches[0].table.column_names
    assert any("rank" in note for note in batches[0].notes)


def test_what_could_not_be_read_is_not_taken_for_nothing(portal: Portal) -> None:
    """A row of a 207 may be at fault: its companies, or the record itself, are then asked for again."""
    (company,) = portal.create("companies", {"name": "甲"})
    deals = portal.create("deals", *({"dealname": f"案件{i}"} for i in range(3)))
    for deal in deals:
        portal.call("PUT", f"/crm/v4/objects/deals/{deal}/associations/default/companies/{company}")
    portal.fault("partial_207_read", match=f"/batch/read/{deals[1]}", count=2)
    rows, _, _ = portal.pull("deals", ["dealname"])
    assert [row["associated_company_ids"] for row in rows] == [[company]] * 3
    portal.fault("partial_207_read", match=f"/batch/read/{company}", count=2)
    assert portal.crm.read("companies", [company, "999999"], ["name"]) == {company: {"name": "甲"}}
    portal.fault("partial_207_read", match=f"/batch/read/{company}")
    with pytest.raises(CrmUnavailable, match="could not read 1 records"):
        portal.crm.read("companies", [company], ["name"])


def test_types_are_asked_once_for_reading_again_and_again(portal: Portal) -> None:
    (company,) = portal.create("companies", {"name": "甲", "numberofemployees": "12"})
    _calls(portal)
    for _ in range(3):
        assert portal.crm.read("companies", [company], ["numberofemployees", "no_such"])[company]["numberofemployees"] == 12.0
    assert _calls(portal).count(PROPERTIES) == 1


def test_what_an_unchanged_number_hides_comes_when_the_index_can_be_late_no_more(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A record among many that were just changed, of which the index shows an older version for a while."""
    ids = portal.create("companies", *({"name": f"会社{i}"} for i in range(300)))
    _, cursor, _ = portal.pull("companies", FIELDS)
    key = ids[0].zfill(20)
    doc = portal.org.store.get("companies", key)
    assert doc is not None
    portal.org.store.put("companies", key, {**doc, "properties": {**doc["properties"], "name": "変更"}}, doc["updatedAt"])
    rows, cursor, _ = portal.pull("companies", FIELDS, cursor)
    assert rows == []
    monkeypatch.setattr("connectors.hubspot.pull.now", lambda: datetime.now(UTC) + timedelta(minutes=11))
    (row,), cursor, _ = portal.pull("companies", FIELDS, cursor)
    assert row["name"] == "変更"
    _calls(portal)
    assert portal.pull("companies", FIELDS, cursor)[0] == []
    assert _calls(portal) == [PROPERTIES, SEARCH, LIST]


def test_an_index_that_shows_an_old_version_after_a_newer_one_has_not_the_last_word(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list is of the moment, a search of some seconds ago."""
    (id,) = portal.create("companies", {"name": "甲"})
    old = portal.call("POST", "/crm/v3/objects/companies/search", {"properties": ["name", "hs_lastmodifieddate"]})
    portal.call("PATCH", f"/crm/v3/objects/companies/{id}", {"properties": {"name": "乙"}})
    with monkeypatch.context() as late:
        late.setattr(Pages, "_search", lambda *_: old)
        listed, cursor, _ = portal.pull("companies", ["name"])
        found, cursor, _ = portal.pull("companies", ["name"], cursor)
    rows = listed + found + portal.pull("companies", ["name"], cursor)[0]
    assert [row["name"] for row in rows] == ["乙", "甲", "乙"]
