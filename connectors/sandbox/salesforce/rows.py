"""Shaping rows of an answer: the fields asked for, nested along relationships.

Belongs here: from ids to rows, a page at a time, and the rows of aggregates. Does not: which ids an answer has (``queries.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.sandbox.salesforce.errors import SalesforceError
from connectors.sandbox.salesforce.schema import Field
from connectors.sandbox.salesforce.soql_names import Selected
from connectors.sandbox.salesforce.soql_sql import Plan
from connectors.sandbox.store import Store

Row = dict[str, Any]
_MOST_GROUPS = 2000


@dataclass(frozen=True)
class Shape:
    """The keys of a row in order, the field of the document behind each, and what to make of those that are parents."""

    keys: tuple[str, ...]
    sources: tuple[str, ...]
    parents: tuple[tuple[str, Field, Shape], ...]
    """(key, reference field, shape of the parent)."""


def shape_of(selected: Iterable[Selected]) -> Shape:
    """Fields of one parent come together, where the first of them was asked for."""
    sources: dict[str, str] = {}
    below: dict[str, tuple[Field, list[Selected]]] = {}
    for each in selected:
        if not each.relations:
            sources[each.field.name] = each.field.name
            continue
        link = each.relations[0]
        key = link.relationship or ""
        sources.setdefault(key, link.name)
        below.setdefault(key, (link, []))[1].append(Selected(each.relations[1:], each.field))
    parents = tuple((key, link, shape_of(those)) for key, (link, those) in below.items())
    return Shape(tuple(sources), tuple(sources.values()), parents)


def read(store: Store, base: str, type_name: str, ids: Sequence[str], shape: Shape, deleted_too: bool = True) -> dict[str, Row]:
    """id -> row of those that exist; ``base`` begins the addresses of records."""
    keys, address = ("attributes", *shape.keys), f"{base}/sobjects/{type_name}/"
    rows: dict[str, Row] = {}
    for values, gone in store.extract(type_name, ids, ("Id", *shape.sources), deleted_too):
        row = rows[values[0]] = dict(zip(keys, values, strict=True))
        row["attributes"] = {"type": type_name, "url": address + values[0]}
        if "IsDeleted" in row:
            row["IsDeleted"] = gone
    for key, link, below in shape.parents:
        found: dict[str, Row] = {}
        wanted = list({row[key] for row in rows.values() if row[key] is not None})
        for name in link.reference_to if wanted else ():
            found |= read(store, base, name, wanted, below, deleted_too=False)
        for row in rows.values():
            row[key] = found.get(row[key])
    return rows


def totals(store: Store, plan: Plan) -> Row:
    """The answer of an aggregate query. Raises EXCEEDED_ID_LIMIT where it is longer than a page."""
    asked = plan.totals
    assert asked is not None
    page = f"ORDER BY {asked.order} LIMIT {plan.limit} OFFSET {plan.offset}"
    columns, params = [sql for _, sql, _ in asked.columns], (*plan.params, *asked.params)
    found = store.groups(plan.type.name, columns, plan.where, params, asked.groups, asked.having, page)
    if len(found) > _MOST_GROUPS:
        message = "Aggregate query does not support queryMore(), use LIMIT to restrict the results to a single batch"
        raise SalesforceError("EXCEEDED_ID_LIMIT", message)
    records = []
    for row in found:
        values = {
            key: bool(value) if kind == "boolean" and value is not None else value
            for (key, _, kind), value in zip(asked.columns, row, strict=True)
        }
        records.append({"attributes": {"type": "AggregateResult"}, **values})
    return {"totalSize": len(records), "done": True, "records": records}


def attributes(base: str, type_name: str, id: str) -> Row:
    """How every record of an answer begins."""
    return {"attributes": {"type": type_name, "url": f"{base}/sobjects/{type_name}/{id}"}}
