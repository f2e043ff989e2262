"""How wide a character is, without a font file: never less than in Yu Gothic, Meiryo, Noto Sans CJK, Arial or Verdana.

Belongs here: the table of widths. Does not: breaking lines (``breaking.py``). Units are ems (1 = the size of the text).
"""

from __future__ import annotations

import unicodedata
from functools import cache

BOLD = 1.1
"""A bold character against a regular one, at most, in the fonts above."""
BETWEEN_SCRIPTS = 0.2
"""What LibreOffice puts between Japanese and other letters."""
_HALF_WIDTH_KANA, _FULL, _EMOJI = 0.55, 1.0, 1.35
_ASCII = {
    0.30: "il",
    0.34: " '",
    0.37: "j,.t",
    0.40: "f!|",
    0.46: '"I()-/:;[\\]r',
    0.53: "csz",
    0.60: "eakvxyJ",
    0.64: "0123456789bdghnopquT*$_`?{}FLY",
    0.69: "BEPRAKSVXZC",
    0.79: "&DGHNOQU^~<>=+#",
    0.87: "wM",
    1.00: "mW@",
    1.08: "%",
}
_WIDTHS = {character: width for width, characters in _ASCII.items() for character in characters}


@cache
def em(character: str) -> float:
    """The width of a regular character. Accents and joiners have none; an unknown one counts as full-width."""
    if character in _WIDTHS:
        return _WIDTHS[character]
    if unicodedata.category(character) in ("Mn", "Me", "Cf", "Cc"):
        return 0.0
    plain = unicodedata.normalize("NFKD" if character == "\xa0" else "NFD", character)[0]
    if plain in _WIDTHS:
        return _WIDTHS[plain]
    if unicodedata.east_asian_width(character) == "H":
        return _HALF_WIDTH_KANA
    return _EMOJI if ord(character) >= 0x1F000 and unicodedata.category(character) == "So" else _FULL


def widths(text: str) -> list[float]:
    """The width of each character of a line, the space between scripts counted with the first one of the other script."""
    told, before = [], None
    for character in text:
        wide = before if character == " " else is_wide(character)
        told.append(em(character) + (BETWEEN_SCRIPTS if before is not None and wide != before else 0.0))
        before = None if character == "\n" else wide
    return told


@cache
def is_wide(character: str) -> bool:
    """Whether it is one of those that Japanese is written with."""
    return unicodedata.east_asian_width(character) in ("W", "F")


def width(text: str, size: float, bold: bool = False) -> float:
    """The width of words on one line, in points."""
    return sum(widths(text)) * size * (BOLD if bold else 1.0)
