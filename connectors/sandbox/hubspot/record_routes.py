"""``/crm/v3/objects/{type}``: one record at a time, pages of records, merges.

Belongs here: reading the call and shaping the answer. Does not: what happens to a record (``records.py``).
"""

from __future__ import annotations

from connectors.sandbox.hubspot import records
from connectors.sandbox.hubspot.errors import no_such_resource, validation_error
from connectors.sandbox.hubspot.portal import Answer, Call, Handler, Json, page, store_key
from connectors.sandbox.hubspot.properties import ValueRules, definitions


def list_records(call: Call) -> Answer:
    kind, limit, asked = call.type, call.limit(10, 100), call.names("properties")
    known, wanted = definitions(call.portal, kind.name), call.names("associations")
    after = call.text("after")
    where = "deleted = ?"
    params: list[int | str] = [int(call.flag("archived"))]
    if after is not None:
        if not after.isdigit():
            raise validation_error(f"Invalid paging token: {after}")
        where, params = f"{where} AND id > ?", [*params, store_key(after)]
    docs = [doc for _, doc, _, _ in call.portal.store.select(kind.name, where, params, limit=limit + 1)]
    results = [records.shown(doc, kind, asked, known) for doc in docs[:limit]]
    for record in results if wanted else ():
        _associate(call, record, wanted)
    return 200, page(results, docs[limit - 1]["id"] if len(docs) > limit else None)


def _associate(call: Call, record: Json, wanted: list[str]) -> None:
    found = records.shown_associations(call.portal, call.type, record["id"], wanted)
    if found:
        record["associations"] = found


def get_record(call: Call) -> Answer:
    kind = call.type
    doc = records.read(call.portal, kind, call.params["id"], call.text("idProperty"), call.flag("archived"))
    known, past = definitions(call.portal, kind.name), call.names("propertiesWithHistory")
    record = records.shown(doc, kind, call.names("properties"), known, past)
    _associate(call, record, call.names("associations"))
    return 200, record


def create_record(call: Call) -> Answer:
    kind, rules = call.type, ValueRules(call.portal, call.type.name)
    values = rules.check(call.body.get("properties") or {})
    (doc,) = records.create(call.portal, kind, [values], call.token)
    records.associate_new(call.portal, kind, doc["id"], call.body.get("associations"))
    return 201, records.shown(doc, kind, list(doc["properties"]), rules.known)


def update_record(call: Call) -> Answer:
    kind, rules = call.type, ValueRules(call.portal, call.type.name)
    values = rules.check(call.body.get("properties") or {})
    doc = records.read(call.portal, kind, call.params["id"], call.text("idProperty"))
    records.update(call.portal, kind, [(doc, values)], call.token)
    return 200, records.shown(doc, kind, list(values), rules.known)


def delete_record(call: Call) -> Answer:
    kind, id = call.type, call.params["id"]
    known = records.read_many(call.portal, kind, [id]) or records.read_many(call.portal, kind, [id], archived=True)
    if not known:
        raise no_such_resource()
    records.archive(call.portal, kind, [id], call.token)
    return 204, None


def merge_records(call: Call) -> Answer:
    kind, body = call.type, call.body
    if not {"primaryObjectId", "objectIdToMerge"} <= set(body):
        raise validation_error("Some required fields were not set: [primaryObjectId, objectIdToMerge]")
    doc = records.merge(call.portal, kind, str(body["primaryObjectId"]), str(body["objectIdToMerge"]), call.token)
    return 200, records.shown(doc, kind, list(doc["properties"]), definitions(call.portal, kind.name))


ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/crm/v3/objects/{type}", list_records),
    ("POST", "/crm/v3/objects/{type}", create_record),
    ("POST", "/crm/v3/objects/{type}/merge", merge_records),
    ("GET", "/crm/v3/objects/{type}/{id}", get_record),
    ("PATCH", "/crm/v3/objects/{type}/{id}", update_record),
    ("DELETE", "/crm/v3/objects/{type}/{id}", delete_record),
)
