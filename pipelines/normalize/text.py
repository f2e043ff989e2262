"""Width, case, compatibility forms, 旧字体 and dashes: what every other normalizer starts from."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from typing import TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.normalize.codepoints import CharacterMap, as_array

_Result = TypeVar("_Result")

DATA = Path(__file__).parent / "data"

_DASHES = "‐‑‒–—―−⁃﹣－─━"
_BRACKETS = {
    "〔": "(",
    "〕": ")",
    "[": "(",
    "]": ")",
    "【": "(",
    "】": ")",
    "〈": "(",
    "〉": ")",
    "《": "(",
    "》": ")",
    "「": "(",
    "」": ")",
    "『": "(",
    "』": ")",
}
_INVISIBLE = [
    0x00AD,
    *range(0x200B, 0x2010),
    0x2060,
    0xFEFF,
    *range(0xFE00, 0xFE10),
    *range(0xE0100, 0xE01F0),
    *range(1, 9),
    *range(14, 32),
    127,
]


def data_words(file_name: str) -> list[str]:
    """The words of a data file, without its comment lines."""
    lines = (DATA / file_name).read_text(encoding="utf-8").splitlines()
    return [word for line in lines if not line.startswith("#") for word in line.split()]


@cache
def _fold() -> CharacterMap:
    folds = {variant: word[0] for word in data_words("kanji_folds.txt") for variant in word[1:]}
    invisible = {chr(code): "" for code in _INVISIBLE}
    return CharacterMap(folds | dict.fromkeys(_DASHES, "-") | _BRACKETS | invisible | {"’": "'", "‘": "'", "`": "'", "〜": "~"})


def remember_last(function: Callable[[pa.Array], _Result]) -> Callable[[pa.Array | pa.ChunkedArray], _Result]:
    """Keeps the last few answers: SQL asks for name_key, legal_form and site of one batch in turn, each of which needs all parts.

    Shared by all threads, never thread-local: DuckDB's threads end without the interpreter's lock, and what they held would
    crash it.
    """
    memory: deque[tuple[pa.Array, _Result]] = deque(maxlen=8)

    @wraps(function)
    def remembering(values: pa.Array | pa.ChunkedArray) -> _Result:
        values = as_array(values)
        for seen, result in list(memory):
            if seen.equals(values):
                return result
        result = function(values)
        memory.append((values, result))
        return result

    return remembering


def blank_to_null(values: pa.Array) -> pa.Array:
    """Empty text is no information."""
    return pc.if_else(pc.equal(values, ""), pa.scalar(None, pa.string()), values)


def replace(values: pa.Array, pattern: str, replacement: str) -> pa.Array:
    """Regular expression replacement (RE2)."""
    return pc.replace_substring_regex(values, pattern, replacement)


def extract(values: pa.Array, pattern: str) -> pa.Array:
    """The group named ``x`` of the first match, else null."""
    return pc.struct_field(pc.extract_regex(values, pattern), "x")


def on_distinct(values: pa.Array | pa.ChunkedArray, function: Callable[[str], str | None]) -> pa.Array:
    """A function of one text, called once per distinct value: for columns too irregular for column operations."""
    encoded = as_array(values).dictionary_encode()
    results = pa.array([function(value) for value in encoded.dictionary.to_pylist()], pa.string())
    return results.take(encoded.indices)


def on_rows(values: pa.Array, rows: pa.Array, function: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """A column function applied only where ``rows`` is true: a large pattern costs its compiling even on rows it cannot match."""
    rows = pc.fill_null(rows, False)
    if not pc.any(rows).as_py():
        return values
    return pc.replace_with_mask(values, rows, function(values.filter(rows)))


def where_matching(values: pa.Array, pattern: str, function: Callable[[str], str | None]) -> pa.Array:
    """``on_distinct`` for the few values that match a pattern; the others stay."""
    simple = re.sub(r"\(\?P<\w+>", "(", pattern)
    return on_rows(values, pc.match_substring_regex(values, simple), lambda some: on_distinct(some, function))


def fold_text(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Text as one hand would type it: NFKC, lower case, 旧字体 and 異体字 folded, dashes and spaces made one. Empty becomes
    null."""
    values = pc.utf8_normalize(pc.replace_substring(as_array(values), "\0", " "), "NFKC")
    values = pc.utf8_normalize(_fold()(pc.utf8_lower(values)), "NFKC")
    values = replace(values, r"([ァ-ヺーぁ-ゖ])-+", r"\1ー")
    return blank_to_null(pc.utf8_trim_whitespace(replace(values, r"[\s\p{Z}]+", " ")))
