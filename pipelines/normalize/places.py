"""Prefectures and municipalities as addresses write them.

Belongs here: finding them at the front of folded addresses, and which prefecture a municipality leaves no doubt of. Does
not: what stands behind them (``blocks.py``).
"""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.normalize.codepoints import CharacterClass, CharacterMap, Spans, span, write
from pipelines.normalize.prefectures import PREFECTURES, short_name
from pipelines.normalize.text import DATA, fold_text, folded
from pipelines.normalize.wordtable import WordTable

_BLANK = CharacterClass(" ")
_COUNTY = re.compile(r"^(?:[^市]{1,4}郡|三宅島|八丈島)(?=.+[町村]$)")
# Wards of Tokyo that are as likely a ward of another city, whose name was left out
_WARDS_ELSEWHERE = frozenset({"北区", "中央区", "港区"})
_CITY_END = CharacterClass("市区町村")
_NO_CITY = CharacterClass(" " + span("0", "9"))


@cache
def place_folds() -> CharacterMap:
    """ヶ, ケ and が, の, ノ and 之 are one in place names."""
    return CharacterMap({"ヶ": "ケ", "が": "ケ", "ガ": "ケ", "ッ": "ツ", "之": "ノ", "の": "ノ"})


def _lines(file_name: str) -> list[list[str]]:
    lines = (DATA / file_name).read_text(encoding="utf-8").splitlines()
    return [line.split() for line in lines if not line.startswith("#")]


def _municipalities() -> dict[str, set[tuple[str, str]]]:
    """Every way to write a municipality -> (prefecture, the municipality without its county) that may be meant."""
    known: dict[str, set[tuple[str, str]]] = {}

    def add(written: str, prefecture: str, name: str) -> None:
        short = _COUNTY.sub("", name)
        for spelling in (written, _COUNTY.sub("", written)):
            known.setdefault(spelling, set()).add((prefecture, short))

    wards: dict[str, list[tuple[str, str]]] = {}
    for prefecture, *names in _lines("municipalities.txt"):
        for name in names:
            add(name, prefecture, name)
            if ward := re.match(r"^(.+市)(.+区)$", name):
                add(ward[1], prefecture, ward[1])
                wards.setdefault(ward[2], []).append((prefecture, name))
            if county := _COUNTY.match(name):
                add(county[0][:-1] + "群" + name[county.end() :], prefecture, name)
    for ward_name, meant in wards.items():  # its city was left out, and no other has one of this name
        if len(meant) == 1 and ward_name not in known:
            known[ward_name] = set(meant)
    for prefecture, name, *former in _lines("former_municipalities.txt"):
        for written in former:
            add(written, prefecture, name)
    return known


@cache
def _cities() -> tuple[WordTable, pa.Array, np.ndarray]:
    """(the table of spellings; the folded name of each; the number of its prefecture, -1 where several have it)."""
    known = _municipalities()
    spelled = write(place_folds()(folded(pa.array(list(known))))).to_pylist()
    names = [sorted(meant)[0][1] for meant in known.values()]
    sure = {name: meant for name, meant in known.items() if len(meant) == 1 and name not in _WARDS_ELSEWHERE}
    prefectures = [PREFECTURES.index(next(iter(sure[name]))[0]) if name in sure else -1 for name in known]
    return WordTable(spelled), write(place_folds()(folded(pa.array(names)))), np.array([*prefectures, -1])


@cache
def _prefectures(short: bool) -> WordTable:
    names = [short_name(name) if short else name for name in PREFECTURES]
    return WordTable(fold_text(pa.array(names)).to_pylist())


def take_prefecture(texts: Spans) -> tuple[Spans, np.ndarray]:
    """(the texts behind their prefecture, its number in ``PREFECTURES`` or -1). Its 県 may be missing before a municipality."""
    which, end = _prefectures(False).find(texts)
    rest = Spans(texts.points, end, texts.stop).trimmed(_BLANK)
    rows = np.flatnonzero((which < 0) & (texts.start < texts.stop))
    number, end = _prefectures(True).find(texts.take(rows))
    behind = Spans(texts.points, end, texts.stop[rows]).trimmed(_BLANK)
    sure = (number >= 0) & (_cities()[0].find(behind)[0] >= 0)
    which[rows[sure]] = number[sure]
    return rest.put(rows[sure], behind.take(sure)), which


def take_city(texts: Spans) -> tuple[Spans, pa.Array, np.ndarray]:
    """(the texts behind their municipality, its folded name without its county, number of the only prefecture that has it
    or -1)."""
    table, names, prefectures = _cities()
    which, end = table.find(texts)
    rest = Spans(texts.points, end, texts.stop).trimmed(_BLANK)
    city = names.take(pa.array(which, mask=which < 0))
    rows = np.flatnonzero((which < 0) & (texts.start < texts.stop))
    if len(rows):
        name, behind = _any_city(texts.take(rows))
        city = pc.replace_with_mask(
            city,
            pa.array(which < 0),
            pc.replace_with_mask(city.filter(pa.array(which < 0)), pa.array((texts.start < texts.stop)[which < 0]), write(name)),
        )
        rest = rest.put(rows, behind.trimmed(_BLANK))
    return rest, city, prefectures[which]


def _any_city(texts: Spans) -> tuple[Spans, Spans]:
    """(what looks like a municipality without its county, what stands behind): municipalities of former days, wards that were
    renamed, and spellings that the list does not know."""
    points = texts.points
    border = _CITY_END(points) | _NO_CITY(points)
    county = Spans(points, texts.start, np.minimum(texts.start + 5, texts.stop)).first(points == ord("郡"))
    name_start = np.where((county > texts.start) & (county < texts.start + 5) & (county < texts.stop), county + 1, texts.start)
    end = Spans(points, name_start, texts.stop).first(border)
    found = (end < texts.stop) & (end > name_start) & (end <= name_start + 6) & _CITY_END(points[end])
    behind = np.where(found, end + 1, texts.start)
    ward = Spans(points, behind, texts.stop).first(border)
    with_ward = found & (points[end] == ord("市")) & (ward < texts.stop) & (ward <= behind + 3) & (points[ward] == ord("区"))
    behind = np.where(with_ward, ward + 1, behind)
    return Spans(points, np.where(found, name_start, behind), behind), Spans(points, behind, texts.stop)
