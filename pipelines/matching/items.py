"""The things that are compared: live records and register entries as rows of one temporary table, with their readings and
name counts."""

from __future__ import annotations

import duckdb

from pipelines.normalize.functions import register

# Closed entries that were merged into another count as that other one; chains are followed a few steps.
_SUCCESSORS = """
CREATE OR REPLACE TEMP TABLE match_successors AS
WITH RECURSIVE chain(corporate_number, current, depth) AS (
    SELECT corporate_number, successor_corporate_number, 1 FROM intermediate.register_entries
    WHERE is_closed AND successor_corporate_number IS NOT NULL AND successor_corporate_number <> corporate_number
    UNION ALL
    SELECT c.corporate_number, r.successor_corporate_number, c.depth + 1
    FROM chain AS c JOIN intermediate.register_entries AS r ON r.corporate_number = c.current
    WHERE c.depth < 5 AND r.is_closed AND r.successor_corporate_number IS NOT NULL AND r.successor_corporate_number <>
        r.corporate_number
)
SELECT corporate_number, arg_max(current, depth) AS current FROM chain GROUP BY ALL
"""

_ITEMS = """
CREATE OR REPLACE TEMP TABLE match_items AS
WITH records AS (
    SELECT r.record_id AS id, false AS is_register, r.party, r.name, r.name_key, r.legal_form, r.legal_form_side, r.site,
        coalesce(romaji_key(r.name_kana), r.romaji_key) AS sound, romaji_key(r.name_en) AS english, name_key(r.name_kana) AS
            kana_key,
        coalesce(s.current, r.corporate_number) AS corporate_number, coalesce(r.domain, r.email_domain) AS domain, r.phone,
        r.prefecture, r.city, r.town, r.block, r.postal_code
    FROM intermediate.records AS r LEFT JOIN match_successors AS s ON s.corporate_number = r.corporate_number
),
register AS (
    SELECT e.corporate_number AS id, true AS is_register, NULL AS party, e.name, e.name_key, e.legal_form, e.legal_form_side,
        NULL AS site,
        coalesce(romaji_key(e.name_kana), e.romaji_key) AS sound, romaji_key(e.name_en) AS english, name_key(e.name_kana) AS
            kana_key,
        coalesce(s.current, e.corporate_number) AS corporate_number, NULL AS domain, NULL AS phone,
        e.prefecture, e.city, e.town, e.block, e.postal_code
    FROM intermediate.register_entries AS e LEFT JOIN match_successors AS s USING (corporate_number)
),
together AS (SELECT * FROM records UNION ALL SELECT * FROM register),
places AS (  -- companies of one name: entries of the register, or places where records know it, whichever is more
    SELECT name_key, greatest(count(*) FILTER (is_register), count(DISTINCT prefecture)) AS name_count FROM together GROUP BY ALL
)
SELECT (row_number() OVER (ORDER BY t.is_register, t.id) - 1)::INTEGER AS item, t.*, greatest(p.name_count, 1)::INTEGER AS
    name_count,
    regexp_replace(t.name_key, '[0-9一二三四五六七八九十東西南北新]', '', 'g') AS unnumbered
FROM together AS t LEFT JOIN places AS p USING (name_key)
ORDER BY item
"""


def prepare_items(connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """Builds ``match_items``; gives (number of records, number of register entries). Needs ``intermediate.records`` and
    ``.register_entries``."""
    register(connection)
    connection.execute(_SUCCESSORS)
    connection.execute(_ITEMS)
    counts = connection.execute(
        "SELECT count(*) FILTER (NOT is_register), count(*) FILTER (is_register) FROM match_items"
    ).fetchall()
    return counts[0]
