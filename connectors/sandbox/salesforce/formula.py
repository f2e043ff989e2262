"""Formulas of Salesforce: text to something that can be evaluated on a record, with the types checked beforehand.

Belongs here: grammar, fields, operators. Does not: functions (``formula_functions.py``, ``formula_choices.py``), kinds of values
(``formula_kinds.py``), what a formula is for (``validation.py``).

As in Salesforce a comparison of order with a blank is false, and a blank in arithmetic makes a blank.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal, DivisionByZero, InvalidOperation
from typing import Any

from lark import Lark, Token, Transformer, UnexpectedInput, UnexpectedToken
from lark.exceptions import VisitError

from connectors.sandbox.salesforce.formula_choices import CHOICES, logical
from connectors.sandbox.salesforce.formula_functions import FUNCTIONS, FormulaError, compared
from connectors.sandbox.salesforce.formula_kinds import (
    NAMES,
    Case,
    Expression,
    check_count,
    fitting,
    kind_of,
    no_picklist,
    read,
    wrong_parameter,
)
from connectors.sandbox.salesforce.schema import ObjectType

_PARSER = Lark(
    r"""
    ?start: either
    ?either: both | both (OR both)+ -> any_of
    ?both: equality | equality (AND equality)+ -> all_of
    ?equality: order | equality EQUALS order -> compare
    ?order: joined | joined ORDER joined -> compare
    ?joined: sum | joined JOIN sum -> operate
    ?sum: product | sum (PLUS | MINUS) product -> operate
    ?product: unary | product (TIMES | OVER) unary -> operate
    ?unary: power | MINUS unary -> negative | PLUS unary -> positive | NOT unary -> negated
    ?power: atom | atom POWER unary -> operate
    ?atom: "(" either ")" | NUMBER -> number | STRING -> string | call | path
    call: NAME "(" [either ("," either)*] ")"
    path: NAME ("." NAME)*
    OR: "||"
    AND: "&&"
    EQUALS.2: "==" | "=" | "!=" | "<>"
    ORDER: "<=" | ">=" | "<" | ">"
    JOIN: "&"
    PLUS: "+"
    MINUS: "-"
    TIMES: "*"
    OVER: "/"
    POWER: "^"
    NOT: "!"
    NAME: /\$?[A-Za-z_][A-Za-z0-9_]*/
    NUMBER: /\d+(\.\d+)?/
    STRING: /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/s
    COMMENT: /\/\*.*?\*\//s
    %ignore COMMENT
    %ignore /\s+/
    """,
    parser="lalr",
    maybe_placeholders=False,
)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}


def compiled(text: str, type: ObjectType, types: dict[str, ObjectType]) -> Expression:
    """``types`` by lower-case name, for fields of parents. Raises ``FormulaError`` in Salesforce's words."""
    try:
        return _Compiler(type, types).transform(_PARSER.parse(text))
    except UnexpectedToken as wrong:
        if wrong.token.type == "$END":
            raise FormulaError("Syntax error. Missing ')'" if text.count("(") > text.count(")") else "Syntax error") from None
        raise FormulaError(f"Syntax error. Found '{wrong.token}'") from None
    except UnexpectedInput as wrong:
        raise FormulaError(f"Syntax error. Found '{text[wrong.pos_in_stream or 0]}'") from None
    except VisitError as wrong:
        if isinstance(wrong.orig_exc, FormulaError):
            raise wrong.orig_exc from None
        raise


class _Compiler(Transformer[Token, Expression]):
    """Each rule of the grammar to an ``Expression``; raises ``FormulaError``."""

    def __init__(self, type: ObjectType, types: dict[str, ObjectType]) -> None:
        super().__init__()
        self._type, self._types = type, types

    def number(self, parts: list[Token]) -> Expression:
        value = Decimal(parts[0])
        return Expression("number", lambda case: value)

    def string(self, parts: list[Token]) -> Expression:
        value = re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[1]), parts[0][1:-1], flags=re.S)
        return Expression("text", lambda case: value)

    def path(self, parts: list[Token]) -> Expression:
        names = [str(part) for part in parts]
        constant = {"true": True, "false": False, "null": None}
        if len(names) == 1 and names[0].lower() in constant:
            value = constant[names[0].lower()]
            return Expression("null" if value is None else "boolean", lambda case: value)
        if names[0].lower() == "$user" and len(names) == 2:
            each = self._types["user"].field(names[1])
            if each is not None:
                return Expression(kind_of(each), lambda case, each=each: read(each, case.user))  # type: ignore[misc]
        return self._field(names)

    def _field(self, names: list[str]) -> Expression:
        type, links = self._type, []
        for name in names[:-1]:
            link = type.relationships.get(name.lower())
            if link is None:
                raise _no_such_field(".".join(names))
            links.append(link)
            type = self._types[link.reference_to[0].lower()]
        each = type.field(names[-1])
        if each is None:
            raise _no_such_field(".".join(names))

        def follow(case: Case) -> Any:
            doc = case.doc
            for link in links:
                doc = case.look(link, doc[link.name]) if doc.get(link.name) else {}
            return read(each, doc)

        return Expression(kind_of(each), follow, None if links else each)

    def any_of(self, parts: list[Any]) -> Expression:
        return logical("operator '||'", [part for part in parts if isinstance(part, Expression)], any)

    def all_of(self, parts: list[Any]) -> Expression:
        return logical("operator '&&'", [part for part in parts if isinstance(part, Expression)], all)

    def compare(self, parts: list[Any]) -> Expression:
        left, operator, right = parts
        for each in (left, right):
            no_picklist(each)
        if left.kind != right.kind and "null" not in (left.kind, right.kind):
            raise wrong_parameter(f"operator '{operator}'", NAMES[left.kind], right.kind)
        return Expression("boolean", lambda case: compared(str(operator), left.of(case), right.of(case)))

    def operate(self, parts: list[Any]) -> Expression:
        left, operator, right = parts
        for each in (left, right):
            no_picklist(each)
        kind = _result_of(str(operator), left.kind, right.kind)
        act = _ARITHMETIC[str(operator)]

        def run(case: Case) -> Any:
            one, other = left.of(case), right.of(case)
            try:
                return None if one is None or other is None else act(one, other)
            except (DivisionByZero, InvalidOperation, OverflowError):
                raise FormulaError("Division by zero or a number out of range") from None

        return Expression(kind, run)

    def negative(self, parts: list[Any]) -> Expression:
        each = fitting("operator '-'", parts[1], "number")
        return Expression("number", lambda case: None if each.of(case) is None else -each.of(case))

    def positive(self, parts: list[Any]) -> Expression:
        return fitting("operator '+'", parts[1], "number")

    def negated(self, parts: list[Any]) -> Expression:
        each = fitting("operator '!'", parts[1], "boolean")
        return Expression("boolean", lambda case: not each.of(case))

    def call(self, parts: list[Any]) -> Expression:
        name, given = str(parts[0]).upper(), parts[1:]
        special = CHOICES.get(name)
        if special is not None:
            least, most, make = special
            check_count(name, given, least, most)
            return make(name, given)
        function = FUNCTIONS.get(name)
        if function is None:
            raise FormulaError(f"Unknown function {name}. Check spelling.")
        check_count(name, given, function.least, None if function.endless else len(function.kinds))
        kinds = [function.kinds[min(number, len(function.kinds) - 1)] for number in range(len(given))]
        checked = [fitting(f"function '{name}()'", each, kind) for each, kind in zip(given, kinds, strict=True)]

        def run(case: Case) -> Any:
            values = [each.of(case) for each in checked]
            return None if None in values and function.strict else function.act(*values)

        return Expression(function.result or checked[0].kind, run)


def _result_of(operator: str, left: str, right: str) -> str:
    """Raises ``FormulaError`` where the operator cannot join the two."""
    moments = ("date", "datetime")
    if left == right == "text" and operator in "&+":
        return "text"
    if operator != "&" and left == right == "number":
        return "number"
    if operator in "+-" and left in moments and right == "number":
        return left
    if operator == "+" and left == "number" and right in moments:
        return right
    if operator == "-" and left == right and left in moments:
        return "number"
    expected, wanted = ("Text", "text") if operator == "&" else ("Number, Date, DateTime", "number")
    raise wrong_parameter(f"operator '{operator}'", expected, right if left == wanted else left)


def _plus(one: Any, other: Any) -> Any:
    if isinstance(other, date):
        one, other = other, one
    return one + timedelta(days=float(other)) if isinstance(one, date) else one + other


def _minus(one: Any, other: Any) -> Any:
    if not isinstance(one, date):
        return one - other
    if isinstance(other, date):
        return Decimal((one - other).total_seconds()) / 86_400
    return one - timedelta(days=float(other))


_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": _plus, "-": _minus, "&": lambda one, other: one + other, "*": lambda one, other: one * other,
    "/": lambda one, other: one / other, "^": lambda one, other: one**other,
}  # fmt: skip


def _no_such_field(name: str) -> FormulaError:
    return FormulaError(f"Field {name} does not exist. Check spelling.")
