"""The SOQL subset: text to a syntax tree.

Belongs here: the grammar and its errors. Does not: the tree (``soql_tree.py``, ``soql_reader.py``), whether a field exists or
what a comparison means (``soql_sql.py``). Served: field lists with relationship fields, ``FIELDS()``, child subqueries,
``COUNT()``, aggregate and date functions with GROUP BY and HAVING, WHERE with AND, OR, NOT, parentheses,
``= != <> < <= > >= LIKE IN NOT IN INCLUDES EXCLUDES``, semi-joins, date literals, ORDER BY, LIMIT, OFFSET, ALL ROWS. As in
Salesforce, AND and OR do not mix without parentheses. USING SCOPE, WITH and FOR are read and change nothing, for every user
sees all rows. Not served: TYPEOF, toLabel(), format(), convertCurrency(), convertTimezone(), ROLLUP, CUBE, SOSL.
"""

from __future__ import annotations

import re

from lark import Lark, UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from connectors.sandbox.salesforce.errors import SalesforceError
from connectors.sandbox.salesforce.soql_reader import Reader
from connectors.sandbox.salesforce.soql_tree import Query

_GRAMMAR = r"""
start: SELECT _selected FROM NAME alias? scope? where? with_? (group having?)? order? limit? offset? all_rows? seen*
_selected: count | fields
count: COUNT "(" ")"
fields: _selectable ("," _selectable)*
_selectable: item | all_of | "(" child ")"
item: _operand NAME?
_operand: PATH_OR_NAME | function
function: FUNCTION "(" PATH_OR_NAME ")"
all_of: FIELDS "(" KIND ")"
child: SELECT fields FROM NAME alias? where? order? limit?
alias: NAME
scope: USING SCOPE NAME
with_: WITH (SECURITY_ENFORCED | USER_MODE | SYSTEM_MODE)
group: GROUP BY _operand ("," _operand)*
having: HAVING _condition
seen: FOR (VIEW | REFERENCE | UPDATE)
where: WHERE _condition
_condition: _unary | and_ | or_
and_: _unary (AND _unary)+
or_: _unary (OR _unary)+
_unary: not_ | "(" _condition ")" | comparison | membership | semi_join | chosen
not_: NOT _unary
comparison: _operand (OPERATOR | LIKE) _value
membership: _operand NOT? IN "(" _value ("," _value)* ")"
semi_join: _operand NOT? IN "(" subquery ")"
subquery: SELECT PATH_OR_NAME FROM NAME where?
chosen: _operand (INCLUDES | EXCLUDES) "(" STRING ("," STRING)* ")"
_value: STRING | DATETIME | DATE | NUMBER | RELATIVE | TRUE | FALSE | NULL
order: ORDER BY ordering ("," ordering)*
ordering: _operand (ASC | DESC)? (NULLS (FIRST | LAST))?
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
FIELDS.3: /FIELDS(?=\s*\()/i
COUNT.4: /COUNT(?=\s*\(\s*\))/i
KIND: /(ALL|STANDARD|CUSTOM)(?!\w)/i
FUNCTION.3: /(COUNT|COUNT_DISTINCT|MIN|MAX|SUM|AVG)(?=\s*\()/i
          | /(CALENDAR_(YEAR|QUARTER|MONTH)|FISCAL_(YEAR|QUARTER|MONTH)|DAY_IN_(MONTH|WEEK|YEAR)|DAY_ONLY|HOUR_IN_DAY)(?=\s*\()/i
RELATIVE.5: /(TODAY|YESTERDAY|TOMORROW|(LAST|THIS|NEXT)_(WEEK|MONTH|(FISCAL_)?(QUARTER|YEAR))|(LAST|NEXT)_90_DAYS)(?![\w:])/i
          | /((LAST|NEXT)_N_(DAYS|WEEKS|MONTHS|(FISCAL_)?(QUARTERS|YEARS))):\d+(?!\w)/i
          | /N_(DAYS|WEEKS|MONTHS|(FISCAL_)?(QUARTERS|YEARS))_AGO:\d+(?!\w)/i
%ignore /\s+/
"""
_KEYWORDS = (
    "SELECT FROM USING SCOPE WHERE AND OR NOT LIKE IN INCLUDES EXCLUDES WITH SECURITY_ENFORCED USER_MODE SYSTEM_MODE "
    "GROUP HAVING ORDER BY ASC DESC NULLS FIRST LAST LIMIT OFFSET ALL ROWS FOR VIEW REFERENCE UPDATE TRUE FALSE NULL"
)
# A keyword is a whole word: without the look-ahead a field called Orders would read as ORDER and an s.
_PARSER = Lark(
    _GRAMMAR + "\n".join(rf"{word}.2: /{word}(?![\w.])/i" for word in _KEYWORDS.split()), parser="lalr", maybe_placeholders=False
)


def parse(text: str) -> Query:
    """The tree of a query. Raises ``SalesforceError`` MALFORMED_QUERY."""
    try:
        tree = _PARSER.parse(text)
    except UnexpectedInput as wrong:
        raise _malformed(text, wrong) from None
    return Reader(text).transform(tree)


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
