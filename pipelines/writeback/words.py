"""The change set and what became of it, as Markdown tables and sentences, in ja or en.

Belongs here: wording for people who look in Dagster or the shell. Does not: counting (``change_set.py``).
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from pipelines.texts import catalogue, text
from pipelines.writeback import change_set
from pipelines.writeback.change_set import TargetCounts
from pipelines.writeback.push import PushOutcome
from pipelines.writeback.run import WriteBackOutcome
from pipelines.writeback.values import value_label

SAMPLES = 3
"""Samples of each object, field and kind of change."""
_CHILD = "Totsugo_Account_Map__c"
Rows = list[list[str]]


def target_rows(counts: Sequence[TargetCounts], language: str) -> Rows:
    """A heading and a row per target: wanted, to change, to remove, flags set and cleared, left to people, held, note."""
    numbers = ("wanted", "changed", "removed", "fields", "flags_set", "flags_cleared", "conflicts", "held")
    rows = [_heading(language, "connection", "object", *numbers, "note")]
    for c in counts:
        rows.append([*c.target, *(f"{getattr(c, name):,}" for name in numbers), c.skipped or ""])
    return rows


def field_rows(con: duckdb.DuckDBPyConnection, language: str) -> Rows:
    """A heading and a row per connection, object, field and kind of change."""
    rows = [_heading(language, "connection", "object", "field", "change", "fields")]
    for connection, object, column, change, count in change_set.by_field(con):
        label, told = field_label(object, column, language), text(f"preview.change.{change}", language)
        rows.append([connection, object, label, told, f"{count:,}"])
    return rows


def sample_rows(con: duckdb.DuckDBPyConnection, language: str) -> Rows:
    """A heading and a few changes of each kind, before and after."""
    rows = [_heading(language, "connection", "object", "record", "field", "change", "before", "after")]
    for s in change_set.samples(con, SAMPLES):
        label, told = field_label(s["object"], s["field"], language), text(f"preview.change.{s['change']}", language)
        values = (value_label(s["object"], s["field"], s[at], language) for at in ("before", "after"))
        rows.append([s["connection"], s["object"], s["record_id"], label, told, *values])
    return rows


def _heading(language: str, *names: str) -> list[str]:
    return [text(f"preview.column.{name}", language) for name in names]


def field_label(object: str, column: str, language: str) -> str:
    """The label that reps see, where the field has one."""
    for group in ("child",) if object == _CHILD else ("account", "partner_account", "deal", "task", "list"):
        key = f"field.{group}.{column}.label"
        if key in catalogue():
            return text(key, language)
    return column


def markdown(rows: Rows) -> str:
    """A Markdown table; bars inside a cell do not end it."""
    cells = [[cell.replace("|", "\\|").replace("\n", " ") for cell in row] for row in rows]
    head, *body = [f"| {' | '.join(row)} |" for row in cells]
    return "\n".join([head, "|" + "---|" * len(rows[0]), *body])


def target_table(counts: Sequence[TargetCounts], language: str) -> str:
    return markdown(target_rows(counts, language))


def field_table(con: duckdb.DuckDBPyConnection, language: str) -> str:
    return markdown(field_rows(con, language))


def sample_table(con: duckdb.DuckDBPyConnection, language: str) -> str:
    return markdown(sample_rows(con, language))


def outcome_table(outcomes: Sequence[PushOutcome], language: str) -> str:
    """What became of each target."""
    rows = [_heading(language, "connection", "object", "changed", "written", "failed", "conflicts", "note")]
    for o in outcomes:
        numbers = (o.records_changed, o.fields_written, o.fields_failed, o.conflicts)
        rows.append([o.connection, o.target, *(f"{n:,}" for n in numbers), o.stopped or ""])
    return markdown(rows)


def faults(outcome: WriteBackOutcome, language: str) -> list[str]:
    """A sentence for each CRM that failed as a whole, with what it was not told, and for each canary that was not followed."""
    told = [
        text("quota.after_fault", language, connection=connection, why=why, left=left)
        if (left := _left(outcome, connection, language))
        else f"{connection}: {why}"
        for connection, why in outcome.faults.items()
    ]
    return [*told, *(stopped(target, language) for target in outcome.targets if target.stopped)]


def unfinished(outcome: WriteBackOutcome, language: str) -> list[str]:
    """A sentence for each connection in which the next run goes on, for want of calls."""
    return [
        text("quota.left", language, connection=connection, why=why, left=left)
        if (left := _left(outcome, connection, language))
        else text("quota.nothing_begun", language, connection=connection, why=why)
        for connection, why in outcome.out_of_calls.items()
    ]


def _left(outcome: WriteBackOutcome, connection: str, language: str) -> str:
    left = outcome.left(connection).items()
    return text("quota.and", language).join(
        text("quota.records", language, target=target, count=f"{count:,}") for target, count in left
    )


def stopped(outcome: PushOutcome, language: str) -> str:
    """Why a canary was not followed."""
    return text("write_back.stopped", language, target=f"{outcome.connection} {outcome.target}", why=outcome.stopped)


def how_to_approve(change_set_id: str, language: str) -> str:
    return text("brake.approve", language, id=change_set_id)
