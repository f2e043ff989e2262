"""Rows that no CRM could be sent: each fails alone, before it is sent, instead of taking its batch along.

Belongs here: what is wrong with a row for both CRMs. Does not: what one CRM refuses, which it says itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from connectors.batches import plain
from connectors.crm import Row, WriteResult


def key_of(row: Row, key_field: str) -> str:
    """What names the row's record, as text; empty where the row does not say."""
    key = row.get(key_field)
    return "" if key is None else str(plain(key))


def unfit(rows: Sequence[Row], key_field: str) -> dict[int, WriteResult]:
    """Place in ``rows`` -> why the row there cannot be sent: it names no record, or holds half of a character.

    A lone surrogate (half of an emoji that something cut in two) has no place in UTF-8, and so in no request.
    """
    faults: dict[int, WriteResult] = {}
    for place, row in enumerate(rows):
        key = key_of(row, key_field)
        if not key.strip():
            faults[place] = WriteResult(key, False, code="MISSING_ID", message=f"The row has no {key_field}.")
        elif broken := [name for name, value in row.items() if isinstance(value, str) and not _is_text(value)]:
            message = f"{', '.join(sorted(broken))}: the text holds half of a character (a lone surrogate), which cannot be sent."
            faults[place] = WriteResult(key, False, code="INVALID_TEXT", message=message)
    return faults


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
