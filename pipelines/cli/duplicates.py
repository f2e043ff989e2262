"""``totsugo duplicates``: accounts of one CRM of ours that are one company, for clean-up.

Belongs here: printing them and writing them to a file. Does not: which they are, or which one to keep (``marts.crm_duplicates``).
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

import typer

from pipelines.cli.plainly import Refused, plainly, settings_in_force, spoken
from pipelines.settings import Paths
from pipelines.settings.base import Language
from pipelines.texts import text
from pipelines.warehouse import Warehouse

_COLUMNS = (
    "connection",
    "company",
    "company_id",
    "position",
    "native_id",
    "name",
    "owner",
    "deals",
    "last_activity_on",
    "created_on",
)
_QUERY = """
SELECT connection, company_name, company_id, position, native_id, name, owner_name, deals, last_activity_on, created_on
FROM marts.crm_duplicates WHERE $connection IS NULL OR connection = $connection
ORDER BY connection, company_name, company_id, position
"""
Row = tuple[Any, ...]


def duplicates(
    connection: Annotated[str | None, typer.Option(help="Only this CRM connection of ours.")] = None,
    csv_file: Annotated[Path | None, typer.Option("--csv", help="Write them to this file instead, for Excel.")] = None,
    language: Annotated[str | None, typer.Option(help="ja or en; default: us.language of the settings.")] = None,
) -> None:
    """Print the accounts of one CRM that are one company, of each the one to keep first. All of them get the same verdict."""
    with plainly():
        settings = settings_in_force()
        told_in = spoken(settings, language)
        ours = settings.connections_of(ours=True)
        if connection is not None and connection not in ours:
            raise Refused(
                f"There is no CRM connection {connection} of ours in account_mapping.yaml. Known are: {', '.join(ours)}."
            )
        with Warehouse(Paths.from_environment()).read() as con:
            rows = con.execute(_QUERY, {"connection": connection}).fetchall()
        if csv_file is None:
            _print(rows, told_in)
        else:
            _write(csv_file, rows, told_in)


def _print(rows: Sequence[Row], language: Language) -> None:
    groups = [list(group) for _, group in groupby(rows, key=lambda row: (row[0], row[2]))]
    if not groups:
        typer.echo(text("duplicates.none", language))
        return
    typer.echo(text("duplicates.found", language, companies=len(groups), records=len(rows)))
    for group in groups:
        typer.echo(f"{group[0][1]}  ({group[0][0]}, {group[0][2]})")
        for _, _, _, position, native_id, name, owner, deals, active_on, created_on in group:
            facts = (("owner", owner), ("deals", deals), ("last_activity_on", active_on), ("created_on", created_on))
            known = (f"{text(f'duplicates.{key}', language)} {value}" for key, value in facts if value is not None)
            typer.echo(f"  {position}. {native_id}  {name}  {', '.join(known)}")


def _write(file: Path, rows: Sequence[Row], language: Language) -> None:
    """UTF-8 with a byte order mark: Excel takes it for what it is, and Japanese stays legible."""
    with file.open("w", encoding="utf-8-sig", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(text(f"duplicates.{column}", language) for column in _COLUMNS)
        writer.writerows(rows)
    typer.echo(text("duplicates.written", language, file=file, records=len(rows)))
