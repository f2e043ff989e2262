"""Which companies contacts, deals, tasks and meetings belong to (associations v4).

Belongs here: batch reading of associations. Does not: changing them.
"""

from __future__ import annotations

from collections.abc import Sequence

from connectors.hubspot.session import HubspotSession

_INPUTS = 1_000


def company_ids(session: HubspotSession, object: str, ids: Sequence[str]) -> dict[str, list[str]]:
    """Record id -> ids of its companies, in HubSpot's order; a record without any may be absent. 1,000 records a call."""
    found: dict[str, list[str]] = {}
    pending = [{"id": id} for id in ids]
    while pending:
        batch, pending = pending[:_INPUTS], pending[_INPUTS:]
        path = f"/crm/v4/associations/{object}/companies/batch/read"
        # An answer of 207 lists the records without associations among its errors; they are no fault.
        for result in session.call("POST", path, body={"inputs": batch})["results"]:
            id = str(result["from"]["id"])
            companies = found.setdefault(id, [])
            companies += [c for c in (str(to["toObjectId"]) for to in result["to"]) if c not in companies]
            after = ((result.get("paging") or {}).get("next") or {}).get("after")
            if after:  # more than 500 companies
                pending.append({"id": id, "after": after})
    return found
