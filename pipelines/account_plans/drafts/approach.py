"""Whom at the partner to approach next, through whom, and why: whoever decides and is not known to us, by the nearest person
who is.

Belongs here: choosing and wording it. Does not: people themselves (``gather/people.py``). Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipelines.account_plans.drafts.pen import Clause, Draft, Pen
from pipelines.account_plans.plan import Acquaintance, Approach, Person, Role

PREFIX = "relations.approach"
MOST = 5
_WANTED: tuple[Role, ...] = ("decision_maker", "key_person", "unknown")
_UPPER = 4
"""Of people whose role nobody has told: those of the highest ranks, down to heads of a division."""
_KNOWN_WELL = ("strong", "fair")


@dataclass(frozen=True)
class _Bridge:
    """Somebody there whom one of us knows well. ``how``: below, above, line, department or company."""

    person: Person
    how: str
    known: Acquaintance
    steps: int
    """Along the reporting line; 0 where none leads there."""


def approaches_of(
    theirs: Sequence[Person], ours: Sequence[Person], acquaintances: Sequence[Acquaintance], pen: Pen
) -> tuple[Approach, ...]:
    """At most ``MOST`` drafts: decision makers first, then key persons, then high ranks without a role. ``acquaintances``: the
    best first. ``through_id`` is somebody at the partner, or one of us who knows the person slightly already; ``their_id`` of
    a person's own words is whoever they name, else empty."""
    known: dict[str, list[Acquaintance]] = {}
    for one in acquaintances:
        known.setdefault(one.their_id, []).append(one)
    names = {person.id: person for person in (*theirs, *ours)}
    drafted: list[tuple[str, str | None, Draft]] = []
    for person in _wanted(theirs, known)[:MOST]:
        direct = next(iter(known.get(person.id, ())), None)
        bridge = _bridge(person, theirs, known)
        if bridge and bridge.steps != 1 and direct and direct.meetings.value:
            bridge = None  # who has met the person needs no long way round
        through = bridge.person.id if bridge else direct.our_id if direct else None
        drafted.append((person.id, through, [_why(person, direct, pen), _how(bridge, direct, names, pen)]))
    return _told(drafted, theirs, pen)


def _told(drafted: Sequence[tuple[str, str | None, Draft]], theirs: Sequence[Person], pen: Pen) -> tuple[Approach, ...]:
    by_slot = {f"{PREFIX}.{n}": (their, through) for n, (their, through, _) in enumerate(drafted, start=1)}
    told = []
    for sentence in pen.sentences(PREFIX, [draft for _, _, draft in drafted]):
        their, through = by_slot.get(sentence.slot, ("", None))
        if sentence.written:
            named = next((person.id for person in theirs if person.name in sentence.words), None)
            their, through = (their, through) if named in (None, their) else (named or "", None)
        told.append(Approach(their, through, sentence))
    return tuple(told)


def _wanted(theirs: Sequence[Person], known: Mapping[str, Sequence[Acquaintance]]) -> list[Person]:
    """Those who matter and whom nobody of us knows well."""
    new = [
        person
        for person in theirs
        if person.role in _WANTED
        and (person.role != "unknown" or person.rank <= _UPPER)
        and not any(one.strength in _KNOWN_WELL for one in known.get(person.id, ()))
    ]
    return sorted(new, key=lambda person: (_WANTED.index(person.role), person.rank, person.name, person.id))


def _bridge(person: Person, theirs: Sequence[Person], known: Mapping[str, Sequence[Acquaintance]]) -> _Bridge | None:
    """The nearest in the reporting line, then in the department, then anywhere; no opponent. Of equals the best known."""
    lines = _distances(person, theirs)
    options = []
    for other in theirs:
        best = next((one for one in known.get(other.id, ()) if one.strength in _KNOWN_WELL), None)
        if best and other.id != person.id and other.role != "opponent":
            near = (0, *lines[other.id]) if other.id in lines else (1 if _same_department(person, other) else 2, 0, "")
            order = (
                *near[:2],
                other.role != "supporter",
                _KNOWN_WELL.index(best.strength),
                -(best.meetings.value or 0),
                other.id,
            )
            how = near[2] or ("department" if near[0] == 1 else "company")
            options.append((order, _Bridge(other, how, best, near[1])))
    return min(options, key=lambda option: option[0])[1] if options else None


def _distances(person: Person, theirs: Sequence[Person]) -> dict[str, tuple[int, str]]:
    """id -> (steps along reporting lines, whether it is all the way below or above the person, or both)."""
    near: dict[str, set[tuple[str, str]]] = {other.id: set() for other in theirs}
    for other in theirs:
        if other.reports_to in near:
            near[other.reports_to].add((other.id, "below"))
            near[other.id].add((other.reports_to, "above"))
    found: dict[str, tuple[int, str]] = {person.id: (0, "")}
    waiting = [person.id]
    while waiting:
        at = waiting.pop(0)
        steps, so_far = found[at]
        for other_id, way in sorted(near[at]):
            if other_id not in found:
                found[other_id] = (steps + 1, way if so_far in ("", way) else "line")
                waiting.append(other_id)
    return found


def _same_department(one: Person, other: Person) -> bool:
    return bool(one.department) and one.department == other.department


def _why(person: Person, direct: Acquaintance | None, pen: Pen) -> Clause:
    kind = "barely" if direct else "nobody"
    return Clause(f"plan.draft.approach.{person.role}.{kind}", words={"person": _named(person, pen)})


def _how(bridge: _Bridge | None, direct: Acquaintance | None, names: Mapping[str, Person], pen: Pen) -> Clause:
    if bridge:
        words = {"bridge": _named(bridge.person, pen), "ours": names[bridge.known.our_id].name}
        return _met(f"plan.draft.approach.through.{bridge.how}", bridge.known, words, pen)
    if direct:
        return _slightly(direct, {"ours": names[direct.our_id].name}, pen)
    return Clause("plan.draft.approach.no_way")


def _met(key: str, known: Acquaintance, words: dict[str, str], pen: Pen) -> Clause:
    """With how often and when last, where the CRM tells; without, where a person merely says so."""
    if known.meetings.value and known.last_on:
        return Clause(f"{key}.met", {"meetings": known.meetings}, {**words, "day": pen.day(known.last_on)})
    return Clause(f"{key}.said", words=words)


def _slightly(known: Acquaintance, words: dict[str, str], pen: Pen) -> Clause:
    """As above, or that it was long ago, or that one of us merely owns the contact."""
    key = "plan.draft.approach.direct"
    if known.meetings.value == 0:
        if known.last_on:
            return Clause(f"{key}.long_ago", words={**words, "day": pen.day(known.last_on)})
        return Clause(f"{key}.owner", words=words)
    return _met(key, known, words, pen)


def _named(person: Person, pen: Pen) -> str:
    """Name with department and title, as far as they are known."""
    post = " ".join(part for part in (person.department, person.title) if part)
    return pen.words("plan.draft.approach.person", name=person.name, post=post) if post else person.name
