"""Japanese addresses taken apart: prefecture, city, town, and the block in Arabic numerals. Not a geocoder: it knows no town
list."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.normalize.codepoints import CharacterMap
from pipelines.normalize.prefectures import CITY_PREFECTURES, PREFECTURES, TOKYO_WARDS, WARD_CITIES
from pipelines.normalize.text import blank_to_null, extract, fold_text, remember_last, replace, where_matching

# Names in which 市, 町, 村 or 郡 occurs before their end: the general pattern would stop too early
_TRICKY = (
    "市川市|市原市|四日市市|廿日市市|野々市市|八日市場市|町田市|大町市|十日町市|東村山市|武蔵村山市|羽村市|村山市|村上市|田村市|大村市|郡山市|大和郡山市|郡上市|蒲郡市|"
    "小郡市|余市郡余市町|高市郡高取町|高市郡明日香村|佐波郡玉村町|杵島郡大町町|西村山郡.{1,4}町|東村山郡.{1,4}町|北村山郡.{1,4}町|田村郡.{1,4}町|町村"
)
_NUMERALS = "〇一二三四五六七八九"
_DIGITS = "(?P<number>[二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_KANJI_NUMBER = re.compile(rf"(?P<before>[東西南北])?{_DIGITS}(?P<unit>丁目|番|号|条(?:[東西南北]|\d|$))")
_POSTCODE = r"^[\s〒]*(?:〒\s*\d{3}-?\d{4}|\d{3}-\d{4}|\d{7})?[\s:]*"


class AddressParts(NamedTuple):
    """Parts of an address, each an array of the length of the input."""

    prefecture: pa.Array
    city: pa.Array
    town: pa.Array
    block: pa.Array


@cache
def _place_folds() -> CharacterMap:
    return CharacterMap({"ヶ": "ケ", "が": "ケ", "ガ": "ケ", "ツ": "ツ", "ッ": "ツ", "之": "ノ", "の": "ノ"})


@cache
def _patterns() -> tuple[str, str]:
    prefecture = "|".join(fold_text(pa.array(PREFECTURES)).to_pylist())
    wards = "|".join(fold_text(pa.array(WARD_CITIES)).to_pylist())
    city = (
        rf"{_TRICKY}|(?:{wards})[^市区町村\d\s]{{1,4}}区|(?:{'|'.join(TOKYO_WARDS)})|[^\d市区郡\s]{{1,4}}郡[^\d\s市区]{{1,6}}?[町村]|"
        r"[^\d市\s]{1,6}市|[^\d区\s市]{1,4}区|[^\d町村\s市区]{1,6}[町村]"
    )
    return rf"^(?P<p>{prefecture})?\s*(?P<r>.*)$", rf"^(?P<c>{city})?\s*(?P<r>.*)$"


def _arabic(match: re.Match[str]) -> str:
    tens, ten, ones = match["number"].rpartition("十")
    value = (10 * (_NUMERALS.find(tens) if tens else 1) if ten else 0) + (_NUMERALS.find(ones) if ones else 0)
    return f"{match['before'] or ''}{value}{match['unit']}"


def _arabic_numerals(values: pa.Array) -> pa.Array:
    """六丁目 -> 6丁目, 北十五条 -> 北15条; other kanji numerals belong to place names (三条, 四日市)."""
    return where_matching(values, _KANJI_NUMBER.pattern, lambda text: _KANJI_NUMBER.sub(_arabic, text))


@remember_last
def split_address(addresses: pa.Array | pa.ChunkedArray) -> AddressParts:
    """The parts of full address texts; what cannot be read is null."""
    first, second = _patterns()
    folded = replace(fold_text(addresses), _POSTCODE, "")
    head = pc.extract_regex(folded, first)
    prefecture, rest = blank_to_null(pc.struct_field(head, "p")), pc.struct_field(head, "r")
    middle = pc.extract_regex(rest, second)
    city, rest = blank_to_null(pc.struct_field(middle, "c")), pc.struct_field(middle, "r")
    # 八頭郡智頭町 and 智頭町 are one place
    city = _place_folds()(replace(city, r"^[^市]{1,4}郡(.+[町村])$", r"\1"))
    prefecture = pc.coalesce(_official(prefecture), _prefecture_of(city))
    town, block = _town_and_block(rest)
    return AddressParts(prefecture, city, town, block)


@cache
def _official_names() -> tuple[pa.Array, pa.Array]:
    return fold_text(pa.array(PREFECTURES)), pa.array(PREFECTURES)


def _official(folded: pa.Array) -> pa.Array:
    keys, names = _official_names()
    return names.take(pc.index_in(folded, keys))


def _prefecture_of(city: pa.Array) -> pa.Array:
    keys, prefectures = _known_cities()
    # 横浜市港北区 is looked up as 横浜市; 区 alone is a ward of Tokyo
    return prefectures.take(pc.index_in(replace(city, r"^(.+市).+区$", r"\1"), keys))


@cache
def _known_cities() -> tuple[pa.Array, pa.Array]:
    other_cities_have_them_too = ("中央区", "北区", "港区")
    known = CITY_PREFECTURES | {ward: "東京都" for ward in TOKYO_WARDS if ward not in other_cities_have_them_too}
    return fold_text(pa.array(list(known))), pa.array(list(known.values()))


def _town_and_block(rest: pa.Array) -> tuple[pa.Array, pa.Array]:
    rest = replace(_arabic_numerals(rest), r"^(?:大字|小字|字)", "")
    for joint in (r"\s*(?:丁目|番地|番|号|地割)\s*[のー\-]?\s*", r"\s*[のー\-]\s*"):
        for _ in range(2):  # a middle number belongs to two joints, and a pattern sees it once
            rest = replace(rest, rf"(\d){joint}(\d)", r"\1-\2")
    town = extract(rest, r"^(?P<x>[東西南北]\d+条[東西南北]?|[^\d]+)")
    town = replace(replace(town, r"[\s\-,、]+.*$", ""), r"(?:大字|小字|字)", "")
    block = extract(rest, r"^(?:[東西南北]\d+条[東西南北]?)?[^\d]*(?P<x>\d+(?:-\d+){0,2})")
    return blank_to_null(_place_folds()(town)), block


def address_prefecture(addresses: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Prefecture in its official wording (東京都), from the text or from a city that leaves no doubt."""
    return split_address(addresses).prefecture


def address_city(addresses: pa.Array | pa.ChunkedArray) -> pa.Array:
    """City, ward or town (横浜市港北区, 港区, 智頭町), without its 郡, folded."""
    return split_address(addresses).city


def address_town(addresses: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Town without 大字 and 字 and without numbers (新横浜), folded."""
    return split_address(addresses).town


def address_block(addresses: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Numbers of 丁目, 番 and 号 as 1-4-1; rooms and floors do not count."""
    return split_address(addresses).block
