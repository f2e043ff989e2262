"""Who is at the partner, out of what our CRM, the partner and our own people say: one person each, the most trusted last.

Belongs here: telling the same person again, and whose word counts. Does not: reading anything (``people.py``). Pure.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pipelines.account_plans.figure import Source
from pipelines.account_plans.gather.ranks import rank_of
from pipelines.account_plans.plan import Person, Role
from pipelines.account_plans.written.models import Knows


@dataclass(frozen=True)
class SaidPerson:
    """What one source says of somebody. ``reports_to``: an id, or a name. ``id``, ``rank``: of a CRM's contact alone."""

    name: str
    source: Source
    id: str | None = None
    title: str | None = None
    department: str | None = None
    email: str | None = None
    rank: int | None = None
    reports_to: str | None = None
    role: Role = "unknown"
    note: str | None = None
    left: bool = False
    known_by: tuple[Knows, ...] = ()


def folded(name: str) -> str:
    """A name or address as it is compared: width, case and spaces do not matter."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def joined(said: Iterable[SaidPerson]) -> list[tuple[Person, tuple[Knows, ...]]]:
    """``said``: the least trusted first. One entry each, by rank, department, name and id; whoever left is left out."""
    people: list[SaidPerson] = []
    for one in said:
        at = _place(people, one)
        if at is None:
            people.append(one if one.id else replace(one, id=_new_id(one, people)))
        else:
            people[at] = _over(people[at], one)
    stay = [one for one in people if not one.left]
    ids = {**{folded(one.name): _id(one) for one in reversed(stay)}, **{_id(one): _id(one) for one in stay}}
    above = _without_circles({_id(one): _above(one, ids) for one in stay})
    told = [(_person(one, above[_id(one)]), one.known_by) for one in stay]
    return sorted(told, key=lambda entry: (entry[0].rank, entry[0].department or "", entry[0].name, entry[0].id))


def _place(people: Sequence[SaidPerson], one: SaidPerson) -> int | None:
    """Where the same person stands already: by address, else by name. Two contacts of a CRM are two people, and so are two of
    one name whom one source gives two departments or two addresses."""
    if one.id:
        return None
    by_address = (n for n, known in enumerate(people) if one.email and folded(known.email or "") == folded(one.email))
    named = (n for n, known in enumerate(people) if folded(known.name) == folded(one.name))
    by_name = (n for n in named if people[n].source != one.source or _told_alike(people[n], one))
    return next(by_address, next(by_name, None))


def _told_alike(known: SaidPerson, one: SaidPerson) -> bool:
    return known.department == one.department and folded(known.email or "") == folded(one.email or "")


def _new_id(one: SaidPerson, people: Sequence[SaidPerson]) -> str:
    taken = sum(known.name == one.name and known.source.trust == one.source.trust for known in people)
    return f"{one.source.trust}:{one.name}" + (f":{taken + 1}" if taken else "")


def _over(known: SaidPerson, one: SaidPerson) -> SaidPerson:
    """What is said later counts, where it says something."""
    return replace(
        known,
        source=one.source,
        title=one.title or known.title,
        rank=None if one.title and one.title != known.title else known.rank,
        department=one.department or known.department,
        email=one.email or known.email,
        reports_to=one.reports_to or known.reports_to,
        role=one.role if one.role != "unknown" else known.role,
        note=one.note or known.note,
        left=one.left,
        known_by=one.known_by or known.known_by,
    )


def _id(one: SaidPerson) -> str:
    return one.id or one.name


def _above(one: SaidPerson, ids: dict[str, str]) -> str | None:
    found = ids.get(one.reports_to) or ids.get(folded(one.reports_to)) if one.reports_to else None
    return None if found == _id(one) else found


def _without_circles(above: dict[str, str | None]) -> dict[str, str | None]:
    """Nobody stands above himself: the line that closes a circle is left out."""
    kept: dict[str, str | None] = dict.fromkeys(above)
    for person in sorted(above):
        superior = above[person]
        climbed = superior
        while climbed is not None and climbed != person:
            climbed = kept[climbed]
        kept[person] = superior if climbed is None else None
    return kept


def _person(one: SaidPerson, above: str | None) -> Person:
    rank = one.rank if one.rank is not None else rank_of(one.title)
    return Person(_id(one), one.name, one.title, one.department, rank, above, one.role, one.source, one.note)
