"""Lifts of partner insight, against the numbers of a textbook and against a computation by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from math import exp, isclose, log, sqrt
from typing import Any

import pytest

from tests.dbt.harness import DbtProject, TestWarehouse
from tests.dbt.marts_world import TODAY, World

A_YEAR_AGO = date(2025, 11, 20)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def lift(world: World, partner: str, measure: str, basis: str = "involved") -> dict[str, Any]:
    where = f"partner = '{partner}' AND measure = '{measure}' AND basis = '{basis}'"
    (row,) = world.warehouse.rows(f"FROM marts.partner_lifts WHERE {where}")
    return row


@pytest.fixture(scope="module")
def lifts(dbt_project: DbtProject) -> Iterator[World]:
    """Every test has industries of its own: strata do not mix."""
    warehouse = TestWarehouse(dbt_project)
    world = World(warehouse)
    for partner in ("textbook", "amounts", "too few", "enough", "all lost", "seller", "lone", "keeper"):
        world.partner(partner)
    world.partner("former", stage="ended")
    diabetes_trial(world)
    amounts(world)
    thresholds(world)
    present_and_involved(world)
    retention(world)
    world.build("partner_lifts")
    yield world
    warehouse.close()


def deals(world: World, industry: str, partner: str | None, won: int, lost: int, **columns: Any) -> None:
    company = world.company(f"{industry}/{partner}/{len(columns)}")
    account = world.record("us", company, "known", industry=industry)
    for state, count in (("won", won), ("lost", lost)):
        for _ in range(count):
            world.deal(account, state=state, partner=partner, **columns)


def diabetes_trial(world: World) -> None:
    """University Group Diabetes Program, as in Rothman's Epidemiology: deaths under tolbutamide and placebo in two age groups.
    The risk ratio of Mantel and Haenszel is 1.33, its interval 0.80 to 2.20."""
    for age, with_partner, without in (("under 55", (8, 106), (5, 120)), ("55 and over", (22, 98), (16, 85))):
        for partner, (events, n) in (("textbook", with_partner), (None, without)):
            deals(world, age, partner, won=events, lost=n - events)


AMOUNTS: dict[str, tuple[Sequence[float], Sequence[float]]] = {
    "machines": ((2e6, 3e6, 5e6, 8e6, 9e6, 4e6, 4e6), (1e6, 2e6, 2e6, 3e6)),
    "food": ((4e5, 6e5, 5e5), (3e5, 5e5, 2e5, 4e5, 9e5, 1e6, 7e5)),
    "no counterpart": ((9e9,), ()),
}


def amounts(world: World) -> None:
    for industry, sides in AMOUNTS.items():
        for partner, values in zip(("amounts", None), sides, strict=True):
            account = world.record("us", world.company(f"{industry}/{partner}"), "known", industry=industry)
            for value in values:
                days = round(value / 1e5)  # the same numbers once more, as days
                world.deal(account, state="won", amount=value, partner=partner, created=ago(days), close=TODAY)


def thresholds(world: World) -> None:
    deals(world, "nine", "too few", won=5, lost=4)
    deals(world, "nine", None, won=20, lost=20)
    deals(world, "ten", "enough", won=5, lost=5)
    deals(world, "ten", None, won=5, lost=5)
    deals(world, "lost", "all lost", won=0, lost=12)
    deals(world, "lost", None, won=6, lost=6)
    deals(world, "alone", "lone", won=20, lost=20)


def present_and_involved(world: World) -> None:
    """The seller is in 10 of our deals with its customers, and is partner of record elsewhere: neither is its baseline."""
    deals(world, "shared", None, won=8, lost=2)
    customer = world.company("its customer")
    world.record("seller", customer, "customer")
    target = world.company("its target")
    world.record("seller", target, "target")
    for company, won in ((customer, 6), (target, 4)):
        account = world.record("us", company, "known", industry="shared")
        for at in range(10):
            world.deal(account, state="won" if at < won else "lost")
    deals(world, "shared", "seller", won=1, lost=0, amount=5)


def customer(world: World, company: str, since: date | None, until: date | None = None, lost: bool = False, **record: Any) -> str:
    account = world.record("us", world.company(company), "known" if lost else "customer", **record)
    began = {"record_id": account, "party": "us", "status": "customer", "reason": "r", "since": since, "evidence": "e"}
    world.insert("intermediate.segment_matches", **began)
    if lost:
        world.insert("intermediate.former_customers", record_id=account, party="us", until=until, evidence="e")
    return account


def retention(world: World) -> None:
    customer(world, "kept a year", A_YEAR_AGO)
    customer(world, "new", A_YEAR_AGO + timedelta(days=1))
    customer(world, "nobody knows since when", None)
    customer(world, "lost within the year", date(2020, 1, 1), A_YEAR_AGO, lost=True)
    customer(world, "lost before", date(2020, 1, 1), A_YEAR_AGO - timedelta(days=1), lost=True)
    customer(world, "lost, nobody knows when", date(2020, 1, 1), None, lost=True)
    customer(world, "came and went", ago(200), ago(20), lost=True)
    for partner, kept, lost in (("keeper", 10, 2), (None, 6, 6)):
        for n in range(kept + lost):
            ended: dict[str, Any] = {"until": ago(30), "lost": True} if n >= kept else {}
            account = customer(world, f"served by {partner} {n}", date(2020, 1, 1), industry="served", **ended)
            if partner:
                world.insert("intermediate.partners_of_record", record_id=account, partner=partner, reason="r")


def test_rates_give_the_numbers_of_the_textbook(lifts: World) -> None:
    row = lift(lifts, "textbook", "win_rate")
    assert (row["n"], row["baseline_n"], row["is_shown"]) == (204, 205, True)
    assert [round(row[name], 2) for name in ("lift", "ci_low", "ci_high")] == [1.33, 0.80, 2.20]


def test_value_and_baseline_have_the_lift_as_their_ratio(lifts: World) -> None:
    for row in lifts.warehouse.rows("FROM marts.partner_lifts WHERE is_shown"):
        assert isclose(row["value"], row["baseline_value"] * row["lift"])
        assert row["ci_low"] <= row["lift"] <= row["ci_high"]


def by_hand(strata: Sequence[tuple[Sequence[float], Sequence[float]]]) -> tuple[float, float, float]:
    """Ratio of geometric means and its interval: the differences of mean logs, weighted by the inverse of their variances under
    one common spread."""
    differences, weights, spread, freedom = [], [], 0.0, 0
    for theirs, others in strata:
        means = []
        for side in (theirs, others):
            logs = [log(value) for value in side]
            means.append(sum(logs) / len(logs))
            spread += sum((value - means[-1]) ** 2 for value in logs)
            freedom += len(logs) - 1
        differences.append(means[0] - means[1])
        weights.append(1 / (1 / len(theirs) + 1 / len(others)))
    mean = sum(w * d for w, d in zip(weights, differences, strict=True)) / sum(weights)
    error = 1.959964 * sqrt(spread / freedom / sum(weights))
    return exp(mean), exp(mean - error), exp(mean + error)


@pytest.mark.parametrize("measure", ["contract_value", "days_to_close"])
def test_amounts_and_days_are_compared_by_geometric_means_within_strata(lifts: World, measure: str) -> None:
    row = lift(lifts, "amounts", measure)
    expected = by_hand([AMOUNTS["machines"], AMOUNTS["food"]])
    assert [row[name] for name in ("lift", "ci_low", "ci_high")] == pytest.approx(expected, rel=1e-6)
    assert (row["n"], row["baseline_n"]) == (10, 11), "a stratum without a counterpart does not count"


@pytest.mark.parametrize(
    ("partner", "n", "baseline_n", "hidden"),
    [
        ("too few", 9, 40, "insight.hidden.too_few"),
        ("enough", 10, 10, None),
        ("all lost", 12, 12, "insight.hidden.no_interval"),
        ("lone", 0, 0, "insight.hidden.too_few"),
    ],
)
def test_nothing_is_shown_below_minimum_n_or_without_an_interval(
    lifts: World, partner: str, n: int, baseline_n: int, hidden: str | None
) -> None:
    row = lift(lifts, partner, "win_rate")
    assert (row["n"], row["baseline_n"], row["is_shown"], row["hidden_key"]) == (n, baseline_n, hidden is None, hidden)
    shown = [row[name] is not None for name in ("value", "baseline_value", "lift", "ci_low", "ci_high")]
    assert shown == [hidden is None] * 5


def test_present_is_where_the_company_is_its_customer_and_never_its_own_baseline(lifts: World) -> None:
    row = lift(lifts, "seller", "win_rate", "present")
    assert (row["n"], row["baseline_n"]) == (10, 20), "its target is like any other; its own deals are no baseline"
    assert row["value"] == pytest.approx(0.6)
    assert row["baseline_value"] == pytest.approx(12 / 20)
    assert lift(lifts, "seller", "win_rate")["n"] == 1


def test_every_partner_that_has_not_ended_has_a_row_per_measure_and_basis(lifts: World) -> None:
    counts = dict(lifts.warehouse.con.execute("SELECT partner, count(*) FROM marts.partner_lifts GROUP BY ALL").fetchall())
    assert "former" not in counts
    assert set(counts.values()) == {8}


def test_retention_asks_of_the_customers_of_a_year_ago_whether_they_still_are(lifts: World) -> None:
    found = lifts.rows("customers_a_year_ago", "company_id, is_kept", "company_id NOT LIKE 'served by%'")
    assert found == [("kept a year", True), ("lost within the year", False)]


def test_retention_is_compared_between_customers_served_through_the_partner_and_others(lifts: World) -> None:
    row = lift(lifts, "keeper", "retention")
    assert (row["n"], row["baseline_n"], row["lift"]) == (12, 12, pytest.approx((10 / 12) / (6 / 12)))
