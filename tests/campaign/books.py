"""What must hold once faults have stopped: the warehouse is the CRM, each wanted change was made once, people's edits stand.

Belongs here: comparing the warehouse and the audit trail with the CRM's own store. Does not: making anything happen (``days``).
Each function tells what is wrong; nothing is as it should be.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from typing import Any

from connectors.hubspot.properties import ASSOCIATED
from tests.campaign.vendor import Vendor
from tests.pipelines.writeback.everything import _OWNED, CHILD, LIST, _plain
from tests.pipelines.writeback.test_people import lost

TABLES = {
    ("sales", "Account"): "salesforce_account",
    ("sales", "Opportunity"): "salesforce_opportunity",
    ("sales", "Contact"): "salesforce_contact",
    ("marketing", "companies"): "hubspot_companies",
    ("marketing", "deals"): "hubspot_deals",
    ("marketing", "contacts"): "hubspot_contacts",
}


def unlike_the_crm(vendor: Vendor) -> list[str]:
    """Every record, field by field; every deletion; every merger and its winner."""
    found = []
    for (connection, object), table in TABLES.items():
        query = f"""
            SELECT id, payload::VARCHAR, _deleted, _merged_into FROM raw.{table} WHERE connection = ?
            QUALIFY row_number() OVER (PARTITION BY id ORDER BY _synced_at DESC, modified_at DESC NULLS LAST) = 1
        """
        held = {id: rest for id, *rest in vendor.desk.con.execute(query, [connection]).fetchall()}
        there, heirs = _in_the_crm(vendor, connection, object)
        found += [f"{object} {id} was never pulled" for id in sorted(there.keys() - held.keys())]
        for id, (payload, deleted, into) in sorted(held.items()):
            if deleted or into:
                found += [f"{object} {id} is said to be gone"] if id in there else []
                if heirs.get(id) != _last(heirs, into):
                    found.append(f"{object} {id} went into {heirs.get(id)}, not {into}")
            elif id not in there:
                found.append(f"{object} {id} is gone, and nobody says so")
            else:
                told = json.loads(payload)
                different = {n: (v, there[id].get(n)) for n, v in told.items() if not _same(n, v, there[id].get(n))}
                found += [f"{object} {id}: {different}"] if different else []
    return found


def _in_the_crm(vendor: Vendor, connection: str, object: str) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    """Id -> fields of what is there, and id -> winner of what was merged away."""
    store = vendor.desk.orgs[connection].store
    rows = [(doc, gone) for _, doc, _, gone in store.select(object)]
    if connection == "sales":
        heirs = {doc["Id"]: doc["MasterRecordId"] for doc, gone in rows if gone and doc.get("MasterRecordId")}
        there = {doc["Id"]: {**doc, "IsDeleted": False} for doc, gone in rows if not gone}
    else:
        heirs = {str(int(key)): doc["into"] for key, doc, _, _ in store.select(f"merged:{object}")}
        there = {doc["id"]: {**doc["properties"], "id": doc["id"]} for doc, gone in rows if not gone}
    return there, {id: str(_last(heirs, into)) for id, into in heirs.items()}


def _last(heirs: dict[str, str], id: str | None) -> str | None:
    """Whoever took it in may have been taken in itself."""
    while id in heirs:
        id = heirs[id]
    return id


def _same(name: str, told: Any, held: Any) -> bool:
    if name == ASSOCIATED:  # no modification of the record: HubSpot shows it with the next one
        return True
    if told is None or held is None or held == "":
        return told in (None, "") and held in (None, "")
    if isinstance(told, bool) or isinstance(held, bool):
        return str(told).lower() == str(held).lower()
    if isinstance(told, (int, float)):
        return float(told) == float(held)
    return bool(told == held)


def doubled(vendor: Vendor) -> list[str]:
    """Versions that raw holds twice in a row."""
    found = []
    for table in TABLES.values():
        query = f"""
            SELECT id FROM raw.{table}
            QUALIFY (modified_at, payload::VARCHAR, _deleted, _merged_into) IS NOT DISTINCT FROM lag(
                (modified_at, payload::VARCHAR, _deleted, _merged_into)
            ) OVER (PARTITION BY connection, id ORDER BY _synced_at, modified_at)
            ORDER BY ALL
        """
        found += [f"{table} {id} has a version twice" for (id,) in vendor.desk.con.execute(query).fetchall()]
    return found


def unmade(vendor: Vendor) -> list[str]:
    """What the marts want and the CRMs do not say, though no person said otherwise."""
    query = "SELECT record_id, field FROM state.conflicts WHERE resolved_at IS NULL"
    disputed = set(vendor.desk.con.execute(query).fetchall())
    differ = [d for d in vendor.world.differences() if (d[1], d[2]) not in disputed and d[0] not in (LIST, CHILD)]
    children = [d for d in vendor.world.differences() if d[0] == CHILD and (d[1], d[2]) not in disputed]
    pending = vendor.desk.con.execute("SELECT record_id FROM state.journal WHERE result = 'pending' ORDER BY ALL").fetchall()
    return [str(each) for each in [*differ, *children, *pending]]


def astray(vendor: Vendor) -> list[str]:
    """Changes of ours to what is not ours; values that were never wanted, or set twice; records made twice; vain writes."""
    found = []
    for name, org in vendor.desk.orgs.items():
        us = vendor.desk.crms[name].identity().user_id
        keys = {doc["Id"]: doc["Totsugo_Key__c"] for _, doc, _, _ in org.store.select(CHILD)} if name == "sales" else {}
        made: dict[tuple[str, str, str, str], list[Any]] = defaultdict(list)
        created: Counter[str] = Counter()
        for change in org.changes():
            if change["user_id"] != us or change["seq"] <= vendor.world.mark[name]:
                continue
            if change["field"] not in _OWNED and change["action"] != "merge":
                found.append(f"not ours: {change}")
            key = keys.get(change["id"], change["id"])
            if change["field"] in ("Totsugo_Key__c", "totsugo_key") and change["action"] == "create":
                created[change["after"]] += 1
            if change["action"] == "delete":
                created[key] -= 1
            if _plain(change["before"]) != _plain(change["after"]):
                made[name, change["object"], key, change["field"]].append(change["after"])
        found += [f"{key} was made {times} times" for key, times in created.items() if times > 1]
        for place, values in made.items():
            if place in vendor.wants and not _in_turn(values, vendor.wants[place]):
                found.append(f"{place}: {values} was written of {vendor.wants[place]}")
    return found


def _in_turn(written: list[Any], wanted: list[Any]) -> bool:
    """Whether each value written was wanted, in that order, and none was written twice for one wish."""
    rest = iter([_plain(value) for value in wanted])
    return all(any(_plain(value) == wish for wish in rest) for value in written)


def overwritten(vendor: Vendor) -> list[str]:
    """People's values that we wrote over. One that the marts wanted too, while it stood there, became ours by that."""
    found = []
    for change in lost(vendor.desk):
        if str(change["field"]).startswith(
            "Totsugo 武蔵"
        ):  # a list: whom a person took off, and whom we ceased to want, may come on again
            continue
        name = next(n for n, org in vendor.desk.orgs.items() if change in org.changes())
        history = vendor.desk.orgs[name].changes(f"{change['object']}/{change['id']}/{change['field']}")
        set_at = max(c["seq"] for c in history if c["seq"] < change["seq"])
        place = (name, change["object"], change["id"], change["field"])
        until = [*vendor.since[place][1:], change["seq"]]
        met = [value for value, end in zip(vendor.wants[place], until, strict=True) if end >= set_at]
        if _plain(change["before"]) not in [_plain(value) for value in met[:-1]]:
            found.append(str(change))
    return found
