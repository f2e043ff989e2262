"""Which items become one company: decisions first, then pairs by falling probability. Pure: tables in, clusters and links out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.matching.clustering import Clusters, symmetric
from pipelines.matching.decisions import Decisions
from pipelines.matching.model import Model

Pair = dict[str, Any]


@dataclass(frozen=True)
class Resolution:
    """Clusters, the pair that placed each record, the pairs a person should look at, and the decisions that contradict others."""

    clusters: Clusters
    placed_by: dict[int, Pair]
    confirmed: set[int]
    review: list[Pair]
    contradictions: list[tuple[int, int]]


def _namesakes(scored: pa.Table) -> list[tuple[int, int]]:
    """Record pairs of one name in two prefectures with nothing else in common."""
    found = scored.filter(
        pc.and_(
            pc.and_(pc.equal(scored["address_outcome"], "differs"), pc.invert(scored["with_register"])),
            pc.less(scored["probability"], 0.5),
        )
    )
    return list(zip(found["a"].to_pylist(), found["b"].to_pylist(), strict=True))


def resolve(scored: pa.Table, numbers: list[str | None], decisions: Decisions, model: Model) -> Resolution:
    """Joins items. ``scored``: pairs with probability; ``numbers``: corporate number of each item."""
    clusters = Clusters(numbers, symmetric(decisions.different), symmetric(_namesakes(scored)))
    contradictions = [pair for pair in decisions.same if not clusters.join(*pair, by_person=True)]
    confirmed = {item for pair in decisions.same if pair not in contradictions for item in pair}
    likely = scored.filter(pc.greater_equal(scored["probability"], model.review))
    likely = likely.sort_by([("probability", "descending"), ("score", "descending"), ("a", "ascending"), ("b", "ascending")])
    placed_by: dict[int, Pair] = {}
    held: list[Pair] = []
    for pair in likely.to_pylist():
        if pair["probability"] >= model.auto and clusters.join(pair["a"], pair["b"]):
            placed_by.setdefault(pair["a"], pair)
            if not pair["with_register"]:
                placed_by.setdefault(pair["b"], pair)
        else:
            held.append(pair)
    decided = {*decisions.same, *decisions.different, *decisions.unsure}
    review = [p for p in held if clusters.root(p["a"]) != clusters.root(p["b"]) and (p["a"], p["b"]) not in decided]
    return Resolution(clusters, placed_by, confirmed, review, contradictions)
