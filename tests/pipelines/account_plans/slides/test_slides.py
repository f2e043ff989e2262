"""Slides of every fixture plan: nothing outside, over one another, cut short, empty or invented."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import combinations

import pytest

from pipelines.account_plans.drawing.fit import fitted_table, is_cut, overflows, table_height
from pipelines.account_plans.drawing.frame import BODY, footer_of, subtitle_of, title_of
from pipelines.account_plans.drawing.measure import plain
from pipelines.account_plans.drawing.scene import BarChart, Deck, Item, Line, Rect, Slide, Table, Text
from pipelines.account_plans.figure import told
from pipelines.account_plans.plan import Plan
from pipelines.account_plans.slides.deck import deck_of
from pipelines.texts import catalogue
from tests.pipelines.account_plans.plans import bare, every_plan, full, long_names

PLANS = every_plan()
every = pytest.mark.parametrize("name", PLANS)


@cache
def deck(name: str) -> Deck:
    return deck_of(PLANS[name])


def items(name: str) -> Iterator[tuple[Slide, Item]]:
    for slide in deck(name).slides:
        for item in slide.items:
            yield slide, item


def words_of(slide: Slide) -> str:
    """All that a slide says."""
    told_words = [slide.title, slide.subtitle, slide.footer]
    for item in slide.items:
        if isinstance(item, Text):
            told_words.append(plain(item))
        elif isinstance(item, Table):
            told_words += [cell.text for row in (item.head, *item.rows) for cell in row]
        elif isinstance(item, BarChart):
            told_words += [*item.categories, *(label for series in item.series for label in series.labels)]
            told_words += [series.name for series in item.series]
    return "\n".join(told_words)


def overlap(a: Rect, b: Rect) -> bool:
    """Whether two places share more than an edge, and neither lies in the other."""
    across = min(a.x + a.width, b.x + b.width) - max(a.x, b.x)
    down = min(a.y + a.height, b.y + b.height) - max(a.y, b.y)
    return across > 0.1 and down > 0.1 and not inside(a, b) and not inside(b, a)


def inside(a: Rect, b: Rect) -> bool:
    return (
        a.x >= b.x - 0.1 and a.y >= b.y - 0.1 and a.x + a.width <= b.x + b.width + 0.1 and a.y + a.height <= b.y + b.height + 0.1
    )


@every
def test_nothing_is_too_large_for_its_place_or_leaves_the_body(name: str) -> None:
    for slide, item in items(name):
        if isinstance(item, Line):
            assert min(item.x1, item.x2) >= BODY.x, (slide.title, item)
            assert max(item.x1, item.x2) <= BODY.x + BODY.width, (slide.title, item)
            continue
        assert inside(item.place, BODY), (slide.title, item)
        assert not overflows(item), (slide.title, item)
    for slide in deck(name).slides:
        assert not any(is_cut(box) for box in (title_of(slide), subtitle_of(slide), footer_of(slide))), slide.title


@every
def test_no_two_things_cover_each_other(name: str) -> None:
    for slide in deck(name).slides:
        boxes = [item for item in slide.items if not isinstance(item, Line)]
        for one, other in combinations(boxes, 2):
            assert not overlap(_taken(one), _taken(other)), (slide.title, one, other)
        with_words = [box for box in boxes if not isinstance(box, Text) or box.paragraphs]
        for one, other in combinations(with_words, 2):
            contained = inside(_taken(one), _taken(other)) or inside(_taken(other), _taken(one))
            assert not contained, (slide.title, one, other)


def _taken(item: Item) -> Rect:
    """What an item really takes: a table is as high as its rows."""
    assert not isinstance(item, Line)
    place = item.place
    return Rect(place.x, place.y, place.width, table_height(item)) if isinstance(item, Table) else place


@every
def test_no_box_is_empty_and_no_chart_is_without_values(name: str) -> None:
    for slide, item in items(name):
        if isinstance(item, Text):
            assert plain(item).strip() or (not item.paragraphs and item.fill), (slide.title, item)
        elif isinstance(item, Table):
            assert item.rows, slide.title
            assert item == fitted_table(item), slide.title
        elif isinstance(item, BarChart):
            assert any(value is not None for series in item.series for value in series.values), slide.title
            assert all(len(series.values) == len(series.labels) == len(item.categories) for series in item.series)


@every
def test_every_digit_is_of_a_figure_a_date_or_of_something_somebody_wrote(name: str) -> None:
    plan = PLANS[name]
    for slide in deck(name).slides:
        words = re.sub(r"^\d\. ", "", words_of(slide)) + "\n"
        for known in _numbers(plan):
            words = words.replace(known, " ")
        assert not re.findall(r"\d[\d,.]*", words), (slide.title, re.findall(r".*\d.*", words))


def _numbers(plan: Plan) -> list[str]:
    """What may stand on a slide with digits in it, longest first."""
    used = [told(figure, plan.language, plan.currency) for figure in plan.used.values()]
    used += [figure.label(plan.language) for figure in plan.used.values()]
    used += [figure.formula(plan.language) or "" for figure in plan.used.values()]
    used += [figure.source.where for figure in plan.used.values() if figure.source]
    used += [move.id for move in plan.actions.moves]
    years = {str(year) for year in range(2022, 2031)}
    days = {f"/{month}/{day}" for month in range(1, 13) for day in range(1, 32)} | {"11/28", "Nov 28"}
    days |= {f"-{month:02}-{day:02}" for month in range(1, 13) for day in range(1, 32)}
    quarters = {"第2四半期", "第3四半期", "Q2", "Q3"}
    static = {row[plan.language] for row in catalogue().values() if row["key"] == "plan.slide.fit.note"}
    numbered = {f"{n}か月目" for n in (1, 2, 3)} | {f"Month {n}" for n in (1, 2, 3)} | {f"セル{n}" for n in range(1, 10)}
    cells = {f"\n{n}\n" for n in range(1, 10)} | {f"cell {n}" for n in range(1, 10)}
    changes = {"1,070万円", "24社", "JPY 11M", "24 companies"} if plan.earlier else set()
    return sorted({*used, *years, *days, *quarters, *static, *numbered, *cells, *changes} - {""}, key=len, reverse=True)


def test_each_step_bears_the_id_by_which_people_say_that_it_is_done() -> None:
    plan = PLANS["full_ja"]
    (actions,) = (slide for slide in deck("full_ja").slides if slide.title.startswith("5."))
    assert plan.actions.moves
    assert all(move.id in words_of(actions) for move in plan.actions.moves)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_plan_without_data_says_what_is_missing_and_whom_to_ask(language: str) -> None:
    slides = deck_of(bare(language)).slides
    said = {slide.title.split(".")[0] + slide.title.split(".")[1][:3]: words_of(slide) for slide in slides}
    every_word = "\n".join(said.values())
    for key in ("years.missing", "potential.missing", "base.missing", "way.missing", "reasoning.missing", "us.missing"):
        assert catalogue()[f"plan.slide.{key}"][language] in every_word, key
    for key in ("target.missing", "people.missing", "goal.missing"):
        assert catalogue()[f"plan.slide.{key}"][language].format(partner="musashi") in every_word, key
    assert catalogue()["plan.slide.ask.partner"][language] in every_word


def test_every_figure_is_listed_with_its_value_source_and_day() -> None:
    plan = full("ja")
    rows = [
        (row[0].text, row[1].text, row[1].bold)
        for slide in deck_of(plan).slides
        for item in slide.items
        if isinstance(item, Table) and item.name == "figures"
        for row in item.rows
    ]
    listed: dict[tuple[str, str], tuple[str, str]] = {}
    source = ("", "")
    for words, value, of_figure in rows:
        if of_figure:
            listed[words, value] = source
        else:
            source = (words, value)
    known = [figure for figure in plan.used.values() if figure.value is not None]
    assert sum(of_figure for *_, of_figure in rows) == len(known)
    for figure in known:
        formula = figure.formula("ja")
        label = f"{figure.label('ja')}\n＝{formula}" if formula else figure.label("ja")
        assert figure.source
        where, day = listed[label, told(figure, "ja", "JPY")]
        assert figure.source.where in where
        assert str(figure.source.on.year if figure.source.on else "") in day


def test_sentences_stand_in_slots_of_their_own_so_that_people_can_write_there() -> None:
    plan = full("ja")
    slots = [item.slot for slide in deck_of(plan).slides for item in slide.items if isinstance(item, Text) and item.slot]
    assert len(slots) == len(set(slots))
    wanted = {"overview.summary", "direction.purpose", "direction.do.1", "direction.do_not.2", "potential.reading"}
    wanted |= {"actions.goal.1", "actions.request.support", "relations.approach.1"}
    assert wanted <= set(slots)
    assert {move.words.slot for move in plan.actions.moves} <= set(slots)


def test_words_that_had_to_be_cut_stand_in_the_notes_in_full() -> None:
    slides = deck_of(long_names("ja")).slides
    cut = [slide for slide in slides if any(isinstance(i, Text) and plain(i).endswith("…") for i in slide.items)]
    assert cut
    assert all(slide.notes for slide in cut)


def test_the_same_plan_makes_the_same_deck() -> None:
    assert deck_of(full("ja", theirs=60)) == deck_of(full("ja", theirs=60))


def test_an_earlier_quarter_is_laid_beside_this_one() -> None:
    titles = [slide.title for slide in deck("earlier_ja").slides]
    assert sum(title.startswith("5. 前回の振り返り") for title in titles) == 1
    assert not any("前回の振り返り" in slide.title for slide in deck("full_ja").slides)
