"""The single calls by which an object is read: pages of a list, pages of a search.

Belongs here: addresses, bodies, paging. Does not: which call comes when, cursors (``pull``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from connectors.batches import NEVER, parse_time
from connectors.hubspot.reading import read_batch
from connectors.hubspot.session import HubspotSession

LIST_ROWS, SEARCH_ROWS = 100, 200
_URL_LENGTH = 4_000
"""Characters of property names in one address; beyond, HubSpot may answer 414, so the names go in a body instead."""

Record = dict[str, Any]


def stamp_property(object: str) -> str:
    return "lastmodifieddate" if object == "contacts" else "hs_lastmodifieddate"


class Pages:
    """Calls for one object and the properties wanted of it."""

    def __init__(self, session: HubspotSession, object: str, names: Sequence[str]) -> None:
        self._session, self._object, self._names = session, object, list(names)
        self._stamp = stamp_property(object)

    def listed(self, after: str | None, archived: bool) -> tuple[list[Record], str | None]:
        """100 records in order of id, and where the next ones begin."""
        path, flag = f"/crm/v3/objects/{self._object}", "true" if archived else "false"
        params = {"limit": LIST_ROWS, "after": after, "archived": flag}
        names = ",".join(self._names)
        if len(names) <= _URL_LENGTH:
            answer = self._session.call("GET", path, {**params, "properties": names})
            return answer["results"], _next(answer)
        answer = self._session.call("GET", path, params)
        full = read_batch(self._session, self._object, [r["id"] for r in answer["results"]], self._names, archived=archived)
        # One that left between the two calls is met again: among the archived, in what it was merged into, or next time
        return [{**r, "properties": full[r["id"]]["properties"]} for r in answer["results"] if r["id"] in full], _next(answer)

    def changed(self, since: datetime, after: str | None) -> tuple[list[Record], str | None]:
        """The next 200 by id. Each page is a query of its own: past 10,000 results HubSpot pages no further."""
        beyond = [{"propertyName": "hs_object_id", "operator": "GT", "value": after}] if after else []
        answer = self._search([self._from(since), *beyond], "hs_object_id", "ASCENDING", SEARCH_ROWS)
        results = answer["results"]
        return results, results[-1]["id"] if _next(answer) is not None else None

    def newest_since(self, since: datetime) -> tuple[list[Record], int]:
        """The 200 changed last, the newest first, and how many there are in all."""
        answer = self._search([self._from(since)], self._stamp, "DESCENDING", SEARCH_ROWS)
        return answer["results"], int(answer["total"])

    def newest(self) -> tuple[datetime, int]:
        """The newest stamp there is, asked of the data, not of a clock: ours and HubSpot's may differ. And how many records."""
        answer = self._search([], self._stamp, "DESCENDING", 1)
        results = answer["results"]
        return (self.stamp_of(results[0]) if results else NEVER), int(answer["total"])

    def stamp_of(self, result: Mapping[str, Any]) -> datetime:
        """When a living record was last modified."""
        return parse_time((result.get("properties") or {}).get(self._stamp) or result["updatedAt"])

    def _from(self, since: datetime) -> dict[str, str]:
        return {"propertyName": self._stamp, "operator": "GTE", "value": millis(since)}

    def _search(self, filters: list[dict[str, str]], sort: str, direction: str, limit: int) -> dict[str, Any]:
        body = {
            "filterGroups": [{"filters": filters}] if filters else [],
            "sorts": [{"propertyName": sort, "direction": direction}],
            "properties": self._names,
            "limit": limit,
        }
        answer: dict[str, Any] = self._session.call("POST", f"/crm/v3/objects/{self._object}/search", body=body)
        return answer


def millis(at: datetime) -> str:
    """Search compares times as milliseconds since 1970."""
    return str(int(at.timestamp() * 1000))


def _next(answer: Mapping[str, Any]) -> str | None:
    return ((answer.get("paging") or {}).get("next") or {}).get("after")
