"""The workbook as people open it."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock

from pipelines.review.layout import HIDDEN
from tests.pipelines.review.papers import Paper, export, hidden_rows
from tests.pipelines.review.world import ReviewWorld, filled


@pytest.fixture
def world(tmp_path: Path) -> ReviewWorld:
    return filled(tmp_path / "home").publish()


def marked(cell: object) -> list[str]:
    """The parts of a cell that stand out."""
    assert isinstance(cell, CellRichText)
    return [part.text for part in cell if isinstance(part, TextBlock)]


def test_a_row_is_a_question_with_both_records_one_above_the_other(world: ReviewWorld) -> None:
    paper = Paper(export(world, language="ja"))
    assert [sheet.title for sheet in paper.book.worksheets] == ["確認", "使い方", HIDDEN]
    assert str(paper.values("社名")[0]) == "(株)風読高崎\n株式会社風読髙﨑"
    assert paper.values("登録元")[0] == "武蔵システムズ株式会社\nアオゾラソフト株式会社"
    assert paper.values("登録元")[2].endswith("\n法人番号公表サイト（登記）")
    assert paper.values("取引状況")[0] == "ターゲット\n既存顧客"
    assert paper.values("法人番号")[:3:2] == [None, "–\n7000012050002"]
    assert str(paper.values("電話番号")[0]) == "03-5555-1299\n03-5555-1212"
    assert paper.values("確率") == [0.81, 0.52, 0.4]
    assert paper.values("判定の根拠")[0] == "社名が旧字体をそろえると一致（+8.1）、電話番号が相違（-1.2）"
    assert paper.values("回答") == [None, None, None]
    assert "英語社名" not in [cell.value for cell in paper.sheet()[1]]  # nobody has one


def test_what_differs_stands_out_and_width_alone_does_not(world: ReviewWorld) -> None:
    paper = Paper(export(world, language="ja"))
    assert marked(paper.values("社名")[0])[-1] == "髙﨑"
    assert marked(paper.values("所在地")[0]) == ["４", "〒135-0061 ", "3"]
    assert paper.values("社名カナ")[0] == "ｶｾﾞﾖﾐﾀｶｻｷ\nカゼヨミタカサキ"


def test_no_cell_is_a_formula_whatever_the_data_say(world: ReviewWorld) -> None:
    starts = [world.record(f"x{at}", start + "cmd|' /C calc'!A0", "musashi") for at, start in enumerate("=+-@")]
    error, control = world.record("x8", "#N/A", "musashi"), world.record("x9", "風\x00読\x1b\n\t=1", "musashi")
    for other in (*starts, error, control):
        world.ask(other, world.record(f"for-{other[-2:]}", "=1+1"))
    path = export(world.publish())
    book = openpyxl.load_workbook(path)
    assert {cell.data_type for sheet in book for row in sheet for cell in row} <= {"s", "inlineStr", "n"}
    names = [cell for cell in book.worksheets[0]["C"] if str(cell.value).startswith(tuple("=+-@"))]
    assert len(names) == 5
    assert all(cell.quotePrefix for cell in names)
    assert "風読 =1\n=1+1" in [cell.value for cell in book.worksheets[0]["C"]]


def test_answers_come_from_a_list_and_the_headings_stay_in_sight(world: ReviewWorld) -> None:
    sheet = Paper(export(world, language="ja")).sheet()
    (choice,) = sheet.data_validations.dataValidation
    assert choice.formula1 == '"同じ,違う,わからない"'
    assert str(choice.sqref) == "B2:B4"
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref.startswith("A1:")
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.sheet_properties.pageSetUpPr is not None
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert not sheet.protection.sheet


def test_the_same_questions_bear_the_same_keys_in_every_export(world: ReviewWorld) -> None:
    first, second = export(world), export(world, "second.xlsx", "ja")
    assert first.read_bytes() != second.read_bytes()
    assert hidden_rows(first) == hidden_rows(second)
    assert openpyxl.load_workbook(first)[HIDDEN].sheet_state == "veryHidden"


def test_what_was_decided_is_not_asked_and_the_limit_leaves_the_rest(world: ReviewWorld) -> None:
    assert len(Paper(export(world, limit=2)).values("Answer")) == 2
    world.say("our_hubspot:companies:1", "musashi/list:list:A-01", "unsure")
    assert len(Paper(export(world, "later.xlsx")).values("Answer")) == 2


def test_contradictions_are_asked_again_with_what_was_said(world: ReviewWorld) -> None:
    a, b, c = (world.record(id, f"会社{id}") for id in ("a", "b", "c"))
    world.publish()
    world.say(a, b, "same", "tanaka", 3)
    world.say(b, c, "same", "sato", 2)
    world.say(c, a, "different", "suzuki", 1)
    paper = Paper(export(world, language="ja"))
    assert paper.book.sheetnames[1] == "矛盾"
    assert paper.values("これまでの回答", 1) == [
        "同じ（tanaka、2026-11-19）",
        "同じ（sato、2026-11-19）",
        "違う（suzuki、2026-11-19）",
    ]
    assert paper.values("番号", 1) == ["1", "1", "1"]


def test_a_record_that_is_gone_is_told_as_such(world: ReviewWorld) -> None:
    world.say("gone:1", "our_hubspot:companies:1", "same", minutes=2)
    world.say("gone:1", "musashi/list:list:A-01", "same", minutes=1)
    world.say("musashi/list:list:A-01", "our_hubspot:companies:1", "different")
    paper = Paper(export(world))
    at = paper.book.sheetnames.index("Contradictions")
    assert "(a record that is gone)" in "".join(paper.values("Source", at))
