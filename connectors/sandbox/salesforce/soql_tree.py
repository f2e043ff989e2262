"""The parts of a parsed SOQL query.

Belongs here: what a query is made of. Does not: reading it from text (``soql.py``), what it means (``soql_sql.py``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Path:
    """A field, perhaps over relationships: ``("Account", "Name")``; ``at`` is where it stands in the text, from 0."""

    parts: tuple[str, ...]
    at: int
    alias: str | None = None

    @property
    def text(self) -> str:
        return ".".join(self.parts)


@dataclass(frozen=True)
class Function:
    """A function of a field: ``COUNT(Id)``, ``CALENDAR_YEAR(CreatedDate)``; ``name`` in capitals."""

    name: str
    path: Path
    at: int
    alias: str | None = None


@dataclass(frozen=True)
class Fields:
    """``FIELDS(ALL)``, ``FIELDS(STANDARD)`` or ``FIELDS(CUSTOM)``; ``which`` in capitals."""

    which: str
    at: int


Operand = Path | Function


@dataclass(frozen=True)
class Literal:
    """A value: ``kind`` is string, datetime, date, number, relative, boolean or null."""

    kind: str
    value: Any


@dataclass(frozen=True)
class Comparison:
    path: Operand
    operator: str
    value: Literal


@dataclass(frozen=True)
class Membership:
    """``operator``: in, not in, includes, excludes."""

    path: Operand
    operator: str
    values: tuple[Literal, ...]


@dataclass(frozen=True)
class SemiJoin:
    path: Operand
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
    path: Operand
    descending: bool
    nulls_last: bool


@dataclass(frozen=True)
class Query:
    """A parsed query; ``fields`` is ``None`` for ``COUNT()``. In a child subquery ``type_name`` is a relationship."""

    text: str
    type_name: str
    type_at: int
    fields: tuple[Operand | Fields | Query, ...] | None
    where: Condition | None = None
    group: tuple[Operand, ...] = ()
    having: Condition | None = None
    order: tuple[Ordering, ...] = ()
    limit: int | None = None
    offset: int = 0
    all_rows: bool = False
    alias: str | None = None
