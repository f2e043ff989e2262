"""Holding a change set that trips a brake, and a person's approval of that very set.

Belongs here: ``state.change_sets``, and the sentences of brakes and causes. Does not: measuring (``brakes.py``), writing
(``run.py``).
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from pipelines.settings import Settings
from pipelines.texts import catalogue, text
from pipelines.writeback import brakes, causes, change_set, let_through
from pipelines.writeback.brakes import Tripped
from pipelines.writeback.causes import Moved
from pipelines.writeback.journal import Target


class NotApproved(Exception):
    """The approval cannot be carried out; one sentence that says what to do."""


def judge(con: duckdb.DuckDBPyConnection, settings: Settings) -> list[str]:
    """What may stand behind it, and a sentence for every brake that the newest plan trips; none where it may be written."""
    row = con.execute("SELECT as_of FROM writeback.change_set").fetchone()
    if row is None:
        return []
    limits = settings.write_back.brakes
    lost = causes.lost(con, limits.source_loss_share, limits.at_least)
    found = brakes.tripped(let_through.new_counts(con), limits, row[0], causes.last_written(con), lost)
    if not found:
        return []
    told = [_sentence(con, entry, settings) for entry in found]
    language = settings.us.language
    likely = [text("brake.cause", language, what=_measure(entry, settings)) for entry in causes.moved(con) if entry not in lost]
    return likely + told


def is_astray(con: duckdb.DuckDBPyConnection, settings: Settings) -> bool:
    """Whether the newest plan rests on data, or a moment, that later runs must not be measured against."""
    row = con.execute("SELECT as_of FROM writeback.change_set").fetchone()
    limits = settings.write_back.brakes
    lost = causes.lost(con, limits.source_loss_share, limits.at_least)
    return row is None or bool(brakes.astray(limits, row[0], causes.last_written(con), lost))


def hold(con: duckdb.DuckDBPyConnection, sentences: Sequence[str]) -> str:
    """Note the newest plan as held; its id. One that is held already keeps its row, with the newest run and reasons."""
    counts = change_set.counts(con)
    con.execute(
        """
        INSERT INTO state.change_sets BY NAME
        SELECT change_set_id, run_id, as_of, planned_at, ? AS records, ? AS fields, ? AS brakes, 'held' AS status
        FROM writeback.change_set
        ON CONFLICT DO UPDATE SET run_id = excluded.run_id, as_of = excluded.as_of, planned_at = excluded.planned_at,
            brakes = excluded.brakes, status = 'held'
        """,
        [sum(c.changed for c in counts), sum(c.fields for c in counts), list(sentences)],
    )
    return str(change_set.current(con))


def approve(con: duckdb.DuckDBPyConnection, change_set_id: str, by: str, reason: str | None, language: str) -> None:
    """Record the approval of the newest plan. Raises ``NotApproved`` where the id is not that plan's, or it was never held."""
    current = change_set.current(con)
    held = con.execute("SELECT status FROM state.change_sets WHERE change_set_id = ?", [change_set_id]).fetchone()
    if held is None:
        raise NotApproved(text("approve.unknown", language, id=change_set_id))
    if held[0] == "applied":
        raise NotApproved(text("approve.applied", language, id=change_set_id))
    if current is None:
        raise NotApproved(text("approve.no_plan", language))
    if current != change_set_id:
        raise NotApproved(text("approve.outdated", language, id=change_set_id, current=current))
    con.execute(
        "UPDATE state.change_sets SET status = 'approved', approved_by = ?, approved_at = now(), reason = ?"
        " WHERE change_set_id = ?",
        [by, reason, change_set_id],
    )


def is_approved(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether a person approved the newest plan."""
    row = con.execute(
        "SELECT count(*) FROM state.change_sets SEMI JOIN writeback.change_set USING (change_set_id) WHERE status = 'approved'"
    ).fetchone()
    return bool(row and row[0])


def is_held(con: duckdb.DuckDBPyConnection, settings: Settings) -> bool:
    """Whether a brake stands against the newest plan, and nobody has approved it; also once that approval is used up."""
    return bool(judge(con, settings)) and not is_approved(con) and not _is_applied(con)


def _is_applied(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether the newest plan was written on a person's approval; a later one of the same changes is not."""
    row = con.execute(
        "SELECT count(*) FROM state.change_sets SEMI JOIN writeback.change_set USING (change_set_id, run_id)"
        " WHERE status = 'applied'"
    ).fetchone()
    return bool(row and row[0])


def applied(con: duckdb.DuckDBPyConnection, run_id: str) -> None:
    """The approval is used up: the same changes, should they come again, are a new question."""
    con.execute(
        "UPDATE state.change_sets SET status = 'applied', applied_by_run = ?"
        " WHERE status = 'approved' AND change_set_id IN (SELECT change_set_id FROM writeback.change_set)",
        [run_id],
    )


def withdraw(con: duckdb.DuckDBPyConnection) -> None:
    """The approved set turned out to be another by now: it is held again."""
    con.execute("UPDATE state.change_sets SET status = 'held', approved_by = NULL, approved_at = NULL WHERE status = 'approved'")


def _sentence(con: duckdb.DuckDBPyConnection, entry: Tripped, settings: Settings) -> str:
    language = settings.us.language
    values = {name: _told(value, settings) for name, value in entry.values.items()}
    if entry.target:
        values["target"] = f"{entry.target.connection} {entry.target.object}"
    told = text(f"brake.{entry.name}", language, **values)
    why = _rules(con, entry.target, entry.name, language) if entry.target and entry.name in ("flags_set", "flags_cleared") else ""
    return told + why


def _told(value: object, settings: Settings) -> object:
    """Shares as percentages, counts with commas, measures in words."""
    if isinstance(value, Moved):
        return _measure(value, settings)
    if isinstance(value, float):
        return f"{value:.1%}"
    return f"{value:,}" if isinstance(value, int) else value


def _rules(con: duckdb.DuckDBPyConnection, target: Target, name: str, language: str) -> str:
    """Which rules set the flags: the first three."""
    found = change_set.rules(con, target, "no_approach", "true" if name == "flags_set" else "false")[:3]
    if not found:
        return ""
    named = ", ".join(f"{rule_name(rule, language)} {count:,}" for rule, count in found)
    return text("brake.by_rules", language, rules=named)


def rule_name(rule: str, language: str) -> str:
    """A rule in words, where the catalogue has any."""
    key = f"brake.rule.{rule}"
    return text(key, language) if key in catalogue() else rule


def _measure(moved: Moved, settings: Settings) -> str:
    """What moved, from where to where; parties by their names."""
    language = settings.us.language
    name, _, of = moved.name.partition(":")
    named = settings.us.name if of == "us" else settings.partners[of].name if of in settings.partners else of
    key = f"measure.{name}"
    label = text(key, language, of=named) if key in catalogue() else moved.name
    return text("brake.moved", language, measure=label, before=_number(moved.before), now=_number(moved.now))


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:.2f}"
