"""Plain rapidfuzz: Jaro-Winkler of every name with every name; prefecture, city and postcode add a little."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import cdist

_ROWS = 128
_PLACE = {"pref": np.float32(0.02), "city": np.float32(0.04), "post": np.float32(0.04)}


def match(master: pa.Table, partner: pa.Table) -> pa.Table:
    """Best entry (pid, mid, score) of each partner record."""
    names, others = master["name"].to_pylist(), partner["name"].to_pylist()
    codes = {column: _codes(master[column], partner[column]) for column in _PLACE}
    place, score = np.zeros(len(others), np.int64), np.zeros(len(others), np.float32)
    for start in range(0, len(others), _ROWS):
        rows = slice(start, start + _ROWS)
        similar = cdist(others[rows], names, scorer=JaroWinkler.similarity, dtype=np.float32, workers=-1)
        for column, bonus in _PLACE.items():
            ours, theirs = codes[column]
            similar += bonus * (theirs[rows, None] == ours[None, :])
        place[rows], score[rows] = similar.argmax(axis=1), similar.max(axis=1)
    return pa.table({"pid": partner["id"], "mid": master["id"].take(pa.array(place)), "score": score})


def _codes(ours: pa.ChunkedArray, theirs: pa.ChunkedArray) -> tuple[np.ndarray, np.ndarray]:
    """The values as numbers, absent ones as numbers that meet no other."""
    known = pc.unique(ours).drop_null()
    return tuple(pc.fill_null(pc.index_in(side, known), none).to_numpy() for side, none in ((ours, -1), (theirs, -2)))  # type: ignore[return-value]
