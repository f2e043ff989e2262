"""How our effort is divided among partners: shares, proposals and whose plan comes first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import duckdb
import pytest

from tests.dbt.compiled import build_on, compiled_project
from tests.dbt.harness import AS_OF

TODAY = date(2026, 11, 20)
READ = ("plan_potential", "plan_events", "plan_open_deals", "whitespace", "partner_proposals", "partner_fit")
MODELS = ("partner_uses", "portfolio_figures", "partner_portfolio")


class Partners:
    """Partners with what the portfolio reads of them, in the tables that other marts fill."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con
        models = compiled_project().models
        con.execute("CREATE SCHEMA IF NOT EXISTS marts")
        for name in READ:
            listed = ", ".join(f'"{column}" {kind}' for column, kind in models[name].columns.items())
            con.execute(f"CREATE OR REPLACE TABLE marts.{name} ({listed})")
        run = {"run_id": "run", "as_of": AS_OF, "as_of_date": TODAY, "time_zone": "Asia/Tokyo"}
        self.insert("config.run", **run, language="ja", currency="JPY")

    def insert(self, table: str, **row: Any) -> None:
        names = ", ".join(f'"{name}"' for name in row)
        self.con.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' for _ in row)})", list(row.values()))

    def partner(
        self,
        partner: str,
        potential: float | None,
        meetings: int = 0,
        *,
        fit: float = 50.0,
        stage: str = "active",
        state: str = "active",
        ghost: str | None = None,
        listed: int = 9,
        known_points: float = 90.0,
    ) -> None:
        party = {"party": partner, "name": partner, "party_type": "reseller", "exclusive": False, "position": 1}
        self.insert("config.parties", **party, stage=stage)
        known = {"companies": listed, "known_points": known_points}
        self.insert("marts.partner_fit", partner=partner, stage=stage, fit=fit, state=state, overlap=3, **known)
        self.insert("marts.plan_open_deals", partner=partner, deals=0, amount=0)
        self.insert("marts.plan_potential", partner=partner, cell=1, expected_deals=potential and 1, expected_amount=potential)
        self.insert("marts.plan_potential", partner=partner, cell=9)
        for n in range(meetings):
            self.event(partner, "meetings", TODAY - timedelta(days=n))
        if ghost:
            self.insert("marts.partner_proposals", partner=partner, proposal=ghost, rank=1)

    def event(self, partner: str, measure: str, on: date, amount: float | None = None) -> None:
        key = f"{partner}{measure}{on}"
        self.insert("marts.plan_events", partner=partner, measure=measure, event_id=key, happened_on=on, amount=amount)

    def rows(self, columns: str) -> dict[str, tuple[Any, ...]]:
        """partner -> these columns, once built."""
        models = compiled_project().models
        build_on(self.con, [models[name] for name in MODELS])
        found = self.con.execute(f"SELECT partner, {columns} FROM marts.partner_portfolio ORDER BY rank").fetchall()
        return {partner: tuple(rest) for partner, *rest in found}


@pytest.fixture
def partners() -> Iterator[Partners]:
    with compiled_project().new_connection() as con:
        yield Partners(con)


def reasons(partners: Partners) -> dict[str, tuple[str, str]]:
    found = partners.rows("proposal, reason_key")
    return {partner: (proposal, key.removeprefix("plan.portfolio.reason.")) for partner, (proposal, key) in found.items()}


def test_effort_goes_where_potential_and_fit_are(partners: Partners) -> None:
    partners.partner("large", 600.0, meetings=2, fit=100)
    partners.partner("liked", 300.0, meetings=8, fit=50)
    partners.partner("small", 250.0, meetings=0, fit=100)
    found = partners.rows("proposed_share, effort_share, proposal")
    assert found == {"large": (0.6, 0.2, "invest"), "small": (0.25, 0.0, "invest"), "liked": (0.15, 0.8, "reduce")}


@pytest.mark.parametrize(("meetings", "told"), [(10, ("keep", "fits")), (11, ("reduce", "less")), (9, ("invest", "more"))])
def test_a_gap_of_five_points_is_worth_a_change(partners: Partners, meetings: int, told: tuple[str, str]) -> None:
    partners.partner("a", 100.0, meetings=meetings)
    partners.partner("b", 100.0, meetings=20 - meetings)
    assert reasons(partners)["a"] == told


def test_half_counts_of_a_prospect_and_of_a_ghost_worth_reviving_nothing_of_one_to_close(partners: Partners) -> None:
    partners.partner("active", 100.0, meetings=10)
    partners.partner("prospect", 100.0, stage="prospective")
    partners.partner("silent", 100.0, state="ghost", ghost="revive")
    partners.partner("over", 100.0, state="ghost", ghost="close")
    partners.partner("without a list", 100.0, state="ghost", ghost="none")
    shares = {partner: share for partner, (share,) in partners.rows("proposed_share").items()}
    assert shares == {"active": 0.5, "prospect": 0.25, "silent": 0.25, "over": 0.0, "without a list": 0.0}
    assert reasons(partners) == {
        "active": ("reduce", "less"),
        "prospect": ("develop", "prospective"),
        "silent": ("develop", "revive"),
        "over": ("reduce", "close"),
        "without a list": ("reduce", "none"),
    }


def test_without_an_estimate_nothing_is_proposed_and_its_plan_comes_last(partners: Partners) -> None:
    partners.partner("unknown", None, meetings=5)
    partners.partner("known", 100.0, meetings=5)
    assert partners.rows("potential_amount, proposed_share, rank") == {"known": (100.0, 1.0, 1), "unknown": (None, None, 2)}
    assert reasons(partners)["unknown"] == ("keep", "no_estimate")


def test_of_few_activities_nothing_is_concluded(partners: Partners) -> None:
    partners.partner("a", 100.0, meetings=9)
    partners.partner("b", 100.0)
    assert partners.rows("effort_share") == {"a": (1.0,), "b": (0.0,)}
    assert set(reasons(partners).values()) == {("keep", "no_effort_seen")}


def test_without_any_activity_the_effort_is_unknown_not_nothing(partners: Partners) -> None:
    partners.partner("a", 100.0)
    partners.partner("b", 100.0)
    assert partners.rows("effort_share") == {"a": (None,), "b": (None,)}
    assert set(reasons(partners).values()) == {("keep", "no_effort_seen")}


@pytest.mark.parametrize(
    ("measure", "column", "within", "before"),
    [
        ("won_deals", "won_amount_12m", date(2025, 11, 21), date(2025, 11, 20)),
        ("meetings", "activities_90d", date(2026, 8, 23), date(2026, 8, 22)),
    ],
)
def test_what_counts_as_recent(partners: Partners, measure: str, column: str, within: date, before: date) -> None:
    partners.partner("a", 100.0)
    partners.event("a", measure, within, 1.0)
    partners.event("a", measure, before, 1.0)
    assert partners.rows(column) == {"a": (1,)}


def test_what_nobody_knows_of_a_partner_is_no_zero(partners: Partners) -> None:
    partners.partner("known", 100.0)
    partners.partner("unknown", 0.0, fit=0.0, listed=0, known_points=0.0, stage="prospective")
    found = partners.rows("fit, whitespace, potential_deals, potential_amount, proposed_share, reason_key")
    assert found == {
        "known": (50.0, 0, 1.0, 100.0, 1.0, "plan.portfolio.reason.no_effort_seen"),
        "unknown": (None, None, None, None, None, "plan.portfolio.reason.no_estimate"),
    }
