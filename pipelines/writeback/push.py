"""Making records of a CRM say what the marts say: compare, read again, journal, send, settle.

Belongs here: the order of these steps, for accounts, child rows and list members alike. Does not:
the decision for a field (``compare.py``), the journal's tables (``journal.py``), which rows are wanted
(``desired.py``), the wire (``connectors``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Protocol

import duckdb

from connectors.crm import WriteResult
from pipelines.writeback import journal
from pipelines.writeback.compare import RecordChange, compare_record
from pipelines.writeback.journal import Target

CHUNK = 1000
"""Records that are read again, journaled and sent together."""


@dataclass(frozen=True)
class Desired:
    """What one record should say; ``None`` as ``values`` means that it should not exist."""

    record_id: str
    values: Mapping[str, str | None] | None
    rule: str | None = None


class Channel(Protocol):
    """One kind of thing that can be written: it knows how to read it now and how to send it."""

    target: Target
    empty: Mapping[str, str | None]
    creates: bool
    """Whether sending brings a record about that is not there; else one that has gone is left alone."""

    def read(self, record_ids: Sequence[str]) -> dict[str, dict[str, str | None]]:
        """What the CRM holds now, in canonical form; records that do not exist are absent."""
        ...

    def send(self, changes: Sequence[RecordChange]) -> Iterator[WriteResult]:
        """Send these changes; ``WriteResult.key`` is the record id of the change."""
        ...


@dataclass
class PushOutcome:
    """What became of one target."""

    target: str
    records_wanted: int = 0
    records_changed: int = 0
    fields_written: int = 0
    fields_failed: int = 0
    conflicts: int = 0
    recovered: int = 0
    """Changes of a killed run that were settled by reading back."""
    dry_run: bool = False
    skipped: str | None = None
    """Why the whole target was left alone."""
    failures: list[str] = field(default_factory=list)
    samples: list[dict[str, Any]] = field(default_factory=list)


def push(
    con: duckdb.DuckDBPyConnection,
    channel: Channel,
    desired: Sequence[Desired],
    known: Mapping[str, Mapping[str, str | None]],
    run_id: str,
    dry_run: bool = False,
    merged: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> PushOutcome:
    """Bring the target to ``desired``. ``known`` is what the last pull saw: it only narrows down what is read again.

    ``merged``: record id -> ids of those that were merged into it, whose values it may hold.
    """
    outcome = PushOutcome(str(channel.target.object), records_wanted=len(desired), dry_run=dry_run)
    if not dry_run:
        outcome.recovered = _recover(con, channel)
    sent = journal.sent_values(con, channel.target)
    disputed = journal.disputed(con, channel.target)
    suspects = []
    for want in desired:
        seen = known.get(want.record_id)
        change = _compare(channel, want, _sent_to(want.record_id, sent, merged, seen), seen)
        if change.writes or change.adopted or change.conflicts or want.record_id in disputed:
            suspects.append(want)
    for start in range(0, len(suspects), CHUNK):
        _push_chunk(con, channel, suspects[start : start + CHUNK], sent, merged, run_id, outcome)
    return outcome


def _sent_to(
    record_id: str,
    sent: Mapping[str, Mapping[str, str | None]],
    merged: Mapping[str, Sequence[str]],
    now: Mapping[str, str | None] | None,
) -> Mapping[str, str | None]:
    """What we last sent to the record. A value that it holds from one merged into it is ours too, not a person's."""
    own = sent.get(record_id, {})
    losers = merged.get(record_id, ())
    if not losers or now is None:
        return own
    inherited = {c: v for loser in losers for c, v in sent.get(loser, {}).items() if v is not None and now.get(c) == v}
    return {**inherited, **own}


def _compare(
    channel: Channel, want: Desired, sent: Mapping[str, str | None], now: Mapping[str, str | None] | None
) -> RecordChange:
    values = want.values if want.values is not None else channel.empty
    change = compare_record(want.record_id, sent, now if now is not None else channel.empty, values, channel.empty, want.rule)
    change.remove = want.values is None
    if change.remove and change.conflicts:
        change.writes = []  # a person worked on this row: it stays
    return change


def _push_chunk(
    con: duckdb.DuckDBPyConnection,
    channel: Channel,
    wanted: Sequence[Desired],
    sent: Mapping[str, Mapping[str, str | None]],
    merged: Mapping[str, Sequence[str]],
    run_id: str,
    outcome: PushOutcome,
) -> None:
    now = channel.read([want.record_id for want in wanted])
    if not channel.creates:  # deleted, or merged into another, since the pull: HubSpot would write to the winner
        wanted = [want for want in wanted if want.record_id in now]
    held = [now.get(want.record_id) for want in wanted]
    changes = [
        _compare(channel, want, _sent_to(want.record_id, sent, merged, is_now), is_now)
        for want, is_now in zip(wanted, held, strict=True)
    ]
    writes = [change for change in changes if change.writes]
    outcome.records_changed += len(writes)
    outcome.conflicts += sum(len(change.conflicts) for change in changes)
    for change in writes[: max(0, 5 - len(outcome.samples))]:
        outcome.samples.append({"record": change.record_id, **{w.column: f"{w.before} -> {w.after}" for w in change.writes}})
    if outcome.dry_run:
        outcome.fields_written += sum(len(change.writes) for change in writes)
        return
    journal.adopt(con, channel.target, changes)
    journal.note_conflicts(con, channel.target, changes, [want.record_id for want in wanted])
    journal.journal_ahead(con, run_id, channel.target, writes)
    results = {result.key: result for result in channel.send(writes)}
    journal.settle(con, run_id, channel.target, writes, results)
    journal.forget(con, channel.target, [c.record_id for c in changes if c.remove and _gone(c, results)])
    for change in writes:
        result = results.get(change.record_id)
        if result is not None and result.ok:
            outcome.fields_written += len(change.writes)
        else:
            outcome.fields_failed += len(change.writes)
            outcome.failures.append(
                f"{change.record_id}: {result.code} {result.message}" if result else f"{change.record_id}: no result"
            )


def _gone(change: RecordChange, results: Mapping[str, WriteResult]) -> bool:
    """A removal that took effect, or that found nothing left to remove."""
    return not change.conflicts and (not change.writes or (change.record_id in results and results[change.record_id].ok))


def _recover(con: duckdb.DuckDBPyConnection, channel: Channel) -> int:
    """Settle what a killed run left pending: the CRM itself says whether each change took effect."""
    pending = journal.unsettled(con, channel.target)
    if not pending:
        return 0
    now = channel.read(sorted({record_id for _, record_id, _, _ in pending}))
    verdicts = [
        (change_id, record_id, column, after, now.get(record_id, channel.empty).get(column) == after)
        for change_id, record_id, column, after in pending
    ]
    journal.settle_by_reading(con, channel.target, verdicts)
    return len(pending)
