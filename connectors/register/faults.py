"""What a reader of the register's files says besides rows: what it set aside, what it left out, and why it refused a file.

Belongs here: the value types that all readers share. Does not: any reading.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa


class RegisterRefused(Exception):
    """The file as a whole cannot be read; ``reason`` is a text key, ``values`` fill its placeholders."""

    def __init__(self, reason: str, **values: object) -> None:
        super().__init__(f"{reason} {values}")
        self.reason = reason
        self.values = values


@dataclass(frozen=True)
class BadRow:
    """One thing set aside; ``reason`` is a text key, ``values`` fill its placeholders; ``value`` has at most 200 characters."""

    row: int
    column: str | None
    reason: str
    value: str
    whole_row: bool = True
    values: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class RegisterBatch:
    """Rows in the order of the file, what was set aside among them, and what is none of ours, counted by kind."""

    table: pa.Table
    bad: tuple[BadRow, ...]
    left_out: Mapping[str, int] = field(default_factory=dict)
