"""What a plan says it knows of a partner, and whom it believes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.account_plans.figure import TRUST, Source, told
from pipelines.account_plans.form.answers import ACCEPTED, Answer
from pipelines.account_plans.form.layout import answerable
from pipelines.account_plans.profile.fields import BY_KEY, FIELDS
from pipelines.account_plans.profile.gather import ProfileTold, profile_of
from pipelines.account_plans.profile.trust import Said, best, by_year
from pipelines.account_plans.profile.values import WITHHELD, Withheld, checked, to_json
from pipelines.account_plans.written.models import Written
from pipelines.texts import catalogue

TODAY = date(2026, 11, 20)


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute("CREATE SCHEMA marts")
        con.execute(
            "CREATE TABLE marts.plan_profiles (partner VARCHAR, field VARCHAR, value VARCHAR, source_kind VARCHAR, "
            "source VARCHAR, on_date DATE)"
        )
        yield con


def of_crm(con: duckdb.DuckDBPyConnection, field: str, value: str, kind: str = "crm", on: date = TODAY) -> None:
    row = ["musashi", field, value, kind, "our_salesforce:Account", on]
    con.execute("INSERT INTO marts.plan_profiles VALUES (?, ?, ?, ?, ?, ?)", row)


def answer(field: str, value: Any, on: date = date(2026, 11, 1)) -> Answer:
    return Answer("a", "musashi", field, value, None, "f", "回答.xlsx", "田中", on, datetime(2026, 11, 2, tzinfo=UTC), ACCEPTED)


def profile(
    con: duckdb.DuckDBPyConnection, *answers: Answer, language: str = "ja", as_of: date = TODAY, **written: Any
) -> ProfileTold:
    by_field = {answer.field: answer for answer in answers}
    return profile_of(con, "musashi", Written.model_validate(written), by_field, language, "JPY", as_of)


def words(told: ProfileTold) -> dict[str, str | None]:
    return {fact.key: fact.words for fact in told.facts}


def test_what_a_person_entered_beats_the_partner_and_the_partner_beats_the_crm(con: duckdb.DuckDBPyConnection) -> None:
    of_crm(con, "employees", "264.0")
    assert words(profile(con))["employees"] == "264名"
    assert words(profile(con, answer("employees", 320)))["employees"] == "320名"
    told_by_us = profile(con, answer("employees", 320), profile={"employees": {"value": 300, "by": "佐藤"}})
    assert words(told_by_us)["employees"] == "300名"
    known = told_by_us.known["employees"]
    assert known.source == Source("person", "佐藤", None)
    assert [(said.value, said.source.trust) for said in known.others] == [(320, "partner"), (264, "crm")]


def test_what_nobody_said_is_told_as_unknown_with_whom_to_ask(con: duckdb.DuckDBPyConnection) -> None:
    told_ = profile(con)
    assert [fact.key for fact in told_.facts] == [field.key for field in FIELDS if field.kind != "years"]
    assert {fact.words for fact in told_.facts} == {None}
    assert {fact.key for fact in told_.facts if fact.ask == "us"} == {
        *("our_goals", "account_owner", "listed_companies", "listed_customers")
    }
    assert (told_.years, told_.figures, told_.known) == ((), (), {})


def test_a_partner_that_will_not_say_does_not_hide_what_the_crm_knows(con: duckdb.DuckDBPyConnection) -> None:
    secret = answer("employees", {"withheld": True})
    assert words(profile(con, secret))["employees"] == "非公開"
    assert words(profile(con, secret, language="en"))["employees"] == "not disclosed"
    of_crm(con, "employees", "264")
    assert words(profile(con, secret))["employees"] == "264名"


def test_each_fiscal_year_is_believed_by_itself_and_the_last_three_are_told(con: duckdb.DuckDBPyConnection) -> None:
    sales = answer("sales", {"2022": 9e8, "2023": 1e9, "2024": 1.1e9, "2025": None, "2027": 9e9})
    told_ = profile(con, sales, answer("closing_month", "3"), profile={"sales": {"value": {2024: 1_200_000_000}, "on": TODAY}})
    assert [year.year for year in told_.years] == [2023, 2024, 2025]
    assert [told(year.sales, "ja", "JPY") for year in told_.years] == ["10億円", "12億円", "―"]
    assert [year.sales.source.trust for year in told_.years if year.sales.source] == ["partner", "person", "partner"]
    assert told_.years[1].sales.label("ja") == "売上高（2024年3月期）"
    assert told_.years[1].profit.source is None


def test_a_word_of_the_crm_that_is_no_such_value_says_nothing(con: duckdb.DuckDBPyConnection) -> None:
    of_crm(con, "employees", "-1")
    of_crm(con, "phone", "03-0000-0000")
    of_crm(con, "customer_base", "Manufacturing, Retail", "map")
    told_ = words(profile(con))
    assert told_["employees"] is None
    assert told_["customer_base"] == "Manufacturing、Retail"


def test_our_goals_come_from_their_own_place(con: duckdb.DuckDBPyConnection) -> None:
    assert words(profile(con, our_goals=" 3年で年商2億円 \n"))["our_goals"] == "3年で年商2億円"


_SOURCES = st.builds(Source, st.sampled_from(TRUST), st.text(max_size=3), st.none() | st.dates())
_SAID = st.builds(Said, st.text(min_size=1, max_size=3) | st.just(WITHHELD), _SOURCES)


@given(st.lists(_SAID, min_size=1, max_size=6), st.randoms())
def test_the_order_in_which_they_speak_does_not_matter(said: list[Said], random: Any) -> None:
    shuffled = list(said)
    random.shuffle(shuffled)
    known = best(said)
    assert known == best(shuffled)
    assert known
    assert len(known.others) == len(said) - 1
    telling = [one for one in said if one.value != WITHHELD]
    if telling:
        assert TRUST.index(known.source.trust) == min(TRUST.index(one.source.trust) for one in telling)


@given(st.dictionaries(st.integers(1990, 2050), st.none() | st.floats(-1e12, 1e13), min_size=1))
def test_years_are_kept_as_they_were_given(years: dict[int, float | None]) -> None:
    kept = checked(BY_KEY["profit"], json.loads(to_json(checked(BY_KEY["profit"], years))))
    assert kept == years
    amounts = {year: known.value for year, known in by_year([Said(kept, Source("person", "x", None))]).items()}
    assert amounts == {year: WITHHELD if amount is None else amount for year, amount in years.items()}
    assert list(amounts) == sorted(years)


@pytest.mark.parametrize(
    ("key", "raw", "value"),
    [
        ("employees", "320", 320),
        ("focus_products", "勤怠, 経費、勤怠\n請求", ("勤怠", "経費", "請求")),
        ("closing_month", 3, "3"),
        ("closing_month", "March", "3"),
        ("competitor_handling", "取り扱っていない", "not_handled"),
        ("website", {"withheld": True}, Withheld()),
    ],
)
def test_a_value_is_taken_as_people_write_it(key: str, raw: Any, value: Any) -> None:
    assert checked(BY_KEY[key], raw) == value
    assert checked(BY_KEY[key], json.loads(to_json(value))) == value


@pytest.mark.parametrize(
    ("key", "raw", "fault"),
    [
        ("employees", "many", "Write a number"),
        ("employees", -3, "0 or more"),
        ("employees", True, "Write its value, or remove it"),
        ("closing_month", 13, "Write one of: 1, 2"),
        ("sales", 1000, "Write years with amounts"),
        ("sales", {25: 1}, "the year in which the fiscal year ended"),
        ("sales", {2025: "lots"}, "Write a number"),
        ("focus_products", " , ", "is empty"),
        ("website", " ", "Write a text"),
    ],
)
def test_a_value_that_is_none_is_named_with_its_mend(key: str, raw: Any, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        checked(BY_KEY[key], raw)


def test_every_field_and_choice_has_its_words() -> None:
    needed = [field.label_key for field in FIELDS] + [field.choice_key(code) for field in FIELDS for code in field.choices]
    assert [key for key in needed if key not in catalogue()] == []
    assert not {"our_goals", "account_owner"} & set(answerable())
