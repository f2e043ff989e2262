"""``totsugo preview``, ``approve`` and ``undo``: what would be written, letting it be written, and putting it back.

Belongs here: arguments and printing. Does not: any of the work (``pipelines.writeback``).
"""

from __future__ import annotations

import csv
import getpass
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import duckdb
import typer
from rich import box
from rich.table import Table

from connectors.crm import Crm
from pipelines import gate
from pipelines.cli.plainly import Refused, console, errors, plainly, settings_in_force
from pipelines.crm.opened import open_connection
from pipelines.settings import Paths, Settings
from pipelines.settings.environment import write_back_allowed
from pipelines.texts import text
from pipelines.transform.remember import remember
from pipelines.warehouse import Warehouse
from pipelines.writeback import approval, change_set, words
from pipelines.writeback.plan import make_plan
from pipelines.writeback.run import WriteBackOutcome, require_gate, write_back
from pipelines.writeback.targets import written_connections
from pipelines.writeback.undo import UndoOutcome, UndoRefused, find_run, plan_undo, undo

KEPT_TOLD = 20


def _crms(settings: Settings) -> Callable[[str], Crm]:
    """Connection -> CRM, each opened once."""
    opened: dict[str, Crm] = {}

    def crm(connection: str) -> Crm:
        if connection not in opened:
            opened[connection] = open_connection(settings.connections[connection])
        return opened[connection]

    return crm


def preview(
    save: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Save every change as a CSV that Excel opens.")
    ] = None,
    samples: Annotated[bool, typer.Option(help="Print a few changes of each kind.")] = True,
) -> None:
    """Print what write-back would do with the map of the last run: by object, field and kind of change. Writes to no CRM."""
    with plainly():
        settings = settings_in_force()
        language = settings.us.language
        with Warehouse(Paths.from_environment()).connect() as con:
            _require_a_run(con)
            if not written_connections(settings):
                console.print(text("preview.switched_off", language))
                return
            make_plan(con, settings, _crms(settings))
            _show_change_set(con, language, samples)
            held = approval.judge(con, settings)
            _tell_brakes(con, settings, held)
            if save is not None:
                console.print(text("preview.saved", language, file=save, count=f"{_save(con, save, language):,}"), markup=False)


def _require_a_run(con: duckdb.DuckDBPyConnection) -> None:
    found = con.execute(
        "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'marts' AND table_name = 'run_measures'"
    ).fetchone()
    if not found or not found[0]:
        raise Refused("There is no map yet. Run `totsugo run --dry-run` first: it writes to no CRM.")


def _show_change_set(con: duckdb.DuckDBPyConnection, language: str, samples: bool) -> None:
    counts = change_set.counts(con)
    row = con.execute("SELECT change_set_id, as_of FROM writeback.change_set").fetchone()
    records, fields = sum(c.changed for c in counts), sum(c.fields for c in counts)
    if row and fields:
        title = text(
            "preview.title", language, id=row[0], as_of=f"{row[1]:%Y-%m-%d}", records=f"{records:,}", fields=f"{fields:,}"
        )
        console.print(f"[bold]{title}[/bold]")
    else:
        console.print(text("preview.nothing", language))
    console.print(_table(words.target_rows(counts, language)))
    fields_changed = words.field_rows(con, language)
    if len(fields_changed) > 1:
        console.print(_table(fields_changed))
    if samples and len(fields_changed) > 1:
        console.print(_table(words.sample_rows(con, language)))


def _table(rows: list[list[str]]) -> Table:
    """Numbers to the right; a column without a word, or with zeros only, is left out."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1))
    kept = [at for at in range(len(rows[0])) if any(row[at] not in ("", "0") for row in rows[1:])]
    for at in kept:
        numeric = all(row[at].replace(",", "").isdigit() for row in rows[1:])
        table.add_column(rows[0][at], justify="right" if numeric else "left", overflow="fold")
    for row in rows[1:]:
        table.add_row(*(row[at].replace("[", "\\[") for at in kept))
    return table


def _tell_brakes(con: duckdb.DuckDBPyConnection, settings: Settings, held: list[str]) -> None:
    """Why it would not be written as things stand, and the way on."""
    language = settings.us.language
    try:
        require_gate(con, settings)
    except gate.GateClosed as closed:
        errors.print(text("preview.not_open", language, reasons=str(closed)), markup=False)
    if held:
        id = approval.hold(con, held)
        for sentence in held:
            errors.print(f"  {sentence}", markup=False)
        console.print(words.how_to_approve(id, language), markup=False)


def _save(con: duckdb.DuckDBPyConnection, file: Path, language: str) -> int:
    """Every planned change; UTF-8 with a mark, so that Excel reads it. Rows written."""
    names = ("connection", "object", "record", "change", "field", "before", "after", "rule")
    query = (
        "SELECT connection, object, record_id, CASE WHEN verdict = 'write' THEN kind ELSE verdict END, field, before, after, rule"
        " FROM writeback.changes WHERE verdict <> 'adopt' ORDER BY ALL"
    )
    rows = [
        (*row[:3], text(f"preview.change.{row[3]}", language), words.field_label(row[1], row[4], language), *row[5:])
        for row in con.execute(query).fetchall()
    ]
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([text(f"preview.column.{name}", language) for name in names])
        writer.writerows(rows)
    return len(rows)


def approve(
    change_set_id: Annotated[str, typer.Argument(metavar="ID", help="Id of the held change set, as preview prints it.")],
    by: Annotated[str | None, typer.Option("--by", help="Who approved; your login name where left out.")] = None,
    reason: Annotated[str | None, typer.Option("--reason", help="Why; kept with the approval.")] = None,
) -> None:
    """Have a change set that a brake held written: exactly as previewed, or not at all."""
    with plainly():
        settings = settings_in_force()
        language = settings.us.language
        if not write_back_allowed():
            raise Refused("No CRM is written to in this environment: set TOTSUGO_WRITE_BACK=1 to let commands write.")
        warehouse, run_id = Warehouse(Paths.from_environment()), f"approve-{uuid.uuid4()}"
        with warehouse.connect() as con:
            approval.approve(con, change_set_id, by or getpass.getuser(), reason, language)
            outcome = write_back(con, settings, _crms(settings), run_id)
            remember(con)
        warehouse.publish()
        failed = sum(target.fields_failed for target in outcome.targets)
        fields = f"{outcome.fields_written:,}"
        console.print(
            text("approve.done", language, id=change_set_id, fields=fields, failed=f"{failed:,}", run=run_id), markup=False
        )
        _tell_faults(outcome, language)


def _tell_faults(outcome: WriteBackOutcome, language: str) -> None:
    for sentence in words.unfinished(outcome, language):
        errors.print(sentence, markup=False)
    faults = words.faults(outcome, language)
    faults += [failure for target in outcome.targets for failure in target.failures]
    for fault in faults[:KEPT_TOLD]:
        errors.print(fault, markup=False)
    if faults:
        raise typer.Exit(1)


def undo_run(
    run: Annotated[str, typer.Argument(metavar="RUN", help="The run whose writes are put back, by the beginning of its id.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do it; else only say what would be done.")] = False,
    by: Annotated[str | None, typer.Option("--by", help="Who undid it; your login name where left out.")] = None,
) -> None:
    """Put back what a run wrote, where the CRM still holds it, and hold those records until `totsugo holds release`."""
    with plainly():
        settings = settings_in_force()
        language = settings.us.language
        if yes and not write_back_allowed():
            raise Refused("No CRM is written to in this environment: set TOTSUGO_WRITE_BACK=1 to let commands write.")
        warehouse, undo_id = Warehouse(Paths.from_environment()), f"undo-{uuid.uuid4()}"
        with warehouse.connect() as con:
            run_id = find_run(con, run, language)
            crms = _crms(settings)
            if yes:
                outcome = undo(con, settings, crms, run_id, undo_id, by or getpass.getuser())
            else:
                with change_set.set_aside(con):
                    outcome = plan_undo(con, settings, crms, run_id)
        if not yes:
            _tell_plan(outcome, language)
            return
        warehouse.publish()
        done = text("undo.done", language, fields=f"{outcome.fields:,}", records=f"{outcome.held:,}", run=undo_id)
        console.print(done, markup=False)
        _tell_kept(outcome, language)
        for fault in outcome.faults:
            errors.print(fault, markup=False)
        if outcome.faults or any(kept.why == "refused" for kept in outcome.kept):  # no run puts it back: somebody must call again
            raise typer.Exit(1)


def _tell_plan(outcome: UndoOutcome, language: str) -> None:
    if not outcome.fields and not outcome.kept:
        raise UndoRefused(text("undo.nothing", language, run=outcome.run_id))
    counts = {"fields": f"{outcome.fields:,}", "records": f"{outcome.records:,}"}
    console.print(text("undo.plan", language, run=outcome.run_id, **counts), markup=False)
    _tell_kept(outcome, language)
    for fault in outcome.faults:
        errors.print(fault, markup=False)
    if outcome.fields:
        console.print(text("undo.confirm", language), markup=False)


def _tell_kept(outcome: UndoOutcome, language: str) -> None:
    if not outcome.kept:
        return
    console.print(text("undo.kept", language, count=f"{len(outcome.kept):,}"), markup=False)
    for kept in outcome.kept[:KEPT_TOLD]:
        why = text(f"undo.why.{kept.why}", language, by=kept.by)
        label = words.field_label(kept.object, kept.field, language)
        record = f"{kept.connection} {kept.object} {kept.record_id}"
        console.print(text("undo.kept_line", language, record=record, field=label, why=why), markup=False)
    if len(outcome.kept) > KEPT_TOLD:
        console.print(f"  … {len(outcome.kept) - KEPT_TOLD:,}", markup=False)
