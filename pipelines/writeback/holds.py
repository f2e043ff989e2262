"""Records that an undo put back and that no run writes until a person says so: reading and releasing them.

Belongs here: ``state.holds`` for people. Does not: filling it (the undo), heeding it (the compare).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb

from pipelines.registrations.refused import Refused, refusal
from pipelines.warehouse import transaction
from pipelines.writeback.answers import ACCOUNT_OF_ROW, account_objects

_HOLDS = f"""
SELECT kept.connection, kept.object, kept.record_id, kept.run_id, records.name, kept.held_by, kept.held_at
FROM state.holds AS kept {ACCOUNT_OF_ROW}
WHERE kept.released_at IS NULL
ORDER BY kept.held_at DESC, kept.run_id, records.name NULLS LAST, kept.connection, kept.object, kept.record_id
"""
_RELEASE = """
UPDATE state.holds AS kept SET released_by = $by, released_at = $at
FROM (
    SELECT unnest($connections::VARCHAR[]) AS connection, unnest($objects::VARCHAR[]) AS object,
        unnest($records::VARCHAR[]) AS record_id
) AS named
WHERE kept.connection = named.connection AND kept.object = named.object AND kept.record_id = named.record_id
    AND kept.released_at IS NULL
"""


@dataclass(frozen=True)
class Hold:
    """One record that stays as the undo of ``run_id`` left it. ``name``: its account's, where known."""

    connection: str
    object: str
    record_id: str
    run_id: str
    name: str | None
    held_by: str
    held_at: datetime

    @property
    def id(self) -> str:
        return f"{self.connection}:{self.object}:{self.record_id}"


def holds_of(con: duckdb.DuckDBPyConnection) -> list[Hold]:
    """Every hold, those of the last undo first."""
    return [Hold(*row) for row in con.execute(_HOLDS, account_objects()).fetchall()]


def find_hold(holds: Sequence[Hold], asked: str) -> list[Hold]:
    """The hold of that record: by its id, or the CRM's own where one record alone has it. Raises ``Refused``, with near ids."""
    found = [hold for hold in holds if asked in (hold.id, hold.record_id)]
    if len(found) != 1:
        raise refusal("unknown_hold", asked, {hold.id: hold.record_id for hold in holds}, [hold.id for hold in found])
    return found


def holds_of_run(holds: Sequence[Hold], asked: str) -> list[Hold]:
    """The holds that the undo of one run left, by the beginning of its id. Raises ``Refused``."""
    runs = sorted({hold.run_id for hold in holds if hold.run_id.startswith(asked)})
    if len(runs) != 1:
        raise refusal("unknown_hold_run", asked, {hold.run_id: hold.run_id[:8] for hold in holds}, runs)
    return [hold for hold in holds if hold.run_id == runs[0]]


def release(con: duckdb.DuckDBPyConnection, holds: Sequence[Hold], by: str, at: datetime) -> None:
    """Let the next run write these records again. Raises ``Refused`` where there is none."""
    if not holds:
        raise Refused("no_holds")
    named = {
        "connections": [hold.connection for hold in holds],
        "objects": [hold.object for hold in holds],
        "records": [hold.record_id for hold in holds],
    }
    with transaction(con):
        con.execute(_RELEASE, {"by": by, "at": at, **named})
