"""What the files of a share consist of: sheets, columns, marks, known to who writes them and to who reads a returned workbook.

Belongs here: names, order, widths, and the words that a partner may answer with. Does not: how a value is told (``told.py``),
cells (``workbook.py``), or reading what came back (``returns/``).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Literal

from pipelines.sharing.share import LISTS, Share
from pipelines.texts import text

MARK = "partner share 1"
"""First cell of the hidden sheet: what makes a workbook one of ours, and the version of its form."""
HIDDEN = "_share"
"""Name of the hidden sheet. Its rows are ``hidden_rows``."""
SHEETS = tuple(name for name in LISTS if name != "summary")
"""Lists that are a CSV file and a sheet with a row per company; ``summary`` is a JSON file and a table of its own."""
OPEN_ENDED = 44
"""Width up to which a column of text grows; longer text is wrapped."""


@dataclass(frozen=True)
class Column:
    """A column of a list. ``name``: as in ``Share.columns``."""

    name: str
    kind: Literal["text", "integer", "date", "moment"] = "text"
    width: int | None = None
    """In half-width characters; ``None``: as wide as what stands in it, within limits."""


COLUMNS: dict[str, Column] = {
    column.name: column
    for column in (
        Column("rank", "integer", 8),
        Column("their_id"),
        Column("company_name"),
        Column("corporate_number", width=16),
        Column("prefecture", width=11),
        Column("city"),
        Column("industry"),
        Column("employees", "integer", 11),
        Column("partner_status", width=16),
        Column("our_status", width=16),
        Column("cell", "integer", 8),
        Column("play_key"),
        Column("product_line"),
        Column("reason_key"),
        Column("held_until", "date", 13),
        Column("valid_until", "date", 13),
        Column("our_owner", width=14),
        Column("first_seen_on", "date", 13),
        Column("kind", width=10),
        Column("direction", width=18),
        Column("product"),
        Column("status", width=16),
        Column("requested_on", "date", 13),
        Column("accepted_on", "date", 13),
        Column("met_on", "date", 13),
        Column("closed_on", "date", 13),
        Column("received_on", "date", 13),
        Column("as_of", "moment", 17),
        Column("row_key", width=9),
    )
}
"""Every column of the lists. ``as_of`` and ``row_key`` stand on every row, whatever the policy names."""

RETURN_LISTS = ("whitespace", "no_approach", "overlaps")
"""Sheets on which the partner answers row by row."""
CORRECTION, NEW_STATUS, COMMENT = "correction", "new_status", "comment"
RETURN_COLUMNS = (Column(CORRECTION, width=22), Column(NEW_STATUS, width=16), Column(COMMENT, width=30))
"""They stand behind the columns that tell something, before ``as_of`` and ``row_key``."""
CHOICES: dict[str, tuple[str, ...]] = {
    CORRECTION: ("not_same", "already_served", "not_wanted"),
    NEW_STATUS: ("customer", "open_opportunity", "target", "known"),
    "direction": ("to_us", "to_partner"),
}
"""What a drop-down offers, as codes; the last one is on the sheet of introduction requests."""

NEW_REGISTRATIONS, INTRODUCTION_REQUESTS = "new_registrations", "introduction_requests"
NEW_SHEETS: dict[str, tuple[Column, ...]] = {
    NEW_REGISTRATIONS: (
        Column("name", width=34), Column("corporate_number", width=18), Column("address", width=36), Column("phone", width=16),
        Column("website", width=24), Column("product", width=26), Column("amount", width=14), Column("registered_on", "date", 13),
        Column("owner", width=16), Column("native_id", width=18), Column("note", width=34),
    ),
    INTRODUCTION_REQUESTS: (
        Column("name", width=34), Column("corporate_number", width=18), Column("address", width=36),
        Column("direction", width=16), Column("product", width=26), Column("requested_on", "date", 13), Column("owner", width=16),
        Column("native_id", width=18), Column("note", width=34),
    ),
}  # fmt: skip
"""Sheet for new rows -> its columns, named as ``connectors.partner_files`` names them; it also knows their headings."""
NEW_CONTENT = {NEW_REGISTRATIONS: "registrations", INTRODUCTION_REQUESTS: "introductions"}
"""What such a sheet contains, in the words of ``ListSpec.content``."""
NEW_ROWS = 200


SUMMARY, NOTICE, MANIFEST = "summary.json", "notice.txt", "manifest.json"


def csv_name(name: str) -> str:
    """The file of that list."""
    return f"{name}.csv"


def workbook_name(partner: str) -> str:
    """The partner's workbook."""
    return f"{partner}.xlsx"


def file_names(partner: str) -> list[str]:
    """Every file that is ever ours in the partner's folder."""
    return [*map(csv_name, SHEETS), SUMMARY, workbook_name(partner), NOTICE, MANIFEST]


def columns_of(share: Share, name: str) -> list[Column]:
    """The columns of that list's file, from the left; those that the partner fills in are not among them."""
    return [COLUMNS[column] for column in (*share.columns[name], "as_of", "row_key")]


def sheet_title(name: str, language: str) -> str:
    """Title of the sheet: a list, a sheet for new rows, ``cover`` or ``summary``."""
    return text(f"share.sheet.{name}", language)


def heading(column: str, language: str) -> str:
    """Heading of a column of a list, also of one that is to be filled in."""
    return text(f"share.column.{column}", language)


def new_heading(sheet: str, column: str, language: str) -> str:
    """Heading of a column of a sheet for new rows."""
    return text(f"share.{sheet}.{column}", language)


def choices(column: str, language: str) -> dict[str, str]:
    """What the column's drop-down offers: word -> code."""
    return {text(f"share.choice.{column}.{code}", language): code for code in CHOICES[column]}


def hidden_rows(share: Share) -> list[tuple[str, str]]:
    """The rows of the hidden sheet: what was handed out, in which words, so that it is understood when those have changed."""
    language = share.language
    rows = [(MARK, share_id(share)), ("partner", share.partner), ("policy_version", share.policy_version)]
    rows += [("language", language), ("as_of", share.as_of.isoformat())]
    sheets = [*(name for name in SHEETS if name in share.columns), *NEW_SHEETS]
    rows += [(f"sheet.{name}", sheet_title(name, language)) for name in sheets]
    rows += [(f"column.{column.name}", heading(column.name, language)) for column in (*COLUMNS.values(), *RETURN_COLUMNS)]
    for sheet, columns in NEW_SHEETS.items():
        rows += [(f"new.{sheet}.{column.name}", new_heading(sheet, column.name, language)) for column in columns]
    for name in CHOICES:
        rows += [(f"choice.{name}.{code}", word) for word, code in choices(name, language).items()]
    return rows


def share_digest(share: Share) -> str:
    """SHA-256 of everything that goes out but its moments: the same digest, the same share."""
    said = {
        "form": MARK,
        "to": [share.partner, share.partner_name, share.our_name, share.language],
        "policy": [share.policy_version, share.minimum_count],
        "columns": share.columns,
        "lists": {name: [[row.row_key, _without_moments(row.values)] for row in rows] for name, rows in share.lists.items()},
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()


def share_id(share: Share) -> str:
    """Twelve hexadecimal digits that people can read out."""
    return share_digest(share)[:12]


def _without_moments(values: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if name != "counted_at"}
