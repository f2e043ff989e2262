"""The journal: each change written down before the call and settled after it, and what a killed run left.

Belongs here: ``state.journal``, ``state.sent``, ``state.conflicts``. Does not: deciding (``compare.py``), sending.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import duckdb

from connectors.crm import WriteResult
from pipelines.warehouse import incoming, transaction


class Target(NamedTuple):
    """What a change goes to: one object, or one list, of one connection."""

    connection: str
    object: str


def journal_ahead(con: duckdb.DuckDBPyConnection, run_id: str, target: Target, records: Sequence[str]) -> None:
    """Write every change of ``compared`` that is to be written to these records down as pending, before it is sent."""
    con.execute(
        """
        INSERT OR REPLACE INTO state.journal BY NAME
        SELECT md5(concat_ws('|', $run, $connection, $object, record_id, field)) AS change_id, $run AS run_id,
            $connection AS connection, $object AS object, record_id, kind, field, before, after, before_native, rule,
            'pending' AS result, now() AS journaled_at
        FROM temp.compared WHERE verdict = 'write' AND list_contains($records, record_id)
        """,
        {"run": run_id, "connection": target.connection, "object": target.object, "records": list(records)},
    )


def settle(con: duckdb.DuckDBPyConnection, run_id: str, target: Target, results: Mapping[str, WriteResult]) -> None:
    """Note each record's result; what was written becomes what we last sent. One transaction in the state file.

    What nothing was said of stays pending: the next run finds out by reading.
    """
    said = [(key, "written", None) if r.ok else (key, "failed", f"{r.code}: {r.message}") for key, r in results.items()]
    if not said:
        return
    with incoming(con, said):
        con.execute(
            """
            CREATE OR REPLACE TEMP TABLE settled AS
            SELECT change_id, c1 AS result, c2 AS error FROM state.journal JOIN incoming ON record_id = c0
            WHERE run_id = ? AND connection = ? AND object = ? AND result = 'pending'
            """,
            [run_id, *target],
        )
    _settle(con)


def settle_by_reading(con: duckdb.DuckDBPyConnection, target: Target, taken_back: Sequence[tuple[str, str]] = ()) -> None:
    """Settle what a killed run left pending by what the CRM holds: ``present`` was read for all of it.

    ``taken_back``: (record, field) that a person may have set back to what it was: taken for written, so that it stays theirs.
    """
    con.execute("CREATE OR REPLACE TEMP TABLE taken_back (record_id VARCHAR, field VARCHAR)")
    if taken_back:
        con.executemany("INSERT INTO temp.taken_back VALUES (?, ?)", list(taken_back))
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE settled AS
        WITH there AS (SELECT DISTINCT record_id FROM temp.present)
        SELECT
            change_id,
            CASE
                WHEN kind = 'remove' THEN CASE WHEN there.record_id IS NULL THEN 'written' ELSE 'failed' END
                WHEN there.record_id IS NOT NULL AND present.value IS NOT DISTINCT FROM after THEN 'written'
                WHEN taken_back.record_id IS NOT NULL THEN 'written'
                ELSE 'failed'
            END AS result,
            CASE WHEN result = 'failed' THEN 'not in the CRM after the run was cut off' END AS error
        FROM (SELECT * EXCLUDE (result) FROM state.journal WHERE connection = ? AND object = ? AND result = 'pending')
        LEFT JOIN there USING (record_id)
        LEFT JOIN temp.present USING (record_id, field)
        LEFT JOIN temp.taken_back USING (record_id, field)
        """,
        [*target],
    )
    _settle(con)


def _settle(con: duckdb.DuckDBPyConnection) -> None:
    """Take over ``settled``: of several changes of one field the last counts as sent; a record removed has nothing sent."""
    with transaction(con):
        con.execute(
            "UPDATE state.journal SET result = settled.result, error = settled.error, settled_at = now()"
            " FROM temp.settled WHERE journal.change_id = settled.change_id"
        )
        con.execute(
            """
            INSERT OR REPLACE INTO state.sent
            SELECT connection, object, record_id, field, after, journaled_at
            FROM state.journal SEMI JOIN temp.settled USING (change_id)
            WHERE result = 'written' AND kind <> 'remove'
            QUALIFY row_number() OVER (PARTITION BY connection, object, record_id, field ORDER BY journaled_at DESC) = 1
            """
        )
        con.execute(
            """
            DELETE FROM state.sent USING (
                SELECT DISTINCT connection, object, record_id FROM state.journal SEMI JOIN temp.settled USING (change_id)
                WHERE result = 'written' AND kind = 'remove'
            ) AS gone
            WHERE sent.connection = gone.connection AND sent.object = gone.object AND sent.record_id = gone.record_id
            """
        )


def adopt(con: duckdb.DuckDBPyConnection, target: Target) -> None:
    """Remember as sent what is ours although we did not send it there: by a merge, by our own key, by our own login."""
    con.execute(
        "INSERT OR REPLACE INTO state.sent"
        " SELECT ?, ?, record_id, field, after, now() FROM temp.compared WHERE verdict = 'adopt'",
        [*target],
    )


def note_conflicts(con: duckdb.DuckDBPyConnection, target: Target, compared: Sequence[str]) -> int:
    """Keep the open conflicts of the records just compared; those that are gone are closed. Returns how many are open.

    An answer holds for the value that was answered: another one asks anew.
    """
    key = {"connection": target.connection, "object": target.object}
    with transaction(con):
        con.execute(
            """
            UPDATE state.conflicts SET resolved_at = now()
            WHERE connection = $connection AND object = $object AND resolved_at IS NULL AND list_contains($compared, record_id)
                AND NOT EXISTS (
                    FROM temp.compared AS still
                    WHERE still.record_id = conflicts.record_id AND still.field = conflicts.field AND still.verdict = 'conflict'
                )
            """,
            {**key, "compared": list(compared)},
        )
        con.execute(
            """
            INSERT INTO state.conflicts BY NAME
            SELECT $connection AS connection, $object AS object, record_id, field, after AS ours, before AS theirs,
                now() AS first_seen_at, now() AS last_seen_at
            FROM temp.compared WHERE verdict = 'conflict'
            ON CONFLICT DO UPDATE SET
                first_seen_at = CASE WHEN resolved_at IS NULL THEN first_seen_at ELSE excluded.first_seen_at END,
                answer = CASE WHEN resolved_at IS NULL AND theirs IS NOT DISTINCT FROM excluded.theirs THEN answer END,
                ours = excluded.ours, theirs = excluded.theirs, last_seen_at = excluded.last_seen_at, resolved_at = NULL
            """,
            key,
        )
    row = con.execute("SELECT count(*) FROM temp.compared WHERE verdict = 'conflict'").fetchone()
    return int(row[0]) if row else 0


def disputed(con: duckdb.DuckDBPyConnection, target: Target) -> set[str]:
    """Records with an open conflict: they are read again each time, to see whether the person has taken the value back."""
    query = "SELECT DISTINCT record_id FROM state.conflicts WHERE connection = ? AND object = ? AND resolved_at IS NULL"
    return {row[0] for row in con.execute(query, [*target]).fetchall()}


def unsettled(con: duckdb.DuckDBPyConnection, target: Target) -> list[str]:
    """Records of which a killed run left changes pending."""
    query = "SELECT DISTINCT record_id FROM state.journal WHERE connection = ? AND object = ? AND result = 'pending' ORDER BY ALL"
    return [row[0] for row in con.execute(query, [*target]).fetchall()]


def refused_before(con: duckdb.DuckDBPyConnection, target: Target, run_id: str) -> set[str]:
    """Records of which the CRM refused the last change that was tried before this run."""
    query = (
        "SELECT record_id FROM state.journal WHERE connection = ? AND object = ? AND run_id <> ?"
        " GROUP BY record_id HAVING arg_max(result, journaled_at) = 'failed'"
    )
    return {row[0] for row in con.execute(query, [*target, run_id]).fetchall()}


def forget(con: duckdb.DuckDBPyConnection, target: Target, record_ids: Iterable[str]) -> None:
    """Drop what we sent to records that no longer exist."""
    query = "DELETE FROM state.sent WHERE connection = ? AND object = ? AND list_contains(?, record_id)"
    con.execute(query, [*target, list(record_ids)])


def keep_list(con: duckdb.DuckDBPyConnection, target: Target, name: str, id: str) -> None:
    """Note which list in the CRM the target is. What we sent to another one counts no more: a list that was made anew begins
    empty, and nobody has taken its members off. One that is only missing for a while is the same when it is back."""
    query = "SELECT field, value FROM state.sent WHERE connection = ? AND object = 'lists' AND record_id = ?"
    kept = dict(con.execute(query, [*target]).fetchall())
    if kept == {"name": name, "id": id}:
        return
    with transaction(con):
        if kept.get("id", id) != id:
            con.execute("DELETE FROM state.sent WHERE connection = ? AND object = ?", [*target])
        con.execute(
            "INSERT OR REPLACE INTO state.sent"
            " SELECT $connection, 'lists', $object, unnest(['name', 'id']), unnest([$name, $id]), now()",
            {"connection": target.connection, "object": target.object, "name": name, "id": id},
        )


def kept_lists(con: duckdb.DuckDBPyConnection, connection: str) -> dict[str, str]:
    """List key (``<partner>:whitespace``) -> name of the list as ``keep_list`` noted it last."""
    query = "SELECT record_id, value FROM state.sent WHERE connection = ? AND object = 'lists' AND field = 'name'"
    return {object.removeprefix("list:"): name for object, name in con.execute(query, [connection]).fetchall()}
