"""Reads EDINET's list of codes: names, English names, readings and addresses of those that file reports.

Belongs here: the list's own layout, in its Japanese and its English edition. Does not: comparing lists of several days.
The first line tells the day of the list, the second the headings.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from connectors.partner_files.headings import heading_key
from connectors.register.columns import Layout, bad_cells, read_rows, valid_numbers
from connectors.register.faults import BadRow, RegisterBatch, RegisterRefused

_COLUMNS = {1: "edinet_code", 2: "submitter", 7: "name", 8: "name_en", 9: "name_kana", 10: "address", 13: "corporate_number"}
# What a heading must hold, in either edition, for its column to be what we take it for.
_HEADINGS = {1: ("edinet",), 7: ("提出者名", "submittername"), 10: ("所在地", "province"), 13: ("法人番号", "corporatenumber")}
_WIDTH = 13
_DAY = re.compile(r"(\d{4})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})")
_KEPT = "内国法人"
"""Submitters that have a 法人番号, although a list may lack it; people and foreigners have none."""


@dataclass(frozen=True)
class EdinetBatch(RegisterBatch):
    """Rows of a list: ``row_number``, ``edinet_code``, ``submitter``, ``name``, ``name_en``, ``name_kana``, ``address``,
    ``corporate_number`` (null where the list lacks it). ``left_out``: submitters without a 法人番号, by what they are."""

    listed_on: date = date.min


def is_edinet(head: Sequence[str]) -> bool:
    """Whether a file that begins with these lines is such a list."""
    return any("edinet" in heading_key(line.split(",")[0]) for line in head[:2])


def read_edinet(path: Path) -> Iterator[EdinetBatch]:
    """All companies of a list, in a CSV or a ZIP. Raises ``RegisterRefused``, also where the day or the headings are not told."""
    listed_on = date.min

    def layout_of(head: Sequence[str]) -> Layout:
        nonlocal listed_on
        listed_on = _day(head[0] if head else "")
        _check_headings(head[1] if len(head) > 1 else "")
        return Layout(_COLUMNS, _WIDTH, header=2)

    for batch in read_rows(path, layout_of, _typed, several_lines=True):
        known = pc.is_valid(batch.table["corporate_number"])
        without = batch.table.filter(pc.invert(known))["submitter"].to_pylist()
        domestic = pc.fill_null(pc.starts_with(batch.table["submitter"], _KEPT), False)
        yield EdinetBatch(
            batch.table.filter(pc.or_(known, domestic)), batch.bad, Counter(text or "" for text in without), listed_on
        )


def _day(line: str) -> date:
    found = _DAY.search(line)
    with suppress(ValueError):
        if found is not None:
            return date(*(int(part) for part in found.groups()))
    raise RegisterRefused("register.edinet_without_day", line=line[:100])


def _check_headings(line: str) -> None:
    headings = [heading_key(heading) for heading in next(csv.reader([line]), [])]
    for position, words in _HEADINGS.items():
        found = headings[position - 1] if position <= len(headings) else ""
        if not any(word in found for word in words):
            raise RegisterRefused("register.edinet_heading", position=position, heading=words[0], found=found)


def _typed(table: pa.Table, bad: list[BadRow]) -> pa.Table:
    for column in _COLUMNS.values():
        trimmed = pc.utf8_trim_whitespace(table[column])
        table = table.set_column(table.column_names.index(column), column, pc.if_else(pc.equal(trimmed, ""), None, trimmed))
    stated = pc.is_valid(table["corporate_number"])
    wrong = pc.and_(stated, pc.invert(valid_numbers(table["corporate_number"])))
    bad += bad_cells(table, wrong, "corporate_number", "register.corporate_number_invalid")
    table = table.filter(pc.invert(wrong))
    for column in ("edinet_code", "name"):
        empty = pc.is_null(table[column])
        bad += bad_cells(table, empty, column, "register.empty_name" if column == "name" else "register.edinet_without_code")
        table = table.filter(pc.invert(empty))
    return table
