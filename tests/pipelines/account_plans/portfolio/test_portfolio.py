"""The page of all partners: what stands on it is what the mart says, and it has room for all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import duckdb
import pytest

from pipelines.account_plans.drawing.fit import overflows, plain, table_height
from pipelines.account_plans.drawing.scene import Deck, Item, Line, Rect, Scatter, Slide, Table, Text
from pipelines.account_plans.figure import told
from pipelines.account_plans.portfolio.gather import Portfolio, portfolio_of
from pipelines.account_plans.portfolio.sentences import do, do_not
from pipelines.account_plans.portfolio.slides import deck_of
from pipelines.account_plans.written.models import Effort
from pipelines.warehouse import create_tables
from tests.pipelines.account_plans.portfolio.world import add, create

LONG = "株式会社" + "長い名前のパートナー" * 5 + "ホールディングス"


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(":memory:") as con:
        con.execute("ATTACH ':memory:' AS state")
        create_tables(con)
        create(con)
        yield con


def six(con: duckdb.DuckDBPyConnection) -> None:
    add(con, "musashi", 1, name="武蔵システムズ株式会社")
    add(con, "hoshizora", 2, type="technology", proposal="reduce", reason_key="plan.portfolio.reason.less", proposed_share=0.1)
    add(con, "tasogare", 3, state="ghost", proposal="develop", reason_key="plan.portfolio.reason.revive")
    add(con, "over", 4, state="ghost", proposal="reduce", reason_key="plan.portfolio.reason.close", proposed_share=0.0)
    add(
        con, "akebono", 5, type="advisor", stage="prospective", proposal="develop", reason_key="plan.portfolio.reason.prospective"
    )
    nothing = {"potential_deals": None, "potential_amount": None, "proposed_share": None}
    add(con, "new", 6, proposal="keep", reason_key="plan.portfolio.reason.no_estimate", **nothing)


def words(slide: Slide) -> str:
    cells = [c.text for i in slide.items if isinstance(i, Table) for row in (i.head, *i.rows) for c in row]
    return "\n".join([slide.title, slide.subtitle, slide.footer, *cells, *(plain(i) for i in slide.items if isinstance(i, Text))])


def table(deck: Deck) -> Table:
    return next(item for item in deck.slides[0].items if isinstance(item, Table))


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_number_is_a_figure_of_the_mart_or_a_rule_of_the_page(con: duckdb.DuckDBPyConnection, language: str) -> None:
    six(con)
    portfolio = portfolio_of(con, {"musashi": Effort(now=12.5, proposed=30)}, language)
    allowed = " ".join(told(figure, language, "JPY") for figure in portfolio.figures)
    rules = {"12", "90", "9", "5", "1", "100", *"123456", "2026", "11", "20"}
    said = set(re.findall(r"\d[\d,.]*\d|\d", words(deck_of(portfolio).slides[0])))
    assert said - rules - set(re.findall(r"\d[\d,.]*\d|\d", allowed)) == set()
    assert {figure.source.where for figure in portfolio.figures if figure.source} == {
        "marts.partner_portfolio", *(f"{p.partner}.yaml" for p in portfolio.partners),
    }  # fmt: skip


def test_partners_stand_by_rank_with_their_proposal_in_words(con: duckdb.DuckDBPyConnection) -> None:
    six(con)
    rows = [[cell.text for cell in row] for row in table(deck_of(portfolio_of(con, {}, "ja"))).rows]
    assert [(row[0], row[-1]) for row in rows] == [
        ("1", "増やす"), ("2", "減らす"), ("3", "育てる"), ("4", "減らす"), ("5", "育てる"), ("6", "維持"),
    ]  # fmt: skip
    assert rows[0][1:3] == ["武蔵システムズ株式会社", "リセラー / 活動中"]
    assert rows[4][2] == "アドバイザー / 契約前"
    assert rows[5][6] == "― / ―", "what is not known is a dash, no nought"


def test_sentences_say_what_to_do_and_what_not_with_their_figures(con: duckdb.DuckDBPyConnection) -> None:
    six(con)
    portfolio = portfolio_of(con, {}, "ja")
    assert [s.words for s in do(portfolio)] == [
        "武蔵システムズ株式会社：工数を21.4%から46.8%へ増やす",
        "tasogare：取引の再開を打診する。ポテンシャルは年7.3億円（試算）",
        "akebono：契約に向けて準備する。ポテンシャルは年7.3億円（試算）",
    ]
    assert [s.words for s in do_not(portfolio)] == [
        "hoshizora：新しい活動を増やさない。工数を21.4%から10.0%へ減らす",
        "over：こちらからは働きかけず、提携の終了を検討する",
    ]
    assert [f.key for f in do(portfolio)[0].figures] == ["musashi.effort_share", "musashi.proposed_share"]


def test_hours_have_a_column_once_a_person_gave_some(con: duckdb.DuckDBPyConnection) -> None:
    six(con)
    without, with_hours = (deck_of(portfolio_of(con, efforts, "ja")) for efforts in ({}, {"tasogare": Effort(now=8, proposed=2)}))
    assert len(table(with_hours).head) == len(table(without).head) + 1
    assert [row[-2].text for row in table(with_hours).rows][1:4] == ["―", "8時間 → 2時間", "―"]


def test_a_partner_without_an_estimate_has_no_bubble_and_without_any_the_page_says_why(con: duckdb.DuckDBPyConnection) -> None:
    six(con)
    portfolio = portfolio_of(con, {}, "ja")
    (chart,) = (item for item in deck_of(portfolio).slides[0].items if isinstance(item, Scatter))
    assert [point.label for point in chart.points] == ["1", "2", "3", "4", "5"]
    unknown = replace(portfolio, partners=portfolio.partners[-1:])
    slide = deck_of(unknown).slides[0]
    assert not any(isinstance(item, Scatter) for item in slide.items)
    assert "試算できるパートナーがまだありません" in words(slide)


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("count", [0, 1, 7, 30])
def test_there_is_room_for_few_and_for_many_and_for_long_names(con: duckdb.DuckDBPyConnection, count: int, language: str) -> None:
    less = {"proposal": "reduce", "reason_key": "plan.portfolio.reason.less"}
    for n in range(count):
        add(con, f"p{n}", n + 1, name=f"{LONG}{n}", type="technology", **(less if n % 2 else {}))
    portfolio = portfolio_of(con, {"p0": Effort(now=120)}, language)
    slides = deck_of(portfolio).slides
    assert [item for slide in slides for item in slide.items if overflows(item)] == []
    assert sum(len(item.rows) for slide in slides for item in slide.items if isinstance(item, Table)) == count
    pairs = (pair for slide in slides for pair in combinations(map(_room, slide.items), 2))
    assert not any(_overlap(a, b) for a, b in pairs)
    assert all(plain(item).strip() for slide in slides for item in slide.items if isinstance(item, Text))


def test_the_same_portfolio_is_the_same_deck(con: duckdb.DuckDBPyConnection) -> None:
    six(con)
    one, other = (portfolio_of(con, {}, "ja") for _ in range(2))
    assert isinstance(one, Portfolio)
    assert deck_of(one) == deck_of(other)


def _room(item: Item) -> Rect:
    """Where it stands; a table as high as its rows are."""
    assert not isinstance(item, Line)
    return replace(item.place, height=table_height(item)) if isinstance(item, Table) else item.place


def _overlap(a: Rect, b: Rect) -> bool:
    across = min(a.x + a.width, b.x + b.width) - max(a.x, b.x)
    down = min(a.y + a.height, b.y + b.height) - max(a.y, b.y)
    return across > 0.5 and down > 0.5
