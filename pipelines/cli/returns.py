"""``totsugo returns``: what partners sent back in the workbooks of their shares, and our verdict on it.

Belongs here: arguments and printing. Does not: reading a workbook, or what a verdict leads to (``pipelines.sharing.returns``).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.desk import By, Desk, Note, Reason, at_desk, who
from pipelines.cli.plainly import known_partner
from pipelines.registrations import Refused
from pipelines.sharing.returns.decide import MAY_BE_REJECTED, WAITS, Outcome, Verdict, accept, chosen, reject
from pipelines.sharing.returns.intake import Intake, take_in
from pipelines.sharing.returns.known import check_whose, shared_rows, their_records
from pipelines.sharing.returns.reading import read_returned
from pipelines.sharing.returns.returned import ACCEPTED, REJECTED, WAITING, Return, returns_of
from pipelines.texts import text

returns = typer.Typer(
    help="What partners sent back in the workbooks of their shares, and accepting it. Without a command: the list."
)
Ids = Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Ids of returns, or their beginnings.")]
Every = Annotated[bool, typer.Option("--all", help="All that wait of the partner that --partner names.")]
Partner = Annotated[str | None, typer.Option(help="Id of the partner in account_mapping.yaml.")]
_TELLING = ("status", "product", "amount", "direction", "native_id", "comment", "note")


@returns.callback(invoke_without_command=True)
def _returns(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        list_returns()


@returns.command("import")
def import_returned(
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="The workbook as it came back.")],
    partner: Annotated[str | None, typer.Option(help="Who sent it, to be sure: another partner's workbook is refused.")] = None,
) -> None:
    """Take in what a partner filled in: it waits until one of us accepts it. The same file twice adds nothing."""
    with at_desk() as desk:
        if partner:
            known_partner(desk.settings, partner)
        returned = read_returned(file, desk.language)
        with desk.warehouse.connect() as con, desk.warehouse.read() as published:
            check_whose(con, desk.settings, returned.partner, returned.share_id, partner, file.name)
            keys = [said.row_key for said in returned.rows if said.row_key is not None]
            shared = shared_rows(con, returned.partner, keys)
            records = their_records(published, returned.partner, shared)
            intake = take_in(con, returned, file.name, shared, records, desk.now)
        _show_intake(desk, returned.partner, intake)


@returns.command("list")
def list_returns(
    partner: Partner = None,
    every: Annotated[bool, typer.Option("--all", help="Decided ones too.")] = False,
) -> None:
    """What waits for one of us, by partner and file."""
    with at_desk() as desk:
        if partner:
            known_partner(desk.settings, partner)
        with desk.warehouse.connect() as con:
            found = returns_of(con, partner)
        waiting = [one for one in found if one.verdict == WAITING]
        desk.say("returns.waiting", count=f"{len(waiting):,}")
        _show_by_file(desk, waiting)
        decided = [one for one in found if one.verdict in (ACCEPTED, REJECTED)]
        if every:
            desk.say("returns.history", count=f"{len(decided):,}")
            for one in decided:
                _show_decided(desk, one)
        for whose in dict.fromkeys(one.partner for one in waiting):
            desk.say("returns.todo", partner=whose)


@returns.command("accept")
def accept_returns(ids: Ids = None, every: Every = False, partner: Partner = None, reason: Note = None, by: By = None) -> None:
    """Accept what waits: statuses and claims count from the next run on, as if they stood in the partner's own lists; what is not
    the same company is parted."""
    with at_desk() as desk, desk.warehouse.read() as published, desk.warehouse.connect() as con:
        found = _asked(desk, returns_of(con), ids, every, partner, WAITS)
        outcome = accept(con, published, found, Verdict(who(by), desk.now, reason), desk.language)
        _show_outcome(desk, outcome, ACCEPTED)


@returns.command("reject")
def reject_returns(reason: Reason, ids: Ids = None, every: Every = False, partner: Partner = None, by: By = None) -> None:
    """Reject what waits, or take back by its id what was accepted."""
    with at_desk() as desk, desk.warehouse.connect() as con:
        found = _asked(desk, returns_of(con), ids, every, partner, MAY_BE_REJECTED)
        _show_outcome(desk, reject(con, found, Verdict(who(by), desk.now, reason)), REJECTED)


def _asked(
    desk: Desk, found: Sequence[Return], ids: Sequence[str] | None, every: bool, partner: str | None, verdicts: Sequence[str]
) -> list[Return]:
    """The returns that a command is about. Raises ``Refused``."""
    if partner:
        known_partner(desk.settings, partner)
    if bool(ids) == every or (every and not partner):
        raise Refused("return_ids_or_all")
    of = [one for one in found if partner in (None, one.partner)]
    if ids:
        return chosen(of, ids, verdicts)
    waiting = [one for one in of if one.verdict == WAITING]
    if not waiting:
        raise Refused("return_nothing_waits", partner=partner)
    return waiting


def _name(desk: Desk, partner: str) -> str:
    return desk.settings.partners[partner].name if partner in desk.settings.partners else partner


def _show_intake(desk: Desk, partner: str, intake: Intake) -> None:
    counts = {"new": len(intake.taken), "repeated": intake.repeated, "replaced": len(intake.replaced)}
    desk.say("returns.imported", partner=_name(desk, partner), **counts)
    for one in intake.taken:
        _show(desk, one)
    if intake.taken:
        desk.say("returns.todo", partner=partner)
    if intake.faults:
        typer.echo(text("answer.returns.set_aside", desk.language, count=len(intake.faults)), err=True)
        for fault in intake.faults:
            typer.echo(f"  {text(fault.text_key, desk.language, **fault.values)}", err=True)


def _show_by_file(desk: Desk, waiting: Sequence[Return]) -> None:
    for (partner, received, file), of in groupby(waiting, key=lambda one: (one.partner, one.received_at, one.file)):
        on = received.astimezone(desk.settings.us.zone).date()
        desk.say("returns.from", partner=_name(desk, partner), file=file, on=on)
        for one in of:
            _show(desk, one)


def _show(desk: Desk, one: Return) -> None:
    kind = text(f"return.kind.{one.kind}", desk.language)
    place = text("return.place", desk.language, sheet=one.sheet, row=one.row_number)
    desk.say("returns.line", id=one.return_id, kind=kind, company=one.company_name, says=_says(desk, one), place=place)


def _show_decided(desk: Desk, one: Return) -> None:
    on = one.decided_at.astimezone(desk.settings.us.zone).date() if one.decided_at else ""
    verdict, kind = (text(f"return.{key}", desk.language) for key in (f"verdict.{one.verdict}", f"kind.{one.kind}"))
    told = {"id": one.return_id, "verdict": verdict, "on": on, "by": one.decided_by, "kind": kind, "says": _says(desk, one)}
    told |= {"company": one.company_name, "partner": _name(desk, one.partner)}
    desk.say(f"returns.decided{'_why' if one.reason else ''}", **told, reason=one.reason)


def _says(desk: Desk, one: Return) -> str:
    """What is said beside the kind."""
    told = []
    for name in _TELLING:
        value = one.content.get(name)
        if value and not (name == "status" and one.kind == "already_served"):
            told.append(text(f"status.{value}", desk.language) if name == "status" and one.row_key else str(value))
    return text("return.says", desk.language, words=text("return.joiner", desk.language).join(told)) if told else ""


def _show_outcome(desk: Desk, outcome: Outcome, verdict: str) -> None:
    desk.say(f"returns.{verdict}", count=f"{len(outcome.decided):,}")
    for one in outcome.decided:
        _show(desk, one)
    if outcome.decisions:
        desk.say("returns.parted", count=f"{len(outcome.decisions):,}")
    if outcome.left:
        desk.say("returns.left", count=f"{len(outcome.left):,}")
        for one, why in outcome.left:
            _show(desk, one)
            typer.echo(f"    {text(why, desk.language)}")
