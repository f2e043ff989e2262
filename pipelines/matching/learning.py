"""Estimating weights: a conditional logit over candidates, with a prior that holds where nothing was observed.

Belongs here: the estimator, for shipped weights and for people's decisions alike. Does not: which decisions teach, and whether
what was learned is used (``models``).

Each group of rows is one question: which of these candidates is the record's company, or none of them? A group of one row is a
plain yes or no.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.matching.outcomes import FEATURES
from pipelines.matching.scoring import Codes

Bits = dict[str, np.ndarray]

# How many observations a weight's prior counts as. Few where a vendor's data are unlike those that the shipped weights come
# from; many where they are like them, for then what decisions seem to teach is chance.
STRENGTHS = (300.0, 100.0, 30.0, 10.0, 3.0, 1.0)
FOLDS = 5

_LN2 = float(np.log(2.0))
_STARTS: dict[str, int] = {}
_SIZE = 0
for _feature in FEATURES:
    _STARTS[_feature.name] = _SIZE
    _SIZE += len(_feature.outcomes) * len(_feature.contexts)


@dataclass(frozen=True)
class Lesson:
    """Observed pairs. ``at``: int (rows, features), position of each outcome in the flat weights, -1 where nothing was compared;
    ``group``: int (rows), 0 to n - 1; ``same``: bool (rows), at most one a group; ``offset``: bits (rows) that are given."""

    at: np.ndarray
    group: np.ndarray
    same: np.ndarray
    offset: np.ndarray


def positions(codes: Codes, contexts: Codes) -> np.ndarray:
    """Codes and contexts of pairs as ``Lesson.at``."""
    rows = len(codes["name"])
    at = np.full((rows, len(FEATURES)), -1, np.int32)
    for column, feature in enumerate(FEATURES):
        outcome = codes[feature.name].astype(np.int32)
        context = np.broadcast_to(contexts.get(feature.name, np.int32(0)), (rows,))
        at[:, column] = np.where(outcome >= 0, _STARTS[feature.name] + outcome * len(feature.contexts) + context, -1)
    return at


def flat(bits: Bits) -> np.ndarray:
    """Weights as one vector."""
    return np.concatenate([np.asarray(bits[feature.name], float).ravel() for feature in FEATURES])


def shaped(vector: np.ndarray) -> Bits:
    """One vector as weights by feature."""
    result = {}
    for feature in FEATURES:
        start, shape = _STARTS[feature.name], (len(feature.outcomes), len(feature.contexts))
        result[feature.name] = vector[start : start + shape[0] * shape[1]].reshape(shape).astype(np.float32)
    return result


def _odds(weights: np.ndarray, lesson: Lesson) -> tuple[np.ndarray, np.ndarray]:
    """(score in bits, probability of each row) where the candidates of a group and 'none of them' compete."""
    padded = np.append(weights, 0.0)
    score = padded[lesson.at].sum(axis=1) + lesson.offset
    groups = int(lesson.group.max()) + 1
    top = np.zeros(groups)
    np.maximum.at(top, lesson.group, score)
    odds = np.exp2(score - top[lesson.group])
    total = np.bincount(lesson.group, odds, groups) + np.exp2(-top)
    return score, odds / total[lesson.group]


def probabilities(weights: np.ndarray, lesson: Lesson) -> np.ndarray:
    """Probability (rows) that each pair is the same."""
    return _odds(weights, lesson)[1]


def surprises(weights: np.ndarray, lesson: Lesson) -> np.ndarray:
    """Surprise in bits at the answer of each group: 0 is perfect, 1 is a coin."""
    _, probability = _odds(weights, lesson)
    groups = int(lesson.group.max()) + 1
    right = np.full(groups, np.nan)
    right[lesson.group[lesson.same]] = probability[lesson.same]
    none = 1.0 - np.bincount(lesson.group, probability, groups)
    answered = np.where(np.isnan(right), none, right)
    return np.asarray(-np.log2(np.maximum(answered, 1e-9)))


def log_loss(weights: np.ndarray, lesson: Lesson) -> float:
    """Mean surprise in bits at the answers."""
    return float(surprises(weights, lesson).mean())


def part(lesson: Lesson, rows: np.ndarray) -> Lesson:
    """The lesson of some rows (bool), of which each is a group of its own."""
    return Lesson(lesson.at[rows], np.arange(int(rows.sum())), lesson.same[rows], lesson.offset[rows])


def best_strength(lesson: Lesson, prior: np.ndarray) -> float:
    """Of ``STRENGTHS`` the one that holds up best where five parts of the lesson are each answered by what the other four teach:
    the strongest that is no worse than the least surprised one by more than chance (one standard error). Every row must be a
    group of its own, in an order that says nothing."""
    fold = np.arange(len(lesson.same)) % FOLDS
    losses = np.zeros((len(STRENGTHS), len(fold)))
    for number, strength in enumerate(STRENGTHS):
        for one in range(FOLDS):
            learned = estimate(part(lesson, fold != one), prior, np.full(len(prior), strength))
            losses[number, fold == one] = surprises(learned, part(lesson, fold == one))
    worse = losses - losses[np.argmin(losses.mean(axis=1))]
    return STRENGTHS[int(np.argmax(worse.mean(axis=1) <= worse.std(axis=1) / np.sqrt(len(fold))))]


def estimate(lesson: Lesson, prior: np.ndarray, strength: np.ndarray, steps: int = 30) -> np.ndarray:
    """Weights (bits) that explain the answers best, each held to its ``prior`` as by ``strength`` observations. Newton's
    method."""
    used = np.unique(lesson.at[lesson.at >= 0])
    slot = np.full(len(prior) + 1, len(used))
    slot[used] = np.arange(len(used))
    at = slot[lesson.at]
    weights = prior.astype(float).copy()
    penalty = strength[used] * _LN2**2
    loss = _penalised(weights, lesson, prior, strength)
    for _ in range(steps):
        _, probability = _odds(weights, lesson)
        gradient = _sums(at, lesson.same - probability, len(used)) * _LN2 - penalty * (weights - prior)[used]
        step = np.linalg.solve(_curvature(at, lesson.group, probability, len(used)) * _LN2**2 + np.diag(penalty), gradient)
        size = 1.0
        while True:
            moved = weights.copy()
            moved[used] += size * step
            now = _penalised(moved, lesson, prior, strength)
            if now <= loss or size < 1e-4:
                break
            size /= 2
        done = loss - now < 1e-7 * abs(loss)
        weights, loss = moved, now
        if done:
            break
    return weights


def _penalised(weights: np.ndarray, lesson: Lesson, prior: np.ndarray, strength: np.ndarray) -> float:
    groups = int(lesson.group.max()) + 1
    return log_loss(weights, lesson) * groups * _LN2 + 0.5 * float((strength * ((weights - prior) * _LN2) ** 2).sum())


def _sums(at: np.ndarray, values: np.ndarray, size: int) -> np.ndarray:
    total = np.zeros(size)
    for column in range(at.shape[1]):
        total += np.bincount(at[:, column], values, size + 1)[:size]
    return total


def _curvature(at: np.ndarray, group: np.ndarray, probability: np.ndarray, size: int) -> np.ndarray:
    """Negative second derivatives of the log likelihood, (size, size), in natural units."""
    width, total = size + 1, np.zeros((size + 1) ** 2)
    for left in range(at.shape[1]):
        for right in range(at.shape[1]):
            total += np.bincount(at[:, left].astype(np.int64) * width + at[:, right], probability, width * width)
    result = total.reshape(width, width)[:size, :size]
    groups = int(group.max()) + 1
    for start in range(0, groups, 2000):
        rows = np.flatnonzero((group >= start) & (group < start + 2000))
        mean = np.zeros((min(2000, groups - start), width))
        for column in range(at.shape[1]):
            np.add.at(mean, (group[rows] - start, at[rows, column]), probability[rows])
        result = result - mean[:, :size].T @ mean[:, :size]
    return result
