"""Reading again what is planned, and comparing it again, right before it is written.

Belongs here: what the CRM holds this moment beside what was planned, whose value it is, and whether an approved plan still
stands. Does not: the decision for a field (``compare.py``), the order of the steps (``push.py``).
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from pipelines.writeback import journal
from pipelines.writeback.channels import Channel
from pipelines.writeback.compare import QUIET_FIELDS, begin, compare
from pipelines.writeback.desired import fill_wanted
from pipelines.writeback.known import fill_merged, fill_read, last_change_is_known

READ = 2000
"""Records that are read in one go."""


class NotAsPreviewed(Exception):
    """The CRM no longer holds what the approved change set was computed from."""


def key_of(channel: Channel) -> dict[str, str]:
    """Parameters that name the target."""
    return {"connection": channel.target.connection, "object": channel.target.object}


def read_all(channel: Channel, record_ids: Sequence[str]) -> dict[str, dict[str, object]]:
    """What the CRM holds of these records now."""
    found: dict[str, dict[str, object]] = {}
    for start in range(0, len(record_ids), READ):
        found |= channel.read(record_ids[start : start + READ])
    return found


def verify(con: duckdb.DuckDBPyConnection, channel: Channel) -> None:
    """Read all that is planned again. Raises ``NotAsPreviewed`` unless every change would still be made as it was planned."""
    planned, _ = planned_records(con, channel)
    if not planned:
        return
    fill_desired(con, channel, undoing=False)
    compare_again(con, channel, planned, undoing=False)
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


def planned_records(con: duckdb.DuckDBPyConnection, channel: Channel) -> tuple[list[str], list[str]]:
    """(records to be written, records that are only disputed or adopted), sorted, so that rows of one parent go together.

    Those that may serve as a canary come first: what was refused the last time tells nothing new.
    """
    rows = con.execute(
        """
        WITH last AS (
            SELECT record_id, arg_max(result, journaled_at) AS result FROM state.journal
            WHERE connection = $connection AND object = $object GROUP BY record_id
        )
        SELECT record_id, bool_or(verdict = 'write') FROM writeback.changes LEFT JOIN last USING (record_id)
        WHERE connection = $connection AND object = $object AND verdict <> 'held'
        GROUP BY record_id ORDER BY any_value(last.result IS DISTINCT FROM 'failed') DESC, record_id
        """,
        key_of(channel),
    ).fetchall()
    planned = {record_id for record_id, _ in rows}
    others = [record_id for record_id, writes in rows if not writes] + sorted(journal.disputed(con, channel.target) - planned)
    return [record_id for record_id, writes in rows if writes], others


def fill_desired(con: duckdb.DuckDBPyConnection, channel: Channel, undoing: bool) -> None:
    """Begin with a target: fill ``merged``, and ``desired`` (record_id, field, value), which an undo leaves empty."""
    begin(con, channel.fields)
    fill_merged(con, channel)
    if not undoing:
        fill_wanted(con, channel)
    con.execute("CREATE OR REPLACE TEMP TABLE desired AS SELECT record_id, field, value FROM temp.wanted WHERE NOT remove")


def compare_again(con: duckdb.DuckDBPyConnection, channel: Channel, records: Sequence[str], undoing: bool) -> None:
    """The compare of what is planned with what the CRM holds this moment.

    The fields of these records that are not planned are looked at too: a person's edit there is noted before our own write moves
    the record's stamp. None of them is written.
    """
    key = {**key_of(channel), "records": list(records)}
    for table in ("wanted", "present", "by_us"):
        con.execute(f"DELETE FROM temp.{table}")
    con.execute(_PLANNED, key)
    fill_read(con, channel, read_all(channel, records))
    compare(con, channel.target, channel.creates, channel.keyed, undoing, shared=not channel.ours)
    ask_who_wrote(con, channel, undoing)
    con.execute(
        """
        DELETE FROM temp.compared WHERE verdict = 'write' AND NOT EXISTS (
            FROM writeback.changes AS planned
            WHERE planned.connection = $connection AND planned.object = $object AND planned.verdict = 'write'
                AND planned.record_id = compared.record_id AND planned.field = compared.field
        )
        """,
        key_of(channel),
    )
    con.execute(
        "DELETE FROM temp.compared WHERE verdict = 'write' AND record_id NOT IN"
        " (SELECT record_id FROM temp.compared WHERE verdict = 'write' AND (after IS NULL OR NOT list_contains(?, field)))",
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


def ask_who_wrote(con: duckdb.DuckDBPyConnection, channel: Channel, undoing: bool = False) -> None:
    """A value that differs from what we sent, and that our own login set, is no person's edit; nor was it noted as one before.

    Salesforce tells who changed a record last, not which field: there it is believed of fields that we never sent only.
    """
    if not channel.pulled:
        return
    rows = con.execute(
        """
        WITH noted AS (
            SELECT record_id, field FROM state.conflicts
            WHERE connection = $connection AND object = $object AND resolved_at IS NULL
        ),
        sent AS (
            SELECT record_id, field FROM state.sent WHERE $by_record AND connection = $connection AND object = $object
        )
        SELECT record_id, field
        FROM temp.compared ANTI JOIN noted USING (record_id, field) ANTI JOIN sent USING (record_id, field)
        WHERE verdict = 'conflict' AND kind = 'update' ORDER BY ALL
        """,
        {**key_of(channel), "by_record": channel.crm.name == "salesforce"},
    ).fetchall()
    if not rows:
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
        compare(con, channel.target, channel.creates, channel.keyed, undoing, shared=not channel.ours)
