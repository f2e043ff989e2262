"""Texts of a whole Arrow column as stretches of one run of code points, so that numpy tables can read and change them at
once, without a Python loop per row.

Belongs here: reading, writing, classes and maps of single characters. Does not: words (``wordtable.py``), and what any
character means.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_LAST = 0x10FFFF
_GONE = _LAST + 1
_SEVERAL = _LAST + 2


def as_array(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    """One contiguous string array (DuckDB hands functions chunked arrays)."""
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks() if values.num_chunks != 1 else values.chunk(0)
    return values if values.type == pa.string() else values.cast(pa.string())


class Spans(NamedTuple):
    """One text per row: ``points[start:stop]``. An empty stretch stands for null: empty text is no information here.

    ``points``: uint32, ends in a 0 that belongs to no row. ``start``, ``stop``: int64, one per row.
    """

    points: np.ndarray
    start: np.ndarray
    stop: np.ndarray

    def first(self, marked: np.ndarray) -> np.ndarray:
        """Where the first marked character of each row stands; ``stop`` where none does. ``marked``: bool per point."""
        places = np.flatnonzero(marked)
        if not len(places):
            return self.stop
        found = np.append(places, len(self.points))[np.searchsorted(places, self.start)]
        return np.minimum(found, self.stop)

    def last(self, marked: np.ndarray) -> np.ndarray:
        """Where the last marked character of each row stands; ``start - 1`` where none does."""
        places = np.append(np.flatnonzero(marked), -1)
        return np.maximum(places[np.searchsorted(places[:-1], self.stop) - 1], self.start - 1)

    def having(self, marked: np.ndarray) -> np.ndarray:
        """True for rows with a marked character."""
        return self.first(marked) < self.stop

    def runs(self, marked: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(first, behind) of every unbroken stretch of marked characters, in order; none reaches over a border of a row."""
        border = np.zeros(len(self.points) + 1, bool)
        border[self.start] = border[self.stop] = True
        opens, closes = marked.copy(), marked.copy()
        opens[1:] &= ~marked[:-1] | border[1:-1]
        closes[:-1] &= ~marked[1:] | border[1:-1]
        return np.flatnonzero(opens), np.flatnonzero(closes) + 1

    def trimmed(self, edge: CharacterClass, *, front: bool = True) -> Spans:
        """Without characters of a class at either end, or at the back only."""
        start, stop = self.start.copy(), self.stop.copy()
        for border, step, at in ((start, 1, 0), (stop, -1, -1))[not front :]:
            rows = np.flatnonzero(start < stop)
            while len(rows := rows[edge(self.points[border[rows] + at])]):
                border[rows] += step
                rows = rows[start[rows] < stop[rows]]
        return Spans(self.points, start, stop)

    def keeping(self, kept: np.ndarray) -> Spans:
        """Without the characters that are not to be kept."""
        if kept[:-1].all():
            return self
        before = np.concatenate([[0], np.cumsum(kept[:-1])])
        return Spans(np.append(self.points[:-1][kept[:-1]], np.uint32(0)), before[self.start], before[self.stop])

    def take(self, rows: np.ndarray) -> Spans:
        """These rows only (indices or bool)."""
        return Spans(self.points, self.start[rows], self.stop[rows])

    def put(self, rows: np.ndarray, others: Spans) -> Spans:
        """With other texts in these rows."""
        start, stop = self.start.copy(), self.stop.copy()
        if others.points is self.points:
            start[rows], stop[rows] = others.start, others.stop
            return Spans(self.points, start, stop)
        start[rows], stop[rows] = others.start + len(self.points), others.stop + len(self.points)
        return Spans(np.concatenate([self.points, others.points]), start, stop)


def read(values: pa.Array | pa.ChunkedArray) -> Spans:
    """The column's code points; nulls are empty stretches."""
    values = as_array(values)
    if values.null_count:
        values = values.fill_null("")
    borders = np.zeros(len(values) + 1, np.int64)
    np.cumsum(pc.utf8_length(values), out=borders[1:])
    if not borders[-1]:
        return Spans(np.zeros(1, np.uint32), borders[:-1], borders[1:])
    buffer, offset = values.buffers(), values.offset
    first, last = np.frombuffer(buffer[1], np.int32)[[offset, offset + len(values)]]
    text = str(memoryview(buffer[2])[first:last], "utf-8")
    return Spans(np.frombuffer((text + "\0").encode("utf-32-le"), np.uint32), borders[:-1], borders[1:])


def write(spans: Spans) -> pa.Array:
    """The texts as a string array; empty ones are null."""
    points, ends = packed(spans)
    text = points.tobytes().decode("utf-32-le").encode("utf-8")
    width = np.ones(len(points) + 1, np.int32)
    for border in (0x80, 0x800, 0x10000):
        width[1:] += points >= border
    width[0] = 0
    borders = np.zeros(len(ends) + 1, np.int32)
    borders[1:] = np.cumsum(width, dtype=np.int32)[ends]
    valid = pa.py_buffer(np.packbits(spans.start < spans.stop, bitorder="little").tobytes())
    return pa.StringArray.from_buffers(len(ends), pa.py_buffer(borders.tobytes()), pa.py_buffer(text), valid, -1)


def packed(spans: Spans) -> tuple[np.ndarray, np.ndarray]:
    """(the rows' code points one after the other, the end of each row in them)."""
    lengths = np.maximum(spans.stop - spans.start, 0)
    ends = np.cumsum(lengths)
    before = ends - lengths
    places = np.arange(ends[-1] if len(ends) else 0) + np.repeat(spans.start - before, lengths)
    return spans.points[places], ends


def apart(spans: Spans) -> Spans:
    """The same texts one after the other, with a 0 behind each, so that no row's first character is next to another row's
    last."""
    stop = spans.stop + (spans.stop < len(spans.points))
    points, ends = packed(Spans(spans.points, spans.start, np.maximum(stop, spans.start + 1)))
    points[ends - 1] = 0
    return Spans(np.append(points, np.uint32(0)), np.append(0, ends[:-1]) if len(ends) else ends, ends - 1)


class CharacterClass:
    """A set of characters, asked for many at once: ``letters(points)`` gives a bool per point."""

    def __init__(self, characters: Iterable[str]) -> None:
        codes = np.array([ord(character) for character in characters], np.int64)
        self._member = np.zeros(int(codes.max()) + 2, bool)
        self._member[codes] = True

    def __call__(self, points: np.ndarray) -> np.ndarray:
        return self._member.take(points, mode="clip")


def span(first: str, last: str) -> str:
    """All characters from the first to the last."""
    return "".join(map(chr, range(ord(first), ord(last) + 1)))


class CharacterMap:
    """Maps single characters to nothing, one or several characters.

    ``mapping``: character -> replacement ('' deletes). Characters that are not named stay as they are.
    """

    def __init__(self, mapping: Mapping[str, str]) -> None:
        several = [new for new in mapping.values() if len(new) > 1]
        self._table = np.arange(max([0, *(ord(old) for old in mapping)]) + 1, dtype=np.uint32)
        self._length = np.array([1, 0, *map(len, several)])
        self._several = np.zeros((len(several), max([1, *map(len, several)])), np.uint32)
        for row, new in enumerate(several):
            self._several[row, : len(new)] = [ord(character) for character in new]
        row = 0
        for old, new in mapping.items():
            self._table[ord(old)] = ord(new) if len(new) == 1 else _SEVERAL + row if new else _GONE
            row += len(new) > 1

    def __call__(self, spans: Spans) -> Spans:
        """The texts with their characters replaced."""
        points = self._table.take(spans.points, mode="clip")
        beyond = spans.points >= len(self._table)
        if beyond.any():
            points = np.where(beyond, spans.points, points)
        if not len(points) or points.max() <= _LAST:
            return Spans(points, spans.start, spans.stop)
        lengths = self._length[np.maximum(points, _LAST) - _LAST]
        places = np.flatnonzero(points >= _SEVERAL)
        return _spliced(Spans(points, spans.start, spans.stop), lengths, places, self._several[points[places] - _SEVERAL])


def replaced(spans: Spans, first: np.ndarray, behind: np.ndarray, words: Sequence[str], which: np.ndarray) -> Spans:
    """The texts with stretches ``points[first:behind]``, in order and apart, replaced by ``words[which]``."""
    inside = np.zeros(len(spans.points) + 1, np.int64)
    inside[first] += 1
    inside[behind] -= 1
    lengths = 1 - np.cumsum(inside)[:-1]
    lengths[first] = np.array([len(word) for word in words])[which]
    table = np.array(words).view(np.uint32).reshape(len(words), -1)
    return _spliced(spans, lengths, first, table[which])


def _spliced(spans: Spans, lengths: np.ndarray, places: np.ndarray, written: np.ndarray) -> Spans:
    """Every point as often as ``lengths`` says; at ``places`` stands what is ``written``, a row of points each."""
    borders = np.concatenate([[0], np.cumsum(lengths)])
    points = np.repeat(spans.points, lengths)
    for column in range(written.shape[1] if len(places) else 0):
        there = lengths[places] > column
        points[borders[places[there]] + column] = written[there, column]
    return Spans(points, borders[spans.start], borders[spans.stop])
