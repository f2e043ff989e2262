"""The folder of the plans: writing what was made so that what people changed in it since is never lost.

Belongs here: which file is whose, and writing whole files. Does not: what stands in them, or ``<partner>.yaml``, which only
people write. ``state.plan_files`` knows the digest of every file as it was made: one that has another now is a person's.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count
from pathlib import Path

import duckdb


@dataclass(frozen=True)
class Put:
    """Where a file was written. ``left``: the one of that name, which a person has changed and keeps."""

    path: Path
    left: Path | None = None


def put(con: duckdb.DuckDBPyConnection, folder: Path, name: str, content: bytes, on: date, made_at: datetime) -> Put:
    """Write the file, and note that it is ours. Where a person has changed the one of that name, the new one goes beside it as
    ``<name>_<on>``. ``con``: with ``state`` attached; ``made_at``: aware. Raises ``OSError`` for a folder that cannot be written."""
    ours = made(con)
    wanted = folder / name
    path = next(place for place in _places(wanted, on) if not _is_a_persons(folder, place, ours, content))
    _write_whole(path, content)
    digest = _digest(content)
    row = [path.relative_to(folder).as_posix(), digest, made_at]
    con.execute("INSERT OR REPLACE INTO state.plan_files VALUES (?, ?, ?)", row)
    return Put(path, None if path == wanted else wanted)


def made(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Every file that was ever made, relative to the folder -> its digest as made."""
    return dict(con.execute("SELECT path, digest FROM state.plan_files").fetchall())


def changed(folder: Path, made: Mapping[str, str]) -> list[Path]:
    """Files in the folder that a person has changed since they were made, by name."""
    found = (folder / path for path in made)
    return sorted(path for path in found if path.exists() and _digest(path.read_bytes()) != made[_key(folder, path)])


def _places(wanted: Path, on: date) -> Iterator[Path]:
    """The name itself, then the names beside it: ``musashi.pptx``, ``musashi_2026-11-20.pptx``, ``musashi_2026-11-20_2.pptx``."""
    yield wanted
    beside = wanted.with_name(f"{wanted.stem}_{on.isoformat()}{wanted.suffix}")
    yield beside
    yield from (beside.with_name(f"{beside.stem}_{n}{beside.suffix}") for n in count(2))


def _is_a_persons(folder: Path, path: Path, ours: Mapping[str, str], content: bytes) -> bool:
    """True of a file that is there and is neither as we made it nor what we are about to write."""
    if not path.exists():
        return False
    return _digest(path.read_bytes()) not in (ours.get(_key(folder, path)), _digest(content))


def _key(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix()


def _write_whole(path: Path, content: bytes) -> None:
    """Readers see the old file or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.part")
    temporary.write_bytes(content)
    os.replace(temporary, path)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
