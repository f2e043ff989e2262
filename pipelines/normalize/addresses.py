"""Japanese addresses taken apart: prefecture, city, town, and the block in Arabic numerals. Not a geocoder: it knows no town
list."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.normalize.codepoints import CharacterMap
from pipelines.normalize.prefectures import CITY_PREFECTURES, PREFECTURES, TOKYO_WARDS, WARD_CITIES
from pipelines.normalize.text import blank_to_null, extract, fold_text, remember_last, replace

# Names in which 市, 町, 村 or 郡 occurs before their end: the general pattern would stop too early
_TRICKY = (
    "市川市|市原市|四日市市|廿日市市|野々市市|八日市場市|町田市|大町市|十日町市|東村山市|武蔵村山市|羽村市|村山市|村上市|田村市|大村市|郡山市|大和郡山市|郡上市|蒲郡市|"
    "小郡市|余市郡余市町|高市郡高取町|高市郡明日香村|佐波郡玉村町|杵島郡大町町|西村山郡.{1,4}町|東村山郡.{1,4}町|北村山郡.{1,4}町|田村郡.{1,4}町|町村"
)
_NUMERALS = "〇一二三四五六七八九"
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


def _kanji_number(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else _NUMERALS[tens]) + ("十" if tens else "") + (_NUMERALS[ones] if ones else "")


def _arabic_numerals(values: pa.Array) -> pa.Array:
    """六丁目 -> 6丁目, 北十五条 -> 北15条; other kanji numerals belong to place names (三条, 四日市)."""
    pattern = r"[一二三四五六七八九十][一二三四五六七八九十]*(?:丁目|番|号|条[東西南北通])"
    rows = np.flatnonzero(np.asarray(pc.fill_null(pc.match_substring_regex(values, pattern), False)))
    if not len(rows):
        return values
    some = values.take(pa.array(rows))
    for number in range(59, 0, -1):
        kanji = _kanji_number(number)
        for unit in ("丁目", "番", "号"):
            some = pc.replace_substring(some, kanji + unit, f"{number}{unit}")
        if number <= 40:
            for side in "東西南北":
                some = pc.replace_substring(some, f"{side}{kanji}条", f"{side}{number}条")
    mask = np.zeros(len(values), bool)
    mask[rows] = True
    return pc.replace_with_mask(values, pa.array(mask), some)


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
    known = CITY_PREFECTURES | {ward: "東京都" for ward in TOKYO_WARDS if ward not in ("中央区", "北区", "港区")}
    keys = fold_text(pa.array(list(known)))
    whole = replace(city, rf"^({'|'.join(fold_text(pa.array(WARD_CITIES)).to_pylist())}).*$", r"\1")
    return pa.array(list(known.values())).take(pc.index_in(whole, keys))


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
