"""The SOQL subset: text to a syntax tree.

Belongs here: grammar and tree. Does not: whether a field exists or what a comparison means (``soql_sql.py``).
Served: field lists with relationship fields, ``COUNT()``, WHERE with AND, OR, NOT, parentheses, ``= != <> < <= > >= LIKE IN
NOT IN INCLUDES EXCLUDES``, semi-joins, date literals, ORDER BY, LIMIT, OFFSET, ALL ROWS. As in Salesforce, AND and OR do not mix
without parentheses. Not served: GROUP BY, child subqueries, TYPEOF.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from connectors.sandbox.salesforce.errors import SalesforceError

_GRAMMAR = r"""
start: SELECT _selected FROM NAME alias? where? order? limit? offset? all_rows?
_selected: count | fields
count: COUNT "(" ")"
fields: PATH_OR_NAME ("," PATH_OR_NAME)*
alias: NAME
where: WHERE _condition
_condition: _unary | and_ | or_
and_: _unary (AND _unary)+
or_: _unary (OR _unary)+
_unary: not_ | "(" _condition ")" | comparison | membership | semi_join | chosen
not_: NOT _unary
comparison: PATH_OR_NAME (OPERATOR | LIKE) _value
membership: PATH_OR_NAME NOT? IN "(" _value ("," _value)* ")"
semi_join: PATH_OR_NAME NOT? IN "(" subquery ")"
subquery: SELECT PATH_OR_NAME FROM NAME where?
chosen: PATH_OR_NAME (INCLUDES | EXCLUDES) "(" STRING ("," STRING)* ")"
_value: STRING | DATETIME | DATE | NUMBER | RELATIVE | TRUE | FALSE | NULL
order: ORDER BY ordering ("," ordering)*
ordering: PATH_OR_NAME (ASC | DESC)? (NULLS (FIRST | LAST))?
limit: LIMIT NUMBER
offset: OFFSET NUMBER
all_rows: ALL ROWS
PATH_OR_NAME: NAME ("." NAME)*
NAME: /[A-Za-z][A-Za-z0-9_]*/
OPERATOR: "=" | "!=" | "<>" | "<=" | ">=" | "<" | ">"
STRING: /'(?:[^'\\]|\\.)*'/s
DATETIME.4: /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:?\d{2})/i
DATE.3: /\d{4}-\d{2}-\d{2}/
NUMBER: /[+-]?\d+(\.\d+)?/
RELATIVE.5: /(TODAY|YESTERDAY|TOMORROW|(LAST|THIS|NEXT)_(WEEK|MONTH|QUARTER|YEAR)|(LAST|NEXT)_90_DAYS)(?![\w:])/i
          | /((LAST|NEXT)_N_(DAYS|WEEKS|MONTHS|YEARS)|N_DAYS_AGO):\d+(?!\w)/i
%ignore /\s+/
"""
_KEYWORDS = (
    "SELECT FROM COUNT WHERE AND OR NOT LIKE IN INCLUDES EXCLUDES ORDER BY ASC DESC NULLS FIRST LAST LIMIT OFFSET ALL ROWS "
    "TRUE FALSE NULL"
)
# A keyword is a whole word: without the look-ahead a field called Orders would read as ORDER and an s.
_PARSER = Lark(
    _GRAMMAR + "\n".join(rf"{word}.2: /{word}(?![\w.])/i" for word in _KEYWORDS.split()), parser="lalr", maybe_placeholders=False
)


@dataclass(frozen=True)
class Path:
    """A field, perhaps over relationships: ``("Account", "Name")``; ``at`` is where it stands in the text, from 0."""

    parts: tuple[str, ...]
    at: int

    @property
    def text(self) -> str:
        return ".".join(self.parts)


@dataclass(frozen=True)
class Literal:
    """A value: ``kind`` is string, datetime, date, number, relative, boolean or null."""

    kind: str
    value: Any


@dataclass(frozen=True)
class Comparison:
    path: Path
    operator: str
    value: Literal


@dataclass(frozen=True)
class Membership:
    """``operator``: in, not in, includes, excludes."""

    path: Path
    operator: str
    values: tuple[Literal, ...]


@dataclass(frozen=True)
class SemiJoin:
    path: Path
    negated: bool
    query: Query


@dataclass(frozen=True)
class Not:
    of: Condition


@dataclass(frozen=True)
class Group:
    """Conditions joined by ``AND`` or ``OR``."""

    joint: str
    of: tuple[Condition, ...]


Condition = Comparison | Membership | SemiJoin | Not | Group


@dataclass(frozen=True)
class Ordering:
    path: Path
    descending: bool
    nulls_last: bool


@dataclass(frozen=True)
class Query:
    """A parsed query; ``fields`` is ``None`` for ``COUNT()``."""

    text: str
    type_name: str
    type_at: int
    fields: tuple[Path, ...] | None
    where: Condition | None = None
    order: tuple[Ordering, ...] = ()
    limit: int | None = None
    offset: int = 0
    all_rows: bool = False
    alias: str | None = None


def parse(text: str) -> Query:
    """The tree of a query. Raises ``SalesforceError`` MALFORMED_QUERY."""
    try:
        tree = _PARSER.parse(text)
    except UnexpectedInput as wrong:
        raise _malformed(text, wrong) from None
    return _Tree(text).transform(tree)


def located(code: str, text: str, at: int, message: str) -> SalesforceError:
    """An error that points at a place in the query, as Salesforce draws it."""
    start, end = max(0, at - 30), min(len(text), at + 30)
    shown = re.sub(r"\s", " ", text[start:end])
    row = text.count("\n", 0, at) + 1
    column = at - (text.rfind("\n", 0, at) + 1) + 1
    return SalesforceError(code, f"\n{shown}\n{' ' * (at - start)}^\nERROR at Row:{row}:Column:{column}\n{message}")


def _malformed(text: str, wrong: UnexpectedInput) -> SalesforceError:
    if isinstance(wrong, UnexpectedToken) and wrong.token.type == "$END":
        return SalesforceError("MALFORMED_QUERY", "unexpected token: '<EOF>'")
    at = wrong.pos_in_stream or 0
    if isinstance(wrong, UnexpectedCharacters) and text[at : at + 1] == "'":
        message = "Bind variables only allowed in Apex code" if text.count("'") > 1 else "unterminated string literal"
        return located("MALFORMED_QUERY", text, at, message)
    word = re.match(r"\w+|.|$", text[at:], re.S)
    return located("MALFORMED_QUERY", text, at, f"unexpected token: '{word[0] if word else ''}'")


_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


def unescape(quoted: str, keep_wildcards: bool = False) -> str:
    """The text of a quoted literal; for LIKE the escapes of ``%`` and ``_`` stay."""

    def replaced(found: re.Match[str]) -> str:
        if found[1]:
            return chr(int(found[1], 16))
        if keep_wildcards and found[2] in "%_\\":
            return found[0]
        return _ESCAPES.get(found[2].lower(), found[2])

    return re.sub(r"\\(?:u([0-9A-Fa-f]{4})|(.))", replaced, quoted[1:-1], flags=re.S)


def _path(token: Token) -> Path:
    return Path(tuple(str(token).split(".")), token.start_pos or 0)


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


class _Tree(Transformer[Token, Query]):
    """Lark's tree to ours, bottom up."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def start(self, parts: list[Any]) -> Query:
        named = {key: value for part in parts if isinstance(part, dict) for key, value in part.items()}
        name = next(part for part in parts if isinstance(part, Token) and part.type == "NAME")
        return Query(self._text, str(name), name.start_pos or 0, **named)

    def count(self, parts: list[Token]) -> dict[str, Any]:
        return {"fields": None}

    def fields(self, parts: list[Token]) -> dict[str, Any]:
        return {"fields": tuple(_path(part) for part in parts)}

    def alias(self, parts: list[Token]) -> dict[str, Any]:
        return {"alias": str(parts[0])}

    def where(self, parts: list[Any]) -> dict[str, Any]:
        return {"where": parts[1]}

    def and_(self, parts: list[Any]) -> Group:
        return Group("AND", tuple(parts[::2]))

    def or_(self, parts: list[Any]) -> Group:
        return Group("OR", tuple(parts[::2]))

    def not_(self, parts: list[Any]) -> Not:
        return Not(parts[1])

    def comparison(self, parts: list[Token]) -> Comparison:
        operator = "LIKE" if parts[1].type == "LIKE" else str(parts[1])
        return Comparison(_path(parts[0]), "!=" if operator == "<>" else operator, _literal(parts[2]))

    def membership(self, parts: list[Token]) -> Membership:
        negated = parts[1].type == "NOT"
        return Membership(_path(parts[0]), "not in" if negated else "in", tuple(map(_literal, parts[3 if negated else 2 :])))

    def chosen(self, parts: list[Token]) -> Membership:
        return Membership(_path(parts[0]), parts[1].type.lower(), tuple(map(_literal, parts[2:])))

    def semi_join(self, parts: list[Any]) -> SemiJoin:
        return SemiJoin(_path(parts[0]), parts[1].type == "NOT", parts[-1])

    def subquery(self, parts: list[Any]) -> Query:
        where = parts[4]["where"] if len(parts) > 4 else None
        return Query(self._text, str(parts[3]), parts[3].start_pos, (_path(parts[1]),), where)

    def ordering(self, parts: list[Token]) -> Ordering:
        kinds = {part.type for part in parts[1:]}
        return Ordering(_path(parts[0]), "DESC" in kinds, "LAST" in kinds)

    def order(self, parts: list[Any]) -> dict[str, Any]:
        return {"order": tuple(parts[2:])}

    def limit(self, parts: list[Token]) -> dict[str, Any]:
        return {"limit": int(float(parts[1]))}

    def offset(self, parts: list[Token]) -> dict[str, Any]:
        return {"offset": int(float(parts[1]))}

    def all_rows(self, parts: list[Token]) -> dict[str, Any]:
        return {"all_rows": True}
