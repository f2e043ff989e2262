"""Waiting for a job of Bulk API 2.0, ingest or query, to end.

Belongs here: the end, how often it is looked for and for how long. Does not: what a job does, and what its end means
(``bulk``, ``bulk_query``).
"""

from __future__ import annotations

import time
from typing import Any

from connectors.crm import CrmUnavailable
from connectors.retry import pause
from connectors.salesforce.session import SalesforceSession

COMPLETE = "JobComplete"
ENDED = frozenset({COMPLETE, "Failed", "Aborted"})
PATIENCE = 3600.0
"""Seconds that a job may take. Salesforce takes a minute or so; a crowded queue can take much longer."""
_PAUSES = (0.25, 15.0)
"""Seconds before the first look, three times as long before each further one, up to the last: each look is a call."""


def ended(session: SalesforceSession, address: str, then: str = "") -> dict[str, Any]:
    """The job at that address (``jobs/<kind>/<id>``) once it has ended, in whichever of ``ENDED``.

    Raises ``CrmUnavailable`` after ``PATIENCE``, in words that end with ``then``: what becomes of the job.
    """
    begun, (wait, longest) = time.monotonic(), _PAUSES
    while True:
        pause(wait)
        job: dict[str, Any] = session.call("GET", address)
        if job["state"] in ENDED:
            return job
        if time.monotonic() - begun > PATIENCE:
            minutes = f"{PATIENCE / 60:.0f} minutes"
            raise CrmUnavailable(f"Salesforce at {session.host} has not finished job {job['id']} in {minutes}{then}.")
        wait = min(3 * wait, longest)
