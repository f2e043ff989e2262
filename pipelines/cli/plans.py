"""``totsugo plan``: making account plans, laying quarters beside each other, and how the plans stand.

Belongs here: arguments and printing. Does not: the form for partners (``plan_form.py``), or any work.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from pipelines.account_plans import files, told
from pipelines.account_plans.doubt import doubt_of
from pipelines.account_plans.figure import told as said
from pipelines.account_plans.form.answers import answers_of
from pipelines.account_plans.history.keep import period_of
from pipelines.account_plans.make import Made, Maker, language_of, make_plans, make_portfolio, partners_of, plans
from pipelines.account_plans.plan import Earlier, Plan
from pipelines.account_plans.portfolio.gather import PartnerStanding, Portfolio
from pipelines.account_plans.slides.theme import day, period_in_words
from pipelines.account_plans.written.edits import Edits
from pipelines.account_plans.written.load import written_file
from pipelines.account_plans.written.starter import create, starter
from pipelines.account_plans.written.take import take
from pipelines.cli import plan_form
from pipelines.cli.desk import Desk, at_desk
from pipelines.cli.plainly import known_partner, spoken
from pipelines.registrations import Refused
from pipelines.texts import text

plan = typer.Typer(
    help="Account plans: one per partner, made from the last run and from what people wrote. For our own people only; "
    "the form is all that goes to a partner. Without a command: how the plans stand."
)
plan.command("form")(plan_form.form)
plan.command("import")(plan_form.import_form)
plan.command("answers")(plan_form.answers)
plan.command("accept")(plan_form.accept)
plan.command("reject")(plan_form.reject)

Partner = Annotated[str, typer.Argument(metavar="PARTNER", help="Its id in account_mapping.yaml.")]
Language = Annotated[str | None, typer.Option(help="ja or en; default: account_plans.language, else us.language.")]
Template = Annotated[
    Path | None, typer.Option(metavar="FILE.pptx", help="The company's PowerPoint template; default: account_plans.template.")
]


@plan.callback(invoke_without_command=True)
def _plan(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        status()


@plan.command("make")
def make(
    partner: Annotated[list[str] | None, typer.Argument(metavar="[PARTNER...]", help="Only these; all where left out.")] = None,
    language: Language = None,
    template: Template = None,
) -> None:
    """Make the plans anew from the last run and from what people wrote, and the page of all partners."""
    with at_desk() as desk:
        maker = _maker(desk, language, template)
        with maker.reading() as con:
            doubt = doubt_of(con, desk.settings)
        if doubt:
            raise Refused(f"plan_{doubt}")
        made = make_plans(maker, [_planned(desk, each) for each in dict.fromkeys(partner or [])] or partners_of(desk.settings))
        _tell(desk, [*made, make_portfolio(maker)[0]])


@plan.command("new")
def new(partner: Partner, language: Language = None) -> None:
    """Write the yaml in which people write of a partner, all of it commented out; one that is there stays as it is."""
    with at_desk() as desk:
        file = written_file(desk.warehouse.paths.plans, _planned(desk, partner))
        name, us = desk.settings.partners[partner].name, desk.settings.us
        told_in = spoken(desk.settings, language) if language else language_of(desk.settings)
        content = starter(name, period_of(desk.today, us.fiscal_year_starts_in), desk.today.isoformat(), told_in)
        desk.say("plan.begun" if create(file, content) else "plan.there", file=file)


@plan.command("take")
def take_over(
    partner: Partner,
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE.pptx]", help="The deck that was edited; PARTNER.pptx where left out.")
    ] = None,
) -> None:
    """Take what people typed into a plan's deck over into its yaml, so that every later plan says it."""
    with at_desk() as desk:
        folder = desk.warehouse.paths.plans
        deck, target = file or folder / f"{_planned(desk, partner)}.pptx", written_file(folder, _planned(desk, partner))
        _show_taken(desk, take(deck, target, desk.today, language_of(desk.settings)), deck, target)


@plan.command("portfolio")
def portfolio(language: Language = None, template: Template = None) -> None:
    """All partners on one page: what each may bring, what we spend on it, whose plan comes first."""
    with at_desk() as desk:
        maker = _maker(desk, language, template)
        made, found = make_portfolio(maker)
        if found:
            _print(_portfolio_table(found))
            for each in found.partners:  # a table of 80 columns would break them into syllables
                typer.echo(f"{each.rank}. {each.name}: {text(f'plan.portfolio.reason.{each.reason}', found.language)}")
        _tell(desk, [made])


@plan.command("compare")
def compare(
    partner: Partner,
    with_period: Annotated[
        str | None, typer.Option("--with", metavar="PERIOD", help="Such as 2026-Q2; the quarter before where left out.")
    ] = None,
    language: Language = None,
) -> None:
    """An earlier quarter beside this one: goals met or missed, steps done, figures then and now."""
    with at_desk() as desk:
        maker = _maker(desk, language, None)
        (made,) = plans(maker, [_planned(desk, partner)], with_period)
        if made.plan is None:
            typer.echo(made.fault, err=True)
            raise typer.Exit(1)
        if made.plan.earlier is None:
            desk.say("plan.nothing_earlier", name=made.plan.name, period=period_in_words(made.plan.period, desk.language))
        else:
            _show_earlier(made.plan, made.plan.earlier)


@plan.command("status")
def status() -> None:
    """How the plans stand: what they lack, answers of partners that wait, files that people changed."""
    with at_desk() as desk:
        maker = _maker(desk, None, None)
        made = plans(maker, partners_of(desk.settings))
        with desk.warehouse.connect() as con:
            waiting = {one.stem: len(answers_of(con, one.stem, "waiting")) for one in made}
            ours = files.known(con)
        heads = ("partner", "deck", "written", "lacking", "goals_met", "waiting")
        table = _table(text(f"answer.plan.{head}", desk.language) for head in heads)
        for one in made:
            table.add_row(*_standing(desk, one, ours, waiting[one.stem]))
        _print(table)
        for path in files.changed(maker.folder, ours):
            desk.say("plan.changed", file=path)
        for one in made:
            if one.fault:
                typer.echo(told.sentences(one, desk.language)[0])
        desk.say("plan.folder", folder=maker.folder)


def _maker(desk: Desk, language: str | None, template: Path | None) -> Maker:
    asked = spoken(desk.settings, language) if language else None
    return Maker.of(desk.warehouse, desk.warehouse.read, desk.settings, asked, template)


def _planned(desk: Desk, partner: str) -> str:
    """The partner. Raises ``Refused`` for one that is unknown or has ended."""
    if known_partner(desk.settings, partner) not in partners_of(desk.settings):
        raise Refused("plan_ended", name=desk.settings.partners[partner].name)
    return partner


def _tell(desk: Desk, made: list[Made]) -> None:
    """A line per plan; ends with exit code 1 where one could not be made."""
    for one in made:
        for sentence in told.sentences(one, desk.language):
            typer.echo(sentence, err=one.fault is not None)
    if any(one.fault for one in made):
        raise typer.Exit(1)


def _show_taken(desk: Desk, edits: Edits, deck: Path, target: Path) -> None:
    """What was taken, what could not be, and how the deck gets its new words."""
    for edit in edits.texts:
        desk.say("plan.took" if edit.words else "plan.left_out", slot=edit.slot, words=edit.words)
    for move in edits.dropped:
        desk.say("plan.dropped", move=move)
    for key, slots in (("emptied", edits.emptied), ("unknown", edits.unknown)):
        for slot in slots:
            desk.say(f"plan.{key}", slot=slot)
    count = len(edits.texts) + len(edits.dropped)
    desk.say("plan.taken" if count else "plan.nothing_taken", count=count, file=target.name, deck=deck.name)


def _portfolio_table(portfolio: Portfolio) -> Table:
    language = portfolio.language
    names = ("rank", "partner", "fit", "potential", "effort", "proposed", "proposal")
    table = _table(text(f"plan.portfolio.head.{name}", language) for name in names)
    for partner in portfolio.partners:
        table.add_row(str(partner.rank), partner.name, *_told(portfolio, partner))
    return table


def _told(portfolio: Portfolio, partner: PartnerStanding) -> list[str]:
    columns = ("fit", "potential_amount", "effort_share", "proposed_share")
    numbers = [said(partner.figures[column], portfolio.language, portfolio.currency) for column in columns]
    return [*numbers, text(f"plan.portfolio.proposal.{partner.proposal}", portfolio.language)]


def _show_earlier(now: Plan, earlier: Earlier) -> None:
    """Goals, steps and figures of the earlier quarter."""
    language = now.language

    def tell(key: str, **values: str) -> None:
        typer.echo(text(f"answer.plan.{key}", language, **values))

    tell("earlier", name=now.name, period=period_in_words(earlier.period, language))
    for goal in earlier.goals:
        state = text(f"answer.plan.goal.{goal.state}", language)
        reached = {"now": said(goal.now, language, now.currency), "target": said(goal.target, language, now.currency)}
        tell("goal", state=state, words=goal.words.words, due=day(goal.due_on, language), **reached)
    for move in earlier.moves:
        done = text("answer.plan.move.open" if move.done_on is None else "answer.plan.move.done", language)
        tell("move", state=done, words=move.words.words)
    for then, this in earlier.figures:
        both = {"then": said(then, language, now.currency), "now": said(this, language, now.currency)}
        tell("figure", label=this.label(language), **both)


def _table(heads: Iterable[str]) -> Table:
    table = Table(padding=(0, 1))
    for head in heads:
        table.add_column(head, overflow="fold")
    return table


def _print(table: Table) -> None:
    Console(highlight=False).print(table, markup=False)


def _standing(desk: Desk, made: Made, ours: dict[str, files.Known], waiting: int) -> list[str]:
    """One partner's row of ``status``."""
    language, folder = desk.language, desk.warehouse.paths.plans
    deck, nothing = ours.get(f"{made.stem}.pptx"), text("plan.unknown", language)
    there = deck is not None and (folder / f"{made.stem}.pptx").exists()
    goals = made.plan.actions.goals if made.plan else ()
    return [
        f"{made.plan.name} ({made.stem})" if made.plan else made.stem,
        day(deck.at.astimezone(desk.settings.us.zone).date(), language) if deck and there else nothing,
        text(f"answer.plan.{'yes' if written_file(folder, made.stem).exists() else 'no'}", language),
        str(len(made.plan.missing)) if made.plan else nothing,
        f"{sum(goal.state == 'met' for goal in goals)}/{len(goals)}" if made.plan else nothing,
        str(waiting),
    ]
