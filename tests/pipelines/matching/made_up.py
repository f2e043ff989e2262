"""Made-up companies, and records of them as several lists would write them: a world of any size, the same for the same seed.

Belongs here: names, addresses, noise. Does not: anything that asserts.
"""

from __future__ import annotations

from random import Random
from typing import Any

_FAMILIES = (
    "青木", "白石", "桜田", "北川", "東山", "南条", "西尾", "大和",
    "富岡", "髙橋", "三国", "千歳", "八雲", "若松", "長浜", "斎藤",
)  # fmt: skip
_TRADES = (
    "精機", "物産", "建設", "運輸", "化学", "電子", "食品", "印刷",
    "倉庫", "製薬", "鉄工", "繊維", "通商", "測量", "塗装", "硝子",
)  # fmt: skip
_AREAS = ("", "東洋", "日本", "第一")
_PLACES = ("東京都港区芝", "東京都江東区豊洲", "大阪府大阪市北区梅田", "福岡県福岡市中央区天神", "愛知県名古屋市中区栄")
_WRITINGS = ("株式会社{}", "㈱{}", "{}株式会社", "{}(株)", "{}", "株式会社{}　大阪支店", "（株）{}御中")
PARTIES = ("us", "musashi", "setouchi")

Row = dict[str, Any]


def names(count: int, lot: Random) -> list[str]:
    """Different names without a legal form; some differ by a word."""
    known = [area + family + trade for area in _AREAS for family in _FAMILIES for trade in _TRADES]
    return lot.sample(known, count)


def corporate_number(root: int) -> str:
    """A valid one: twelve digits behind their check digit."""
    digits = f"{root:012d}"
    total = sum(int(digit) * (1 if at % 2 == 0 else 2) for at, digit in enumerate(reversed(digits)))
    return f"{9 - total % 9}{digits}"


def companies(count: int, lot: Random) -> list[Row]:
    """Companies as their register would have them: number, name, address; and phone and web."""
    return [
        {
            "number": corporate_number(10_000_000_000 + at),
            "name": f"株式会社{name}",
            "bare": name,
            "address": f"{lot.choice(_PLACES)}{lot.randint(1, 5)}-{lot.randint(1, 9)}-{lot.randint(1, 9)}",
            "phone": f"03-5555-{1000 + at}",
            "web": f"c{at}.co.jp",
        }
        for at, name in enumerate(names(count, lot))
    ]


def entry(company: Row) -> Row:
    """The company's entry of the register."""
    return {column: company[column] for column in ("number", "name", "address")}


def record(company: Row, record_id: str, party: str, lot: Random) -> Row:
    """The company as a list may write it."""
    name = company["bare"]
    if lot.random() < 0.15:
        at = lot.randrange(len(name))
        name = name[:at] + lot.choice(["", "一", "田"]) + name[at + 1 :]
    written: Row = {"record_id": record_id, "party": party, "name": lot.choice(_WRITINGS).format(name)}
    for column, share in (("address", 0.7), ("phone", 0.4), ("web", 0.3), ("number", 0.1)):
        if lot.random() < share:
            written[column] = company[column]
    return written


def records(made: list[Row], count: int, lot: Random) -> dict[str, Row]:
    """So many records of these companies on the lists of all parties, by id."""
    ids = [f"{PARTIES[at % len(PARTIES)]}/list:{at:05d}" for at in range(count)]
    return {id: record(lot.choice(made), id, id.split("/")[0], lot) for id in ids}
