"""Takes a partner's list from its file into ``raw.*``, or says why the last good one stays.

Belongs here: which files count, whether a version is taken, and one transaction per file. Does not:
reading files (``connectors.partner_files``), the tables (``versions.py``), and what the rows mean (dbt).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import duckdb

from connectors.partner_files import ListRefused, ListSpec, ReadList, Rejection, display_name, matching_files, read_list
from pipelines.partners.versions import (
    Landing,
    Version,
    files_of,
    forget_rejections,
    is_accepted,
    last_accepted,
    newest_is_refused,
    sentence,
    version_of,
    write_rejections,
    write_version,
)
from pipelines.partners.words import not_understood
from pipelines.settings import PartnerList
from pipelines.warehouse import transaction

Verdict = Literal["accepted", "unchanged", "refused", "missing"]


@dataclass(frozen=True)
class FileOutcome:
    """What became of one file; ``rows`` were taken, ``rejected`` rows set aside whole, ``reason`` is a sentence."""

    file: str
    verdict: Verdict
    rows: int = 0
    rejected: int = 0
    reason: str | None = None


@dataclass(frozen=True)
class ListOutcome:
    """What became of a list in one landing, file by file: one file for a full list, any number for a delta."""

    partner: str
    list: str
    files: tuple[FileOutcome, ...]

    @property
    def rows(self) -> int:
        """Rows newly taken."""
        return sum(file.rows for file in self.files if file.verdict == "accepted")

    @property
    def rejected(self) -> int:
        """Rows newly set aside."""
        return sum(file.rejected for file in self.files)

    @property
    def faults(self) -> tuple[str, ...]:
        """Sentences for the files that were not found or refused."""
        return tuple(file.reason for file in self.files if file.reason is not None)


def spec_of(entry: PartnerList) -> ListSpec:
    """How that list of the settings is read. Raises ``ValueError`` for settings that cannot be."""
    return ListSpec(entry.content, entry.columns, entry.encoding, entry.delimiter, entry.sheet, entry.header_row)


def land_list(
    con: duckdb.DuckDBPyConnection,
    partner: str,
    entry: PartnerList,
    path: str | Path,
    run_id: str | None,
    synced_at: datetime,
    language: str,
) -> ListOutcome:
    """Land the file, or the files that the pattern ``path`` means: of a full list the newest, of a delta every one not yet taken.

    Safe to repeat: a version that holds already adds nothing. A file's fault is an outcome and a row in
    ``raw.rejected_rows``, never an exception.
    """
    landing = Landing(run_id, synced_at, language)
    pattern = str(path)
    files = matching_files(pattern)
    if not files:
        return ListOutcome(partner, entry.name, (_missing(con, partner, pattern, landing),))
    with transaction(con):
        forget_rejections(con, partner, [pattern])
    chosen = files[-1:] if entry.kind == "full" else files
    return ListOutcome(partner, entry.name, tuple(_land_file(con, partner, entry, file, pattern, landing) for file in chosen))


def _missing(con: duckdb.DuckDBPyConnection, partner: str, pattern: str, landing: Landing) -> FileOutcome:
    fault = Rejection(None, None, "partners.file_not_found", {"pattern": pattern}, pattern)
    with transaction(con):
        forget_rejections(con, partner, [pattern])
        write_rejections(con, partner, pattern, [fault], landing)
    return FileOutcome(pattern, "missing", reason=sentence(fault, landing.language))


def _land_file(
    con: duckdb.DuckDBPyConnection, partner: str, entry: PartnerList, path: Path, pattern: str, landing: Landing
) -> FileOutcome:
    spec, name = spec_of(entry), display_name(path, pattern)
    read: ReadList | None = None
    version = modified_at = refusal = None
    last = last_accepted(con, partner, entry.name, entry.content)
    try:
        before = path.stat()
        modified_at = datetime.fromtimestamp(before.st_mtime, UTC)
        version = version_of(path, spec)
        if _holds(con, partner, entry, version, last):
            return FileOutcome(name, "unchanged")
        read = read_list(path, spec)
        after = path.stat()
        if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
            raise ListRefused("partners.file_changing")
        refusal = _refusal(entry, read, last)
    except OSError as error:
        refusal = ListRefused("partners.unreadable_file", error=error.strerror or str(error)).rejection
    except ListRefused as refused:
        refusal = refused.rejection
    faults = [*([refusal] if refusal else []), *(read.rejections if read else ())]
    faults += not_understood(read, entry.content) if read else []
    found = Version(
        partner, entry.name, version or "", name, entry.content, entry.kind, read.encoding if read else None,
        accepted=refusal is None, reason=sentence(refusal, landing.language) if refusal else None,
        rows=read.rows.num_rows if read else 0, rejected=_rows_aside(faults), modified_at=modified_at,
    )  # fmt: skip
    _write(con, found, read, faults, landing)
    return FileOutcome(name, "accepted" if found.accepted else "refused", found.rows, found.rejected, found.reason)


def _holds(con: duckdb.DuckDBPyConnection, partner: str, entry: PartnerList, version: str, last: tuple[str, int] | None) -> bool:
    """Whether the version is in force: of a full list only the last one taken is, so that a file put back counts as new."""
    if entry.kind == "full":
        return last is not None and last[0] == version and not newest_is_refused(con, partner, entry.name)
    return is_accepted(con, partner, entry.name, version)


def _refusal(entry: PartnerList, read: ReadList, last: tuple[str, int] | None) -> Rejection | None:
    """Why a full list that was read well is not taken all the same: it would make companies vanish by mistake."""
    rows = read.rows.num_rows
    if entry.kind != "full":
        return None
    if rows == 0:
        return ListRefused("partners.empty_list").rejection
    if last is not None and rows < entry.shrink_limit * last[1]:
        return ListRefused("partners.shrunken_list", rows=rows, before=last[1], limit=f"{entry.shrink_limit:.0%}").rejection
    return None


def _rows_aside(faults: Sequence[Rejection]) -> int:
    return len({fault.row for fault in faults if fault.whole_row and fault.row is not None})


def _write(
    con: duckdb.DuckDBPyConnection, version: Version, read: ReadList | None, faults: Sequence[Rejection], landing: Landing
) -> None:
    """All or nothing: the version, its rows, and what was set aside, which for a full list replaces that of older files."""
    with transaction(con):
        stale = files_of(con, version.partner, version.list) if version.accepted and version.kind == "full" else []
        forget_rejections(con, version.partner, {*stale, version.file})
        write_rejections(con, version.partner, version.file, faults, landing)
        if version.version:
            write_version(con, version, read.rows if read and version.accepted else None, landing)
