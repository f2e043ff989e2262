"""The report: what the picture and the tables tell, in both languages."""

from __future__ import annotations

import io
from xml.etree import ElementTree

import duckdb
import pytest
from rich.console import Console

from pipelines.cli.partners import all_partners, one_partner, summary
from pipelines.report.figures import partner_maps
from pipelines.report.heatmap import heatmap_svg
from pipelines.report.insight import minimum_n, partner_insights
from pipelines.report.insight_words import report_markdown
from pipelines.report.words import cell_table, map_table, money

LANGUAGES = pytest.mark.parametrize("language", ["ja", "en"])


def plain(markdown: str) -> str:
    return markdown.replace("\u2060", "")


def wide() -> Console:
    return Console(file=io.StringIO(), width=240, highlight=False)


def printed(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize(
    ("amount", "currency", "language", "said"),
    [
        (123_456_789, "JPY", "ja", "1.2億円"),
        (3_400_000, "JPY", "ja", "340万円"),
        (20_000, "JPY", "ja", "2万円"),
        (950, "JPY", "ja", "950円"),
        (123_456_789, "JPY", "en", "JPY 123M"),
        (3_400, "USD", "en", "USD 3.4k"),
        (3_400_000, "USD", "ja", "USD 340万"),
        (0, "JPY", "ja", "–"),
        (None, "JPY", "en", "–"),
    ],
)
def test_amounts_are_said_as_people_say_them(amount: float | None, currency: str, language: str, said: str) -> None:
    assert money(amount, currency, language) == said


def test_the_picture_tells_companies_both_sides_records_and_our_money(con: duckdb.DuckDBPyConnection) -> None:
    root = ElementTree.fromstring(heatmap_svg(partner_maps(con), "ja"))
    words = [element.text for element in root.iter() if element.text]
    assert {"350", "500 : 360", "1.2億円", "武蔵 [東] | 商会"} <= set(words)
    assert "9" in words, "known and absent of ours are one outer cell: 7 + 2"
    assert "8 : 11" in words


@LANGUAGES
def test_the_tables_stay_tables_whatever_a_partner_is_called(con: duckdb.DuckDBPyConnection, language: str) -> None:
    maps = partner_maps(con)
    for markdown in (map_table(maps, language), cell_table(maps, language)):
        rows = [line for line in markdown.splitlines() if line.startswith("|")]
        assert {row.count("|") for row in rows} == {rows[0].count("|")}
    assert "| 350 | 500 | 360 |" in plain(cell_table(maps, language))


def test_insight_in_markdown_tells_fit_parts_lifts_and_proposals(con: duckdb.DuckDBPyConnection) -> None:
    told = plain(report_markdown(partner_insights(con), minimum_n(con), "JPY", "en"))
    assert "| 56.7 | Active | 2026-11-18 | 350 / 2,000 (17.5%) | 353 |" in told
    assert "| 15.0 | 12.5 | 0.0 | 15.0 | 42.5 / 75 | 56.7 |" in told
    assert "| 40.0% (n=40) | 30.0% (n=1,200) | ×1.33 (0.80–2.20) |" in told
    assert "Retention" not in told, "what is not shown takes no row here"
    assert "not an effect" in told
    assert "Begin with: 株式会社あ, 株式会社い, 株式会社う" in told


def test_a_partner_of_which_nothing_is_known_shows_dashes_instead_of_a_bad_fit(con: duckdb.DuckDBPyConnection) -> None:
    told = plain(report_markdown(partner_insights(con), minimum_n(con), "JPY", "en"))
    assert "| たそがれ商事 | – | Ghost | – | – | 0 |" in told


@LANGUAGES
def test_the_console_prints_all_partners_and_one(con: duckdb.DuckDBPyConnection, language: str) -> None:
    short, everyone, one = wide(), wide(), wide()
    summary(short, con, language)
    all_partners(everyone, con, language)
    assert one_partner(one, con, "musashi", language)
    assert printed(short) in printed(everyone)
    assert "武蔵 [東] | 商会" in printed(one), "brackets are no markup"
    assert all(number in printed(one) for number in ("56.7", "1,350", "500", "×1.33 (0.80–2.20)", "(n=4)"))


def test_a_lift_that_is_not_shown_says_why(con: duckdb.DuckDBPyConnection) -> None:
    console = wide()
    one_partner(console, con, "musashi", "en")
    assert "Too few cases (shown from 10 on each side)" in printed(console)


def test_a_ghost_is_listed_with_its_companies_and_an_unknown_partner_is_none(con: duckdb.DuckDBPyConnection) -> None:
    console = wide()
    assert one_partner(console, con, "tasogare", "ja")
    assert "株式会社え" in printed(console)
    assert not one_partner(console, con, "nobody", "ja")
