"""Shares made by hand, for tests of what is made of a share."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from pipelines.sharing.share import Share, SharedRow

TOKYO = ZoneInfo("Asia/Tokyo")
AS_OF = datetime(2026, 11, 28, 17, 5, tzinfo=TOKYO)
ODD_NAMES = (
    '=HYPERLINK("http://example.com","x")',
    "+81 合同会社",
    "@SUM(1)",
    "-1+1株式会社",
    "＝全角イコール株式会社",
    "改行\n株式会社",
    "株式会社絵文字🚀👨‍👩‍👧",
    "公益財団法人日本国際地域産業技術振興研究開発協会西日本支部北九州事務所準備室連絡会",
    "_x0041_商店",
    '引用"符",カンマ工業',
    "\tタブ始まり\x07商事",
)
_COMPANY = {
    "corporate_number": "6180001000001",
    "prefecture": "愛知県",
    "city": "名古屋市中区",
    "industry": "製造業",
    "employees": 1234,
}


def row(list_name: str, number: int, name: str, rank: int | None = None, *, their_id: str, **values: Any) -> SharedRow:
    """A row whose key is made from the list and the number."""
    ranked = {"rank": rank} if list_name in ("whitespace", "introductions") else {}
    told = {**ranked, "their_id": their_id, "company_name": name, **values}
    return SharedRow(f"{list_name[:1]}{number:015x}", f"c_{number:016x}", f"p:account:{number}", name, told)


def share(names: tuple[str, ...] = ODD_NAMES, language: str = "ja", **changed: Any) -> Share:
    """Every list with a row for each name, and counts of every kind."""
    numbered = list(enumerate(names, 1))
    lists = {
        "whitespace": tuple(
            row(
                "whitespace", n, name, n, their_id=f"00{n:03}", **_COMPANY, partner_status="target", our_status="target",
                product_line="アオゾラ人事" if n % 2 else None, reason_key="whitespace.their_target",
                held_until=date(2027, 2, 18),
            )
            for n, name in numbered
        ),
        "no_approach": tuple(
            row(
                "no_approach", n, name, their_id=f"00{n:03}", **_COMPANY, product_line=None,
                reason_key="partner_reason.direct" if n % 2 else "partner_reason.not_available",
                valid_until=date(2027, 1, 31) if n % 2 else None,
            )
            for n, name in numbered
        ),
        "overlaps": tuple(
            row(
                "overlaps", n, name, their_id=f"00{n:03}; A-{n}", **_COMPANY, partner_status="customer",
                our_status="open_opportunity", cell=2, play_key="share.play.2", our_owner="岡田 達也",
                first_seen_on=date(2026, 4, 1),
            )
            for n, name in numbered
        ),
        "introductions": tuple(
            row(
                "introductions", n, name, None if n % 2 else n, their_id=f"I-{n}", kind="requested" if n % 2 else "proposed",
                direction="to_us" if n % 3 else "to_partner", status="met" if n % 2 else None, requested_on=date(2026, 10, 1),
                accepted_on=None, met_on=date(2026, 10, 20), closed_on=None, our_owner="児玉 大輔",
            )
            for n, name in numbered
        ),
        "registrations": tuple(
            row(
                "registrations", n, name, their_id=f"D-{n}", product="アオゾラ人事 一式", status="approved",
                received_on=date(2026, 11, 1), valid_until=date(2027, 1, 30),
            )
            for n, name in numbered
        ),
    }  # fmt: skip
    columns = {name: tuple(rows[0].values) if rows else ("their_id", "company_name") for name, rows in lists.items()}
    lists["summary"] = tuple(
        SharedRow(f"s{at}", None, None, None, {**pair, "companies": companies, "is_exact": exact, "counted_at": AS_OF})
        for at, (pair, companies, exact) in enumerate(
            (
                ({"our_status": "customer", "partner_status": "customer"}, 1234, True),
                ({"our_status": "customer", "partner_status": "target"}, 20, False),
                ({"our_status": "open_opportunity", "partner_status": "customer"}, 0, False),
                ({"our_status": "target", "partner_status": "customer"}, 0, True),
            )
        )
    )
    columns["summary"] = ("our_status", "partner_status", "companies", "is_exact", "counted_at")
    made = {
        "partner": "musashi", "partner_name": "武蔵システムズ株式会社", "our_name": "アオゾラソフト株式会社",
        "language": language, "policy_version": "0123456789ab", "minimum_count": 5, "as_of": AS_OF, "run_id": "run-1",
        "lists": lists, "columns": columns,
    }  # fmt: skip
    return Share(**{**made, **changed})
