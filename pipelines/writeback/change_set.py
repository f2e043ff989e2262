"""The change set: what the newest plan would write, as rows in ``writeback.*`` with a digest of them as its id.

Belongs here: keeping, counting and reading it. Does not: computing it (``plan.py``), judging it (``brakes.py``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import duckdb

from pipelines.writeback.journal import Target

EMPTY = "empty"
"""Id of the change set that changes nothing."""
_DIGITS = 10
_KIND_OF_CHANGE = """
    CASE
        WHEN kind = 'create' THEN 'create'
        WHEN kind = 'remove' THEN 'remove'
        WHEN before IS NULL OR before = 'false' THEN 'set'
        WHEN after IS NULL OR after = 'false' THEN 'clear'
        ELSE 'change'
    END
"""


@dataclass(frozen=True)
class TargetCounts:
    """What is planned for one target, in records."""

    target: Target
    wanted: int
    sent: int
    """Records that we wrote there before."""
    changed: int
    removed: int
    fields: int
    flags_set: int
    """Records that would become no-approach (of child rows: that would no longer be open)."""
    flags_cleared: int
    conflicts: int
    """Fields that are left as people set them."""
    held: int
    """Records that an undo put back and that nobody has released."""
    recovered: int
    skipped: str | None

    @property
    def first_fill(self) -> bool:
        return self.sent == 0


def clear(con: duckdb.DuckDBPyConnection) -> None:
    """Forget the plan before."""
    for table in ("change_set", "targets", "changes"):
        con.execute(f"DELETE FROM writeback.{table}")


@contextmanager
def set_aside(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """What is planned inside the block is gone after it, and the plan before is back."""
    tables = ("change_set", "targets", "changes")
    for table in tables:
        con.execute(f"CREATE OR REPLACE TEMP TABLE aside_{table} AS FROM writeback.{table}")
    try:
        yield
    finally:
        for table in tables:
            con.execute(f"DELETE FROM writeback.{table}")
            con.execute(f"INSERT INTO writeback.{table} FROM temp.aside_{table}")
            con.execute(f"DROP TABLE temp.aside_{table}")


def add_changes(con: duckdb.DuckDBPyConnection, target: Target) -> None:
    """Take over ``compared``."""
    con.execute(
        """
        INSERT INTO writeback.changes BY NAME
        SELECT $connection AS connection, $object AS object, record_id, kind, verdict, field, before, after, after_native, rule
        FROM temp.compared
        """,
        {"connection": target.connection, "object": target.object},
    )


def add_target(con: duckdb.DuckDBPyConnection, target: Target, wanted: int, recovered: int, skipped: str | None) -> None:
    con.execute(
        """
        INSERT INTO writeback.targets
        SELECT (SELECT count(*) FROM writeback.targets), $connection, $object, $wanted, (
            SELECT count(DISTINCT record_id) FROM state.sent WHERE connection = $connection AND object = $object
        ), $recovered, $skipped
        """,
        {
            "connection": target.connection,
            "object": target.object,
            "wanted": wanted,
            "recovered": recovered,
            "skipped": skipped,
        },
    )


def seal(con: duckdb.DuckDBPyConnection) -> str:
    """Give the plan its id, which the same changes get again, and note the run whose marts it rests on."""
    row = con.execute(
        """
        SELECT md5(string_agg(
            concat_ws('|', connection, object, record_id, kind, field, coalesce(before, '∅'), coalesce(after, '∅')), '\n'
            ORDER BY connection, object, record_id, field
        )) FROM writeback.changes WHERE verdict = 'write'
        """
    ).fetchone()
    id = str(row[0])[:_DIGITS] if row and row[0] else EMPTY
    con.execute("INSERT INTO writeback.change_set SELECT ?, run_id, as_of, now() FROM config.run", [id])
    return id


def current(con: duckdb.DuckDBPyConnection) -> str | None:
    """Id of the newest plan; ``None`` before there was one."""
    row = con.execute("SELECT change_set_id FROM writeback.change_set").fetchone()
    return row[0] if row else None


def counts(con: duckdb.DuckDBPyConnection, besides: Sequence[str] | None = None) -> list[TargetCounts]:
    """One per target, in the order in which they are written.

    With ``besides`` (fields) a change of one of these is none, nor is one of ``state.let_through``: see ``let_through.py``.
    """
    rows = con.execute(
        """
        WITH past AS (FROM state.let_through WHERE $measured),
        past_records AS (SELECT connection, object, count(DISTINCT record_id) AS records FROM past GROUP BY ALL),
        changes AS (
            SELECT changes.* REPLACE (CASE
                WHEN verdict <> 'write' THEN verdict
                WHEN past.record_id IS NOT NULL OR list_contains($besides, changes.field) THEN 'past'
                ELSE verdict
            END AS verdict)
            FROM writeback.changes LEFT JOIN past ON past.connection = changes.connection AND past.object = changes.object
                AND past.record_id = changes.record_id AND past.kind = changes.kind AND past.field = changes.field
                AND past.before IS NOT DISTINCT FROM changes.before AND past.after IS NOT DISTINCT FROM changes.after
        ),
        planned AS (
            SELECT
                connection, object,
                count(DISTINCT record_id) FILTER (verdict = 'write') AS changed,
                count(DISTINCT record_id) FILTER (verdict = 'write' AND kind = 'remove') AS removed,
                count(*) FILTER (verdict = 'write') AS fields,
                count(*) FILTER (verdict = 'write' AND kind = 'update' AND (
                    (field = 'no_approach' AND after = 'true') OR (field = 'may_approach' AND after = 'false'))) AS flags_set,
                count(*) FILTER (verdict = 'write' AND kind = 'update' AND (
                    (field = 'no_approach' AND after = 'false') OR (field = 'may_approach' AND after = 'true'))) AS flags_cleared,
                count(*) FILTER (verdict = 'conflict') AS conflicts,
                count(DISTINCT record_id) FILTER (verdict = 'held') AS held
            FROM changes GROUP BY connection, object
        )
        SELECT connection, object, records_wanted, coalesce(nullif(records_sent, 0), past_records.records, 0),
            coalesce(changed, 0), coalesce(removed, 0), coalesce(fields, 0),
            coalesce(flags_set, 0), coalesce(flags_cleared, 0), coalesce(conflicts, 0), coalesce(held, 0), recovered, skipped
        FROM writeback.targets LEFT JOIN planned USING (connection, object) LEFT JOIN past_records USING (connection, object)
        ORDER BY position
        """,
        {"measured": besides is not None, "besides": list(besides or ())},
    ).fetchall()
    return [TargetCounts(Target(connection, object), *rest) for connection, object, *rest in rows]


def by_field(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str, str, str, int]]:
    """(connection, object, field, kind of change, fields): create, remove, set, change, clear; conflict and held beside them."""
    return con.execute(
        f"""
        SELECT connection, object, field, CASE WHEN verdict = 'write' THEN {_KIND_OF_CHANGE} ELSE verdict END AS change, count(*)
        FROM writeback.changes JOIN writeback.targets USING (connection, object) WHERE verdict <> 'adopt'
        GROUP BY position, connection, object, field, change ORDER BY position, object, field, change
        """
    ).fetchall()


def samples(con: duckdb.DuckDBPyConnection, limit: int) -> list[dict[str, Any]]:
    """Of each connection, object, field and kind of change the first ``limit``: values before and after, and the rule."""
    rows = con.execute(
        f"""
        SELECT connection, object, record_id, field,
            CASE WHEN verdict = 'write' THEN {_KIND_OF_CHANGE} ELSE verdict END AS change,
            before, after, rule
        FROM writeback.changes JOIN writeback.targets USING (connection, object) WHERE verdict <> 'adopt'
        QUALIFY row_number() OVER (PARTITION BY connection, object, field, change ORDER BY record_id) <= ?
        ORDER BY position, field, change, record_id
        """,
        [limit],
    )
    names = [column[0] for column in rows.description or ()]
    return [dict(zip(names, row, strict=True)) for row in rows.fetchall()]


def rules(con: duckdb.DuckDBPyConnection, target: Target, column: str, after: str) -> list[tuple[str, int]]:
    """(rule, records) behind the planned changes of one field to one value, most frequent first."""
    return con.execute(
        """
        SELECT coalesce(rule, '-'), count(*) FROM writeback.changes
        WHERE connection = ? AND object = ? AND field = ? AND after = ? AND verdict = 'write'
        GROUP BY ALL ORDER BY count(*) DESC, 1
        """,
        [*target, column, after],
    ).fetchall()
