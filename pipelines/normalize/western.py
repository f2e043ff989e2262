"""Words of names in Latin letters: abbreviations spelled out, accents.

Belongs here: what makes spellings of western names alike. Does not: legal forms, notes; how Latin letters sound (``kana.py``).
"""

from __future__ import annotations

import csv
import unicodedata
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.normalize.codepoints import CharacterClass, Spans, span
from pipelines.normalize.text import DATA, replace

_LATIN = CharacterClass(span("a", "z"))
_LAST_LATIN = 0x24F
_NOT_DECOMPOSED = {"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h"}


@cache
def unaccented() -> dict[str, str]:
    """Folded Latin letters with an accent -> without."""
    letters = span("\u00e0", "\u024f") + span("\u1e00", "\u1eff")
    plain = {letter: unicodedata.normalize("NFD", letter)[0] for letter in letters}
    return {letter: base for letter, base in plain.items() if base.isascii() and base != letter} | _NOT_DECOMPOSED


@cache
def _words() -> tuple[pa.Array, pa.Array]:
    with (DATA / "western_words.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return pa.array([row["word"] for row in rows]), pa.array([row["full"] for row in rows])


def may_abbreviate(names: Spans) -> np.ndarray:
    """True for names in Latin letters of more than one word."""
    points = names.points
    latin = names.having(_LATIN(points)) & ~names.having(points > _LAST_LATIN)
    return latin & names.having(points == ord(" "))


def spelled_out(names: pa.Array) -> pa.Array:
    """Folded names with the words of ``western_words.csv`` in full; "and" is "&". Dots of initials are gone."""
    written, full = _words()
    apart = pc.utf8_split_whitespace(replace(pc.replace_substring(names, ".", ""), r"\s*([&,/+\-])\s*", r" \1 "))
    words = apart.flatten()
    words = pc.coalesce(full.take(pc.index_in(words, written)), words)
    return pc.binary_join(pa.ListArray.from_arrays(apart.offsets, words), " ")
