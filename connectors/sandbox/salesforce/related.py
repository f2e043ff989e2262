"""Records along a relationship: ``sobjects/{T}/{id}/{relationship}``.

Belongs here: the parent, or the children as a query answers. Does not: relationships' names (``children.py``, ``schema.py``).
"""

from __future__ import annotations

from typing import Any

from connectors.sandbox.salesforce import errors
from connectors.sandbox.salesforce.children import children_of
from connectors.sandbox.salesforce.org import Call
from connectors.sandbox.salesforce.queries import PAGE
from connectors.sandbox.salesforce.schema import ObjectType


def related(call: Call, type: ObjectType, id: str, name: str) -> dict[str, Any]:
    """Children as a page of a query, a parent as a record; ``fields`` narrows both. Raises NOT_FOUND."""
    doc = call.org.records.get(type, id)
    child, link = children_of(type, call.view).get(name.lower()), type.relationships.get(name.lower())
    wanted = call.request.query_params.get("fields")
    if child is not None:
        return _found(call, child.type, wanted, f"{child.link.name} = '{doc['Id']}'")
    for target in link.reference_to if link is not None and doc.get(link.name) else ():
        parent = call.view.type(target)
        page = {} if parent is None or link is None else _found(call, parent, wanted, f"Id = '{doc[link.name]}'")
        if page.get("records"):
            record: dict[str, Any] = page["records"][0]
            return record
    raise errors.not_found()


def _found(call: Call, type: ObjectType, wanted: str | None, where: str) -> dict[str, Any]:
    names = wanted or ",".join(each.name for each in type.fields.values())
    text = f"SELECT {names} FROM {type.name} WHERE {where}"
    return call.org.queries.run(text, call.view, call.session.user_id, f"{call.base}/query", PAGE, False, False)
