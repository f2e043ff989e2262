"""Reading Salesforce's records by id, or by an external id.

Belongs here: as many as one call holds. Does not: whole objects (``pull``), transport and faults (``session``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from connectors.batches import chunks
from connectors.salesforce.session import SalesforceSession

_IDS = 2_000
"""Rows of one answer at most."""
_QUERY_LENGTH = 8_000
"""Characters of SOQL in one address; Salesforce refuses addresses past 16,384 bytes, and quotes grow threefold in them."""


def read(
    session: SalesforceSession, object: str, ids: Sequence[str], fields: Sequence[str], external_id: str | None = None
) -> dict[str, dict[str, Any]]:
    """Records by id, 2,000 a call, or by an external id, as many as the length of an address lets be.

    Raises ``SchemaRefused`` for an unknown field.
    """
    names = list(dict.fromkeys([external_id or "Id", *fields]))
    records = _by_key(session, object, ids, names) if external_id else _by_id(session, object, ids, names)
    return {record[names[0]]: {name: record.get(name) for name in fields} for record in records}


def _by_id(session: SalesforceSession, object: str, ids: Sequence[str], names: list[str]) -> Iterator[dict[str, Any]]:
    """In place of a record that does not exist, or no more, there is a null."""
    for batch in chunks(dict.fromkeys(ids), _IDS, str):
        yield from filter(None, session.call("POST", f"composite/sobjects/{object}", body={"ids": batch, "fields": names}))


def _by_key(session: SalesforceSession, object: str, keys: Sequence[str], names: list[str]) -> Iterator[dict[str, Any]]:
    head = f"SELECT {', '.join(names)} FROM {object} WHERE {names[0]} IN ("
    for listed in _joined([f"'{quoted(key)}'" for key in dict.fromkeys(keys)], _QUERY_LENGTH - len(head)):
        yield from session.call("GET", "query", {"q": f"{head}{listed})"})["records"]


def _joined(parts: Sequence[str], length: int) -> Iterator[str]:
    """The parts joined by commas into texts of at most ``length`` characters, as UTF-8 in an address counts them."""
    texts: list[str] = []
    total = 0
    for part in parts:
        size = len(part.encode()) + 1
        if texts and (total + size > length or len(texts) == _IDS):
            yield ",".join(texts)
            texts, total = [], 0
        texts.append(part)
        total += size
    if texts:
        yield ",".join(texts)


def quoted(text: str) -> str:
    """The text for a place between quotes in SOQL."""
    return text.replace("\\", "\\\\").replace("'", "\\'")
