"""Scores of candidate pairs: a pure function from an Arrow batch of compared texts and outcomes to an Arrow batch of bits. No
state, no I/O."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz.distance import Indel, JaroWinkler
from rapidfuzz.process import cpdist

from pipelines.matching.model import Model

_LEVELS = ((0.95, "similar_95"), (0.90, "similar_90"), (0.85, "similar_85"), (0.75, "similar_75"), (0.60, "similar_60"))
FEATURES = ("corporate_number", "name", "reading", "english_name", "legal_form", "address", "postcode", "domain", "phone")
# companies of one group share domains and phones: of names like these, agreeing there says little
_UNRELATED = ("differs", "similar_60", "similar_75", "contained", "numbered")
_PLAIN = ("corporate_number", "legal_form", "address", "postcode")


def _similarity(left: np.ndarray, right: np.ndarray, some: np.ndarray) -> np.ndarray:
    """Mean of Jaro-Winkler and Indel similarity where ``some``, else 0. Both work on code points, as kana and kanji need."""
    result = np.zeros(len(left))
    if some.any():
        a, b = left[some].tolist(), right[some].tolist()
        # score_hint and cutoffs stay off: the value itself is evidence
        result[some] = (
            cpdist(a, b, scorer=JaroWinkler.normalized_similarity, dtype=np.float32, workers=1)
            + cpdist(a, b, scorer=Indel.normalized_similarity, dtype=np.float32, workers=1)
        ) / 2
    return result


def _column(batch: pa.RecordBatch, name: str) -> np.ndarray:
    return batch.column(name).to_numpy(zero_copy_only=False)


def _told(values: np.ndarray) -> np.ndarray:
    """True where a value is not None."""
    return np.asarray(pd.notna(values), bool)


def _both(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    present = _told(left) & _told(right)
    return np.asarray(present, bool)


def _name_outcome(batch: pa.RecordBatch) -> np.ndarray:
    a, b = _column(batch, "name_a"), _column(batch, "name_b")
    both = _both(a, b)
    equal = both & (a == b)
    similarity = _similarity(a, b, both & ~equal)
    outcome = np.full(batch.num_rows, "differs", object)
    for bound, word in reversed(_LEVELS):
        outcome[similarity >= bound] = word
    for special in ("contained", "numbered"):
        outcome[both & (similarity >= 0.6) & pc.fill_null(batch.column(special), False).to_numpy(zero_copy_only=False)] = special
    outcome[equal] = np.where(_column(batch, "same_text")[equal].astype(bool), "agrees", "agrees_after_folding")
    return outcome


def _reading_outcome(batch: pa.RecordBatch, pairs: tuple[tuple[str, str], ...], asked: np.ndarray, similar: bool) -> np.ndarray:
    outcome = np.full(batch.num_rows, None, object)
    for left, right in pairs:
        a, b = _column(batch, left), _column(batch, right)
        some = asked & _both(a, b)
        if similar:
            close = _similarity(a, b, some & (a != b)) >= 0.9
            outcome[close & ~_told(outcome)] = "similar"
        outcome[some & (a == b)] = "agrees"
    return outcome


def compare(batch: pa.RecordBatch) -> dict[str, np.ndarray]:
    """Outcome words by feature, each an object array of the batch's length; None where one side is missing."""
    name = _name_outcome(batch)
    unsettled = ~np.isin(name, ("agrees", "agrees_after_folding"))
    outcomes = {feature: _column(batch, feature) for feature in _PLAIN}
    outcomes["name"] = name
    outcomes["reading"] = _reading_outcome(batch, (("sound_a", "sound_b"),), unsettled, similar=True)
    english = (("english_a", "english_b"), ("english_a", "sound_b"), ("sound_a", "english_b"))
    outcomes["english_name"] = _reading_outcome(batch, english, unsettled, similar=False)
    related = ~np.isin(name, _UNRELATED) | _told(outcomes["reading"]) | _told(outcomes["english_name"])
    for feature in ("domain", "phone"):
        plain = _column(batch, feature).copy()
        plain[(plain == "agrees") & ~related] = "agrees_name_differs"
        outcomes[feature] = plain
    return outcomes


def weigh(
    outcomes: dict[str, np.ndarray], name_count: np.ndarray, name_length: np.ndarray, model: Model
) -> dict[str, np.ndarray]:
    """Bits by feature. The best of name, reading and English name counts, once; places count once too (postcode only where it
    says more)."""
    bits: dict[str, np.ndarray] = {}
    for feature in FEATURES:
        table = model.weights[feature]
        words, positions = np.unique(np.where(~_told(outcomes[feature]), "", outcomes[feature]).astype(str), return_inverse=True)
        bits[feature] = np.array([table.get(word, 0.0) for word in words])[positions]
    rarity = np.log2(np.maximum(name_count, 1))
    equal = np.isin(outcomes["name"], ("agrees", "agrees_after_folding"))
    bits["name"] = bits["name"] + np.where(equal, model.weights["name"]["short"] * (name_length <= 2) - rarity, 0.0)
    for feature in ("reading", "english_name"):
        heard = _told(outcomes[feature])
        bits[feature] = np.where(heard, np.maximum(bits[feature] - bits["name"], 0.0), 0.0)
    bits["english_name"] = np.maximum(bits["english_name"] - bits["reading"], 0.0)
    placed = np.isin(outcomes["address"], ("block", "town"))
    bits["postcode"] = np.where(placed, 0.0, bits["postcode"])
    return bits


def score_batch(batch: pa.RecordBatch, model: Model) -> pa.RecordBatch:
    """Batch of pairs -> batch of (a, b, with_register, score, outcome and bits of each feature). Score in bits: log2 of the
    odds."""
    outcomes = compare(batch)
    lengths = np.array([len(name) if name else 0 for name in batch.column("name_a").to_pylist()])
    bits = weigh(outcomes, _column(batch, "name_count"), lengths, model)
    columns: dict[str, pa.Array] = {name: batch.column(name) for name in ("a", "b", "with_register")}
    columns["score"] = pa.array(sum(bits.values()))
    for feature in FEATURES:
        columns[f"{feature}_outcome"] = pa.array(outcomes[feature], pa.string())
        columns[f"{feature}_bits"] = pa.array(bits[feature].astype(np.float32))
    return pa.RecordBatch.from_pydict(columns)
