"""Where people stand on the relation map: columns are departments, rows are ranks, on one grid for the whole slide, so that
the gaps between boxes are free for lines. Pure geometry.

Belongs here: which department comes where, how many columns it takes, what goes on the next slide. Does not: the lines
(``relation_lines.py``), how a box looks (``relations.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from pipelines.account_plans.drawing.scene import Rect
from pipelines.account_plans.plan import Person

HEAD = 18.0
"""Height of a department's name over its boxes."""
GUTTER = 24.0
"""Width of the gap beside a column of boxes: lines run there."""


@dataclass(frozen=True)
class Size:
    """How large a person's box is: its height, its smallest and largest width, the gap under it, the size of its words."""

    height: float
    width: float
    widest: float
    gap: float
    words: float


SIZES = (Size(60, 190, 260, 24, 13), Size(46, 150, 190, 14, 10.5), Size(40, 122, 170, 11, 9.5), Size(35, 92, 150, 9, 8.5))
"""From large to small; the largest with which everybody fits is taken."""
NARROW = Size(35, 74, 150, 9, 8.0)
"""Where that keeps everybody on one slide with the list of approaches."""


@dataclass(frozen=True)
class Placed:
    """A person at a column and row of the grid."""

    person: Person
    column: int
    row: int
    place: Rect


@dataclass(frozen=True)
class Department:
    """A department's surface. ``name`` is None where people's department is not known; ``continued``: it began before."""

    name: str | None
    place: Rect
    continued: bool = False


@dataclass(frozen=True)
class Sheet:
    """One slide's grid. ``columns`` and ``rows`` are the left edges of columns and the upper edges of rows."""

    size: Size
    room: Rect
    departments: tuple[Department, ...]
    placed: tuple[Placed, ...]
    columns: tuple[float, ...]
    rows: tuple[float, ...]
    width: float
    """Of a box."""

    def at(self, person_id: str) -> Placed | None:
        return next((one for one in self.placed if one.person.id == person_id), None)


@dataclass(frozen=True)
class _Group:
    name: str | None
    people: tuple[Person, ...]
    continued: bool = False

    def of_rank(self, rank: int) -> list[Person]:
        return [person for person in self.people if person.rank == rank]


def sheets_of(people: Sequence[Person], room: Rect, size: Size) -> list[Sheet]:
    """Everybody on as many sheets as it takes; departments in the order of their highest rank, then by name."""
    waiting, sheets = _groups(people), list[Sheet]()
    while waiting:
        count = next((n for n in range(len(waiting), 0, -1) if _shares(waiting[:n], room, size)), 0)
        if count:
            taken, waiting = waiting[:count], waiting[count:]
        else:
            first, rest = _halved(waiting[0], room, size)
            taken, waiting = [first], [rest, *waiting[1:]]
        sheets.append(_sheet(taken, _shares(taken, room, size) or [1], room, size))
    return sheets


def _groups(people: Sequence[Person]) -> list[_Group]:
    """By department; within one by rank, then by name. People without a department come last."""

    def department(person: Person) -> str:
        return person.department or ""

    groups = [
        _Group(name or None, tuple(sorted(of, key=lambda person: (person.rank, person.name, person.id))))
        for name, of in groupby(sorted(people, key=department), key=department)
    ]
    return sorted(groups, key=lambda group: (group.name is None, group.people[0].rank, group.name or ""))


def _ranks(groups: Sequence[_Group]) -> list[int]:
    return sorted({person.rank for group in groups for person in group.people})


def _rows_needed(groups: Sequence[_Group], shares: Sequence[int], rank: int) -> int:
    return max(-(-len(group.of_rank(rank)) // share) for group, share in zip(groups, shares, strict=True))


def _shares(groups: Sequence[_Group], room: Rect, size: Size) -> list[int] | None:
    """How many columns each department gets so that all fit the room; None where they cannot. The department that makes
    the highest row gets another column, as long as there is one."""
    most_columns = int((room.width - GUTTER) // (size.width + GUTTER))
    most_rows = int((room.height - HEAD) // (size.height + size.gap))
    shares, ranks = [1] * len(groups), _ranks(groups)
    if len(groups) > most_columns or len(ranks) > most_rows:
        return None
    while sum(_rows_needed(groups, shares, rank) for rank in ranks) > most_rows:
        if sum(shares) == most_columns:
            return None
        tall = max(ranks, key=lambda rank: (_rows_needed(groups, shares, rank), -rank))
        widen = max(range(len(groups)), key=lambda i: (-(-len(groups[i].of_rank(tall)) // shares[i]), -i))
        shares[widen] += 1
    return shares


def _halved(group: _Group, room: Rect, size: Size) -> tuple[_Group, _Group]:
    """As many of a department's people as fit one sheet, and the others."""
    for count in range(len(group.people) - 1, 1, -1):
        first = _Group(group.name, group.people[:count], group.continued)
        if _shares([first], room, size):
            return first, _Group(group.name, group.people[count:], continued=True)
    return _Group(group.name, group.people[:1], group.continued), _Group(group.name, group.people[1:], continued=True)


def _sheet(groups: Sequence[_Group], shares: Sequence[int], room: Rect, size: Size) -> Sheet:
    ranks, count = _ranks(groups), sum(shares)
    width = min(size.widest, (room.width - GUTTER) / count - GUTTER)
    columns = tuple(room.x + GUTTER + i * (width + GUTTER) for i in range(count))
    needed = [_rows_needed(groups, shares, rank) for rank in ranks]
    pitch = min(size.height + 2.5 * size.gap, (room.height - HEAD) / sum(needed))
    rows = tuple(room.y + HEAD + i * pitch for i in range(sum(needed)))
    placed: list[Placed] = []
    departments: list[Department] = []
    for i, (group, share) in enumerate(zip(groups, shares, strict=True)):
        left = sum(shares[:i])
        for j, rank in enumerate(ranks):
            for k, person in enumerate(group.of_rank(rank)):
                column, row = left + k % share, sum(needed[:j]) + k // share
                placed.append(Placed(person, column, row, Rect(columns[column], rows[row], width, size.height)))
        surface = Rect(columns[left] - GUTTER / 2 + 1, room.y, share * (width + GUTTER) - 2, HEAD + len(rows) * pitch)
        departments.append(Department(group.name, surface, group.continued))
    return Sheet(size, room, tuple(departments), tuple(placed), columns, rows, width)
