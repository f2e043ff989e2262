"""Decks in the browser: one file that loads and runs nothing, with all words, whatever the words are."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

from lxml import etree

from pipelines.account_plans.drawing.html import page
from pipelines.account_plans.drawing.scene import BarChart, Cell, Deck, Rect, Scatter, ScatterPoint, Series, Slide, Table
from pipelines.account_plans.drawing.svg import sheet_svg, slide_svg
from tests.pipelines.account_plans.drawing.decks import SENTENCE, box, deck

EVIL = """"><script>alert(1)</script><img src=x onerror='alert(2)'>&lt;{{ 1234567*7 }}"""
_SVG = "{http://www.w3.org/2000/svg}"


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


def _evil() -> Deck:
    items = (
        box(Rect(28, 80, 600, 110), EVIL, slot=EVIL),
        Table(Rect(28, 200, 400, 100), (400,), (Cell(EVIL),), ((Cell(EVIL),),), name=EVIL),
        BarChart(Rect(28, 300, 400, 200), (EVIL,), (Series(EVIL, (1,), (EVIL,), "2563EB", pattern=True),)),
        Scatter(Rect(500, 300, 400, 200), (ScatterPoint(EVIL, 1, 1, 1, "2563EB"),), EVIL, EVIL),
    )
    return Deck(EVIL, "ja", (Slide(EVIL, items, EVIL, EVIL, EVIL),))


def test_words_from_data_are_words_and_never_markup() -> None:
    tags = _Tags()
    told = page(_evil(), "ja")
    tags.feed(told)
    assert not tags.tags & {"script", "img", "iframe", "object", "link"}
    assert not {name for name in tags.attributes if name.startswith("on")}
    assert "8641969" not in told


def test_the_page_needs_nothing_else() -> None:
    told = page(deck(), "ja")
    assert not re.findall(r"(?:src|href)=\"(?!#)|url\((?!#)|@import", told)
    assert "default-src 'none'" in told


def test_every_slide_is_listed_and_its_words_can_be_selected() -> None:
    told = page(deck(), "en")
    for number, slide in enumerate(deck().slides, start=1):
        assert f'href="#slide-{number}"' in told
        assert f'id="slide-{number}"' in told
        assert slide.title.replace("&", "&amp;") in told
    assert 'lang="en"' in told
    assert "Contents" in told
    assert "一行目\n二行目" in told


def test_a_picture_holds_the_words_of_its_slide_line_by_line() -> None:
    picture = etree.fromstring(slide_svg(deck().slides[0]))
    words = ["".join(text.itertext()) for text in picture.iter(f"{_SVG}text")]
    assert SENTENCE in "".join(words)
    assert {"1.2億円", "-0.4億円", "目標（試算）"} <= set(words)
    assert picture.get("viewBox") == "0 0 960 540"


def test_pictures_are_the_same_again_and_well_formed() -> None:
    for slide in (*deck().slides, *_evil().slides):
        assert slide_svg(slide) == slide_svg(slide)
        etree.fromstring(slide_svg(slide, 3))
    assert page(deck(), "ja") == page(deck(), "ja")


def test_a_sheet_shows_all_slides() -> None:
    sheet = etree.fromstring(sheet_svg(deck(), columns=3))
    assert len(sheet.findall(f"{_SVG}svg")) == len(deck().slides)
    narrow = etree.fromstring(sheet_svg(replace(deck(), slides=deck().slides[:1])))
    assert float(narrow.get("width")) < float(sheet.get("width"))
    assert len(etree.fromstring(sheet_svg(replace(deck(), slides=())))) == 1
