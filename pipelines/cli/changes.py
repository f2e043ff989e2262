"""``totsugo changes`` and ``totsugo report --on DAY``: what changed on the map between two runs, and the map of a past day.

Belongs here: printing. Does not: finding it (``pipelines/report/past.py``).
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

import duckdb
from rich.console import Console
from rich.table import Table

from pipelines.cli.show import map_table
from pipelines.report.past import Change, changes_between, maps_at, moment_of, runs
from pipelines.settings import Settings
from pipelines.texts import text


def changes(
    console: Console,
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    since: str | None,
    until: str | None,
    partner: str | None,
    limit: int,
) -> None:
    """Two runs compared: those of ``since`` and ``until``, else the newest with the one before it."""
    zone, language = settings.us.zone, settings.us.language
    end = moment_of(con, until, zone) if until else runs(con)[0][1]
    earlier = [as_of for _, as_of in runs(con) if as_of < end]
    if not earlier:
        console.print(text("changes.one_run", language, until=_local(end, zone)), markup=False)
        return
    begin = moment_of(con, since, zone, before_the_day=True) if since else earlier[0]
    found = changes_between(con, begin, end, partner)
    told = text("changes.between", language, since=_local(begin, zone), until=_local(end, zone), count=f"{len(found):,}")
    console.print(told, markup=False)
    for change, count in Counter(entry.change for entry in found).items():
        console.print(f"  {text(f'change.{change}', language)}: {count:,}", markup=False)
    if found:
        console.print(_table(found[:limit], language))
    if len(found) > limit:
        console.print(text("alert.more", language, count=f"{len(found) - limit:,}"), markup=False)


def past_maps(console: Console, con: duckdb.DuckDBPyConnection, settings: Settings, day: str) -> None:
    """Every partner's map as the last run of that day left it."""
    zone, language = settings.us.zone, settings.us.language
    moment = moment_of(con, day, zone)
    console.print(text("changes.map_on", language, day=day, run=_local(moment, zone)) + "\n", markup=False)
    for m in maps_at(con, moment):
        console.print(map_table(m, language))
        sizes = {"whitespace": m.whitespace, "no_approach": m.no_approach}
        console.print("  " + "   ".join(f"{text(f'report.{name}', language)} {count:,}" for name, count in sizes.items()) + "\n")


def _table(found: list[Change], language: str) -> Table:
    table = Table(padding=(0, 1))
    for key in ("changes.what", "report.partner", "changes.company", "changes.before", "changes.after"):
        table.add_column(text(key, language))
    for entry in found:
        partner = text("changes.us", language) if entry.party == "us" else entry.partner
        values = (_worded(entry.change, value, language) for value in (entry.before, entry.after))
        table.add_row(text(f"change.{entry.change}", language), partner, entry.company, *values)
    return table


def _worded(change: str, value: str | None, language: str) -> str:
    """A status, a pair of them, or a rule as people say it."""
    if value is None or change.startswith("whitespace"):
        return ""
    if change.startswith("claim"):
        return text(f"registration.status.{value}", language)
    if change.startswith("no_approach"):
        return text(f"no_approach.{value}", language)
    return " × ".join(text(f"status.{status}", language) for status in value.split("/"))


def _local(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"
