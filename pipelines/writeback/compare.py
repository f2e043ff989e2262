"""The three-way compare: what we last sent, what the CRM holds now, what we want; for every field of every record at once.

Belongs here: the decision, as one SQL statement over the temporary tables that it names, and the one form in which values are
compared. Does not: filling those tables (``desired.py``, ``known.py``, ``push.py``), journaling, or sending.

Temporary tables, in canonical values: ``fields`` (what the target has), ``wanted`` (what it should say; ``remove``: the record
should go), ``present`` (what the CRM holds; every field of a record that is there, none of one that is not), ``merged`` (winner,
loser), ``by_us`` (present values that the CRM itself says our own login set). Out comes ``compared``.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from connectors.crm import FieldType
from pipelines.warehouse import incoming
from pipelines.writeback.catalogue import OwnedField
from pipelines.writeback.journal import Target

QUIET_FIELDS = ("as_of",)
"""Columns that move only when something else on the row does, or when they are to be empty."""
_EMPTY: dict[FieldType, str] = {"checkbox": "false"}
"""What an untouched field holds, where it is not nothing."""

_TABLES = """
CREATE OR REPLACE TEMP TABLE wanted (
    record_id VARCHAR, field VARCHAR, value VARCHAR, native VARCHAR, rule VARCHAR, remove BOOLEAN
);
CREATE OR REPLACE TEMP TABLE present (record_id VARCHAR, field VARCHAR, value VARCHAR, native VARCHAR);
CREATE OR REPLACE TEMP TABLE merged (winner VARCHAR, loser VARCHAR);
CREATE OR REPLACE TEMP TABLE by_us (record_id VARCHAR, field VARCHAR);
"""

_COMPARE = """
CREATE OR REPLACE TEMP TABLE compared AS
WITH
sent AS (SELECT record_id, field, value FROM state.sent WHERE connection = $connection AND object = $object),

there AS (SELECT DISTINCT record_id FROM temp.present),

cells AS (
    SELECT
        wanted.*, fields.empty, there.record_id IS NOT NULL AS is_there,
        sent.record_id IS NOT NULL AS was_sent, sent.value AS sent,
        CASE WHEN there.record_id IS NULL THEN fields.empty ELSE present.value END AS before, present.native AS before_native
    FROM temp.wanted
    JOIN temp.fields USING (field)
    LEFT JOIN there USING (record_id)
    LEFT JOIN temp.present USING (record_id, field)
    LEFT JOIN sent USING (record_id, field)
    WHERE $creates OR there.record_id IS NOT NULL  -- deleted, or merged into another: HubSpot would write to the winner
),

ours AS (  -- present values that no person set, although they are not what we last sent to that very record
    SELECT record_id, field FROM temp.by_us
    UNION
    SELECT cells.record_id, cells.field
    FROM cells
    JOIN temp.merged ON merged.winner = cells.record_id
    JOIN sent ON sent.record_id = merged.loser AND sent.field = cells.field AND sent.value = cells.before
    UNION
    SELECT record_id, field
    FROM state.conflicts
    JOIN cells USING (record_id, field)
    WHERE conflicts.connection = $connection AND conflicts.object = $object AND conflicts.answer = 'restore'
        AND conflicts.resolved_at IS NULL AND conflicts.theirs IS NOT DISTINCT FROM cells.before
),

judged AS (
    SELECT
        cells.*,
        CASE
            WHEN before IS NOT DISTINCT FROM value AND before IS DISTINCT FROM empty AND NOT was_sent
                AND (ours.record_id IS NOT NULL OR ($keyed AND is_there)) THEN 'adopt'
            WHEN before IS NOT DISTINCT FROM value THEN 'same'
            WHEN ours.record_id IS NOT NULL THEN 'write'
            WHEN was_sent AND before IS NOT DISTINCT FROM sent THEN 'write'
            WHEN NOT was_sent AND before IS NOT DISTINCT FROM empty THEN 'write'
            ELSE 'conflict'
        END AS verdict,
        list_contains($quiet, field) AS quiet,
        NOT is_there AND bool_or(was_sent) OVER record AND NOT bool_or(ours.record_id IS NOT NULL) OVER record AS taken_away
    FROM cells
    LEFT JOIN ours USING (record_id, field)
    WINDOW record AS (PARTITION BY record_id)
),

rows_judged AS (
    SELECT
        *,
        coalesce(bool_or(verdict = 'write' AND NOT quiet) OVER (PARTITION BY record_id), false) AS moves,
        bool_or(verdict = 'conflict') OVER (PARTITION BY record_id) AS disputed
    FROM judged
),

held AS (
    SELECT record_id FROM state.holds
    WHERE connection = $connection AND object = $object AND released_at IS NULL AND NOT $undoing
),

verdicts AS (
    SELECT
        record_id, field, before, before_native, value AS after, native AS after_native, rule,
        CASE WHEN remove THEN 'remove' WHEN is_there THEN 'update' ELSE 'create' END AS kind,
        CASE
            WHEN verdict = 'same' THEN 'same'
            WHEN quiet AND verdict = 'write' AND NOT moves AND (value IS NOT NULL OR remove OR $undoing) THEN 'same'
            WHEN quiet AND verdict = 'conflict' AND NOT moves AND NOT was_sent THEN 'same'
            WHEN verdict = 'write' AND remove AND disputed THEN 'same'  -- a person worked on this row: it stays
            WHEN verdict = 'write' AND taken_away AND NOT remove THEN 'conflict'  -- we made it once: a person removed it
            WHEN verdict = 'write' AND $shared AND value IS NOT DISTINCT FROM empty THEN 'write'
            WHEN verdict = 'write' AND held.record_id IS NOT NULL THEN 'held'
            ELSE verdict
        END AS verdict
    FROM rows_judged
    LEFT JOIN held USING (record_id)
)

SELECT * FROM verdicts WHERE verdict <> 'same'
"""


def canonical(text: str, type: str) -> str:
    """SQL: a value, as text, in the one form in which desired, sent and present values are compared; unset checkbox: false."""
    one_newline = f"replace({text}, E'\\r\\n', E'\\n')"  # Salesforce makes two characters of one
    trimmed = f"nullif(trim({one_newline}, E' \\t\\r\\n　'), '')"
    return f"""CASE {type}
        WHEN 'checkbox' THEN CASE WHEN lower({text}) IN ('true', '1') THEN 'true' ELSE 'false' END
        WHEN 'number' THEN format('{{:g}}', try_cast({text} AS DOUBLE))
        WHEN 'date' THEN left({trimmed}, 10)
        ELSE {trimmed}
    END"""


def begin(con: duckdb.DuckDBPyConnection, fields: Sequence[OwnedField]) -> None:
    """Empty tables for one target."""
    con.execute(_TABLES)
    rows = [(f.column, f.type, str(f.length), _EMPTY.get(f.type)) for f in fields]
    with incoming(con, rows):
        con.execute(
            "CREATE OR REPLACE TEMP TABLE fields AS"
            " SELECT c0 AS field, c1 AS type, c2::INTEGER AS length, c3 AS empty FROM incoming"
        )


def compare(
    con: duckdb.DuckDBPyConnection,
    target: Target,
    creates: bool,
    keyed: bool = False,
    undoing: bool = False,
    shared: bool = False,
) -> None:
    """Fill ``compared`` (record_id, kind, field, before, before_native, after, after_native, rule, verdict): what is to be done.

    verdict: ``write`` it; ``adopt``: we wrote it, and it counts as sent although we did not note so; ``conflict``: a person's
    value, which stays; ``held`` by an undo. ``creates``: a record that is not there is brought about; else it is left alone.
    ``keyed``: what carries the key of ours is ours. ``undoing``: holds do not count. ``shared``: in a partner's CRM, where no
    hold keeps anything from being cleared.
    """
    con.execute(
        _COMPARE,
        {
            "connection": target.connection,
            "object": target.object,
            "creates": creates,
            "keyed": keyed,
            "undoing": undoing,
            "shared": shared,
            "quiet": list(QUIET_FIELDS),
        },
    )
