"""Deal registrations (案件登録) that two resellers sent in, one row for each case a partner manager meets.

Belongs here: claims and when they reached us. Does not: what becomes of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from connectors.sandbox.world import sheets, words
from connectors.sandbox.world.clock import AS_OF, ago, hubspot_time, slashed
from connectors.sandbox.world.companies import Company
from connectors.sandbox.world.market import CUSTOMER, OPEN, Market
from connectors.sandbox.world.org import Document, people
from connectors.sandbox.world.places import SETOUCHI_TERRITORY
from connectors.sandbox.world.truth import Truth
from connectors.sandbox.world.writing import Clerk, Habits, Listing

HEADINGS = ("案件番号", "登録日", "会社名", "法人番号", "住所", "電話番号", "製品", "想定金額", "最終活動日", "状態", "担当者")
_HABITS = Habits(number=0.3, phone=0.7, address=0.85, kana=0.0, branch=0.0, sloppy=0.6)


@dataclass(frozen=True)
class Claim:
    company: Company
    case: str
    registered: int
    """Days before today."""
    active: int
    """Days since the partner last did something about it."""
    word: str = "進行中"
    name: str | None = None
    """As the partner wrote it, where the story depends on it."""


def _stories(market: Market) -> dict[str, list[Claim]]:
    """The claims that the demo is about."""
    known = market.named
    return {
        "musashi": [
            Claim(known["live"], "live", 34, 6),
            Claim(known["expiring"], "expiring", 85, 8),
            Claim(known["conflict"], "conflict", 40, 12, name="(株)高沢精密工業"),
            Claim(known["restricted"], "restricted", 6, 6, name="㈱クモソラ経費"),
            Claim(known["lapsed"], "lapsed", 150, 120),
        ],
        "setouchi": [
            Claim(known["conflict"], "conflict", 33, 9, name="株式会社　髙澤精密工業"),
            Claim(known["pending"], "pending", 1, 1, "申請中"),
            Claim(known["existing"], "existing_customer", 12, 10),
        ],
    }


def _claims(market: Market) -> dict[str, list[Claim]]:
    """The stories, ordinary live claims beside them, and a second conflict that only a look at the company shows."""
    rng, ours = market.rng("registrations"), market.ours()
    claims = _stories(market)
    named = {company.id for company in market.named.values()}
    taken: set[int] = set()
    for partner, number in (("musashi", 36), ("setouchi", 14)):
        pool = [
            id
            for id, status in market.partners[partner].items()
            if status == OPEN and ours.get(id) not in (CUSTOMER, OPEN) and id not in named and id not in taken
        ]
        picked = rng.sample(pool, min(len(pool), market.count(number, least=3)))
        taken.update(picked)
        claims[partner] += [Claim(market.companies[id], "live", rng.randint(9, 70), rng.randint(5, 8)) for id in picked]
    for at, claim in enumerate(claims["musashi"][5:], 5):
        if claim.company.city.prefecture in SETOUCHI_TERRITORY or at == len(claims["musashi"]) - 1:
            claims["musashi"][at] = Claim(claim.company, "conflict", 20, 5)
            claims["setouchi"].append(Claim(claim.company, "conflict", 18, 2))
            break
    return claims


def write_all(market: Market, truth: Truth, folder: Path) -> tuple[dict[str, int], list[Document]]:
    """Both files; gives the rows per file, and when each claim reached us (for a demo that starts with a past)."""
    claims = _claims(market)
    received: list[Document] = []
    counts = {}
    for partner, name in (("musashi", "musashi/案件登録_20261115.csv"), ("setouchi", "setouchi/案件登録.xlsx")):
        rng, clerk = market.rng(f"{partner}:registrations"), Clerk(market.rng(f"{partner}:registrations:clerk"), _HABITS)
        reps = [somebody.name for somebody in people(rng, 6)]
        rows = []
        for number, claim in enumerate(claims[partner], 1):
            native_id = f"{partner[0].upper()}D2026-{number:04d}"
            rows.append(_row(rng, clerk, claim, native_id, rng.choice(reps)))
            truth.registration(partner, number + 1, native_id, claim.company, claim.case)
            arrived = (AS_OF - timedelta(days=max(1, claim.registered - 1))).astimezone(UTC)
            received.append(
                {
                    "claim_id": f"{partner}/registrations:registration:{native_id}",
                    "partner": partner,
                    "received_at": hubspot_time(arrived),
                }
            )
        counts[name] = len(rows)
        if name.endswith(".csv"):
            sheets.write_csv(
                folder / name, [list(HEADINGS), *([_text(value) for value in row] for row in rows)], "cp932", quote_numbers=True
            )
        else:
            sheets.write_xlsx(folder / name, [list(HEADINGS), *rows], "案件登録")
        sheets.set_date(folder / name, ago(5 if name.endswith(".csv") else 1))
    return counts, received


def _row(rng: Random, clerk: Clerk, claim: Claim, native_id: str, rep: str) -> list[object]:
    listing: Listing = clerk.write(claim.company)
    if claim.name is not None:  # the stories need claims that can be told apart from bad luck in matching
        listing.name = claim.name
        listing.prefecture, listing.city, listing.street = (
            claim.company.city.prefecture,
            claim.company.city.name,
            clerk.street(claim.company),
        )
        listing.phone = "-".join(claim.company.phone)
    return [
        native_id,
        _midnight(ago(claim.registered)),
        listing.name,
        listing.number,
        listing.address,
        listing.phone,
        rng.choice(words.PRODUCTS),
        rng.randint(5, 90) * 100_000,
        _midnight(ago(claim.active)),
        claim.word,
        rep,
    ]


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return slashed(value.date())
    return f"{value:,}" if isinstance(value, int) else str(value)
