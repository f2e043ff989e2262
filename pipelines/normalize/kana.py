"""Kana to Hepburn romaji, folded so that the spellings of one sound agree."""

from __future__ import annotations

from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.normalize.codepoints import CharacterClass, CharacterMap, Spans, read, span, write
from pipelines.normalize.text import blank_to_null, replace

_ROWS = {
    "アイウエオ": "a i u e o", "カキクケコ": "ka ki ku ke ko", "サシスセソ": "sa shi su se so", "タチツテト": "ta chi tsu te to",
    "ナニヌネノ": "na ni nu ne no", "ハヒフヘホ": "ha hi fu he ho", "マミムメモ": "ma mi mu me mo", "ヤユヨ": "ya yu yo",
    "ラリルレロ": "ra ri ru re ro", "ワヰヱヲン": "wa i e o n", "ガギグゲゴ": "ga gi gu ge go", "ザジズゼゾ": "za ji zu ze zo",
    "ダヂヅデド": "da ji zu de do", "バビブベボ": "ba bi bu be bo", "パピプペポ": "pa pi pu pe po", "ヴ": "vu",
    "ャュョ": "^ya ^yu ^yo", "ァィゥェォ": "^a ^i ^u ^e ^o", "ッー": "~ _", "ヵヶ": "ka ke", "ヮ": "^wa",
}  # fmt: skip

_READABLE = CharacterClass(span("\0", "\x7f") + "āĪīŪūĒēŌōâîûêôĀ・" + span("ァ", "ヺ") + "ー" + span("ぁ", "ゖ"))


@cache
def _romaji() -> CharacterMap:
    mapping = {kana: latin for row, latins in _ROWS.items() for kana, latin in zip(row, latins.split(), strict=True)}
    mapping["ー"] = ""
    hiragana = {chr(ord(kana) - 0x60): latin for kana, latin in mapping.items() if "ァ" <= kana <= "ヶ"}
    return CharacterMap(mapping | hiragana)


def kana_to_romaji(values: pa.Array) -> pa.Array:
    """Folded text with its kana in Hepburn; long vowels are short, a doubled consonant stays doubled. Other characters stay."""
    values = write(_romaji()(read(values)))
    values = replace(values, r"(sh|ch|j)i\^y?([aueo])", r"\1\2")
    values = replace(values, r"i\^y", "y")
    values = replace(values, r"u\^([ieo])", r"w\1")
    for written, sound in (
        ("fw", "f"),
        ("vw", "v"),
        ("tsw", "ts"),
        ("kw", "kw"),
        ("fu^a", "fa"),
        ("vu^a", "va"),
        ("tsu^a", "tsa"),
        ("u^a", "wa"),
    ):
        values = pc.replace_substring(values, written, sound)
    values = replace(values, r"[aeiou]?\^", "")
    for letter in "kstpcgzdbjhmrfny":
        values = pc.replace_substring(values, "~" + letter, ("t" if letter == "c" else letter) + letter)
    return pc.replace_substring(values, "~", "")


def fold_vowels(values: pa.Array) -> pa.Array:
    """Long vowels written out (ou, oo, uu, oh) and their macrons become short; 'm' before b, m, p becomes 'n'; only letters
    and digits stay."""
    for macron, vowel in zip("āīūēōâîûêô", "aiueoaiueo", strict=True):
        values = pc.replace_substring(values, macron, vowel)
    values = replace(values, r"o(?:[ou]+|h($|[^aeiouy]))", r"o\1")
    values = replace(replace(values, r"u{2,}", "u"), r"m([bmp])", r"n\1")
    # registers often write ヨ for ョ: "shiyo" and "sho" are one
    values = replace(replace(values, r"iy([auo])", r"y\1"), r"(sh|ch|j)y", r"\1")
    return blank_to_null(replace(values, r"[^a-z0-9]+", ""))


def readable(names: Spans) -> np.ndarray:
    """False where a kanji (or another script that this module cannot read) occurs, and for null."""
    return ~names.having(~_READABLE(names.points)) & (names.start < names.stop)
