"""From accepted pairs to companies: the surest pairs join first, and a pair that would join what cannot be one company is
held back.

Cutting an over-merged group at its weakest link and never forming it are the same thing here, because weak links come last.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence


class Clusters:
    """Groups of nodes (0 to n - 1) that never hold

    - two corporate numbers (``numbers``),
    - two nodes that a person keeps apart (``different``),
    - a node and a number that a person says is not its own (``denied``), unless a person joins them all the same,
    - namesakes in different places (``apart``), unless a number says otherwise,
    - two records of one list (``lists``) that are not alike themselves (``duplicates``): a list names each company once, unless
      it shows that it does not.
    """

    def __init__(
        self,
        numbers: Sequence[str | None],
        lists: Sequence[str | None] | None = None,
        different: Mapping[int, set[int]] | None = None,
        apart: Mapping[int, set[int]] | None = None,
        duplicates: Mapping[int, set[int]] | None = None,
        denied: Mapping[int, set[str]] | None = None,
    ) -> None:
        self._number = list(numbers)
        self._list = list(lists) if lists is not None else [None] * len(self._number)
        self._different, self._apart, self._duplicates = different or {}, apart or {}, duplicates or {}
        self._denied = {node: set(numbers) for node, numbers in (denied or {}).items()}
        self._root = list(range(len(self._number)))
        self._members: dict[int, list[int]] = {}

    def root(self, node: int) -> int:
        """The node that stands for the group."""
        while self._root[node] != node:
            self._root[node] = self._root[self._root[node]]
            node = self._root[node]
        return node

    def members(self, root: int) -> list[int]:
        """Nodes of the group of that root."""
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
        if b in self._denied:
            self._denied.setdefault(a, set()).update(self._denied.pop(b))
        return True

    def _forbidden(self, a: int, b: int, by_person: bool) -> bool:
        if self._meet(a, b, self._different):
            return True
        if by_person:
            return False
        numbers = self._number[a], self._number[b]
        if all(numbers) and numbers[0] != numbers[1]:
            return True
        if numbers[0] in self._denied.get(b, ()) or numbers[1] in self._denied.get(a, ()):
            return True
        if not any(numbers) and self._meet(a, b, self._apart):
            return True
        return self._list_twice(a, b)

    def _meet(self, a: int, b: int, enemies: Mapping[int, set[int]]) -> bool:
        if not enemies:
            return False
        few, many = sorted((self.members(a), self.members(b)), key=len)
        return any(not enemies[node].isdisjoint(many) for node in few if node in enemies)

    def _list_twice(self, a: int, b: int) -> bool:
        """Whether a list would stand in the group twice with records that nothing shows to be duplicates."""
        few, many = sorted((self.members(a), self.members(b)), key=len)
        shared = {self._list[node] for node in few} & {self._list[node] for node in many} - {None}
        for name in shared:
            theirs = {node for node in many if self._list[node] == name}
            ours = [node for node in few if self._list[node] == name]
            if not any(self._duplicates.get(node, set()) & theirs for node in ours):
                return True
        return False


def symmetric(pairs: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    """node -> the nodes it is paired with, both ways."""
    result: dict[int, set[int]] = {}
    for a, b in pairs:
        result.setdefault(a, set()).add(b)
        result.setdefault(b, set()).add(a)
    return result
