"""Changes that were let through and not come to, for want of calls: no brake asks of them a second time.

Belongs here: ``state.let_through``. Does not: measuring (``brakes.py``), stopping (``push.py``).
"""

from __future__ import annotations

from collections.abc import Collection

import duckdb

from pipelines.warehouse import transaction
from pipelines.writeback import change_set
from pipelines.writeback.change_set import TargetCounts
from pipelines.writeback.compare import QUIET_FIELDS


def new_counts(con: duckdb.DuckDBPyConnection) -> list[TargetCounts]:
    """As ``change_set.counts``, of those records of the newest plan in which a change is planned that was not let through before.

    What was let through counts as sent: an object of which a run began to write is filled for the first time no more.
    """
    return change_set.counts(con, besides=QUIET_FIELDS)


def keep(con: duckdb.DuckDBPyConnection, run_id: str, finished: Collection[str], unfinished: Collection[str]) -> None:
    """After a plan was carried out: what is left of it in the connections for which the calls did not last.

    ``finished``: connections that were written to the end. Of any other, and of targets that could not be planned, what was let
    through before still is.
    """
    with transaction(con):
        con.execute("DELETE FROM state.let_through WHERE list_contains(?, connection)", [list(finished)])
        con.execute(
            """
            DELETE FROM state.let_through USING writeback.targets AS planned
            WHERE list_contains(?, let_through.connection) AND planned.skipped IS NULL
                AND planned.connection = let_through.connection AND planned.object = let_through.object
            """,
            [list(unfinished)],
        )
        con.execute(
            """
            INSERT INTO state.let_through BY NAME
            SELECT connection, object, record_id, kind, field, before, after FROM writeback.changes
            ANTI JOIN (SELECT * FROM state.journal WHERE run_id = ? AND result = 'written') AS done
                USING (connection, object, record_id, field)
            WHERE verdict = 'write' AND list_contains(?, connection)
            """,
            [run_id, list(unfinished)],
        )
