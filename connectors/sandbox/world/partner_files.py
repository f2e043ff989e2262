"""The lists that partners send as files, with the habits of the people who keep them.

Belongs here: what stands in each partner's list. Does not: file formats (``sheets``), deal registrations
(``registrations``), how names are written (``writing``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from random import Random

from connectors.sandbox.world import sheets
from connectors.sandbox.world.clock import ago, slashed, wareki
from connectors.sandbox.world.companies import Company
from connectors.sandbox.world.market import CUSTOMER, KNOWN, OPEN, TARGET, Market
from connectors.sandbox.world.org import people
from connectors.sandbox.world.script import wide
from connectors.sandbox.world.truth import Truth
from connectors.sandbox.world.writing import PARTNER, Clerk, Habits, Listing

MUSASHI_WORDS = {CUSTOMER: "取引中", OPEN: "商談中", TARGET: "見込", KNOWN: "休眠"}
SETOUCHI_WORDS = {CUSTOMER: "既存顧客", OPEN: "提案中", TARGET: "ターゲット", KNOWN: "失注"}
TASOGARE_WORDS = {CUSTOMER: "顧客", OPEN: "交渉中", TARGET: "候補", KNOWN: "解約"}
MUSASHI_HEADINGS = (
    "取引先コード",
    "取引先名",
    "フリガナ",
    "法人番号",
    "郵便番号",
    "住所",
    "電話番号",
    "ホームページ",
    "業種",
    "取引状況",
    "担当者",
    "最終訪問日",
    "年間取引額",
    "備考",
    "",
    "",
)
SETOUCHI_HEADINGS = (
    "顧客番号",
    "会社名",
    "カナ",
    "都道府県",
    "住所",
    "TEL",
    "HP",
    "ステータス",
    "担当営業",
    "最終商談日",
    "備考",
)
TASOGARE_HEADINGS = ("ID", "企業名", "所在地", "TEL", "URL", "ステータス", "営業担当", "最終訪問日")
MIRAI_HEADINGS = ("社名", "Website", "法人番号", "業種")
AKEBONO_HEADINGS = ("会社名", "所在地", "電話番号", "業種")
_AKEBONO = Habits(identified=0.9, number=0.0, website=0.0, phone=0.6, address=0.9, kana=0.0, branch=0.0, sloppy=0.4)
_MIRAI = Habits(identified=0.9, number=0.7, website=0.9, phone=0.0, address=0.0, kana=0.0, branch=0.0, sloppy=0.5)
_TASOGARE = Habits(identified=0.5, number=0.0, website=0.4, phone=0.6, address=0.6, kana=0.0, branch=0.06, sloppy=1.4)
_SETOUCHI = Habits(identified=0.58, number=0.0, website=0.5, phone=0.65, address=0.6, kana=0.5, branch=0.05)


@dataclass(frozen=True)
class Entry:
    """A row to be: the company, what the partner says of it, how its clerk wrote it. ``bad`` as in ``Truth.row``."""

    listing: Listing
    status: str
    bad: str | None = None


def entries(market: Market, partner: str, habits: Habits, faults: tuple[str, ...] = ()) -> Iterator[Entry]:
    """A partner's companies in its clerk's writing; some twice. The first rows that can bear them get the ``faults``."""
    rng, clerk = market.rng(f"{partner}:list"), Clerk(market.rng(f"{partner}:clerk"), habits)
    waiting = list(faults)
    named = {company.id for company in market.named.values()}
    for id, status in market.partners[partner].items():
        company = market.companies[id]
        listing = clerk.write(company)
        bad = None
        if waiting and id not in named and company.number and rng.random() < 0.05 / market.scale * 0.2:
            bad = waiting.pop()
        yield Entry(listing, status, bad)
        if bad is None and rng.random() < 0.04:
            yield Entry(clerk.write(company), KNOWN if status == KNOWN else TARGET)


def wrong_number(company: Company) -> str:
    """The company's 法人番号 with a check digit that does not fit."""
    number = company.number or "7000012050002"
    return str(int(number[0]) % 9 + 1) + number[1:]


def write_all(market: Market, truth: Truth, folder: Path) -> dict[str, int]:
    """Every partner's list; gives the rows per file, header and blank rows aside."""
    return {
        "musashi/取引先一覧_20261115.csv": _musashi(market, truth, folder / "musashi/取引先一覧_20261115.csv"),
        "setouchi/顧客リスト.xlsx": _setouchi(market, truth, folder / "setouchi/顧客リスト.xlsx"),
        "mirai/portfolio.csv": _mirai(market, truth, folder / "mirai/portfolio.csv"),
        "tasogare/customers.csv": _tasogare(market, truth, folder / "tasogare/customers.csv"),
        "akebono/顧問先一覧.csv": _akebono(market, truth, folder / "akebono/顧問先一覧.csv"),
    }


def _musashi(market: Market, truth: Truth, path: Path) -> int:
    """CP932 out of Excel: apostrophes before numbers, thousands separators, 和暦, empty columns and rows at the end."""
    rng = market.rng("musashi:file")
    reps = [somebody.name for somebody in people(rng, 24)]
    faults = ("name", "corporate_number", "name", "corporate_number", "formula_name", "note", "corporate_number", "scientific")
    rows: list[list[str]] = []
    for at, entry in enumerate(entries(market, "musashi", PARTNER, faults)):
        listing, company = entry.listing, entry.listing.company
        number = f"'{listing.number}" if listing.number and rng.random() < 0.5 else listing.number
        phone = f"'{listing.phone}" if listing.phone.isdigit() else listing.phone
        word = "" if entry.status == TARGET and rng.random() < 0.04 else MUSASHI_WORDS[entry.status]
        amount = _amount(rng, rng.randint(3, 900) * 10_000) if entry.status == CUSTOMER and rng.random() < 0.7 else ""
        row = [
            f"M{100001 + 7 * at}",
            listing.name,
            listing.kana,
            number,
            listing.postal,
            listing.address,
            phone,
            listing.website,
            company.industry if rng.random() < 0.5 else "",
            word,
            rng.choice(reps),
            _date(rng, ago(rng.randint(6, 900))),
            amount,
            rng.choice(("", "", "", "", "要フォロー", "年度末に再訪", "紹介元：商工会")),
            "",
            "",
        ]
        rows.append(_spoil_musashi(row, entry))
        _tell(truth, "musashi", len(rows) + 1, entry)
    sheets.write_csv(
        path, [list(MUSASHI_HEADINGS), *rows, *([""] * len(MUSASHI_HEADINGS) for _ in range(6))], "cp932", quote_numbers=True
    )
    sheets.set_date(path, ago(5))
    return len(rows)


def _spoil_musashi(row: list[str], entry: Entry) -> list[str]:
    if entry.bad == "name":
        row[1] = ""
    elif entry.bad == "formula_name":
        row[1] = f'=HYPERLINK("http://www.example.com/","{entry.listing.name}")'
    elif entry.bad == "corporate_number":
        row[3] = wrong_number(entry.listing.company)
    elif entry.bad == "scientific":
        row[3] = f"{int(entry.listing.company.number or 0):.2E}"
    elif entry.bad == "note":
        row[13] = "=SUM(A1:A10)"
    return row


def _tell(truth: Truth, partner: str, row_number: int, entry: Entry) -> None:
    """What the truth says of a row: without a usable name it stands for nobody."""
    unusable = entry.bad in ("name", "formula_name")
    bad = {"formula_name": "name", "scientific": "corporate_number"}.get(entry.bad or "", entry.bad)
    truth.row(
        partner, "accounts", row_number, None if unusable else entry.listing.company, None if unusable else entry.status, bad
    )


def _amount(rng: Random, yen: int) -> str:
    style = rng.random()
    if style < 0.75:
        return f"{yen:,}"
    return f"￥{yen:,}" if style < 0.85 else f"{yen // 1000:,}千円" if style < 0.95 else f"{yen // 10000}万円"


def _date(rng: Random, day: date) -> str:
    style = rng.choices(range(6), weights=(55, 15, 10, 10, 5, 5))[0]
    return (slashed(day), wareki(day), wareki(day, short=True), day.isoformat(), day.strftime("%Y%m%d"), wide(slashed(day)))[
        style
    ]


def _setouchi(market: Market, truth: Truth, path: Path) -> int:
    """XLSX with a title above the header, merged section rows and blank rows between, real dates."""
    rng = market.rng("setouchi:file")
    reps = [somebody.name for somebody in people(rng, 9)]
    rows: list[list[object]] = [["顧客リスト（2026年11月現在）"], [], list(SETOUCHI_HEADINGS)]
    merged = [1]
    count = 0
    for at, entry in enumerate(entries(market, "setouchi", _SETOUCHI, ("name", "note"))):
        if at % 220 == 30:
            rows += [[], [f"■ {('岡山', '広島', '高松', '松山', '山口')[at // 220 % 5]}支店担当"]]
            merged.append(len(rows))
            truth.row("setouchi", "accounts", len(rows), None, None, "section")
        listing = entry.listing
        visited = ago(rng.randint(11, 800))
        rows.append(
            [
                20001 + at,
                listing.name if entry.bad != "name" else None,
                listing.kana,
                listing.prefecture,
                listing.city + listing.street,
                listing.phone,
                listing.website,
                SETOUCHI_WORDS[entry.status],
                rng.choice(reps),
                datetime(visited.year, visited.month, visited.day),
                "=1+1" if entry.bad == "note" else rng.choice(("", "", "", "次回訪問予定", "県内大手")),
            ]
        )
        _tell(truth, "setouchi", len(rows), entry)
        count += 1
    sheets.write_xlsx(path, rows, "顧客リスト", merged, len(SETOUCHI_HEADINGS))
    sheets.set_date(path, ago(10))
    return count


def _mirai(market: Market, truth: Truth, path: Path) -> int:
    """UTF-8 with BOM, no status column: every company of the portfolio is the investor's customer."""
    rows = []
    for entry in entries(market, "mirai", _MIRAI, ("corporate_number",)):
        listing = entry.listing
        number = wrong_number(listing.company) if entry.bad else listing.number
        rows.append([listing.name, listing.website, number, listing.company.industry])
        truth.row("mirai", "portfolio", len(rows) + 1, listing.company, CUSTOMER, entry.bad)
    sheets.write_csv(path, [list(MIRAI_HEADINGS), *rows], "utf-8-sig")
    sheets.set_date(path, ago(50))
    return len(rows)


def _tasogare(market: Market, truth: Truth, path: Path) -> int:
    """UTF-8 with semicolons; nobody has touched the file for a year."""
    rng = market.rng("tasogare:file")
    reps = [somebody.name for somebody in people(rng, 4)]
    rows = []
    for at, entry in enumerate(entries(market, "tasogare", _TASOGARE, ("name",))):
        listing = entry.listing
        name = "" if entry.bad == "name" else listing.name
        visited = ago(rng.randint(375, 1500)).isoformat()
        rows.append(
            [
                f"T{at + 1:05d}",
                name,
                listing.address,
                listing.phone,
                listing.website,
                TASOGARE_WORDS[entry.status],
                rng.choice(reps),
                visited,
            ]
        )
        _tell(truth, "tasogare", len(rows) + 1, entry)
    sheets.write_csv(path, [list(TASOGARE_HEADINGS), *rows], "utf-8", delimiter=";")
    sheets.set_date(path, ago(371))
    return len(rows)


def _akebono(market: Market, truth: Truth, path: Path) -> int:
    """The clients of a tax accountant who is not a partner yet: the list came with the first talk."""
    rows = []
    for entry in entries(market, "akebono", _AKEBONO):
        listing = entry.listing
        rows.append([listing.name, listing.address, listing.phone, listing.company.industry])
        truth.row("akebono", "clients", len(rows) + 1, listing.company, CUSTOMER, entry.bad)
    sheets.write_csv(path, [list(AKEBONO_HEADINGS), *rows], "utf-8-sig")
    sheets.set_date(path, ago(3))
    return len(rows)
