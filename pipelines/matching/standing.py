"""How two records stand to each other after the last run: in one company or two, what people said of them, and what kept a
likely pair apart.

Belongs here: reading ``match.*`` and the decisions. Does not: comparing (``why``), words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any, Literal

import duckdb

from pipelines.matching.decisions import REGISTER
from pipelines.matching.excerpt import excerpt
from pipelines.matching.kanji import tell_kanji
from pipelines.matching.model import Model
from pipelines.matching.resolve import ELSEWHERE, MOST_DOUBLED
from pipelines.matching.why import Comparison, Why, compare_records
from pipelines.review.decisions import Decision, in_force, pair_of

MEMBERS = 20
"""So many records of each company are looked at for what keeps two companies apart."""

_PLACED = """
SELECT l.company_id, c.name, c.corporate_number, l.verdict, l.rule, c.record_count, l.model_version
FROM match.links AS l JOIN match.companies AS c USING (company_id)
WHERE l.record_id = $id AND l.verdict IN ('auto', 'confirmed')
"""
_OF_ENTRY = """
SELECT company_id, name, corporate_number, NULL, NULL, record_count, NULL FROM match.companies WHERE corporate_number = $number
"""
_ASKED = """
SELECT count(*) FROM (
    SELECT record_id AS a, other_record_id AS b FROM match.review_queue
    UNION ALL SELECT other_record_id, record_id FROM match.review_queue
) WHERE a = $a AND b IN ($b, $other)
"""
_PROPOSED = "SELECT count(*) FROM match.links WHERE verdict = 'review' AND record_id = $id AND company_id = $company"
_MEMBERS = """
SELECT r.record_id, r.connection || ':' || r.object AS list FROM match.links AS l JOIN intermediate.records AS r USING (record_id)
WHERE l.company_id = $company AND l.verdict IN ('auto', 'confirmed') ORDER BY r.record_id <> $first, r.record_id LIMIT $most
"""
_KEPT = """
SELECT record_id, other_record_id FROM match.compared
WHERE list_contains($ids, record_id) AND list_contains($ids, other_record_id)
"""
# Other writings of the name, that of the register before those of other records.
_LINKS = """
WITH members AS (
    SELECT l.record_id, l.probability, l.evidence, r.name, r.name_key FROM match.links AS l
    JOIN intermediate.records AS r USING (record_id) WHERE l.company_id = $company AND l.verdict IN ('auto', 'confirmed')
),
entries AS (
    SELECT e.name, e.name_key FROM intermediate.register_entries AS e JOIN match.companies AS c USING (corporate_number)
    WHERE c.company_id = $company
)
SELECT m.record_id, m.probability, m.evidence, m.name, coalesce(
    (SELECT list(e.name) FROM entries AS e WHERE e.name_key = m.name_key),
    (SELECT list(o.name ORDER BY o.record_id) FROM members AS o WHERE o.name_key = m.name_key))
FROM members AS m WHERE len(m.evidence) > 0
"""


@dataclass(frozen=True)
class Placed:
    """The company that a side is in; an entry of the register has neither verdict nor rule."""

    company_id: str
    name: str
    corporate_number: str | None
    verdict: str | None
    rule: str | None
    records: int
    model_version: str | None


Verdict = Literal["confirmed", "one_company", "through_others", "rejected", "unsure", "review", "apart"]
Kind = Literal["place_alone", "numbers", "said_different", "namesakes", "list_twice"]


@dataclass(frozen=True)
class Obstacle:
    """What keeps two apart however likely they are one: of the pair itself (place_alone) or of the companies that they are in."""

    kind: Kind
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Standing:
    """What became of a pair."""

    verdict: Verdict
    left: Placed | None
    right: Placed | None
    said: list[Decision]
    """On this pair first, then on either side."""
    obstacles: list[Obstacle]


def standing(con: duckdb.DuckDBPyConnection, asked: Why, model: Model) -> Standing:
    """What became of that pair. Obstacles are sought only where the pair would otherwise have been joined."""
    a, b = asked.a, asked.current_b
    left, right = _placed(con, a), _placed(con, b)
    sides = {a, b, asked.b}
    said = [decision for decision in in_force(con) if sides & set(decision.pair)]
    on_pair = [decision for decision in said if set(decision.pair) <= sides]
    verdict = _verdict(con, asked, left, right, on_pair[-1].decision if on_pair else None, model)
    likely = asked.comparison.probability >= model.auto and verdict in ("review", "apart", "unsure")
    return Standing(
        verdict, left, right,
        [*on_pair, *(decision for decision in said if decision not in on_pair)],
        _own_obstacles(asked) + _obstacles(con, a, b, left, right, model) if likely else [],
    )  # fmt: skip


def placing_evidence(con: duckdb.DuckDBPyConnection, company_id: str) -> dict[str, tuple[list[dict[str, Any]], float]]:
    """Evidence and probability of each record's link to that company; a record that stands alone or was placed by a person has
    none."""
    rows = con.execute(_LINKS, {"company": company_id}).fetchall()
    return {id: (tell_kanji(evidence, name, others or []), probability) for id, probability, evidence, name, others in rows}


def _placed(con: duckdb.DuckDBPyConnection, side: str) -> Placed | None:
    number = side.removeprefix(REGISTER)
    row = con.execute(*((_OF_ENTRY, {"number": number}) if number != side else (_PLACED, {"id": side}))).fetchone()
    return Placed(*row) if row else None


def _verdict(
    con: duckdb.DuckDBPyConnection, asked: Why, left: Placed | None, right: Placed | None, said: str | None, model: Model
) -> Verdict:
    if left and right and left.company_id == right.company_id:
        if said == "same":
            return "confirmed"
        return "one_company" if asked.comparison.probability >= model.auto and asked.candidate else "through_others"
    if said == "different":
        return "rejected"
    if said == "unsure":
        return "unsure"
    return "review" if _in_review(con, asked, left, right) else "apart"


def _in_review(con: duckdb.DuckDBPyConnection, asked: Why, left: Placed | None, right: Placed | None) -> bool:
    pair = {"a": asked.a, "b": asked.b, "other": asked.current_b}
    if con.execute(_ASKED, pair).fetchall()[0][0]:
        return True
    proposals = [(asked.a, right), (asked.b, left)]
    return any(
        con.execute(_PROPOSED, {"id": record, "company": company.company_id}).fetchall()[0][0]
        for record, company in proposals
        if company
    )


# lists that show that they name companies more than once, as ``resolve`` counts them
_DOUBLED = """
WITH lists AS (SELECT record_id, connection || ':' || object AS list FROM intermediate.records),
alike AS (
    SELECT DISTINCT unnest([c.record_id, c.other_record_id]) AS record_id
    FROM match.compared AS c JOIN lists AS a ON a.record_id = c.record_id JOIN lists AS b ON b.record_id = c.other_record_id
    WHERE a.list = b.list AND c.score >= log2($review / (1 - $review))
)
SELECT l.list FROM lists AS l LEFT JOIN alike AS d USING (record_id) GROUP BY l.list HAVING count(d.record_id) > $most * count(*)
"""


def _own_obstacles(asked: Why) -> list[Obstacle]:
    return [] if asked.comparison.may_place else [Obstacle("place_alone")]


def _obstacles(
    con: duckdb.DuckDBPyConnection, a: str, b: str, left: Placed | None, right: Placed | None, model: Model
) -> list[Obstacle]:
    ours, theirs = _members(con, a, left), _members(con, b, right)
    found = []
    numbers = left.corporate_number if left else None, right.corporate_number if right else b.removeprefix(REGISTER)
    if all(numbers) and numbers[0] != numbers[1]:
        found.append(Obstacle("numbers", {"a": str(numbers[0]), "b": str(numbers[1])}))
    across = {pair_of(*pair) for pair in product(ours, theirs)}
    found += [
        Obstacle("said_different", {"a": d.record_id, "b": d.other_record_id, "by": d.decided_by})
        for d in in_force(con)
        if d.decision == "different" and d.pair in across
    ]
    compared = _compared_across(con, ours, theirs, model)
    if not any(numbers):
        apart = [c for c in compared if c.place_code in ELSEWHERE and c.probability < 0.5]
        found += [Obstacle("namesakes", {"a": c.a, "b": c.b}) for c in apart[:1]]
    lists = ours | theirs
    alike = {lists[c.a] for c in compared if c.probability >= model.review and lists[c.a] == lists[c.b]}
    twice = {name for name in ours.values() if name} & {name for name in theirs.values() if name}
    if suspected := twice - alike:
        doubled = {name for (name,) in con.execute(_DOUBLED, {"review": model.review, "most": MOST_DOUBLED}).fetchall()}
        found += [Obstacle("list_twice", {"list": name}) for name in sorted(suspected - doubled)]
    return found


def _members(con: duckdb.DuckDBPyConnection, side: str, placed: Placed | None) -> dict[str, str | None]:
    """The company's records and the lists they stand on; an entry of the register stands on none."""
    members: dict[str, str | None] = {side: None} if side.startswith(REGISTER) else {}
    if placed:
        members |= con.execute(_MEMBERS, {"company": placed.company_id, "first": side, "most": MEMBERS}).fetchall()
    return members


def _compared_across(
    con: duckdb.DuckDBPyConnection, ours: dict[str, str | None], theirs: dict[str, str | None], model: Model
) -> Sequence[Comparison]:
    """Comparisons of the records of two companies with each other, of those that the last run compared and kept."""
    ids = [id for id in {**ours, **theirs} if not id.startswith(REGISTER)]
    kept = {pair_of(*pair) for pair in con.execute(_KEPT, {"ids": ids}).fetchall()}
    pairs = [pair for pair in product(ours, theirs) if pair_of(*pair) in kept]
    if not pairs:
        return []
    with excerpt(con, ids, []) as world:
        return compare_records(world, pairs, model)
