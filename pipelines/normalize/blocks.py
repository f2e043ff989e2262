"""Town and block of an address: what stands behind its municipality.

Belongs here: kanji numerals, 丁目, 番地 and 号, 条 and the street names of Kyoto. Does not: municipalities (``places.py``).
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from pipelines.normalize.codepoints import CharacterClass, Spans, replaced, span, write
from pipelines.normalize.text import edited, replace
from pipelines.normalize.wordtable import WordTable

_NUMERALS = "〇一二三四五六七八九十百千"
_LONGEST = 7  # 九千九百九十九
_DIGIT = CharacterClass(span("0", "9"))
_NUMERAL = CharacterClass(_NUMERALS)
_NUMERAL_VALUE = np.zeros(0x9FFF, np.int64)
_NUMERAL_VALUE[[ord(numeral) for numeral in _NUMERALS]] = range(1, len(_NUMERALS) + 1)
_DIRECTION = CharacterClass("東西南北")
_JOINTS = WordTable(["丁目", "番地", "番", "号", "地割"])
_DASH = CharacterClass("ノ-ー")
_ORDINAL = CharacterClass("第")
_TOWN_END = CharacterClass(" -,、")
_SECTION = CharacterClass("字無")
_FLOOR = CharacterClass("階f")
_BLANK = CharacterClass(" ")
_STREET = CharacterClass("るル入")
_KYOTO_STREET = r"^[^\d]*(?:[上下]ケ?[るル]|[東西]入[るル]?)\s*([^\s\d].*)$"


def split_rest(texts: Spans) -> tuple[pa.Array, pa.Array]:
    """(town, block) of place-folded texts behind the municipality; null where there is none."""
    texts = edited(texts, texts.having(_STREET(texts.points)), lambda some: replace(some, _KYOTO_STREET, r"\1"))
    texts = _with_arabic_numerals(texts)
    first, behind = texts.runs(_DIGIT(texts.points))
    town_end, run = _first_number(texts, first, behind)
    town = Spans(texts.points, texts.start, town_end)
    town = Spans(texts.points, texts.start, town.first(_TOWN_END(texts.points))).trimmed(_ORDINAL, front=False)
    town = edited(town, town.having(_SECTION(texts.points)), lambda some: replace(some, r"(?:大字|小字|字)|無番地.*$", ""))
    return write(town), _block(texts, first, behind, run)


def _value(text: str) -> int:
    """十二 -> 12, 百三 -> 103, 一〇二 -> 102."""
    total, digit = 0, 0
    for numeral in text:
        number = _NUMERALS.index(numeral)
        if number < 10:
            digit = 10 * digit + number
        else:
            total, digit = total + (digit or 1) * 10 ** (number - 9), 0
    return total + digit


def _with_arabic_numerals(texts: Spans) -> Spans:
    """六丁目 -> 6丁目, 北十五条 -> 北15条; other kanji numerals belong to names (三条, 四日市, 一番町)."""
    points = texts.points
    first, behind = texts.runs(_NUMERAL(points))
    counted = _before_unit(texts, behind) & (behind - first <= _LONGEST)
    first, behind = first[counted], behind[counted]
    if not len(first):
        return texts
    number = np.zeros(len(first), np.int64)  # its numerals as digits of base 16
    for column in range(_LONGEST):
        there = np.flatnonzero(first + column < behind)
        number[there] = number[there] * 16 + _NUMERAL_VALUE[points[first[there] + column]]
    distinct, which = np.unique(number, return_inverse=True)
    words = [str(_value("".join(_NUMERALS[int(digit, 16) - 1] for digit in f"{code:x}"))) for code in distinct]
    return replaced(texts, first, behind, words, which)


def _before_unit(texts: Spans, behind: np.ndarray) -> np.ndarray:
    points = np.append(texts.points, [0, 0])
    unit, after = points[behind], points[behind + 1]
    ends = np.zeros(len(points), bool)
    ends[texts.stop] = True
    cho = (unit == ord("丁")) & (after == ord("目"))
    ban = (unit == ord("番")) & (after != ord("町")) & (after != ord("丁")) | (unit == ord("号"))
    jo = (unit == ord("条")) & (_DIRECTION(after) | _DIGIT(after) | ends[behind + 1])
    return (cho | ban | jo) & ~ends[behind]


def _first_number(texts: Spans, first: np.ndarray, behind: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(where the town ends, which run of digits is the first number of the block) of each row. The 15 of 北15条西 belongs to
    the town."""
    run = np.searchsorted(first, texts.start)
    end = np.minimum(np.append(first, len(texts.points))[run], texts.stop)
    rows = np.flatnonzero((end == texts.start + 1) & (end < texts.stop) & _DIRECTION(texts.points[texts.start]))
    rows = rows[texts.points[behind[run[rows]]] == ord("条")]
    if len(rows):
        run, end = run.copy(), end.copy()
        joint = behind[run[rows]] + 1
        joint += (joint < texts.stop[rows]) & _DIRECTION(texts.points[joint])
        run[rows], end[rows] = run[rows] + 1, joint
    return end, run


def _block(texts: Spans, first: np.ndarray, behind: np.ndarray, run: np.ndarray) -> pa.Array:
    """Up to three numbers that joints hold together, as 1-4-1. A floor alone is no block."""
    points, stop = texts.points, texts.stop
    first, behind = np.append(first, len(points)), np.append(behind, len(points))
    start, end = np.minimum(first[run], stop), np.minimum(behind[run], stop)
    rows, joints = np.flatnonzero(first[run] < stop), []
    floor = _FLOOR(points[np.minimum(end, len(points) - 1)]) & (end < stop)
    for _ in range(2):
        joint, next_number = _behind_joint(Spans(points, start[rows], stop[rows]), end[rows])
        run = np.minimum(run + 1, len(first) - 1)
        goes_on = joint & (first[run[rows]] == next_number) & (next_number < stop[rows])
        rows, next_number = rows[goes_on], next_number[goes_on]
        joints.append(np.stack([end[rows], next_number]))
        end[rows], floor[rows] = behind[run[rows]], False
    start[floor] = end[floor]
    between = np.concatenate(joints, axis=1)
    between = between[:, np.argsort(between[0])]
    return write(replaced(Spans(points, start, end), between[0], between[1], ["-"], np.zeros(between.shape[1], np.int64)))


def _behind_joint(texts: Spans, place: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(whether a joint of two numbers stands at a place: 丁目, 番地の, a dash; where it ends)."""
    points, stop = texts.points, texts.stop

    def skip(place: np.ndarray, some: CharacterClass) -> np.ndarray:
        return place + ((place < stop) & some(points[place]))

    place = skip(place, _BLANK)
    unit, behind_unit = _JOINTS.find(Spans(points, place, stop))
    place = skip(behind_unit, _BLANK)
    behind_dash = skip(place, _DASH)
    return (unit >= 0) | (behind_dash > place), skip(behind_dash, _BLANK)
