"""What people and exchanges write around a company's name: honorifics, notes, marks, classes of shares; and former names.

Belongs here: cutting them off folded names, and reading the former name out of them. Does not: branches (``sites.py``) and
legal forms.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.normalize.codepoints import CharacterClass, Spans, write
from pipelines.normalize.text import blank_to_null, edited, extract, folded, replace
from pipelines.normalize.wordtable import WordTable

_NOTE_WORDS = (
    "旧社名|旧商号|旧名|旧称|旧|元|新社名|現社名|現|休眠|休業|休止|倒産|破産|廃業|解散|閉鎖|閉店|清算|重複|名寄|統合|合併|移転|取引停止|取引中止|"
    "使用不可|使用禁止|使わない|不可|要確認|確認中|未確認|テスト|test|dnu|do not use|duplicate|"
    "dup|old|former|formerly|inactive|closed|dormant|注意|削除"
)
_LAST_WORDS = "旧社名|旧商号|休眠|倒産|廃業|閉鎖|重複|取引停止|使用不可"
_HONORIFICS = "御中|様|さま|殿|各位"
_MARKS = "★●■◆◎○*"

_FORMER_WORDS = "旧社名|旧商号|旧名称|旧名|旧称|formerly known as|formerly|former name|f/k/a|fka|previously known as"
_FORMER = rf"[\s(/,;:※](?:(?:{_FORMER_WORDS})[\s:は]*|旧[\s:]*|元[\s]*:[\s]*)(?P<x>[^()\s:][^()]*?)\s*(?:\)|$)"
# 旧 before these tells of no name: 旧社屋, 旧本社
_NO_NAME = r"^(?:社名|商号|名称|社屋|本社|住所|所在地|姓|館|店舗|データ|担当).{0,2}$"
# exchanges say which of a company's papers is traded, and regulators where it was founded
_PAPERS = (
    r"(?:class|series|cl|ser) [a-z0-9]{1,2}|common (?:stock|shares?|units?)|ordinary shares?|capital stock|"
    r"(?:subordinate )?voting shares?|registered shares?|new york (?:registry )?shares?|shares of beneficial|"
    r"(?:american|global) depositary|depositary (?:shares?|receipts?|units?)|ads|adrs?|gdr|"
    r"(?:cumulative |convertible )*(?:preferred|preference) (?:stock|shares?|units?)|(?:redeemable )?warrants?|"
    r"units? representing|limited partner(?:ship)? (?:units?|interests?)|(?:\d+(?:\.\d+)?%|floating|fixed)[ -].*"
)
_LISTING = rf"(?:[\s,\-]+(?:{_PAPERS})(?:\b.*)?|\s+-\s+(?:units?|rights?|trust shares))$"
_STATE = r"\s*[/\\][a-z]{2,5}[/\\]?$|\s+\([a-z]{2}\)$"
_ARTICLE = r"^the\s+|[\s,]*\(the\)$|,\s*the$|[\s,]+et al\.?$"

_SIGN = CharacterClass("()※" + _MARKS)
_BEFORE_LAST_WORD = CharacterClass(" -:_")
_LAST_WORD = CharacterClass(word[0] for word in _LAST_WORDS.split("|"))
_HONORIFIC = WordTable(_HONORIFICS.split("|"), back=True)
_AFTER_F = CharacterClass("o/k")
_LAST_LATIN = 0x24F
_MARK = CharacterClass(_MARKS)
_SURE_HONORIFICS = [number for number, word in enumerate(_HONORIFICS.split("|")) if word in ("御中", "各位")]
_BORDER = CharacterClass(" ()社")
_SACRED = CharacterClass("神仏王奥若殿客")
_BEFORE_HONORIFIC = CharacterClass(" (")
_BEHIND_HONORIFIC = CharacterClass(" )")


def may_have_notes(names: Spans) -> np.ndarray:
    """True where there may be something to cut; what is false needs no more looking at. Brackets count."""
    noted = names.having(_SIGN(names.points)) | _before_last_word(names) | (_HONORIFIC.find(names)[0] >= 0)
    return noted | _latin(names)


def cut_notes(names: Spans) -> Spans:
    """Folded names without notes and honorifics; a name of nothing else stays."""
    whole = names
    for may_be, pattern in _NOTES:
        names = edited(names, may_be(names), partial(replace, pattern=pattern, replacement=""))
    for _ in range(2):
        names = _cut_honorific(names)
    nothing_left = names.start >= names.stop
    return names.put(nothing_left, whole.take(nothing_left))


def _cut_honorific(names: Spans) -> Spans:
    """山田商事 御中, 山田商事様; but あさま, 花御殿 and 神様 are names: さま and 殿 need a border before them."""
    word, begin = _HONORIFIC.find(names.trimmed(_BEHIND_HONORIFIC, front=False))
    before = names.points[np.maximum(begin - 1, 0)]
    sure = np.isin(word, _SURE_HONORIFICS) | _BORDER(before) | (names.points[begin] == ord("様")) & ~_SACRED(before)
    cut = (word >= 0) & (begin > names.start) & sure
    rest = Spans(names.points, names.start, begin).take(cut)
    return names.put(cut, rest.trimmed(_BEFORE_HONORIFIC, front=False))


def former_name(names: pa.Array | pa.ChunkedArray) -> pa.Array:
    """The old name that stands in a note, folded: (旧社名:甲商店), 旧甲商店, formerly X, f/k/a X; null where there is none."""
    texts = folded(names)
    marked = (texts.points == ord("旧")) | (texts.points == ord("元"))
    marked[:-2] |= (texts.points[:-2] == ord("f")) & _AFTER_F(texts.points[1:-1])
    marked[:-1] |= (texts.points[:-1] == ord("p")) & (texts.points[1:] == ord("r"))
    rows = pa.array(texts.having(marked))
    former = extract(write(texts).filter(rows), _FORMER)
    former = pc.if_else(pc.match_substring_regex(former, _NO_NAME), pa.scalar(None, pa.string()), former)
    return pc.replace_with_mask(pa.nulls(len(rows), pa.string()), rows, blank_to_null(former))


def _latin(names: Spans) -> np.ndarray:
    """True for names of several words in Latin letters alone."""
    some_blank = names.having(names.points == ord(" "))
    return some_blank & ~names.having(names.points > _LAST_LATIN)


def _before_last_word(names: Spans) -> np.ndarray:
    return names.having(np.append(_BEFORE_LAST_WORD(names.points[:-1]) & _LAST_WORD(names.points[1:]), False))


def _having(character: str) -> Callable[[Spans], np.ndarray]:
    return lambda names: names.having(names.points == ord(character))


# which names may have a note, cheaply told, and what it looks like
_NOTES: tuple[tuple[Callable[[Spans], np.ndarray], str], ...] = (
    (_having("※"), r"^※\S*\s+|\s*※.*$"),
    (_having("("), rf"\s*\((?:{_NOTE_WORDS})[^()]*\)?"),
    (_before_last_word, rf"[\s\-:_]+(?:{_LAST_WORDS})[\s:]*\S*$|\s旧\S{{3,}}$"),
    (lambda names: names.having(_MARK(names.points)), rf"^\s*[{_MARKS}]+\s*"),
    (_latin, r"[\s,;(/]+(?:formerly|former name|f/k/a|fka|previously known as)\b.*$"),
    (_latin, _STATE),
    (_latin, _LISTING),
    (_latin, _ARTICLE),
)
