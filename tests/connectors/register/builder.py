"""Builds register files in the official layout of 30 columns, for tests."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable


def corporate_number(twelve: int) -> str:
    """A valid 法人番号 from its last twelve digits."""
    digits = f"{twelve:012d}"
    weighted = sum(int(digit) * (2 if index % 2 == 0 else 1) for index, digit in enumerate(digits))
    return f"{9 - weighted % 9}{digits}"


def entry(number: str, name: str, **values: str) -> list[str]:
    """One line of the layout; ``values`` by our own names."""
    row = [""] * 30
    row[1], row[6] = number, name
    defaults = {
        "process": "01", "update_date": "2026-10-01", "change_date": "2026-09-30", "kind": "301", "prefecture": "東京都",
        "city": "千代田区", "street": "丸の内１－１", "postal_code": "1000005", "latest": "1",
    }  # fmt: skip
    places = {
        "process": 2, "update_date": 4, "change_date": 5, "kind": 8, "prefecture": 9, "city": 10, "street": 11, "postal_code": 15,
        "close_date": 18, "close_cause": 19, "successor": 20, "latest": 23, "name_en": 24, "name_kana": 28,
    }  # fmt: skip
    for key, value in (defaults | values).items():
        row[places[key]] = value
    return row


def csv_text(rows: Iterable[list[str]]) -> str:
    """Rows numbered and quoted the way the publisher does."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for sequence, row in enumerate(rows, start=1):
        writer.writerow([sequence, *row[1:]])
    return text.getvalue()


_EDINET = (
    "ＥＤＩＮＥＴコード", "提出者種別", "上場区分", "連結の有無", "資本金", "決算日", "提出者名", "提出者名（英字）",
    "提出者名（ヨミ）", "所在地", "提出者業種", "証券コード", "提出者法人番号",
)  # fmt: skip
_EDINET_ENGLISH = (
    "EDINET Code", "Type of Submitter", "Listed company / Unlisted company", "Consolidated / NonConsolidated", "Capital stock",
    "account closing date", "Submitter Name", "Submitter Name（alphabetic）", "Submitter Name（phonetic）", "Province",
    "Submitter's industry", "Securities Identification Code", "Submitter's Japan Corporate Number",
)  # fmt: skip


def edinet_text(day: str, *companies: dict[str, str], english: bool = False) -> str:
    """A code list of EDINET; ``day`` as the list writes it, companies by our own names."""
    headings = ",".join(_EDINET_ENGLISH if english else _EDINET)
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for company in companies:
        values = {
            "edinet_code": "E00001",
            "submitter": "内国法人・組合",
            "name": "甲",
            "address": "千代田区丸の内１－１",
        } | company
        places = (
            "edinet_code",
            "submitter",
            "",
            "",
            "",
            "",
            "name",
            "name_en",
            "name_kana",
            "address",
            "",
            "",
            "corporate_number",
        )
        writer.writerow([values.get(place, "") for place in places])
    first = f"Date of download data creation,As Of {day},Number of data,{len(companies)}" if english else ""
    first = first or f"ダウンロード実行日,{day}現在,件数,{len(companies)}件"
    return f"{first}\r\n{headings}\r\n{text.getvalue()}"


def gbizinfo_text(*companies: dict[str, str], headings: tuple[str, ...] = ()) -> str:
    """A file of gBizINFO; companies by its own headings."""
    usual = (
        "法人番号", "法人名", "法人名ふりがな", "法人名英語", "郵便番号", "本社所在地", "ステータス", "登記記録の閉鎖等年月日",
        "事業概要", "企業ホームページ", "最終更新日",
    )  # fmt: skip
    text = io.StringIO()
    writer = csv.DictWriter(text, headings or usual, quoting=csv.QUOTE_ALL, lineterminator="\n", restval="", extrasaction="raise")
    writer.writeheader()
    writer.writerows(companies)
    return text.getvalue()
