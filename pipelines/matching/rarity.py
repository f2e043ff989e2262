"""How much a name says: its surprise in bits under a frozen model of Japanese and western company names, and a signature of its
characters.

Belongs here: pure Arrow functions over ``name_key``. Does not: how often a name occurs in the register at hand
(``register_items``).
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
from duckdb.func import FunctionNullHandling, PythonUDFType

from pipelines.normalize.codepoints import packed, read

_FILE = Path(__file__).parent / "data" / "name_bigrams.csv.gz"
_BORDER = 0x1F  # stands before and after each name; no name holds it
_SHIFT = np.uint64(21)  # a code point fits into 21 bits
_BACKOFF = 2.0  # a pair of characters never seen is as likely as its second character, at this weight


@dataclass(frozen=True)
class _Bigrams:
    pairs: np.ndarray  # uint64, sorted: first character << 21 | second
    counts: np.ndarray
    first: np.ndarray  # by code point: how often a character stands first in a pair
    share: np.ndarray  # by code point: how likely a character is, whatever stands before it


@cache
def _bigrams() -> _Bigrams:
    with gzip.open(_FILE, "rt", encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file if not line.startswith("#")]
    firsts, seconds = ([ord(pair[at]) for pair, _ in rows] for at in (0, 1))
    pairs = np.array(firsts, np.uint64) << _SHIFT | np.array(seconds, np.uint64)
    counts = np.array([int(count) for _, count in rows], float)
    order = np.argsort(pairs)
    first, second = np.zeros(0x110000), np.zeros(0x110000)
    np.add.at(first, np.array(firsts), counts)
    np.add.at(second, np.array(seconds), counts)
    return _Bigrams(pairs[order], counts[order], first, (second + 0.1) / (second.sum() + 0.1 * 20_000))


def surprise(names: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Bits (float32) that name keys would cost in the frozen model: 10 for the commonest, over 50 for one of a kind; null
    for null."""
    codes, ends = packed(read(names))
    lengths = np.diff(ends, prepend=0)
    # every name between two borders: shift the characters by one border a name, plus one in front
    at = np.arange(len(codes)) + np.repeat(np.arange(len(names)), lengths) + 1
    bordered = np.full(len(codes) + len(names) + 1, _BORDER, np.uint64)
    bordered[at] = codes
    first, second = bordered[:-1], bordered[1:]
    model = _bigrams()
    wanted = first << _SHIFT | second
    found = np.minimum(np.searchsorted(model.pairs, wanted), len(model.pairs) - 1)
    seen = np.where(model.pairs[found] == wanted, model.counts[found], 0.0)
    likely = (seen + _BACKOFF * model.share[second]) / (model.first[first] + _BACKOFF)
    total = np.concatenate([[0.0], np.cumsum(-np.log2(likely))])
    borders = ends + np.arange(1, len(names) + 1)
    bits = total[borders] - total[borders - lengths - 1]
    return pa.array(bits.astype(np.float32), mask=lengths == 0)


def signature(names: pa.Array | pa.ChunkedArray) -> pa.Array:
    """64 bits (uint64) of which each character of the name sets one: names that share few bits cannot be alike. Null gives 0."""
    codes, ends = packed(read(names))
    bits = np.uint64(1) << ((codes.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(58))
    lengths = np.diff(ends, prepend=0)
    result = np.zeros(len(names), np.uint64)
    filled = np.flatnonzero(lengths)
    if len(filled):
        result[filled] = np.bitwise_or.reduceat(bits, (ends - lengths)[filled])
    return pa.array(result)


def register(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes ``name_surprise`` and ``name_signature`` callable from SQL on this connection; a second call changes nothing."""
    known = {row[0] for row in connection.execute("SELECT DISTINCT function_name FROM duckdb_functions()").fetchall()}
    for name, function, result in (("name_surprise", surprise, "FLOAT"), ("name_signature", signature, "UBIGINT")):
        if name not in known:
            connection.create_function(
                name, function, ["VARCHAR"], result, type=PythonUDFType.ARROW, null_handling=FunctionNullHandling.SPECIAL
            )
