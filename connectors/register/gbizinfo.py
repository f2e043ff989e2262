"""Reads gBizINFO's file of basic information: readings, English names and websites by 法人番号.

Belongs here: its headings, of which files of different years have different ones. Does not: the many columns that are not
about who a company is; they are passed over.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from connectors.partner_files.headings import heading_key
from connectors.register.columns import Layout, keep_named, make_date, read_rows
from connectors.register.faults import BadRow, RegisterBatch, RegisterRefused

_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "corporate_number": ("法人番号", "corporate_number"),
    "name": ("法人名", "商号または名称", "商号又は名称", "name"),
    "name_kana": ("法人名ふりがな", "法人名カナ", "法人名フリガナ", "kana"),
    "name_en": ("法人名英語", "法人名（英語）", "name_en"),
    "postal_code": ("郵便番号", "postal_code"),
    "address": ("本社所在地", "本店所在地", "登記住所", "location"),
    "close_date": ("登記記録の閉鎖等年月日", "close_date"),
    "website": ("企業ホームページ", "企業ホームページURL", "company_url"),
    "updated_on": ("最終更新日", "update_date"),
}
_KEYS = {heading_key(heading): column for column, headings in _HEADINGS.items() for heading in headings}
_NEEDED = ("corporate_number", "name")
_TELLING = {"name_kana", "name_en", "address", "website"}
"""One of these columns beside number and name makes a file one of gBizINFO's."""


def is_gbizinfo(head: Sequence[str]) -> bool:
    """Whether a file that begins with these lines is one of gBizINFO's."""
    found = set(_places(head[0] if head else "").values())
    return found.issuperset(_NEEDED) and bool(found & _TELLING)


def read_gbizinfo(path: Path) -> Iterator[RegisterBatch]:
    """All companies of a CSV or ZIP: ``row_number`` int64, ``close_date`` and ``updated_on`` date32, and texts
    ``corporate_number``, ``name``, ``name_kana``, ``name_en``, ``postal_code``, ``address``, ``website``; null where the file
    has no such column. Raises ``RegisterRefused``."""
    return read_rows(path, _layout, _typed, several_lines=True)


def _places(line: str) -> dict[int, str]:
    """Position from 1 -> our name; the first of several headings of one meaning counts."""
    found: dict[str, int] = {}
    for position, heading in enumerate(next(csv.reader([line.rstrip("\r")]), []), start=1):
        if column := _KEYS.get(heading_key(heading)):
            found.setdefault(column, position)
    return {position: column for column, position in found.items()}


def _layout(head: Sequence[str]) -> Layout:
    line = head[0] if head else ""
    places = _places(line)
    for column in _NEEDED:
        if column not in places.values():
            raise RegisterRefused("register.gbizinfo_heading", heading=_HEADINGS[column][0])
    return Layout(places, width=len(next(csv.reader([line]))), header=1)


def _typed(table: pa.Table, bad: list[BadRow]) -> pa.Table:
    for column in _HEADINGS:
        if column not in table.column_names:
            table = table.append_column(column, pa.nulls(table.num_rows, pa.string()))
    table = keep_named(table, bad)
    for column in ("close_date", "updated_on"):
        table = make_date(table, column, bad)
    return table
