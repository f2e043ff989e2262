"""Conditions and order of a SOQL query as SQL for the store.

Belongs here: literals checked against types, meaning of comparisons. Does not: names (``soql_names.py``), what is selected
(``soql_sql.py``). A SQL condition may come out as NULL; it then counts as false, and ``NOT`` takes care of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from connectors.sandbox.salesforce import soql
from connectors.sandbox.salesforce.date_literals import span
from connectors.sandbox.salesforce.errors import SalesforceError
from connectors.sandbox.salesforce.ids import is_id, to_18
from connectors.sandbox.salesforce.schema import NUMBER_TYPES, Field, ObjectType, View
from connectors.sandbox.salesforce.soql_names import Names, collation, type_of
from connectors.sandbox.salesforce.soql_tree import (
    Comparison,
    Condition,
    Group,
    Literal,
    Membership,
    Not,
    Operand,
    Path,
    Query,
    SemiJoin,
)
from connectors.sandbox.salesforce.values import parse_datetime, wire_datetime


@dataclass(frozen=True)
class Asked:
    """Who asks, and when; ``zone`` is the org's."""

    view: View
    now: datetime
    zone: ZoneInfo
    tooling: bool = False


class Conditions(Names):
    """Collects ``params`` in order of use."""

    def __init__(self, query: Query, type: ObjectType, asked: Asked, table: str = "documents") -> None:
        super().__init__(query, type, asked.view, table)
        self.asked = asked
        self.params: list[Any] = []

    def full_where(self, deleted_too: bool) -> str:
        parts = [] if deleted_too else [f"{self._table}.deleted = 0"]
        if self._query.where is not None:
            bound = self._lower_bound(self._query.where)
            if bound is not None:  # said once more on its own, so that SQLite walks the index from there even through an OR
                self.params.append(bound)
                parts.append(f"{self._table}.modified_at >= ?")
            parts.append(self.condition(self._query.where))
        return " AND ".join(parts) or "1"

    def order(self) -> str:
        """What is asked for, then by id: always the same order."""
        return ", ".join([*self.terms(), f"{self._table}.id"])

    def terms(self) -> list[str]:
        """What ORDER BY asks for."""
        terms = []
        for each in self._query.order:
            column, _ = self.operand(each.path)
            nulls = (
                "" if column.endswith((".modified_at", ".id", ".deleted")) else f" NULLS {'LAST' if each.nulls_last else 'FIRST'}"
            )
            if nulls == " NULLS FIRST" and not each.descending:
                nulls = ""
            terms.append(f"{column}{' DESC' if each.descending else ''}{nulls}")
        return terms

    def condition(self, each: Condition) -> str:
        match each:
            case Not(of):
                return f"NOT coalesce({self.condition(of)}, 0)"
            case Group(joint, of):
                return "(" + f" {joint} ".join(self.condition(one) for one in of) + ")"
            case Comparison():
                return self._comparison(each)
            case Membership():
                return self._membership(each)
            case SemiJoin():
                return self._semi_join(each)

    def _comparison(self, each: Comparison) -> str:
        (column, field), operator = self.operand(each.path), each.operator
        empty = each.value == Literal("string", "''") and operator in ("=", "!=")
        if each.value.kind == "null" or empty:
            if operator not in ("=", "!="):
                raise soql.located(
                    "MALFORMED_QUERY", self._query.text, each.path.at, f"unexpected operator for null: '{operator}'"
                )
            return f"{column} IS {'NOT ' if operator == '!=' else ''}NULL"
        if operator == "LIKE":
            self._check(field, each.value, each.path)
            self.params.append(soql.unescape(each.value.value, keep_wildcards=True))
            return f"{column} LIKE ? ESCAPE '\\'"
        if each.value.kind == "relative":
            return self._relative(field, column, operator, each)
        self.params.append(self._value(field, each.value, each.path))
        operator = "IS NOT" if operator == "!=" else operator
        return f"{column} {operator} ?{collation(field)}"

    def _relative(self, field: Field, column: str, operator: str, each: Comparison) -> str:
        first, after = self._span(field, each)
        match operator:
            case "=":
                self.params += [first, after]
                return f"({column} >= ? AND {column} < ?)"
            case "!=":
                self.params += [first, after]
                return f"NOT coalesce({column} >= ? AND {column} < ?, 0)"
            case "<" | ">=":
                self.params.append(first)
                return f"{column} {operator} ?"
            case _:
                self.params.append(after)
                return f"{column} {'<' if operator == '<=' else '>='} ?"

    def _span(self, field: Field, each: Comparison) -> tuple[str, str]:
        """First moment of a date literal and the first after it, in the org's time zone."""
        if field.type not in ("date", "datetime"):
            raise _wrong_literal(field, self._query, each.path)
        first, last = span(each.value.value, self.asked.now.astimezone(self.asked.zone).date())
        days = first, last + timedelta(1)
        if field.type == "date":
            return days[0].isoformat(), days[1].isoformat()
        starts = [wire_datetime(datetime.combine(day, time(), self.asked.zone).astimezone(UTC)) for day in days]
        return starts[0], starts[1]

    def _membership(self, each: Membership) -> str:
        column, field = self.operand(each.path)
        if each.operator in ("includes", "excludes"):
            return self._includes(column, each)
        values = [self._value(field, value, each.path) for value in each.values if value.kind != "null"]
        self.params += values
        marks = ", ".join("?" * len(values))
        inside = f"{column}{collation(field)} IN ({marks})" if values else "0"
        if any(value.kind == "null" for value in each.values):
            inside = f"({inside} OR {column} IS NULL)"
        return inside if each.operator == "in" else f"NOT coalesce({inside}, 0)"

    def _includes(self, column: str, each: Membership) -> str:
        """Multi-select picklists: every ``;``-part of one of the literals is chosen."""
        groups = []
        for value in each.values:
            parts = soql.unescape(value.value).split(";")
            self.params += parts
            groups.append("(" + " AND ".join([f"instr(';' || {column} || ';', ';' || ? || ';') > 0"] * len(parts)) + ")")
        joined = "(" + " OR ".join(groups) + ")"
        return joined if each.operator == "includes" else f"NOT coalesce({joined}, 0)"

    def _semi_join(self, each: SemiJoin) -> str:
        column, _ = self.operand(each.path)
        inner = Conditions(each.query, type_of(each.query, self.asked.view), self.asked, "inner_documents")
        (found_path,) = each.query.fields or ()
        assert isinstance(found_path, Path)
        wanted = inner.column(inner.resolve(found_path))
        where = inner.full_where(False)
        self.params += [inner.type.name, *inner.params]
        source = "FROM documents inner_documents WHERE inner_documents.object = ?"
        found = f"SELECT {wanted} {source} AND {where} AND {wanted} IS NOT NULL"
        return f"NOT coalesce({column} IN ({found}), 0)" if each.negated else f"{column} IN ({found})"

    def _value(self, field: Field, literal: Literal, path: Operand) -> Any:
        """A literal as the store compares it."""
        self._check(field, literal, path)
        match literal.kind:
            case "string":
                text = soql.unescape(literal.value)
                return to_18(text) if field.type in ("id", "reference") and is_id(text) else text
            case "boolean":
                return int(literal.value)
            case "datetime":
                return wire_datetime(parse_datetime(literal.value))
        return literal.value

    def _check(self, field: Field, literal: Literal, path: Operand) -> None:
        fits = {"boolean": field.type == "boolean", "number": field.type in NUMBER_TYPES, "date": field.type == "date"}
        fits |= {"datetime": field.type == "datetime", "relative": field.type in ("date", "datetime")}
        plain = field.type not in NUMBER_TYPES and field.type not in ("boolean", "date", "datetime")
        if not fits.get(literal.kind, plain):
            raise _wrong_literal(field, self._query, path)

    def _lower_bound(self, each: Condition) -> str | None:
        """A SystemModstamp that every match reaches, where the condition implies one."""
        match each:
            case Comparison(path, operator, value) if operator in (">", ">=", "=") and value.kind == "datetime":
                known_path = isinstance(path, Path) and self.resolve(path).names == ("SystemModstamp",)
                return wire_datetime(parse_datetime(value.value)) if known_path else None
            case Group(joint, of):
                bounds = [self._lower_bound(one) for one in of]
                known = [bound for bound in bounds if bound is not None]
                if joint == "AND":
                    return max(known, default=None)
                return min(known) if len(known) == len(bounds) else None
        return None


def _wrong_literal(field: Field, query: Query, path: Operand) -> SalesforceError:
    quoted = field.type not in NUMBER_TYPES and field.type not in ("boolean", "date", "datetime")
    message = (
        f"value of filter criterion for field '{field.name}' must be of type {field.type} "
        f"and should {'' if quoted else 'not '}be enclosed in quotes"
    )
    return soql.located("INVALID_FIELD", query.text, path.at, message)
