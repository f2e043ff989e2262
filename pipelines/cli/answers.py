"""``totsugo conflicts`` and ``totsugo holds``: what people changed in our fields, what an undo put back, and the answers.

Belongs here: arguments and printing. Does not: what may be answered, or recording it
(``pipelines.writeback.answers`` and ``.holds``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Annotated

import typer

from pipelines.cli.desk import By, Desk, Note, Reason, at_desk, who
from pipelines.cli.plainly import known_partner, settings_in_force
from pipelines.registrations import Refused
from pipelines.texts import text
from pipelines.writeback import answers, holds
from pipelines.writeback.answers import Conflict, Said, SteeredAccount
from pipelines.writeback.holds import Hold
from pipelines.writeback.values import value_label
from pipelines.writeback.words import field_label

conflicts_app = typer.Typer(
    help="Fields of ours that people changed: they stay as people set them until they are answered. Without a command: the list."
)
holds_app = typer.Typer(
    help="Records that an undo put back: no run writes them until they are released. Without a command: the list."
)

RECORD_HELP = "Id of the record as the list shows it; the CRM's own id is enough where one record alone has it."
Record = Annotated[str, typer.Argument(metavar="RECORD", help=RECORD_HELP)]
RecordOrNone = Annotated[str | None, typer.Argument(metavar="RECORD", help=RECORD_HELP)]
Field = Annotated[str | None, typer.Option("--field", help="Only this field, as the list shows it in brackets.")]
Limit = Annotated[int, typer.Option(min=1, help="Print so many; the rest is a count.")]


@conflicts_app.callback(invoke_without_command=True)
def _conflicts(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        list_conflicts()


@conflicts_app.command("list")
def list_conflicts(limit: Limit = 200) -> None:
    """By account: what waits for an answer, what is answered; then the overrides that were made of conflicts."""
    with at_desk() as desk:
        with desk.warehouse.read() as con:
            found, steered = answers.conflicts_of(con), answers.steered_accounts(con, desk.today)
        for key, group in (("waiting", [c for c in found if c.waits]), ("answered", [c for c in found if not c.waits])):
            desk.say(f"conflicts.{key}", count=f"{len(group):,}")
            _show_conflicts(desk, group[:limit])
            _show_rest(desk, len(group) - limit)
        desk.say("conflicts.overrides", count=f"{len(steered):,}")
        for one in steered[:limit]:
            _show_steered(desk, one)
        _show_rest(desk, len(steered) - limit)


@conflicts_app.command("restore")
def restore(
    record: RecordOrNone = None,
    field: Field = None,
    every: Annotated[bool, typer.Option("--all", help="Every conflict that waits; with --yes.")] = False,
    connection: Annotated[str | None, typer.Option(help="With --all: those of this connection; else of our own ones.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="With --all: do it; without, their number is told.")] = False,
    reason: Note = None,
    by: By = None,
) -> None:
    """Give fields back to Totsugo: the next run writes its value, unless somebody has changed the field once more by then."""
    with at_desk() as desk:
        if (record is None) != every:
            raise Refused("record_or_all")
        with desk.warehouse.read() as con:
            found = answers.conflicts_of(con)
        if record is not None:
            chosen = answers.find_conflicts(found, record, field)
        else:
            ours = settings_in_force().connections_of(ours=True)  # a partner's people are overruled one by one, if at all
            meant = [c for c in found if (c.connection == connection if connection else c.connection in ours)]
            chosen = [c for c in meant if c.waits and field in (None, c.field)]
        if not chosen:
            raise Refused("no_conflicts")
        if every and not yes:
            raise Refused("all_needs_yes", count=f"{len(chosen):,}", accounts=f"{_accounts(chosen):,}")
        with desk.warehouse.connect() as con:
            answers.restore(con, chosen, Said(who(by), desk.now, reason))
        desk.say("restored", count=f"{len(chosen):,}", accounts=f"{_accounts(chosen):,}")


@conflicts_app.command("override")
def override(
    record: Record,
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Last day, included; at most two years ahead.")],
    reason: Reason,
    partner: Annotated[str | None, typer.Option(help="For this partner alone; for every partner where left out.")] = None,
    field: Field = None,
    by: By = None,
) -> None:
    """Make what a person set (partners may approach, or may not) an override that holds until a day."""
    with at_desk() as desk:
        if partner:
            known_partner(desk.settings, partner)
        with desk.warehouse.read() as con:
            chosen = answers.find_conflicts(answers.conflicts_of(con), record, field)
        ours, said = desk.settings.connections_of(ours=True), Said(who(by), desk.now, reason)
        with desk.warehouse.connect() as con:
            word = answers.override(con, chosen, ours, partner, until.date(), desk.today, said)
        told = {
            "name": chosen[0].name or chosen[0].id,
            "partner": _partner(desk, partner and desk.settings.partners[partner].name),
        }
        desk.say(f"overridden_{word}", until=until.date(), **told)


@conflicts_app.command("withdraw")
def withdraw(record: Record, reason: Reason, by: By = None) -> None:
    """Take back the overrides that were made of conflicts on one account: the rules decide there again."""
    with at_desk() as desk:
        with desk.warehouse.read() as con:
            chosen = answers.find_steered(answers.steered_accounts(con, desk.today), record)
        with desk.warehouse.connect() as con:
            answers.withdraw(con, chosen, desk.today, Said(who(by), desk.now, reason))
        desk.say("steering_withdrawn", name=chosen[0].name or chosen[0].record_id)


@holds_app.callback(invoke_without_command=True)
def _holds(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        list_holds()


@holds_app.command("list")
def list_holds(limit: Limit = 200) -> None:
    """By the run that was undone, the last undo first."""
    with at_desk() as desk:
        with desk.warehouse.read() as con:
            found = holds.holds_of(con)
        desk.say("holds.open", count=f"{len(found):,}")
        for (run, by, at), group in groupby(found[:limit], key=lambda hold: (hold.run_id, hold.held_by, hold.held_at)):
            desk.say("holds.run", run=run, by=by, at=_local(desk, at))
            for hold in group:
                typer.echo(f"    {hold.id}  {hold.name or ''}".rstrip())
        _show_rest(desk, len(found) - limit)


@holds_app.command("release")
def release(
    record: RecordOrNone = None,
    run: Annotated[str | None, typer.Option(help="Every record of this undone run, by the beginning of its id.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every record.")] = False,
    by: By = None,
) -> None:
    """Let the next run write records again."""
    with at_desk() as desk:
        if [record is not None, run is not None, every].count(True) != 1:
            raise Refused("record_run_or_all")
        with desk.warehouse.connect() as con:
            chosen = _chosen(holds.holds_of(con), record, run)
            holds.release(con, chosen, who(by), desk.now)
        desk.say("released", count=f"{len(chosen):,}")


def _chosen(found: Sequence[Hold], record: str | None, run: str | None) -> Sequence[Hold]:
    if record is not None:
        return holds.find_hold(found, record)
    return found if run is None else holds.holds_of_run(found, run)


def _show_conflicts(desk: Desk, conflicts: Sequence[Conflict]) -> None:
    for (connection, account), on_account in groupby(conflicts, key=lambda c: (c.connection, c.account_id)):
        entries = list(on_account)
        name = entries[0].name or text("answer.conflicts.no_name", desk.language)
        typer.echo(f"  {name}  {_link(desk, connection, account)}".rstrip())
        for id, fields in groupby(entries, key=lambda c: c.id):
            typer.echo(f"    {id}")
            for conflict in fields:
                _show_field(desk, conflict)


def _show_field(desk: Desk, conflict: Conflict) -> None:
    object, field, language = conflict.object, conflict.field, desk.language
    desk.say(
        "conflicts.line",
        field=f"{field_label(object, field, language)} ({field})",
        theirs=value_label(object, field, conflict.theirs, language),
        ours=value_label(object, field, conflict.ours, language),
        since=_local(desk, conflict.first_seen_at)[:10],
    )
    if not conflict.waits:
        desk.say(f"conflicts.answer_{conflict.answer}", by=conflict.answered_by)


def _show_steered(desk: Desk, one: SteeredAccount) -> None:
    word = text(f"explain.override.{one.override}", desk.language)
    told = {"name": one.name or "", "partner": _partner(desk, one.partner_name), "until": one.until, "by": one.decided_by}
    desk.say("conflicts.override_line", word=word, reason=one.reason, **told)
    typer.echo(f"    {one.record_id}")


def _show_rest(desk: Desk, left: int) -> None:
    if left > 0:
        typer.echo(f"  {text('alert.more', desk.language, count=f'{left:,}')}")


def _partner(desk: Desk, name: str | None) -> str:
    return name or text("answer.overrides.every_partner", desk.language)


def _accounts(conflicts: Sequence[Conflict]) -> int:
    return len({(conflict.connection, conflict.account_id) for conflict in conflicts})


def _link(desk: Desk, connection: str, account_id: str) -> str:
    """Where the account opens in the browser; HubSpot's address needs the portal's number, which nobody tells us here."""
    known = desk.settings.connections.get(connection)
    return f"{known.url.rstrip('/')}/{account_id}" if known and known.crm == "salesforce" else ""


def _local(desk: Desk, moment: datetime) -> str:
    return f"{moment.astimezone(desk.settings.us.zone):%Y-%m-%d %H:%M}"
