"""Names in a SOQL query, against what a user sees, as SQL expressions over the store.

Belongs here: types, fields, relationships and functions found by name. Does not: conditions (``soql_conditions.py``).
"""

from __future__ import annotations

from dataclasses import dataclass

from connectors.sandbox.salesforce import soql, soql_functions
from connectors.sandbox.salesforce.schema import NUMBER_TYPES, Field, ObjectType, View
from connectors.sandbox.salesforce.soql_tree import Function, Operand, Path, Query

_COLUMNS = {"Id": "id", "SystemModstamp": "modified_at", "IsDeleted": "deleted"}
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


def type_of(query: Query, view: View, tooling: bool = False) -> ObjectType:
    """The type that a query is from. Raises INVALID_TYPE."""
    found = view.type(query.type_name)
    if found is None or (found.tooling and not tooling):
        hint = _BE_SURE.format("object", "__c", "entity")
        message = f"sObject type '{query.type_name}' is not supported. {hint}"
        raise soql.located("INVALID_TYPE", query.text, query.type_at, message)
    return found


class Names:
    """The names of one query over one type; ``table`` is the name by which SQL knows its documents."""

    def __init__(self, query: Query, type: ObjectType, view: View, table: str) -> None:
        self._query, self._view, self._table, self.type = query, view, table, type

    def resolve(self, path: Path) -> Selected:
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

    def column(self, selected: Selected) -> str:
        """The SQL expression of a path: a column, a JSON value, or a look-up of the parent."""
        return _expression(self._table, selected.relations, selected.field, 0)

    def filtered(self, path: Path) -> Selected:
        """A path in WHERE or ORDER BY, where long texts may not stand."""
        selected = self.resolve(path)
        if selected.field.type == "complexvalue" or (selected.field.type == "textarea" and selected.field.length > 255):
            message = f"field '{selected.field.name}' can not be filtered in a query call"
            raise soql.located("INVALID_FIELD", self._query.text, path.at, message)
        return selected

    def operand(self, each: Operand) -> tuple[str, Field]:
        """What a condition or an order is about: its SQL and a field of its type. Aggregates have their place in HAVING alone."""
        if isinstance(each, Path):
            selected = self.filtered(each)
            return self.column(selected), selected.field
        if each.name in soql_functions.AGGREGATES:
            raise soql.located("MALFORMED_QUERY", self._query.text, each.at, f"unexpected token: '{each.name}'")
        return self.applied(each)

    def applied(self, each: Function) -> tuple[str, Field]:
        """The SQL of a function and a field of its type. Raises MALFORMED_QUERY for a field that it does not take."""
        selected = self.resolve(each.path)
        if not soql_functions.fits(each.name, selected.field):
            kind = "aggregate operator" if each.name in soql_functions.AGGREGATES else "function"
            message = f"field {selected.field.name} does not support {kind} {each.name}"
            raise soql.located("MALFORMED_QUERY", self._query.text, each.at, message)
        return soql_functions.applied(each.name, self.column(selected), selected.field)


def _expression(table: str, relations: tuple[Field, ...], field: Field, depth: int) -> str:
    if not relations:
        return f"{table}.{_COLUMNS[field.name]}" if field.name in _COLUMNS else f"json_extract({table}.doc, '$.{field.name}')"
    head, parent = relations[0], f"parent_{depth}" if table == "documents" else f"{table}_{depth}"
    targets = ", ".join(f"'{name}'" for name in head.reference_to)
    wanted = _expression(parent, relations[1:], field, depth + 1)
    link = f"{parent}.object IN ({targets}) AND {parent}.id = json_extract({table}.doc, '$.{head.name}')"
    return f"(SELECT {wanted} FROM documents {parent} WHERE {link} AND {parent}.deleted = 0)"


def collation(field: Field) -> str:
    """How values of this field are compared: texts without minding ASCII case."""
    exact = field.type in NUMBER_TYPES or field.type in ("boolean", "date", "datetime", "id", "reference")
    return "" if exact else " COLLATE NOCASE"
