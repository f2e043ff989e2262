"""Batches that HubSpot answers in part (207): what is not there, against what could not be read just now.

Belongs here: telling the two apart, and asking again. Does not: what is read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from connectors.crm import CrmUnavailable
from connectors.hubspot.session import HubspotSession
from connectors.retry import pause

_ATTEMPTS = 4


def batch_read(
    session: HubspotSession,
    path: str,
    inputs: Sequence[Mapping[str, Any]],
    params: Mapping[str, Any] | None = None,
    body: Mapping[str, Any] | None = None,
) -> list[dict[str, Any]]:
    """The results for these inputs, each with an ``id``; those that HubSpot says are not there are left out.

    Any other error says nothing about its row: taking it for an empty answer would lose what is there. Such rows are asked for
    again, and then it is ``CrmUnavailable``.
    """
    results: list[dict[str, Any]] = []
    pending = list(inputs)
    for attempt in range(1, _ATTEMPTS + 1):
        if not pending:
            return results
        answer = session.call("POST", path, params, {**(body or {}), "inputs": pending})
        results += answer["results"]
        faults = [error for error in answer.get("errors") or () if error.get("category") != "OBJECT_NOT_FOUND"]
        if not faults:
            return results
        named = {id for error in faults for id in _ids(error.get("context") or {})}
        pending = [each for each in pending if each["id"] in named] or pending
        pause(attempt)
    message = " ".join(str(faults[0].get("message") or faults[0].get("category")).split())
    raise CrmUnavailable(
        f"HubSpot at {session.host} could not read {len(pending)} records of a batch ({message}); try again later."
    )


def _ids(context: Mapping[str, Any]) -> list[str]:
    return [str(id) for name in ("ids", "id", "fromObjectId") for id in context.get(name) or ()]
