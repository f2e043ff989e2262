"""From the parser's tree of a SOQL query to ours (``soql_tree.py``).

Belongs here: one method for each rule of the grammar in ``soql.py``. Does not: the grammar, errors.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from lark import Token, Transformer

from connectors.sandbox.salesforce.soql_tree import (
    Comparison,
    Fields,
    Function,
    Group,
    Literal,
    Membership,
    Not,
    Operand,
    Ordering,
    Path,
    Query,
    SemiJoin,
)


def _path(token: Token) -> Path:
    return Path(tuple(str(token).split(".")), token.start_pos or 0)


def _operand(part: Token | Function) -> Operand:
    return part if isinstance(part, Function) else _path(part)


def _literal(token: Token) -> Literal:
    text = str(token)
    match token.type:
        case "STRING":
            return Literal("string", text)
        case "NUMBER":
            return Literal("number", float(text) if "." in text else int(text))
        case "TRUE" | "FALSE":
            return Literal("boolean", token.type == "TRUE")
        case "NULL":
            return Literal("null", None)
        case kind:
            return Literal(kind.lower(), text.upper())


class Reader(Transformer[Token, Query]):
    """Bottom up; ``text`` is the query that errors point into."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def start(self, parts: list[Any]) -> Query:
        named = {key: value for part in parts if isinstance(part, dict) for key, value in part.items()}
        name = next(part for part in parts if isinstance(part, Token) and part.type == "NAME")
        return Query(self._text, str(name), name.start_pos or 0, **named)

    child = start

    def count(self, parts: list[Token]) -> dict[str, Any]:
        return {"fields": None}

    def fields(self, parts: list[Any]) -> dict[str, Any]:
        return {"fields": tuple(parts)}

    def item(self, parts: list[Any]) -> Operand:
        found = _operand(parts[0])
        return replace(found, alias=str(parts[1])) if len(parts) > 1 else found

    def function(self, parts: list[Token]) -> Function:
        return Function(str(parts[0]).upper(), _path(parts[1]), parts[0].start_pos or 0)

    def all_of(self, parts: list[Token]) -> Fields:
        return Fields(str(parts[1]).upper(), parts[0].start_pos or 0)

    def alias(self, parts: list[Token]) -> dict[str, Any]:
        return {"alias": str(parts[0])}

    def where(self, parts: list[Any]) -> dict[str, Any]:
        return {"where": parts[1]}

    def group(self, parts: list[Any]) -> dict[str, Any]:
        return {"group": tuple(_operand(part) for part in parts[2:])}

    def having(self, parts: list[Any]) -> dict[str, Any]:
        return {"having": parts[1]}

    def scope(self, parts: list[Token]) -> dict[str, Any]:
        return {}

    with_ = seen = scope

    def and_(self, parts: list[Any]) -> Group:
        return Group("AND", tuple(parts[::2]))

    def or_(self, parts: list[Any]) -> Group:
        return Group("OR", tuple(parts[::2]))

    def not_(self, parts: list[Any]) -> Not:
        return Not(parts[1])

    def comparison(self, parts: list[Any]) -> Comparison:
        operator = "LIKE" if parts[1].type == "LIKE" else str(parts[1])
        return Comparison(_operand(parts[0]), "!=" if operator == "<>" else operator, _literal(parts[2]))

    def membership(self, parts: list[Any]) -> Membership:
        negated = parts[1].type == "NOT"
        values = tuple(map(_literal, parts[3 if negated else 2 :]))
        return Membership(_operand(parts[0]), "not in" if negated else "in", values)

    def chosen(self, parts: list[Any]) -> Membership:
        return Membership(_operand(parts[0]), parts[1].type.lower(), tuple(map(_literal, parts[2:])))

    def semi_join(self, parts: list[Any]) -> SemiJoin:
        return SemiJoin(_operand(parts[0]), parts[1].type == "NOT", parts[-1])

    def subquery(self, parts: list[Any]) -> Query:
        where = parts[4]["where"] if len(parts) > 4 else None
        return Query(self._text, str(parts[3]), parts[3].start_pos, (_path(parts[1]),), where)

    def ordering(self, parts: list[Any]) -> Ordering:
        kinds = {part.type for part in parts[1:]}
        return Ordering(_operand(parts[0]), "DESC" in kinds, "LAST" in kinds)

    def order(self, parts: list[Any]) -> dict[str, Any]:
        return {"order": tuple(parts[2:])}

    def limit(self, parts: list[Token]) -> dict[str, Any]:
        return {"limit": int(float(parts[1]))}

    def offset(self, parts: list[Token]) -> dict[str, Any]:
        return {"offset": int(float(parts[1]))}

    def all_rows(self, parts: list[Token]) -> dict[str, Any]:
        return {"all_rows": True}
