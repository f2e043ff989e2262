"""What the CRMs should say: ``wanted``, filled from ``marts.crm_*`` in canonical values.

Belongs here: reading the marts, and which records of ours are to go. Does not: deciding what is wanted (dbt), comparing, sending.
"""

from __future__ import annotations

import duckdb

from pipelines.writeback.channels import Channel
from pipelines.writeback.compare import canonical


def fill_wanted(con: duckdb.DuckDBPyConnection, channel: Channel) -> int:
    """Fill ``wanted`` for one target; how many records the marts say should be there. Values are cut to what a field takes."""
    columns = ", ".join(f'{channel.mart_column(f.column)}::VARCHAR AS "{f.column}"' for f in channel.fields)
    names = ", ".join(f'"{f.column}"' for f in channel.fields)
    value = canonical("text", "type")
    con.execute(
        f"""
        INSERT INTO temp.wanted
        WITH wide AS (
            SELECT {channel.mart_key} AS record_id, {channel.mart_rule} AS rule, {columns}
            FROM marts.{channel.mart} WHERE connection = $connection AND {channel.mart_filter}
        ),
        cells AS (SELECT * FROM wide UNPIVOT INCLUDE NULLS (text FOR field IN ({names})))
        SELECT record_id, field, CASE WHEN length(value) > length THEN left(value, length - 1) || '…' ELSE value END,
            NULL, rule, false
        FROM (SELECT record_id, rule, field, length, {value} AS value FROM cells JOIN temp.fields USING (field))
        """,
        {"connection": channel.target.connection},
    )
    count = con.execute("SELECT count(DISTINCT record_id) FROM temp.wanted").fetchone()
    if channel.once:
        _leave_out_done(con, channel)
        _add_withdrawn(con, channel)
    elif channel.creates:
        _add_ended(con, channel)
    return int(count[0]) if count else 0


def _leave_out_done(con: duckdb.DuckDBPyConnection, channel: Channel) -> None:
    """What was brought about once is a person's from then on."""
    con.execute(
        "DELETE FROM temp.wanted WHERE (record_id, field) IN"
        " (SELECT (record_id, field) FROM state.sent WHERE connection = ? AND object = ?)",
        [*channel.target],
    )


def _add_withdrawn(con: duckdb.DuckDBPyConnection, channel: Channel) -> None:
    """What may not stand there any more is to go, unless a person worked on it."""
    con.execute(
        f"""
        INSERT INTO temp.wanted
        SELECT {channel.mart_key}, field, empty, NULL, 'terms', true FROM marts.{channel.withdrawn_mart} CROSS JOIN temp.fields
        WHERE connection = $connection AND object = $object
        """,
        {"connection": channel.target.connection, "object": channel.target.object},
    )


def _add_ended(con: duckdb.DuckDBPyConnection, channel: Channel) -> None:
    """Records that we brought about and that matter no more are to go; so are those that inherited one by a merge."""
    con.execute(
        """
        INSERT INTO temp.wanted
        WITH sent AS (SELECT DISTINCT record_id FROM state.sent WHERE connection = $connection AND object = $object),
        ended AS (
            SELECT record_id FROM sent
            UNION SELECT winner FROM temp.merged JOIN sent ON sent.record_id = merged.loser
            EXCEPT SELECT record_id FROM temp.wanted
        )
        SELECT record_id, field, empty, NULL, 'ended', true FROM ended CROSS JOIN temp.fields
        """,
        {"connection": channel.target.connection, "object": channel.target.object},
    )
