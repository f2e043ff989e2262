"""What the yaml says of the figures of account plans: our fiscal year, and rates that are stated instead of measured."""

from __future__ import annotations

from pathlib import Path

from tests.pipelines.settings.test_load import GOOD, faults_of
from tests.pipelines.settings.test_rules_of_the_map import loaded, tables


def test_a_partners_rate_of_a_cell_beats_the_general_one(tmp_path: Path) -> None:
    own = "    account_plans: {rates: {9: 0.05, 3: 1}}\n"
    found = tables(loaded(tmp_path, GOOD + own + "rules: {account_plans: {rates: {9: 0.02, 1: 0.3}}}\n"))
    assert found["plan_rates"] == [("musashi", 1, 0.3), ("musashi", 3, 1.0), ("musashi", 9, 0.05)]


def test_without_stated_rates_there_is_no_row(tmp_path: Path) -> None:
    assert tables(loaded(tmp_path, GOOD))["plan_rates"] == []


def with_month(month: int) -> str:
    return GOOD.replace("us: {", f"us: {{fiscal_year_starts_in: {month}, ", 1)


def test_the_fiscal_year_begins_in_april_unless_the_yaml_says_otherwise(tmp_path: Path) -> None:
    months = [dict(tables(loaded(tmp_path, text))["parameters"])["fiscal_year_starts_in"] for text in (GOOD, with_month(1))]
    assert months == [4.0, 1.0]


def test_a_cell_that_is_none_a_rate_that_is_no_share_and_a_thirteenth_month_are_named(tmp_path: Path) -> None:
    text = with_month(13) + "rules:\n  account_plans:\n    rates:\n      10: 0.1\n      9: 2\n"
    assert sorted(faults_of(tmp_path, text).values()) == [
        "rules.account_plans.rates.10: should be less than or equal to 9, but '10' stands here",
        "rules.account_plans.rates.9: should be less than or equal to 1, but '2' stands here",
        "us.fiscal_year_starts_in: should be less than or equal to 12, but '13' stands here",
    ]
