"""Decks as PowerPoint files: native, the same bytes again, in a company's template, and what a person typed is told."""

from __future__ import annotations

import io
from pathlib import Path

import pptx
import pytest
from pptx.presentation import Presentation
from pptx.shapes.base import BaseShape
from pptx.util import Pt

from pipelines.account_plans.drawing.pptx import deck_bytes
from pipelines.account_plans.drawing.scene import Deck, Rect, Slide
from pipelines.account_plans.drawing.slots import texts_of
from pipelines.account_plans.drawing.zipped import packed, unpacked
from pipelines.registrations import Refused
from tests.pipelines.account_plans.drawing.decks import SENTENCE, box, deck, people, table


def _opened(data: bytes) -> Presentation:
    return pptx.Presentation(io.BytesIO(data))


def _shape(presentation: Presentation, slide: int, name: str) -> BaseShape:
    return next(shape for shape in presentation.slides[slide].shapes if shape.name == name)


@pytest.fixture(scope="module")
def made() -> Presentation:
    return _opened(deck_bytes(deck()))


def test_the_same_deck_gives_the_same_bytes() -> None:
    assert deck_bytes(deck()) == deck_bytes(deck())
    assert deck_bytes(deck()) != deck_bytes(deck("別の計画"))


def test_titles_notes_and_properties_are_where_people_look_for_them(made: Presentation) -> None:
    assert [slide.shapes.title.text for slide in made.slides] == [slide.title for slide in deck().slides]
    assert made.slides[0].notes_slide.notes_text_frame.text == "一行目\n二行目"
    assert (made.core_properties.title, made.core_properties.author) == ("アカウントプラン", "Totsugo")
    assert (made.slide_width, made.slide_height) == (Pt(960), Pt(540))


def test_a_table_is_a_table_with_all_its_words(made: Presentation) -> None:
    drawn = _shape(made, 1, "Companies").table
    told = [[cell.text for cell in row.cells] for row in drawn.rows]
    assert told == [[cell.text for cell in row] for row in (table().head, *table().rows)]


def test_charts_are_native_with_their_data_and_labels(made: Presentation) -> None:
    chart = _shape(made, 0, "Upright").chart
    assert list(chart.plots[0].categories) == ["2023年度", "2024年度", "2025年度", "2026年度（途中）"]
    sales, targets = chart.plots[0].series
    assert tuple(sales.values) == (120, -40, None, 310)
    assert sales.points[1].data_label.text_frame.text == "-0.4億円"
    assert targets.format.fill.type.name == "PATTERNED"
    bubbles = next(shape for shape in made.slides[3].shapes if shape.has_chart).chart.plots[0].series[0]
    assert {bubbles.points[n].data_label.text_frame.text for n in range(6)} >= {"ミライ商事", "九州"}


def test_every_run_names_its_language_and_a_font_for_japanese(made: Presentation) -> None:
    runs = [run for slide in made.slides for run in slide._element.iter("{*}r")]
    assert len(runs) > 100
    assert {run.find("{*}rPr").get("lang") for run in runs} == {"ja-JP"}
    assert all(run.find("{*}rPr/{*}ea") is not None and run.find("{*}rPr/{*}latin") is not None for run in runs)
    theme = unpacked(deck_bytes(deck()))["ppt/theme/theme1.xml"].decode()
    assert theme.count('<a:ea typeface="Yu Gothic"/>') == 2


def test_lines_that_touch_boxes_are_tied_to_them_and_lie_behind_them(made: Presentation) -> None:
    slide = made.slides[2]
    names = [shape.name for shape in slide.shapes]
    assert names.index("Tied") < names.index("Text 4")
    ids = {shape.name: shape.shape_id for shape in slide.shapes}
    tied = _shape(made, 2, "Tied")._element
    ends = [(int(tied.find(f".//{{*}}{end}").get("id")), tied.find(f".//{{*}}{end}").get("idx")) for end in ("stCxn", "endCxn")]
    assert ends == [(ids["Text 4"], "2"), (ids["Text 5"], "0")]


def test_an_empty_chart_or_table_draws_nothing() -> None:
    empty = Slide("空", (table(0).__class__(Rect(28, 80, 100, 100), (), (), ()), people().items[0]))
    assert len(_opened(deck_bytes(Deck("空", "ja", (empty,)))).slides[0].shapes) == 3  # title, line, number


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """A company's ``.potx`` of 4:3 with a coloured ground and slides of its own."""
    presentation = pptx.Presentation()
    ground = presentation.slide_master.background.fill
    ground.solid()
    ground.fore_color.rgb = pptx.dml.color.RGBColor(0xFF, 0xF7, 0xED)
    for layout in list(presentation.slide_layouts)[:3]:
        presentation.slides.add_slide(layout).shapes.title.text = "見本のスライド"
    out = io.BytesIO()
    presentation.save(out)
    parts = unpacked(out.getvalue())
    kinds = parts["[Content_Types].xml"].replace(b"presentation.main+xml", b"template.main+xml")
    path = tmp_path / "company.potx"
    path.write_bytes(packed({**parts, "[Content_Types].xml": kinds}))
    return path


def test_a_template_gives_its_theme_and_keeps_its_slides(template: Path) -> None:
    data = deck_bytes(deck(), template)
    made = _opened(data)
    assert [slide.shapes.title.text for slide in made.slides] == [slide.title for slide in deck().slides]
    assert "見本のスライド" not in "".join(part.decode(errors="ignore") for part in unpacked(data).values())
    assert b"FFF7ED" in unpacked(data)["ppt/slideMasters/slideMaster1.xml"]
    assert data == deck_bytes(deck(), template)
    width = made.slide_width
    assert all(shape.left >= 0 and shape.left + shape.width <= width for slide in made.slides for shape in slide.shapes)
    assert not [s for slide in made.slides for s in slide.placeholders if s.placeholder_format.idx]


@pytest.mark.parametrize("content", [b"", b"not a deck", packed({"a.txt": b"a"}), packed({"[Content_Types].xml": b"<broken"})])
def test_a_template_that_is_none_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "logo.pptx"
    path.write_bytes(content)
    with pytest.raises(Refused, match=r"logo\.pptx"):
        deck_bytes(deck(), path)
    with pytest.raises(Refused, match=r"logo\.pptx"):
        texts_of(path)


def test_a_template_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"none\.pptx"):
        deck_bytes(deck(), tmp_path / "none.pptx")


def test_what_a_person_typed_is_told_from_what_was_put_there(tmp_path: Path) -> None:
    boxes = box(Rect(28, 80, 280, 110), SENTENCE, "二行目", slot="a"), box(Rect(28, 200, 280, 50), "", slot="b")
    path = tmp_path / "plan.pptx"
    path.write_bytes(deck_bytes(Deck("計画", "ja", (Slide("一", boxes),))))
    assert texts_of(path) == {"a": (f"{SENTENCE}\n二行目", False), "b": ("", False)}
    presentation = pptx.Presentation(path)
    frame = next(shape for shape in presentation.slides[0].shapes if shape.name.startswith("text:a")).text_frame
    frame.paragraphs[1].text = "人が書き直した文\v続き "
    presentation.save(path)
    assert texts_of(path)["a"] == (f"{SENTENCE}\n人が書き直した文\n続き", True)
    assert texts_of(path)["b"] == ("", False)


def test_words_from_data_that_no_file_can_hold_do_not_break_it(tmp_path: Path) -> None:
    bad = "会社\x00名\x0b\ud800<b>&amp;"
    path = tmp_path / "plan.pptx"
    path.write_bytes(deck_bytes(Deck(bad, "ja", (Slide(bad, (box(Rect(28, 80, 280, 50), bad, slot="a"),), bad, bad, bad),))))
    assert texts_of(path)["a"] == ("会社名\n<b>&amp;", False)
