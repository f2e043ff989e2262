"""Scores of candidate pairs: a pure function from an Arrow batch of compared texts and codes to an Arrow batch of bits. No
state, no I/O.

Belongs here: similarity of names, likeness, contexts, adding up. Does not: rivals (``probability``), verdicts.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz.distance import Indel, JaroWinkler
from rapidfuzz.process import cpdist

from pipelines.matching.model import Model
from pipelines.matching.outcomes import FEATURES, LIKENESS, code
from pipelines.matching.spoken import spoken_outcome
from pipelines.normalize.text import data_words

Codes = dict[str, np.ndarray]

_NAME_LEVELS = (0.60, 0.70, 0.80, 0.85, 0.90, 0.95)
_READING_LEVELS = (0.65, 0.80, 0.90, 0.95, 0.999)
_NUMBERS = "[0-9一二三四五六七八九十東西南北新旧]|east|west|north|south|upper|lower|[ivx]+$"
_LENGTH_BYTES = (6, 12, 21)
_SAME, _ALIKE, _PARTLY, _UNLIKE = range(len(LIKENESS))
_BLOCKS = (code("place", "block"), code("place", "block_tower"))


def _similarity(left: pa.Array, right: pa.Array, some: np.ndarray) -> np.ndarray:
    """Mean of Jaro-Winkler and Indel similarity where ``some``, else 0. Both work on code points, as kana and kanji need."""
    result = np.zeros(len(some), np.float32)
    rows = pa.array(np.flatnonzero(some))
    if len(rows):
        a, b = left.take(rows).to_pylist(), right.take(rows).to_pylist()
        # score_hint and cutoffs stay off: the value itself is evidence
        result[some] = (
            cpdist(a, b, scorer=JaroWinkler.normalized_similarity, dtype=np.float32, workers=1)
            + cpdist(a, b, scorer=Indel.normalized_similarity, dtype=np.float32, workers=1)
        ) / 2
    return result


def _true(values: pa.Array) -> np.ndarray:
    return pc.fill_null(values, False).to_numpy(zero_copy_only=False)


def _numbered(left: pa.Array, right: pa.Array, some: np.ndarray) -> np.ndarray:
    """Names that are one but for numbers and points of the compass: 第一 and 第二, 東 and 西."""
    result = np.zeros(len(some), bool)
    rows = pa.array(np.flatnonzero(some))
    if len(rows):
        a, b = (pc.replace_substring_regex(side.take(rows), _NUMBERS, "") for side in (left, right))
        result[some] = _true(pc.and_(pc.equal(a, b), pc.greater(pc.binary_length(a), 0)))
    return result


@cache
def _trade_words() -> frozenset[str]:
    return frozenset(data_words("trade_words.txt"))


def _extended(left: pa.Array, right: pa.Array, some: np.ndarray) -> np.ndarray:
    """One name is the other and a trade word behind it: カワセミ製薬 and カワセミ製薬販売."""
    result = np.zeros(len(some), bool)
    rows = np.flatnonzero(some)
    for row, a, b in zip(rows, *(side.take(pa.array(rows)).to_pylist() for side in (left, right)), strict=True):
        short, long = sorted((a, b), key=len)
        result[row] = long.startswith(short) and long[len(short) :] in _trade_words()
    return result


def _name(batch: pa.RecordBatch) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(outcome, context, likeness) of the names as they are written."""
    a, b = batch.column("name_a"), batch.column("name_b")
    both = np.asarray(pc.and_(pc.is_valid(a), pc.is_valid(b)))
    equal = _true(pc.equal(a, b))
    similarity = _similarity(a, b, both & ~equal)
    outcome = np.full(batch.num_rows, code("name", "differs"), np.int8)
    holds = _true(batch.column("contained")) & ~equal
    outcome[holds] = code("name", "contained")
    levels = np.digitize(similarity, _NAME_LEVELS)
    similar = levels > 0
    outcome[similar] = (code("name", "similar_60") + 1 - levels[similar]).astype(np.int8)
    outcome[_extended(a, b, holds)] = code("name", "extended")
    outcome[_numbered(a, b, similar)] = code("name", "numbered")
    outcome[equal] = np.where(
        _true(batch.column("same_text"))[equal], code("name", "same_text"), code("name", "agrees_after_folding")
    )
    outcome[~both] = -1
    shorter = np.minimum(*(pc.fill_null(pc.binary_length(side), 0).to_numpy(zero_copy_only=False) for side in (a, b)))
    context = 2 * np.digitize(shorter, _LENGTH_BYTES, right=True) + holds
    likeness = np.select([equal, similarity >= 0.85, (similarity >= 0.7) | holds], [_SAME, _ALIKE, _PARTLY], _UNLIKE)
    return outcome, context, likeness


def _latin(batch: pa.RecordBatch) -> np.ndarray:
    """Both names in Latin letters."""
    return _true(pc.and_(*(pc.string_is_ascii(batch.column(side)) for side in ("name_a", "name_b"))))


def _reading(batch: pa.RecordBatch) -> np.ndarray:
    """Outcome of the readings in romaji."""
    a, b = batch.column("sound_a"), batch.column("sound_b")
    both = np.asarray(pc.and_(pc.is_valid(a), pc.is_valid(b)))
    equal = _true(pc.equal(a, b))
    similarity = np.where(equal, 1.0, _similarity(a, b, both & ~equal))
    return np.where(both, code("reading", "differs") - np.digitize(similarity, _READING_LEVELS), -1).astype(np.int8)


def compare(batch: pa.RecordBatch) -> tuple[Codes, Codes]:
    """(codes, contexts) by feature, each an array of the batch's length; code -1 where there is nothing to compare."""
    codes: Codes = {
        feature.name: batch.column(feature.name).to_numpy(zero_copy_only=False)
        for feature in FEATURES
        if feature.name in batch.schema.names
    }
    codes["name"], name_context, written = _name(batch)
    codes["reading"] = _reading(batch)
    codes["english_name"], same_core = spoken_outcome(batch)
    latin = _latin(batch)
    # names of one script are compared as they are written; what is numbered or extended sounds alike by nature
    told_apart = np.isin(codes["name"], (code("name", "numbered"), code("name", "extended")))
    codes["english_name"][latin | told_apart], codes["reading"][told_apart] = -1, -1
    same_core &= codes["english_name"] >= 0
    heard = np.isin(codes["reading"], (0, 1)) | (np.isin(codes["english_name"], (0, 1)) & same_core)
    likeness = np.where(heard, np.minimum(written, _ALIKE), written)
    same = likeness == _SAME
    codes["rarity"] = np.where(same | heard, codes["rarity"], -1)
    codes["namesakes"] = np.where(same, codes["namesakes"], np.where(same_core, batch.column("core_namesakes"), -1))
    place = codes["place"]
    placed = (place >= _BLOCKS[0]) & (place <= _BLOCKS[1])
    nowhere = place == code("place", "missing")
    far = (place == code("place", "prefecture")) | (place == code("place", "differs"))
    among = _true(batch.column("among_records"))
    unrelated = (likeness == _UNLIKE).astype(np.int8)
    contexts: Codes = {
        "name": name_context,
        "rarity": (~same).astype(np.int8),
        "namesakes": (~same).astype(np.int8),
        "alias": (~same).astype(np.int8),
        "reading": written,
        "english_name": (~same_core).astype(np.int8),
        "legal_form": (~same).astype(np.int8),
        "place": likeness,
        "postal_code": np.select([placed, nowhere], [0, 2], 1),
        "site": far.astype(np.int8),
        "domain": unrelated,
        "phone": unrelated,
        "base": np.where(among, 3, np.where(nowhere & latin, 2, nowhere)),
    }
    codes["base"] = np.zeros(batch.num_rows, np.int8)
    return codes, contexts


def score_batch(batch: pa.RecordBatch, model: Model) -> pa.RecordBatch:
    """Batch of pairs -> batch of (a, b, entry, score, and code and bits of each feature).

    ``score``: log2 of the odds that the pair is one company, rivals left aside; it is the sum of the bits.
    """
    codes, contexts = compare(batch)
    columns: dict[str, pa.Array] = {name: batch.column(name) for name in ("a", "b", "entry")}
    total = np.zeros(batch.num_rows, np.float32)
    parts: dict[str, pa.Array] = {}
    for feature in FEATURES:
        outcome, context = codes[feature.name].astype(np.int64), contexts.get(feature.name, 0)
        bits = np.where(outcome >= 0, model.bits[feature.name][outcome, context], np.float32(0))
        total += bits
        parts[f"{feature.name}_code"] = pa.array(outcome.astype(np.int8))
        parts[f"{feature.name}_bits"] = pa.array(bits)
    columns["score"] = pa.array(total)
    return pa.RecordBatch.from_pydict(columns | parts)
