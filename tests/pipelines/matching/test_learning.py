"""What decisions teach is what they show and no more; and a threshold moves only where they prove it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.matching.learning import Lesson, best_strength, estimate, flat, log_loss, part, probabilities, shaped
from pipelines.matching.lessons import Lessons
from pipelines.matching.model import shipped_model
from pipelines.matching.outcomes import FEATURES
from pipelines.matching.trial import automatic_from, compare_models, learn

PRIOR = flat(dict(shipped_model().bits))
_STARTS = np.cumsum([0, *(len(f.outcomes) * len(f.contexts) for f in FEATURES)])


def observed(rows: int, seed: int, outcomes: int = 3) -> Lesson:
    """Pairs of which every feature takes one of its first outcomes, not answered yet (all different)."""
    lot = np.random.default_rng(seed)
    at = np.stack(
        [_STARTS[i] + lot.integers(0, min(outcomes, len(f.outcomes)), rows) * len(f.contexts) for i, f in enumerate(FEATURES)], 1
    )
    at[lot.random(at.shape) < 0.5] = -1
    return Lesson(at.astype(np.int32), np.arange(rows), np.zeros(rows, bool), np.zeros(rows))


def answered(lesson: Lesson, weights: np.ndarray, seed: int) -> Lesson:
    """The lesson as people would answer where ``weights`` were true."""
    same = np.random.default_rng(seed).random(len(lesson.same)) < probabilities(weights, lesson)
    return Lesson(lesson.at, lesson.group, same, lesson.offset)


def as_lessons(lesson: Lesson) -> Lessons:
    rows = len(lesson.same)
    return Lessons([(f"a{row}", f"b{row}") for row in range(rows)], lesson, np.ones(rows, bool))


def shifted(seed: int, by: float) -> np.ndarray:
    """Weights that differ from the shipped ones by so many bits."""
    return np.asarray(PRIOR + np.random.default_rng(seed).normal(0, by, len(PRIOR)))


@pytest.mark.parametrize("seed", range(3))
def test_weights_that_were_true_are_found_again(seed: int) -> None:
    true = shifted(seed, 2.0)
    lesson, fresh = (answered(observed(rows, seed + at), true, seed) for at, rows in ((10, 4000), (20, 4000)))
    found = estimate(lesson, PRIOR, np.full(len(PRIOR), 1.0))
    assert log_loss(found, fresh) < log_loss(PRIOR, fresh) - 0.1
    assert log_loss(found, fresh) < log_loss(true, fresh) + 0.03


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 60), st.sampled_from([0.3, 3.0, 30.0]))
def test_what_was_not_observed_stays_as_shipped_and_order_does_not_matter(seed: int, rows: int, strength: float) -> None:
    lesson = answered(observed(rows, seed), shifted(seed, 1.0), seed)
    strengths = np.full(len(PRIOR), strength)
    found = estimate(lesson, PRIOR, strengths)
    unseen = np.setdiff1d(np.arange(len(PRIOR)), lesson.at)
    assert np.array_equal(found[unseen], PRIOR[unseen])
    order = np.random.default_rng(seed).permutation(rows)
    mixed = Lesson(lesson.at[order], np.arange(rows), lesson.same[order], lesson.offset[order])
    assert np.allclose(estimate(mixed, PRIOR, strengths), found, atol=1e-3)
    assert log_loss(found, lesson) <= log_loss(PRIOR, lesson) + 1e-9


def test_weights_come_back_in_their_shape() -> None:
    assert np.allclose(flat(shaped(PRIOR)), PRIOR)


def test_the_shipped_weights_hold_harder_where_they_are_right() -> None:
    lesson = observed(400, 1)
    right, wrong = answered(lesson, PRIOR, 2), answered(lesson, shifted(3, 4.0), 2)
    assert best_strength(right, PRIOR) > best_strength(wrong, PRIOR)


def test_a_vendor_unlike_others_gets_weights_of_its_own_and_one_like_them_keeps_the_shipped() -> None:
    lesson, shipped = observed(400, 5), shipped_model()
    unlike, like = (as_lessons(answered(lesson, weights, 6)) for weights in (shifted(7, 4.0), PRIOR))
    for lessons, reasons in ((unlike, {"better"}), (like, {"not_better", "more_wrong_links"})):
        new, _ = learn(lessons, shipped, "learned-1")
        assert compare_models(lessons, new, shipped, 0.99).reason in reasons


def test_a_model_is_no_better_than_itself() -> None:
    lessons = as_lessons(answered(observed(300, 8), PRIOR, 9))
    trial = compare_models(lessons, shipped_model(), shipped_model(), 0.99)
    assert (trial.reason, trial.after) == ("not_better", trial.before)


def test_held_back_decisions_teach_nothing() -> None:
    lessons, shipped = as_lessons(answered(observed(400, 10), PRIOR, 11)), shipped_model()
    held, lesson = lessons.held_back(), lessons.lesson
    assert held[lesson.same].sum() == -(-lesson.same.sum() // 4)
    emptied = Lesson(np.where(held[:, None], -1, lesson.at), lesson.group, lesson.same, lesson.offset)
    assert learn(as_lessons(emptied), shipped, "x")[0].mark == learn(lessons, shipped, "x")[0].mark
    assert len(part(lesson, held).same) == held.sum()


def test_a_handful_of_right_answers_moves_no_threshold() -> None:
    probability = np.linspace(0.5, 0.999, 100)
    assert automatic_from(probability, np.ones(100, bool), 0.99, 0.95) == 0.95


def test_a_few_wrong_answers_among_doubtful_links_raise_none() -> None:
    """People are asked about the doubtful ones: 2 wrong of 30 are what their probabilities foretell."""
    probability, same = np.full(30, 0.96), np.arange(30) > 1
    assert automatic_from(probability, same, 0.99, 0.95) == 0.95
    assert automatic_from(probability, np.arange(30) > 6, 0.99, 0.95) == 1.0


def test_many_right_answers_lower_the_threshold_as_far_as_they_go() -> None:
    probability = np.concatenate([np.full(600, 0.97), np.linspace(0.85, 0.94, 50)])
    assert automatic_from(probability, np.ones(650, bool), 0.99, 0.95) == pytest.approx(0.85)
    wrong_below = probability >= 0.9
    assert 0.88 < automatic_from(probability, wrong_below, 0.99, 0.95) < 0.95
    assert automatic_from(np.full(900, 0.3), np.ones(900, bool), 0.99, 0.95) == 0.95


def test_wrong_automatic_links_raise_the_threshold_to_where_they_end() -> None:
    probability = np.concatenate([np.full(100, 0.999), np.full(100, 0.96)])
    same = np.concatenate([np.ones(100, bool), np.arange(100) % 4 > 0])
    assert automatic_from(probability, same, 0.99, 0.95) == 0.999
    assert automatic_from(probability, np.arange(200) % 4 > 0, 0.99, 0.95) == 1.0


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=60),
    st.sampled_from([0.95, 0.99, 0.999]),
    st.sampled_from([0.8, 0.95, 0.99]),
)
def test_a_threshold_lies_where_a_threshold_can_lie(checked: list[tuple[float, bool]], precision: float, shipped: float) -> None:
    probability, same = np.array([p for p, _ in checked], float), np.array([s for _, s in checked], bool)
    threshold = automatic_from(probability, same, precision, shipped)
    assert 0.5 <= threshold <= 1.0
    assert threshold >= shipped or (probability >= threshold).sum() >= 50  # it takes more than a few to lower it
