"""What a plan lacks is said with whom to ask, on the page that needs it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import duckdb
import pytest

from pipelines.account_plans.drafts.pen import Pen
from pipelines.account_plans.figure import Figure
from pipelines.account_plans.missing import missing_of
from pipelines.account_plans.plan import Fact, Missing, PartnerYear
from pipelines.account_plans.written.models import Written
from tests.pipelines.account_plans.gather.world import PARTNERS, world
from tests.pipelines.account_plans.parts import Parts, parts_of


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with world() as con:
        yield con


def _missing(parts: Parts) -> tuple[Missing, ...]:
    return missing_of(parts.standing, parts.overview, parts.direction, parts.potential, parts.relations, Pen("ja", "JPY"))


def test_facts_are_asked_of_whoever_knows_them_and_on_their_page(con: duckdb.DuckDBPyConnection) -> None:
    facts = (
        Fact("employees", "従業員数", None, None),
        Fact("website", "ウェブサイト", "https://example.jp", None),
        Fact("our_goals", "当社の狙い", None, None, "us"),
        Fact("sales_staff", "営業人数", None, None),
        Fact("organisation", "組織", None, None),
    )
    parts = parts_of(con, "musashi")
    told = {one.label: one for one in _missing(replace(parts, overview=replace(parts.overview, facts=facts)))}
    assert told["従業員数"] == Missing("従業員数", "武蔵システムズ株式会社に調査票で依頼", 1)
    assert told["当社の狙い"] == Missing("当社の狙い", "当社で確認し、musashi.yamlに記入", 1)
    assert (told["営業人数"].page, told["組織"].page) == (3, 4)
    assert "ウェブサイト" not in told


def test_a_year_without_profit_is_asked_for_by_its_name(con: duckdb.DuckDBPyConnection) -> None:
    def figure(key: str, value: float | None) -> Figure:
        return Figure(f"profile.{key}.2025", f"plan.profile.{key}_of", value, "money", None, {"year": "2025年度"})

    parts = parts_of(con, "musashi")
    assert "直近三年の売上高と利益" in [one.label for one in _missing(parts)]
    years = (PartnerYear(2025, figure("sales", 1e9), figure("profit", None)),)
    labels = [one.label for one in _missing(replace(parts, overview=replace(parts.overview, years=years)))]
    assert figure("profit", None).label("ja") in labels
    assert figure("sales", None).label("ja") not in labels


def test_roles_are_asked_for_until_a_person_gives_them(con: duckdb.DuckDBPyConnection) -> None:
    labels = [one.label for one in parts_of(con, "musashi").missing]
    assert "決裁者が誰か" in labels
    assert "役割（決裁者・キーパーソンなど）: 宮崎 直樹" in labels
    written = Written.model_validate({"people": [{"name": "宮崎 直樹", "role": "decision_maker"}]})
    labels = [one.label for one in parts_of(con, "musashi", written=written).missing]
    assert not [label for label in labels if "役割" in label or "決裁者" in label]


def test_what_waits_for_a_contract_or_for_cases_says_so(con: duckdb.DuckDBPyConnection) -> None:
    asked = {one.label: one.ask for one in parts_of(con, "akebono").missing}
    assert "契約後" in asked["ホワイトスペースとアプローチNG"]
    rates = [one for one in parts_of(con, "musashi").missing if "受注率" in one.label]
    assert [one.label for one in rates] == ["両社共通のターゲットの受注率（試算できない）"]
    targets = Written.model_validate({"targets": [{"year": 2028, "amount": 1e8}]})
    assert "今後三年の受注目標" not in [one.label for one in parts_of(con, "musashi", written=targets).missing]


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("partner", PARTNERS)
def test_what_is_missing_comes_by_page_each_once_and_without_numbers(
    con: duckdb.DuckDBPyConnection, partner: str, language: str
) -> None:
    missing = parts_of(con, partner, language).missing
    assert [one.page for one in missing] == sorted(one.page for one in missing)
    assert len({one.label for one in missing}) == len(missing)
    assert not any(re.search(r"\d", one.label + one.ask) for one in missing)
