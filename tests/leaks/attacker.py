"""A partner that wants to know more than it is told: it has its own list, every summary that it ever got, and the algorithm.

Belongs here: which worlds are consistent with all that it was told, by trying every one. Does not: what it does to its list, or
the product. It knows which companies it made up and, by its no-approach list where it gets one, which it may not approach.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np

STATUSES = ("customer", "open_opportunity", "absent")
"""What a company that the partner did not make up may be with us; of the others nothing is ever counted, as of ``absent``."""
Told = Mapping[tuple[str, str], int]
"""(our status, the partner's) -> at least so many."""


@dataclass(frozen=True)
class Look:
    """One share: what the partner has on its list with its own statuses, and what it was told of which of them."""

    listed: Mapping[str, str]
    evaluated: frozenset[str]
    """The companies that these figures are newly of."""
    told: Told
    """What these add to the figures before; every pair that the policy counts."""
    step: int
    barred: frozenset[str] | None
    """Those on its no-approach list; None where it gets none."""


class Attacker:
    """``sees`` each share; then ``certain`` says what it now knows for sure."""

    def __init__(self, real: list[str]) -> None:
        self.real = real
        self.worlds = np.array(list(product(range(len(STATUSES)), repeat=len(real))), dtype=np.int8)

    def sees(self, look: Look) -> None:
        if look.barred is not None:
            for at, company in enumerate(self.real):
                if company in look.listed:
                    is_ours = self.worlds[:, at] < 2
                    self.worlds = self.worlds[is_ours == (company in look.barred)]
        if look.evaluated:
            matches = np.ones(len(self.worlds), dtype=bool)
            for pair, told in look.told.items():
                matches &= self._counted(look, pair[1])[pair[0]] == told
            self.worlds = self.worlds[matches]

    def _counted(self, look: Look, partner_status: str) -> dict[str, np.ndarray]:
        """What the product would tell of that status in each world."""
        counted = sorted({ours for ours, theirs in look.told if theirs == partner_status}, key=STATUSES.index)
        totals = {ours: np.zeros(len(self.worlds), dtype=int) for ours in counted}
        members = [
            (at, None if look.barred is None else company in look.barred)
            for at, company in enumerate(self.real)
            if company in look.evaluated and look.listed.get(company) == partner_status
        ]
        for group in {barred for _, barred in members}:
            statuses = self.worlds[:, [at for at, barred in members if barred == group]]
            room = max(statuses.shape[1] - look.step, 0)
            room -= room % look.step
            taken = np.zeros(len(self.worlds), dtype=int)
            for ours in counted:
                in_steps = (statuses == STATUSES.index(ours)).sum(axis=1) // look.step * look.step
                totals[ours] += np.maximum(np.minimum(in_steps, room - taken), 0)
                taken += in_steps
        return totals

    def certain(self, look: Look) -> list[str]:
        """Statuses of single companies, and counts below the step, that every world which is left agrees on."""
        known = []
        barred = look.barred or frozenset()
        for at, company in enumerate(self.real):
            # what may be approached is no customer: the list itself says so
            is_open = look.barred is None or company in barred
            if company in look.listed and is_open and len(set(self.worlds[:, at])) == 1:
                known.append(f"{company} is {STATUSES[self.worlds[0, at]]}")
        for ours, theirs in look.told:
            unsure = [
                at
                for at, company in enumerate(self.real)
                if look.listed.get(company) == theirs and (look.barred is None or company in barred)
            ]
            counts = set((self.worlds[:, unsure] == STATUSES.index(ours)).sum(axis=1)) if unsure else set()
            if len(counts) == 1 and min(counts) < look.step:
                known.append(f"{min(counts)} are {ours} with us and {theirs} with it")
        return known
