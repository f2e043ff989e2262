"""Decisions that cannot all be true: A is B, B is C, and yet A is not C.

Belongs here: finding them among the decisions in force. Does not: which one is wrong; only a person knows. Pure.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.review.decisions import Decision


@dataclass(frozen=True)
class Contradiction:
    """``different`` keeps two records apart that the ``chain`` of "same", shortest first found, leads together."""

    different: Decision
    chain: tuple[Decision, ...]

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """The chain, then what stands against it: one of them must be wrong."""
        return (*self.chain, self.different)


def contradictions(decisions: Sequence[Decision]) -> list[Contradiction]:
    """Each "different" that a chain of "same" contradicts, in the order of the decisions given."""
    neighbours: dict[str, list[tuple[str, Decision]]] = {}
    for said in sorted((d for d in decisions if d.decision == "same"), key=lambda d: d.pair):
        a, b = said.pair
        neighbours.setdefault(a, []).append((b, said))
        neighbours.setdefault(b, []).append((a, said))
    found = ((said, _chain(neighbours, *said.pair)) for said in decisions if said.decision == "different")
    return [Contradiction(said, chain) for said, chain in found if chain]


def _chain(neighbours: dict[str, list[tuple[str, Decision]]], start: str, end: str) -> tuple[Decision, ...]:
    """The fewest decisions that lead from one record to the other; none where nothing does."""
    came_by: dict[str, tuple[str, Decision] | None] = {start: None}
    waiting = deque([start])
    while waiting and end not in came_by:
        here = waiting.popleft()
        for there, said in neighbours.get(here, ()):
            if there not in came_by:
                came_by[there] = (here, said)
                waiting.append(there)
    steps = []
    step = came_by.get(end)
    while step is not None:
        steps.append(step[1])
        step = came_by[step[0]]
    return tuple(reversed(steps))
