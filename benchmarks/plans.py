"""Seconds and bytes of account plans: ``python benchmarks/plans.py [HOME] [--language ja]``.

HOME is that of a run that has ended (default: the demo's). Nothing is written there. For each partner: reading and deciding,
laying out, PowerPoint, HTML. Beside it, in the same run, what python-pptx alone takes to put the same words into as many plain
boxes, tables, charts and lines, measuring and styling none. The first partner is made twice, for what is loaded once counts
for none. Nothing here is a test.
"""

from __future__ import annotations

import argparse
import io
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import duckdb
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.enum.shapes import MSO_CONNECTOR
from pptx.util import Pt

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from demo.settings import settings_without_logins
from pipelines.account_plans.build import build_plan, remembered_of
from pipelines.account_plans.drawing.html import page
from pipelines.account_plans.drawing.measure import lines_of_words, plain
from pipelines.account_plans.drawing.pptx import deck_bytes
from pipelines.account_plans.drawing.scene import BarChart, Deck, Item, Line, Table, Text
from pipelines.account_plans.make import partners_of
from pipelines.account_plans.slides.deck import deck_of
from pipelines.account_plans.written.load import load, written_file
from pipelines.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
T = TypeVar("T")


def bare(deck: Deck) -> bytes:
    """The same words by python-pptx alone."""
    presentation = Presentation()
    for slide in deck.slides:
        target = presentation.slides.add_slide(presentation.slide_layouts[5])
        target.shapes.title.text = slide.title
        for item in slide.items:
            _bare_item(target.shapes, item)
    out = io.BytesIO()
    presentation.save(out)
    return out.getvalue()


def _bare_item(shapes: Any, item: Item) -> None:
    if isinstance(item, Line):
        shapes.add_connector(MSO_CONNECTOR.STRAIGHT, *(Pt(n) for n in (item.x1, item.y1, item.x2, item.y2)))
        return
    place = tuple(Pt(n) for n in (item.place.x, item.place.y, item.place.width, item.place.height))
    if isinstance(item, Text):
        shapes.add_textbox(*place).text_frame.text = plain(item)
    elif isinstance(item, Table):
        table = shapes.add_table(len(item.rows) + 1, len(item.widths), *place).table
        for at, row in enumerate([item.head, *item.rows]):
            for column, cell in enumerate(row):
                table.cell(at, column).text = cell.text
    elif isinstance(item, BarChart):
        data = CategoryChartData()
        data.categories = item.categories
        for series in item.series:
            data.add_series(series.name, series.values)
        shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *place, data)


def timed(work: Callable[[], T]) -> tuple[T, float]:
    begun = time.perf_counter()
    return work(), time.perf_counter() - begun


def told(con: duckdb.DuckDBPyConnection, home: Path, settings: Settings, partner: str, language: str) -> str:
    """One line of the table."""
    lines_of_words.cache_clear()
    written, remembered = load(written_file(home / "account_plans", partner)), remembered_of(con, partner)
    plan, build = timed(lambda: build_plan(con, settings, partner, written, remembered, language))
    deck, layout = timed(lambda: deck_of(plan))
    slides, pptx = timed(lambda: deck_bytes(deck, None))
    html, browser = timed(lambda: page(deck, language))
    _, alone = timed(lambda: bare(deck))
    items = sum(len(slide.items) for slide in deck.slides)
    return (
        f"{partner:<12} {len(deck.slides):>6} {items:>6} {build:>6.2f} {layout:>7.2f} {pptx:>6.2f} {browser:>6.2f} "
        f"{alone:>6.2f} {(layout + pptx) / alone:>6.1f} {len(slides) / 1000:>8.0f} {len(html) / 1000:>8.0f}"
    )


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("home", nargs="?", type=Path, default=ROOT / ".local" / "demo")
    arguments.add_argument("--language", default="ja")
    asked = arguments.parse_args()
    settings = settings_without_logins()
    partners = partners_of(settings)
    print("partner      slides  items  build  layout   pptx   html   bare  ratio  kB pptx  kB html")
    with duckdb.connect(str(asked.home / "published.duckdb"), read_only=True) as con:
        con.execute("SET TimeZone = 'UTC'")
        told(con, asked.home, settings, partners[0], asked.language)  # what is loaded once counts for none
        for partner in partners:
            print(told(con, asked.home, settings, partner, asked.language))
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


if __name__ == "__main__":
    main()
