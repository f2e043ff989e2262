"""The same text in other characters: full width, half-width kana, kanji numbers.

Belongs here: pure transliteration. Does not: deciding who writes how (``writing``).
"""

from __future__ import annotations

import unicodedata

_WIDE = {c: c + 0xFEE0 for c in range(0x21, 0x7F)} | {0x20: 0x3000}
_HALF_KANA = {unicodedata.normalize("NFKC", chr(c)): chr(c) for c in range(0xFF66, 0xFF9E)}
_KANJI_DIGITS = "〇一二三四五六七八九"


def wide(text: str) -> str:
    """Full width, as the register writes Latin letters, digits and hyphens."""
    return text.translate(_WIDE)


def half_kana(text: str) -> str:
    """Katakana in half width, voiced marks apart (ガ -> ｶﾞ); other characters stay."""
    out = []
    for char in text:
        parts = unicodedata.normalize("NFD", char) if "ァ" <= char <= "ヴ" else char
        half = _HALF_KANA.get(parts[0])
        mark = "" if len(parts) == 1 else "ﾞ" if parts[1] == "\u3099" else "ﾟ"
        out.append(char if half is None else half + mark)
    return "".join(out)


def kanji_number(number: int) -> str:
    """1 to 99 in kanji: 3 -> 三, 12 -> 十二."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _KANJI_DIGITS[tens] + "十"
    return head + (_KANJI_DIGITS[ones] if ones else "")
