"""Branches, offices and departments that stand at the end of a company's name.

Belongs here: splitting them off folded names. Does not: legal forms, notes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.normalize.codepoints import CharacterClass, Spans, write
from pipelines.normalize.prefectures import PREFECTURES, short_name
from pipelines.normalize.text import data_words, fold_text
from pipelines.normalize.wordtable import WordTable

_UNITS = (
    "支店|支社|支部|支所|支局|本店|本社|本部|営業所|営業部|営業課|出張所|事業所|事業部|事業本部|事務所|駐在所|工場|センター|統括部|統括本部|営業本部|オフィス|"
    "総務部|総務課|経理部|人事部|開発部|技術部|企画部|購買部|資材部|製造部|管理部|広報部|システム部|業務部|法務部|販売部|購買課|経理課"
)
# Only these are sites when no blank or legal form stands before them: 製作所, 研究所, センター, 店, 部 end many real names
_BARE_UNITS = "支店|支社|支所|支局|営業所|営業部|出張所|事業所|駐在所|営業本部|本社|事業部|事業本部|工場"
_WESTERN_UNITS = "branch|headquarters|hq|division|dept|department"
# "comfort factory" and "ts office" are names: of these, two words at least must be left
_NAME_LIKE = "office|factory|plant"
_WESTERN_SITE = (
    rf"(?:[\s,\-(/]+(?P<x>(?:[a-z]+ )?(?:head office|{_WESTERN_UNITS})\.?\)?)|"
    rf"^\S+ \S.*[\s,\-(/]+(?P<y>(?:[a-z]+ )?(?:{_NAME_LIKE})\.?\)?))$"
)
_LONGEST = 14  # characters before the unit: 北関東第一 + 支店

_ANY_UNIT = WordTable(f"{_UNITS}|製作所|研究所|店|部|課|室|{_WESTERN_UNITS}|{_NAME_LIKE}".split("|"), back=True)
_UNIT = WordTable(_UNITS.split("|"), back=True)
_UNIT_AFTER_FORM = WordTable(f"{_UNITS}|製作所|研究所|店|部|課|室".split("|"), back=True)
_BARE_UNIT = WordTable(_BARE_UNITS.split("|"), back=True)
_WESTERN_UNIT = WordTable(
    [unit + end for unit in f"{_WESTERN_UNITS}|{_NAME_LIKE}".split("|") for end in ("", ".", ")", ".)")], back=True
)
_FORM = WordTable(["株式会社", "有限会社", "合同会社", "(株)", "(有)", "(同)"], back=True)

_BARE_UNIT_END = CharacterClass(word[-1] for word in _BARE_UNITS.split("|"))
_WESTERN_UNIT_END = CharacterClass({*").", *(word[-1] for word in f"{_WESTERN_UNITS}|{_NAME_LIKE}".split("|"))})
_CLOSING = CharacterClass(")")
_PARTED = CharacterClass(" ()会")
_UNIT_END = CharacterClass("店部所社課")
_FORM_END = CharacterClass("社)")
_BLANK = CharacterClass(" ・")
_BRACKET = CharacterClass("()")
_EDGE = CharacterClass(" ・-/")
_WESTERN_EDGE = CharacterClass(" ,-(/")


@cache
def _place() -> WordTable:
    names = {*data_words("places.txt"), *(short_name(p) for p in PREFECTURES), *PREFECTURES}
    return WordTable(fold_text(pa.array(sorted(names))).to_pylist(), back=True)


def may_have_site(names: Spans) -> np.ndarray:
    """True where there may be something to split off; what is false needs no more looking at."""
    unit_and_blank = np.append(_UNIT_END(names.points[:-1]) & (names.points[1:] == ord(" ")), False)
    at_end = (_ANY_UNIT.find(names)[0] >= 0) & names.having(_PARTED(names.points))
    return at_end | names.having(unit_and_blank) | (_BARE_UNIT.find(names)[0] >= 0)


def cut_site(names: Spans) -> tuple[Spans, Spans]:
    """(folded names without their site, the site). What the rules find is cut in turn; the first of it is the site."""
    site = Spans(names.points, names.stop, names.stop)
    for may_be, rule in _RULES:
        if not may_be(names):
            continue
        rest_stop, site_start, site_stop = rule(names)
        found = (rest_stop > names.start) & (site_start < site_stop)
        new = found & (site.start == site.stop)
        site = Spans(site.points, np.where(new, site_start, site.start), np.where(new, site_stop, site.stop))
        names = Spans(names.points, names.start, np.where(found, rest_stop, names.stop)).trimmed(_BLANK)
    return names, site


_Cut = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Where the rest ends, where the site starts and ends; nothing was found where the site is empty."""


def _cut(found: np.ndarray, rest_stop: np.ndarray, site: Spans) -> _Cut:
    return rest_stop, np.where(found, site.start, site.stop), site.stop


def _ends_in(table: WordTable, texts: Spans) -> np.ndarray:
    """True where a text is one of the units, with a few characters before it."""
    which, begin = table.find(texts)
    return (which >= 0) & (begin - texts.start <= _LONGEST)


def _in_brackets(names: Spans) -> _Cut:
    """山田商事(大阪支店), 山田商事(大阪)"""
    open_at, close_at = names.last(names.points == ord("(")), names.last(names.points == ord(")"))
    inside = Spans(names.points, np.minimum(open_at + 1, names.stop), np.maximum(close_at, names.start))
    whole = (open_at > names.start) & (close_at == names.stop - 1) & (inside.start < inside.stop)
    which, begin = _place().find(inside)
    is_site = _ends_in(_UNIT, inside) | (which >= 0) & (begin == inside.start)
    return _cut(whole & is_site & ~inside.having(_BRACKET(names.points)), open_at, inside)


def _behind_form(names: Spans) -> _Cut:
    """山田商事株式会社大阪支店, 山田商事(株)営業部 鈴木"""
    ends = Spans(names.points, names.start, names.last(_FORM_END(names.points) & _has_form(names)) + 1)
    site = Spans(names.points, np.maximum(ends.stop, names.start), names.stop).trimmed(_EDGE)
    blank = site.first(names.points == ord(" "))
    first_word = Spans(names.points, site.start, blank)
    alone = first_word.start == _UNIT_AFTER_FORM.find(first_word)[1]
    found = _ends_in(_UNIT_AFTER_FORM, first_word) & (~alone | _ends_in(_UNIT, first_word)) & (site.stop - blank <= 21)
    return _cut(found & (_FORM.find(ends)[0] >= 0) & (_FORM.find(ends)[1] > names.start), ends.stop, site)


def _has_form(names: Spans) -> np.ndarray:
    """True at the last character of what looks like a form within a name."""
    points = np.concatenate([np.zeros(2, np.uint32), names.points])
    before, two_before = points[1:-1], points[:-2]
    return (before == ord("会")) | (two_before == ord("("))


def _last_words(names: Spans) -> _Cut:
    """山田商事 大阪支店, 山田商事 東日本事業部 営業課"""
    blank = names.points == ord(" ")
    parted = names.last(blank)
    last = Spans(names.points, parted + 1, names.stop)
    before = Spans(names.points, names.start, np.maximum(parted, names.start)).trimmed(_BLANK)
    parted_before = before.last(blank)
    two = Spans(names.points, parted_before + 1, before.stop)
    both = (parted_before > names.start) & _ends_in(_UNIT, two) & ~two.having(_BRACKET(names.points))
    site = Spans(names.points, np.where(both, two.start, last.start), names.stop)
    found = (parted > names.start) & _ends_in(_UNIT, last) & ~last.having(_BRACKET(names.points))
    return _cut(found, np.where(both, parted_before, before.stop), site)


def _place_and_unit(names: Spans) -> _Cut:
    """山田商事大阪支店"""
    unit, unit_start = _BARE_UNIT.find(names)
    before = Spans(names.points, names.start, unit_start)
    place, place_start = _place().find(before, leave=2)
    return _cut((unit >= 0) & (place >= 0), place_start, Spans(names.points, place_start, names.stop))


def _western(names: Spans) -> _Cut:
    """acme corp tokyo branch"""
    start = names.stop.copy()
    rows = np.flatnonzero(_WESTERN_UNIT.find(names)[0] >= 0)
    if len(rows):
        found = pc.extract_regex(write(names.take(rows)), _WESTERN_SITE)
        lengths = [pc.utf8_length(pc.struct_field(found, group)) for group in ("x", "y")]
        start[rows] -= np.asarray(pc.fill_null(pc.max_element_wise(*lengths), 0))
    rest = Spans(names.points, names.start, start).trimmed(_WESTERN_EDGE)
    return _cut(start < names.stop, rest.stop, Spans(names.points, start, names.stop))


def _ends(names: Spans, some: CharacterClass) -> bool:
    return bool(some(names.points[names.stop - 1]).any())


# whether a rule may find anything at all, cheaply told, and the rule
_RULES: tuple[tuple[Callable[[Spans], bool], Callable[[Spans], _Cut]], ...] = (
    (lambda names: _ends(names, _CLOSING), _in_brackets),
    (lambda names: bool((_FORM_END(names.points) & _has_form(names)).any()), _behind_form),
    (lambda names: bool((names.points == ord(" ")).any()), _last_words),
    (lambda names: _ends(names, _BARE_UNIT_END), _place_and_unit),
    (lambda names: _ends(names, _WESTERN_UNIT_END), _western),
)
