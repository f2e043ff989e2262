"""Carrying out the plan of one target: a canary, then batch by batch: read again, compare again, journal, send, settle.

Belongs here: the order of these steps, for fields, child rows, list members and tasks alike. Does not: the decision for a field
(``compare.py``), the journal's tables (``journal.py``), which records are planned (``plan.py``), the wire (``connectors``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import duckdb

from connectors.crm import WriteResult
from pipelines.writeback import journal
from pipelines.writeback.channels import Channel, FieldChange, RecordChange
from pipelines.writeback.compare import QUIET_FIELDS, begin, compare
from pipelines.writeback.desired import fill_wanted
from pipelines.writeback.known import fill_merged, fill_read, last_change_is_known
from pipelines.writeback.plan import read_all

FAILURES_TOLD = 50


@dataclass
class PushOutcome:
    """What became of one target."""

    connection: str
    target: str
    records_changed: int = 0
    fields_written: int = 0
    fields_failed: int = 0
    conflicts: int = 0
    """Fields that people set otherwise, and that were left."""
    failures: list[str] = field(default_factory=list)
    stopped: str | None = None
    """Why the rest of the plan was not carried out: the canary, or the CRM as a whole."""


class NotAsPreviewed(Exception):
    """The CRM no longer holds what the approved change set was computed from."""


def push(
    con: duckdb.DuckDBPyConnection, channel: Channel, run_id: str, canary: int, outcome: PushOutcome, undoing: bool = False
) -> None:
    """Carry out ``writeback.changes`` of one target, counting in ``outcome``. Raises ``CrmError`` where the CRM fails as a whole.

    ``canary``: so many records are written and read back before the rest; where one does not hold what was sent, nothing follows.
    """
    planned = _planned(con, channel)
    waiting = planned + sorted(journal.disputed(con, channel.target) - set(planned))
    if not waiting:
        return
    _fill_desired(con, channel, undoing)
    results: dict[str, WriteResult] = {}
    while waiting and not results:  # what is no longer to be written when it is read again tells nothing
        first, waiting = waiting[:canary], waiting[canary:]
        results = _push_batch(con, channel, first, run_id, outcome, undoing)
    outcome.stopped = _unfaithful(con, channel, run_id, results)
    if outcome.stopped:
        return
    size = channel.crm.batch_size(len(waiting))
    for start in range(0, len(waiting), size):
        _push_batch(con, channel, waiting[start : start + size], run_id, outcome, undoing)


def verify(con: duckdb.DuckDBPyConnection, channel: Channel) -> None:
    """Read all that is planned again. Raises ``NotAsPreviewed`` unless every change would still be made as it was planned."""
    planned = _planned(con, channel)
    if not planned:
        return
    _fill_desired(con, channel, undoing=False)
    begin(con, channel.fields)
    _compare_again(con, channel, planned, undoing=False)
    key = [*channel.target]
    differs = con.execute(
        """
        WITH planned AS (
            SELECT record_id, field, kind, before, after FROM writeback.changes
            ANTI JOIN (SELECT record_id, field FROM temp.compared WHERE verdict = 'adopt') USING (record_id, field)
            WHERE connection = ? AND object = ? AND verdict = 'write'
        ),
        now_planned AS (SELECT record_id, field, kind, before, after FROM temp.compared WHERE verdict = 'write')
        SELECT record_id FROM (
            (FROM planned EXCEPT FROM now_planned) UNION ALL (FROM now_planned EXCEPT FROM planned)
        ) ORDER BY ALL LIMIT 1
        """,
        key,
    ).fetchone()
    if differs:
        raise NotAsPreviewed(f"{channel.target.connection} {channel.target.object} {differs[0]}")


def _planned(con: duckdb.DuckDBPyConnection, channel: Channel) -> list[str]:
    """Records that the plan touches or disputes, sorted, so that rows of one parent go together.

    Those that may serve as a canary come first: what was refused the last time, or is only disputed, tells nothing new.
    """
    rows = con.execute(
        """
        WITH last AS (
            SELECT record_id, arg_max(result, journaled_at) AS result FROM state.journal
            WHERE connection = $connection AND object = $object GROUP BY record_id
        )
        SELECT record_id FROM writeback.changes LEFT JOIN last USING (record_id)
        WHERE connection = $connection AND object = $object AND verdict <> 'held'
        GROUP BY record_id ORDER BY bool_or(verdict = 'write' AND last.result IS DISTINCT FROM 'failed') DESC, record_id
        """,
        {"connection": channel.target.connection, "object": channel.target.object},
    )
    return [row[0] for row in rows.fetchall()]


def _fill_desired(con: duckdb.DuckDBPyConnection, channel: Channel, undoing: bool) -> None:
    """Fill ``desired`` (record_id, field, value) with what the marts want of every field; an undo asks for nothing of them."""
    begin(con, channel.fields)
    if not undoing:
        fill_wanted(con, channel)
    con.execute("CREATE OR REPLACE TEMP TABLE desired AS SELECT record_id, field, value FROM temp.wanted WHERE NOT remove")


def _compare_again(con: duckdb.DuckDBPyConnection, channel: Channel, records: Sequence[str], undoing: bool) -> None:
    """The compare of what is planned with what the CRM holds this moment.

    The fields of these records that are not planned are looked at too: a person's edit there is noted before our own write moves
    the record's stamp. None of them is written.
    """
    key = {"connection": channel.target.connection, "object": channel.target.object, "records": list(records)}
    con.execute("DELETE FROM temp.wanted")
    con.execute(_PLANNED, key)
    fill_read(con, channel, read_all(channel, records))
    compare(con, channel.target, channel.creates, channel.keyed, undoing)
    _ask_who_wrote(con, channel, undoing)
    con.execute(
        """
        DELETE FROM temp.compared WHERE verdict = 'write' AND NOT EXISTS (
            FROM writeback.changes AS planned
            WHERE planned.connection = $connection AND planned.object = $object AND planned.verdict <> 'held'
                AND planned.record_id = compared.record_id AND planned.field = compared.field
        )
        """,
        {"connection": channel.target.connection, "object": channel.target.object},
    )
    con.execute(
        "DELETE FROM temp.compared WHERE verdict = 'write' AND record_id NOT IN"
        " (SELECT record_id FROM temp.compared WHERE verdict = 'write' AND NOT list_contains(?, field))",
        [list(QUIET_FIELDS)],
    )


_PLANNED = """
    INSERT INTO temp.wanted
    WITH asked AS (SELECT unnest($records) AS record_id),
    planned AS (
        SELECT record_id, field, after, after_native, rule, kind FROM writeback.changes SEMI JOIN asked USING (record_id)
        WHERE connection = $connection AND object = $object AND verdict <> 'held'
    ),
    disputed AS (
        SELECT record_id, field, ours FROM state.conflicts SEMI JOIN asked USING (record_id)
        WHERE connection = $connection AND object = $object AND resolved_at IS NULL
    ),
    desired AS (SELECT record_id, field, value FROM temp.desired SEMI JOIN asked USING (record_id)),
    sent AS (
        SELECT record_id, field, value FROM state.sent SEMI JOIN asked USING (record_id)
        WHERE connection = $connection AND object = $object
    ),
    removed AS (SELECT DISTINCT record_id FROM planned WHERE kind = 'remove')
    SELECT asked.record_id, fields.field,
        CASE
            WHEN planned.record_id IS NOT NULL THEN planned.after
            WHEN removed.record_id IS NOT NULL THEN fields.empty
            WHEN desired.record_id IS NOT NULL THEN desired.value
            WHEN disputed.record_id IS NOT NULL THEN disputed.ours
            WHEN sent.record_id IS NOT NULL THEN sent.value
            ELSE fields.empty
        END,
        planned.after_native, planned.rule, removed.record_id IS NOT NULL
    FROM asked CROSS JOIN temp.fields
    LEFT JOIN planned USING (record_id, field)
    LEFT JOIN desired USING (record_id, field)
    LEFT JOIN disputed USING (record_id, field)
    LEFT JOIN sent USING (record_id, field)
    LEFT JOIN removed USING (record_id)
"""


def _ask_who_wrote(con: duckdb.DuckDBPyConnection, channel: Channel, undoing: bool) -> None:
    """A value that differs from what we sent, and that our own login set, is no person's edit; nor was it noted as one before."""
    rows = con.execute(
        """
        SELECT record_id, field FROM temp.compared ANTI JOIN (
            SELECT record_id, field FROM state.conflicts WHERE connection = ? AND object = ? AND resolved_at IS NULL
        ) USING (record_id, field)
        WHERE verdict = 'conflict' AND kind = 'update' ORDER BY ALL
        """,
        [*channel.target],
    ).fetchall()
    if not rows or not channel.pulled:
        return
    columns = {name: column for column, name in channel.natives.items()}
    asked: dict[str, list[str]] = {}
    known = last_change_is_known(con, channel, [row[0] for row in rows])
    for record_id, column in rows:
        if record_id in known:  # it says nothing of the other fields
            continue
        asked.setdefault(record_id, []).append(channel.natives[column])
    by_us = [(record_id, columns[name]) for record_id, name in channel.crm.written_by_us(channel.target.object, asked)]
    if by_us:
        con.executemany("INSERT INTO temp.by_us VALUES (?, ?)", by_us)
        compare(con, channel.target, channel.creates, channel.keyed, undoing)


def _push_batch(
    con: duckdb.DuckDBPyConnection, channel: Channel, records: Sequence[str], run_id: str, outcome: PushOutcome, undoing: bool
) -> dict[str, WriteResult]:
    if not records:
        return {}
    begin(con, channel.fields)
    fill_merged(con, channel)
    _compare_again(con, channel, records, undoing)
    outcome.conflicts += journal.note_conflicts(con, channel.target, records)
    journal.adopt(con, channel.target)
    _forget_gone(con, channel)
    changes = _changes(con)
    if not changes:
        return {}
    journal.journal_ahead(con, run_id, channel.target)
    results = {result.key: result for result in channel.send(changes)}
    journal.settle(con, run_id, channel.target, results)
    _tally(changes, results, outcome)
    return results


def _forget_gone(con: duckdb.DuckDBPyConnection, channel: Channel) -> None:
    """Records that were to be removed and that somebody has removed already."""
    gone = con.execute(
        "SELECT DISTINCT record_id FROM temp.wanted WHERE remove AND record_id NOT IN (SELECT record_id FROM temp.present)"
    ).fetchall()
    if gone:
        journal.forget(con, channel.target, [row[0] for row in gone])


def _changes(con: duckdb.DuckDBPyConnection) -> list[RecordChange]:
    changes: dict[str, RecordChange] = {}
    query = (
        "SELECT record_id, kind, field, after, after_native FROM temp.compared WHERE verdict = 'write' ORDER BY record_id, field"
    )
    for record_id, kind, column, after, native in con.execute(query).fetchall():
        change = changes.setdefault(record_id, RecordChange(record_id, kind))
        change.writes.append(FieldChange(column, after, native))
    return list(changes.values())


def _tally(changes: Sequence[RecordChange], results: Mapping[str, WriteResult], outcome: PushOutcome) -> None:
    for change in changes:
        result = results.get(change.record_id)
        if result is not None and result.ok:
            outcome.records_changed += 1
            outcome.fields_written += len(change.writes)
            continue
        outcome.fields_failed += len(change.writes)
        if len(outcome.failures) < FAILURES_TOLD:
            said = f"{result.code} {result.message}" if result else "no result"
            outcome.failures.append(f"{outcome.connection} {outcome.target} {change.record_id}: {said}")


def _unfaithful(con: duckdb.DuckDBPyConnection, channel: Channel, run_id: str, results: Mapping[str, WriteResult]) -> str | None:
    """Read the canary back: why it must not be followed, if so. A row that is refused as it was before stops nothing."""
    taken = sorted(key for key, result in results.items() if result.ok)
    if results and not taken:
        if set(results) <= journal.refused_before(con, channel.target, run_id):
            return None
        first = next(iter(results.values()))
        return f"not one of {len(results)} records was taken: {first.code} {first.message}"
    if not taken:
        return None
    fill_read(con, channel, read_all(channel, taken))
    differs = con.execute(
        """
        WITH there AS (SELECT DISTINCT record_id FROM temp.present)
        SELECT record_id, field, present.value, after, kind FROM temp.compared
        LEFT JOIN temp.present USING (record_id, field) LEFT JOIN there USING (record_id)
        WHERE verdict = 'write' AND list_contains(?, record_id) AND CASE
            WHEN kind = 'remove' THEN there.record_id IS NOT NULL
            ELSE there.record_id IS NULL OR present.value IS DISTINCT FROM after
        END
        ORDER BY ALL LIMIT 1
        """,
        [taken],
    ).fetchone()
    if differs is None:
        return None
    record_id, column, read, after, kind = differs
    if kind == "remove":
        return f"{record_id} is still there after it was removed"
    return f"{record_id}, {column}: {read!r} was read back where {after!r} was sent"
