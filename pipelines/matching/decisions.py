"""What people said about matches, as pairs of nodes of one matching.

Belongs here: finding the nodes of records and entries that a decision names. Does not: ``state.decisions`` itself
(``pipelines.review.decisions``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipelines.review.decisions import Decision

REGISTER = "register:"
"""Stands before a corporate number where a decision names an entry of the register."""


@dataclass(frozen=True)
class Decisions:
    """Pairs of nodes (smaller first), oldest decision first."""

    same: list[tuple[int, int]]
    different: list[tuple[int, int]]
    unsure: list[tuple[int, int]]


def on_nodes(said: Iterable[Decision], nodes: Mapping[str, int]) -> Decisions:
    """The decisions on nodes that exist now. ``nodes``: record id, or ``register:<number>``, -> node."""
    by_word: dict[str, list[tuple[int, int]]] = {"same": [], "different": [], "unsure": []}
    for decision in said:
        a, b = nodes.get(decision.record_id), nodes.get(decision.other_record_id)
        if a is not None and b is not None and a != b:
            by_word[decision.decision].append((min(a, b), max(a, b)))
    return Decisions(by_word["same"], by_word["different"], by_word["unsure"])
