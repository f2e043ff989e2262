"""The commands of ``totsugo``, each a few lines: read the settings, call the part, print.

Belongs here: arguments and exit codes. Does not: any work, or how a mistake is told (``plainly.py``).
"""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from connectors import open_crm
from connectors.crm import CrmError
from pipelines.cli import changes as past
from pipelines.cli import partners as insight
from pipelines.cli import provisioning, show
from pipelines.cli.answers import conflicts_app, holds_app
from pipelines.cli.duplicates import duplicates
from pipelines.cli.explain import explain_company, explain_pair
from pipelines.cli.line import run_line
from pipelines.cli.models import models
from pipelines.cli.plainly import Refused, console, errors, known_partner, plainly, settings_in_force, spoken
from pipelines.cli.plans import plan
from pipelines.cli.registrations import overrides, registrations
from pipelines.cli.returns import returns
from pipelines.cli.review import review
from pipelines.cli.shared import share, shared
from pipelines.cli.writeback import approve, preview, undo_run
from pipelines.registrations import Refused as NotTaken
from pipelines.settings import Paths
from pipelines.settings.terms import terms_told
from pipelines.sharing.mail import partners_without_server
from pipelines.warehouse import Warehouse

app = typer.Typer(
    help="Totsugo (突合): account mapping as a data pipeline. Set up by account_mapping.yaml (TOTSUGO_CONFIG) "
    "and the environment; all state lies in TOTSUGO_HOME (.local).",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(registrations, name="registrations")
app.add_typer(overrides, name="overrides")
app.add_typer(conflicts_app, name="conflicts")
app.add_typer(holds_app, name="holds")
review.command("models")(models)
app.add_typer(review, name="review")
app.add_typer(plan, name="plan")
app.add_typer(returns, name="returns")
AS_OF_FORMATS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"]


@app.command()
def check() -> None:
    """Validate account_mapping.yaml and log in to every CRM. Touches no data."""
    with plainly():
        settings, file = settings_in_force(), Paths.from_environment().config.name
        counts = f"connections: {len(settings.connections)}, partners: {len(settings.partners)}"
        console.print(f"{file}: no fault; {counts}", markup=False)
        for sentence in terms_told(settings, datetime.now(settings.us.zone).date()):
            console.print(sentence, markup=False)
        unmailed = partners_without_server(settings)
        if unmailed:
            told = f"mail_to of {', '.join(unmailed)}: no mail goes out, for alerts.email names no server"
            console.print(told, markup=False)
        refused = 0
        for name, connection in settings.connections.items():
            try:
                who = open_crm(connection.crm, connection.url, connection.login.revealed()).identity()
                console.print(f"{name}: logged in to {connection.crm} as {who.name}", markup=False)
            except CrmError as error:
                refused += 1
                errors.print(f"{name}: {error}", markup=False)
        if refused:
            raise typer.Exit(1)


@app.command()
def provision(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be created, create nothing.")] = False,
    metadata: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Log in nowhere: write Salesforce's part as source files into this new folder."),
    ] = None,
) -> None:
    """Create Totsugo's fields, child object, views, permission sets and lists, as provision_login; alter nothing that exists."""
    with plainly():
        settings = settings_in_force()
        if metadata is not None:
            provisioning.deployable(console, settings, metadata)
        elif not provisioning.provision_all(console, settings, dry_run):
            raise typer.Exit(1)


@app.command()
def run(
    partner: Annotated[
        list[str] | None, typer.Option(help="Read again only this partner's sources; may be given several times.")
    ] = None,
    as_of: Annotated[
        datetime | None, typer.Option(formats=AS_OF_FORMATS, help="Replay another moment (ISO 8601; without an offset: UTC).")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Compare with the CRMs and show; write nothing, alert nobody.")
    ] = False,
) -> None:
    """Run the whole line once: pull, normalize, match, map, alert, write back (where TOTSUGO_WRITE_BACK=1), publish."""
    with plainly():
        settings = settings_in_force()
        partners = [known_partner(settings, asked) for asked in partner or []]
        outcome = run_line(console, partners=partners, as_of=as_of, dry_run=dry_run)
        with Warehouse(Paths.from_environment()).read() as con:
            show.account_map(console, con, settings.us.language)
        if not show.written(console, outcome):
            raise typer.Exit(1)


@app.command()
def report(
    on: Annotated[
        str | None, typer.Option(help="The map of a past day (2026-11-20), or of a run by the beginning of its id.")
    ] = None,
) -> None:
    """Print the account map of the last run, or as it stood on a past day."""
    with plainly(), Warehouse(Paths.from_environment()).read() as con:
        if on:
            past.past_maps(console, con, settings_in_force(), on)
        else:
            show.account_map(console, con, settings_in_force().us.language)


@app.command()
def changes(
    since: Annotated[
        str | None, typer.Option(help="First day whose changes are told; or a run to compare with, by the beginning of its id.")
    ] = None,
    until: Annotated[str | None, typer.Option(help="Last day whose changes are told; or a run.")] = None,
    partner: Annotated[str | None, typer.Option(help="Only changes with this partner.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Print so many; the rest is a count.")] = 200,
) -> None:
    """Print what changed on the map, in the last run or between any two: overlaps, cells, claims, customers, no-approach."""
    with plainly(), Warehouse(Paths.from_environment()).read() as con:
        settings = settings_in_force()
        partner = known_partner(settings, partner) if partner else None
        past.changes(console, con, settings, since, until, partner, limit)


@app.command()
def partners(
    partner: Annotated[str | None, typer.Argument(help="Id of one partner; all of them where left out.")] = None,
    language: Annotated[str | None, typer.Option(help="ja or en; default: us.language of the settings.")] = None,
) -> None:
    """Print what we know of the partners: fit and its parts, state, overlap, lifts, and what to do about ghosts."""
    with plainly(), Warehouse(Paths.from_environment()).read() as con:
        told_in = spoken(settings_in_force(), language)
        if partner is None:
            insight.all_partners(console, con, told_in)
        elif not insight.one_partner(console, con, partner, told_in):
            raise Refused(f"The last run knew of no partner {partner}, or it has ended.")


@app.command()
def explain(
    company: Annotated[
        str | None, typer.Argument(help="Its name, 法人番号, company_id, or the id of a record or CRM account.")
    ] = None,
    pair: Annotated[
        tuple[str, str] | None,
        typer.Option(metavar="RECORD OTHER", help="Two records, linked or not, by id or a name of one; register:<法人番号>."),
    ] = None,
    partner: Annotated[str | None, typer.Option(help="Only what concerns this partner and ourselves.")] = None,
    language: Annotated[str | None, typer.Option(help="ja or en; default: us.language of the settings.")] = None,
) -> None:
    """Why a company stands where it stands: every record, rule and step that led to what the CRM shows. With --pair: why two
    records are one company, or are not."""
    with plainly():
        settings = settings_in_force()
    with plainly(settings.us.language), Warehouse(Paths.from_environment()).read() as con:
        told_in = spoken(settings, language)
        if pair and not company:
            explain_pair(console, con, *pair, told_in, settings.us.zone)
        elif company and not pair:
            explain_company(console, con, company, known_partner(settings, partner) if partner else None, told_in)
        else:
            raise NotTaken("company_or_pair")


app.command("preview")(preview)
app.command("approve")(approve)
app.command("undo")(undo_run)
app.command("duplicates")(duplicates)
app.command("share")(share)
app.command("shared")(shared)


@app.command()
def sandbox(
    home: Annotated[Path, typer.Option(help="Where the sandbox keeps its state.")] = Path(".local/sandbox"),
    reset: Annotated[
        bool, typer.Option("--reset", help="Start afresh from the demo world; otherwise all is as it was left.")
    ] = False,
) -> None:
    """Serve the sandbox CRMs, filled with the demo world, on free loopback ports, until interrupted."""
    from connectors.sandbox.server import SandboxError
    from connectors.sandbox.server import run as serve
    from connectors.sandbox.world import build

    world = home / "world"
    build(world)
    console.print(
        f"Logins stand in {home / 'sandbox.json'}; GET /__sandbox__/ on each tells of its request log and faults. Ctrl-C stops."
    )
    try:
        serve(home, world, reset, out=lambda text: console.print(text, markup=False))
    except SandboxError as error:
        errors.print(str(error), markup=False)
        raise typer.Exit(1) from None


def main() -> None:
    """Entry point of the console script."""
    sys.exit(app())
