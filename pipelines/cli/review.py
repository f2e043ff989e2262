"""``totsugo review``: which records a person should look at, the workbook to answer in, and what people said.

Belongs here: arguments, files and printing. Does not: what is asked, or recording an answer (``pipelines.review``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.desk import By, Desk, Note, Reason, at_desk, who
from pipelines.cli.plainly import known_partner, spoken
from pipelines.registrations import Refused
from pipelines.registrations.refused import one_of
from pipelines.review.answers import answer_word, parse_answer
from pipelines.review.contradictions import contradictions
from pipelines.review.decisions import ANSWERS, WITHDRAWN, Decision, add, in_force, pair_of, pairs
from pipelines.review.gather import gather
from pipelines.review.intake import Intake, take_in
from pipelines.review.layout import CONTRADICTIONS, QUESTIONS, SPOT_CHECKS
from pipelines.review.lookup import find_record
from pipelines.review.precision import Checked, checked, precision
from pipelines.review.questions import Question, Side, known_ids, sides_of, waiting
from pipelines.review.reading import Answered, read_answers
from pipelines.review.workbook import workbook
from pipelines.texts import text
from pipelines.warehouse import WarehouseBusy, transaction
from pipelines.whole_file import write_whole

review = typer.Typer(help="Matches that a person should look at, and what people said of them. Without a command: how it stands.")

_SHOWN = 20
RecordId = Annotated[
    str, typer.Argument(metavar="RECORD", help="Id of a record, or its last part; of an entry of the register its 法人番号.")
]
OtherId = Annotated[str, typer.Argument(metavar="OTHER", help="The other one.")]


@review.callback(invoke_without_command=True)
def _review(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        status()


@review.command("status")
def status() -> None:
    """What waits by partner, what people said, how precise the automatic links are, and decisions that contradict each other."""
    with at_desk() as desk, desk.warehouse.read() as con:
        said, ranges = _said_so_far(desk)
        asked = waiting(con, pairs(said))
        desk.say("review.waiting", count=f"{len(asked):,}")
        names = dict(con.execute("SELECT party, name FROM config.parties").fetchall())
        for party, count in _by_partner(asked):
            desk.say("review.waiting_partner", partner=names.get(party, party), count=f"{count:,}")
        by_word = Counter(decision.decision for decision in said)
        desk.say("review.decisions", **{word: f"{by_word[word]:,}" for word in ANSWERS})
        measured = precision(ranges)
        if measured:
            shares = {name: f"{getattr(measured, name):.1%}" for name in ("estimate", "low", "high")}
            desk.say("review.precision", checked=f"{measured.checked:,}", wrong=f"{measured.wrong:,}", **shares)
        found = contradictions(said)
        desk.say("review.contradictions", count=f"{len(found):,}")
        sides = sides_of(con, (id for one in found[:_SHOWN] for decision in one.decisions for id in decision.pair))
        for number, one in enumerate(found[:_SHOWN], 1):
            for decision in one.decisions:
                _show_decision(desk, f"{number}." if decision is one.decisions[0] else "", decision, sides)
        _show_rest(desk, len(found) - _SHOWN)
        if found:
            desk.say("review.contradictions_todo")


@review.command("export")
def export(
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="The workbook to write; never one that exists.")],
    partner: Annotated[str | None, typer.Option(help="Only what concerns this partner's records.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many questions, the most valuable ones.")] = 500,
    spot_checks: Annotated[int, typer.Option(min=0, help="So many automatic links, drawn by lot, to be checked.")] = 20,
    language: Annotated[str | None, typer.Option(help="ja or en; default: us.language of the settings.")] = None,
) -> None:
    """Write a workbook for people to answer in: the questions, links to spot-check, contradictions."""
    with at_desk() as desk:
        told_in = spoken(desk.settings, language)
        if partner:
            known_partner(desk.settings, partner)
        if file.suffix.lower() != ".xlsx":
            raise Refused("no_xlsx_name", file=file)
        if file.exists():
            raise Refused("review_file_exists", file=file)
        with desk.warehouse.read() as con:
            asked = gather(con, _said_so_far(desk)[0], desk.today, limit, spot_checks, partner)
        if not asked.rows:
            desk.say("review.nothing")
            return
        _write(file, workbook(asked, desk.now.astimezone(desk.settings.us.zone), told_in))
        counts = {sheet: f"{len(asked.rows.get(sheet, ())):,}" for sheet in (QUESTIONS, SPOT_CHECKS, CONTRADICTIONS)}
        desk.say("review.exported", file=file, **counts)
        if asked.left:
            desk.say("review.exported_left", count=f"{asked.left:,}")


@review.command("import")
def import_answers(
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="The workbook with the answers.")],
    by: Annotated[str | None, typer.Option("--by", help="Who answered, where a row names nobody; else your login name.")] = None,
) -> None:
    """Take the answers in. A cell that says nothing usable is named and left out; the same file twice adds nothing."""
    with at_desk() as desk:
        with desk.warehouse.read() as con:
            answered = read_answers(file)
            ids = {id for answer in answered.answers for id in answer.asked.pair}
            gone = ids - known_ids(con, ids)
        with desk.warehouse.connect() as con:
            intake = take_in(con, answered, who(by), desk.now)
            found = contradictions(in_force(con))
        _show_intake(desk, answered, intake, gone)
        if found:
            desk.say("review.contradictions_now", count=f"{len(found):,}")


@review.command("decide")
def decide(
    record: RecordId,
    other: OtherId,
    answer: Annotated[str, typer.Argument(metavar="ANSWER", help="same, different or unsure.")],
    reason: Reason,
    by: By = None,
) -> None:
    """Say whether two records are one company. It binds from the next run on, until it is taken back or said otherwise."""
    with at_desk() as desk:
        word = parse_answer(answer)
        if word is None:
            raise Refused("unknown_decision", asked=answer)
        with desk.warehouse.read() as con:
            a, b = find_record(con, record), find_record(con, other)
            sides = sides_of(con, (a, b))
        if a == b:
            raise Refused("same_record", asked=a)
        new = Decision(a, b, word, who(by), desk.now, reason)
        with desk.warehouse.connect() as con:
            with transaction(con):
                add(con, [new])
            against = [one for one in contradictions(in_force(con)) if new in one.decisions]
        desk.say("review.decided", a=_name(desk, sides[a]), b=_name(desk, sides[b]), answer=answer_word(word, desk.language))
        if against:
            desk.say("review.contradictions_now", count=f"{len(against):,}")


@review.command("withdraw")
def withdraw(record: RecordId, other: OtherId, reason: Note = None, by: By = None) -> None:
    """Take back what was said of two records: the pair is open again, as if nobody had been asked."""
    with at_desk() as desk:
        with desk.warehouse.connect() as con:
            said = {decision.pair: decision for decision in in_force(con)}
            known = sorted({id for pair in said for id in pair})
            a, b = (one_of(asked, known, "undecided_record") for asked in (record, other))
            if pair_of(a, b) not in said:
                raise Refused("nothing_decided", a=a, b=b)
            with transaction(con):
                add(con, [Decision(a, b, WITHDRAWN, who(by), desk.now, reason)])
        desk.say("review.withdrawn", a=a, b=b, answer=answer_word(said[pair_of(a, b)].decision, desk.language))


def _by_partner(asked: Sequence[Question]) -> list[tuple[str, int]]:
    """How many questions concern each partner, the most first; ours alone are told as ours."""
    whose = [question.parties - {"us"} or {"us"} for question in asked]
    return Counter(party for parties in whose for party in sorted(parties)).most_common()


def _said_so_far(desk: Desk) -> tuple[list[Decision], list[Checked]]:
    """Decisions in force and spot checks, those of this minute too; while a run writes, as the last one left them."""
    try:
        with desk.warehouse.connect() as con:
            return in_force(con), checked(con)
    except WarehouseBusy:
        with desk.warehouse.read() as con:
            return in_force(con), checked(con)


def _write(file: Path, content: bytes) -> None:
    """Whole or not at all."""
    try:
        write_whole(file, content)
    except OSError as error:
        raise Refused("unwritable_review", file=file, error=error.strerror or error) from None


def _show_intake(desk: Desk, answered: Answered, intake: Intake, gone: set[str]) -> None:
    by_word = Counter(decision.decision for decision in intake.taken)
    taken = {word: f"{by_word[word]:,}" for word in ANSWERS}
    desk.say("review.imported", count=f"{len(intake.taken):,}", repeated=f"{intake.repeated:,}", **taken)
    open_ones = answered.asked - len({answer.asked.key for answer in answered.answers})
    desk.say("review.still_open", count=f"{open_ones:,}")
    for before, new in intake.replaced[:_SHOWN]:
        words = {"before": answer_word(before.decision, desk.language), "now": answer_word(new.decision, desk.language)}
        a, b = new.pair
        desk.say("review.replaced", a=a, b=b, by=before.decided_by, on=_day(desk, before.decided_at), **words)
    _show_rest(desk, len(intake.replaced) - _SHOWN)
    if gone:
        desk.say("review.gone", count=f"{len(gone):,}")
        for id in sorted(gone)[:_SHOWN]:
            typer.echo(f"    {id}")
        _show_rest(desk, len(gone) - _SHOWN)
    if answered.faults:
        typer.echo(text("answer.review.set_aside", desk.language, count=f"{len(answered.faults):,}"), err=True)
        for fault in answered.faults:
            typer.echo(f"  {text(fault.text_key, desk.language, **fault.values)}", err=True)


def _show_decision(desk: Desk, number: str, said: Decision, sides: Mapping[str, Side]) -> None:
    a, b = (_name(desk, sides[id]) for id in (said.record_id, said.other_record_id))
    who_said = {"by": said.decided_by, "on": _day(desk, said.decided_at), "reason": said.reason}
    told = text(f"answer.review.{'who_why' if said.reason else 'who'}", desk.language, **who_said)
    desk.say(f"review.said_{said.decision}", number=number.ljust(4), a=a, b=b, said=told)
    typer.echo(f"        {said.record_id} / {said.other_record_id}")


def _show_rest(desk: Desk, left: int) -> None:
    if left > 0:
        typer.echo(f"    {text('alert.more', desk.language, count=f'{left:,}')}")


def _name(desk: Desk, side: Side) -> str:
    return side.name or text("answer.conflicts.no_name", desk.language)


def _day(desk: Desk, moment: datetime) -> str:
    return f"{moment.astimezone(desk.settings.us.zone):%Y-%m-%d}"
