"""Whom to approach next: those who matter and whom nobody knows well, by the nearest person who is known."""

from __future__ import annotations

from datetime import date

import pytest

from pipelines.account_plans.drafts.approach import MOST, approaches_of
from pipelines.account_plans.drafts.pen import Pen
from pipelines.account_plans.figure import Figure, Source
from pipelines.account_plans.plan import Acquaintance, Approach, Person, Role, Strength

CRM = Source("crm", "c:Contact", None)


def person(id: str, rank: int, role: Role = "unknown", above: str | None = None, department: str = "営業") -> Person:
    return Person(id, f"{id}さん", None, department, rank, above, role, CRM)


def knows(
    ours: str, theirs: str, strength: Strength, meetings: int | None = 3, on: date | None = date(2026, 10, 1)
) -> Acquaintance:
    figure = Figure(f"meetings.{ours}.{theirs}", "plan.label.meetings", meetings, "activities", CRM)
    return Acquaintance(ours, theirs, strength, figure, on)


US = (person("中川", 9), person("山下", 9))


def _approaches(theirs: list[Person], *known: Acquaintance, **written: str) -> tuple[Approach, ...]:
    slots = {slot.replace("_", "."): words for slot, words in written.items()}
    return approaches_of(theirs, US, known, Pen("ja", "JPY", slots))


def test_decision_makers_come_first_then_key_persons_then_high_ranks() -> None:
    theirs = [person("社長", 1), person("課長", 7, "key_person"), person("部長", 5, "decision_maker"), person("担当", 9)]
    assert [one.their_id for one in _approaches(theirs)] == ["部長", "課長", "社長"]


def test_who_is_known_well_or_stands_against_us_is_not_approached() -> None:
    theirs = [person("社長", 1, "decision_maker"), person("専務", 2, "opponent"), person("常務", 3, "supporter")]
    assert _approaches(theirs, knows("中川", "社長", "fair")) == ()


def test_the_way_is_the_nearest_in_the_reporting_line() -> None:
    theirs = [
        person("社長", 1, "decision_maker"),
        person("本部長", 4, above="社長"),
        person("部長", 5, above="本部長", department="技術"),
        person("別部署", 5, department="総務"),
    ]
    (first, *_) = _approaches(theirs, knows("中川", "別部署", "strong", 9), knows("山下", "部長", "fair", 2))
    assert (first.their_id, first.through_id) == ("社長", "部長")
    assert first.why.words == (
        "決裁者の社長さん（営業）と面識のある社員がいない。"
        "部下の部長さん（技術）とは山下さんが直近一年に2回接触（最後は2026年10月1日）。山下さんから紹介を頼む。"
    )
    assert [figure.key for figure in first.why.figures] == ["meetings.山下.部長"]


@pytest.mark.parametrize(
    ("known_one", "words"),
    [
        (person("上司", 2, "supporter"), "上司の上司さん"),
        (person("同じ部", 7), "同じ部署の同じ部さん"),
        (person("よそ", 7, department="総務"), "他部署のよそさん"),
    ],
    ids=["above", "department", "company"],
)
def test_other_ways_are_told_as_they_are(known_one: Person, words: str) -> None:
    target = person("部長", 5, "decision_maker", above="上司" if known_one.id == "上司" else None)
    (only,) = _approaches([target, known_one], knows("中川", known_one.id, "strong"))
    assert only.through_id == known_one.id
    assert words in only.why.words


def test_no_way_leads_through_an_opponent() -> None:
    theirs = [person("社長", 1, "decision_maker"), person("敵", 5, "opponent", above="社長")]
    (only,) = _approaches(theirs, knows("中川", "敵", "strong"))
    assert only.through_id is None
    assert "社内で面識のある人を探す" in only.why.words


def test_who_met_the_person_needs_no_long_way_round() -> None:
    theirs = [person("社長", 1, "decision_maker"), person("部長", 4, above="社長"), person("担当", 9, above="部長")]
    met, far = knows("中川", "社長", "weak", 1), knows("山下", "担当", "strong", 5)
    assert _approaches(theirs, far, met)[0].through_id == "中川"
    near = knows("山下", "部長", "strong", 5)
    assert _approaches(theirs, near, met)[0].through_id == "部長"


@pytest.mark.parametrize(
    ("known", "words"),
    [
        (knows("中川", "社長", "weak", 1), "直近一年に1回接触"),
        (knows("中川", "社長", "weak", 0, date(2025, 6, 3)), "最後の接触は2025年6月3日"),
        (knows("中川", "社長", "weak", 0, None), "CRMの担当者は中川さん"),
        (knows("中川", "社長", "weak", None, None), "中川さんに多少の面識がある"),
    ],
    ids=["met", "long ago", "owner", "said"],
)
def test_a_slight_acquaintance_says_what_it_rests_on(known: Acquaintance, words: str) -> None:
    (only,) = _approaches([person("社長", 1, "decision_maker")], known)
    assert only.through_id == "中川"
    assert words in only.why.words
    assert "接点が浅い" in only.why.words


def test_there_are_never_too_many() -> None:
    assert len(_approaches([person(f"役員{n}", 3) for n in range(30)])) == MOST


def test_a_persons_words_point_at_whom_they_name() -> None:
    theirs = [person("社長", 1), person("担当", 9)]
    own = {"relations_approach_1": "担当さんに展示会で会う", "relations_approach_4": "年始の挨拶に行く"}
    told = _approaches(theirs, knows("中川", "社長", "weak"), **own)
    assert [(one.their_id, one.through_id, one.why.written) for one in told] == [("担当", None, True), ("", None, True)]
    kept = _approaches(theirs, knows("中川", "社長", "weak"), relations_approach_1="次の商談で同席を頼む")
    assert [(one.their_id, one.through_id) for one in kept] == [("社長", "中川")]
