"""``/crm/v3/objects/{type}/batch/...``: up to 100 rows a call.

Belongs here: which faults end the whole batch and which only a row. Does not: what happens to a record (``records.py``).

HubSpot refuses the whole batch (400) for a value or property that is not valid, unless every row carries an
``objectWriteTraceId``; then, and for records that do not exist, it answers 207 and names the rows that failed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from connectors.sandbox.hubspot import records
from connectors.sandbox.hubspot.errors import RowFault, not_found, validation_error
from connectors.sandbox.hubspot.portal import Answer, Call, Handler, Json, batch_answer
from connectors.sandbox.hubspot.properties import ValueRules, definitions

BATCH_LIMIT = 100
HISTORY_LIMIT = 50
_Checked = list[tuple[Json, dict[str, str | None]]]


def _rows(call: Call, needs_id: bool) -> list[Json]:
    """The rows sent. Raises ``HubSpotError`` (400) on a missing or repeated id."""
    rows = call.inputs(BATCH_LIMIT)
    if not needs_id:
        return rows
    ids = [str(row.get("id", "")) for row in rows]
    if "" in ids:
        raise validation_error("Some required fields were not set: [id]")
    repeated = sorted({id for id in ids if ids.count(id) > 1})
    if repeated:
        raise validation_error(f"Duplicate IDs found in batch input: [{', '.join(repeated)}]. IDs must be unique")
    return rows


def _sorted_out(call: Call, rows: Sequence[Json], rules: ValueRules) -> tuple[_Checked, list[Json]]:
    """Rows with checked values, and the errors of the others. Raises ``RowFault`` where the whole batch falls."""
    traced = all(row.get("objectWriteTraceId") for row in rows)
    good: _Checked = []
    errors: list[Json] = []
    for row in rows:
        try:
            name = f"{call.path}/{row.get('id', '')}"
            if call.portal.faults.take("partial_207", name, call.method):
                errors.append(broken_row(str(row.get("id", ""))).entry(_trace(row)))
            else:
                good.append((row, rules.check(row.get("properties") or {})))
        except RowFault as fault:
            if not traced:
                raise
            errors.append(fault.entry(_trace(row)))
    return good, errors


def is_broken(call: Call, id: str) -> bool:
    """Whether a fault keeps this row of a batch from being read."""
    return call.portal.faults.take("partial_207_read", f"{call.path}/{id}", call.method)


def broken_row(id: str) -> RowFault:
    return RowFault("INTERNAL_ERROR", "There was a problem processing this input. Please try again.", 500, ids=[id])


def _trace(row: Json) -> str | None:
    return row.get("objectWriteTraceId")


def _id_property(rows: Sequence[Json]) -> str | None:
    """The one property by which the rows are identified. Raises ``HubSpotError`` (400)."""
    named = {row.get("idProperty") for row in rows}
    if len(named) > 1:
        raise validation_error("All inputs of a batch must use the same idProperty")
    return named.pop() if named else None


def _by_id(call: Call, ids: Sequence[str], id_property: str | None) -> dict[str, Json]:
    """id, or unique value, as given -> record."""
    if id_property is None:
        return records.read_many(call.portal, call.type, ids)
    owners = records.find_by(call.portal, call.type, id_property, ids) if ids else {}
    docs = records.read_many(call.portal, call.type, list(owners.values()))
    return {id: docs[owners[id.lower()]] for id in ids if id.lower() in owners}


def read_batch(call: Call) -> Answer:
    body, kind = call.body, call.type
    past = body.get("propertiesWithHistory") or []
    ids = list(dict.fromkeys(str(row.get("id", "")) for row in call.inputs(HISTORY_LIMIT if past else BATCH_LIMIT)))
    if call.flag("archived") and not body.get("idProperty"):
        docs = records.read_many(call.portal, kind, ids, archived=True)
    else:
        docs = _by_id(call, ids, body.get("idProperty"))
    known, asked = definitions(call.portal, kind.name), body.get("properties") or []
    broken = [id for id in ids if is_broken(call, id)]
    unique = {doc["id"]: doc for id, doc in docs.items() if id not in broken}
    missing = [id for id in ids if id not in docs and id not in broken]
    errors = [not_found(kind.singular, missing).entry()] if missing else []
    errors += [broken_row(id).entry() for id in broken]
    return batch_answer(call.portal, [records.shown(doc, kind, asked, known, past) for doc in unique.values()], errors)


def create_batch(call: Call) -> Answer:
    kind, rules, rows = call.type, ValueRules(call.portal, call.type.name), _rows(call, needs_id=False)
    good, errors = _sorted_out(call, rows, rules)
    made = records.create(call.portal, kind, [values for _, values in good], call.token)
    for doc, (row, _) in zip(made, good, strict=True):
        records.associate_new(call.portal, kind, doc["id"], row.get("associations"))
    results = [
        _traced(records.shown(doc, kind, list(doc["properties"]), rules.known), row)
        for doc, (row, _) in zip(made, good, strict=True)
    ]
    return batch_answer(call.portal, results, errors, 201)


def _traced(record: Json, row: Json) -> Json:
    return record if _trace(row) is None else {**record, "objectWriteTraceId": _trace(row)}


def update_batch(call: Call) -> Answer:
    kind, rules, rows = call.type, ValueRules(call.portal, call.type.name), _rows(call, needs_id=True)
    id_property = _id_property(rows)
    good, errors = _sorted_out(call, rows, rules)
    docs = _by_id(call, [str(row["id"]) for row, _ in good], id_property)
    found = [(docs[str(row["id"])], values, row) for row, values in good if str(row["id"]) in docs]
    errors += [not_found(kind.singular, [str(row["id"])]).entry(_trace(row)) for row, _ in good if str(row["id"]) not in docs]
    if len({doc["id"] for doc, _, _ in found}) < len(found):
        raise validation_error("Duplicate IDs found in batch input: merged records lead to one and the same record")
    records.update(call.portal, kind, [(doc, values) for doc, values, _ in found], call.token)
    # HubSpot keeps no order; by id is one that no client should lean on
    found.sort(key=lambda each: int(each[0]["id"]))
    results = [_traced(records.shown(doc, kind, list(values), rules.known), row) for doc, values, row in found]
    return batch_answer(call.portal, results, errors)


def upsert_batch(call: Call) -> Answer:
    kind, rules, rows = call.type, ValueRules(call.portal, call.type.name), _rows(call, needs_id=True)
    id_property = _id_property(rows)
    good, errors = _sorted_out(call, rows, rules)
    docs = _by_id(call, [str(row["id"]) for row, _ in good], id_property)
    results: list[Json] = []
    for row, values in good:
        doc = docs.get(str(row["id"]))
        if doc is not None:
            (doc,) = records.update(call.portal, kind, [(doc, values)], call.token)
        elif id_property is not None:
            (doc,) = records.create(call.portal, kind, [{id_property: str(row["id"]), **values}], call.token)
        else:
            errors.append(not_found(kind.singular, [str(row["id"])]).entry(_trace(row)))
            continue
        record = records.shown(doc, kind, list(values), rules.known)
        record["properties"] = {name: value for name, value in record["properties"].items() if value is not None}
        results.append(_traced({**record, "new": doc["createdAt"] == doc["updatedAt"]}, row))
    return batch_answer(call.portal, results, errors)


def archive_batch(call: Call) -> Answer:
    records.archive(call.portal, call.type, [str(row.get("id", "")) for row in call.inputs(BATCH_LIMIT)], call.token)
    return 204, None


_ACTIONS: dict[str, Callable[[Call], Answer]] = {
    "read": read_batch,
    "create": create_batch,
    "update": update_batch,
    "upsert": upsert_batch,
    "archive": archive_batch,
}

ROUTES: tuple[tuple[str, str, Handler], ...] = tuple(
    ("POST", f"/crm/v3/objects/{{type}}/batch/{name}", handler) for name, handler in _ACTIONS.items()
)
