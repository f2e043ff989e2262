"""Manual lists: which there are, who is on them, and changing that.

Belongs here: lists by name. Does not: what the lists mean.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from connectors.batches import CallRefused, SchemaRefused, send_in_halves
from connectors.crm import CrmError, WriteResult
from connectors.hubspot.session import HubspotSession

T = TypeVar("T")
Change = tuple[str, bool]
"""A record's id, and whether it comes onto the list."""

COMPANY = "0-2"
_CHANGES = 10_000
"""HubSpot takes 100,000 a call; smaller calls are lost less of when one fails."""
_REFUSALS = 50
"""Calls refused, and none taken, after which it is the list that HubSpot refuses and not an id: halves down to each of 10,000 ids
would be 20,000 calls. One id costs up to 14."""
_FOUND = 500
_MEMBERS = 250


def find_list(session: HubspotSession, name: str) -> dict[str, Any] | None:
    """The list of exactly that name."""
    return next((found for found in _search(session, name) if found["name"] == name), None)


def create_list(session: HubspotSession, name: str, object_type: str = COMPANY) -> None:
    session.call("POST", "/crm/v3/lists/", body={"name": name, "objectTypeId": object_type, "processingType": "MANUAL"})


def _search(session: HubspotSession, query: str) -> Iterator[dict[str, Any]]:
    """Lists whose names have ``query`` in them somewhere, 500 a call."""
    offset = 0
    while True:
        body = {"query": query, "processingTypes": ["MANUAL"], "offset": offset, "count": _FOUND}
        answer = session.call("POST", "/crm/v3/lists/search", body=body)
        yield from answer["lists"]
        if not answer.get("hasMore"):
            return
        offset = answer["offset"]


class Lists:
    """The manual lists of one portal. A list's id, once found, is kept until HubSpot says that there is no such list."""

    def __init__(self, session: HubspotSession) -> None:
        self._session = session
        self._ids: dict[str, str] = {}

    def existing(self, prefix: str) -> dict[str, str]:
        """Lists whose names begin so: name -> id."""
        found = {str(each["name"]): str(each["listId"]) for each in _search(self._session, prefix)}
        named = {name: id for name, id in found.items() if name.startswith(prefix)}
        self._ids.update(named)
        return named

    def members(self, name: str) -> set[str]:
        """Record ids, 250 a call; empty where there is no such list."""
        return self._on(name, self._members) or set()

    def set_members(self, name: str, add: Sequence[str], remove: Sequence[str]) -> Iterator[WriteResult]:
        """One result per id of ``add``, then of ``remove``; an id that HubSpot refuses fails alone.

        Raises ``SchemaRefused`` where the list does not exist, ``CrmError`` where HubSpot refuses whatever is changed in it.
        """
        changes = [(id, True) for id in add] + [(id, False) for id in remove]
        for at in range(0, len(changes), _CHANGES):
            part = changes[at : at + _CHANGES]
            results = self._on(name, lambda id, part=part: self._change(name, id, part))  # type: ignore[misc]
            if results is None:
                raise SchemaRefused(f"HubSpot at {self._session.host} has no manual list {name!r}; run the provisioning.")
            yield from results

    def _on(self, name: str, act: Callable[[str], T]) -> T | None:
        """What ``act`` makes of the list's id; ``None`` where there is no such list."""
        if name in self._ids:
            try:
                return act(self._ids[name])
            except SchemaRefused:  # deleted since; a person may have made another of that name
                del self._ids[name]
        found = find_list(self._session, name)
        if found is None:
            return None
        self._ids[name] = str(found["listId"])
        return act(self._ids[name])

    def _members(self, list_id: str) -> set[str]:
        ids: set[str] = set()
        after = None
        while True:
            answer = self._session.call("GET", f"/crm/v3/lists/{list_id}/memberships", {"limit": _MEMBERS, "after": after})
            ids |= {str(member["recordId"] if isinstance(member, dict) else member) for member in answer["results"]}
            after = ((answer.get("paging") or {}).get("next") or {}).get("after")
            if after is None:
                return ids

    def _change(self, name: str, list_id: str, changes: Sequence[Change]) -> list[WriteResult]:
        refusals, taken = 0, False

        def send(part: Sequence[Change]) -> list[WriteResult]:
            nonlocal refusals, taken
            try:
                results = self._sent(list_id, part)
            except SchemaRefused:
                raise
            except CallRefused as refused:
                refusals += 1
                if refusals == _REFUSALS and not taken:
                    raise CrmError(f"{refused}; no change of the list {name!r} was taken, however small.") from None
                raise
            taken = True
            return results

        return send_in_halves(changes, send, lambda change: change[0])

    def _sent(self, list_id: str, changes: Sequence[Change]) -> list[WriteResult]:
        path = f"/crm/v3/lists/{list_id}/memberships/add-and-remove"
        body = {
            "recordIdsToAdd": [id for id, adds in changes if adds],
            "recordIdsToRemove": [id for id, adds in changes if not adds],
        }
        answer = self._session.call("PUT", path, body=body) or {}
        missing = {str(id) for id in answer.get("recordIdsMissing") or ()}
        return [
            WriteResult(id, False, code="OBJECT_NOT_FOUND", message="There is no such record in HubSpot.")
            if adds and id in missing
            else WriteResult(id, True, id=id)
            for id, adds in changes
        ]
