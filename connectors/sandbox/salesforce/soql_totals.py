"""Aggregates and GROUP BY of a SOQL query, as SQL.

Belongs here: columns of AggregateResult, groups, HAVING. Does not: the functions (``soql_functions.py``), WHERE.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from connectors.sandbox.salesforce import soql
from connectors.sandbox.salesforce.schema import Field
from connectors.sandbox.salesforce.soql_conditions import Conditions
from connectors.sandbox.salesforce.soql_functions import AGGREGATES
from connectors.sandbox.salesforce.soql_names import collation
from connectors.sandbox.salesforce.soql_tree import Function, Operand, Path, Query


@dataclass(frozen=True)
class Totals:
    """What each group shows: (key, SQL, type of field); ``params`` are those of HAVING."""

    columns: tuple[tuple[str, str, str], ...]
    groups: tuple[str, ...]
    having: str
    params: tuple[Any, ...]
    order: str


def totals_of(query: Query, names: Conditions) -> Totals:
    """Raises ``SalesforceError`` MALFORMED_QUERY."""
    groups = {_sql(names, each): _groupable(query, names, each) for each in query.group}
    if not query.group and query.limit is not None:
        message = "Non-grouped query that uses overall aggregate functions cannot also use LIMIT"
        raise soql.located("MALFORMED_QUERY", query.text, 0, message)
    if query.fields is None:
        raise soql.located("MALFORMED_QUERY", query.text, 0, "Grouped query cannot use COUNT(): give it a field to count")
    columns: dict[str, tuple[str, str, str]] = {}
    unnamed = 0
    for each in query.fields:
        if not isinstance(each, Path | Function):
            raise soql.located("MALFORMED_QUERY", query.text, 0, "Grouped query cannot use child relationships or FIELDS()")
        sql, field = _grouped(query, names, each, groups)
        key = each.alias or (field.name if isinstance(each, Path) else f"expr{unnamed}")
        unnamed += isinstance(each, Function) and each.alias is None
        if key in columns:
            raise soql.located("MALFORMED_QUERY", query.text, each.at, f"duplicate alias: {key}")
        columns[key] = (key, sql, field.type)
    having = _Having(query, names, groups)
    where = having.condition(query.having) if query.having is not None else "1"
    order = ", ".join([*having.terms(), *groups.values()]) or "1"
    return Totals(tuple(columns.values()), tuple(groups.values()), where, tuple(having.params), order)


class _Having(Conditions):
    """Conditions and order after grouping: over aggregates and what was grouped by."""

    def __init__(self, query: Query, names: Conditions, groups: dict[str, str]) -> None:
        super().__init__(query, names.type, names.asked)
        self._groups = groups

    def operand(self, each: Operand) -> tuple[str, Field]:
        return _grouped(self._query, self, each, self._groups)


def _sql(names: Conditions, each: Operand) -> str:
    return names.column(names.resolve(each)) if isinstance(each, Path) else names.applied(each)[0]


def _groupable(query: Query, names: Conditions, each: Operand) -> str:
    """SQL to group by; texts that differ in case alone are one."""
    if isinstance(each, Function):
        if each.name in AGGREGATES:
            raise soql.located("MALFORMED_QUERY", query.text, each.at, f"unexpected token: '{each.name}'")
        return names.applied(each)[0]
    selected = names.resolve(each)
    if selected.field.type in ("complexvalue", "multipicklist") or selected.field.length > 255:
        message = f"field '{selected.field.name}' can not be grouped in a query call"
        raise soql.located("MALFORMED_QUERY", query.text, each.at, message)
    return names.column(selected) + collation(selected.field)


def _grouped(query: Query, names: Conditions, each: Operand, groups: dict[str, str]) -> tuple[str, Field]:
    """An aggregate, or what is grouped by. Raises MALFORMED_QUERY."""
    if isinstance(each, Function) and each.name in AGGREGATES:
        return names.applied(each)
    if isinstance(each, Function):
        found, text = names.applied(each), f"{each.name}({each.path.text})"
    else:
        selected = names.resolve(each)
        found, text = (names.column(selected), selected.field), each.text
    if found[0] not in groups:
        raise soql.located("MALFORMED_QUERY", query.text, each.at, f"Field must be grouped or aggregated: {text}")
    return found
