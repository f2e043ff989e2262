"""Putting back what one run wrote, where the CRM still holds it, and holding those records until a person releases them.

Belongs here: which changes of a run can be undone, as a plan in ``writeback.*`` like any other, and carrying it out. Does not:
how a target is written (``push.py``), releasing (``holds.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import duckdb

from connectors.crm import CrmError
from pipelines.settings import Settings
from pipelines.settings.write_back import WriteBack
from pipelines.sharing import crm_log
from pipelines.texts import text
from pipelines.writeback import change_set, journal
from pipelines.writeback.channels import Channel
from pipelines.writeback.compare import begin
from pipelines.writeback.plan import OpenCrm, recover
from pipelines.writeback.push import PushOutcome, push
from pipelines.writeback.targets import targets_of

_EVERYTHING = WriteBack(registration_verdicts=True, next_play_tasks=True)
"""What is written today may be less than what that run wrote."""


class UndoRefused(Exception):
    """Nothing can be undone; one sentence that says why."""


@dataclass(frozen=True)
class Kept:
    """A change that is not put back, and why: ``later_run``, ``person``, ``task``, ``shared``, ``refused`` or ``gone``."""

    connection: str
    object: str
    record_id: str
    field: str
    why: str
    by: str = ""
    """The later run, or what the CRM said when it refused."""


@dataclass
class UndoOutcome:
    """What an undo did, or would do."""

    run_id: str
    fields: int = 0
    records: int = 0
    held: int = 0
    """Records that no run writes until a person releases them."""
    kept: list[Kept] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def find_run(con: duckdb.DuckDBPyConnection, beginning: str, language: str) -> str:
    """The run whose id begins so. Raises ``UndoRefused`` where none, or several, wrote anything."""
    query = "SELECT DISTINCT run_id FROM state.journal WHERE result <> 'failed' AND starts_with(run_id, ?) ORDER BY ALL"
    found = [row[0] for row in con.execute(query, [beginning]).fetchall()]
    if not found or not beginning:
        raise UndoRefused(text("undo.unknown", language, run=beginning))
    if len(found) > 1:
        raise UndoRefused(text("undo.ambiguous", language, run=beginning, runs=", ".join(found)))
    return found[0]


def plan_undo(con: duckdb.DuckDBPyConnection, settings: Settings, open_crm: OpenCrm, run_id: str) -> UndoOutcome:
    """Compute what can be put back, into ``writeback.*``, and what cannot; what a killed run left is settled first."""
    change_set.clear(con)
    outcome = UndoOutcome(run_id)
    for channel in _channels(con, settings, open_crm, run_id, outcome):
        recover(con, channel)
        _mark(con, run_id)  # an undo that was killed put back part
        begin(con, channel.fields)
        con.execute(_FATES, {"run": run_id, **_key(channel)})
        if not channel.ours:  # what a partner was told may be taken back; it is told again by a run under its policy alone
            rows = sorted(con.execute(_NOT_TOLD_AGAIN).fetchall())
            outcome.kept += [Kept(*channel.target, record_id, column, "shared") for record_id, column in rows]
        if not channel.once:
            con.execute(_CHANGES)
        rows = con.execute("SELECT record_id, field, later FROM temp.fates WHERE later IS NOT NULL ORDER BY ALL").fetchall()
        outcome.kept += [Kept(*channel.target, record_id, column, "later_run", later) for record_id, column, later in rows]
        if channel.once:
            rows = con.execute("SELECT record_id, field FROM temp.fates WHERE later IS NULL ORDER BY ALL").fetchall()
            outcome.kept += [Kept(*channel.target, record_id, column, "task") for record_id, column in rows]
        change_set.add_target(con, channel.target, 0, 0, None)
    counts = change_set.counts(con)
    outcome.fields, outcome.records = sum(c.fields for c in counts), sum(c.changed for c in counts)
    return outcome


def undo(
    con: duckdb.DuckDBPyConnection, settings: Settings, open_crm: OpenCrm, run_id: str, undo_id: str, by: str
) -> UndoOutcome:
    """Put back what ``plan_undo`` found, canary first. The records are held before the first call: a kill leaves them held."""
    outcome = plan_undo(con, settings, open_crm, run_id)
    outcome.held = outcome.records
    outcome.fields = outcome.records = 0
    _hold(con, run_id, by)
    again = UndoOutcome(run_id)
    for channel in _channels(con, settings, open_crm, run_id, again):
        pushed = PushOutcome(*channel.target)
        try:
            push(con, channel, undo_id, settings.write_back.brakes.canary, pushed, undoing=True)
        except CrmError as error:
            outcome.faults.append(f"{channel.target.connection}: {error}")
        if pushed.stopped:
            target = " ".join(channel.target)
            outcome.faults.append(text("write_back.stopped", settings.us.language, target=target, why=pushed.stopped))
        if pushed.out_of_calls:
            left = f"{pushed.left:,}"
            outcome.faults.append(
                text("quota.undo", settings.us.language, target=" ".join(channel.target), left=left, why=pushed.out_of_calls)
            )
        outcome.fields += pushed.fields_written
        outcome.records += pushed.records_changed
    outcome.faults += [fault for fault in again.faults if fault not in outcome.faults]
    _mark(con, run_id)
    outcome.kept += _not_put_back(con, undo_id)
    change_set.clear(con)
    crm_log.keep(con, settings)
    return outcome


def _key(channel: Channel) -> dict[str, str]:
    return {"connection": channel.target.connection, "object": channel.target.object}


def _channels(
    con: duckdb.DuckDBPyConnection, settings: Settings, open_crm: OpenCrm, run_id: str, outcome: UndoOutcome
) -> Iterator[Channel]:
    """The targets that the run wrote to; those that are not there any more are told as faults."""
    query = "SELECT DISTINCT connection, object FROM state.journal WHERE run_id = ? AND result <> 'failed' ORDER BY ALL"
    written = {journal.Target(*row) for row in con.execute(query, [run_id]).fetchall()}
    every = settings.model_copy(update={"write_back": _EVERYTHING})
    for connection in sorted({target.connection for target in written}):
        found = settings.connections.get(connection)
        if found is None or (found.party != "us" and not found.write_back):  # a partner may have taken its leave back
            outcome.faults.append(text("undo.no_connection", settings.us.language, connection=connection))
            continue
        try:
            for planned in targets_of(con, every, connection, open_crm(connection)):
                if planned.channel.target in written and planned.skipped:
                    outcome.faults.append(f"{' '.join(planned.channel.target)}: {planned.skipped}")
                elif planned.channel.target in written:
                    yield planned.channel
        except CrmError as error:
            outcome.faults.append(f"{connection}: {error}")


_FATES = """
CREATE OR REPLACE TEMP TABLE fates AS
WITH every AS (SELECT * FROM state.journal WHERE connection = $connection AND object = $object AND result = 'written'),
mine AS (SELECT * FROM every WHERE run_id = $run AND undone_by IS NULL),
sent AS (SELECT record_id, field, value FROM state.sent WHERE connection = $connection AND object = $object),
sent_records AS (SELECT DISTINCT record_id FROM sent),
newest AS (
    SELECT record_id, arg_max(run_id, journaled_at) AS run_id FROM every SEMI JOIN mine USING (record_id) GROUP BY record_id
),
judged AS (
    SELECT mine.*, CASE
        WHEN mine.kind = 'remove' THEN sent_records.record_id IS NULL
        ELSE sent.record_id IS NOT NULL AND sent.value IS NOT DISTINCT FROM mine.after
    END AS stands
    FROM mine LEFT JOIN sent USING (record_id, field) LEFT JOIN sent_records USING (record_id)
),
whole AS (  -- a record that the run brought about goes only if nothing of it was written since
    SELECT record_id, bool_and(stands) AND count(*) >= any_value(sent_fields) AS stands
    FROM judged LEFT JOIN (SELECT record_id, count(*) AS sent_fields FROM sent GROUP BY record_id) USING (record_id)
    WHERE kind = 'create' GROUP BY record_id
)
SELECT judged.*, CASE WHEN NOT coalesce(whole.stands, judged.stands) THEN newest.run_id END AS later
FROM judged LEFT JOIN whole USING (record_id) LEFT JOIN newest USING (record_id)
"""
"""Each change of the run, and which later run stands in the way (``later``), if one does."""

_CHANGES = """
INSERT INTO writeback.changes BY NAME
SELECT connection, object, record_id,
    CASE kind WHEN 'create' THEN 'remove' WHEN 'remove' THEN 'create' ELSE 'update' END AS kind,
    'write' AS verdict, field, after AS before,
    CASE WHEN kind = 'create' THEN fields.empty ELSE before END AS after,
    CASE WHEN kind <> 'create' THEN before_native END AS after_native, 'undo' AS rule
FROM temp.fates JOIN temp.fields USING (field) WHERE later IS NULL
"""


_NOT_TOLD_AGAIN = """
DELETE FROM temp.fates USING temp.fields
WHERE fates.field = fields.field AND fates.before IS DISTINCT FROM fields.empty AND later IS NULL
RETURNING record_id, fates.field
"""


def _hold(con: duckdb.DuckDBPyConnection, run_id: str, by: str) -> None:
    con.execute(
        """
        INSERT OR REPLACE INTO state.holds BY NAME
        SELECT DISTINCT connection, object, record_id, ? AS run_id, ? AS held_by, now() AS held_at FROM writeback.changes
        """,
        [run_id, by],
    )


def _mark(con: duckdb.DuckDBPyConnection, run_id: str) -> None:
    """Note in the journal which changes of the run were put back, and by which undo. Where the run was an undo itself, what it
    had put back stands again."""
    con.execute(
        """
        UPDATE state.journal SET undone_by = back.run_id FROM state.journal AS back
        WHERE journal.run_id = $run AND journal.undone_by IS NULL AND journal.result = 'written'
            AND back.rule = 'undo' AND back.result = 'written' AND back.undone_by IS NULL
            AND back.journaled_at > journal.journaled_at AND journal.after IS NOT DISTINCT FROM back.before
            AND journal.connection = back.connection AND journal.object = back.object AND journal.record_id = back.record_id
            AND journal.field = back.field
        """,
        {"run": run_id},
    )
    con.execute(
        """
        UPDATE state.journal SET undone_by = NULL FROM state.journal AS undo
        WHERE undo.run_id = $run AND undo.undone_by IS NOT NULL AND journal.undone_by = $run
            AND undo.connection = journal.connection AND undo.object = journal.object AND undo.record_id = journal.record_id
            AND undo.field = journal.field
        """,
        {"run": run_id},
    )


def _not_put_back(con: duckdb.DuckDBPyConnection, undo_id: str) -> list[Kept]:
    """What was planned and not written: a person's value stands there, the CRM refused ours, or the record is gone."""
    rows = con.execute(
        """
        SELECT planned.connection, planned.object, planned.record_id, planned.field,
            CASE WHEN conflicts.record_id IS NOT NULL THEN 'person' WHEN back.result = 'failed' THEN 'refused' ELSE 'gone' END,
            CASE WHEN conflicts.record_id IS NULL AND back.error IS NOT NULL THEN back.error ELSE '' END
        FROM writeback.changes AS planned
        LEFT JOIN (SELECT * FROM state.journal WHERE run_id = ?) AS back USING (connection, object, record_id, field)
        LEFT JOIN state.conflicts ON conflicts.connection = planned.connection AND conflicts.object = planned.object
            AND conflicts.record_id = planned.record_id AND conflicts.field = planned.field AND conflicts.resolved_at IS NULL
        WHERE back.result IS DISTINCT FROM 'written'
        ORDER BY ALL
        """,
        [undo_id],
    ).fetchall()
    return [Kept(*row) for row in rows]
