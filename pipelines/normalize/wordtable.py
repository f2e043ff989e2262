"""Finding the longest word of a table at the front or the back of every text at once.

Belongs here: the walk through a trie in numpy. Does not: what the words mean. A regular expression of the same words is
compiled again for each batch and tries them letter by letter for each row.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np

from pipelines.normalize.codepoints import CharacterClass, Spans, span

_WORD_CHARACTER = CharacterClass(span("a", "z") + span("0", "9") + "_")

_LONG = 10  # corporation, aktiengesellschaft: typists glue them to the name


class WordTable:
    """Words in a double-array trie.

    ``back``: words are looked for at the end of texts. ``separators``: the characters that may stand between the parts of
    a word, any number of them or none, where the word is written with a blank. A word whose inner edge is an ASCII letter
    or digit counts only where no other one follows it, unless it is so long that it can be no part of another word.
    """

    def __init__(self, words: Sequence[str], *, back: bool = False, separators: str = "") -> None:
        self._back = back
        self._separators = separators
        letters = sorted({letter for word in words for letter in word} - ({" "} if separators else set()))
        self._class = np.zeros(max(map(ord, [*letters, *separators, "\0"])) + 2, np.int64)
        for number, letter in enumerate(letters, start=2):
            self._class[ord(letter)] = number
        for letter in separators:
            self._class[ord(letter)] = 1
        nodes: list[dict[int, int]] = [{}]
        ends: dict[int, int] = {}
        for number, word in enumerate(words):
            for spelling in self._spellings(word):
                node = 0
                for step in reversed(spelling) if back else spelling:
                    key = int(self._class[ord(step)])
                    if key not in nodes[node]:
                        nodes.append({})
                        nodes[node][key] = len(nodes) - 1
                    node = nodes[node][key]
                ends.setdefault(node, number)
        self._lay_out(nodes, ends)
        self._bounded = np.array([_is_bounded(word.split(" ")[0 if back else -1], back) for word in words])
        self._any_bounded = bool(self._bounded.any())

    def _spellings(self, word: str) -> list[str]:
        if not self._separators:
            return [word]
        first, *others = word.split(" ")
        between = [(part, self._separators[0] + part) for part in others]
        return [first + "".join(parts) for parts in product(*between)]

    def _lay_out(self, nodes: list[dict[int, int]], ends: dict[int, int]) -> None:
        """Puts child c of node s at base[s] + c, where parent[...] says that it is a child of s."""
        lowest = int(self._class.max()) + 1  # the places before stay empty, lest a base become negative
        place, base, parent, queue = {0: 0}, {0: 0}, dict.fromkeys(range(lowest), -2), [0]
        for node in queue:
            if not nodes[node]:
                continue
            while lowest in parent:
                lowest += 1
            shift = lowest - min(nodes[node])
            while any(shift + key in parent for key in nodes[node]):
                shift += 1
            base[place[node]] = shift
            for key, child in nodes[node].items():
                place[child], parent[shift + key] = shift + key, place[node]
                queue.append(child)
        size = max(parent) + int(self._class.max()) + 1
        self._base, self._loops = np.zeros(size, np.int64), np.zeros(size, bool)
        self._parent, self._word = np.full(size, -1), np.full(size, -1)
        self._base[list(base)] = list(base.values())
        self._parent[list(parent)] = list(parent.values())
        self._first = np.where(self._parent[base[0] + self._class] == 0, base[0] + self._class, 0) * (self._class > 0)
        self._word[[place[node] for node in ends]] = list(ends.values())
        self._loops[[place[child] for node in nodes for key, child in node.items() if key == 1]] = True

    def find(self, texts: Spans, leave: int = 0) -> tuple[np.ndarray, np.ndarray]:
        """(number of the longest word at the edge of each row or -1, where it ends: at the back its first character, else
        the one after it). At least ``leave`` characters of the text stay outside of the word."""
        step = -1 if self._back else 1
        which = np.full(len(texts.start), -1)
        border = (texts.stop if self._back else texts.start).copy()
        first, last = texts.start + leave * self._back, texts.stop - leave * (not self._back)
        rows = np.flatnonzero(first < last)
        place = border[rows]
        state = self._first.take(texts.points[place - self._back], mode="clip")
        goes_on = state > 0
        rows, state, place = rows[goes_on], state[goes_on], place[goes_on] + step
        while len(rows):
            word = self._word[state]
            ends = word >= 0
            if self._any_bounded:
                at_border = place == (texts.start if self._back else texts.stop)[rows]
                ends &= ~(self._bounded[word] & _WORD_CHARACTER(texts.points[place - self._back])) | at_border
            which[rows[ends]], border[rows[ends]] = word[ends], place[ends]
            inside = (place > first[rows]) if self._back else (place < last[rows])
            rows, state, place = rows[inside], state[inside], place[inside]
            key = self._class.take(texts.points[place - self._back], mode="clip")
            following = self._base[state] + key
            goes_on = (self._parent[following] == state) & (key > 0)
            if self._separators:
                stays = self._loops[state] & (key == 1)
                following, goes_on = np.where(stays, state, following), goes_on | stays
            rows, state, place = rows[goes_on], following[goes_on], place[goes_on] + step
        return which, border


def _is_bounded(part: str, back: bool) -> bool:
    edge = part[0] if back else part[-1]
    return len(part) < _LONG and edge.isascii() and (edge.isalnum() or edge == "_")
