"""Why two records are one company or are not, as sentences around a waterfall.

Belongs here: filling texts with what matching tells of a pair. Does not: comparing (``pipelines.matching.why``), what became of
the pair (``pipelines.matching.standing``), printing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import tzinfo

import duckdb

from pipelines.explain.words import Step, filled
from pipelines.matching.decisions import REGISTER
from pipelines.matching.model import Model
from pipelines.matching.standing import Placed, Standing, standing
from pipelines.matching.why import Comparison, Why, why
from pipelines.matching.words import percent
from pipelines.registrations import Refused
from pipelines.review.answers import answer_word
from pipelines.review.questions import Side, sides_of
from pipelines.texts import text

SAID = 10
"""So many decisions are told, those on the pair itself first."""


@dataclass(frozen=True)
class PairStory:
    """What is told of a pair: who they are, the verdict, then the evidence of ``comparison``, then the rest."""

    before: list[Step]
    comparison: Comparison
    after: list[Step]


def pair_story(con: duckdb.DuckDBPyConnection, a: str, b: str, model: Model, language: str, zone: tzinfo | None) -> PairStory:
    """Two records of the published copy, or one and an entry of the register, by their ids. Raises ``Refused`` for two entries
    or one record twice."""
    if a == b:
        raise Refused("same_record", asked=a)
    if a.startswith(REGISTER):
        a, b = b, a
    if a.startswith(REGISTER):
        raise Refused("two_entries")
    asked = why(con, a, b, model)
    stands = standing(con, asked, model)
    sides = sides_of(con, (a, b))
    before = [*_sides(asked, [sides[a], sides[b]], language), *_verdict(asked, stands, model, language)]
    after = [
        *_candidates(asked, language),
        *_placed(asked, stands, language),
        *_said(stands, language, zone),
    ]
    return PairStory(before, asked.comparison, after)


def _step(section: str, key: str, language: str, **values: str | None) -> Step:
    return Step(text(f"explain.section.{section}", language), filled(f"explain.pair.{key}", language, values))


def _sides(asked: Why, sides: list[Side], language: str) -> Iterator[Step]:
    for number, side in enumerate(sides, 1):
        party = text("review.register", language) if side.record_id.startswith(REGISTER) else side.party_name or side.party
        name = side.name or text("explain.pair.unnamed", language)
        told = {"party": party, "name": name, "record_id": side.record_id, "place": side.address}
        yield _step("pair", "side", language, number=str(number), **told)
    if asked.b != asked.current_b:
        old, new = (side.removeprefix(REGISTER) for side in (asked.b, asked.current_b))
        yield _step("pair", "successor", language, old=old, new=new)


def _verdict(asked: Why, stands: Standing, model: Model, language: str) -> Iterator[Step]:
    yield _step("verdict", stands.verdict, language)
    probability = asked.comparison.probability
    level = "above" if probability >= model.auto else "between" if probability >= model.review else "below"
    # finer than elsewhere: a hair below the threshold must not look as if it reached it
    shares = {"probability": percent(probability, 2), "auto": percent(model.auto, 2), "review": percent(model.review, 2)}
    yield _step("verdict", level, language, **shares)
    for obstacle in stands.obstacles:
        yield _step("held", obstacle.kind, language, **obstacle.values)
    if level == "above" and asked.candidate and stands.verdict in ("apart", "review") and not stands.obstacles:
        yield _step("held", "surer", language)


def _candidates(asked: Why, language: str) -> Iterator[Step]:
    keys = text("evidence.joiner", language).join(text(f"explain.key.{key}", language) for key in asked.keys)
    if asked.candidate:
        key = "candidate"
    elif not asked.keys:
        key = "no_key"
    else:
        key = "dropped" if asked.dropped else "crowded"
    yield _step("candidates", key, language, keys=keys)


def _placed(asked: Why, stands: Standing, language: str) -> Iterator[Step]:
    for number, placed in enumerate((stands.left, stands.right), 1):
        if placed is None:
            yield _step("placed", "entry_free", language, number=str(number))
        else:
            rule = text(f"explain.match.{placed.rule}", language) if placed.rule else None
            key = "placed" if rule else "entry_placed"
            yield _step("placed", key, language, number=str(number), rule=rule, **_of_company(placed))


def _of_company(placed: Placed) -> dict[str, str | None]:
    told = {"name": placed.name, "company_id": placed.company_id, "corporate_number": placed.corporate_number}
    return told | {"records": f"{placed.records:,}"}


def _said(stands: Standing, language: str, zone: tzinfo | None) -> Iterator[Step]:
    for said in stands.said[:SAID]:
        told = {"a": said.record_id, "b": said.other_record_id, "by": said.decided_by, "reason": said.reason}
        day = f"{said.decided_at.astimezone(zone):%Y-%m-%d}"
        yield _step("said", "said", language, answer=answer_word(said.decision, language), on=day, **told)
    if not stands.said:
        yield _step("said", "nothing_said", language)
