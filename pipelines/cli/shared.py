"""``totsugo share`` and ``totsugo shared``: handing shares over between runs, and what partners were told, ever.

Belongs here: arguments and printing. Does not: handing over (``pipelines.sharing.deliver``), or what the log holds
(``pipelines.sharing.asked``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

import duckdb
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipelines.cli.desk import Desk, at_desk
from pipelines.cli.plainly import known_partner
from pipelines.explain import NotFound, find_company
from pipelines.registrations import Refused
from pipelines.settings import Settings
from pipelines.sharing import asked, deliver, handed
from pipelines.sharing.asked import Entry
from pipelines.sharing.deliver import Courier, Delivered, name_of
from pipelines.sharing.doubt import doubt_of
from pipelines.sharing.layout import COLUMNS, heading
from pipelines.sharing.log import beyond_recall
from pipelines.sharing.share import LISTS, Share, SharedRow
from pipelines.sharing.told import told, told_count
from pipelines.texts import catalogue, text

_PREVIEWED = 3
"""Rows of each list that a dry run shows."""


def share(
    partner: Annotated[list[str] | None, typer.Option(help="Only this partner; may be given several times.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would go out, with the first rows; write nothing.")
    ] = False,
    again: Annotated[bool, typer.Option("--again", help="Also what is unchanged: the folder was emptied, or moved.")] = False,
) -> None:
    """Hand each partner its share of the last run, now; take back at once what a partner may no longer have."""
    with at_desk() as desk:
        settings, folder = desk.settings, deliver.folder_of(desk.settings, desk.warehouse.paths)
        with desk.warehouse.read():
            pass  # a run has ended, else there is nothing to hand over
        with desk.warehouse.connect() as con:
            known = deliver.partners_of(con, settings)
            chosen = [_one_of(settings, each, known) for each in dict.fromkeys(partner or [])] or known
            courier = Courier(con, settings, folder, desk.today, lambda: desk.now, again)
            doubt = doubt_of(con, settings, desk.language)
            act = deliver.would_deliver if dry_run else deliver.take_back_ended if doubt else deliver.deliver
            delivered = act(courier, chosen)
        for one in delivered:
            _tell(desk, one, dry_run)
        typer.echo(text("sharing.at", desk.language, folder=folder.address))
        if doubt:
            raise Refused("sharing_doubt", why=doubt)
        if not all(one.is_settled for one in delivered):
            raise typer.Exit(1)


def shared(
    partner: Annotated[str | None, typer.Option(help="What this partner was told.")] = None,
    company: Annotated[
        str | None, typer.Option(help="Who was told of it: name, 法人番号, company_id, or the id of a record.")
    ] = None,
    list_name: Annotated[str | None, typer.Option("--list", help=f"Only this list: {', '.join(LISTS)}.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Withdrawn rows too, and all of them.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="Print so many; the rest is a count.")] = 50,
) -> None:
    """What partners were told, when, under which policy, and whether it still stands. Without options: how much with whom."""
    with at_desk() as desk, desk.warehouse.connect() as con:
        if list_name is not None and list_name not in LISTS:
            raise Refused("no_shared_list", asked=list_name, known=", ".join(LISTS))
        told_to = asked.partners_told(con)
        if partner is not None:
            _one_of(desk.settings, partner, [*desk.settings.partners, *told_to])
        if company is not None:
            companies = asked.companies_called(con, company) or _on_the_map(desk, company)
            entries = [entry for entry in asked.entries_about(con, companies, partner) if list_name in (None, entry.list)]
            _print(desk, entries, len(entries) if every else limit, nothing_of=company)
            return
        for each in told_to if partner is None else [partner]:
            _print_standing(desk, con, each)
        if partner is not None:
            entries = asked.entries_of(con, partner, list_name, every)
            _print(desk, entries, len(entries) if every else limit, nothing_of=partner)
        elif not told_to:
            typer.echo(text("sharing.nothing_logged", desk.language))


def _one_of(settings: Settings, partner: str, known: Sequence[str]) -> str:
    """The partner, also one that the yaml no longer names. Raises ``Refused``."""
    return partner if partner in known else known_partner(settings, partner)


def _on_the_map(desk: Desk, company: str) -> set[str]:
    """The company that the last run knows by that; none where it knows none."""
    try:
        with desk.warehouse.read() as con:
            return {find_company(con, company)}
    except (FileNotFoundError, NotFound):
        return set()


def _tell(desk: Desk, one: Delivered, dry_run: bool) -> None:
    lines = handed.sentences(one, desk.settings, desk.language, dry_run)
    for line in lines:
        typer.echo(line, err=not one.is_settled)
    if dry_run and one.share and one.outcome == "delivered":
        for name in one.share.lists:
            _preview(one.share, name, desk.language)


def _preview(share: Share, name: str, language: str) -> None:
    """The first rows of a list in the words of the partner's files."""
    rows = share.lists[name][:_PREVIEWED]
    if rows:
        typer.echo("  " + text("sharing.preview", language, list=text(f"share.sheet.{name}", language), shown=len(rows)))
    for row in rows:
        typer.echo("    " + ", ".join([*filter(None, [row.company_name]), _said(name, row.values, share.language)]))


def _print_standing(desk: Desk, con: duckdb.DuckDBPyConnection, partner: str) -> None:
    """How much stands with the partner, under which policies, and what cannot be taken back."""
    language, zone = desk.language, desk.settings.us.zone
    standing = asked.standing_of(con, partner)
    counts = {name: f"{getattr(standing, name):,}" for name in ("rows", "companies", "withdrawn")}
    typer.echo(text("sharing.stands", language, name=name_of(desk.settings, partner), **counts))
    for policy in asked.policies_of(con, partner):
        since = f"{policy.since.astimezone(zone):%Y-%m-%d %H:%M}"
        typer.echo(text("sharing.policy", language, version=policy.version, since=since, by=policy.approved_by or "–"))
    beyond = beyond_recall(con, partner)
    if beyond:
        typer.echo("  " + handed.kept(beyond, desk.settings, language))


def _print(desk: Desk, entries: Sequence[Entry], limit: int, nothing_of: str) -> None:
    if not entries:
        typer.echo(text("sharing.nothing_of", desk.language, asked=nothing_of))
        return
    table = Table(padding=(0, 1))
    for head in ("partner", "channel", "list", "company", "told", "shared_at", "policy", "now"):
        table.add_column(text(f"sharing.entry.{head}", desk.language), overflow="fold")
    for entry in entries[:limit]:
        table.add_row(*map(Text, _cells(desk, entry)))
    Console(highlight=False).print(table)
    if len(entries) > limit:
        typer.echo(text("sharing.more", desk.language, count=f"{len(entries) - limit:,}"))


def _cells(desk: Desk, entry: Entry) -> list[str]:
    language = desk.language
    by_key = f"sharing.channel.{entry.channel}"
    return [
        name_of(desk.settings, entry.partner),
        text(by_key, language) if by_key in catalogue() else entry.channel,
        text(f"share.sheet.{entry.list}", language),
        entry.company_name or "–",
        _said(entry.list, entry.content, language),
        _moment(desk, entry.shared_at),
        entry.policy_version,
        text(f"sharing.because.{entry.because}", language, at=_moment(desk, entry.withdrawn_at))
        if entry.withdrawn_at
        else text("sharing.entry.stands", language),
    ]


def _said(list_name: str, values: Mapping[str, Any], language: str) -> str:
    """What a row says, column by column, in the words of the partner's files."""
    if list_name == "summary":
        how, companies = told_count(SharedRow("", None, None, None, dict(values)))
        count = f"{companies:,}" if how == "exact" else text("share.counts.at_least", language, n=companies) if companies else "–"
        return " × ".join(text(f"status.{values[side]}", language) for side in ("our_status", "partner_status")) + f": {count}"
    said = {name: _word(list_name, name, value, language) for name, value in values.items() if name != "company_name"}
    return ", ".join(f"{_heading(name, language)} {value}" for name, value in said.items() if value is not None)


def _word(list_name: str, column: str, value: Any, language: str) -> object:
    """As the partner's files say it; what only a CRM was told, as it went out."""
    try:
        return told(list_name, column, value, language)
    except KeyError:
        return value


def _heading(column: str, language: str) -> str:
    return heading(column, language) if column in COLUMNS else column


def _moment(desk: Desk, moment: datetime | None) -> str:
    return f"{moment.astimezone(desk.settings.us.zone):%Y-%m-%d %H:%M}" if moment else "–"
