"""A SOQL tree, against what a user sees, as a plan for the store.

Belongs here: what is selected, and how much of it. Does not: names and conditions (``soql_names.py``, ``soql_conditions.py``),
grouping (``soql_totals.py``), paging and answers (``queries.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from connectors.sandbox.salesforce import soql, soql_functions
from connectors.sandbox.salesforce.children import children_of
from connectors.sandbox.salesforce.errors import SalesforceError
from connectors.sandbox.salesforce.schema import ObjectType, View
from connectors.sandbox.salesforce.soql_conditions import Asked, Conditions
from connectors.sandbox.salesforce.soql_names import Selected, type_of
from connectors.sandbox.salesforce.soql_totals import Totals, totals_of
from connectors.sandbox.salesforce.soql_tree import Fields, Function, Path, Query

_MAX_OFFSET = 2000
_MOST_OF_ALL_FIELDS = 200


@dataclass(frozen=True)
class Plan:
    """A compiled query: what ``Store.ids`` takes, and what to show of each document."""

    type: ObjectType
    selected: tuple[Selected, ...] | None
    where: str
    params: tuple[Any, ...]
    order: str
    limit: int
    offset: int
    children: tuple[Children, ...] = ()
    totals: Totals | None = None


@dataclass(frozen=True)
class Children:
    """A child subquery: under which key its rows stand, and which of their fields says whose they are."""

    key: str
    link: str
    plan: Plan


def compile_query(query: Query, view: View, now: datetime, zone: ZoneInfo, deleted_too: bool, tooling: bool = False) -> Plan:
    """Raises ``SalesforceError`` INVALID_TYPE, INVALID_FIELD, MALFORMED_QUERY, NUMBER_OUTSIDE_VALID_RANGE."""
    if query.offset > _MAX_OFFSET:
        raise SalesforceError("NUMBER_OUTSIDE_VALID_RANGE", f"Maximum SOQL offset allowed is {_MAX_OFFSET}")
    return _plan(query, type_of(query, view, tooling), Asked(view, now, zone, tooling), deleted_too)


def _plan(query: Query, type: ObjectType, asked: Asked, deleted_too: bool) -> Plan:
    compiler = Conditions(query, type, asked)
    where = compiler.full_where(deleted_too or query.all_rows)
    limit = -1 if query.limit is None else query.limit
    if query.group or any(isinstance(each, Function) for each in query.fields or ()):
        totals = totals_of(query, Conditions(query, type, asked))
        return Plan(type, (), where, tuple(compiler.params), totals.order, limit, query.offset, totals=totals)
    selected = None if query.fields is None else tuple(_selected(query, compiler))
    below = [each for each in query.fields or () if isinstance(each, Query)]
    children = tuple(_children(each, type, asked, deleted_too) for each in below)
    return Plan(type, selected, where, tuple(compiler.params), compiler.order(), limit, query.offset, children)


def _selected(query: Query, compiler: Conditions) -> Iterator[Selected]:
    seen: set[tuple[str, ...]] = set()
    for each in query.fields or ():
        if isinstance(each, Fields):
            found, at = _all_of(each, query, compiler.type), each.at
        elif isinstance(each, Path):
            if each.alias is not None:
                raise soql.located("MALFORMED_QUERY", query.text, each.at, "only aggregate expressions use field aliasing")
            found, at = [compiler.resolve(each)], each.at
        else:
            continue
        for one in found:
            if one.names in seen:
                raise soql.located("MALFORMED_QUERY", query.text, at, f"duplicate field selected: {'.'.join(one.names)}")
            seen.add(one.names)
            yield one


def _all_of(each: Fields, query: Query, type: ObjectType) -> list[Selected]:
    if each.which != "STANDARD" and (query.limit is None or query.limit > _MOST_OF_ALL_FIELDS):
        message = f"The SOQL FIELDS function must have a LIMIT of at most {_MOST_OF_ALL_FIELDS}"
        raise soql.located("MALFORMED_QUERY", query.text, each.at, message)
    wanted = [one for one in type.fields.values() if each.which == "ALL" or one.custom == (each.which == "CUSTOM")]
    if not wanted:
        raise soql.located("MALFORMED_QUERY", query.text, each.at, f"The entity {type.name} has no fields of this kind")
    return [Selected((), one) for one in wanted]


def _children(query: Query, parent: ObjectType, asked: Asked, deleted_too: bool) -> Children:
    """Raises INVALID_TYPE for a relationship that is none, MALFORMED_QUERY for what may not stand below."""
    found = children_of(parent, asked.view).get(query.type_name.lower())
    if found is None:
        message = (
            f"Didn't understand relationship '{query.type_name}' in FROM part of query call. If you are attempting to use a "
            "custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL "
            "or the describe call for the appropriate names."
        )
        raise soql.located("INVALID_TYPE", query.text, query.type_at, message)
    for each in query.fields or ():
        if isinstance(each, Function) and each.name in soql_functions.AGGREGATES:
            raise soql.located("MALFORMED_QUERY", query.text, each.at, "Only root queries support aggregate expressions")
    return Children(found.name, found.link.name, _plan(query, found.type, asked, deleted_too))
