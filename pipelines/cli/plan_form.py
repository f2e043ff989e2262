"""``totsugo plan form`` and what follows it: the form to a partner, what came back, and our verdict on it.

Belongs here: arguments, files and printing. Does not: what stands on the form, or what an answer means
(``pipelines.account_plans.form``). ``plans.py`` registers the commands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer

from pipelines.account_plans.form.answers import (
    ACCEPTED,
    REJECTED,
    WAITING,
    Answer,
    accepted,
    answers_of,
    decide,
)
from pipelines.account_plans.form.compare import Difference, difference, known_json, label_of
from pipelines.account_plans.form.intake import Intake, take_in
from pipelines.account_plans.form.layout import Form, answerable
from pipelines.account_plans.form.prefill import people_of, prefilled
from pipelines.account_plans.form.reading import Filled, read_form
from pipelines.account_plans.form.workbook import workbook
from pipelines.account_plans.profile.gather import said_of
from pipelines.account_plans.profile.trust import Said
from pipelines.account_plans.written.load import load, written_file
from pipelines.cli.desk import By, Desk, Note, Reason, at_desk, who
from pipelines.cli.plainly import known_partner, spoken
from pipelines.registrations import Refused
from pipelines.texts import text
from pipelines.whole_file import write_whole

Partner = Annotated[str, typer.Argument(metavar="PARTNER", help="Its id in account_mapping.yaml.")]
Fields = Annotated[list[str] | None, typer.Option("--field", metavar="FIELD", help="Only this one; may be repeated.")]


def form(
    partner: Partner,
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE.xlsx]", help="The form to write, never one that exists; else in the folder forms."),
    ] = None,
    language: Annotated[str | None, typer.Option(help="ja or en; default: us.language of the settings.")] = None,
) -> None:
    """Write the form for a partner to fill in: only what it told us before, or what is public, stands there already."""
    with at_desk() as desk:
        settings, told_in = desk.settings, spoken(desk.settings, language)
        name = settings.partners[known_partner(settings, partner)].name
        if settings.partners[partner].stage == "ended":
            raise Refused("plan_ended", name=name)
        if file is not None and file.suffix.lower() != ".xlsx":
            raise Refused("no_xlsx_name", file=file)
        target = file or desk.warehouse.paths.plans / "forms" / _file_name(name, f"{desk.today:%Y%m%d}", told_in)
        if target.exists():
            raise Refused("form_exists", file=target)
        said, stands = _known(desk, partner)
        filled = prefilled(name, said, stands)
        people = people_of(stands)
        made = Form(partner, name, settings.us.name, told_in, settings.us.currency, desk.today, filled, people)
        _write(target, workbook(made))
        desk.say("plan_form.written", partner=name, file=target, count=len(filled) + bool(people))


def import_form(
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="The form as it came back.")],
    partner: Annotated[str | None, typer.Option(help="Whose it is, where the file got copied and does not say so.")] = None,
) -> None:
    """Take in what a partner filled in: it waits until one of us accepts it. The same file twice adds nothing."""
    with at_desk() as desk:
        if partner:
            known_partner(desk.settings, partner)
        filled = read_form(file, desk.today, partner, desk.settings.us.currency)
        if filled.partner not in desk.settings.partners:
            raise Refused("form_unknown_partner", file=file, partner=filled.partner)
        said, stands = _known(desk, filled.partner)
        before = {key: known_json(key, said, stands) for key in filled.values}
        with desk.warehouse.connect() as con:
            intake = take_in(con, filled, file.name, before, desk.today, desk.now)
        _show_intake(desk, filled, intake, said)


def answers(
    partner: Annotated[str | None, typer.Argument(metavar="[PARTNER]", help="Only this one's.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Decided ones too.")] = False,
) -> None:
    """What partners answered and waits for one of us, beside what we knew."""
    with at_desk() as desk:
        if partner:
            known_partner(desk.settings, partner)
        with desk.warehouse.connect() as con:
            found = answers_of(con, partner)
        waiting = [answer for answer in found if answer.verdict == WAITING]
        desk.say("plan_form.waiting", count=f"{len(waiting):,}")
        for (whose, _), of in groupby(sorted(waiting, key=_by_file), key=_by_file):
            _show_waiting(desk, whose, list(of))
        decided = [answer for answer in found if answer.verdict != WAITING]
        if every:
            desk.say("plan_form.history", count=f"{len(decided):,}")
            for answer in decided:
                _show_decided(desk, answer)
        for whose in dict.fromkeys(answer.partner for answer in waiting):
            desk.say("plan_form.todo", partner=whose)


def accept(partner: Partner, field: Fields = None, reason: Note = None, by: By = None) -> None:
    """Accept answers that wait: plans tell them from now on, unless one of us entered something else."""
    with at_desk() as desk:
        _decide(desk, partner, field, ACCEPTED, reason, by)


def reject(partner: Partner, reason: Reason, field: Fields = None, by: By = None) -> None:
    """Reject answers that wait: what was known before stays."""
    with at_desk() as desk:
        _decide(desk, partner, field, REJECTED, reason, by)


def _decide(desk: Desk, partner: str, fields: Sequence[str] | None, verdict: str, reason: str | None, by: str | None) -> None:
    name = desk.settings.partners[known_partner(desk.settings, partner)].name
    with desk.warehouse.connect() as con:
        waiting = answers_of(con, partner, WAITING)
        if not waiting:
            raise Refused("form_nothing_waits", partner=partner)
        chosen = [answer for answer in waiting if not fields or answer.field in fields]
        unknown = sorted(set(fields or ()) - {answer.field for answer in waiting})
        if unknown:
            raise Refused("form_field_not_waiting", asked=", ".join(unknown), fields=", ".join(a.field for a in waiting))
        decide(con, chosen, verdict, who(by), desk.now, reason)
    told = text("evidence.joiner", desk.language).join(label_of(answer.field, desk.language) for answer in chosen)
    desk.say(f"plan_form.{verdict}", partner=name, count=len(chosen), fields=told, id=partner)


def _known(desk: Desk, partner: str) -> tuple[Mapping[str, Sequence[Said]], Mapping[str, Answer]]:
    """All that anybody says of the partner, and its accepted answers of this minute."""
    written = load(written_file(desk.warehouse.paths.plans, partner))
    with desk.warehouse.connect() as con:
        stands = accepted(con, partner)
    with desk.warehouse.read() as con:
        return said_of(con, partner, written, stands), stands


def _file_name(partner: str, on: str, language: str) -> str:
    """Without what no file name may hold."""
    return re.sub(r'[\\/:*?"<>|\s]+', "_", text("plan.form.file", language, partner=partner, on=on))


def _write(file: Path, content: bytes) -> None:
    """Whole or not at all."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, content)
    except OSError as error:
        raise Refused("form_unwritable", file=file, error=error.strerror or error) from None


def _by_file(answer: Answer) -> tuple[str, str]:
    return answer.partner, answer.file


def _show_intake(desk: Desk, filled: Filled, intake: Intake, said: Mapping[str, Sequence[Said]]) -> None:
    name = desk.settings.partners[filled.partner].name
    counts = {"new": len(intake.taken), "repeated": intake.repeated, "unchanged": filled.unchanged}
    desk.say("plan_form.imported", partner=name, **counts)
    for answer in intake.taken:
        _show(desk, difference(answer, said, desk.language, desk.settings.us.currency))
    for answer in intake.older:
        desk.say("plan_form.older", field=label_of(answer.field, desk.language))
    if intake.taken:
        desk.say("plan_form.todo", partner=filled.partner)
    if filled.faults:
        typer.echo(text("answer.plan_form.set_aside", desk.language, count=len(filled.faults)), err=True)
        for fault in filled.faults:
            typer.echo(f"  {text(fault.text_key, desk.language, **fault.values)}", err=True)


def _show_waiting(desk: Desk, partner: str, waiting: Sequence[Answer]) -> None:
    said, _ = _known(desk, partner)
    first = waiting[0]
    by = first.filled_in_by or text("answer.plan_form.nobody", desk.language)
    known = desk.settings.partners.get(partner)
    desk.say("plan_form.from", partner=known.name if known else partner, by=by, on=first.filled_in_on, file=first.file)
    for answer in sorted(waiting, key=lambda answer: answerable().index(answer.field)):
        _show(desk, difference(answer, said, desk.language, desk.settings.us.currency))


def _show(desk: Desk, one: Difference) -> None:
    field = f"{one.label} ({one.answer.field})"
    news = "new" if one.before is None else "same" if one.before == one.now else "changed"
    desk.say(f"plan_form.{news}", field=field, before=one.before, now=one.now)
    if one.ours is not None and one.ours_from is not None and one.ours != one.now:
        desk.say("plan_form.ours_stays", ours=one.ours, by=one.ours_from.where, file=f"{one.answer.partner}.yaml")


def _show_decided(desk: Desk, answer: Answer) -> None:
    on = answer.decided_at.astimezone(desk.settings.us.zone).date() if answer.decided_at else answer.filled_in_on
    verdict = text(f"answer.plan_form.verdict.{answer.verdict}", desk.language)
    told = {"on": on, "verdict": verdict, "field": f"{answer.partner} {label_of(answer.field, desk.language)}"}
    told["value"] = difference(answer, {}, desk.language, desk.settings.us.currency).now
    told["by"] = answer.decided_by or answer.filled_in_by or text("answer.plan_form.nobody", desk.language)
    desk.say(f"plan_form.decided{'_why' if answer.reason else ''}", **told, reason=answer.reason)
