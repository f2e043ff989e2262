"""Prefectures, cities, postcodes and area codes: where the demo world's companies sit.

Belongs here: a coarse gazetteer (``places.txt``) that is right at the level of prefecture and city.
Does not: real streets; town names are drawn from names that occur all over Japan.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class City(NamedTuple):
    prefecture: str
    prefecture_code: str
    prefecture_english: str
    name: str
    code: str
    """Three digits, as in the register's column 15."""
    postal: str
    """First three digits of its postcodes."""
    area_code: str
    weight: float


def _cities() -> list[City]:
    """``places.txt``; a prefecture's weight is shared by its cities."""
    prefectures: list[tuple[list[str], list[list[str]]]] = []
    for line in (Path(__file__).parent / "places.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            prefectures.append((line.strip("[]").split(), []))
        elif not line.startswith("#"):
            prefectures[-1][1].append(line.split())
    return [
        City(prefecture, number, english, name, code, postal, area, float(weight) / len(cities))
        for (number, prefecture, english, weight), cities in prefectures
        for code, name, postal, area in cities
    ]


CITIES = _cities()
CITY_WEIGHTS = [city.weight for city in CITIES]

SETOUCHI_TERRITORY = frozenset(("岡山県", "広島県", "山口県", "香川県", "愛媛県", "徳島県", "高知県"))
