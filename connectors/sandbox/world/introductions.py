"""Introductions (紹介) that partners keep a list of: who asked whom, when, and what came of it.

Belongs here: the rows and their files. Does not: deal registrations (``registrations``).
"""

from __future__ import annotations

from pathlib import Path
from random import Random

from connectors.sandbox.world import sheets
from connectors.sandbox.world.clock import ago, slashed
from connectors.sandbox.world.companies import Company
from connectors.sandbox.world.market import CUSTOMER, OPEN, TARGET, Market
from connectors.sandbox.world.org import people
from connectors.sandbox.world.truth import Truth
from connectors.sandbox.world.writing import Clerk, Habits

HEADINGS = (
    "紹介番号",
    "会社名",
    "法人番号",
    "住所",
    "方向",
    "紹介状況",
    "依頼日",
    "承諾日",
    "面談日",
    "完了日",
    "金額",
    "担当者",
    "備考",
)
_HABITS = Habits(number=0.5, phone=0.0, address=0.9, kana=0.0, branch=0.0, sloppy=0.4)
_STEPS = {"依頼中": 1, "承諾": 2, "面談済": 3, "成約": 4, "辞退": 4}
_PARTNERS = {"mirai": ("mirai/紹介一覧.xlsx", 24), "musashi": ("musashi/紹介一覧_20261115.csv", 18)}


def write_all(market: Market, truth: Truth, folder: Path) -> dict[str, int]:
    """Each partner's list; gives the rows per file."""
    counts = {}
    for partner, (name, number) in _PARTNERS.items():
        rng, clerk = market.rng(f"{partner}:introductions"), Clerk(market.rng(f"{partner}:introductions:clerk"), _HABITS)
        reps = [somebody.name for somebody in people(rng, 5)]
        rows = []
        for at, (company, direction) in enumerate(_chosen(market, rng, partner, market.count(number, least=5))):
            rows.append(_row(rng, clerk, company, direction, f"{partner[0].upper()}I-{at + 1:03d}", rng.choice(reps)))
            truth.row(partner, "introductions", len(rows) + 1, company, None)
        counts[name] = len(rows)
        if name.endswith(".csv"):
            sheets.write_csv(folder / name, [list(HEADINGS), *([str(value) for value in row] for row in rows)], "cp932")
        else:
            sheets.write_xlsx(folder / name, [list(HEADINGS), *rows], "紹介一覧")
        sheets.set_date(folder / name, ago(3))
    return counts


def _chosen(market: Market, rng: Random, partner: str, number: int) -> list[tuple[Company, str]]:
    """Their customers that we target go to us; our customers that they target, or a third of the rest, go to them."""
    ours, theirs = market.ours(), market.partners[partner]
    named = {company.id for company in market.named.values()}
    to_us = [id for id, status in theirs.items() if status == CUSTOMER and ours.get(id) in (TARGET, OPEN) and id not in named]
    to_them = [id for id, status in theirs.items() if status in (TARGET, OPEN) and ours.get(id) == CUSTOMER and id not in named]
    picked = [(id, "当社への紹介") for id in rng.sample(to_us, min(len(to_us), number - number // 3))]
    picked += [(id, "貴社への紹介") for id in rng.sample(to_them, min(len(to_them), number // 3))]
    return [(market.companies[id], direction) for id, direction in picked]


def _row(rng: Random, clerk: Clerk, company: Company, direction: str, number: str, rep: str) -> list[object]:
    listing = clerk.write(company)
    word = rng.choices(list(_STEPS), weights=(3, 2, 3, 2, 2))[0]
    asked = rng.randint(20, 240)
    days = [asked, asked - 5, asked - 12, asked - 18]
    reached = _STEPS[word] if word != "辞退" else 1
    dates = [slashed(ago(day)) if at < reached else "" for at, day in enumerate(days)]
    if word in ("成約", "辞退"):
        dates[3] = slashed(ago(days[3]))
    amount = rng.randint(5, 50) * 100_000 if word == "成約" else ""
    # the partner's own words: 当社 is the partner, 貴社 is us
    told = "貴社への紹介" if direction == "当社への紹介" else "当社への紹介"
    return [number, listing.name, listing.number, listing.address, told, word, *dates, amount, rep, ""]
