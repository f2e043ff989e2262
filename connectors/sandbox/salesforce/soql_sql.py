"""A SOQL tree, against what a user sees, as SQL conditions for the store.

Belongs here: names resolved, literals checked against types, meaning of comparisons. Does not: paging and
answers (``queries.py``). A SQL condition may come out as NULL; it then counts as false, and ``NOT`` takes care of it.
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
from connectors.sandbox.salesforce.values import parse_datetime, wire_datetime

_COLUMNS = {"Id": "id", "SystemModstamp": "modified_at", "IsDeleted": "deleted"}
_MAX_OFFSET = 2000
_HINT = " Please reference your WSDL or the describe call for the appropriate names."
_BE_SURE = "If you are attempting to use a custom {0}, be sure to append the '{1}' after the {2} name." + _HINT


@dataclass(frozen=True)
class Selected:
    """A path with the relationships it follows, in canonical spelling, and the field at its end."""

    relations: tuple[Field, ...]
    field: Field

    @property
    def names(self) -> tuple[str, ...]:
        return (*(each.relationship or "" for each in self.relations), self.field.name)


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


def compile_query(query: soql.Query, view: View, now: datetime, zone: ZoneInfo, deleted_too: bool, tooling: bool = False) -> Plan:
    """Raises ``SalesforceError`` INVALID_TYPE, INVALID_FIELD, NUMBER_OUTSIDE_VALID_RANGE."""
    if query.offset > _MAX_OFFSET:
        raise SalesforceError("NUMBER_OUTSIDE_VALID_RANGE", f"Maximum SOQL offset allowed is {_MAX_OFFSET}")
    compiler = _Compiler(query, view, now, zone, "documents", tooling)
    where = compiler.full_where(deleted_too or query.all_rows)
    selected = None if query.fields is None else tuple(compiler.resolve(path) for path in query.fields)
    names = [each.names for each in selected or ()]
    for names_of, path in zip(names, query.fields or (), strict=True):
        if names.count(names_of) > 1:
            raise soql.located("MALFORMED_QUERY", query.text, path.at, f"duplicate field selected: {'.'.join(names_of)}")
    order = compiler.order()
    limit = -1 if query.limit is None else query.limit
    return Plan(compiler.type, selected, where, tuple(compiler.params), order, limit, query.offset)


class _Compiler:
    """One query over one type; ``table`` is the name by which SQL knows its documents. Collects ``params`` in order of use."""

    def __init__(self, query: soql.Query, view: View, now: datetime, zone: ZoneInfo, table: str, tooling: bool = False) -> None:
        self._query, self._view, self._now, self._zone, self._table = query, view, now, zone, table
        self.params: list[Any] = []
        found = view.type(query.type_name)
        if found is None or (found.tooling and not tooling):
            hint = _BE_SURE.format("object", "__c", "entity")
            message = f"sObject type '{query.type_name}' is not supported. {hint}"
            raise soql.located("INVALID_TYPE", query.text, query.type_at, message)
        self.type = found

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
        terms = []
        for each in self._query.order:
            column = self._column(self._filtered(each.path))
            nulls = (
                "" if column.endswith((".modified_at", ".id", ".deleted")) else f" NULLS {'LAST' if each.nulls_last else 'FIRST'}"
            )
            if nulls == " NULLS FIRST" and not each.descending:
                nulls = ""
            terms.append(f"{column}{' DESC' if each.descending else ''}{nulls}")
        return ", ".join([*terms, f"{self._table}.id"])

    def resolve(self, path: soql.Path) -> Selected:
        """Follow a path from field to field."""
        parts, here = path.parts, self.type
        prefixes = {self.type.name.lower()} if self._query.alias is None else {self._query.alias.lower()}
        if len(parts) > 1 and parts[0].lower() in prefixes and parts[0].lower() not in self.type.relationships:
            parts = parts[1:]
        relations: list[Field] = []
        for part in parts[:-1]:
            relation = here.relationships.get(part.lower())
            target = None if relation is None else self._view.type(relation.reference_to[0])
            if relation is None or target is None:
                hint = _BE_SURE.format("relationship", "__r", "custom relationship")
                message = f"Didn't understand relationship '{part}' in field path. {hint}"
                raise soql.located("INVALID_FIELD", self._query.text, path.at, message)
            relations.append(relation)
            here = target
        found = here.field(parts[-1])
        if found is None:
            hint = _BE_SURE.format("field", "__c", "custom field")
            message = f"No such column '{parts[-1]}' on entity '{here.name}'. {hint}"
            raise soql.located("INVALID_FIELD", self._query.text, path.at, message)
        return Selected(tuple(relations), found)

    def _column(self, selected: Selected) -> str:
        """The SQL expression of a path: a column, a JSON value, or a look-up of the parent."""
        return _expression(self._table, selected.relations, selected.field, 0)

    def _filtered(self, path: soql.Path) -> Selected:
        """A path in WHERE or ORDER BY, where long texts may not stand."""
        selected = self.resolve(path)
        if selected.field.type == "complexvalue" or (selected.field.type == "textarea" and selected.field.length > 255):
            message = f"field '{selected.field.name}' can not be filtered in a query call"
            raise soql.located("INVALID_FIELD", self._query.text, path.at, message)
        return selected

    def condition(self, each: soql.Condition) -> str:
        match each:
            case soql.Not(of):
                return f"NOT coalesce({self.condition(of)}, 0)"
            case soql.Group(joint, of):
                return "(" + f" {joint} ".join(self.condition(one) for one in of) + ")"
            case soql.Comparison():
                return self._comparison(each)
            case soql.Membership():
                return self._membership(each)
            case soql.SemiJoin():
                return self._semi_join(each)

    def _comparison(self, each: soql.Comparison) -> str:
        selected = self._filtered(each.path)
        column, operator = self._column(selected), each.operator
        empty = each.value == soql.Literal("string", "''") and operator in ("=", "!=")
        if each.value.kind == "null" or empty:
            if operator not in ("=", "!="):
                raise soql.located(
                    "MALFORMED_QUERY", self._query.text, each.path.at, f"unexpected operator for null: '{operator}'"
                )
            return f"{column} IS {'NOT ' if operator == '!=' else ''}NULL"
        if operator == "LIKE":
            self._check(selected.field, each.value, each.path)
            self.params.append(soql.unescape(each.value.value, keep_wildcards=True))
            return f"{column} LIKE ? ESCAPE '\\'"
        if each.value.kind == "relative":
            return self._relative(selected.field, column, operator, each)
        self.params.append(self._value(selected.field, each.value, each.path))
        operator = "IS NOT" if operator == "!=" else operator
        return f"{column} {operator} ?{_collation(selected.field)}"

    def _relative(self, field: Field, column: str, operator: str, each: soql.Comparison) -> str:
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

    def _span(self, field: Field, each: soql.Comparison) -> tuple[str, str]:
        """First moment of a date literal and the first after it, in the org's time zone."""
        if field.type not in ("date", "datetime"):
            raise _wrong_literal(field, self._query, each.path)
        first, last = span(each.value.value, self._now.astimezone(self._zone).date())
        days = first, last + timedelta(1)
        if field.type == "date":
            return days[0].isoformat(), days[1].isoformat()
        starts = [wire_datetime(datetime.combine(day, time(), self._zone).astimezone(UTC)) for day in days]
        return starts[0], starts[1]

    def _membership(self, each: soql.Membership) -> str:
        selected = self._filtered(each.path)
        column, field = self._column(selected), selected.field
        if each.operator in ("includes", "excludes"):
            return self._includes(column, each)
        values = [self._value(field, value, each.path) for value in each.values if value.kind != "null"]
        self.params += values
        marks = ", ".join("?" * len(values))
        inside = f"{column}{_collation(field)} IN ({marks})" if values else "0"
        if any(value.kind == "null" for value in each.values):
            inside = f"({inside} OR {column} IS NULL)"
        return inside if each.operator == "in" else f"NOT coalesce({inside}, 0)"

    def _includes(self, column: str, each: soql.Membership) -> str:
        """Multi-select picklists: every ``;``-part of one of the literals is chosen."""
        groups = []
        for value in each.values:
            parts = soql.unescape(value.value).split(";")
            self.params += parts
            groups.append("(" + " AND ".join([f"instr(';' || {column} || ';', ';' || ? || ';') > 0"] * len(parts)) + ")")
        joined = "(" + " OR ".join(groups) + ")"
        return joined if each.operator == "includes" else f"NOT coalesce({joined}, 0)"

    def _semi_join(self, each: soql.SemiJoin) -> str:
        column = self._column(self.resolve(each.path))
        inner = _Compiler(each.query, self._view, self._now, self._zone, "inner_documents")
        assert each.query.fields is not None
        wanted = inner._column(inner.resolve(each.query.fields[0]))
        where = inner.full_where(False)
        self.params += [inner.type.name, *inner.params]
        source = "FROM documents inner_documents WHERE inner_documents.object = ?"
        found = f"SELECT {wanted} {source} AND {where} AND {wanted} IS NOT NULL"
        return f"NOT coalesce({column} IN ({found}), 0)" if each.negated else f"{column} IN ({found})"

    def _value(self, field: Field, literal: soql.Literal, path: soql.Path) -> Any:
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

    def _check(self, field: Field, literal: soql.Literal, path: soql.Path) -> None:
        fits = {"boolean": field.type == "boolean", "number": field.type in NUMBER_TYPES, "date": field.type == "date"}
        fits |= {"datetime": field.type == "datetime", "relative": field.type in ("date", "datetime")}
        plain = field.type not in NUMBER_TYPES and field.type not in ("boolean", "date", "datetime")
        if not fits.get(literal.kind, plain):
            raise _wrong_literal(field, self._query, path)

    def _lower_bound(self, each: soql.Condition) -> str | None:
        """A SystemModstamp that every match reaches, where the condition implies one."""
        match each:
            case soql.Comparison(path, operator, value) if operator in (">", ">=", "=") and value.kind == "datetime":
                selected = self.resolve(path)
                return wire_datetime(parse_datetime(value.value)) if selected.names == ("SystemModstamp",) else None
            case soql.Group(joint, of):
                bounds = [self._lower_bound(one) for one in of]
                known = [bound for bound in bounds if bound is not None]
                if joint == "AND":
                    return max(known, default=None)
                return min(known) if len(known) == len(bounds) else None
        return None


def _expression(table: str, relations: tuple[Field, ...], field: Field, depth: int) -> str:
    if not relations:
        return f"{table}.{_COLUMNS[field.name]}" if field.name in _COLUMNS else f"json_extract({table}.doc, '$.{field.name}')"
    head, parent = relations[0], f"parent_{depth}" if table == "documents" else f"{table}_{depth}"
    targets = ", ".join(f"'{name}'" for name in head.reference_to)
    wanted = _expression(parent, relations[1:], field, depth + 1)
    link = f"{parent}.object IN ({targets}) AND {parent}.id = json_extract({table}.doc, '$.{head.name}')"
    return f"(SELECT {wanted} FROM documents {parent} WHERE {link} AND {parent}.deleted = 0)"


def _collation(field: Field) -> str:
    exact = field.type in NUMBER_TYPES or field.type in ("boolean", "date", "datetime", "id", "reference")
    return "" if exact else " COLLATE NOCASE"


def _wrong_literal(field: Field, query: soql.Query, path: soql.Path) -> SalesforceError:
    quoted = field.type not in NUMBER_TYPES and field.type not in ("boolean", "date", "datetime")
    message = (
        f"value of filter criterion for field '{field.name}' must be of type {field.type} "
        f"and should {'' if quoted else 'not '}be enclosed in quotes"
    )
    return soql.located("INVALID_FIELD", query.text, path.at, message)
