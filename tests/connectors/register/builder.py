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
