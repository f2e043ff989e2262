"""General business words that English names and Japanese readings share: which English word and which kana stand for one concept.

Holds no names of companies and no sounds of single words (see english_sounds).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

import pyarrow as pa

from pipelines.normalize.english_sounds import is_japanese
from pipelines.normalize.kana import fold_vowels, kana_to_romaji
from pipelines.normalize.text import DATA

FORM = "form"  # legal forms and articles: recognised so that they can be left out

_LARGE = str.maketrans("ァィゥェォッャュョヮ", "アイウエオツヤユヨワ")
_SHORTEST_PREFIX = 4
_SHORTEST_ROMAJI = 5
_SHORTEST_ENDING = 4
_SHORT = frozenset({"japan"})  # concepts that even a short prefix stands for
# what cannot begin a word: a core that began with one was cut within a syllable
_NO_START = frozenset("ァィゥェォッャュョヮーン")


class Lexicon(NamedTuple):
    """Concepts by their words."""

    phrases: dict[tuple[str, ...], str]  # English words, lower case -> concept
    longest_phrase: int
    endings: frozenset[str]  # English words that may end a compound
    readings: dict[str, str]  # kana -> concept
    lengths_by_first: dict[str, list[int]]  # lengths of the readings that begin with these two kana, longest first
    lengths_by_last: dict[str, list[int]]
    sounds: dict[str, str]  # concept -> the reading that stands for it, in kana


class Reading(NamedTuple):
    """A kana string without its legal form, and that cut in three: concepts before the core, the core, concepts after it."""

    whole: str
    before: tuple[str, ...]
    core: str
    after: tuple[str, ...]


def _spellings(kana: str) -> set[str]:
    """Registers write small kana large, and drop long sounds."""
    short = kana.replace("ー", "")
    written = {kana, short} if len(short) > _SHORTEST_PREFIX else {kana}
    return written | {spelling.translate(_LARGE) for spelling in written}


def _words(cell: str) -> list[str]:
    return [word for word in cell.split(";") if word]


def _romaji(kana: list[str]) -> list[str]:
    return fold_vowels(kana_to_romaji(pa.array(kana, pa.string()))).to_pylist()


@cache
def lexicon() -> Lexicon:
    """The lexicon of ``english_words.csv``, read once."""
    phrases: dict[tuple[str, ...], str] = {}
    readings: dict[str, str] = {}
    sounds: dict[str, str] = {}
    endings: set[str] = set()
    with (DATA / "english_words.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            concept, japanese, loan = row["concept"], _words(row["japanese"]), _words(row["loan"])
            phrases |= {tuple(phrase.split()): concept for phrase in _words(row["english"])}
            endings |= {word for word in _words(row["english"]) if len(word) >= _SHORTEST_ENDING + is_japanese(word)}
            for romaji in _romaji(japanese):
                if len(romaji) >= _SHORTEST_ROMAJI:
                    phrases.setdefault((romaji,), concept)
            for reading in japanese + loan:
                for spelling in _spellings(reading):
                    readings.setdefault(spelling, concept)
            sounds[concept] = (japanese + loan)[0]
    by_first, by_last = _lengths(readings, slice(2)), _lengths(readings, slice(-2, None))
    return Lexicon(phrases, max(map(len, phrases)), frozenset(endings), readings, by_first, by_last, sounds)


def _lengths(readings: Iterable[str], place: slice) -> dict[str, list[int]]:
    lengths: dict[str, set[int]] = {}
    for reading in readings:
        lengths.setdefault(reading[place], set()).add(len(reading))
    return {two: sorted(found, reverse=True) for two, found in lengths.items()}


def cut_reading(kana: str) -> Reading:
    """The words of the lexicon taken off both ends of a katakana reading, longest first: legal forms, suffixes, then prefixes."""
    form, length = _prefix(kana, 3)
    kana = kana[length:] if form == FORM else kana
    form, length = _suffix(kana)
    kana = kana[:-length] if form == FORM else kana
    core, after, before = kana, [], []
    concept, length = _suffix(core)
    while concept:
        after.append(concept)
        core = core[:-length]
        concept, length = _suffix(core)
    concept, length = _prefix(core, _SHORTEST_PREFIX)
    while concept:
        before.append(concept)
        core = core[length:]
        concept, length = _prefix(core, _SHORTEST_PREFIX)
    return Reading(kana, tuple(before), core, tuple(reversed(after)))


def _suffix(kana: str) -> tuple[str | None, int]:
    """Concept and length of the longest word at the end; it may be all, but must not leave a single kana."""
    words, size = lexicon(), len(kana)
    for length in words.lengths_by_last.get(kana[-2:], ()):
        if size - length != 1 and (concept := words.readings.get(kana[-length:])):
            return concept, length
    return None, 0


def _prefix(kana: str, shortest: int) -> tuple[str | None, int]:
    """Concept and length of the longest word at the beginning that leaves a syllable and more."""
    words, longest = lexicon(), len(kana) - 2
    for length in words.lengths_by_first.get(kana[:2], ()):
        concept = words.readings.get(kana[:length]) if length <= longest else None
        if concept and kana[length] not in _NO_START and (length >= shortest or concept in _SHORT):
            return concept, length
    return None, 0
