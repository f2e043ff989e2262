"""Company names: notes and honorifics cut, branch split off as site, legal form apart, and the key that matching compares."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.normalize.codepoints import CharacterMap
from pipelines.normalize.kana import fold_vowels, has_unreadable, kana_to_romaji
from pipelines.normalize.legal_forms import take_back, take_front
from pipelines.normalize.prefectures import PREFECTURES, short_name
from pipelines.normalize.text import blank_to_null, data_words, fold_text, remember_last, replace

_NULL = pa.scalar(None, pa.string())
_NOTE_WORDS = (
    "旧社名|旧商号|旧名|旧称|旧|元|新社名|現社名|現|休眠|休業|休止|倒産|破産|廃業|解散|閉鎖|閉店|清算|重複|名寄|統合|合併|移転|取引停止|取引中止|"
    "使用不可|使用禁止|使わない|不可|要確認|確認中|未確認|テスト|test|dnu|do not use|duplicate|"
    "dup|old|former|formerly|inactive|closed|dormant|注意|削除"
)
_HONORIFICS = r"[\s(]*(?:御中|様|さま|殿|各位)[)\s]*$"
_UNITS = (
    "支店|支社|支部|支所|支局|本店|本社|本部|営業所|営業部|営業課|出張所|事業所|事業部|事業本部|事務所|駐在所|工場|センター|統括部|統括本部|営業本部|オフィス|"
    "総務部|総務課|経理部|人事部|開発部|技術部|企画部|購買部|資材部|製造部|管理部|広報部|システム部|業務部|法務部|販売部|購買課|経理課"
)
_UNITS_AFTER_FORM = _UNITS + "|製作所|研究所|店|部|課|室"
# Only these are sites when no blank or legal form stands before them: 製作所, 研究所, センター, 店, 部 end many real names
_BARE_UNITS = "支店|支社|支所|支局|営業所|営業部|出張所|事業所|駐在所|営業本部"
# cheap to tell, and true of few names
_MAY_END_IN_SITE = (
    r"[店社部所局場課室)]$|センター|オフィス|[店部所社課]\s.{1,20}$|"
    r"(?:branch|office|headquarters|hq|factory|plant|division|dept|department)\.?\)?$"
)
_WESTERN_SITE = (
    r"^(?P<r>.*?\S)[\s,\-(/]+"
    r"(?P<s>(?:[a-z]+ )?(?:branch|office|headquarters|head office|hq|factory|plant|division|dept|department)\.?\)?)$"
)


class NameParts(NamedTuple):
    """Folded parts of a name, each an array of the length of the input."""

    core: pa.Array  # without form, site and notes; spaces kept
    form: pa.Array
    side: pa.Array
    site: pa.Array


@cache
def _site_patterns() -> tuple[str, ...]:
    places = {*data_words("places.txt"), *(short_name(p) for p in PREFECTURES), *PREFECTURES}
    place = "|".join(fold_text(pa.array(sorted(places, key=lambda p: (-len(p), p)))).to_pylist())
    return (
        # a form and then a site: 株式会社の後ろ, at the end of the text
        rf"^(?P<r>.+(?:株式会社|有限会社|合同会社|\([株有同]\)))[\s・\-/]*(?P<s>\S{{1,14}}(?:{_UNITS_AFTER_FORM})(?:\s.{{1,20}})?)$",
        rf"^(?P<r>.*?\S)[\s・]+\(?(?P<s>[^\s()]{{0,14}}(?:{_UNITS})(?:\s[^\s]{{1,12}}(?:{_UNITS}))?)\)?$",
        rf"^(?P<r>.*?\S)\((?P<s>[^()]{{0,14}}(?:{_UNITS})|{place})\)$",
        rf"^(?P<r>.{{2,}}?)(?P<s>(?:{place})(?:{_BARE_UNITS}|本社|支部))$",
        _WESTERN_SITE,
    )


@cache
def _key_folds() -> CharacterMap:
    """Punctuation goes; small kana become large (キャノン, キヤノン), ヶ and ヵ become ケ and カ; middle dots and long dashes
    do not count."""
    small = dict(zip("ァィゥェォッャュョヮヵヶぁぃぅぇぉっゃゅょゎ", "アイウエオツヤユヨワカケあいうえおつやゆよわ", strict=True))
    dropped = dict.fromkeys(" !\"#$%'()*+,-./:;<=>?@[\\]^_`{|}~・、。·•…※★☆■□●○◎◆◇▲△▼▽→←↑↓=™®©°", "")
    return CharacterMap(small | dropped)


def _cut_notes(folded: pa.Array) -> pa.Array:
    cut = replace(replace(folded, r"^※\S*\s+", ""), r"\s*※.*$", "")
    cut = replace(cut, rf"\s*\((?:{_NOTE_WORDS})[^()]*\)", "")
    cut = replace(cut, r"[\s\-:_]+(?:旧社名|旧商号|休眠|倒産|廃業|閉鎖|重複|取引停止|使用不可)[^\s]*$", "")
    cut = replace(cut, r"^[\s]*(?:★|●|■|◆|◎|○|\*)+\s*", "")
    for _ in range(2):
        cut = replace(cut, _HONORIFICS, "")
    return pc.if_else(pc.equal(pc.utf8_length(cut), 0), folded, cut)


def _cut_site(values: pa.Array) -> tuple[pa.Array, pa.Array]:
    site = pa.nulls(len(values), pa.string())
    rows = pc.fill_null(pc.match_substring_regex(values, _MAY_END_IN_SITE), False)
    if not pc.any(rows).as_py():
        return values, site
    some, cut = values.filter(rows), site.filter(rows)
    for pattern in _site_patterns():
        found = pc.extract_regex(some, pattern)
        cut = pc.coalesce(cut, pc.struct_field(found, "s"))
        some = pc.coalesce(pc.struct_field(found, "r"), some)
    return pc.replace_with_mask(values, rows, some), pc.replace_with_mask(site, rows, cut)


def _cut_brackets(values: pa.Array) -> tuple[pa.Array, pa.Array]:
    """What still stands in brackets at the end is a reading or a remark: 日本電気株式会社 (nec). A form may stand before it."""
    rows = pc.fill_null(pc.match_substring_regex(values, r"\([^()]*\)?$"), False)
    none = pa.nulls(len(values), pa.string())
    if not pc.any(rows).as_py():
        return values, none
    rest, form = take_back(replace(values.filter(rows), r"^(.*[^\s(])\s*\([^()]*\)?$", r"\1"))
    return pc.replace_with_mask(values, rows, rest), pc.replace_with_mask(none, rows, form)


@remember_last
def split_name(names: pa.Array | pa.ChunkedArray) -> NameParts:
    """The parts of raw names."""
    rest, front = take_front(_cut_notes(fold_text(names)))
    rest, site = _cut_site(rest)
    rest, back = take_back(rest)
    core, inner = _cut_brackets(rest)
    form = pc.coalesce(front, back, inner)
    side = pc.if_else(pc.is_valid(front), "front", pc.if_else(pc.is_valid(form), "back", _NULL))
    return NameParts(blank_to_null(pc.utf8_trim_whitespace(core)), form, side, site)


def name_key(names: pa.Array | pa.ChunkedArray) -> pa.Array:
    """What two spellings of one company's name have in common; null for names of nothing but punctuation."""
    return blank_to_null(_key_folds()(split_name(names).core))


def legal_form(names: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Kind of the legal form in its full Japanese wording (株式会社), or the western short form (inc, ltd, gmbh)."""
    return split_name(names).form


def legal_form_side(names: pa.Array | pa.ChunkedArray) -> pa.Array:
    """'front' (前株) or 'back' (後株)."""
    return split_name(names).side


def name_site(names: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Branch, office or department that stood in the name."""
    return split_name(names).site


def romaji_key(names: pa.Array | pa.ChunkedArray) -> pa.Array:
    """The name as it sounds, in Latin letters, for kana, Latin and mixed names; null where a kanji occurs."""
    core = split_name(names).core
    readable = pc.if_else(has_unreadable(core), _NULL, core)
    latin = kana_to_romaji(pc.replace_substring(readable, "&", " and "))
    return fold_vowels(latin)
