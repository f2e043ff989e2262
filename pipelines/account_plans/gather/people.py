"""People on both sides, who of us knows whom, and whom to approach next: page 4.

Belongs here: reading the CRM's people, and putting beside them what the partner and our own people say. Does not: telling
the same person again (``joined.py``), whom to approach (``drafts/approach.py``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import duckdb

from pipelines.account_plans.drafts.approach import approaches_of
from pipelines.account_plans.drafts.pen import Pen
from pipelines.account_plans.figure import Figure, Source
from pipelines.account_plans.form.answers import Answer
from pipelines.account_plans.gather.figures import Mart
from pipelines.account_plans.gather.joined import SaidPerson, folded, joined
from pipelines.account_plans.gather.ranks import NO_RANK
from pipelines.account_plans.gather.standing import Standing
from pipelines.account_plans.plan import Acquaintance, Person, Relations, Strength
from pipelines.account_plans.profile.fields import PEOPLE
from pipelines.account_plans.written.models import Knows, Written, WrittenPerson

_PEOPLE = """
SELECT person_id, name, title, department, email, rank, reports_to_id, source, on_date FROM marts.plan_people
WHERE partner = ? AND side = ? ORDER BY rank, department NULLS LAST, name, person_id
"""
_ACQUAINTANCES = """
SELECT our_id, their_id, strength, meetings, last_on FROM marts.plan_acquaintances WHERE partner = ?
ORDER BY list_position(['strong', 'fair', 'weak'], strength), meetings DESC, last_on DESC NULLS LAST, our_id, their_id
"""
STRENGTHS: tuple[Strength, ...] = ("strong", "fair", "weak", "none")


def relations_of(
    con: duckdb.DuckDBPyConnection, standing: Standing, written: Written, answers: Mapping[str, Answer], pen: Pen
) -> Relations:
    """``answers``: the accepted ones, by field: the partner's organisation sheet is ``people``. Only a person gives roles."""
    partner, as_of = standing.partner, standing.as_of
    said = [*_contacts(con, partner, "theirs"), *_answered(answers.get(PEOPLE)), *_written(partner, written.people)]
    told = joined(said)
    theirs = tuple(person for person, _ in told)
    known_by = {person.id: knows for person, knows in told if knows}
    ours = _with_named(tuple(person for person, _ in joined(_contacts(con, partner, "ours"))), known_by, partner)
    acquaintances = _acquaintances(con, partner, as_of, ours, theirs, known_by)
    return Relations(
        theirs,
        ours,
        acquaintances,
        approaches_of(theirs, ours, acquaintances, pen),
        () if theirs else tuple(written.departments),
    )


def _contacts(con: duckdb.DuckDBPyConnection, partner: str, side: str) -> Iterator[SaidPerson]:
    for id, name, title, department, email, rank, above, source, on in con.execute(_PEOPLE, [partner, side]).fetchall():
        yield SaidPerson(name, Source("crm", source, on), id, title, department, email, rank, above)


def _answered(answer: Answer | None) -> Iterator[SaidPerson]:
    """The organisation sheet: objects with name, title, department and the name of whom they report to."""
    if answer is None:
        return
    source = Source("partner", answer.file, answer.filled_in_on)
    for row in answer.value:
        title, department, email, above = (row.get(key) or None for key in ("title", "department", "email", "reports_to"))
        yield SaidPerson(row["name"], source, None, title, department, email, None, above)


def _written(partner: str, people: Sequence[WrittenPerson]) -> Iterator[SaidPerson]:
    source = Source("person", f"{partner}.yaml", None)
    for one in people:
        yield SaidPerson(
            one.name, source, None, one.title, one.department, one.email, None, one.reports_to, one.role, one.note, one.left,
            tuple(one.known_by),
        )  # fmt: skip


def _with_named(ours: tuple[Person, ...], known_by: Mapping[str, Sequence[Knows]], partner: str) -> tuple[Person, ...]:
    """Those of us whom only a person names stand last."""
    known, source = {folded(person.name) for person in ours}, Source("person", f"{partner}.yaml", None)
    named = {folded(one.name): one.name for knows in known_by.values() for one in knows if one.strength != "none"}
    further = sorted(name for key, name in named.items() if key not in known)
    return (
        *ours,
        *(Person(f"person:us:{name}", name, None, None, NO_RANK, None, "unknown", source) for name in further),
    )


def _acquaintances(
    con: duckdb.DuckDBPyConnection,
    partner: str,
    as_of: date,
    ours: Sequence[Person],
    theirs: Sequence[Person],
    known_by: Mapping[str, Sequence[Knows]],
) -> tuple[Acquaintance, ...]:
    """How well, as a person says, else as the CRM shows; ``none`` of a person takes one away."""
    our_names, their_names = ({person.id: person.name for person in side} for side in (ours, theirs))
    ids = {folded(person.name): person.id for person in reversed(ours)}
    stated = {(ids.get(folded(one.name), ""), their): one.strength for their, knows in known_by.items() for one in knows}
    mart, found = Mart("plan_acquaintances", as_of), {}
    for our, their, strength, meetings, last_on in con.execute(_ACQUAINTANCES, [partner]).fetchall():
        if our in our_names and their in their_names:
            found[our, their] = (stated.pop((our, their), strength), meetings, last_on)
    found |= {pair: (strength, None, None) for pair, strength in stated.items()}

    def figure(our: str, their: str, meetings: int | None) -> Figure:
        names = {"ours": our_names[our], "theirs": their_names[their]}
        return mart.figure(f"meetings.{our}.{their}", meetings, "activities", "meetings", **names)

    told = [
        Acquaintance(our, their, strength, figure(our, their, meetings), last_on)
        for (our, their), (strength, meetings, last_on) in found.items()
        if strength != "none"
    ]
    return tuple(
        sorted(told, key=lambda one: (STRENGTHS.index(one.strength), -(one.meetings.value or 0), one.our_id, one.their_id))
    )
