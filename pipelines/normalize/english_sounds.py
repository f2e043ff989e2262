"""How a Latin word of a company name is said in Japanese: Japanese words as they are, letters by their names, English words as
loan words, from a dictionary where it has them, else by rule.

Answers are romaji or kana, to be romanised together afterwards. Concepts (bank, industries) are english_lexicon's. The dictionary
(``english_loan_words.csv``) holds the most frequent words of general English, with readings made by kanalizer (MIT) and e2k
(WTFPL), whichever was nearer to the rules below.
"""

from __future__ import annotations

import csv
import re
from functools import cache, lru_cache

from pipelines.normalize.text import DATA

_NAMES = {
    "a": "エー", "b": "ビー", "c": "シー", "d": "ディー", "e": "イー", "f": "エフ",
    "g": "ジー", "h": "エイチ", "i": "アイ", "j": "ジェー", "k": "ケー", "l": "エル",
    "m": "エム", "n": "エヌ", "o": "オー", "p": "ピー", "q": "キュー", "r": "アール",
    "s": "エス", "t": "ティー", "u": "ユー", "v": "ブイ", "w": "ダブリュー", "x": "エックス",
    "y": "ワイ", "z": "ゼット", "0": "ゼロ", "1": "ワン", "2": "ツー", "3": "スリー",
    "4": "フォー", "5": "ファイブ", "6": "シックス", "7": "セブン", "8": "エイト", "9": "ナイン",
}  # fmt: skip

_JAPANESE = re.compile(
    r"(?:(?:k|kk|g|s|ss|z|n|h|b|p|pp|m|r|y(?=[auo])|w(?=a)|f(?=u)|t(?=[aeo])|tt(?=[aeo])|d(?=[aeo])|j|"
    r"sh|ssh|ch|tch|cch|t?ts(?=u)|(?:k|kk|g|n|h|b|p|pp|m|r)y(?=[auo]))?[aiueo]|n(?![aiueoy])|m(?=[bmp])|(?<=[ou])h(?![aiueoy]))+"
)

# a doubled consonant, which is one sound less to agree about
_DOUBLED = re.compile(r"[tc](?=ch)|([kstpdgbmrz])\1")
_VOWEL = re.compile(r"[aiueoy]")
# of three letters and less, what people say as a word
_SPOKEN_SHORT = re.compile(r"(?:[bcdfghjklmnprstvwyz][aiueo][bdgklmnprstxz]|[bcdfghjklmnprstvwyz][aio]c)")
_ONSET = re.compile(
    r"[aiueoy]|[bcdfghjklmnpqrstvwxz][aiueoy]|(?:[bcdfgkpstvw]r|[bcdfgkpsv]l|[csptgwzk]h|[gkps]n|[dgkqstw][wu]|s[cfkmpqt]|st?s|ph|ts|ps|"
    r"sch|scr|sk[rl]|shr|sp[hlr]|str|squ|thr|mb|mc|ll)"
)

# Spelling to sound, in this order; capitals are long vowels or diphthongs, which later rules leave alone
_RULES: tuple[tuple[str, str], ...] = (
    (r"^(?:kn|gn)", "n"),
    (r"^wr", "r"),
    (r"^wh", "w"),
    (r"^ps", "s"),
    (r"^x", "z"),
    (r"[ts]ions?$", "shon"),
    (r"[ts]ion", "shon"),
    (r"(?:ci|ti)a(?=[nl])", "sha"),
    (r"(?:ti|ci)ous$", "shas"),
    (r"ture(?=s?$)", "cha"),
    (r"tch", "ch"),
    (r"tz", "ts"),
    (r"(?<=[aeiou])h(?![aiueoy])", ""),
    (r"sch", "sk"),
    (r"ch(?=[rlm])|(?<=[nt]e)ch|^ch(?=em)", "k"),
    (r"^uni", "yuni"),
    (r"^ai", "A"),
    (r"ph", "f"),
    (r"dge(?=s?$)", "ji"),
    (r"age(?=s?$)", "eji"),
    (r"dg(?=[eiy])", "j"),
    (r"ck", "k"),
    (r"igh", "A"),
    (r"gh(?=[ta]|$)", ""),
    (r"gue$", "g"),
    (r"que$", "k"),
    (r"qu", "kw"),
    (r"q", "k"),
    (r"x", "ks"),
    (r"sc(?=[eiy])", "s"),
    (r"c(?=[eiy])", "s"),
    (r"c(?!h)", "k"),
    (r"g(?=[ey])|g(?=i[cna])", "j"),
    (r"th", "s"),
    # a silent e makes the vowel before it long
    (r"a([bdfgjklmnprstvz])e(?=s?$)", r"E\1"),
    (r"i([bdfgjklmnprstvz])e(?=s?$)", r"A\1"),
    (r"o([bdfgjklmnprstvz])e(?=s?$)", r"O\1"),
    (r"u([bdfgjklmnprstvz])e(?=s?$)", r"U\1"),
    (r"([bdfgjklmnprstvzw])e(?=s?$)", r"\1"),
    (r"ee|ea|ie(?=[a-z])|ei(?=v)", "I"),
    (r"oo|ou(?=p)|ew|ui", "U"),
    (r"oa", "O"),
    (r"ou|ow(?=n)", "W"),
    (r"ow", "O"),
    (r"ay", "E"),
    (r"au|aw", "O"),
    (r"eu|ue", "U"),
    (r"oi|oy", "Q"),
    (r"ey$|y$|ies?$", "I"),
    (r"(?<=[^aeiouAEIOUWQ])y(?=[^aeiou]|$)", "i"),
    (r"(?:er|ar|ur|ir)(?=[^aeiouyAEIOUWQ]|$)", "a"),
    (r"or(?=[^aeiouyAEIOUWQ]|$)", "O"),
    (r"^u(?=n[^aeiou])|u(?=[bmnpstk][^aeiouhry])|(?<=[^aeiouAEIOUWQ])u(?=[bmnpst]$)", "a"),
    (r"ds$", "z"),
    (r"l", "r"),
    (r"v", "b"),
)
_VOWELS = {"A": "ai", "E": "e", "I": "i", "O": "o", "U": "u", "W": "au", "Q": "oi"}
# a consonant that no vowel follows gets one
_OPEN = (
    (r"([bcdfghjklmpqrstvwxz])\1", r"\1"),
    (r"m(?=[bp])", "n"),
    (r"ng(?=$|[^aiueor])", "ngu"),
    (r"(ch|j)(?![aiueoy])", r"\1i"),
    (r"sh(?![aiueoy])", "shu"),
    (r"ts(?![aiueoyh])", "tsu"),
    (r"([td])(?![aiueosyh]|s)", r"\1o"),
    (r"d(?=s)", "do"),
    (r"s(?![aiueohy])", "su"),
    (r"([kgzhbprfw])(?![aiueoywh])", r"\1u"),
    (r"m(?![aiueoy])", "mu"),
    (r"si", "shi"),
)
_SPELLING = [(re.compile(pattern), sound) for pattern, sound in _RULES]
_OPENING = [(re.compile(pattern), sound) for pattern, sound in _OPEN]


@cache
def _loan_words() -> dict[str, str]:
    with (DATA / "english_loan_words.csv").open(encoding="utf-8", newline="") as file:
        return {row["word"]: row["kana"] for row in csv.DictReader(file)}


def is_loan_word(word: str) -> bool:
    """True for a word of the dictionary."""
    return word in _loan_words()


def is_japanese(word: str) -> bool:
    """True for a word that reads as Hepburn romaji from end to end."""
    return _JAPANESE.fullmatch(word) is not None


def spell(word: str) -> str:
    """The names of letters and digits, one after the other."""
    return "".join(_NAMES[letter] for letter in word)


def is_initials(word: str) -> bool:
    """True for what can only be read letter by letter (qt, xyz); the word is neither Japanese nor in the dictionary."""
    return _VOWEL.search(word) is None or (len(word) <= 3 and _SPOKEN_SHORT.fullmatch(word) is None)


def has_onset(word: str) -> bool:
    """False for a word that nobody can begin to say (jbank, kddx): its first letter stands alone."""
    return word.isdigit() or _ONSET.match(word) is not None


def by_rule(word: str) -> str:
    """An English word as a loan word, in romaji."""
    for pattern, sound in _SPELLING:
        word = pattern.sub(sound, word)
    for letter, vowel in _VOWELS.items():
        word = word.replace(letter, vowel)
    for pattern, sound in _OPENING:
        word = pattern.sub(sound, word)
    return word


@lru_cache(maxsize=1 << 16)
def word_sound(word: str) -> str:
    """The sound of one lower-case word of letters or digits."""
    if len(word) == 1 or word.isdigit():
        return spell(word)
    if loan := _loan_words().get(word):
        return loan
    if is_japanese(word):
        return _DOUBLED.sub(lambda found: found[1] or "", word)
    return spell(word) if is_initials(word) else by_rule(word)
