"""Kana to Hepburn romaji, folded so that the spellings of one sound agree.

Belongs here: sounds. Does not: names (``names.py``); kanji, whose readings no rule knows.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pyarrow as pa

from pipelines.normalize.codepoints import CharacterClass, CharacterMap, Spans, apart, read, replaced, span, write

_ROWS = {
    "アイウエオ": "a i u e o", "カキクケコ": "ka ki ku ke ko", "サシスセソ": "sa shi su se so", "タチツテト": "ta chi tsu te to",
    "ナニヌネノ": "na ni nu ne no", "ハヒフヘホ": "ha hi fu he ho", "マミムメモ": "ma mi mu me mo", "ヤユヨ": "ya yu yo",
    "ラリルレロ": "ra ri ru re ro", "ワヰヱヲン": "wa i e o n", "ガギグゲゴ": "ga gi gu ge go", "ザジズゼゾ": "za ji zu ze zo",
    "ダヂヅデド": "da ji zu de do", "バビブベボ": "ba bi bu be bo", "パピプペポ": "pa pi pu pe po", "ヴヵヶ": "vu ka ke",
}  # fmt: skip
_SMALL = dict(zip("ァィゥェォャュョヮ", ["a", "i", "u", "e", "o", "ya", "yu", "yo", "wa"], strict=True))
_LETTERS = {"&": " and ", "ー": "", **dict(zip("āĀīĪūŪēĒōŌâîûêô", "aaiiuueeooaiueo", strict=True))}
_READABLE = CharacterClass(span("\0", "\x7f") + "・" + "".join(_LETTERS) + span("ァ", "ヺ") + span("ぁ", "ゖ"))
_ALPHANUMERIC = CharacterClass(span("a", "z") + span("0", "9"))
_VOWEL = CharacterClass("aeiouy")
_LABIAL = CharacterClass("bmp")
_BACK_VOWEL = CharacterClass("auo")


def _pair(large: str, small: str) -> str:
    """キ + ャ -> kya, フ + ァ -> fa, ウ + ィ -> wi, カ + ァ -> ka."""
    consonant, vowel = large[:-1], large[-1]
    if small[0] == "y":
        return consonant + (small[1:] if consonant in ("sh", "ch", "j") else small)
    if vowel == "u" and consonant in ("", "k", "g") and small != "u":
        return consonant + "w" + small[-1]
    if large == "i" and small == "e":
        return "ye"
    return consonant + small[-1]


@cache
def _syllables() -> tuple[list[str], np.ndarray, np.ndarray, np.ndarray]:
    """(all ways to write a syllable; the one of each kana by code point; of each pair of a syllable and a small kana; the
    consonant that a small ッ before a syllable doubles). 0 is none."""
    katakana = {kana: latin for row, latins in _ROWS.items() for kana, latin in zip(row, latins.split(), strict=True)}
    single = katakana | _SMALL
    words = [
        "",
        *sorted({*single.values(), *(_pair(a, b) for a in katakana.values() for b in _SMALL.values()), *"bcdfghjkmnprstvwyz"}),
    ]
    number = {word: place for place, word in enumerate(words)}
    alone = np.zeros(0x3100, np.int64)
    for kana, latin in single.items():
        alone[ord(kana)] = number[latin]
        if kana <= "ヶ":
            alone[ord(kana) - 0x60] = number[latin]
    pairs = np.zeros((len(words), len(words)), np.int64)
    for large in set(katakana.values()) - {"n"}:
        for small in _SMALL.values():
            pairs[number[large], number[small]] = number[_pair(large, small)]
    doubled = np.array([number.get({"c": "t"}.get(word[:1], word[:1]), 0) if word[:1] not in "aeiou" else 0 for word in words])
    return words, alone, pairs, doubled


_SMALL_KANA = CharacterClass([*_SMALL, *(chr(ord(kana) - 0x60) for kana in _SMALL)])
_DOUBLING = CharacterClass("ッっ")
_KANA = CharacterClass(span("ァ", "ヶ") + span("ぁ", "ゖ"))


@cache
def _letters() -> CharacterMap:
    return CharacterMap(_LETTERS)


def readable(names: Spans) -> np.ndarray:
    """False where a kanji (or another script that this module cannot read) occurs, and for null."""
    return ~names.having(~_READABLE(names.points)) & (names.start < names.stop)


def kana_to_romaji(values: pa.Array) -> pa.Array:
    """Folded text with its kana in Hepburn; long vowels are short, a doubled consonant stays doubled. Other characters stay."""
    return write(_latin(_letters()(apart(read(values)))))


def fold_vowels(values: pa.Array) -> pa.Array:
    """Latin letters and digits only; long vowels written out (ou, oo, uu, oh) and macrons are short."""
    return write(_short(_letters()(apart(read(values)))))


def romaji(names: Spans) -> Spans:
    """Readable folded names in Latin letters and digits, nothing between them."""
    return _short(_latin(_letters()(apart(names))))


def _latin(texts: Spans) -> Spans:
    """Kana in Hepburn, a doubled consonant doubled; other characters stay. ``texts``: apart."""
    points = texts.points
    words, alone, pairs, doubled = _syllables()
    syllable = alone.take(points, mode="clip")
    joins = np.append(False, _SMALL_KANA(points[1:]) & (syllable[:-1] > 0) & ~_SMALL_KANA(points[:-1]))
    small = np.flatnonzero(joins)
    joined = pairs[syllable[small - 1], syllable[small]]
    small, joined = small[joined > 0], joined[joined > 0]
    syllable[small - 1], syllable[small] = joined, 0
    twice = np.flatnonzero(_DOUBLING(points))
    syllable[twice] = doubled[syllable[np.minimum(twice + 1, len(points) - 1)]]
    kana = np.flatnonzero(_KANA(points))
    return replaced(texts, kana, kana + 1, words, syllable[kana])


def _short(texts: Spans) -> Spans:
    """Long vowels written out (ou, oo, uu, oh) become short; 'm' before b, m, p becomes 'n'; ヨ for ョ, as registers write, is
    no other sound: "shiyo" and "sho" are one. ``texts``: apart."""
    points = texts.points
    place = np.arange(len(points))
    o_or_u = (points == ord("o")) | (points == ord("u"))
    last_o = np.maximum.accumulate(np.where(points == ord("o"), place, -1))
    run_border = np.maximum.accumulate(np.where(o_or_u, -1, place))
    long = np.append(False, last_o[:-1] > run_border[1:]) & o_or_u
    long[1:] |= (points[1:] == ord("u")) & (points[:-1] == ord("u"))
    long[1:-1] |= (points[1:-1] == ord("h")) & (points[:-2] == ord("o")) & ~_VOWEL(points[2:])
    points = points.copy()
    points[:-1][(points[:-1] == ord("m")) & _LABIAL(points[1:])] = ord("n")
    texts = Spans(points, texts.start, texts.stop).keeping(~long)
    points = texts.points
    large = np.zeros(len(points), bool)
    large[:-2] = (points[:-2] == ord("i")) & (points[1:-1] == ord("y")) & _BACK_VOWEL(points[2:])
    texts = texts.keeping(~large)
    points = texts.points
    soft = np.zeros(len(points), bool)
    soft[1:] = (points[1:] == ord("y")) & (points[:-1] == ord("j"))
    soft[2:] |= (points[2:] == ord("y")) & (points[1:-1] == ord("h")) & ((points[:-2] == ord("s")) | (points[:-2] == ord("c")))
    return texts.keeping(_ALPHANUMERIC(points) & ~soft)
