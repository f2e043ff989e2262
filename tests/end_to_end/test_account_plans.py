"""Account plans of whole runs: made for every partner with no one's help, kept for the next quarter, true to the marts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import duckdb
import pptx
import pytest

from pipelines.account_plans.figure import told
from pipelines.account_plans.make import Maker, partners_of, plans
from pipelines.account_plans.plan import Plan
from pipelines.resources import Totsugo
from pipelines.settings import load_settings
from pipelines.warehouse import Warehouse
from tests.end_to_end.line import Ended, Line

PARTNERS = {"musashi", "setouchi", "hoshizora", "kitakaze", "mirai", "tasogare", "akebono"}


@pytest.fixture(scope="module")
def found(line: Line, first: Ended) -> dict[str, Plan]:
    """partner -> its plan as of the first run, whatever ran since."""
    made = plans(Maker.of(Warehouse(line.paths), partial(_published, first), Totsugo().settings), sorted(PARTNERS))
    assert [one.fault for one in made if one.fault] == []
    return {one.stem: one.plan for one in made if one.plan}


@contextmanager
def _published(ended: Ended) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(ended.published), read_only=True) as con:
        con.execute("SET TimeZone = 'UTC'")
        yield con


def test_a_run_makes_every_partners_plan_and_shows_it(line: Line, first: Ended) -> None:
    metadata = first.metadata["account_plans"]
    assert metadata["plans_made"] == len(PARTNERS)
    assert {name for name in metadata if name.startswith("slides_")} == {f"slides_{stem}" for stem in PARTNERS | {"portfolio"}}
    for stem in PARTNERS | {"portfolio"}:
        assert len(pptx.Presentation(str(line.paths.plans / f"{stem}.pptx")).slides) >= (1 if stem == "portfolio" else 6)
        page = (line.paths.plans / f"{stem}.html").read_text(encoding="utf-8")
        assert "<script" not in page
        assert "src=" not in page, "the page loads nothing"


def test_the_run_keeps_each_plan_with_its_goals(first: Ended) -> None:
    kept = first.rows("SELECT partner, period FROM state.account_plans WHERE goals LIKE '%month%'")
    assert set(kept) == {(partner, "2026-Q3") for partner in PARTNERS}


def test_a_second_run_renews_the_same_files(first: Ended, second: Ended) -> None:
    names, again = ({path for (path,) in ended.rows("SELECT path FROM state.plan_files")} for ended in (first, second))
    assert names == again == {f"{stem}.{kind}" for stem in PARTNERS | {"portfolio"} for kind in ("pptx", "html")}


def test_open_deals_and_sales_are_those_of_the_marts(first: Ended, found: dict[str, Plan]) -> None:
    for partner, deals, amount in first.rows("SELECT partner, deals, amount FROM marts.plan_open_deals"):
        assert (found[partner].direction.open_deals.value, found[partner].direction.open_amount.value) == (deals, amount)
    for partner, year, deals, amount in first.rows("SELECT partner, fiscal_year, deals, amount FROM marts.plan_sales"):
        (told_year,) = (one for one in found[partner].direction.sales if one.year == year)
        assert (told_year.deals.value, told_year.amount.value) == (deals, amount)


def test_every_figure_of_a_plan_knows_where_it_comes_from(found: dict[str, Plan]) -> None:
    for partner, plan in found.items():
        assert [figure.key for figure in plan.used.values() if figure.value is not None and figure.source is None] == [], partner
        assert all(told(figure, "ja", plan.currency) for figure in plan.used.values())


def test_no_run_writes_what_people_write(line: Line, second: Ended) -> None:
    assert list(line.paths.plans.glob("*.yaml")) == []


def test_partners_that_have_plans_are_those_of_the_yaml(line: Line) -> None:
    assert set(partners_of(load_settings(line.paths.config, line.environment))) == PARTNERS
