"""Where a line may break: between words, and in Japanese between characters, save where kinsoku forbids it.

Belongs here: breaking the characters of a paragraph into lines. Does not: sizes and boxes (``fit.py``). It allows fewer breaks
than PowerPoint and LibreOffice do, so that what is measured here never needs more lines there.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipelines.account_plans.drawing.widths import is_wide

_NEVER_FIRST = frozenset(
    "、。，．・：；？！!?.,:;%)]}’”'\"-–—―‐/|+゛゜ヽヾゝゞ々〻ー〜～…‥″′°℃¢％‰‼⁇⁈⁉）］｝〕〉》」』】〙〗〟｠»"
    "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ･｡､｣ｰ"
)
_NEVER_LAST = frozenset("([{‘“'\"（［｛〔〈《「『【〘〖〝｟«｢$¥£€￥＄￡＃№+±")
_SLACK = 0.01  # of a point, for sums of fractions


@dataclass(frozen=True)
class Glyph:
    """One character, its width in points, and the number of the run it belongs to."""

    character: str
    width: float
    run: int


def may_break(before: str, after: str) -> bool:
    """Whether a line may end between the two."""
    if after == " " or unicodedata.category(after) in ("Mn", "Me", "Cf", "Sk") or unicodedata.category(before) == "Cf":
        return False
    if before == " ":
        return True
    if after in _NEVER_FIRST or before in _NEVER_LAST:
        return False
    return is_wide(before) or is_wide(after)


def broken(glyphs: Sequence[Glyph], room: float) -> list[list[Glyph]]:
    """The lines of one paragraph, each at most ``room`` points wide, without the spaces at their ends; an empty paragraph is one
    empty line. A word wider than the room is broken anywhere; a single character wider than it stands alone."""
    lines: list[list[Glyph]] = [[]]
    used = 0.0
    for unit in _units(glyphs):
        if unit[0].character == "\n":
            lines.append([])
            used = 0.0
            continue
        wide = _width(_trimmed(unit))
        if lines[-1] and used + wide > room + _SLACK:
            lines.append([])
            used = 0.0
        if wide <= room + _SLACK:
            lines[-1].extend(unit)
            used += _width(unit)
            continue
        for glyph in unit:
            if lines[-1] and used + glyph.width > room + _SLACK and glyph.character != " ":
                lines.append([])
                used = 0.0
            lines[-1].append(glyph)
            used += glyph.width
    return [_trimmed(line) for line in lines]


def _units(glyphs: Sequence[Glyph]) -> Iterator[list[Glyph]]:
    """What stays together: words with the spaces behind them, single characters of Japanese, line ends."""
    unit: list[Glyph] = []
    for glyph in glyphs:
        ends = unit and ("\n" in (glyph.character, unit[-1].character) or may_break(unit[-1].character, glyph.character))
        if ends:
            yield unit
            unit = []
        unit.append(glyph)
    if unit:
        yield unit


def _trimmed(line: Sequence[Glyph]) -> list[Glyph]:
    end = len(line)
    while end and line[end - 1].character == " ":
        end -= 1
    return list(line[:end])


def _width(line: Sequence[Glyph]) -> float:
    return sum(glyph.width for glyph in line)
