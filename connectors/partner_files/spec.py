"""What a caller says about a partner's list, and what it gets back.

Belongs here: the value types and the canonical columns. Does not: any reading, and any knowledge
of where the rows go afterwards.
"""

from __future__ import annotations

import codecs
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

_COMPANY = (
    "native_id", "name", "name_kana", "name_en", "corporate_number", "website", "email", "phone",
    "postal_code", "prefecture", "address",
)  # fmt: skip
COLUMNS: dict[str, tuple[str, ...]] = {
    "accounts": (*_COMPANY, "industry", "employees", "status", "owner", "last_activity_on", "amount", "product", "note"),
    "registrations": (*_COMPANY, "product", "amount", "registered_on", "last_activity_on", "status", "owner", "note"),
    "introductions": (
        *_COMPANY, "direction", "status", "outcome", "requested_on", "accepted_on", "met_on", "closed_on", "amount", "product",
        "owner", "note",
    ),
}  # fmt: skip
"""Canonical columns by what a list contains; what a file says beyond them is kept in ``other``."""

VALUE_LENGTH = 200
"""Characters of an offending value that a rejection keeps."""


@dataclass(frozen=True)
class ListSpec:
    """How to read one list, as far as the file does not say it itself.

    ``columns`` maps a canonical column to the heading it has in the file, or to several headings whose
    cells are joined (an address in parts). ``delimiter`` is one character; ``header_row`` counts from 1.
    Raises ``ValueError`` for a column, content, encoding, delimiter or row that cannot be.
    """

    content: str = "accounts"
    columns: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    header_row: int | None = None

    def __post_init__(self) -> None:
        if self.content not in COLUMNS:
            raise ValueError(f"content is {self.content!r}; it can be: {', '.join(COLUMNS)}")
        if unknown := sorted(set(self.columns) - set(COLUMNS[self.content])):
            raise ValueError(f"unknown column {unknown[0]!r}; it can be: {', '.join(COLUMNS[self.content])}")
        if self.encoding is not None:
            _check_encoding(self.encoding)
        if self.delimiter is not None and len(self.delimiter) != 1:
            raise ValueError(f"delimiter is {self.delimiter!r}; it has to be one character")
        if self.header_row is not None and self.header_row < 1:
            raise ValueError("header_row counts from 1")


def _check_encoding(encoding: str) -> None:
    try:
        codecs.lookup(encoding)
    except LookupError:
        raise ValueError(f"unknown encoding {encoding!r}; usual ones: utf-8, cp932, euc_jp, utf-16") from None


@dataclass(frozen=True)
class Rejection:
    """One thing that was set aside. ``row`` is the sheet row, as a spreadsheet counts it; ``None``: the fault is the file's.

    ``reason`` is a key of the catalogue of texts and ``values`` fills its placeholders.
    """

    row: int | None
    column: str | None
    reason: str
    values: Mapping[str, object] = field(default_factory=dict)
    value: str | None = None
    whole_row: bool = True

    def __post_init__(self) -> None:
        if self.value is not None and len(self.value) > VALUE_LENGTH:
            object.__setattr__(self, "value", self.value[: VALUE_LENGTH - 1] + "…")


class ListRefused(Exception):
    """The file as a whole cannot be used; ``rejection`` says why, in the same words as a row's fault."""

    def __init__(self, reason: str, value: str | None = None, **values: object) -> None:
        super().__init__(f"{reason} {values}")
        self.rejection = Rejection(row=None, column=None, reason=reason, values=values, value=value)


@dataclass(frozen=True)
class ReadList:
    """A list that was read.

    ``rows``: ``row_number`` (int32, the sheet row), the canonical columns of the content (string or null,
    ``name`` never null) and ``other`` (JSON object text of unmapped columns, or null). ``headings`` are those
    found in the file, ``mapping`` says which of them became which canonical column.
    """

    rows: pa.Table
    rejections: tuple[Rejection, ...]
    encoding: str | None
    sheet: str | None
    headings: tuple[str, ...]
    mapping: Mapping[str, tuple[str, ...]]
