"""One write-back: the gate, the brakes, then the newest plan, target by target.

Belongs here: what must hold before anything is written, in which order, and what one CRM's failure means for the others. Does
not: the plan (``plan.py``), how a target is written (``push.py``), nor any rule (dbt).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import duckdb

from connectors.crm import CrmError, QuotaExhausted
from pipelines import gate
from pipelines.settings import Settings
from pipelines.sharing import crm_log
from pipelines.texts import text
from pipelines.writeback import approval, causes, change_set, let_through
from pipelines.writeback.again import NotAsPreviewed, verify
from pipelines.writeback.approval import NotApproved
from pipelines.writeback.plan import OpenCrm, recover
from pipelines.writeback.push import PushOutcome, push
from pipelines.writeback.targets import PlannedTarget, targets_of, written_connections


@dataclass
class WriteBackOutcome:
    """What one write-back did."""

    change_set_id: str
    held: list[str] = field(default_factory=list)
    """Sentences of the brakes that held the whole change set; then nothing was written."""
    targets: list[PushOutcome] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)
    """Connections that failed as a whole -> why, in one sentence; the others were written."""
    out_of_calls: dict[str, str] = field(default_factory=dict)
    """Connections in which the rest is the next run's, for the calls that this one may make -> why."""

    def left(self, connection: str) -> dict[str, int]:
        """Target of the connection -> records that were to be written and not come to; those with none are left out."""
        return {o.target: o.left for o in self.targets if o.connection == connection and o.left}

    @property
    def fields_written(self) -> int:
        return sum(target.fields_written for target in self.targets)


def write_back(con: duckdb.DuckDBPyConnection, settings: Settings, open_crm: OpenCrm, run_id: str) -> WriteBackOutcome:
    """Carry out the newest plan, unless the gate or a brake stands against it.

    Raises ``GateClosed`` before the first call, ``NotApproved`` where the plan was approved and the CRMs have moved since.
    """
    require_gate(con, settings)
    outcome = _carry_out(con, settings, open_crm, run_id)
    crm_log.keep(con, settings)
    return outcome


def _carry_out(con: duckdb.DuckDBPyConnection, settings: Settings, open_crm: OpenCrm, run_id: str) -> WriteBackOutcome:
    outcome = WriteBackOutcome(str(change_set.current(con)))
    held = approval.judge(con, settings)
    approved = approval.is_approved(con)
    if held and not approved:
        approval.hold(con, held)
        outcome.held = held
        return outcome
    targets = _reachable(con, settings, open_crm, outcome)
    if approved:
        _verify(con, settings, targets)
        approval.applied(con, run_id)
    for connection, wanted in targets.items():
        with _told(outcome, connection):
            _push_all(con, settings, wanted, run_id, outcome)
    stopped = {target.connection for target in outcome.targets if target.stopped}
    finished = targets.keys() - outcome.faults.keys() - outcome.out_of_calls.keys() - stopped
    let_through.keep(con, run_id, finished, outcome.out_of_calls)
    _keep_measures(con, settings, outcome, approved)
    return outcome


def _reachable(
    con: duckdb.DuckDBPyConnection, settings: Settings, open_crm: OpenCrm, outcome: WriteBackOutcome
) -> dict[str, list[PlannedTarget]]:
    """connection -> its targets; a CRM that does not answer is a fault, and holds up no other.

    This very plan may have been carried out in part, by a process that was killed: that is settled first.
    """
    found = {}
    for connection in written_connections(settings):
        with _told(outcome, connection):
            wanted = _targets(con, settings, connection, open_crm)
            for planned in wanted:
                recover(con, planned.channel)
            found[connection] = wanted
    return found


@contextmanager
def _told(outcome: WriteBackOutcome, connection: str) -> Iterator[None]:
    """A CRM that fails as a whole, or may be asked no more, is told, and holds up no other."""
    try:
        yield
    except CrmError as error:
        between = any(o.out_of_calls for o in outcome.targets if o.connection == connection)
        clean = isinstance(error, QuotaExhausted) and (between or not outcome.left(connection))
        (outcome.out_of_calls if clean else outcome.faults)[connection] = str(error)


def _keep_measures(con: duckdb.DuckDBPyConnection, settings: Settings, outcome: WriteBackOutcome, approved: bool) -> None:
    """Later runs are measured against this one, unless nothing may be written, it broke off, or it is astray and not approved."""
    broken = any(settings.connections[name].party == "us" for name in (*outcome.faults, *outcome.out_of_calls))
    whole = not broken and not any(target.stopped for target in outcome.targets)
    if whole and written_connections(settings) and (approved or not approval.is_astray(con, settings)):
        causes.keep(con)


def require_gate(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Raises ``GateClosed`` where a check failed, no plan of these marts was made, or the run shows the past."""
    reasons = gate.reasons_to_stay_closed(con, gate.required(settings.connections_of(ours=True)), settings.us.language)
    row = con.execute("SELECT as_of, run_id FROM config.run").fetchone()
    plan = con.execute("SELECT as_of, run_id FROM writeback.change_set").fetchone()
    language = settings.us.language
    if plan is None or plan != row:
        reasons.append(text("gate.no_plan", language))
    last = causes.last_written(con)
    if row and last and row[0] < last:
        reasons.append(text("gate.past", language, as_of=row[0].date(), last=last.date()))
    if reasons:
        raise gate.GateClosed(text("gate.closed", language, reasons="; ".join(reasons)))


def _targets(con: duckdb.DuckDBPyConnection, settings: Settings, connection: str, open_crm: OpenCrm) -> list[PlannedTarget]:
    """Those of the plan that are not left alone."""
    planned = {counts.target for counts in change_set.counts(con) if not counts.skipped}
    found = targets_of(con, settings, connection, open_crm(connection))
    return [target for target in found if target.channel.target in planned and not target.skipped]


def _verify(con: duckdb.DuckDBPyConnection, settings: Settings, targets: dict[str, list[PlannedTarget]]) -> None:
    """All of what was approved, before the first call that writes; also that all of it can still be written."""
    there = {entry.channel.target for entries in targets.values() for entry in entries}
    missing = [counts.target for counts in change_set.counts(con) if counts.changed and counts.target not in there]
    if missing:
        approval.withdraw(con)
        target = " ".join(missing[0])
        raise NotApproved(text("approve.not_writable", settings.us.language, target=target))
    try:
        for planned in (entry for entries in targets.values() for entry in entries):
            verify(con, planned.channel)
    except NotAsPreviewed as differs:
        approval.withdraw(con)
        raise NotApproved(text("approve.moved", settings.us.language, record=str(differs))) from None


def _push_all(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    planned: Sequence[PlannedTarget],
    run_id: str,
    outcome: WriteBackOutcome,
) -> None:
    """Every target of one connection. Where a canary was not kept as it was sent, or the calls do not last, nothing more is
    written there."""
    changed = {counts.target: counts.changed for counts in change_set.counts(con)}
    waiting = [PushOutcome(*entry.channel.target, left=changed[entry.channel.target]) for entry in planned]
    try:
        for entry in planned:
            outcome.targets.append(waiting.pop(0))
            told = outcome.targets[-1]
            push(con, entry.channel, run_id, settings.write_back.brakes.canary, told)
            if told.out_of_calls:
                raise QuotaExhausted(told.out_of_calls)
            if told.stopped:
                return
    except CrmError:
        outcome.targets += waiting  # not begun: all of it is left
        raise
