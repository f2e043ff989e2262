"""Reading HubSpot records by id: as they are now, typed as in a pull.

Belongs here: batches, and what became of rows that an answer leaves out. Does not: reading a whole object (``pull``), which
companies a record belongs to (``associations``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from connectors.hubspot.associations import company_ids
from connectors.hubspot.partial import batch_read
from connectors.hubspot.properties import COMPANY, Properties, value_of
from connectors.hubspot.session import HubspotSession

_ROWS = 100


def read(
    session: HubspotSession,
    properties: Properties,
    object: str,
    ids: Sequence[str],
    fields: Sequence[str],
    external_id: str | None = None,
) -> dict[str, dict[str, Any]]:
    """Records by id, 100 a call, values typed as in a pull; fields that do not exist are null, as HubSpot has it."""
    wanted = list(dict.fromkeys(ids))
    names = [name for name in fields if name != COMPANY]
    known = properties.known(object, names)
    native: dict[str, str] = {}
    found: dict[str, dict[str, Any]] = {}
    for at in range(0, len(wanted), _ROWS):
        batch = wanted[at : at + _ROWS]
        for id, record in read_batch(session, object, batch, names, id_property=external_id).items():
            values = record["properties"]
            native[id] = str(record["id"])
            found[id] = {name: value_of(values.get(name), known.get(name, pa.string())) for name in names}
    if COMPANY in fields:
        linked = company_ids(session, object, list(native.values()))
        for id, record in found.items():
            record[COMPANY] = next(iter(linked.get(native[id], ())), None)
    return found


def read_batch(
    session: HubspotSession,
    object: str,
    ids: Sequence[str],
    names: Sequence[str],
    archived: bool = False,
    id_property: str | None = None,
    history: Sequence[str] = (),
) -> dict[str, dict[str, Any]]:
    """At most 100 records as HubSpot gives them, 50 where the ``history`` of properties is asked for.

    An id that was merged away is absent, not its winner. Raises ``CrmUnavailable`` where a record that is there cannot be read.
    """
    body: dict[str, Any] = {"propertiesWithHistory": list(history)}
    body["properties"] = list(dict.fromkeys([*names, *([id_property] if id_property else [])]))
    if id_property:
        body["idProperty"] = id_property
    params = {"archived": "true"} if archived else None
    results = batch_read(session, f"/crm/v3/objects/{object}/batch/read", [{"id": id} for id in ids], params, body)
    asked = set(ids)
    keyed = {str(r["properties"].get(id_property) if id_property else r["id"]): r for r in results}
    return {key: record for key, record in keyed.items() if key in asked}
