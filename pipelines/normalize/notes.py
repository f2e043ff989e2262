"""What people write around a company's name: honorifics, notes, marks.

Belongs here: cutting them off folded names. Does not: branches (``sites.py``) and legal forms.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.normalize.codepoints import CharacterClass, Spans
from pipelines.normalize.text import replace
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


def may_have_notes(names: Spans) -> np.ndarray:
    """True where there may be something to cut; what is false needs no more looking at. Brackets count."""
    marked = _SIGN(names.points)
    marked[:-1] |= _BEFORE_LAST_WORD(names.points[:-1]) & _LAST_WORD(names.points[1:])
    return names.having(marked) | (_HONORIFIC.find(names)[0] >= 0)


def cut_notes(folded: pa.Array) -> pa.Array:
    """Folded names without notes and honorifics; a name of nothing else stays."""
    cut = replace(replace(folded, r"^※\S*\s+", ""), r"\s*※.*$", "")
    cut = replace(cut, rf"\s*\((?:{_NOTE_WORDS})[^()]*\)", "")
    cut = replace(cut, rf"[\s\-:_]+(?:{_LAST_WORDS})[^\s]*$", "")
    cut = replace(cut, rf"^[\s]*[{_MARKS}]+\s*", "")
    for _ in range(2):
        cut = replace(cut, rf"[\s(]*(?:{_HONORIFICS})[)\s]*$", "")
    return pc.if_else(pc.equal(pc.utf8_length(cut), 0), folded, cut)
