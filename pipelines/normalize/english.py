"""English names and Japanese readings of companies on common ground: "Tottori Bank, Ltd." and トットリギンコウ come out alike.

A name in Latin letters, in kana or in both is cut into the words that many companies share (concepts: bank, industries,
holdings) and the core that is left, and the core is written as it sounds in Japanese. Belongs here: the column functions and how
a name is cut. Does not: words (english_lexicon) and their sounds (english_sounds). Names with kanji have no sound here: null.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.normalize.codepoints import as_array, write
from pipelines.normalize.english_lexicon import FORM, cut_reading, lexicon
from pipelines.normalize.english_sounds import has_onset, is_japanese, is_loan_word, word_sound
from pipelines.normalize.kana import fold_vowels, kana_to_romaji
from pipelines.normalize.names import split_name
from pipelines.normalize.text import blank_to_null, remember_last, replace, where_matching

_RUN = re.compile(r"[ァ-ヺー]+|[^ァ-ヺー]+")
_WORD = re.compile(r"[a-z]+|[0-9]+")
_UNREADABLE = r"[\p{Han}\p{Hangul}\p{Cyrillic}\p{Greek}\p{Arabic}\p{Hebrew}\p{Thai}〆]"
_ACCENTS = r"[\x{0300}-\x{036F}]"
# capitals within a word begin another: GreenFactory, eMarket
_CAMEL = (r"([a-z]{2})([A-Z][A-Za-z])", r"(\b[a-z]|[A-Z])([A-Z][a-z]{2})")
_BLANKS_IN_KANA = r"([ァ-ヺー])[・\s]+"
_AND = re.compile(r"(?<=.)アンド(?![ウー]|$)")
_SHORTEST_BEGINNING = 3
_HIRAGANA = {code: code + 0x60 for code in range(ord("ぁ"), ord("ゖ") + 1)}


class _Sounds(NamedTuple):
    """Of each name: the sound of its core, of the whole name with one word for each concept, of the name as written; its
    concepts."""

    core: pa.Array
    whole: pa.Array
    written: pa.Array
    concepts: pa.Array


class _Pieces:
    """The sounds of one name in its order, each kana or romaji, and its concepts."""

    def __init__(self) -> None:
        self.core: list[str] = []
        self.whole: list[str] = []
        self.written: list[str] = []
        self.concepts: set[str] = set()

    def take(self, concepts: Iterable[str]) -> None:
        for concept in concepts:
            if concept != FORM:
                self.concepts.add(concept.replace(" ", "_"))
                self.whole.append(lexicon().sounds[concept])

    def keep(self, sound: str) -> None:
        self.core.append(sound)
        self.whole.append(sound)

    def take_kana(self, kana: str) -> None:
        reading = cut_reading(_AND.sub("", kana) if "アンド" in kana else kana)
        self.take(reading.before)
        self.keep(reading.core)
        self.take(reading.after)
        self.written.append(reading.whole)

    def take_latin(self, words: list[str]) -> None:
        phrases, longest = lexicon().phrases, lexicon().longest_phrase
        while words:
            for length in range(min(longest, len(words)), 0, -1):
                if concept := phrases.get(tuple(words[:length])):
                    self.take([concept])
                    break
            else:
                length, concept = 1, None
                self.keep(word_sound(words[0]))
            if concept != FORM:
                self.written += map(word_sound, words[:length])
            words = words[length:]


def _parts(word: str) -> tuple[str, ...]:
    """A Latin word cut in two where its end is a word of the lexicon and its beginning one too, or a letter; else alone."""
    words = lexicon()
    if (word,) in words.phrases or is_loan_word(word):
        return (word,)
    if not has_onset(word):
        return word[0], *(_parts(word[1:]) if word[1:] else ())
    for cut in range(_SHORTEST_BEGINNING, len(word)):
        if word[cut:] in words.endings and (is_loan_word(word[:cut]) or is_japanese(word[:cut])):
            return word[:cut], word[cut:]
    return (word,)


def _pieces(name: str) -> _Pieces:
    pieces = _Pieces()
    for run in _RUN.findall(name):
        if "ァ" <= run[0] <= "ー":
            pieces.take_kana(run)
        else:
            pieces.take_latin([part for word in _WORD.findall(run) for part in _parts(word)])
    return pieces


def _in_romaji(sounds: list[str]) -> pa.Array:
    """Kana and romaji as romaji with one spelling for a sound: no long vowels, no doubled consonants, b for v."""
    encoded = pc.replace_substring(pa.array(sounds, pa.string()), "ッ", "").dictionary_encode()
    romaji = pc.replace_substring(fold_vowels(kana_to_romaji(encoded.dictionary)), "v", "b")
    return replace(replace(romaji, "a{2,}", "a"), "i{2,}", "i").take(encoded.indices)


@remember_last
def _sounds(names: pa.Array) -> _Sounds:
    names = pc.if_else(pc.match_substring_regex(names, _UNREADABLE), pa.scalar(None, pa.string()), names)
    for capitals in _CAMEL:
        names = replace(names, capitals, r"\1 \2")
    plain = pc.utf8_normalize(write(split_name(names).core), "NFD")
    plain = pc.utf8_normalize(replace(plain, _ACCENTS, ""), "NFC")
    plain = where_matching(pc.replace_substring(plain, "'", ""), "[ぁ-ゖ]", lambda name: name.translate(_HIRAGANA))
    encoded = as_array(replace(plain, _BLANKS_IN_KANA, r"\1")).dictionary_encode()
    rows = [_pieces(name) for name in encoded.dictionary.to_pylist()]
    count = len(rows)
    loose = ["".join(row.core) or "".join(row.written) for row in rows] + ["".join(row.whole) for row in rows]
    romaji = _in_romaji(loose + ["".join(row.written) for row in rows])  # all at once: patterns cost their compiling each time
    folded = replace(romaji.slice(0, 2 * count), "e[ei]+", "e")  # ケイ and ケー are one letter
    concepts = blank_to_null(pa.array([" ".join(sorted(row.concepts)) for row in rows], pa.string()))
    columns = _Sounds(folded.slice(0, count), folded.slice(count), romaji.slice(2 * count), concepts)
    return _Sounds(*(column.take(encoded.indices) for column in columns))


def sound_core(names: pa.Array | pa.ChunkedArray) -> pa.Array:
    """The name without its concepts, in romaji (totori); a name of nothing but concepts keeps them. Null where kanji occur."""
    return _sounds(names).core


def sound_whole(names: pa.Array | pa.ChunkedArray) -> pa.Array:
    """The whole name in romaji, each concept in the reading that stands for it (totoriginko)."""
    return _sounds(names).whole


def sound_written(names: pa.Array | pa.ChunkedArray) -> pa.Array:
    """The name without its legal form as it is said word by word, in romaji (totoribanku of English, totoriginko of kana)."""
    return _sounds(names).written


def sound_concepts(names: pa.Array | pa.ChunkedArray) -> pa.Array:
    """The name's concepts, sorted, with blanks between them (bank holdings); null where it has none."""
    return _sounds(names).concepts


def sound_skeleton(sounds: pa.Array | pa.ChunkedArray) -> pa.Array:
    """The consonants of romaji that the functions above gave, and whether a vowel begins it: what loan words keep of their
    spelling (rekushiru: rksr). Consonants that loan words confuse are one."""
    sounds = replace(as_array(sounds), "[^a-z0-9]+", "")
    for written, heard in (("sh", "s"), ("ts", "t"), ("ch", "t"), ("j", "s"), ("z", "s"), ("f", "h"), ("l", "r")):
        sounds = pc.replace_substring(sounds, written, heard)
    return blank_to_null(replace(replace(sounds, r"^[aeiou]", "a"), r"(.)[aeiouyw]+", r"\1"))
