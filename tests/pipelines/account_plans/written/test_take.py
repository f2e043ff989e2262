"""What a person typed into the deck goes into the yaml: comments and order stay, no sentence is lost, twice is as once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from pptx import Presentation
from pptx.shapes.autoshape import Shape

from pipelines.account_plans.drawing.pptx import deck_bytes
from pipelines.account_plans.drawing.scene import Deck, Paragraph, Rect, Run, Slide, Text
from pipelines.account_plans.written.load import load
from pipelines.account_plans.written.take import take
from pipelines.registrations import Refused
from pipelines.settings import SettingsError
from tests.pipelines.account_plans.quarter import Quarter

ON = date(2026, 11, 28)
SLOTS = (
    *("direction.purpose", "direction.do.1", "direction.do.2", "potential.reading"),
    *("actions.goal.2026q3-1", "actions.move.2026q3-m1", "actions.move.2026q3-m2"),
)
YAML = """\
# Ours alone
version: 1

texts:
  # agreed with the board
  direction.purpose: '前の文'   # 高橋
moves:
- text: 定例会を始める
  owner: 高橋
# the end
"""


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    """A plan's deck as it was made."""
    boxes = [Text(Rect(20, 60 * n, 600, 50), (Paragraph((Run(f"Draft of {slot}"),)),), slot=slot) for n, slot in enumerate(SLOTS)]
    file = tmp_path / "musashi.pptx"
    file.write_bytes(deck_bytes(Deck("Plan", "en", (Slide("Page", boxes),), "musashi"), None))
    return file


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "musashi.yaml"
    made.write_text(YAML, encoding="utf-8")
    return made


def typed(deck: Path, **slots: str) -> None:
    """A person types these words into the boxes; ``direction__do__1`` is the box of ``direction.do.1``."""
    presentation = Presentation(str(deck))
    wanted = {name.replace("__", "."): words for name, words in slots.items()}
    for shape in presentation.slides[0].shapes:
        if isinstance(shape, Shape) and (words := wanted.get(shape.name.removeprefix("text:").partition("#")[0])) is not None:
            shape.text_frame.text = words
    presentation.save(str(deck))


def test_a_deck_that_nobody_changed_changes_nothing(deck: Path, file: Path) -> None:
    assert take(deck, file, ON, "en").texts == ()
    assert file.read_text(encoding="utf-8") == YAML


def test_typed_words_stand_in_the_file_and_in_the_next_plan(deck: Path, tmp_path: Path) -> None:
    file = tmp_path / "musashi.yaml"
    typed(deck, direction__purpose="Win: with them\nand soon", **{"actions__goal__2026q3-1": "Five doors"})
    assert [edit.slot for edit in take(deck, file, ON, "en").texts] == ["actions.goal.2026q3-1", "direction.purpose"]
    found = load(file)
    assert found.texts == {"direction.purpose": "Win: with them\nand soon", "actions.goal.2026q3-1": "Five doors"}
    goal = Quarter().partner().plan(date(2026, 11, 20), found).actions.goals[0]
    assert (goal.words.words, goal.words.written) == ("Five doors", True)


def test_comments_order_and_the_sentence_that_was_replaced_stay(deck: Path, file: Path) -> None:
    typed(deck, direction__purpose="新しい文")
    take(deck, file, ON, "ja")
    content = file.read_text(encoding="utf-8")
    assert load(file).texts["direction.purpose"] == "新しい文"
    for line in ("# Ours alone", "  # agreed with the board", "# the end", "- text: 定例会を始める", "  owner: 高橋"):
        assert line in content.split("\n")
    assert "# 高橋" in content
    assert "# 2026-11-28に差し替える前の文：前の文" in content
    assert content.index("texts:") < content.index("moves:")


def test_twice_is_as_once(deck: Path, file: Path) -> None:
    typed(deck, direction__purpose="Anew", direction__do__1="", **{"actions__move__2026q3-m1": ""})
    take(deck, file, ON, "en")
    content = file.read_bytes()
    again = take(deck, file, ON, "en")
    assert (again.texts, again.dropped) == ((), ())
    assert file.read_bytes() == content


def test_every_sentence_that_was_ever_typed_is_still_there(deck: Path, file: Path) -> None:
    for n in range(4):
        typed(deck, direction__purpose=f"Version {n}\nand {n} more", potential__reading=f"Reading {n}")
        take(deck, file, ON, "en")
    content = file.read_text(encoding="utf-8")
    assert all(f"{word} {n}" in content for word in ("Version", "and", "Reading") for n in range(4))
    assert "前の文" in content
    assert load(file).texts == {"direction.purpose": "Version 3\nand 3 more", "potential.reading": "Reading 3"}


def test_deleted_words_take_away_what_may_be_left_out_and_are_named_where_not(deck: Path, file: Path) -> None:
    typed(deck, direction__do__2="", potential__reading=" ", **{"actions__move__2026q3-m2": ""})
    edits = take(deck, file, ON, "en")
    assert (edits.dropped, edits.emptied) == (("2026q3-m2",), ("potential.reading",))
    found = load(file)
    assert found.texts["direction.do.2"] == ""
    assert [(move.id, move.dropped) for move in found.moves] == [(None, False), ("2026q3-m2", True)]


def test_a_step_of_ours_keeps_its_id_when_it_gets_other_words(file: Path, tmp_path: Path) -> None:
    quarter = Quarter().partner()
    own = quarter.plan(ON, load(file)).actions.moves[-1]
    box = Text(Rect(0, 0, 300, 50), (Paragraph((Run(own.words.words),)),), slot=own.words.slot)
    deck = tmp_path / "own.pptx"
    deck.write_bytes(deck_bytes(Deck("Plan", "ja", (Slide("Page", [box]),)), None))
    typed(deck, **{own.words.slot: "月例会を始める"})
    take(deck, file, ON, "ja")
    told = quarter.plan(ON, load(file)).actions.moves[-1]
    assert (told.id, told.words.words, told.owner) == (own.id, "月例会を始める", "高橋")
    assert "定例会を始める" in file.read_text(encoding="utf-8")


def test_a_file_with_a_fault_is_left_alone(deck: Path, file: Path) -> None:
    file.write_text("texts: {nowhere: x}\n", encoding="utf-8")
    typed(deck, direction__purpose="Anew")
    with pytest.raises(SettingsError, match=r"musashi\.yaml:1"):
        take(deck, file, ON, "en")
    assert file.read_text(encoding="utf-8") == "texts: {nowhere: x}\n"


def test_what_is_no_deck_is_refused(file: Path) -> None:
    with pytest.raises(Refused):
        take(file, file, ON, "en")


def test_another_partners_deck_is_refused_whatever_its_name(deck: Path, tmp_path: Path) -> None:
    typed(deck, direction__purpose="Anew")
    with pytest.raises(Refused, match="musashi"):
        take(deck, tmp_path / "setouchi.yaml", ON, "en")
    assert not (tmp_path / "setouchi.yaml").exists()
