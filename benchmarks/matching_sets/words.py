"""The words of ``words.toml``, read once.

Belongs here: reading. What is done with them does not.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path


@cache
def _tables() -> dict[str, object]:
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


def words(table: str) -> list[str]:
    """A list of words."""
    content = _tables()[table]
    return content.split() if isinstance(content, str) else list(content)  # type: ignore[call-overload]


def pairs(table: str) -> list[tuple[str, str]]:
    """Pairs of what is written and what is written instead."""
    return [(written, instead) for written, instead in _tables()[table]]  # type: ignore[attr-defined]


def choices(table: str) -> dict[str, list[str]]:
    """What may be written instead of each word."""
    return dict(_tables()[table])  # type: ignore[call-overload]
