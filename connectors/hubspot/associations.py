"""Which companies contacts, deals, tasks and meetings belong to (associations v4).

Belongs here: batch reading of associations. Does not: changing them.
"""

from __future__ import annotations

from collections.abc import Sequence

from connectors.hubspot.partial import batch_read
from connectors.hubspot.session import HubspotSession

_INPUTS = 1_000


def company_ids(session: HubspotSession, object: str, ids: Sequence[str]) -> dict[str, list[str]]:
    """Record id -> ids of its companies, in HubSpot's order; a record without any may be absent. 1,000 records a call."""
    found: dict[str, list[str]] = {}
    pending = [{"id": id} for id in ids]
    path = f"/crm/v4/associations/{object}/companies/batch/read"
    while pending:
        batch, pending = pending[:_INPUTS], pending[_INPUTS:]
        # A record without associations counts as not found
        for result in batch_read(session, path, batch):
            id = str(result["from"]["id"])
            companies = found.setdefault(id, [])
            companies += [c for c in (str(to["toObjectId"]) for to in result["to"]) if c not in companies]
            after = ((result.get("paging") or {}).get("next") or {}).get("after")
            if after:  # more than HubSpot gives at once
                pending.append({"id": id, "after": after})
    return found
