"""Which present values our own app set, by the history that HubSpot keeps of each property.

Belongs here: reading that history. Does not: deciding what a person's value is worth.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from connectors.batches import chunks, parse_time
from connectors.hubspot.reading import read_batch
from connectors.hubspot.session import HubspotSession

_ROWS = 50
"""HubSpot gives histories of so many records a call."""
_APPS = ("INTEGRATION", "API")


def written_by_us(
    session: HubspotSession, us: Mapping[str, Any], object: str, fields: Mapping[str, Sequence[str]]
) -> set[tuple[str, str]]:
    """(record id, property) of those whose newest history entry is ours; ``us``: what HubSpot says of our token."""
    found: set[tuple[str, str]] = set()
    for ids in chunks(fields, _ROWS, str):
        names = list(dict.fromkeys(name for id in ids for name in fields[id]))
        for id, record in read_batch(session, object, ids, [], history=names).items():
            past = record.get("propertiesWithHistory") or {}
            found |= {(id, name) for name in fields[id] if past.get(name) and _is_ours(_newest(past[name]), us)}
    return found


def _newest(entries: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    return max(entries, key=lambda entry: parse_time(entry["timestamp"]))


def _is_ours(entry: Mapping[str, Any], us: Mapping[str, Any]) -> bool:
    """By the app's id, which HubSpot names as the source. The user alone says nothing: the app's maker is a person who also works
    in HubSpot; only where an app's entry names no app does the user decide."""
    if entry.get("sourceType") not in _APPS:
        return False
    if entry.get("sourceId"):
        return str(entry["sourceId"]) == str(us.get("appId"))
    return str(entry.get("updatedByUserId")) == str(us.get("userId"))
