"""Carrying out the plan of one target: a canary, then batch by batch: read again, compare again, journal, send, settle.

Belongs here: the order of these steps, for fields, child rows, list members and tasks alike. Does not: the decision for a field
(``compare.py``), the journal's tables (``journal.py``), which records are planned (``plan.py``), the wire (``connectors``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import duckdb

from connectors.crm import CrmError, QuotaExhausted, WriteResult
from pipelines.writeback import journal
from pipelines.writeback.again import compare_again, fill_desired, planned_records, read_all
from pipelines.writeback.channels import Channel, FieldChange, RecordChange
from pipelines.writeback.known import fill_read, forget_gone

FAILURES_TOLD = 50
LOOK = 100
"""Records that are read again at a time in search of a canary."""


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
    """Why the rest of the plan was not carried out: the canary did not hold what was sent."""
    out_of_calls: str | None = None
    """Why the rest is the next run's: the calls that this one may make. Nothing is under way then."""
    left: int = 0
    """Records that were to be written and not come to."""


def push(
    con: duckdb.DuckDBPyConnection, channel: Channel, run_id: str, canary: int, outcome: PushOutcome, undoing: bool = False
) -> None:
    """Carry out ``writeback.changes`` of one target, counting in ``outcome``. Raises ``CrmError`` where the CRM fails as a whole.

    ``canary``: so many records are written and read back before the rest; where one does not hold what was sent, nothing follows.
    Where the calls that may be made do not last it ends between two batches, and ``outcome`` says what is left.
    """
    waiting, others = planned_records(con, channel)
    if not waiting and not others:
        return
    outcome.left = len(waiting)
    try:
        _push_all(con, channel, waiting, others, run_id, canary, outcome, undoing)
    except QuotaExhausted as error:
        if journal.unsettled(con, channel.target):  # in the midst of a batch: the next run finds out what took effect
            raise
        outcome.out_of_calls = str(error)


def _push_all(
    con: duckdb.DuckDBPyConnection,
    channel: Channel,
    waiting: list[str],
    others: list[str],
    run_id: str,
    canary: int,
    outcome: PushOutcome,
    undoing: bool,
) -> None:
    fill_desired(con, channel, undoing)
    size = channel.crm.batch_size(len(waiting))
    written: dict[str, WriteResult] = {}
    while waiting and not written:  # what is no longer to be written when it is read again tells nothing
        channel.crm.require(min(LOOK, len(waiting)), channel.keyed)
        batch, waiting = waiting[:LOOK], waiting[LOOK:]
        written = _push_batch(con, channel, batch, run_id, outcome, undoing, most=canary)
        if len(written) >= canary:  # there may be more to write among these
            waiting = [record for record in batch if record not in written] + waiting
        outcome.left = len(waiting)
    outcome.stopped = _unfaithful(con, channel, run_id, written, canary)
    while (waiting or others) and not outcome.stopped:
        size = _affordable(channel, min(size, len(waiting) + len(others)))
        batch, waiting = waiting[:size], waiting[size:]
        batch, others = batch + others[: size - len(batch)], others[size - len(batch) :]
        _push_batch(con, channel, batch, run_id, outcome, undoing)
        outcome.left = len(waiting)


def _affordable(channel: Channel, size: int) -> int:
    """The size, or as much of it as there are calls for. Raises ``QuotaExhausted`` where there are too few to begin."""
    while True:
        try:
            channel.crm.require(size, channel.keyed)
            return size
        except QuotaExhausted:
            if size <= LOOK:
                raise
            size = max(LOOK, size // 2)


def _push_batch(
    con: duckdb.DuckDBPyConnection,
    channel: Channel,
    records: Sequence[str],
    run_id: str,
    outcome: PushOutcome,
    undoing: bool,
    most: int | None = None,
) -> dict[str, WriteResult]:
    """Read again, compare, journal, send, settle; ``most``: write no more records than these."""
    compare_again(con, channel, records, undoing)
    conflicts = journal.note_conflicts(con, channel.target, records)
    journal.adopt(con, channel.target)
    forget_gone(con, channel)
    changes = _changes(con, records)
    if most is None or len(changes) < most:  # else these records are read once more
        outcome.conflicts += conflicts
    changes = changes[:most]
    if not changes:
        return {}
    journal.journal_ahead(con, run_id, channel.target, [change.record_id for change in changes])
    results: dict[str, WriteResult] = {}
    try:
        results.update((result.key, result) for result in channel.send(changes))
    except CrmError:  # what is known of the batch is; the rest of it stays pending
        told = [change for change in changes if change.record_id in results]
        journal.settle(con, run_id, channel.target, results)
        _tally(told, results, outcome)
        outcome.left -= len(told)
        raise
    journal.settle(con, run_id, channel.target, results)
    _tally(changes, results, outcome)
    return results


def _changes(con: duckdb.DuckDBPyConnection, records: Sequence[str]) -> list[RecordChange]:
    """What is to be written, in the order of ``records``."""
    changes: dict[str, RecordChange] = {}
    query = (
        "SELECT record_id, kind, field, after, after_native FROM temp.compared WHERE verdict = 'write' ORDER BY record_id, field"
    )
    for record_id, kind, column, after, native in con.execute(query).fetchall():
        change = changes.setdefault(record_id, RecordChange(record_id, kind))
        change.writes.append(FieldChange(column, after, native))
    return [changes[record_id] for record_id in records if record_id in changes]


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


def _unfaithful(
    con: duckdb.DuckDBPyConnection, channel: Channel, run_id: str, results: Mapping[str, WriteResult], canary: int
) -> str | None:
    """Read the canary back: why it must not be followed, if so. A row refused as it was before stops nothing, nor do a few."""
    taken = sorted(key for key, result in results.items() if result.ok)
    if len(results) >= canary and not taken:
        if set(results) <= journal.refused_before(con, channel.target, run_id):
            return None
        first = next(iter(results.values()))
        return f"not one of {len(results)} records was taken: {first.code} {first.message}"
    if not taken:
        return None
    channel.look_again()
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
