"""Brings the register's tables to what its files tell.

Belongs here: which files there are, which of them are new, and that all of it happens or nothing. Does not: what one kind of
file means (``national``, ``beside``), and making names comparable (dbt).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb

from connectors.partner_files import matching_files
from connectors.register import Content, RegisterRefused, content_of
from pipelines.register.beside import forget_aliases, load_aliases, load_edinet, load_gbizinfo
from pipelines.register.intake import SOURCE, Intake, PresentFile, sha256
from pipelines.register.national import load_national
from pipelines.warehouse import transaction

_BESIDE = {Content.EDINET: load_edinet, Content.GBIZINFO: load_gbizinfo, Content.ALIASES: load_aliases}


@dataclass(frozen=True)
class RegisterOutcome:
    """What a landing did: entries of the national register now held, files read and left alone, rows set aside whole, rows
    that name no company with a 法人番号 by what they are, and sentences on whole files."""

    entries: int
    files_read: tuple[str, ...] = ()
    files_unchanged: int = 0
    rejected: int = 0
    faults: tuple[str, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)


def land_register(
    con: duckdb.DuckDBPyConnection, patterns: Sequence[str], run_id: str | None, synced_at: datetime, language: str
) -> RegisterOutcome:
    """Read what is new among the files that the patterns mean. Unchanged files are not read again.

    Each file is taken for what stands in it. A file's fault is a sentence in the outcome and a row in ``raw.rejected_rows``,
    never an exception; the last good state stays.
    """
    intake = Intake(con, run_id, synced_at, language)
    with transaction(con):
        paths = _paths(intake, patterns)
        files = _opened(intake, paths)
        known = dict(con.execute("SELECT file, sha256 FROM raw.register_files").fetchall())
        national = [file for file in files if file.content is Content.REGISTER]
        load_national(intake, national, {name: known[name] for name in known.keys() & {file.name for file in national}})
        for file in files:
            if file.content is not Content.REGISTER and known.get(file.name) != file.sha256:
                _BESIDE[file.content](intake, file)
        forget_aliases(intake, [file.name for file in files if file.content is Content.ALIASES])
        con.execute(_FORGET_GONE, [SOURCE, [*patterns, *(path.name for path in paths)]])
        entries = con.execute("SELECT count(*) FROM raw.company_register").fetchall()[0][0]
    unchanged = sum(known.get(file.name) == file.sha256 and file.name not in intake.read for file in files)
    return RegisterOutcome(entries, tuple(intake.read), unchanged, intake.rejected, tuple(intake.faults), dict(intake.left_out))


# Of a file that is gone and of which nothing is held nobody needs to know what was wrong.
_FORGET_GONE = """
    DELETE FROM raw.rejected_rows
    WHERE source = ? AND NOT list_contains(?, file) AND file NOT IN (SELECT file FROM raw.register_files)
"""


def _paths(intake: Intake, patterns: Sequence[str]) -> list[Path]:
    """The files that the patterns mean, in their order; a pattern without a file is a fault."""
    paths = []
    for pattern in patterns:
        found = matching_files(pattern)
        intake.forget(pattern)
        if not found:
            intake.refuse(pattern, "register.file_not_found", pattern=pattern)
        paths += found
    return list(dict.fromkeys(paths))


def _opened(intake: Intake, paths: Sequence[Path]) -> list[PresentFile]:
    """What each file is; one that cannot be opened or is nothing of ours is a fault."""
    files = []
    for path in paths:
        try:
            files.append(PresentFile(path, content_of(path), sha256(path)))
        except RegisterRefused as refused:
            intake.refuse(path.name, refused.reason, **refused.values)
        except OSError as error:
            intake.refuse(path.name, "register.unreadable_file", error=error.strerror or str(error))
    return files
