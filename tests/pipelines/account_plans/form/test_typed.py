"""What people mean who type into a cell."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.account_plans.form.periods import period_of, period_words, periods_to_ask
from pipelines.account_plans.form.typed import NotUnderstood, amount_of, day_of, list_of, number_of, value_of
from pipelines.account_plans.profile.fields import BY_KEY, FIELDS, Field
from pipelines.account_plans.profile.values import WITHHELD, checked, to_json

MILLION = 10**6


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        (1200, 1.2e9),
        (1200.5, 1.2005e9),
        ("1,200", 1.2e9),
        ("１，２００", 1.2e9),
        ("1億2000万", 1.2e8),
        ("１億２，０００万円", 1.2e8),
        ("１２０百万円", 1.2e8),
        ("120百万", 1.2e8),
        ("12.5億円", 1.25e9),
        ("約12億円", 1.2e9),
        ("12億円程度", 1.2e9),
        ("12億円（連結）", 1.2e9),
        ("1,200千円", 1.2e6),
        ("¥1,200,000,000", 1.2e9),
        ("3億5千万円", 3.5e8),
        ("△340", -3.4e8),
        ("▲3億4000万円", -3.4e8),
        ("-340", -3.4e8),
        ("(340)", -3.4e8),
        ("0", 0),
        ("1.2 billion", 1.2e9),
        ("120M", 1.2e8),
        ("JPY 120 million", 1.2e8),
        ("-3.4bn", -3.4e9),
        ("", None),
        (None, None),
        ("不明", None),
        ("-", WITHHELD),
        ("－", WITHHELD),
        ("非公開", WITHHELD),
        ("Not disclosed", WITHHELD),
    ],
)
def test_an_amount_is_read_as_people_write_it(typed: Any, amount: Any) -> None:
    assert amount_of(typed, MILLION) == amount


@pytest.mark.parametrize(
    "typed", ["10~12億円", "10億〜12億", "売上10億 利益1億", "10 12", "増収", "10億?", "12.3.4", True, date(2025, 1, 1)]
)
def test_an_amount_that_may_mean_two_things_is_none(typed: Any) -> None:
    with pytest.raises(NotUnderstood):
        amount_of(typed, MILLION)


def test_an_amount_larger_than_any_company_tells_of_a_wrong_unit() -> None:
    with pytest.raises(NotUnderstood, match="too_large"):
        amount_of(12_000_000_000, MILLION)


@given(st.integers(0, 99999), st.integers(0, 9999))
@example(1, 2000)
def test_oku_and_man_add_up(oku: int, man: int) -> None:
    assert amount_of(f"{oku}億{man}万円", MILLION) == oku * 10**8 + man * 10**4


@given(st.integers(-(10**8), 10**8))
def test_a_plain_number_is_in_the_forms_unit_however_it_is_written(number: int) -> None:
    for typed in (number, float(number), str(number), f"{number:,}"):
        assert amount_of(typed, MILLION) == number * MILLION


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        *((320, 320), ("320名", 320), ("約３２０名", 320), ("1,200人", 1200), ("320名（2026年3月末現在）", 320)),
        *(("1万2000人", 12000), ("about 300", 300), ("45 people", 45), (45.0, 45), ("なし", 0), ("300名程度", 300)),
    ],
)
def test_a_count_is_read_as_people_write_it(typed: Any, number: float) -> None:
    assert number_of(typed) == number


@pytest.mark.parametrize(
    "typed", ["300~350", "連結1,200名、単体320名", "数十名", "-5", "4.5", "多数", 10**9, datetime(2026, 1, 1)]
)
def test_a_count_that_may_mean_two_things_is_none(typed: Any) -> None:
    with pytest.raises(NotUnderstood):
        number_of(typed)


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("武蔵ERP\n武蔵クラウド", ("武蔵ERP", "武蔵クラウド")),
        ("・A社\n・B社\n\n", ("A社", "B社")),
        ("1. A社\n2) B社\n③C社", ("A社", "B社", "C社")),
        ("東京都、大阪府，愛知県", ("東京都", "大阪府", "愛知県")),
        ("Foo Co., Ltd., Bar, Inc., Baz", ("Foo Co., Ltd.", "Bar, Inc.", "Baz")),
        ("A社、A社", ("A社",)),
        ("なし", ("なし",)),
        ("3Dプリンター", ("3Dプリンター",)),
    ],
)
def test_a_list_is_one_name_per_line_or_comma(typed: str, names: tuple[str, ...]) -> None:
    assert list_of(typed) == names


@pytest.mark.parametrize(
    ("key", "typed", "value"),
    [
        ("closing_month", "3月", "3"),
        ("closing_month", "３月末", "3"),
        ("closing_month", 3, "3"),
        ("closing_month", 12.0, "12"),
        ("closing_month", "March", "3"),
        ("closing_month", "dec", "12"),
        ("competitor_handling", " 取り扱いを検討中 ", "considering"),
        ("competitor_handling", "Not sold", "not_handled"),
        ("main_business", "導入支援\r\n保守 ", "導入支援\n保守"),
        ("contact_department", "営業本部\n推進部", "営業本部 推進部"),
        ("industry", 100.0, "100"),
        ("wishes", "？", None),
        ("industry", "回答を控えます。", WITHHELD),
    ],
)
def test_other_answers_are_taken_as_they_are_meant(key: str, typed: Any, value: Any) -> None:
    assert value_of(BY_KEY[key], typed) == value


@pytest.mark.parametrize(("key", "typed"), [("closing_month", "13月"), ("closing_month", "春"), ("competitor_handling", "たまに"),
                                            ("main_business", "長" * 3000)])  # fmt: skip
def test_what_is_no_answer_to_the_question_is_refused(key: str, typed: str) -> None:
    with pytest.raises(NotUnderstood):
        value_of(BY_KEY[key], typed)


@pytest.mark.parametrize(
    ("typed", "ended"),
    [
        *(("2025年3月期", (2025, 3)), ("２０２５年３月期", (2025, 3)), ("2025年3月", (2025, 3)), ("2025/3期", (2025, 3))),
        *(("2025/03", (2025, 3)), ("2025.3", (2025, 3)), ("2025-03-31", (2025, 3)), ("2025年3月期（連結）", (2025, 3))),
        *(("令和7年3月期", (2025, 3)), ("R7.3", (2025, 3)), ("R7/3期", (2025, 3)), ("平成31年3月期", (2019, 3))),
        *(("令和元年12月期", (2019, 12)), ("25年3月期", (2025, 3)), ("'25/3", (2025, 3)), ("3/2025", (2025, 3))),
        *(("2024年度", (2025, 3)), ("令和6年度", (2025, 3)), ("2024年度実績", (2025, 3)), (datetime(2025, 3, 1), (2025, 3))),
        *(("March 2025", (2025, 3)), ("FY ended 31 March 2025", (2025, 3)), ("Mar. 31, 2025", (2025, 3))),
        *(("2025", None), ("FY2024", None), ("第50期", None), ("直近", None), ("2025年13月期", None), ("7年3月期", None)),
    ],
)
def test_a_fiscal_year_is_known_by_the_month_in_which_it_ends(typed: Any, ended: Any) -> None:
    assert period_of(typed, 3) == ended


def test_a_year_alone_is_clear_only_where_it_ends_in_december() -> None:
    assert [period_of(typed, 12) for typed in ("2025", "FY2025", "2025年度", "2025年")] == [(2025, 12)] * 4
    assert [period_of(typed, None) for typed in ("2025", "2025年度")] == [None, None]


@given(st.integers(2000, 2060), st.integers(1, 12), st.sampled_from(["ja", "en"]))
def test_a_year_that_the_form_names_is_read_back(year: int, month: int, language: str) -> None:
    assert period_of(period_words(year, month, language), None) == (year, month)


def test_the_form_asks_for_years_that_have_ended() -> None:
    assert periods_to_ask({"closing_month": "3"}, date(2026, 11, 20)) == [(2026, 3), (2025, 3), (2024, 3)]
    assert periods_to_ask({"closing_month": "11"}, date(2026, 11, 20))[0] == (2025, 11)
    assert periods_to_ask({}, date(2026, 11, 20)) == [None, None, None]


_TYPED = (
    st.text(max_size=12)
    | st.text("0123456789.,-△(万億円百千年月期度令和RFY~ 名", max_size=10)
    | st.floats()
    | st.integers()
    | st.dates()
)


@given(_TYPED, st.sampled_from([field for field in FIELDS if field.ask == "partner"]), st.sampled_from([None, 3, 12]))
@example(float("nan"), BY_KEY["employees"], 3)
@example(float("inf"), BY_KEY["industry"], 3)
@example("令和99年13月期", BY_KEY["industry"], 3)
@example("²", BY_KEY["closing_month"], None)
def test_whatever_is_typed_is_a_value_or_named_and_never_an_error(typed: Any, field: Field, month: int | None) -> None:
    with suppress(NotUnderstood):
        amount = amount_of(typed, MILLION)
        assert amount is None or amount == WITHHELD or abs(amount) <= 1e15
    if field.kind != "years":
        with suppress(NotUnderstood):
            value = value_of(field, typed)
            assert value is None or checked(field, json.loads(to_json(value))) == value
    period = period_of(typed, month)
    assert period is None or 1 <= period[1] <= 12
    with suppress(NotUnderstood):
        day_of(typed)
