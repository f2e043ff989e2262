"""Reads our own file of other names of companies: short names, trade names, former names that no official list tells.

Belongs here: its headings and the words for kinds of names. Does not: reading CSV and XLSX (``connectors.partner_files``),
dates, and finding the company that a name means.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path

import pyarrow as pa

from connectors.partner_files import ListRefused, cells
from connectors.partner_files.delimited import SheetRow, read_rows, sniff_delimiter
from connectors.partner_files.encoding import detect
from connectors.partner_files.headings import heading_key
from connectors.partner_files.workbook import choose_sheet, read_sheet
from connectors.register.faults import BadRow, RegisterBatch, RegisterRefused

KINDS: dict[str, tuple[str, ...]] = {
    "former": ("旧社名", "旧商号", "旧名", "旧名称", "旧称", "旧", "former name"),
    "kana": ("カナ", "かな", "フリガナ", "ふりがな", "ヨミ", "よみ", "読み", "読み仮名", "reading"),
    "english": ("英語名", "英語", "英文名", "英文", "英字", "英語社名", "英文社名", "english name"),
    "short": ("略称", "略名", "略", "短縮名", "abbreviation", "short name"),
    "trade": ("通称", "屋号", "ブランド", "ブランド名", "商標", "店名", "サービス名", "brand", "trade name"),
}
"""Kind of a name -> the words for it in a file; the kind itself is one too."""
_DEFAULT_KIND = "trade"
_HEADINGS: dict[str, tuple[str, ...]] = {
    "corporate_number": ("法人番号", "corporate number"),
    "name": ("会社名", "企業名", "法人名", "商号", "正式名称", "正式社名", "company name", "company", "name"),
    "alias": ("別名", "別名称", "別称", "呼称", "エイリアス", "alias", "other name"),
    "kind": ("種別", "種類", "区分", "別名の種別", "kind", "type"),
    "valid_from": ("開始日", "使用開始日", "から", "from", "valid from", "since"),
    "valid_until": ("終了日", "使用終了日", "まで", "until", "valid until", "to"),
}
_KEYS = {heading_key(heading): column for column, headings in _HEADINGS.items() for heading in (column, *headings)}
_KIND_KEYS = {heading_key(word): kind for kind, words in KINDS.items() for word in (kind, *words)}
_HEADER_WITHIN = 20
_COLUMNS = tuple(_HEADINGS)


def is_aliases(cells_of_a_row: Sequence[str]) -> bool:
    """Whether these are the headings of such a file."""
    return _score(cells_of_a_row)[0]


def read_aliases(path: Path) -> Iterator[RegisterBatch]:
    """All other names of a CSV or XLSX: ``row_number`` int64 (row of the sheet) and texts ``corporate_number``, ``name``,
    ``alias``, ``kind``, ``valid_from``, ``valid_until`` (as written); one batch. Raises ``RegisterRefused``."""
    bad: list[BadRow] = []
    kept: list[dict[str, object]] = []
    try:
        rows = _rows(path)
        top = list(islice(rows, _HEADER_WITHIN))
        place = max(range(len(top)), key=lambda index: (*_score(top[index].cells), -index), default=None)
        if place is None or not is_aliases(top[place].cells):
            raise RegisterRefused("register.aliases_heading")
        places = _places(top[place].cells)
        for row in chain(top[place + 1 :], rows):
            if (usable := _usable(row, places, bad)) is not None:
                kept.append(usable)
    except ListRefused as refused:
        raise RegisterRefused(refused.rejection.reason, **refused.rejection.values) from refused
    except OSError as error:
        raise RegisterRefused("register.unreadable_file", error=error.strerror or str(error)) from error
    schema = pa.schema([("row_number", pa.int64()), *((column, pa.string()) for column in _COLUMNS)])
    yield RegisterBatch(pa.Table.from_pylist(kept, schema), tuple(bad))


def _rows(path: Path) -> Iterator[SheetRow]:
    with path.open("rb") as file:
        head = file.read(4)
    if head == b"PK\x03\x04":
        return read_sheet(path, choose_sheet(path, None, _score).name)
    encoding = detect(path, lambda text: max((_score(line.split(","))[1] for line in text.splitlines()[:5]), default=0))
    if encoding is None:
        raise ListRefused("partners.unknown_encoding")
    return read_rows(path, encoding, sniff_delimiter(path, encoding, _score))


def _score(row: Sequence[str]) -> tuple[bool, int]:
    """Whether the row names an alias and a company, and how many headings it has."""
    found = set(_places(row))
    return "alias" in found and bool(found & {"corporate_number", "name"}), len(found)


def _places(row: Sequence[str]) -> dict[str, int]:
    """Our name -> index of its column; the first of several counts."""
    found: dict[str, int] = {}
    for index, heading in enumerate(row):
        if column := _KEYS.get(heading_key(heading)):
            found.setdefault(column, index)
    return found


def _usable(row: SheetRow, places: dict[str, int], bad: list[BadRow]) -> dict[str, object] | None:
    """The row's values, or ``None`` where it is empty or set aside."""
    if row.fault is not None:
        bad.append(BadRow(row.number, None, "register.broken_row", (row.value or "")[:200]))
        return None
    texts = {column: cells.clean(row.cells[index]) if index < len(row.cells) else "" for column, index in places.items()}
    if not any(texts.values()):
        return None
    number, fault = cells.corporate_number(texts.get("corporate_number", ""))
    named = bool(number or texts.get("name"))
    if fault is not None:
        reason = "register.corporate_number_invalid" if not named else "register.corporate_number_unused"
        bad.append(BadRow(row.number, "corporate_number", reason, texts["corporate_number"][:200], whole_row=not named))
    elif not named:
        bad.append(BadRow(row.number, None, "register.alias_without_company", texts["alias"][:200]))
    kind = _KIND_KEYS.get(heading_key(texts.get("kind", "")) or heading_key(_DEFAULT_KIND))
    if kind is None:
        words = "、".join(words[0] for words in KINDS.values())
        bad.append(BadRow(row.number, "kind", "register.alias_kind", texts["kind"][:200], values={"kinds": words}))
    if not texts["alias"]:
        bad.append(BadRow(row.number, "alias", "register.alias_empty", ""))
    if not named or kind is None or not texts["alias"]:
        return None
    values = {column: text or None for column, text in texts.items()}
    return {"row_number": row.number, **values, "corporate_number": number, "kind": kind}
