"""What the CRM holds, as far as is known without asking: ``present`` and ``merged``, from the last pull and from what we sent.

Belongs here: reading ``raw`` and the state, and taking in what was read from the CRM. Does not: asking the CRM (``channels.py``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from pipelines.crm.objects import OURS, PARTNERS
from pipelines.warehouse import incoming
from pipelines.writeback import journal
from pipelines.writeback.channels import Channel
from pipelines.writeback.compare import canonical

_SKEW = "1 MINUTE"
"""What our clock and the CRM's may differ by."""


def fill_present(con: duckdb.DuckDBPyConnection, channel: Channel) -> None:
    """Fill ``present`` without a call: from the last pull where the object is pulled, else from what we sent."""
    if channel.pulled:
        _from_pull(con, channel)
    else:
        _from_sent(con, channel)


def fill_read(con: duckdb.DuckDBPyConnection, channel: Channel, rows: Mapping[str, Mapping[str, Any]]) -> None:
    """Fill ``present`` with what was read just now: record id -> column -> native value."""
    con.execute("DELETE FROM temp.present")
    cells = [
        (id, f.column, _text(row.get(f.column)), json.dumps(row.get(f.column), ensure_ascii=False))
        for id, row in rows.items()
        for f in channel.fields
    ]
    if not cells:
        return
    with incoming(con, cells):
        value = canonical("c2", "type")
        con.execute(f"INSERT INTO temp.present SELECT c0, c1, {value}, c3 FROM incoming JOIN temp.fields ON field = c1")


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def fill_merged(con: duckdb.DuckDBPyConnection, channel: Channel) -> None:
    """Fill ``merged``: records of the channel's object and those that were merged into them, at first or second hand."""
    table = _table(channel)
    if table is None:
        return
    con.execute(
        f"""
        INSERT INTO temp.merged
        WITH RECURSIVE steps AS (
            SELECT id AS loser, arg_max(_merged_into, _synced_at) AS winner FROM raw.{table} WHERE connection = $connection
            GROUP BY id HAVING winner IS NOT NULL
        ),
        ways AS (
            SELECT loser, winner FROM steps
            UNION
            SELECT ways.loser, steps.winner FROM ways JOIN steps ON steps.loser = ways.winner WHERE steps.winner <> ways.loser
        )
        SELECT DISTINCT winner, loser FROM ways
        """,
        {"connection": channel.target.connection},
    )


def _table(channel: Channel) -> str | None:
    pulled = [p for p in (*OURS, *PARTNERS) if p.crm == channel.crm.name and p.object == channel.records]
    ours = [p for p in pulled if (p in OURS) == channel.ours]
    return ours[0].table if ours else None


def _from_pull(con: duckdb.DuckDBPyConnection, channel: Channel) -> None:
    """The newest version of each live record. Where we wrote after that version was made, what we sent is newer.

    Salesforce stamps whole seconds: within one the version counts, for it may show a person's edit of our value.
    """
    values = ", ".join(f"payload ->> '{channel.natives[f.column]}' AS \"{f.column}\"" for f in channel.fields)
    names = ", ".join(f'"{f.column}"' for f in channel.fields)
    value = canonical("text", "type")
    con.execute(
        f"""
        INSERT INTO temp.present
        WITH newest AS (
            SELECT id, modified_at, payload FROM raw.{_table(channel)} WHERE connection = $connection
            QUALIFY row_number() OVER (PARTITION BY id ORDER BY _synced_at DESC, modified_at DESC) = 1 AND NOT _deleted
        ),
        wide AS (SELECT id, modified_at, {values} FROM newest),
        cells AS (SELECT * FROM wide UNPIVOT INCLUDE NULLS (text FOR field IN ({names}))),
        sent AS (
            SELECT record_id, field, value, sent_at FROM state.sent WHERE connection = $connection AND object = $object
        )
        SELECT cells.id, field,
            CASE WHEN sent.sent_at > cells.modified_at + INTERVAL 1 SECOND THEN sent.value ELSE {value} END, NULL
        FROM cells JOIN temp.fields USING (field) LEFT JOIN sent ON sent.record_id = cells.id AND sent.field = cells.field
        """,
        {"connection": channel.target.connection, "object": channel.target.object},
    )


def forget_gone(con: duckdb.DuckDBPyConnection, channel: Channel) -> None:
    """Nothing is sent any more to records that were to be removed and that were gone when they were read.

    One that was merged is remembered while its winner, which inherited what we sent, is still to be written.
    """
    gone = con.execute(
        """
        SELECT DISTINCT record_id FROM temp.wanted WHERE remove AND record_id NOT IN (SELECT record_id FROM temp.present)
            AND record_id NOT IN (SELECT loser FROM temp.merged SEMI JOIN temp.compared ON merged.winner = compared.record_id)
        """
    ).fetchall()
    if gone:
        journal.forget(con, channel.target, [row[0] for row in gone])


def touched_since(con: duckdb.DuckDBPyConnection, channel: Channel) -> list[tuple[str, str]]:
    """(record, field) of pending updates where ``present`` has the value before, on records that the pull saw changed since."""
    if not channel.pulled:
        return []
    return con.execute(
        f"""
        WITH pulled AS (
            SELECT id AS record_id, max(modified_at) AS modified_at FROM raw.{_table(channel)} WHERE connection = $connection
            GROUP BY id
        )
        SELECT record_id, field FROM state.journal JOIN temp.present USING (record_id, field) JOIN pulled USING (record_id)
        WHERE connection = $connection AND object = $object AND result = 'pending' AND kind = 'update'
            AND present.value IS NOT DISTINCT FROM journal.before AND modified_at >= date_trunc('second', journaled_at)
        ORDER BY ALL
        """,
        {"connection": channel.target.connection, "object": channel.target.object},
    ).fetchall()


def last_change_is_known(con: duckdb.DuckDBPyConnection, channel: Channel, record_ids: Sequence[str]) -> set[str]:
    """Of these Salesforce records those whose last change, as pulled, falls within a write of ours that the journal tells of: to
    the record itself, or to what hangs on it, for a flow behind that runs as our user too.

    Salesforce names who changed a record last, not who changed which field: that it was us, then, is that write, and says nothing
    of a field that it did not touch. HubSpot keeps each property's history.
    """
    if channel.crm.name != "salesforce":
        return set()
    rows = con.execute(
        f"""
        WITH pulled AS (
            SELECT id AS record_id, arg_max(modified_at, _synced_at) AS modified_at FROM raw.{_table(channel)}
            WHERE connection = $connection AND list_contains($records, id) GROUP BY id
        )
        SELECT DISTINCT pulled.record_id FROM pulled JOIN state.journal
            ON split_part(journal.record_id, ':', 1) = pulled.record_id
        WHERE journal.connection = $connection AND result = 'written'
            AND modified_at BETWEEN journaled_at - INTERVAL {_SKEW} AND settled_at + INTERVAL {_SKEW}
        """,
        {"connection": channel.target.connection, "records": list(record_ids)},
    )
    return {row[0] for row in rows.fetchall()}


def _from_sent(con: duckdb.DuckDBPyConnection, channel: Channel) -> None:
    """As we left it; a merge hands it on to the winner."""
    con.execute(
        """
        INSERT INTO temp.present
        WITH own AS (SELECT record_id, field, value FROM state.sent WHERE connection = $connection AND object = $object),
        all_sent AS (
            SELECT record_id, field, value FROM own
            UNION
            SELECT merged.winner, own.field, own.value FROM temp.merged JOIN own ON own.record_id = merged.loser
            WHERE merged.winner NOT IN (SELECT record_id FROM own)
        ),
        records AS (SELECT DISTINCT record_id FROM all_sent)
        SELECT records.record_id, fields.field, coalesce(any_value(all_sent.value), fields.empty), NULL
        FROM records CROSS JOIN temp.fields LEFT JOIN all_sent ON all_sent.record_id = records.record_id
            AND all_sent.field = fields.field
        GROUP BY records.record_id, fields.field, fields.empty
        """,
        {"connection": channel.target.connection, "object": channel.target.object},
    )
