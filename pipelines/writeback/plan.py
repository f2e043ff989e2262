"""The plan: everything that this run would write, computed whole before the first call that writes, and kept in ``writeback.*``.

Belongs here: filling those tables, target by target, and settling before that what a killed run left. Does not: the comparison
(``compare.py``), whether the plan may be carried out (``brakes.py``), carrying it out (``push.py``, ``run.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import duckdb

from connectors.crm import Crm
from pipelines import gate
from pipelines.settings import Settings
from pipelines.warehouse import transaction
from pipelines.writeback import change_set, journal
from pipelines.writeback.channels import Channel
from pipelines.writeback.compare import begin, compare
from pipelines.writeback.desired import fill_wanted
from pipelines.writeback.known import fill_merged, fill_present, fill_read, touched_since
from pipelines.writeback.targets import PlannedTarget, targets_of, written_connections

OpenCrm = Callable[[str], Crm]
READ = 2000
"""Records that are read in one go where the plan must ask the CRM."""


def make_plan(con: duckdb.DuckDBPyConnection, settings: Settings, open_crm: OpenCrm) -> str:
    """Compare everything; the id of the change set. Writes to no CRM. ``open_crm``: connection -> CRM, logged in at first use.

    Reads from the CRMs which fields and lists there are, and what a killed run left pending.
    """
    change_set.clear(con)
    for planned in _targets(con, settings, open_crm):
        _plan(con, planned)
    return change_set.seal(con)


def _targets(con: duckdb.DuckDBPyConnection, settings: Settings, open_crm: OpenCrm) -> Iterator[PlannedTarget]:
    for connection in written_connections(settings):
        crm = open_crm(connection)
        closed = gate.reasons_to_stay_closed(con, gate.required([connection]), settings.us.language)
        for planned in targets_of(con, settings, connection, crm):
            if closed and not planned.channel.ours:  # a partner's CRM that did not answer holds up nobody else
                planned.skipped = "; ".join(closed)
            yield planned


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
        compare(con, channel.target, channel.creates, channel.keyed)
    with transaction(con):
        if not planned.skipped:
            change_set.add_changes(con, channel.target)
        change_set.add_target(con, channel.target, wanted, recovered, planned.skipped)


def _leave_out_unseen(con: duckdb.DuckDBPyConnection, channel: Channel) -> None:
    """An account that the pull has not seen is nobody's to write."""
    if channel.pulled:
        con.execute("DELETE FROM temp.wanted WHERE record_id NOT IN (SELECT record_id FROM temp.present)")


def recover(con: duckdb.DuckDBPyConnection, channel: Channel) -> int:
    """Settle what a killed run left pending: the CRM itself says whether each change took effect. How many records there were."""
    pending = journal.unsettled(con, channel.target)
    if not pending:
        return 0
    channel.crm.finish_begun()
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


def read_all(channel: Channel, record_ids: Sequence[str]) -> dict[str, dict[str, object]]:
    """What the CRM holds of these records now."""
    found: dict[str, dict[str, object]] = {}
    for start in range(0, len(record_ids), READ):
        found |= channel.read(record_ids[start : start + READ])
    return found
