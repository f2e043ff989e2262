"""Functions of Salesforce's formulas that choose between their arguments, or look at the record and its past.

Belongs here: AND, IF, CASE, ISBLANK, ISCHANGED and their like. Does not: functions of plain values (``formula_functions.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from connectors.sandbox.salesforce.formula_functions import FormulaError, compared
from connectors.sandbox.salesforce.formula_kinds import NAMES, Expression, fitting, no_picklist, read, wrong_parameter
from connectors.sandbox.salesforce.schema import Field


def logical(where: str, parts: list[Expression], join: Callable[[Iterable[bool]], bool]) -> Expression:
    """Booleans joined by ``any`` or ``all``. Raises ``FormulaError``."""
    checked = [fitting(where, part, "boolean") for part in parts]
    return Expression("boolean", lambda case: join(each.of(case) for each in checked))


def _same_kind(name: str, each: list[Expression]) -> str:
    """The one kind of several results. Raises ``FormulaError``."""
    for one in each:
        no_picklist(one)
    kinds = [one.kind for one in each if one.kind != "null"]
    for kind in kinds:
        if kind != kinds[0]:
            raise wrong_parameter(f"function '{name}()'", NAMES[kinds[0]], kind)
    return kinds[0] if kinds else "null"


def _if(name: str, given: list[Expression]) -> Expression:
    test, yes, no = fitting("function 'IF()'", given[0], "boolean"), given[1], given[2]
    return Expression(_same_kind(name, given[1:]), lambda case: (yes if test.of(case) else no).of(case))


def _case(name: str, given: list[Expression]) -> Expression:
    if len(given) % 2:
        expected = len(given) + 1
        raise FormulaError(f"Incorrect number of parameters for function 'CASE()'. Expected {expected}, received {len(given)}")
    asked, pairs, other = given[0], list(zip(given[1:-1:2], given[2:-1:2], strict=True)), given[-1]
    kind = _same_kind(name, [*(result for _, result in pairs), other])
    return Expression(
        kind,
        lambda case: next((result for value, result in pairs if compared("=", asked.of(case), value.of(case))), other).of(case),
    )


def _blank(name: str, given: list[Expression]) -> Expression:
    return Expression("boolean", lambda case: given[0].of(case) in (None, ""))


def _blank_value(name: str, given: list[Expression]) -> Expression:
    kind = _same_kind(name, given)
    return Expression(kind, lambda case: given[1].of(case) if given[0].of(case) in (None, "") else given[0].of(case))


def _picked(name: str, given: list[Expression]) -> Expression:
    asked = fitting("function 'ISPICKVAL()'", given[0], "picklist")
    return Expression("boolean", lambda case: asked.of(case) == given[1].of(case))


def _includes(name: str, given: list[Expression]) -> Expression:
    asked = fitting("function 'INCLUDES()'", given[0], "multipicklist")
    return Expression("boolean", lambda case: given[1].of(case) in asked.of(case).split(";"))


def _own_field(name: str, given: list[Expression]) -> Field:
    if given[0].field is None:
        raise FormulaError(f"Incorrect parameter for function '{name}()'. Expected a field of the record")
    return given[0].field


def _changed(name: str, given: list[Expression]) -> Expression:
    each = _own_field(name, given)
    return Expression("boolean", lambda case: bool(case.before) and read(each, case.before) != read(each, case.doc))


def _prior(name: str, given: list[Expression]) -> Expression:
    each = _own_field(name, given)
    return Expression(given[0].kind, lambda case: read(each, case.before or case.doc))


CHOICES: dict[str, tuple[int, int | None, Callable[[str, list[Expression]], Expression]]] = {
    "AND": (1, None, lambda name, given: logical(f"function '{name}()'", given, all)),
    "OR": (1, None, lambda name, given: logical(f"function '{name}()'", given, any)),
    "IF": (3, 3, _if),
    "CASE": (4, None, _case),
    "ISBLANK": (1, 1, _blank),
    "ISNULL": (1, 1, _blank),
    "BLANKVALUE": (2, 2, _blank_value),
    "NULLVALUE": (2, 2, _blank_value),
    "ISPICKVAL": (2, 2, _picked),
    "INCLUDES": (2, 2, _includes),
    "ISCHANGED": (1, 1, _changed),
    "PRIORVALUE": (1, 1, _prior),
    "ISNEW": (0, 0, lambda name, given: Expression("boolean", lambda case: not case.before)),
    "TODAY": (0, 0, lambda name, given: Expression("date", lambda case: case.now.date())),
    "NOW": (0, 0, lambda name, given: Expression("datetime", lambda case: case.now)),
}
