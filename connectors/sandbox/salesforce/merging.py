"""What people do to whole records in Salesforce's pages: merge, undelete, convert a lead.

Belongs here: what becomes of the records. Does not: how a call asks for it (``partner_soap.py``; REST has none of these).
"""

from __future__ import annotations

from typing import Any

from connectors.sandbox.salesforce import errors
from connectors.sandbox.salesforce.errors import SalesforceError
from connectors.sandbox.salesforce.records import Records, Session
from connectors.sandbox.salesforce.schema import ObjectType

_MERGED = frozenset({"Account", "Contact", "Lead"})
_LOSERS = 2


def merge(records: Records, session: Session, type: ObjectType, master: str, losers: list[str], values: dict[str, Any]) -> None:
    """``values`` go into the master; losers go to the bin and say who took them in; their children move to the master."""
    if type.name not in _MERGED or not 0 < len(losers) <= _LOSERS:
        raise SalesforceError("INVALID_OPERATION", f"cannot merge {len(losers)} records into one {type.name}", fields=())
    with records.store.transaction():
        records.update(session, type, master, values)
        now = records.now()
        for loser in losers:
            doc = records.live(type, loser)
            for child, link in records.children(type.name):
                for id in records.store.ids(child, f"deleted = 0 AND json_extract(doc, '$.{link.name}') = ?", (loser,)):
                    records.put(session, child, id, {**(records.store.get(child, id) or {}), link.name: master}, now)
                    records.note(session, child, id, now, "merge", {link.name: (loser, master)})
            records.put(session, type.name, loser, {**doc, "MasterRecordId": master}, now, deleted=True)
            records.note(session, type.name, loser, now, "merge", {"MasterRecordId": (None, master)})


def undelete(records: Records, session: Session, type: ObjectType, id: str) -> None:
    """Back from the bin, alone: what was deleted with it is asked for by its own id. Raises UNDELETE_FAILED."""
    doc = records.store.get(type.name, id, deleted=True)
    if doc is None:
        raise errors.not_found()
    if records.store.get(type.name, id) is not None or doc.get("MasterRecordId"):
        raise SalesforceError("UNDELETE_FAILED", "Entity is not in the recycle bin", fields=())
    now = records.now()
    records.put(session, type.name, id, doc, now)
    records.note(session, type.name, id, now, "restore")


def convert(records: Records, session: Session, lead_id: str, wanted: dict[str, str]) -> dict[str, str]:
    """A lead becomes an account (or joins one), a contact and, unless ``doNotCreateOpportunity``, an opportunity; their ids."""
    types = records.schema.types
    lead = records.live(types["lead"], lead_id)
    if lead.get("IsConverted"):
        raise SalesforceError("CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead", fields=())
    with records.store.transaction():
        account = wanted.get("accountId") or records.create(session, types["account"], {"Name": lead["Company"]})
        named = {name: lead[name] for name in ("LastName", "FirstName", "Email", "Phone", "Title") if lead.get(name)}
        contact = wanted.get("contactId") or records.create(session, types["contact"], {**named, "AccountId": account})
        made = {"accountId": account, "contactId": contact}
        if wanted.get("doNotCreateOpportunity") != "true":
            day, stage = records.clock.now().date().isoformat(), types["opportunity"].fields["stagename"].values[0][0]
            deal = {"Name": wanted.get("opportunityName") or lead["Company"], "AccountId": account}
            made["opportunityId"] = records.create(session, types["opportunity"], {**deal, "StageName": stage, "CloseDate": day})
        now = records.now()
        became: dict[str, Any] = {f"Converted{key[0].upper()}{key[1:]}": id for key, id in made.items()}
        became |= {"IsConverted": True, "ConvertedDate": now[:10], "Status": wanted["convertedStatus"]}
        records.put(session, "Lead", lead_id, {**lead, **became}, now)
        records.note(session, "Lead", lead_id, now, "update", {name: (lead.get(name), value) for name, value in became.items()})
    return made
