"""The official files as companies: name, kana, English name and a split address.

Belongs here: reading and joining the files. Does not: any noise, any choice of who is in a set.
"""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from zlib import crc32

from benchmarks.matching_sets.words import words
from connectors.register.reader import read_register

_PERSONS = "個人"
_CITY = re.compile(
    r"(?P<city>(?:四日市|廿日市|野々市|市川|市原|大和郡山|郡山|蒲郡|小郡|東村山|武蔵村山|羽村|村山|村上|町田|大町|十日町|田村|大村|四街道)市"
    r"|[^市区町村郡\d]{1,5}市[^市区町村\d]{1,4}区|[^市区郡\d]{1,5}市|[^市区町村郡\d]{1,4}区|[^市区郡\d]{1,4}郡[^市区\d]{1,6}?[町村]|[^市区郡\d]{1,5}?[町村])"
)
_PREFECTURE = re.compile("|".join(sorted(set(words("bureau_prefectures")))))
# The second and third digit of a 法人番号 are those of the legal affairs bureau where the company was registered first
_BUREAUS = {f"{number:02}": pref for number, pref in enumerate(words("bureau_prefectures"), 1)}


_TOKYO_WARDS = frozenset(words("tokyo_wards"))
_LEFT = ("東京都", "大阪府", "愛知県")


@dataclass(frozen=True, slots=True)
class Company:
    """One company as a master holds it. ``id`` is its 法人番号 (13 digits), or the EDINET code where there is none."""

    id: str
    name: str
    kana: str = ""
    name_en: str = ""
    pref: str = ""
    city: str = ""
    street: str = ""
    post: str = ""
    listed: bool = False


def split(address: str) -> tuple[str, str, str]:
    """Prefecture (empty where it is not written), city and the rest of an address."""
    pref = found[0] if (found := _PREFECTURE.match(address)) else ""
    rest = address[len(pref) :].lstrip()
    city = found["city"] if (found := _CITY.match(rest)) else ""
    if city.endswith("区") and "市" not in city:
        pref, city = ("東京都", city) if city in _TOKYO_WARDS else (pref, "")
    return pref, city, rest[len(city) :]


def made_postcode(pref: str, city: str, street: str) -> str:
    """Seven digits that places share as they share real ones: three by city, four by town. No file at hand tells the real one."""
    town = re.split(r"[\d０-９]", street, maxsplit=1)[0][:6]
    return f"{100 + crc32((pref + city).encode()) % 890}{crc32((city + town).encode()) % 10_000:04}"


def read_open_companies(path: Path) -> list[Company]:
    """Open companies of a file of the national register (CSV or ZIP)."""
    companies = []
    for batch in read_register(path):
        for row in batch.table.to_pylist():
            if row["close_date"] is None and row["latest"] != "0":
                companies.append(
                    Company(
                        row["corporate_number"],
                        row["name"],
                        row["name_kana"] or "",
                        row["name_en"] or "",
                        row["prefecture"] or "",
                        row["city"] or "",
                        row["street"] or "",
                        row["postal_code"] or "",
                    )
                )
    return companies


def read_edinet(path: Path) -> dict[str, Company]:
    """Companies of an EDINET code list, by EDINET code; persons are left out. Most addresses name no prefecture: it is found."""
    with path.open(encoding="cp932", newline="") as file:
        next(file)  # the line with the date
        rows = [row for row in csv.DictReader(file) if not row["提出者種別"].startswith(_PERSONS)]
    places = [split(row["所在地"]) for row in rows]
    prefectures = _prefectures(
        (city, pref or _BUREAUS.get(row["提出者法人番号"][1:3], "")) for row, (pref, city, _) in zip(rows, places, strict=True)
    )
    companies = {}
    for row, (pref, city, street) in zip(rows, places, strict=True):
        if not (pref := pref or prefectures.get(_without_ward(city), "")):
            city, street = "", row["所在地"]
        companies[row["ＥＤＩＮＥＴコード"]] = Company(
            row["提出者法人番号"] or row["ＥＤＩＮＥＴコード"],
            row["提出者名"],
            row["提出者名（ヨミ）"],
            row["提出者名（英字）"].strip("- "),
            pref,
            city,
            street,
            made_postcode(pref, city, street) if pref else "",
            row["上場区分"] == "上場",
        )
    return companies


def list_date(path: Path) -> date:
    """The day of an EDINET code list, as its first line tells."""
    with path.open(encoding="cp932") as file:
        year, month, day = map(int, re.findall(r"\d+", next(file))[:3])
    return date(year, month, day)


def _prefectures(seen: Iterable[tuple[str, str]]) -> dict[str, str]:
    """City without its ward to the prefecture where most of its companies were registered first; unsure ones are left out."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for city, pref in seen:
        if city and pref:
            counts[_without_ward(city)][pref] += 1
    # one number alone of a big city's bureau may be that of a company which moved away from there
    return {
        city: pref for city, counter in counts.items() for pref, votes in counter.most_common(1) if votes > 1 or pref not in _LEFT
    }


def _without_ward(city: str) -> str:
    return re.sub(r"(?<=市).+区$", "", city)


def known_companies(registers: Iterable[Path], edinet: Path) -> list[Company]:
    """All companies of the files, one per id; what only one of the files tells is filled in from it."""
    companies = {company.id: company for company in read_edinet(edinet).values()}
    for path in registers:
        for company in read_open_companies(path):
            other = companies.get(company.id)
            companies[company.id] = (
                replace(company, kana=company.kana or other.kana, name_en=company.name_en or other.name_en, listed=other.listed)
                if other
                else company
            )
    return list(companies.values())
