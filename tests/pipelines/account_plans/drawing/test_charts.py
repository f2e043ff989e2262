"""Labels of charts can be read: they keep clear of each other and inside their chart, and what is unknown is not drawn."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.account_plans.drawing.bars import bars_of
from pipelines.account_plans.drawing.bubbles import axis_of, covered, plot
from pipelines.account_plans.drawing.scene import BarChart, Rect, Series
from tests.pipelines.account_plans.drawing.decks import bars, scatter

VALUES = st.lists(st.one_of(st.none(), st.integers(-400, 400)), min_size=4, max_size=4)


@settings(max_examples=80, deadline=None)
@given(VALUES, VALUES, st.booleans())
def test_bars_start_at_zero_and_stay_in_their_plot(first: list[int | None], second: list[int | None], horizontal: bool) -> None:
    chart = BarChart(
        Rect(100, 100, 300, 200),
        ("一", "二", "三", "四"),
        tuple(Series(name, values, [str(v) for v in values], "2563EB") for name, values in (("a", first), ("b", second))),
        horizontal=horizontal,
    )
    laid = bars_of(chart)
    assert len(laid.bars) == sum(value is not None for value in (*first, *second))
    for bar in laid.bars:
        assert laid.inner.x - 0.01 <= bar.place.x <= bar.place.x + bar.place.width <= laid.inner.x + laid.inner.width + 0.01
        assert laid.inner.y - 0.01 <= bar.place.y <= bar.place.y + bar.place.height <= laid.inner.y + laid.inner.height + 0.01
        assert covered(bar.label, chart.place) == pytest.approx(bar.label.width * bar.label.height)
    if not any(first) and not any(second):
        assert (laid.low, laid.high) == (0, 1)


@pytest.mark.parametrize("horizontal", [False, True])
def test_labels_of_bars_keep_clear_of_each_other(horizontal: bool) -> None:
    labels = [bar.label for bar in bars_of(bars(horizontal=horizontal)).bars]
    assert all(covered(a, b) <= 1 for n, a in enumerate(labels) for b in labels[:n])


def test_labels_of_bubbles_on_one_spot_keep_clear_of_each_other() -> None:
    chart = scatter()
    labels = [bubble.label for bubble in plot(chart).bubbles]
    assert len(labels) == len(chart.points)
    assert all(covered(a, b) <= 1 for n, a in enumerate(labels) for b in labels[:n])
    assert all(covered(label, chart.place) == pytest.approx(label.width * label.height) for label in labels)


def test_a_bubble_without_size_is_still_seen() -> None:
    chart = scatter()
    nothing = replace(chart, points=[replace(point, size=0) for point in chart.points])
    assert all(bubble.diameter > 5 for bubble in plot(nothing).bubbles)


@given(st.lists(st.floats(-1e9, 1e9), max_size=5))
def test_an_axis_holds_its_values_between_a_few_marks(values: list[float]) -> None:
    axis = axis_of(values)
    assert all(axis.low - axis.step * 1e-6 <= value <= axis.high + axis.step * 1e-6 for value in values)
    assert axis.low <= 0 <= axis.high
    assert 2 <= len(axis.marks) <= 12


def test_a_category_with_one_bar_has_it_in_its_middle_and_as_wide_as_a_chart_of_one_series() -> None:
    won = Series("実績", (120, 240, None), ("1.2億円", "2.4億円", ""), "2563EB")
    target = Series("目標", (None, None, 400), ("", "", "4.0億円"), "F59E0B", pattern=True)
    years = ("2025年度", "2026年度", "2027年度")
    laid = bars_of(BarChart(Rect(100, 100, 300, 200), years, (won, target)))
    middles = [name.place.x + name.place.width / 2 for name in laid.names]
    assert [bar.place.x + bar.place.width / 2 for bar in laid.bars] == pytest.approx(middles)
    assert laid.label_size == 9
