"""Which records become one company: decisions first, then pairs by falling probability.

Belongs here: the order of joining, and what is held back for a person. Does not: groups (``clustering``), scores, tables.
Nodes are numbered: records by their item, then the entries of the register that a record may belong to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pipelines.matching.clustering import Clusters, symmetric
from pipelines.matching.decisions import Decisions
from pipelines.matching.model import Model
from pipelines.matching.outcomes import code

MOST_DOUBLED = 0.02
"""Share of a list's records that may look like duplicates of each other before it counts as one that names companies twice."""
ELSEWHERE = (code("place", "differs"), code("place", "prefecture"))


@dataclass(frozen=True)
class Pairs:
    """Scored pairs as arrays of one length. ``a``: a record; ``b``: a node; ``probability``; ``place``: code of the place;
    ``entry``: whether b is an entry of the register; ``may_place``: whether the pair may join without a person."""

    a: np.ndarray
    b: np.ndarray
    probability: np.ndarray
    score: np.ndarray
    place: np.ndarray
    entry: np.ndarray
    may_place: np.ndarray


@dataclass(frozen=True)
class Resolution:
    """Groups of nodes; for each record the pair that placed it (-1: none); the records that a decision placed; pairs for a person
    to look at, surest first; and the decisions that contradict others."""

    clusters: Clusters
    placed_by: np.ndarray
    confirmed: set[int]
    review: np.ndarray
    contradictions: list[tuple[int, int]]


def resolve(
    pairs: Pairs, numbers: Sequence[str | None], lists: Sequence[str | None], decisions: Decisions, model: Model
) -> Resolution:
    """Joins nodes. ``numbers``: corporate number of each node; ``lists``: which list each node stands on, None for entries."""
    duplicates = _likely_duplicates(pairs, lists, model)
    clusters = Clusters(
        numbers, _naming_each_once(lists, duplicates), symmetric(decisions.different), _namesakes(pairs), duplicates,
        _denied(decisions, numbers, lists),
    )  # fmt: skip
    contradictions = [pair for pair in decisions.same if not clusters.join(*pair, by_person=True)]
    confirmed = {node for pair in decisions.same if pair not in contradictions for node in pair}
    likely = np.flatnonzero(pairs.probability >= model.review)
    order = np.lexsort((pairs.b[likely], pairs.a[likely], -pairs.score[likely], -pairs.probability[likely]))
    placed_by = np.full(len(numbers), -1)
    held = []
    for row in likely[order]:
        a, b = int(pairs.a[row]), int(pairs.b[row])
        if pairs.may_place[row] and pairs.probability[row] >= model.auto and clusters.join(a, b):
            for node in (a,) if pairs.entry[row] else (a, b):
                if placed_by[node] < 0:
                    placed_by[node] = row
        else:
            held.append(row)
    decided = {*decisions.same, *decisions.different, *decisions.unsure}
    review = [
        row
        for row in held
        if clusters.root(int(pairs.a[row])) != clusters.root(int(pairs.b[row])) and (pairs.a[row], pairs.b[row]) not in decided
    ]
    return Resolution(clusters, placed_by, confirmed, np.array(review, int), contradictions)


def _naming_each_once(lists: Sequence[str | None], duplicates: Mapping[int, set[int]]) -> list[str | None]:
    """The list of each node, where it names each company once; None where it shows that it does not."""
    sizes = Counter(lists)
    doubled = Counter(lists[node] for node in duplicates)
    return [name if doubled[name] <= MOST_DOUBLED * sizes[name] else None for name in lists]


def _denied(decisions: Decisions, numbers: Sequence[str | None], lists: Sequence[str | None]) -> dict[int, set[str]]:
    """Who is not an entry of the register does not bear its number either, whichever record writes it."""
    denied: dict[int, set[str]] = {}
    for pair in decisions.different:
        for node, other in (pair, pair[::-1]):
            number = numbers[other]
            if lists[node] is not None and lists[other] is None and number:
                denied.setdefault(node, set()).add(number)
    return denied


def _namesakes(pairs: Pairs) -> dict[int, set[int]]:
    """Records of one name in two prefectures with nothing else in common."""
    apart = np.isin(pairs.place, ELSEWHERE) & ~pairs.entry & (pairs.probability < 0.5)
    return symmetric(zip(pairs.a[apart].tolist(), pairs.b[apart].tolist(), strict=True))


def _likely_duplicates(pairs: Pairs, lists: Sequence[str | None], model: Model) -> dict[int, set[int]]:
    """Records of one list that may well be one company twice."""
    rows = np.flatnonzero(~pairs.entry & (pairs.probability >= model.review))
    found = ((int(pairs.a[row]), int(pairs.b[row])) for row in rows)
    return symmetric((a, b) for a, b in found if lists[a] == lists[b])
