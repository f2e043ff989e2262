"""Manual lists: who is on them, and changing that.

Belongs here: lists by name. Does not: what the lists mean.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from connectors.batches import SchemaRefused
from connectors.crm import WriteResult
from connectors.hubspot.session import HubspotSession

COMPANY = "0-2"
_CHANGES = 10_000
"""HubSpot takes 100,000 a call; smaller calls are lost less of when one fails."""


def find_list(session: HubspotSession, name: str) -> dict[str, Any] | None:
    """The list of exactly that name; HubSpot's own search finds parts of names too."""
    offset = 0
    while True:
        body = {"query": name, "processingTypes": ["MANUAL"], "offset": offset, "count": 100}
        answer = session.call("POST", "/crm/v3/lists/search", body=body)
        for found in answer["lists"]:
            if found["name"] == name:
                return found
        if not answer.get("hasMore"):
            return None
        offset = answer["offset"]


def create_list(session: HubspotSession, name: str, object_type: str = COMPANY) -> None:
    session.call("POST", "/crm/v3/lists/", body={"name": name, "objectTypeId": object_type, "processingType": "MANUAL"})


def members(session: HubspotSession, name: str) -> set[str]:
    """Record ids, 250 a call; empty where there is no such list."""
    found = find_list(session, name)
    if found is None:
        return set()
    ids: set[str] = set()
    after = None
    while True:
        answer = session.call("GET", f"/crm/v3/lists/{found['listId']}/memberships", {"limit": 250, "after": after})
        ids |= {str(member["recordId"] if isinstance(member, dict) else member) for member in answer["results"]}
        after = ((answer.get("paging") or {}).get("next") or {}).get("after")
        if after is None:
            return ids


def set_members(session: HubspotSession, name: str, add: Sequence[str], remove: Sequence[str]) -> Iterator[WriteResult]:
    """One result per id of ``add``, then of ``remove``. Raises ``SchemaRefused`` where the list does not exist."""
    found = find_list(session, name)
    if found is None:
        raise SchemaRefused(f"HubSpot at {session.host} has no manual list {name!r}; run the provisioning.")
    path = f"/crm/v3/lists/{found['listId']}/memberships/add-and-remove"
    changes = [(id, True) for id in add] + [(id, False) for id in remove]
    for at in range(0, len(changes), _CHANGES):
        part = changes[at : at + _CHANGES]
        body = {"recordIdsToAdd": [i for i, adds in part if adds], "recordIdsToRemove": [i for i, adds in part if not adds]}
        answer = session.call("PUT", path, body=body) or {}
        missing = {str(id) for id in answer.get("recordIdsMissing") or ()}
        for id, adds in part:
            if adds and id in missing:
                yield WriteResult(id, False, code="OBJECT_NOT_FOUND", message="There is no such record in HubSpot.")
            else:
                yield WriteResult(id, True, id=id)
