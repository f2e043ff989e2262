"""Which weights a run uses: those that people's decisions taught, once they proved better on decisions held back."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pytest

import pipelines
from pipelines.matching.learning import flat, probabilities
from pipelines.matching.lessons import gather
from pipelines.matching.model import DEFAULT_VERSION, Model, shipped_model, shipped_threshold
from pipelines.matching.models import UnknownModel, Version, model_in_force, versions
from pipelines.matching.run import run_matching
from pipelines.review.decisions import Decision, in_force
from tests.pipelines.matching.world import AS_OF, World

_FAMILIES = (
    "青木", "白石", "桜田", "北川", "東山", "南条", "西尾", "大和",
    "富岡", "高千穂", "三国", "千歳", "八雲", "若松", "長浜", "竹原",
)  # fmt: skip
_TRADES = (
    "精機", "物産", "建設", "運輸", "化学", "電子", "食品", "印刷",
    "倉庫", "製薬", "鉄工", "繊維", "通商", "測量", "塗装", "硝子",
)  # fmt: skip
_AREAS = ("", "東洋", "日本")
_CITIES = ("東京都港区芝", "大阪府大阪市北区梅田", "福岡県福岡市中央区天神", "愛知県名古屋市中区栄")
_NUMBERS = ("7000012050002", "1000013050238")
_KINDS = ("shared_switchboard", "moved_away", "name_alone", "sister_in_the_house")
_SAME = {"moved_away", "name_alone"}


class DoubtfulPairs(World):
    """Pairs of a record of ours and one of a partner that people are asked about, of four kinds in turn: company n is the records
    ``a<n>`` and ``b<n>``."""

    def __init__(self, pairs: int) -> None:
        super().__init__()
        self.connection.execute((Path(pipelines.__file__).parent / "ddl" / "config.sql").read_text(encoding="utf-8"))
        self.set_up()
        lot = random.Random(7)
        names = [area + family + trade for area in _AREAS for family in _FAMILIES for trade in _TRADES]
        lot.shuffle(names)
        rows = [row for number in range(pairs) for row in self._pair(number, names[number], lot)]
        self.put_records(rows)

    def _pair(self, number: int, name: str, lot: random.Random) -> list[dict[str, str]]:
        city, other_city = lot.sample(_CITIES, 2)
        phone = {"phone": f"03-5555-{1000 + number}"}
        address = {"address": f"{city}{lot.randint(1, 9)}-{lot.randint(1, 20)}-{lot.randint(1, 20)}"}
        kind = _KINDS[number % 4]
        theirs = {
            "shared_switchboard": {"name": f"{name}サービス株式会社", **phone},
            "moved_away": {"name": f"株式会社{name}", "address": f"{other_city}3-3"},
            "name_alone": {"name": name},
            "sister_in_the_house": {"name": f"株式会社{name[:-2]}販売", **phone, **address},
        }[kind]
        ours = {"record_id": f"a{number:04d}", "name": f"株式会社{name}", **phone, **address}
        return [ours, {"record_id": f"b{number:04d}", "party": "musashi", **theirs}]

    def set_up(self, precision: float = 0.99, review: float = 0.35, model: str = "auto") -> None:
        """What the settings ask for."""
        self.connection.execute("DELETE FROM config.matching")
        self.connection.execute("INSERT INTO config.matching VALUES (?, ?, ?)", [precision, review, model])

    def answer(self, numbers: Iterable[int], says: Callable[[int], bool] = lambda number: _KINDS[number % 4] in _SAME) -> None:
        """A person decides the pairs of that numbers; by default as the kinds have it."""
        for number in numbers:
            self.decide(f"a{number:04d}", f"b{number:04d}", "same" if says(number) else "different")

    def in_force(self) -> Model:
        """The model of a run that begins now."""
        return model_in_force(self.connection, AS_OF, "run-1")

    def shipped_is_in_force(self) -> bool:
        """Whether a run that begins now uses the weights as they came."""
        return self.in_force().mark == shipped_model().mark

    def learned(self) -> list[Version]:
        """All versions."""
        return versions(self.connection)


def test_too_few_decisions_teach_nothing() -> None:
    world = DoubtfulPairs(199)
    world.answer(range(199))
    assert world.shipped_is_in_force()
    assert world.learned() == []


def test_unsure_and_withdrawn_do_not_count_nor_do_records_that_are_gone() -> None:
    world = DoubtfulPairs(202)
    world.answer(range(202))
    world.connection.execute("UPDATE state.decisions SET decision = 'unsure' WHERE record_id = 'a0000'")
    world.connection.execute("UPDATE state.decisions SET decision = 'withdrawn' WHERE record_id = 'a0001'")
    world.connection.execute("DELETE FROM intermediate.records WHERE record_id = 'b0002'")
    world.in_force()
    assert world.learned() == []
    world.connection.execute("UPDATE state.decisions SET decision = 'different' WHERE record_id = 'a0000'")
    world.connection.execute("UPDATE state.decisions SET decision = 'same' WHERE record_id = 'a0001'")
    world.in_force()
    assert len(world.learned()) == 1


def test_answers_of_one_kind_teach_nothing() -> None:
    world = DoubtfulPairs(220)
    world.answer(range(220), lambda number: number >= 19)
    world.in_force()
    assert world.learned() == []


@pytest.fixture
def taught() -> DoubtfulPairs:
    """A vendor whose data are unlike others': a shared phone means nothing, the name alone does."""
    world = DoubtfulPairs(320)
    world.answer(range(240))
    return world


def test_what_was_learned_is_used_for_pairs_that_nobody_decided(taught: DoubtfulPairs) -> None:
    model = taught.in_force()
    (version,) = taught.learned()
    assert (version.version, version.verdict, version.reason) == ("learned-1", "accepted", "better")
    assert (version.compared_with, version.decisions, version.held_back) == (DEFAULT_VERSION, 180, 60)
    assert version.loss < version.loss_before
    assert version.gain_low > 0
    run_matching(taught.connection, AS_OF, "run-1", model)
    undecided = taught.connection.execute(
        "SELECT DISTINCT model_version FROM match.links WHERE record_id >= 'b0240' OR record_id BETWEEN 'a0240' AND 'b'"
    ).fetchall()
    assert undecided == [("learned-1",)]
    asked = [Decision(f"a{number:04d}", f"b{number:04d}", "same", "tester", AS_OF) for number in range(240, 320)]
    lessons = gather(taught.connection, asked, shipped_model())
    before, after = (probabilities(flat(dict(m.bits)), lessons.lesson) for m in (shipped_model(), model))
    alike = [_KINDS[int(a[1:]) % 4] in _SAME for a, _ in lessons.pairs]
    assert (after > before).tolist() == alike


def test_the_same_decisions_are_not_learned_again_and_few_more_neither(taught: DoubtfulPairs) -> None:
    first = taught.in_force()
    taught.answer(range(240, 263))
    assert taught.in_force().mark == first.mark
    assert len(taught.learned()) == 1


def test_a_tenth_more_are_learned_anew_and_must_prove_better_again(taught: DoubtfulPairs) -> None:
    taught.in_force()
    taught.answer(range(240, 270))
    taught.in_force()
    first, second = taught.learned()
    assert (second.version, second.compared_with) == ("learned-2", first.version)
    assert second.decisions + second.held_back == 270


def test_the_same_decisions_teach_the_same(taught: DoubtfulPairs) -> None:
    twin = DoubtfulPairs(320)
    twin.answer(reversed(range(240)))
    twin.match()
    assert twin.in_force().mark == taught.in_force().mark
    assert twin.learned() == taught.learned()


def test_no_decision_is_both_taught_and_held_back_and_a_quarter_of_each_answer_is(taught: DoubtfulPairs) -> None:
    taught.in_force()
    rows = taught.connection.execute(
        "SELECT decision, count(*), count(*) FILTER (held_back) FROM state.match_lessons WHERE version = 'learned-1' GROUP BY ALL"
    ).fetchall()
    assert sorted(rows) == [("different", 120, 30), ("same", 120, 30)]


def test_what_is_not_surely_better_is_kept_as_refused() -> None:
    world = DoubtfulPairs(240)
    world.answer(range(240))
    world.match()
    lessons = gather(world.connection, in_force(world.connection), shipped_model())
    probability = dict(zip(lessons.pairs, probabilities(flat(dict(shipped_model().bits)), lessons.lesson), strict=True))
    lot = random.Random(3)
    answers = [lot.random() < probability[f"a{number:04d}", f"b{number:04d}"] for number in range(240)]
    world.connection.execute("DELETE FROM state.decisions")
    world.answer(range(240), lambda number: answers[number])
    assert world.shipped_is_in_force()
    (version,) = world.learned()
    assert version.verdict == "refused"
    assert version.gain_low <= 0 or version.wrong > version.wrong_before


def test_a_lesson_shows_what_the_person_was_shown_rivals_too() -> None:
    world = DoubtfulPairs(40)
    world.put_register(
        [
            {"number": _NUMBERS[0], "name": "株式会社太陽商事", "address": "東京都港区芝1-1"},
            {"number": _NUMBERS[1], "name": "株式会社太陽商事", "address": "福岡県久留米市城南町1"},
        ],
        [{"number": _NUMBERS[0], "kind": "former", "name": "株式会社日輪商会"}],
    )
    rows = world.connection.execute("SELECT record_id, name FROM intermediate.records").fetchall()
    world.put_records([{"record_id": "sun", "name": "(株)太陽商事"}, *({"record_id": i, "name": n} for i, n in rows)])
    world.match()
    shown = world.connection.execute("SELECT record_id, other_record_id, probability FROM match.review_queue").fetchall()
    asked = [Decision(a, b, "same", "tester", AS_OF) for a, b, _ in shown]
    lessons = gather(world.connection, asked, shipped_model())
    assert len(lessons.pairs) == len(shown)
    assert any("register:" in b for _, b, _ in shown)
    probability = probabilities(flat(dict(shipped_model().bits)), lessons.lesson)
    by_pair = {tuple(sorted((a, b))): value for a, b, value in shown}
    for pair, value in zip(lessons.pairs, probability, strict=True):
        assert value == pytest.approx(by_pair[pair], abs=1e-3)


def test_a_pair_that_no_key_finds_teaches_as_well() -> None:
    world = DoubtfulPairs(8)
    world.match()
    far = Decision("a0000", "b0006", "different", "tester", AS_OF)
    assert gather(world.connection, [far], shipped_model()).pairs == [("a0000", "b0006")]


def test_the_settings_pin_a_version_or_the_shipped_one(taught: DoubtfulPairs) -> None:
    taught.in_force()
    taught.set_up(model="shipped")
    assert taught.shipped_is_in_force()
    taught.set_up(model="learned-1")
    assert taught.in_force().version == "learned-1"
    taught.set_up(model="learned-99")
    with pytest.raises(UnknownModel, match="learned-99, which was never learned"):
        taught.in_force()
    taught.connection.execute("UPDATE state.match_models SET based_on = 'default-1' WHERE version = 'learned-1'")
    taught.set_up(model="learned-1")
    with pytest.raises(UnknownModel, match="default-1"):
        taught.in_force()


def test_a_version_of_older_features_is_left_alone_and_learned_anew(taught: DoubtfulPairs) -> None:
    taught.in_force()
    taught.connection.execute("UPDATE state.match_models SET based_on = 'default-1', weights = 'feature,outcome,context,bits'")
    assert taught.in_force().version == "learned-2"
    assert [version.based_on for version in taught.learned()] == ["default-1", DEFAULT_VERSION]


def test_stated_precision_and_review_set_the_thresholds() -> None:
    world = DoubtfulPairs(4)
    for precision in (0.95, 0.97, 0.99, 0.999):
        world.set_up(precision, 0.4)
        model = world.in_force()
        assert (model.auto, model.review) == (shipped_threshold(precision), 0.4)
    thresholds = [shipped_threshold(precision) for precision in np.linspace(0.95, 0.999, 50)]
    assert thresholds == sorted(thresholds)


def test_an_empty_configuration_is_named() -> None:
    world = DoubtfulPairs(1)
    world.connection.execute("DELETE FROM config.matching")
    with pytest.raises(UnknownModel, match="materialize the asset settings"):
        world.in_force()
