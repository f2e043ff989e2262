"""Replacing characters of a whole Arrow column at once through numpy tables: what ``str.translate`` does, without a Python
loop per row."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa


def as_array(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    """One contiguous string array (DuckDB hands functions chunked arrays)."""
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks() if values.num_chunks != 1 else values.chunk(0)
    return values if values.type == pa.string() else values.cast(pa.string())


class CharacterMap:
    """Maps single characters to nothing, one or several characters.

    ``mapping``: character -> replacement ('' deletes). Characters that are not named stay as they are.
    U+0000 is not allowed: callers take it out.
    """

    def __init__(self, mapping: Mapping[str, str]) -> None:
        self._width = max([1, *(len(new) for new in mapping.values())])
        size = max([0, *(ord(old) for old in mapping)]) + 2
        self._replacement = np.zeros((len(mapping) + 1, self._width), np.uint32)
        self._row = np.zeros(size, np.uint16)
        for row, (old, new) in enumerate(mapping.items(), start=1):
            self._row[ord(old)] = row
            self._replacement[row, : len(new)] = [ord(character) for character in new]

    def __call__(self, values: pa.Array | pa.ChunkedArray) -> pa.Array:
        """The column with its characters replaced; nulls stay null."""
        values = as_array(values)
        characters, ends = _characters(values)
        rows = self._row[np.minimum(characters, len(self._row) - 1)]
        touched = np.flatnonzero(rows)
        if not len(touched):
            return values
        grid = np.zeros((len(characters), self._width), np.uint32)
        grid[:, 0] = characters
        grid[touched] = self._replacement[rows[touched]]
        kept = grid != 0
        kept_before = np.concatenate([[0], np.cumsum(kept.sum(axis=1))])
        return _strings(grid[kept], kept_before[ends], values)


def _characters(values: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """All code points of the column in a row, and where each value ends (n + 1 borders)."""
    borders = (
        np.frombuffer(values.buffers()[1], np.int32)[values.offset : values.offset + len(values) + 1]
        if len(values)
        else np.zeros(1, np.int32)
    )
    data = values.buffers()[2]
    text = data.to_pybytes()[borders[0] : borders[-1]] if data is not None else b""
    starts = (np.frombuffer(text, np.uint8) & 0xC0) != 0x80
    counted = np.concatenate([[0], np.cumsum(starts)])
    characters = np.frombuffer(text.decode("utf-8").encode("utf-32-le"), np.uint32)
    return characters, counted[borders - borders[0]]


def _strings(characters: np.ndarray, ends: np.ndarray, like: pa.Array) -> pa.Array:
    text = characters.astype(np.uint32).tobytes().decode("utf-32-le").encode("utf-8")
    first_bytes = np.flatnonzero((np.frombuffer(text, np.uint8) & 0xC0) != 0x80)
    borders = np.concatenate([first_bytes, [len(text)]])[ends].astype(np.int32)
    valid = None
    if like.null_count:
        valid = pa.array(np.asarray(like.is_valid())).buffers()[1]
    return pa.StringArray.from_buffers(len(like), pa.py_buffer(borders.tobytes()), pa.py_buffer(text), valid, -1 if valid else 0)
