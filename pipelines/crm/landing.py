"""Landing what a connector yields in ``raw.*``: each batch with its cursor in one transaction.

Belongs here: versions, cursors, and when to begin anew. Does not: how a CRM is read (``connectors``),
nor what a row means (dbt staging).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import duckdb

from connectors.crm import Batch, Crm, Cursor
from pipelines.crm import full_pull
from pipelines.crm.objects import DECISIVE, OPTIONAL, UNMISSED, PulledObject
from pipelines.warehouse import transaction

_SYSTEM_COLUMNS = ("_id", "_modified_at", "_deleted", "_merged_into", "_synced_at")


@dataclass
class PullOutcome:
    """What one pull of one object brought."""

    rows: int = 0
    """Rows that the CRM sent."""
    landed: int = 0
    """New versions: rows that differ from what raw already held."""
    deleted: int = 0
    full: bool = False
    """Whether everything was read, be it by this and earlier runs together."""
    notes: list[str] = field(default_factory=list)
    blind_to: list[str] = field(default_factory=list)
    """Decisive fields that this login cannot see: nothing may be written on such data."""


def pull_object(
    con: duckdb.DuckDBPyConnection,
    crm: Crm,
    connection: str,
    pulled: PulledObject,
    fields: Sequence[str],
    run_id: str,
    also_decisive: Sequence[str] = (),
    full_every: timedelta = full_pull.EVERY,
) -> PullOutcome:
    """Pull one object from where its cursor stands; from the beginning when the fields to be read have changed, and where a
    full pull is due.

    An object of a feature that is switched off is passed over with a note; so is one that the yaml names and that is not
    there, but then nothing may be written. ``also_decisive``: fields by which the yaml tells customers and who holds a company.
    """
    present = crm.existing_fields(pulled.object, fields)
    if present is None and (pulled.role or pulled.object in OPTIONAL):
        blind = [pulled.object] if pulled.role else []
        return PullOutcome(notes=[f"{pulled.object}: not there, or not visible to this login; passed over"], blind_to=blind)
    usable = [f for f in fields if present is None or f in present]
    fingerprint = hashlib.sha256(" ".join(sorted(usable)).encode()).hexdigest()[:16]
    cursor = _cursor(con, connection, pulled.key, fingerprint)
    if cursor is None or full_pull.is_due(con, connection, pulled.key, full_every):
        with transaction(con):
            full_pull.begin(con, connection, pulled.key)
        cursor = None
    outcome = PullOutcome(full=full_pull.is_under_way(con, connection, pulled.key))
    missing = [f for f in fields if f not in usable and f not in UNMISSED]
    decisive = DECISIVE.get(pulled.object, set()) | set(also_decisive)
    outcome.blind_to = sorted(f"{pulled.object}.{name}" for name in decisive.intersection(missing))
    if missing:
        outcome.notes.append(f"{pulled.object}: not there, or not visible to this login: {', '.join(missing)}")
    for batch in crm.pull(pulled.object, usable, cursor):
        with transaction(con):
            outcome.landed += _land(con, pulled, connection, batch, run_id)
            if outcome.full:
                full_pull.meet(con, connection, pulled.key, batch.table["_id"])
            _keep_cursor(con, connection, pulled.key, batch.cursor, fingerprint)
        outcome.rows += batch.table.num_rows
        outcome.deleted += sum(1 for gone in batch.table["_deleted"].to_pylist() if gone)
        outcome.notes += [note for note in batch.notes if note not in outcome.notes]
    if outcome.full:
        with transaction(con):
            outcome.deleted += full_pull.end(con, connection, pulled, run_id)
    return outcome


def cursor_of(con: duckdb.DuckDBPyConnection, connection: str, object: str) -> Cursor | None:
    """The connector's own cursor as last committed, for readers that only ask whether anything changed."""
    row = con.execute("SELECT cursor FROM raw.cursors WHERE connection = ? AND object = ?", [connection, object]).fetchone()
    return None if row is None else json.loads(row[0])["position"]


def _cursor(con: duckdb.DuckDBPyConnection, connection: str, object: str, fingerprint: str) -> Cursor | None:
    row = con.execute("SELECT cursor FROM raw.cursors WHERE connection = ? AND object = ?", [connection, object]).fetchone()
    if row is None:
        return None
    kept = json.loads(row[0])
    return kept["position"] if kept["fields"] == fingerprint else None


def _keep_cursor(con: duckdb.DuckDBPyConnection, connection: str, object: str, cursor: Cursor, fingerprint: str) -> None:
    kept = json.dumps({"position": cursor, "fields": fingerprint})
    con.execute("INSERT OR REPLACE INTO raw.cursors VALUES (?, ?, ?, now())", [connection, object, kept])


def _land(con: duckdb.DuckDBPyConnection, pulled: PulledObject, connection: str, batch: Batch, run_id: str) -> int:
    """Append the batch's rows of which raw does not hold exactly this version as the newest; returns how many."""
    native = [c for c in batch.table.column_names if c not in _SYSTEM_COLUMNS]
    members = ", ".join(f"""'{c.replace("'", "''")}': "{c}\"""" for c in native)
    if pulled.role:  # the table holds more than one object
        members += f""", '_object': '{pulled.object.replace("'", "''")}'"""
    con.register("batch", batch.table)
    try:
        # ids alone first: of what raw holds by now most is none of this batch's business
        con.execute(
            f"""
            CREATE OR REPLACE TEMP TABLE held AS
            SELECT id, arg_max(rowid, {full_pull.NEWEST}) AS place, max(_synced_at) AS synced_at
            FROM raw.{pulled.table} WHERE connection = ? AND id IN (SELECT _id FROM batch) GROUP BY id
            """,
            [connection],
        )
        count = con.execute(
            f"""
            INSERT INTO raw.{pulled.table}
            WITH incoming AS (  -- after what is held, also where our clock was put back
                SELECT ? AS connection, _id AS id, _modified_at AS modified_at, to_json({{{members}}}) AS payload,
                       _deleted, _merged_into,
                       greatest(
                           _synced_at, (SELECT held.synced_at + INTERVAL 1 MICROSECOND FROM held WHERE held.id = batch._id)
                       ) AS _synced_at,
                       ? AS _run_id
                FROM batch
            )
            , newest AS (  -- not any version: what an older one held may have come back
                SELECT raw.* FROM raw.{pulled.table} AS raw WHERE rowid IN (SELECT place FROM held)
            )
            FROM incoming
            WHERE NOT EXISTS (
                FROM newest
                WHERE newest.id = incoming.id
                  AND newest._deleted = incoming._deleted AND newest.payload::VARCHAR = incoming.payload::VARCHAR
                  AND newest._merged_into IS NOT DISTINCT FROM incoming._merged_into
                  -- HubSpot tells of a merge again whenever the winner changes
                  AND (incoming._deleted OR newest.modified_at IS NOT DISTINCT FROM incoming.modified_at)
            )
            """,
            [connection, run_id],
        ).fetchone()
    finally:
        con.unregister("batch")
    return int(count[0]) if count else 0
