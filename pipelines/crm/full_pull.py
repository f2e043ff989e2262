"""Full pulls: when one is due, and that what it did not meet is gone.

Belongs here: what a pull from the beginning proves about records that it did not bring. Does not: landing what it brought
(``landing.py``).

CRMs tell of deletions for a while only (Salesforce some 15 days), a login may lose sight of records without any word, and HubSpot
moves no stamp when an association changes. A pull of everything settles all of that: a record that raw holds alive and that such
a pull never met gets a tombstone. It may take several runs, so what it met is kept in the transaction of each batch.
"""

from __future__ import annotations

from datetime import timedelta

import duckdb
import pyarrow as pa

from pipelines.crm.objects import PulledObject

EVERY = timedelta(days=30)
"""How often, where nobody says."""
NEWEST = "{'synced_at': _synced_at, 'modified_at': coalesce(modified_at, '-infinity')}"
"""What the newest version of a record in raw has the greatest of, as staging picks it."""
FORGOTTEN = timedelta(days=14)
"""Salesforce's bin is emptied a day later."""


def is_due(con: duckdb.DuckDBPyConnection, connection: str, object: str, every: timedelta) -> bool:
    """Whether what changed is no longer enough: the last pull lies too far back, or the last full one does."""
    row = con.execute(
        """
        SELECT now() - synced_at > $forgotten OR begun_at IS NULL OR now() - begun_at > $every
        FROM raw.cursors LEFT JOIN raw.full_pulls USING (connection, object)
        WHERE connection = $connection AND object = $object
        """,
        {"connection": connection, "object": object, "forgotten": FORGOTTEN, "every": every},
    ).fetchone()
    return row is None or bool(row[0])


def begin(con: duckdb.DuckDBPyConnection, connection: str, object: str) -> None:
    """From here on what is met counts; what an earlier one that never ended had met does not."""
    con.execute("DELETE FROM raw.met_in_full_pull WHERE connection = ? AND object = ?", [connection, object])
    con.execute("INSERT OR REPLACE INTO raw.full_pulls VALUES (?, ?, now(), NULL)", [connection, object])


def is_under_way(con: duckdb.DuckDBPyConnection, connection: str, object: str) -> bool:
    row = con.execute(
        "SELECT ended_at IS NULL FROM raw.full_pulls WHERE connection = ? AND object = ?", [connection, object]
    ).fetchone()
    return row is not None and bool(row[0])


def meet(con: duckdb.DuckDBPyConnection, connection: str, object: str, ids: pa.ChunkedArray) -> None:
    """These records were met; called in the transaction that lands them."""
    con.register("met", pa.table({"id": ids}))
    try:
        con.execute("INSERT INTO raw.met_in_full_pull SELECT ?, ?, id FROM met", [connection, object])
    finally:
        con.unregister("met")


def end(con: duckdb.DuckDBPyConnection, connection: str, pulled: PulledObject, run_id: str) -> int:
    """A tombstone for each record that was never met, with what it last held; returns how many."""
    of_object = "json_extract_string(payload, '$._object') = $native" if pulled.role else "$native IS NOT NULL"
    count = con.execute(
        f"""
        INSERT INTO raw.{pulled.table}
        WITH missed AS (  -- ids alone: there may be a million, and payloads are big
            SELECT id, arg_max(rowid, {NEWEST}) AS place
            FROM raw.{pulled.table} AS held
            ANTI JOIN (FROM raw.met_in_full_pull WHERE connection = $connection AND object = $object) AS met USING (id)
            WHERE held.connection = $connection
            GROUP BY id
        )
        SELECT connection, id, modified_at, payload, true, NULL, greatest(now(), _synced_at + INTERVAL 1 MICROSECOND), $run_id
        FROM raw.{pulled.table}
        WHERE rowid IN (SELECT place FROM missed) AND NOT _deleted AND {of_object}
        """,
        {"connection": connection, "object": pulled.key, "native": pulled.object, "run_id": run_id},
    ).fetchone()
    con.execute("DELETE FROM raw.met_in_full_pull WHERE connection = ? AND object = ?", [connection, pulled.key])
    con.execute("UPDATE raw.full_pulls SET ended_at = now() WHERE connection = ? AND object = ?", [connection, pulled.key])
    return int(count[0]) if count else 0
