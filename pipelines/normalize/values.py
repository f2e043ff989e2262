"""Dates and amounts as people type them into Japanese spreadsheets."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

import pyarrow as pa

from pipelines.normalize.text import on_distinct

_ERAS = {"令和": 2018, "R": 2018, "平成": 1988, "H": 1988, "昭和": 1925, "S": 1925}
_ERA_DATE = re.compile(r"^(令和|平成|昭和|[RHS])\.?\s*(元|\d{1,2})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})日?")
_DATE = re.compile(r"^(\d{4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})(?:日|$|[\sT(].*)")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_SERIAL = re.compile(r"^(\d{5})(?:\.\d+)?$")
_EXCEL_EPOCH = date(1899, 12, 30)
_UNITS = {"": 1, "千": 10**3, "万": 10**4, "百万": 10**6, "千万": 10**7, "億": 10**8, "兆": 10**12}
_AMOUNT_PART = re.compile(r"(\d+(?:\.\d+)?)(百万|千万|[千万億兆])?")


def _date(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _parse_date(text: str) -> str | None:
    text = unicodedata.normalize("NFKC", text).strip().upper()
    if match := _DATE.match(text) or _COMPACT.match(text):
        return _date(*(int(part) for part in match.groups()[:3]))
    if match := _ERA_DATE.match(text):
        era, year, month, day = match.groups()
        return _date(_ERAS[era] + (1 if year == "元" else int(year)), int(month), int(day))
    # serials of 1982 to 2064: other five-digit numbers are no dates
    if (match := _SERIAL.match(text)) and 30000 <= int(match[1]) <= 60000:
        return (_EXCEL_EPOCH + timedelta(days=int(match[1]))).isoformat()
    return None


def _parse_amount(text: str) -> str | None:
    text = re.sub(r"[\s,\\¥_]|円.*$|JPY|^約", "", unicodedata.normalize("NFKC", text).strip())
    negative = bool(re.match(r"^[-−△▲(]", text))
    text = re.sub(r"^[-−△▲(]+|\)$", "", text)
    parts = _AMOUNT_PART.findall(text)
    if (
        not parts
        or "".join(number + unit for number, unit in parts) != text
        or (len(parts) > 1 and not all(unit for _, unit in parts[:-1]))
    ):
        return None
    try:
        total = sum((Decimal(number) * _UNITS[unit] for number, unit in parts), Decimal(0))
    except InvalidOperation:
        return None
    plain = format(total.normalize(), "f")
    return f"-{plain}" if negative and total else plain


def parse_date(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    """YYYY-MM-DD from western, Japanese-era and compact dates, timestamps and Excel serials; null for anything else."""
    return on_distinct(values, _parse_date)


def parse_amount(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Yen as plain number text from '1,200千円', '120万円', '¥1,200,000', '1億2,000万円', '△500'; null for anything else."""
    return on_distinct(values, _parse_amount)
