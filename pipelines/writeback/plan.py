"""The plan: everything that this run would write, computed whole before the first call that writes, and kept in ``writeback.*``.

Belongs here: filling those tables, target by target, and settling before that what a killed run left. Does not: the comparison
(``compare.py``), whether the plan may be carried out (``brakes.py``), carrying it out (``push.py``, ``run.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import duckdb

from connectors.crm import Crm, CrmError, QuotaExhausted
from pipelines import gate
from pipelines.settings import Settings
from pipelines.texts import text
from pipelines.warehouse import transaction
from pipelines.writeback import change_set, journal
from pipelines.writeback.again import ask_who_wrote, read_all
from pipelines.writeback.channels import Channel
from pipelines.writeback.compare import begin, compare
from pipelines.writeback.desired import fill_wanted
from pipelines.writeback.known import fill_merged, fill_present, fill_read, forget_gone, touched_since
from pipelines.writeback.targets import PlannedTarget, targets_of, told, written_connections

OpenCrm = Callable[[str], Crm]


def make_plan(con: duckdb.DuckDBPyConnection, settings: Settings, open_crm: OpenCrm) -> str:
    """Compare everything; the id of the change set. Writes to no CRM. ``open_crm``: connection -> CRM, logged in at first use.

    Reads from the CRMs which fields and lists there are, what a killed run left pending, and the child rows, members and tasks
    that would change.
    """
    change_set.clear(con)
    for planned in _targets(con, settings, open_crm):
        try:
            _plan(con, planned)
        except QuotaExhausted as error:
            skipped = text("quota.not_planned", settings.us.language, why=error)
            change_set.add_target(con, planned.channel.target, 0, 0, skipped)
    return change_set.seal(con)


def _targets(con: duckdb.DuckDBPyConnection, settings: Settings, open_crm: OpenCrm) -> Iterator[PlannedTarget]:
    """Of every connection. A partner's CRM that did not answer the pull, or does not now, holds up nobody else; nor does one of
    ours that may be asked no more."""
    for connection in written_connections(settings):
        ours = settings.connections[connection].party == "us"
        crm = open_crm(connection)
        closed = [] if ours else gate.reasons_to_stay_closed(con, gate.required([connection]), settings.us.language)
        try:
            yield from (
                [PlannedTarget(told(crm, connection), "; ".join(closed))]
                if closed
                else targets_of(con, settings, connection, crm)
            )
        except QuotaExhausted as error:
            yield PlannedTarget(told(crm, connection), text("quota.not_planned", settings.us.language, why=error))
        except CrmError as error:
            if ours:
                raise
            yield PlannedTarget(told(crm, connection), str(error))


def _plan(con: duckdb.DuckDBPyConnection, planned: PlannedTarget) -> None:
    channel = planned.channel
    recovered = 0 if planned.skipped else recover(con, channel)
    wanted = 0
    if not planned.skipped:
        begin(con, channel.fields)
        fill_merged(con, channel)
        fill_present(con, channel)
        wanted = fill_wanted(con, channel)
        _leave_out_unseen(con, channel)
        compare(con, channel.target, channel.creates, channel.keyed, shared=not channel.ours)
        ask_who_wrote(con, channel)
        _look_at_suspects(con, channel)
    with transaction(con):
        if not planned.skipped:
            change_set.add_changes(con, channel.target)
        change_set.add_target(con, channel.target, wanted, recovered, planned.skipped)


def _look_at_suspects(con: duckdb.DuckDBPyConnection, channel: Channel) -> None:
    """What no pull brings is known only as we left it: what would change is read before it is planned."""
    suspects = [row[0] for row in con.execute("SELECT DISTINCT record_id FROM temp.compared ORDER BY ALL").fetchall()]
    if channel.pulled or not suspects:
        return
    con.execute("DELETE FROM temp.wanted WHERE record_id NOT IN (SELECT record_id FROM temp.compared)")
    fill_read(con, channel, read_all(channel, suspects))
    compare(con, channel.target, channel.creates, channel.keyed, shared=not channel.ours)
    forget_gone(con, channel)


def _leave_out_unseen(con: duckdb.DuckDBPyConnection, channel: Channel) -> None:
    """An account that the pull has not seen is nobody's to write."""
    if channel.pulled:
        con.execute("DELETE FROM temp.wanted WHERE record_id NOT IN (SELECT record_id FROM temp.present)")


def recover(con: duckdb.DuckDBPyConnection, channel: Channel) -> int:
    """Settle what a killed run left pending: the CRM itself says whether each change took effect. How many records there were."""
    pending = journal.unsettled(con, channel.target)
    if not pending:
        return 0
    channel.crm.finish_begun(channel.target.object)
    begin(con, channel.fields)
    fill_read(con, channel, read_all(channel, pending))
    journal.settle_by_reading(con, channel.target, _taken_back(con, channel))
    return len(pending)


def _taken_back(con: duckdb.DuckDBPyConnection, channel: Channel) -> list[tuple[str, str]]:
    """(record, field) of pending changes that may have taken effect and been taken back: the old value is there, and somebody
    else has touched the record since."""
    found = touched_since(con, channel)
    asked: dict[str, list[str]] = {}
    for record_id, column in found:
        asked.setdefault(record_id, []).append(channel.natives[column])
    ours = channel.crm.written_by_us(channel.target.object, asked)
    return [(record_id, column) for record_id, column in found if (record_id, channel.natives[column]) not in ours]
