"""Every figure is what its mart holds, and none stands where nothing is known."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from tests.pipelines.account_plans.gather.world import AS_OF, PARTNERS, world
from tests.pipelines.account_plans.parts import parts_of

OF_FIT = {"listed": "companies", "overlap": "overlap", "our_targets": "our_targets", "covered_targets": "covered_targets",
          "coverage": "coverage"}  # fmt: skip
COUNTS = {
    "introductions.requested": "FROM marts.introductions WHERE partner = $p AND direction = 'to_us' AND status = 'requested'",
    "introductions.accepted": "FROM marts.introductions WHERE partner = $p AND direction = 'to_us' AND status = 'accepted'",
    "introductions.met": "FROM marts.introductions WHERE partner = $p AND direction = 'to_us' AND status = 'met' AND is_open",
    "introductions.won": "FROM marts.introductions WHERE partner = $p AND direction = 'to_us' AND status = 'won'",
    "introductions.all": "FROM marts.introductions WHERE partner = $p AND direction = 'to_us'",
    "registrations.submitted": "FROM marts.registrations WHERE partner = $p AND status = 'submitted'",
}


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with world() as con:
        yield con


def _one(con: duckdb.DuckDBPyConnection, query: str, partner: str) -> float | None:
    row = con.execute(query, {"p": partner}).fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize("partner", PARTNERS)
def test_where_we_stand_is_what_the_marts_hold(con: duckdb.DuckDBPyConnection, partner: str) -> None:
    figures = parts_of(con, partner).figures()
    for key, column in OF_FIT.items():
        assert figures[key].value == _one(con, f"SELECT {column} FROM marts.partner_fit WHERE partner = $p", partner), key
    for key, rows in COUNTS.items():
        assert figures[key].value == _one(con, f"SELECT count(*) {rows}", partner), key
    barred = "SELECT count(DISTINCT company_id) FROM marts.no_approach WHERE partner = $p AND named_by_partner AND rule = "
    for rule in ("our_customer", "our_open_opportunity", "restricted"):
        found = figures.get(f"bars.{rule}")
        assert (found.value if found else 0) == _one(con, f"{barred}'{rule}'", partner)


@pytest.mark.parametrize("partner", PARTNERS)
def test_sales_and_open_deals_are_what_the_marts_hold(con: duckdb.DuckDBPyConnection, partner: str) -> None:
    figures = parts_of(con, partner).figures()
    rows = con.execute("SELECT fiscal_year, deals, amount FROM marts.plan_sales WHERE partner = ?", [partner]).fetchall()
    assert len(rows) == 4
    for year, deals, amount in rows:
        assert (figures[f"sales.{year}.deals"].value, figures[f"sales.{year}.amount"].value) == (deals, amount)
    for key in ("deals", "amount"):
        query = f"SELECT {key} FROM marts.plan_open_deals WHERE partner = $p"
        assert figures[f"open.{key}"].value == _one(con, query, partner)


@pytest.mark.parametrize("partner", PARTNERS)
def test_the_estimate_is_what_the_marts_hold(con: duckdb.DuckDBPyConnection, partner: str) -> None:
    parts = parts_of(con, partner)
    for cell in parts.potential.cells:
        values = con.execute(
            "SELECT companies, rate, deal_amount, expected_deals, expected_amount FROM marts.plan_potential "
            "WHERE partner = ? AND cell = ?",
            [partner, cell.cell],
        ).fetchall()[0]
        told = (cell.companies, cell.rate, cell.deal_amount, cell.expected_deals, cell.expected_amount)
        companies, rate, amount, *estimates = values
        known = (companies, *estimates) if parts.standing.has_list else (None, None, None)
        assert tuple(figure.value for figure in told) == (known[0], rate, amount, *known[1:])
    assert [cell.cell for cell in parts.potential.cells] == list(range(1, 10))
    if parts.standing.has_list:
        every = "FROM marts.plan_potential WHERE partner = $p"
        assert parts.totals.deals.value == _one(con, f"SELECT sum(expected_deals ORDER BY cell) {every}", partner)
        assert parts.totals.amount.value == _one(con, f"SELECT sum(expected_amount ORDER BY cell) {every}", partner)
        new = f"{every} AND our_status = 'target'"
        assert parts.totals.new_amount.value == _one(con, f"SELECT sum(expected_amount ORDER BY cell) {new}", partner)


def test_an_estimate_says_how_it_was_computed(con: duckdb.DuckDBPyConnection) -> None:
    figures = parts_of(con, "musashi").figures()
    assert figures["cell.3.amount"].formula("ja") == "162社 × 受注率15.3% × 受注単価305万円"
    assert "1,290" in (figures["cell.3.rate"].formula("ja") or "")
    assert figures["cell.3.deal_amount"].formula("en") == "Median of the 52 deals won through the partner in the last 24 months"
    assert "当社の全受注" in (parts_of(con, "mirai").figures()["cell.3.deal_amount"].formula("ja") or "")
    estimates = [figure for key, figure in figures.items() if key.startswith(("potential.", "cell."))]
    assert all(figure.formula("en") for figure in estimates if not figure.key.endswith(".companies"))


def test_lists_count_a_company_once_and_are_unknown_before_a_contract(con: duckdb.DuckDBPyConnection) -> None:
    musashi, akebono, nothing = (parts_of(con, partner).standing for partner in ("musashi", "akebono", "shiranui"))
    assert (musashi.whitespace.value, musashi.greenfield.value, musashi.no_approach.value) == (3, 5, 5)
    assert (akebono.whitespace.value, akebono.no_approach.value, akebono.greenfield.value) == (None, None, 4)
    assert (nothing.greenfield.value, nothing.fit.value, nothing.silent_days.value) == (None, None, None)
    assert parts_of(con, "shiranui").totals.amount.value is None


def test_every_figure_names_its_mart_and_day_and_has_a_key_and_a_label_of_its_own(con: duckdb.DuckDBPyConnection) -> None:
    for partner in PARTNERS:
        figures = parts_of(con, partner).figures().values()
        for figure in figures:
            assert figure.source is not None
            assert figure.source.where.startswith("marts.")
            assert figure.source.on == AS_OF
        labels = [figure.label("ja") for figure in figures]
        assert len(labels) == len(set(labels)), sorted(label for label in labels if labels.count(label) > 1)


def test_bases_are_named_in_the_readers_language_and_other_says_nothing(con: duckdb.DuckDBPyConnection) -> None:
    ja, en = (parts_of(con, "musashi", language).potential for language in ("ja", "en"))
    assert [base.label for base in ja.industries] == ["製造業", "建設業", "陶磁器"]
    assert [base.label for base in en.industries] == ["Manufacturing", "Construction", "陶磁器"]
    first = ja.industries[0]
    assert (first.ours.value, first.theirs.value, first.both.value) == (246, 91, 20)
    assert len(ja.prefectures) == 8


def test_a_lift_is_better_or_worse_only_where_its_whole_interval_says_so(con: duckdb.DuckDBPyConnection) -> None:
    sides = {lift.measure: lift.side for lift in parts_of(con, "musashi").standing.lifts}
    assert sides == {"win_rate": "better", "days_to_close": "worse"}
    assert [lift.side for lift in parts_of(con, "akebono").standing.lifts] == ["open"]
    assert parts_of(con, "mirai").standing.lifts == ()


def test_a_partner_that_the_marts_lack_is_not_made_up(con: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(LookupError, match="nobody"):
        parts_of(con, "nobody")


def test_without_amounts_of_won_deals_there_is_no_money() -> None:
    with world() as con:
        con.execute("UPDATE marts.plan_potential SET deal_amount = NULL, expected_amount = NULL")
        parts = parts_of(con, "hoshizora")
        assert parts.totals.amount.value is None
        assert "円" not in parts.words("potential")
        assert "試算 年" in parts.words("direction.do.")
        assert any(missing.label.startswith("受注単価") for missing in parts.missing)
