"""Width, case, compatibility forms, 旧字体 and dashes: what every other normalizer starts from.

Belongs here: folding text, and the column operations that several normalizers share. Does not: what a text means.
"""

from __future__ import annotations

import re
import unicodedata
from collections import deque
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.normalize.codepoints import CharacterClass, CharacterMap, Spans, as_array, read, span, write

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


_SPACE = r"[\s\x0b\x1c-\x1f\x85\p{Z}]"
_KANA = CharacterClass(span("ァ", "ヺ") + "ー" + span("ぁ", "ゖ"))
_BLANK = CharacterClass(" ")
_FOLDABLE = 0x32400  # no character beyond folds, but for variation selectors, which are invisible


@cache
def _variants() -> CharacterMap:
    folds = {variant: word[0] for word in data_words("kanji_folds.txt") for variant in word[1:]}
    invisible = {chr(code): "" for code in _INVISIBLE}
    return CharacterMap(folds | dict.fromkeys(_DASHES, "-") | _BRACKETS | invisible | {"’": "'", "‘": "'", "`": "'", "〜": "~"})


@cache
def _characters() -> tuple[CharacterMap, CharacterClass]:
    """(what each character folds to on its own, characters that may fold otherwise beside others: marks, jamo, unknown)."""
    codes = [code for code in range(1, _FOLDABLE) if not 0xD800 <= code < 0xE000]
    alone = [chr(code) for code in codes]
    folded = [text or "" for text in _fold_characters(pa.array(alone)).to_pylist()]
    mapping = {old: new for old, new in zip(alone, folded, strict=True) if old != new}
    invisible = {chr(code): "" for code in _INVISIBLE if code >= _FOLDABLE}
    joining = [character for character in alone if _may_join(character)]
    joining += [old for old, new in mapping.items() if _may_join(unicodedata.normalize("NFKD", new or old)[0])]
    return CharacterMap(mapping | invisible | {"\0": " "}), CharacterClass(joining)


def _may_join(character: str) -> bool:
    """Marks, the vowels and finals of Hangul, and what this Python's Unicode does not know yet."""
    category = unicodedata.category(character)
    return category[0] == "M" or category == "Cn" or "\u1160" <= character <= "\u11ff"


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


def edited(texts: Spans, rows: np.ndarray, function: Callable[[pa.Array], pa.Array]) -> Spans:
    """A column function applied only to some rows (bool per row): a large pattern costs its compiling even where it cannot
    match."""
    if not rows.any():
        return texts
    return texts.put(rows, read(function(write(texts.take(rows)))))


def where_matching(values: pa.Array, pattern: str, function: Callable[[str], str | None]) -> pa.Array:
    """``on_distinct`` for the few values that match a pattern; the others stay."""
    simple = re.sub(r"\(\?P<\w+>", "(", pattern)
    rows = pc.fill_null(pc.match_substring_regex(values, simple), False)
    return pc.replace_with_mask(values, rows, on_distinct(values.filter(rows), function)) if pc.any(rows).as_py() else values


def _fold_characters(values: pa.Array) -> pa.Array:
    values = pc.utf8_normalize(values, "NFKC")
    values = pc.utf8_normalize(write(_variants()(read(pc.utf8_lower(values)))), "NFKC")
    return replace(values, _SPACE, " ")


def _fold_in_context(values: pa.Array) -> pa.Array:
    values = _fold_characters(pc.replace_substring(values, "\0", " "))
    return pc.utf8_trim_whitespace(replace(replace(values, r"([ァ-ヺーぁ-ゖ])-+", r"\1ー"), " +", " "))


def folded(values: pa.Array | pa.ChunkedArray) -> Spans:
    """``fold_text`` as code points: character by character through one table, and by the text rules where neighbours
    matter."""
    values = as_array(values)
    raw = read(values)
    fold, joining = _characters()
    texts = fold(raw)
    blank = texts.points == ord(" ")
    texts = texts.keeping(np.concatenate([[True], ~(blank[1:] & blank[:-1])]))
    texts = texts.trimmed(_BLANK)
    dashed = np.append((texts.points[1:] == ord("-")) & _KANA(texts.points[:-1]), False)
    rows = raw.having(joining(raw.points)) | texts.having(dashed)
    if not rows.any():
        return texts
    return texts.put(rows, read(_fold_in_context(values.filter(pa.array(rows)))))


def fold_text(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Text as one hand would type it: NFKC, lower case, 旧字体 and 異体字 folded, dashes and spaces made one. Empty becomes
    null."""
    return write(folded(values))
