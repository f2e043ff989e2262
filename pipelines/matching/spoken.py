"""How alike an English name and a Japanese one sound.

Belongs here: the similarity of two names by core, concepts and skeleton. Does not: making them (``pipelines.normalize.english``),
what it weighs.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz.distance import Indel
from rapidfuzz.process import cpdist

from pipelines.matching.outcomes import code
from pipelines.normalize.english import sound_skeleton

_LEVELS = (0.70, 0.80, 0.90, 0.95, 0.999)
_CORE_SHARE = 0.6  # of the likeness of cores in that of core and concepts together
_SOUND_SHARE = 0.6  # of vowels and consonants, the rest is of consonants alone


def spoken_outcome(batch: pa.RecordBatch) -> tuple[np.ndarray, np.ndarray]:
    """(code of ``english_name``, whether the cores are one), each of the batch's length."""
    rows = np.flatnonzero(pc.and_(pc.is_valid(batch.column("whole_a")), pc.is_valid(batch.column("whole_b"))))
    outcome, same_core = np.full(batch.num_rows, -1, np.int8), np.zeros(batch.num_rows, bool)
    if len(rows):
        some = batch.take(pa.array(rows))
        likeness = _SOUND_SHARE * _sound(some) + (1 - _SOUND_SHARE) * _consonants(some)
        outcome[rows] = (code("english_name", "differs") - np.digitize(likeness, _LEVELS)).astype(np.int8)
        same_core[rows] = pc.fill_null(pc.equal(some.column("core_a"), some.column("core_b")), False)
    return outcome, same_core


def _ratio(left: pa.Array, right: pa.Array) -> np.ndarray:
    a, b = (pc.fill_null(side, "").to_pylist() for side in (left, right))
    return cpdist(a, b, scorer=Indel.normalized_similarity, dtype=np.float32, workers=1)


def _sound(batch: pa.RecordBatch) -> np.ndarray:
    whole, written, core = (_ratio(batch.column(f"{name}_a"), batch.column(f"{name}_b")) for name in ("whole", "written", "core"))
    parted = _CORE_SHARE * core + (1 - _CORE_SHARE) * _concepts(batch.column("concepts_a"), batch.column("concepts_b"))
    return np.maximum(np.maximum(whole, written), parted)


def _concepts(left: pa.Array, right: pa.Array) -> np.ndarray:
    """Share of the concepts that both names have; 1 where neither has any."""
    sides = [[frozenset(text.split()) for text in pc.fill_null(side, "").to_pylist()] for side in (left, right)]
    return np.array([len(a & b) / len(a | b) if a or b else 1.0 for a, b in zip(*sides, strict=True)])


def _consonants(batch: pa.RecordBatch) -> np.ndarray:
    both = [
        _ratio(sound_skeleton(batch.column(f"{name}_a")), sound_skeleton(batch.column(f"{name}_b")))
        for name in ("whole", "written")
    ]
    return np.maximum(*both)
