"""Whether weights that decisions taught are better than those in force, by decisions that were held back from teaching.

Belongs here: learning, the comparison, the verdict, and the threshold that held-back decisions bear out. Does not: which
decisions there are (``lessons``), keeping versions (``models``). Pure.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp, lgamma, log, sqrt
from statistics import NormalDist

import numpy as np

from pipelines.matching.learning import best_strength, estimate, flat, log_loss, part, probabilities, shaped, surprises
from pipelines.matching.lessons import Lessons
from pipelines.matching.model import Model, read_model, write_model

CERTAINTY = 0.95
SURELY_NOT = 0.5  # a pair that is likelier two companies than one never joins by itself
_DRAWS = 4000
_Z = NormalDist().inv_cdf(CERTAINTY)


@dataclass(frozen=True)
class Figures:
    """One model on the decisions: mean surprise in bits at those that taught and those held back, and of the latter the errors:
    automatic links of different companies, and pairs of one company that nobody would be asked about."""

    train_loss: float
    loss: float
    wrong: int
    missed: int


@dataclass(frozen=True)
class Trial:
    """The new model beside the one in force. ``gain_low``: bits by which it surprises less at least, with 95% certainty;
    ``allowed``: wrong links that the stated precision leaves the new one."""

    after: Figures
    before: Figures
    gain_low: float
    allowed: float

    @property
    def reason(self) -> str:
        """better, not_better (it may be chance), or more_wrong_links (than before, and than the stated precision allows)."""
        if self.gain_low <= 0:
            return "not_better"
        return "better" if self.after.wrong <= max(self.before.wrong, self.allowed) else "more_wrong_links"


def learn(lessons: Lessons, shipped: Model, version: str) -> tuple[Model, float]:
    """(a model of the lessons that are not held back, how many observations the shipped weights counted as)."""
    taught, prior = part(lessons.lesson, ~lessons.held_back()), flat(dict(shipped.bits))
    strength = best_strength(taught, prior)
    weights = estimate(taught, prior, np.full(len(prior), strength))
    # as it will be read from where it is kept
    kept = write_model(replace(shipped, bits=shaped(weights)))
    return read_model(version, shipped.auto, shipped.review, kept), strength


def compare_models(lessons: Lessons, new: Model, old: Model, precision: float) -> Trial:
    """Both on the same decisions, at the same thresholds, those of ``new``. The gain is drawn anew from the held-back decisions
    many times, pair by pair, with a fixed seed."""
    held = part(lessons.lesson, lessons.held_back())
    gain = surprises(flat(dict(old.bits)), held) - surprises(flat(dict(new.bits)), held)
    drawn = np.random.default_rng(0).integers(0, len(gain), (_DRAWS, len(gain)))
    low = float(np.quantile(gain[drawn].mean(axis=1), 1 - CERTAINTY))
    automatic = (probabilities(flat(dict(new.bits)), held) >= new.auto) & lessons.may_place[lessons.held_back()]
    after, before = (_figures(lessons, model, new.auto, new.review) for model in (new, old))
    return Trial(after, before, low, allowed=(1 - precision) * int(automatic.sum()))


def _figures(lessons: Lessons, model: Model, auto: float, review: float) -> Figures:
    weights = flat(dict(model.bits))
    taught, held = (part(lessons.lesson, rows) for rows in (~lessons.held_back(), lessons.held_back()))
    probability, may_place = probabilities(weights, held), lessons.may_place[lessons.held_back()]
    return Figures(
        train_loss=log_loss(weights, taught),
        loss=log_loss(weights, held),
        wrong=int((~held.same & may_place & (probability >= auto)).sum()),
        missed=int((held.same & (probability < review)).sum()),
    )


def automatic_from(probability: np.ndarray, same: np.ndarray, precision: float, shipped: float) -> float:
    """The probability from which on links are automatic, for a stated ``precision``.

    It is the ``shipped`` threshold unless held-back decisions speak against it with 95% certainty. Where more links above it are
    wrong than their probabilities foretell, and than the stated precision allows, it rises to where that ends. It falls as far as
    they show every threshold on the way to hold the stated precision. People are asked about doubtful pairs above all, so links
    on the whole are more precise than those that were decided; what a probability foretells is the same for both.
    """
    order = np.argsort(-probability, kind="stable")
    at, right = probability[order], np.cumsum(same[order])
    last = np.diff(at, append=-1.0) != 0  # pairs of one probability stand or fall together
    allowed = np.cumsum(np.maximum(1 - at, 1 - precision))[last]
    at, right, checked = at[last], right[last], np.arange(1, len(order) + 1)[last]
    above = int((at >= shipped).sum())
    if above and _too_many(checked[above - 1] - right[above - 1], allowed[above - 1]):
        held = [i for i in range(above) if not _too_many(checked[i] - right[i], allowed[i])]
        return float(at[held[-1]]) if held else 1.0
    threshold = shipped
    for i in range(above, len(at)):
        if at[i] < SURELY_NOT or _low(right[i], checked[i]) < precision:
            break
        threshold = float(at[i])
    return threshold


def _too_many(wrong: float, expected: float) -> bool:
    """Whether so many are more than chance makes of what is expected (Poisson)."""
    fewer = sum(exp(k * log(expected) - expected - lgamma(k + 1)) for k in range(int(wrong)))
    return bool(1 - fewer < 1 - CERTAINTY)


def _low(right: float, checked: float) -> float:
    """Wilson's lower bound of a share."""
    share = right / checked
    centre, reach = share + _Z**2 / (2 * checked), _Z * sqrt(share * (1 - share) / checked + _Z**2 / (4 * checked**2))
    return float((centre - reach) / (1 + _Z**2 / checked))
