"""Which files of the national register count, told by their names.

Belongs here: full or difference, and which full file replaces which. Does not: opening them.
The publisher's names: ``00_zenkoku_all_20261030.zip`` (one per prefecture or the whole country), ``diff_20261102.zip``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_DATE = re.compile(r"(?<!\d)\d{8}(?!\d)")


@dataclass(frozen=True)
class RegisterFile:
    """One file; ``scope`` is what a full file covers, so that a newer file of that scope replaces an older one."""

    path: Path
    is_full: bool
    scope: str
    date: str
    """YYYYMMDD of the name, empty where it has none."""

    @classmethod
    def of(cls, path: Path) -> RegisterFile:
        """Judge a file by its name; what does not call itself a difference is full."""
        stem = path.stem.lower()
        dates = _DATE.findall(stem)
        return cls(path, "diff" not in stem and "sabun" not in stem, _DATE.sub("", stem), dates[-1] if dates else "")


def newest(paths: Iterable[Path]) -> list[RegisterFile]:
    """The files that make up the register: the newest full file of each scope, then every difference, oldest first."""
    files = _by_age(paths)
    full = {file.scope: file for file in files if file.is_full}
    return [*full.values(), *(file for file in files if not file.is_full)]


def superseded(paths: Iterable[Path]) -> list[RegisterFile]:
    """The full files that a newer one of their scope replaces, oldest first: they still know how companies were named then."""
    files = _by_age(paths)
    full = {file.scope: file for file in files if file.is_full}
    return [file for file in files if file.is_full and full[file.scope] != file]


def _by_age(paths: Iterable[Path]) -> list[RegisterFile]:
    return sorted((RegisterFile.of(path) for path in paths), key=lambda file: (file.date, file.path.name, str(file.path)))
