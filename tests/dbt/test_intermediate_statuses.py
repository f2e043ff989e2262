"""How each party stands to its records, over all sources at once; the single rules are unit tests of their models."""

from __future__ import annotations

from collections import defaultdict

import pytest

from tests.dbt.conftest import Tables


@pytest.mark.parametrize(
    ("record_id", "statuses"),
    [
        ("sf:Account:001A", {"customer"}),
        ("sf:Account:001B", {"open_opportunity"}),
        ("sf:Account:001WHY", {"known"}),
        ("sf:Account:001END", {"known"}),
        ("sf:Lead:00QA", {"target"}),
        ("hs:companies:1", {"customer"}),
        ("hs:companies:2", {"open_opportunity"}),
        ("hs:contacts:11", {"target"}),
        ("theirs:companies:1", {"customer", "target"}),
        ("musashi/all:list:M-1", {"customer"}),
        ("musashi/all:list:M-1#2", {"open_opportunity"}),
        ("musashi/more:list:D-2", {"known"}),
    ],
)
def test_statuses(tables: Tables, record_id: str, statuses: set[str]) -> None:
    assert {r["status"] for r in tables["record_statuses"] if r["record_id"] == record_id} == statuses


def test_every_record_but_claims_has_a_status(tables: Tables) -> None:
    by_record = defaultdict(set)
    for row in tables["record_statuses"]:
        by_record[row["record_id"]].add(row["status"])
    assert set(by_record) == {r["record_id"] for r in tables["records"] if r["object"] not in ("registration", "introduction")}
    assert all(found == {"known"} or "known" not in found for found in by_record.values())


def test_a_status_says_why(tables: Tables) -> None:
    reasons = {r["record_id"]: r["reason"] for r in tables["record_statuses"] if r["party"] == "musashi"}
    assert reasons["musashi/all:list:M-1"] == "statuses.usual_word"
    assert reasons["musashi/all:list:M-1#2"] == "statuses.own_word"
    assert "statuses.unknown_word" in reasons.values()
    assert "statuses.list_default" in reasons.values()
    assert tables.one("record_statuses", record_id="sf:Account:001END")["reason"] == "statuses.former_customer"


def test_every_reason_has_a_text(tables: Tables) -> None:
    keys = {row["key"] for row in tables["texts"]}
    reasons = {row["reason"] for table in ("record_statuses", "partners_of_record") for row in tables[table]}
    assert reasons | {row["fault"] for row in tables["overrides"] if row["fault"]} <= keys
