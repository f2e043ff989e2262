"""The relation map of any set of people: everybody is on it once, ranks go down, and no line runs through a box."""

from __future__ import annotations

import dataclasses

from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.account_plans.drawing.frame import BODY
from pipelines.account_plans.drawing.measure import plain
from pipelines.account_plans.drawing.scene import Line, Rect, Slide, Text
from pipelines.account_plans.figure import Source
from pipelines.account_plans.plan import Person
from pipelines.account_plans.slides.deck import deck_of
from pipelines.account_plans.slides.relation_layout import SIZES, sheets_of
from pipelines.account_plans.slides.relation_lines import reporting
from pipelines.account_plans.slides.relations import relations
from tests.pipelines.account_plans.plans import every_plan, full

ROOM = Rect(BODY.x, BODY.y, BODY.width, 330)


@st.composite
def people(draw: st.DrawFn) -> list[Person]:
    """Up to seventy people of any department and rank, reporting to anybody, in circles too."""
    count = draw(st.integers(1, 70))
    departments = draw(
        st.lists(st.sampled_from([None, "営業", "技術", "管理", "企画", "法務", "A"]), min_size=count, max_size=count)
    )
    ranks = draw(st.lists(st.integers(1, 9), min_size=count, max_size=count))
    bosses = draw(st.lists(st.one_of(st.none(), st.integers(0, count - 1)), min_size=count, max_size=count))
    source = Source("crm", "our_salesforce:Contact", None)
    return [
        Person(str(i), f"人{i}", None, departments[i], ranks[i], None if bosses[i] is None else str(bosses[i]), "unknown", source)
        for i in range(count)
    ]


@settings(max_examples=60, deadline=None)
@given(people(), st.sampled_from(SIZES))
def test_everybody_has_one_place_inside_the_room_and_ranks_go_down(them: list[Person], size) -> None:  # type: ignore[no-untyped-def]
    sheets = sheets_of(them, ROOM, size)
    assert sorted(one.person.id for sheet in sheets for one in sheet.placed) == sorted(person.id for person in them)
    for sheet in sheets:
        assert len({(one.column, one.row) for one in sheet.placed}) == len(sheet.placed)
        for one in sheet.placed:
            assert ROOM.x <= one.place.x
            assert one.place.x + one.place.width <= ROOM.x + ROOM.width + 0.01
            assert ROOM.y <= one.place.y
            assert one.place.y + one.place.height <= ROOM.y + ROOM.height + 0.01
            for other in sheet.placed:
                assert one.row >= other.row or one.person.rank <= other.person.rank


@settings(max_examples=60, deadline=None)
@given(people())
def test_reporting_lines_never_run_through_a_box(them: list[Person]) -> None:
    for sheet in sheets_of(them, ROOM, SIZES[-1]):
        boxes = [one.place for one in sheet.placed]
        for line in reporting(sheet, "000000", 1):
            assert not any(_through(line, box) for box in boxes)


def test_no_line_of_a_slide_runs_through_a_person() -> None:
    for plan in every_plan().values():
        for slide in relations(plan):
            boxes = [box.place for box in _people(slide)]
            for line in slide.items:
                assert not (isinstance(line, Line) and any(_through(line, box) for box in boxes)), (plan.partner, line)


def test_sixty_people_stand_on_a_few_slides_and_three_on_one() -> None:
    many = [slide for slide in relations(full("ja", theirs=60, ours=9)) if _people(slide)]
    assert 2 <= len(many) <= 4
    assert sum(box.name.startswith("person our_salesforce:Contact") for slide in many for box in _people(slide)) == 60
    assert len(relations(full("ja", theirs=3, ours=2))) == 1


def test_roles_are_told_by_a_mark_too_and_who_knows_whom_by_letters() -> None:
    plan = full("ja", theirs=6, ours=2)
    (slide,) = relations(plan)
    boxes = {box.name.removeprefix("person "): plain(box) for box in _people(slide)}
    marks = {"decision_maker": "★", "key_person": "◆", "supporter": "＋", "opponent": "×", "unknown": "？"}
    for person in plan.relations.theirs:
        assert boxes[person.id].startswith(f"{marks[person.role]} {person.name}")
    for tie in plan.relations.acquaintances:
        letter = boxes[tie.our_id].split()[0]
        assert {"strong": "◎", "fair": "○", "weak": "△"}[tie.strength] + letter in boxes[tie.their_id]
    legend = [plain(item) for item in slide.items if isinstance(item, Text) and not item.name]
    assert any("決裁者" in words for words in legend)
    assert any("面識" in words for words in legend)


def test_someone_whose_superior_stands_on_another_slide_names_them() -> None:
    plan = full("ja", theirs=60, ours=9)
    names = {person.id: person.name for person in plan.relations.theirs}
    for slide in relations(plan):
        here = {box.name.removeprefix("person "): plain(box) for box in _people(slide)}
        for person in plan.relations.theirs:
            if person.id in here and person.reports_to:
                assert (person.reports_to in here) != (f"↑{names[person.reports_to]}" in here[person.id])


def test_a_sentence_about_somebody_who_is_not_on_the_map_is_shown_all_the_same() -> None:
    plan = full("ja")
    first, *others = plan.relations.approaches
    gone = dataclasses.replace(first, their_id="", through_id=None)
    changed = dataclasses.replace(plan, relations=dataclasses.replace(plan.relations, approaches=(gone, *others)))
    slots = [item.slot for slide in deck_of(changed).slides for item in slide.items if isinstance(item, Text)]
    assert "relations.approach.1" in slots


def _people(slide: Slide) -> list[Text]:
    return [item for item in slide.items if isinstance(item, Text) and item.name.startswith("person ")]


def _through(line: Line, box: Rect) -> bool:
    """Whether a line, upright or level, has a part inside a box."""
    left, right = sorted((line.x1, line.x2))
    top, foot = sorted((line.y1, line.y2))
    inside = 0.5
    return (
        right > box.x + inside
        and left < box.x + box.width - inside
        and foot > box.y + inside
        and top < box.y + box.height - inside
    )


def test_boxes_narrow_enough_to_cut_words_are_not_taken_to_save_a_slide() -> None:
    plan = full("en", theirs=22)
    for slide in relations(plan):
        assert not any(plain(box).endswith("…") for box in _people(slide))
