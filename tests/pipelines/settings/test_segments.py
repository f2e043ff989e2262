"""Segments in the yaml: their faults, whose beat whose, and the fields that have to be pulled for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.settings import Settings, load_settings, segment_fields
from pipelines.settings.segments import Segments, segments_of
from pipelines.settings.tables import rows_of_segments
from tests.pipelines.settings.test_load import ENVIRONMENT, GOOD, faults_of

SEGMENTS = """\
segments:
  salesforce:
    customer:
      - object: Opportunity
        since: CloseDate
        all:
          - {field: RecordType.DeveloperName, operator: is, value: Client}
          - {field: CloseDate, operator: within_months, value: 12}
      - {object: Account, all: [{field: Active__c, operator: is, value: true}]}
"""
ROW = "          - {field: CloseDate, operator: within_months, value: 12}\n"
OF_PARTNER = """\
    segments:
      file:
        customer:
          - {since: 契約開始日, all: [{field: 保守契約, operator: in, value: [A, B]}]}
"""


def loaded(tmp_path: Path, text: str) -> Settings:
    file = tmp_path / "account_mapping.yaml"
    file.write_text(text, encoding="utf-8")
    return load_settings(file, ENVIRONMENT)


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("{field: X, operator: equals, value: 1}", "'equals' is not one of is, is_not, in"),
        ("{field: X, operator: is}", "operator is takes a value"),
        ("{field: X, operator: empty, value: 1}", "operator empty takes no value"),
        ("{field: X, operator: in, value: A}", "operator in takes a list"),
        ("{field: X, operator: is, value: [A]}", "operator is takes one value; for several write in or not_in"),
        ("{field: X, operator: at_least, value: many}", "operator at_least takes a number"),
        ("{field: X, operator: at_least, value: true}", "operator at_least takes a number"),
        ("{field: X, operator: within_days, value: 1.5}", "operator within_days takes a whole number"),
        ("{field: X, operator: within_days, value: -1}", "operator within_days takes a whole number"),
        ('{field: X, operator: is, value: ""}', "write empty or not_empty"),
        ("{field: X, operator: empty, valeu: 1}", "Did you mean value?"),
        ('{field: "", operator: empty}', "at least 1 character"),
    ],
)
def test_a_condition_that_cannot_be_names_its_line(tmp_path: Path, written: str, says: str) -> None:
    text = GOOD + SEGMENTS.replace(ROW, f"          - {written}\n")
    faults = faults_of(tmp_path, text)
    assert says in faults.get(text[: text.index(written)].count("\n") + 1, ""), faults


@pytest.mark.parametrize(
    ("found", "written", "says"),
    [
        (
            "object: Opportunity",
            "object: Oportunity",
            "object is one of Account, Opportunity, Lead, but 'Oportunity' stands here",
        ),
        ("object: Account, ", "", "object is one of Account, Opportunity, Lead, but nothing stands here"),
        ("    customer:", "    costumer:", "Did you mean customer?"),
        ("  salesforce:", "  salesforse:", "Did you mean salesforce?"),
    ],
)
def test_an_alternative_that_cannot_be_names_its_line(tmp_path: Path, found: str, written: str, says: str) -> None:
    text = (GOOD + "#\n" + SEGMENTS).replace("#\n" + SEGMENTS, "#\n" + SEGMENTS.replace(found, written, 1))
    at = written or "Active__c"
    line = text[: text.index(at, text.index("#\n"))].count("\n") + 1
    faults = faults_of(tmp_path, text)
    assert says in faults.get(line, ""), faults


@pytest.mark.parametrize(
    ("columns", "field", "says"),
    [
        ("{}", "保守契約", None),
        ("{}", "status", None),
        ("{}", "取引状況", "'取引状況' is read as the column status. Write status"),
        ("{status: 保守契約}", "保守契約", "'保守契約' is read as the column status. Write status"),
        ("{status: 保守契約}", "取引状況", None),
    ],
)
def test_a_heading_that_is_read_as_a_column_is_named(tmp_path: Path, columns: str, field: str, says: str | None) -> None:
    lists = GOOD.replace("file: lists/*.csv}", f"file: lists/*.csv, columns: {columns}}}")
    text = lists + OF_PARTNER.replace("field: 保守契約", f"field: {field}")
    if says is None:
        assert loaded(tmp_path, text)
    else:
        assert says in faults_of(tmp_path, text)[19]


def test_a_partner_hands_over_no_leads(tmp_path: Path) -> None:
    text = GOOD + "    segments: {salesforce: {target: [{object: Lead, all: [{field: X, operator: empty}]}]}}\n"
    assert "a partner's Lead records are not pulled" in faults_of(tmp_path, text)[16]


def test_a_stated_status_replaces_the_shipped_one_of_that_source_alone(tmp_path: Path) -> None:
    shipped, own = segments_of(Segments()), segments_of(loaded(tmp_path, GOOD + SEGMENTS).segments)
    assert {key for key in own if own[key] != shipped[key]} == {("salesforce", "customer")}
    assert [alternative.object for alternative in own["salesforce", "customer"]] == ["Opportunity", "Account"]


def test_a_status_can_be_switched_off(tmp_path: Path) -> None:
    own = loaded(tmp_path, GOOD + "segments: {hubspot: {target: []}}\n").segments
    assert segments_of(own)["hubspot", "target"] == []


def test_conditions_as_rows(tmp_path: Path) -> None:
    segments, conditions = rows_of_segments("us", loaded(tmp_path, GOOD + SEGMENTS).segments)
    key = ("us", "salesforce", "Opportunity", "customer", 1)
    assert [row for row in segments if row[3] == "customer" and row[1] == "salesforce"] == [
        (*key, "CloseDate"),
        ("us", "salesforce", "Account", "customer", 2, None),
    ]
    assert [row for row in conditions if row[:5] == key] == [
        (*key, 1, "RecordType.DeveloperName", "is", ["Client"]),
        (*key, 2, "CloseDate", "within_months", ["12"]),
    ]
    assert ("us", "salesforce", "Account", "customer", 2, 1, "Active__c", "is", ["true"]) in conditions


def test_partners_have_segments_of_their_own(tmp_path: Path) -> None:
    settings = loaded(tmp_path, GOOD + OF_PARTNER + SEGMENTS)
    assert settings.segments_of("us") == settings.segments
    (alternative,) = segments_of(settings.segments_of("musashi"))["file", "customer"]
    assert (alternative.object, alternative.since, alternative.all[0].texts) == ("row", "契約開始日", ["A", "B"])


def test_what_segments_name_is_pulled_and_what_they_ask_is_decisive(tmp_path: Path) -> None:
    own = loaded(tmp_path, GOOD + SEGMENTS).segments
    assert segment_fields(own, "salesforce", "Account") == (["Active__c", "Type"],) * 2
    named, asked = segment_fields(own, "salesforce", "Opportunity")
    assert named == ["RecordType.DeveloperName", "CloseDate", "IsClosed", "CreatedDate"]
    assert asked == ["RecordType.DeveloperName", "CloseDate", "IsClosed"]
    assert segment_fields(own, "salesforce", "Task") == ([], [])
    assert segment_fields(Segments(), "hubspot", "companies")[1] == ["lifecyclestage"]


def test_the_shipped_segments_say_what_they_always_said() -> None:
    found = {
        (source, status, alternative.object): [(c.field, c.operator, *c.texts) for c in alternative.all]
        for (source, status), alternatives in segments_of(Segments()).items()
        for alternative in alternatives
    }
    assert found["salesforce", "customer", "Opportunity"] == [("IsWon", "is", "true"), ("CloseDate", "within_months", "36")]
    assert found["hubspot", "customer", "deals"] == [("hs_is_closed_won", "is", "true"), ("closedate", "within_months", "36")]
    ((_, _, *types),) = found["salesforce", "customer", "Account"]
    assert {"Customer", "Customer - Direct", "既存顧客"} <= set(types)
    ((_, _, *types),) = found["salesforce", "target", "Account"]
    assert {"Prospect", "Target", "ターゲット"} <= set(types)
    for object in ("companies", "contacts"):
        assert found["hubspot", "customer", object] == [("lifecyclestage", "is", "customer")]
        assert found["hubspot", "open_opportunity", object] == [("lifecyclestage", "is", "opportunity")]
        assert found["hubspot", "target", object] == [
            ("lifecyclestage", "in", "lead", "marketingqualifiedlead", "salesqualifiedlead")
        ]
    assert not [key for key in found if key[1] == "churned" or key[0] == "file"]
