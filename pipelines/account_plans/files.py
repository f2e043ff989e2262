"""The folder of the plans: writing what was made so that what people changed in it since is never lost.

Belongs here: which file is whose, and writing whole files. Does not: what stands in them, or ``<partner>.yaml``, which only
people write. ``state.plan_files`` knows every digest that a file was made with: one that has none of these is a person's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from pipelines.whole_file import write_whole

_BESIDE = 99
"""So many files of one plan may be people's."""


@dataclass(frozen=True)
class Known:
    """A file as we made it, each time. ``at``: the moment of the newest run whose data it showed."""

    digests: frozenset[str]
    at: datetime


@dataclass(frozen=True)
class Put:
    """Where a file was written. ``left``: the one of that name, which stays: a person changed it, or it is of a later run."""

    path: Path
    left: Path | None = None


def put(con: duckdb.DuckDBPyConnection, folder: Path, name: str, content: bytes, at: datetime) -> Put:
    """Write the file, and note that it is ours. Where the one of that name must stay, the new one goes beside it, as
    ``<name>_new``, and is renewed there. ``con``: with ``state`` attached; ``at``: the aware moment of the run whose data it
    shows. Raises ``OSError``."""
    ours = known(con)
    wanted, *beside = _places(folder / name)
    path = next(place for place in (wanted, *beside) if not _stays(place, ours.get(_key(folder, place)), content, at))
    # noted before it is there: killed in between, what we made must not pass for a person's
    con.execute("INSERT OR REPLACE INTO state.plan_files VALUES (?, ?, ?)", [_key(folder, path), _digest(content), at])
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(path, content)
    if path != wanted:
        return Put(path, wanted)
    for old in beside:  # as we made them: they have nothing to say beside the one that is renewed
        if not _stays(old, ours.get(_key(folder, old)), content, at):
            old.unlink(missing_ok=True)
    return Put(path)


def known(con: duckdb.DuckDBPyConnection) -> dict[str, Known]:
    """Every file that was ever made, relative to the folder."""
    rows = con.execute("SELECT path, list(digest), max(made_at) FROM state.plan_files GROUP BY path").fetchall()
    return {path: Known(frozenset(digests), at) for path, digests, at in rows}


def changed(folder: Path, ours: Mapping[str, Known]) -> list[Path]:
    """Files in the folder that a person has changed since they were made, by name."""
    return sorted(path for name, one in ours.items() if (path := folder / name).exists() and _is_changed(path, one))


def _places(wanted: Path) -> Iterator[Path]:
    """The name itself, then the names beside it: ``musashi.pptx``, ``musashi_new.pptx``, ``musashi_new_2.pptx`` ..."""
    yield wanted
    for n in range(1, _BESIDE + 1):
        yield wanted.with_name(f"{wanted.stem}_new{f'_{n}' if n > 1 else ''}{wanted.suffix}")


def _stays(path: Path, ours: Known | None, content: bytes, at: datetime) -> bool:
    """True of a file that is there, unless it is ours and not of a later run, or what we are about to write."""
    if not path.exists() or path.read_bytes() == content:
        return False
    return ours is None or ours.at > at or _is_changed(path, ours)


def _is_changed(path: Path, ours: Known) -> bool:
    return _digest(path.read_bytes()) not in ours.digests


def _key(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
