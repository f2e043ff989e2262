"""From accepted pairs to companies: the surest pairs join first, and a pair that would join what cannot be one company is
held back.

Cutting an over-merged group at its weakest link and never forming it are the same thing here, because weak links come last.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass
class Clusters:
    """Groups of items (0 to n - 1) that never hold two corporate numbers, nor two items that a person or their places keep
    apart."""

    numbers: Sequence[str | None]
    different: dict[int, set[int]] = field(default_factory=dict)  # a person said so
    apart: dict[int, set[int]] = field(default_factory=dict)  # namesakes elsewhere: holds where no number says otherwise

    def __post_init__(self) -> None:
        self._root = list(range(len(self.numbers)))
        self._members: dict[int, list[int]] = {}
        self._number = list(self.numbers)

    def root(self, item: int) -> int:
        """The item that stands for the group."""
        while self._root[item] != item:
            self._root[item] = self._root[self._root[item]]
            item = self._root[item]
        return item

    def members(self, root: int) -> list[int]:
        """Items of the group of that root."""
        return self._members.get(root, [root])

    def join(self, a: int, b: int, by_person: bool = False) -> bool:
        """Joins the groups of a and b where nothing forbids it; True when they are one afterwards."""
        a, b = self.root(a), self.root(b)
        if a == b:
            return True
        if self._forbidden(a, b, by_person):
            return False
        # the smaller index stands for the group, so the order of joins does not show
        a, b = min(a, b), max(a, b)
        self._members[a] = self.members(a) + self.members(b)
        self._members.pop(b, None)
        self._root[b] = a
        self._number[a] = self._number[a] or self._number[b]
        return True

    def _forbidden(self, a: int, b: int, by_person: bool) -> bool:
        if self._meet(a, b, self.different):
            return True
        if by_person:
            return False
        numbers = self._number[a], self._number[b]
        if all(numbers):
            return numbers[0] != numbers[1]
        return not any(numbers) and self._meet(a, b, self.apart)

    def _meet(self, a: int, b: int, enemies: dict[int, set[int]]) -> bool:
        if not enemies:
            return False
        few, many = sorted((self.members(a), self.members(b)), key=len)
        return any(not enemies[item].isdisjoint(many) for item in few if item in enemies)


def symmetric(pairs: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    """item -> the items it is paired with, both ways."""
    result: dict[int, set[int]] = {}
    for a, b in pairs:
        result.setdefault(a, set()).add(b)
        result.setdefault(b, set()).add(a)
    return result
