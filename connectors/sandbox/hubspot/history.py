"""The history of a record's properties: which value, since when, from where.

Belongs here: keeping and showing it. Does not: changing values (``records.py``). What a world brings counts as imported.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from connectors.sandbox.hubspot.portal import Json, Token

_KEPT = 20
_FIELDS = ("value", "timestamp", "sourceType", "sourceId", "updatedByUserId")


def remember(doc: Json, old: Mapping[str, Any], names: Iterable[str], at: str, token: Token) -> None:
    """Note those of the properties that differ from ``old``; newest first."""
    source = (
        ("CRM_UI", f"userId:{token.user}", token.user_id) if token.app_id is None else ("INTEGRATION", str(token.app_id), None)
    )
    kept = doc.setdefault("history", {})
    for name in names:
        value = doc["properties"].get(name)
        if value != old.get(name):
            past = kept.get(name) or _imported(doc, old.get(name))
            kept[name] = [[value or "", at, *source], *past][:_KEPT]


def shown(doc: Json, asked: Collection[str], known: Collection[str]) -> Json:
    """``propertiesWithHistory`` of an answer; nothing for what never had a value."""
    answer: Json = {}
    for name in asked:
        entries = doc.get("history", {}).get(name) or _imported(doc, doc["properties"].get(name))
        if entries and name in known:
            pairs = (zip(_FIELDS, entry, strict=True) for entry in entries)
            answer[name] = [{key: value for key, value in pair if value is not None} for pair in pairs]
    return answer


def inherited(primary: Json, other: Json) -> Json:
    """The history of a record that two were merged into: each property's with the value that won."""
    owners = {name: doc for doc in (other, primary) for name in doc["properties"]}
    return {name: doc.get("history", {}).get(name) or _imported(doc, doc["properties"][name]) for name, doc in owners.items()}


def _imported(doc: Json, value: str | None) -> list[list[Any]]:
    return [] if value is None else [[value, doc["createdAt"], "IMPORT", None, None]]
