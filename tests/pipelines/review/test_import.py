"""Answers on their way from a workbook into the state."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.registrations import Refused
from pipelines.review.intake import Intake, take_in
from pipelines.review.layout import HIDDEN
from pipelines.review.reading import Answered, read_answers
from pipelines.texts import text
from tests.pipelines.review.papers import Paper, export
from tests.pipelines.review.world import NOW, ReviewWorld, filled

US, LISTED, OTHER = "our_hubspot:companies:1", "musashi/list:list:A-01", "setouchi/list:list:B-7"
ENTRY = "register:7000012050002"


@pytest.fixture
def world(tmp_path: Path) -> ReviewWorld:
    return filled(tmp_path / "home").publish()


def said(answered: Answered) -> dict[frozenset[str], str]:
    return {frozenset(answer.asked.pair): answer.decision for answer in answered.answers}


def faults(answered: Answered) -> list[str]:
    return [text(fault.text_key, "en", **fault.values) for fault in answered.faults]


def take(world: ReviewWorld, path: Path, by: str = "sato", hours: int = 0) -> Intake:
    with world.warehouse.connect() as con:
        return take_in(con, read_answers(path), by, NOW + timedelta(hours=hours))


def test_every_answer_finds_its_pair(world: ReviewWorld) -> None:
    paper = Paper(export(world, language="ja"))
    paper.fill(2, 回答="同じ", コメント="電話で確認", 回答者="田中").fill(3, 回答="違う").fill(4, 回答="わからない")
    assert take(world, paper.save()).repeated == 0
    assert world.state("decisions", "record_id, other_record_id, decision, decided_by, reason") == [
        (LISTED, US, "same", "田中", "電話で確認"),
        (US, ENTRY, "unsure", "sato", None),
        (OTHER, US, "different", "sato", None),
    ]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_rows_and_columns_may_be_moved_and_left_out(world: ReviewWorld, data: st.DataObject) -> None:
    original = world.home / "original.xlsx"
    paper = Paper(original if original.exists() else export(world, original.name))
    paper.fill(2, Answer="same").fill(3, Answer="different").fill(4, Answer="UNSURE")
    rows = [[cell if cell is None else str(cell) for cell in row] for row in paper.rows()]
    whole = {frozenset((LISTED, US)): "same", frozenset((OTHER, US)): "different", frozenset((US, ENTRY)): "unsure"}
    pairs: Sequence[frozenset[str]] = list(whole)
    kept = data.draw(st.lists(st.sampled_from([0, 1, 2]), unique=True))
    order = data.draw(st.permutations(range(len(rows[0]))))
    blank = data.draw(st.integers(0, 3))
    moved: list[list[Any]] = [[None]] * blank + [[row[at] for at in order] for row in [rows[0], *(rows[at + 1] for at in kept)]]
    paper.rewrite(moved)
    paper.book.create_sheet("メモ", 0).append(["打合せ", "回答"])
    answered = read_answers(paper.save(world.home / "moved.xlsx"))
    assert said(answered) == {pairs[at]: whole[pairs[at]] for at in kept}
    assert faults(answered) == []


def test_each_bad_cell_is_named_and_the_others_are_taken(world: ReviewWorld) -> None:
    paper = Paper(export(world))
    paper.fill(2, Answer="おなじかも").fill(3, Comment="ask Sato").fill(4, Answer="same", Answered_by="Kudo")
    paper.sheet().append(["", "same"])
    answered = read_answers(paper.save())
    assert said(answered) == {frozenset((US, ENTRY)): "same"}
    comment = openpyxl.utils.get_column_letter(paper.column("Comment"))
    assert faults(answered) == [
        "Sheet Questions, row 2, column B: “おなじかも” is no answer. Choose same, different or unsure.",
        f"Sheet Questions, row 3, column {comment}: a comment without an answer. Choose same, different or unsure.",
        "Sheet Questions, row 5, column B: no key, or none of this workbook. Answer in a row of the workbook as it was exported.",
    ]


def test_a_row_that_was_copied_and_answered_otherwise_has_no_answer(world: ReviewWorld) -> None:
    paper = Paper(export(world)).fill(2, Answer="same").fill(3, Answer="same")
    rows = paper.rows()
    copied = [*rows[1]]
    copied[1] = "different"
    paper.rewrite([*rows, copied, rows[2]])
    answered = read_answers(paper.save())
    assert said(answered) == {frozenset((OTHER, US)): "same"}
    (fault,) = faults(answered)
    assert fault.startswith("One pair, two answers (Questions 2, Questions 5)")


def test_a_formula_says_what_the_program_stored_and_nothing_without_it(world: ReviewWorld) -> None:
    paper = Paper(export(world)).fill(2, Answer="same").fill(3, Answer="=B2")
    answered = read_answers(paper.save())
    assert said(answered) == {frozenset((LISTED, US)): "same"}
    assert faults(answered) == ["Sheet Questions, row 3, column B: a formula without a stored result. Write the value itself."]


def test_a_sheet_that_lost_its_answers_is_named(world: ReviewWorld) -> None:
    paper = Paper(export(world)).fill(2, Answer="same")
    key = paper.column("Key")
    paper.sheet().cell(1, 2).value = "memo"
    assert faults(read_answers(paper.save())) == ["Sheet Questions has no column Answer. Give the column its heading back."]
    paper.sheet().cell(1, 2).value = "Answer"
    paper.sheet().delete_cols(key)
    answered = read_answers(paper.save())
    assert answered.answers == []
    assert faults(answered) == [
        "Sheet Questions has no column Key, so its answers cannot be told apart. Copy them into a new export."
    ]


def test_a_file_that_is_none_of_ours_is_refused_in_one_sentence(world: ReviewWorld, tmp_path: Path) -> None:
    files = {name: tmp_path / f"{name}.xlsx" for name in ("other", "broken", "text", "empty", "cut", "marked")}
    openpyxl.Workbook().save(files["other"])
    ours = export(world).read_bytes()
    files["broken"].write_bytes(ours[:200] + b"\0" * 50 + ours[250:])
    files["text"].write_text("回答,同じ", encoding="utf-8")
    files["empty"].write_bytes(b"")
    files["cut"].write_bytes(ours[:-300])
    book = openpyxl.load_workbook(export(world))
    book[HIDDEN]["A1"] = "totsugo review 99"
    book.save(files["marked"])
    for file in files.values():
        with pytest.raises(Refused, match=r"is no workbook of `totsugo review export`, or it is damaged"):
            read_answers(file)
    with pytest.raises(Refused, match="cannot be read"):
        read_answers(tmp_path / "none.xlsx")


def test_the_same_file_twice_adds_nothing_not_even_after_another_word(world: ReviewWorld) -> None:
    path = Paper(export(world)).fill(2, Answer="same").save()
    assert len(take(world, path).taken) == 1
    assert (take(world, path, hours=1).taken, take(world, path, hours=1).repeated) == ([], 1)
    world.say(US, LISTED, "different", minutes=-120)
    assert take(world, path, hours=3).taken == []
    assert [d.decision for d in world.in_force()] == ["different"]


def test_an_answer_that_was_changed_adds_a_newer_one_also_back_to_the_first(world: ReviewWorld) -> None:
    paper = Paper(export(world))
    for hours, word in enumerate(("same", "different", "same")):
        path = paper.fill(2, Answer=word, Comment=f"call {hours}").save()
        intake = take(world, path, hours=hours)
        assert [d.decision for d in intake.taken] == [word]
        assert len(intake.replaced) == (hours > 0)
    assert [d.decision for d in world.in_force()] == ["same"]
    assert len(world.state("decisions", "decision")) == 3


def test_a_copy_that_a_colleague_filled_in_is_taken_and_the_first_one_does_not_come_back(
    world: ReviewWorld, tmp_path: Path
) -> None:
    path = export(world)
    first = Paper(path).fill(2, Answer="same").save(tmp_path / "tanaka.xlsx")
    second = Paper(path).fill(2, Answer="different").fill(3, Answer="same").save(tmp_path / "sato.xlsx")
    assert len(take(world, first, "tanaka").taken) == 1
    both = take(world, second, "sato", hours=1)
    assert [(before.decided_by, new.decision) for before, new in both.replaced] == [("tanaka", "different")]
    assert take(world, first, "tanaka", hours=2).taken == []


def test_what_already_stands_is_not_said_twice(world: ReviewWorld) -> None:
    path = Paper(export(world)).fill(2, Answer="same").fill(3, Answer="same", Comment="new reason").save()
    world.say(US, LISTED, "same", minutes=5)
    world.say(US, OTHER, "same", minutes=5)
    intake = take(world, path)
    assert [(d.pair, d.reason) for d in intake.taken] == [((US, OTHER), "new reason")]
    assert intake.repeated == 1


def test_a_spot_check_leaves_the_range_it_was_drawn_from(world: ReviewWorld) -> None:
    world.link(US, "c1", 1.0, rule="alone")
    world.link(LISTED, "c1", 0.992)
    paper = Paper(export(world.publish()))
    paper.fill(2, sheet=1, Answer="different")
    take(world, paper.save())
    columns = "sheet, decision, probability, stratum, stratum_size"
    assert world.state("review_answers", columns) == [("spot_check", "different", 0.992, "99-99.9", 1)]
    assert [d.decision for d in world.in_force()] == ["different"]


def test_ids_survive_whatever_they_hold(world: ReviewWorld) -> None:
    strange = world.record(' =1+1 "x"\x07　', "風読", "musashi")
    world.ask(strange, US)
    answered = read_answers(Paper(export(world.publish())).fill(5, Answer="same").save())
    assert said(answered) == {frozenset((strange, US)): "same"}


@pytest.mark.full
@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_workbook_that_libreoffice_saved_reads_the_same(world: ReviewWorld, tmp_path: Path, language: str) -> None:
    heading, words = ("回答", ("同じ", "違う")) if language == "ja" else ("Answer", ("same", "different"))
    path = Paper(export(world, language=language)).fill(2, **{heading: words[0]}).fill(3, **{heading: words[1]}).save()
    profile, saved = tmp_path / "profile", tmp_path / "saved"
    command = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", "xlsx", "--outdir"]
    subprocess.run([*command, str(saved), str(path)], check=True, capture_output=True, timeout=120)
    answered = read_answers(saved / path.name)
    assert said(answered) == {frozenset((LISTED, US)): "same", frozenset((OTHER, US)): "different"}
    assert (faults(answered), answered.export_id) == ([], read_answers(path).export_id)
    sheet = Paper(saved / path.name).sheet()
    assert (
        sheet.data_validations.dataValidation[0].formula1
        == f'"{words[0]},{words[1]},{"わからない" if language == "ja" else "unsure"}"'
    )
    assert "f" not in {cell.data_type for row in sheet for cell in row}
