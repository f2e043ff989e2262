"""SOQL's aggregate and date functions, as SQL.

Belongs here: what a function means and which fields it takes. Does not: grouping (``soql_totals.py``). Days and hours are
those of UTC, as in Salesforce without ``convertTimezone()``; the fiscal year is the calendar's.
"""

from __future__ import annotations

from dataclasses import replace

from connectors.sandbox.salesforce.schema import NUMBER_TYPES, Field

AGGREGATES = {
    "COUNT": "count({0})", "COUNT_DISTINCT": "count(DISTINCT {0})", "MIN": "min({0})", "MAX": "max({0})", "SUM": "sum({0})",
    "AVG": "avg({0})",
}  # fmt: skip
_UNIT = {
    "YEAR": "CAST(substr({0}, 1, 4) AS INTEGER)",
    "QUARTER": "(CAST(substr({0}, 6, 2) AS INTEGER) + 2) / 3",
    "MONTH": "CAST(substr({0}, 6, 2) AS INTEGER)",
}
_DATES = {
    **{f"{kind}_{unit}": sql for kind in ("CALENDAR", "FISCAL") for unit, sql in _UNIT.items()},
    "DAY_IN_MONTH": "CAST(substr({0}, 9, 2) AS INTEGER)",
    "DAY_IN_WEEK": "CAST(strftime('%w', substr({0}, 1, 10)) AS INTEGER) + 1",
    "DAY_IN_YEAR": "CAST(strftime('%j', substr({0}, 1, 10)) AS INTEGER)",
    "DAY_ONLY": "substr({0}, 1, 10)",
    "HOUR_IN_DAY": "CAST(substr({0}, 12, 2) AS INTEGER)",
}
_UNORDERED = frozenset({"boolean", "multipicklist", "complexvalue"})


def fits(name: str, field: Field) -> bool:
    """Whether a function takes this field."""
    if field.type == "complexvalue" or (field.type == "textarea" and field.length > 255):
        return False
    match name:
        case "SUM" | "AVG":
            return field.type in NUMBER_TYPES
        case "MIN" | "MAX":
            return field.type not in _UNORDERED
        case "COUNT" | "COUNT_DISTINCT":
            return True
        case "DAY_ONLY" | "HOUR_IN_DAY":
            return field.type == "datetime"
    return field.type in ("date", "datetime")


def applied(name: str, column: str, field: Field) -> tuple[str, Field]:
    """(SQL of the function, a field that is of its type)."""
    sql = (AGGREGATES.get(name) or _DATES[name]).format(column)
    if name in ("MIN", "MAX"):
        return sql, field
    kind = {"DAY_ONLY": "date", "SUM": field.type, "AVG": "double"}.get(name, "int")
    return f"({sql})", replace(field, name=f"{name}({field.name})", type=kind)
