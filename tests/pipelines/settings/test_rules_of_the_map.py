"""The parts of the yaml that hold the rules of the map: what they mean as tables, whose entry beats whose, and their faults."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from pipelines.settings import Settings, load_settings
from pipelines.settings.tables import Run, config_rows
from tests.pipelines.settings.test_load import ENVIRONMENT, GOOD, faults_of

RUN = Run("run", datetime(2026, 11, 20, tzinfo=UTC))
RULES = """\
rules:
  status_order: [open_opportunity, customer, target, known]
  no_approach:
    our_customer: {days: 365, reach: group}
    customer_of_other_partner: {enabled: true}
  registrations: {protection_days: 60, grace_days: 7}
  by_type:
    reseller:
      no_approach: {our_customer: {days: 30}}
      registrations: {approval: automatic, protection_days: 120}
    advisor:
      registrations: {protection_days: 10}
  insight: {minimum_n: 20}
product_lines:
  accounting: {name: 会計, words: [経費, 会計]}
  hr: {name: 人事}
exchange_rates:
  USD: {rate: 150.5, on: 2026-10-01}
groups:
  - {name: アオバグループ, members: [{corporate_number: 7000012050002}, {name: 株式会社アオバ物流}]}
restricted:
  - {name: 株式会社クモ, product_line: hr, reach: group, reason: competitor}
alerts: {kinds: [new_collision], lapsing_days: 3}
"""
OWN = """\
    no_approach: {our_customer: {reach: company, by_product_line: true}}
    registrations: {grace_days: 0}
    territory: {employees: {at_least: 50, at_most: 999}, product_lines: [hr]}
"""


def loaded(tmp_path: Path, text: str) -> Settings:
    file = tmp_path / "account_mapping.yaml"
    file.write_text(text, encoding="utf-8")
    return load_settings(file, ENVIRONMENT)


def tables(settings: Settings) -> dict[str, list[tuple[Any, ...]]]:
    return config_rows(settings, RUN)


def test_a_partners_entry_beats_its_types_and_that_the_general_one(tmp_path: Path) -> None:
    found = tables(loaded(tmp_path, GOOD + OWN + RULES))
    rules = {rule: rest for _, rule, *rest in found["no_approach_rules"]}
    assert rules["our_customer"] == [True, 30, "company", True], "days of the type, reach and product line of its own"
    assert rules["our_open_opportunity"] == [True, 90, "company", False], "as shipped"
    assert rules["customer_of_other_partner"] == [True, None, "company", False], "as for all"
    assert found["registration_terms"] == [("musashi", "automatic", 5, 120, 30, 0, 30)]


def test_another_type_does_not_speak_for_the_partner(tmp_path: Path) -> None:
    found = tables(loaded(tmp_path, GOOD.replace("type: reseller", "type: investor") + RULES))
    assert found["registration_terms"] == [("musashi", "manual", 5, 60, 30, 7, 30)]
    assert {rule: days for _, rule, _, days, *_ in found["no_approach_rules"]}["our_customer"] == 365


def test_an_entry_that_says_only_one_thing_keeps_the_shipped_rest(tmp_path: Path) -> None:
    found = tables(loaded(tmp_path, GOOD + "rules: {no_approach: {our_customer: {reach: group}}}\n"))
    assert {rule: rest for _, rule, *rest in found["no_approach_rules"]} == {
        "our_customer": [True, 180, "group", False],
        "our_open_opportunity": [True, 90, "company", False],
        "registered_by_other": [True, None, "company", False],
        "customer_of_other_partner": [False, None, "company", False],
        "out_of_contract": [True, None, "company", False],
    }


def test_the_other_parts_as_tables(tmp_path: Path) -> None:
    found = tables(loaded(tmp_path, GOOD + OWN + RULES))
    assert found["status_order"] == [("open_opportunity", 1), ("customer", 2), ("target", 3), ("known", 4)]
    assert found["product_lines"] == [("accounting", "会計", 1), ("hr", "人事", 2)]
    assert found["product_words"] == [("accounting", w) for w in ("accounting", "会計", "経費")] + [("hr", "hr"), ("hr", "人事")]
    assert found["exchange_rates"] == [("JPY", 1.0, None), ("USD", 150.5, date(2026, 10, 1))]
    assert found["group_members"] == [
        ("アオバグループ", 1, "7000012050002", None),
        ("アオバグループ", 2, None, "株式会社アオバ物流"),
    ]
    assert found["restricted"] == [(None, None, "株式会社クモ", "hr", "group", "competitor")]
    assert found["territories"] == [
        ("musashi", "product_line", "hr"),
        ("musashi", "employees_at_least", "50"),
        ("musashi", "employees_at_most", "999"),
    ]
    assert found["alert_kinds"] == [("new_collision",)]
    assert {"minimum_n": 20.0, "cooling_days": 60.0, "alert_lapsing_days": 3.0}.items() <= dict(found["parameters"]).items()


@pytest.mark.parametrize(
    ("found", "written", "says"),
    [
        ("{days: 365, reach: group}", "{days: 365, reach: groups}", "'groups' is not one of company or group"),
        ("{days: 365, reach: group}", "{reech: group}", "Did you mean reach?"),
        ("{days: 365, reach: group}", "{days: -1}", "greater than or equal to 0"),
        ("{protection_days: 60, grace_days: 7}", "{approval: sometimes}", "'sometimes' is not one of manual or automatic"),
        ("  advisor:\n", "  adviser:\n", "'adviser' is not one of reseller, technology, investor or advisor"),
        ("{minimum_n: 20}", "{minimum_n: 1}", "greater than or equal to 2"),
        ("USD: {rate", "usd: {rate", "does not have the form ^[A-Z]{3}$"),
        ("rate: 150.5", "rate: 0", "greater than 0"),
        ("150.5, on: 2026-10-01", "150.5", "exchange_rates.USD.on: is missing"),
        (", {name: 株式会社アオバ物流}]", " ]", "at least 2 items"),
        ("{corporate_number: 7000012050002}", "{corporate_number: 700}", "does not have the form ^\\d{13}$"),
        ("{corporate_number: 7000012050002}", "{}", "name the company: write corporate_number or name"),
        ("product_line: hr, reach", "product_line: hrm, reach", "'hrm' does not stand under product_lines"),
        ("kinds: [new_collision]", "kinds: [new_colision]", "'new_colision' is not one of new_overlap, new_collision"),
        ("lapsing_days: 3", "slack_webhok: x", "Did you mean slack_webhook?"),
        (
            "name: 株式会社クモ, product_line",
            "name: 株式会社クモ, partner: musasi, product_line",
            "is no partner. Known are: musashi",
        ),
        ("{minimum_n: 20}", "{cooling_days: 120}", "cooling_days (120) must be smaller than ghost_days (120)"),
        (
            "territory: {employees",
            "territory: {prefectures: [東京都, 岡山], employees",
            "'岡山' is none of the 47 prefectures. Write 岡山県",
        ),
        ("territory: {employees", "territory: {prefectures: [山形], employees", "Write 山形県"),
        ("territory: {employees", "territory: {prefectures: [Tokyo], employees", "Write one such as 東京都"),
        ("at_least: 50", "at_least: many", "territory.employees.at_least: should be a valid integer"),
        ("product_lines: [hr]", "product_lines: [pos]", "'pos' does not stand under product_lines"),
    ],
)
def test_each_fault_names_its_line(tmp_path: Path, found: str, written: str, says: str) -> None:
    text = GOOD + OWN + RULES
    assert text.count(found) == 1, "the place must be plain"
    text = text.replace(found, written)
    faults = faults_of(tmp_path, text)
    line = text[: text.index(written.rstrip())].count("\n") + 1
    assert says in faults.get(line, ""), faults


def test_a_contract_is_of_companies_not_of_groups(tmp_path: Path) -> None:
    text = GOOD + "rules:\n  no_approach:\n    out_of_contract: {reach: group}\n"
    assert "looks at one company at a time" in faults_of(tmp_path, text)[17]


def test_the_order_of_statuses_is_whole(tmp_path: Path) -> None:
    text = GOOD + "rules:\n  status_order: [customer, target]\n"
    assert "status_order names each of" in faults_of(tmp_path, text)[16]


def test_a_mail_password_of_the_wrong_kind_is_not_repeated(tmp_path: Path) -> None:
    text = GOOD + "alerts: {email: {host: h, sender: s, to: [a], password: [90210]}}\n"
    assert "90210" not in str(faults_of(tmp_path, text))
