"""What people write around a company's name: honorifics, notes, marks.

Belongs here: cutting them off folded names. Does not: branches (``sites.py``) and legal forms.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from pipelines.normalize.codepoints import CharacterClass, Spans
from pipelines.normalize.text import edited, replace
from pipelines.normalize.wordtable import WordTable

_NOTE_WORDS = (
    "旧社名|旧商号|旧名|旧称|旧|元|新社名|現社名|現|休眠|休業|休止|倒産|破産|廃業|解散|閉鎖|閉店|清算|重複|名寄|統合|合併|移転|取引停止|取引中止|"
    "使用不可|使用禁止|使わない|不可|要確認|確認中|未確認|テスト|test|dnu|do not use|duplicate|"
    "dup|old|former|formerly|inactive|closed|dormant|注意|削除"
)
_LAST_WORDS = "旧社名|旧商号|休眠|倒産|廃業|閉鎖|重複|取引停止|使用不可"
_HONORIFICS = "御中|様|さま|殿|各位"
_MARKS = "★●■◆◎○*"

_SIGN = CharacterClass("()※" + _MARKS)
_BEFORE_LAST_WORD = CharacterClass(" -:_")
_LAST_WORD = CharacterClass(word[0] for word in _LAST_WORDS.split("|"))
_HONORIFIC = WordTable(_HONORIFICS.split("|"), back=True)
_MARK = CharacterClass(_MARKS)
_BEFORE_HONORIFIC = CharacterClass(" (")
_BEHIND_HONORIFIC = CharacterClass(" )")


def may_have_notes(names: Spans) -> np.ndarray:
    """True where there may be something to cut; what is false needs no more looking at. Brackets count."""
    return names.having(_SIGN(names.points) | _before_last_word(names)) | (_HONORIFIC.find(names)[0] >= 0)


def cut_notes(names: Spans) -> Spans:
    """Folded names without notes and honorifics; a name of nothing else stays."""
    whole = names
    for may_be, pattern in _NOTES:
        if (marked := may_be(names)).any():
            names = edited(names, names.having(marked), partial(replace, pattern=pattern, replacement=""))
    for _ in range(2):
        word, begin = _HONORIFIC.find(names.trimmed(_BEHIND_HONORIFIC, front=False))
        cut = Spans(names.points, names.start, begin).take(word >= 0)
        names = names.put(word >= 0, cut.trimmed(_BEFORE_HONORIFIC, front=False))
    nothing_left = names.start >= names.stop
    return names.put(nothing_left, whole.take(nothing_left))


def _before_last_word(names: Spans) -> np.ndarray:
    return np.append(_BEFORE_LAST_WORD(names.points[:-1]) & _LAST_WORD(names.points[1:]), False)


# where a note may stand, cheaply told, and what it looks like
_NOTES: tuple[tuple[Callable[[Spans], np.ndarray], str], ...] = (
    (lambda names: names.points == ord("※"), r"^※\S*\s+|\s*※.*$"),
    (lambda names: names.points == ord("("), rf"\s*\((?:{_NOTE_WORDS})[^()]*\)"),
    (_before_last_word, rf"[\s\-:_]+(?:{_LAST_WORDS})[^\s]*$"),
    (lambda names: _MARK(names.points), rf"^\s*[{_MARKS}]+\s*"),
)
